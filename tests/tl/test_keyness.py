"""Keyness beside chance: planted words, exchangeable groups, a naive permutation, backgrounds,
phrases, and what the shared form is given.
"""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus import Corpus
from analysis.errors import FeaturesError, OptionError
from analysis.features import SHARED, Features, from_tables
from analysis.groups import group_articles
from analysis.inference import generator
from analysis.pl import keyness as draw
from analysis.pl.style import BLUE
from analysis.shared_form import shared_tables
from analysis.store import Shipment
from analysis.text.tokens import words_of
from analysis.tl._contrast import CONTRAST
from analysis.tl._null import STEP, Tail, steps
from analysis.tl._own_words import formula_words, own_name_words
from analysis.tl._words import phrase_counts, word_counts
from analysis.tl.keyness import SHIPPED_PHRASES, SHIPS, keyness
from tests.memory import features_of, with_column
from tests.pl.legibility import faults

FILLER = "the crew loaded boxes while gulls watched the water and trucks waited near sheds "
WORDS = (
    "crew boxes gulls water trucks sheds rope crane harbour storm ledger tide union bridge market"
    " council engine signal window garden".split()
)


def sentences(rng, n, *, length=8, extra=()):
    """Sentences of words drawn evenly; `extra` goes into every second one."""
    said = []
    for i in range(n):
        words = [*rng.choice(WORDS, length), *(extra if i % 2 else ())]
        said.append(" ".join(words).capitalize() + ".")
    return " ".join(said)


def articles(seed, n_articles, n_groups, *, n=6, planted=None):
    rng = np.random.default_rng(seed)
    texts = {
        f"a{i}": sentences(rng, n, extra=planted.get(i % n_groups, ()) if planted else ())
        for i in range(n_articles)
    }
    return features_of(texts, outlets={a: f"Outlet {i % n_groups}" for i, a in enumerate(texts)})


def as_shared(private, results=None):
    """The shared form in memory, with these result tables."""
    tables = shared_tables(private, b"k" * 32, say=lambda line: None)
    made = from_tables(tables, form=SHARED, corpus=private.corpus)
    if results is None:
        return made

    class Shipping(Features):
        def has_result(self, name):
            return name in results

        def result(self, name):
            return results[name]

    return Shipping(made.manifest, made._read, made.where)


def shipped(private, articles):
    """The tables that keyness ships, for the shared form's `articles`."""
    return SHIPS.make(Shipment(SimpleNamespace(features=private), articles, None))


def test_a_planted_word_passes_and_no_other_does():
    result = keyness(articles(1, 24, 3, planted={0: ("scandal",)}), by="outlet", draws=400)
    passing = result.table.query("p_adjusted <= 0.05 and z > 0")
    assert passing[["group", "term"]].values.tolist() == [["Outlet 0", "scandal"]]
    assert result.params["unit"] == "article" and result.verdict == "beyond chance"
    assert passing["false_discovery"].iloc[0] < 0.05


def named_after(*, repeated="", author=""):
    """Three outlets of eight articles; those of the Gazette Monitor say its name in each."""
    rng, texts, outlets = np.random.default_rng(4), {}, {}
    for i in range(24):
        mine = f"At {i} the Gazette wrote it. Such a monitor helps {i}." if i % 3 == 0 else ""
        texts[f"a{i}"] = f"{sentences(rng, 6)} {mine} {repeated if i % 3 == 1 else ''} {author}"
        outlets[f"a{i}"] = ("Gazette Monitor", "The Post", "Echo")[i % 3]
    return with_column(features_of(texts, outlets=outlets), "author", "Ada Orr; Tom Hale's")


def test_an_outlets_own_name_is_not_compared_in_its_group_and_any_other_word_is():
    features, draw = named_after(), {"by": "outlet", "draws": 200}
    every, usual = keyness(features, own_names=True, **draw), keyness(features, **draw)
    sure = every.table[every.beyond_chance & (every.table["z"] > 0)]
    assert {"gazette", "monitor"} <= set(sure["term"])
    left = usual.table.set_index(["group", "term"])
    assert ("Gazette Monitor", "gazette") not in left.index  # a name there
    assert ("Echo", "gazette") in left.index  # no name of its own
    assert ("Gazette Monitor", "monitor") in left.index  # no name in its articles
    columns = ["count", "count_rest", "z"]
    same = every.table.set_index(["group", "term"]).loc[left.index, columns]
    pd.testing.assert_frame_equal(same, left[columns])
    assert any("own name in its group (gazette)" in note for note in usual.notes)
    assert not any("own name" in note for note in every.notes)
    # nor does it count among the words that reach a threshold, or in the phrases
    counted = [
        r.chance.query("group == 'Gazette Monitor' and n_words == 1") for r in (every, usual)
    ]
    assert (counted[0]["observed"].iloc[0] - counted[1]["observed"].iloc[0]) == 1
    phrases = keyness(features, stop_words=True, **draw).phrases
    assert "gazette wrote" not in set(phrases.query("group == 'Gazette Monitor'")["term"])
    assert "gazette wrote" in set(phrases.query("group == 'Echo'")["term"])


