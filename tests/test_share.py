"""The archive that carries the shared form: a stranger attacks it; it loads elsewhere; its key, its
cells, its bytes.
"""

import contextlib
import functools
import hashlib
import io
import json
import shutil
import zipfile
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis import extract, share, tl
from analysis.checks import check
from analysis.corpus import check_corpus, load
from analysis.errors import CorpusError, FeaturesError, OptionError, TextsNeeded, TwicetoldError
from analysis.features import PRIVATE, SCHEMAS, SHARED, SHARED_VERSION, from_tables, load_features
from analysis.features.saving import _arrow, _encode
from analysis.reuse.marks import MARKS, NAMES
from analysis.shared_form import (
    KEY_FILE,
    SALT,
    RunningWords,
    _guarded,
    corpus_key,
    credited_ngrams,
    keyed_ngrams,
    shareable,
    shared_tables,
)
from analysis.text.tokens import tokenise, word_hash, words_of
from analysis.tl import overview, sentiment
from analysis.tl._between import COUNTED_WORDS
from analysis.tl.frames import frames
from analysis.tl.keyness import keyness
from analysis.views import placed_mentions
from tests.places import HARBOUR
from tests.quick import Encoder, Tone, quick_models, shared_sooner
from tests.remembered import remembering
from tests.shipped_columns import ABOUT, OTHERS, READ_BY, unread
from tests.small import shipped_names, write_corpus
from tests.stranger import Stranger, attack

share_module = share.__wrapped__.__globals__  # `analysis.share` is the verb; its room is behind it


@pytest.fixture(scope="module", autouse=True)
def read_once():
    """Most tests share texts that others have shared."""
    with remembering():
        yield


# --- the archive that is attacked ---

LONG_SLUG = "https://example.com/news/2023/09/{}"


def copy_harbour(root):
    """harbour with texts that may not be shared, addresses made of headlines, and a column that
    quotes.
    """
    folder = root / "harbour"
    shutil.copytree(HARBOUR, folder, ignore=shutil.ignore_patterns("gold", "private", "features"))
    said = (folder / "corpus.yml").read_text(encoding="utf-8")
    (folder / "corpus.yml").write_text(
        said.replace("texts: shared", "texts: withheld"), encoding="utf-8"
    )
    table = pd.read_csv(folder / "metadata.csv", keep_default_na=False, dtype=str)
    slugs = ["-".join(words_of(title)) for title in table["title"]]
    table["url"] = [
        LONG_SLUG.format(slug) if slug.count("-") >= 6 else url
        for slug, url in zip(slugs, table["url"])
    ]
    table["quote"] = [
        max((folder / "articles" / file).read_text(encoding="utf-8").splitlines(), key=len)
        for file in table["file"]
    ]
    table.to_csv(folder / "metadata.csv", index=False, lineterminator="\n")
    return folder


@pytest.fixture(scope="module")
def owner(tmp_path_factory):
    """The owner's folder after `share`, with the archive and what was said."""
    root = tmp_path_factory.mktemp("owner")
    corpus, said = load(copy_harbour(root)), []
    with quick_models() as (encoder, tone):  # also where the private form is measured below
        # with all draws, as what is measured on the private form is compared with it
        options = {"encoder": encoder, "tone": tone, "draws": None}
        archive = quick_share(corpus, root / "harbour.zip", said.append, **options)
        yield corpus, archive, said


@pytest.fixture(scope="module")
def archive(owner):
    return owner[1]


@pytest.fixture(scope="module")
def private(owner):
    return opened(owner[0].folder / PRIVATE)


opened = functools.cache(load_features)  # whose tables are compared with their sha256 once


def members(archive):
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def put_members(path, files):
    with zipfile.ZipFile(path, "w") as opened:
        for name, data in files.items():
            opened.writestr(name, data)
    return path


def quick_share(
    corpus, out, say=lambda line: None, *, encoder=Encoder(), tone=Tone(), results=True, draws=20,
    **options,
):  # fmt: skip
    """`share` with models that are quick and few draws; without `results` nothing is measured that
    would ship.
    """
    sooner = shared_sooner(draws, encoder=encoder, tone=tone)
    with sooner, pytest.MonkeyPatch.context() as patch:
        if not results:
            patch.setitem(share_module, "result_tables", lambda *_: {})
        return share(corpus, out=out, say=say, **options)


@contextlib.contextmanager
def measured_once(kept, name):
    """While this is open, what the measures make for `share` is kept under a name, or taken."""
    whole = share_module["result_tables"]

    def known(*given):
        if name not in kept:
            kept[name] = whole(*given)
        return dict(kept[name])

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(share_module, "result_tables", known)
        yield


# --- the attack ---


def test_no_running_words_of_harbour_are_recovered(owner, tmp_path):
    in_order = attack(owner[1], tmp_path, owner[0].texts)
    assert in_order == []


@pytest.fixture(scope="module")
def with_runs(owner, tmp_path_factory):
    """The archive with the hashes of all n-grams."""
    corpus, out = owner[0], tmp_path_factory.mktemp("runs")
    copy = load(shutil.copytree(corpus.folder, out / "harbour"))
    return quick_share(copy, out / "harbour.zip", ngrams="all", results=False)


def test_no_running_words_are_recovered_from_hashes_of_all_runs(with_runs, owner, tmp_path):
    steps = ["look_up_hashes", "measure_words", "compare_versions"]
    assert attack(with_runs, tmp_path, owner[0].texts, steps=steps) == []


def test_every_column_that_ships_is_read_by_the_stranger(archive, with_runs):
    for path in (archive, with_runs):
        features = opened(path)
        tables = {name: features.table(name) for name in features.manifest["tables"]}
        tables |= {name: features.result(name) for name in features.manifest["results"]}
        assert unread(tables) == [], "say in tests/shipped_columns.py how these are attacked"
    assert shipped_names() | set(SCHEMAS[SHARED]) - {"vectors"} == set(ABOUT)
    steps = {step for steps in READ_BY.values() for step in steps.split()} | {OTHERS}
    assert all(hasattr(Stranger, step) for step in steps)


