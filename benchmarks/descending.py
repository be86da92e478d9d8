"""Families of articles made from real ones, with where every word came from; `benchmarks.descent`
says how.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import regex

from analysis.io.article import Article
from analysis.text.scan import scan
from analysis.text.sentences import find_sentences

CHANGED = (0.0, 0.05, 0.1, 0.2, 0.3)
SCENARIOS = {"hidden": 0.5, "kept": 0.25, "chain": 0.15, "speech": 0.1}
AGENCIES = ("Reuters", "the Associated Press", "Agence France-Presse")
MOST_WORDS = 900  # of a source or a host; longer ones are cut at a paragraph
HOURS = 6.0  # mean delay of a copy
SAME_OUTLET = 0.25  # copies of a copy that are of its outlet, such as an update
WRONG_DATE = 0.04  # articles that carry the date of an update or of a crawl
_WORD = regex.compile(r"\S+\s*")


@dataclass
class Draft:
    """A text being made: pieces of text, each with the articles that it passed through, the latest
    last, and its word in the first of them.
    """

    name: str
    pieces: list[str] = field(default_factory=list)
    chains: list[tuple[str, ...]] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    sentence: list[int] = field(
        default_factory=list
    )  # of each piece, in order, for those who copy from it

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def add(
        self,
        pieces: list[str],
        chains: list[tuple[str, ...]],
        words: list[int],
        *,
        own: bool = False,
    ) -> None:
        """Put pieces at the end, as a sentence; -1 stands for words of its own."""
        number = self.sentence[-1] + 1 if self.sentence else 0
        place = len(self.pieces)
        self.pieces += pieces
        self.chains += [(self.name,) if own else (*chain, self.name) for chain in chains]
        self.words += [place + i if word < 0 else word for i, word in enumerate(words)]
        self.sentence += [number] * len(pieces)


@dataclass(frozen=True)
class Family:
    """Articles that were made, and the truth about them.

    Attributes
    ----------
    scenario : str
        "hidden" (the source is not among the articles), "kept", "chain" (kept or not, each from the
        one before) or "speech".
    changed : float
        Share of copied words that were changed.
    articles : list of Article
    drafts : dict of Draft
        The hidden source's too.
    source : str
    """

    scenario: str
    changed: float
    articles: list[Article]
    drafts: dict[str, Draft]
    source: str

    @property
    def missing(self) -> bool:
        return self.source not in {article.article_id for article in self.articles}


def make(articles: pd.DataFrame, families: int, *, seed: int = 0, most: int = 8) -> list[Family]:
    """Make families of articles; no real article is used twice until all are.

    Parameters
    ----------
    articles : DataFrame
        id, outlet, text.
    families : int
    seed : int
    most : int
        Articles of a family, besides its source.
    """
    rng = np.random.default_rng(seed)
    order = iter(
        np.concatenate(
            [rng.permutation(len(articles)) for _ in range(1 + 12 * families // len(articles))]
        )
    )
    texts, outlets = articles["text"].tolist(), articles["outlet"].fillna("").tolist()
    some = rng.choice(len(texts), size=min(200, len(texts)), replace=False)
    vocabulary = [w for i in some for w in texts[i].split() if w.isalpha() and w.isascii()]
    return [_family(f"f{n}", texts, outlets, order, vocabulary, rng, most) for n in range(families)]


def owners(draft: Draft) -> tuple[list[tuple[str, ...]], list[int]]:
    """The chain of each word of a draft's text as extraction counts words, and its place in the
    source's pieces.
    """
    edges = np.cumsum([len(piece) for piece in draft.pieces])
    place = np.searchsorted(edges, scan(draft.text)[0], side="right")
    return [draft.chains[i] for i in place], [draft.words[i] for i in place]


def _family(name: str, texts, outlets, order, vocabulary, rng, most: int) -> Family:
    size = most + 1
    while size > most:
        scenario = rng.choice(list(SCENARIOS), p=list(SCENARIOS.values()))
        changed = float(rng.choice(CHANGED))
        size = int(rng.integers(2, {"chain": 4, "speech": 5}.get(str(scenario), 9)))
    first = int(next(order))
    source = _draft(f"{name}-0", texts[first])
    drafts, outlet = {source.name: source}, {source.name: outlets[first]}
    if scenario in ("hidden", "chain") and rng.random() < 0.5:
        outlet[source.name] = str(rng.choice(AGENCIES))
    parents: dict[str, list[str]] = {}
    quotation = _quotation(source, rng)
    for k in range(1, size + 1):
        host = int(next(order))
        child = Draft(f"{name}-{k}")
        made = [d for d in drafts if d != source.name]
        if scenario == "chain":
            from_ = [list(drafts)[-1]]
        elif made and rng.random() < 0.2:
            from_ = [str(rng.choice(made))]
        elif made and rng.random() < 0.25:
            from_ = [source.name, str(rng.choice(made))]
        else:
            from_ = [source.name]
        parents[child.name] = from_
        again = from_[-1] != source.name and rng.random() < SAME_OUTLET
        outlet[child.name] = outlet[from_[-1]] if again else outlets[host]
        host_draft = _draft(child.name, texts[host])
        if scenario == "speech":
            _speak(child, host_draft, source, quotation, rng)
        else:
            _compose(
                child,
                [drafts[p] for p in from_],
                [outlet[p] for p in from_],
                host_draft,
                changed,
                vocabulary,
                rng,
            )
        drafts[child.name] = child
    kept = scenario == "kept" or scenario == "chain" and rng.random() < 0.5
    dates = _dates(drafts, parents, rng)
    made = [
        Article(d.name, d.text, "en", {"outlet": outlet[d.name], "published": dates[d.name]})
        for d in drafts.values()
        if d.name != source.name or kept
    ]
    order_of = rng.permutation(len(made))
    return Family(str(scenario), changed, [made[i] for i in order_of], drafts, source.name)


def _draft(name: str, text: str) -> Draft:
    """An article as pieces, at most `MOST_WORDS` of them."""
    draft = Draft(name)
    spans = find_sentences(text)
    for k, (start, _, _) in enumerate(spans):
        stop = spans[k + 1][0] if k + 1 < len(spans) else len(text)
        pieces = _WORD.findall(text[start:stop])
        if draft.pieces and len(draft.pieces) + len(pieces) > MOST_WORDS:
            break
        draft.add(pieces, [()] * len(pieces), [-1] * len(pieces), own=True)
    if draft.pieces and not draft.pieces[-1][-1].isspace():
        draft.pieces[-1] += "\n\n"
    return draft


def _compose(
    child: Draft,
    parents: list[Draft],
    outlets: list[str],
    host: Draft,
    changed: float,
    vocabulary,
    rng,
) -> None:
    """Copied sentences of the parents among the host's own, some cut, changed or credited."""
    blocks = [_taken(parent, changed, vocabulary, rng) for parent in parents]
    credit = rng.random() < 0.4
    own = _sentences(host)
    n_own = int(rng.integers(0, max(len(own), 1)) * rng.choice([0.2, 0.5, 1.0]))
    lead = int(rng.integers(0, n_own + 1)) if rng.random() < 0.6 else 0
    for row in own[:lead]:
        _put(child, host, row)
    rest = own[lead:n_own]
    if credit:
        outlet = outlets[0] or "Reuters"
        _say(
            child,
            rng.choice(
                [
                    f"As {outlet} reported, the matter is not closed. ",
                    f"According to {outlet}, more is to come. ",
                    f"({outlet}) — ",
                    f"This was first reported by {outlet}. ",
                ]
            ),
        )
    had: set[tuple[str, int]] = set()
    for block in blocks:
        taken = {
            (chain[0], word)
            for _, chains, words in block
            for chain, word in zip(chains, words)
            if chain
        }
        for pieces, chains, words in block:
            if (
                np.mean(
                    [bool(chain) and (chain[0], word) in had for chain, word in zip(chains, words)]
                )
                > 0.3
            ):
                continue  # no one tells the same twice
            child.add(pieces, chains, words)
            if rest and rng.random() < 0.12:
                _put(child, host, rest.pop(0))
        had |= taken
    for row in rest:
        _put(child, host, row)


