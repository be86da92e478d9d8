"""What a news page says of its article in JSON-LD."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from typing import Any

_OTHERS = {
    "itemlistelement",
    "haspart",
    "liveblogupdate",
    "mentions",
    "citation",
    "about",
    "comment",
}
_MOST_NODES = 5_000
_STAMP = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:?\d\d.*)?$")
_NEVER = ("0001", "1900", "1970-01-01")  # what programs write for no date


def stamp(value: str) -> str:
    """A time stamp, or a date in words, as it stands; empty for what programs write for none."""
    value = value.strip()
    if value.startswith(_NEVER) or not re.search(r"(19|20)\d\d", value):
        return ""
    return value if _STAMP.match(value) or len(value) <= 40 else ""


def linked_fields(tree, url: str, titles: list[str]) -> dict[str, str]:
    """Fields of the page's own article, by its address or headline; empty if there is none.

    Parameters
    ----------
    tree : lxml element
    url : str
    titles : list of str
        Headlines that the page shows.
    """
    article = _article(tree, url, titles)
    return _linked(article) if article else {}


def _nodes(tree) -> Iterator[dict[str, Any]]:
    """Objects of a page's JSON-LD, the outer first; those of lists of other articles are not."""
    for script in tree.xpath("//script[contains(@type, 'ld+json')]"):
        text = re.sub(
            r"^\s*(?:<!--|//<!\[CDATA\[|<!\[CDATA\[)|(?:-->|(?://)?\]\]>)?[\s;]*$",
            "",
            script.text or "",
        )
        try:
            queue = deque([json.loads(text, strict=False)])
        except (ValueError, RecursionError):
            continue
        seen = 0
        while queue and seen < _MOST_NODES:
            seen += 1
            node = queue.popleft()
            if isinstance(node, dict):
                yield node
                inner = [value for key, value in node.items() if key.lower() not in _OTHERS]
                queue.extend(value for value in inner if isinstance(value, (dict, list)))
            elif isinstance(node, list):
                queue.extend(node)


def _article(tree, url: str, titles: list[str]) -> dict[str, Any]:
    """The JSON-LD object of the page's article, with references to others resolved."""
    nodes = list(_nodes(tree))
    named = {
        node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1
    }
    articles = [node for node in nodes if _is_article(node)]
    wanted = {_plain(title) for title in titles if title}
    own = [node for node in articles if _plain(_text(node.get("headline"))) in wanted]
    own += [
        node
        for node in articles
        if url
        and url in map(_text, (node.get("url"), node.get("@id"), node.get("mainEntityOfPage")))
    ]
    if not own and len(articles) == 1:
        own = articles
    if not own:
        return {}
    article = dict(own[0])
    for key in ("author", "creator", "publisher"):
        values = article.get(key)
        values = values if isinstance(values, list) else [values]
        article[key] = [_resolved(value, named) for value in values]
    return article


def _resolved(value: Any, named: dict[str, dict]) -> Any:
    if isinstance(value, dict) and "name" not in value:
        return named.get(str(value.get("@id")), value)
    return value


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    return any(
        isinstance(kind, str) and re.search("(Article|BlogPosting|^Report)$", kind)
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _linked(article: dict[str, Any]) -> dict[str, str]:
    """Fields of a JSON-LD article."""
    sections = article.get("articleSection")
    sections = sections if isinstance(sections, list) else [sections]
    people = article["author"] if any(article["author"]) else article["creator"]
    names = [_text(person) for person in people]
    fields = {
        "title": _text(article.get("headline")) or _text(article.get("name")),
        "outlet": next(filter(None, map(_text, article["publisher"])), ""),
        "published": stamp(_text(article.get("datePublished"))),
        "modified": _text(article.get("dateModified")),
        "author": " and ".join(dict.fromkeys(n for n in names if n and "://" not in n)),
        "section": "; ".join(dict.fromkeys(filter(None, map(_text, sections)))),
        "language": _text(article.get("inLanguage")),
    }
    return fields


def _text(value: Any) -> str:
    """A JSON-LD value as a text: of an object its name or address."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name") or value.get("@value") or value.get("@id") or ""
        value = value[0] if isinstance(value, list) and value else value
    if not isinstance(value, (str, int, float)):
        return ""
    from html import unescape

    return " ".join(unescape(str(value)).split())


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
