"""What an observer sees of planted families: the same from either side, and the planted truth."""

import numpy as np
import pandas as pd

from benchmarks.descending import make
from benchmarks.descent_ceiling import MOST, observed
from tests.tl.test_lineage import words


def test_pairs_are_seen_from_both_sides_with_the_truth_of_how_they_were_made():
    articles = pd.DataFrame(
        {"id": str(i), "outlet": f"Post {i}", "text": f"Nobody listened. {words(200, i)}"}
        for i in range(60)
    )
    families = make(articles, 40, seed=1, most=MOST)
    assert max(len(family.articles) for family in families) <= MOST + 1
    seen, truth, number = observed([f for f in families if len(f.articles) <= MOST])
    turned = np.array([1, 0, 2])
    assert (truth[::2] == turned[truth[1::2]]).all() and (number[::2] == number[1::2]).all()
    for name in ("text words", "text before", "third more"):
        assert seen[f"{name} a"][::2].dropna().tolist() == seen[f"{name} b"][1::2].dropna().tolist()
    families = [f for f in families if len(f.articles) <= MOST]
    kinds = np.array([families[n].scenario for n in number])
    assert set(truth[kinds == "chain"]) == {0, 1} and 2 in truth[kinds == "hidden"]
