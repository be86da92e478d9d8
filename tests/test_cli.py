"""The command: what it prints, what it returns, and that a fault stops it before anything is
written.
"""

import ast
import importlib
import os
import shutil
import socket

import pandas as pd
import pytest

from analysis import cli, load, tl
from analysis.extract import extraction as room
from analysis.extract import failures
from analysis.reuse import kept
from analysis.run import Outcome, run
from tests.archives import texts_that_share
from tests.places import ROOT
from tests.small import extract_small, put, ship, write_corpus


@pytest.fixture
def twicetold(tmp_path, capsys):
    """Runs the command on corpora under a folder of the test's own; returns its status and what it
    said.
    """
    (tmp_path / "corpus").mkdir()

    def twicetold(*arguments):
        status = cli.main(["--root", str(tmp_path), *map(str, arguments)])
        said = capsys.readouterr()
        return status, said.out + said.err

    twicetold.corpora = tmp_path / "corpus"
    return twicetold


def test_a_sound_corpus_has_no_fault(twicetold):
    write_corpus(twicetold.corpora / "small")
    status, said = twicetold("check", "small")
    assert status == 0 and "small: no fault found. 2 warnings, which stop nothing." in said
    assert "there are no axes, so axes of meaning will be left out" in said


def test_a_corpus_without_articles_is_no_fault_and_what_to_do_is_said(twicetold):
    assert twicetold("new", "mine")[0] == 0
    for command, words in (("check", "no article yet"), ("run", "nothing to measure yet")):
        status, said = twicetold(command, "mine")
        assert status == 0 and words in said and "list them in metadata.csv" in said


def test_every_fault_of_every_corpus_is_printed_with_file_and_row(twicetold):
    first, second = (write_corpus(twicetold.corpora / name) for name in ("one", "two"))
    put(first / "articles" / "b1.txt", b"One.\n\xff")
    put(second / "codebook.yml", "tone: []\nframe: {}\n")
    put(
        second / "metadata.csv", (second / "metadata.csv").read_text().replace("2024-08-01", "soon")
    )
    status, said = twicetold("check", "one", "two")
    assert status == 1
    for line in (
        "articles/b1.txt, row 2: byte 5 (0xff) is not UTF-8",
        "codebook.yml, row 2: unknown key 'frame'",
        "metadata.csv, row 2: published 'soon' is not a date",
        "metadata.csv, row 3: published 'soon' is not a date",
    ):
        assert line in said


def test_damaged_features_are_printed_by_file(twicetold):
    folder = write_corpus(twicetold.corpora / "small")
    put(ship(folder) / "terms.parquet", b"PAR1")
    status, said = twicetold("check", "small")
    assert status == 1 and "features/terms.parquet: damaged or changed" in said


def test_an_unknown_corpus_is_told_with_those_there_are(twicetold):
    write_corpus(twicetold.corpora / "small")
    for name in ("smal", "../elsewhere", "x" * 300, "a\0b"):
        status, said = twicetold("check", name)
        assert status == 1 and said.startswith("twicetold: ")


def test_a_name_that_no_terminal_can_show_is_printed_all_the_same(twicetold):
    folder = write_corpus(twicetold.corpora / "small")
    try:
        put(folder / "articles" / os.fsdecode(b"caf\xe9.txt"), "Words.")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    status, said = twicetold("check", "small")
    assert status == 1 and "no row of metadata.csv lists this file" in said


def test_a_new_corpus_is_written_and_what_comes_next_is_said(twicetold, tmp_path):
    table = put(tmp_path / "t.csv", "id,text\na,One.\nb,Two.\n")
    status, said = twicetold("new", "mine", "--from", table, "--language", "de")
    assert status == 0 and "twicetold check mine" in said and "twicetold run mine" in said
    assert twicetold("check", "mine")[0] == 0
    assert (twicetold.corpora / "mine" / ".gitignore").read_text().split("\n")[1:3] == [
        "articles/",
        "private/",
    ]
    assert twicetold("new", "mine")[0] == 1


