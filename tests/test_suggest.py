"""Suggested actors, and what of a codebook the articles hold: planted names in invented texts."""

import pandas as pd
import pytest
import yaml

import analysis as tw
from analysis.coverage import coverage, coverage_lines, lacked
from analysis.extract.actors import read_actors
from analysis.extract.units import extract_units
from analysis.io.article import Article
from analysis.languages.mentions import Actors
from analysis.languages.syntax import Syntax
from analysis.scaffold import new_corpus
from analysis.suggest import find_named, spacing, spread, suggest_actors
from tests.small import write_corpus

TEXTS = [
    "Mayor Ola Brandt said the bridge would close. Brandt blamed the Varn Harbour Authority.",
    "“We were not asked,” said Antal Guter of the Varn Harbour Authority. Ola Brandt said nothing.",
    "In Tesmere, ships waited. Harbour Authority staff said no. Ms. Brandt left for Tesmere.",
    "Ola Brandt said on Friday in Tesmere that Antal Guter had lied. Guter denied it in Tesmere.",
]
OUTLETS = ["Courier", "Courier", "Ledger", "Ledger"]


def articles(texts=TEXTS, outlets=OUTLETS):
    return [
        Article(f"a{i}", t, "en", {"outlet": o}) for i, (t, o) in enumerate(zip(texts, outlets))
    ]


def test_people_and_bodies_are_found_with_their_forms_and_places_are_not():
    found = {one.name: one for one in find_named(articles())}
    assert set(found) == {"Ola Brandt", "Antal Guter", "Varn Harbour Authority"}
    assert found["Ola Brandt"].aliases == ["Brandt"]
    assert len(found["Ola Brandt"].articles) == 4 and found["Ola Brandt"].outlets == {
        "Courier",
        "Ledger",
    }
    assert found["Varn Harbour Authority"].aliases == ["Harbour Authority"]
    assert found["Varn Harbour Authority"].kind == "group"
    assert next(iter(found)) == "Ola Brandt"  # named in most


def test_two_who_share_a_last_name_both_bear_it_and_a_rare_one_does_not():
    texts = ["Ada Holt said no.", "Ada Holt said yes.", "Ben Holt said no.", "Ben Holt said so."]
    found = {one.name: one.aliases for one in find_named(articles(texts))}
    assert found == {"Ada Holt": ["Holt"], "Ben Holt": ["Holt"]}
    rare = find_named(articles(texts[:2] * 6 + texts[2:], ["Courier"] * 14))
    assert {one.name: one.aliases for one in rare} == {"Ada Holt": ["Holt"], "Ben Holt": []}


def test_what_is_suggested_is_a_codebook_that_passes(tmp_path):
    table = tmp_path / "t.csv"
    rows = [(f"a{i}", t, o) for i, (t, o) in enumerate(zip(TEXTS, OUTLETS))]
    pd.DataFrame(rows, columns=["id", "text", "outlet"]).to_csv(table, index=False)
    folder = new_corpus("x", root=tmp_path, paths=table)
    said = suggest_actors(articles(), words={"Courier": ["bridge"]})
    (folder / "codebook.yml").write_text(said, encoding="utf-8")
    corpus = tw.load(folder)
    assert corpus.codebook.tone[:2] == ("brandt", "guter")
    assert yaml.safe_load(said)["actors"]["brandt"] == {"name": "Ola Brandt", "aliases": ["Brandt"]}
    assert "# 4 articles, 2 outlets" in said and "#   Courier: bridge" in said


@pytest.mark.parametrize("name", ["Yes", "Null", "Ana: Ruiz", "O’Neil", "Łukasz Żak"])
def test_names_are_read_back_from_yaml(name):
    from analysis.suggest import _quoted

    assert yaml.safe_load(f"[{_quoted(name)}]") == [name]


def test_where_nobody_is_named_twice_an_example_stands():
    said = suggest_actors(articles(["Nothing happened."]))
    assert yaml.safe_load(said) == {"actors": {}, "tone": []}
    assert yaml.safe_load(suggest_actors([])) == {"actors": {}, "tone": []}


CODEBOOK = """
actors:
  brandt: {name: Ola Brandt, aliases: [Brandt, the mayoress]}
frames:
  blame: {words: [blame*, denied, never heard]}
"""


