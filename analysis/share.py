"""Share: the form of the features that holds no running words, and the archive that carries it."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import io
import secrets
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import tl
from analysis.corpus import Corpus
from analysis.errors import CorpusError, Fault, FeaturesError
from analysis.extract.corpus import extract
from analysis.features import SCHEMAS, SHARED, Features, corpus_digest, save
from analysis.files import write_bytes
from analysis.reuse.marks import NAMES
from analysis.text.tokens import word_hash, words_of
from analysis.tl import _frames_prototypes as prototypes
from analysis.tl import disagreements
from analysis.tl import tone_words as pulls
from analysis.tl.clusters import result_tables as cluster_tables
from analysis.tl.keyness import keyness_results
from analysis.tl.lost_source import RESULTS
from analysis.tl.reuse import SHIPPED_N
from analysis.tl.similarity import similarity
from analysis.tl.voices import RESULTS as VOICES
from analysis.tl.voices import Voices
from analysis.views import sum_credits, sum_terms

SHORT = 50  # words
LONGEST_STRING = 6  # words; a longer cell could carry a headline or a sentence
SHOWN_WORDS = 5  # of a label or a description, which are words of the text in order
KEY_FILE = "twicetold.key"
SALT = b"twicetold shared n-grams, version 1"


def share(
    corpus: Corpus,
    *,
    out: str | Path | None = None,
    vectors: bool = False,
    random_key: bool = False,
    say: Callable[[str], None] = print,
) -> Path:
    """Write a corpus's shared features into its folder and, with its descriptions, into one
    archive.

    Parameters
    ----------
    corpus : Corpus
        With its texts.
    out : path, optional
        The archive; `<name>.zip` in the current folder if not given.
    vectors : bool
        Whether sentence embeddings go along. Sentences can be partly rebuilt from them.
    random_key : bool
        Key the n-grams with random bytes kept in a file beside the texts, instead of with the texts
        themselves: the hashes then stay comparable while the corpus grows.

    Returns
    -------
    Path
        Of the archive.
    """
    _refuse_long_names(corpus)
    private = extract(corpus, say=say)
    tables = shared_tables(private, corpus_key(corpus, random_key), vectors=vectors, say=say)
    manifest = private.manifest
    short = (
        private.table("articles", ["article_id", "n_tokens"])
        .query("n_tokens < @SHORT")["article_id"]
        .tolist()
    )
    if short:
        say(
            f"careful: {len(short)} articles have fewer than {SHORT} words"
            f" ({', '.join(short[:5])}); the list of a short text's words says nearly all of it"
        )
    results = (
        result_tables(private)
        | keyness_results(private, tables["articles"])
        | _pulls(private, corpus)
    )
    save(
        corpus.folder / "features",
        tables,
        form=SHARED,
        corpus=corpus.name,
        digest=corpus_digest(tables["articles"], manifest["entries"], manifest["codebook"]),
        languages=manifest["languages"],
        entries=manifest["entries"],
        codebook=manifest["codebook"],
        results=results,
    )
    out = Path(out or f"{corpus.name}.zip")
    write_bytes(out, _archive(corpus, tables["articles"]))
    say(f"{corpus.folder / 'features'} and {out}: {', '.join(tables)}; no text, no running words")
    return out


def corpus_key(corpus: Corpus, random_key: bool = False) -> bytes:
    """The secret of the n-gram hashes: a random file beside the texts, or derived from the bytes of
    all texts.

    Published digests of single texts do not help to guess it: it needs every byte of every text.
    """
    path = corpus.texts / KEY_FILE if corpus.texts is not None else None
    if path is not None and random_key and not path.exists():
        write_bytes(path, secrets.token_bytes(32))
    if path is not None and path.exists():
        key = path.read_bytes()
        if len(key) != 32:
            raise CorpusError(
                corpus.folder,
                [Fault(f"articles/{KEY_FILE}", None, f"holds {len(key)} bytes; a key has 32.")],
            )
        return key
    digest = hashlib.sha512()
    for article in sorted(corpus.articles(), key=lambda a: a.article_id):
        data = article.text.encode("utf-8")
        digest.update(len(data).to_bytes(8, "little") + data)
    return hashlib.scrypt(digest.digest(), salt=SALT, n=2**14, r=8, p=1, dklen=32)


def shared_tables(
    private: Features, key: bytes, *, vectors: bool = False, say: Callable[[str], None] = print
) -> dict[str, pd.DataFrame]:
    """The tables of the shared form.

    It counts in words, not in characters: the length of a match or of a short sentence would give
    its words away to who has their list. So `sentences`, `hits` and `quotes` lose their offsets,
    `quotes` also who speaks by which verb, which would name the words between its end and the
    sentence's. An article's digest is keyed, as it would tell which order of a short text's words
    is right.
    """
    tokens = private.table("tokens", ["article_id", "hash", "quoted"])
    hits = private.table("hits")
    counted = hits.assign(count=np.int32(1))
    tables = {
        "articles": _guarded(private, key, say),
        "sentences": private.table("sentences"),
        "ngrams": keyed_ngrams(tokens, private.article_ids, key),
        "terms": sum_terms(private.table("terms")),
        "hits": (
            counted.groupby(["article_id", "sentence", "entry", "kind"], sort=False)["count"]
            .sum()
            .reset_index()
        ),
        "patterns": (
            counted.groupby(["article_id", "entry", "kind", "pattern"], sort=True)["count"]
            .sum()
            .reset_index()
        ),
        "scores": private.table("scores"),
        "quotes": (
            private.table("quotes").query("direct").reset_index(drop=True)
        ),  # where a statement begins and ends tells its verb
        "credits": sum_credits(private.table("credits")),
    }
    for name in ("mentions", "labels", "style"):
        if private.has(name):
            tables[name] = _counted_by_article(name, private.table(name))
    if vectors:
        tables["vectors"] = private.table("vectors")
    for name, columns in SCHEMAS[SHARED].items():
        if name in tables and name != "articles":
            tables[name] = tables[name][[c for c, _ in columns]]
    # rows of one sentence would else stand in the order in which their words do
    order = ["article_id", "sentence", "kind", "entry"]
    places = {a: i for i, a in enumerate(private.article_ids)}
    tables["hits"] = tables["hits"].sort_values(
        order, key=lambda c: c.map(places) if c.name == "article_id" else c, ignore_index=True
    )
    return tables


def _counted_by_article(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Labels and style without the sentence; mentions in the order of sentences, actors and forms,
    not of the text.
    """
    if name == "mentions":
        places = {a: i for i, a in enumerate(dict.fromkeys(table["article_id"]))}
        return table.sort_values(
            ["article_id", "sentence", "actor", "form", "voice", "negative"],
            kind="stable",
            key=lambda c: c.map(places) if c.name == "article_id" else c,
            ignore_index=True,
        )
    if name == "style":
        return table.drop(columns="sentence").groupby("article_id", sort=False).sum().reset_index()
    keys = ["article_id", "actor", "label", "construction", "quoted", "confidence"]
    table = table.assign(label=table["label"].map(_cut))
    return table.groupby(keys, sort=True).size().rename("count").reset_index()


