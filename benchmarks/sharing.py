"""What a stranger learns from a shared archive: `python -m benchmarks.sharing --corpus NAME`.

Prints one line of JSON; benchmarks/SHARING.md says what its numbers mean. The corpus needs its
texts: the archive is written afresh, into a folder that is removed again.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import sys
import tempfile
from pathlib import Path

import pandas as pd

from analysis.corpus import Corpus, load
from analysis.features import PRIVATE, load_features
from analysis.files import project_root
from analysis.share import share
from analysis.shared_form import credited_ngrams, in_classes, keyed_ngrams
from analysis.text.tokens import tokenise
from benchmarks import oracle
from tests.stranger import (
    Stranger,
    in_their_sentence,
    phrases_in_their_sentence,
    recovered,
    recovered_by_chance,
)

RUN = 5  # words that an n-gram has


def measure(corpus: Corpus, *, n: int = 60, changes: int = 20, oracle_too: bool = True) -> dict:
    """Share a corpus each way, and attack what is shared.

    Parameters
    ----------
    corpus : Corpus
        With its texts.
    n : int
        Sentences that are guessed.
    changes : int
        Changed ones of each.
    oracle_too : bool
        Whether guesses are measured, which takes most of the time.

    Returns
    -------
    dict
    """
    with tempfile.TemporaryDirectory() as scratch, contextlib.redirect_stdout(sys.stderr):
        folder = Path(scratch)
        copy = load(_copied(corpus, folder))
        archive = load_features(share(copy, out=folder / "none.zip"))
        private = load_features(copy.folder / PRIVATE)
        truth = {a.article_id: tokenise(a.text).words for a in corpus.articles()}
        made: dict = {"corpus": corpus.name, "words": sum(map(len, truth.values()))}
        passages = archive.result("passages") if archive.has_result("passages") else None
        tokens, key = private.table("tokens", ["article_id", "hash", "quoted"]), bytes(32)
        runs = {"none": None, "all": keyed_ngrams(tokens, key)}
        if passages is not None:
            runs["credited"] = credited_ngrams(private, key, passages)
        made["known_plaintext"] = {
            name: known_plaintext(table, passages, truth) for name, table in runs.items()
        }
        made["positions"] = positions(folder / "none.zip", folder, truth)
        if oracle_too:
            guesses = oracle.guess_sentences(corpus, private, n=n, changes=changes)
            guessed = oracle.read_guesses(copy, guesses, folder / "guesses")
            said = oracle.said_of(oracle.guessed_tables(guessed, private))
            tables = oracle.archive_tables(archive)
            # as if the stranger knew of which sentence each mention is, which no archive says
            tables["mentions"] = in_classes(private.table("mentions"))
            shared = oracle.said_of(tables)
            made["oracle"] = oracle.confirm(guesses, said, shared).to_dict("records")
            own, theirs = (oracle.every_digit(f, private) for f in (private, guessed))
            every = oracle.confirm(guesses, oracle.said_of(theirs), oracle.said_of(own))
            made["oracle_of_every_digit"] = every.to_dict("records")
    return made


def _copied(corpus: Corpus, folder: Path) -> Path:
    """A copy of a corpus's folder without features, with its texts."""
    there = folder / "corpus" / corpus.name
    left_out = shutil.ignore_patterns(PRIVATE, "features", "gold", "articles", ".*")
    shutil.copytree(corpus.folder, there, ignore=left_out)
    if corpus.texts is not None:
        shutil.copytree(corpus.texts, there / "articles")
    if (corpus.folder / PRIVATE).is_dir():
        shutil.copytree(corpus.folder / PRIVATE, there / PRIVATE)
    return there


def positions(archive: Path, folder: Path, truth: dict[str, list[str]]) -> dict:
    """What a stranger reads in the tables of an archive, by his steps and by all together.

    Parameters
    ----------
    archive : path
    folder : path
    truth : dict of list of str
        The words of each article.

    Returns
    -------
    dict
        By step, words recovered in order (of two or more neighbours) and placed rightly, and those
        that are known to stand in their sentence; "by chance" are those recovered in order from
        texts whose words are shuffled within sentences. "phrases in their sentence" are words, by
        table, that stand side by side in a sentence that is known, without a place in it.
    """
    made = {}
    alone = [step for step in Stranger.STEPS if step != "look_up_hashes"]
    for step, steps in {"all": Stranger.STEPS, **{step: [step] for step in alone}}.items():
        stranger = Stranger(archive, folder / f"unpacked_{step}", steps=steps)
        right, in_order = recovered(stranger.guesses, truth)
        made[step] = {
            "guesses": len(stranger.guesses),
            "in order": len(in_order),
            "placed": len(right),
            "in their sentence": in_their_sentence(stranger, truth),
            "by chance": recovered_by_chance(stranger, truth),
        }
        if step == "read_strings":
            made["phrases in their sentence"] = phrases_in_their_sentence(stranger, truth)
    return made


