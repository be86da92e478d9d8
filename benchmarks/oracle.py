"""Whether a shared archive confirms a sentence that a stranger has guessed.

True sentences of a corpus, and the same with one word changed for another of their article, are
measured as the owner measured them. Of every column that is a function of a sentence's words it is
asked how often the archive agrees with the true ones and with the changed ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.corpus import Corpus, load
from analysis.extract.extraction import extract
from analysis.features import Features
from analysis.models.encoder import load_encoder
from analysis.models.tone.model import load_tone
from analysis.shared_form import in_classes, shared_tables
from analysis.text.tokens import tokenise
from analysis.tl._frames_prototypes import (
    RESULT,
    WORD_ADDS,
    coarse_scores,
    frame_hits,
    frame_prototypes,
    listed_entries,
    prototype_scores,
    score_table,
)

KEYS = ["article_id", "sentence"]
SHORTEST, LONGEST = 5, 60  # words of a sentence that is guessed
FEW = 0.05  # share of the changed sentences that may agree, too, where a guess counts as confirmed
# tables whose rows say what stands in a sentence, and the columns that say it
BY_SENTENCE = {
    "sentences": ["n_tokens", "quoted_share"],
    "hits": ["count"],
    "scores": ["score", "n_matched"],
    "mentions": ["form", "voice", "negative", "neutral", "positive"],
    RESULT: ["score", "probability"],
}
NAMED = {  # what a row is about
    "sentences": [],
    "hits": ["kind", "entry"],
    "scores": ["dictionary"],
    "mentions": ["actor"],
    RESULT: ["frame"],
}


def guess_sentences(
    corpus: Corpus, private: Features, *, n: int = 60, changes: int = 20, seed: int = 0
) -> pd.DataFrame:
    """True sentences of a corpus, and changed ones.

    Parameters
    ----------
    corpus : Corpus
        With its texts.
    private : Features
    n : int
        True sentences, at most.
    changes : int
        Changed ones of each: one word is replaced by another word of the article.
    seed : int

    Returns
    -------
    DataFrame
        Its columns: guess, article_id, sentence, true, text.
    """
    rng = np.random.default_rng(seed)
    texts = {article.article_id: article.text for article in corpus.articles()}
    sentences = private.table("sentences", [*KEYS, "start", "end", "n_tokens"])
    sentences = sentences[sentences["n_tokens"].between(SHORTEST, LONGEST)]
    chosen = sentences.iloc[np.sort(rng.permutation(len(sentences))[:n])]
    terms = private.table("terms", ["article_id", "term", "is_name"]).drop_duplicates()
    words = {key: part["term"].to_numpy() for key, part in terms.groupby(["article_id", "is_name"])}
    names = {key: set(part["term"]) for key, part in terms[terms["is_name"]].groupby("article_id")}
    rows = []
    for row in chosen.itertuples():
        text = " ".join(texts[row.article_id][row.start : row.end].split())
        said = tokenise(text)
        rows.append((row.article_id, row.sentence, True, text))
        for place in rng.integers(len(said.words), size=changes):
            word = said.words[place]
            is_name = word in names.get(row.article_id, ())
            others = words.get((row.article_id, is_name), words[row.article_id, False])
            others = others[others != word]
            new = str(rng.choice(others)) if len(others) else "another"
            start, end = said.start[place], said.end[place]
            new = new.capitalize() if text[start].isupper() else new
            rows.append((row.article_id, row.sentence, False, text[:start] + new + text[end:]))
    table = pd.DataFrame(rows, columns=[*KEYS, "true", "text"])
    table = table.drop_duplicates("text", ignore_index=True)
    table.insert(0, "guess", [f"g{i:06d}" for i in range(len(table))])
    return table


def read_guesses(corpus: Corpus, guesses: pd.DataFrame, folder: Path) -> Features:
    """Extract guesses as their stranger can: the package, and the codebook of the archive.

    Parameters
    ----------
    corpus : Corpus
    guesses : DataFrame
        Of `guess_sentences`.
    folder : path
        Where the folder of a corpus of them is written.

    Returns
    -------
    Features
        Each guess is an article.
    """
    folder = folder / corpus.name
    (folder / "articles").mkdir(parents=True)
    for row in guesses.itertuples():
        (folder / "articles" / f"{row.guess}.txt").write_text(row.text + "\n", encoding="utf-8")
    ids = guesses["guess"]
    language = corpus.metadata.set_index("article_id")["language"]
    said = {"article_id": ids, "file": ids + ".txt", "outlet": "Guesses", "published": ""}
    said |= {"author": "", "url": "", "language": guesses["article_id"].map(language).to_numpy()}
    pd.DataFrame(said).to_csv(folder / "metadata.csv", index=False, lineterminator="\n")
    for name in ("corpus.yml", "codebook.yml"):
        (folder / name).write_bytes((corpus.folder / name).read_bytes())
    for file in corpus.folder.glob("*.csv"):  # dictionaries that have files of their own
        if file.name not in ("metadata.csv", "stories.csv"):
            (folder / file.name).write_bytes(file.read_bytes())
    guessed = load(folder)
    return extract(guessed, encoder=load_encoder(), tone=load_tone(), say=lambda line: None)


def guessed_tables(
    guessed: Features, private: Features, key: bytes = bytes(32)
) -> dict[str, pd.DataFrame]:
    """What an archive would say of each guess, in the grain of the shared form.

    Parameters
    ----------
    guessed : Features
        Of `read_guesses`.
    private : Features
        Of the corpus: the stranger is given the mean of its embeddings, which no archive has.
    key : bytes

    Returns
    -------
    dict of DataFrame
    """
    tables = shared_tables(guessed, key, say=lambda line: None)
    tables["mentions"] = in_classes(guessed.table("mentions"))
    if private.has("vectors") and listed_entries(private):
        tables[RESULT] = coarse_scores(prototypes_of(guessed, private))
    return {name: table for name, table in tables.items() if name in BY_SENTENCE}


def archive_tables(features: Features) -> dict[str, pd.DataFrame]:
    """The tables of features that say something of sentences.

    Parameters
    ----------
    features : Features
        In either form.

    Returns
    -------
    dict of DataFrame
    """
    tables = {name: features.table(name) for name in BY_SENTENCE if features.has(name)}
    if "hits" in tables and "count" not in tables["hits"]:
        keys = [*KEYS, *NAMED["hits"]]
        tables["hits"] = tables["hits"].groupby(keys).size().rename("count").reset_index()
    if features.has_result(RESULT):
        tables[RESULT] = features.result(RESULT)
    return tables


def every_digit(features: Features, private: Features) -> dict[str, pd.DataFrame]:
    """The tables as the private form has them, by which the attack is tried.

    Parameters
    ----------
    features : Features
        The owner's, or those of guesses.
    private : Features
        The owner's.

    Returns
    -------
    dict of DataFrame
    """
    tables = archive_tables(features)
    if private.has("vectors") and listed_entries(private):
        own = features is private
        tables[RESULT] = (
            prototype_scores(private, listed_entries(private))[0].round(2)
            if own
            else prototypes_of(features, private)
        )
    return tables


def prototypes_of(guessed: Features, private: Features) -> pd.DataFrame:
    """Likeness to frames, by the owner's own mean and fit."""
    names = listed_entries(private)
    vectors = [f.table("vectors", [*KEYS, "embedding"]) for f in (guessed, private)]
    mean = np.stack(vectors[1]["embedding"].to_numpy()).astype(float).mean(axis=0)
    encoder = load_encoder()
    prototypes = frame_prototypes(private, names, encoder, len(mean))
    fit = prototype_scores(private, names)[1]
    rows = vectors[0][KEYS]
    embedded = np.stack(vectors[0]["embedding"].to_numpy()).astype(float)
    scores = (embedded - mean) @ prototypes.T + WORD_ADDS * (frame_hits(guessed, rows, names) > 0)
    chances = 1 / (1 + np.exp(-(fit["intercept"] + fit["slope"] * scores)))
    return score_table(rows, names, score=scores.round(2), probability=chances.round(2))