def test_aliases_of_an_outlet_are_its_names():
    features = named_after()
    corpus = Corpus.__new__(Corpus)
    object.__setattr__(corpus, "datasheet", {"outlets": {"Echo": {"aliases": ["Gazette"]}}})
    groups = group_articles(features, "outlet")
    terms = pd.Index(["gazette", "gazette wrote", "crew"])
    found = own_name_words(features, corpus.outlets, groups, terms)
    assert groups.names[0] == "Gazette Monitor" and found[0].tolist() == [True, True, False]
    # the Echo's articles do not say it
    assert not found[1:].any()


def test_authors_are_not_counted_in_their_articles():
    features = named_after(author="Later that day Ada Orr asked Tom why it sank.")
    words, every = (
        word_counts(features, unit="article", names=True, stop_words=True, own_names=own)
        for own in (False, True)
    )
    assert {"ada", "orr", "tom"} <= set(every.terms)
    assert set(every.terms) - set(words.terms) == {"ada", "orr", "tom"}
    phrases = phrase_counts(features, unit="article", names=True, stop_words=True, own_names=False)
    assert not {"ada orr", "day ada", "asked tom"} & set(phrases.terms)


def test_a_sentence_that_an_outlet_repeats_counts_once_and_so_credit_lines_never():
    said = "Get the paper every morning. Rain fell on Monday. Yes."
    credited = "The Associated Press contributed to this report."
    features = named_after(repeated=f"{said} {credited}")
    left_out = formula_words(features)
    kinds = {"unit": "article", "names": True, "stop_words": True}
    words = word_counts(features, left_out=left_out, **kinds)
    every = word_counts(features, **kinds)
    totals, before = (pd.Series(c.matrix.sum(axis=0), c.terms) for c in (words, every))
    assert before[["paper", "rain", "yes"]].tolist() == [8, 8, 8] and "contributed" in before
    assert totals[["paper", "rain", "yes"]].tolist() == [1, 1, 8] and "contributed" not in totals
    assert before.drop(totals.index).index.difference(words_of(f"{said} {credited}")).empty
    # the words of every other sentence are as they were
    lost = (before - totals.reindex(before.index, fill_value=0)).loc[lambda n: n > 0]
    assert set(lost.index) <= set(words_of(f"{said} {credited}"))
    phrases = phrase_counts(features, left_out=left_out, **kinds)
    assert phrases.matrix[:, phrases.terms.get_loc("the paper")].sum() == 1
    by_sentence = word_counts(features, left_out=left_out, **(kinds | {"unit": "sentence"}))
    assert by_sentence.matrix.sum() == words.matrix.sum()
    assert words.matrix.sum() == every.matrix.sum() - left_out.sum()
    noted = keyness(features, by="outlet", draws=20).notes
    assert any(f"{left_out.sum()} words" in note and "3 or more articles" in note for note in noted)
    kept = keyness(features, by="outlet", draws=20, formulas=True)
    assert kept.table.query("term == 'paper' and group == 'The Post'")["count"].item() == 8


def test_sentences_of_two_outlets_or_of_none_are_no_formula():
    rng = np.random.default_rng(0)
    texts = {f"a{i}": f"{sentences(rng, 3)} Get the paper every morning." for i in range(6)}
    for outlets in ({a: f"Outlet {i // 2}" for i, a in enumerate(texts)}, dict.fromkeys(texts, "")):
        assert not formula_words(features_of(texts, outlets=outlets)).any()


@pytest.mark.parametrize(("n_articles", "unit"), [(24, "article"), (6, "sentence")])
@pytest.mark.long
def test_exchangeable_groups_pass_as_seldom_as_the_level_says(n_articles, unit):
    passed, features, rng = [], articles(100, n_articles, 3), np.random.default_rng(7)
    for _ in range(30):
        drawn = rng.permutation(np.arange(n_articles) % 3)
        result = keyness(features, by=dict(zip(features.article_ids, map(str, drawn))), draws=100)
        assert result.params["unit"] == unit
        passed.append(result.table["p_adjusted"].min() <= 0.05)
    assert (
        np.mean(passed) <= 0.15
    )  # 0.05 is expected, and more than 4 of 30 come about twice in a hundred times


def test_articles_that_each_have_a_word_of_their_own_are_no_outlets_words():
    """Words that cluster in single articles: permuting sentences would take them for the outlet's,
    permuting articles does not.
    """
    rng = np.random.default_rng(5)
    own = [w + "ish" for w in WORDS] + [w + "ful" for w in WORDS]
    texts = {f"a{i}": sentences(rng, 10, extra=(own[i],)) for i in range(24)}
    outlets = {a: f"Outlet {i % 3}" for i, a in enumerate(texts)}
    result = keyness(features_of(texts, outlets=outlets), by="outlet", draws=300)
    assert result.params["unit"] == "article" and not (result.table["p_adjusted"] <= 0.05).any()


