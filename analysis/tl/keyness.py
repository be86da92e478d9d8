"""Keyness: the words and two-word phrases that one article or outlet uses more than the rest, and
how many chance alone would give.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from inspect import signature

import numpy as np
import pandas as pd

from analysis.errors import FeaturesError, OptionError, choose
from analysis.features import PRIVATE, Features
from analysis.groups import Grouping, group_articles, strata
from analysis.inference import few_articles, generator
from analysis.results import Result, at_least
from analysis.tl._contrast import CONTRAST, contrast
from analysis.tl._null import CHANCE, TAIL, Tail
from analysis.tl._words import (
    ENOUGH_ARTICLES,
    ENOUGH_IN_GROUP,
    background_counts,
    english,
    exchanged,
    phrase_counts,
    word_counts,
)
from analysis.views import origin

AGAINST = ("rest", "background")
KINDS, NOUNS = {1: word_counts, 2: phrase_counts}, {1: "words", 2: "phrases"}  # by words of a term
SHIPPED = (
    "keyness_phrases",
    "keyness_chance",
    "keyness_tail",
)  # result tables beside the shared form
DECIDE = (
    "names",
    "stop_words",
    "min_count",
    "prior",
    "level",
)  # options that results were measured with; draws and seed are the owner's
SHIPPED_BY = ("article_id", "outlet")
SHIPPED_PHRASES, SHIPPED_COUNT, SHIPPED_GROUPS = 25, 2, 50


@dataclass(frozen=True, eq=False, repr=False)
class Keyness(Result):
    """Log-odds of words and phrases, each group against the rest or a background.

    Attributes
    ----------
    table : DataFrame
        Words; the columns are described at `keyness`.
    phrases : DataFrame
        Phrases of two words, with the same columns. Rates are per 1,000 phrases.
    chance : DataFrame
        n_words (1: words, 2: phrases), group, threshold (of ``|z|``), observed (how many reach it),
        and of the shuffled corpora expected (the mean), low, high (between which the share `level`
        of draws lies) and p (share of draws with at least as many). The thresholds are those of p =
        .05, .01 and .001 for one word by itself, and the ``|z|`` of the group's tenth word.
    tail : DataFrame
        n_words, group, z, chance: what shuffling gives at every ``|z|``; for the group "" the
        largest of all.
    """

    phrases: pd.DataFrame
    chance: pd.DataFrame
    tail: pd.DataFrame

    @property
    def groups(self) -> list[str]:
        return list(dict.fromkeys(self.table["group"]))

    @property
    def verdict(self) -> str:
        """ "beyond chance" where whole articles were shuffled and a word passes the family-wise
        test, else "suggestive".
        """
        passes = self.table["p_adjusted"].le(1 - self.params["level"]).any()
        return "beyond chance" if passes and self.params["shuffled"] == "article" else "suggestive"


def keyness(
    features: Features,
    *,
    by: str | Mapping[str, str] | pd.Series = "article_id",
    background: Features | Mapping[str, float] | pd.DataFrame | None = None,
    against: str | None = None,
    within: str | None = None,
    names: bool = True,
    stop_words: bool = False,
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

    What chance gives is found by dealing out whole articles to the groups anew, or, where a group
    has fewer than six articles or all have fewer than twenty, sentences. Sentences of one article
    are more alike than those of two, so the second is the weaker test: it tells differences between
    groups from those between any two piles of sentences, and not what is an outlet's from what is
    the day's.

    Parameters
    ----------
    features : Features
        Either form; reads `terms` and `articles`, and for phrases and sentences also `tokens` and
        `sentences`, which the private form has. In the shared form phrases and chance come from the
        owner's results, if they are shipped and the options are the defaults.
    by : str, mapping or Series
        Column of `articles` that names the groups, such as "article_id" or "outlet", or a group for
        each article_id; articles that a mapping does not name are left out.
    background : Features, mapping of word to count, or DataFrame with the columns term and count,
        optional
        A corpus that shows what is usual. Words are compared in lower case; a mapping's keys of two
        words are phrases.
    against : {"rest", "background"}, optional
        What each group is compared with; the background if one is given. With "rest" a background
        only informs the prior.
    within : str, optional
        Column of `articles` that names their strata: only articles of one story are exchanged
        between groups. Where every outlet tells the same strata, chance is too large without.
    names : bool
        Whether words that are mostly names are compared, and phrases that hold one.
    stop_words : bool
        Whether English function words are compared, and phrases that hold one; other languages have
        no list and keep all words.
    min_count : int
        Words rarer than this in the whole corpus are left out.
    prior : float
        Pseudo-words of the prior's distribution (alpha_0); more draws rare words towards 0.
    draws : int
        How often sentences or articles are dealt out anew.
    level : float
        Of the interval of each word taken alone, and of the family-wise tests.
    seed : int

    Returns
    -------
    Keyness
        `table`: group, term, count, count_rest (rest or background), rate, rate_rest (per 1,000
        words), log_odds, low, high (natural log), z; `familywise`, true where the word passes a
        Bonferroni test over all words of its group; `p_adjusted`, the share of shuffled corpora in
        which any word of any group reaches the word's ``|z|`` (Westfall and Young's single step);
        `false_discovery`, of the words of the group that are at least as strong, the share that
        chance would give. The last two are NaN where nothing could be shuffled.

    Raises
    ------
    OptionError
        If an option has a value that is not allowed.
    FeaturesError
        If there is one group only and no background, or too few_articles words to compare.

    References
    ----------
    Monroe, B., Colaresi, M., and Quinn, K. (2008). Fightin' words. Political Analysis 16(4).
    https://doi.org/10.1093/pan/mpn018

    Westfall, P., and Young, S. (1993). Resampling-based multiple testing. Wiley.

    Examples
    --------
    >>> words = keyness(load("harbour").features, by="outlet")  # doctest: +SKIP
    >>> words.table.query("p_adjusted <= 0.05"), words.chance  # doctest: +SKIP
    """
    at_least("min_count", min_count, 1)
    at_least("prior", prior, 1e-9)
    at_least("draws", draws, 1)
    if not 0 < level < 1:
        raise OptionError(
            f"level={level!r} was given; allowed are numbers between 0 and 1, such as 0.95."
        )
    against = against or (AGAINST[0] if background is None else AGAINST[1])
    choose("against", against, AGAINST if background is not None else AGAINST[:1])
    groups, story = group_articles(features, by), strata(features, within)
    if within is not None and against == "background":
        raise OptionError(
            f"within={within!r} was given; allowed is None, as a background tells no story of the"
            ' corpus, or against="rest".'
        )
    if len(groups.names) < 2 and against == "rest":
        raise FeaturesError(
            f"keyness compares groups, and {groups.by!r} has one only: {', '.join(groups.names)}."
        )
    pool = background if against == "background" and isinstance(background, Features) else None
    unit = _unit(features, groups.sizes, pool) if pool is not None or against == "rest" else None
    filters = {"names": names, "stop_words": stop_words}
    found = {}
    for n_words, count in KINDS.items():
        if n_words > 1 and any(f is not None and f.form != PRIVATE for f in (features, pool)):
            continue
        counts = count(features, unit=unit or "article", **filters)
        usual = (
            None
            if background is None
            else background_counts(
                background, n_words=n_words, drop=not stop_words and english(features), **filters
            )
        )
        if n_words > 1 and (
            counts.matrix.shape[1] < 2 or against == "background" and not usual.sum()
        ):
            continue  # of one phrase alone no share can be compared
        others = None if pool is None else count(pool, unit=unit or "article", **filters)
        made = contrast(
            counts,
            groups.codes,
            len(groups.names),
            story=story,
            usual=usual,
            others=others,
            against=against,
            prior=float(prior),
            min_count=min_count,
        )
        if n_words == 1 and (counts.matrix.shape[1] < 2 or not len(made.terms)):
            raise FeaturesError(
                f"keyness compares words, and {features.corpus} leaves {len(made.terms)} to"
                " compare; allow rarer words (min_count), names or stop_words."
            )
        if len(made.terms):
            found[n_words] = made
    params = {
        "by": groups.by,
        "against": against,
        "within": within or "",
        "background": _named(background),
        **filters,
        "min_count": min_count,
        "prior": prior,
        "draws": draws,
        "level": level,
        "seed": seed,
        "shuffled": unit or "",
        **{
            f"n_{noun}_tested": len(found[n].terms) if n in found else 0
            for n, noun in NOUNS.items()
        },
        **origin(features),
    }
    shipped = _shipped(features, groups, params)
    tables, chances, tails = (
        {2: shipped["phrases"] if shipped else pd.DataFrame(columns=CONTRAST)},
        [],
        [],
    )
    for n_words, made in found.items():
        tail = None
        if unit is not None:
            tail, chance = made.shuffled(draws, level, generator(seed, "keyness", str(n_words)))
            chances.append(
                chance.assign(n_words=n_words, group=[groups.names[i] for i in chance["place"]])[
                    ["n_words", *CHANCE]
                ]
            )
            tails.append(tail.table(groups.names).assign(n_words=n_words)[["n_words", *TAIL]])
        elif shipped:
            tail = Tail.read(shipped["tail"].query("n_words == @n_words"), groups.names)
        tables[n_words] = made.table(groups.names, level, tail)
    if shipped:
        measured = [1] if unit is not None else []
        chances.append(shipped["chance"][~shipped["chance"]["n_words"].isin(measured)])
        tails.append(shipped["tail"][~shipped["tail"]["n_words"].isin(measured)])
        params["shuffled"] = exchanged(features, groups.sizes) or "sentence"
    result = Keyness(
        tables[1],
        params,
        tables[2],
        _joined(chances, ["n_words", *CHANCE]),
        _joined(tails, ["n_words", *TAIL]),
    )
    return replace(result, notes=_notes(result, groups, features.form, bool(shipped)))


