"""What the repository ships about texts that may not be shared: no running words, and what
extraction gives afresh.
"""

import functools
import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
import yaml

from analysis import extract, tl
from analysis.corpus import load, texts_folder
from analysis.features import load_features
from analysis.share import result_tables
from analysis.shared_form import LONGEST_STRING, corpus_key, shared_tables
from analysis.text.tokens import words_of
from analysis.tl.keyness import SHIPS as KEYNESS
from analysis.tl.voices import SHIPS as VOICES
from tests.places import AMNESTY, ROOT
from tests.quick import quick_models
from tests.small import shipped_names

TABLES = sorted((AMNESTY / "features").rglob("*.parquet"))
FIGURES = sorted((ROOT / "figures" / "amnesty2024").glob("*.csv"))
TEXTS = Path(os.environ.get("TWICETOLD_TEXTS", "")) / "amnesty2024" / "articles"
needs_texts = pytest.mark.skipif(
    not os.environ.get("TWICETOLD_TEXTS") or not TEXTS.is_dir(),
    reason=(
        "needs the five texts, which the repository may not hold: set TWICETOLD_TEXTS to a folder"
        " with amnesty2024/articles"
    ),
)


def strings(value):
    """Every string in a value as JSON, YAML or Parquet gives it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, bytes):
        yield value.decode("utf-8", "ignore")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from strings(key)
            yield from strings(item)
    elif isinstance(value, (list, tuple, set, np.ndarray)):
        for item in value:
            yield from strings(item)


def parquet_strings(path):
    table = pq.read_table(path)
    yield from table.column_names
    yield from strings(list((table.schema.metadata or {}).items()))
    for column in table.columns:
        if not re.match("u?int|float|double|halffloat|bool", str(column.type)):
            yield from strings(column.to_pylist())


def csv_strings(path):
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    yield from table.columns
    yield from strings(table.to_numpy().ravel())


def long_ones(cells):
    return [cell for cell in set(cells) if len(words_of(cell)) > LONGEST_STRING]


# --- without the texts ---


def test_the_tables_are_there():
    names = {p.relative_to(AMNESTY / "features").with_suffix("").as_posix() for p in TABLES}
    manifest = json.loads((AMNESTY / "features" / "features.json").read_text(encoding="utf-8"))
    assert names == set(manifest["tables"]) | {f"results/{name}" for name in manifest["results"]}
    assert {
        "articles",
        "sentences",
        "terms",
        "hits",
        "scores",
        "quotes",
        "results/passages",
    } <= names
    assert (
        not {"tokens", "vectors", "values", "ngrams"} & names
        and manifest["form"] == "shared"
        and FIGURES
    )


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.stem)
def test_no_cell_of_a_shipped_table_holds_more_than_six_words(path):
    assert [
        cell for cell in long_ones(parquet_strings(path)) if not cell.startswith("note: ")
    ] == []  # what a result tells its reader


@pytest.mark.parametrize("path", [*FIGURES, AMNESTY / "metadata.csv"], ids=lambda p: p.stem)
def test_no_cell_of_a_shipped_csv_holds_more_than_six_words(path):
    assert long_ones(csv_strings(path)) == []


def test_no_name_or_pattern_of_the_codebook_holds_more_than_six_words():
    said = yaml.safe_load((AMNESTY / "codebook.yml").read_text(encoding="utf-8"))
    prose = {
        frame["description"] for frame in said["frames"].values()
    }  # the owner's, and compared with the texts below
    assert long_ones(cell for cell in strings(said) if cell not in prose) == []


def test_terms_are_single_words_of_usual_length():
    terms = load_features(AMNESTY / "features").table("terms")["term"]
    assert terms.map(lambda term: len(words_of(term))).max() == 1 and terms.map(len).max() <= 25


# --- with the texts ---

N = 6
# runs that anybody writes, not those of the five articles alone
ALLOWED: set[tuple[str, ...]] = set()


@functools.cache
def forbidden():
    runs = set()
    for path in sorted(TEXTS.glob("*.txt")):
        words = words_of(path.read_bytes().decode("utf-8"))
        runs |= {tuple(words[i : i + N]) for i in range(len(words) - N + 1)}
    return runs


def readings(path):
    """The ways in which a tracked file can be read as text."""
    if path.suffix == ".parquet":
        return list(parquet_strings(path))
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, read_only=True)
        rows = (row for sheet in book for row in sheet.iter_rows(values_only=True))
        return [" ".join(str(cell) for row in rows for cell in row if cell is not None)]
    data = path.read_bytes()
    if b"\0" in data[:8000]:
        return []
    text = data.decode("utf-8", "ignore")
    if path.suffix == ".svg":  # words stand between its tags, and in its titles and comments
        text = re.sub(r'\s(?:d|points|transform|style|id)="[^"]*"', " ", text)
    ways = [text]
    if path.suffix in (".svg", ".html", ".ipynb", ".xml"):
        ways.append(re.sub(r"<[^>]{1,2000}>", " ", text))
    if path.suffix in (".ipynb", ".json"):
        said = list(strings(json.loads(text)))
        ways += [" ".join(said), re.sub(r"<[^>]{1,2000}>", " ", " ".join(said))]
    return ways


def tracked():
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return [
        ROOT / name
        for name in listed.stdout.decode().split("\0")
        if name and (ROOT / name).is_file()
    ]


@needs_texts
def test_no_file_of_the_repository_holds_six_running_words_of_the_texts():
    runs, found = forbidden(), {}
    heads = {run[:3] for run in runs}
    for path in tracked():
        for text in readings(path):
            words = words_of(text)
            if heads.isdisjoint(zip(words, words[1:], words[2:])):
                continue  # as of nearly all
            for i in range(len(words) - N + 1):
                if (
                    tuple(words[i : i + 3]) in heads
                    and (run := tuple(words[i : i + N])) in runs
                    and run not in ALLOWED
                ):
                    found.setdefault(path.relative_to(ROOT).as_posix(), set()).add(i)
    assert len(runs) > 3000
    assert found == {}, "files and the places of the words; what they hold is not printed"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """The corpus extracted afresh from the texts, in a folder of its own."""
    folder = tmp_path_factory.mktemp("fresh") / "amnesty2024"
    shutil.copytree(
        AMNESTY, folder, ignore=shutil.ignore_patterns("private", "features", "articles")
    )
    assert texts_folder(folder, "amnesty2024") == TEXTS
    corpus = load(folder)
    return corpus, extract(corpus, say=lambda line: None)


@needs_texts
def test_the_shipped_tables_are_what_extraction_gives(fresh):
    corpus, private = fresh
    shipped = load_features(AMNESTY / "features")
    tables = shared_tables(private, corpus_key(corpus), say=lambda line: None)
    assert set(tables) == set(shipped.manifest["tables"])
    assert shipped.manifest["entries"] == private.manifest["entries"]
    for name, table in tables.items():
        there = shipped.table(name)
        loose = [c for c in there if there[c].dtype.kind == "f"]
        exact = [c for c in there if c not in loose]
        assert list(there) == list(table) and len(there) == len(table), name
        assert there[exact].astype(str).equals(table[exact].astype(str)), name
        for column in loose:
            if name == "mentions":  # embeddings differ a little from processor to processor
                assert np.abs(there[column] - table[column]).mean() < 0.02, column
            else:
                np.testing.assert_allclose(
                    there[column], table[column], rtol=0, atol=1e-9, err_msg=f"{name}.{column}"
                )


@needs_texts
def test_the_shipped_results_are_what_the_private_form_gives(fresh):
    shipped = load_features(AMNESTY / "features")
    corpus, private = fresh
    articles = shared_tables(private, corpus_key(corpus), say=lambda line: None)["articles"]
    with quick_models(frames=False):  # what rests on them is compared below
        results = result_tables(corpus, private, articles)
    assert set(shipped.manifest["results"]) == set(results) == shipped_names()
    for name in (*VOICES.tables, *KEYNESS.tables, "disagreements"):
        there, here = shipped.result(name), results[name].reset_index(drop=True)
        pd.testing.assert_frame_equal(there, here, check_dtype=False, rtol=0, atol=1e-9)
    sides = [
        one[one["meaning"].isna()].drop(columns="passage").reset_index(drop=True)
        for one in (shipped.result("passages"), results["passages"])
    ]
    pd.testing.assert_frame_equal(*sides, check_dtype=False, rtol=0, atol=1e-12)
    meant = [
        set(
            map(
                tuple,
                one[one["meaning"].notna()][["a", "b", "a_position", "b_position"]]
                .to_numpy()
                .tolist(),
            )
        )
        for one in (shipped.result("passages"), results["passages"])
    ]
    assert len(meant[0] & meant[1]) >= 0.8 * len(
        meant[0] | meant[1]
    )  # embeddings differ a little from processor to processor
    there, here = shipped.result("similarity"), results["similarity"]
    assert there[["a", "b"]].equals(here[["a", "b"]])
    np.testing.assert_allclose(there["cosine"], here["cosine"], rtol=0, atol=0.02)


@pytest.mark.long
@needs_texts
def test_the_shipped_results_of_the_encoder_are_what_the_private_form_gives(fresh):
    shipped = load_features(AMNESTY / "features")
    topic = tl.clusters(fresh[1]).profile
    told = shipped.result("cluster_profile").pivot(index="group", columns="feature")["z"]
    assert set(topic.columns) == set(told.columns)
    np.testing.assert_allclose(told.loc[topic.index, topic.columns], topic, rtol=0, atol=0.05)


@pytest.mark.long  # the model of tone is asked about every word
@needs_texts
def test_the_shipped_words_of_tone_are_what_the_private_form_gives(fresh):
    corpus, private = fresh
    words = tl.tone_words(replace(corpus, opened=private)).table
    there = load_features(AMNESTY / "features").result("tone_pulls")
    both = there.merge(words, on=["actor", "side", "word"], suffixes=("", "_here"))
    assert len(both) >= 0.8 * max(len(there), len(words))
    np.testing.assert_allclose(both["pull"], both["pull_here"], rtol=0, atol=0.1)
