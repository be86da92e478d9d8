"""The story: planted tellings, omissions, places and voices come back; what is not known is said
to be so.
"""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from analysis import extract, load, pl, tl
from analysis.codebook import Codebook
from analysis.errors import FeaturesError, OptionError
from analysis.extract.memory import extract_articles
from analysis.features import from_tables
from analysis.io.article import Article
from analysis.models.encoder import load_encoder
from analysis.tl._claim_rates import BINS, count_rates, known_rates, rates
from analysis.tl._omissions import by_group, of_what, omissions
from analysis.tl._story_cells import STORY_CELLS
from analysis.tl._story_units import story_units
from analysis.tl._told import GIVEN_LOGIT, LIKENESS, OMITTED, TOLD, GivenClaim, given_cells
from analysis.tl.story import SHIPS, story
from tests.places import HARBOUR
from tests.quick import Encoder
from tests.small import write_corpus

TOLL = "Seven dockers were killed on the quay by the falling crane"
CLOSED = "the grain quay will be closed for at least six weeks"
FILL = "Flowers were laid at the gate of the old customs house on Tuesday. A hush fell over the"
FILL += " terraces behind the harbour wall. Shares of the builder slid in morning trade."
TEXTS = {
    "a": f"{TOLL}.\n\n{FILL}\n\nThe mayor said that {CLOSED}.",
    "b": f"{FILL}\n\n“{TOLL},” said Ola Brandt.",
    "c": f"{FILL}\n\n{TOLL}.\n\n{CLOSED[0].upper()}{CLOSED[1:]}.",
    "d": FILL,
}
CLAIMS = {"toll": f"{TOLL}.", "closed": f"{CLOSED}.", "frog": "A new frog was found in Peru."}


def features(texts=TEXTS, encoder=None, codebook=None):
    articles = [
        Article(a, text, "en", {"outlet": f"Outlet {a}", "published": "2024-05-06"})
        for a, text in texts.items()
    ]
    return extract_articles(articles, codebook=codebook, encoder=encoder or load_encoder())


@pytest.fixture(scope="module")
def planted():
    return features()


@pytest.fixture(scope="module")
def told(planted):
    return story(planted, claims=CLAIMS, within=None)


def cell(result, claim, article):
    table = result.table
    return table[(table["claim"] == claim) & (table["article_id"] == article)].iloc[0]


def test_planted_tellings_and_omissions_come_back(told):
    answers = told.table.pivot(index="claim", columns="article_id", values="answer")
    assert answers.loc["toll"].tolist() == ["tells", "tells", "tells", "omits"]
    assert answers.loc["closed"].tolist() == ["tells", "omits", "tells", "omits"]
    assert set(answers.loc["frog"]) == {"not judged"}, "what nobody tells is not left out"
    assert told.claims.set_index("claim").loc["toll", ["n_tells", "n_omits"]].tolist() == [3, 1]
    assert any("frog" in note for note in told.notes)


def test_the_sentence_its_place_and_its_voice_come_back(told):
    for claim, words in (("toll", TOLL), ("closed", CLOSED)):
        for row in told.table[told.table["claim"] == claim].itertuples():
            said = TEXTS[row.article_id][row.start : row.end].lower()
            assert (words.lower() in said) == (row.answer == "tells")
    assert cell(told, "toll", "a")[["place", "down", "voice"]].tolist() == ["lead", 0, "outlet"]
    quoted = cell(told, "toll", "b")
    assert quoted[["place", "down", "voice"]].tolist() == ["body", 1, "quoted"]
    assert quoted["speaker"] == "Ola Brandt"
    assert cell(told, "closed", "a")["voice"] == "reported"
    assert cell(told, "closed", "c")["voice"] == "outlet"


def test_the_finding_is_that_of_the_table(told):
    start = f"Outlet d of 6 May 2024 leaves out “{TOLL}”, which three articles tell; Outlet a"
    assert told.finding.startswith(start) and told.finding.endswith("in its lead")
    assert pl.story(told).title == told.finding


def test_a_headline_that_tells_it_is_the_place():
    texts = TEXTS | {"c": f"{TOLL}\n\n{TEXTS['c']}"}
    result = story(features(texts), claims=CLAIMS, within=None)
    assert cell(result, "toll", "c")["place"] == "headline"
    assert cell(result, "closed", "c")["place"] == "body"


