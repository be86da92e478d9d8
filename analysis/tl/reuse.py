"""Reuse: passages that two articles share."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.errors import OptionError
from analysis.features import Features, features_of
from analysis.options import check_choice, check_choices, check_options
from analysis.results import Result, count
from analysis.reuse.corpus_words import SHIPPED_N, CorpusWords, outlet_codes
from analysis.reuse.engines import Dask, Local, in_bytes
from analysis.reuse.marks import CREDITED, MARKS, NAMES, mark
from analysis.reuse.passages import cover, find_families, pair_words
from analysis.reuse.rewrites import PASSAGE_KINDS, SENTENCE_PAIR, matching_share, rewritten_passages
from analysis.reuse.seeds import BOILERPLATE, MANY
from analysis.reuse.spill import Arrays, take
from analysis.reuse.stages import CHARACTERS, Options, find_passages
from analysis.store import Shipment, Ships
from analysis.views import article_credits, origin, publication_days, quoted_mask, word_sums

# share of a passage's words in quotation marks; the "she said" between two quotations belongs to it
MOSTLY_QUOTED = 0.5
STRETCH = ("a_position", "a_words", "b_position", "b_words")
FLAGS = {"boilerplate": BOILERPLATE, "many": MANY}
FIGURES = ("matrix", "alignment", "words")
ALIGNED = 8  # pairs of articles in the figure of alignments


@dataclass(frozen=True, eq=False, repr=False)
class Reuse(Result):
    """Passages that two articles share.

    Attributes
    ----------
    table : DataFrame
        One row a passage, in the order of the articles; a verbatim one may lie inside a rewritten
        one. Columns of side b as those of side a.

        ==================  ======  =============================================================
        column              unit    meaning
        ==================  ======  =============================================================
        passage                     its number, from 1
        kind                        "verbatim", "rewritten" or "summarised"
        a, b                        the articles, in the order of the metadata
        a_position          words   before the passage, in the article
        a_words             words   of the passage
        n_matching          words   equal on both sides; where rewritten, those that have their
                                    like in the other's stretch
        identity            0 to 1  n_matching of the longer side
        similarity          0 to 1  the same; of a summary, n_matching of the summary
        score               ln      log-odds against chance, of what is not verbatim
        meaning             cosine  of the sentences, where that alone made it a passage
        boilerplate                 most of it recurs in 5 articles of one of the two outlets
        many                        most of it stands in 10 articles or more
        a_quoted            0 to 1  of its words inside quotation marks
        quoted                      at least half on both sides
        a_start, a_end      chars   NA where only the shared form was there
        a_mark, a_credit …          how the article presents it: `analysis.reuse.marks.mark`
        ==================  ======  =============================================================
    pairs : DataFrame
        One row for two articles that share a passage.

        ===========  ======  ==============================================================
        column       unit    meaning
        ===========  ======  ==============================================================
        a, b                 the articles
        n_passages           of all kinds
        a_shared     words   of a in verbatim passages
        a_share      0 to 1  `a_shared` of the words of a
        a_rewritten  words   of a in rewritten or summarised passages only
        ===========  ======  ==============================================================
    articles : DataFrame
        One row an article; each word is counted in just one of `own`, `quoted`, `shared`,
        `shared_quoted` and `rewritten`.

        ==================  =====  =============================================================
        column              unit   meaning
        ==================  =====  =============================================================
        article_id
        n_words             words
        own                 words  in no passage, and not quoted
        quoted              words  inside quotation marks, in no verbatim passage
        shared              words  in verbatim passages, not quoted
        shared_quoted       words  in verbatim passages, quoted
        rewritten           words  in other passages only, and not quoted
        shared_credited     words  of `shared`, credited to an outlet, an agency or the other's
                                   author
        rewritten_credited  words  of `rewritten`, likewise
        boilerplate         words  in passages so flagged
        credits                    the agencies and outlets that the article credits
        ==================  =====  =============================================================
    families : DataFrame
        See `analysis.reuse.passages.find_families`.
    sentences : DataFrame
        One row for two sentences that made a passage that is not verbatim: passage, a_sentence,
        b_sentence (numbers, from 0), similarity (cosine of their words).
    """

    pairs: pd.DataFrame
    articles: pd.DataFrame
    families: pd.DataFrame
    sentences: pd.DataFrame

    @property
    def rewrites(self) -> pd.DataFrame:
        """The rows of `table` that are rewritten or summarised."""
        return self.table[self.table["kind"] != "verbatim"]

    @property
    def ranked_pairs(self) -> pd.DataFrame:
        """`pairs`, those first that share most equal words."""
        words = self.pairs["a_shared"] + self.pairs["b_shared"]
        return self.pairs.loc[words.sort_values(ascending=False, kind="stable").index]

    @property
    def shared_share(self) -> pd.Series:
        """Share of each article's words that others have too, equal or rewritten (0 to 1)."""
        table = self.articles.set_index("article_id")
        shared = table[["shared", "shared_quoted", "rewritten"]].sum(axis=1)
        return shared / table["n_words"].clip(lower=1)

    @property
    def finding(self) -> str:
        """How many pairs of articles share passages, and which pair most."""
        return self.finding_of("matrix")

    def finding_of(self, kind: str) -> str:
        """The finding that a figure shows.

        Parameters
        ----------
        kind : {"matrix", "alignment", "words"}
        """
        check_choice("kind", kind, FIGURES)
        return {"matrix": self._pairs, "alignment": self._passages, "words": self._words}[kind]()

    def _pairs(self) -> str:
        n = len(self.articles)
        if n < 2:
            return "One article has no other to share words with"
        verbatim = self.ranked_pairs[self.ranked_pairs["a_shared"] > 0]
        said = (
            f"{len(verbatim)} of {count(n * (n - 1) // 2, 'pair')} share passages of"
            f" {self.params['min_words']}+ equal words"
        )
        if verbatim.empty:
            return said
        words = verbatim["a_shared"] + verbatim["b_shared"]
        best = verbatim.iloc[0]
        tied = " (as others do)" if (words == words.iloc[0]).sum() > 1 else ""
        return (
            f"{said};\n{best['a']} and {best['b']} most: {best['a_shared']} and"
            f" {best['b_shared']} words{tied}"
        )

    def _passages(self) -> str:
        if self.table.empty:
            return "No two articles share a passage"
        verbatim = self.table["kind"] == "verbatim"
        quoted = (verbatim & self.table["quoted"]).sum()
        said = (
            f"{count(int(verbatim.sum()), 'passage')} of equal words (orange; {quoted} quoted on"
            f" both sides, dark blue), {len(self.rewrites)} rewritten (green)"
        )
        if len(self.pairs) <= ALIGNED:
            return said
        return f"{said}; shown are the {ALIGNED} of {len(self.pairs)} pairs that share most words"

    def _words(self) -> str:
        if len(self.articles) < 2:
            return "The article's words"
        share = self.shared_share
        if not share.any():
            return "No article shares words with another"
        return (
            f"{share.idxmax()} shares {share.max():.0%} of its words with others,\n"
            f"{share.idxmin()} {share.min():.0%}"
        )


