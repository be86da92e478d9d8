"""Warnings before a run: what will be left out, and what should be looked at."""

import pandas as pd
import pytest

from analysis.corpus import load
from analysis.features import load_features, save
from analysis.foresight import _some, foresee
from tests.invented import news
from tests.small import CODEBOOK, csv_of, extract_small, put, told, write_corpus

FULL = CODEBOOK + "use: [label_families, axes]\n"


def corpus(tmp_path, texts=3, codebook=FULL, **columns):
    names = "abcdefgh"[:texts]
    return write_corpus(
        tmp_path / "small",
        {name: f"The mayor came on day {name}.\n" for name in names},
        codebook=codebook,
        **columns,
    )


def test_a_corpus_that_has_everything_is_not_warned_of(tmp_path):
    assert foresee(corpus(tmp_path)) == []


@pytest.mark.parametrize("section", ["actors", "frames", "dictionaries"])
def test_what_the_codebook_lacks_is_said_with_what_is_left_out(tmp_path, section):
    parts = FULL.split("\n")
    starts = [i for i, line in enumerate(parts) if line and not line.startswith(" ")]
    first = next(i for i in starts if parts[i] == f"{section}:")
    rest = parts[:first] + parts[next((i for i in starts if i > first), None) :]
    if section == "actors":
        rest = [line for line in rest if not line.startswith("tone")]
    found = foresee(corpus(tmp_path, codebook="\n".join(rest)))
    assert told(found, "codebook.yml", f"no {section}", "left out", "add") and len(found) == 1


def test_an_actor_who_occurs_nowhere_is_named(tmp_path):
    more = "actors:\n  nobody: {name: Nora Nobody, aliases: [Ms  Nobody]}"
    folder = corpus(tmp_path, codebook=FULL.replace("actors:", more))
    assert told(foresee(folder), "codebook.yml", "some actors", "(nobody)")
    put(folder / "articles" / "a.txt", "“The mayor and MS\nNOBODY’s friends met.”")
    assert foresee(folder) == []


@pytest.mark.parametrize(
    "texts, columns, words",
    [
        (1, {}, "one article has none to be compared with"),
        (2, {}, "two articles make no groups"),
        (3, {"published": dict.fromkeys("abc", "")}, "published is empty everywhere"),
        (3, {"published": {"b": ""}}, "published is empty in 1 of 3 rows, first that of b"),
        (3, {"outlet": dict.fromkeys("abc", "")}, "outlet is empty everywhere"),
        (3, {"outlet": dict.fromkeys("abc", "Echo")}, "all articles are of one outlet (Echo)"),
    ],
)
def test_what_the_metadata_lack_is_said(tmp_path, texts, columns, words):
    folder = corpus(tmp_path, texts, **columns)
    found = foresee(folder)
    assert told(found, "metadata.csv", words) and len(found) == 1


def test_languages_without_a_grammar_are_said(tmp_path):
    folder = corpus(tmp_path)
    put(folder / "corpus.yml", (folder / "corpus.yml").read_text().replace("[en]", "[en, de-AT]"))
    lines = (folder / "metadata.csv").read_text().splitlines()
    put(folder / "metadata.csv", "\n".join([*lines[:-1], lines[-1].replace("en", "de-AT")]) + "\n")
    words = "1 of 3 articles are in another language", "(de)"
    assert told(foresee(folder), "metadata.csv", *words) and len(foresee(folder)) == 1


def test_headlines_beside_withheld_texts_are_said(tmp_path):
    folder = corpus(tmp_path, title={"a": "Mayor came"}, subtitle={})
    assert foresee(folder) == [], "shared texts"
    put(folder / "corpus.yml", (folder / "corpus.yml").read_text().replace("shared", "withheld"))
    assert told(foresee(folder), "metadata.csv", "holds title,", "git carries", row=1)


def test_components_that_could_not_be_extracted_are_said(tmp_path):
    folder = corpus(tmp_path)
    features = extract_small(folder)
    assert foresee(folder) == []
    tables = {name: features.table(name) for name in features.manifest["tables"]}
    failed = pd.DataFrame({"article_id": ["b"], "component": ["quotes"], "key": ["failed: odd"]})
    keys = pd.concat([tables["keys"], failed], ignore_index=True)
    tables["keys"] = keys.sort_values("article_id", kind="stable", ignore_index=True)
    about = {name: features.manifest[name] for name in ("languages", "entries", "codebook")}
    save(
        folder / "private",
        tables,
        form="private",
        corpus=features.corpus,
        digest=features.digest,
        **about,
    )
    assert "failed: odd" in set(load_features(folder / "private").table("keys")["key"])
    assert told(foresee(folder), "private", "quotes could not be extracted from b (odd)")


def test_a_corpus_of_many_outlets_is_warned_of_its_titles_only(tmp_path):
    from analysis.scaffold import new_corpus

    folder = new_corpus("life", root=tmp_path, paths=put(tmp_path / "t.csv", csv_of(news(24, 8))))
    assert len(load(folder).metadata) == 24
    assert all("title" in w.problem or "actor" in w.problem for w in foresee(folder))


def test_that_no_actor_occurs_anywhere_is_said_as_such(tmp_path):
    folder = corpus(tmp_path, codebook=FULL.replace("Ada Mayor, aliases: [Mayor]", "Nora Nobody"))
    assert told(foresee(folder), "codebook.yml", "no actor occurs in an article (mayor)")


@pytest.mark.parametrize("n, said", [(5, "a, b, c, d, e"), (7, "a, b, c, d, e and 2 others")])
def test_five_names_are_said_and_how_many_more(n, said):
    assert _some(list("abcdefg"[:n])) == said


def test_one_outlet_beside_articles_without_any_is_not_called_the_only_one(tmp_path):
    folder = corpus(tmp_path, outlet={"a": "Echo", "b": "Echo", "c": ""})
    (only,) = foresee(folder)
    assert "outlet is empty in 1 of 3 rows" in only.problem
