"""The codebook: what it holds is read, whatever is wrong with it is told with its row, and nothing
in it is run.
"""

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.codebook import SHIPPED, read_codebook
from tests.places import AMNESTY, HARBOUR, needs_links
from tests.small import CODEBOOK, DICTIONARY, put, told

MINE = "dictionaries:\n  mine: {file: mine.csv, language: en}\n"


@pytest.fixture
def read(tmp_path):
    def read(codebook, dictionary=DICTIONARY):
        put(tmp_path / "mine.csv", dictionary)
        return read_codebook(put(tmp_path / "codebook.yml", codebook))

    return read


def test_what_a_codebook_says_is_read(read):
    codebook, faults = read(CODEBOOK)
    assert not faults
    assert codebook.actors["mayor"]["aliases"] == ["Mayor"] and codebook.tone == ("mayor",)
    frame, dictionary = codebook.entries
    assert (frame.kind, frame.name, frame.weights) == (
        "frame",
        "conflict",
        {"clash*": 1.0, "accus*": 1.0, "sharp words": 1.0},
    )
    assert (dictionary.kind, dictionary.language) == ("dictionary", "en")
    assert dictionary.weights == {"good": 0.5, "bad": -1.0, "awful*": -0.5}, (
        "the heaviest word weighs 1"
    )


def test_claims_are_read_and_change_no_digest_where_there_are_none(read):
    codebook, faults = read(
        "claims:\n- id: toll\n  wording: [Seven died., It cost seven lives.]\n  told: {a1: 3}\n"
    )
    claim = {"id": "toll", "wording": ["Seven died.", "It cost seven lives."], "told": {"a1": 3}}
    assert not faults and codebook.claims == (claim,) and codebook.about["claims"] == [claim]
    assert "claims" not in read("tone: []\n")[0].about


def test_the_row_of_a_fault_is_that_of_its_claim(read):
    _, faults = read("claims:\n- {id: a, wording: [b]}\n- id: c\n  wording: [d]\n  tell: 1\n")
    assert told(faults, "codebook.yml", "unknown key 'tell' in claims/item 2", row=5), faults


def test_capitals_and_spaces_of_a_frames_words_make_no_other_pattern(read):
    (frame,) = read("frames: {f: {words: [Clash*, clash*, 'Sharp  Words']}}\n")[0].entries
    assert frame.weights == {"clash*": 1.0, "sharp words": 1.0}


@pytest.mark.parametrize("corpus", [HARBOUR, AMNESTY])
def test_the_shipped_codebooks_have_no_fault(corpus):
    codebook, faults = read_codebook(corpus / "codebook.yml")
    assert not faults and codebook.entries and codebook.actors


def test_a_digest_changes_with_a_word_a_weight_and_the_language_and_not_with_the_order(read):
    def digest(dictionary, language="en"):
        return (
            read(MINE.replace("language: en", f"language: {language}"), dictionary)[0]
            .entries[0]
            .digest
        )

    same = digest("word,score\ngood,1\nbad,-1\n")
    assert digest("word,score\nbad,-1\ngood,1\n") == same
    assert (
        len(
            {
                same,
                digest("word,score\ngood,1\n"),
                digest("word,score\ngood,1\nbad,-0.5\n"),
                digest("word,score\ngood,1\nbad,-1\n", "de"),
            }
        )
        == 4
    )