def test_who_denies_it_is_marked(told):
    texts = TEXTS | {"d": f"{FILL}\n\nOla Brandt denied that {CLOSED}."}
    found = cell(story(features(texts), claims=CLAIMS, within=None), "closed", "d")
    assert found["answer"] == "tells" and found["denies"]
    assert not cell(told, "closed", "a")["denies"]


def naive(units, encoder, wording):
    """max s and max (s + r) of each article, by the formula and nothing else."""
    s = (units.vectors @ encoder.encode([wording])[0] + units.coverage(wording)) / 2
    cosine, tfidf = units.likeness(np.arange(len(units)))
    own = {a: np.flatnonzero(units.article == a) for a in np.unique(units.article)}
    best = {a: rows[s[rows].argmax()] for a, rows in own.items()}
    found = {}
    for a, rows in own.items():
        others = sorted((o for o in own if o != a), key=lambda o: -s[best[o]])[:2]
        r = np.mean([(cosine[best[o]] + tfidf[best[o]]) / 2 for o in others], axis=0)
        found[a] = s[rows].max(), (s + r)[rows].max()
    return found


def test_the_formula_is_the_plain_one(planted):
    encoder = load_encoder()
    units = story_units(planted, list(TEXTS))
    for name, wording in CLAIMS.items():
        cells, _ = given_cells(units, [GivenClaim(name, (wording,))], encoder)
        expected = naive(units, encoder, wording)
        for row in cells.itertuples():
            assert (row.like, row.both) == pytest.approx(expected[row.article], abs=1e-5)
            logit = GIVEN_LOGIT[0] + GIVEN_LOGIT[1] * row.like + GIVEN_LOGIT[2] * row.both
            assert row.p == pytest.approx(1 / (1 + np.exp(-logit)), abs=1e-6)
    assert LIKENESS == ["like", "both"]


def test_claims_that_were_found_have_the_same_cells_whether_given_or_not(planted):
    found = tl.claims(planted, within=None)
    one, other = story(planted, within=None), story(planted, claims=found, within=None)
    pd.testing.assert_frame_equal(one.table, other.table)
    members = found.sentences.groupby("claim")["article_id"].agg(set)
    tells = one.table[one.table["answer"] == "tells"].groupby("claim")["article_id"].agg(set)
    assert all(members[claim] <= tells[claim] for claim in members.index)


def test_the_codebooks_claims_are_those_that_are_judged():
    claims = ({"id": "toll", "wording": ["People died.", f"{TOLL}."]},)
    result = story(features(codebook=Codebook(claims=claims)), within=None)
    assert set(result.table["claim"]) == {"toll"} and result.params["claims"] == "given"
    assert (result.table["answer"] == "tells").sum() == 3, "the better wording counts"


def test_a_sentence_that_is_pointed_out_tells_the_claim_and_helps_to_find_others():
    far = "Fatalities numbered half a dozen plus one."
    claims = [{"id": "toll", "wording": [far], "told": {"a": 0}}]
    plain = story(features(), claims={"toll": far}, within=None)
    assert set(plain.table["answer"]) == {"not judged"}
    result = story(features(codebook=Codebook(claims=tuple(claims))), within=None)
    assert result.table["answer"].tolist() == ["tells", "tells", "tells", "omits"]
    assert cell(result, "toll", "a")[["p", "rate"]].tolist() == [1, 0]


@pytest.mark.parametrize(
    "told_in, words",
    [({"z": 0}, "article 'z'"), ({"a": 99}, "sentence 99 of 'a', which has the sentences 0 to")],
)
def test_a_sentence_that_is_not_there_is_said(told_in, words):
    claims = ({"id": "toll", "wording": [TOLL], "told": told_in},)
    with pytest.raises(FeaturesError, match=words):
        story(features(codebook=Codebook(claims=claims)), within=None)


@pytest.mark.parametrize("given", [{}, {"a": ""}, {"a": []}, {"a": [TOLL, "?"]}, {"a": 3}, "words"])
def test_claims_without_words_are_refused(planted, given):
    with pytest.raises(OptionError, match="claims"):
        story(planted, claims=given)


def test_a_story_that_is_not_there_is_refused(planted):
    with pytest.raises(OptionError, match="story must be one of"):
        story(planted, story="another")


