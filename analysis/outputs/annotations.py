"""What extraction found in texts, as stretches with a code: for TEI, and for coders' programs."""

from __future__ import annotations

import pandas as pd

from analysis.corpus import Corpus
from analysis.errors import FeaturesError, OptionError
from analysis.outputs.whole_texts import private_features

ANNOTATED = ("quotation", "mention", "label", "frame", "passage")
_COLUMNS = ["article_id", "start", "end", "kind", "code", "about"]
_QUOTED = {True: "in quotation marks", False: "reported"}


def annotations_of(corpus: Corpus, reuse=None) -> pd.DataFrame:
    """Quotations, mentions of actors, labels, words of frames, and shared passages, by place.

    Parameters
    ----------
    corpus : Corpus
    reuse : Reuse, optional
        A result of `tl.reuse` of the corpus, for the passages.

    Returns
    -------
    DataFrame
        article_id, start, end (characters of the text as stored), kind (see `ANNOTATED`), code (in
        the words of the codebook, where it has one) and about (speaker, voice and the like), in the
        order of the articles.

    Raises
    ------
    FeaturesError
        If the private features are not here.
    OptionError
        If `reuse` has no places, or is of another corpus.
    """
    features = private_features(corpus)
    if features is None:
        raise FeaturesError(
            f"{corpus.name}: annotations need the private features, which have places in the texts;"
            f" run `twicetold extract {corpus.name}`."
        )
    quotes = features.table("quotes")
    speaker = quotes["speaker"].where(quotes["speaker"] != "", "nobody named")
    parts = [
        quotes.assign(
            kind="quotation",
            code=quotes["direct"].map(_QUOTED),
            about="speaker: " + speaker + "; verb: " + quotes["verb"],
        )
    ]
    names = {key: about["name"] for key, about in features.codebook("actors").items()}
    if features.has("mentions"):
        mentions = features.table("mentions")
        parts.append(
            mentions.assign(
                kind="mention",
                code=mentions["actor"].map(lambda key: names.get(key, key)),
                about=mentions["form"] + ", voice: " + mentions["voice"],
            )
        )
    if features.has("labels"):
        labels = features.table("labels")
        said = labels["actor"].map(lambda key: names.get(key, key))
        about = "of " + said + ", " + labels["construction"]
        parts.append(labels.assign(kind="label", code=labels["label"], about=about))
    hits = features.table("hits")
    hits = hits[hits["kind"] == "frame"]
    parts.append(hits.assign(kind="frame", code=hits["entry"], about=hits["pattern"]))
    if reuse is not None:
        parts += _passages(reuse, features.digest)
    whole = pd.concat([part[_COLUMNS] for part in parts], ignore_index=True)
    order = pd.Index(features.article_ids).get_indexer(whole["article_id"])
    whole = whole.assign(order=order)[(order >= 0) & whole["start"].notna()]
    keys = ["order", "start", "end", "kind", "code"]
    whole = whole.sort_values(keys, kind="stable", ignore_index=True)
    return whole.astype({"start": int, "end": int}).drop(columns="order")


def _passages(reuse, digest: str) -> list[pd.DataFrame]:
    table = getattr(reuse, "table", pd.DataFrame())
    if not {"a", "b", "a_start", "b_start", "kind", "passage"} <= set(table):
        raise OptionError(f"reuse must be a result of tl.reuse with places (got {reuse!r:.60})")
    if reuse.params.get("digest") != digest:
        raise OptionError("reuse is of another corpus, or of other texts; measure it again")
    parts = []
    for side, other in (("a", "b"), ("b", "a")):
        about = "passage " + table["passage"].astype(str) + ", shared with " + table[other]
        rows = {"article_id": table[side], "start": table[f"{side}_start"]}
        rows |= {"end": table[f"{side}_end"], "kind": "passage", "code": table["kind"]}
        parts.append(pd.DataFrame(rows | {"about": about}))
    return parts
