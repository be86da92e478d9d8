"""Hostile inputs, the same for the same seed and number: texts, and files that were spoiled."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Sequence

# What finders of quotations, credits, turns, values, sentences and markup look for, and what is
# rare: invisible signs, marks on marks, other scripts, characters outside the basic plane.
PIECES = (
    "The mayor said", "“We will sue,”", "he said.", "she wrote in a letter to", "according to",
    "Ola Brandt", "Ursula von der Brandt", "al-Storr", "O’Neil", "Mr.", "Dr. h.c.", "U.S.",
    "e.g.", "LONDON (AP) —", "By ADA ORR", "Von Ada Orr und Ben Ode", "(Reuters) -",
    "© 2024 The Tribune", "Photo: Ina Sund/Gazette", "Read more:", "Sign up for our newsletter",
    "Advertisement", "Q:", "A:", "MR. BRANDT: I do not know.", "(CROSSTALK)", "Q. Did you?",
    "HOLT:", "- item", "* item", "1.", "iv)", "1,200.50", "€3.5bn", "10-20 per cent",
    "Sept. 5, 2023", "5/9/2023", "05:30 p.m.", "2023-09-05T10:00:00Z", "half a million",
    "-40 °C", "1/2", "½", "3.4.5.6", "1e999", "¹²³", "'", '"', "“", "”", "‘", "’", "„", "‟", "«",
    "»", "‹", "›", "`", "``", "''", "´", "′", "「", "」", "...", "…", "?!", "—", "–", "-", "(",
    ")", "[", "]", "{", "}", "<", ">", "&", ";", "#", "@", "*", "_", "~", "|", "\\", "/", "$",
    "$$x^2$$", "%", "=1+1", "+1", "<br>", "<p>", "</p>", "<script>", "<!--", "]]>", "&amp;",
    "&#39;", "&#x110000;", "&#0;", "&nbsp;", "http://a.b/c?d=e&f#g", "www.", "a@b.co", "#tag",
    "@name", "[+1250 chars]", "**bold**", "[a](b)", "> quoted", "har-\nbour", "\n", "\n\n",
    "\r\n", "\r", "\t", " ", "\u00a0", "\u2028", "\u2029", "\x0b", "\x0c", "\x85", "\x00",
    "\x1b[31m", "\x7f", "\ufeff", "\u200b", "\u200d", "\u200e", "\u202e", "\u2066", "\u00ad",
    "\ufffd", "\uffff", "\ue000", "\U000e0041", "\u0301", "\u0345", "é", "ß", "ŉ", "İ", "ı", "ﬁ",
    "ǅ", "ſ", "Ω", "K", "𝐀𝐝𝐚", "👩\u200d👩\u200d👧", "🇳🇴", "漢字。", "かな、", "한국어", "ไทย",
    "العربية.", "עברית", "हिन्दी।", "Ελληνικά;", "Кран упал.", "Der Kran fiel, sagte er.",
    "« Il a dit »", "¿Qué? ¡No!",
)  # fmt: skip
_RANGES = ((0, 0x7F), (0x80, 0x24F), (0x250, 0x6FF), (0x900, 0x1FFF), (0x2000, 0x2BFF),
           (0x3000, 0xD7FF), (0xE000, 0xFFFF), (0x10000, 0x1FFFF), (0xE0000, 0xE01EF))  # fmt: skip
_LONG, _LONGEST = 5_000, 200_000  # characters of what is repeated
_ENCODINGS = ("utf-16", "utf-16-be", "utf-32", "cp1252", "latin-1", "utf-8-sig", "cp1251", "utf-7")
_TOKENS = (
    b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b'"', b"'", b",", b";", b"\t", b"\n", b"\r",
    b"<", b">", b"&", b"{", b"}", b"[", b"]", b"\\", b"%PDF-1.7", b"PK\x03\x04", b"{\\rtf1",
    b"<!DOCTYPE", b"<!ENTITY a '&b;&b;'>", b"]]>", b"\\u-1?", b"\\'zz", b"\\bin999999999 ",
    b"endobj", b"99999999", b"-1", b"1e999", b"NaN", b"TY  - ", b"ER  - ", b"Document 1 of 9",
    b"\xed\xa0\x80", b"null",
)  # fmt: skip


def numbered(seed: int, kind: str, number: int) -> random.Random:
    """The random numbers of one input."""
    return random.Random(f"{seed} {kind} {number}")


def hostile_text(rng: random.Random, texts: Sequence[str]) -> str:
    """A text: pieces side by side, one repeated, characters at random, or a cut-up article.

    No text has half a surrogate, which no file in UTF-8 can hold.
    """
    way = rng.random()
    if way < 0.45:
        return _pieces(rng, rng.randrange(1, 40))
    if way < 0.55:
        most = _LONGEST if rng.random() < 0.002 else _LONG if rng.random() < 0.1 else 400
        piece = _pieces(rng, rng.randrange(1, 4)) or " "
        return _pieces(rng, 2) + piece * (most // len(piece)) + _pieces(rng, 2)
    if way < 0.65:
        first, last = rng.choice(_RANGES)
        return "".join(chr(rng.randint(first, last)) for _ in range(rng.randrange(1, 200)))
    text = rng.choice(texts)
    start = rng.randrange(len(text))
    text = text[start : start + rng.randrange(20, 800)]
    for _ in range(rng.randrange(1, 8)):
        start = rng.randrange(len(text) + 1)
        stop = min(len(text), start + rng.randrange(1, 60))
        part = text[start:stop]
        part = rng.choice((rng.choice(PIECES), "", part * 2, part.upper(), part[::-1]))
        text = text[:start] + part + text[stop:]
    return text


def _pieces(rng: random.Random, n: int) -> str:
    gap = rng.choice((" ", " ", " ", "", "\n"))
    return gap.join(rng.choice(PIECES) for _ in range(n))


def spoiled(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """A file's bytes after one to four faults; a zip mostly has one of its members spoiled."""
    if zipfile.is_zipfile(io.BytesIO(data)) and rng.random() < 0.8:
        return _member_spoiled(rng, data, others)
    for _ in range(rng.randrange(1, 5)):
        data = rng.choice(_FAULTS)(rng, data, others)
    return data


