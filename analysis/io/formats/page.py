"""The article of a web page: its text through trafilatura, its fields from what the page says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.io.formats.heads import byline, dateline, is_whole_date, plain_date
from analysis.io.formats.page_fields import page_fields, site_and_path
from analysis.io.formats.source import Record, UnreadableFile

LARGEST_PAGE = 32 << 20  # bytes
_FEWEST_WORDS = 40  # of a page that does not say that it is an article
_FEWEST_BESIDE_A_FORM = 150  # that asks for a password
_FEWEST_WITHOUT_TABLES = 50
_MOST_ABOVE = 5  # paragraphs of an extracted text that may be its head
_A_PARAGRAPH = 60  # letters
_LONG = 100_000  # letters: no list of links
_FRONT = ("", "index.html", "index.htm", "index.php")
_DATA = re.compile(r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=\s]{64,}")  # pictures within saved pages
# Control characters and references to them, which no XML may hold.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]"
    "|&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|[xX]0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]))(?![0-9a-fA-F]);?"
)
_BLOCKS = ("p", "head", "quote", "item", "code", "cell", "ab")
# What no article holds, and classes (whole words of them) that say so.
_NEVER = "aside nav footer figure figcaption button form iframe noscript template dialog".split()
_ROLES = "dialog alertdialog navigation complementary contentinfo search menu".split()
_CLASSES = set(
    "related comments comment-list share sharing social newsletter promo cookie cookies consent "
    "advert advertisement ad ads read-more readmore teaser teasers recommended breadcrumb "
    "breadcrumbs tags most-read outbrain taboola caption wp-caption-text".split()
)
_URL_DAY = re.compile(r"/((?:19|20)\d\d)[/-](\d\d)[/-](\d\d)(?:/|-|$)")


def page_record(html: str, url: str = "", place: int = 1) -> Record:
    """The article of a page.

    Parameters
    ----------
    html : str
    url : str
        Where it was fetched, if that is known.
    place : int
        Of the article in its file.

    Returns
    -------
    Record
        Paragraphs without notices, links to other articles, captions and comments. The day is that
        of publication, never of a change, nor today's in the page's head.

    Raises
    ------
    UnreadableFile
        If the page has no article; the message says what it is.
    """
    tree = _tree(html)
    fields, says_article = page_fields(tree)
    fields["url"] = fields["url"] or url
    signing_in = bool(tree.xpath("//input[@type='password']"))
    links = {" ".join(link.text_content().split()) for link in tree.iter("a")}
    _prune(tree)
    _unwrap(tree)
    paragraphs = _without_head(_paragraphs(tree), fields)
    words = sum(len(paragraph.split()) for paragraph in paragraphs)
    marked = says_article or bool(fields.get("published"))
    fewest = _FEWEST_BESIDE_A_FORM if signing_in else _FEWEST_WORDS
    if not words or (words < fewest and not marked):
        kind = "a sign-in page" if signing_in else "a page without an article"
        raise UnreadableFile(f"{kind}; save the article's own page.")
    text = "\n\n".join(paragraphs)
    site, path = site_and_path(fields["url"])
    linked = sum(len(link) for link in links if link in text) if len(text) < _LONG else 0
    if 2 * linked > len(text) or (site and path in _FRONT and not marked):
        raise UnreadableFile("a page of links to articles; save the articles' own pages.")
    if not fields.get("published"):
        day = _URL_DAY.search(fields["url"])
        fields["published"] = plain_date("-".join(day.groups())) if day else ""
    if not fields["outlet"]:
        fields["outlet"] = site
    modified = fields.pop("modified", "")
    more = {"modified": modified} if modified else {}
    return Record(text, place, more=more, **fields)


def _tree(html: str):
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    html = _CONTROLS.sub("", re.sub(r"^\s*<\?xml[^>]*\?>", "", _DATA.sub("data:,", html)))
    try:
        return document_fromstring(html, HTMLParser(no_network=True, huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(f"no page that can be read ({error}); save it again.") from None


def _prune(tree) -> None:
    """Take out what is no article's, unless it holds the headline or most of the text."""
    whole = sum(len(paragraph.text_content()) for paragraph in tree.iter("p"))
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.tag in ("html", "body", "article", "main"):
            continue
        classes = set((element.get("class") or "").lower().split())
        header = element.tag == "header" and next(element.iterancestors("article"), None) is None
        if not (
            header
            or element.tag in _NEVER
            or element.get("role") in _ROLES
            or classes & _CLASSES
            or element.get("id") in _CLASSES
        ):
            continue
        inside = sum(len(paragraph.text_content()) for paragraph in element.iter("p"))
        if 2 * inside <= whole and next(element.iter("h1"), None) is None:
            element.drop_tree()


def _unwrap(tree) -> None:
    """Make divisions of tables that lay out a page: they hold whole paragraphs."""
    for table in tree.iter("table"):
        long = (len(paragraph.text_content()) > _A_PARAGRAPH for paragraph in table.iter("p"))
        if sum(long) > 1:
            for element in [*table.iter("table", "tbody", "tr", "td")]:
                element.tag = "div"


def _paragraphs(tree) -> list[str]:
    """Paragraphs of the article; tables only where there is hardly a text without."""
    import trafilatura

    best: list[str] = []
    for tables in (False, True):
        try:
            found = trafilatura.bare_extraction(
                tree, include_comments=False, include_tables=tables, with_metadata=False
            )
        except Exception:  # whatever a page that is built to break parsers leads to
            found = None
        paragraphs = list(_blocks(found.body)) if found is not None else []
        best = max(best, paragraphs, key=lambda texts: sum(map(len, texts)))
        if sum(len(text.split()) for text in best) >= _FEWEST_WITHOUT_TABLES:
            break
    return best


def _blocks(body) -> Iterator[str]:
    """Paragraphs of an extracted text in their order, with nothing of it lost."""
    from lxml import etree

    pieces: list[str] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        block = element.tag in _BLOCKS
        if block:
            yield from _flushed(pieces)
        elif element.tag == "lb" and event == "start":
            pieces.append("\n")
        pieces.append((element.text if event == "start" else element.tail) or "")
    yield from _flushed(pieces)


def _flushed(pieces: list[str]) -> Iterator[str]:
    """What was gathered, and nothing left; two line breaks part paragraphs, one is a blank."""
    for text in re.split(r"\n\s*\n", "".join(pieces)):
        if text.strip():
            yield " ".join(text.split())
    pieces.clear()


def _without_head(paragraphs: list[str], fields: dict[str, str]) -> list[str]:
    """Paragraphs from the text's first on: headline, byline and date before it are fields."""
    title, author = _plain(fields.get("title", "")), _plain(fields.get("author", ""))
    for at, paragraph in enumerate(paragraphs):
        named = _plain(byline(paragraph))
        date = paragraph if is_whole_date(paragraph) else dateline(paragraph).get("published", "")
        if named and not author and named != _plain(paragraph):  # "By" stands before it
            fields["author"] = byline(paragraph)
            author = named
        known = _plain(paragraph) == title or (named and named in author)
        if at == _MOST_ABOVE or not (known or date):
            return paragraphs[at:]
        if date and not fields.get("published"):
            fields["published"] = plain_date(date)
    return []


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
