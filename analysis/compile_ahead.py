"""Compile the loops of text reuse ahead, so that neither the first run nor the tests wait for it.

    python -m analysis.compile_ahead

Numba keeps what it compiled beside the modules. What was compiled before goes first: numba compares
a loop's own file alone, not constants and loops of other modules that it took in.
"""

from __future__ import annotations

from pathlib import Path

from analysis.extract import extract_articles
from analysis.io.article import Article
from analysis.tl.keyness import keyness
from analysis.tl.lineage import lineage
from analysis.tl.lost_source import lost_source
from analysis.tl.reuse import reuse


def compile_loops() -> None:
    """Measure six invented articles that share a passage of sixty words."""
    words = [f"word{i}" for i in range(500)]
    shared = " ".join(words[:60])
    articles = []
    for i in range(6):  # of more than five witnesses stemmata are drawn, by other loops
        changed = shared.replace("word7 ", f"other{i} ")
        own = " ".join(words[100 + 60 * i : 160 + 60 * i])
        text = f"Orr rowed home. {changed}. {own}.\n\n“{shared},” said Orr. It cost {i}0 crowns."
        about = {"outlet": f"Outlet {i % 2}", "published": f"2024-01-0{i + 1}"}
        articles.append(Article(f"article{i}", text, "en", about))
    features = extract_articles(articles)
    reuse(features, draws=2)
    lost_source(features)
    lineage(features)
    keyness(features, by="outlet", draws=2)


if __name__ == "__main__":
    for kept in Path(__file__).parent.rglob("__pycache__/*.nb[ci]"):
        kept.unlink(missing_ok=True)
    compile_loops()
