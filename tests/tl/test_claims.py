"""Claims: what two articles tell is found with all its sentences; what one tells, and lines that
tell nothing, are not.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from analysis import pl
from analysis.errors import FeaturesError, LanguageError, OptionError
from analysis.features import SHARED, Features
from analysis.shared_form import shared_tables
from analysis.store import SHIPPED_WORDS
from analysis.tl._same_claims import same_claims
from analysis.tl._story_places import with_places
from analysis.tl._story_units import story_units
from analysis.tl.claims import SHIPS, claims
from analysis.tl.story import story
from tests.memory import features_of
from tests.quick import Encoder

TOLL = "Seven dockers were killed on the quay by the falling crane."
LETTER = "The chief inspector warned the authority of cracks in a letter of June."
STORY = {
    "a": f"{TOLL} Flowers were laid at the gate of the old customs house. {LETTER}",
    "b": f"A hush fell over the terraces behind the harbour wall. {LETTER} {TOLL}",
    "c": f"Shares of the builder slid in morning trade on Tuesday. {LETTER}",
}


def told(texts, **options):
    return claims(features_of(texts, encoder=Encoder()), **options)


def members(result):
    """The places of each claim's sentences."""
    rows = result.sentences.groupby("claim", sort=False)
    return [set(zip(r["article_id"], r["sentence"])) for _, r in rows]


@pytest.fixture(scope="module")
def found():
    return told(STORY, within=None)


def test_what_two_articles_tell_is_found_with_all_its_sentences(found):
    assert sorted(members(found), key=len) == [{("a", 0), ("b", 2)}, {("a", 2), ("b", 1), ("c", 1)}]
    assert sorted(found.table["n_articles"]) == [2, 3]
    assert (found.table["coherence"] > 0.99).all()
    assert "two claims" not in found.finding and "three of three" in found.finding


def test_places_are_those_of_the_sentences(found):
    for row in found.sentences.itertuples():
        assert STORY[row.article_id][row.start : row.end] in (TOLL, LETTER)
    assert set(found.table["start"]) <= set(found.sentences["start"])


def test_a_label_names_words_and_not_running_ones(found):
    for row in found.table.itertuples():
        words = row.label.split(", ")
        assert len(words) < SHIPPED_WORDS and not {"the", "by", "of"} & set(words)


@pytest.mark.parametrize(
    "line",
    [
        "Dockers killed on the quay by a falling crane",  # a headline
        "By Ada Orr and Ola Brandt of the Evening Courier",
        "Who warned the port authority of cracks in the crane?",
        "It was not over.",
        "Northgate Wire contributed to this report.",
    ],
)
def test_lines_that_tell_nothing_are_no_claims(line):
    assert told({"a": f"{line}\n\n{TOLL}", "b": f"{line}\n\nA hush fell."}).table.empty


def test_a_claim_needs_two_articles():
    assert told({"a": f"{TOLL} {TOLL}", "b": "A hush fell over the terraces."}).table.empty
    assert told({"a": f"{TOLL} {LETTER}"}).table.empty
    assert told({"a": "", "b": "So."}).finding == "No two articles tell the same"


def test_twins_tell_each_sentence_twice():
    result = told({"a": STORY["a"], "b": STORY["a"]}, within=None)
    assert members(result) == [{("a", i), ("b", i)} for i in range(3)]


def test_stories_are_kept_apart():
    texts = dict.fromkeys("abcd", f"{TOLL} {LETTER}")
    features = features_of(texts, encoder=Encoder(), outlets=dict(zip("abcd", "wwvv")))
    result = claims(features, within="outlet")
    assert set(result.table["story"]) == {"w", "v"}
    assert all({a for a, _ in one} in ({"a", "b"}, {"c", "d"}) for one in members(result))


