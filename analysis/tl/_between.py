"""Words between outlets: which passages count, whose words they are, and who shares with whom."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.comparison import SHARE_LIMITS, compare_groups, ratio_bounds
from analysis.groups import Grouping
from analysis.inference import generator
from analysis.reuse.corpus_words import outlet_codes
from analysis.reuse.marks import CREDITED
from analysis.reuse.passages import cover, covered_words
from analysis.reuse.sources import Sources
from analysis.views import word_sums

BETWEEN, WITHIN, NO_EVIDENCE = EVIDENCE = ("between", "within", "none")
AGENCY_CREDITED, AGENCY_UNCREDITED = "agency_credited", "agency_uncredited"
OUTLETS_CREDITED, OUTLETS_UNCREDITED = "outlets_credited", "outlets_uncredited"
# in the order in which one gives way to the next where a word is of several
SOURCES = (
    "own",
    OUTLETS_UNCREDITED,
    AGENCY_UNCREDITED,
    OUTLETS_CREDITED,
    AGENCY_CREDITED,
    "quoted",
)
# counted beside them
COUNTED_WORDS = ("shared", "shared_quoted", "rewritten", "within_outlet")
TOTALS = ("shared", "rewritten", "agency", "outlets")
BETWEEN_COLUMNS = ["taker", "giver", "n_passages", "n_articles", "words", "share", "low", "high"]
BETWEEN_COLUMNS += ["credited", "quoted", "uncredited"]
TOTAL_COLUMNS = ["group", "words", "share", "others_words", "others_share"]
WITHIN_COLUMNS = ["group", "n_pairs", "n_passages", "n_articles", "words", "share"]
CREDIT_COLUMNS = ["taker", "source", "agency", "in_corpus", "n_credits", "n_articles"]
CREDIT_COLUMNS += ["words", "share"]


def parties(articles: pd.DataFrame) -> np.ndarray:
    """Between whom words are shared: a number for each outlet, another for each unknown one.

    In a corpus of one outlet each article is a party.
    """
    codes = outlet_codes(articles["outlet"]).astype(np.int64)
    alone = codes < 0
    if not alone.any() and len(np.unique(codes)) == 1:
        alone[:] = True
    return np.where(alone, len(codes) + np.arange(len(codes)), codes)


def evidence_of(table: pd.DataFrame, articles: pd.DataFrame) -> np.ndarray:
    """Of what each passage is evidence: see `tl.reuse`."""
    places, party = pd.Index(articles["article_id"]), parties(articles)
    a, b = (party[places.get_indexer(table[side])] for side in "ab")
    lines = table[["a_mark", "b_mark"]].eq("credit line").any(axis=1).to_numpy(bool)
    nothing = table["boilerplate"].to_numpy(bool) | lines
    found = np.select([nothing, a == b], [NO_EVIDENCE, WITHIN], BETWEEN)
    return found.astype(object)


def sides_of(table: pd.DataFrame, articles: pd.DataFrame, sources: Sources) -> pd.DataFrame:
    """Passages that are evidence, from both their sides.

    Returns
    -------
    DataFrame
        passage, evidence, verbatim; article, other (numbers); first, words (in the article); mark;
        credited; source (whom it is credited to, if so); part: of the article's `SOURCES`.
    """
    places = pd.Index(articles["article_id"])
    table = table[table["evidence"] != NO_EVIDENCE]
    outlets = articles["outlet"].fillna("").to_numpy(object)
    of_agency = sources.agencies(outlets)
    codes = {side: places.get_indexer(table[side]) for side in "ab"}
    other = dict(zip("ab", "ba"))
    credited, source, agency = {}, {}, {}
    for side in "ab":
        credited[side] = table[f"{side}_mark"].isin(CREDITED).to_numpy(bool)
        name = table[f"{side}_credit"].fillna("").to_numpy(object)
        theirs = table[f"{side}_credits_{other[side]}"].fillna(False).to_numpy(bool)
        outlet = outlets[codes[other[side]]]
        named = np.where(theirs & (outlet != ""), outlet, sources.resolve(name))
        source[side] = np.where(credited[side], named, "")
        agency[side] = credited[side] & sources.agencies(source[side])
        # "a wire service reported": who it was, only the other may tell
        agency[side + "?"] = credited[side] & (name == "")
    parts = []
    for side, beside in ("ab", "ba"):
        theirs = agency[beside] | of_agency[codes[beside]]
        from_agency = np.where(
            credited[side], agency[side] | agency[side + "?"] & theirs, theirs
        ).astype(bool)
        parts.append(
            pd.DataFrame(
                {
                    "passage": table["passage"].to_numpy(),
                    "evidence": table["evidence"].to_numpy(object),
                    "verbatim": (table["kind"] == "verbatim").to_numpy(),
                    "article": codes[side].astype(np.int64),
                    "other": codes[beside].astype(np.int64),
                    "first": table[f"{side}_position"].to_numpy(np.int64),
                    "words": table[f"{side}_words"].to_numpy(np.int64),
                    "mark": table[f"{side}_mark"].to_numpy(object),
                    "credited": credited[side],
                    "source": source[side],
                    "part": np.select(
                        [credited[side] & from_agency, credited[side], from_agency],
                        [AGENCY_CREDITED, OUTLETS_CREDITED, AGENCY_UNCREDITED],
                        OUTLETS_UNCREDITED,
                    ),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def sentence_parts(
    article: np.ndarray,
    n_words: np.ndarray,
    sides: pd.DataFrame,
    quoted: np.ndarray,
    statements: pd.DataFrame,
    bounds: np.ndarray,
) -> pd.DataFrame:
    """Words of each sentence by part, and how many of them are shared, rewritten and so on.

    Parameters
    ----------
    article, n_words : int arrays of shape (n_sentences,)
    sides : DataFrame
        As `sides_of` gives them.
    quoted : bool array of shape (n_words,)
        As `analysis.views.quoted_mask` gives it.
    statements : DataFrame
        As `Sources.statements` gives them.
    bounds : int array of shape (n_articles + 1,)
        Where each article's words begin.

    Returns
    -------
    DataFrame
        article (its number), n_words, `SOURCES`, `COUNTED_WORDS`.
    """
    edges = np.r_[0, np.cumsum(n_words)]
    first = bounds[sides["article"]] + sides["first"].to_numpy()
    end = first + sides["words"].to_numpy()

    def inside(*chosen: tuple) -> np.ndarray:
        """Whether each word of the corpus stands in some of these stretches."""
        words = np.zeros(bounds[-1], bool)
        for rows, begin, stop in chosen:
            cover(words, begin[rows], stop[rows])
        return words

    said = statements["first"].to_numpy(np.int64)
    said_end = said + statements["n_words"].to_numpy(np.int64)
    agency = statements["agency"].to_numpy(bool)
    between = (sides["evidence"] == BETWEEN).to_numpy()
    part = np.zeros(bounds[-1], np.uint8)
    for number, name in enumerate(SOURCES[1:-1], start=1):
        rows = between & (sides["part"] == name).to_numpy()
        told = {OUTLETS_CREDITED: ~agency, AGENCY_CREDITED: agency}.get(name, agency & ~agency)
        part[inside((rows, first, end), (told, said, said_end))] = number
    part[quoted] = SOURCES.index("quoted")
    counts = {name: word_sums(part == number, edges) for number, name in enumerate(SOURCES)}
    shared = inside((between, first, end))
    equal = inside((between & sides["verbatim"].to_numpy(), first, end))
    masks = (shared, shared & quoted, shared & ~equal, inside((~between, first, end)))
    counts |= {name: word_sums(mask, edges) for name, mask in zip(COUNTED_WORDS, masks)}
    return pd.DataFrame({"article": article, "n_words": n_words, **counts})


def compose(
    units: pd.DataFrame, grouping: Grouping, *, draws: int, level: float, seed: int
) -> pd.DataFrame:
    """The share of each part in the words of each group, with intervals.

    Parameters
    ----------
    units : DataFrame
        As `sentence_parts` gives them.
    grouping : Grouping
    draws, level, seed
        See `tl.reuse`.
    """
    columns = [*SOURCES, *TOTALS]
    if units.empty:  # articles without a word
        units = pd.DataFrame(0, index=[0], columns=units.columns)
    units = units.assign(
        agency=units[AGENCY_CREDITED] + units[AGENCY_UNCREDITED],
        outlets=units[OUTLETS_CREDITED] + units[OUTLETS_UNCREDITED],
    )
    words, article = units[columns].to_numpy(float), units["article"].to_numpy()
    group = grouping.codes[article]
    compared = compare_groups(
        words,
        units["n_words"].to_numpy(float),
        group,
        article,
        grouping.names,
        what="reuse",
        draws=draws,
        level=level,
        seed=seed,
    )
    sums = np.zeros((len(grouping.names), len(columns)))
    np.add.at(sums, group[group >= 0], words[group >= 0])
    sums = sums.astype(np.int64)
    parts = [
        pd.DataFrame(
            {
                "group": grouping.names,
                "part": column,
                "words": sums[:, j],
                **compared.columns("share", j, SHARE_LIMITS),
                "unit": compared.unit,
                "n_articles": grouping.sizes,
            }
        )
        for j, column in enumerate(columns)
    ]
    table = pd.concat(parts, ignore_index=True)
    order = np.arange(len(table)).reshape(len(columns), len(grouping.names)).T.ravel()
    return table.iloc[order].reset_index(drop=True)


def _covered(rows: pd.DataFrame, keys: list[np.ndarray], shape: tuple[int, ...]) -> pd.Series:
    """Words that stretches cover, each once, by the numbers in `keys`."""
    key = np.ravel_multi_index(keys, shape)
    words = covered_words(key, rows["first"].to_numpy(), rows["words"].to_numpy())
    return pd.Series(words, np.unique(key))


def without_periods(grouping: Grouping) -> tuple[np.ndarray, list[str]]:
    """Number and names of the groups without their day, week or month, if they have other names."""
    series = grouping.table["series"].to_numpy(object)
    if not grouping.over_time or not (series != "").all():
        return grouping.codes, grouping.names
    numbers, names = pd.factorize(series)
    return np.where(grouping.codes < 0, -1, numbers[grouping.codes]), names.tolist()


def between_groups(
    sides: pd.DataFrame,
    codes: np.ndarray,
    names: list[str],
    sizes: np.ndarray,
    *,
    draws: int,
    level: float,
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Who shares with whom, what each shares in all, and what within one outlet or group.

    Parameters
    ----------
    sides : DataFrame
        As `sides_of` gives them.
    codes : int array of shape (n_articles,)
        The group of each article; -1 for those left out.
    names : list of str
        Of the groups.
    sizes : int array of shape (n_articles,)
        Words of the articles.
    draws, level, seed
        See `tl.reuse`.

    Returns
    -------
    between, totals, within : DataFrame
    """
    group, other = codes[sides["article"]], codes[sides["other"]]
    apart = (sides["evidence"] == BETWEEN).to_numpy() & (group != other)
    kept = (group >= 0) & (other >= 0)
    n_words = np.bincount(codes[codes >= 0], sizes[codes >= 0], len(names))
    rows = sides.assign(group=group, giver=other, apart=apart)[kept]
    between, by_article = _matrix(rows[rows["apart"]], len(codes), len(names))
    drawing = {"draws": draws, "level": level, "seed": seed}
    between["low"], between["high"] = _bounds(between, by_article, codes, names, sizes, drawing)
    between["share"] = between["words"] / np.maximum(n_words[between["taker"]], 1)
    totals = _totals(rows[rows["apart"]], between, codes, n_words).assign(group=names)
    label = np.array([*names, ""], object)
    between["taker"], between["giver"] = (label[between[c]] for c in ("taker", "giver"))
    inside = rows[~rows["apart"]]
    pairs = inside[["group", "article", "other"]].assign(
        low=inside[["article", "other"]].min(axis=1), high=inside[["article", "other"]].max(axis=1)
    )
    counted = pd.DataFrame({"group": np.arange(len(names))})
    counted["n_pairs"] = _distinct(pairs, ["group", "low", "high"], len(names))
    counted["n_passages"] = _distinct(inside, ["group", "passage"], len(names))
    counted["n_articles"] = _distinct(inside, ["group", "article"], len(names))
    words = _covered(inside, [inside["article"].to_numpy()], (len(codes),))
    counted["words"] = np.bincount(codes[words.index], words, len(names)).astype(np.int64)
    counted["share"] = counted["words"] / np.maximum(n_words, 1)
    counted["group"] = names
    return (
        between[BETWEEN_COLUMNS].reset_index(drop=True),
        totals[TOTAL_COLUMNS],
        counted[WITHIN_COLUMNS],
    )


