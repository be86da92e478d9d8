"""Stories and affairs of articles: planted events, both forms, and every measure by and within."""

import functools
import importlib
import inspect

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from analysis import load, share, tl
from analysis.errors import FeaturesError, OptionError
from analysis.events import story_of
from analysis.extract.memory import extract_articles
from analysis.features import load_features
from analysis.io.article import Article
from analysis.tl.stories import SHIPS, stories
from tests.invented import OUTLETS
from tests.planted_stories import planted
from tests.quick import quick_models, shared_sooner
from tests.small import extract_small, put, quiet, write_corpus

EVENTS = [[0, 1, 1, 2], [0, 1, 1, 2], [3, 3, 4, 4], [8, 9, 9, 10], [8, 8, 9, 9], [20]]


def features_of(texts, days, outlets=None, **columns):
    outlets = outlets or {a: OUTLETS[int(a[-2:]) % 3] for a in texts}
    rows = {a: {"published": days.get(a, ""), "outlet": outlets[a]} for a in texts}
    for name, cells in columns.items():
        for a in texts:
            rows[a][name] = cells[a]
    return extract_articles([Article(a, t, "en", rows[a]) for a, t in texts.items()])


def test_articles_stories_and_outlets_are_those_that_were_planted():
    texts, days, truth = planted(EVENTS)
    result = stories(features_of(texts, days))
    table = result.table
    assert table["article_id"].tolist() == list(texts)
    assert adjusted_rand_score(list(truth.values()), table["story"]) == 1
    assert len(result.stories) == 6 and not table["named"].any()
    first = result.stories.set_index("story").loc["2024-03-01-e000a00"]
    assert (first["n_articles"], first["n_outlets"]) == (4, 3)
    assert first["outlets"] == "Lantern | Echo | Herald"  # the first has two articles
    assert (first["first"], first["last"]) == (
        pd.Timestamp("2024-03-01"),
        pd.Timestamp("2024-03-03"),
    )
    assert result.stories["n_outlets"].is_monotonic_decreasing
    assert result.stories["n_articles"].sum() == len(texts)
    assert result.finding.startswith("Five of 6 stories are told by two outlets or more; most by 3")


def test_words_of_a_story_are_those_of_its_event():
    texts, days, _ = planted(EVENTS)
    result = stories(features_of(texts, days))
    for row in result.stories[result.stories["n_articles"] > 1].itertuples():
        mine = [
            texts[a].lower() for a in result.table["article_id"][result.table["story"] == row.story]
        ]
        said = row.words.split(", ")
        assert len(said) == 5
        for word in said:
            assert sum(word.lower() in text for text in mine) >= len(mine) / 2
        others = [t.lower() for a, t in texts.items() if t.lower() not in mine]
        assert not any(word.lower() in text for word in said for text in others)


def test_headlines_count_twice_and_name_the_story(tmp_path):
    texts = {f"x{i}": f"Nobody{i} had seen{i} what{i} came{i}." for i in range(4)}
    titles = {
        "x0": "Bridge of Elva fell",
        "x1": "Bridge of Elva falls",
        "x2": "",
        "x3": "Medal won",
    }
    folder = write_corpus(tmp_path / "mine", texts, title=titles)
    extract_small(folder)
    result = stories(load(folder))
    assert result.table["story"].iloc[0] == result.table["story"].iloc[1]
    assert result.table["story"].nunique() == 3
    assert result.stories["title"].iloc[0] in ("Bridge of Elva fell", "Bridge of Elva falls")
    assert "“Bridge of Elva fell" in result.finding


def test_a_thread_of_days_is_one_affair_of_several_stories():
    texts, days, _ = planted([[0, 1, 2, 12, 13, 14, 24, 25], [0, 1, 30, 31], [5, 6]])
    result = stories(features_of(texts, days))
    by_event = result.table.groupby(result.table["article_id"].str[:4])
    assert by_event["story"].nunique().tolist() == [3, 2, 1]
    assert by_event["affair"].nunique().tolist() == [1, 2, 1]  # 29 days are too many
    affair = result.affairs.iloc[0]
    assert (affair["n_stories"], affair["n_articles"]) == (3, 8)
    assert affair["affair"] == "2024-03-01-e000a00"
    assert (affair["last"] - affair["first"]).days == 25
    near = stories(features_of(texts, days), affair_days=9)
    assert near.affairs["n_stories"].max() == 1
    assert near.table["story"].tolist() == result.table["story"].tolist()