def test_coverage_counts_articles_by_word_and_names_whom_no_actor_covers(tmp_path):
    table = tmp_path / "t.csv"
    rows = [(f"a{i}", t, o) for i, (t, o) in enumerate(zip(TEXTS, OUTLETS))]
    pd.DataFrame(rows, columns=["id", "text", "outlet"]).to_csv(table, index=False)
    folder = new_corpus("x", root=tmp_path, paths=table)
    (folder / "codebook.yml").write_text(CODEBOOK, encoding="utf-8")
    corpus = tw.load(folder)
    counted = coverage(corpus)
    held = dict(
        zip(counted["word"].where(counted["word"] != "", counted["entry"]), counted["n_articles"])
    )
    assert held == {
        "brandt": 4, "Ola Brandt": 3, "Brandt": 4, "the mayoress": 0,
        "blame": 2, "blame*": 1, "denied": 1, "never heard": 0,
    }  # fmt: skip
    lines = coverage_lines(corpus)
    assert (
        lines[0]
        == "actor brandt: in 4 of 4 articles (Brandt 4, Ola Brandt 3; in none: the mayoress)"
    )
    assert "Varn Harbour Authority (3 articles)" in lines[-1] and "Brandt" not in lines[-1]


@pytest.mark.parametrize(
    "aliases", [["Holm"], ["Holm", "House Speaker"], ["Holm", "House Speaker Jon Holm"]]
)
def test_a_name_with_its_title_is_one_mention(aliases):
    actors = Actors({"holm": {"name": "Jon Holm", "aliases": aliases}})
    text = "On Monday House Speaker Jon Holm said no. Later House Speaker Jon Holm left."
    mentions, _ = read_actors(extract_units(Article("a", text)), actors)
    assert [text[m.start : m.end].endswith("Jon Holm") for m in mentions] == [True, True]


def test_a_last_name_that_stands_alone_in_far_more_articles_is_its_bearers_too():
    texts = ["Ada Holt said no."] * 2 + ["Then Holt said no."] * 5
    (found,) = find_named(articles(texts, ["Courier"] * len(texts)))
    assert (found.name, found.aliases, len(found.articles)) == ("Ada Holt", ["Holt"], 7)


def test_sons_and_family_names_that_stand_first_have_aliases_of_their_own():
    texts = ["Tom Orr met Tom Orr Jr. in May.", "Kim Jong-un met Moon Jae-in. Then Kim left Moon."]
    found = {one.name: one.aliases for one in find_named(articles(texts * 2))}
    assert found == {
        "Tom Orr": ["Orr"],
        "Tom Orr Jr.": [],
        "Kim Jong-un": ["Kim"],
        "Moon Jae-in": ["Moon"],
    }


def test_articles_are_not_parsed_to_suggest_actors(monkeypatch):
    parsed = []
    monkeypatch.setattr(Syntax, "parse", lambda _, texts, **__: parsed.extend(texts) or [])
    assert find_named(articles())[0].name == "Ola Brandt" and not parsed


@pytest.mark.parametrize("n, every", [(0, 1), (2_000, 1), (2_001, 2), (4_000, 2), (4_001, 3)])
def test_at_most_two_thousand_articles_are_read(n, every):
    assert spacing(n) == every and len(spread(range(n))) <= 2_000


def test_whoever_a_tenth_of_the_articles_name_is_lacked(tmp_path):
    said = ["Ada Holt said no."] * 3 + ["Ben Orr said no."] * 2 + ["Nothing came."] * 25
    folder = write_corpus(tmp_path / "small", {f"a{i}": f"{t} {i}\n" for i, t in enumerate(said)})
    assert [one.name for one in lacked(tw.load(folder))] == ["Ada Holt"]


@pytest.mark.parametrize("used, more", [(8, False), (9, True)])
def test_of_a_frames_words_eight_are_named_and_that_there_are_more_is_said(tmp_path, used, more):
    words = "axe bus cat dog elk fox gnu hen ivy".split()
    codebook = f"frames:\n  f: {{words: [{', '.join(words)}]}}\n"
    texts = {"a": f"{' '.join(words[:used])}.\n", "b": "None.\n"}
    line = coverage_lines(tw.load(write_corpus(tmp_path / "small", texts, codebook=codebook)))[0]
    assert line.startswith("frame f: in 1 of 2 articles (axe 1, ") and ("hen 1, …" in line) is more