@pytest.mark.parametrize(
    "line, words",
    [
        (
            "frame: {}",
            [
                "unknown key 'frame'",
                "actors, frames, labels, axes, claims, dictionaries, tone, use",
            ],
        ),
        ("frames: 5", ["frames is 5", "words"]),
        ("claims: [{wording: [a b]}]", ["'id' is missing in claims/item 1"]),
        ("claims: [{id: a}]", ["'wording' is missing in claims/item 1", "one wording or more"]),
        ("claims: [{id: a, wording: []}]", ["claims/item 1/wording is []"]),
        ("claims: [{id: a, wording: ['?']}]", ["'?'", "claims/item 1/wording", "letter or digit"]),
        (
            "claims: [{id: a, wording: [b], told: {c: -1}}]",
            ["told/c is -1", "number of a sentence"],
        ),
        ("claims: [{id: a, wording: [b]}, {id: a, wording: [c]}]", ["'a' twice", "first in row 2"]),
        ("claims: {a: b}", ["claims is", "a list of claims"]),
        ("frames: 0", ["frames is 0"]),
        ("frames: []", ["frames is []"]),
        ("frames: {x: null}", ["frames/x is None", "description, examples, words"]),
        ("frames: {x: [a]}", ["frames/x is ['a']"]),
        ("frames: {'': {words: [a]}}", ["a name"]),
        (
            "frames: {x: {word: [a]}}",
            ["frames/x", "unknown key 'word'", "description, examples, words"],
        ),
        ("frames: {x: {words: a}}", ["frames/x/words is 'a'", "list of words"]),
        ("frames: {x: {words: {a: b}}}", ["frames/x/words is {'a': 'b'}", "list of words"]),
        ("frames: {x: {words: null}}", ["frames/x/words is None", "list of words"]),
        ("frames: {x: {words: []}}", ["frames/x/words is []", "list of words"]),
        ("frames: {x: {}}", ["'words' is missing in frames/x", "list of words"]),
        ("frames: {x: {words: [a, 5, null]}}", ["item 2 of frames/x/words is 5", "a word"]),
        (
            "frames: {x: {words: ['*', 'a*b', '--']}}",
            ["item 2 of frames/x/words is 'a*b'", "trailing *"],
        ),
        ("frames: {x: {words: [a], description: [b]}}", ["frames/x", "description is ['b']"]),
        ("frames: {no: {words: [a]}}", ["'no'", "quotes"]),
        ("frames: {2024: {words: [a]}}", ["'2024'", "quotes"]),
        ("actors: mayor", ["actors is 'mayor'"]),
        ("actors: {x: {aliases: [a]}}", ["'name' is missing in actors/x"]),
        ("actors: {x: {name: 5}}", ["actors/x/name is 5", "a name"]),
        ("actors: {x: {name: ' '}}", ["actors/x/name is ' '", "a name"]),
        ("actors: {x: {name: A, aliases: B}}", ["actors/x/aliases is 'B'", "list of names"]),
        (
            "actors: {x: {name: A, aliases: [B, null]}}",
            ["item 2 of actors/x/aliases is None", "a name"],
        ),
        ("actors: {x: {name: A, kind: body}}", ["kind is 'body'", "'person' or 'group'"]),
        ("use: axes", ["use is 'axes'", "list"]),
        ("use: [axis]", ["item 1 of use is 'axis'", "'axes'"]),
        ("axes: {x: {low: [a], high: []}}", ["axes/x/high is []", "list of words"]),
        ("actors: {x: {name: A, side: [b]}}", ["actors/x", "side is ['b']"]),
        ("tone: mayor", ["tone is 'mayor'", "list of actors"]),
        ("tone: 0", ["tone is 0"]),
        ("tone: [[a]]", ["tone names ['a']", "actors"]),
        ("tone: [{a: b}, null]", ["tone names {'a': 'b'}"]),
        ("tone: [nobody]", ["tone names 'nobody'", "actors"]),
        ("dictionaries: [vader]", ["dictionaries is ['vader']"]),
        ("dictionaries: {v: {}}", ["dictionary 'v'", "`package` (vader) or `file`"]),
        ("dictionaries: {v: {package: vader, file: mine.csv}}", ["dictionary 'v'", "either"]),
        ("dictionaries: {v: {package: [vader]}}", ["package is ['vader']", "allowed are vader"]),
        ("dictionaries: {v: {package: afinn}}", ["package is 'afinn'", "allowed are vader"]),
        ("dictionaries: {v: {package: vader, language: de}}", ["'de'", "'en'"]),
        ("dictionaries: {v: {file: mine.csv}}", ["dictionary 'v'", "`language`"]),
        (
            "dictionaries: {v: {file: mine.csv, language: English}}",
            ["dictionary 'v'", "`language`", "en"],
        ),
        ("dictionaries: {v: {file: none.csv, language: en}}", ["no file 'none.csv' inside"]),
        ("dictionaries: {v: {file: [mine.csv], language: en}}", ["no file ['mine.csv'] inside"]),
        ("dictionaries: {v: {file: ../mine.csv, language: en}}", ["no file '../mine.csv' inside"]),
        ("dictionaries: {v: {file: /etc/hosts, language: en}}", ["no file '/etc/hosts' inside"]),
        (f"dictionaries: {{v: {{file: {'x' * 300}, language: en}}}}", ["no file"]),
        ("actors: *everyone", ["alias", "write its content out"]),
        ("tone: !!python/object/apply:os.system ['touch pwned']", ["python/object/apply"]),
        ("tone: !!python/name:os.system", ["python/name"]),
        ("tone: 2024-13-45", ["'2024-13-45'", "quotes"]),
        ("tone: !!int ''", ["quotes"]),
        ('tone: ["\\ud800"]', ["half a character"]),
        ('tone: ["a\\0"]', ["NUL"]),
        ("tone: a: b", ["not valid YAML"]),
        ("? [a]\n: b", ["not valid YAML"]),
    ],
)
def test_a_wrong_codebook_is_told_with_its_row(read, line, words):
    _, faults = read("# a comment, so that the fault stands in row 2\n" + line + "\n")
    assert told(faults, "codebook.yml", *words, row=2), faults


