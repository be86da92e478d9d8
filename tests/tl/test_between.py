"""Words between outlets, on invented articles of which it is known who took what from whom."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb

from analysis import load, pl, tl
from analysis.comparison import compare_groups
from analysis.extract.memory import extract_articles
from analysis.io.article import Article
from analysis.pl._reuse_network import NETWORK_LINES, layout
from analysis.pl.style import BLUE, INK
from analysis.reuse.sources import Sources
from analysis.tl._between import SOURCES
from analysis.tl._course import _overlapping
from analysis.tl._reuse_said import ties_of
from analysis.tl.reuse import FIGURES
from tests.archives import WORDS
from tests.small import extract_small, ship, write_corpus


def words(n, seed):
    """Sentences of ten drawn words."""
    drawn = WORDS[np.random.default_rng(seed).integers(len(WORDS), size=n)]
    return " ".join(" ".join(drawn[i : i + 10]).capitalize() + "." for i in range(0, n, 10))


WIRE, SCOOP = words(40, 1), words(30, 2)
ARTICLES = {  # outlet, date, text
    "post1": ("Post", "2024-03-04T08:00Z", f"OSLO (Reuters) - {WIRE} {words(40, 11)}"),
    "post2": ("Post", "2024-03-05T08:00Z", f"{words(60, 12)}"),
    "echo1": ("Echo", "2024-03-05", f"{words(20, 13)}\n\n{WIRE}\n\n{words(40, 14)}"),
    "echo2": ("Echo", "2024-03-12", f"{words(50, 15)} {words(20, 16)}"),
    "echo3": ("Echo", "2024-03-13", f"{words(30, 17)} {words(20, 16)}"),  # its own once more
    "sun1": ("Sun", "2024-03-06", f"{SCOOP} {words(50, 18)}"),
    "sun2": ("Sun", "", f"{words(70, 19)}"),
    "mail1": ("Mail", "2024-03-07", f"{words(50, 20)}\n\n{SCOOP}"),
}


def features_of(articles):
    given = (
        Article(a, text, "en", {"outlet": outlet, "published": date})
        for a, (outlet, date, text) in articles.items()
    )
    return extract_articles(given, parse="none")


@pytest.fixture(scope="module")
def planted():
    return tl.reuse(features_of(ARTICLES), draws=50)


def test_who_shares_with_whom_is_what_was_planted(planted):
    found = planted.between.set_index(["taker", "giver"])
    assert planted.params["by"] == "outlet"
    assert set(found.index) == {
        ("Post", "Echo"),
        ("Echo", "Post"),
        ("Sun", "Mail"),
        ("Mail", "Sun"),
    }
    assert found["words"].tolist() == [40, 40, 30, 30]
    n_words = planted.groups.set_index("group")["n_words"]
    for (taker, _), row in found.iterrows():
        assert row["share"] == pytest.approx(row["words"] / n_words[taker])
        assert row[["credited", "quoted", "uncredited"]].sum() == row["words"]
    assert found.loc[("Post", "Echo"), "credited"] == 40
    assert found.loc[("Echo", "Post"), "uncredited"] == 40


def test_shares_between_outlets_have_the_interval_of_the_takers_articles():
    """Twelve articles of the Post, of which some have a passage of the Echo's one article."""
    lent = [words(n, 100 + n) for n in (20, 30, 40, 50)]
    texts = {f"post{i}": ("Post", "", words(60 + 5 * i, 200 + i)) for i in range(12)}
    for i, passage in enumerate(lent):
        outlet, date, text = texts[f"post{i}"]
        texts[f"post{i}"] = (outlet, date, f"{text}\n\n{passage}")
    texts["echo"] = ("Echo", "", "\n\n".join([words(30, 300), *lent]))
    result = tl.reuse(features_of(texts), by="outlet", draws=4000)
    found = result.between.set_index(["taker", "giver"])
    post, echo = found.loc[("Post", "Echo")], found.loc[("Echo", "Post")]
    assert np.isnan(echo["low"]) and np.isnan(echo["high"])
    mine = result.articles.iloc[:12]
    shared, size = mine["shared"].to_numpy(), mine["n_words"].to_numpy()
    assert post["words"] == shared.sum() == 140
    drawn = np.random.default_rng(5).integers(12, size=(20_000, 12))
    low, high = np.quantile(shared[drawn].sum(axis=1) / size[drawn].sum(axis=1), [0.025, 0.975])
    # expanded, as twelve articles show too little spread
    assert low - 0.03 < post["low"] < low < post["share"] < high < post["high"] < high + 0.03
    naive = compare_groups(
        shared, size, np.zeros(12, int), np.arange(12), ["Post"], what="reuse between",
        draws=4000, level=0.95, seed=0,
    )  # fmt: skip
    assert (post["low"], post["high"]) == (naive.low[0, 0], naive.high[0, 0])


