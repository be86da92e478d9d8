"""Sentiment: the polarity of sentences along an article."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import FeaturesError, TextsNeeded, choose
from analysis.features import SHARED, Features
from analysis.inference import bootstrap, few_articles, generator, interval
from analysis.results import Result, at_least
from analysis.views import origin, pattern_counts, require_language, sentence_spans


@dataclass(frozen=True, eq=False, repr=False)
class Sentiment(Result):
    """Polarity of sentences and its mean by article.

    Attributes
    ----------
    table : DataFrame
        article_id, dictionary, mean, low, high, n_sentences, n_scored (sentences with a matched
        word).
    sentences : DataFrame
        article_id, sentence, start, end (characters; empty in the shared form), position (of its
        first word), n_words, dictionary, score, n_matched.
    words : DataFrame
        article_id, dictionary, pattern, count: the dictionary's words that matched.
    """

    sentences: pd.DataFrame
    words: pd.DataFrame

    @property
    def dictionaries(self) -> list[str]:
        return list(dict.fromkeys(self.table["dictionary"]))


def sentiment(
    features: Features,
    *,
    dictionary: str | None = None,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Sentiment:
    """Read the polarity of each sentence, and average it by article.

    A sentence's score is the mean weight of its words that the dictionary knows, from -1 to 1, the
    sign turned after a negation, words of names left out; 0 where it knows none (`n_matched` tells
    the two apart). An article is only ever the mean of its sentences: a dictionary's score of a
    whole text grows with the text.

    Parameters
    ----------
    features : Features
        Either form; reads `scores` and `sentences`.
    dictionary : str, optional
        One dictionary of the codebook; all of them if not given.
    draws, level, seed
        Bootstrap over the sentences of each article: number of draws, level of the interval, seed.

    Raises
    ------
    LanguageError
        If articles are in another language than the dictionary.
    TextsNeeded
        If the dictionary was not applied when these features were extracted.

    Notes
    -----
    Dictionaries agree weakly with human coders on news: compare with coders before you report a
    mean.
    """
    at_least("draws", draws, 1)
    known = {
        entry.split("/", 1)[1]: about
        for entry, about in features.manifest["entries"].items()
        if entry.startswith("dictionary/")
    }
    if dictionary is not None and dictionary not in known and features.form == SHARED:
        raise TextsNeeded(
            f"dictionary={dictionary!r} was not applied when these features were extracted (there"
            f" are {', '.join(known) or 'none'}), and the shared form holds no sentences to apply"
            " it to. Name it in codebook.yml and run `twicetold extract` where the texts are."
        )
    if dictionary is not None:
        choose("dictionary", dictionary, known)
    if not known:
        raise FeaturesError(
            f"{features.corpus}: the codebook names no dictionary; add one to codebook.yml and"
            " extract again."
        )
    chosen = [dictionary] if dictionary is not None else list(known)
    for name in chosen:
        require_language(
            features,
            f"sentiment (dictionary {name!r})",
            known[name]["language"],
            "Name a dictionary of that language in codebook.yml and extract again.",
        )
    spans = sentence_spans(features)
    scores = features.table("scores")
    keys = ["article_id", "sentence"]
    rows, sentences = [], []
    for name in chosen:
        joined = spans.merge(scores[scores["dictionary"] == name], on=keys, how="left")
        joined = joined.assign(
            dictionary=name,
            score=joined["score"].fillna(0.0),
            n_matched=joined["n_matched"].fillna(0).astype(int),
        )
        sentences.append(joined)
        for article, part in joined.groupby("article_id", sort=False):
            values = part["score"].to_numpy()
            samples = bootstrap(
                values[:, None],
                np.ones(len(values)),
                draws=draws,
                rng=generator(seed, "sentiment", name, article),
            )
            low, high = interval(samples, level)
            rows.append(
                (
                    article,
                    name,
                    values.mean(),
                    low[0],
                    high[0],
                    len(part),
                    int((part["n_matched"] > 0).sum()),
                )
            )
    table = pd.DataFrame(
        rows, columns=["article_id", "dictionary", "mean", "low", "high", "n_sentences", "n_scored"]
    )
    columns = [*keys, "start", "end", "position", "n_tokens", "dictionary", "score", "n_matched"]
    words = pattern_counts(features, "dictionary").rename(columns={"entry": "dictionary"})
    words = words[words["dictionary"].isin(chosen)].reset_index(drop=True)
    params = {
        "dictionaries": chosen,
        "draws": draws,
        "level": level,
        "seed": seed,
        **origin(features),
    }
    return Sentiment(
        table,
        params,
        pd.concat(sentences, ignore_index=True)[columns].rename(columns={"n_tokens": "n_words"}),
        words,
        notes=(
            *few_articles(table["article_id"].nunique()),
            (
                "Sentences without a word that the dictionary knows count as 0; each "
                "interval is of one article taken alone."
            ),
        ),
    )