def test_other_options_find_other_stories():
    texts, days, _ = planted([[0, 3], *[[d] for d in range(30)]])
    features = features_of(texts, days)
    assert len(stories(features).stories) == 31
    for options in ({"days": 2}, {"span": 2}, {"threshold": 1}):
        assert len(stories(features, **options).stories) == 32, options
    assert len(stories(features, threshold=0, days=99, span=99).stories) == 1
    first = stories(features, words=1)
    assert first.params["words"] == 1 and len(first.stories) == 32


@pytest.mark.parametrize(
    ("option", "value"),
    [("days", -1), ("span", "7"), ("threshold", 1.1), ("words", 0), ("common", None)]
    + [("affair_days", -1), ("affair_threshold", np.nan)],
)
def test_options_that_are_not_allowed(option, value):
    texts, days, _ = planted([[0, 1]])
    with pytest.raises(OptionError, match=f"^{option} must be"):
        stories(features_of(texts, days), **{option: value})


def test_notes_say_what_was_named_undated_or_in_several_languages():
    texts, days, _ = planted([[0, 1, 2], [0, 1]])
    assert stories(features_of(texts, days)).notes == ()
    some = stories(features_of(texts, days | {"e000a00": ""}))
    assert "1 of 5: e000a00" in some.notes[0] and "stories.csv" in some.notes[0]
    none = stories(features_of(texts, {}))
    assert "words alone" in none.notes[0]
    named = stories(features_of(texts, days).with_stories({"e000a00": "Fire"}))
    assert "named the story of 1 of 5 articles" in named.notes[0]
    assert named.table["named"].tolist() == [True, *[False] * 4]
    languages = [
        Article(a, t, "de" if i % 2 else "en", {"published": days[a]})
        for i, (a, t) in enumerate(texts.items())
    ]
    assert "two languages" in stories(extract_articles(languages)).notes[-1]


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ([[0]], "The one article tells of one event: "),
        ([[0, 1, 2]], "All 3 articles of 3 outlets tell of one event: "),
    ],
)
def test_findings_of_few_articles(events, said):
    texts, days, _ = planted(events)
    assert stories(features_of(texts, days)).finding.startswith(said)


def test_finding_where_each_article_tells_of_another_event():
    texts = {"a1": "The mayor opened a bridge.", "b1": "Nine dancers won medals abroad."}
    days = dict.fromkeys(texts, "2024-03-01")
    result = stories(features_of(texts, days, outlets=dict.fromkeys(texts, "Echo")))
    assert result.finding == "No two of 2 articles tell of one event"


def test_finding_where_no_outlet_is_known():
    texts, days, _ = planted([[0, 1, 2], [0]])
    finding = stories(features_of(texts, days, outlets=dict.fromkeys(texts, ""))).finding
    assert finding.startswith("One of 2 events has several articles, most of them ")


# --- both forms, and all measures ---


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """A corpus of lifelike articles of three events, extracted and shared."""
    folder = tmp_path_factory.mktemp("stories") / "corpus" / "mine"
    texts, days, truth = planted([[0, 1, 1, 2], [0, 1, 2, 2], [8, 8, 9, 9]])
    frame = "Ada Mayor clashed with the Council. Nobody accused the embattled Mayor. {} A bad day."
    texts = {a: frame.format(t) + f" “It is {a},” Mayor said." for a, t in texts.items()}
    outlets = {a: OUTLETS[int(a[-2:]) % 2] for a in texts}
    titles = {a: f"Event {truth[a]}" for a in texts}
    columns = {"outlet": outlets, "published": days, "title": titles}
    write_corpus(folder, texts, codebook=CODEBOOK, **columns)
    with quick_models():
        with shared_sooner():
            share(load(folder), out=folder.parent / "mine.zip", say=quiet)
    with pytest.MonkeyPatch.context() as patch:  # twelve are enough to permute articles
        patch.setattr(importlib.import_module("analysis.tl.axes"), "ENOUGH_ARTICLES", len(texts))
        yield folder, truth


CODEBOOK = """\
actors:
  mayor: {name: Ada Mayor, aliases: [Mayor], side: town}
  council: {name: The Council, aliases: [Council], side: land}
frames:
  conflict: {description: Disagreement, words: [clash*, accus*, sharp words]}
axes:
  good-bad: {low: [bad, worse], high: [good, better]}
dictionaries:
  mine: {file: mine.csv, language: en}
tone: [mayor]
"""


