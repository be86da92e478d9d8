"""Reuse: passages that two articles share."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.errors import FeaturesError, OptionError
from analysis.features import SHARED, Features, features_of
from analysis.groups import By, group_articles
from analysis.options import check_choice, check_choices, check_options
from analysis.results import Result, later
from analysis.reuse.corpus_words import SHIPPED_N, CorpusStems, CorpusWords, outlet_codes
from analysis.reuse.engines import Dask, Local, in_bytes
from analysis.reuse.kept import Kept
from analysis.reuse.marks import MARKS, NAMES, mark
from analysis.reuse.passages import find_families
from analysis.reuse.pieces import whole_passages
from analysis.reuse.rewrite_stages import rewritten_passages
from analysis.reuse.rewrites import PASSAGE_KINDS
from analysis.reuse.spill import Arrays, take
from analysis.reuse.stages import CHARACTERS, Options, find_passages
from analysis.store import Shipment, Ships
from analysis.tl._between import BETWEEN, evidence_of
from analysis.tl._reuse_query import Asked, passages_of_texts
from analysis.tl._reuse_said import reuse_said
from analysis.tl._reuse_table import (
    WordTables,
    coded_passages,
    of_all_kinds,
    pair_table,
    passage_table,
)
from analysis.views import origin, publication_days, with_missing

FIGURES = ("matrix", "network", "words", "life", "alignment")
_COUNTED = "articles between totals within credits composition course copies".split()
ALIGNED = 8  # pairs of articles in the figure of alignments
LIVES = 10  # passages in the figure of their lives
UNKNOWN_CREDITS = (
    "Which single passages are credited is not known from shared features: what no line credits for"
    " a whole article counts as uncredited."
)
_SOME_RUNS = (
    "The archive shares the n-grams of credited passages only: what is in no such passage is not"
    " found."
)


@dataclass(frozen=True, eq=False, repr=False)
class Reuse(Result):
    """Passages that articles share, and whose words an outlet prints.

    One definition holds in all tables and figures: the **shared words** of an article are those in
    passages of any kind, verbatim, rewritten or summarised, that it shares with an article of
    another outlet; and two articles **share** if they are of different outlets and have such a
    passage. Passages that are boilerplate or a credit line (a dateline, byline, notice of rights or
    photo credit) are evidence of nothing; furniture and captions are masked before words are
    compared. Passages of two articles of one outlet are told apart in `within`. An unknown outlet
    differs from every other; in a corpus of one outlet each article stands for itself.

    Attributes
    ----------
    table : DataFrame
        One row a passage, in the order of the articles; a verbatim one may lie inside a rewritten
        one. Columns of side b as those of side a.

        ==================  ======  =============================================================
        column              unit    meaning
        ==================  ======  =============================================================
        passage                     its number, from 1
        whole                       number of the first piece, where it is a piece of a passage:
                                    see `analysis.reuse.pieces.whole_passages`
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
        evidence                    "between" two outlets, "within" one, or "none": boilerplate or
                                    a credit line
        ==================  ======  =============================================================
    pairs : DataFrame
        One row for two articles with a passage that is evidence.

        ===========  ======  ==============================================================
        column       unit    meaning
        ===========  ======  ==============================================================
        a, b                 the articles
        evidence             "between" or "within"
        n_passages           of all kinds
        a_shared     words   of a in these passages
        a_share      0 to 1  `a_shared` of the words of a
        a_rewritten  words   of `a_shared`, in rewritten or summarised passages only
        ===========  ======  ==============================================================
    articles : DataFrame
        One row an article; each word is of just one of the parts from `own` to `quoted`.

        ==================  =====  =============================================================
        column              unit   meaning
        ==================  =====  =============================================================
        article_id
        label                      for people: outlet and date
        n_words             words
        own                 words  of none of the following parts
        agency_credited     words  shared ones that are credited to an agency here; sentences
                                   that say an agency reported it; all of an article that a line
                                   credits to an agency
        agency_uncredited   words  shared with an agency, or with an article that credits an
                                   agency for them, and not credited here
        outlets_credited    words  of others, in the same way as of agencies
        outlets_uncredited  words  shared, and neither credited here nor known as an agency's
        quoted              words  inside quotation marks, whoever else has them
        shared              words  see above; quoted ones too
        shared_quoted       words  of `shared`, inside quotation marks
        rewritten           words  of `shared`, in rewritten or summarised passages only
        within_outlet       words  in passages with articles of the same outlet
        boilerplate         words  in passages so flagged
        credits                    the agencies and outlets that the article credits
        ==================  =====  =============================================================
    between : DataFrame
        One row for two groups, the taker of which has words that the giver has too. Shared words
        have no direction: the row of two groups the other way round counts the words of the other,
        and neither says who had them first (see `tl.lineage`).

        ===========  ======  ==============================================================
        column       unit    meaning
        ===========  ======  ==============================================================
        taker                the group whose words are counted
        giver                the group that has them too
        n_passages
        n_articles           of the taker
        words        words   of the taker, each once
        share        0 to 1  `words` of all words of the taker
        low, high    0 to 1  its interval: the taker's articles are resampled, the giver's are
                             as they are; empty where the taker is one article
        credited     words   of `words`, in passages that the taker credits to anybody
        quoted       words   in others that it quotes
        uncredited   words   in the rest
        ===========  ======  ==============================================================
    totals : DataFrame
        One row a group: words that any other group has too (each once, so fewer than the sum of its
        rows in `between`), and words of all other groups that it has too.

        ============  ======  ==============================================================
        column        unit    meaning
        ============  ======  ==============================================================
        group
        words         words   of the group
        share         0 to 1  `words` of all words of the group
        others_words  words   of all other groups
        others_share  0 to 1  `others_words` of all words of all other groups
        ============  ======  ==============================================================
    within : DataFrame
        What articles of one outlet, or of one group, share, which counts nowhere else: group,
        n_pairs (of articles), n_passages, n_articles, words, share (of the group's words).
    credits : DataFrame
        Whom articles credit, in the corpus or outside it, those credited in most articles first.

        ==========  ======  ===============================================================
        column      unit    meaning
        ==========  ======  ===============================================================
        taker               the group that gives credit
        source              the outlet or agency, by the name in `outlets` of corpus.yml, in
                            the metadata or in the list of outlets; "(not named)" for "a wire
                            service reported"
        agency              whether it is a news agency
        in_corpus           whether it is an outlet of the corpus
        n_credits           sentences and lines that credit it
        n_articles          that do so
        words       words   of these sentences, of articles credited as a whole, and of
                            shared passages credited to it
        share       0 to 1  `words` of all words of the taker
        ==========  ======  ===============================================================
    composition : DataFrame
        Whose words each group prints: one row a group and part, with the interval of
        `analysis.comparison.compare_groups`.

        =======================  ========  =================================================
        column                   unit      meaning
        =======================  ========  =================================================
        group
        part                               "own", "outlets_uncredited", "agency_uncredited",
                                           "outlets_credited", "agency_credited" and
                                           "quoted", which sum to 1; besides "shared",
                                           "rewritten", and "agency" and "outlets", credited
                                           or not
        words                    words
        share                    0 to 1    of the group's words
        low, high, shrunk, rest,           see `analysis.comparison.Comparison`
        joint_low, joint_high,
        apart, weight, unit
        n_articles               articles  of the group
        =======================  ========  =================================================
    course : DataFrame
        One row for verbatim passages that match one another and stand in articles of two outlets
        or more; those that went furthest first. Two stretches of an article are one passage if
        half of the longer is in both.

        ============  ======  =============================================================
        column        unit    meaning
        ============  ======  =============================================================
        course                its number, from 1
        words         words   of the passage, median of the articles
        n_articles            that have it
        n_outlets             of which these are
        n_unknown             articles among them of which no outlet is known
        first                 the earliest article
        n_first               articles that may have been first: published at the same time as
                              far as dates tell, or without a date
        first_outlet          of the earliest article
        first_seen            when that was published; empty where no date is known
        last_seen             when the last was
        days          days    from the first to the last
        n_undated             articles without a date
        n_credited            articles that credit somebody for it
        quoted        0 to 1  share of the articles that quote it
        ============  ======  =============================================================
    copies : DataFrame
        The articles of each row of `course` in order of time: course, article_id, outlet, colour
        (as in `groups`), published, days (since the first), position and words (in the article),
        mark.
    families : DataFrame
        See `analysis.reuse.passages.find_families`.
    sentences : DataFrame
        One row for two sentences that made a passage that is not verbatim: passage, a_sentence,
        b_sentence (numbers, from 0), similarity (cosine of their words).
    """

    pairs: pd.DataFrame = later()
    articles: pd.DataFrame = later()
    between: pd.DataFrame = later()
    totals: pd.DataFrame = later()
    within: pd.DataFrame = later()
    credits: pd.DataFrame = later()
    composition: pd.DataFrame = later()
    course: pd.DataFrame = later()
    copies: pd.DataFrame = later()
    families: pd.DataFrame = later()
    sentences: pd.DataFrame = later()

    @property
    def rewrites(self) -> pd.DataFrame:
        """The rows of `table` that are rewritten or summarised."""
        return self.table[self.table["kind"] != "verbatim"]

    @property
    def ranked_pairs(self) -> pd.DataFrame:
        """The rows of `pairs` of different outlets, those first that share most words."""
        pairs = self.pairs[self.pairs["evidence"] == BETWEEN]
        words = pairs["a_shared"] + pairs["b_shared"]
        return pairs.loc[words.sort_values(ascending=False, kind="stable").index]

    @property
    def shared_share(self) -> pd.Series:
        """Share of each article's words that other outlets have too (0 to 1)."""
        table = self.articles.set_index("article_id")
        return table["shared"] / table["n_words"].clip(lower=1)

    @property
    def finding(self) -> str:
        """Which groups share most words with others."""
        return self.finding_of("matrix")

    def finding_of(self, kind: str) -> str:
        """The finding that a figure shows.

        Parameters
        ----------
        kind : {"matrix", "network", "words", "life", "alignment"}
        """
        check_choice("kind", kind, FIGURES)
        return reuse_said(self, kind)


def reuse(
    corpus: Corpus | Features,
    by: By | None = None,
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
    update: bool = False,
    query: Asked | None = None,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Reuse:
    """Find passages that articles share, and say whose words each outlet prints.

    Every pair of articles that shares a run of `n` equal words is looked at. From the run the
    passage grows to both sides: over words changed, inserted or deleted, as long as more equal
    words than such differences follow, and at most `max_gap` more differences than equal words are
    passed. It ends at equal words, and is a passage if it holds at least `min_words` of them. Words
    are compared without case and punctuation.

    Who had a passage from whom is not said: both may have it from a third. `between` counts for
    each two groups how many words of the one the other has too; for a direction see `tl.lineage`.

    Rewritten and summarised passages are found by `analysis.reuse.rewrites.find_rewrites`, in pairs
    of articles that share a verbatim passage or rare words in several sentences.

    Parameters
    ----------
    corpus : Corpus or Features
        Private features read `tokens`, and `vectors` if there are. Of shared ones the owner's
        passages are given if the options are the defaults; else `ngrams` are read, in which words
        count as equal only within runs of five, so that passages with changed words come out
        shorter. A Corpus is needed for the aliases and kinds in `outlets` of corpus.yml.
    by : str, sequence of str, mapping or Series, optional
        The groups, as of `analysis.groups.group_articles`; outlets, if at least two have two
        articles each, else articles. ["outlet", "week"] gives `composition` by week.
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
        Which kinds of passages: of "verbatim", "rewritten" and "summarised". The last two take
        some milliseconds for each pair of articles looked at: for an archive of many thousands
        give ``kinds=("verbatim",)``, or `within_days`. From shared features they come only as the
        owner's.
    memory_limit : int or str, optional
        Bytes, or such as "400MB", above what the process holds already; short for
        ``engine=Local(memory_limit)``. It holds for the search; the tables come on top.
    engine : Local or Dask, optional
        Who runs it: see `analysis.reuse.engines`. The passages are the same with any.
    update : bool
        Whether to keep the passages beside the private features, by the other options, and find
        only those that are not known: see `analysis.reuse.kept`. The result is the same. Where
        articles were added, their verbatim passages with all others are found, and the rewritten
        ones of all anew, as each score rests on how frequent words are in the whole corpus.
    query : str, sequence of str, Series or DataFrame, optional
        Texts from outside (of a table the column `text`, named by `article_id` or `id`): their
        passages are found in the articles, and nothing else is measured. Each text counts as if it
        alone stood behind the articles, its outlet and date unknown; how frequent words are, which
        rewritten passages rest on, is counted in articles and texts together. What sentences mean
        is not compared.
    draws : int
        Bootstrap samples for the intervals of `composition` and `between`, at least 1.
    level : float
        Of the intervals, between 0 and 1.
    seed : int
        At least 0.

    Returns
    -------
    Reuse
        Of `query` Found (`analysis.tl._reuse_query`), a table of passages alone.

    Raises
    ------
    OptionError
        If an option has a value that is not allowed.
    FeaturesError
        If `update` or `query` is asked of features that are not private.
    EngineError
        If a part of a spilled or distributed run was lost on the way.

    Examples
    --------
    >>> import analysis as tw
    >>> result = tw.tl.reuse(tw.load("amnesty2024"))
    >>> result.ranked_pairs[["a", "b", "n_passages", "a_shared", "b_shared"]].head(2)
                a     b  n_passages  a_shared  b_shared
    7  aggregator  blog           3       141       144
    5      caruzo  blog           4       138       144
    >>> result.between[["taker", "giver", "words", "credited", "uncredited"]].head(1)
      taker   giver  words  credited  uncredited
    0  blog  caruzo    144         0         144
    >>> text = "Two welds in the seaward leg of crane No. 4 showed cracks, we are told."
    >>> found = tw.tl.reuse(tw.load("harbour"), query=text, kinds="verbatim")
    >>> found.table[["a", "b", "n_matching", "a_start", "b_start", "b_end"]]
              a  b  n_matching  a_start  b_start  b_end
    0  courier1  0          11     1006        0     50
    1  courier2  0          11     1080        0     50
    2      abs1  0          11      513        0     50
    3  bollard1  0          12     1553        0     57
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
    check_options(family_share=family_share, draws=draws, level=level, seed=seed)
    engine = _engine(engine, memory_limit)
    grouping = group_articles(features, by)
    params: dict[str, Any] = {"by": grouping.by, "n": options.n, "min_words": options.min_words}
    params |= {"max_gap": options.max_gap, "across_outlets": across_outlets}
    params |= {"within_days": options.within_days, "max_articles": options.max_articles}
    params |= {"family_share": float(family_share), "kinds": kinds}
    params |= {"draws": draws, "level": level, "seed": seed, **origin(features)}
    articles = features.table("articles")
    check_options(update=update)
    if query is not None:
        if update:
            raise OptionError("update and query were given; the passages of a query are not kept")
        return passages_of_texts(features, articles, query, options, engine, kinds, params)
    kept = Kept(features, options, kinds) if update else None
    if options == Options(width=SHIPPED_N) and (shipped := SHIPS.read(features)):
        params["measured_on"] = "results"
        table, sentences = _owners(features, *shipped.values())
    else:
        _need_words(features)
        table, sentences = _search(features, articles, options, engine, kinds, kept)
    table["evidence"] = evidence_of(table, articles)
    passages = coded_passages(table, articles)
    verbatim = take(passages, passages["verbatim"])
    wanted = table["kind"].isin(kinds).to_numpy()
    table, passages = table[wanted], take(passages, wanted)
    table = table.assign(passage=np.arange(1, len(table) + 1)).reset_index(drop=True)
    table.insert(1, "whole", whole_passages(passages, publication_days(articles)) + 1)
    sentences = sentences[wanted[sentences["passage"] - 1]].reset_index(drop=True)
    sentences["passage"] = np.cumsum(wanted)[sentences["passage"] - 1]
    notes = (UNKNOWN_CREDITS,) if table["a_mark"].isna().any() else ()
    if params["measured_on"].startswith(SHARED) and _lacks_runs(features):
        notes = (*notes, _SOME_RUNS)
    if kept is not None and kept.note:
        notes = (*notes, kept.note)
    drawing: dict[str, Any] = {"draws": draws, "level": level, "seed": seed}
    outlets = getattr(corpus, "outlets", {})
    counted = WordTables(features, articles, table, passages, grouping, outlets, drawing)
    return Reuse(
        table,
        params,
        pairs=partial(pair_table, passages, table["evidence"].to_numpy(object), articles),
        families=partial(find_families, verbatim, articles, share=family_share),
        sentences=sentences,
        notes=notes,
        groups=grouping.table,
        **{name: partial(getattr, counted, name) for name in _COUNTED},
    )


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


def _need_words(features: Features) -> None:
    """Refuse features in which no passage can be looked for."""
    if features.has("tokens") or features.has("ngrams"):
        return
    others = (
        "give the options their defaults, of which the owner's passages are there"
        if SHIPS.read(features)
        else "the owner shipped no passages either"
    )
    raise FeaturesError(
        f"{features.where}: the archive was shared without n-grams, so passages cannot be looked"
        f" for with other options: {others}, or ask its owner for `twicetold share --ngrams all`."
    )


def _lacks_runs(features: Features) -> bool:
    """Whether the n-grams are those of some passages only."""
    words = features.table("articles", ["n_tokens"])["n_tokens"]
    every = (words - SHIPPED_N + 1).clip(lower=0).sum()
    return len(features.table("ngrams", ["article_id"])) < every


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
    kept: Kept | None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All verbatim passages, others of the kinds wanted, and the sentences that made those."""
    about = features, outlet_codes(articles["outlet"]), publication_days(articles)
    words = CorpusWords(*about)
    verbatim = kept.verbatim(words, engine) if kept else find_passages(words, options, engine)[0]
    rewritten = None
    if features.has("tokens") and set(kinds) - {"verbatim"}:

        def find() -> tuple[Arrays, Arrays]:
            return rewritten_passages(CorpusStems(*about), verbatim, options, kinds, engine)

        rewritten = kept.rewritten(find) if kept else find()
    if kept:
        kept.save(rewritten)
    found, sentences = of_all_kinds(verbatim, rewritten)
    table = passage_table(features, articles, found)
    return table.join(mark(features, table)), sentences


def _owners(
    features: Features, table: pd.DataFrame, sentences: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The owner's passages; of their marks, what the shared form knows of the names is added."""
    table = with_missing(table, CHARACTERS)
    marks = mark(features, table).assign(**table[MARKS])
    table = table.astype(dict.fromkeys(CHARACTERS, "Int64"))
    return table.drop(columns=MARKS).join(marks), sentences


def _shipped(shipment: Shipment) -> dict[str, pd.DataFrame]:
    result = shipment.measure("reuse")
    # lengths in characters would tell words; the likeness of two sentences, to who has one of them,
    # whether a guess of the other is right
    table = result.table.drop(columns=[*NAMES, *CHARACTERS, "evidence", "whole"])
    table = table.round({"score": 0, "meaning": 1})
    return {"passages": table, "passage_sentences": result.sentences.round({"similarity": 1})}


SHIPS = Ships(("passages", "passage_sentences"), _shipped)
