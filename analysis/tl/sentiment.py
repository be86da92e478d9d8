"""Sentiment: the polarity of sentences, by group and along articles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.comparison import compare_groups
from analysis.corpus import Corpus
from analysis.errors import FeaturesError, TextsNeeded
from analysis.features import Features, features_of
from analysis.groups import UNKNOWN, By, Grouping, group_articles
from analysis.inference import few_articles
from analysis.options import check_choice, check_options
from analysis.results import Result
from analysis.views import in_language, origin, pattern_counts, sentence_spans
from analysis.wording import differing, listed, names_of, no_difference


@dataclass(frozen=True, eq=False, repr=False)
class Sentiment(Result):
    """Polarity of sentences, and its mean by group.

    Attributes
    ----------
    table : DataFrame
        One row for each dictionary and group.

        =======================  =========  ====================================================
        column                   unit       meaning
        =======================  =========  ====================================================
        group
        dictionary                          its name in the codebook
        mean                     -1 to 1    over the group's sentences
        low, high                -1 to 1    bounds of the mean's interval
        shrunk                   -1 to 1    the mean drawn towards that of all groups, the more
                                            the less sure it is: order groups by this
        rest                     -1 to 1    mean over the sentences of all other groups
        joint_low, joint_high    -1 to 1    bounds around the mean of its difference from
                                            `rest`, for all groups together
        apart                               whether these bounds exclude `rest`
        weight                   sentences  as n_sentences
        n_articles               articles
        n_sentences              sentences
        n_scored                 sentences  with a word that the dictionary knows
        unit                                what was resampled: "article", or "sentence" of a
                                            single article
        =======================  =========  ====================================================
    sentences : DataFrame
        One row for each dictionary and sentence.

        ==========  ==========  ===============================================
        column      unit        meaning
        ==========  ==========  ===============================================
        article_id
        sentence                its number in the article, from 0
        start, end  characters  in the article; empty in the shared form
        position    words       before the sentence
        n_words     words
        dictionary
        score       -1 to 1     mean weight of the words that matched, or 0
        n_matched   words       that the dictionary knows
        ==========  ==========  ===============================================
    words : DataFrame
        The dictionaries' words that matched.

        ==========  ===========  ====================================
        column      unit         meaning
        ==========  ===========  ====================================
        article_id
        dictionary
        pattern                  the dictionary's word
        count       occurrences  in the article
        n_negated   occurrences  of these, with a negation among the
                                 three words before; empty outside
                                 English
        ==========  ===========  ====================================
    """

    sentences: pd.DataFrame
    words: pd.DataFrame

    @property
    def dictionaries(self) -> list[str]:
        """Names of the dictionaries, in the order of the codebook."""
        return self.params["dictionaries"]

    @property
    def finding(self) -> str:
        """The finding of the first dictionary."""
        return self.finding_of(self.dictionaries[0])

    def finding_of(self, dictionary: str) -> str:
        """Whose words are more negative or more positive than the rest's, by one dictionary."""
        assert self.groups is not None, "made by sentiment"
        table = self.table[(self.table["dictionary"] == dictionary) & self.table["mean"].notna()]
        by = self.params["by"]
        if table.empty:
            return "There is no sentence to score"
        if len(table) == 1:
            return self._of_one(table.iloc[0])
        said = [
            f"of {listed(names, 3 if by == 'outlet' else 2)} are more"
            f" {'positive' if far > 0 else 'negative'}"
            for far, names in differing(table, self.groups, by)
        ]
        if said:
            said[0] = f"The words {said[0]} than the rest's"
            return "; ".join([said[0], *(f"those {one}" for one in said[1:])])
        return no_difference(table, by, "differs from the rest in how positive its words are")

    def _of_one(self, row: pd.Series) -> str:
        """The finding where there is nothing to compare: whether the mean differs from 0."""
        assert self.groups is not None, "made by sentiment"
        name = names_of(self.groups, self.params["by"])[row["group"]]
        name = "the corpus" if name == UNKNOWN else name
        if not (row["low"] > 0 or row["high"] < 0):
            return f"The words of {name} cannot be told from neutral"
        side = "positive" if row["mean"] > 0 else "negative"
        return f"The words of {name} are {side} on average ({row['mean']:+.2f})".replace("(-", "(−")


