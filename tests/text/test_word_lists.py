"""Lists of words: no doubled, broken or contradicting entry, and no list in the code."""

import ast
import csv
import functools
import unicodedata
from collections import Counter
from itertools import combinations

import pytest

from analysis.text.lists import DATA, either, english_words, lines, words
from analysis.text.verbs import CLASSES, KINDS, TABLE, finite_forms, verb_of, verbs
from tests.places import ROOT

LISTS = sorted((*DATA.glob("any/*.txt"), *DATA.glob("english/*.txt")))
# words as a text has them, with capitals
AS_WRITTEN = {"abbreviations", "no_outlets", "media", "pieces", "starters"}
AS_WRITTEN |= {"outlet_ends", "outlet_ends_too", "outlet_ends_bare", "outlet_ends_never"}
LONG = {"classes", "places", "countries", "published"}  # entries of several words
EXCLUSIVE = [
    ("affiliations", "openers"),
    ("boosters", "hedges"),
    ("dead", "injured"),
    ("first_person", "second_person"),
    ("function_words", "function_words_kept", "stop_words"),
    ("given_men", "openers"),
    ("given_women", "openers"),
    ("men", "women"),
    ("outlet_says", "outlet_verbs"),
    ("persons", "no_persons"),
    ("persons", "function_words", "stop_words"),
    ("no_persons", "titles_only"),
    ("title_parts", "titles"),
]
WITHIN = [
    ("definite", "determiners"),
    ("outlet_ends_bare", "outlet_ends"),
    ("titles_only", "persons"),
    ("outlet_ends_never", "outlet_ends"),
    ("outlet_ends_too", "outlet_ends"),
]
IRREGULAR = (
    "found hitting said shown sang sung spoke spoken swore sworn told thought understood wrote"
    " written labelled labelling putting"
).split()
MOST = 12  # words that code may list


def entries(path):
    """The lines of a list as they stand, without comments."""
    text = path.read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


def name_of(path):
    return f"{path.parent.name}/{path.stem}"


def faults(found, *, as_written=False, long=False):
    """Entries that are doubled, have blanks at an end, or were cut from another word.

    A line that was wrapped at a hyphen leaves "pro-" and "life".
    """
    wrong = [entry for entry, n in Counter(found).items() if n > 1]
    wrong += [entry for entry in found if entry != " ".join(entry.split()) or not entry]
    wrong += [entry for entry in found if entry[:1] in "-’'" or entry[-1:] in "-,;|"]
    wrong += [entry for entry in found if not any(map(str.isalnum, entry))]
    wrong += [entry for entry in found if entry != unicodedata.normalize("NFC", entry)]
    if not as_written:
        wrong += [entry for entry in found if entry != entry.casefold()]
    if not long:
        wrong += [entry for entry in found if len(entry.split()) > 2]
    return wrong


