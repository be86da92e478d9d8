"""Dictionaries of every format are read into the weights that their owner means, and what cannot be
matched is told.
"""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.codebook import Codebook, Entry, read_codebook
from analysis.extract.memory import extract_articles
from analysis.io.article import Article
from analysis.io.dictionaries import DEFAULT_WEIGHTS, is_pattern, load_dictionary
from analysis.io.dictionary_rows import FORMATS
from analysis.matching import Matcher
from tests.small import put, told

# made up for these tests: no word of a dictionary that is sold
LC3 = (
    "+negative#AA0000\ngloom*\n dreary day*\n+positive#00AA00\nsunny\nbright**\n"
    "+neg_positive\nnot sunny\nnot * bright*\n+neg_negative\nnot gloom*\nnever gloom*\n"
)
LCD = """<?xml version="1.0" encoding="UTF-8"?>
<dictionary style="050805" patternengine="substring"><cnode name="Weather" desc="">
<cnode name="positive"><pnode name="sunny"/><pnode name="bright*"/></cnode>
<cnode name="negative"><pnode name="gloom*"/>
<cnode name="storms"><pnode name="hail &amp; rain"/></cnode></cnode></cnode></dictionary>"""
LIWC = (
    "%\n1\taffect (Affect)\n\t31\tposemo (Positive"
    " Emotion)\n\t32\tnegemo\n90\tweather\n%\n\nsunny\t1\t31\t90\ngloom*\t1\t32\ndreary"
    " day*\t1\t32\nhail 90\nbright (02 134)31/32\n<of>\t31/90\n:)\t31\n"
)
DICX = "DicTerm,posemo,negemo,weather\nsunny,X,,X\ngloom*,,x,\ndreary day,,X,X\n"
YAML = (
    "affect:\n  positive: [sunny, 'bright*']\n  negative:\n    - gloom*\n    - no\n    - __:"
    " [dreary day]\n      storms: hail\nplaces:\n  - quay\n"
)
CATEGORY = "word,category\nsunny,positive\ngloom*,negative\nquay,place\nsunny,place\n"
SIGNS = "{positive: 1, negative: -2}"


@pytest.fixture
def load(tmp_path):
    """Loads the file `mine.<ending>` with these further keys, by way of a codebook."""

    def load(content, ending, keys="", *, language="en"):
        put(tmp_path / f"mine.{ending}", content)
        more = f", {keys}" if keys else ""
        codebook, faults = read_codebook(
            put(
                tmp_path / "codebook.yml",
                f"dictionaries:\n  mine: {{file: mine.{ending}, language: {language}{more}}}\n",
            )
        )
        return codebook.entries[0] if codebook.entries else None, faults

    return load


def scored(entry, text):
    """Patterns that match, and the score of the first sentence."""
    features = extract_articles([Article("a", text)], codebook=Codebook(entries=(entry,)))
    scores = features.table("scores")["score"].tolist()
    return features.table("hits")["pattern"].tolist(), scores[0] if scores else None