def test_the_options_of_new_overrule_what_is_found(twicetold, tmp_path):
    rows = "Kopf;Wo;Wann;Was\nOne;Bote;3/4/2024 10:00;Der Text.\nTwo;Bote;5/4/2024;Noch einer.\n"
    first, second = put(tmp_path / "a.csv", rows), put(tmp_path / "b.txt", "id,text\nx,nan\n")
    options = [f"--column={o}" for o in ("title=Kopf", "outlet=Wo", "date=Wann", "text=Was")]
    options += ["--timezone", "Europe/Berlin", "--month-first", "--language", "de"]
    status, said = twicetold("new", "mine", "--from", first, second, *options, "--format", "table")
    assert status == 0 and "2 files: table." in said and "only 'nan'" in said
    metadata = (twicetold.corpora / "mine" / "metadata.csv").read_text().splitlines()[1:]
    assert [row.split(",")[2:5] for row in metadata] == [
        ["One", "Bote", "2024-03-04T10:00:00+01:00"],
        ["Two", "Bote", "2024-05-04"],
    ]
    status, said = twicetold("new", "other", "--from", first, *options[:4])
    assert status == 0 and "try --day-first or --month-first" in said
    status, said = twicetold("new", "third", "--from", first, "--strict")
    assert status == 1 and not (twicetold.corpora / "third").exists()


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["new", "../x"], "1 to 60 letters"),
        (["new", "con"], "Windows reserves"),
        (["new", "x", "--from", "none.csv"], "no such file"),
        (["new", "x", "--from", "tests/io/formats/__init__.py"], "the file is empty"),
        (["new", "x", "--from", "README.md", "--format", "word"], "format must be one of"),
        (["new", "x", "--from", "README.md", "--encoding", "utf-9"], "encoding must be one"),
        (["new", "x", "--from", "README.md", "--timezone", "Mars"], "such as Europe/Berlin"),
        (["new", "x", "--from", "README.md", "--column", "outlet"], "must be FIELD=NAME"),
        (["new", "x", "--from", "README.md", "--column", "paper=X"], "column must be one of"),
        (["new", "x", "--language", "English"], "a code such as en"),
        (["extract", "none", "--no-vectors"], "no such folder"),
    ],
)
def test_a_refusal_is_one_message_and_status_1(twicetold, arguments, words):
    status, said = twicetold(*arguments)
    assert (
        status == 1 and said.startswith("twicetold: ") and words in said and "Traceback" not in said
    )
    assert not list(twicetold.corpora.iterdir())


@pytest.mark.parametrize("arguments", [[], ["chek", "small"], ["check"], ["new"]])
def test_wrong_usage_is_status_2(twicetold, arguments):
    with pytest.raises(SystemExit) as caught:
        twicetold(*arguments)
    assert caught.value.code == 2


@pytest.mark.parametrize(
    "error, status, words",
    [
        (
            OSError(28, "No space left on device"),
            1,
            "No space left on device; what was there before is unchanged",
        ),
        (KeyboardInterrupt(), 130, "what was there before is unchanged"),
    ],
)
def test_what_stops_the_command_from_outside_is_told_without_a_traceback(
    twicetold, monkeypatch, error, status, words
):
    folder = write_corpus(twicetold.corpora / "small")
    extract_small(folder)
    before = {p.name: p.read_bytes() for p in (folder / "private").iterdir()}
    put(folder / "articles" / "a1.txt", "Other words.")

    def stopped(*_):
        raise error

    monkeypatch.setattr(room, "save", lambda *_, **__: stopped())
    got, said = twicetold("extract", "small", "--no-vectors")
    assert got == status and words in said
    assert {p.name: p.read_bytes() for p in (folder / "private").iterdir()} == before


@pytest.mark.parametrize(
    "given, asked",
    [
        ([], {"encoder": room.DEFAULT, "tone": room.DEFAULT, "values": None, "workers": None}),
        (["--vectors"], {"encoder": "loaded"}),
        (["--model", "mine"], {"encoder": "loaded from mine"}),
        (["--no-vectors"], {"encoder": None, "tone": room.DEFAULT}),
        (["--tone"], {"encoder": room.DEFAULT, "tone": "tone loaded"}),
        (["--no-tone"], {"tone": None}),
        (["--values", "--workers", "3"], {"values": True, "workers": 3}),
    ],
    ids=lambda given: " ".join(given) or "nothing" if isinstance(given, list) else "",
)
def test_extract_asks_for_what_its_options_say(twicetold, monkeypatch, given, asked):
    seen = {}
    made = []
    monkeypatch.setattr(room, "extract", lambda corpus, **options: seen.update(options))
    monkeypatch.setattr(failures, "refuse_unread", made.append)
    monkeypatch.setattr(
        "analysis.models.encoder.load_encoder",
        lambda folder=None, gpu=False: f"loaded from {folder}" if folder else "loaded",
    )
    monkeypatch.setattr("analysis.models.tone.model.load_tone", lambda: "tone loaded")
    write_corpus(twicetold.corpora / "small")
    assert twicetold("extract", "small", *given)[0] == 0
    assert {name: seen[name] for name in asked} == asked and made == [None]