def keyed_ngrams(
    tokens: pd.DataFrame, article_ids: list[str], key: bytes, n: int = SHIPPED_N
) -> pd.DataFrame:
    """Keyed hashes of every run of n words: article_id, position, hash, quoted (all of its words
    are).
    """
    parts = []
    for article, part in tokens.groupby("article_id", sort=False):
        words = np.ascontiguousarray(part["hash"].to_numpy(np.uint64))
        quoted = part["quoted"].to_numpy(bool)
        size = max(len(words) - n + 1, 0)
        if not size:
            continue
        runs = np.ascontiguousarray(np.lib.stride_tricks.sliding_window_view(words, n))
        hashes = [
            int.from_bytes(hashlib.blake2b(run, key=key, digest_size=8).digest(), "little")
            for run in runs
        ]
        parts.append(
            pd.DataFrame(
                {
                    "article_id": article,
                    "position": np.arange(size, dtype=np.int32),
                    "hash": np.array(hashes, np.uint64),
                    "quoted": np.lib.stride_tricks.sliding_window_view(quoted, n).all(axis=1),
                }
            )
        )
    empty = pd.DataFrame(
        {
            "article_id": [],
            "position": [],
            "hash": np.empty(0, np.uint64),
            "quoted": np.empty(0, bool),
        }
    )
    return pd.concat(parts, ignore_index=True) if parts else empty


