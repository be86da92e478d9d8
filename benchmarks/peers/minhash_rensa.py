"""Pairs by rensa: MinHash with 128 permutations over runs of five words, LSH, estimated Jaccard
similarity of at least the threshold.
"""

import common
from rensa import RMinHash, RMinHashLSH

PERMUTATIONS = 128
BANDS = 32  # of four: the S-curve is steepest at (1/32)^(1/4) = .42, just under the threshold of .5

given = common.options()
index = RMinHashLSH(threshold=given.threshold, num_perm=PERMUTATIONS, num_bands=BANDS)
pairs, ids, seen = [], [], []
for number, (article, text) in enumerate(common.lines(given.articles)):
    sketch = RMinHash(num_perm=PERMUTATIONS, seed=0)
    sketch.update(common.shingles(text))
    pairs += [
        [ids[other], article]
        for other in index.query(sketch)
        if seen[other].jaccard(sketch) >= given.threshold
    ]
    index.insert(number, sketch)
    ids.append(article)
    seen.append(sketch)
common.write(given.out, pairs)