def test_a_new_table_or_column_is_unread():
    table = pd.DataFrame({"article_id": ["a"], "offset": [3]})
    assert unread({"hits": table, "later": table}) == [
        "hits.offset",
        "later.article_id",
        "later.offset",
    ]


def careless(archive, private, way):
    """An archive as it would be without one of the precautions."""
    files = members(archive)
    name = {"headline": "metadata.csv"}.get(
        way,
        {
            "terms": "features/terms.parquet",
            "quotes": "features/quotes.parquet",
            "credits": "features/credits.parquet",
        }.get(way, "features/ngrams.parquet"),
    )
    if way == "headline":
        table = pd.read_csv(
            io.BytesIO(files["harbour/metadata.csv"]), keep_default_na=False, dtype=str
        )
        table["title"] = pd.read_csv(HARBOUR / "metadata.csv", keep_default_na=False, dtype=str)[
            "title"
        ]
        files["harbour/metadata.csv"] = table.to_csv(index=False).encode()
        return files
    if way == "terms":
        table = opened(archive).table("terms")
        first = {
            (a, w): i
            for a in private.article_ids
            for i, w in reversed(
                list(
                    enumerate(
                        tokenise(
                            (HARBOUR / "articles" / f"{a}.txt").read_text(encoding="utf-8")
                        ).words
                    )
                )
            )
        }
        table["place"] = [first[key] for key in zip(table["article_id"], table["term"])]
        table = table.sort_values(["article_id", "place"]).drop(columns="place")
    elif way in ("quotes", "credits"):
        table = private.table(way).assign(count=1)
        if way == "credits":
            table = table.drop_duplicates(["article_id", "kind", "name"])
    else:
        key = {
            "no key": b"",
            "stretched key": hashlib.scrypt(
                opened(archive).digest.encode(), salt=SALT, n=2**14, r=8, p=1, dklen=32
            ),
        }[way]
        table = keyed_ngrams(private.table("tokens"), key)
    for file, rows in {
        name: table,
        **({"features/sentences.parquet": private.table("sentences")} if way == "quotes" else {}),
    }.items():
        made, about = pa.Table.from_pandas(rows, preserve_index=False), file[len("features/") : -8]
        for column, kind in SCHEMAS[SHARED][about]:
            place = made.column_names.index(column)
            made = made.set_column(place, column, made[column].cast(kind))
        sink = io.BytesIO()
        pq.write_table(made, sink)
        files[f"harbour/{file}"] = sink.getvalue()
        manifest = json.loads(files["harbour/features/features.json"])
        manifest.pop("sha256", None)
        digest = hashlib.sha256(sink.getvalue()).hexdigest()
        manifest["tables"][about] = {"rows": len(rows), "sha256": digest}
        files["harbour/features/features.json"] = json.dumps(manifest).encode()
    return files


CARELESS = {  # what the stranger finds it by, and how many words at least
    "no key": ("look_up_hashes", "hash", 1000),
    "stretched key": ("look_up_hashes", "hash", 1000),  # as slowly as it is stretched
    "terms": ("read_row_order", "order of rows", 30),
    "quotes": ("read_attributions", "attribution", 12),
    "headline": ("read_metadata", "title", 40),
    "credits": ("read_credits", "credit", 6),
}


@pytest.mark.parametrize(
    "way",
    [pytest.param(w, marks=[pytest.mark.long] if w == "stretched key" else []) for w in CARELESS],
)
def test_the_stranger_finds_what_a_careless_form_gives_away(
    way, archive, with_runs, private, tmp_path
):
    step, found_by, least = CARELESS[way]
    archive = with_runs if way == "quotes" else archive  # equal hashes tell of equal words
    path = put_members(tmp_path / "careless.zip", careless(archive, private, way))
    in_order = attack(path, tmp_path / "unpacked", HARBOUR / "articles", steps=[step])
    assert sum(by == found_by for *_, by in in_order) >= least


VADER = "dictionaries:\n  vader: {package: vader, language: en}\n"
BODY = (
    "The crane on the northern quay was inspected in March by two engineers of the port. They wrote"
    " that its bolts had rusted through and should be replaced before winter, and their report was"
    " filed by a clerk. The port has since moved most of its freight to the southern quay, where a"
    " second crane was put up last year by the same builder. {}\n"
)
PLANTED = {
    "headlines": (
        {
            "h1": "Ports minister denies crane warning\n",
            "h2": "Dockers strike after quay collapse",
            "h3": "Inquiry blames rusted bolts.",
        },
        "",
    ),
    "one headline": ({"h1": "Ports minister denies warning\n"}, ""),
    "negations": (
        {
            "n1": BODY.format(
                "No hope. That is how the dockers speak of it now. Never honest. The quay stays"
                " closed."
            ),
            "n2": BODY.format("Nobody else was asked about the bolts, and the clerk has left."),
        },
        VADER,
    ),
    "negated frames": (
        {
            "f1": BODY.format("No hope. So the dockers speak of it now. The quay stays closed."),
            "f2": BODY.format("Another clerk was asked about the bolts, and he has left."),
        },
        "frames:\n  trust:\n    words: [hope]\n",
    ),
    "versions": (
        {
            "v1": BODY.format("The toll stood at three dockers on Monday evening, the port said."),
            "v2": BODY.format("The toll stood at nine sailors on Monday evening, the port said."),
        },
        "",
    ),
    "tags": (
        {
            "t1": BODY.format(
                "“We have asked for new bolts every spring since the crane came,” she said. Her"
                " name is not known."
            ),
            "t2": BODY.format("Another clerk could not be reached for the whole of Monday."),
        },
        "",
    ),
    "helpers": (
        {
            "c1": (
                BODY.format("It was never moved, the clerk told the Tesmere Herald.")
                + "\nAda Orr and Bo Lind contributed to this report.\n"
            ),
            "c2": (
                BODY.format("Nobody else was asked, Reuters reported.")
                + "\nPhoto by Ada Orr\n© 2023 Quay Press\n"
            ),
        },
        "",
    ),
    "agency": (
        {
            "g1": (
                BODY.format("Nobody else was asked about the bolts.")
                + "\nThe Associated Press contributed to this report.\n"
            ),
            "g2": "By Ada Orr, Associated Press\n\n" + BODY.format("The clerk has left."),
        },
        "",
    ),
}