def _taken(parent: Draft, changed: float, vocabulary, rng) -> list:
    """What is copied of a parent: its beginning, some runs of sentences, one to three sentences, or
    all; sentences may lose a part.
    """
    rows = _sentences(parent)
    way = rng.random()
    if way < 0.35:
        rows = rows[: max(1, int(np.ceil(rng.uniform(0.3, 0.9) * len(rows))))]
    elif way < 0.55:
        at = int(rng.integers(0, len(rows)))
        rows = rows[at : at + int(rng.integers(1, 4))]
    elif way < 0.9:
        kept, at = [], int(rng.integers(0, 3))
        while at < len(rows):
            run = int(rng.integers(1, 6))
            kept += rows[at : at + run]
            at += run + int(rng.integers(1, 6))
        rows = kept or rows[:2]
    cut = rng.random() < 0.4
    out = []
    for low, high in rows:
        if cut and high - low > 20 and rng.random() < 0.3:
            low, high = (
                (low + int(rng.integers(4, 9)), high)
                if rng.random() < 0.5
                else (low, high - int(rng.integers(4, 9)))
            )
        out.append(_spun(parent, low, high, changed, vocabulary, rng))
    return [block for block in out if block[0]]


def _spun(
    parent: Draft, low: int, high: int, changed: float, vocabulary, rng
) -> tuple[list, list, list]:
    """A stretch with some of its words replaced, left out, or given a word before them; new words
    are the child's own.
    """
    pieces, chains, words = [], [], []
    ways = rng.random(high - low)
    for i, way in zip(range(low, high), ways):
        new = (vocabulary[int(rng.integers(len(vocabulary)))], (), -1)
        old = (parent.pieces[i], parent.chains[i], parent.words[i])
        if way < 0.6 * changed:
            space = old[0][len(old[0].rstrip()) :]
            made = [(new[0] + space, *new[1:])]
        elif way < 0.8 * changed:
            made = []
        elif way < changed:
            made = [(new[0] + " ", *new[1:]), old]
        else:
            made = [old]
        for piece, chain, word in made:
            pieces.append(piece)
            chains.append(chain)
            words.append(word)
    return pieces, chains, words


