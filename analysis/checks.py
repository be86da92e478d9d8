"""Checks across a corpus folder and its features, and which of the features to measure on."""

from __future__ import annotations

from pathlib import Path

from analysis.corpus import Corpus, check_corpus, load, texts_folder
from analysis.errors import CorpusError, Fault
from analysis.extract.corpus import entry_list
from analysis.features import SHARED, Features, check_features, load_features
from analysis.shared_form import corpus_key, keyed_digest


def check(folder: str | Path) -> list[Fault]:
    """Every fault of a corpus folder and of the features beside it."""
    folder = Path(folder)
    faults = check_corpus(folder)
    if (folder / "features").is_dir():
        found = check_features(folder / "features")
        faults += found or (
            [] if faults else _outdated(load(folder), load_features(folder / "features"))
        )
    elif texts_folder(folder, folder.resolve().name) is not None or faults:
        pass
    elif not (folder / "private").is_dir():
        faults.append(
            Fault(
                "articles",
                None,
                f"neither texts nor features are here: put the texts into {folder / 'articles'}, or"
                " set TWICETOLD_TEXTS to a folder that holds them.",
            )
        )
    else:
        faults += check_features(
            folder / "private"
        )  # with the texts, extraction makes damaged ones anew
    return faults


def _outdated(corpus: Corpus, features: Features) -> list[Fault]:
    """Where shipped features do not fit the metadata, the codebook, or the texts."""
    if features.form != SHARED:
        return [
            Fault(
                "features/features.json",
                None,
                f"is of the {features.form} form; only the shared form may stand here: "
                f"move it to private/, and run `twicetold share {corpus.name}`.",
            )
        ]
    faults = []
    here, made = (
        {e: about["digest"] for e, about in entry_list(corpus.codebook).items()},
        features.manifest["entries"],
    )
    mend = (
        "run `twicetold share " + corpus.name + "`"
        if corpus.texts is not None
        else "they can only be made where the texts are: fetch the texts and run `twicetold share "
        + corpus.name
        + "`"
    )
    changed = sorted(
        e for e in here.keys() | made.keys() if here.get(e) != made.get(e, {}).get("digest")
    )
    if changed:
        faults.append(
            Fault(
                "codebook.yml",
                None,
                f"the shipped features lack or differ in {', '.join(changed)}; {mend}.",
            )
        )
    about, told = corpus.codebook.about, features.manifest["codebook"]
    different = sorted(
        section for section in about.keys() | told.keys() if about.get(section) != told.get(section)
    )
    if different:
        faults.append(
            Fault(
                "codebook.yml",
                None,
                f"the shipped features were made with other {', '.join(different)}; {mend}.",
            )
        )
    stored = features.table("articles")
    listed = corpus.metadata
    if stored["article_id"].tolist() != listed["article_id"].tolist():
        faults.append(
            Fault(
                "metadata.csv",
                None,
                f"the shipped features hold other articles than metadata.csv lists; {mend}.",
            )
        )
    else:
        for column in sorted(set(stored.columns) & set(listed.columns) - {"file", "url"}):
            # a cell that `share` left out says nothing
            differ = stored["article_id"][
                ((stored[column] != listed[column]) & (stored[column] != "")).to_numpy()
            ]
            if len(differ):
                faults.append(
                    Fault(
                        "metadata.csv",
                        None,
                        f"{column} of {', '.join(differ)} is not what the shipped features hold;"
                        f" {mend}.",
                    )
                )
    if corpus.texts is not None and not faults:
        try:
            digests, key = dict(zip(stored["article_id"], stored["sha256"])), corpus_key(corpus)
        except CorpusError as error:  # the key file is none
            return error.faults
        changed = [
            a.article_id
            for a in corpus.articles()
            if keyed_digest(a.sha256, key) != digests[a.article_id]
        ]
        if len(changed) == len(digests) > 1:
            changed = ["one article or more"]  # the key is made of all texts
        if changed:
            faults.append(
                Fault(
                    "features", None, f"were made from other texts of {', '.join(changed)}; {mend}."
                )
            )
    return faults
