"""Pages as HTML: templates in which every text is escaped, one style and one script in each file.

Style and script stand in the file itself and the policy names their digests: so a page can be
opened from a disk, sent alone and served, and nothing that a text holds is ever run. (From a disk
'self' names nothing that all browsers agree on, and they do not load modules.)
"""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from collections.abc import Iterable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from analysis.pages.changed import PRESENTED
from analysis.pages.direction import chance
from analysis.pages.layers import LAYERS
from analysis.pages.records import Between, page_name
from analysis.pages.times import dated, has_hour

_HERE = Path(__file__).parent
_POLICY = (
    "default-src 'none'; style-src '{style}'; script-src '{script}'; base-uri 'none';"
    " form-action 'none'"
)
_PARTS = ("keys.js", "pair.js", "article.js", "search.js")  # of the script, in this order
_LINES = {  # below what is marked: nobody needs to tell colours apart
    "amber": "solid",
    "sky": "dotted",
    "green": "dashed",
    "orange": "double",
    "purple": "ridge",
    "blue": "groove",
    "brown": "solid",
    "grey": "dotted",
    "pale": "dotted",
    "plain": "solid",
}
_NO_LINE = {"Cc", "Cf", "Zl", "Zp"}  # controls, directions among them, and ends of lines


def render(template: str, **known: Any) -> str:
    """One page.

    Parameters
    ----------
    template : str
        The name of a file in `templates`.
    **known
        What the template reads.

    Returns
    -------
    str
    """
    return _environment().get_template(template).render(**known)


def policy() -> str:
    """The Content-Security-Policy of every page."""
    style, script = _style_and_script()
    return _POLICY.format(style=_digest(style), script=_digest(script))


def in_one_line(text: object) -> str:
    r"""A text for a place without a direction of its own, such as a title: one line, no controls.

    Examples
    --------
    >>> in_one_line("fi\u202ern\nal")
    'fi rn al'
    """
    said = "".join(" " if unicodedata.category(c) in _NO_LINE else c for c in str(text))
    return " ".join(said.split())


def _nodes(ties: Iterable[Between]) -> list[tuple[str, float, float]]:
    """The outlets of a network, each once, with their places."""
    at = {tie.taker: tie.line[:2] for tie in ties} | {tie.giver: tie.line[2:] for tie in ties}
    return [(name, *place) for name, place in at.items()]


@lru_cache(1)
def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        loader=FileSystemLoader(_HERE / "templates"),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    style, script = _style_and_script()
    environment.globals |= {"PRESENTED": PRESENTED}
    environment.globals |= {"style": style, "script": script, "policy": policy()}
    environment.filters |= {
        "one_line": in_one_line,
        "dated": dated,
        "has_hour": has_hour,
        "no_bullet": lambda text: str(text).lstrip("•‣◦▪·*–— "),
        "percent": chance,
        "nodes": _nodes,
        "numbered": lambda names: {name: i for i, name in enumerate(names)},
        "figure_page": partial(page_name, "figure"),
    }
    return environment


@lru_cache(1)
def _style_and_script() -> tuple[str, str]:
    style = (_HERE / "parts" / "style.css").read_text(encoding="utf-8") + _layers()
    parts = [(_HERE / "parts" / name).read_text(encoding="utf-8") for name in _PARTS]
    return style, "\n".join(parts)


def _layers() -> str:
    """Style of what is marked in an article: of the layer that is chosen, without any script."""
    chosen = "body:has(#show-{layer}:checked) "
    rules = [f"{chosen.format(layer=layer)}.of-{layer}{{display:block}}" for layer in LAYERS]
    for colour, line in _LINES.items():
        looks = f"{{background:var(--{colour});border-block-end:2px {line} var(--{colour}-line)}}"
        marks = [f"{chosen.format(layer=layer)}.{layer}-{colour}" for layer in LAYERS]
        rules.append(",".join([f"mark.{colour}", *marks]) + looks)
    return "\n".join(rules)


def _digest(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
