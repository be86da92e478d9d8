"""Texts and cells that try to be more than text."""

from tests.small import write_corpus

# each calls `hit`, asks for `out`, or breaks out of where it stands
PLANTED = (
    "<script>hit('{n}')</script>",
    "</p></main><script>hit('{n}')</script>",
    "</title></style><script>hit('{n}')</script>",
    "--><!--<script>hit('{n}')</script>",
    "<img src=x onerror=\"hit('{n}')\">",
    "<svg onload=\"hit('{n}')\"><script>hit('{n}')</script></svg>",
    "<a href=\"javascript:hit('{n}')\">read</a>",
    "\" onmouseover=\"hit('{n}')\" autofocus onfocus=\"hit('{n}')",
    "' onfocus='hit(`{n}`)' tabindex='0",
    "<iframe srcdoc=\"<script>parent.hit('{n}')</script>\"></iframe>",
    "<link rel=stylesheet href=https://out.example/{n}.css>",
    "<img src=https://out.example/{n}.png>",
    '<meta http-equiv=refresh content="0;url=https://out.example/{n}">',
    "<base href=https://out.example/>",
    "<form action=https://out.example/><button>send</button></form>",
    "{{{{ 7 * 7 }}}} {{% raw %}} {{# note #}}",
    "\u202eriordnI\u202c \u2066isolated\u2069 \u2028 \u2029 end",
    "]]><![CDATA[ <math><mi//xlink:href=\"data:x,hit('{n}')\">",
    "<details open ontoggle=\"hit('{n}')\">x</details>",
    "&lt;script&gt;hit('{n}')&lt;/script&gt; &amp;amp; &#x3c;",
)
DRAWING = """\
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 viewBox="0 0 9 9" onload="hit(1)"><script>hit(2)</script><style>*{fill:red}</style>
<g id="axes_1">
<g><path d="M 1 1 L 8 1 L 8 7 L 1 7 z" style="fill: #fff; x: url(//out.example)"/></g>
<g id="ytick_1"><g id="text_1"><!-- Ledger &amp; Tide -->
<g transform="translate(1 4) scale(0.07 -0.07)">
<use xlink:href="https://out.example/x.svg#a" onclick="hit(3)"/><use xlink:href="#a"/></g></g></g>
<g id="text_2"><!-- "><img src=x onerror=hit(4)> --></g></g>
<image xlink:href="https://out.example/x.png"/>
<a xlink:href="javascript:hit(5)"><path d="M 0 0"/></a><foreignObject><p>x</p></foreignObject>
<path fill="url(https://out.example/)" clip-path="url(#p)"/></svg>
"""
SHARED = "The harbour crane fell on Monday and the owners had been warned three times since March."
N = 100


def hostile_corpus(folder, n=N):
    """`n` articles, each with a planted piece among words that all share; cells hold them too."""
    texts, cells = {}, {"title": {}, "author": {}, "url": {}, "outlet": {}}
    for i in range(n):
        planted = PLANTED[i % len(PLANTED)].format(n=i)
        texts[f"x{i}"] = f"{planted} number {i} begins.\n\n{SHARED} {planted} Word{i} ended it.\n"
        cells["title"][f"x{i}"] = cells["author"][f"x{i}"] = one_line(planted)
        cells["outlet"][f"x{i}"] = f"Outlet {i // 50} {one_line(planted)}"
        cells["url"][f"x{i}"] = f"javascript:hit('{i}')"
    return write_corpus(folder, texts, **cells)


def one_line(text):
    return " ".join(text.split())