def test_chance_is_that_of_a_naive_permutation():
    features = articles(3, 4, 2, n=4, planted={0: ("scandal",)})
    draws = 60
    result = keyness(features, by="outlet", draws=draws, min_count=1, prior=20.0)
    terms = features.table("terms")
    outlet = dict(zip(features.article_ids, features.table("articles")["outlet"]))
    units = features.table("sentences", ["article_id", "sentence"])
    words = sorted(set(result.table["term"]))
    matrix = np.zeros((len(units), len(words)))
    place = {key: i for i, key in enumerate(units.itertuples(index=False, name=None))}
    for row in terms.itertuples():
        if row.term in words:
            matrix[place[row.article_id, row.sentence], words.index(row.term)] += row.count
    labels = np.array([int(outlet[a][-1]) for a in units["article_id"]])

    def z_of(labels):
        y = np.array([matrix[labels == g].sum(axis=0) for g in (0, 1)])
        alpha, n = 20 * y.sum(axis=0) / y.sum(), y.sum(axis=1)
        z = []
        for g in (0, 1):
            i, j, ni, nj = y[g], y[1 - g], n[g], n[1 - g]
            delta = np.log((i + alpha) / (ni + 20 - i - alpha)) - np.log(
                (j + alpha) / (nj + 20 - j - alpha)
            )
            z.append(delta / np.sqrt(1 / (i + alpha) + 1 / (j + alpha)))
        return np.abs(z)

    rng = generator(0, "keyness", "1")
    permuted = [z_of(labels[np.argsort(rng.random(len(labels)))]) for _ in range(draws)]
    observed = z_of(labels)
    floor = lambda z: np.floor(z / STEP + 1e-6)  # noqa: E731
    for g in (0, 1):
        table = result.table[result.table["group"] == f"Outlet {g}"].set_index("term")
        for w, word in enumerate(words):
            reached = sum(floor(s).max() >= floor(observed[g, w]) for s in permuted)
            assert table.loc[word, "p_adjusted"] == pytest.approx((1 + reached) / (draws + 1))
        row = result.chance[
            (result.chance["group"] == f"Outlet {g}") & (result.chance["n_words"] == 1)
        ].iloc[0]
        counts = [(s[g] >= 1.96 - 1e-6).sum() for s in permuted]
        assert (row["threshold"], row["observed"]) == (1.96, (observed[g] >= 1.96 - 1e-6).sum())
        assert row["expected"] == pytest.approx(np.mean(counts)) and row["high"] == pytest.approx(
            np.quantile(counts, 0.975)
        )
        strongest = floor(observed[g]).max()
        share = (
            np.mean([(floor(s[g]) >= strongest).sum() for s in permuted])
            / (floor(observed[g]) >= strongest).sum()
        )
        assert table["false_discovery"].min() <= share + 1e-12


@given(
    st.lists(st.floats(0, 60), min_size=1, max_size=30),
    st.lists(st.floats(0, 60), min_size=1, max_size=30),
)
def test_a_tail_is_the_same_after_shipping(one, two):
    def share_of(z):
        return np.bincount(steps(np.array(z)), minlength=5001)[::-1].cumsum()[::-1] / 7

    tail = Tail(np.stack([share_of(one), share_of(two)]), share_of(one))
    again = Tail.read(tail.table(["x", "y"]), ["x", "y"])
    assert np.array_equal(again.words, tail.words) and np.array_equal(again.largest, tail.largest)


def test_identical_articles_differ_by_nothing():
    text = "The crew loaded boxes. Gulls watched the water. Trucks waited near sheds."
    result = keyness(features_of({"a": text, "b": text}), draws=50)
    assert (
        np.allclose(result.table["z"], 0)
        and (result.table["p_adjusted"] == 1).all()
        and (result.table["false_discovery"] == 1).all()
    )
    assert result.verdict == "suggestive" and result.notes[0].startswith("Suggestive")


def test_groups_may_be_the_users_own():
    features = articles(4, 6, 2)
    own = pd.Series({"a0": "left", "a1": "right", "a2": "left", "a3": ""})
    result = keyness(features, by=own, draws=20)
    assert result.group_names == ["left", "right", "(unknown)"] and result.params["by"] == "(given)"
    assert any("2 articles that `by` does not name" in note for note in result.notes)
    counted = word_counts(features, unit="article", names=True, stop_words=False)
    assert result.table.query("group == 'left'")["count"].sum() <= counted.matrix[[0, 2]].sum()


@pytest.mark.parametrize(
    "by", [{"nobody": "left"}, {}, 3, pd.Series(["x", "y"], index=["a0", "a0"])]
)
def test_wrong_groups_are_refused(by):
    with pytest.raises(OptionError, match="by must be"):
        keyness(articles(4, 4, 2), by=by)