@settings(max_examples=settings.default.max_examples // 3)  # each is measured anew
@given(st.integers(0, 10_000))
def test_clusters_are_those_of_average_linkage_over_all_pairs(seed):
    rng = np.random.default_rng(seed)
    words = np.array("crane quay docker letter crack wind shift canteen van bonus".split())
    texts = {
        name: " ".join(f"The {' '.join(rng.choice(words, 4))} fell." for _ in range(5))
        for name in "abcd"
    }
    units = story_units(features_of(texts, encoder=Encoder()), list(texts))
    far = 1 - units.same(np.arange(len(units))).astype(float)
    far = (far + far.T) / 2
    np.fill_diagonal(far, 0)
    tree = linkage(squareform(far, checks=False), "average")
    naive = fcluster(tree, 0.6 + 1e-9, "distance")
    made = same_claims(units, 0.4)
    assert ((naive[:, None] == naive) == (made[:, None] == made)).all()


def test_tf_idf_is_that_of_the_storys_own_sentences():
    units = story_units(features_of({"a": f"{TOLL} {LETTER}"}, encoder=Encoder()), ["a"])
    shared = set(TOLL.lower().strip(".").split()) & set(LETTER.lower().strip(".").split())
    assert shared == {"the"} and units.idf.min() == 0, "what each sentence has weighs nothing"
    assert units.coverage("dockers killed") == pytest.approx([1, 0])
    assert units.coverage("dockers zeppelin") == pytest.approx([0.5, 0]), "a new word counts"
    lengths = np.sqrt(units.words.multiply(units.words).sum(axis=1))
    assert lengths == pytest.approx(1)


def test_the_lead_is_the_first_paragraph_or_two_sentences():
    text = f"Crane falls\n\n{TOLL}\n\n{LETTER}\n\nA hush fell over the terraces that day."
    places = with_places(features_of({"a": text}, encoder=Encoder()))
    assert places["place"].tolist() == ["headline", "lead", "lead", "body"]
    assert places["down"].tolist() == [0, 0.333, 0.667, 1]


def test_what_is_missing_is_said():
    features = features_of(STORY)
    with pytest.raises(FeaturesError, match="twicetold extract in memory --vectors"):
        claims(features)
    with pytest.raises(OptionError, match="cut must be a number between 0 and 1"):
        claims(features, cut=1)
    with pytest.raises(LanguageError, match="Claims are found in English"):
        claims(features_of({"a": "Le maire est parti."}, language="fr", encoder=Encoder()))


def test_the_shared_form_needs_the_owners_result():
    private = features_of(STORY, encoder=Encoder())
    from analysis.features import from_tables

    shared = from_tables(
        shared_tables(private, b"key", say=lambda *_: None), form=SHARED, entries={}, codebook={}
    )
    with pytest.raises(FeaturesError, match="owner has not shipped"):
        claims(shared)


def test_what_ships_holds_neither_words_in_order_nor_places(found):
    class Shipment:
        @staticmethod
        def measure(_):
            return found

    made = SHIPS.make(Shipment)
    assert set(made) == set(SHIPS.tables)
    for table in made.values():
        assert not {"start", "end", "wording", "text"} & set(table)
    assert (made["claim_sentences"]["p"].round(2) == made["claim_sentences"]["p"]).all()


def test_a_figure_of_nothing_says_so():
    figure = pl.claims(told({"a": TOLL}))
    assert figure.title == "No two articles tell the same" and figure.table.empty


def test_when_an_article_was_updated_and_who_worked_on_it_is_no_claim():
    stamps = (
        "UPDATED Sept. 7, 11:10 p.m.",
        "Posted on 3 May at 9 a.m.",
        "Reporting by Ada Byron in Varnmouth; Editing by Tom Reke.",
        "Additional reporting by Ada Byron in Varnmouth.",
    )
    said = (
        "Updated figures of the authority show 18 deaths.",  # stands beside another sentence
        "Reporting by the Courier in May led to the inquiry, as ten people told the board who had"
        " been asked what they knew of it.",
        "Published reports were wrong about the letter.",
    )
    text = "\n\n".join((f"{TOLL}", *stamps, f"{said[0]} {LETTER}", *said[1:]))
    places = with_places(features_of({"a": text}, encoder=Encoder()))
    told = [text[row.start : row.end] for row in places.itertuples() if row.unit]
    assert told == [TOLL, said[0], LETTER, *said[1:]]


def test_tables_are_read_as_often_for_six_stories_as_for_two(monkeypatch):
    counts = [reads_of(monkeypatch, n) for n in (2, 6)]
    assert counts[0] == counts[1] > 0


def reads_of(monkeypatch, n_stories):
    ids, table, read = [f"a{i}" for i in range(12)], Features.table, []
    outlets = {a: f"o{i % n_stories}" for i, a in enumerate(ids)}
    texts = dict.fromkeys(ids, f"{TOLL} {LETTER}")
    features = features_of(texts, encoder=Encoder(), outlets=outlets)
    with monkeypatch.context() as m:
        m.setattr(Features, "table", lambda self, *of: read.append(of[0]) or table(self, *of))
        told = story(features, claims=claims(features, within="outlet"), within="outlet")
    assert told.claims["story"].nunique() == n_stories
    return len(read)