def sentiment(
    corpus: Corpus | Features,
    *,
    by: By | None = None,
    dictionary: str | None = None,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Sentiment:
    """Score the polarity of each sentence, and average it by group.

    A sentence's score is the mean weight of its words that the dictionary knows, from -1 to 1, the
    sign turned after a negation, words of names left out; 0 where it knows none (`n_matched` keeps
    the two apart). A group is only ever the mean of its sentences: a dictionary's score of a whole
    text grows with the text.

    Parameters
    ----------
    corpus : Corpus or Features
        Reads `sentences`, `scores` and the words that matched.
    by : str, sequence of str, mapping or Series, optional
        The groups: a column of `articles`, "day", "week" or "month" of publication, several of
        these, or a group for each article_id. The outlet if not given, where at least two have two
        articles each, else the article.
    dictionary : str, optional
        One dictionary of the codebook; all of them if not given.
    draws : int
        Bootstrap samples, at least 1: of the articles of a group, of the sentences of a single one.
    level : float
        Of the intervals, between 0 and 1.
    seed : int
        At least 0.

    Returns
    -------
    Sentiment

    Raises
    ------
    FeaturesError
        If the codebook names no dictionary.
    LanguageError
        If no article is in the language of a dictionary.
    OptionError
        If an option has a value that is not allowed.
    TextsNeeded
        If the dictionary was not applied when features in the shared form were extracted.

    Notes
    -----
    Dictionaries agree weakly with human coders on news: compare with coders before you report a
    mean.

    References
    ----------
    Young, L., and Soroka, S. (2012). Affective news: The automated coding of sentiment in political
    texts. Political Communication 29(2). https://doi.org/10.1080/10584609.2012.671234

    Examples
    --------
    >>> import analysis as tw
    >>> result = tw.tl.sentiment(tw.load("amnesty2024"), draws=100)
    >>> result.table[["group", "mean", "n_sentences", "n_scored"]].round(2)
            group  mean  n_sentences  n_scored
    0   mcclatchy  0.02           19        17
    1      caruzo -0.04           33        24
    2  aggregator -0.03           29        20
    3        blog  0.06           24        18
    4   explainer -0.02           26        23
    """
    features = features_of(corpus)
    check_options(draws=draws, level=level, seed=seed)
    entries, kind = features.manifest["entries"], "dictionary/"
    about = {key.removeprefix(kind): entries[key] for key in entries if key.startswith(kind)}
    known = list(about)
    if isinstance(dictionary, str) and dictionary not in known and not features.measures_itself:
        raise TextsNeeded(
            f"dictionary={dictionary!r} was not applied when these features were extracted (there"
            f" are {', '.join(known) or 'none'}), and the shared form holds no sentences to apply"
            " it to. Name it in codebook.yml and run `twicetold extract` where the texts are."
        )
    if not known:
        raise FeaturesError(
            f"{features.corpus}: the codebook names no dictionary; add one to codebook.yml and"
            " extract again."
        )
    if dictionary is not None:
        check_choice("dictionary", dictionary, known)
        known = [dictionary]
    readable: dict[str, Features] = {}
    left_out: tuple[str, ...] = ()
    for name in known:
        hint = "Name a dictionary of that language in codebook.yml and extract again."
        what, language = f"sentiment (dictionary {name!r})", about[name]["language"]
        readable[name], notes = in_language(features, what, language, hint)
        left_out += notes
    sentences = pd.concat(
        [_scored(some, name) for name, some in readable.items()], ignore_index=True
    )
    read = {article for some in readable.values() for article in some.article_ids}
    if len(read) < len(features.article_ids):
        features = features.only(read)
    grouping = group_articles(features, by)
    group_of = pd.Series(grouping.codes, features.article_ids)
    sentences = sentences[sentences["article_id"].map(group_of) >= 0].reset_index(drop=True)
    boot: dict[str, Any] = {"draws": draws, "level": level, "seed": seed}
    table = pd.concat(
        [
            _compared(sentences[sentences["dictionary"] == name], name, group_of, grouping, boot)
            for name in known
        ],
        ignore_index=True,
    )
    words = pattern_counts(features, "dictionary").rename(columns={"entry": "dictionary"})
    there = words["dictionary"].isin(known) & (words["article_id"].map(group_of) >= 0)
    words = words[there].reset_index(drop=True)
    params = {"dictionaries": known, "by": grouping.by, **boot, **origin(features)}
    note = "Sentences without a word that the dictionary knows count as 0."
    notes = (*left_out, *few_articles(sentences["article_id"].nunique()), note)
    return Sentiment(table, params, sentences, words, notes=notes, groups=grouping.table)


def _compared(
    sentences: pd.DataFrame,
    dictionary: str,
    group_of: pd.Series,
    grouping: Grouping,
    boot: dict[str, Any],
) -> pd.DataFrame:
    """The groups by one dictionary, each beside the rest."""
    group = group_of[sentences["article_id"]].to_numpy()
    compared = compare_groups(
        sentences["score"].to_numpy(),
        np.ones(len(sentences)),
        group,
        sentences["article_id"].factorize()[0],
        grouping.names,
        what=f"sentiment {dictionary}",
        **boot,
    )
    n = len(grouping.names)
    table = pd.DataFrame({"group": grouping.names, "dictionary": dictionary})
    table = table.assign(**compared.columns("mean"))
    bounds = ["low", "high", "joint_low", "joint_high"]
    table[bounds] = table[bounds].clip(-1, 1)
    articles = sentences["article_id"].drop_duplicates()
    return table.assign(
        n_articles=np.bincount(group_of[articles], minlength=n),
        n_sentences=np.bincount(group, minlength=n),
        n_scored=np.bincount(group, sentences["n_matched"] > 0, minlength=n).astype(int),
        unit=compared.unit,
    )


def _scored(features: Features, dictionary: str) -> pd.DataFrame:
    """Every sentence, also those where the dictionary knows no word."""
    keys = ["article_id", "sentence"]
    spans = sentence_spans(features).assign(dictionary=dictionary)
    made = spans.merge(features.table("scores"), on=[*keys, "dictionary"], how="left")
    made = made.fillna({"score": 0.0, "n_matched": 0}).astype({"n_matched": int})
    made = made.rename(columns={"n_tokens": "n_words"})
    return made[[*keys, "start", "end", "position", "n_words", "dictionary", "score", "n_matched"]]