@pytest.mark.parametrize("with_foot, extracted, fresh", [(30, 4, 4), (6, 6, None)])
def test_update_keeps_passages_and_compares_what_is_new(
    twicetold, monkeypatch, with_foot, extracted, fresh
):
    """A line that recurs is furniture, in old articles too where the new ones make it recur."""
    foot = "\n\nThe Varnmouth Courier, Courier House, twelve Quay Street, Varnmouth\n"
    texts = {
        f"t{i:02}": text + foot * (i < with_foot) for i, text in enumerate(texts_that_share(30))
    }
    days = {name: f"2024-08-{1 + i:02}" for i, name in enumerate(texts)}
    about = {"outlet": dict.fromkeys(texts, "Courier"), "published": days}
    folder = twicetold.corpora / "grown"
    searches, whole = [], kept.search
    monkeypatch.setattr(
        kept, "search", lambda job, engine: searches.append(job.fresh) or whole(job, engine)
    )
    for first in (4, 0):
        (folder / "metadata.csv").unlink(missing_ok=True)
        shutil.rmtree(folder / "articles", ignore_errors=True)
        write_corpus(folder, dict(list(texts.items())[first:]), **about)
        status, said = twicetold("extract", "grown", "--no-syntax", "--no-vectors", "--update")
        assert status == 0 and "passages that articles share, by the defaults, are kept" in said
    assert f"{extracted} of them extracted" in said
    assert len(searches) == 2 and searches[0] is None
    assert (fresh is None) == (searches[1] is None) == ("All passages were found anew" in said)
    assert fresh is None or searches[1].sum() == fresh
    updated = tl.reuse(load("grown", root=twicetold.corpora), update=True, draws=1)
    anew = tl.reuse(load("grown", root=twicetold.corpora), draws=1)
    pd.testing.assert_frame_equal(updated.table, anew.table)
    assert len(updated.table) > 8 and len(searches) == 2


def test_extract_says_what_it_did(twicetold):
    write_corpus(twicetold.corpora / "small")
    status, said = twicetold("extract", "small", "--no-vectors")
    assert status == 0 and "features of 2 articles, 2 of them extracted or added to" in said
    assert "0 of them extracted or added to" in twicetold("extract", "small", "--no-vectors")[1]


@pytest.mark.short("<lambda>0", "<lambda>3")
@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: put(folder / "articles" / "b1.txt", ""),
        lambda folder: put(folder / "codebook.yml", "frames: 5\n"),
        lambda folder: put(folder / "metadata.csv", "a,b\n"),
        lambda folder: put(ship(folder) / "terms.parquet", b"PAR1"),
        lambda folder: put(
            ship(folder) / "features.json",
            (folder / "features/features.json")
            .read_text()
            .replace('"extractor": ', '"extractor": 9'),
        ),
    ],
)
def test_a_corpus_with_faults_is_left_as_it_is_and_the_others_are_measured(tmp_path, spoil):
    write_corpus(tmp_path / "corpus" / "sound")
    faulty = write_corpus(tmp_path / "corpus" / "faulty")
    spoil(faulty)
    for folder in ("figures/sound", "figures/faulty", "notebooks"):
        (tmp_path / folder).mkdir(parents=True)
    put(tmp_path / "figures" / "faulty" / "words.csv", "old\n")
    untouched = [faulty, tmp_path / "figures"]
    before = {p: p.stat().st_mtime_ns for folder in untouched for p in folder.rglob("*")}
    lines = []
    outcome = run(["faulty", "sound"], root=tmp_path, say=lines.append)
    assert outcome.failed and [*outcome.problems] == ["faulty"]
    assert "Nothing was written" in outcome.problems["faulty"]
    assert (tmp_path / "corpus" / "sound" / "private").is_dir()
    assert {p: p.stat().st_mtime_ns for folder in untouched for p in folder.rglob("*")} == before
    assert "Not measured, for the reasons above: faulty." in lines


