"""Who speaks more where: the words of the voices most heard, compared between groups."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.comparison import SHARE_LIMITS, compare_groups
from analysis.groups import Grouping
from analysis.text.verbs import CLASSES
from analysis.tl._voiced import Voiced

ITEMS = 8  # voices that are compared, and drawn
KINDS = {
    "media": "media",
    "unnamed": "speakers without a name",
    "named": "other named speakers",
    "outlet": "the outlet itself",
}
COMPARED = "share low high shrunk rest joint_low joint_high apart weight".split()
HEARD = ["voice", "heard", "group", "words", *COMPARED]
CLASSED = ["verb_class", "group", "count", "n", *COMPARED, "verbs"]


def heard_most(voices: pd.DataFrame, words: np.ndarray, n_articles: np.ndarray) -> list[str]:
    """What each voice is counted as: an actor or speaker with most words, or its kind.

    Parameters
    ----------
    voices : DataFrame
        `analysis.tl._voiced.KEYS` of each voice.
    words, n_articles : array
        Of each.

    Returns
    -------
    list of str
        Empty for voices of nobody who was found.
    """
    table = voices.assign(words=words, n_articles=n_articles)
    kinds = 1 + sum((table["voice"] == kind).any() for kind in ("media", "unnamed"))
    named = table[(table["voice"] == "named") & (table["words"] > 0)]
    sums = named.groupby("speaker", sort=False)[["words", "n_articles"]].sum()
    actors = set(named.loc[named["actor"] != "", "speaker"])
    # the codebook's actors come first, as they are what is asked about; who speaks in one article
    # only is no voice of the corpus
    known = [s for s in sums.index if s in actors or sums["n_articles"][s] > 1]
    order = sorted(known, key=lambda s: (s not in actors, -sums["words"][s], s))
    most = set(order[: ITEMS - kinds - 1])
    own = table["speaker"].isin(most) & (table["voice"] == "named")
    return table["speaker"].where(own, table["voice"].map(KINDS).fillna("")).tolist()


def compare_voices(
    voiced: Voiced, groups: Grouping, article_ids: list[str], **options
) -> pd.DataFrame:
    """One row for each voice that is heard most and each group, all compared together."""
    article = pd.Index(article_ids).get_indexer(voiced.units["article_id"])
    code = groups.codes[article]
    total = voiced.units["n_words"].to_numpy(float)
    kept = code >= 0
    said = np.asarray(voiced.words[np.flatnonzero(kept)].sum(axis=0)).ravel()
    owned = np.asarray(voiced.words.sum(axis=1)).ravel()
    speaking = voiced.sums[voiced.sums["words"] > 0].groupby("voice_of")["article_id"].nunique()
    n_articles = speaking.reindex(range(len(said)), fill_value=0).to_numpy()
    heard = heard_most(voiced.voices, said, n_articles)
    words = pd.Series(said).groupby(pd.Series(heard, dtype=object)).sum()
    last = list(KINDS.values())
    names = sorted((n for n in words.index if n), key=lambda n: (n in last, -words[n], n))
    names = [n for n in names if n not in last] + [n for n in last if n in names]
    of = {name: j for j, name in enumerate([*names, KINDS["outlet"]])}
    above = np.zeros((len(total), len(of)))
    coo = voiced.words.tocoo()
    column = np.array([of.get(name, -1) for name in heard], np.int64)
    if len(column):
        there = column[coo.col] >= 0
        np.add.at(above, (coo.row[there], column[coo.col[there]]), coo.data[there])
    above[:, -1] = total - owned
    if not len(total):
        numbers = {"words": int} | dict.fromkeys(COMPARED, float)
        return pd.DataFrame(columns=HEARD).astype(numbers | {"apart": bool})
    compared = compare_groups(above, total, code, article, groups.names, what="voices", **options)
    kind_of = {name: kind for kind, name in KINDS.items()}
    parts = []
    for name, j in of.items():
        columns = compared.columns("share", j, SHARE_LIMITS)
        sums = np.bincount(code[kept], above[kept, j], len(groups.names))
        part = pd.DataFrame({"voice": kind_of.get(name, "named"), "heard": name, **columns})
        parts.append(part.assign(group=groups.names, words=sums.astype(int)))
    return pd.concat(parts, ignore_index=True)[HEARD]


def compare_verbs(
    counts: pd.DataFrame, groups: Grouping, article_ids: list[str], **options
) -> pd.DataFrame:
    """Shares of the classes of verbs by group, all compared together; the use is the unit."""
    counts = counts[counts["verb_class"] != ""]
    counts = counts.assign(n=counts["n_direct"] + counts["n_reported"])
    article = pd.Index(article_ids).get_indexer(counts["article_id"])
    code = groups.codes[article]
    counts, article, code = counts[code >= 0], article[code >= 0], code[code >= 0]
    times = counts["n"].to_numpy()
    n_groups = len(groups.names)
    if not times.sum():
        numbers = dict.fromkeys(["count", "n"], int) | dict.fromkeys(COMPARED, float)
        return pd.DataFrame(columns=CLASSED).astype(numbers | {"apart": bool})
    place = counts["verb_class"].map({name: j for j, name in enumerate(CLASSES)}).to_numpy(int)
    uses = np.repeat(np.arange(len(counts)), times)
    above = np.zeros((len(uses), len(CLASSES)))
    above[np.arange(len(uses)), place[uses]] = 1
    compared = compare_groups(
        above, np.ones(len(uses)), code[uses], article[uses], groups.names, what="verbs", **options
    )
    verbs = counts.assign(group=np.array(groups.names, object)[code])
    verbs = verbs.groupby(["group", "verb_class", "verb"])["n"].sum().reset_index()
    verbs = verbs.sort_values(["n", "verb"], ascending=[False, True])
    verbs["listed"] = [f"{verb} ({n})" for verb, n in zip(verbs["verb"], verbs["n"])]
    listed = verbs.groupby(["group", "verb_class"])["listed"].agg(", ".join).to_dict()
    sums = np.zeros((n_groups, len(CLASSES)), int)
    np.add.at(sums, (code, place), times)
    parts = [
        pd.DataFrame(
            {
                "verb_class": name,
                "group": groups.names,
                "count": sums[:, j],
                "n": sums.sum(axis=1),
                **compared.columns("share", j, SHARE_LIMITS),
                "verbs": [listed.get((group, name), "") for group in groups.names],
            }
        )
        for j, name in enumerate(CLASSES)
    ]
    return pd.concat(parts, ignore_index=True)[CLASSED]
