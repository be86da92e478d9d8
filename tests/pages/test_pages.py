"""Pages: what a reader reads is what the measures found, texts are text, and nothing leaves."""

import base64
import hashlib
import http.client
import json
import random
import re
import shutil
import threading
from html import unescape
from html.parser import HTMLParser

import pytest

import analysis as tw
from analysis import pl, tl
from analysis.errors import OptionError
from analysis.extract.extraction import extract
from analysis.features import load_features
from analysis.pages import write_pages
from analysis.pages.direction import verdict
from analysis.pages.drawn import drawing
from analysis.pages.figures import _leads
from analysis.pages.index import index_page
from analysis.pages.marked import cut
from analysis.pages.measured import Measured
from analysis.pages.one_article import article_page
from analysis.pages.one_story import story_page
from analysis.pages.records import Mark, page_name
from analysis.pages.render import policy
from analysis.pages.search import n_parts, search_page
from analysis.pages.serving import page_server
from analysis.pages.site import Site
from analysis.pages.two_articles import pair_page, pair_row
from analysis.shared_form import RunningWords
from benchmarks import pages as cost
from tests.pages.hostile import DRAWING, SHARED, hostile_corpus
from tests.places import ROOT
from tests.small import quiet, write_corpus

TAGS = set(
    "html head meta title style body a nav header main footer p br h1 h2 section table thead tbody"
    " tr th td bdi mark ins del svg rect polygon figure figcaption ul ol li div span button kbd"
    " script fieldset legend label input code time text line circle h3 select option".split()
)
VOID = {"meta", "br", "input"}


