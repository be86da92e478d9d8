"""ProQuest's text files: records between rules, fields before and after a text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from analysis.io.encodings import codec_of, decoded, find_encoding
from analysis.io.formats.decoding import encoding_remarks
from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile
from analysis.io.languages import language_code

TITLE = "ProQuest, text"
# English as seen; what the other interfaces call them is assumed
_LABELS = {
    "text": "Full text;Full Text;Volltext;Texte intégral;Texto completo;Testo completo;"
    "Volledige tekst",
    "title": "Title;Titel;Titre;Título;Titolo",
    "outlet": "Publication title;Publikationstitel;Titel der Publikation;Titre de la publication;"
    "Titre de publication;Título de publicación;Título de la publicación;Título da publicação;"
    "Titolo della pubblicazione;Titel van publicatie",
    "published": "Publication date;Publikationsdatum;Datum der Publikation;Erscheinungsdatum;"
    "Date de publication;Fecha de publicación;Data de publicação;Data di pubblicazione;"
    "Publicatiedatum",
    "author": "Author;Autor;Auteur;Autore",
    "section": "Section;Abschnitt;Rubrik;Rubrique;Sección;Seção;Sezione;Sectie",
    "page": "Pages;First page;Start page;Seiten;Páginas;Pagine;Pagina's",
    "language": "Language of publication;Language;Sprache der Publikation;Publikationssprache;"
    "Langue de publication;Langue de la publication;Idioma de la publicación;"
    "Idioma de publicación;Idioma da publicação;Idioma de publicação;Lingua della pubblicazione;"
    "Taal van publicatie",
    "source_id": "ProQuest document ID;Document ID;ProQuest-Dokument-ID;Dokument-ID;"
    "ID du document ProQuest;ID de document ProQuest;ID del documento de ProQuest;"
    "ID do documento ProQuest;ID documento ProQuest;ProQuest-document-ID",
    "url": "Document URL;Dokument-URL;URL du document;URL del documento;URL do documento;"
    "Document-URL",
    "head": "Publication info;Publikationsinfo;Informations sur la publication;"
    "Información de publicación;Abstract;Abstract (summary);Summary;Zusammenfassung;Résumé;"
    "Resumen;Resumo;Links;Liens;Enlaces",
    "before the title": "Subject;Business indexing term;Location;People;Company / organization;"
    "Company;Classification;Identifier / keyword;Product name;Ethnicity;Term;Illustration;Credit;"
    "Thema;Personen;Ort;Standort;Unternehmen / Organisation;Klassifikation;Sujet;Personnes;Lieu;"
    "Entreprise / organisation;Materia;Personas;Lugar;Ubicación;Empresa / organización;Assunto;"
    "Pessoas;Local;Soggetto;Persone;Località;Onderwerp;Locatie",
}  # fmt: skip


def _bare(label: str) -> str:
    return "".join(label.split())  # blanks creep into labels, and go


_MEANING = {_bare(label): kind for kind, labels in _LABELS.items() for label in labels.split(";")}
_FIELDS = (
    "title",
    "outlet",
    "published",
    "author",
    "section",
    "page",
    "language",
    "source_id",
    "url",
)
_BEHIND = {"outlet", "published", "language", "source_id"}  # of these some stand in each record
_MOST = 32 << 20  # characters of a record
_RULE = re.compile(r"\s*_{50,}\s*")
_FIELD = re.compile(r"([^\W\d_][^:]{1,45}?)\s*:(?:\s+(.*)|$)")
_COUNT = re.compile(r"[^\W\d_]+ \d+ [^\W\d_]+ \d+")
_NOTICE = re.compile(r"ProQuest LLC|©[^\n]{0,40}ProQuest|^Contact us at:|^Table of contents$"
                     r"|^Report Information from ProQuest", re.MULTILINE)  # fmt: skip
_NOTHING = re.compile(r"(?:none|not) available\.?|full text (?:is )?not available\.?|n/?a|", re.I)
_ON_PAGE = re.compile(r":\s*([A-Z]{0,3}\.?\s?\d[\w.-]{0,10}?)\.?$")
_IN_INFO = re.compile(r"\d{1,2} [^\W\d_]{3,9}\.? \d{4}|[^\W\d_]{3,9}\.? \d{1,2}, \d{4}")


def recognise(source: Source) -> bool:
    """Whether a text has ProQuest's rules and names of fields."""
    if source.head.lstrip()[:1] in (b"<", b"{", b"%") or source.head.startswith(b"PK"):
        return False
    lines = decoded(source.head)[0].splitlines()
    ruled = any(_RULE.fullmatch(line) for line in lines)
    return ruled and any(_kind(line) == "text" or "ProQuest" in line for line in lines)


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The articles of a file in their order; a record without a text has an empty one."""
    found = settings.encoding or find_encoding(source.data)
    yield from encoding_remarks(found, settings.encoding)
    place = without = 0
    for lines in _whole(_pieces(source, found)):
        body, fields = _parts(lines)
        if body is None and not _BEHIND & fields.keys():
            text = "\n".join(lines).strip()
            if text and not _NOTICE.search(text):
                yield Remark(None, f"a part that is no article, beginning {text[:40]!r}")
            continue
        place += 1
        if body and not _BEHIND & fields.keys():
            yield Remark(place, "the record ends without its fields", "read as far as it goes")
        record = _record(body or [], fields, place)
        without += not record.text
        yield record
    if not place:
        raise UnreadableFile("no record of ProQuest's is in it; export it again as text.")
    if without:
        problem = f"{without} of {place} records hold no text to study, at most an abstract"
        yield Remark(None, problem, "kept as a list; export them with the full text")


def _pieces(source: Source, encoding: str) -> Iterator[list[str]]:
    """The lines between rules."""
    codec, errors = codec_of(encoding)
    piece: list[str] = []
    size = 0
    with source.path.open(encoding=codec, errors=errors) as stream:
        for line in stream:
            if _RULE.fullmatch(line):
                yield piece
                piece, size = [], 0
            else:
                size += len(line)
                if size > _MOST:
                    raise UnreadableFile("a record without an end; export it again.")
                piece.append(line.removeprefix("\ufeff").rstrip())
    yield piece


def _whole(pieces: Iterator[list[str]]) -> Iterator[list[str]]:
    """Records; one in whose text a rule stands is put together again."""
    held: list[str] | None = None  # a record whose text is not followed by its fields
    for piece in pieces:
        body, fields = _parts(piece)
        complete = bool(_BEHIND & fields.keys())
        if held is not None:
            if body is None and any(piece) and not _NOTICE.search("\n".join(piece)):
                held += ["_" * 60, *piece]
                if complete:
                    yield held
                    held = None
                continue
            yield held
            held = None
        if body is not None and not complete:
            held = piece
        elif any(piece):
            yield piece
    if held is not None:
        yield held


def _kind(line: str) -> str:
    match = _FIELD.match(line)
    return _MEANING.get(_bare(match[1]), "?") if match else ""


def _parts(lines: list[str]) -> tuple[list[str] | None, dict[str, list[str]]]:
    """The lines of a record's text (None if it has none), and its fields."""
    kinds = [_kind(line) for line in lines]
    at = kinds.index("text") if "text" in kinds else None
    first = 0 if at is None else at + 1
    start = _fields_at(lines, kinds, first)
    fields: dict[str, list[str]] = {}
    body = None
    if at is not None:
        opening = _FIELD.match(lines[at])[2] or ""
        body = [line for line in [opening, *lines[first:start]] if line.strip()]
        if len(body) == 1 and _NOTHING.fullmatch(body[0].strip()):
            body = []
    _read_head(lines[: start if at is None else at], fields)
    _read_fields(lines[start:], fields)
    return body, fields


