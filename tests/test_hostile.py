"""Whatever a text, a codebook or a table holds: it is read in time, and nothing of it is run."""

import random
import time

import pandas as pd
import pytest

from analysis.clean.furniture import _is_prose
from analysis.codebook import Entry
from analysis.corpus import load
from analysis.extract.memory import extract_articles
from analysis.io.article import Article
from analysis.io.import_report import Line, report_csv
from analysis.matching import Matcher
from analysis.results import Result
from analysis.text.block_quotes import find_block_quotes
from tests.small import write_corpus

PIECES = (
    "The mayor said on Monday that the bridge would stay closed. “It is not safe,” she wrote: ",
    "By Ann Poe\n\n",
    "\ufeff",
    "\u200f\u202e\u200b",
    '"' * 40,
    "* " * 30,
    "((((" * 10,
    "$5 million and $7.20, 3/4/2023 at 5 p.m. ",
    "Q: Who?\nA: Dr. J. R. Orr (Reuters) — ",
    "— Ada Orr (@adaorr)\n\n",
    "> quoted\n> again\n",
    "\0\x1b",
    "e\u0301" * 20,
    "Ünïcødé 漢字の文。「はい」と言った。",
    "<b>&amp;</b>\r\n",
    "=1+1\t@x\n",
)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.filterwarnings("error")
def test_no_text_fails_in_any_part(seed):
    rng = random.Random(seed)
    texts = [
        "".join(rng.choices(PIECES, k=rng.randint(1, 12))) + rng.choice(PIECES)[: rng.randint(0, 9)]
        for _ in range(15)
    ]
    articles = [Article(f"a{i}", text, "en") for i, text in enumerate(texts)]
    features = extract_articles(articles, parse="none")  # it warns of what fails
    chars = features.table("articles")["n_chars"].tolist()
    assert chars == [len(text) for text in texts]


def test_half_a_character_costs_a_text_nothing_but_its_values():
    with pytest.warns(UserWarning, match="1 article lacks numbers, dates and names"):
        features = extract_articles([Article("a", "The mayor \ud800 left. 5 came.", "en")])
    assert features.table("articles")["n_tokens"].tolist() == [5]


def test_twice_the_text_takes_twice_the_time_where_posts_are_looked_for():
    def seconds(n):
        text = "The council wrote about the bridge.\n\n" * n
        blocks = [(at * 37, at * 37 + 35) for at in range(n)]
        best = 9.0
        for _ in range(3):
            started = time.process_time()
            assert find_block_quotes(text, blocks, []) == []
            best = min(best, time.process_time() - started)
        return best

    assert seconds(16_000) < 3 * seconds(8_000) + 0.02


def test_a_line_that_is_a_whole_book_is_judged_by_its_end():
    started = time.process_time()
    assert _is_prose("the words of a book " * 20_000 + "end here.")
    assert not _is_prose("the words of a book " * 20_000)
    assert time.process_time() - started < 1


@pytest.mark.short("pattern2")
@pytest.mark.parametrize("pattern", ["a " + "* " * 2_000, "a " * 2_000, "a* " * 2_000, "*" * 2_000])
def test_a_pattern_of_thousands_of_words_is_matched(pattern):
    found = Matcher(Entry("frame", "x", {pattern.strip(): 1.0})).find(["a"] * 3_000)
    n = len(pattern.split())
    assert found[:1] == ([(0, n, pattern.strip())] if n > 1 else [])


@pytest.mark.parametrize("cell", ["=1+1", "\u200b=1+1", "@SUM(A1)", "\t+1", "-1+cmd|' /C calc'!A0"])
def test_no_cell_that_is_written_is_run_and_metadata_comes_back(cell, tmp_path):
    line = report_csv([Line(cell, 1, cell, cell)]).decode().splitlines()[1]
    assert not any(
        part.strip('"').lstrip("\u200b\t")[:1] in "=@+-" for part in line.split(",")[::2]
    )
    folder = write_corpus(tmp_path / "small", author={"a1": "'=1+1"})
    assert load(folder).metadata["author"].iloc[0] == "=1+1"


def test_dollars_of_a_table_are_no_mathematics_in_a_notebook():
    table = pd.DataFrame({"term": ["$5 and $7"]})
    params = {"corpus": "x", "digest": "", "measured_on": ""}
    shown = Result(table, params, notes=("costs $5 or $7",))._repr_html_()
    assert shown.count("mathjax_ignore") == 2 and "$5 and $7" in shown
    assert Result(table, params).brief()._repr_html_().count("mathjax_ignore") == 1


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("end", ["been at", "He has been at", "She said", "They wrote:"])
def test_a_text_that_breaks_off_has_speakers(end):
    text = f"“The bridge is closed,” the mayor said.\n\n{end}"
    features = extract_articles([Article("a", text, "en")], values=False)
    assert features.table("quotes")["speaker"].tolist()[:1] == ["the mayor"]