def reuse(
    corpus: Corpus | Features,
    *,
    n: int = 5,
    min_words: int = 8,
    max_gap: int = 3,
    across_outlets: bool = False,
    within_days: float | None = None,
    max_articles: int | None = 50,
    family_share: float = 0.5,
    kinds: Collection[str] = PASSAGE_KINDS,
    memory_limit: int | str | None = None,
    engine: Local | Dask | None = None,
) -> Reuse:
    """Find passages that articles share: equal words, with small changes among them.

    Every pair of articles that shares a run of `n` equal words is looked at. From the run the
    passage grows to both sides: over words changed, inserted or deleted, as long as more equal
    words than such differences follow, and at most `max_gap` more differences than equal words are
    passed. It ends at equal words, and is a passage if it holds at least `min_words` of them. Words
    are compared without case and punctuation. Who had it from whom is not said: the same passage
    may come from a third.

    Rewritten and summarised passages are found by `analysis.reuse.rewrites.find_rewrites`, in pairs
    of articles that share a verbatim passage or rare words in several sentences.

    Parameters
    ----------
    corpus : Corpus or Features
        Private features read `tokens`, and `vectors` if there are. Of shared ones the owner's
        passages are given if the options are the defaults; else `ngrams` are read, in which words
        count as equal only within runs of five, so that passages with changed words come out
        shorter.
    n : int
        Words of the shortest run from which a passage grows, 1 or more; of shared features 5 or
        more.
    min_words : int
        `n` or more.
    max_gap : int
        0 or more.
    across_outlets : bool
        Whether only articles of different outlets are compared; an unknown outlet differs from
        every other.
    within_days : float, optional
        Compare only articles published at most so many days apart; an article without a date is
        compared with all.
    max_articles : int, optional
        2 or more. What stands in more articles than this is listed between each article and the
        next that has it, not for every pair of them, which would be their square; None for no
        limit. (A passage that has a rarer run of `n` words too is listed for every pair.)
    family_share : float
        Share of the shorter article that two articles must have in common to be of one family, from
        0.
    kinds : sequence of str
        Which kinds of passages: of "verbatim", "rewritten" and "summarised". The last two hold all
        words in memory and take some milliseconds for each pair of articles looked at: for an
        archive of many thousands give ``kinds=("verbatim",)``, or `within_days`. From shared
        features they come only as the owner's.
    memory_limit : int or str, optional
        Bytes, or such as "400MB", above what the process holds already; short for
        ``engine=Local(memory_limit)``. It holds for the search of verbatim passages: give
        ``kinds=("verbatim",)`` too where all of it must be kept.
    engine : Local or Dask, optional
        Who runs it: see `analysis.reuse.engines`. The passages are the same with any.

    Returns
    -------
    Reuse

    Raises
    ------
    OptionError
        If an option has a value that is not allowed.
    EngineError
        If a part of a spilled or distributed run was lost on the way.

    Examples
    --------
    >>> import analysis as tw
    >>> result = tw.tl.reuse(tw.load("amnesty2024"))
    >>> result.ranked_pairs[["a", "b", "n_passages", "a_shared", "b_shared"]].head(2)
               a          b  n_passages  a_shared  b_shared
    0  mcclatchy     caruzo           4        66        67
    6     caruzo  explainer           5        30        29
    """
    features = features_of(corpus)
    options = Options(
        n=n,
        width=_width(features, n),
        min_words=min_words,
        max_gap=max_gap,
        across_outlets=across_outlets,
        within_days=within_days,
        max_articles=max_articles,
    )
    kinds = (kinds,) if isinstance(kinds, str) else kinds
    check_choices("kinds", kinds, PASSAGE_KINDS)
    kinds = tuple(kinds)
    check_options(family_share=family_share)
    engine = _engine(engine, memory_limit)
    params: dict[str, Any] = {"n": options.n, "min_words": options.min_words}
    params |= {"max_gap": options.max_gap, "across_outlets": across_outlets}
    params |= {"within_days": options.within_days, "max_articles": options.max_articles}
    params |= {"family_share": float(family_share), "kinds": kinds, **origin(features)}
    articles = features.table("articles")
    if options == Options(width=SHIPPED_N) and (shipped := SHIPS.read(features)):
        params["measured_on"] = "results"
        table, sentences = _owners(features, *shipped.values())
    else:
        table, sentences = _search(features, articles, options, engine, kinds)
    passages = _coded(table, articles)
    verbatim = take(passages, passages["verbatim"])
    families = find_families(verbatim, articles, share=family_share)
    wanted = table["kind"].isin(kinds).to_numpy()
    table, passages = table[wanted], take(passages, wanted)
    table = table.assign(passage=np.arange(1, len(table) + 1)).reset_index(drop=True)
    sentences = sentences[wanted[sentences["passage"] - 1]].reset_index(drop=True)
    sentences["passage"] = np.cumsum(wanted)[sentences["passage"] - 1]
    counted = _article_words(features, articles, table, passages)
    return Reuse(table, params, _pair_words(passages, articles), counted, families, sentences)