def result_tables(private: Features) -> dict[str, pd.DataFrame]:
    """What only the private form can give: passages with their characters, where articles disagree,
    the shape of missing sources, and how alike articles are in embeddings.
    """
    reuse = tl.reuse(private)
    passages = reuse.table.drop(columns=NAMES)
    results = {
        "passages": passages.astype(
            {c: "int32" for c in passages.columns if c.endswith(("_start", "_end"))}
        ),
        "passage_sentences": reuse.sentences,
    }
    if private.has("values"):
        results["disagreements"] = disagreements(private).table
    source = tl.lost_source(private, reuse=reuse)
    results |= dict(zip(RESULTS, (source.table, source.variants, source.stemma)))
    if len(private.article_ids) > 1:
        with contextlib.suppress(
            FeaturesError
        ):  # nothing to compare: no frames, actors or dictionaries
            results |= cluster_tables(private)
    results |= {name: table for name, table in zip(VOICES, _short(tl.voices(private)))}
    if private.has("vectors") and set(
        private.table("vectors", ["article_id"])["article_id"]
    ) == set(private.article_ids):
        results["similarity"] = similarity(private, method="embeddings").table
        if private.codebook("frames"):
            with contextlib.suppress(
                FeaturesError
            ):  # sentences were embedded by a model of the owner's, which is not at hand here
                results[prototypes.RESULT] = prototypes.result_table(private)
    return results


def _pulls(private: Features, corpus: Corpus) -> dict[str, pd.DataFrame]:
    """The words behind the tone, where it was judged: actor, side and word, without a place."""
    if (
        not private.has("mentions")
        or private.table("mentions", ["negative"])["negative"].isna().all()
    ):
        return {}
    return {pulls.RESULT: pulls.tone_pulls(private, corpus=corpus).table}