def _member_spoiled(rng: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(sink, "w", 8) as new:
        names = old.namelist()
        large = [name for name in names if old.getinfo(name).file_size > 1_000] or names
        chosen = rng.choice(large if rng.random() < 0.7 else names)
        for name in names:
            content = old.read(name)
            if name == chosen:
                content = rng.choice(_FAULTS)(rng, content, others)
            new.writestr(name, content)
    return sink.getvalue()


def _range(rng: random.Random, data: bytes) -> tuple[int, int]:
    start = rng.randrange(len(data) + 1)
    return start, min(len(data), start + int(2 ** (rng.random() * 12)))


def _flip(rng, data, others):
    changed = bytearray(data)
    for _ in range(rng.randrange(1, 9) if data else 0):
        changed[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _cut(rng, data, others):
    return data[: rng.randrange(len(data) + 1)]


def _without(rng, data, others):
    start, stop = _range(rng, data)
    return data[:start] + data[stop:]


def _twice(rng, data, others):
    start, stop = _range(rng, data)
    return data[:stop] + data[start:stop] * rng.choice((1, 1, 2, 50)) + data[stop:]


def _spliced(rng, data, others):
    other = rng.choice(others)
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


def _inserted(rng, data, others):
    token = rng.choice(_TOKENS) if rng.random() < 0.6 else _pieces(rng, 2).encode()
    for _ in range(rng.randrange(1, 4)):
        place = rng.randrange(len(data) + 1)
        data = data[:place] + token * rng.choice((1, 1, 1, 100)) + data[place:]
    return data


def _huge(rng, data, others):
    place, large = rng.randrange(len(data) + 1), rng.choice((200, 20_000, 400_000))
    token = rng.choice((b"a", b" ", b"\n", b'"', b"<", b"9", rng.choice(_TOKENS)))
    return data[:place] + token * (large // len(token)) + data[place:]


def _encoded(rng, data, others):
    return data.decode("utf-8", "replace").encode(rng.choice(_ENCODINGS), "replace")


def _lines(rng, data, others):
    return data.replace(b"\n", rng.choice((b"\r\n", b"\r", b"\n\n", b" ")))


_FAULTS: tuple[Callable[..., bytes], ...] = (
    _flip, _flip, _cut, _without, _twice, _spliced, _inserted, _inserted, _huge, _encoded, _lines,
)  # fmt: skip
