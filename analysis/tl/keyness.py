"""Keyness: the words and two-word phrases that one group uses more than the rest, beside chance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from inspect import signature
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from analysis.corpus import Corpus
from analysis.errors import FeaturesError, OptionError
from analysis.features import Features, features_of
from analysis.groups import By, Grouping, group_articles, has_periods, strata
from analysis.inference import few_articles, generator
from analysis.options import check_choice, check_options
from analysis.results import Result, count
from analysis.store import Shipment, Ships
from analysis.tl._contrast import CONTRAST, Contrast, contrast
from analysis.tl._null import CHANCE, STEP, TAIL, Tail
from analysis.tl._own_words import formula_words, left_out_notes, own_name_words
from analysis.tl._words import (
    COUNTERS,
    ENOUGH_ARTICLES,
    ENOUGH_IN_GROUP,
    Background,
    background_counts,
    background_name,
    opened,
)
from analysis.views import origin
from analysis.wording import listed, names_of, none_of, noun, number

AGAINST = ("rest", "background")
# what shipped results depend on
DECIDE = ("names", "stop_words", "own_names", "min_count", "prior", "level")
_SHIPPED = ("keyness_phrases", "keyness_chance", "keyness_tail")
SHIPPED_BY = ("article_id", "outlet")
SHIPPED_PHRASES, SHIPPED_COUNT, SHIPPED_GROUPS = 25, 2, 50
MOST_TESTED = SHIPPED_GROUPS  # groups whose sentences are permuted
_NAMED = 3, 2  # groups that the finding names, and words of each


@dataclass(frozen=True, eq=False, repr=False)
class Keyness(Result):
    """Log-odds of words and phrases, each group against the rest or a background.

    Attributes
    ----------
    table : DataFrame
        One row a group and word; groups in the order of their first articles, words from the
        highest z.

        ===============  =============  ==========================================================
        column           unit           meaning
        ===============  =============  ==========================================================
        group
        term
        count            words          in the group
        count_rest       words          in the rest, or in the background
        rate, rate_rest  per 1,000      of the words counted
        log_odds         natural log    above 0 where the group uses the word more
        low, high        natural log    interval of the word taken alone
        z                               log_odds by its standard deviation
        familywise       True or False  passes a Bonferroni test over the words of its group
        p_adjusted       0 to 1         share of permuted corpora in which any word of any group
                                        reaches the word's ``|z|`` (Westfall and Young's single
                                        step); NaN where nothing could be permuted, or the group is
                                        too small (`params["not_tested"]` says how many are)
        false_discovery  0 to 1         of the group's words that are at least as strong, the share
                                        that chance would give; NaN as p_adjusted
        ===============  =============  ==========================================================

    phrases : DataFrame
        Phrases of two words, with the same columns. Rates are per 1,000 phrases.
    chance : DataFrame
        How many words reach a threshold. Thresholds are those of p = .05, .01 and .001 for one word
        by itself, and the ``|z|`` of the group's tenth word.

        =========  ======  =============================================================
        column     unit    meaning
        =========  ======  =============================================================
        n_words            1 for words, 2 for phrases
        group
        threshold  |z|
        observed   terms   that reach it
        expected   terms   that reach it in the mean of permuted corpora
        low, high  terms   between which the share `level` of permuted corpora lies
        p          0 to 1  share of permuted corpora with at least as many
        =========  ======  =============================================================

    tail : DataFrame
        The null distribution.

        =======  =====  ==================================================================
        column   unit   meaning
        =======  =====  ==================================================================
        n_words         1 for words, 2 for phrases
        group           "" for the largest ``|z|`` of all groups
        z        |z|
        chance          how many of the group's terms reach it in the mean of permuted
                        corpora; for "" the probability that any term of any group does
        =======  =====  ==================================================================
    """

    phrases: pd.DataFrame
    chance: pd.DataFrame
    tail: pd.DataFrame

    @property
    def beyond_chance(self) -> pd.Series:
        """Whether each word passes the family-wise test: the permutation's, else Bonferroni's."""
        adjusted = self.table["p_adjusted"]
        if adjusted.isna().all():
            return self.table["familywise"]
        return adjusted.le(1 - self.params["level"])

    @property
    def verdict(self) -> str:
        """Whether a word passes with articles permuted ("beyond chance") or not ("suggestive")."""
        sure = self.params["unit"] == "article" and self.beyond_chance.any()
        return "beyond chance" if sure else "suggestive"

    @property
    def threshold(self) -> float:
        """The ``|z|`` from which a word is `beyond_chance`; NaN where no word was compared."""
        level, n = self.params["level"], self.params["n_words_tested"]
        largest = self.tail[(self.tail["group"] == "") & (self.tail["n_words"] == 1)]
        if largest.empty:
            return float(norm.ppf(1 - (1 - level) / 2 / n)) if n else np.nan
        # each row is the last step of its chance
        return float(largest.loc[largest["chance"] > 1 - level, "z"].max()) + STEP

    @property
    def foremost(self) -> list[str]:
        """The groups by how many of their words are beyond chance, then by their strongest word."""
        passing = self.beyond_chance & (self.table["z"] > 0)
        ranked = self.table.assign(passing=passing).groupby("group", sort=False)
        ranked = ranked.agg({"passing": "sum", "z": "max"}).round(9)
        return ranked.sort_values(["passing", "z"], ascending=False, kind="stable").index.tolist()

    @property
    def finding(self) -> str:
        """Which groups use which words more than all others, beyond chance."""
        sure = self.table[self.beyond_chance & (self.table["z"] > 0)]
        assert self.groups is not None, "a result of groups"
        by, timed = self.params["by"], has_periods(self.groups)
        label, (one, several) = names_of(self.groups, by), noun(by)
        dated = set(self.groups.loc[self.groups["period"].notna() | (not timed), "group"])
        having = [g for g in self.foremost if g in set(sure["group"]) and g in dated]
        if not having:
            return (
                f"{none_of(by)} has words of its own beyond what chance gives; the strongest are"
                " suggestions"
            )
        most, words = _NAMED
        said = []
        for place, group in enumerate(having[:most]):
            terms = sure.loc[sure["group"] == group, "term"].head(words)
            named = listed([f"“{term}”" for term in terms])
            if timed:
                verb = " " if place else " mark" + "s" * (len(terms) == 1) + " "
                said.append(f"{named}{verb}{label[group]}")
            else:
                said.append(f"{label[group]}{' ' if place else ' uses '}{named}")
        finding = f"{', '.join(said[:-1])}{' and ' * (len(said) > 1)}{said[-1]}"
        if not timed:
            finding = f"More than the rest, {finding}"
        more = len(having) - most
        if more > 0:
            others = f"{one} has" if more == 1 else f"{several} have"
            finding += f"; {number(more)} more {others} such words"
        return finding


def keyness(
    corpus: Corpus | Features,
    *,
    by: By | None = None,
    within: str | list[str] | None = None,
    part: str = "body",
    background: Background | None = None,
    against: str | None = None,
    names: bool = True,
    stop_words: bool = False,
    own_names: bool = False,
    formulas: bool = False,
    min_count: int = 2,
    prior: float = 500.0,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Keyness:
    r"""Compare each group's words with those of all other groups, or of a background.

    For a word with counts :math:`y_i` in the group of :math:`n_i` words and :math:`y_j` in the rest
    (or the background) of :math:`n_j`, and :math:`\alpha_w` pseudo-counts in proportion to its
    share of the corpus and the background (:math:`\sum_w \alpha_w = \alpha_0`, the prior),

    .. math:: \delta = \ln\frac{y_i+\alpha_w}{n_i+\alpha_0-y_i-\alpha_w}
                     - \ln\frac{y_j+\alpha_w}{n_j+\alpha_0-y_j-\alpha_w},\quad
              \sigma^2 \approx \frac{1}{y_i+\alpha_w} + \frac{1}{y_j+\alpha_w},\quad z =
              \delta/\sigma

    That variance takes words for independent. Where whole articles are permuted (below) it is that
    of articles, whose words come in clusters: :math:`(\sum_a y_{ia}^2+\alpha_w)/(y_i+\alpha_w)^2`
    stands for :math:`1/(y_i+\alpha_w)`, which it is where no article has the word twice.

    The null distribution comes from permuting whole articles between the groups, where two groups
    have six articles and all have twenty; smaller groups belong to the rest then and are not tested
    themselves. Else sentences are permuted (of the 50 groups with most words). Sentences of one
    article are more alike than those of two, so the second is the weaker test: it separates
    differences between groups from those between any two sets of sentences, but not what is typical
    of an outlet from what is typical of the single article.

    Parameters
    ----------
    corpus : Corpus or Features
        Reads `terms` and `articles`, and for phrases and sentences also `tokens` and `sentences`,
        which the private form has. In the shared form phrases and chance come from the shipped
        results, if there are some and the options are the defaults.
    by : str, sequence of str, mapping or Series, optional
        Groups, as `analysis.groups.group_articles` takes them: outlets, where at least two have two
        articles each, else articles; articles that a mapping does not name are left out. "week"
        gives the words of each week against all others.
    within : str or sequence of str, optional
        Columns that name strata, such as stories: only articles of one stratum are exchanged
        between groups. Where every outlet reports the same stories, chance is too large without.
    part : {"body", "title"}
        What is measured: the articles' texts, or their headlines.
    background : Corpus, Features, mapping of word to count, or DataFrame (term, count), optional
        What is usual. Words are compared in lower case; a mapping's keys of two words are phrases.
    against : {"rest", "background"}, optional
        What each group is compared with; the background if one is given. With "rest" a background
        only informs the prior.
    names : bool
        Whether words that are mostly names are compared, and phrases that hold one.
    stop_words : bool
        Whether English function words are compared, and phrases that hold one; other languages have
        no list and keep all words.
    own_names : bool
        Whether a word of an outlet's name is compared in a group with articles of that outlet,
        where it mostly is a name there, and whether articles are counted with the names of their
        authors. Neither says how an outlet writes. Names are those of the metadata, of `outlets`
        of the corpus and of the package's list of outlets.
    formulas : bool
        Whether credit lines (who helped to report, holds the rights, took the photograph) count,
        and each repetition of a sentence that three or more articles of one outlet have word by
        word; else its first one counts. In the shared form, which has no order of words, they do,
        in what was shipped as well.
    min_count : int
        Words rarer than this in the whole corpus are left out; at least 1.
    prior : float
        Pseudo-words of the prior's distribution (alpha_0), above 0; more draws rare words to 0.
    draws : int
        Number of permutations.
    level : float
        Of the interval of each word taken alone, and of the family-wise tests; between 0 and 1.
    seed : int

    Returns
    -------
    Keyness

    Raises
    ------
    OptionError
        If an option has a value that is not allowed, or `by` has a time and something else.
    FeaturesError
        If there is one group only and no background, or too few words to compare.

    References
    ----------
    Monroe, B., Colaresi, M., and Quinn, K. (2008). Fightin' words. Political Analysis 16(4).
    https://doi.org/10.1093/pan/mpn018

    Westfall, P., and Young, S. (1993). Resampling-based multiple testing. Wiley.

    Examples
    --------
    >>> import analysis as tw
    >>> words = tw.tl.keyness(tw.load("amnesty2024"))
    >>> first = words.table.groupby("group", sort=False).head(1)
    >>> first[["group", "term", "count", "count_rest", "log_odds", "p_adjusted"]].round(2)
               group       term  count  count_rest  log_odds  p_adjusted
    0      mcclatchy       find      4           1      1.76        0.34
    273       caruzo  socialist      7           1      1.53        0.19
    546   aggregator       musk      4           0      2.45        0.22
    819         blog  officials      6           5      1.01        0.68
    1092   explainer    reports      5           1      1.83        0.08
    """
    features, background = features_of(corpus, part), opened(background)
    filters: dict[str, Any] = {"names": names, "stop_words": stop_words}
    options: dict[str, Any] = {**filters, "own_names": own_names, "formulas": formulas}
    options |= {"min_count": min_count, "prior": prior}
    options |= {"draws": draws, "level": level, "seed": seed}
    check_options(**options)
    if against is None:
        against = "rest" if background is None else "background"
    check_choice("against", against, AGAINST if background is not None else AGAINST[:1])
    groups, stratum = group_articles(features, by), strata(features, within)
    if groups.over_time and (groups.table["series"] != "").any():
        time = groups.by.split(" · ")[-1]
        raise OptionError(
            f"by must be a time alone or no time (got {by!r:.60}): words of an outlet's weeks are"
            f' too few to compare; use by="{time}", with within="outlet" to exchange articles of'
            " one outlet only"
        )
    if within is not None and against == "background":
        raise OptionError(
            f"within must be None where groups are compared with a background (got {within!r:.60});"
            ' use against="rest"'
        )
    if len(groups.names) < 2 and against == "rest":
        raise FeaturesError(
            f"keyness compares groups, and {groups.by!r} has one only: {', '.join(groups.names)};"
            " give `by` a column with two or more, or a background to compare with."
        )
    pools: list[Features] = []
    if against == "background" and isinstance(background, Features):
        pools = [background]
    unit, tested = None, np.ones(len(groups.names), bool)
    if pools or against == "rest":
        unit, tested = _permuted_unit(groups, features, pools)
    found: dict[int, Contrast] = {}
    known = corpus.outlets if isinstance(corpus, Corpus) else {}
    left_out = None if formulas or not features.has("tokens") else formula_words(features)
    for n_words, counter in COUNTERS.items():
        if n_words > 1 and not all(each.has("tokens") for each in (features, *pools)):
            continue
        each = {**filters, "unit": unit or "article"}
        counts = counter(features, own_names=own_names, left_out=left_out, **each)
        others = [counter(pool, **each) for pool in pools]
        usual: pd.Series | None = None
        if background is not None:
            usual = background_counts(background, features, n_words=n_words, **filters)
        n_terms = counts.matrix.shape[1]
        empty = usual is not None and against == "background" and not usual.sum()
        if n_words > 1 and (n_terms < 2 or empty):
            continue  # of one phrase alone no share can be compared
        made = contrast(
            counts,
            groups,
            stratum,
            usual=usual,
            others=others[0] if others else None,
            against=against,
            prior=float(prior),
            min_count=min_count,
            tested=tested,
            by_article=unit == "article",
        )
        if n_words == 1 and (n_terms < 2 or not len(made.terms)):
            raise FeaturesError(
                f"keyness compares words, and {features.corpus} leaves {len(made.terms)} to"
                " compare; allow rarer words (min_count), names or stop_words."
            )
        if len(made.terms):
            if not own_names:
                made = replace(made, own=own_name_words(features, known, groups, made.terms))
            found[n_words] = made
    n_tested = {n: len(found[n].terms) if n in found else 0 for n in COUNTERS}
    params: dict[str, Any] = {"by": groups.by, "against": against, "within": within or ""}
    params |= {"background": background_name(background), **options, "unit": unit or ""}
    params |= {"n_words_tested": n_tested[1], "n_phrases_tested": n_tested[2], **origin(features)}
    params["not_tested"] = int((~tested).sum())
    names_tested = [name for name, large in zip(groups.names, tested) if large]
    shipped = _shipped(features, groups.by, names_tested, params)
    tables = {2: shipped["keyness_phrases"] if shipped else pd.DataFrame(columns=CONTRAST)}
    chances, tails = [], []
    for n_words, made in found.items():
        tail = None
        if unit is not None:
            tail, chance = made.permuted(draws, level, generator(seed, "keyness", str(n_words)))
            chances.append(chance.assign(n_words=n_words))
            tails.append(tail.table(names_tested).assign(n_words=n_words))
        elif shipped:
            rows = shipped["keyness_tail"]
            tail = Tail.read(rows[rows["n_words"] == n_words], names_tested)
        tables[n_words] = made.table(level, tail)
    if shipped:
        measured = [1] if unit is not None else []
        for kept, name in ((chances, "keyness_chance"), (tails, "keyness_tail")):
            kept.append(shipped[name][~shipped[name]["n_words"].isin(measured)])
        params["unit"] = unit or "sentence"
    joined = _joined(chances, ["n_words", *CHANCE]), _joined(tails, ["n_words", *TAIL])
    result = Keyness(tables[1], params, tables[2], *joined, groups=groups.table)
    own = found[1].own
    named = None if own is None else found[1].terms[own.any(axis=0)].tolist()
    said = left_out_notes(named, left_out, formulas)
    return replace(result, notes=_notes(result, groups, features, bool(shipped), said))


def _permuted_unit(
    groups: Grouping, features: Features, pools: list[Features]
) -> tuple[str | None, np.ndarray]:
    """What is permuted, and which groups are large enough for it."""
    sizes = groups.sizes
    large = sizes >= ENOUGH_IN_GROUP
    others = [len(pool.article_ids) for pool in pools]
    enough = large.sum() >= (1 if pools else 2) and all(n >= ENOUGH_IN_GROUP for n in others)
    if enough and sizes.sum() + sum(others) >= ENOUGH_ARTICLES:
        return "article", large
    every = np.ones(len(sizes), bool)
    if not all(each.has("tokens") for each in (features, *pools)):
        return None, every
    if len(sizes) > MOST_TESTED:
        order = np.argsort(-groups.table["n_words"].to_numpy(), kind="stable")
        every[order[MOST_TESTED:]] = False
    return "sentence", every


def _make(shipment: Shipment) -> dict[str, pd.DataFrame]:
    """Phrases and chance for the groups of `SHIPPED_BY` and the default options.

    They hold numbers by group, and as words only the 25 strongest phrases of a group that it has at
    least twice. Groups are named as the shared form names them, which may withhold some.
    """
    made: dict[str, list[pd.DataFrame]] = {name: [] for name in _SHIPPED}
    for by in SHIPPED_BY:
        named = shipment.articles.set_index("article_id", drop=False)[by]
        if named.nunique() > SHIPPED_GROUPS:
            continue
        try:
            result = keyness(shipment.corpus, by=named, formulas=True)
        except FeaturesError:  # one group only, or nothing to compare
            continue
        phrases = result.phrases
        phrases = phrases[(phrases["z"] > 0) & (phrases["count"] >= SHIPPED_COUNT)]
        phrases = phrases.groupby("group", sort=False).head(SHIPPED_PHRASES)
        for name, table in zip(_SHIPPED, (phrases, result.chance, result.tail)):
            made[name].append(table.assign(by=by))
    return {name: pd.concat(tables, ignore_index=True) for name, tables in made.items() if tables}


SHIPS = Ships(_SHIPPED, _make)


def _shipped(
    features: Features, by: str, groups: list[str], params: dict
) -> dict[str, pd.DataFrame] | None:
    """The shipped results for these groups, if they were measured with these options."""
    defaults = {name: signature(keyness).parameters[name].default for name in DECIDE}
    other = params["background"] or params["within"]
    if other or any(params[name] != default for name, default in defaults.items()):
        return None
    tables = {
        name: table[table["by"] == by].drop(columns="by").reset_index(drop=True)
        for name, table in (SHIPS.read(features) or {}).items()
    }
    return tables if tables and set(tables["keyness_tail"]["group"]) >= set(groups) else None


def _joined(tables: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    if not tables:
        return pd.DataFrame(columns=columns)
    return pd.concat(tables, ignore_index=True)[columns]


def _notes(
    result: Keyness, groups: Grouping, features: Features, shipped: bool, left_out: list[str]
) -> tuple[str, ...]:
    table, params = result.table, result.params
    tested = count(params["n_words_tested"], "word")
    if params["n_phrases_tested"]:
        tested += f" and {count(params['n_phrases_tested'], 'phrase')}"
    tested += f" were tested in each of {count(len(groups.names), 'group')}"
    n_sure = int((result.beyond_chance & (table["z"] > 0)).sum())
    if not params["unit"]:
        why = "the background has nothing that could be permuted with the groups"
        if params["against"] == "rest":
            why = (
                "the shared form has no sentences to permute, and no result was shipped for these"
                " groups and options"
            )
        notes = [
            f"Suggestive: {tested}; {count(n_sure, 'word')} pass{'es' * (n_sure == 1)} Bonferroni's"
            f" test for so many. How many chance alone gives is not known: {why}."
        ]
    else:
        alone = result.chance.query("n_words == 1").groupby("group", sort=False).head(1)
        notes = [
            f"{result.verdict.capitalize()}: {tested}; {count(n_sure, 'word')}"
            f" stand{'s' * (n_sure == 1)} out in a group more than any word of any group does in"
            f" {params['level']:.0%} of permuted corpora. At |z| ≥ 1.96 there are"
            f" {int(alone['observed'].sum()):,} words, and chance alone gives"
            f" {alone['expected'].sum():,.0f}."
        ]
        if params["unit"] == "sentence" and groups.sizes.max(initial=0) > 1:
            notes.append(
                f"Sentences were permuted, as no two groups have {ENOUGH_IN_GROUP} articles or all"
                f" have fewer than {ENOUGH_ARTICLES}: what sets groups apart may be what single"
                " articles are about."
            )
    if shipped:
        notes.append(
            f"Phrases and chance are shipped results: of phrases the {SHIPPED_PHRASES} strongest of"
            " each group that it has at least twice."
        )
    elif not features.has("tokens"):
        notes.append("Phrases need the order of words, which only the private form has.")
    if params["not_tested"]:
        small = f"fewer than {ENOUGH_IN_GROUP} articles"
        if params["unit"] == "sentence":
            small = f"fewer words than the {MOST_TESTED} that are"
        notes.append(
            f"{count(params['not_tested'], 'group')} with {small}"
            f" {'is' if params['not_tested'] == 1 else 'are'} not tested."
        )
    notes += left_out
    unnamed = int((groups.codes < 0).sum())
    if unnamed:
        notes.append(f"{count(unnamed, 'article')} that `by` does not name are left out.")
    return (*notes, *few_articles(int(groups.sizes.sum())))