class Page(HTMLParser):
    """A page as a browser reads it: elements, attributes, and the text of each class."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.ids = set(), [], {}
        self.scripts, self.texts, self._stack, self._data = [], {}, [], False
        self.comments = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes += [(tag, *pair) for pair in attributes]
        about = dict(attributes)
        self._data = about.get("type") == "application/json" or self._data and tag != "script"
        if tag not in VOID:
            self._stack.append((tag, set((about.get("class") or "").split())))

    def handle_startendtag(self, tag, attributes):
        self.tags.add(tag)

    def handle_endtag(self, tag):
        while self._stack and self._stack.pop()[0] != tag:
            pass

    def handle_comment(self, data):
        self.comments.append(data)

    def handle_data(self, data):
        within = set().union(*(classes for _, classes in self._stack)) if self._stack else set()
        inner = {tag for tag, _ in self._stack}
        if "script" in inner and not self._data:
            self.scripts.append(data)
        for key in within | inner:
            self.texts.setdefault(key, []).append((data, within))

    def said(self, key):
        return "".join(data for data, _ in self.texts.get(key, []))

    def text(self):
        """What stands in texts, without the numbers of passages."""
        return "".join(data for data, within in self.texts.get("text", []) if "no" not in within)


def extracted(folder, **options):
    corpus = tw.load(folder)
    extract(corpus, encoder=None, tone=None, parse="none", say=quiet, **options)
    return corpus


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    return Site(extracted(hostile_corpus(tmp_path_factory.mktemp("corpora") / "hostile", 20)))


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    texts = {x: f"{SHARED} It was {x} that said so first." for x in "ab"}
    return extracted(write_corpus(tmp_path_factory.mktemp("corpora") / "small", texts))


@pytest.fixture(scope="module")
def site(harbour):
    return Site(harbour)


# --- texts cut by marks ---


def test_every_character_stands_under_its_marks():
    draw = random.Random(5)
    for _ in range(100):
        text = "".join(draw.choice("ab \n") for _ in range(60))
        marks = [
            Mark(start, start + draw.randrange(12), f"k{i}", i + 1)
            for i, start in enumerate(draw.randrange(50) for _ in range(6))
        ]
        shown = [
            (letter, set(piece.numbers))
            for paragraph in cut(text, marks)
            for piece in paragraph
            for letter in piece.text
            if not letter.isspace()
        ]
        assert shown == [
            (letter, {mark.number for mark in marks if mark.start <= place < mark.end})
            for place, letter in enumerate(text)
            if not letter.isspace()
        ]


def test_a_piece_has_the_longest_mark_first():
    [[one, two, three]] = cut("abc", [Mark(1, 2, "short", 1), Mark(0, 3, "long", 2)])
    assert (one.kinds, two.kinds, three.kinds) == (("long",), ("long", "short"), ("long",))
    assert (one.opens, two.opens, three.opens) == ((2,), (1,), ())


def test_names_of_pages_are_safe_and_their_own():
    names = {
        page_name("article", x) for x in ("a", "A", "a ", "../a", "ä", "", "a\x00", 'a"b', "👩")
    }
    assert len(names) == 9
    assert all(re.fullmatch(r"article-[a-z0-9-]+\.html", name) for name in names)


# --- two articles ---


def test_changed_words_are_marked_and_no_others(tmp_path):
    one = f"{SHARED} The board met on Friday to decide who must pay for the quay."
    other = one.replace("Monday", "Tuesday").replace("three times ", "").replace("met", "met again")
    corpus = extracted(write_corpus(tmp_path / "two", {"a": one, "b": other}))
    page = pair_page(Measured(corpus), "b", "a")
    assert page.left.id == "a"
    marked = [
        [(p.text, p.kinds[-1]) for par in side for p in par if len(p.kinds) > 1]
        for side in page.paragraphs
    ]
    assert marked[0] == [("Monday", "replaced"), ("three times", "only")]
    assert marked[1] == [("Tuesday", "replaced"), ("again", "only")]
    assert [p.likeness for p in page.passages] == ["26 of 29 words the same"]


def test_replacements_are_whole_tokens_and_figures_stand_first(tmp_path):
    one = f"{SHARED} The board met in boots on Friday at 6:42 to decide who must pay for the quay."
    other = one.replace("6:42", "6:24").replace("boots", "footwear")
    corpus = extracted(write_corpus(tmp_path / "two", {"a": one, "b": other}))
    page = pair_page(Measured(corpus), "a", "b")
    assert page.replaced == (("6:42", "6:24"), ("boots", "footwear"))
    html = Site(corpus).files[page.page]()
    row = html[html.index('<tr id="P1"') :].partition("</tr>")[0]
    assert "<bdi>6:42</bdi> → <bdi>6:24</bdi>; <bdi>boots</bdi> → <bdi>footwear</bdi>" in row


def test_a_credit_for_the_whole_article_is_told_with_its_place_and_words(site, withheld):
    page = pair_page(site.measured, "hopper1", "courier1")
    line = "credited at the end of the article: “Northgate Wire contributed to this report”"
    sides = {p.left.presented for p in page.passages if p.left.tone == "whole"}
    assert page.left.id == "courier1" and line in sides
    shut = pair_page(Measured(tw.load(withheld)), "hopper1", "courier1")
    assert line.partition(":")[0] in {p.left.presented for p in shut.passages}
    assert page.source[0] == "Northgate Wire" and shut.source[0] == "" and shut.source[1]


def test_a_pair_says_what_the_measures_said(site):
    measured = site.measured
    assert len(measured.pairs) > 50
    for a, b in measured.pairs:
        page = pair_page(measured, a, b)
        assert len(page.passages) == len(measured.passages[a, b])
        row = measured.pairs[a, b]
        shared = dict(zip((a, b), (row["a_shared"], row["b_shared"])))
        assert page.shared == (shared[page.left.id], shared[page.right.id])


@pytest.mark.parametrize("turned", [False, True])
def test_whoever_had_it_from_the_other_stands_right_and_in_the_story(site, monkeypatch, turned):
    measured = site.measured
    a, b = next(pair for pair in measured.pairs if set(pair) == {"courier1", "hopper1"})
    giver, taker = (a, b) if turned else (b, a)
    said = "b from a" if turned else "a from b"
    chances = {"p_a_from_b": 0.05, "p_b_from_a": 0.05, "p_common": 0.05}
    chances["p_b_from_a" if turned else "p_a_from_b"] = 0.9
    row = measured.verdicts[a, b] | chances | {"verdict": said}
    monkeypatch.setitem(measured.verdicts, (a, b), row)
    page = pair_page(measured, a, b)
    assert (page.left.id, page.right.id) == (giver, taker)
    assert f"{page.right.outlet} probably took it from {page.left.outlet} (90%)" in page.direction
    [taken] = story_page(measured, "the crane").taken
    assert (taken.giver.id, taken.taker.id, taken.probability) == (giver, taker, 0.9)
    assert (taken.page, taken.words) == (page.page, row["n_words"])
    html = site.files[page_name("story", "the crane")]()
    assert html.count('<line class="taken"') == 1 and "probability 90%" in html


@pytest.mark.parametrize(
    ("chances", "told", "own", "said"),
    [
        (
            (0.01, 0.47, 0.52),
            "cannot tell",
            False,
            "We cannot tell who had it first. B may have taken it from A (47%), or both from a"
            " third text (52%); the reverse is very unlikely (1%). A is dated 5 Sep 2023, 22:15;"
            " B has no date.",
        ),
        (
            (0.94, 0.02, 0.04),
            "a from b",
            False,
            "A probably took it from B (94%). Less likely: both from a third text (4%), the"
            " reverse (2%). A is dated 5 Sep 2023, 22:15; B has no date.",
        ),
        (
            (0.0, 0.9, 0.1),
            "b from a",
            True,
            "B is probably an update of A (90%). Less likely: both from a third text (10%),"
            " the reverse (under 1%).",
        ),
    ],
)
def test_the_verdict_is_plain_english(site, chances, told, own, said):
    dated, undated = (site.measured.articles[x] for x in ("courier1", "hopper1"))
    about = dict(zip(("p_a_from_b", "p_b_from_a", "p_common"), chances))
    about |= {"a": "courier1", "b": "hopper1", "verdict": told, "one_outlet": own}
    assert verdict(about, {"courier1": "A", "hopper1": "B"}, (dated, undated)) == said


def test_reasons_are_those_of_the_leading_explanations_alone(site):
    measured, n = site.measured, 0
    for (a, b), row in measured.verdicts.items():
        page = pair_page(measured, a, b)
        n += len(page.because)
        chances = [row["p_a_from_b"], row["p_b_from_a"], row["p_common"]]
        leading = {w for w, p in zip(page.ways, chances) if p >= max(chances) / 2}
        for reason in page.because:
            assert reason.startswith(tuple(f"For {way}: " for way in leading))
    assert n > 50


def test_a_page_holds_all_of_both_texts_in_order(site):
    html = site.files[page_name("pair", "bollard1", "courier1")]()
    texts = site.measured.texts
    squeezed = re.sub(r"\s", "", Page(html).text())
    assert squeezed == "".join(re.sub(r"\s", "", texts[x]) for x in ("courier1", "bollard1"))


def test_what_contradicts_a_claim_is_no_silence(site):
    measured = site.measured
    page = story_page(measured, "the crane")
    ids = [article.id for article in page.articles]
    otherwise = {
        (article, cell.otherwise.partition(", where ")[0]): cell
        for row in page.claims
        for article, cell in zip(ids, row.cells)
        if cell.otherwise
    }
    assert {
        ("hopper1", "says otherwise: 6:24 a.m."),
        ("hopper1", "says otherwise: June 21"),
        ("courier1", "says otherwise: J. Harlan Pruitt"),
        ("blast1", "says otherwise: Thirty-two"),
    } <= otherwise.keys()
    assert not any("6:42" in said or "June 12" in said for _, said in otherwise)  # most have it
    silent = otherwise["blast1", "says otherwise: Thirty-two"]
    assert (silent.sign, silent.page) == ("", "")
    row = next(row for row in page.claims if silent in row.cells)
    assert "The Blast" not in row.told_by + row.left_out_by
    blast = article_page(measured, "blast1")
    file, _, place = silent.otherwise_page.partition("#")
    assert file == blast.article.page
    [mark] = [x for layer in blast.layers for x in layer.rows if x.anchor == place]
    assert (mark.kind, measured.texts["blast1"][mark.start : mark.end]) == (
        "says otherwise",
        silent.otherwise[len("says otherwise: ") :].partition(",")[0],
    )
    assert not any(said.startswith(row.called) for said in blast.left_out)


def test_a_credit_for_the_whole_article_is_no_credit_of_each_passage(site):
    page = pair_page(site.measured, "hopper1", "courier1")
    rows = [pair_row(site.measured, *pair) for pair in site.measured.pairs]
    listed = {row.presented for row in rows if row.right.id in ("courier1", "courier2")}
    assert (
        "credited at the end of the article" in listed
        and "credited to Northgate Wire" not in listed
    )
    tones = {p.left.tone for p in page.passages}
    assert tones == {"whole", "quoted"}
    html = site.files[page.page]()
    assert '<mark class="whole">credited in a line for the whole article</mark>' in html
    kinds = {row.kind for row in article_page(site.measured, "courier1").layers[0].rows}
    assert "shared, credited in a line for the whole article" in kinds


def test_articles_without_a_common_passage_are_no_pair(site):
    with pytest.raises(OptionError, match="a passage in common"):
        pair_page(site.measured, "courier1", "saltside2")


# --- one article ---


def test_layers_hold_each_mark_of_the_features_once(site):
    features = site.measured.features
    page = article_page(site.measured, "courier1")
    n = {layer.key: len(layer.rows) for layer in page.layers}
    of = {
        name: features.table(name).query("article_id == 'courier1'")
        for name in ("quotes", "labels", "mentions", "hits")
    }
    assert n["voices"] == len(of["quotes"])
    assert n["labels"] == len(of["labels"])
    assert n["tone"] == len(of["mentions"])
    assert n["frames"] == (of["hits"]["kind"] == "frame").sum()
    for layer in page.layers:
        assert sum(kind.n for kind in layer.kinds) == len(layer.rows)
    text = site.measured.texts["courier1"]
    rows = [row for layer in page.layers for row in layer.rows]
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    assert all(text[row.start : row.end].startswith(row.words.rstrip("…")) for row in rows)
    assert len({row.unit for row in rows}) == len(rows)
    pieces = [piece for paragraph in page.paragraphs for piece in paragraph]
    for row in rows:  # what is marked with its number is what it stands for
        marked = "".join(piece.text for piece in pieces if row.number in piece.numbers)
        assert re.sub(r"\s", "", marked) == re.sub(r"\s", "", text[row.start : row.end]), row
        assert sum(row.number in piece.opens for piece in pieces) == 1
    assert max(len(row.words) for row in rows) == 161  # and an ellipsis
    assert all(row.made.startswith(("rule", "model")) for row in rows)


def test_a_passage_with_several_partners_is_one_mark(site):
    measured = site.measured
    layer = article_page(measured, "courier1").layers[0]
    rows = [row for row in layer.rows if row.partners]
    pairs = {page_name("pair", *sorted(pair)) for pair in measured.pairs_of("courier1")}
    assert {partner.page for row in rows for partner in row.partners} == pairs
    assert len(rows) < sum(len(measured.passages[pair]) for pair in measured.pairs_of("courier1"))
    assert len({(row.start, row.end, row.kind, row.what) for row in rows}) == len(rows)
    quoted = [
        row for row in article_page(measured, "blast1").layers[0].rows if "Tolland" in row.what
    ]
    assert len(quoted) <= 3  # six passages of one quotation
    notes = {p.called.partition(",")[0]: p.note for row in quoted for p in row.partners}
    assert notes["Tesmere Observer"] == "in part"
    tokens = measured.features.table("tokens").query("article_id == 'courier1'")
    for kind in layer.kinds:
        spans = [
            (r.start, r.end) for r in layer.rows if (r.colour, r.kind) == (kind.colour, kind.called)
        ]
        under = [
            any(first <= start and end <= last for first, last in spans)
            for start, end in zip(tokens["start"], tokens["end"])
        ]
        assert (kind.n, kind.n_words) == (len(spans), sum(under))
    assert measured.n_words_under("courier1", [(2, 3)]) == 0


def test_words_of_ones_own_outlet_are_not_somebody_elses(site):
    page = article_page(site.measured, "courier1")  # the Courier updated it two days later
    layer = page.layers[0]
    own = [row for row in layer.rows if row.kind == "also in another article of the same outlet"]
    assert own and all("credited" not in row.what for row in own)
    partner = page_name("pair", "courier1", "courier2")
    for row in layer.rows:
        assert (row in own) == (partner in {p.page for p in row.partners}) or not row.partners
    assert [row.page for row in page.own_pairs] == [partner]
    assert partner not in {row.page for row in page.pairs}
    others = {r.number: f"reuse-{r.colour}" for r in layer.rows if r.partners and r not in own}
    for piece in (piece for paragraph in page.paragraphs for piece in paragraph):
        if others.keys() & set(piece.numbers):  # what others have is seen, not what is its own
            assert "reuse-plain" not in piece.kinds
    html = site.files[page.article.page]()
    assert "Of the same outlet" in html


def test_the_index_lists_pairs_by_what_it_shows_and_names_who_stands_alone(site):
    page = index_page(site.measured)
    shown = [row.words for row in page.pairs]
    assert shown == sorted(shown, reverse=True) and len(shown) == page.n_pairs
    assert [article.id for article in page.alone] == ["saltside2"] and page.n_alone == 1
    html = site.files["index.html"]()
    assert "neither a story nor a passage" in html and page_name("article", "saltside2") in html
    assert not any(row.told for row in page.pairs) and "→ leads to" not in html


def test_an_articles_numbers_say_what_they_count(site):
    row = site.measured.words_of["blast1"]
    said = article_page(site.measured, "blast1").summary
    assert f"Other outlets have {row['shared']} of its words, quoted ones among them." in said
    assert f"{row['quoted']} are in quotation marks, whoever else has them" in said


def test_pages_say_how_credits_are_decided_and_how_to_cite_them(site):
    pair = page_name("pair", "bollard1", "courier1")
    for name in (pair, page_name("article", "courier1")):
        html = site.files[name]()
        assert "That is no charge" in html and "docs/methods.md" in html
    html = unescape(site.files[pair]())
    assert f"made by Twicetold {site.about.version} (features {site.about.digest[:12]})" in html
    assert "To cite: “Varnmouth Courier, 5 Sep 2023 and The Bollard" in html
    said = {p.left.presented for p in pair_page(site.measured, "blast1", "tesmere1").passages}
    assert "reported as somebody’s words, no outlet credited" in said


def test_dates_are_written_alike(site):
    html = site.files["search.html"]()
    assert '<tr data-d="2023-09-05"' in html and "<td>5 Sep 2023, 22:15 (UTC+01:00)</td>" in html
    assert index_page(site.measured).stories[0].first == "5 Sep 2023"


def test_an_arrow_needs_a_verdict(site, monkeypatch):
    a, b = site.measured.reuse.ranked_pairs[["a", "b"]].to_numpy()[0]
    verdict = site.measured.verdicts[a, b]
    for said in ("a from b", "b from a", "cannot tell"):
        monkeypatch.setitem(site.measured.verdicts, (a, b), verdict | {"verdict": said})
        row = pair_row(site.measured, a, b)
        assert row.told == (said != "cannot tell")
        assert not row.told or row.left.id == (b if said == "a from b" else a)
        assert ("</bdi> → <bdi>" in site.files["index.html"]()) == row.told


def test_an_article_alone_is_a_page(site):
    html = site.files[page_name("article", "saltside2")]()
    assert "No other article shares a passage with it." in html


# --- texts are text ---


def test_hostile_texts_and_cells_are_shown_as_text(hostile):
    style, script = (re.search("'(sha256-[^']+)'", part)[1] for part in policy().split(";")[1:3])
    pairs = [name for name in hostile.files if name.startswith("pair-")]
    for name in [name for name in hostile.files if name not in pairs[6:]]:
        page = Page(hostile.files[name]())
        assert page.tags <= TAGS, name
        assert not [a for a in page.attributes if a[1].startswith("on") or a[1] == "style"], name
        for tag, attribute, value in page.attributes:
            if attribute in ("href", "src", "action", "srcdoc", "xlink:href"):
                assert tag == "a" and re.fullmatch(r"[a-z0-9.-]*(#\w*)?", value), (name, value)
        assert [digest(data) for data in ["".join(page.scripts)]] == [script]
        assert digest(page.said("style")) == style
    measured = hostile.measured
    for article in measured.articles.values():
        page = Page(hostile.files[article.page]())
        shown = re.sub(r"\s", "", page.text())
        assert shown == re.sub(r"\s", "", measured.texts[article.id])


def digest(content):
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


# --- figures ---


def test_a_drawing_keeps_what_is_drawn_and_links_its_names():
    leads = {"Ledger & Tide": ("#of", 'what "stands"'), "Other": ("x.html", "other")}
    page = Page(drawing(DRAWING, 'a "title"', leads.get))
    assert page.tags == {"svg", "g", "path", "use", "a", "rect", "image"}
    kept = {(tag, name): value for tag, name, value in page.attributes}
    assert ("image", "href") not in kept and kept["use", "href"] == "#a"
    assert ("path", "clip-path") in kept and ("path", "x") not in kept
    assert not [a for a in page.attributes if "out.example" in a[2] or a[1].startswith("on")]
    assert [a[2] for a in page.attributes if a[:2] == ("a", "href")] == ["#of", "#of"]
    assert kept["a", "aria-label"] == 'what "stands"'
    assert drawing("<p>no", "x", leads.get) == drawing("<p/>", "x", leads.get) == ""


@pytest.mark.parametrize(("n", "drawn"), [(90, True), (300, False), (100_000, False)])
def test_a_drawing_nested_without_end_is_left_out(n, drawn):
    svg = f'<svg xmlns="http://www.w3.org/2000/svg">{"<g>" * n}{"</g>" * n}</svg>'
    assert bool(drawing(svg, "deep", {}.get)) == drawn


@pytest.fixture(scope="module")
def figures(harbour, tmp_path_factory):
    """A figure of harbour's features, and one of others."""
    folder = tmp_path_factory.mktemp("figures")
    drawn = DRAWING.replace("Ledger &amp; Tide", "Varn…ier, 5 Sep 2023 → NewsHopper")
    ours = harbour.features.digest
    for name, digest in (("lineage", ours), ("frames", "other"), ("overview", ours)):
        (folder / f"{name}.svg").write_text(drawn)
        (folder / f"{name}.csv").write_text("a,b,group\ncourier1,hopper1,The Blast\n")
        about = {"measure": f"tl.{name}", "title": "<b>Who</b>", "digest": digest}
        (folder / f"{name}.json").write_text(json.dumps(about))
    return folder