def test_shares_between_outlets_have_bounds_of_shares(planted):
    found = planted.between.set_index(["taker", "giver"])
    assert np.isnan(found.loc[("Mail", "Sun"), "low"])
    several = found.drop(("Mail", "Sun"))
    assert (0 <= several["low"]).all() and (several["high"] <= 1).all()
    assert (several["low"] <= several["share"]).all() and (several["share"] < several["high"]).all()


def texts_of_three():
    """A run of 40 words in three outlets, another of 30 in two of them, and as many own ones."""
    one, two = words(40, 31), words(30, 32)
    made = {"Post": f"{one} {words(80, 33)} {two}", "Echo": f"{words(60, 34)} {one}"}
    made |= {"Sun": f"{one} {words(90, 35)} {two}", "Mail": words(120, 36)}
    own = iter(range(40, 50))
    articles = {f"{o}1": (o, "2024-03-04", text) for o, text in made.items()}
    return articles | {f"{o}2": (o, "2024-03-05", words(50, next(own))) for o in made}


def test_what_is_shared_in_all_counts_each_word_once_and_stands_beside_the_matrix():
    result = tl.reuse(features_of(texts_of_three()), draws=20)
    totals, n = result.totals.set_index("group"), result.groups.set_index("group")["n_words"]
    assert totals["words"].to_dict() == {"Post": 70, "Echo": 40, "Sun": 70, "Mail": 0}
    assert totals["others_words"].to_dict() == {"Post": 110, "Echo": 80, "Sun": 110, "Mail": 0}
    assert (totals["share"] == totals["words"] / n).all()
    rest = n.sum() - n
    assert (totals["others_share"] == totals["others_words"] / rest).all()
    rows = result.between.groupby("taker")["words"].sum()
    assert rows["Post"] == 110 > totals.at["Post", "words"], "rows count words of two others twice"
    (axis,) = pl.reuse(result).axes
    names = [tick.get_text() for tick in axis.get_yticklabels()]
    at = dict(zip(names, axis.get_yticks()))
    said = {}
    for text in axis.texts:
        x, y = text.get_position()
        said.setdefault(y, []).append((x, text.get_text()))
    row = [text for _, text in sorted(said[at["Post"]])]
    assert row[-2:] == [f"{100 * 70 / n['Post']:.0f}", "70"]
    columns = dict(zip((t.get_text() for t in axis.get_xticklabels()), axis.get_xticks()))
    below = dict(said[at["in words"]])
    assert below[columns["Echo"]] == "80" and below[columns["Sun"]] == "110"
    corner = [text.get_text() for text in axis.texts if text.get_fontweight() == "bold"]
    assert corner[:2] == [f"{100 * 180 / n.sum():.0f}", "180"]


def archive(n, named=()):
    """Outlets of many articles; each pair of neighbours shares a sentence, `named` four more."""
    articles = {}
    for i in range(n):
        for j in range(8 if i < n - 2 else 5):
            shared = [words(10, 1000 + i), words(10, 1000 + (i + 1) % n)] if j == 0 else []
            # each two of all share words, fewer the farther they are from each other in the list
            shared += [
                words(10, 2000 + min(i, k) * 50 + max(i, k)) for k in range(n) if k != i and j == 1
            ]
            if i in named:
                shared += [words(30, 7700 + j)]
            own = words(60, 5000 + 20 * i + j)
            text = " ".join([own, *shared])
            articles[f"o{i:02}x{j}"] = (f"Outlet {i:02}", "2024-03-04", text)
    return articles


