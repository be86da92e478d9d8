"""Coverage: how many articles hold each name, word and entry of a codebook, and whom it lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd

from analysis.codebook import Codebook
from analysis.corpus import Corpus
from analysis.io.article import Article
from analysis.matching import Matcher
from analysis.suggest import Named, cleaned, find_named, spread
from analysis.text.tokens import words_of

LACKED = 5  # people named whom no actor covers
_SAID = 8  # words named one by one
_COLUMNS = ["kind", "entry", "word", "n_articles"]


def coverage(corpus: Corpus) -> pd.DataFrame:
    """How many articles hold each word of the codebook.

    Of more than 2,000 articles, as many evenly spread ones are read.

    Parameters
    ----------
    corpus : Corpus
        With its texts.

    Returns
    -------
    DataFrame
        One row an actor's name or alias, a frame's word, a dictionary's entry; and one row with an
        empty `word` for each actor, frame and dictionary as a whole.

        ==========  ========  ==============================================
        column      unit      meaning
        ==========  ========  ==============================================
        kind                  "actor", "frame" or "dictionary"
        entry                 key of the codebook
        word                  as the codebook has it; empty for all together
        n_articles  articles  that hold it, of `attrs["n_articles"]` read
        ==========  ========  ==============================================

    Raises
    ------
    TextsNeeded
        If the texts are not on this machine.
    """
    return _count(_read(corpus), corpus.codebook)


def _read(corpus: Corpus) -> list[Article]:
    return cleaned(spread(list(corpus.articles())), corpus.clean)


def _count(articles: Sequence[Article], codebook: Codebook) -> pd.DataFrame:
    names = {
        (key, name): tuple(words_of(name))
        for key, actor in codebook.actors.items()
        for name in dict.fromkeys([actor["name"], *actor.get("aliases", [])])
    }
    matchers = [(entry, Matcher(entry)) for entry in codebook.entries]
    longest = max(map(len, names.values()), default=0)
    counts: Counter[tuple[str, str, str]] = Counter()
    for article in articles:
        words = words_of(article.text)
        runs = {tuple(words[i : i + n]) for n in range(1, longest + 1) for i in range(len(words))}
        held = {("actor", *place) for place, run in names.items() if run in runs}
        for entry, matcher in matchers:
            places = [i for i, word in enumerate(words) if matcher.opens(word)]
            found = matcher.find(words, places=places)
            held |= {(entry.kind, entry.name, pattern) for _, _, pattern in found}
        counts.update(held | {(kind, name, "") for kind, name, _ in held})
    listed = [("actor", key, name) for key, name in names]
    listed += [(e.kind, e.name, pattern) for e in codebook.entries for pattern in e.weights]
    wholes = dict.fromkeys((kind, entry, "") for kind, entry, _ in listed)
    rows = [(*place, counts[place]) for place in (*wholes, *listed)]
    table = pd.DataFrame(rows, columns=_COLUMNS)
    table.attrs["n_articles"] = len(articles)
    return table


def lacked(corpus: Corpus, *, most: int = LACKED) -> list[Named]:
    """Whom many English articles name, and no actor of the codebook covers.

    Parameters
    ----------
    corpus : Corpus
        With its texts.
    most : int
        How many to name.

    Returns
    -------
    list of Named
        In at least a tenth of the articles read, those in most first.
    """
    articles = _read(corpus)
    covered = {
        tuple(words_of(name))
        for actor in corpus.codebook.actors.values()
        for name in (actor["name"], *actor.get("aliases", []))
    }
    enough = max(2, len(articles) / 10)
    found = [one for one in find_named(articles) if len(one.articles) >= enough]
    return [one for one in found if not _covers(covered, one)][:most]


def _covers(covered: set[tuple[str, ...]], one: Named) -> bool:
    """Whether some name of the codebook stands within a person's or body's own."""
    words = tuple(words_of(one.name))
    runs = {words[i:j] for i in range(len(words)) for j in range(i + 1, len(words) + 1)}
    return not covered.isdisjoint(runs | {tuple(words_of(alias)) for alias in one.aliases})


def coverage_lines(corpus: Corpus) -> list[str]:
    """The coverage of a codebook, as `twicetold check` says it.

    Parameters
    ----------
    corpus : Corpus
        With its texts.

    Returns
    -------
    list of str
        A line for each actor, frame and dictionary, and one for whoever is lacked.
    """
    table = coverage(corpus)
    n = table.attrs["n_articles"]
    lines = []
    for (kind, entry), words in table.groupby(["kind", "entry"], sort=False):
        whole = int(words.loc[words["word"] == "", "n_articles"].iloc[0])
        words = words[words["word"] != ""].sort_values("n_articles", ascending=False, kind="stable")
        used, idle = words[words["n_articles"] > 0], words[words["n_articles"] == 0]["word"]
        shown = used[["word", "n_articles"]].head(_SAID).itertuples(index=False, name=None)
        said = ", ".join(f"{word} {count}" for word, count in shown)
        said += ", …" if len(used) > _SAID else ""
        if kind == "dictionary":
            said = f"{len(used):,} of its {len(words):,} entries occur; most often {said}"
        elif len(idle):
            said += f"{'; ' if said else ''}in none: {', '.join(idle.head(_SAID))}"
            said += ", …" if len(idle) > _SAID else ""
        lines.append(f"{kind} {entry}: in {whole} of {n} articles ({said})")
    if missing := lacked(corpus):
        who = ", ".join(f"{one.name} ({len(one.articles)} articles)" for one in missing)
        lines.append(
            f"named often, but no actor: {who}; `twicetold suggest {corpus.name}` lists more"
        )
    return lines
