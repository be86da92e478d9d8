"""Disagreements: numbers, names and dates in which two articles differ that report the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.errors import FeaturesError
from analysis.features import Features, features_of
from analysis.groups import By, Grouping, group_articles
from analysis.options import check_options
from analysis.results import Result, count
from analysis.reuse.stages import CHARACTERS
from analysis.store import Shipment, Ships
from analysis.tl._contexts import Values
from analysis.tl._differing import differing_values
from analysis.tl._matters import find_matters, what_is_measured, with_matters
from analysis.tl._variants import name_variants
from analysis.views import OFFSETS, origin, publication_days, with_missing
from analysis.wording import listed

VALUE_KINDS = ("number", "name", "date", "time")
_PLACES = ["value", "sentence", "start", "end"]
DISAGREEMENT_COLUMNS = ["kind", "what", "a", "b", "a_value", "b_value", "a_sentence", "b_sentence"]
DISAGREEMENT_COLUMNS += ["a_start", "a_end", "b_start", "b_end", "score"]
_NOWHERE = ["a_sentence", "b_sentence", *CHARACTERS]  # that no shared form has


@dataclass(frozen=True, eq=False, repr=False)
class Disagreements(Result):
    """Where articles differ in a number, a name, a date or a time of day.

    Attributes
    ----------
    table : DataFrame
        One row a pair of values, the surest first.

        ======================  ==========  ======================================================
        column                  unit        meaning
        ======================  ==========  ======================================================
        kind                                "number", "date", "time" or "name"
        what                                of numbers "toll" (the dead), "injured", "age",
                                            "share", "amount" (of money), "measure" (of another
                                            unit) or "count"; else the kind
        a, b                                article ids, in the order of the metadata
        a_value, b_value                    in the normal form of `analysis.text.values`
        a_sentence, b_sentence              numbers of their sentences, from 0
        a_start, a_end,         characters  where the values stand in the texts, from 0; ends
        b_start, b_end                      exclusive
        score                   0 to 1      how alike the contexts of the two values are
        matter                              number of the row's matter in `matters`
        a_outlet, a_published,              of the two articles; empty where not known
        b_outlet, b_published
        a_since, b_since                    what the same outlet gives in its last later article,
                                            if that is another value
        ======================  ==========  ======================================================
    matters : DataFrame
        What articles differ on: rows of `table` that share a value of one article are one matter,
        so that one value may differ from several. One row a value and place, by time.

        ==============  ==========  ==============================================================
        column          unit        meaning
        ==============  ==========  ==============================================================
        matter                      from 1, the surest first
        kind, what                  as in `table`
        value                       in normal form
        article_id                  who gives it
        outlet                      of the article, and `published`; empty where not known
        before                      the value that the outlet gave before, if that was another
        sentence                    number of the sentence, from 0
        start, end      characters  where the value stands
        claim                       of `tl.claims`, that the sentence tells; empty where it tells
                                    none, and in the shared form
        ==============  ==========  ==============================================================
    between : DataFrame
        One row for two groups, or a group with itself, whose articles differ somewhere; those that
        differ most often first. Groups of more articles have more pairs to differ in, and so
        `n_pairs` beside `of_pairs`; neither says who is right.

        =========================  ========  =====================================================
        column                     unit      meaning
        =========================  ========  =====================================================
        group, other                         in the order of the groups; the same within a group
        n                                    rows of `table`
        number, name, date, time             of these, by kind
        n_pairs                    articles  pairs that differ somewhere
        of_pairs                   articles  pairs there are, whatever they report
        =========================  ========  =====================================================
    articles : DataFrame
        The articles by their names, as `analysis.groups.Grouping.table` has groups.
    """

    matters: pd.DataFrame
    between: pd.DataFrame
    articles: pd.DataFrame

    @property
    def finding(self) -> str:
        """On how many things articles may differ, of which kinds, and how many pairs do."""
        if self.table.empty:
            return "No two articles differ in a number, name, date or time of the same thing"
        kinds = self.matters.drop_duplicates("matter")["kind"].value_counts()
        shown = [count(kinds[kind], kind) for kind in VALUE_KINDS if kind in kinds]
        n_pairs = len(self.table[["a", "b"]].drop_duplicates())
        return (
            f"{count(n_pairs, 'pair')} of articles may differ on"
            f" {listed(shown, most=len(VALUE_KINDS))}"
        )


def disagreements(
    corpus: Corpus | Features,
    *,
    by: By | None = None,
    min_score: float = 0.18,
    within_days: float | None = 14,
) -> Disagreements:
    r"""Find where articles differ in a number, a name, a date or a time of day.

    Two numbers, dates or times are set against each other if they measure the same (days with
    hours, a count of dead with a count of dead), and if no other value of the one article, unless
    it says the same, stands in a context more like that of the other. A context is the words of the
    sentence, each weighed by its rarity among the N sentences, of which df have it, and by its
    nearness to the value, from which it is d words away,

    .. math:: w = \log\frac{N + 1}{df} \cdot \frac{5}{5 + d}

    besides the other values of the sentence and what is measured. The score is the cosine of two
    contexts, for three tenths that of what the sentences mean where they have an embedding. It is
    multiplied by 1 + max(p - .4, 0), where p is how surely both sentences tell one claim: the mean
    probability that either tells the same as the sentences of the other's claim, as `tl.claims`
    finds them in each story. It is less for values far apart, for counts of things of another name,
    for a day beside a month, and half where the next telling words to either side of the two values
    have none in common. Of several values that may be set against one, the nearer counts more.
    Values that are both linked to a third article's have nine tenths of the lesser of the two
    scores. Two names are set against each other if their spellings are alike, and each stands in
    one of the two articles only. Values that agree are left out (seven and 7, 48 hours and two
    days, 4.7 million and 4,712,300), and so are those that either sentence, or the other article in
    a context nearly as like, agrees with. A month agrees with a day of it where the year is known.

    Parameters
    ----------
    corpus : Corpus or Features
        The private form; or the shared one with the owner's `disagreements` in its results, which
        hold what the defaults let through.
    by : str, sequence of str, mapping or Series, optional
        Whose articles differ from whose, in `between`: groups as
        `analysis.groups.group_articles` takes them; outlets, where at least two have two articles
        each, else articles. Rows of articles that a mapping does not name are left out.
    min_score : float, at least 0
        Lower values list more, of which fewer are true. The default suits the articles of one
        story; in an archive of many, where chance has more pairs to choose from, take 0.5.
    within_days : float or None
        Compare only articles published at most so many days apart, as what is true changes; one
        without a date is compared with all. None compares all.

    Returns
    -------
    Disagreements

    Raises
    ------
    FeaturesError
        If the features hold no values, or if the shared form is given and the owner has not shipped
        the result.
    OptionError
        If an option has a value that is not allowed.

    Examples
    --------
    >>> import analysis as tw
    >>> found = tw.tl.disagreements(tw.load("amnesty2024"))
    >>> tolls = found.table[found.table["what"] == "toll"]
    >>> tolls[["a", "a_value", "b", "b_value"]].values.tolist()
    [['mcclatchy', '21', 'caruzo', '24']]
    """
    features = features_of(corpus)
    grouping = group_articles(features, by)
    check_options(min_score=min_score)
    if within_days is not None:
        check_options(within_days=within_days)
        within_days = float(within_days)
    params = {"by": grouping.by, "min_score": float(min_score), "within_days": within_days}
    params |= origin(features)
    articles = features.table("articles")
    claims = None
    if shipped := SHIPS.read(features):
        params["measured_on"] = "results"
        table = shipped["disagreements"]
        places = {f"{s}_{end}": table[f"{s}_place"] for s in "ab" for end in OFFSETS}
        table = with_missing(table.assign(**places), _NOWHERE)[DISAGREEMENT_COLUMNS]
        table = table[table["score"] >= min_score]
    else:
        if features.measures_itself and not features.has("values"):
            raise FeaturesError(
                f"{features.where}: the features hold no numbers, dates and names, which a corpus"
                " of more than 1,000 articles has only if asked: run `twicetold extract --values`"
            )
        values = Values(features, articles)
        table, claims = _measured(values, min_score), values.claims
        params["contexts"] = "sentences" if claims is None else "claims"
    if within_days is not None:
        days = pd.Series(publication_days(articles), articles["article_id"])
        apart = days[table["a"]].to_numpy() - days[table["b"]].to_numpy()
        table = table[~(np.abs(apart) > within_days)]
    kept = set(np.array(features.article_ids, object)[grouping.codes >= 0])
    table = table[table["a"].isin(kept) & table["b"].isin(kept)].reset_index(drop=True)
    matters = find_matters(table, articles, claims)
    table = with_matters(table, matters, articles)
    if shipped:  # numbers that stood in for places
        nowhere = pd.array([pd.NA], "Int64")
        table = table.assign(**{name: nowhere.repeat(len(table)) for name in CHARACTERS})
        matters = matters.assign(**{name: nowhere.repeat(len(matters)) for name in OFFSETS})
    between = _between(table, grouping, features.article_ids)
    named = group_articles(features, "article_id").table
    return Disagreements(table, params, matters, between, named, groups=grouping.table)


def _between(table: pd.DataFrame, grouping: Grouping, ids: list[str]) -> pd.DataFrame:
    """Disagreements counted for each two groups."""
    places = pd.Index(ids)
    sides = np.sort([grouping.codes[places.get_indexer(table[side])] for side in "ab"], axis=0)
    counts = pd.DataFrame({"group": sides[0], "other": sides[1], "n": 1})
    for kind in VALUE_KINDS:
        counts[kind] = table["kind"].eq(kind).astype(int)
    counts["pair"] = table.groupby(["a", "b"], sort=False).ngroup()
    by_groups = counts.groupby(["group", "other"])
    made = by_groups[["n", *VALUE_KINDS]].sum()
    made["n_pairs"] = by_groups["pair"].nunique()
    made = made.reset_index().sort_values("n", ascending=False, kind="stable", ignore_index=True)
    one, two = (grouping.sizes[made[side].to_numpy(int)] for side in ("group", "other"))
    of_pairs = np.where(made["group"] == made["other"], one * (one - 1) // 2, one * two)
    names = np.array([*grouping.names, ""], object)
    made = made.assign(of_pairs=of_pairs, group=names[made["group"]], other=names[made["other"]])
    return made[["group", "other", "n", *VALUE_KINDS, "n_pairs", "of_pairs"]]


def _make(shipment: Shipment) -> dict[str, pd.DataFrame]:
    # a value whose sentence is known is words of it in their order: places are numbered by value
    table = shipment.measure("disagreements").table[DISAGREEMENT_COLUMNS]
    names = ["article", "value", "start", "end"]
    sides = [
        table[[s, *(f"{s}_{name}" for name in names[1:])]].set_axis(names, axis=1) for s in "ab"
    ]
    every = pd.concat(sides).drop_duplicates().sort_values(names)
    every["place"] = every.groupby("article").cumcount()
    number = every.set_index(names)["place"]
    places = {
        f"{s}_place": number.reindex(pd.MultiIndex.from_frame(side)).to_numpy(int)
        for s, side in zip("ab", sides)
    }
    table = table.drop(columns=_NOWHERE).assign(**places)
    return {"disagreements": table.round({"score": 2})}


SHIPS = Ships(("disagreements",), _make)


def _measured(values: Values, min_score: float) -> pd.DataFrame:
    """The rows of the result, the surest first."""
    pairs = pd.concat([differing_values(values, min_score), name_variants(values, min_score)])
    pairs = pairs.astype({"i": int, "j": int, "score": float})
    order = np.lexsort((pairs["j"], pairs["i"], -pairs["score"].round(9)))
    pairs = pairs.iloc[order].reset_index(drop=True)
    a, b = (values.table.loc[pairs[row]].reset_index(drop=True) for row in "ij")
    table = pd.DataFrame({"kind": a["kind"], "a": a["article_id"], "b": b["article_id"]})
    said = zip(a["kind"], a["dimension"])
    table["what"] = [what_is_measured(kind, dimension) for kind, dimension in said]
    sides = [a[_PLACES].add_prefix("a_"), b[_PLACES].add_prefix("b_")]
    return pd.concat([table, *sides, pairs["score"]], axis=1)[DISAGREEMENT_COLUMNS]