@pytest.fixture(scope="module")
def many():
    return tl.reuse(features_of(archive(18, named=(16, 17))), draws=60, kinds=("verbatim",))


def test_the_network_draws_the_strongest_lines_and_says_of_how_many(many):
    figure = pl.reuse(many, kind="network")
    lines, ties = figure.table, ties_of(many)
    shared = lines[lines["kind"] == "shared"]
    assert len(ties) > 40 and len(shared) <= NETWORK_LINES
    assert f"{len(shared)} of {len(ties)} lines between outlets" in figure.subtitle
    # the smallest outlets of all share most: the title names them, and their line is the dark one
    assert figure.title.startswith("Outlet 16 and Outlet 17 share most")
    first = shared.loc[shared["share"].idxmax(), ["a", "b"]].tolist()
    assert first == ["Outlet 16", "Outlet 17"] == ties.iloc[0][["a", "b"]].tolist()
    dark = [p for p in figure.axes[0].patches if p.get_edgecolor()[:3] == to_rgb(INK)]
    assert len(dark) == 1 and dark[0].get_linewidth() == max(
        p.get_linewidth() for p in figure.axes[0].patches
    )
    shown = {text.get_text() for text in figure.axes[0].texts}
    assert {"Outlet 16", "Outlet 17"} <= shown
    nodes = set(figure.more["nodes"]["node"])
    own = ties[ties["a"].isin(nodes) & ties["b"].isin(nodes)]
    for node in nodes:
        strongest = own[(own["a"] == node) | (own["b"] == node)].iloc[0]
        assert ((shared["a"] == strongest["a"]) & (shared["b"] == strongest["b"])).any()


def test_all_who_credit_whom_the_title_names_have_a_line(harbour):
    figure = pl.reuse(tl.reuse(harbour, draws=5, kinds=("verbatim",)), kind="network")
    lines = figure.table
    assert figure.title.startswith("Six of 11 outlets credit Northgate Wire")
    assert ((lines["kind"] == "credit") & (lines["b"] == "Northgate Wire")).sum() == 6


def test_whom_the_title_names_has_a_bar_in_bold_and_a_total_in_blue():
    articles = {}
    for i in range(25):  # the smallest prints what six others have, an article of each
        for j in range(12 if i < 24 else 6):
            text = words(60, 100 * i + j)
            if i == 24:
                text = f"{words(60, 100 * j)} {words(10 + 10 * (j % 3), 9000 + j)}"
            articles[f"o{i:02}x{j:02}"] = (f"Outlet {i:02}", "2024-03-04", text)
    result = tl.reuse(features_of(articles), draws=100, kinds=("verbatim",))
    for kind in ("words", "matrix"):
        figure = pl.reuse(result, kind=kind)
        assert "Outlet 24" in figure.title, kind
        (axis,) = figure.axes
        names = [tick.get_text() for tick in axis.get_yticklabels()]
        if kind == "words":
            bold = [t.get_text() for t in axis.get_yticklabels() if t.get_fontweight() == "bold"]
            assert "Outlet 24 (6)" in bold and len(names) == 20 and "Bold:" in figure.subtitle
        else:
            blue = [t for t in axis.texts if to_rgb(t.get_color()) == to_rgb(BLUE)]
            assert names.index("Outlet 24") in {t.get_position()[1] for t in blue}
            assert "Blue:" in figure.subtitle


def test_passages_within_an_outlet_are_apart(planted):
    within = planted.within.set_index("group")
    assert within["n_pairs"].to_dict() == {"Post": 0, "Echo": 1, "Sun": 0, "Mail": 0}
    assert within.loc["Echo", "words"] == 40, "20 of either article"
    assert planted.pairs["evidence"].tolist() == ["between", "within", "between"]
    assert len(planted.ranked_pairs) == 2
    mine = planted.articles.set_index("article_id")
    assert mine.loc["echo3", "shared"] == 0 and mine.loc["echo3", "within_outlet"] == 20


