"""Sentences: where they begin and end, never inside quotation marks."""

from __future__ import annotations

import nupunkt
import regex

from .quotes import Quote, find_quotes

_LINE = regex.compile(r"[^\r\n\u2028\u2029]+")
_TERMINAL = regex.compile(r"[.!?…:;][\"'”’»)\]]*\s*$")
_CONTINUES = regex.compile(r"\s*[\p{Ll}—–,;]")
# a line that stops after such a word, or after "A fresh", was broken at a link
_UNFINISHED = regex.compile(
    r"(?:[,—–]|\b(?:a|an|the|of|in|on|at|to|for|from|by|with|and|or|but|as|that|which|who|his|her|its|their|has|have|had|is|are|was|"
    r"were|be|been|will|would|could|not|than|into|over|under|between|about|former|said|says))\s*$|^\s*(?:A|An|The)\s\p{Ll}+\s*$")
_LIST_ITEM = regex.compile(r"\s*(?:[•·▪*–—-]|\d{1,2}[.)]|\(?[a-z]\))\s+\S")
# same length, so that offsets stay: the splitter knows straight marks best
_PLAIN = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "\u00a0": " ", "\u202f": " ",
                        "\u2009": " ", "\ufeff": " ", "\t": " "})
_LOST_SPACE = regex.compile(r"(?<=[\p{Ll}\)\d]{2}[.!?][\"”’']?)(?=[\"“‘]?\p{Lu}\p{Ll}+(?:\s|$|[’']))")
_TITLES = regex.compile(
    r"(?:^|[\s(\"“‘'])(?:Mr|Mrs|Ms|Mx|Dr|Prof|Sr|Sra|St|Ste|Rev|Fr|Hon|Gov|Sen|Rep|Gen|Col|Maj|Capt|Cmdr|Lt|Sgt|Cpl|Pvt|Insp|Supt|Det|"
    r"Const|Bro|Msgr|Amb|Atty|Pres|Sec|Messrs|No|Nos|Vol|Fig|pp|vs|cf|approx|e\.g|i\.e|\p{Lu})\.\s*$")
_ADDRESS = regex.compile(r"\b(?:on|in|off|at|near|of|along|from)\s+(?:\p{Lu}[\p{L}’']*\s+){1,3}(?:St|Ave|Rd|Blvd)\.\s*$")
_STARTERS = regex.compile(r"[\"“‘'(]*(?:The|A|An|He|She|It|They|We|I|You|His|Her|Its|Their|Our|But|And|In|On|At|For|If|When|While|After|Before|That|"
                          r"This|There|These|Those|Then|Now|So|Not|No|Yes|As|By|To|What|Who|Where|Why|How|Asked|One|Two|Nobody)\b")
_MONTHS = regex.compile(r"(?:^|[\s(])(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|ca?|pp?|art|sec|ch)\.\s*$")
# where a sentence may end: a mark, then white space, then a capital, a digit or an opening mark
_BOUNDARY = regex.compile(r"[.!?…][\"'”’»)\]]*\s+(?=[\"“‘'«(\[]*[\p{Lu}\p{N}]|[\"“‘«(\[•@#]|\p{So}|\p{Ll}+\p{Lu})")
_INITIALS = regex.compile(r"(?:^|[\s.(])\p{L}\.$")
_SURE_END = regex.compile(r"[\p{Ll}\d%)’'\"”»][.!?…][\"'”’»)\]]*$|[!?…][\"'”’»)\]]*$|[.][\"'”’»)\]]+$")


def find_blocks(text: str) -> list[tuple[int, int]]:
    """Paragraphs of a text: its lines, those joined that were broken in the middle of a sentence.

    Returns
    -------
    list of (start, end)
        Without the white space around them.
    """
    blocks: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        stripped = line.group().strip(" \t\u00a0\u202f\u2009\u3000\ufeff")
        if not stripped:
            continue
        start = line.start() + line.group().index(stripped)
        end = start + len(stripped)
        if blocks and text.count("\n", blocks[-1][1], start) == 1 and _joins(text[blocks[-1][0]:blocks[-1][1]], stripped):
            blocks[-1] = (blocks[-1][0], end)
        else:
            blocks.append((start, end))
    return blocks


def _joins(before: str, line: str) -> bool:
    if _LIST_ITEM.match(line) or _TERMINAL.search(before):
        return False
    last = before[before.rfind("\n") + 1:]
    return bool(_CONTINUES.match(line) or _UNFINISHED.search(last))


def find_sentences(text: str, quotes: list[Quote] | None = None) -> list[tuple[int, int, int]]:
    """Split a text into sentences.

    The splitter is nupunkt's (Punkt; Kiss and Strunk 2006, doi.org/10.1162/coli.2006.32.4.485), trained on English; on
    it stand four rules: no sentence runs over two blocks; none ends inside a quotation; none ends after a title or
    initial; one ends where the space after its full stop was lost.

    Returns
    -------
    list of (start, end, block)
        Without the white space around them; together they cover all other characters.
    """
    quotes = find_quotes(text) if quotes is None else quotes
    closed = [(q.start, q.end) for q in quotes if q.balanced]
    sentences = []
    for number, (start, end) in enumerate(find_blocks(text)):
        inside = [(max(s, start), min(e, end)) for s, e in closed if s < end and e > start]
        cuts = _cuts(text[start:end])
        kept = [c for c in cuts if not any(s < start + c < e for s, e in inside)]
        edges = [0, *kept, end - start]
        for a, b in zip(edges, edges[1:]):
            piece = text[start + a:start + b]
            lead = len(piece) - len(piece.lstrip())
            if piece.strip():
                sentences.append((start + a + lead, start + a + lead + len(piece.strip()), number))
    return sentences


def _cuts(block: str) -> list[int]:
    """Offsets in a block at which a new sentence begins."""
    seen = {b for _, b in nupunkt.sent_spans(block.translate(_PLAIN)) if b < len(block)}
    cuts = {m.start() for m in _LOST_SPACE.finditer(block)}
    for boundary in _BOUNDARY.finditer(block):
        before, after = block[:boundary.end()].rstrip(), block[boundary.end():]
        if _TITLES.search(before) and not (_ADDRESS.search(before) and _STARTERS.match(after)):
            continue
        if _MONTHS.search(before) and after[0].isdigit():
            continue
        if boundary.end() in seen or _surely_ends(before, after):
            cuts.add(boundary.end())
    return sorted(cuts)


def _surely_ends(before: str, after: str) -> bool:
    """Whether a sentence ends here though the splitter saw no end: after a word in small letters or a closed mark, or
    after initials where the next word is one that opens sentences."""
    if _INITIALS.search(before):
        return bool(_STARTERS.match(after)) and "." in before[-4:-1]
    return _SURE_END.search(before) is not None