@pytest.mark.parametrize(
    "content, ending, keys, weights",
    [
        (
            LC3,
            "lc3",
            "",
            {
                "gloom*": -1,
                "dreary day*": -1,
                "sunny": 1,
                "bright*": 1,
                "not sunny": -1,
                "not * bright*": -1,
                "not gloom*": 1,
                "never gloom*": 1,
            },
        ),
        (LC3, "lcd", "weights: {positive: 2}", {"sunny": 1, "bright*": 1}),
        (
            LC3,
            "txt",
            "format: lexicoder, weights: {Positive: 1, negative: -4}",
            {"gloom*": -1, "dreary day*": -1, "sunny": 0.25, "bright*": 0.25},
        ),
        (LCD, "lcd", "", None),
        (LCD, "ykd", f"weights: {SIGNS}", {"sunny": 0.5, "bright*": 0.5, "gloom*": -1}),
        (
            LCD,
            "lcd",
            "weights: {positive: 1, negative: -1, storms: -0.5}",
            {"sunny": 1, "bright*": 1, "gloom*": -1},
        ),
        (LIWC, "dic", "", {"sunny": 1, "gloom*": -1, "dreary day*": -1}),
        (LIWC, "dic", "weights: {weather: 1}", {"sunny": 1, "hail": 1}),
        (LIWC, "dic", "weights: {posemo: 1, weather: 1}", {"sunny": 1, "hail": 0.5}),
        (DICX, "dicx", "", {"sunny": 1, "gloom*": -1, "dreary day": -1}),
        (
            YAML,
            "yml",
            f"weights: {SIGNS}",
            {"sunny": 0.5, "bright*": 0.5, "gloom*": -1, "no": -1, "dreary day": -1, "hail": -1},
        ),
        (
            YAML,
            "yaml",
            "weights: {affect: 1}",
            dict.fromkeys(["sunny", "bright*", "gloom*", "no", "dreary day", "hail"], 1),
        ),
        (
            YAML,
            "yml",
            "weights: {affect: 1, affect.negative.storms: -1}",
            dict.fromkeys(["sunny", "bright*", "gloom*", "no", "dreary day"], 1) | {"hail": -1},
        ),
        ("A: [x y, z]\nB: [w]\n", "yml", "weights: {a: 1}", {"x y": 1, "z": 1}),
        (CATEGORY, "csv", f"weights: {SIGNS}", {"sunny": 0.5, "gloom*": -1}),
        ("word,score\nsunny,3\ngloom* day*,-1.5\n", "csv", "", {"sunny": 1, "gloom* day*": -0.5}),
    ],
)
def test_every_format_is_read_into_weights(load, content, ending, keys, weights):
    entry, faults = load(content, ending, keys)
    if weights is None:  # three categories, of which one is no usual one
        assert entry is None and told(
            faults, "codebook.yml", "needs `weights`", "positive, negative, negative.storms", row=2
        )
    else:
        assert not faults and entry.weights == weights


ROWS = [("sunny", "joy", 1), ("sunny", "fear", 0), ("gloom", "joy", 0), ("gloom", "fear", 1)]
WIDE = [("sunny", 1, 0), ("gloom", 0, 1), ("quay", 0, 0)]


def lines(rows, delimiter=",", header=()):
    return "".join(
        delimiter.join(map(str, row)) + "\n" for row in [*([header] if header else ()), *rows]
    )


@pytest.mark.parametrize(
    "content, ending",
    [
        (lines(ROWS, ",", ("word", "category", "score")), "csv"),
        (lines(ROWS, ",", ("term", "emotion", "association")), "csv"),
        (lines(ROWS, ";", ("Word", "Category", "Flag")), "csv"),
        (lines(ROWS, "\t", ("word", "emotion", "value")), "tsv"),
        (lines(ROWS, "\t"), "txt"),
        (lines(ROWS, "\t").replace("\n", "\n\n"), "txt"),
        (lines(WIDE, ",", ("English Word", "Joy", "Fear")), "csv"),
        (lines(WIDE, "\t", ("word", "joy", "fear")), "txt"),
        ("word,category,member\nsunny,joy,TRUE\ngloom,joy,FALSE\ngloom,fear,true\n", "csv"),
        ("word,category,member\nsunny,joy,yes\ngloom,joy,no\ngloom,fear,yes\n", "csv"),
        ("word,category,member\nsunny,joy,1.0\ngloom,joy,0.0\ngloom,fear,1.0\n", "csv"),
    ],
)
def test_a_flag_beside_a_category_says_who_belongs_to_it(load, content, ending):
    entry, faults = load(content, ending, "weights: {joy: 1, fear: -1}")
    assert not faults and entry.weights == {"sunny": 1, "gloom": -1}
    entry, faults = load(content, ending, "weights: {joy: 1}")
    assert not faults and entry.weights == {"sunny": 1}


def test_a_column_of_words_beside_a_category_is_noted(load):
    entry, faults = load(
        "word,category,note\nsunny,joy,of May\ngloom,fear,\n", "csv", "weights: {joy: 1}"
    )
    assert not faults and entry.weights == {"sunny": 1}
    assert told(entry.notes, "mine.csv", "third column", "'note'", row=1)


def test_the_usual_weights_are_told_apart_from_a_choice(load):
    assert load("+positive\na\n+negative\nb\n", "lc3")[0].weights == {"a": 1, "b": -1}
    assert load("+tone_pos\na\n+tone_neg\nb\n+other\nc\n", "lc3")[0].weights == {"a": 1, "b": -1}
    assert load("+positive\na\n+negative\nb\n+anger\nc\n", "lc3")[0] is None
    assert {"posemo": 1, "negemo": -1} in DEFAULT_WEIGHTS


