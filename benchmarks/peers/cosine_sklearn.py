"""Pairs by scikit-learn: cosine of tf-idf vectors above the threshold, all pairs, in blocks."""

import common
from sklearn.feature_extraction.text import TfidfVectorizer

BLOCK = 500

given = common.options()
ids, texts = zip(*common.lines(given.articles))
vectors = TfidfVectorizer().fit_transform(texts)
pairs = []
for first in range(0, len(ids), BLOCK):
    likeness = (vectors[first : first + BLOCK] @ vectors[first:].T).tocoo()
    near = (likeness.data >= given.threshold) & (likeness.row < likeness.col)
    pairs += [
        [ids[first + i], ids[first + j]] for i, j in zip(likeness.row[near], likeness.col[near])
    ]
common.write(given.out, pairs)
