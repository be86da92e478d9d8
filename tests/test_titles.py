"""Headlines: extracted from the metadata and measured on their own, never shipped."""

import pandas as pd
import pytest

import analysis as tw
from analysis.errors import FeaturesError, OptionError
from analysis.scaffold import new_corpus
from tests.quick import Tone, quick_models, shared_sooner
from tests.small import quiet

TITLES = ["Brandt attacks the bridge plan", "", "Harbour chief Brandt wins", "Calm returns"]
TEXTS = [
    "The council met on Monday. Nobody spoke of Ola Brandt.",
    "Ola Brandt was absent. The harbour was calm.",
    "Ships waited for the tide. They left at noon.",
    "A monster of a storm passed. Ola Brandt slept.",
]
CODEBOOK = """
actors:
  brandt: {name: Ola Brandt, aliases: [Brandt]}
frames:
  conflict: {words: [attack*, wins]}
labels:
  office: {words: [chief]}
"""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    root = tmp_path_factory.mktemp("titles")
    rows = {"id": list("abcd"), "title": TITLES, "text": TEXTS, "outlet": list("xxyy")}
    pd.DataFrame(rows).to_csv(root / "t.csv", index=False)
    folder = new_corpus("t", root=root, paths=root / "t.csv")
    (folder / "codebook.yml").write_text(CODEBOOK, encoding="utf-8")
    tw.extract(tw.load(folder), encoder=None, tone=Tone(), say=quiet)
    return tw.load(folder)


def test_articles_without_a_title_have_no_headline(corpus):
    assert corpus.features.titles.article_ids == ["a", "c", "d"]
    assert corpus.features.article_ids == list("abcd")


def test_frames_of_headlines_are_not_those_of_bodies(corpus):
    found = {part: tw.tl.frames(corpus, part=part, draws=10) for part in ("title", "body")}
    assert found["title"].table["n_hits"].tolist() == [1, 1, 0]
    assert found["body"].table["n_hits"].sum() == 0
    assert found["title"].params["measured_on"] == "private features of headlines"


def test_labels_keyness_and_tone_take_headlines(corpus):
    labels = tw.tl.labels(corpus, by="article_id", part="title", draws=1)
    assert labels.uses["label"].tolist() == ["chief"]  # "Harbour" begins the headline
    words = tw.tl.keyness(corpus, by="outlet", part="title", draws=1, min_count=1)
    assert "attacks" in set(words.table["term"]) and "monster" not in set(words.table["term"])
    tone = tw.tl.tone(corpus, by="outlet", part="title", draws=1)
    assert len(tone.mentions) == 2


def test_offsets_point_into_the_headline(corpus):
    uses = tw.tl.labels(corpus, by="article_id", part="title", draws=1).uses
    assert tw.show(uses, corpus, part="title", withheld=True)["text"].tolist() == ["chief"]


def test_a_corpus_without_titles_says_what_to_do(corpus, tmp_path):
    with pytest.raises(OptionError, match="part must be one of"):
        tw.tl.frames(corpus, part="lead")
    rows = {"id": ["a"], "text": TEXTS[:1]}
    pd.DataFrame(rows).to_csv(tmp_path / "t.csv", index=False)
    folder = new_corpus("t", root=tmp_path, paths=tmp_path / "t.csv")
    tw.extract(tw.load(folder), encoder=None, tone=None, say=quiet)
    with pytest.raises(FeaturesError, match="column `title`"):
        tw.tl.frames(tw.load(folder), part="title")


def test_no_headline_is_shipped(corpus, tmp_path):
    with quick_models(), shared_sooner():
        tw.share(corpus, out=tmp_path / "t.zip")
    shipped = tw.load(tmp_path / "t.zip")
    assert not shipped.features.table("articles")["title"].any()
    with pytest.raises(FeaturesError, match="holds no headlines"):
        tw.tl.frames(shipped, part="title")
    for path in (corpus.folder / "features").rglob("*.parquet"):
        cells = (
            pd.read_parquet(path).select_dtypes(["object", "str"]).astype(str).to_numpy().ravel()
        )
        assert not any("attacks" in cell for cell in cells), path
