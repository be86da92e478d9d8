"""CPU time of texts and files that double: more than double for double is quadratic somewhere."""

from __future__ import annotations

import contextlib
import gc
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from analysis.errors import TwicetoldError
from analysis.io.dictionary_rows import Unreadable
from benchmarks.robustness.bounded import TooLong, quiet, within
from benchmarks.robustness.targets import read_export, text_functions, whole_articles

MOST = 2.6  # times the CPU time for twice the size; 2 is linear, 4 quadratic
FLOOR = 0.05  # CPU seconds: below, what does not grow counts too much
ROOMS = ("text", "clean", "languages")  # whose functions are given whole texts
_FIRST, _LAST, _ENOUGH = 1 << 13, 1 << 20, 1.5  # characters; CPU seconds after which it is clear
_BOUND = 4.0  # CPU seconds after which a call is stopped, and counts as that long
_DOUBLED = 2  # times above the floor
_MORE = 6  # times that a growth beyond `MOST` is measured again, as others use the machine

TEXTS = {
    "letters": "a", "blanks": " ", "lines": "\n", "paragraphs": "One fell.\n\n", "commas": ",",
    "sentences": "The crane fell into the sea on Monday. ", "stops": ". ",
    "no end": "and then ", "capitals": "Ada Brandt ", "caps": "ADA ", "initials": "A. B. ",
    "titles": "Mr. ", "opening": "“", "closing": "”", "straight": '"', "single": "'",
    "quoted": "“No,” he said. ", "unclosed": "“No, he said. ", "nested": "“a ‘b ",
    "backticks": "``", "low": "„a “", "angle": "«a ", "apostrophes": "it's o'clock ",
    "stars": "*", "underscores": "_a", "brackets": "(", "square": "[a](", "tags": "<",
    "elements": "<b>a</b>", "comments": "<!--", "entities": "&amp;", "ampersands": "&",
    "digits": "1", "numbers": "1,200 ", "points": "1.", "dates": "5/9/2023 ",
    "times": "10:30 p.m. ", "units": "5 million ", "signs": "$", "dashes": "-",
    "long dashes": "—", "ellipses": "...", "hyphens": "har-\n", "addresses": "http://a.b/",
    "at": "a@", "slashes": "/", "colons": "A: b\n", "turns": "MR. BRANDT: No.\n",
    "questions": "Q: Why?\nA: I know.\n", "bylines": "By Ada Orr\n", "credits": "(Reuters) - ",
    "datelines": "LONDON (AP) — ", "photos": "Photo: Ina Sund/Gazette\n", "items": "- item\n",
    "posts": "> a\n", "joiners": "\u200d", "zero": "a\u200b", "marks": "a\u0301",
    "accents": "\u0301", "wide": "漢", "wide stops": "漢。", "thai": "ไทย", "emoji": "👩\u200d",
    "right to left": "ع ", "bom": "\ufeff", "nulls": "\x00", "dots": "a.b.",
    "said": "he said that ", "possessive": "Ada’s ", "tabs": "\t", "returns": "\r",
    "separators": "\u2028", "joined": 'was here."He ran. ', "filled": "The crane fell on it\n",
    "twice single": "''a </p> ", "plurals": "the workers’ pay, ‘so ",
}  # fmt: skip
# A file of each kind that repeats something: its beginning, what recurs, its end.
FILES = {
    "rows.csv": ("title,source,date,text\n", 'Crane,Bote,2023-09-05,"It fell.\nHard."\n', ""),
    "open.csv": ("title,text\n", 'a,"b\n', ""),
    "wide.csv": ("title,text", ",c", "\na,b\n"),
    "semicolons.csv": ("title;text\n", "a;b;;\n", ""),
    "rows.jsonl": ("", '{"title": "a", "text": "It fell.", "source": "Bote"}\n', ""),
    "deep.json": ("", "[", ""),
    "deep.jsonl": ("", '{"a":', ""),
    "page.html": ("<html><body><article>", "<p>The crane fell on Monday.</p>", "</article></html>"),
    "nested.html": ("<html><body>", "<div>a", ""),
    "open.html": ("<html><body>", "<", ""),
    "deep.rtf": ("{\\rtf1 ", "{\\b a", ""),
    "lines.rtf": ("{\\rtf1 ", "The crane fell.\\par\n", "}"),
    "list.ris": ("", "TY  - NEWS\nTI  - Crane\nAB  - It fell.\nER  - \n", ""),
    "open.ris": ("TY  - NEWS\n", "KW  - a\n", ""),
    "proquest.txt": ("", "_" * 60 + "\n\nTitle: a\n\nFull text: It fell.\n\n", ""),
    "lexis.txt": ("", "1 of 9 DOCUMENTS\n\nThe Bote\n\nSeptember 5, 2023\n\nIt fell.\n\n", ""),
    "plain.txt": ("", "It fell on Monday, and the town was quiet.\n", ""),
    "factiva.html": ("<html><body>", '<div class="article enArticle"><p>a</p></div>', "</html>"),
    "tei.xml": ("<TEI><text><body>", "<p>It fell.</p>", "</body></text></TEI>"),
    "entities.xml": ("<TEI>", "&a;", "</TEI>"),
    "objects.pdf": ("%PDF-1.7\n", "1 0 obj <</A 1>> endobj\n", "trailer <</Root 1 0 R>>\n%%EOF"),
}  # fmt: skip