def test_the_groups_sentences_stay_as_many():
    """An outlet with one article and one with five: permuting keeps one group small."""
    features = articles(6, 6, 6)
    own = {f"a{i}": "small" if i == 0 else "large" for i in range(6)}
    result = keyness(features, by=own, draws=100)
    small, large = (
        result.chance[(result.chance["group"] == g) & (result.chance["n_words"] == 1)][
            "expected"
        ].to_numpy()[0]
        for g in ("small", "large")
    )
    assert small == pytest.approx(large)  # the same words, seen from either side


def test_within_stories_a_words_outlet_is_found_that_the_stories_hide():
    """Each story has its own words, which all three outlets use; one outlet has a word more.

    Permuted freely, whole stories fall to an outlet.
    """
    rng = np.random.default_rng(31)
    texts, about, outlets = {}, {}, {}
    for story in range(12):
        own = [f"{WORDS[story]}{end}" for end in ("ish", "ful", "ness")]
        for outlet in range(3):
            article = f"s{story}o{outlet}"
            texts[article] = sentences(
                rng, 8, extra=[*own, *(("scandal",) if outlet == 0 and story % 2 else ())]
            )
            about[article], outlets[article] = f"story {story}", f"Outlet {outlet}"
    features = features_of(texts, outlets=outlets)
    tables = {name: features.table(name) for name in ("articles", "sentences", "tokens", "terms")}
    tables["articles"]["story"] = [about[a] for a in features.article_ids]
    with_stories = from_tables(tables)
    freely, inside = (
        keyness(with_stories, by="outlet", draws=200, within=within) for within in (None, "story")
    )
    assert inside.table.query("p_adjusted <= 0.05 and z > 0")[
        ["group", "term"]
    ].values.tolist() == [["Outlet 0", "scandal"]]
    assert (freely.chance["expected"] > inside.chance["expected"]).any() and inside.params[
        "within"
    ] == "story"
    own = inside.table["term"].str.contains("ish|ful|ness")
    assert (
        inside.table.loc[own, "p_adjusted"].min() == 1
    )  # every outlet has them alike, however the story is permuted
    with pytest.raises(OptionError, match="within must be one or more of"):
        keyness(with_stories, by="outlet", within="colour")
    with pytest.raises(OptionError, match='against="rest"'):
        keyness(with_stories, by="outlet", within="story", background={"crew": 3})


# --- the formula ---


def test_a_planted_word_leads_its_article():
    features = features_of({"a": FILLER * 8 + "scandal " * 30, "b": FILLER * 8, "c": FILLER * 8})
    table = keyness(features).table
    first = table[table["group"] == "a"].iloc[0]
    assert (first["term"], first["count"], first["count_rest"], bool(first["familywise"])) == (
        "scandal",
        30,
        0,
        True,
    )
    assert first["low"] > 0


def test_keyness_is_the_formula():
    features = features_of({"a": "red red red blue green green", "b": "red blue blue blue green"})
    row = (
        keyness(features, stop_words=True, prior=10)
        .table.query("group == 'a' and term == 'red'")
        .iloc[0]
    )
    alpha = 10 * 4 / 11
    delta = np.log((3 + alpha) / (6 + 10 - 3 - alpha)) - np.log((1 + alpha) / (5 + 10 - 1 - alpha))
    sd = np.sqrt(1 / (3 + alpha) + 1 / (1 + alpha))
    assert np.allclose(
        [row["log_odds"], row["z"], row["low"]],
        [delta, delta / sd, delta - 1.959964 * sd],
        rtol=1e-6,
    )


def test_two_groups_mirror_each_other():
    features = features_of({"a": FILLER * 3 + "red red", "b": FILLER * 2 + "blue blue"})
    table = keyness(features).table.pivot(index="term", columns="group", values="log_odds")
    assert np.allclose(table["a"], -table["b"])


def test_groups_may_be_outlets_and_an_unknown_one_is_named():
    features = features_of(
        {"a": FILLER, "b": FILLER, "c": FILLER + "red red"}, outlets={"a": "Echo", "b": "Echo"}
    )
    assert keyness(features, by="outlet").group_names == ["Echo", "(unknown)"]


def test_one_group_has_nothing_to_be_compared_with():
    with pytest.raises(FeaturesError, match="one only"):
        keyness(features_of({"a": FILLER}))


def test_too_few_words_to_compare_are_refused():
    with pytest.raises(FeaturesError, match="allow rarer words"):
        keyness(features_of({"a": "red", "b": "red"}))


def test_names_can_be_left_out():
    features = features_of(
        {
            "a": "So said Reyes. We met Reyes. Then Reyes left.",
            "b": "We met and left. Then so it went.",
        }
    )
    assert "reyes" in set(keyness(features).table["term"])
    assert "reyes" not in set(keyness(features, names=False).table["term"])


# --- phrases ---