def _totals(
    rows: pd.DataFrame, between: pd.DataFrame, codes: np.ndarray, n_words: np.ndarray
) -> pd.DataFrame:
    """Words that each group shares with any other, each once; and of all others, with it."""
    covered = _covered(rows, [rows["article"].to_numpy()], (len(codes),))
    words = np.bincount(codes[covered.index], covered, len(n_words)).astype(np.int64)
    others = np.bincount(between["giver"], between["words"], len(n_words)).astype(np.int64)
    totals = pd.DataFrame({"words": words, "share": words / np.maximum(n_words, 1)})
    rest = np.maximum(n_words.sum() - n_words, 1)
    return totals.assign(others_words=others, others_share=others / rest)


def _distinct(rows: pd.DataFrame, columns: list[str], n: int) -> np.ndarray:
    return np.bincount(rows[columns].drop_duplicates()["group"].astype(np.int64), minlength=n)


def _bounds(
    between: pd.DataFrame,
    by_article: pd.DataFrame,
    codes: np.ndarray,
    names: list[str],
    sizes: np.ndarray,
    drawing: dict,
) -> np.ndarray:
    """Bounds of the shares of words, if other articles of the taker had been drawn."""
    found = np.full((2, len(between)), np.nan)
    for taker, rows in between.reset_index().groupby("taker").indices.items():
        articles = np.flatnonzero(codes == taker)
        if len(articles) < 2:
            continue
        mine = by_article[by_article["taker"] == taker]
        giver = pd.Index(between["giver"].iloc[rows]).get_indexer(mine["giver"])
        words = np.zeros((len(articles), len(rows)))
        words[np.searchsorted(articles, mine["article"]), giver] = mine["words"]
        rng = generator(drawing["seed"], "reuse between", names[taker])
        bounds = ratio_bounds(
            words, sizes[articles], draws=drawing["draws"], level=drawing["level"], rng=rng
        )
        found[:, rows] = np.clip(bounds, *SHARE_LIMITS)
    return found


