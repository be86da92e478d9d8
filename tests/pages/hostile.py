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