@pytest.mark.parametrize("path", LISTS, ids=name_of)
def test_a_list_holds_each_word_once_and_whole(path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# ") and text.endswith("\n") and entries(path)
    assert not faults(entries(path), as_written=path.stem in AS_WRITTEN, long=path.stem in LONG)


@pytest.mark.parametrize("entry", ["pro-", " life", "life ", "-life", "", "Life", "one two three"])
def test_a_broken_entry_is_a_fault(entry):
    assert faults(["mayor", entry])


def test_a_doubled_entry_is_a_fault():
    assert faults(["mayor", "clerk", "mayor"]) == ["mayor"] and not faults(["mayor", "pro-life"])


@pytest.mark.parametrize("names", EXCLUSIVE, ids="/".join)
def test_no_word_is_in_two_lists_that_exclude_each_other(names):
    for one, other in combinations(map(english_words, names), 2):
        assert not one & other


@pytest.mark.parametrize("part, whole", WITHIN)
def test_a_part_of_a_list_is_in_it(part, whole):
    assert english_words(part) <= english_words(whole)


def test_parts_of_cut_words_are_in_no_list():
    """ "The life insurance boss" was called "life" for certain."""
    parts = {"life", "tight", "lipped", "elect", "pro"}
    assert not parts & english_words("judging", "persons")
    assert {"pro-life", "tight-lipped"} <= english_words("judging")
    assert {"president-elect", "ex-president"} <= english_words("persons")


def test_a_list_that_is_missing_is_an_error_in_english_and_empty_elsewhere():
    assert words("french", "none_such") == words("english", "none_such") == frozenset()
    with pytest.raises(KeyError, match="none_such"):
        english_words("titles", "none_such")


def test_the_longest_of_a_list_is_tried_first():
    assert either(["a", "an", "a.m"]) == r"a\.m|an|a"


@functools.cache
def nodes_of(source):
    """All nodes of a module, which several tests look through."""
    return [*ast.walk(ast.parse(source))]


def called(source):
    """The names of lists that a module asks for."""
    for node in nodes_of(source):
        function = node.func.id if isinstance(node, ast.Call) and hasattr(node.func, "id") else ""
        if function not in ("english_words", "lines", "listed", "words"):
            continue
        given = [x.value if isinstance(x, ast.Constant) else ast.unparse(x) for x in node.args]
        known = {x.value for x in node.args if isinstance(x, ast.Constant)} | {"ANY"}
        given = [x for x in given if x in known]  # not what a variable holds
        if function == "english_words":
            yield from given
        elif given[:1] in (["english"], ["ANY"]):
            yield from given[1:]


def test_every_list_that_is_asked_for_is_there():
    there = {path.stem for path in LISTS} | set(KINDS)
    asked = {
        name: path.stem
        for path in (ROOT / "analysis").rglob("*.py")
        for name in called(path.read_text(encoding="utf-8"))
    }
    assert {"titles", "stop_words", "persons"} <= set(asked)
    assert not {name: module for name, module in asked.items() if name not in there}


def strings(source):
    """Words of every string of a module that is no docstring."""
    nodes = nodes_of(source)
    docs = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    constants = (n.value for n in nodes if isinstance(n, ast.Constant) and id(n) not in docs)
    return {word for value in constants if isinstance(value, str) for word in value.split()}


def test_every_list_is_read():
    modules = (ROOT / "analysis").rglob("*.py")
    read = set().union(*(strings(path.read_text(encoding="utf-8")) for path in modules))
    assert not {path.stem for path in LISTS} - read


# --- verbs of speech ---


def regular(lemma):
    """Forms by the rules of English spelling, also with the last consonant doubled."""
    vowels = "aeiou"
    stem = lemma.removesuffix("e")
    y = lemma.endswith("y") and lemma[-2] not in vowels
    found = {lemma, lemma + "s", stem + "ed", stem + "ing", lemma + "ing"}
    if lemma.endswith(("s", "x", "z", "ch", "sh", "o")):
        found.add(lemma + "es")
    if y:
        found |= {lemma[:-1] + "ies", lemma[:-1] + "ied"}
        found -= {lemma + "s", lemma + "ed"}
    short = len(lemma) > 2 and lemma[-2] in vowels and lemma[-3] not in vowels.replace("u", "")
    if lemma[-1] not in vowels + "wxy" and short:
        one = sum(letter in vowels for letter in lemma.replace("qu", "q")) == 1
        found |= {lemma + lemma[-1] + "ed", lemma + lemma[-1] + "ing"}
        found -= {lemma + "ed", lemma + "ing"} if one else set()
    return found


def rows():
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_forms_of_verbs_are_spelled_as_the_rules_say():
    for row in rows():
        lemma = row["verb"].split()[0]
        odd = set(row["forms"].split()) - regular(lemma) - set(IRREGULAR)
        assert not odd, row["verb"]
    assert "braged" not in regular("brag") and "agreing" in regular("agree")


def test_a_form_belongs_to_one_verb_with_a_kind_and_a_class():
    forms = [form for row in rows() for form in row["forms"].split()]
    assert not [form for form, n in Counter(forms).items() if n > 1]
    assert forms == [unicodedata.normalize("NFKC", form).casefold() for form in forms]
    assert {verb.verb_class for verb in verbs().values()} == set(CLASSES)
    assert set().union(*(verb.kinds for verb in verbs().values())) == set(KINDS)
    assert not any(verb.takes for verb in verbs().values() if "quotation" in verb.kinds)


def test_kinds_of_verbs_are_lists_of_their_language():
    assert {"say", "according", "point"} <= words("english", "speech")
    assert {"show", "suggest"} <= words("english", "evidence")
    assert words("english", "attitude") == {"believe", "think", "understand", "wonder"}
    assert "said" in finite_forms() and "say" not in finite_forms()
    assert not {"found", "thought", "sang"} & finite_forms()
    assert words("klingon", "speech") == frozenset() and verb_of("bragged").lemma == "brag"


# --- no list stands in the code ---


def listed(source):
    """Words of each list that a module writes out: `"a b c".split()`."""
    for node in nodes_of(source):
        value = node.func.value if isinstance(node, ast.Call) and hasattr(node.func, "value") else 0
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            if node.func.attr == "split":
                yield value.value.split()


# no words of a language: codes, labels of a parse, parts of words, columns, numbers
ALLOWED = {
    ("languages", "candidates"),
    ("languages", "dependencies"),
    ("text", "forms"),
    ("tl", "_variants"),
    ("tl", "_contrast"),
    ("tl", "__init__"),
}


@pytest.mark.parametrize("room", ["clean", "extract", "languages", "reuse", "text", "tl"])
def test_modules_write_out_no_list_of_words(room):
    found = {}
    for path in sorted((ROOT / "analysis" / room).rglob("*.py")):
        if (room, path.stem) in ALLOWED:
            continue
        for there in listed(path.read_text(encoding="utf-8")):
            if len(there) > MOST and not all(map(str.isupper, filter(str.isalpha, there))):
                found.setdefault(path.stem, []).append(there[:4])
    assert not found


def test_the_guard_sees_a_list():
    assert [len(there) for there in listed('X = frozenset("a b c".split())')] == [3]
    assert lines("english", "dead")[0] == "dead"