# In `make test-long`: another case of one that is here, and what is known to remain.
ALIKE = ("one headline", "negated frames", "negations", "agency", "tags")
# What remains, said in docs/sharing.md: two words, in cases made to give them away.
REMAINS = {
    "negations": (
        "a sentence of two words, one a negation and one in the dictionary, is told by the sign of"
        " its score"
    ),
    "negated frames": (
        "a sentence of two words, one the article's only negation and one of the codebook, is told"
        " by the count of negated matches"
    ),
    "agency": "where the credits name a listed agency, the formula that credits it can be found",
}


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(
            name,
            marks=[
                *(
                    [pytest.mark.xfail(reason=REMAINS[name], strict=True)]
                    if name in REMAINS
                    else []
                ),
                *([pytest.mark.long] if name in ALIKE else []),
            ],
        )
        for name in PLANTED
    ],
)
def test_no_running_words_of_hard_cases_are_recovered(name, tmp_path):
    assert attack_planted(name, tmp_path) == []


@pytest.mark.xfail(
    reason="where all n-grams of two versions of one text leave, words that differ stand between",
    strict=True,
)
def test_versions_of_a_text_with_all_ngrams(tmp_path):
    assert attack_planted("versions", tmp_path, ngrams="all") == []


_MEASURED = {}  # what the measures made of planted corpora, whatever they are shared with


def attack_planted(name, tmp_path, **options):
    """What a stranger recovers of a planted corpus that is shared with some options."""
    texts, codebook = PLANTED[name]
    corpus = load(
        write_corpus(tmp_path / "corpus" / name.replace(" ", "-"), texts, codebook=codebook)
    )
    steps = [
        step for step in Stranger.STEPS if step != "look_up_hashes"
    ]  # that was tried, slowly, on harbour
    with measured_once(_MEASURED, name):
        archive = quick_share(corpus, tmp_path / "archive.zip", **options)
    return attack(archive, tmp_path / "unpacked", corpus.texts, steps=steps)


def test_a_language_without_spaces_ships_no_clauses(tmp_path):
    texts = {
        "z1": (
            "港口部长周一在记者会上否认曾经收到任何有关起重机安全的警告，工会领袖要求他立即辞职。\n"
        ),
        "z2": "码头工人因起重机倒塌事故举行罢工，港务局表示将对事故原因展开独立调查。\n",
    }
    corpus = load(write_corpus(tmp_path / "corpus" / "chinese", texts, language="zh", codebook=""))
    try:
        archive = quick_share(corpus, tmp_path / "archive.zip", encoder=None, results=False)
    except TwicetoldError:
        return
    terms = load_features(archive).table("terms")["term"]
    assert terms.map(len).max() <= 6, "a run of characters without spaces is a clause, not a word"


@pytest.mark.short("de-de")
@pytest.mark.parametrize("languages", [("de", "de"), ("de", "en")], ids="-".join)
def test_other_languages_are_shared_with_the_default_encoder(languages, tmp_path):
    texts = {"a": "Der Kran fiel um. Niemand war da.\n", "b": "The quay was empty, she said.\n"}
    folder = write_corpus(tmp_path / "corpus" / "ports", texts, codebook="")
    table = pd.read_csv(folder / "metadata.csv", keep_default_na=False, dtype=str).assign(
        language=languages
    )
    table.to_csv(folder / "metadata.csv", index=False, lineterminator="\n")
    said = (folder / "corpus.yml").read_text(encoding="utf-8")
    (folder / "corpus.yml").write_text(
        said.replace("[en]", f"[{', '.join(sorted(set(languages)))}]"), encoding="utf-8"
    )
    options = {"results": "en" in languages}  # measures of German are tested with the measures
    features = load_features(quick_share(load(folder), tmp_path / "archive.zip", **options))
    assert features.table("articles")["language"].tolist() == list(languages) and not features.has(
        "vectors"
    )


# --- what could carry a piece of a text ---

FIVE = "the crane on the northern"
SIX = f"{FIVE} quay"
EVERY = """# A comment: nobody knew {words} was inspected.
actors:
  crane: {{name: The crane, aliases: [crane, "{alias}"], side: "{side}"}}
frames:
  report: {{description: Nobody knew {words} was inspected., examples: [Nobody knew {words}.],
    words: ["{frame}", crane]}}
labels:
  cranes: {{description: Nobody knew {words}, words: ["{label}", crane]}}
axes:
  up: {{description: Nobody knew {words}, low: ["{axis}"], high: [crane]}}
dictionaries:
  own: {{file: [one.csv, two.csv], language: en}}
"""
PLACES = ("alias", "side", "frame", "label", "axis")