def test_the_shared_form_has_the_stories_that_were_found_where_the_texts_are(shipped):
    folder, truth = shipped
    private, archive = load_features(folder / "private"), load(folder.parent / "mine.zip")
    here, there = stories(private), stories(archive)
    assert adjusted_rand_score(list(truth.values()), here.table["story"]) == 1
    columns = ["article_id", "story", "affair"]
    pd.testing.assert_frame_equal(here.table[columns], there.table[columns], check_dtype=False)
    assert story_of(archive.features).tolist() == here.table["story"].tolist()
    sent = archive.features.result("stories")
    assert sent.columns.tolist() == columns
    ids = set(here.table["article_id"])
    names = set(sent["story"]) | set(sent["affair"])
    assert {name[len("2024-03-01-") :] for name in names} <= ids  # days and ids, no words
    assert SHIPS.tables == ("stories",)
    assert not (there.stories["title"] != "").any() and (there.stories["words"] != "").all()


def test_an_archive_of_before_finds_them_by_its_words(shipped):
    folder, truth = shipped
    features = load_features(folder / "features")
    features.manifest["results"] = {}
    result = stories(features)
    assert adjusted_rand_score(list(truth.values()), result.table["story"]) == 1
    assert any("no order of words" in note for note in result.notes)


WITHIN = [
    verb for verb in tl.__all__ if "within" in inspect.signature(getattr(tl, verb)).parameters
]
BY = [verb for verb in tl.__all__ if "by" in inspect.signature(getattr(tl, verb)).parameters]
QUICK = {"draws": 20, "permutations": 19}
opened = functools.cache(load_features)


def measured(verb, features, **options):
    measure = getattr(tl, verb)
    has = inspect.signature(measure).parameters
    options |= {name: value for name, value in QUICK.items() if name in has}
    if verb == "stance":
        options |= {"towards": "town", "against": "land"}
    if verb == "word_shift" and "a" not in options:
        options |= {"a": OUTLETS[0], "b": OUTLETS[1]}
    with quick_models():
        return measure(features, **options)


@pytest.mark.short(
    *(f"{v}-private" for v in WITHIN if v != "story"), "claims-features", "keyness-features"
)
@pytest.mark.parametrize("form", ["private", "features"])
@pytest.mark.parametrize("verb", WITHIN)
def test_within_story_is_within_a_column_that_says_the_same(shipped, verb, form):
    features = opened(shipped[0] / form)
    named, by = WithStories(features), {"by": "outlet"} if verb in BY else {}
    if form == "features" and verb in ("claims", "story"):  # which found them within its stories
        with pytest.raises(FeaturesError, match="ordered words and embeddings"):
            measured(verb, named, within="event", **by)
        return
    expected = measured(verb, named, within="event", **by)
    found = measured(verb, features, within="story", **by)
    pd.testing.assert_frame_equal(found.table, expected.table)


@pytest.mark.short(*(f"{verb}-private" for verb in BY), "voices-features", "reuse-features")
@pytest.mark.parametrize("form", ["private", "features"])
@pytest.mark.parametrize("verb", BY)
def test_by_story_compares_stories(shipped, verb, form):
    features = opened(shipped[0] / form)
    names = list(dict.fromkeys(story_of(features)))
    options = {"a": names[0], "b": names[1]} if verb == "word_shift" else {}
    result = measured(verb, features, by="story", **options)
    assert result.params["by"] == "story"
    if verb != "lineage":  # whose rows are articles
        some = names[:2] if verb == "word_shift" else names
        assert set(result.groups["group"]) == set(some)
    assert "e000a00" not in " ".join(result.groups["label"])  # a headline, or words


class WithStories:
    """Features whose articles have a column `event` that says the stories."""

    def __new__(cls, features):
        named = features.with_stories({})
        table, found = named.table, story_of(features).to_numpy()

        def with_event(name, columns=None):
            rows = table(name, None if name == "articles" else columns)
            if name == "articles":
                rows = rows.assign(event=found)
                return rows if columns is None else rows[columns]
            return rows

        named.table = with_event
        return named


def test_stories_csv_beside_shared_features_goes_before_what_was_shipped(shipped):
    folder, _ = shipped
    put(folder / "stories.csv", "article_id,story\ne000a00,Fire\ne001a00,Fire\n")
    try:
        result = stories(load(folder))
    finally:
        (folder / "stories.csv").unlink()
    assert result.table.set_index("article_id")["story"][["e000a00", "e001a00"]].eq("Fire").all()
    assert set(result.table["affair"]) <= set(result.table["story"])
    assert result.table["named"].sum() == 2