def test_claims_of_other_texts_are_refused(planted):
    other = tl.claims(features({"a": TEXTS["a"], "b": TEXTS["b"]}), within=None)
    with pytest.raises(OptionError, match="same texts"):
        story(planted, claims=other)


def test_few_articles_and_unknown_models_have_no_rates(told):
    assert told.table.loc[told.table["answer"].isin(["tells", "omits"]), "rate"].notna().all()
    two = story(features({a: TEXTS[a] for a in "ab"}), claims=CLAIMS, within=None)
    assert two.table["rate"].isna().all() and any("Of fewer than 3" in n for n in two.notes)
    model = Encoder()
    embedded = features(encoder=model)
    other = story(embedded, claims=CLAIMS, within=None, encoder=model)
    assert other.table["rate"].isna().all()
    assert any("benchmarks.story --fit" in note for note in other.notes)
    found = story(embedded, within=None)
    assert found.table["rate"].isna().all(), "whatever model is the default"


def test_vectors_of_another_model_are_refused(planted):
    with pytest.raises(FeaturesError, match="embedded by another model"):
        story(planted, claims=CLAIMS, encoder=Encoder())
    tables = {name: planted.table(name) for name in planted.manifest["tables"]}
    unknown = from_tables(tables)
    with pytest.raises(FeaturesError, match="384 dimensions"):
        story(unknown, claims=CLAIMS, encoder=Encoder())


def test_rates_are_counted_and_looked_up_by_bin():
    told = [True] * 3 + [False] * 7 + [True] * 9 + [False]
    answer = np.array(["omits"] * 10 + ["tells"] * 10)
    p = np.array([0.01] * 10 + [0.95] * 10)
    counted = count_rates(pd.DataFrame({"answer": answer, "p": p, "told": told}))
    assert counted[["n", "wrong"]].to_numpy().tolist() == [[10, 3], [10, 1]]
    assert counted["rate"].tolist() == pytest.approx([3.5 / 11, 1.5 / 11], abs=1e-3)
    known = known_rates()
    default = load_encoder().digest
    assert set(known.loc[known["encoder"] == default, "claims"]) == {"given", "found"}
    found = rates(
        np.array(["omits", "unsure", "tells"]), np.array([0.0, 0.3, 1.0]), "given", default
    )
    assert np.isnan(found[1]) and (found[[0, 2]] > 0).all() and (found[[0, 2]] < 0.1).all()
    assert all(edges[0] == 0 and edges[-1] == 1 for edges in BINS.values())
    assert max(OMITTED.values()) < TOLD


def test_a_group_tells_what_one_of_its_articles_tells_and_omits_what_all_omit():
    rows = [
        ("s", "c", "a", "omits", 0.1, 0.1),
        ("s", "c", "b", "tells", 0.9, 0.2),
        ("s", "c", "d", "omits", 0.1, 0.1),
        ("s", "c", "e", "omits", 0.05, 0.3),
    ]
    cells = pd.DataFrame(rows, columns=STORY_CELLS[:6]).reindex(columns=STORY_CELLS)
    grouped = by_group(cells, {"a": "one", "b": "one", "d": "two", "e": "two"}).set_index("group")
    assert grouped["answer"].to_dict() == {"one": "tells", "two": "omits"}
    assert grouped.loc["one", ["article_id", "rate"]].tolist() == ["b", 0.2]
    assert grouped.loc["two", "rate"] == pytest.approx(1 - 0.9 * 0.7)


def test_omissions_count_what_three_others_tell():
    groups = list("vwxyz")
    rows = [("s", f"c{i}", g, "tells") for i in range(4) for g in groups[:3]]
    rows += [("s", f"c{i}", "y", "omits" if i < 3 else "tells") for i in range(4)]
    rows += [("s", f"c{i}", "z", "not judged") for i in range(4)]
    grouped = pd.DataFrame(rows, columns=["story", "claim", "group", "answer"])
    table = omissions(grouped, groups, draws=50, level=0.95, seed=0).set_index("group")
    assert table["n_claims"].tolist() == [1, 1, 1, 4, 0], "two others are too few"
    assert table.loc["y", ["n_omitted", "share"]].tolist() == [3, 0.75]