def growth(
    n: int = 1,
    seed: int = 0,
    *,
    largest: int = _LAST,
    data: Path | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> dict:
    """Measure how much longer twice as much takes.

    Parameters
    ----------
    n, seed : int
        Not used: nothing is random.
    largest : int
        Characters; less measures nothing and only calls all.
    data : path, optional
        Not used.
    say : callable
        Takes a line for each growth beyond `MOST`.

    Returns
    -------
    dict
        How many pairs of a function and a text were measured, reached `FLOOR`, and grew beyond
        `MOST`: with the two sizes, the CPU seconds and their ratio; and the largest ratio.
    """
    said: dict = {"measured": 0, "reached": 0, "largest": [0.0, ""], "beyond": []}
    given: list[tuple[str, str, Callable, Callable]] = []
    rooms = tuple(f"{room}." for room in ROOMS)
    functions = {n: f for n, f in text_functions(whole=True).items() if n.startswith(rooms)}
    functions["extract"] = lambda text: whole_articles([text or "a"])
    for name, function in functions.items():
        for family, piece in TEXTS.items():
            given.append((name, family, function, lambda size, piece=piece: _repeated(piece, size)))
    with tempfile.TemporaryDirectory(prefix="twicetold-growth-") as folder, quiet():
        for name, (first, piece, last) in FILES.items():
            path = Path(folder, name)

            def written(size, path=path, first=first, piece=piece, last=last):
                path.write_text(first + _repeated(piece, size) + last, encoding="utf-8")
                return path

            given.append(("read_articles", name, read_export, written))
        for function, made in {function: made for _, _, function, made in given}.items():
            with contextlib.suppress(TwicetoldError, Unreadable, TooLong), within(_BOUND):
                function(made(64))  # what is loaded once is no part of what is measured
        gc.collect()
        gc.freeze()  # or each of thousands of measurements goes through all modules again
        for name, family, function, made in given:
            said["measured"] += 1
            found = _grown(function, made, largest)
            if found is None:
                continue
            said["reached"] += 1
            size, once, twice = found
            ratio = round(twice / once, 2)
            said["largest"] = max(said["largest"], [ratio, f"{name}, {family}"])
            if ratio > MOST:
                said["beyond"].append([name, family, size, round(once, 3), round(twice, 3), ratio])
                say(f"{name}, {family}: {size} {once:.3f} s, {2 * size} {twice:.3f} s: {ratio}")
    gc.unfreeze()
    return said


def _repeated(piece: str, size: int) -> str:
    return (piece * (size // len(piece) + 1))[:size]


def _grown(function, made, largest) -> tuple[int, float, float] | None:
    """The largest size whose double was measured, and the CPU seconds of both; None if too fast."""
    size, before, last, doubled = _FIRST, 0.0, None, 0
    while size <= largest and doubled < _DOUBLED:
        now = _seconds(function, made(size))
        if before > FLOOR:
            for _ in range(_MORE):
                if now < MOST * before:
                    break
                before = max(before, _seconds(function, made(size // 2)))
                now = min(now, _seconds(function, made(size)))
            last, doubled = (size // 2, before, now), doubled + 1
            if now >= MOST * before:
                break
        if now > _ENOUGH:
            break
        # what is far from the floor needs not be measured at each size
        faster = now < FLOOR / 16 and size * 8 <= largest
        size, before = (size * 8, 0.0) if faster else (size * 2, now)
    return last


def _seconds(function, given) -> float:
    gc.collect()
    gc.disable()  # which runs at one size and not at the other
    began = time.process_time()
    try:
        with contextlib.suppress(TwicetoldError, Unreadable, TooLong), within(_BOUND):
            function(given)
        return time.process_time() - began
    finally:
        gc.enable()