def _short(voices: Voices) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Who speaks, with descriptions of the unnamed cut short: they are words of the text in order."""
    tables = (voices.table, voices.verb_counts, voices.unnamed)
    return tuple(
        table.assign(**{c: table[c].map(_cut) for c in ("speaker", "description") if c in table})
        for table in tables
    )


def _cut(words: str) -> str:
    return " ".join(words.split()[:SHOWN_WORDS])


def keyed_digest(sha256: str, key: bytes) -> str:
    """The shared form's digest of an article: only who has the corpus's key can compare it with a
    text.
    """
    return hmac.new(key, sha256.encode(), "sha256").hexdigest()


def shareable(cell: str) -> str:
    """A cell of the metadata as the shared form holds it: empty where it could carry a headline."""
    return "" if len(words_of(cell)) > LONGEST_STRING else cell


def _guarded(private: Features, key: bytes, say) -> pd.DataFrame:
    """Articles without cells that hold a headline: longer ones, and in the user's own columns also
    words of the text itself.
    """
    articles = private.table("articles")
    words = {
        a: set(zip(h, h[1:]))
        for a, h in (
            private.table("tokens", ["article_id", "hash"])
            .groupby("article_id")["hash"]
            .apply(list)
            .items()
        )
    }
    own = [c for c in articles.columns if c not in dict(SCHEMAS[SHARED]["articles"])]
    for column in ["outlet", "author", "url", *own]:
        kept = articles[column].map(shareable)
        if column in own:
            said = [[word_hash(w) for w in words_of(cell)] for cell in kept]
            copied = [
                len(h) > 1 and set(zip(h, h[1:])) <= words.get(a, set())
                for a, h in zip(articles["article_id"], said)
            ]
            kept = kept.mask(copied, "")
        emptied = int((kept != articles[column]).sum())
        if emptied:
            say(
                f"left out of the shared form: {emptied} of {len(articles)} cells of {column!r},"
                f" which are longer than {LONGEST_STRING} words or stand in the text"
            )
        articles[column] = kept
    return articles.assign(sha256=[keyed_digest(d, key) for d in articles["sha256"]])


def _refuse_long_names(corpus: Corpus) -> None:
    """Ids and codebook words stand in every table, so they cannot be emptied."""
    rows = zip(corpus.metadata["article_id"], corpus.metadata.attrs.get("rows", []))
    faults = [
        Fault(
            "metadata.csv",
            row,
            f"article_id {a!r} has more than {LONGEST_STRING} words and could carry a headline;"
            " shorten it.",
        )
        for a, row in rows
        if len(words_of(a)) > LONGEST_STRING
    ]
    faults += [
        Fault(
            "codebook.yml",
            None,
            f"{e.kind} {e.name!r} holds {w!r}, more than {LONGEST_STRING} words of a text;"
            " shorten it.",
        )
        for e in corpus.codebook.entries
        for w in e.weights
        if len(words_of(w)) > LONGEST_STRING
    ]
    faults += [
        Fault(
            "codebook.yml",
            None,
            f"{section}/{name} holds {w!r}, more than {LONGEST_STRING} words of a text;"
            " shorten it.",
        )
        for section in ("labels", "axes")
        for name, about in corpus.codebook.about[section].items()
        for words in about.values()
        for w in words
        if len(words_of(w)) > LONGEST_STRING
    ]
    faults += _copied_examples(corpus)
    if faults:
        raise CorpusError(corpus.folder, faults)


def _copied_examples(corpus: Corpus) -> list[Fault]:
    """Examples of frames that stand in the texts, or a piece of them longer than a cell may be."""
    examples = {
        example: name
        for name, about in corpus.codebook.about["frames"].items()
        for example in about["examples"]
    }
    if not examples:
        return []
    runs = {}
    for example, name in examples.items():
        words = words_of(example)
        for i in range(len(words) - LONGEST_STRING):
            runs[tuple(words[i : i + LONGEST_STRING + 1])] = name, example
    found = {}
    for article in corpus.articles():
        words = words_of(article.text)
        for run in zip(*(words[i:] for i in range(LONGEST_STRING + 1))):
            if run in runs:
                found.setdefault(runs[run], article.article_id)
    return [
        Fault(
            "codebook.yml",
            None,
            f"frames/{name}: the example {example!r:.40} shares more than {LONGEST_STRING} running"
            f" words with {a}; write it in words of your own.",
        )
        for (name, example), a in found.items()
    ]


def _archive(corpus: Corpus, articles: pd.DataFrame) -> bytes:
    """A zip that holds the corpus folder without texts; the same bytes from the same content."""
    rows = articles.drop(columns=["n_chars", "n_tokens", "n_sentences", "sha256"])
    rows.insert(1, "file", [f"{a}.txt" for a in rows["article_id"]])
    members = {"metadata.csv": rows.to_csv(index=False, lineterminator="\n").encode()}
    files = [corpus.folder / "corpus.yml", corpus.folder / "codebook.yml"]
    files += [
        corpus.folder / entry["file"]
        for entry in corpus.codebook.dictionaries.values()
        if "file" in entry
    ]
    files += sorted((corpus.folder / "features").rglob("*"))
    members |= {
        f.relative_to(corpus.folder).as_posix(): f.read_bytes() for f in files if f.is_file()
    }
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(members):
            archive.writestr(
                zipfile.ZipInfo(f"{corpus.name}/{name}", (1980, 1, 1, 0, 0, 0)),
                members[name],
                zipfile.ZIP_DEFLATED,
            )
    return sink.getvalue()