def test_a_figure_leads_to_what_stands_behind_it(harbour, figures):
    site = Site(harbour, figures=figures)
    assert page_name("figure", "frames") not in site.files
    assert "drawn from other features" in site.measured.left_out["figures frames"]
    html = site.files[page_name("figure", "lineage")]()
    pair = page_name("pair", "courier1", "hopper1")
    assert html.count(f'<a href="{pair}"') == 3  # of the name, its row and in the list
    for article in ("courier1", "hopper1", "blast1"):
        assert f'<a href="{page_name("article", article)}#show-reuse">' in html
    assert "&lt;b&gt;Who&lt;/b&gt;." in html and "<b>" not in html
    listed = site.files["figures.html"]()
    assert page_name("figure", "lineage") in listed and "<b>" not in listed
    titles = re.findall("<h2>(.*?)</h2>", listed)
    assert titles == ["What is in the corpus?", "Who takes whose words?"]
    assert not Site(harbour).about.figures


def test_a_figures_files_are_linked_where_the_pages_stand_beside_them(small, tmp_path):
    figures = tmp_path / "figures" / "small"
    pl.overview(tl.overview(small)).save(figures)
    for out, linked in ((tmp_path / "pages" / "small", True), (tmp_path / "x", False)):
        write_pages(small, out, figures=figures, say=quiet)
        html = (out / page_name("figure", "overview")).read_text("utf-8")
        links = re.findall(r'href="(\.\.[^"]+)"', html)
        assert (
            links
            == ["../../figures/small/overview.svg", "../../figures/small/overview.csv"] * linked
        )
        assert all((out / link).is_file() for link in links)