def test_whose_words_each_outlet_prints(planted):
    articles = planted.articles.set_index("article_id")
    assert articles.loc["post1", "agency_credited"] == articles.loc["post1", "n_words"]
    assert articles.loc["echo1", "agency_uncredited"] == 40
    assert articles.loc["sun1", "outlets_uncredited"] == 30
    assert articles["own"]["echo1"] == 60
    table = planted.composition.pivot(index="group", columns="part", values="words")
    assert table.loc["Echo", "agency_uncredited"] == 40 and table.loc["Echo", "agency"] == 40
    assert table.loc["Mail", ["shared", "rewritten"]].tolist() == [30, 0]
    shares = planted.composition.pivot(index="group", columns="part", values="share")
    assert shares[[*SOURCES]].sum(axis=1).tolist() == pytest.approx([1] * 4)
    inside = planted.composition.dropna(subset=["low"])
    assert (inside["low"] <= inside["share"] + 1e-9).all()
    assert (inside["share"] <= inside["high"] + 1e-9).all()


def test_an_agency_that_the_corpus_lacks_is_credited_by_name(planted):
    [row] = planted.credits.itertuples()
    assert (row.taker, row.source, row.agency, row.in_corpus) == ("Post", "Reuters", True, False)
    assert (row.n_credits, row.n_articles) == (1, 1)
    assert row.words == planted.articles["n_words"][0]


def test_the_course_of_a_passage(planted):
    course = planted.course.set_index("words")
    assert sorted(course.index) == [30, 40]
    wire, scoop = course.loc[40], course.loc[30]
    assert (wire["first"], wire["n_first"], wire["first_outlet"]) == ("post1", 1, "Post")
    assert wire["days"] == pytest.approx(16 / 24) and wire["n_credited"] == 1
    assert (scoop["n_articles"], scoop["n_outlets"], scoop["days"]) == (2, 2, 1)
    copies = planted.copies[planted.copies["course"] == scoop["course"]]
    assert copies["article_id"].tolist() == ["sun1", "mail1"]
    assert copies["days"].tolist() == [0, 1]  # since the first


def test_an_undated_copy_may_have_been_first():
    articles = ARTICLES | {"sun2": ("Sun", "", f"{words(20, 19)} {WIRE}")}
    wire = tl.reuse(features_of(articles), draws=5).course.iloc[0]
    assert (wire["n_articles"], wire["n_undated"], wire["n_first"]) == (3, 1, 2)
    assert "dates do not tell" in tl.reuse(features_of(articles), draws=5).finding_of("life")


def test_one_definition_holds_in_every_table(harbour):
    result = tl.reuse(harbour, "article_id", draws=20)
    articles = result.articles.set_index("article_id")
    share = result.composition[result.composition["part"] == "shared"].set_index("group")["share"]
    assert share.to_dict() == pytest.approx(result.shared_share.to_dict())
    pairs = result.pairs[result.pairs["evidence"] == "between"]
    between = result.between.set_index(["taker", "giver"])
    assert len(between) == 2 * len(pairs), "each pair that shares, from both its sides"
    for row in pairs.itertuples():
        for one, other, words_of in ((row.a, row.b, row.a_shared), (row.b, row.a, row.b_shared)):
            assert between.loc[(one, other), "words"] == words_of
            assert words_of <= articles.loc[one, "shared"], "a pair's are among the article's"
    assert (articles["rewritten"] <= articles["shared"]).all()
    assert (articles["shared_quoted"] <= articles["quoted"]).all()
    assert (articles[[*SOURCES]].sum(axis=1) == articles["n_words"]).all()


