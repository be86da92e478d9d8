"""What a news page says of itself: JSON-LD, meta elements, and what stands beside its headline."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from analysis.io.formats.heads import byline, dateline, is_date, plain_date

# Names of meta elements by field, the surest first.
_METAS = {
    "title": "og:title citation_title twitter:title parsely-title dc.title dcterms.title",
    "outlet": "og:site_name citation_journal_title application-name dc.publisher",
    "published": "article:published_time og:article:published_time parsely-pub-date "
    "datepublished sailthru.date citation_publication_date citation_date dc.date.issued "
    "dcterms.issued dcterms.created dc.date.created dc.date publishdate publish-date publish_date "
    "published-date pubdate date-publication article.published article_date_original "
    "last-publish-date date",
    "author": "author parsely-author sailthru.author article:author citation_author dc.creator byl",
    "section": "article:section parsely-section cxenseparse:section",
    "url": "og:url",
}
_FIELD_OF = {name: field for field, names in _METAS.items() for name in names.split()}
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
# Parts of a page that are not the article's.
_APART = (
    "ancestor::nav | ancestor::footer | ancestor::aside | ancestor::*[contains(@class, 'comment')]"
    " | ancestor::*[contains(@class, 'related')] | ancestor::header[not(ancestor::article)]"
)
_DATED = (
    "//*[self::span or self::p or self::div or self::li or self::td]"
    "[contains(@class, 'date') or contains(@id, 'date') or contains(@class, 'publish')"
    " or contains(@class, 'time') or contains(@class, 'meta') or contains(@class, 'datum')"
    " or contains(@class, 'fecha') or contains(@class, 'data')]"
)
_SIGNED = (
    "//*[contains(@class, 'byline') or contains(@class, 'author') or contains(@class, 'autor')"
    " or contains(@class, 'auteur') or @rel='author'"
    " or @itemprop='author']"
)
_A_PARAGRAPH = 100  # letters
_STAMP = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:?\d\d.*)?$")
_NEVER = ("0001", "1900", "1970-01-01")  # what programs write for no date
_MODIFIED = re.compile(r"modif|updat|aktualis|mis à jour|edit", re.IGNORECASE)


def page_fields(tree, title: str = "") -> tuple[dict[str, str], bool]:
    """Fields of an article's page, and whether the page says that it is an article.

    Parameters
    ----------
    tree : lxml element
    title : str
        The headline as known, to choose among several articles on a page.

    Returns
    -------
    fields : dict of str to str
        ``modified`` among them, which is no field of a record.
    says_article : bool
    """
    metas = _metas(tree)
    canonical = next(iter(tree.xpath("//link[@rel='canonical']/@href")), "")
    url = canonical or metas.get("url", "") or _saved_from(tree)
    heading = " ".join(
        next(iter(tree.xpath("//h1")), tree.makeelement("h1")).text_content().split()
    )
    article = _article(tree, url, [title, heading, metas.get("title", "")])
    fields = {"url": url, **_beside_headline(tree)}
    fields |= {name: value for name, value in metas.items() if value and name != "url"}
    linked = _linked(article) if article else {}
    written = fields.get("author", "")
    names = linked.get("author", "").split("; ")
    if written and all(name in written for name in names) and names != [""]:
        linked["author"] = written  # as the page writes them: "A and B"
    fields |= {name: value for name, value in linked.items() if value}
    if "title" not in fields and heading:
        fields["title"] = heading
    if "outlet" not in fields:
        outlet = _outlet_of_title(tree, fields.get("title", heading))
        fields |= {"outlet": outlet} if outlet else {}
    language = next(iter(tree.xpath("/html/@lang | /html/@*[local-name()='lang']")), "")
    language = language or fields.get("language", "")
    fields["language"] = (
        language[:2].lower() if re.match("[A-Za-z]{2}(?![A-Za-z])", language) else ""
    )
    kind = next(iter(tree.xpath("//meta[@property='og:type']/@content")), "")
    return fields, bool(article) or kind.lower() == "article"


def _metas(tree) -> dict[str, str]:
    """The first of each field's meta elements, in the order of `_METAS`."""
    found: dict[str, str] = {}
    authors: list[str] = []
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        value = " ".join((meta.get("content") or "").split())
        if name in _FIELD_OF and value:
            found.setdefault(name, value)
            if name in ("citation_author", "dc.creator"):
                authors.append(value)
        elif name in ("article:modified_time", "og:updated_time") and value:
            found.setdefault("modified", value)
    fields = {}
    for field, names in _METAS.items():
        values = [found[name] for name in names.split() if name in found]
        if field == "published":
            values = [value for value in values if _day(value)]
        if field == "author":
            values = [
                v for v in ["; ".join(authors), *values] if v and "://" not in v and v[0] != "@"
            ]
        if values:
            fields[field] = values[0]
    if "modified" in found:
        fields["modified"] = found["modified"]
    return fields


