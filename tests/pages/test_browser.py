"""Pages in a real browser: nothing that a text holds is run or asked for; keys and clicks work."""

import base64
import os
import random
import re
import time
from pathlib import Path

import pytest

import analysis as tw
from analysis.extract.extraction import extract
from analysis.pages import write_pages
from analysis.pages.records import page_name
from benchmarks import pages as cost
from tests.pages import browser as chromium
from tests.pages.hostile import SHARED, hostile_corpus
from tests.small import quiet, write_corpus

pytestmark = pytest.mark.skipif(chromium.FOUND is None, reason="no chromium on this machine")
ACCUSED = "The owners were accused of it, “and this was the worst day of all,” said the board."
CLEAR = "rgba(0, 0, 0, 0)"
AXE = os.environ.get("TWICETOLD_AXE")  # axe.min.js of the package axe-core


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    opened = chromium.Browser(tmp_path_factory.mktemp("profile"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """The pages of two articles with three passages in common."""
    folder = tmp_path_factory.mktemp("corpora") / "few"
    said = (SHARED, ACCUSED, SHARED.replace("crane", "gate").replace("Monday", "Friday"))
    apart = ("Nobody had expected it.", "The mayor was away that week.", "It went on for months.")
    texts = {
        "a": "\n\n".join(f"{shared} {own}" for shared, own in zip(said, apart)),
        "b": "\n\n".join(f"So they tell it here.\n\n{shared}" for shared in said[::-1]),
    }
    corpus = tw.load(write_corpus(folder, texts))
    extract(corpus, encoder=None, tone=None, parse="none", say=quiet)
    return write_pages(corpus, folder.parent / "pages", say=quiet).parent


@pytest.fixture(scope="module")
def pages(harbour, tmp_path_factory):
    """The pages of harbour, and those of its figures if they are of these features."""
    figures = Path(__file__).parents[2] / "figures" / "harbour"
    out = tmp_path_factory.mktemp("pages") / "harbour"
    return write_pages(harbour, out, figures=figures, say=quiet).parent


def address(folder, *name):
    return (folder / (page_name(*name) if name else "index.html")).as_uri()


def pair(folder):
    return address(folder, "pair", "courier1", "courier2")


def until(true, seconds=10):
    """Wait for something that a page does in its own time."""
    for _ in range(seconds * 10):
        if true():
            return
        time.sleep(0.1)
    assert true()


def every(folder):
    """One page of each kind."""
    figures = [*folder.glob("figure*-[lr]*.html"), *folder.glob("figures.html")]
    assert len(figures) > 5, "the figures of harbour are of other features: draw them again"
    return [
        address(folder),
        (folder / "search.html").as_uri(),
        pair(folder),
        address(folder, "article", "courier1"),
        address(folder, "story", "the crane"),
        *(path.as_uri() for path in figures),
    ]


@pytest.mark.parametrize("n", [12, pytest.param(100, marks=pytest.mark.long)])
def test_no_hostile_text_is_run_or_asks_for_anything(browser, tmp_path, n):
    corpus = tw.load(hostile_corpus(tmp_path / "hostile", n))
    extract(corpus, encoder=None, tone=None, parse="none", say=quiet)
    folder = write_pages(corpus, tmp_path / "pages", say=quiet).parent
    browser.call(
        "Page.addScriptToEvaluateOnNewDocument",
        source="window.hits = []; window.hit = (x) => hits.push(x);",
    )
    files = sorted(folder.glob("*.html"))
    pairs = [path for path in files if path.name.startswith("pair-")]
    for path in [
        *(f for f in files if f not in pairs),
        *pairs[:: max(len(pairs) * 5 // 2 // n, 1)],
    ]:
        browser.open(path.as_uri())
        assert browser.run("window.hits.length") == 0, path.name
        assert browser.requests == [path.as_uri()], path.name
        assert browser.said == [], path.name
        assert browser.run("document.querySelectorAll('script:not([type])').length") == 1
        browser.run(
            "for (const kind of ['mouseover', 'focus', 'click'])"
            " for (const x of document.querySelectorAll('main :not(a)'))"
            " x.dispatchEvent(new Event(kind))"
        )
        assert browser.run("hits.length") == 0, path.name
    assert len(files) > n


def test_a_planted_script_would_be_stopped_by_the_policy_too(browser, few, tmp_path):
    html = Path(few / "index.html").read_text("utf-8")
    broken = html.replace(
        "<main", "<script>document.title = 'run'</script><img src='https://out.example/x.png'><main"
    )
    (tmp_path / "x.html").write_text(broken, "utf-8")
    browser.open((tmp_path / "x.html").as_uri())
    assert browser.run("document.title") != "run"
    assert sum("violates" in said.lower() for said in browser.said) >= 2, browser.said


def test_keys_and_clicks_go_through_the_passages(browser, few):
    browser.size(1400, 1000)
    browser.open(address(few, "pair", "a", "b"))
    now = "document.querySelector('tr[aria-current]')?.dataset.p"
    n = browser.run("document.querySelectorAll('tr[data-p]').length")
    assert browser.run(now) is None
    seen = []
    for _ in range(n + 1):
        browser.press("n")
        seen.append(browser.run(now))
    assert seen == [*(str(i) for i in range(1, n + 1)), "1"]
    browser.press("p")
    assert browser.run(now) == str(n)
    assert browser.run("document.getElementById('now').textContent").startswith(f"Passage {n}:")
    browser.run("document.querySelector('.side .text mark[data-p=\"2\"]').click()")
    assert browser.run(now) == "2"
    in_sight = (
        "[...document.querySelectorAll('.side .text')].every(pane => {"
        " const m = pane.querySelector('mark.now').getBoundingClientRect();"
        " const p = pane.getBoundingClientRect();"
        " return m.top >= p.top && m.bottom <= p.bottom })"
    )
    until(lambda: browser.run(in_sight))  # it scrolls there
    assert browser.run("document.querySelectorAll('.lines polygon.now').length") == 1


@pytest.mark.long
def test_lines_follow_while_scrolling(browser, pages):
    browser.size(1400, 1000)
    browser.open(pair(pages))
    points = "document.querySelector('.lines polygon[data-p=\"3\"]').getAttribute('points')"
    before = browser.run(points)
    browser.run("document.querySelector('.side .text').scrollTop = 80")
    time.sleep(0.3)
    assert browser.run(points) != before


def test_layers_need_no_script(browser, few):
    browser.allow_scripts(False)
    try:
        browser.open(address(few, "article", "a"))
        for domain in ("DOM", "CSS"):
            browser.call(f"{domain}.enable")
        top = browser.call("DOM.getDocument", depth=0)["root"]["nodeId"]

        def node(selector):
            return browser.call("DOM.querySelector", nodeId=top, selector=selector)["nodeId"]

        def background(selector):
            style = browser.call("CSS.getComputedStyleForNode", nodeId=node(selector))
            return next(
                p["value"] for p in style["computedStyle"] if p["name"] == "background-color"
            )

        amber = "rgb(250, 230, 176)"
        assert background(".text .frames-amber") != amber
        browser.call("DOM.focus", nodeId=node("#show-frames"))
        browser.press(" ")
        assert background(".text .frames-amber") == amber
        assert background(".text .voices-sky:not([class*=frames-amber])") == CLEAR
    finally:
        browser.allow_scripts(True)


def test_a_search_finds_and_goes_along_to_the_other_pages(browser, few, tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.pages.search.MOST_LISTED", 1)
    folder = write_pages(tw.load(few.parent / "few"), tmp_path / "x", say=quiet).parent
    shown = "[...document.querySelectorAll('tr[data-o]')].filter(r => !r.hidden).length"
    ask = "(w => { const i = document.getElementById('words'); i.value = w;"
    ask += " i.dispatchEvent(new Event('input')) })"
    browser.open((folder / "search.html").as_uri())
    assert browser.run(shown) == 1
    for word, n in (("mayor", 1), ("may", 1), ("absent", 0), ("", 1), ("SO they", 0)):
        browser.run(f"{ask}('{word}')")
        assert browser.run(shown) == n, word
    browser.run("document.querySelectorAll('.parts a')[1].click()")
    until(lambda: browser.run("location.pathname").endswith("search-2.html"))
    assert browser.run("document.getElementById('words').value") == "SO they"
    assert browser.run(shown) == 1


@pytest.mark.long
def test_reading_becomes_a_coding_sheet(browser, pages, tmp_path):
    browser.size(1400, 1000)
    browser.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    browser.open(address(pages, "article", "courier1"))
    browser.run("localStorage.clear()")
    browser.open(address(pages, "article", "courier1"))
    browser.run("document.querySelector('#show-labels').click()")
    for key in "nrnrnwnrnrnr":
        browser.press(key)
    assert "6 marks" in browser.run("document.getElementById('coded').textContent")
    browser.open(address(pages, "article", "blast1"))  # another page of the corpus knows them
    assert "6 marks" in browser.run("document.getElementById('coded').textContent")
    browser.run("document.getElementById('coder').value = 'Ada'")
    browser.run("document.getElementById('save-sheet').click()")
    sheet, key = tmp_path / "Ada.csv", tmp_path / "Ada-key.csv"
    until(lambda: sheet.is_file() and key.is_file() and key.stat().st_size)
    codes = tw.va.read_sheets(sheet, key)
    assert codes.table["code"].value_counts().to_dict() == {"right": 5, "wrong": 1}
    known = tw.va.read_key(key)
    assert set(known["article_id"]) == {"courier1"} and set(known["layer"]) == {"labels"}
    found = tw.va.validate(codes, known, draws=1).table
    agreed = found[(found["who"] == "model") & (found["measure"] == "agreement")]["value"]
    assert agreed.tolist() == pytest.approx([5 / 6])


@pytest.mark.long
def test_a_page_prints_all_of_its_text(browser, pages, harbour, tmp_path):
    browser.open(pair(pages))
    pdf = base64.b64decode(browser.call("Page.printToPDF", printBackground=True)["data"])
    pypdf = pytest.importorskip("pypdf")
    (tmp_path / "x.pdf").write_bytes(pdf)
    printed = "".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "x.pdf").pages)
    letters = set(re.sub(r"\W", " ", printed).split())
    for article in harbour.articles():
        if article.article_id in ("courier1", "courier2"):
            words = set(re.sub(r"\W", " ", article.text).split())
            assert len(words - letters) < 0.05 * len(words)  # some are broken at a line's end


@pytest.mark.long
@pytest.mark.skipif(AXE is None, reason="TWICETOLD_AXE does not name axe.min.js of axe-core")
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1400, 390])
def test_axe_finds_nothing(browser, pages, width, dark):
    script = Path(str(AXE)).read_text("utf-8")
    browser.size(width, 900, dark=dark)
    for one in every(pages):
        browser.open(one)
        browser.call("Runtime.evaluate", expression=script)
        found = browser.run(
            "axe.run().then(r => r.violations.map("
            "v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 120)).join(' | ')))"
        )
        assert found == [], one


@pytest.mark.long
@pytest.mark.parametrize("width", [1400, 390])
def test_nothing_is_wider_than_the_window(browser, pages, width):
    browser.size(width, 900)
    for one in every(pages):
        browser.open(one)
        assert browser.run("document.documentElement.scrollWidth") <= width, one


@pytest.mark.long
def test_a_picture_is_taken(harbour, tmp_path):
    cost.picture(harbour, ["hopper1", "courier1"], tmp_path / "x.png", (600, 500))
    assert (tmp_path / "x.png").read_bytes()[:4] == b"\x89PNG"


def planted(n_passages, letters):
    """Two texts with so many passages in common, in another order; and a long one."""
    draw = random.Random(3)
    words = [
        "".join(draw.choices("abcdefghklmnoprstuvw", k=draw.randrange(3, 9))) for _ in range(4000)
    ]
    passages = [" ".join(draw.choices(words, k=10)) for _ in range(n_passages)]
    texts = {}
    for name in "ab":
        draw.shuffle(passages)
        own = [" ".join(draw.choices(words, k=6)) for _ in passages]
        texts[name] = "\n\n".join(f"{x} {p}." for x, p in zip(own, passages)) + "\n"
    long = " ".join(draw.choices(words, k=letters // 6))
    texts["c"] = long[:letters].replace(" a", ".\n\nA") + "\n"
    texts["d"] = "Look: " + "<" * 1_000_000 + "\n"
    return texts


@pytest.mark.long
def test_large_pages_open_within_two_seconds(browser, tmp_path):
    texts = planted(500, 300_000)
    corpus = tw.load(write_corpus(tmp_path / "large", texts))
    extract(corpus, encoder=None, tone=None, parse="none", say=quiet)
    folder = write_pages(corpus, tmp_path / "pages", say=quiet).parent
    browser.size(1400, 1000)
    assert browser.open(address(folder, "pair", "a", "b")) < 2
    assert browser.run("document.querySelectorAll('tr[data-p]').length") >= 490
    browser.press("n")
    assert browser.run("document.querySelectorAll('.side .text mark.now').length") >= 2
    for article in "cd":
        assert browser.open(address(folder, "article", article)) < 2
        shown = browser.run(
            "document.querySelector('.text').textContent.replace(/\\s/g, '').length"
        )
        assert shown == len(re.sub(r"\s", "", texts[article]))


@pytest.mark.long
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "أعلنت الشركة يوم الاثنين أن الرافعة سقطت في الميناء، وأصيب ثلاثة عمال."),
        ("zh", "公司周一宣布，起重机在港口倒塌，三名工人受伤，调查仍在继续。"),
        ("de", "Die Firma teilte am Montag mit, der Kran sei in den Hafen gestürzt."),
    ],
)
def test_other_languages_stand_as_they_are_read(browser, tmp_path, language, text):
    corpus = tw.load(
        write_corpus(
            tmp_path / "other",
            {"a": f"{text}\n", "b": f"{text} 2\n"},
            language=language,
            codebook="actors: {}\n",
        )
    )
    extract(corpus, encoder=None, tone=None, parse="none", say=quiet)
    folder = write_pages(corpus, tmp_path / "pages", say=quiet).parent
    browser.open(address(folder, "article", "a"))
    about = "const t = document.querySelector('.text'); "
    assert browser.run(
        f"{about} [t.lang, getComputedStyle(t).direction, t.textContent.trim()]"
    ) == [language, "rtl" if language == "ar" else "ltr", text]