def test_phrases_stand_side_by_side_in_a_sentence():
    features = features_of(
        {
            "a": (
                "The White House said so. The white house, house rules. A so-called deal of the"
                " year. Deal\n\nrules."
            ),
            "b": "Boxes fell.",
        }
    )
    counts = phrase_counts(features, unit="article", names=True, stop_words=False)
    found = dict(zip(counts.terms, counts.matrix.toarray()[0].astype(int)))
    assert found == {"boxes fell": 0, "called deal": 1, "house rules": 1, "white house": 2}
    everything = phrase_counts(features, unit="article", names=True, stop_words=True).terms
    assert "of the" in everything and "house house" not in everything


@given(
    st.lists(st.lists(st.sampled_from(WORDS[:5]), min_size=1, max_size=7), min_size=1, max_size=6)
)
def test_phrases_are_those_of_a_plain_count(made):
    text = " ".join(" ".join(s).capitalize() + "." for s in made)
    counts = phrase_counts(features_of({"a": text}), unit="sentence", names=True, stop_words=False)
    plain = [(i, f"{x} {y}") for i, s in enumerate(made) for x, y in zip(s, s[1:])]
    assert counts.matrix.sum() == len(plain)
    for i, s in enumerate(counts.matrix.toarray()):
        assert {t: n for t, n in zip(counts.terms, s) if n} == pd.Series(
            [p for j, p in plain if j == i], dtype=object
        ).value_counts().to_dict()


def test_a_planted_phrase_is_found_beside_its_words():
    """Both groups use both words as often; one sets them side by side."""
    apart, together = ["storm"] * 5 + ["ledger"] * 5, ["storm ledger"] * 5
    rng = np.random.default_rng(9)
    texts = {}
    for i in range(24):
        extra = together if i % 2 else apart
        lines = [
            " ".join(
                [*rng.choice(WORDS[:6], 4), extra[j % len(extra)], *rng.choice(WORDS[:6], 3)]
            ).capitalize()
            + "."
            for j in range(10)
        ]
        texts[f"a{i}"] = " ".join(lines)
    result = keyness(
        features_of(texts, outlets={a: f"Outlet {i % 2}" for i, a in enumerate(texts)}),
        by="outlet",
        draws=200,
    )
    first = result.phrases.query("group == 'Outlet 1'").iloc[0]
    assert first["term"] == "storm ledger" and first["p_adjusted"] <= 0.05
    assert list(result.phrases.columns) == list(result.table.columns) == CONTRAST


def test_names_are_left_out_of_phrases_too():
    features = features_of(
        {
            "a": "So we met Ada Reyes today. Then Ada Reyes left early. We met Ada Reyes.",
            "b": "We met early and left early.",
        }
    )
    assert "ada reyes" in phrase_counts(features, unit="article", names=True, stop_words=True).terms
    assert (
        not phrase_counts(features, unit="article", names=False, stop_words=True)
        .terms.str.contains("ada|reyes")
        .any()
    )


# --- backgrounds ---


def test_against_a_background_it_is_the_formula():
    features = features_of({"a": "red red red blue green green"})
    usual = {"red": 10, "Blue": 50, "green": 30, "grey": 10}
    row = (
        keyness(features, background=usual, stop_words=True, prior=10)
        .table.query("term == 'red'")
        .iloc[0]
    )
    alpha = 10 * (3 + 10) / (6 + 100)
    delta = np.log((3 + alpha) / (6 + 10 - 3 - alpha)) - np.log(
        (10 + alpha) / (100 + 10 - 10 - alpha)
    )
    assert np.allclose(
        [row["log_odds"], row["z"]], [delta, delta / np.sqrt(1 / (3 + alpha) + 1 / (10 + alpha))]
    )
    assert (row["count_rest"], row["rate_rest"]) == (10, 100) and np.isnan(row["p_adjusted"])


def test_a_background_may_only_inform_the_prior():
    features = features_of({"a": "red red red blue green green", "b": "red blue blue blue green"})
    table = pd.DataFrame({"term": ["red", "blue", "green"], "count": [10, 50, 40]})
    row = (
        keyness(features, background=table, against="rest", stop_words=True, prior=10, draws=5)
        .table.query("group == 'a' and term == 'red'")
        .iloc[0]
    )
    alpha = 10 * (4 + 10) / 111
    delta = np.log((3 + alpha) / (6 + 10 - 3 - alpha)) - np.log((1 + alpha) / (5 + 10 - 1 - alpha))
    assert (
        row["log_odds"] == pytest.approx(delta)
        and row["count_rest"] == 1
        and 0 < row["p_adjusted"] <= 1
    )


