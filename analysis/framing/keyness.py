"""Keyness: the words that one article or outlet uses more than the rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from ..errors import FeaturesError, OptionError
from ..features import Features
from ..results import Result, at_least, few
from ..views import ENGLISH, article_terms, origin


@dataclass(frozen=True, eq=False, repr=False)
class Keyness(Result):
    """Log-odds of words, each group against the rest; `table` is described at `keyness`."""

    @property
    def groups(self) -> list[str]:
        return list(dict.fromkeys(self.table["group"]))


def keyness(features: Features, *, by: str = "article_id", names: bool = True, stop_words: bool = False,
            min_count: int = 2, prior: float = 500.0, level: float = 0.95) -> Keyness:
    r"""Compare each group's words with those of all other groups.

    For a word with counts :math:`y_i` in the group of :math:`n_i` words and :math:`y_j` in the rest of
    :math:`n_j`, and :math:`\alpha_w` pseudo-counts in proportion to its share of the corpus
    (:math:`\sum_w \alpha_w = \alpha_0`, the prior),

    .. math:: \delta = \ln\frac{y_i+\alpha_w}{n_i+\alpha_0-y_i-\alpha_w}
                     - \ln\frac{y_j+\alpha_w}{n_j+\alpha_0-y_j-\alpha_w},\quad
              \sigma^2 \approx \frac{1}{y_i+\alpha_w} + \frac{1}{y_j+\alpha_w}

    Parameters
    ----------
    features : Features
        Either form; reads `terms` and `articles`.
    by : str
        Column of `articles` that names the groups, such as "article_id" or "outlet".
    names : bool
        Whether words that are mostly names are compared.
    stop_words : bool
        Whether English function words are compared; other languages have no list and keep all words.
    min_count : int
        Words rarer than this in the whole corpus are left out.
    prior : float
        Pseudo-words of the corpus's own distribution (alpha_0); more draws rare words towards 0.
    level : float
        Of the interval of each word taken alone.

    Returns
    -------
    Keyness
        `table`: group, term, count, count_rest, rate, rate_rest (per 1,000 words), log_odds, low, high
        (natural log), z, and `familywise`, true where the word passes a Bonferroni test over all words of its group.

    References
    ----------
    Monroe, B., Colaresi, M., and Quinn, K. (2008). Fightin' words. Political Analysis 16(4).
    https://doi.org/10.1093/pan/mpn018
    """
    at_least("min_count", min_count, 1)
    at_least("prior", prior, 1e-9)
    if not 0 < level < 1:
        raise OptionError(f"level={level!r} was given; allowed are numbers between 0 and 1, such as 0.95.")
    articles = features.table("articles")
    if by not in articles:
        raise OptionError(f"by={by!r} was given; allowed are columns of the articles: {', '.join(articles.columns)}.")
    group_of = dict(zip(articles["article_id"], articles[by].where(articles[by] != "", "(unknown)")))
    terms = article_terms(features)
    terms = terms[terms["term"].str.contains(r"[^\W\d_]", regex=True)]
    if not stop_words and set(articles["language"].str.split("-").str[0]) == {ENGLISH}:
        terms = terms[~terms["term"].str.replace("'", "").isin(_STOP)]
    if not names:
        terms = terms[~terms["is_name"]]
    terms = terms.assign(group=terms["article_id"].map(group_of))
    counts = terms.pivot_table(index="term", columns="group", values="count", aggfunc="sum", fill_value=0)
    counts = counts.reindex(columns=list(dict.fromkeys(group_of.values())), fill_value=0)
    if counts.shape[1] < 2:
        raise FeaturesError(f"keyness compares groups, and {by!r} has one only: {', '.join(map(str, counts.columns))}.")
    y = counts.to_numpy(float)
    n = y.sum(axis=0)
    kept = y.sum(axis=1) >= min_count
    if len(counts) < 2 or not kept.any():
        raise FeaturesError(f"keyness compares words, and {features.corpus} leaves {int(kept.sum())} to compare; "
                            "allow rarer words (min_count), names or stop_words.")
    alpha = prior * y.sum(axis=1, keepdims=True) / max(n.sum(), 1)
    rest, n_rest = y.sum(axis=1, keepdims=True) - y, n.sum() - n
    delta = (np.log(y + alpha) - np.log(n + prior - y - alpha)
             - np.log(rest + alpha) + np.log(n_rest + prior - rest - alpha))
    sd = np.sqrt(1 / (y + alpha) + 1 / (rest + alpha))
    width = norm.ppf(0.5 + level / 2)
    strict = norm.ppf(1 - (1 - level) / 2 / max(kept.sum(), 1))
    frames = []
    for column, group in enumerate(counts.columns):
        frames.append(pd.DataFrame({
            "group": group, "term": counts.index, "count": y[:, column].astype(int),
            "count_rest": rest[:, column].astype(int), "rate": 1000 * y[:, column] / max(n[column], 1),
            "rate_rest": 1000 * rest[:, column] / max(n_rest[column], 1), "log_odds": delta[:, column],
            "low": delta[:, column] - width * sd[:, column], "high": delta[:, column] + width * sd[:, column],
            "z": delta[:, column] / sd[:, column]})[kept])
    table = pd.concat(frames, ignore_index=True)
    table["familywise"] = table["z"].abs() > strict
    order = table.assign(place=table["group"].map({g: i for i, g in enumerate(counts.columns)}),
                         rank=-table["z"].round(9)).sort_values(["place", "rank", "term"]).index
    table = table.loc[order].reset_index(drop=True)
    params = {"by": by, "names": names, "stop_words": stop_words, "min_count": min_count, "prior": prior,
              "level": level, "n_words_tested": int(kept.sum()), **origin(features)}
    sure = table.loc[table["familywise"] & (table["z"] > 0)]
    notes = (f"{int(kept.sum())} words were tested in each of {len(counts.columns)} groups; {len(sure)} "
             f"{'is' if len(sure) == 1 else 'are'} more frequent in a group beyond what testing so many would give "
             "by chance (Bonferroni). Read the others as suggestive.", *few(len(articles)))
    return Keyness(table, params, notes=notes)


_STOP = {word.replace("'", "") for word in ENGLISH_STOP_WORDS} | set(
    "said says say s t u also mr mrs ms dont didnt doesnt isnt wasnt arent werent wont cant couldnt wouldnt hasnt "
    "havent hadnt its thats theres were im ive id hes shes theyre".split())
