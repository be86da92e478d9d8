"""Sentiment: the polarity of sentences along an article."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.errors import FeaturesError, TextsNeeded
from analysis.features import Features, features_of
from analysis.inference import bootstrap, few_articles, generator, interval
from analysis.options import check_choice, check_options
from analysis.results import Result
from analysis.views import in_language, origin, pattern_counts, sentence_spans


@dataclass(frozen=True, eq=False, repr=False)
class Sentiment(Result):
    """Polarity of sentences, and its mean by article.

    Attributes
    ----------
    table : DataFrame
        One row for each dictionary and article.

        ===========  =========  ========================================
        column       unit       meaning
        ===========  =========  ========================================
        article_id
        dictionary              its name in the codebook
        mean         -1 to 1    over the article's sentences
        low, high    -1 to 1    bounds of the mean's interval
        n_sentences  sentences
        n_scored     sentences  with a word that the dictionary knows
        ===========  =========  ========================================
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
        """How many articles are negative, positive, or neither, by one dictionary."""
        table = self.table[self.table["dictionary"] == dictionary]
        below, above = int((table["high"] < 0).sum()), int((table["low"] > 0).sum())
        return (
            f"By “{dictionary}”, {below} of {len(table)} articles are negative on average, {above}"
            f" positive,\nand {len(table) - below - above} cannot be distinguished from neutral"
        )


def sentiment(
    corpus: Corpus | Features,
    *,
    dictionary: str | None = None,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Sentiment:
    """Score the polarity of each sentence, and average it by article.

    A sentence's score is the mean weight of its words that the dictionary knows, from -1 to 1, the
    sign turned after a negation, words of names left out; 0 where it knows none (`n_matched` keeps
    the two apart). An article is only ever the mean of its sentences: a dictionary's score of a
    whole text grows with the text.

    Parameters
    ----------
    corpus : Corpus or Features
        Reads `sentences`, `scores` and the words that matched.
    dictionary : str, optional
        One dictionary of the codebook; all of them if not given.
    draws : int
        Bootstrap samples of the sentences of each article, at least 1.
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
    >>> result.table[["article_id", "mean", "n_sentences", "n_scored"]].round(2)
       article_id  mean  n_sentences  n_scored
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
    rows = []
    for (name, article), part in sentences.groupby(["dictionary", "article_id"], sort=False):
        scores, rng = part[["score"]].to_numpy(), generator(seed, "sentiment", name, article)
        samples = bootstrap(scores, np.ones(len(part)), draws=draws, rng=rng)
        (low,), (high,) = interval(samples, level)
        scored = int((part["n_matched"] > 0).sum())
        rows.append((article, name, part["score"].mean(), low, high, len(part), scored))
    columns = ["article_id", "dictionary", "mean", "low", "high", "n_sentences", "n_scored"]
    table = pd.DataFrame(rows, columns=columns)
    words = pattern_counts(features, "dictionary").rename(columns={"entry": "dictionary"})
    words = words[words["dictionary"].isin(known)].reset_index(drop=True)
    params = {"dictionaries": known, "draws": draws, "level": level, "seed": seed}
    params |= origin(features)
    note = (
        "Sentences without a word that the dictionary knows count as 0; each interval is of one"
        " article taken alone."
    )
    notes = (*left_out, *few_articles(table["article_id"].nunique()), note)
    return Sentiment(table, params, sentences, words, notes=notes)


def _scored(features: Features, dictionary: str) -> pd.DataFrame:
    """Every sentence, also those where the dictionary knows no word."""
    keys = ["article_id", "sentence"]
    spans = sentence_spans(features).assign(dictionary=dictionary)
    made = spans.merge(features.table("scores"), on=[*keys, "dictionary"], how="left")
    made = made.fillna({"score": 0.0, "n_matched": 0}).astype({"n_matched": int})
    made = made.rename(columns={"n_tokens": "n_words"})
    return made[[*keys, "start", "end", "position", "n_words", "dictionary", "score", "n_matched"]]
