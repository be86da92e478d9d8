"""Passages by text-matcher with its own settings, for the pairs named: it compares two texts at a
time.

Prints the CPU seconds of preparing the articles, and of comparing the pairs drawn at random, from
which the cost of all pairs follows. Its stop words are a download of nltk's; scikit-learn's list
stands in for them.
"""

import contextlib
import io
import json
import time

import common
import nltk
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS
from text_matcher.matcher import Matcher, Text


class _StopWords:
    @staticmethod
    def words(language):
        return ENGLISH_STOP_WORDS


def prepared(article, text):
    # it closes "half- hearted" up, which would move every offset after it
    return Text(text.replace("- ", "-\n"), article)


given = common.options()
nltk.corpus.stopwords = _StopWords
texts = dict(common.lines(given.articles))
wanted = common.lines(given.pairs)
named = {article for a, b, _ in wanted for article in (a, b)}
started = time.process_time()
ready = {article: prepared(article, texts[article]) for article in named}
of_articles = time.process_time() - started
rows, failed, of_random = [], 0, 0.0
for a, b, why in wanted:
    started = time.process_time()
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            _, here, there = Matcher(ready[a], ready[b]).match()
    except (
        IndexError,
        RecursionError,
        ZeroDivisionError,
    ):  # its extension runs over the ends of a text
        here, there = [], []
        failed += 1
    of_random += (time.process_time() - started) * (why == "random")
    rows += [[a, *span, b, *other] for span, other in zip(here, there)]
common.write(given.out, rows)
print(
    json.dumps(
        {
            "articles": len(ready),
            "articles_cpu": of_articles,
            "random": sum(why == "random" for *_, why in wanted),
            "random_cpu": of_random,
            "failed": failed,
        }
    )
)