def said_of(tables: Mapping[str, pd.DataFrame]) -> pd.Series:
    """What tables say of each sentence, column by column.

    Parameters
    ----------
    tables : mapping
        From a name of `BY_SENTENCE` to the table.

    Returns
    -------
    Series
        By column ("table.column"), article_id and sentence; each value names every row.
    """
    parts = {}
    for name, table in tables.items():
        for column in BY_SENTENCE[name]:
            if column not in table or "sentence" not in table:
                continue
            cells = table[column]
            if cells.dtype.kind == "f":
                cells = cells.round(6)
            about = table[NAMED[name]].astype(str).agg(" ".join, axis=1) if NAMED[name] else ""
            rows = table[KEYS].assign(said=about + "=" + cells.astype(str))
            parts[f"{name}.{column}"] = rows.groupby(KEYS)["said"].agg(lambda s: tuple(sorted(s)))
    return pd.concat(parts, names=["column"])


def confirm(guesses: pd.DataFrame, guessed: pd.Series, archive: pd.Series) -> pd.DataFrame:
    """How often an archive agrees with true guesses and with changed ones, by column.

    A stranger can tell how much an agreement is worth: he counts how many of a guess's changed
    neighbours agree as well. Where at most `FEW` of them do, he takes the guess as confirmed.

    Parameters
    ----------
    guesses : DataFrame
        Of `guess_sentences`.
    guessed, archive : Series
        Of `said_of`, for the guesses and for the archive.

    Returns
    -------
    DataFrame
        One row a column, and "all together":

        ==========  =======  ==================================================================
        column      unit     meaning
        ==========  =======  ==================================================================
        column
        sentences            true sentences of which the archive says something there
        true        0 to 1   share of them with which it agrees
        changed     0 to 1   share of the changed ones with which it agrees
        confirmed   0 to 1   share of the true ones that it confirms
        chance      0 to 1   share of the changed ones that it confirms
        ==========  =======  ==================================================================
    """
    columns = archive.index.get_level_values("column").unique()
    agree = pd.DataFrame(index=guesses.index)
    told = pd.DataFrame(index=guesses.index)
    for column in columns:
        there = archive[column].to_dict()
        here = guessed[column].to_dict() if column in guessed.index.levels[0] else {}
        keys = list(zip(guesses["article_id"], guesses["sentence"]))
        said = [there.get(key, ()) for key in keys]
        told[column] = [bool(x) for x in said]
        agree[column] = [x == here.get((g, 0), ()) for g, x in zip(guesses["guess"], said)]
    told["all together"], agree["all together"] = True, agree[list(columns)].all(axis=1)
    rows = []
    for column in agree:
        some = guesses.assign(agrees=agree[column])[told[column]]
        if some.empty:
            continue
        by = some[~some["true"]].groupby(KEYS)["agrees"].agg(["sum", "size"])
        some = some.join(by, on=KEYS)
        others = some["sum"] - (some["agrees"] & ~some["true"])
        n_others = some["size"] - ~some["true"]
        sure = some["agrees"] & (others <= FEW * n_others)
        true = some["true"]
        rows.append(
            {
                "column": column,
                "sentences": int(true.sum()),
                "true": some.loc[true, "agrees"].mean(),
                "changed": some.loc[~true, "agrees"].mean(),
                "confirmed": sure[true].mean(),
                "chance": sure[~true].mean(),
            }
        )
    return pd.DataFrame(rows).round(3)