def test_a_background_of_features_is_permuted_with_the_groups():
    features, usual = articles(11, 8, 1, planted={0: ("scandal",)}), articles(12, 20, 1)
    result = keyness(features, by="outlet", background=usual, draws=200)
    assert result.params["unit"] == "article" and result.params["against"] == "background"
    assert result.table.query("p_adjusted <= 0.05")["term"].tolist() == ["scandal"]
    assert not (
        keyness(articles(13, 8, 1), by="outlet", background=usual, draws=200).table["p_adjusted"]
        <= 0.05
    ).any()
    assert (
        result.table.query("term == 'crane'")["count_rest"].iloc[0]
        == keyness(usual, draws=1).table.groupby("term")["count"].sum()["crane"]
    )


@pytest.mark.parametrize(
    "background",
    [
        3,
        {},
        {"red": -1},
        {"red": float("nan")},
        {"red": "many"},
        pd.DataFrame({"word": ["red"], "count": [1]}),
    ],
)
def test_a_wrong_background_is_refused(background):
    with pytest.raises(OptionError, match="background must"):
        keyness(articles(4, 4, 2), background=background)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"against": "background"}, "against must be one of 'rest'"),
        ({"against": "all"}, "against must be one of"),
        ({"against": ""}, "against must be one of"),
        ({"by": "colour"}, "by must be one or more of"),
        ({"by": 3}, "by must be one or more of"),
        ({"within": 3}, "within must be"),
        ({"within": []}, "within must be"),
        ({"background": "news"}, "background must be a corpus"),
        ({"background": [3]}, "background must be a corpus"),
        ({"names": "yes"}, "names must be True or False"),
        ({"stop_words": 1}, "stop_words must be True or False"),
        ({"min_count": 0}, "min_count must be a whole number of at least 1"),
        ({"min_count": 1.5}, "min_count must be a whole number"),
        ({"prior": 0}, "prior must be a number above 0"),
        ({"prior": "much"}, "prior must be a number above 0"),
        ({"draws": 0}, "draws must be a whole number of at least 1"),
        ({"draws": "a"}, "draws must be a whole number"),
        ({"draws": True}, "draws must be a whole number"),
        ({"level": 1}, "level must be a number between 0 and 1"),
        ({"level": "high"}, "level must be a number between 0 and 1"),
        ({"seed": -1}, "seed must be a whole number of at least 0"),
    ],
)
def test_a_wrong_option_is_refused(options, message):
    with pytest.raises(OptionError, match=message):
        keyness(articles(4, 4, 2), **options)


def test_a_corpus_is_taken_and_what_is_none_is_refused():
    features = articles(4, 4, 2)
    corpus = Corpus(None, {}, None, None, features)
    own, same = (keyness(c, background=c, draws=5).table for c in (features, corpus))
    pd.testing.assert_frame_equal(own, same)
    with pytest.raises(OptionError, match="a measure takes a corpus"):
        keyness("harbour")


# --- forms ---


def test_one_article_is_compared_with_a_background_only():
    with pytest.raises(FeaturesError, match="one only"):
        keyness(features_of({"a": "Red boxes. Red boxes."}))


def test_with_shipped_results_both_forms_are_the_same():
    private = articles(21, 6, 3, planted={0: ("grave", "scandal")})
    shared = as_shared(private, shipped(private, private.table("articles")))
    for by in ("outlet", "article_id"):
        own, theirs = keyness(private, by=by), keyness(shared, by=by)
        pd.testing.assert_frame_equal(own.table, theirs.table)
        pd.testing.assert_frame_equal(own.chance, theirs.chance)
        assert own.params["unit"] == theirs.params["unit"] == "sentence"
        assert (
            theirs.phrases["count"].min() >= 2
            and theirs.phrases.groupby("group").size().max() <= SHIPPED_PHRASES
        )
    assert any("shipped results" in note for note in theirs.notes)
    other = keyness(shared, by="outlet", min_count=3)
    assert (
        other.table["p_adjusted"].isna().all()
        and other.chance.empty
        and "not known" in other.notes[0]
    )


def test_without_results_the_shared_form_says_what_it_lacks():
    result = keyness(as_shared(articles(22, 6, 3)), by="outlet")
    assert (
        result.table["p_adjusted"].isna().all()
        and result.phrases.empty
        and result.verdict == "suggestive"
    )
    assert "not known" in result.notes[0] and any(
        "Phrases need the order" in note for note in result.notes
    )


def test_enough_articles_are_permuted_in_the_shared_form_too():
    private = articles(23, 24, 3)
    own, theirs = (keyness(f, by="outlet", draws=50) for f in (private, as_shared(private)))
    pd.testing.assert_frame_equal(own.table, theirs.table)


def test_results_name_groups_as_the_shared_form_does():
    """An outlet that the shared form withholds must not come back through the results."""
    private = articles(24, 4, 2)
    guarded = private.table("articles").assign(outlet=["", "Outlet 1"] * 2)
    made = shipped(private, guarded)
    groups = set(made["keyness_tail"].query("by == 'outlet'")["group"])
    assert groups == {"", "(unknown)", "Outlet 1"}