def test_names_of_a_figure_are_found_whole_cut_and_in_pairs():
    leads = {name: (name, name) for name in ("Varnmouth Courier and The Blast", "The Blast")}
    assert _leads(leads, "The Blast")[0] == "The Blast"
    assert _leads(leads, "The Blast → Varnmouth Courier") == _leads(leads, "Varn…ier → The Blast")
    assert _leads(leads, "The …")[0] == "The Blast"
    assert _leads(leads | {"The Bollard": ("x", "x")}, "The B…") is None
    assert _leads(leads, "rain") is None


def test_the_policy_lets_nothing_in():
    assert policy().startswith("default-src 'none'; ")
    assert "unsafe" not in policy() and "http" not in policy() and "*" not in policy()


# --- words that may not be shown ---


@pytest.fixture(scope="module")
def withheld(project, tmp_path_factory):
    """`harbour` as a corpus whose texts are withheld: its private form, and with the shared one."""
    folder = tmp_path_factory.mktemp("corpora") / "harbour"
    shutil.copytree(project / "corpus" / "harbour", folder)
    about = folder / "corpus.yml"
    about.write_text(about.read_text().replace("texts: shared", "texts: withheld"))
    return folder


def six_words(folder, private):
    """Six running words of the texts that stand in any file of a folder of pages, by file."""
    running, seen, found = RunningWords(private), set(), {}
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    assert files and {path.suffix for path in files} == {".html"}
    for path in files:
        page = Page(path.read_text("utf-8"))
        strings = {value for _, _, value in page.attributes if value} | set(page.comments)
        strings |= {data for key in page.texts for data, _ in page.texts[key]}
        strings.add(" ".join(page.said("body").split()))
        if words := next(filter(None, map(running.found_in, strings - seen)), ""):
            found[path.name] = words
        seen |= strings
    return found