def keyness_results(private: Features, articles: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """What the shared form cannot measure, for the groups of `SHIPPED_BY` and the default options:
    result tables by name.

    They hold numbers by group, and as words only the 25 strongest phrases of a group, of two words
    each, that it has at least twice.

    Parameters
    ----------
    private : Features
    articles : DataFrame
        `articles` of the shared form, whose cells name the groups.
    """
    made: dict[str, list[pd.DataFrame]] = {name: [] for name in SHIPPED}
    for by in SHIPPED_BY:
        if articles[by].nunique() > SHIPPED_GROUPS:
            continue
        try:
            result = keyness(private, by=pd.Series(articles[by].to_numpy(), articles["article_id"]))
        except FeaturesError:  # one group only, or nothing to compare
            continue
        listed = result.phrases[
            (result.phrases["z"] > 0) & (result.phrases["count"] >= SHIPPED_COUNT)
        ]
        listed = listed.groupby("group", sort=False).head(SHIPPED_PHRASES)
        for name, table in zip(SHIPPED, (listed, result.chance, result.tail)):
            made[name].append(table.assign(by=by))
    return {name: pd.concat(tables, ignore_index=True) for name, tables in made.items() if tables}


def _unit(features: Features, sizes: np.ndarray, pool: Features | None) -> str | None:
    """What is dealt out anew: "article", "sentence", or nothing where a form lacks sentences'
    words.
    """
    if pool is None:
        return exchanged(features, sizes)
    unit = exchanged(features, np.r_[sizes, len(pool.article_ids)])
    return None if unit == "sentence" and pool.form != PRIVATE else unit


def _shipped(features: Features, groups: Grouping, params: dict) -> dict[str, pd.DataFrame] | None:
    """The owner's results for these groups, if they were measured with these options."""
    defaults = {
        name: option.default
        for name, option in signature(keyness).parameters.items()
        if name in DECIDE
    }
    other = (
        params["background"]
        or params["within"]
        or any(params[name] != default for name, default in defaults.items())
    )
    if features.form == PRIVATE or other or not all(map(features.has_result, SHIPPED)):
        return None
    tables = {name.removeprefix("keyness_"): features.result(name) for name in SHIPPED}
    tables = {
        name: table[table["by"] == groups.by].drop(columns="by").reset_index(drop=True)
        for name, table in tables.items()
    }
    return tables if set(tables["tail"]["group"]) >= set(groups.names) else None


def _joined(tables: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)


def _named(background) -> str:
    return (
        ""
        if background is None
        else background.corpus
        if isinstance(background, Features)
        else "(given)"
    )


def _notes(result: Keyness, groups: Grouping, form: str, shipped: bool) -> tuple[str, ...]:
    table, params = result.table, result.params
    passes = 1 - params["level"]
    phrases = (
        f" and {number(params['n_phrases_tested'], 'phrase')}" if params["n_phrases_tested"] else ""
    )
    tested = (
        f"{number(params['n_words_tested'], 'word')}{phrases} were tested in each of"
        f" {number(len(groups.names), 'group')}"
    )
    if not params["shuffled"]:
        sure = int((table["familywise"] & (table["z"] > 0)).sum())
        why = (
            "the background has nothing that could be shuffled with the groups"
            if params["against"] == "background"
            else (
                "the shared form has no sentences to shuffle, and its owner shipped no result for"
                " these groups and options"
            )
        )
        notes = [
            f"Suggestive: {tested}; {number(sure, 'word')} pass{'es' * (sure == 1)} Bonferroni's"
            f" test for so many. How many chance alone gives is not known: {why}."
        ]
    else:
        sure = int((table["p_adjusted"].le(passes) & (table["z"] > 0)).sum())
        alone = result.chance.query("n_words == 1").groupby("group", sort=False).head(1)
        notes = [
            f"{result.verdict.capitalize()}: {tested}; {number(sure, 'word')}"
            f" stand{'s' * (sure == 1)} out in a group more than any word of any group does in"
            f" {params['level']:.0%} of shuffled corpora. At |z| ≥ 1.96 there are"
            f" {int(alone['observed'].sum()):,} words, and chance alone gives"
            f" {alone['expected'].sum():,.0f}."
        ]
        if params["shuffled"] == "sentence" and groups.sizes.max(initial=0) > 1:
            notes.append(
                f"Sentences were shuffled, as there are fewer than {ENOUGH_IN_GROUP} articles in a"
                f" group or {ENOUGH_ARTICLES} in all: what sets groups apart may be what single"
                " articles are about."
            )
    if shipped:
        notes.append(
            f"Phrases and chance are the owner's results: of phrases the {SHIPPED_PHRASES}"
            " strongest of each group that it has at least twice."
        )
    elif form != PRIVATE:
        notes.append("Phrases need the order of words, which only the private form has.")
    left_out = int((groups.codes < 0).sum())
    if left_out:
        notes.append(f"{number(left_out, 'article')} that `by` does not name are left out.")
    return (*notes, *few_articles(int(groups.sizes.sum())))


def number(n: int, noun: str) -> str:
    """ "1 word", "2 words"."""
    return f"{n:,} {noun}" + "s" * (n != 1)