def test_a_word_that_fills_the_corpus_and_texts_without_words():
    assert (
        keyness(features_of({"a": "red red green", "b": "red red"}), min_count=1, draws=10)
        .table["z"]
        .notna()
        .all()
    )
    with pytest.raises(FeaturesError, match="leaves 0"):
        keyness(features_of({"a": "12 34.", "b": "56 78."}))
    assert (
        keyness(features_of({"a": "red green red", "b": "12 34."}), min_count=1, draws=10)
        .table["z"]
        .notna()
        .all()
    )


def test_words_that_news_is_made_of_are_no_stop_words():
    texts = {
        "a": "The bill passed. The bill was signed after a fire.",
        "b": "Nobody came. It rained and rained on the quay.",
    }
    assert {"bill", "fire"} <= set(keyness(features_of(texts), min_count=1).table["term"])


# --- the figure ---


def test_the_figure_has_a_panel_of_each_group_and_fills_what_is_beyond_chance():
    result = keyness(articles(1, 24, 3, planted={0: ("scandal",)}), draws=400)
    assert result.params["by"] == "outlet", "outlets are the usual groups"
    assert result.finding == "More than the rest, Outlet 0 uses “scandal”"
    figure = draw(result, top=3)
    assert sorted(ax.get_title(loc="left") for ax in figure.axes) == result.group_names
    assert figure.axes[0].get_title(loc="left") == "Outlet 0", "the foremost comes first"
    assert figure.axes[0].get_yticklabels()[0].get_text() == "scandal"
    row = result.table.query("term == 'scandal' and group == 'Outlet 0'").iloc[0]
    assert figure.axes[0].texts[0].get_text().startswith(f"{row['count']} (")
    filled = [line for ax in figure.axes for line in ax.lines if line.get_markerfacecolor() == BLUE]
    points = [line for line in filled if line.get_marker() == "o"]
    assert [line.get_xdata().tolist() for line in points] == [[row["z"]]]
    assert figure.table.groupby("group").size().eq(20).all()
    assert "of 24 articles" in figure.subtitle and figure.alt.startswith(result.finding)
    assert len(draw(result, groups=["Outlet 2"]).axes) == 1
    nothing = keyness(articles(2, 6, 3), by="outlet", draws=50)
    assert nothing.finding.startswith("No outlet has words of its own beyond what chance gives")


@pytest.mark.long
def test_a_long_name_above_a_panel_is_cut_by_the_width_of_bold_letters():
    result = keyness(articles(1, 48, 8), by="outlet", draws=5, min_count=1)
    groups = result.groups.assign(label=[f"Christian Science Monitor {i}" for i in range(8)])
    figure = draw(replace(result, groups=groups))
    assert len(figure.axes) == 8
    assert not faults(figure).get("cut")


def test_the_line_parts_what_passes_the_one_test_from_what_does_not():
    for n in (24, 6):
        result = keyness(articles(1, n, 3, planted={0: ("scandal",)}), by="outlet", draws=200)
        z = result.table["z"].abs().to_numpy()
        assert (result.beyond_chance.to_numpy() == (steps(z) >= steps(result.threshold))).all()
    shared = keyness(as_shared(articles(22, 6, 3, planted={0: ("scandal",)})), by="outlet")
    assert shared.params["unit"] == ""
    z = shared.table["z"].abs()
    assert (shared.beyond_chance == (z > shared.threshold)).all()


def test_of_many_groups_those_with_words_beyond_chance_are_drawn():
    texts = {f"a{i}": FILLER * 2 + ("scandal " * 20 if i == 28 else "") for i in range(30)}
    figure = draw(keyness(features_of(texts), draws=20))
    assert len(figure.axes) == 8 and figure.canvas.get_size_inches()[1] < 9
    assert figure.axes[0].get_title(loc="left") == "a28"
    assert "8 of 30 articles shown" in figure.subtitle
    assert figure.table["group"].nunique() == 30


def test_outlets_of_few_articles_belong_to_the_rest_and_are_not_tested():
    """One outlet with a single article made sentences the unit of all others."""
    rng = np.random.default_rng(8)
    texts = {f"a{i}": sentences(rng, 6, extra=("scandal",) * (i % 3 == 0)) for i in range(27)}
    texts |= {f"b{i}": sentences(rng, 6, extra=("gossip", "rumour")) for i in range(3)}
    outlets = {a: f"Outlet {i % 3}" for i, a in enumerate(texts)} | {
        "b0": "X",
        "b1": "Y",
        "b2": "Y",
    }
    result = keyness(features_of(texts, outlets=outlets), draws=300)
    assert result.params["unit"] == "article" and result.params["not_tested"] == 2
    p = result.table.groupby("group")["p_adjusted"]
    assert p.apply(lambda each: each.isna().all()).to_dict() == {
        **{f"Outlet {i}": False for i in range(3)},
        "X": True,
        "Y": True,
    }
    passing = result.table[result.beyond_chance & (result.table["z"] > 0)]
    assert passing[["group", "term"]].values.tolist() == [["Outlet 0", "scandal"]]
    rest = result.table.query("group == 'Outlet 0' and term == 'gossip'")["count_rest"]
    assert rest.iloc[0] == 9, "their words count among the others'"
    assert set(result.chance["group"]) == {f"Outlet {i}" for i in range(3)}
    assert "2 groups with fewer than 6 articles are not tested." in result.notes
    assert "2 outlets of under six articles not tested" in draw(result).subtitle