def withheld_pages(corpus, out, figures, **options):
    return write_pages(corpus, out, figures=figures, say=quiet, **options).parent


@pytest.mark.parametrize("planted", ["title", "text", "index", "svg", "comment", "running on"])
def test_six_running_words_are_found_wherever_they_stand(tmp_path, small, planted):
    said = "owners had been warned three times"
    html = {
        "title": f"<title>{said}</title>",
        "text": f"<main><p>{said}</p></main>",
        "index": f'<script type="application/json" id="index">{{"{said}": "1"}}</script>',
        "svg": f'<svg><a href="x" aria-label="{said}"></a></svg>',
        "comment": f"<!-- {said} -->",
        "running on": "<body>" + " ".join(f"<i>{word}</i>" for word in said.split()),
    }[planted]
    (tmp_path / "x.html").write_text(html)
    assert six_words(tmp_path, small.features).keys() == {"x.html"}
    (tmp_path / "x.html").write_text(html.replace("warned", "told"))
    assert six_words(tmp_path, small.features) == {}


def test_no_six_running_words_of_a_withheld_text_stand_in_a_page(tmp_path):
    texts = {
        x: f"{SHARED} It was {x} that said so first, said the mayor on the quay." for x in "abc"
    }
    folder = write_corpus(tmp_path / "small", texts, title=dict.fromkeys("abc", SHARED))
    about = folder / "corpus.yml"
    about.write_text(about.read_text().replace("texts: shared", "texts: withheld"))
    extracted(folder)
    private, corpus = load_features(folder / "private"), tw.load(folder)
    figures = tmp_path / "figures"
    for figure in (pl.overview(tl.overview(corpus)), pl.reuse(tl.reuse(corpus, draws=1))):
        figure.save(figures)
    out = withheld_pages(corpus, tmp_path / "x", figures)
    assert len(list(out.iterdir())) == 12 and len(list(out.glob("figure-*"))) == 2
    assert six_words(out, private) == {}
    owners = withheld_pages(corpus, tmp_path / "y", figures, withheld=True)
    some = {page_name("article", "a"), page_name("pair", "a", "b"), "search.html"}
    assert some < six_words(owners, private).keys()
    about = json.loads((figures / "reuse.json").read_text())
    (figures / "reuse.json").write_text(json.dumps(about | {"title": SHARED}))
    site = Site(corpus, figures=figures)
    assert page_name("figure", "reuse") not in site.files
    assert site.measured.left_out == {"figure reuse": "Its title holds words of the texts."}
    assert "keep them to yourself" in (owners / "index.html").read_text("utf-8")