def _width(features: Features, n: int) -> int:
    """Running words of which a hash is read."""
    if features.has("tokens"):
        return 1
    if isinstance(n, Integral) and n < SHIPPED_N:
        raise OptionError(
            f"n must be a whole number of at least {SHIPPED_N}, as shared features hold runs of"
            f" {SHIPPED_N} words (got {n!r:.80})"
        )
    return SHIPPED_N


def _engine(engine: Local | Dask | None, memory_limit: int | str | None) -> Local | Dask:
    in_bytes(memory_limit)
    if engine is None:
        return Local(memory_limit)
    if memory_limit is not None:
        raise OptionError(
            "memory_limit and engine were given; give the limit to the engine, such as"
            ' engine=Local(memory_limit="400MB").'
        )
    if not hasattr(engine, "open"):
        raise OptionError(
            f"engine must be Local(...) or Dask(client, ...) of analysis.reuse (got {engine!r:.80})"
        )
    return engine


def _search(
    features: Features,
    articles: pd.DataFrame,
    options: Options,
    engine: Local | Dask,
    kinds: tuple[str, ...],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All verbatim passages, others of the kinds wanted, and the sentences that made those."""
    outlets, days = outlet_codes(articles["outlet"]), publication_days(articles)
    verbatim, _ = find_passages(CorpusWords(features, outlets, days), options, engine)
    found = pd.DataFrame(verbatim).assign(kind=0, score=np.nan, meaning=np.nan)
    made = dict.fromkeys(SENTENCE_PAIR[:3], np.empty(0, int)) | {"similarity": np.empty(0)}
    if features.has("tokens") and set(kinds) - {"verbatim"}:
        rewritten, made = rewritten_passages(features, verbatim, outlets, days, options, kinds)
        if len(rewritten["a"]):
            found = pd.concat([found, pd.DataFrame(rewritten)[found.columns]])
    order = np.lexsort([found[name] for name in ("b_position", "a_position", "kind", "b", "a")])
    number = np.argsort(order) + 1
    sentences = pd.DataFrame(made | {"passage": number[len(verbatim["a"]) + made["passage"]]})
    sentences = sentences.sort_values(list(SENTENCE_PAIR[:3]), ignore_index=True)
    return _described(features, articles, found.iloc[order].reset_index(drop=True)), sentences


def _described(features: Features, articles: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    ids = articles["article_id"].to_numpy(object)
    bounds = np.r_[0, np.cumsum(articles["n_tokens"].to_numpy(np.int64))]
    quoted = np.r_[0, np.cumsum(quoted_mask(features, bounds), dtype=np.int64)]
    columns: dict[str, Any] = {
        "passage": np.arange(1, len(found) + 1),
        "kind": np.array(PASSAGE_KINDS, object)[found["kind"]],
        "a": ids[found["a"]],
        "b": ids[found["b"]],
        **found[[*STRETCH, "n_matching"]].astype(np.int64),
        "identity": found["n_matching"] / found[["a_words", "b_words"]].max(axis=1),
        "similarity": matching_share(found),
        "score": found["score"],
        "meaning": found["meaning"],
        **{name: found["flags"] & bit > 0 for name, bit in FLAGS.items()},
    }
    for side in "ab":
        first, words = bounds[found[side]] + found[f"{side}_position"], found[f"{side}_words"]
        columns[f"{side}_quoted"] = (quoted[first + words] - quoted[first]) / words
    columns["quoted"] = np.minimum(columns["a_quoted"], columns["b_quoted"]) >= MOSTLY_QUOTED
    characters = found if features.has("tokens") else dict.fromkeys(CHARACTERS)
    columns |= {name: characters[name] for name in CHARACTERS}
    table = pd.DataFrame(columns).astype(dict.fromkeys(CHARACTERS, "Int64"))
    return table.join(mark(features, table))


def _owners(
    features: Features, table: pd.DataFrame, sentences: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The owner's passages; of their marks, what the shared form knows of the names is added."""
    marks = mark(features, table).assign(**table[MARKS])
    table = table.astype(dict.fromkeys(CHARACTERS, "Int64"))
    return table.drop(columns=MARKS).join(marks), sentences


def _shipped(shipment: Shipment) -> dict[str, pd.DataFrame]:
    result = shipment.measure("reuse")
    table = result.table.drop(columns=NAMES).astype(dict.fromkeys(CHARACTERS, "int32"))
    return {"passages": table, "passage_sentences": result.sentences}


SHIPS = Ships(("passages", "passage_sentences"), _shipped)


def _coded(table: pd.DataFrame, articles: pd.DataFrame) -> Arrays:
    """Passages as arrays, in which articles are numbers."""
    numbers = pd.Index(articles["article_id"])
    coded = {side: numbers.get_indexer(table[side]) for side in "ab"}
    coded |= {name: table[name].to_numpy() for name in (*STRETCH, "boilerplate")}
    return coded | {"verbatim": (table["kind"] == "verbatim").to_numpy()}


def _article_words(
    features: Features, articles: pd.DataFrame, table: pd.DataFrame, passages: Arrays
) -> pd.DataFrame:
    """The words of each article: its own, quoted, shared."""
    sizes = articles["n_tokens"].to_numpy(np.int64)
    bounds = np.r_[0, np.cumsum(sizes)]

    def inside(in_a: np.ndarray, in_b: np.ndarray) -> np.ndarray:
        """Whether each word stands in the passages chosen on either side."""
        words = np.zeros(bounds[-1], bool)
        for side, chosen in (("a", in_a), ("b", in_b)):
            rows = take(passages, np.asarray(chosen))
            first = bounds[rows[side]] + rows[f"{side}_position"]
            cover(words, first, first + rows[f"{side}_words"])
        return words

    quoted, verbatim = quoted_mask(features, bounds), passages["verbatim"]
    shared = inside(verbatim, verbatim)
    rewritten = inside(~verbatim, ~verbatim) & ~shared & ~quoted
    credited = inside(*(table[f"{side}_mark"].isin(CREDITED) for side in "ab"))
    masks = {
        "own": ~(shared | quoted | rewritten),
        "quoted": ~shared & quoted,
        "shared": shared & ~quoted,
        "shared_quoted": shared & quoted,
        "rewritten": rewritten,
        "shared_credited": shared & ~quoted & credited,
        "rewritten_credited": rewritten & credited,
        "boilerplate": inside(*2 * [verbatim & passages["boilerplate"]]),
    }
    names = article_credits(features).groupby("article_id", sort=False)["name"]
    credits = {article: ", ".join(filter(None, dict.fromkeys(said))) for article, said in names}
    return pd.DataFrame(
        {
            "article_id": articles["article_id"],
            "n_words": sizes,
            **{name: word_sums(mask, bounds) for name, mask in masks.items()},
            "credits": [credits.get(article, "") for article in articles["article_id"]],
        }
    )


def _pair_words(passages: Arrays, articles: pd.DataFrame) -> pd.DataFrame:
    """The words that either article of each pair has in passages."""
    sizes = articles["n_tokens"].to_numpy(np.int64)
    ids = articles["article_id"].to_numpy(object)
    every, verbatim = (
        pd.DataFrame(pair_words(rows)) for rows in (passages, take(passages, passages["verbatim"]))
    )
    words = every.merge(verbatim, "left", ["a", "b"], suffixes=("", "_shared"))
    words = words.fillna(0).astype(np.int64)
    table = pd.DataFrame({side: ids[words[side]] for side in "ab"})
    table["n_passages"] = words["n_passages"]
    for side in "ab":
        table[f"{side}_shared"] = words[f"{side}_covered_shared"]
    for side in "ab":
        table[f"{side}_share"] = table[f"{side}_shared"] / sizes[words[side]]
    for side in "ab":
        table[f"{side}_rewritten"] = words[f"{side}_covered"] - table[f"{side}_shared"]
    return table
