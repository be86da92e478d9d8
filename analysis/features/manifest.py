"""The manifest: what features were made from, with the digest of each table and of itself."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Literal

import pandas as pd
from pydantic import BaseModel, StringConstraints, ValidationError

from analysis.errors import FeaturesError
from analysis.features.schemas import (
    EXTRACTOR_VERSION,
    MANIFEST,
    PRIVATE,
    SCHEMAS,
    SHARED,
    SHARED_VERSION,
)


class _Table(BaseModel, strict=True):
    rows: int
    sha256: str


class _Entry(BaseModel, strict=True):
    digest: str
    language: str | None


_TABLE_NAMES = "|".join(SCHEMAS[PRIVATE] | SCHEMAS[SHARED])
_KnownTable = Annotated[str, StringConstraints(pattern=f"^({_TABLE_NAMES})$")]
_PlainName = Annotated[str, StringConstraints(pattern=r"^\w+$")]  # that leads out of no folder


class _Manifest(BaseModel, strict=True, extra="forbid"):
    form: Literal["private", "shared"]
    corpus: str
    digest: str
    extractor: int
    languages: list[str]
    entries: dict[Annotated[str, StringConstraints(pattern="^(frame|dictionary)/")], _Entry]
    codebook: dict[str, dict | list]
    tables: dict[_KnownTable, _Table]
    results: dict[_PlainName, _Table]
    encoder: str = ""
    made_from: str = ""  # digest of all that the private form rests on
    shared: int = 1  # version of the shared form
    sha256: str = ""  # of all else; features of before 2026-11-28 have none


def new_manifest(
    form, corpus, digest, languages, entries, codebook, tables, results, encoder="", made_from=""
) -> dict:
    """The manifest of features just made, but for its own digest."""
    given = {"encoder": encoder, "made_from": made_from}
    made_with: dict = {name: value for name, value in given.items() if value}
    if form == SHARED:
        made_with["shared"] = SHARED_VERSION
    return made_with | {
        "form": form,
        "corpus": corpus,
        "extractor": EXTRACTOR_VERSION,
        "digest": digest,
        "languages": languages,
        "entries": entries,
        "codebook": codebook,
        "tables": tables,
        "results": results,
    }


def corpus_digest(articles: pd.DataFrame, entries: dict, codebook: dict) -> str:
    """Digest of what features were made from: articles' metadata and text digests, the codebook."""
    said = [
        EXTRACTOR_VERSION,
        articles.sort_values("article_id").to_dict("records"),
        sorted(entries.items()),
        codebook,
    ]
    return hashlib.sha256(
        json.dumps(said, ensure_ascii=False, sort_keys=True, default=str).encode()
    ).hexdigest()


def checked_manifest(manifest, where) -> dict:
    """A manifest as extraction writes it, of this version and unchanged.

    Raises
    ------
    FeaturesError
        If it is not.
    """
    version = EXTRACTOR_VERSION
    if isinstance(manifest, dict):
        version = manifest.get("extractor", version)
    if version != EXTRACTOR_VERSION:
        raise FeaturesError(
            f"{where}: the features are of extractor version {version}, this is version"
            f" {EXTRACTOR_VERSION}; run `twicetold extract` (and `twicetold share`) again."
        )
    try:
        _Manifest.model_validate(manifest)
    except ValidationError as error:
        wrong = ", ".join(dict.fromkeys(str(e["loc"][0]) for e in error.errors() if e["loc"]))
        raise FeaturesError(
            f"{where}: {MANIFEST} is not what extraction writes, in {wrong or 'all of it'}; fetch"
            " or make the features again."
        ) from None
    shared = manifest.get("shared", 1)
    if manifest["form"] == SHARED and shared != SHARED_VERSION:
        raise FeaturesError(
            f"{where}: shared in version {shared!r:.20} of the form, this is version"
            f" {SHARED_VERSION}. Version 1 let a stranger confirm sentences that he guesses: its"
            " owner should run `twicetold share` again and replace what was given away."
        )
    if manifest.get("sha256", "") not in ("", manifest_digest(manifest)):
        raise FeaturesError(
            f"{where}: {MANIFEST} is damaged or was changed (its sha256 is not its own); fetch or"
            " make the features again."
        )
    return manifest


def manifest_digest(manifest: dict) -> str:
    """The sha256 of a manifest without its own, as it is read back."""
    said = json.loads(json.dumps({key: manifest[key] for key in manifest if key != "sha256"}))
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def sha256_of(stream) -> str:
    """The sha256 of all bytes of a stream."""
    return hashlib.file_digest(stream, "sha256").hexdigest()