def test_a_pattern_keeps_its_categories_and_what_cannot_be_matched_is_noted(load):
    entry, _ = load(LIWC, "dic", "weights: {posemo: 1, weather: 1}")
    assert entry.categories == {"sunny": "posemo, weather", "hail": "weather"}
    assert told(entry.notes, "mine.dic", "':)'", "no letter or digit", row=14)
    assert told(entry.notes, "mine.dic", "condition", row=12) and told(
        entry.notes, "mine.dic", "<of>", row=13
    )
    entry, _ = load(
        "+positive\nsun*y\n*ful\nz??\n* of war\n:d\nfine~\nwell-being*\n'cause\n24/7\nsun &"
        " rain\n+negative\nb\n",
        "lc3",
    )
    assert list(entry.weights) == ["well-being*", "'cause", "24/7", "b"]
    assert [note.row for note in entry.notes] == [2, 3, 4, 5, 6, 7, 11]
    assert not load("+positive\n:)\n+negative\nb\n+place\n:(\n", "lc3", f"weights: {SIGNS}")[
        0
    ].notes[1:], "what does not count is not missed"


def test_hits_tell_which_entry_matched_where(load):
    entry, _ = load(LC3, "lc3")
    text = "It was not sunny. A dreary day, gloomily so."
    features = extract_articles([Article("a", text)], codebook=Codebook(entries=(entry,)))
    hits = features.table("hits")
    assert [(p, text[s:e]) for p, s, e in zip(hits["pattern"], hits["start"], hits["end"])] == [
        ("not sunny", "not sunny"),
        ("dreary day*", "dreary day"),
        ("gloom*", "gloomily"),
    ]
    assert hits["pattern"].map(entry.categories).tolist() == [
        "neg_positive",
        "negative",
        "negative",
    ]


@pytest.mark.parametrize(
    "text, patterns, score",
    [
        ("It is not sunny.", ["not sunny"], -1),
        ("It is not at bright.", ["not * bright*"], -1),
        ("It is not at all bright.", ["bright*"], 1),
        ("It was never gloomy here.", ["never gloom*"], 1),
        ("Never was it gloomy.", ["gloom*"], -1),
        ("Not a sunny day.", ["sunny"], 1),
    ],
)
def test_what_a_dictionary_lists_as_negated_is_not_turned_again(load, text, patterns, score):
    entry, _ = load(LC3, "lc3")
    assert not entry.negate and scored(entry, text) == (patterns, score)


def test_negations_turn_the_sign_of_other_dictionaries_and_as_the_owner_says(load):
    counted = "weights: {positive: 1, negative: -1}"
    assert scored(load(LC3, "lc3", counted)[0], "Not a sunny day.") == (["sunny"], -1)
    assert scored(load(LC3, "lc3", counted + ", negate: false")[0], "Not a sunny day.") == (
        ["sunny"],
        1,
    )
    assert scored(load(LC3, "lc3", "negate: true")[0], "Not a sunny day.") == (["sunny"], -1)
    assert scored(load("word,score\nsunny,1\n", "csv", "negate: false")[0], "Not sunny.") == (
        ["sunny"],
        1,
    )
    assert scored(load(LC3, "lc3", counted, language="de")[0], "Not a sunny day.") == (["sunny"], 1)


def test_digests_of_entries_that_were_there_before_stay_the_same(load):
    entry, other = (
        load("word,score\nsunny,1\n", "csv")[0],
        load("word,score\nsunny,1\n", "csv", "negate: false")[0],
    )
    assert entry.digest == Entry("dictionary", "mine", {"sunny": 1.0}, "en").digest != other.digest
    assert entry.digest == "991402e860c73e86feaac1df06d88888ffd16321a2a3b01855fcf3a9be48cad8"


def test_several_files_are_one_dictionary(tmp_path):
    put(tmp_path / "a.lc3", "+positive\nsunny\n+negative\ngloom*\n")
    put(tmp_path / "b.lc3", "+neg_positive\nnot sunny\n+neg_negative\nnot gloom*\n")
    put(tmp_path / "codebook.yml", "dictionaries: {mine: {file: [a.lc3, b.lc3], language: en}}\n")
    codebook, faults = read_codebook(tmp_path / "codebook.yml")
    assert not faults and codebook.entries[0].weights == {
        "sunny": 1,
        "gloom*": -1,
        "not sunny": -1,
        "not gloom*": 1,
    }
    put(
        tmp_path / "codebook.yml", "dictionaries: {mine: {file: [a.lc3, ../b.lc3], language: en}}\n"
    )
    assert told(
        read_codebook(tmp_path / "codebook.yml")[1],
        "codebook.yml",
        "no file '../b.lc3' inside",
        row=1,
    )


