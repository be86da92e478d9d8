"""Words that say nothing of how an outlet writes: its names, its authors', credits, formulas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from analysis.features import Features
from analysis.groups import Grouping
from analysis.results import count
from analysis.text.outlets import listed_name, outlets
from analysis.text.tokens import word_hash, words_of

CREDIT_LINES = ("agency_line", "contribution", "photo", "rights")
REPEATED_IN = 3  # articles of one outlet with a sentence, which from then on counts once
_SHORTEST = 2  # words of such a sentence: anybody says "yes" and "why"
_FACTOR = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no word of a sentence is lost


def own_name_words(
    features: Features, known: Mapping[str, dict], groups: Grouping, terms: pd.Index
) -> np.ndarray:
    """Which words are of the name of an outlet of the group, and names in most of their uses there.

    Parameters
    ----------
    features : Features
    known : mapping
        `outlets` of the corpus, whose aliases are names too, as are those of the package's list.
    groups : Grouping
    terms : Index of str
        Words, or phrases, which are an outlet's if one of their words is.

    Returns
    -------
    bool array of shape (n_groups, n_terms)
    """
    articles = features.table("articles", ["article_id", "outlet"])
    outlet = articles["outlet"].fillna("").to_numpy(object)
    said = {name: _words_of_names(name, known) for name in set(outlet) - {""}}
    mine: dict[int, set[str]] = {}
    for group, name in set(zip(groups.codes.tolist(), outlet)):
        if group >= 0 and name:
            mine.setdefault(group, set()).update(said[name])
    found = np.zeros((len(groups.names), len(terms)), bool)
    words = set().union(*mine.values())
    table = features.table("terms", ["article_id", "term", "is_name", "count"])
    table = table.assign(word=_bare(table["term"]))
    table = table[table["word"].isin(words)]
    if table.empty:
        return found
    places = pd.Index(articles["article_id"]).get_indexer(table["article_id"])
    table = table.assign(group=groups.codes[places], names=table["is_name"] * table["count"])
    sums = table.groupby(["group", "word"])[["names", "count"]].sum()
    named = sums.index[(2 * sums["names"] > sums["count"]).to_numpy()]
    own = {group: {w for g, w in named if g == group and w in mine[group]} for group in mine}
    parts = [pd.Index(_bare(pd.Series(part))) for part in _parts(terms)]
    for group, here in own.items():
        found[group] = np.any([part.isin(here) for part in parts], axis=0)
    return found


def _words_of_names(name: str, known: Mapping[str, dict]) -> set[str]:
    listed = listed_name(name)
    forms = [name, *(known.get(name, {}).get("aliases") or ())]
    forms += [form for form, theirs in outlets()[1].items() if listed and theirs == listed]
    return {_plain(word) for form in forms for word in words_of(form)}


def _parts(terms: pd.Index) -> list[list[str]]:
    """The first words of terms, then the second, and so on."""
    split = [term.split(" ") for term in terms]
    return [[words[min(i, len(words) - 1)] for words in split] for i in range(_most(split))]


def _most(split: Iterable[list[str]]) -> int:
    return max(map(len, split), default=0)


def _plain(word: str) -> str:
    return word.removesuffix("'s")


def _bare(words: pd.Series) -> pd.Series:
    return words.str.removesuffix("'s")


def by_their_authors(features: Features, terms: pd.DataFrame) -> np.ndarray:
    """Which rows of `terms` are names of the authors of their articles.

    Parameters
    ----------
    features : Features
    terms : DataFrame
        Of the features, with article_id, term, is_name.

    Returns
    -------
    bool array of shape (n_rows,)
    """
    articles = features.table("articles", ["article_id", "author"])
    authors = articles["author"].fillna("")
    said = authors.map({cell: {_plain(w) for w in words_of(cell)} for cell in set(authors)})
    pairs = pd.DataFrame({"article_id": articles["article_id"], "word": said}).explode("word")
    known = pd.MultiIndex.from_frame(pairs.dropna())
    found = terms["is_name"].to_numpy(bool).copy()
    rows = pd.MultiIndex.from_arrays([terms["article_id"][found], _bare(terms["term"][found])])
    found[found] = rows.isin(known)
    return found


def formula_words(features: Features) -> np.ndarray:
    """Which words of `tokens` stand in a credit line, or in a sentence that the outlet repeats.

    A sentence that stands word by word in `REPEATED_IN` articles of an outlet is one in the first
    of them, and a formula in the others.

    Returns
    -------
    bool array of shape (n_tokens,)
    """
    articles = features.table("articles", ["article_id", "outlet", "n_tokens"])
    tokens = features.table("tokens", ["sentence", "start", "hash"])
    sizes = articles["n_tokens"].to_numpy(np.int64)
    article = np.repeat(np.arange(len(articles)), sizes)
    found = _repeated(tokens, article, articles["outlet"])
    if features.has("credits"):
        found |= _credit_lines(features, tokens, article, pd.Index(articles["article_id"]))
    return found


def _repeated(tokens: pd.DataFrame, article: np.ndarray, outlet: pd.Series) -> np.ndarray:
    sentence = tokens["sentence"].to_numpy(np.int64)
    if not len(sentence):
        return np.zeros(0, bool)
    opens = np.r_[True, (np.diff(article) != 0) | (np.diff(sentence) != 0)]
    first = np.flatnonzero(opens)
    length = np.diff(np.r_[first, len(sentence)])
    place = np.arange(len(sentence)) - np.repeat(first, length)
    weight = np.multiply.accumulate(np.full(length.max(), _FACTOR, np.uint64))
    with np.errstate(over="ignore"):
        said = np.add.reduceat(tokens["hash"].to_numpy(np.uint64) * weight[place], first)
    rows = pd.DataFrame({"said": said, "article": article[first]})
    rows["outlet"] = outlet.fillna("").to_numpy(object)[rows["article"]]
    same = rows[(length >= _SHORTEST) & (rows["outlet"] != "")].groupby(["outlet", "said"])
    rows["n"], rows["first"] = (
        same["article"].transform("nunique"),
        same["article"].transform("min"),
    )
    repeated = (rows["n"] >= REPEATED_IN) & (rows["article"] != rows["first"])
    return np.repeat(repeated.to_numpy(bool), length)


def _credit_lines(
    features: Features, tokens: pd.DataFrame, article: np.ndarray, ids: pd.Index
) -> np.ndarray:
    credits = features.table("credits", ["article_id", "kind", "start", "end"])
    credits = credits[credits["kind"].isin(CREDIT_LINES)]
    inside = np.zeros(len(tokens) + 1, np.int64)
    if credits.empty:
        return inside[:-1].astype(bool)
    start = tokens["start"].to_numpy(np.int64)
    width = int(max(start.max(initial=0), credits["end"].max())) + 1
    places, owner = article * width + start, ids.get_indexer(credits["article_id"]) * width
    for side, step in (("start", 1), ("end", -1)):
        at = np.searchsorted(places, owner + credits[side].to_numpy(np.int64))
        np.add.at(inside, at, step)
    return inside[:-1].cumsum() > 0


def without_formulas(features: Features, terms: pd.DataFrame, left_out: np.ndarray) -> np.ndarray:
    """The counts of the rows of `terms` without words of `tokens` that are left out.

    Parameters
    ----------
    features : Features
    terms : DataFrame
        Of the private features.
    left_out : bool array of shape (n_tokens,)

    Returns
    -------
    int array of shape (n_rows,)
    """
    counts = terms["count"].to_numpy(np.int64)
    keys = ["article_id", "sentence", "hash"]
    gone = features.table("tokens", keys)[left_out].groupby(keys).size()
    if gone.empty:
        return counts
    here = terms["article_id"].isin(set(gone.index.get_level_values(0))).to_numpy()
    some = terms.loc[here, ["article_id", "sentence", "term"]]
    hashes = {word: word_hash(word) for word in set(some["term"])}
    some = some.assign(hash=some["term"].map(hashes).astype(np.uint64))
    taken = gone.reindex(pd.MultiIndex.from_frame(some[keys]), fill_value=0).to_numpy(np.int64)
    counts = counts.copy()
    counts[here] -= taken
    return counts


def left_out_notes(
    names: list[str] | None, left_out: np.ndarray | None, formulas: bool
) -> list[str]:
    """What was left out, for a reader.

    Parameters
    ----------
    names : list of str, optional
        Words of outlets' names that were not compared; None where all were.
    left_out : bool array of shape (n_tokens,), optional
        Words of formulas, where these are known.
    formulas : bool
        Whether formulas count.
    """
    notes = []
    if names is not None:
        few = f" ({', '.join(names[:5])}{', …' * (len(names) > 5)})" if names else " (none here)"
        notes.append(
            f"Not compared: words of an outlet's own name in its group{few}, and authors in their"
            " articles (`own_names`)."
        )
    if left_out is not None and left_out.any():
        n = int(left_out.sum())
        notes.append(
            f"{count(n, 'word')} ({n / len(left_out):.1%}) do not count: credit lines, and"
            f" sentences that {REPEATED_IN} or more articles of an outlet have word by word, but"
            " for the first (`formulas`)."
        )
    elif left_out is None and not formulas:
        notes.append(
            "Credit lines and repeated sentences count: which these are is known only where the"
            " order of words is."
        )
    return notes
