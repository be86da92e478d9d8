"""Pairs by datasketch: MinHash with 128 permutations over runs of five words, LSH, estimated
Jaccard similarity of at least the threshold.
"""

import common
from datasketch import MinHash, MinHashLSH

PERMUTATIONS = 128

given = common.options()
index = MinHashLSH(threshold=given.threshold, num_perm=PERMUTATIONS)
pairs, seen = [], {}
for article, text in common.lines(given.articles):
    sketch = MinHash(num_perm=PERMUTATIONS)
    sketch.update_batch([shingle.encode() for shingle in common.shingles(text)])
    pairs += [
        [other, article]
        for other in index.query(sketch)
        if seen[other].jaccard(sketch) >= given.threshold
    ]
    index.insert(article, sketch)
    seen[article] = sketch
common.write(given.out, pairs)
