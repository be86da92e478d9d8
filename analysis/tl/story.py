"""The story: which claims each article tells, where and in whose voice, and which it leaves out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from analysis.corpus import Corpus
from analysis.errors import OptionError
from analysis.events import STORY
from analysis.features import Features, features_of
from analysis.groups import By, Grouping, group_articles
from analysis.models.encoder import Encoder
from analysis.options import check_options
from analysis.results import Result
from analysis.store import Shipment, Ships
from analysis.tl._claim_rates import FEWEST_RATED
from analysis.tl._omissions import by_group, of_what, omissions
from analysis.tl._story_cells import ANSWERS, STORY_CELLS, check_story, measured_cells, topics_of
from analysis.tl._story_places import HEADLINE, IN_LEAD
from analysis.tl._told import GivenClaim
from analysis.tl.claims import Claims
from analysis.views import OFFSETS, origin, with_missing
from analysis.wording import apart, listed, names_of, no_difference, noun, number

_TITLE_LETTERS = 80  # of a claim's wording in a finding


@dataclass(frozen=True, eq=False, repr=False)
class Story(Result):
    """Which article tells which claim, and where.

    Attributes
    ----------
    table : DataFrame
        One row for each claim and article of its story.

        ==========  ==========  ==================================================================
        column      unit        meaning
        ==========  ==========  ==================================================================
        story, claim, article_id
        answer                  "tells", "unsure", "omits"; or "not judged", where no sentence of
                                the story tells the claim in these words
        p           0 to 1      probability that the article tells the claim
        rate        0 to 1      how often such an answer is wrong; empty where it is not known
        sentence    from 0      the one that tells it; of other answers the nearest
        start, end  characters  of the sentence; empty in the shared form
        place                   "headline" (which tells it too), "lead" (the first paragraph, or
                                the first two sentences) or "body"
        down        0 to 1      how far down the article the sentence stands
        voice                   whose words tell it: "outlet", "quoted", "reported", "attitude"
        speaker                 of the last three; empty in the shared form
        denies      boolean     whether the verb of the speaker denies it
        ==========  ==========  ==================================================================
    claims : DataFrame
        One row a claim: story, claim, label, judged, n_tells, n_unsure and n_omits (articles), and
        coherence (of claims that were found).
    grouped : DataFrame
        The same cells by group: story, claim, group, answer ("tells" where one of its articles
        does; "omits" where all do), p, rate, article_id, sentence, place, down and voice of the
        article nearest to the top that tells it.
    omissions : DataFrame
        One row a group: n_claims (that at least three other groups tell of stories that it
        reports), n_omitted, and share with the columns of
        `analysis.comparison.Comparison.columns`; claims are resampled, or stories where there are
        several.
    omitted : DataFrame
        The same by what a claim is about: group, kind ("frame", "actor", "voice"), name, n_claims,
        n_omitted, share, low, high (Wilson).
    disagreements : DataFrame
        Numbers, names, dates and times in which articles that tell a claim differ in it: claim, and
        the columns of `tl.disagreements`.
    articles : DataFrame
        The articles by their names, as `analysis.groups.Grouping.table` has groups.
    """

    claims: pd.DataFrame
    grouped: pd.DataFrame
    omissions: pd.DataFrame
    omitted: pd.DataFrame
    disagreements: pd.DataFrame
    articles: pd.DataFrame

    def worded(self, shown: pd.DataFrame) -> Story:
        """The same with claims called by the words that are shown of them, in figures and findings.

        Parameters
        ----------
        shown : DataFrame
            The table of `tl.claims`, which these claims are, with the column `text` that
            `tw.show` adds; where texts are withheld it adds none, and nothing changes.

        Returns
        -------
        Story

        Examples
        --------
        >>> import analysis as tw
        >>> corpus = tw.load("harbour")
        >>> claims = tw.tl.claims(corpus)
        >>> story = tw.tl.story(corpus, claims=claims)
        >>> story.worded(tw.show(claims.table, corpus)).claims["label"].str[:43].iloc[0]
        '“I will not be hanged on one of them before'
        """
        if "text" not in shown:
            return self
        words = dict(zip(zip(shown["story"], shown["claim"]), shown["text"]))
        keys = zip(self.claims["story"], self.claims["claim"])
        label = [
            " ".join(words.get(key, old).split()) for key, old in zip(keys, self.claims["label"])
        ]
        params = self.params | {"called": "by words"}
        return replace(self, claims=self.claims.assign(label=label), params=params)

    @property
    def stories(self) -> list[str]:
        """The stories, those of most articles first."""
        sizes = self.table.groupby("story", sort=False)["article_id"].nunique()
        return sizes.sort_values(ascending=False, kind="stable").index.tolist()

    @property
    def finding(self) -> str:
        """Which claim is left out by whom, though most tell it, and who gives it most room."""
        return self.finding_of(self.stories[0]) if self.stories else _nothing()

    def finding_of(self, story: str) -> str:
        """The finding about one story."""
        about = self.claims[self.claims["story"] == story]
        if len(about) and not about["judged"].any():
            return "No sentence is like the words of the claims: reword them"
        about = about[about["judged"].astype(bool)]
        if about.empty:
            return _nothing()
        nouns = noun(str(self.params["by"]))
        cells, told, left = self._told_and_left(story)
        most = self.named_claim(story)
        if not most:
            n = cells["group"].nunique()
            every = sum(len(told.get(claim, [])) == n for claim in about["claim"])
            return (
                f"Of {number(len(about))} claims {number(every)} are told by every {nouns[0]}, and"
                " none that three tell is left out by another"
            )
        names = names_of(self.groups, str(self.params["by"]))
        label = about.set_index("claim").at[most, "label"]
        who = left[most]
        assert self.groups is not None, "made by `story`"
        named = len(who) <= 2 and self.groups.set_index("group").loc[who, "outlet"].ne("").all()
        said = listed([names[group] for group in who])
        said = said if named else f"{number(len(who)).capitalize()} {nouns[len(who) > 1]}"
        leave, n = f"leave{'s' * (len(who) == 1)} out", number(len(told[most]))
        if self.params["claims"] == "given" or "called" in self.params:
            finding = f"{said} {leave} “{_within(label)}”, which {n} {nouns[1]} tell"
        else:
            finding = f"{said} {leave} what {n} tell of {listed(label.split(', '), 9)}"
        first = cells[(cells["claim"] == most) & (cells["answer"] == "tells")]
        leads = first[first["place"].isin([HEADLINE, IN_LEAD])].sort_values("place", kind="stable")
        if len(leads):
            top = names[leads["group"].iloc[0]]
            where = "in its headline" if leads["place"].iloc[0] == HEADLINE else "in its lead"
            finding += f"; {top} has it {where}"
        return finding

    def named_claim(self, story: str) -> str:
        """The claim that the finding about a story names; empty where it names none.

        Of those that three groups tell and others omit, the one that divides them most evenly.
        """
        about = self.claims[(self.claims["story"] == story) & self.claims["judged"].astype(bool)]
        _, told, left = self._told_and_left(story)
        both = [claim for claim in about["claim"] if claim in told and claim in left]
        both = [claim for claim in both if len(told[claim]) >= FEWEST_RATED]
        divided = {c: (min(len(left[c]), len(told[c])), len(told[c])) for c in both}
        return max(both, key=divided.__getitem__, default="")

    def _told_and_left(self, story: str) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
        cells = self.grouped[self.grouped["story"] == story]
        told, left = (
            cells[cells["answer"] == answer].groupby("claim")["group"].agg(list)
            for answer in ("tells", "omits")
        )
        return cells, told, left

    @property
    def finding_of_omissions(self) -> str:
        """Who leaves out more, or less, than the rest of what at least three others tell."""
        by = str(self.params["by"])
        above, below = apart(self.omissions, self.groups, by)
        one = len(above or below) == 1
        if above or below:
            how = "more" if above else "less"
            leaves = "leaves" if one else "leave"
            return f"{listed(above or below)} {leaves} out {how} than the rest of what others tell"
        deed = "leaves out more or less of what others tell"
        return no_difference(self.omissions, by, deed)


def _within(wording: str) -> str:
    """A wording as a title has it: without its last mark, and not too long."""
    plain = wording.strip().rstrip(".")
    if len(plain) <= _TITLE_LETTERS:
        return plain
    return plain[:_TITLE_LETTERS].rsplit(" ", 1)[0] + "…"


def _nothing() -> str:
    return "No claim is told by two articles of a story"


def story(
    corpus: Corpus | Features,
    *,
    story: str | None = None,
    claims: Claims | Mapping[str, Any] | None = None,
    by: By | None = None,
    within: str | list[str] | None = "story",
    encoder: Encoder | None = None,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Story:
    r"""Say which claims each article of a story tells, where, in whose voice, and which it omits.

    A claim given in words is compared with every sentence by s, the mean of the cosine of their
    embeddings and the share of the claim's words, by their idf in the story, that the sentence has;
    and r is the sentence's likeness (the mean of cosine and tf-idf) to the best sentences of the
    two other articles that have the best ones. An article tells the claim with

    .. math:: \mathrm{logit}\,p = -7.0 + 5.5 \max s + 7.7 \max (s + r)

    It tells it from .5 and omits it below .15. A claim of which no sentence of the story reaches an
    s of .5 is not judged: it may be told in other words. Of a claim that was found, p is the mean
    probability that the article's best sentence tells the same as the claim's sentences of other
    articles (see `claims`); articles of which it has a sentence tell it, and one below .1 omits it.

    Parameters
    ----------
    corpus : Corpus or Features
        The private form, with embeddings; or the shared one with the owner's result, for claims
        that were found.
    story : str, optional
        One story by its name; all if not given.
    claims : Claims or mapping, optional
        What `tl.claims` found; or claims in words, each by its name: a wording or several. If not
        given, those of the codebook, or, if there are none, those that `tl.claims` finds.
    by : str, sequence of str, mapping or Series, optional
        Groups as `analysis.groups.group_articles` takes them; outlets, where at least two have two
        articles each, else articles.
    within : str, sequence of str or None
        What names the story of each article; all articles are one story with None.
    encoder : Encoder, optional
        The model that embedded the sentences; the default one if not given.
    draws, level, seed
        Of the intervals of `omissions`.

    Returns
    -------
    Story

    Raises
    ------
    FeaturesError
        If the features hold no embeddings, or those of another model; if a claim points out a
        sentence that is not there; if the shared form is given and the owner has not shipped the
        result.
    LanguageError
        If no article is in English.
    OptionError
        If an option has a value that is not allowed.

    Notes
    -----
    An article that denies a claim tells of it: `denies` and `disagreements` show what speaks
    against it, but no polarity is claimed. Rates were counted on the gold of `corpus/harbour`, with
    the default model and stories of three articles or more (`benchmarks/STORY.md`).

    Examples
    --------
    >>> from analysis.extract.memory import extract_articles
    >>> from analysis.io.article import Article
    >>> from analysis.models import load_encoder
    >>> texts = {
    ...     "a": "The crane killed seven dockers at the quay. It had been built abroad.",
    ...     "b": "Nobody was charged. Seven dockers were killed at the quay by the crane.",
    ... }
    >>> articles = [Article(name, text, "en") for name, text in texts.items()]
    >>> told = story(
    ...     extract_articles(articles, encoder=load_encoder()),
    ...     claims={"toll": "Seven dockers were killed.", "rain": "It rained in Paris."},
    ... )
    >>> told.table[["claim", "article_id", "answer"]]
      claim article_id      answer
    0  toll          a       tells
    1  toll          b       tells
    2  rain          a  not judged
    3  rain          b  not judged
    """
    features = features_of(corpus)
    check_options(draws=draws, level=level, seed=seed)
    given = _given(features, claims)
    grouping = group_articles(features, by)
    options = {"draws": draws, "level": level, "seed": seed}
    params = {"by": grouping.by, "story": story, "within": within, **options, **origin(features)}
    usual = claims is None and within == STORY  # as the owner measured
    shipped = SHIPS.read(features) if usual else None
    notes: tuple[str, ...] = ()
    if shipped is not None:
        params["measured_on"] = "results"
        cells, about, topics, differ = (shipped[name] for name in SHIPS.tables)
        cells = with_missing(cells, OFFSETS).assign(speaker="")[STORY_CELLS]
        if story is not None:
            check_story(story, cells["story"].unique().tolist())
        chosen = cells["article_id"].isin(features.article_ids)
        cells = cells[chosen & (cells["story"].eq(story) | (story is None))]
        cells = cells.reset_index(drop=True)
        about = about.merge(cells[["story", "claim"]].drop_duplicates(), on=["story", "claim"])
    else:
        found = claims if isinstance(claims, Claims) else None
        cells, about, topics, differ, notes = measured_cells(
            features, story, given, found, within, encoder
        )
    kind = "given" if given else "found"
    params |= {"claims": kind}
    return _result(cells, about, topics, differ, params, notes, features, grouping, options)


def _result(
    cells: pd.DataFrame,
    about: pd.DataFrame,
    topics: pd.DataFrame,
    differ: pd.DataFrame,
    params: dict,
    notes: tuple[str, ...],
    features: Features,
    grouping: Grouping,
    options: dict,
) -> Story:
    ids = features.article_ids
    group_of = {a: grouping.names[c] for a, c in zip(ids, grouping.codes) if c >= 0}
    grouped = by_group(cells, group_of)
    table = omissions(grouped, grouping.names, **options)
    what = of_what(grouped, topics, options["level"])
    named = group_articles(features, "article_id").table
    return Story(
        cells,
        params,
        about,
        grouped,
        table,
        what,
        differ[differ["claim"].isin(about["claim"])].reset_index(drop=True),
        named,
        notes=notes,
        groups=grouping.table,
    )


def _given(features: Features, claims) -> list[GivenClaim]:
    """Claims in words: of the option, or of the codebook."""
    if claims is None:
        listed_: Any = features.codebook("claims") or []
        return [
            GivenClaim(about["id"], tuple(about["wording"]), about.get("told", {}))
            for about in listed_
        ]
    if isinstance(claims, Claims):
        return []
    if not isinstance(claims, Mapping) or not claims:
        raise OptionError(
            "claims must be a result of tl.claims, or a mapping from the name of a claim to its"
            f" wording or a list of wordings (got {claims!r:.80})"
        )
    given = []
    for name, wording in claims.items():
        wordings = (wording,) if isinstance(wording, str) else wording
        if not _are_wordings(wordings):
            raise OptionError(
                f"claims[{name!r}] must be a wording or a list of wordings, each with a word (got"
                f" {wording!r:.80})"
            )
        given.append(GivenClaim(str(name), tuple(wordings)))
    return given


def _are_wordings(given) -> bool:
    if not isinstance(given, Sequence) or not given:
        return False
    return all(isinstance(one, str) and any(map(str.isalnum, one)) for one in given)


def _make(shipment: Shipment) -> dict[str, pd.DataFrame]:
    told = shipment.measure("story")
    # neither where in the text sentences stand, nor how like they are to the last digit, ships
    cells = told.table.drop(columns=list(OFFSETS)).round({"p": 1})
    known = cells["answer"].isin(ANSWERS[:2])
    cells["sentence"] = cells["sentence"].astype("Int64").where(known)
    # nor who speaks in a sentence whose number is known, which would be words of it in their order
    cells = cells.drop(columns="speaker")
    differ = told.disagreements[[c for c in _DIFFER if c in told.disagreements]]
    differ = differ.round({"score": 2})
    topics = topics_of(shipment.features, told.table)
    about = told.claims.round({"coherence": 2})
    return dict(zip(SHIPS.tables, (cells, about, topics, differ)))


_DIFFER = ["claim", "kind", "a", "b", "a_value", "b_value", "score"]
SHIPS = Ships(("story_cells", "story_claims", "story_topics", "story_disagreements"), _make)