def test_the_last_of_two_entries_of_one_name_is_told_with_both_rows(read):
    _, faults = read(
        "frames:\n  x: {words: [a]}\n  y: {words: [a]}\n  x: {words: [b]}\ntone: []\ntone: []\n"
    )
    assert told(faults, "codebook.yml", "frames/x", "twice", "first in row 2", row=4)
    assert told(faults, "codebook.yml", "tone", "twice", "first in row 5", row=6)


def test_an_actor_whose_tone_is_asked_for_twice_is_told(read):
    _, faults = read(CODEBOOK.replace("tone: [mayor]", "tone: [mayor, mayor]"))
    assert told(faults, "codebook.yml", "'mayor' twice", row=7)


def test_every_fault_is_told_at_once(read):
    _, faults = read("frames: {x: {words: 5}}\nactors: {y: {}}\ntone: [z]\nunknown: 1\n")
    assert [f.row for f in sorted(faults)] == [1, 2, 3, 4]


def test_each_key_of_an_entry_is_told_with_its_own_row(read):
    _, faults = read(
        "actors:\n  y:\n    name: Y\n    nom: Y\n    side: [a]\n    aliases:\n    - 5\n"
    )
    assert [f.row for f in sorted(faults)] == [4, 5, 6]
    assert told(faults, "codebook.yml", "unknown key 'nom'", "aliases, kind, name, side", row=4)


def test_nothing_that_a_tag_asks_for_is_run(read, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    read("tone: !!python/object/apply:os.system ['touch pwned']\n")
    read("tone: !!python/object/new:pathlib.Path.touch [pwned]\n")
    assert not (tmp_path / "pwned").exists()


def test_a_few_lines_of_aliases_cannot_grow(read):
    bomb = "a: &a [x, x]\n" + "".join(
        f"k{i}: &k{i} [{', '.join([f'*k{i - 1}' if i else '*a'] * 9)}]\n" for i in range(9)
    )
    _, faults = read(bomb + "tone: *k8\n")
    assert told(faults, "codebook.yml", "alias", row=2)


@pytest.mark.parametrize("text", ["[" * 500, "a: " + "{b: " * 1500])
def test_yaml_that_is_nested_too_deeply_is_told(read, text):
    assert told(read(text)[1], "codebook.yml", "nested too deeply")


@pytest.mark.parametrize(
    "data, words, row",
    [
        (b"tone: []\nactors: {x: {name: \xff}}\n", ["0xff", "UTF-8"], 2),
        ("tone: []\n".encode("utf-16-le"), ["NUL", "UTF-8"], 1),
        ("tone: []\n".encode("utf-16"), ["0xff", "UTF-8"], 1),
    ],
)
def test_bytes_that_are_no_utf8_are_told_with_their_row(read, data, words, row):
    assert told(read(data)[1], "codebook.yml", *words, row=row)


def test_a_missing_file_and_a_folder_in_its_place_are_told(tmp_path):
    assert told(
        read_codebook(tmp_path / "codebook.yml")[1], "codebook.yml", "missing", "twicetold new"
    )
    (tmp_path / "codebook.yml").mkdir()
    assert told(read_codebook(tmp_path / "codebook.yml")[1], "codebook.yml", "no file")


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(read):
    plain = read(CODEBOOK)[0]
    windows, faults = read(
        b"\xef\xbb\xbf" + CODEBOOK.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + DICTIONARY.replace("\n", "\r\n").encode(),
    )
    assert not faults and windows == plain


@pytest.mark.parametrize(
    "dictionary, words, row",
    [
        ("", ["word,score"], 1),
        ("word|score\ngood|1\n", ["word,score"], 1),
        ("score,word\n1,good\n", ["word,score"], 1),
        ("word,score\n", ["no word"], None),
        ("word,score\ngood,0\n", ["no word"], None),
        ("word,score\ngood,1\nbad\n", ["['bad']", "a word and a number"], 3),
        ("word,score\n\n\ngood,much\n", ["'much'", "number"], 4),
        ("word,score\ngood,nan\n", ["finite"], 2),
        ("word,score\ngood,1e999\n", ["finite"], 2),
        ("word,score\n:-),1\n", ["letter or digit"], 2),
        ("word,score\ng*d,1\n", ["one *"], 2),
        ("word,score\ngood,1\ngood,2\n", ["'good'", "second time"], 3),
        ('word,score\n"good\nbad"\n', ["a word and a number"], 2),
        ('word,score\ngood,1\n"bad,1\n', ["not readable as CSV"], 3),
        ("word,score\n" + "x" * 140_000 + ",1\n", ["not readable as CSV"], 2),
        (b"word,score\nsch\xf6n,1\n", ["0xf6", "UTF-8"], 2),
        ("word,score\ngood,1\n".encode("utf-16-le"), ["NUL"], 1),
    ],
)
def test_a_wrong_dictionary_is_told_with_its_own_file_and_row(read, dictionary, words, row):
    codebook, faults = read(MINE, dictionary)
    assert told(faults, "mine.csv", *words, row=row), faults
    assert not codebook.entries


def test_every_wrong_row_of_a_dictionary_is_told(read):
    _, faults = read(MINE, "word,score\ngood,x\nbad,-1\nawful,\n")
    assert [f.row for f in faults] == [2, 4]


@needs_links
def test_a_dictionary_that_is_a_link_out_of_the_folder_is_refused(tmp_path):
    outside, corpus = put(tmp_path / "secret.csv", DICTIONARY), tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "mine.csv").symlink_to(outside)
    (corpus / "loop.csv").symlink_to("loop.csv")
    put(corpus / "codebook.yml", MINE)
    assert told(
        read_codebook(corpus / "codebook.yml")[1],
        "codebook.yml",
        "no file 'mine.csv' inside",
        row=2,
    )
    put(corpus / "codebook.yml", MINE.replace("mine.csv", "loop.csv"))
    assert told(
        read_codebook(corpus / "codebook.yml")[1],
        "codebook.yml",
        "no file 'loop.csv' inside",
        row=2,
    )