def _fields_at(lines: list[str], kinds: list[str], first: int) -> int:
    """Where the fields behind a text begin: at the last title, or some that stand before it."""
    blank = [i for i in range(first, len(lines)) if not lines[i]]

    def apart(i: int) -> bool:
        return not blank or i == 0 or not lines[i - 1]

    def followed(i: int) -> bool:
        behind = (kinds[j] for j in range(i + 1, len(lines)) if lines[j])
        return bool(next(behind, ""))

    behind = [i for i in range(first, len(lines)) if kinds[i] in _BEHIND and apart(i)]
    titles = [i for i in range(first, len(lines)) if kinds[i] == "title" and apart(i)]
    titles = [i for i in titles if followed(i) and (not behind or i < behind[-1])]
    if titles:
        start = titles[-1]
    elif behind:
        start = behind[0]
    else:
        return len(lines)
    run = [i for i in range(first, start) if lines[i]]
    before = []
    while run and kinds[run[-1]] and kinds[run[-1]] != "text" and apart(run[-1]):
        before.insert(0, run.pop())
    # paragraphs that no blank line parts: then what a blank line parts from them is a field
    closed = bool(blank) and first < len(lines) and bool(lines[first])
    known = [i for i in before if closed or kinds[i] == "before the title"]
    return known[0] if known else start


def _read_head(lines: list[str], fields: dict[str, list[str]]) -> None:
    """What stands before a text: a heading, author, address, abstract, links."""
    said = [line for line in lines if line.strip()]
    if said and _COUNT.fullmatch(said[0]):
        said.pop(0)
    if said:
        fields["heading"] = [said.pop(0)]
    name = ""
    for line in said:
        if line.startswith(("http://", "https://")):
            fields.setdefault("url", []).append(line)
            name = ""
        elif (kind := _kind(line)) not in ("", "?"):
            name = _name(line, kind)
            fields.setdefault(name, []).append(_FIELD.match(line)[2] or "")
        elif name:
            fields[name].append(line)


def _read_fields(lines: list[str], fields: dict[str, list[str]]) -> None:
    """What stands behind a text: a field a line."""
    name, fresh = "", set()
    for line in filter(None, lines):
        match = _FIELD.match(line)
        if match and not line.startswith(("http://", "https://")):
            name = _name(line, _kind(line))
            if name not in fresh and name in ("title", "url", "page"):
                fields.pop(name, None)  # these are surer than what the head says
            fresh.add(name)
            if match[2]:
                fields.setdefault(name, []).append(match[2])
        elif name:
            fields.setdefault(name, []).append(line)


def _name(line: str, kind: str) -> str:
    """What a field is called: as a record's, or as the export has it."""
    return kind if kind in _FIELDS else " ".join(_FIELD.match(line)[1].split())


def _record(body: list[str], fields: dict[str, list[str]], place: int) -> Record:
    told = {name: "; ".join(values) for name, values in fields.items() if any(values)}
    told = {name: value for name, value in told.items() if not _NOTHING.fullmatch(value)}
    heading = told.pop("heading", "")
    info = told.get("Publication info", "")
    about = {name: told.pop(name) for name in _FIELDS if name in told}
    about.setdefault("title", heading)
    if "published" not in about and (date := _IN_INFO.search(info)):
        about["published"] = date[0]
    if "page" not in about and (page := _ON_PAGE.search(info)):
        about["page"] = page[1]
    about["url"] = html.unescape(about.get("url", "").partition("; http")[0])
    if (language := about.pop("language", "")) and not (code := language_code(language)):
        told["language name"] = language
    elif language:
        about["language"] = code
    return Record("\n\n".join(" ".join(line.split()) for line in body), place, **about, more=told)