def corpus_with(folder, **said):
    """A corpus whose codebook says some words of its texts in some places, with a dictionary."""
    texts = {"a": BODY.format("One."), "b": BODY.format("Two.")}
    codebook = EVERY.format(words=SIX, **dict.fromkeys(PLACES, FIVE) | said)
    write_corpus(folder, texts, codebook=codebook)
    for file, word in (("one.csv", "zugzwang"), ("two.csv", "inspected")):
        (folder / file).write_text(f"word,score\n{word},-1\n", encoding="utf-8")
    return load(folder)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Such a corpus after `share`, with the archive and what the measures made for it."""
    root, made = tmp_path_factory.mktemp("small"), {}
    corpus = corpus_with(root / "corpus" / "small")
    with measured_once(made, "small"):
        archive = quick_share(corpus, root / "small.zip")
    return corpus, archive, made


def test_five_running_words_of_a_text_may_be_in_the_codebook_and_no_more_of_it_leaves(
    small, tmp_path
):
    corpus, archive, _ = small
    data, files = decompressed(archive)
    for lost in (SIX, "nobody knew", "zugzwang", "one.csv", "comment"):
        assert lost not in data.decode("utf-8", "ignore").lower(), lost
    assert not [name for name in files if name.endswith("one.csv")]
    assert check(corpus.folder) == []
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(tmp_path / "elsewhere")
    there = load("small", root=tmp_path / "elsewhere")
    assert check(there.folder) == []
    own, theirs = corpus.codebook, there.codebook
    assert [e.digest for e in theirs.entries] == [e.digest for e in own.entries]
    assert theirs.actors == own.actors and theirs.shipped == own.shipped
    shown = tl.sentiment(there, draws=1).table
    pd.testing.assert_frame_equal(shown, tl.sentiment(corpus, draws=1).table)
    shutil.copytree(corpus.folder / "articles", there.folder / "articles")
    with pytest.raises(CorpusError, match="own came with a shared archive.* name its file"):
        extract(load(there.folder), say=print)


@pytest.mark.short("alias", "axis")
@pytest.mark.parametrize("place", PLACES)
def test_six_running_words_of_a_text_in_the_codebook_stop_before_anything_is_written(
    place, tmp_path
):
    corpus = corpus_with(tmp_path / "small", **{place: SIX})
    with pytest.raises(CorpusError, match=f"'{SIX}' stands in a text") as refused:
        quick_share(corpus, tmp_path / "none.zip", results=False)
    assert "codebook.yml" in {fault.file for fault in refused.value.faults}
    assert not (corpus.folder / "features").exists() and not (tmp_path / "none.zip").exists()


def test_six_running_words_in_the_datasheet_stop_too(tmp_path):
    corpus = corpus_with(tmp_path / "small")
    datasheet = corpus.folder / "corpus.yml"
    said = datasheet.read_text(encoding="utf-8")
    lines = [
        f"licence: >-\n  About {SIX}\n" if x.startswith("licence") else x + "\n"
        for x in said.splitlines()
    ]
    datasheet.write_text("".join(lines), encoding="utf-8")
    with pytest.raises(CorpusError, match=f"corpus.yml.*'{SIX}' stands in a text"):
        quick_share(load(corpus.folder), tmp_path / "none.zip", results=False)
    assert not (tmp_path / "none.zip").exists()


def test_a_dry_run_lists_every_file_and_column_and_writes_none(small, tmp_path):
    corpus, said = corpus_with(tmp_path / "small"), []
    _, archive, made = small
    with measured_once(made, "small"):
        quick_share(corpus, tmp_path / "small.zip", said.append, dry_run=True)
    assert not (corpus.folder / "features").exists() and not (tmp_path / "small.zip").exists()
    text = "\n".join(said)
    for name, data in members(archive).items():
        assert name.removeprefix("small/") in text
        if name.endswith(".parquet"):
            columns = pq.read_schema(io.BytesIO(data)).names
            assert any(name[6:] in line and line.endswith(", ".join(columns)) for line in said)


def test_a_cell_of_five_words_of_a_text_is_shared_and_one_of_six_or_seven_is_empty(tmp_path):
    plain = {column: 0 for column, _ in SCHEMAS[PRIVATE]["tokens"]} | {"article_id": "a"}
    hashes = [word_hash(word) for word in words_of(BODY)]
    tokens = pd.DataFrame(plain | {"hash": hashes, "quoted": False})
    running = RunningWords(from_tables({"tokens": tokens}))
    other = "a crane that nobody ever saw"
    cells = (FIVE, SIX, other, f"{other} again")
    assert [shareable(cell, running) for cell in cells] == [FIVE, "", other, ""]


@pytest.mark.parametrize("words, allowed", [("a-b-c-d-e-f", True), ("a-b-c-d-e-f-g", False)])
def test_an_article_id_has_at_most_six_words(words, allowed, tmp_path):
    texts = {words: BODY.format("One."), "other": BODY.format("Two.")}
    corpus = load(write_corpus(tmp_path / "small", texts))
    if allowed:
        assert share_module["_refuse_long_names"](corpus) is None
        return
    with pytest.raises(CorpusError, match="shorten it") as refused:
        share(corpus, out=tmp_path / "none.zip", say=print)
    assert [(f.file, f.row) for f in refused.value.faults] == [("metadata.csv", 2)]


def test_short_texts_are_named_as_their_words_say_nearly_all(tmp_path):
    words = " ".join(f"w{chr(97 + i)}" for i in range(25))
    texts = {"short": f"{words} {words[:-3]}.\n", "long": f"{words} {words}.\n"}
    said, folder = [], write_corpus(tmp_path / "small", texts, codebook="")
    quick_share(load(folder), tmp_path / "small.zip", said.append, encoder=None, results=False)
    (careful,) = [line for line in said if line.startswith("careful")]
    assert "1 articles have fewer than 50 words (short)" in careful


def test_two_words_of_the_text_in_a_column_of_ones_own_are_left_out():
    said = [word_hash(word) for word in words_of("The crane fell.")]
    tokens = {"article_id": ["a"] * 3, "hash": np.array(said, np.uint64)}
    notes = ["crane fell", "fell crane", "crane"]
    articles = pd.DataFrame(
        {"article_id": ["a"], "outlet": "", "author": "", "url": "", "sha256": ""}
    )
    for note, kept in zip(notes, ["", "fell crane", "crane"]):
        tables = {"articles": articles.assign(note=note), "tokens": pd.DataFrame(tokens)}
        private = SimpleNamespace(table=lambda name, *_, tables=tables: tables[name])
        running = SimpleNamespace(found_in=lambda cell: "")
        assert _guarded(private, bytes(32), running, print)["note"].tolist() == [kept]


@pytest.mark.parametrize("n_words, n_runs", [(4, 0), (5, 1), (7, 3)])
def test_every_run_of_five_words_has_a_hash_also_that_of_a_text_of_five(n_words, n_runs):
    words = {"hash": np.arange(n_words, dtype=np.uint64), "quoted": False}
    found = keyed_ngrams(pd.DataFrame({"article_id": "a", **words}), bytes(32), 5)
    assert found["position"].tolist() == list(range(n_runs))


# --- nothing is hidden in the files ---


def test_parquet_files_hold_no_more_than_the_tables_that_they_show(archive):
    features, files = opened(archive), members(archive)
    for name in features.manifest["tables"]:
        data = files[f"harbour/features/{name}.parquet"]
        assert pq.read_schema(io.BytesIO(data)).metadata is None
        assert _encode(_arrow(name, features.table(name), SHARED)) == data


def test_the_zip_holds_no_more_than_its_members(archive):
    with zipfile.ZipFile(archive) as opened:
        listed = opened.infolist()
        assert [i.filename for i in listed] == sorted(i.filename for i in listed)
        assert {(i.date_time, i.extra, i.comment) for i in listed} == {
            ((1980, 1, 1, 0, 0, 0), b"", b"")
        } and opened.comment == b""
        assert not [
            i.filename
            for i in listed
            if "articles/" in i.filename
            or "private" in i.filename
            or i.filename.endswith((".txt", ".key"))
        ]
        size = (
            sum(30 + len(i.filename) + i.compress_size + 46 + len(i.filename) for i in listed) + 22
        )
    assert archive.stat().st_size == size


def test_the_order_of_rows_does_not_tell_the_order_of_words(private):
    key = bytes(range(32))
    rng = np.random.default_rng(0)
    tables = {
        name: private.table(name)
        for name in private.manifest["tables"]
        if name not in ("keys", "vectors")
    }
    mixed = dict(tables)
    for name in ("terms", "hits", "scores"):
        shuffled = tables[name].sample(frac=1, random_state=rng)
        places = {a: i for i, a in enumerate(private.article_ids)}
        mixed[name] = shuffled.sort_values(
            ["article_id", "sentence"],
            kind="stable",
            ignore_index=True,
            key=lambda c: c.map(places) if c.name == "article_id" else c,
        )
    asked = [
        shared_tables(from_tables(t, entries=private.manifest["entries"]), key, say=print)
        for t in (tables, mixed)
    ]
    for name in asked[0]:
        pd.testing.assert_frame_equal(asked[0][name], asked[1][name])
    for name, order in {
        "terms": ["article_id", "term"],
        "patterns": ["article_id", "entry", "kind", "pattern"],
    }.items():
        assert asked[0][name][order].equals(
            asked[0][name][order].sort_values(order, ignore_index=True)
        )


def running(words, n=7):
    return {tuple(words[i : i + n]) for i in range(len(words) - n + 1)}


def decompressed(archive):
    """Every byte of an archive as packed, as unpacked, and with the columns of its tables neither
    coded nor packed.
    """
    files = members(archive)
    for name in [n for n in files if n.endswith(".parquet")]:
        table, sink = pq.read_table(io.BytesIO(files[name])), io.BytesIO()
        pq.write_table(
            table, sink, compression="none", use_dictionary=False, column_encoding="PLAIN"
        )
        files[name + " plain"] = sink.getvalue()
        files[name + " cells"] = "\n".join(
            str(v) for c in table.columns for v in c.to_pylist() if isinstance(v, str)
        ).encode()
    return (
        archive.read_bytes()
        + b"".join(files[n] for n in sorted(files) if not n.endswith(".cells")),
        files,
    )


def test_no_seven_running_words_get_into_the_archive(owner):
    corpus, archive, said = owner
    data, files = decompressed(archive)
    lines = [*corpus.metadata["title"], *corpus.metadata["url"], *corpus.metadata["quote"]]
    forbidden = set().union(
        *(running(words_of(line)) for line in lines),
        *(running(words_of(a.text)) for a in corpus.articles()),
    )
    for name, content in files.items():
        for line in content.decode("utf-8", "ignore").splitlines():
            assert not running(words_of(line)) & forbidden, name
    for text in [*lines, *(a.text for a in corpus.articles())]:
        tokens = tokenise(text)
        for i in range(0, len(tokens) - 6, 3):  # every run of nine holds one of these
            assert text[tokens.start[i] : tokens.end[i + 6]].encode() not in data
    assert all(
        any(f"of {column!r}" in line for line in said) for column in ("title", "url", "quote")
    )
    shipped = pd.read_csv(
        io.BytesIO(files["harbour/metadata.csv"]), keep_default_na=False, dtype=str
    )
    own = opened(archive).table("articles")
    for column in ("title", "url", "quote"):
        for table in (shipped, own):
            assert table[column].map(lambda cell: len(words_of(cell))).max() <= 6


def test_dates_and_other_plain_columns_are_shipped_whole(owner):
    corpus, archive, _ = owner
    shipped = opened(archive).table("articles")
    for column in ("article_id", "published", "language", "author", "outlet"):
        assert shipped[column].tolist() == corpus.metadata[column].tolist(), column


def test_a_long_phrase_of_the_codebook_is_not_counted_in_the_archive(tmp_path):
    phrase = "the crane on the northern quay was inspected"
    corpus = load(
        write_corpus(
            tmp_path / "corpus" / "phrases",
            {"a": BODY.format("One."), "b": BODY.format("Two.")},
            codebook=f"frames:\n  report: {{description: Phrases, words: [{phrase}, crane]}}\n",
        )
    )
    try:
        archive = quick_share(corpus, tmp_path / "archive.zip", results=False)
    except TwicetoldError:
        return
    assert (
        load_features(archive).table("patterns")["pattern"].map(lambda p: len(words_of(p))).max()
        <= 6
    )


def test_a_headline_as_article_id_is_not_shipped(tmp_path):
    long_id = "seven-dead-as-crane-no-4-falls-across-st-orla-quay"
    corpus = load(
        write_corpus(
            tmp_path / "corpus" / "slugs", {long_id: BODY.format("One."), "b": BODY.format("Two.")}
        )
    )
    try:
        archive = quick_share(corpus, tmp_path / "archive.zip")
    except TwicetoldError:
        return
    assert long_id.encode() not in decompressed(archive)[0]
    features = load_features(archive)
    assert all(features.article_ids) and set(features.table("sentences")["article_id"]) == set(
        features.article_ids
    )


# --- the archive elsewhere ---

GRAIN = {"score": 0, "meaning": 1}  # decimals of passages that ship
MEASURES = {
    "overview": overview,
    "keyness": functools.partial(
        keyness, by="outlet", formulas=True
    ),  # as who lacks the texts has it
    "frames": functools.partial(frames, draws=50),
    "sentiment": functools.partial(sentiment, draws=50),
    "cluster": tl.clusters,
    "find_reuse": tl.reuse,
}


@pytest.fixture(scope="module")
def elsewhere(archive, tmp_path_factory):
    """The archive unpacked into a folder of corpora, where the texts are not."""
    root = tmp_path_factory.mktemp("elsewhere") / "corpus"
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(root)
    return root


@pytest.mark.parametrize("name", MEASURES)
def test_measures_run_elsewhere_and_give_the_same(name, archive, elsewhere, private):
    packed, unpacked = (
        MEASURES[name](opened(place)).table
        for place in (archive, elsewhere / "harbour" / "features")
    )
    pd.testing.assert_frame_equal(packed, unpacked)
    there = MEASURES[name](private).table
    lacking = [*NAMES, "crediting", "crediting_share"]  # of agencies that no list has
    columns = [c for c in packed if not c.endswith(("_start", "_end")) and c not in lacking]
    grain = GRAIN if name == "find_reuse" else {}
    pd.testing.assert_frame_equal(packed[columns], there[columns].round(grain))


def test_passages_of_both_forms_are_the_same_by_position(archive, with_runs, private):
    for place, options in (
        (archive, {}),
        (with_runs, {"n": 6, "max_gap": 0, "kinds": ("verbatim",)}),
    ):
        shared, own = (tl.reuse(f, **options) for f in (opened(place), private))
        unknown = (
            "_start",
            "_end",
            *(MARKS if options else ()),
        )  # of passages that are not the owner's
        positions = [c for c in shared.table if not c.endswith(unknown) and c not in NAMES]
        assert len(shared.table) > 20
        there = own.table[positions].round({} if options else GRAIN)
        pd.testing.assert_frame_equal(shared.table[positions], there)
        pd.testing.assert_frame_equal(shared.pairs, own.pairs)
        counts = ["n_words", "quoted", *COUNTED_WORDS, "boilerplate"]
        pd.testing.assert_frame_equal(shared.articles[counts], own.articles[counts])
    # elsewhere words count as equal only within runs of five, so that passages with changed words
    # come out shorter, never longer
    shared, own = (tl.reuse(f, min_words=5).articles for f in (opened(with_runs), private))
    assert (shared[["shared", "shared_quoted"]] <= own[["shared", "shared_quoted"]]).all(
        axis=None
    ) and len(shared) == len(own)
    shipped = opened(archive).result("passages")
    default = tl.reuse(private).table
    there = default[list(shipped)].round(GRAIN)
    pd.testing.assert_frame_equal(shipped, there, check_dtype=False)


def test_the_folder_passes_its_checks_there_and_at_home(owner, elsewhere):
    assert check(elsewhere / "harbour") == []
    assert load("harbour", root=elsewhere).texts is None
    assert check(owner[0].folder) == []


def test_share_needs_the_texts(elsewhere, tmp_path):
    with pytest.raises(TextsNeeded, match="articles"):
        share(load("harbour", root=elsewhere), out=tmp_path / "none.zip", say=print)
    assert not (tmp_path / "none.zip").exists()


@pytest.mark.long
def test_the_same_archive_is_made_twice(owner, tmp_path):
    corpus, archive, _ = owner
    before = archive.read_bytes()
    assert quick_share(corpus, tmp_path / "again.zip", draws=None).read_bytes() == before


def test_the_same_archive_is_made_in_another_folder(small, tmp_path):
    _, archive, made = small
    corpus = corpus_with(tmp_path / "small")
    with measured_once(made, "small"):  # that results are the same: in `make test-long`, above
        assert quick_share(corpus, tmp_path / "small.zip").read_bytes() == archive.read_bytes()


# --- the key ---


def test_the_key_depends_on_every_byte_of_the_texts(tmp_path):
    texts = {"a1": "Nobody saw the crane fall.\n", "b1": "The quay was empty at noon.\n"}
    changed = [
        texts,
        {"a1": texts["a1"] + texts["b1"][:4], "b1": texts["b1"][4:]},
        {"a1": texts["b1"], "b1": texts["a1"]},
        {"a1": "\ufeff" + texts["a1"], "b1": texts["b1"]},
        texts | {"c1": "A third text.\n"},
    ]
    for a in texts:
        for i in (0, 7, len(texts[a]) - 2, len(texts[a]) - 1):
            changed.append(
                texts | {a: texts[a][:i] + chr(ord(texts[a][i]) ^ 1) + texts[a][i + 1 :]}
            )
    keys = [
        corpus_key(load(write_corpus(tmp_path / str(i) / "small", t)))
        for i, t in enumerate(changed)
    ]
    assert len(set(keys)) == len(changed) and {len(k) for k in keys} == {32}
    assert corpus_key(load(write_corpus(tmp_path / "again" / "small", texts))) == keys[0]


def test_a_random_key_is_kept_beside_the_texts_and_used(tmp_path):
    folder = write_corpus(tmp_path / "corpus" / "small")
    shared = functools.partial(quick_share, results=False, ngrams="all")
    derived = load_features(shared(load(folder), tmp_path / "0.zip")).table("ngrams")
    first = load_features(shared(load(folder), tmp_path / "1.zip", random_key=True)).table("ngrams")
    key = (folder / "articles" / KEY_FILE).read_bytes()
    assert KEY_FILE.endswith(".key") and len(key) == 32
    assert not set(first["hash"]) & set(derived["hash"])
    assert check_corpus(folder) == [] and len(load(folder).metadata) == 2
    pd.testing.assert_frame_equal(
        load_features(shared(load(folder), tmp_path / "2.zip")).table("ngrams"), first
    )
    assert (folder / "articles" / KEY_FILE).read_bytes() == key
    (folder / "articles" / "c1.txt").write_text(
        "A third article that came later than the others.\n", encoding="utf-8"
    )
    with (folder / "metadata.csv").open("a", encoding="utf-8") as table:
        table.write("c1,c1.txt,Outlet,2024-08-02,,,en\n")
    grown = load_features(shared(load(folder), tmp_path / "3.zip")).table("ngrams")
    pd.testing.assert_frame_equal(grown[grown["article_id"] != "c1"], first)
    for number in range(4):
        data = decompressed(tmp_path / f"{number}.zip")[0]
        assert key not in data and key.hex().encode() not in data and KEY_FILE.encode() not in data


def test_a_damaged_key_is_refused(tmp_path):
    folder = write_corpus(tmp_path / "corpus" / "small")
    (folder / "articles" / KEY_FILE).write_bytes(b"short")
    with pytest.raises(TwicetoldError, match="32"):
        corpus_key(load(folder))


# --- archives with odd content ---

MANIFEST_NAME = "harbour/features/features.json"


def odd_archives(files):
    manifest = files[MANIFEST_NAME]
    yield "no manifest", {n: d for n, d in files.items() if n != MANIFEST_NAME}
    yield "two manifests", files | {"other/features/features.json": manifest}
    yield (
        "another folder's manifest",
        {n: d for n, d in files.items() if n != MANIFEST_NAME} | {"features.json": manifest},
    )
    yield "not JSON", files | {MANIFEST_NAME: b"{"}
    yield "a list", files | {MANIFEST_NAME: b"[]"}
    yield (
        "of another version",
        files | {MANIFEST_NAME: manifest.replace(b'"extractor": ', b'"extractor": 9')},
    )
    yield (
        "tables that leave the archive",
        files | {MANIFEST_NAME: manifest.replace(b'"sentences"', b'"../../../sentences"')},
    )
    yield "empty", {}


def everything(folder):
    return {p.relative_to(folder).as_posix(): p.stat().st_size for p in folder.rglob("*")}


def read_all(path):
    features = load_features(path)
    return [features.table(name) for name in features.manifest["tables"]] + [
        features.result(name) for name in features.manifest["results"]
    ]


def test_odd_archives_are_refused_and_nothing_is_written(archive, tmp_path, monkeypatch):
    (tmp_path / "inside").mkdir()
    monkeypatch.chdir(tmp_path / "inside")
    for name, files in odd_archives(members(archive)):
        path = put_members(tmp_path / "inside" / "odd.zip", files)
        before = everything(tmp_path)
        with pytest.raises(FeaturesError, match=r"odd\.zip"):
            read_all(path)
        assert everything(tmp_path) == before, name


def test_members_that_lead_outside_are_never_written(archive, tmp_path, monkeypatch):
    (tmp_path / "inside").mkdir()
    monkeypatch.chdir(tmp_path / "inside")
    files = members(archive) | {
        "../evil.txt": b"x",
        "/tmp/twicetold-evil.txt": b"x",
        "harbour/features/../../../evil.txt": b"x",
    }
    path = put_members(tmp_path / "inside" / "odd.zip", files)
    before = everything(tmp_path)
    with pytest.raises(FeaturesError, match="does not list: ../evil.txt"):
        read_all(path)
    assert everything(tmp_path) == before


def test_a_truncated_or_damaged_archive_is_refused(archive, tmp_path):
    """More damage: in tests/test_robustness.py."""
    data, path = archive.read_bytes(), tmp_path / "odd.zip"
    for cut in (0, 3, 100, len(data) // 2, len(data) - 30, len(data) - 1):
        path.write_bytes(data[:cut])
        with pytest.raises(FeaturesError, match=r"odd\.zip"):
            read_all(path)
    whole = read_all(archive)
    for place in range(5, len(data), len(data) // 8):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x5A]) + data[place + 1 :])
        try:
            found = read_all(path)
        except FeaturesError:
            continue
        assert all(a.equals(b) for a, b in zip(found, whole)), place


def test_the_shared_form_has_the_tables_and_columns_of_its_contract(archive):
    features = opened(archive)
    assert set(features.manifest["tables"]) == set(SCHEMAS[SHARED]) - {"vectors", "ngrams"}
    assert set(features.manifest["results"]) == shipped_names()
    for name in features.manifest["tables"]:
        columns = [c for c, _ in SCHEMAS[SHARED][name]]
        assert features.table(name).columns.tolist()[: len(columns)] == columns
    assert "sentence" not in features.table("terms")


def test_vectors_go_along_only_if_asked(tmp_path):
    corpus = load(write_corpus(tmp_path / "corpus" / "small"))
    without, along = (
        load_features(quick_share(corpus, tmp_path / f"{v}.zip", vectors=v, results=False))
        for v in (False, True)
    )
    assert (without.has("vectors"), along.has("vectors")) == (False, True)
    assert len(along.table("vectors")) == len(along.table("sentences"))


# --- which n-grams leave ---


def test_ngrams_of_credited_passages_are_those_and_no_others(owner, with_runs, tmp_path):
    private = opened(owner[0].folder / PRIVATE)
    passages = tl.reuse(private).table
    some = credited_ngrams(private, bytes(32), passages)
    credited = passages[
        passages[["a_mark", "b_mark"]].isin(["credited", "credit line"]).any(axis=1)
    ]
    places = set()
    for row in credited.itertuples():
        for article, first, n in (
            (row.a, row.a_position, row.a_words),
            (row.b, row.b_position, row.b_words),
        ):
            places |= {(article, first + i) for i in range(n - 4)}
    found = set(zip(some["article_id"], some["position"]))
    assert found == places and 0 < len(found) < len(opened(with_runs).table("ngrams"))


def test_reuse_is_measured_anew_on_the_ngrams_that_are_there(owner, with_runs):
    private = opened(owner[0].folder / PRIVATE)
    every = opened(with_runs)
    tables = {name: every.table(name) for name in every.manifest["tables"]}
    options = {"kinds": ("verbatim",), "max_gap": 0}
    passages = tl.reuse(private, **options).table
    own = credited_ngrams(private, bytes(32), passages)
    some = tl.reuse(from_tables(tables | {"ngrams": own}, form=SHARED), **options)
    marked = passages[["a_mark", "b_mark"]].isin(["credited", "credit line"]).any(axis=1)
    places = ["a", "b", "a_position", "a_words", "b_position", "b_words"]
    expected = set(map(tuple, passages.loc[marked, places].to_numpy().tolist()))
    found = set(map(tuple, some.table[places].to_numpy().tolist()))
    assert expected and expected <= found
    assert any("credited passages only" in note for note in some.notes)
    whole = tl.reuse(every, **options)
    assert not any("credited passages only" in note for note in whole.notes)


def test_without_ngrams_other_options_are_refused_by_name(archive):
    features = opened(archive)
    assert len(tl.reuse(features).table)
    with pytest.raises(FeaturesError, match="shared without n-grams.*--ngrams all"):
        tl.reuse(features, min_words=20)
    with pytest.raises(OptionError, match="ngrams must be one of 'none', 'credited', 'all'"):
        share(load(HARBOUR), ngrams="some")


# --- no number of a sentence ---


def test_no_probability_of_a_sentence_leaves(archive, private):
    features = opened(archive)
    mentions = features.table("mentions")
    chances = mentions[["negative", "neutral", "positive"]].to_numpy()
    assert set(np.unique(chances)) <= {0, 1} and (chances.sum(axis=1) == 1).all()
    own = private.table("mentions")
    tone = (own["positive"] - own["negative"]).astype(float).round()
    counts = own.assign(tone=tone).groupby(["article_id", "actor"])["tone"].sum()
    there = mentions.assign(tone=chances[:, 2] - chances[:, 0])
    found = there.groupby(["article_id", "actor"])["tone"].sum()
    pd.testing.assert_series_equal(found, counts, check_dtype=False)
    assert "sentence" not in features.result("frame_prototypes")
    for name, columns in {
        "frame_prototypes": ["probability"],
        "passage_sentences": ["similarity"],
        "story_cells": ["p"],
        "claim_sentences": ["p"],
        "tone_pulls": ["pull"],
    }.items():
        cells = features.result(name)[columns].to_numpy(float)
        np.testing.assert_allclose(cells, np.round(cells, 1), atol=1e-9, err_msg=name)


def test_the_tone_of_groups_ships_no_finer_than_half_a_mention(archive, private):
    shared, own = (tl.tone(f) for f in (opened(archive), private))
    assert shared.params["measured_on"] == "results"
    keys = ["group", "actor", "voice", "n_mentions", "apart"]
    pd.testing.assert_frame_equal(shared.table[keys], own.table[keys])
    n, tone = shared.table["n_mentions"], shared.table["tone"]
    several = n > 1
    assert several.any() and (n == 1).any()
    np.testing.assert_allclose(2 * n * tone, np.round(2 * n * tone), atol=1e-4)
    assert set(tone[n == 1]) <= {-1, 0, 1}
    off = (tone - own.table["tone"]).abs() * n
    assert off[several].max() <= 0.25 + 1e-6 and off[n == 1].max() <= 0.5 + 1e-6
    by_day = tl.tone(opened(archive), by="day")
    assert by_day.params["measured_on"] == "results"
    other = tl.tone(opened(archive), draws=10)
    assert other.params["measured_on"] == "shared features"
    some = opened(archive).only(private.article_ids[:5])
    assert tl.tone(some).params["measured_on"] == "shared features"
    named = {a: "x" if i % 2 else "y" for i, a in enumerate(private.article_ids)}
    assert tl.tone(opened(archive), by=named).params["measured_on"] == "shared features"


def test_an_archive_of_another_version_is_refused_by_name(archive, tmp_path):
    files = members(archive)
    manifest = json.loads(files[MANIFEST_NAME])
    assert manifest.pop("shared") == SHARED_VERSION == 2
    assert manifest.pop("sha256"), "its own, which would be wrong below"
    for version, said in (({}, "version 1 of"), ({"shared": 3}, "version 3 of")):
        changed = files | {MANIFEST_NAME: json.dumps(manifest | version).encode()}
        path = put_members(tmp_path / "other.zip", changed)
        with pytest.raises(FeaturesError, match=f"{said} the form.*`twicetold share` again"):
            load_features(path)


def test_mentions_say_their_part_and_not_their_sentence(archive, private):
    shared, own = opened(archive).table("mentions"), private.table("mentions")
    keys = ["article_id", "actor", "form", "voice"]
    assert shared[keys].value_counts().to_dict() == own[keys].value_counts().to_dict()
    sizes = [
        table.groupby(["article_id", unit]).size().groupby("article_id").agg(sorted)
        for table, unit in ((shared, "unit"), (own, "sentence"))
    ]
    pd.testing.assert_series_equal(*sizes)  # who is named together is
    part = placed_mentions(private, own)["part"].astype(str).to_numpy()
    there = shared.groupby(["article_id", "unit"])["part"].nunique()
    assert (there == 1).all() and set(shared["part"]) == {"lead", "body", "end"}
    counts = shared.groupby(["article_id", "part", "actor"]).size()
    expected = own.assign(part=part).groupby(["article_id", "part", "actor"]).size()
    pd.testing.assert_series_equal(counts, expected)


def test_values_that_differ_are_one_matter_in_both_forms_and_have_no_place(owner, archive, private):
    told = private.with_stories(owner[0].stories)  # claims are found within stories
    there, own = (tl.disagreements(f) for f in (opened(archive), told))
    blank = ["sentence", "start", "end"]
    assert len(own.matters) > 50 and there.matters[blank].isna().all(axis=None)
    blank += ["claim"]  # which would say where the value stands
    pd.testing.assert_frame_equal(
        there.matters.drop(columns=blank), own.matters.drop(columns=blank), check_dtype=False
    )
    lost = [f"{side}_{name}" for side in "ab" for name in blank[:3]]
    assert there.matters["claim"].eq("").all() and there.table[lost].isna().all(axis=None)
    pd.testing.assert_frame_equal(
        there.table.drop(columns=lost),
        own.table.drop(columns=lost).round({"score": 2}),
        check_dtype=False,
    )
    sizes = opened(archive).result("disagreements").groupby("a")["a_place"]
    assert sizes.max().max() < 60, "a number, not a place in the text"