def test_no_network_is_used(twicetold, tmp_path, monkeypatch):
    def refused(*_, **__):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refused)
    monkeypatch.setattr(socket, "create_connection", refused)
    table = put(
        tmp_path / "t.jsonl", '{"id": "a", "text": "One.", "url": "https://example.com/a"}\n'
    )
    assert twicetold("new", "mine", "--from", table)[0] == 0
    assert twicetold("check", "mine")[0] == 0
    assert twicetold("extract", "mine", "--no-vectors")[0] == 0


def test_nothing_in_the_package_unpickles_or_loads_yaml_unsafely_or_speaks_to_a_network():
    banned = {
        "pickle",
        "dill",
        "shelve",
        "marshal",
        "joblib",
        "cloudpickle",
        "requests",
        "urllib",
        "urllib3",
        "http",
        "httpx",
        "aiohttp",
        "socket",
        "ftplib",
        "huggingface_hub",
    }
    unsafe = {
        "read_pickle",
        "unsafe_load",
        "full_load",
        "FullLoader",
        "UnsafeLoader",
        "eval",
        "exec",
    }
    serving = ROOT / "analysis" / "pages" / "serving.py"  # answers this machine, and asks nobody
    for path in sorted((ROOT / "analysis").rglob("*.py")):
        allowed = {"http"} if path == serving else set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            assert not {name.split(".")[0] for name in names} & banned - allowed, (
                f"{path.name}, line {node.lineno}"
            )
            said = (
                node.attr
                if isinstance(node, ast.Attribute)
                else node.id
                if isinstance(node, ast.Name)
                else ""
            )
            assert said not in unsafe, f"{path.name}, line {node.lineno}"


def test_one_corpus_with_faults_among_sound_ones_is_status_1(twicetold):
    faulty, _ = (write_corpus(twicetold.corpora / name) for name in ("one", "two"))
    put(faulty / "codebook.yml", "frame: {}\n")
    status, said = twicetold("check", "one", "two")
    assert status == 1 and "two: no fault found" in said


def test_suggest_prints_the_words_that_set_an_outlet_apart(twicetold):
    texts = {f"a{i}": f"Ada Holt said the crane sank {i}.\n" for i in range(3)}
    texts |= {f"b{i}": f"Ada Holt said the ferry slept {i}.\n" for i in range(3)}
    extract_small(write_corpus(twicetold.corpora / "small", texts, outlet={a: a[0] for a in texts}))
    status, said = twicetold("suggest", "small")
    hints = dict(line[4:].split(": ") for line in said.splitlines() if line.startswith("#   "))
    first = {outlet: set(words.split(", ")[:2]) for outlet, words in hints.items()}
    assert status == 0 and first == {"a": {"crane", "sank"}, "b": {"ferry", "slept"}}


def test_a_run_computes_on_one_thread_unless_the_environment_says_otherwise(twicetold, monkeypatch):
    for name in cli.STEADY:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    monkeypatch.setattr("analysis.run.run", lambda *_, **__: Outcome())
    assert twicetold("run", "small")[0] == 0
    assert {n: os.environ[n] for n in cli.STEADY} == cli.STEADY | {"OMP_NUM_THREADS": "4"}


@pytest.mark.parametrize(
    "given, ngrams",
    [((), "none"), (("--ngrams", "credited"), "credited"), (("--ngrams", "all"), "all")],
)
def test_share_says_which_ngrams_leave(twicetold, monkeypatch, given, ngrams):
    write_corpus(twicetold.corpora / "small")
    asked = {}
    module = importlib.import_module("analysis.share")
    monkeypatch.setattr(module, "share", lambda corpus, **options: asked.update(options))
    status, _ = twicetold("share", "small", *given)
    assert status == 0 and asked["ngrams"] == ngrams
    with pytest.raises(SystemExit):
        twicetold("share", "small", "--ngrams", "some")