def _sentences(draft: Draft) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.r_[-1, draft.sentence, 1 << 30]))
    return list(zip(edges[:-1].tolist(), edges[1:].tolist()))


def _put(child: Draft, host: Draft, row: tuple[int, int]) -> None:
    low, high = row
    child.add(host.pieces[low:high], [()] * (high - low), [-1] * (high - low), own=True)


def _say(child: Draft, sentence: str) -> None:
    pieces = _WORD.findall(str(sentence))
    child.add(pieces, [()] * len(pieces), [-1] * len(pieces), own=True)


def _quotation(source: Draft, rng) -> tuple[int, int]:
    """A sentence or two to be quoted."""
    rows = [
        (low, high) for low, high in _sentences(source) if 12 <= high - low <= 45
    ] or _sentences(source)[:1]
    return rows[int(rng.integers(len(rows)))]


def _speak(child: Draft, host: Draft, speech: Draft, quotation: tuple[int, int], rng) -> None:
    """The host with a speaker's words quoted in it."""
    own = _sentences(host)
    at = int(rng.integers(1, max(len(own), 2)))
    low, high = quotation
    pieces = [regex.sub(r"[“”\"]", "", piece) for piece in speech.pieces[low:high]]
    pieces[0], pieces[-1] = "“" + pieces[0], pieces[-1].rstrip() + "” "
    for row in own[:at]:
        _put(child, host, row)
    child.add(pieces, speech.chains[low:high], speech.words[low:high])
    _say(
        child, rng.choice(["he told reporters. ", "she said on the steps. ", "the speaker said. "])
    )
    for row in own[at:]:
        _put(child, host, row)


def _dates(drafts: dict[str, Draft], parents: dict[str, list[str]], rng) -> dict[str, str]:
    """When each was published, as its page says: with the time, as a day, or not at all; some say
    the wrong day.
    """
    when = {}
    start = pd.Timestamp("2020-01-01", tz="UTC") + pd.Timedelta(
        hours=float(rng.uniform(0, 24 * 365))
    )
    for name in drafts:
        latest = max((when[p] for p in parents.get(name, ())), default=start)
        when[name] = latest + pd.Timedelta(
            hours=float(rng.exponential(HOURS)) if name in parents else 0.0
        )
    form = rng.choice(["time", "day", "mixed", "none", "equal"], p=[0.25, 0.25, 0.3, 0.1, 0.1])
    said = {}
    for name, moment in when.items():
        if rng.random() < WRONG_DATE:
            moment = moment + pd.Timedelta(hours=float(rng.exponential(48) * rng.choice([-1, 1])))
        this = str(rng.choice(["time", "day", "none"])) if form == "mixed" else form
        said[name] = {
            "time": moment.isoformat(timespec="seconds"),
            "day": moment.date().isoformat(),
            "none": "",
            "equal": start.date().isoformat(),
        }[this]
    return said