@pytest.mark.long
def test_nor_of_harbour(withheld, project, tmp_path):
    private, figures = load_features(withheld / "private"), ROOT / "figures" / "harbour"
    out = withheld_pages(tw.load(withheld), tmp_path / "x", figures)
    assert len(list(out.glob("figure-*"))) > 20
    assert six_words(out, private) == {}
    owners = withheld_pages(tw.load(withheld), tmp_path / "y", figures, withheld=True)
    some = {page_name("article", "courier1"), page_name("pair", "bollard1", "courier1")}
    assert some < six_words(owners, private).keys()


@pytest.mark.long
def test_nor_from_the_shared_form(withheld, tmp_path):
    folder = tmp_path / "harbour"
    shutil.copytree(withheld, folder)
    tw.share(tw.load(folder), out=tmp_path / "x.zip")
    corpus = tw.load(folder)
    assert Site(corpus).measured.features.form == "shared"
    out = withheld_pages(corpus, tmp_path / "x", tmp_path / "none")
    assert six_words(out, load_features(folder / "private")) == {}
    html = (out / page_name("pair", "bollard1", "courier1")).read_text("utf-8")
    assert "Their owner sees more" in html
    assert "Where the passages stand" in html


# --- times ---


def test_the_timeline_is_in_the_time_of_each_article_and_its_order_that_of_the_world(tmp_path):
    published = {
        "a": "2023-09-05T23:00:00-04:00",  # 6 September, 03:00 in Greenwich
        "d": "2023-09-06",
        "b": "2023-09-06T01:00:00+09:00",  # 5 September, 16:00
        "c": "",
    }
    texts = {x: f"{SHARED} It was {x} that said so first." for x in published}
    folder = write_corpus(tmp_path / "times", texts, published=published)
    (folder / "stories.csv").write_text("article_id,story\n" + "".join(f"{x},s\n" for x in texts))
    page = story_page(Measured(extracted(folder)), "s")
    assert sorted(article.id for article in page.articles) == list("abcd")
    order = [article.id for article in page.articles]
    assert order.index("b") < order.index("a") < order.index("c")
    assert page.days == (("5 Sep", 0.0), ("6 Sep", 0.5), ("7 Sep", 1.0))
    assert page.places == pytest.approx({"a": 23 / 48, "b": 25 / 48, "c": 1.1, "d": 3 / 4})
    html = Site(tw.load(folder)).files[page_name("story", "s")]()  # a day is a bar, from end to end
    assert html.count('class="dot"') == 3
    assert html.count('class="day" x="560.0"') == html.count('width="300.0"') == 1
    left = pair_page(Measured(tw.load(folder)), "a", "b")
    assert left.left.id == "b"
    assert "Outlet b is dated 6 Sep 2023, 01:00 (UTC+09:00)" in left.direction


