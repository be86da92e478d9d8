"""RIS files: of Zotero, with texts in notes, and of ProQuest, which hold no text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.io.encodings import codec_of, decoded, find_encoding
from analysis.io.formats.decoding import encoding_remarks
from analysis.io.formats.notes import attached_name, iso_date, items_without_text, longest_first
from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile
from analysis.io.languages import language_code

TITLE = "RIS"
# the first tag that is there gives the field
_FIELDS = {
    "title": ("TI", "T1", "CT"),
    "outlet": ("T2", "JF", "JO", "BT", "JA", "J2"),
    "published": ("DA", "Y1", "PY"),
    "author": ("AU", "A1"),
    "section": ("SE",),
    "page": ("SP",),
    "url": ("UR",),
    "source_id": ("AN", "ID"),
    "language": ("LA",),
}
_NAMES = {
    "TY": "type", "AB": "abstract", "N2": "abstract", "PY": "year", "KW": "keywords",
    "PB": "publisher", "CY": "place", "DB": "database", "DP": "database provider", "ET": "edition",
    "EP": "last page", "IS": "issue", "VL": "volume", "SN": "ISSN", "DO": "DOI", "Y2": "accessed",
    "L1": "attachment", "L2": "link", "L4": "image", "M3": "kind", "A2": "editor",
}  # fmt: skip
_FILES = ("L1", "L4")
_BEGINS = re.compile(r"[^A-Za-z]{0,3}(TY {1,2}- ?\w*)\s*$")
_ENDS = re.compile(r"ER {1,2}-\s*$")
_TAG = re.compile(r"([A-Z][A-Z0-9]) - ")
_LABELLED = re.compile(r"([A-Z][A-Za-z ]{2,40}) - (.+)", re.DOTALL)  # ProQuest's N1
_BREAK = "\x1e"
_MOST = 32 << 20  # characters of a record


def recognise(source: Source) -> bool:
    """Whether a file of text begins a record of RIS in its first lines."""
    if source.head[:1] in (b"<", b"{", b"%") or source.head.startswith(b"PK"):
        return False
    first = [line for line in decoded(source.head)[0].splitlines()[:20] if line.strip()]
    return any(map(_BEGINS.match, first))


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The items of a file in their order; without a note that holds a text, it is empty."""
    found = settings.encoding or find_encoding(source.data)
    yield from encoding_remarks(found, settings.encoding)
    place = without = attached = 0
    for lines, whole in _items(source, found):
        place += 1
        tags = _tags(lines)
        record, others = _record(tags, settings, place)
        if others:
            problem = f"{others + 1} notes with text"
            yield Remark(place, problem, "the longest taken as the text, the others kept beside it")
        if not whole:
            yield Remark(place, "the item has no end (ER)", "read as far as it goes")
        without += not record.text
        attached += not record.text and "L1" in tags
        yield record
    if not place:
        raise UnreadableFile("no item of RIS is in it; export it again.")
    if without:
        yield items_without_text(place, without, attached)


def _items(source: Source, encoding: str) -> Iterator[tuple[list[str], bool]]:
    """The lines of each item, and whether its end is there."""
    codec, errors = codec_of(encoding)
    item: list[str] = []
    size = 0
    with source.path.open(encoding=codec, errors=errors) as stream:
        for line in stream:
            line = line.rstrip("\r\n")
            if begins := _BEGINS.match(line):
                if item:
                    yield item, False
                item, size = [begins[1]], 0
            elif item and _ENDS.match(line):
                yield item, True
                item = []
            elif item:
                size += len(line)
                if size > _MOST:
                    raise UnreadableFile("an item without an end; export it again.")
                item.append(line)
    if item:
        yield item, False


def _tags(lines: list[str]) -> dict[str, list[str]]:
    """The values of each tag; a value may run over several lines."""
    import rispy

    if not any(line[2:5] == "  -" for line in lines):  # one blank where the standard has two
        lines = [_TAG.sub(r"\1  - ", line, count=1) for line in lines]
    parts: list[list[str]] = []
    for line in lines:
        if line[2:5] == "  -" and line[:2].isupper() and line[:1].isalpha():
            parts.append([line])
        else:
            parts[-1].append(line)  # rispy would make a value of its own of it
    whole = [_BREAK.join(part) for part in parts]
    tags = {line[:2] for line in whole}
    parser = rispy.RisParser(
        mapping={tag: tag for tag in tags}, list_tags=list(tags - {"TY"}), delimiter_tags_mapping={}
    )
    (found,) = parser.parse_lines(iter([*whole, "ER  - "]))
    return {
        tag: [value.replace(_BREAK, "\n").strip() for value in values]
        for tag, values in (found | {"TY": [found["TY"]]}).items()
    }


def _record(tags: dict, settings: Settings, place: int) -> tuple[Record, int]:
    """An item as a record, and how many notes with text it has beside the longest."""
    more: dict[str, str] = {}
    notes = []
    for note in tags.get("N1", ()):
        label = _LABELLED.fullmatch(note) if len(note) < 500 and "<" not in note else None
        if label:
            name = label[1].lower()
            more[name] = f"{more[name]}; {label[2]}" if name in more else label[2]
        else:
            notes.append(note)
    texts = longest_first(tags.get(settings.columns.get("text", ""), notes))
    about, used = {}, {"N1"}
    for field, usual in _FIELDS.items():
        choices = (settings.columns[field],) if field in settings.columns else usual
        tag = next((tag for tag in choices if any(tags.get(tag, ()))), None)
        if tag is not None:
            about[field] = "; ".join(filter(None, tags[tag])).replace("\n", " ")
            used.add(tag)
    about["published"] = iso_date(about.get("published", ""))
    if (said := about.pop("language", "")) and not (code := language_code(said)):
        more["language name"] = said
    elif said:
        about["language"] = code
    for tag, values in tags.items():
        if tag not in used and any(values):
            name = _NAMES.get(tag, tag)
            value = "; ".join(filter(None, map(attached_name, values) if tag in _FILES else values))
            value = value.replace("\n", " ")
            more[name] = f"{more[name]}; {value}" if name in more else value
    if len(texts) > 1:
        more["other notes"] = " | ".join(text.replace("\n\n", " ") for text in texts[1:])
    return Record(texts[0] if texts else "", place, **about, more=more), max(len(texts) - 1, 0)
