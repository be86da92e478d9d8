"""Extraction of a corpus in chunks, over all cores; what has not changed comes from the cache."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import shutil
import time
from collections.abc import Callable, Iterator

import pandas as pd
import pyarrow as pa

from analysis.clean import Furniture, find_furniture, sampled
from analysis.corpus import Corpus
from analysis.errors import CorpusError, Fault, FeaturesError
from analysis.extract.attributed import PARSE_NONE, PARSE_VOICES, PARSES
from analysis.extract.cache import last_features
from analysis.extract.chunks import CHUNK, INCOMPLETE, Chunk, Plan, digest_of
from analysis.extract.embedding import LIMIT, default_encoder, estimate
from analysis.extract.failures import FAILED, failures_said
from analysis.extract.listed import article_table, entry_list
from analysis.extract.parts import read_part
from analysis.extract.pool import cores, extract_chunks
from analysis.extract.titles import extract_titles
from analysis.features import (
    EXTRACTOR_VERSION,
    PRIVATE,
    TITLES,
    Features,
    corpus_digest,
    load_features,
    save,
)
from analysis.files import locking
from analysis.io.article import EXTRACTED
from analysis.io.text import stored_text
from analysis.languages.syntax import PIPELINES, load_syntax
from analysis.models.encoder import Encoder
from analysis.models.tone.model import ToneModel, load_tone
from analysis.options import Whole, check_choice, check_option
from analysis.progress import progress
from analysis.text.lists import FOLDERS

DEFAULT = object()
PARTS_FOLDER = f".{PRIVATE}.parts"


@locking
def extract(
    corpus: Corpus,
    *,
    encoder: Encoder | None = DEFAULT,
    tone: ToneModel | None = DEFAULT,
    values: bool | None = None,
    parse: str | None = None,
    workers: int | None = None,
    say: Callable[[str], None] = print,
) -> Features:
    """Extract the private features of a corpus into `private/` of its folder.

    Articles, codebook entries and vectors that have not changed since the last extraction are kept;
    the new features take the place of the old ones in one step. A corpus of many articles is
    extracted in chunks by several processes, and is never in memory as a whole; finished chunks
    lie in `.private.parts/` of its folder until then, so that an extraction that was stopped or
    killed goes on from them.

    Parameters
    ----------
    corpus : Corpus
        With its texts.
    encoder : Encoder, optional
        Embeds the sentences of English articles; none if None. If not given, the default model for
        a corpus of at most 1,000 articles, else none (how long it would take is said). With several
        processes it must be one that can be pickled.
    tone : ToneModel, optional
        Judges the tone towards the codebook's actors at every mention; none if None. If not given,
        as with vectors: for at most 1,000 articles.
    values : bool, optional
        Whether to find numbers, dates, times and names, which `disagreements` compares. If not
        given, as with vectors: for at most 1,000 articles, or where they are there already.
    parse : {"all", "voices", "none"}, optional
        Which sentences are parsed, of English articles, and of French, German and Spanish ones
        where a pipeline of spaCy is installed (see `languages.syntax.PIPELINES`): all in which
        somebody may speak; only those that name an actor of the codebook or hold a quotation,
        which leaves out what others say without quotation marks, but takes half the time; or none,
        which leaves out speakers, reported statements, attitudes and labels. As corpus.yml says if
        not given.
    workers : int, optional
        Processes; as many as there are cores if not given. Few articles are extracted in this one.
    say : callable
        Takes each line of progress.

    Returns
    -------
    Features
        The private form.

    Raises
    ------
    TextsNeeded
        If the texts are not on this machine.
    CorpusError
        If a dictionary came with a shared archive, which holds none of its words.
    """
    workers = cores() if workers is None else workers
    check_option("workers", workers, Whole(1))
    parse = corpus.parse if parse is None else parse
    check_choice("parse", parse, PARSES)
    if corpus.texts is None:
        next(iter(corpus.articles()))  # says what to do
    _refuse_dictionaries_without_words(corpus)
    started = time.monotonic()
    last = last_features(corpus.folder / PRIVATE)
    if encoder is DEFAULT:
        encoder = default_encoder(corpus, last, workers=workers, say=say)
    elif encoder is not None and len(corpus.metadata) > LIMIT:
        say(f"{corpus.name}: {estimate(corpus, encoder, workers=workers)}")
    if tone is DEFAULT:
        tone = load_tone() if corpus.codebook.actors and len(corpus.metadata) <= LIMIT else None
    if values is None:
        values = len(corpus.metadata) <= LIMIT or last is not None and last.has("values")
        if not values:
            limit = f"as in every corpus of more than {LIMIT:,} articles, unless you ask (--values)"
            say(f"{corpus.name}: numbers, dates and names are left out, {limit}")
    if parse == PARSE_NONE:
        say(f"{corpus.name}: no sentence is parsed: speakers and statements are left out")
    else:
        _say_unread(corpus, say)
    if parse == PARSE_VOICES:
        say(
            f"{corpus.name}: only sentences that name an actor or hold a quotation are parsed: what"
            " others say, think or show without quotation marks is left out"
        )
    rows = corpus.metadata[["article_id", "file", "language", "outlet"]]
    rows = list(rows.itertuples(index=False, name=None))
    chunks = [rows[first : first + CHUNK] for first in range(0, len(rows), CHUNK)]
    parts = corpus.folder / PARTS_FOLDER
    plan = Plan(
        corpus.texts,
        corpus.codebook,
        encoder,
        tone,
        values,
        parse,
        cache=last and corpus.folder / PRIVATE,
        parts=parts if len(chunks) > 1 else None,
        clean=corpus.clean,
        furniture=_furniture(corpus),
        outlets=tuple(
            (name, tuple(about.get("aliases", ())), about.get("kind") == "agency")
            for name, about in corpus.outlets.items()
        ),
        pipelines=corpus.pipelines,
    )
    made_from, titles = _made_from(corpus, plan), extract_titles(corpus, plan)
    if (
        made_from
        and last is not None
        and last.manifest.get("made_from") == made_from
        and _whole(last)
        and (titles is None or _whole(last_features(corpus.folder / PRIVATE / TITLES)))
    ):
        shutil.rmtree(parts, ignore_errors=True)
        none = "0 of them extracted or added to"
        seconds = f"{time.monotonic() - started:.1f} s"
        say(f"{corpus.name}: features of {len(rows)} articles, {none}, in {seconds}")
        return last.with_stories(corpus.stories)
    with progress(what=f"{corpus.name}: extracting", total=len(rows), unit="articles") as bar:
        found = extract_chunks(plan, chunks, workers=workers, advance=bar.update)
        done = sorted(found, key=lambda chunk: chunk.number)
    counted = pa.concat_tables(chunk.counted for chunk in done).to_pandas()[list(EXTRACTED)]
    articles = article_table(corpus).join(counted)
    listed = entry_list(corpus.codebook)
    save(
        corpus.folder / PRIVATE,
        _tables(done, articles),
        form=PRIVATE,
        corpus=corpus.name,
        digest=corpus_digest(articles, listed, corpus.codebook.about),
        languages=corpus.datasheet["languages"],
        entries=listed,
        codebook=corpus.codebook.about,
        titles=titles,
        encoder="" if encoder is None else encoder.digest,
        made_from=made_from,
    )
    shutil.rmtree(parts, ignore_errors=True)
    resumed = sum(len(chunk.counted) for chunk in done if chunk.resumed)
    kept = f" ({resumed} found done by a run that was stopped)" if resumed else ""
    new = f"{sum(chunk.n_new for chunk in done)} of them extracted or added to{kept}"
    seconds = f"{time.monotonic() - started:.1f} s"
    failed = pd.concat([chunk.failed for chunk in done])
    for line in failures_said(failed):
        say(f"{corpus.name}: {line}; `twicetold check {corpus.name}` lists them")
    say(f"{corpus.name}: features of {len(rows)} articles, {new}, in {seconds}")
    return load_features(corpus.folder / PRIVATE).with_stories(corpus.stories)


def _made_from(corpus: Corpus, plan: Plan) -> str:
    """A digest of all that features rest on; "" where a text cannot be read.

    Where it is the same, nothing needs to be looked at article by article.
    """
    try:
        texts = [
            hashlib.sha256((plan.texts / file).read_bytes()).hexdigest()
            for file in corpus.metadata["file"]
        ]
    except OSError:
        return ""
    pipelines = sorted({*PIPELINES.values(), *plan.pipelines.values()})
    return digest_of(
        EXTRACTOR_VERSION,
        corpus.metadata.to_csv(index=False),
        json.dumps(corpus.datasheet, sort_keys=True, default=str),
        json.dumps([corpus.codebook.about, entry_list(corpus.codebook)], default=str),
        corpus.codebook.actors_digest,
        plan.encoder and plan.encoder.digest,
        plan.tone and plan.tone.digest,
        plan.values,
        plan.parse,
        *((name, _version(name)) for name in pipelines),
        *texts,
    )


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _whole(features: Features | None) -> bool:
    """Whether features are undamaged, and nothing failed in them that is to be tried again."""
    return features is not None and not any(
        key.startswith(FAILED) or key.endswith(INCOMPLETE) for key in features.table("keys")["key"]
    )


def _refuse_dictionaries_without_words(corpus: Corpus) -> None:
    problem = "came with a shared archive, without its words; name its file to extract with it."
    faults = [
        Fault("codebook.yml", None, f"dictionaries/{entry.name} {problem}")
        for entry in corpus.codebook.entries
        if entry.known_digest
    ]
    if faults:
        raise CorpusError(corpus.folder, faults)


def _say_unread(corpus: Corpus, say: Callable[[str], None]) -> None:
    """Say in which languages no sentence is parsed.

    Raises
    ------
    TwicetoldError
        If a pipeline that corpus.yml names cannot be loaded, or is one of another language.
    """
    codes = corpus.metadata["language"].str.split("-").str[0].str.lower()
    for language, n in codes.value_counts(sort=False).items():
        named = corpus.pipelines.get(language)
        if language == "en" and named is None or load_syntax(language, named) is not None:
            continue
        which = f"; with {PIPELINES[language]} installed they are" if language in FOLDERS else ""
        say(
            f"{corpus.name}: no sentence of {n:,} articles in {language!r} is parsed: speakers,"
            f" statements and labels are left out{which}"
        )


def _furniture(corpus: Corpus) -> dict[str, Furniture]:
    """The lines that recur in articles of one outlet, counted in so many that memory is bounded."""
    if "furniture" not in corpus.clean:
        return {}
    cells = corpus.metadata[["outlet", "published", "file"]]
    cells = cells[sampled(cells["outlet"].tolist())]
    return find_furniture(
        (outlet, published, stored_text(corpus.texts / file)[0])
        for outlet, published, file in cells.itertuples(index=False)
    )


def _tables(done: list[Chunk], articles: pd.DataFrame) -> Iterator[dict]:
    """The tables of chunk after chunk; one at a time is in memory."""
    first = 0
    for chunk in done:
        tables = chunk.tables if isinstance(chunk.tables, dict) else read_part(chunk.tables)
        if tables is None:
            problem = "was changed or removed while it was needed; run `twicetold extract` again"
            raise FeaturesError(f"{chunk.tables} {problem}.")
        stop = first + len(chunk.counted)
        yield tables | {"articles": articles.iloc[first:stop]}
        first = stop