def known_plaintext(
    ngrams: pd.DataFrame | None, passages: pd.DataFrame | None, truth: dict[str, list[str]]
) -> dict[str, float]:
    """What a stranger reads in each article who has all the others.

    Parameters
    ----------
    ngrams : DataFrame, optional
        As shared.
    passages : DataFrame, optional
        As shared.
    truth : dict of list of str
        The words of each article.

    Returns
    -------
    dict of str to float
        Shares of all words that come back in runs of five or more: by n-grams, by passages, by
        both, and how many of the words that he writes down are wrong.
    """
    by_ngrams = {} if ngrams is None else _by_ngrams(ngrams, truth)
    by_passages = {} if passages is None else _by_passages(passages, truth)
    n = sum(map(len, truth.values()))
    both = by_passages | by_ngrams
    made = {
        "ngrams": _in_runs(by_ngrams, truth) / n,
        "passages": _in_runs(by_passages, truth) / n,
        "both": _in_runs(both, truth) / n,
        "wrong": sum(truth[a][p] != w for (a, p), w in both.items()) / n,
    }
    return {name: round(value, 4) for name, value in made.items()}


Places = dict[tuple[str, int], str]


def _by_ngrams(runs: pd.DataFrame, truth: dict[str, list[str]]) -> Places:
    """Words of runs whose hash another article has, too."""
    known: Places = {}
    for _, rows in runs[runs.duplicated("hash", keep=False)].groupby("hash", sort=False):
        places = list(zip(rows["article_id"], rows["position"]))
        for a, p in places:
            others = [(b, q) for b, q in places if b != a]
            if others:
                b, q = others[0]
                known |= {(a, p + i): truth[b][q + i] for i in range(RUN)}
    return known


def _by_passages(passages: pd.DataFrame, truth: dict[str, list[str]]) -> Places:
    """Words of verbatim passages: of equal ones all, else as many as match, from both ends."""
    known: Places = {}
    passages = passages.sort_values("identity")
    for row in passages[passages["kind"] == "verbatim"].itertuples():
        sides = (row.a, row.a_position, row.a_words), (row.b, row.b_position, row.b_words)
        for (a, p, n), (b, q, m) in (sides, sides[::-1]):
            other = truth[b][q : q + m]
            if row.n_matching == n == m:
                known |= {(a, p + i): word for i, word in enumerate(other)}
            elif n == m:  # words were exchanged, so that the others stand where they stood
                known |= {(a, p + i): word for i, word in enumerate(other)}
            else:
                ends = min(RUN, n, m)
                known |= {(a, p + i): other[i] for i in range(ends)}
                known |= {(a, p + n - 1 - i): other[m - 1 - i] for i in range(ends)}
    return known


def _in_runs(known: Places, truth: dict[str, list[str]]) -> int:
    """How many words are right and stand in runs of five or more right ones."""
    total = 0
    for article, words in truth.items():
        run = 0
        for p in range(len(words) + 1):
            if p < len(words) and known.get((article, p)) == words[p]:
                run += 1
                continue
            total, run = total + (run if run >= RUN else 0), 0
    return total


def main() -> None:
    """Measure one corpus, or several."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", nargs="+", default=["harbour"], help="default: harbour")
    parser.add_argument("--root", type=Path, help="the project's folder")
    parser.add_argument("--sentences", type=int, default=60, help="that are guessed")
    parser.add_argument("--changes", type=int, default=20, help="of each sentence")
    parser.add_argument("--no-oracle", action="store_true", help="leave the guesses out")
    options = parser.parse_args()
    for name in options.corpus:
        corpus = load(name, root=(options.root or project_root()) / "corpus")
        asked = {"n": options.sentences, "changes": options.changes}
        print(json.dumps(measure(corpus, **asked, oracle_too=not options.no_oracle)))


if __name__ == "__main__":
    main()