@pytest.mark.parametrize(
    "keys, words",
    [
        (
            "weights: {joy: 1}",
            ["weights names 'joy'", "negative, positive, neg_positive, neg_negative"],
        ),
        ("weights: {positive: 0}", ["not all 0"]),
        ("weights: {positive: yes}", ["must map categories to numbers"]),
        ("weights: {positive: .inf}", ["must map categories to numbers"]),
        ("weights: {}", ["must map categories to numbers"]),
        ("weights: [positive]", ["must map categories to numbers"]),
        ("format: lsd", ["format is 'lsd'", "csv, lexicoder, liwc, yaml, yoshikoder"]),
        ("format: [csv]", ["format is ['csv']"]),
        ("negate: 1", ["negate is 1", "true and false"]),
        ("negate: null", ["negate is None"]),
        ("categories: {}", ["unknown key 'categories'"]),
    ],
)
def test_a_wrong_entry_is_told_with_its_row(load, keys, words):
    assert told(load(LC3, "lc3", keys)[1], "codebook.yml", *words, row=2)


def test_keys_that_do_not_go_together_are_told(load, tmp_path):
    assert told(
        load("word,score\na,1\n", "csv", "weights: {a: 1}")[1],
        "codebook.yml",
        "`weights` are for categories",
    )
    with pytest.raises(ValueError, match="`format` goes with a file"):
        load_dictionary("v", {"package": "vader", "format": "csv"}, tmp_path)
    many = "".join(f"+c{i}\nw{i}\n" for i in range(50))
    assert told(load(many, "lc3")[1], "codebook.yml", "c29 and 20 more")


@pytest.mark.parametrize(
    "content, ending, words, row",
    [
        ("sunny\n+positive\n", "lc3", ["before the first category"], 1),
        ("", "lc3", ["no word"], None),
        ("%\n1\tposemo\n", "dic", ["between two lines %"], None),
        ("%\nposemo\n%\n", "dic", ["not a category"], 2),
        ("%\n1\tposemo\n2\tnegemo\n%\nsunny\n", "dic", ["no numbers of categories"], 5),
        ("%\n1\tposemo\n2\tnegemo\n%\nsunny\tx\n", "dic", ["no numbers of categories"], 5),
        ("DicTerm,posemo\nsunny,0.5\n", "dicx", ["'0.5'", "X or empty"], 2),
        ("<dictionary><cnode name='a'>", "ykd", ["not valid XML"], 1),
        ("<!DOCTYPE d [<!ENTITY a 'b'>]>\n<d/>", "lcd", ["document type"], 1),
        ("sunny", "ykd", ["not XML"], 1),
        ("<a>" + "<cnode name='x'>" * 60, "ykd", ["nested too deeply"], 1),
        ("a: &x [b]\nc: *x\n", "yml", ["alias"], 2),
        ("- a\n", "yml", ["map categories"], 1),
        ("a: [[b]]\n", "yml", ["list is within a list"], 1),
        ("a: {? [b] : c}\n", "yml", [""], 1),
        ("a: !!python/object/apply:os.system ['touch pwned']\n", "yml", ["python/object/apply"], 1),
        ("word,category\na\n", "csv", ["a word and a category"], 2),
        ("word,sentiment\na,1\n", "csv", ["word,score or word,category", "format"], 1),
        ("word,category,score\na,joy,0.7\n", "csv", ["third column", "'score'", "'0.7'"], 2),
        ("word,category,score\na,joy,1\nb,joy,2\n", "csv", ["third column", "'2'"], 3),
        ("term\tscore\tdimension\na\t0.7\tjoy\n", "txt", ["third column", "'dimension'"], 1),
        ("a\tjoy\t0.7\n", "txt", ["word,score or word,category"], 1),
        (b"+positive\n\x81sunny\n", "lc3", ["0x81", "neither UTF-8 nor Windows-1252"], 2),
        (b"a: [\xff]\n", "yml", ["0xff", "UTF-8"], 1),
        (b"+positive\nsun\0ny\n", "lc3", ["NUL"], 2),
    ],
)
def test_a_file_that_is_not_of_its_format_is_told_with_its_row(load, content, ending, words, row):
    entry, faults = load(content, ending, "" if content else f"weights: {SIGNS}")
    assert entry is None and told(faults, f"mine.{ending}", *words, row=row), faults