# --- folders and the server ---


def test_pages_are_written_whole_or_not_at_all(small, tmp_path, monkeypatch):
    out, site = tmp_path / "pages", Site(small)
    index = write_pages(small, out, say=quiet)
    assert index == out / "index.html"
    assert {path.name for path in out.iterdir()} == set(site.files)
    before = {path.name: path.read_bytes() for path in out.iterdir()}

    def broken(*_):
        raise OSError("no space")

    monkeypatch.setattr("analysis.pages.site.pair_page", broken)
    with pytest.raises(OSError, match="no space"):
        write_pages(small, out, say=quiet)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["pages"]


def test_a_folder_of_somebody_else_is_left_alone(harbour, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OptionError, match="no pages of ours"):
        write_pages(harbour, tmp_path, say=quiet)
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_every_page_says_where_it_stands(site, figures, harbour):
    drawn = Site(harbour, figures=figures)
    assert len(drawn.files) > len(site.files) > 10
    story = page_name("story", "the crane")
    above = {
        "index.html": ["index.html"],
        "search.html": ["index.html"],
        "figures.html": ["index.html"],
        story: ["index.html"],
        page_name("figure", "lineage"): ["index.html", "figures.html"],
        page_name("article", "courier1"): ["index.html", story],
        page_name("pair", "bollard1", "courier1"): ["index.html", story],
    }
    for name, links in above.items():
        html = drawn.files[name]()
        [trail] = re.findall(r'(?s)<ol class="trail">(.*?)</ol>', html)
        assert re.findall(r'href="([^"]+)"', trail) == links, name
        assert trail.count("aria-current") == 1, name


def test_every_link_leads_to_a_page_and_its_place(site):
    pairs = [name for name in site.files if name.startswith("pair-")]
    pages = {name: Page(site.files[name]()) for name in site.files if name not in pairs[8:]}
    ids = {
        name: [value for _, attribute, value in page.attributes if attribute == "id"]
        for name, page in pages.items()
    }
    places = {"label": 0, "claim": 0, "otherwise": 0, "lost": 0}
    for name, page in pages.items():
        assert len(set(ids[name])) == len(ids[name]), name
        for _, attribute, value in page.attributes:
            if attribute == "href":
                file, _, place = value.partition("#")
                assert not file or file in site.files, (name, value)
                assert not place or place in ids.get(file or name, [place]), (name, value)
                if (kind := place.partition("-")[0]) in places:
                    places[kind] += 1
    assert all(n > 2 for n in places.values()), places


def test_what_pages_cost_is_told(harbour, site, capsys, monkeypatch):
    monkeypatch.setattr(cost.tw, "load", {"harbour": harbour}.get)
    monkeypatch.setattr(cost, "Site", lambda corpus, withheld: site)
    cost.main(["harbour"])
    row = capsys.readouterr().out.splitlines()[-1]
    assert row.startswith(f"| harbour | 14 | {len(site.files)} | ")
    sizes = dict(re.findall(r"(\w+) (\d+)[,\s]", row.rpartition(" | ")[2]))
    assert sizes.keys() == {"article", "index", "pair", "search", "story"}
    assert all(20 < int(size) < 300 for size in sizes.values())


def test_of_many_articles_those_alone_have_no_page_but_when_asked(harbour, monkeypatch):
    monkeypatch.setattr("analysis.pages.site.MOST_WHOLE", 5)
    alone = page_name("article", "saltside2")
    site = Site(harbour)
    assert alone not in site.files and page_name("article", "courier1") in site.files
    assert alone not in site.files["search.html"]()
    assert alone in Site(harbour, whole=True).files