def test_what_ships_gives_the_same_answers_without_places(planted):
    whole = story(planted, within=None)

    @dataclasses.dataclass
    class Shipment:
        features: object

        @staticmethod
        def measure(_):
            return whole

    made = SHIPS.make(Shipment(planted))
    assert set(made) == set(SHIPS.tables)
    cells = made["story_cells"]
    assert not {"start", "end"} & set(cells) and cells["answer"].equals(whole.table["answer"])
    assert cells.loc[cells["answer"] == "omits", "sentence"].isna().all()
    assert not [c for table in made.values() for c in table if "text" in c or "wording" in c]


@pytest.mark.parametrize("kind", ["matrix", "omissions"])
def test_a_figure_of_one_article_says_why_it_is_empty(kind):
    result = story(features({"a": TEXTS["a"]}))
    figure = pl.story(result, kind=kind)
    assert figure.title.startswith("No claim is told by")


def test_harbours_claims_are_told_as_the_gold_says(harbour):
    """AUC .94 and one omission in twenty wrong on what the formula was fitted on."""
    from sklearn.metrics import roc_auc_score

    gold = pd.read_csv(HARBOUR / "gold" / "claims.csv").set_index("claim_id")["claim"].to_dict()
    spans = pd.read_csv(HARBOUR / "gold" / "claims_articles.csv")
    cells = story(harbour, claims=gold, within=None).table
    known = set(zip(spans["claim_id"], spans["article_id"]))
    told = np.array([key in known for key in zip(cells["claim"], cells["article_id"])])
    assert roc_auc_score(told, cells["p"]) > 0.93
    omits = cells["answer"] == "omits"
    assert told[omits].mean() < 0.08 and omits.sum() > 0.5 * (~told).sum()


def test_claims_are_called_by_the_words_that_are_shown_of_them(planted):
    found = tl.claims(planted, within=None)
    result = story(planted, claims=found, within=None)
    assert result.worded(found.table) is result  # withheld texts: nothing is shown
    said = {c: f"Sentence\n of {c}." for c in found.table["claim"]}
    worded = result.worded(found.table.assign(text=found.table["claim"].map(said)))
    assert worded.claims["label"].tolist() == [f"Sentence of {c}." for c in worded.claims["claim"]]
    assert worded.table is result.table and "label" in result.claims
    if named := result.named_claim(result.stories[0]):
        assert f"“Sentence of {named}”" in worded.finding
    drawn = pl.story(worded)
    assert set(drawn.table["label"]) == set(worded.claims["label"])


def test_a_headline_in_the_text_and_in_the_metadata_is_one(tmp_path):
    title = "Seven killed by falling crane"
    texts = {a: f"{title}\n\n{text}\n" for a, text in TEXTS.items()}
    texts["d"] = f"{FILL}\n"
    folder = write_corpus(
        tmp_path / "small",
        texts,
        title=dict.fromkeys(texts, f"{title}. Two more hurt at the quay"),
        story=dict.fromkeys(texts, "the crane"),
    )
    extract(load(folder), tone=None, parse="none", say=lambda line: None)
    result = story(load(folder), claims=CLAIMS)
    answers = result.table.pivot(index="claim", columns="article_id", values="answer")
    assert answers.loc["closed"].tolist() == ["tells", "omits", "tells", "omits"]


def test_the_subtitle_counts_the_articles_of_the_story_that_is_drawn(told):
    result = told
    many = dataclasses.replace(
        result,
        table=pd.concat(
            [
                result.table,
                *(result.table.assign(story=f"s{i}", article_id=f"x{i}") for i in range(30)),
            ]
        ),
    )
    assert "Columns are" not in pl.story(many, story=result.stories[0]).subtitle


def test_a_claim_of_two_stories_is_about_what_each_tells_of_it():
    rows = [
        (story, "toll", f"{story}{i}", "omits" if i == 3 else "tells")
        for story in "xy"
        for i in range(4)
    ]
    grouped = pd.DataFrame(rows, columns=["story", "claim", "group", "answer"])
    topics = pd.DataFrame(
        {"story": ["x", "y"], "claim": "toll", "kind": "frame", "name": ["loss", "blame"]}
    )
    found = of_what(grouped, topics, 0.95)
    assert found[["group", "name", "n_claims", "n_omitted"]].values.tolist() == [
        ["x3", "loss", 1, 1],
        ["y3", "blame", 1, 1],
    ]
