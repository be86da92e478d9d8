"""An article of a web page: paragraphs by trafilatura, metadata by what the page declares."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from analysis.io.formats.dated import DATE, is_byline
from analysis.io.formats.source import Record, UnreadableFile

LARGEST_PAGE = 16 << 20  # bytes; no article's page is larger
FEWEST_WORDS = 15  # below which a page has no article
_KINDS = re.compile(r"(?:News|Opinion|Report|Analysis|Review|Blog|Live)?\w*(?:Article|Posting)$")
_OFFSET = re.compile(r"[+-]\d\d:?\d\d$|Z$")
_FRONT = re.compile(r"https?://[^/?#]+/?(?:[?#].*)?")
_SEPARATORS = ("|", "-", "–", "—", "·", "»", ":")
_LINE = re.compile(r"\s*\n\s*")


def page_record(data: bytes, place: int = 1, url: str = "") -> Record:
    """The article of a page.

    Parameters
    ----------
    data : bytes
        Of the page as saved, in any encoding that it declares.
    place : int
        As of the record.
    url : str
        Where it was fetched; else what the page says of itself.

    Returns
    -------
    Record

    Raises
    ------
    UnreadableFile
        If it holds no article.
    """
    import trafilatura
    from trafilatura.utils import load_html

    if len(data) > LARGEST_PAGE:
        raise UnreadableFile(
            f"a page of {len(data) >> 20} MB; at most {LARGEST_PAGE >> 20} are read."
        )
    try:
        tree, found, said = load_html(data), None, {}
        if tree is not None:
            said = _declared(tree)
            found = trafilatura.bare_extraction(
                tree,
                url=url or None,
                include_comments=False,
                include_tables=False,
                with_metadata=True,
            )
    except Exception as error:  # any of lxml's and trafilatura's, on pages that are none
        raise UnreadableFile(f"not readable as a page ({type(error).__name__}).") from None
    text = "" if found is None else _LINE.sub("\n\n", (found.text or "").strip())
    if _is_list(tree, url or said.get("url", ""), text):
        text = ""
    if len(text.split()) < FEWEST_WORDS:
        raise UnreadableFile(
            "a page without an article (a front page, a sign-in page, or one that a script fills);"
            " save it again with the article in view."
        )
    title = said.get("headline") or found.title or ""
    return Record(
        _without_title(text, title),
        place,
        title=title,
        outlet=said.get("publisher") or found.sitename or "",
        published=said.get("published") or _in_address(url or said.get("url", "")),
        author=said.get("author") or (found.author or "").replace("; ", " and "),
        section=said.get("section", ""),
        language=said.get("language", ""),
        url=url or said.get("url") or found.url or "",
    )


def _in_address(url: str) -> str:
    match = re.search(r"/((?:19|20)\d\d)/([01]?\d)/([0-3]?\d)(?:/|$)", url)
    return "" if match is None else f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}"


def _is_list(tree, url: str, text: str) -> bool:
    """Whether a page is a front page, by its address, or a list of links to articles."""
    if _FRONT.fullmatch(url):
        return True
    links = [" ".join(a.xpath("string(.)").split()) for a in tree.iter("a")]
    words = sum(len(link.split()) for link in set(links) if link and link in text)
    return words > len(text.split()) / 2


def _without_title(text: str, title: str) -> str:
    first, _, rest = text.partition("\n\n")
    return rest if rest and " ".join(first.split()) == " ".join(title.split()) else text


def _declared(tree) -> dict[str, str]:
    """What a page's JSON-LD, meta tags and `time` elements say, the surer before the others."""
    said: dict[str, str] = {}
    for article in _linked_data(tree):
        said.setdefault("headline", _name(article.get("headline")))
        said.setdefault("published", _name(article.get("datePublished")))
        said.setdefault("author", _name(article.get("author")))
        said.setdefault("publisher", _name(article.get("publisher")))
        said.setdefault("section", _name(article.get("articleSection")))
    said = {key: value for key, value in said.items() if value}
    meta = {
        (e.get("property") or e.get("name") or e.get("itemprop") or "").lower(): e.get("content")
        for e in reversed(tree.xpath("//meta[@content]"))
    }
    for key, names in _META.items():
        value = next((meta[name] for name in names if meta.get(name)), "")
        if value:
            said.setdefault(key, " ".join(value.split()))
    said |= {key: value for key, value in _beside_heading(tree).items() if key not in said}
    language = tree.xpath("string(//html/@lang)").strip()
    said["language"] = language.replace("_", "-").split("-")[0].lower()
    said.setdefault("url", tree.xpath("string(//link[@rel='canonical']/@href)").strip())
    published = said.get("published", "")
    if re.match(r"\d{4}-\d\d-\d\dT", published) and not _OFFSET.search(published):
        said["published"] = published[:10]
    return said


def _beside_heading(tree) -> dict[str, str]:
    """Date and byline by their elements, and the outlet by the page's title."""
    said = {}
    times = tree.xpath("//article//time[@datetime] | //h1/following::time[@datetime]")
    dates = [time.get("datetime").strip() for time in times[:1]]
    dates += [m[0] for text in _by_class(tree, "date") if (m := DATE.search(text))]
    if dates:
        said["published"] = dates[0]
    bylines = [text for text in _by_class(tree, "byline", "author") if is_byline(text)]
    if bylines:
        name, _, role = bylines[0].partition(", ")
        said["author"] = name if role.islower() else bylines[0]
    heading = " ".join(tree.xpath("string((//h1)[1])").split())
    whole = " ".join(tree.xpath("string(//head/title)").split())
    rest = whole.removeprefix(heading).strip()
    if heading:
        said["headline"] = heading
        if rest != whole and rest[:1] in _SEPARATORS and not set(rest[1:]) & set("|·"):
            said["publisher"] = rest[1:].strip()
    return said


def _by_class(tree, *words: str) -> list[str]:
    """Words of the elements of an article whose class holds one of some words."""
    classes = " or ".join(
        f"contains(translate(@class, 'DABLYINEUTHOR', 'dablyineuthor'), '{word}')" for word in words
    )
    found = tree.xpath(f"//h1/following::*[{classes}] | //article//*[{classes}]")
    return [" ".join(e.xpath("string(.)").split()) for e in found[:10]]


_META = {
    "headline": ("og:title", "twitter:title"),
    "published": ("article:published_time", "datepublished", "parsely-pub-date", "dc.date.issued"),
    "publisher": ("og:site_name",),
    "section": ("article:section",),
    "author": ("author", "article:author", "parsely-author"),
    "url": ("og:url",),
}


def _linked_data(tree) -> Iterator[dict]:
    """Articles among the objects of a page's JSON-LD."""
    for script in tree.xpath("//script[@type='application/ld+json']"):
        try:
            waiting = [json.loads(script.text or "")]
        except (ValueError, RecursionError):
            continue
        while waiting:
            item = waiting.pop(0)
            if isinstance(item, list):
                waiting[:0] = item
            elif isinstance(item, dict):
                kinds = item.get("@type")
                kinds = kinds if isinstance(kinds, list) else [kinds]
                if any(isinstance(kind, str) and _KINDS.fullmatch(kind) for kind in kinds):
                    yield item
                waiting += [item[key] for key in ("@graph", "mainEntity") if key in item]


def _name(value) -> str:
    """A name given as a text, as an object with a name, or as a list of these."""
    if isinstance(value, list):
        names = [name for name in map(_name, value) if name]
        return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
    if isinstance(value, dict):
        value = value.get("name")
    return " ".join(value.split()) if isinstance(value, str) else ""