def test_a_story_shows_claims_labels_and_passages_of_its_articles(site):
    page = story_page(site.measured, "the crane")
    assert len(page.articles) == 13
    told = site.measured.story.table.query("answer == 'tells'")
    assert sum(bool(cell.page) for row in page.claims for cell in row.cells) == len(told)
    uses = site.measured.labels.uses
    assert len(page.labels) > 20 and len(page.claims) > 30 and len(page.passages) == 15
    for row in page.labels:
        for label, n, *_ in row.labels:
            assert (
                n
                == uses[
                    uses["label"].eq(label)
                    & uses["group"].eq(row.outlet)
                    & uses["actor"].map(site.measured.labels.names).eq(row.actor)
                    & uses["telling"].astype(bool)
                ]["count"].sum()
            )
    told = told.assign(outlet=told["article_id"].map(lambda x: site.measured.articles[x].outlet))
    claims = site.measured.story.claims.set_index("label")["claim"]
    for row in page.claims:
        assert set(row.told_by) == set(told[told["claim"] == claims[row.called]]["outlet"])
        assert not set(row.told_by) & set(row.left_out_by)
        assert (row in page.missed) == (len(row.told_by) > 5 and bool(row.left_out_by))
    assert page.claims[0].told_by and len(page.claims[0].told_by) == 8
    drew = {article.id: p for article, p in page.rebuilt[0].drew}
    assert len(drew) == 13 and max(drew, key=drew.get) == "abs1"
    for reading in page.passages:
        first = "".join(p.text for p in reading.witnesses[0].pieces)
        assert not any(piece.kinds for piece in reading.witnesses[0].pieces)
        assert len(reading.witnesses) >= 2 and first
    overlaps = {x.course: x.overlaps for x in page.passages}
    assert (overlaps[3], overlaps[4], overlaps[5]) == ((1,), (2,), ())
    cut_off = page.passages[1].witnesses[1].pieces  # the first version has these words, cut off
    assert "before the dead" in "".join(p.text for p in cut_off if not p.kinds)
    html = site.files[page_name("story", "the crane")]()
    said = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", html))
    assert "First published, of those with a date: Varnmouth Courier, 5 Sep 2023. For no" in said
    third = site.measured.lineage.table.query("verdict == 'common source' and not one_outlet")
    assert page.n_third == len(third) > 0
    assert f"Of {page.n_third} pairs both probably had it from a third text" in said
    sizes = len(page.dividing.left_out_by), len(page.dividing.told_by)
    assert site.measured.story.finding.startswith(
        "Six outlets leave out “" + page.dividing.called[:70]
    )
    assert "{1} of 11 tell it, {0} leave it out".format(*sizes) in said
    assert all(
        len({row.outlet for row in page.labels if row.actor == actor}) + len(without) == 11
        for actor, without in page.unlabelled.items()
    )
    assert "no label found" in said and ">•" not in html
    row = next(row for row in page.claims if row.left_out_by)
    assert f"{row.called[:140]}left out by {', '.join(row.left_out_by)}" in unescape(said)
    assert page.rebuilt[0].n_words == len(site.measured.lost_source.table)
    assert page.rebuilt[0].segments


def test_who_leaves_out_what_most_tell_stands_first(site, monkeypatch):
    measured = site.measured
    row = story_page(measured, "the crane").claims[0]  # told by eight outlets of eleven
    claim = next(key for key, name in measured.claim_names.items() if name == row.called)
    cells = {
        article: [
            r | {"answer": "omits"}
            if (r["story"], r["claim"]) == claim and article == "jetty1"
            else r
            for r in rows
        ]
        for article, rows in measured._cells.items()
    }
    monkeypatch.setitem(vars(measured), "_cells", cells)
    [missed] = story_page(measured, "the crane").missed
    assert (missed.called, missed.left_out_by) == (row.called, ("The Red Jetty",))
    assert "Told by 8 of 11 outlets" in site.files[page_name("story", "the crane")]()


@pytest.mark.parametrize(("listed", "n"), [(800, 1), (5, 3)])
def test_the_search_finds_the_articles_that_have_a_word(site, monkeypatch, listed, n):
    monkeypatch.setattr("analysis.pages.search.MOST_LISTED", listed)
    pages = [search_page(site.measured, part) for part in range(n_parts(site.measured))]
    assert len(pages) == n
    listed_ids = [article.id for page in pages for article, _ in page.articles]
    assert sorted(listed_ids) == sorted(site.measured.articles)
    assert [part.last - part.first + 1 for part in pages[0].parts] == [
        len(page.articles) for page in pages
    ]
    for word in ("crane", "hanged", "northgate"):
        found = set()
        for page in pages:
            steps = [int(step) for step in page.words.get(word, "").split()]
            found |= {page.articles[sum(steps[: i + 1])][0].id for i in range(len(steps))}
        assert found == {
            article
            for article, text in site.measured.texts.items()
            if re.search(rf"(?i)(?<!\w){word}(?!\w)", text)
        }
        assert found


def test_lists_of_many_articles_lead_to_one_another(harbour, monkeypatch):
    monkeypatch.setattr("analysis.pages.search.MOST_LISTED", 5)
    site = Site(harbour)
    lists = ["search.html", "search-2.html", "search-3.html"]
    assert [name for name in site.files if name.startswith("search")] == lists
    for name in lists:
        html = site.files[name]()
        nav = html[html.index('<nav class="parts"') :].partition("</nav>")[0]
        assert re.findall(r'href="([^"]+)"', nav) == lists
        assert re.findall(r'href="([^"]+)" aria-current', nav) == [name]
    assert "14 articles by date, on 3 pages" in html


@pytest.fixture
def server(site):
    with page_server(site) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def asked(server, path, method="GET", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read(), dict(answer.getheaders())


def test_the_server_answers_names_of_pages_alone(server, site):
    assert server.server_address[0] == "127.0.0.1"
    status, page, headers = asked(server, "/")
    assert (status, page.decode()) == (200, site.files["index.html"]())
    assert (
        headers["Content-Security-Policy"] == f"{policy()}; img-src data:; frame-ancestors 'none'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    for path in ("/../corpus.yml", "/%2e%2e/corpus.yml", "//etc/passwd", "/index.html/x", "/x\\y"):
        assert asked(server, path)[0] == 404, path
    assert asked(server, "/", "POST")[0] == 501
    assert asked(server, "/", Host="evil.example")[0] == 421
    assert asked(server, "/", "HEAD")[:2] == (200, b"")
