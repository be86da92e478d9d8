"""Factiva's pages of articles, in any language of its interface, with and without codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.io.formats.factiva import accession, is_source_code, record_of
from analysis.io.formats.markup import has_class, lines, text_segments, trees_of, words
from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile
from analysis.io.languages import language_code

TITLE = "Factiva, HTML"
_ARTICLE = re.compile(r"""class\s*=\s*["']?[^"'>]*\b[a-z]{2,4}Article["'\s>]""")
_OTHER_SIGNS = re.compile(r"Headline|articleParagraph|class=.?index", re.IGNORECASE)
_PAGE = re.compile(r"<title>\s*Factiva|fcpNavContainer|factivalogo", re.IGNORECASE)
_BEGINS = re.compile(r"""<\w+[^<>]*\sclass\s*=\s*["'][^"'<>]*\b[a-z]{2,4}Article\b[^<>]*>""")
_LANGUAGE = re.compile(r"([a-z]{2})[a-z]{0,2}article")  # zhcnArticle: zh
_COUNTED = re.compile(r"\d+\)\s*")
_N_WORDS = re.compile(r"\d[\d\s.,'’]*\s?[^\W\d_]{1,20}")
_DATE = re.compile(
    r"\d{1,2}(?:\.|er)?\s+(?:de\s+)?[^\W\d_]{3,12}\.?\s+(?:de\s+)?\d{4}"
    r"|[^\W\d_]{3,12}\s+\d{1,2},\s+\d{4}|\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日"
)
_YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
_TIME = re.compile(r"\d{1,2}[:.h]\d\d(?:[:.]\d\d)?(?:\s*[AaPp]\.?[Mm]\.?)?(?:\s+[A-Z]{2,4})?")
_SOURCE_CODE = re.compile(r"[A-Z0-9_]{3,12}")
_PAGE_NUMBER = re.compile(r"[A-Z]{0,3}[-–]?\d{1,4}[A-Za-z]?(?:\s?[,;/–-]\s?[A-Z]{0,3}\d{1,4})*")
_RIGHTS = re.compile(r"©|\(c\)|copyright|\ball rights reserved\b", re.IGNORECASE)
_A_BYLINE = re.compile(r"(?:by|von|par|por|di|da|door)\s", re.IGNORECASE)
_A_NAME = re.compile(r"[^\W\d_]+(?:[ ()-]+[^\W\d_]+)*\)?")
_CODE = re.compile(r"[A-Z]{2,4}")


def recognise(source: Source) -> bool:
    """Whether a page has elements of Factiva's classes, or is Factiva's without any article."""
    head = source.head.replace(b"\0", b"").decode("latin-1")
    if "<" not in head[:1000]:
        return False
    return bool((_ARTICLE.search(head) and _OTHER_SIGNS.search(head)) or _PAGE.search(head))


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The articles of a page in their order."""
    trees, remarks = trees_of(source, settings, _BEGINS)
    yield from remarks
    place = 0
    for tree in trees:
        for article, language in _articles(tree):
            place += 1
            yield _record(article, language, place)
    if not place:
        raise UnreadableFile(
            "a page of Factiva without an article, as for signing in or a list of headlines;"
            " save it again with 'Full Article/Report plus Indexing' or 'Article Format'."
        )


def _articles(tree) -> Iterator[tuple[object, str]]:
    """The elements that are articles, and the code of their language."""
    found = [node for node in tree.iter("div", "article", "section") if has_class(node, "article")]
    outer = {above for node in found for above in node.iterancestors("div")}
    for node in found:
        names = (node.get("class") or "").lower().split()
        language = next((m[1] for name in names if (m := _LANGUAGE.fullmatch(name))), "")
        # without a language it is one around another, or an older page's
        if language or (node not in outer and node.find(".//*[@id='hd']") is not None):
            yield node, language


def _kind_of(node) -> str:
    """What an element is in an article; "other's" if it got there by a tag that is not closed."""
    name = (node.get("class") or "").lower()
    if node.tag == "table" and ("searchpreview" in name or node.get("id") == "oddEvenPreview"):
        return "other's"
    if node.tag == "div" and ("article" in name.split() or node.get("id") == "pageFooter"):
        return "other's"
    if node.get("id") == "hd" or "headline" in name:
        return "headline"
    if "articleparagraph" in name:
        return "paragraph"
    return "author" if "author" in name.split() else ""


def _foreign(node) -> bool:
    return _kind_of(node) == "other's"


def _record(article, language: str, place: int) -> Record:
    above = article.getparent()
    given = [article.get("id"), above.get("id") if above is not None else None]
    ids = [(name or "").removeprefix("article-") for name in given]
    number = next((name for name in ids if accession(name)), "")
    fields = _coded(article) or _unlabelled(article, number)
    return record_of(fields, place, language, number)


def _coded(article) -> dict[str, list[str]]:
    """The fields of an article whose lines have codes."""
    fields: dict[str, list[str]] = {}
    for row in article.iter("tr"):
        cells = row.findall("td")
        if len(cells) < 2 or not has_class(cells[0], "index"):
            continue
        if (
            next(above for above in row.iterancestors("div") if has_class(above, "article"))
            is not article
        ):
            continue
        if _CODE.fullmatch(code := words(cells[0])):
            given = [_headline(cells[1])] if code == "HD" else lines(cells[1], _foreign)
            fields.setdefault(code, []).extend(given)
    return fields


def _headline(element) -> str:
    """A headline without the number that Factiva counts it by."""
    title = words(element)
    counted = any("counted" in (node.get("class") or "").lower() for node in element.iter())
    return _COUNTED.sub("", title, count=1) if counted else title


def _unlabelled(article, number: str) -> dict[str, list[str]]:
    """The fields of an article whose lines have no codes: by their order."""
    fields: dict[str, list[str]] = {"SE": [], "HD": [], "BY": []}
    head: list[str] = []
    body: list[str] = []
    tail: list[str] = []
    for kind, found in text_segments(article, _kind_of):
        if kind == "headline" and not fields["HD"]:
            fields["SE"], head = head, []
            fields["HD"] = [_headline(found)]
        elif kind == "author" and not body:
            fields["BY"].append(words(found))
        elif kind == "paragraph":
            body += [*tail, *lines(found, _foreign)]  # what lies between paragraphs is text too
            tail = []
        elif kind != "other's":
            (tail if body else head).append(found if isinstance(found, str) else words(found))
    if not body and head and accession(head[-1]):
        tail = [head.pop()]
    if tail and (found := accession(tail[-1])):
        fields["AN"] = [tail.pop()]
        number = number or found
    fields |= _placed(head, bool(fields["BY"]), number)
    fields |= {"TD": body, "PUB": tail}
    return {code: given for code, given in fields.items() if given}


def _placed(head: list[str], author_known: bool, number: str) -> dict[str, list[str]]:
    """The lines between a headline and a text: each by its place from those that have a form.

    They are: author, credit, number of words, date, time, source, its code, edition, page,
    language, rights; some are missing.
    """
    fields: dict[str, list[str]] = {}
    anchor = _n_words_at(head)
    if anchor is not None:
        lead, rest = head[:anchor], head[anchor + 1 :]
        fields["WC"] = [head[anchor]]
    else:
        anchor = next((i for i, line in enumerate(head) if _DATE.fullmatch(line)), 0)
        lead, rest = head[:anchor], head[anchor:]
    if lead and not author_known and (len(lead) > 1 or _A_BYLINE.match(lead[0])):
        fields["BY"] = [lead.pop(0)]
    fields["CR"] = lead
    if rest and _YEAR.search(rest[0]) and not _RIGHTS.search(rest[0]):
        fields["PD"] = [rest.pop(0)]
    if rest and _TIME.fullmatch(rest[0]):
        fields["ET"] = [rest.pop(0)]
    coded = (i for i, line in enumerate(rest) if is_source_code(line, number))
    if (at := next(coded, None)) is None:
        at = 1 if len(rest) > 1 and _SOURCE_CODE.fullmatch(rest[1]) else None
    if at is not None:
        fields["SC"] = [rest.pop(at)]
    if rest and at != 0:
        fields["SN"] = [rest.pop(at - 1 if at else 0)]
    return fields | _behind_source(rest)


def _n_words_at(head: list[str]) -> int | None:
    """Place of the number of words: a number and a word in any language, best before a date."""
    found = [i for i, line in enumerate(head) if _N_WORDS.fullmatch(line)]
    dated = [i for i in found if i + 1 < len(head) and _YEAR.search(head[i + 1])]
    return next(iter(dated or found), None)


def _behind_source(rest: list[str]) -> dict[str, list[str]]:
    """Edition, page, language and rights."""
    fields: dict[str, list[str]] = {}
    rights = [i for i, line in enumerate(rest) if _RIGHTS.search(line)]
    if rights:
        fields["CY"] = rest[rights[0] :]
        del rest[rights[0] :]
    if rest and _A_NAME.fullmatch(rest[-1]) and (rights or language_code(rest[-1])):
        fields["LA"] = [rest.pop()]
    fields["PG"] = [line for line in rest if _PAGE_NUMBER.fullmatch(line)]
    fields["ED"] = [line for line in rest if not _PAGE_NUMBER.fullmatch(line)]
    return fields
