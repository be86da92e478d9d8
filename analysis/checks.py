"""Checks of a corpus folder together with the features beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from analysis.corpus import Corpus, check_corpus, load, texts_folder
from analysis.errors import CorpusError, Fault
from analysis.extract.listed import entry_list
from analysis.features import SHARED, Features, check_features, load_features
from analysis.shared_form import corpus_key, keyed_digest

EMPTY = "no article is listed."  # a new corpus folder's one fault, as `check_corpus` words it
TO_BEGIN = (
    "Put the texts into articles/, one UTF-8 file each, and list them in metadata.csv; or make the"
    " corpus from what you have: `twicetold new NAME --from TABLE`."
)


def check(folder: str | Path) -> list[Fault]:
    """Every fault of a corpus folder and of the features beside it.

    Parameters
    ----------
    folder : str or path

    Returns
    -------
    list of Fault
        Empty if there is none.
    """
    folder = Path(folder)
    faults = check_corpus(folder)
    if (folder / "features").is_dir():
        damaged = check_features(folder / "features")
        if not faults and not damaged:
            return _outdated(load(folder), load_features(folder / "features"))
        return faults + damaged
    if faults or texts_folder(folder, folder.resolve().name) is not None:
        return faults  # from the texts, extraction makes damaged private features again
    if (folder / "private").is_dir():
        return check_features(folder / "private")
    here = f"put the texts into {folder / 'articles'}, or set TWICETOLD_TEXTS to their folder"
    return [Fault("articles", None, f"neither texts nor features are here: {here}.")]


def _outdated(corpus: Corpus, features: Features) -> list[Fault]:
    """Where shipped features do not fit the metadata, the codebook, or the texts."""
    if features.form != SHARED:
        problem = f"is of the {features.form} form; only the shared form may be here: move it to"
        remedy = f"private/, and run `twicetold share {corpus.name}`"
        return [Fault("features/features.json", None, f"{problem} {remedy}.")]
    remedy = f"run `twicetold share {corpus.name}`"
    if corpus.texts is None:
        remedy = f"they can only be made where the texts are: fetch the texts and {remedy}"
    stored = features.table("articles")
    found = [
        *(("codebook.yml", problem) for problem in _other_codebook(corpus, features)),
        *(("metadata.csv", problem) for problem in _other_metadata(corpus, stored)),
    ]
    if corpus.texts is not None and not found:
        try:
            changed = _changed_texts(corpus, stored)
        except CorpusError as error:  # the key file is none
            return error.faults
        if changed:
            found = [("features", f"were made from other texts of {', '.join(changed)}")]
    return [Fault(file, None, f"{problem}; {remedy}.") for file, problem in found]


def _other_codebook(corpus: Corpus, features: Features) -> Iterator[str]:
    here = {name: about["digest"] for name, about in entry_list(corpus.codebook).items()}
    made = {name: about["digest"] for name, about in features.manifest["entries"].items()}
    if changed := _differing(here, made):
        yield f"the shipped features lack or differ in {', '.join(changed)}"
    if changed := _differing(corpus.codebook.shipped_about, features.manifest["codebook"]):
        yield f"the shipped features were made with other {', '.join(changed)}"


def _differing(here: dict, made: dict) -> list[str]:
    return sorted(name for name in here.keys() | made.keys() if here.get(name) != made.get(name))


def _other_metadata(corpus: Corpus, stored: pd.DataFrame) -> Iterator[str]:
    listed = corpus.metadata
    if stored["article_id"].tolist() != listed["article_id"].tolist():
        yield "the shipped features hold other articles than metadata.csv lists"
        return
    for column in sorted(set(stored.columns) & set(listed.columns) - {"file", "url"}):
        # a cell that `share` left out is empty
        differs = (stored[column] != listed[column]) & (stored[column] != "")
        if differs.any():
            articles = ", ".join(stored["article_id"][differs])
            yield f"{column} of {articles} is not what the shipped features hold"


def _changed_texts(corpus: Corpus, stored: pd.DataFrame) -> list[str]:
    key, digests = corpus_key(corpus), dict(zip(stored["article_id"], stored["sha256"]))
    changed = [
        article.article_id
        for article in corpus.articles()
        if keyed_digest(article.sha256, key) != digests[article.article_id]
    ]
    if len(changed) == len(digests) > 1:
        return ["one article or more"]  # the key is made of all texts
    return changed