def test_numbers_in_titles_are_those_of_the_tables(harbour):
    result = tl.reuse(harbour, draws=20)
    n = int((result.pairs["evidence"] == "between").sum())
    assert f"{n} pairs of articles of different outlets" in pl.reuse(result).subtitle
    rows = result.table[result.table["evidence"] == "between"]
    equal = (rows["kind"] == "verbatim").sum()
    said = result.finding_of("alignment")
    assert said.startswith(f"{n} pairs of articles of different outlets share passages: {equal} of")
    takers = result.credits[result.credits["source"] == "Northgate Wire"]["taker"].nunique()
    assert takers == 6 and "Six of 11 outlets credit Northgate Wire" in result.finding_of("network")
    best = result.course.iloc[0]
    assert f"of {best['words']} words" in result.finding_of("life")
    lineage = tl.lineage(harbour, reuse=tl.reuse(harbour, draws=5))
    assert f"Of {n} pairs" in lineage.finding, "the same pairs share there"
    assert (~lineage.table["one_outlet"]).sum() == n


def test_boilerplate_and_credit_lines_are_evidence_of_nothing():
    box = "sign up here for the daily letter of this paper and never miss a story again"
    line = "Reporting by Anna Berg, Carl Dahl, Erik Falk, Greta Holm and Ingrid Juel"
    articles = {
        f"e{i}": ("Echo", "", f"{words(40, 50 + i)}\n\n{box.capitalize()}.") for i in range(6)
    }
    articles["p0"] = ("Post", "", f"{words(40, 60)}\n\n{box.capitalize()}.\n\n{line}")
    articles["p1"] = ("Sun", "", f"{words(40, 61)}\n\n{line}")
    result = tl.reuse(features_of(articles), draws=5)
    assert len(result.table) and set(result.table["evidence"]) == {"none"}
    assert result.pairs.empty and result.between.empty and result.course.empty
    assert not result.articles["shared"].any()


def test_unknown_outlets_differ_and_one_outlet_is_its_articles():
    texts = {a: f"{WIRE} {words(30, 70 + i)}" for i, a in enumerate("abc")}
    unknown = tl.reuse(features_of({a: ("", "", t) for a, t in texts.items()}), draws=5)
    assert set(unknown.pairs["evidence"]) == {"between"} and len(unknown.pairs) == 3
    one = tl.reuse(features_of({a: ("Echo", "", t) for a, t in texts.items()}), draws=5)
    assert set(one.pairs["evidence"]) == {"between"}
    two = {a: ("Echo" if a < "c" else "Post", "", t) for a, t in texts.items()}
    assert sorted(tl.reuse(features_of(two), draws=5).pairs["evidence"]) == [
        "between",
        "between",
        "within",
    ]


def test_groups_of_several_outlets_share_within_too():
    lean = {
        a: "left" if outlet in ("Post", "Echo") else "right" for a, (outlet, *_) in ARTICLES.items()
    }
    result = tl.reuse(features_of(ARTICLES), lean, draws=5)
    assert result.between.empty
    assert result.within["n_pairs"].tolist() == [2, 1]
    assert result.articles["shared"].sum() == 2 * (40 + 30), "words of other outlets all the same"


def test_composition_by_week_and_a_matrix_without_weeks():
    result = tl.reuse(features_of(ARTICLES), ["outlet", "week"], draws=5)
    assert "Echo · 2024-03-11" in set(result.composition["group"])
    assert set(result.between["taker"]) == {"Post", "Echo", "Sun", "Mail"}
    figure = pl.reuse(result, kind="words")
    assert figure.name == "reuse_words_weeks" and "1 article without a date" in figure.subtitle
    for kind in FIGURES:
        pl.reuse(result, kind=kind)


def test_names_in_credits_are_joined_by_aliases_and_the_corpus():
    articles = pd.DataFrame({"outlet": ["CNN (Web News)", "The Post", ""], "author": ""})
    outlets = {"Northern News": {"aliases": ["NN"], "kind": "agency"}, "The Post": {}}
    sources = Sources(articles, outlets)
    names = ["CNN", "NN", "AP", "The Post", "Tesmere Herald", ""]
    assert sources.resolve(names).tolist() == [
        "CNN (Web News)",
        "Northern News",
        "Associated Press",
        "The Post",
        "Tesmere Herald",
        "(not named)",
    ]
    agencies = sources.agencies(["Northern News", "Associated Press", "Tesmere Herald"])
    assert agencies.tolist() == [True, True, False]