def test_files_in_older_alphabets_are_read_and_it_is_noted(load):
    for data in (
        "+positive\nschön\n+negative\nübel*\n".encode("cp1252"),
        "+positive\nschön\n+negative\nübel*\n".encode("utf-16"),
        "\ufeff+positive\r\nschön\r\n+negative\r\nübel*\r\n".encode(),
    ):
        entry, faults = load(data, "lc3", language="de")
        assert not faults and entry.weights == {"schön": 1, "übel*": -1}
        assert bool(entry.notes) == (data[:2] == b"+p") and all(
            "Windows-1252" in n.problem for n in entry.notes
        )


def test_a_file_that_is_too_large_is_refused(load, tmp_path):
    with open(tmp_path / "mine.lc3", "wb") as stream:
        stream.truncate((16 << 20) + 1)
    put(tmp_path / "codebook.yml", "dictionaries: {mine: {file: mine.lc3, language: en}}\n")
    assert told(read_codebook(tmp_path / "codebook.yml")[1], "mine.lc3", "larger than 16 MiB")


ANYTHING = st.one_of(
    st.binary(max_size=60),
    st.lists(
        st.sampled_from(
            [
                "+",
                "positive",
                "negative",
                "\n",
                "%",
                "%\n",
                "1\t",
                "posemo",
                "\t1",
                " 1",
                "<cnode name='a'>",
                "<pnode name='b'/>",
                "</cnode>",
                "DicTerm,a",
                ",X",
                ": ",
                "- ",
                "[",
                "]",
                "a*",
                "* b",
                "?",
                "é",
                "word,category",
                ",",
                "\0",
                "(02)",
                "<of>",
                "'",
                '"',
                "  ",
            ]
        ),
        max_size=25,
    )
    .map("".join)
    .map(str.encode),
)


@given(
    ANYTHING,
    st.sampled_from(sorted(FORMATS)),
    st.sampled_from(["", "weights: {positive: 1}", "weights: {a: -1}"]),
)
def test_no_bytes_at_all_make_reading_a_dictionary_fail(load, data, ending, keys):
    entry, faults = load(data, ending[1:], keys)
    assert (entry is None) == bool(faults)
    if entry:
        assert all(abs(w) <= 1 for w in entry.weights.values()) and set(entry.categories) == set(
            entry.weights
        )
        Matcher(entry).find(["a", "b"], [0, 0])


PIECES = st.sampled_from(["bad", "bad*", "ba*", "b*", "war", "of", "*"])
PATTERNS = st.lists(
    st.lists(PIECES, min_size=1, max_size=4).map(" ".join).filter(is_pattern), max_size=6
)


@given(
    PATTERNS,
    st.lists(
        st.tuples(st.sampled_from(["bad", "badly", "ba", "war", "of", "b"]), st.booleans()),
        max_size=20,
    ),
)
def test_phrases_with_any_endings_are_found_as_a_plain_search_finds_them(patterns, tokens):
    words, sentence = (
        [w for w, _ in tokens],
        list(itertools.accumulate(int(begins) for _, begins in tokens)),
    )

    def fits(pattern, place):
        pieces, there = pattern.split(), words[place : place + len(pattern.split())]
        return (
            len(there) == len(pieces)
            and len(set(sentence[place : place + len(pieces)])) == 1
            and all(
                word.startswith(p[:-1]) if p.endswith("*") else word == p
                for word, p in zip(there, pieces)
            )
        )

    wanted, place = [], 0
    while place < len(words):
        best = min(
            (p for p in patterns if fits(p, place)),
            key=lambda p: (-len(p.split()), p.count("*"), -len(p), p),
            default=None,
        )
        if best:
            wanted.append((place, len(best.split()), best))
        place += len(best.split()) if best else 1
    assert (
        Matcher(Entry("frame", "any", dict.fromkeys(patterns, 1.0))).find(words, sentence) == wanted
    )


@pytest.mark.parametrize(
    "given, right",
    [
        ("a", True),
        ("a* b*", True),
        ("a *", True),
        ("* a", False),
        ("a*b", False),
        ("--", False),
        ("", False),
        (" ", False),
        (5, False),
        ("a**", False),
    ],
)
def test_what_a_pattern_may_be(given, right):
    assert is_pattern(given) == right