def _matrix(
    rows: pd.DataFrame, n_articles: int, n_groups: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Counts for each two groups that share, those that share most words first.

    And the words of each article (article, taker, giver, words).
    """
    shape = (n_articles, n_groups)
    mark = rows["mark"].astype(object)
    credited = rows["credited"].to_numpy(bool)
    chosen = {
        "credited": credited,
        "quoted": credited | (mark == "quoted").to_numpy(bool),
        "words": np.ones(len(rows), bool),
    }
    counts = pd.DataFrame(
        {
            name: _covered(some, [some[c].to_numpy() for c in ("article", "giver")], shape)
            for name, some in ((name, rows[which]) for name, which in chosen.items())
        }
    ).fillna(0)
    article, giver = np.unravel_index(counts.index.to_numpy(np.int64), shape)
    group = rows.drop_duplicates("article").set_index("article")["group"]
    taker = group.reindex(article).to_numpy(np.int64)
    counts = counts.assign(article=article, taker=taker, giver=giver)
    by_groups = counts.groupby(["taker", "giver"])
    table = by_groups[["words", "credited", "quoted"]].sum().astype(np.int64)
    table["n_articles"] = by_groups.size()
    passages = rows[["group", "giver", "passage"]].drop_duplicates()
    passages = passages.rename(columns={"group": "taker"}).groupby(["taker", "giver"]).size()
    table["n_passages"] = passages.reindex(table.index).astype(np.int64)
    table["uncredited"] = table["words"] - table["quoted"]
    table["quoted"] -= table["credited"]
    table = table.reset_index().sort_values("words", ascending=False, kind="stable")
    return table, counts


def credits_of_groups(
    sides: pd.DataFrame,
    statements: pd.DataFrame,
    codes: np.ndarray,
    names: list[str],
    bounds: np.ndarray,
    sources: Sources,
) -> pd.DataFrame:
    """Who credits whom, how often and for how many words; those credited most first."""
    passages = sides[sides["credited"] & (sides["evidence"] == BETWEEN)]
    rows = pd.concat(
        [
            statements.rename(columns={"n_words": "words"}),
            pd.DataFrame(
                {
                    "article": passages["article"],
                    "source": passages["source"],
                    "first": bounds[passages["article"]] + passages["first"],
                    "words": passages["words"],
                    "n": 0,
                }
            ),
        ],
        ignore_index=True,
    )
    article = rows["article"].to_numpy(np.int64)
    rows = rows.assign(taker=codes[article])[codes[article] >= 0]
    numbers, named = pd.factorize(rows["source"])
    n = max(len(named), 1)
    key = rows["article"].to_numpy(np.int64) * n + numbers
    words = covered_words(key, rows["first"].to_numpy(np.int64), rows["words"].to_numpy(np.int64))
    by_article = pd.DataFrame({"key": np.unique(key), "words": words})
    by_article["n_credits"] = rows.groupby(key)["n"].sum().to_numpy(np.int64)
    article, number = np.divmod(by_article["key"].to_numpy(np.int64), n)
    by_article = by_article.assign(taker=codes[article], source=number)
    grouped = by_article.groupby(["taker", "source"])
    table = grouped[["n_credits", "words"]].sum()
    table["n_articles"] = grouped.size()
    table = table.reset_index().sort_values(
        ["n_articles", "n_credits", "words"], ascending=False, kind="stable"
    )
    sizes = np.bincount(codes[codes >= 0], np.diff(bounds)[codes >= 0], len(names))
    table["share"] = table["words"] / np.maximum(sizes[table["taker"]], 1)
    table["taker"] = np.array([*names, ""], object)[table["taker"]]
    table["source"] = np.array([*named, ""], object)[table["source"]]
    table["agency"] = sources.agencies(table["source"])
    table["in_corpus"] = table["source"].isin(sources.there)
    return table[CREDIT_COLUMNS].reset_index(drop=True)