def test_what_a_corpus_says_an_outlet_is_goes_before_the_list():
    articles = pd.DataFrame({"outlet": ["AP", "Tesmere Herald"], "author": ""})
    outlets = {
        "The Orla Sun": {"aliases": ["AP"], "kind": "newspaper"},
        "Reuters": {"kind": "site"},
    }
    names = ["AP", "The Orla Sun", "Reuters", "Interfax"]
    assert Sources(articles, outlets).agencies(names).tolist() == [False, False, False, True]
    assert Sources(articles, {}).agencies(names).tolist() == [True, False, True, True]


def test_an_outlet_that_credits_itself_has_no_source_in_that(tmp_path):
    texts = {
        "a1": "The Tesmere Herald reported it. The paper said more. Reuters reported it too.",
        "b1": "The Tesmere Herald reported it. The paper said more.",
    }
    outlets = {"a1": "Herald of Tesmere", "b1": "Sun"}
    features = extract_small(write_corpus(tmp_path / "small", texts, outlet=outlets))
    about = {"Herald of Tesmere": {"aliases": ["Tesmere Herald"]}}
    sources = Sources(features.table("articles"), about)
    bounds = np.r_[0, np.cumsum(features.table("articles")["n_tokens"])]
    said = sources.statements(features, bounds)
    assert said[["article", "source"]].values.tolist() == [
        [0, "Reuters"],
        [1, "Herald of Tesmere"],
        [1, "Herald of Tesmere"],
    ]


def test_stretches_are_one_passage_if_half_of_the_longer_is_in_both():
    article, first, length = np.array([[0, 0, 20], [0, 9, 20], [0, 25, 4], [1, 0, 20]]).T
    row, other = _overlapping(article, first, length)
    assert list(zip(row.tolist(), other.tolist())) == [(0, 1)]
    row, other = _overlapping(article, np.array([0, 11, 25, 0]), length)
    assert not len(row)


@pytest.mark.parametrize("n", [0, 1, 2, 20])
def test_a_layout_is_the_same_twice_and_lays_no_box_over_another(n):
    rng = np.random.default_rng(0)
    ties = rng.random((n, n))
    boxes = np.stack([rng.uniform(0.5, 1.5, n), np.full(n, 0.4)], axis=1)
    one, other = (layout(n, ties + ties.T, boxes, 6.8, 5.2) for _ in range(2))
    assert (one == other).all()
    for i in range(n):
        for j in range(i):
            over = (boxes[i] + boxes[j]) / 2 - np.abs(one[i] - one[j])
            assert not (over > 1e-6).all()


def test_arrows_follow_the_lineage_only(harbour):
    result = tl.reuse(harbour, draws=5)
    plain = pl.reuse(result, kind="network")
    assert not plain.table["verdict"].any()
    lineage = tl.lineage(harbour, reuse=result, min_probability=0.5)
    drawn = pl.reuse(result, kind="network", lineage=lineage).table
    sure = lineage.between[lineage.between["verdict"] == "taker from giver"]
    shown = drawn[(drawn["kind"] == "shared") & (drawn["verdict"] != "")]
    pairs = {frozenset(pair) for pair in zip(sure["taker"], sure["giver"])}
    assert len(shown) and {frozenset(pair) for pair in zip(shown["a"], shown["b"])} <= pairs
    left = drawn[(drawn["kind"] == "shared") & (drawn["verdict"] == "")]
    assert not pairs & {frozenset(pair) for pair in zip(left["a"], left["b"])}


def test_the_shared_form_says_that_it_does_not_know_credits_of_passages(tmp_path):
    told = "Ada Mayor said that the harbour crane fell at noon and that nobody was hurt there."
    folder = write_corpus(tmp_path / "small", {"a1": told, "b1": told + " Rain fell."})
    ship(folder, ngrams="all")
    result = tl.reuse(load(folder), n=6)
    assert len(result.table) and any("not known from shared" in note for note in result.notes)