def test_a_word_of_one_article_does_not_hide_those_of_an_outlet():
    """The words of an article come in clusters: fifty in one are less sure than thirty in ten."""
    rng = np.random.default_rng(3)
    texts = {f"a{i}": sentences(rng, 8, extra=("scandal",) * (i < 12)) for i in range(36)}
    for i in range(36):
        texts[f"a{i}"] += f" The w{chr(97 + i % 26)}{chr(97 + i // 26)}x" * 60 + "."
    outlets = {f"a{i}": f"Outlet {i // 12}" for i in range(36)}
    result = keyness(features_of(texts, outlets=outlets), draws=300)
    passing = result.table[result.beyond_chance & (result.table["z"] > 0)]
    assert passing[["group", "term"]].values.tolist() == [["Outlet 0", "scandal"]]


def test_the_variance_is_that_of_articles_where_these_are_permuted():
    features = articles(1, 24, 3, planted={0: ("scandal",)})
    row = keyness(features, draws=1).table.query("term == 'crew' and group == 'Outlet 0'").iloc[0]
    counted = word_counts(features, unit="article", names=True, stop_words=False)
    y = counted.matrix[:, [counted.terms.get_loc("crew")]].toarray()[:, 0]
    alpha = 500 * y.sum() / counted.matrix.sum()
    mine = np.arange(24) % 3 == 0
    parts = [((y[m] ** 2).sum() + alpha) / (y[m].sum() + alpha) ** 2 for m in (mine, ~mine)]
    assert row["z"] == pytest.approx(row["log_odds"] / np.sqrt(sum(parts)))


def dated(n, planted):
    texts, days = {}, {}
    rng = np.random.default_rng(2)
    for i in range(n):
        week = i % 3
        texts[f"a{i}"] = sentences(rng, 6, extra=("scandal",) * (week == planted))
        days[f"a{i}"] = f"2024-05-{6 + 7 * week:02}"
    features = features_of(texts, outlets={a: f"Outlet {i % 2}" for i, a in enumerate(texts)})
    return with_column(features, "published", [days[a] for a in features.article_ids])


def test_words_of_a_week_are_set_against_all_others_in_their_order():
    result = keyness(dated(24, planted=1), by="week", draws=200)
    assert result.finding == "“scandal” marks the week of 13 May 2024"
    heads = [ax.get_title(loc="left") for ax in draw(result).axes]
    assert heads == [f"week of {day} May 2024" for day in (6, 13, 20)]
    with pytest.raises(OptionError, match='use by="week", with within="outlet"'):
        keyness(dated(6, planted=1), by=["outlet", "week"])


LONG = "The Honourable Society of Harbour Masters and Keepers of Lights on the Western Coast " * 2
ODD = {
    "300 outlets": {f"a{i}": f"Outlet {i % 300}" for i in range(600)},
    "outlets of one article": {f"a{i}": f"Outlet {i}" for i in range(30)},
    "case": {f"a{i}": ("The Sun", "THE SUN")[i % 2] for i in range(8)},
    "long names": {f"a{i}": LONG[: 120 + i % 2] for i in range(8)},
}


@pytest.mark.short("outlets of one article", "case")
@pytest.mark.parametrize("name", list(ODD))
def test_odd_outlets_have_a_figure_of_one_page(name):
    rng = np.random.default_rng(1)
    texts = {a: sentences(rng, 2) for a in ODD[name]}
    result = keyness(features_of(texts, outlets=ODD[name]), by="outlet", draws=5)
    figure = draw(result)
    assert figure.canvas.get_size_inches()[1] <= 9 and len(figure.axes) <= 8
    heads = [ax.get_title(loc="left") for ax in figure.axes]
    assert len(set(heads)) == len(heads) and all(heads)
    assert all(ax.texts for ax in figure.axes), "no empty axes"
    if name == "300 outlets":
        assert result.params["not_tested"] == 250
        assert any("250 groups with fewer words than the 50 that are" in n for n in result.notes)


def test_without_rows_the_figure_says_so_and_wrong_options_are_refused():
    result = keyness(articles(4, 4, 2), draws=5)
    (ax,) = draw(replace(result, table=result.table[:0])).axes
    assert ax.texts[0].get_text() == "No words were compared."
    for options, message in (
        ({"groups": ["z"]}, "groups must be one or more of"),
        ({"top": 0}, "top must be"),
        ({"ax": ax}, "ax must hold 2 axes"),
    ):
        with pytest.raises(OptionError, match=message):
            draw(result, **options)