def _day(value: str) -> str:
    """A time stamp, or a date in words, as it stands; empty for what programs write for none."""
    value = value.strip()
    if value.startswith(_NEVER) or not re.search(r"(19|20)\d\d", value):
        return ""
    return value if _STAMP.match(value) or len(value) <= 40 else ""


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
        "published": _day(_text(article.get("datePublished"))),
        "modified": _text(article.get("dateModified")),
        "author": "; ".join(dict.fromkeys(name for name in names if name and "://" not in name)),
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


def _beside_headline(tree) -> dict[str, str]:
    """Date and byline that readers see, from elements that are marked as such."""
    fields = {}
    for element in _near(tree, "//*[@itemprop='datePublished'] | //time"):
        stamp = element.get("datetime") or element.get("content") or element.text_content()
        if _day(stamp) and not _MODIFIED.search(_marks(element)):
            fields["published"] = _day(stamp)
            break
    for element in [] if "published" in fields else _near(tree, _DATED):
        text = " ".join(element.text_content().split())
        if _MODIFIED.search(_marks(element) + text) or len(text) > 80:
            continue
        date = text if is_date(text) else dateline(text).get("published", "")
        if date:
            fields["published"] = plain_date(date)
            break
    for element in _near(tree, _SIGNED):
        author = byline(" ".join(element.text_content().split()))
        if author:
            fields["author"] = re.sub(r",\s+[a-zß-öø-ÿ].*$", "", author)  # without the office
            break
    return fields


def _near(tree, path: str) -> list:
    """Elements between a headline and its text, or in its article: no header's, no teaser's."""
    heading = next(iter(tree.xpath("//h1")), None)
    found = [element for element in tree.xpath(path)[:200] if not element.xpath(_APART)]
    if heading is None or not found:
        return found
    article = next(heading.iterancestors("article"), None)
    within = [element for element in found if article in element.iterancestors("article")]
    if article is not None and within:
        return within
    between, order, begun = set(found), [], False
    for element in tree.iter():
        begun = begun or element is heading
        if begun and element in between:
            order.append(element)
        if begun and element.tag == "p" and len(element.text_content()) > _A_PARAGRAPH:
            break
    return order


def _marks(element) -> str:
    return " ".join(
        filter(None, (element.get("class"), element.get("id"), element.get("itemprop")))
    )


def _saved_from(tree) -> str:
    """The address that browsers write into a page that they save."""
    for comment in tree.getroottree().xpath("/comment() | //comment()")[:20]:
        found = re.search(r"saved from url=\(\d+\)\s*(https?://\S+)", comment.text or "")
        if found:
            return found[1]
    return ""


def _outlet_of_title(tree, title: str) -> str:
    """The site's name, as it stands after the headline in the page's title."""
    whole = " ".join("".join(tree.xpath("//title[1]//text()")).split())
    if not title or not whole.startswith(title):
        return ""
    found = re.match(r"\s*[|–—·•-]\s+([^|–—·•]+)$", whole[len(title) :])
    return found[1].strip() if found else ""


def front_page(url: str) -> bool:
    """Whether an address is that of a site, not of a page in it."""
    return bool(url) and urlsplit(url).path.strip("/") in ("", "index.html", "index.php")