PIECES = (
    "a mayor actors frames dictionaries tone name aliases words side package file language vader"
    " mine.csv en null yes ~ 1 .inf 2024-02-30 0x &a *a !!int !!set !!omap !!binary !!str"
    " !!timestamp <<: --- ... ? | > # { } [ ] ' \" \\ \\0 é ="
).split()
LINES = st.lists(
    st.sampled_from([*PIECES, ": ", ":\n", "\n", "\n  ", "\n    ", "- ", ", ", "\t", "\x85", "😀"]),
    max_size=25,
).map("".join)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=4),
    st.sampled_from(["vader", "mine.csv", "en"]),
)
FIELDS = st.sampled_from(
    ["name", "aliases", "side", "words", "description", "package", "file", "language"]
)
TREES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(FIELDS | st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
BOOKS = st.dictionaries(
    st.sampled_from(["actors", "frames", "dictionaries", "tone"]),
    TREES | st.dictionaries(st.text(max_size=3), TREES),
)


@given(
    st.one_of(
        st.binary(max_size=50),
        LINES.map(str.encode),
        BOOKS.map(lambda book: yaml.safe_dump(book).encode()),
    )
)
@example(b"a: !!bool maybe")
@example(b"? !!str {=: a}\n: b")
def test_no_bytes_at_all_make_reading_a_codebook_fail(read, data):
    codebook, faults = read(data)
    assert all(str(f) for f in faults)
    assert all(entry.digest for entry in codebook.entries)


@given(
    st.one_of(
        st.binary(max_size=50),
        st.lists(
            st.sampled_from(
                ["word,score\n", "good", ",", "1", "nan", "\n", '"', "*", "\r", "\0", "é"]
            ),
            max_size=15,
        ).map(lambda cells: ("word,score\n" + "".join(cells)).encode()),
    )
)
def test_no_bytes_at_all_make_reading_a_dictionary_fail(read, data):
    codebook, faults = read(MINE, data)
    assert bool(faults) != bool(codebook.entries)


def test_an_entry_that_a_shipped_codebook_has_too_is_told_however_alike(read):
    shipped = yaml.safe_load((SHIPPED / "axes.yml").read_text(encoding="utf-8"))["axes"]
    name, entry = next(iter(shipped.items()))
    codebook = yaml.safe_dump({"axes": {name: entry}, "use": ["axes"]})
    assert told(read(codebook)[1], "codebook.yml", f"axes/{name} is here and", "under `use`")
