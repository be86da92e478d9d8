"""The page of one article: what was found in its words, one layer at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from analysis.pages.layers import LAYERS, OWN_COLOUR, findings
from analysis.pages.marked import cut
from analysis.pages.measured import Measured
from analysis.pages.records import ArticlePage, Finding, Kind, Layer, Mark, Piece, page_name
from analysis.pages.two_articles import pair_rows

_OWN = f"reuse-{OWN_COLOUR}"  # words that the outlet's own articles have too


def article_page(measured: Measured, article_id: str) -> ArticlePage:
    """One article with its layers.

    Parameters
    ----------
    measured : Measured
    article_id : str
    """
    article = measured.articles[article_id]
    number, layers = 0, []
    for key, about in LAYERS.items():
        rows = sorted(findings(measured, article_id, key), key=_place_key)
        rows = [replace(row, number=number + i) for i, row in enumerate(_once(rows), 1)]
        number += len(rows)
        kinds = Counter((row.colour, row.kind) for row in rows)
        legend = tuple(
            Kind(
                *of,
                n,
                _n_words(measured, article_id, [r for r in rows if (r.colour, r.kind) == of]),
            )
            for of, n in kinds.most_common()
        )
        layers.append(Layer(key, *about, legend, tuple(rows)))
    paragraphs: list[list[Piece]] = []
    if measured.shows_words:
        marks = [
            Mark(row.start, row.end, f"{layer.key}-{row.colour}", row.number)
            for layer in layers
            for row in layer.rows
            if row.start is not None and row.end is not None
        ]
        pieces = cut(measured.texts[article_id], marks)
        paragraphs = [[_innermost(piece) for piece in paragraph] for paragraph in pieces]
    pairs = measured.pairs_of(article_id)
    own = [pair for pair in pairs if measured.of_one_outlet(*pair)]
    return ArticlePage(
        article=article,
        summary=_summary(measured, article_id),
        layers=tuple(layers),
        paragraphs=paragraphs,
        pairs=pair_rows(measured, (pair for pair in pairs if pair not in own)),
        own_pairs=pair_rows(measured, own),
        left_out=tuple(_left_out(measured, article_id)),
        story=(story := measured.story_of.get(article_id, "")),
        story_page=page_name("story", story) if story else "",
    )


def _once(rows: list[Finding]) -> Iterator[Finding]:
    """The rows with each anchor at the first that has it."""
    seen: set[str] = set()
    for row in rows:
        yield replace(row, anchor="") if row.anchor in seen else row
        seen.add(row.anchor)


def _place_key(row: Finding) -> tuple:
    """Places in the text come first; a shared form that lacks them keeps its order."""
    at = row.sentence if row.start is None else row.start
    return (0, at) if at is not None else (1, 0)


def _innermost(piece: Piece) -> Piece:
    """A piece with one kind of each layer, of its shortest mark; that of its own outlet yields."""
    nested = sorted(piece.kinds, key=lambda kind: kind != _OWN)
    kinds = {kind.partition("-")[0]: kind for kind in nested}
    return replace(piece, kinds=tuple(kinds.values()))


def _n_words(measured: Measured, article_id: str, rows: list[Finding]) -> int:
    """Words of an article that lie under some marks, each once."""
    spans = [(r.start, r.end) for r in rows if r.start is not None and r.end is not None]
    return measured.n_words_under(article_id, spans) if spans else 0


def _summary(measured: Measured, article_id: str) -> str:
    """Whose words the article is made of, as `tl.reuse` counts them."""
    row = measured.words_of.get(article_id)
    if row is None:
        return ""
    parts = (
        ("own", "its own"),
        ("quoted", "in quotation marks, whoever else has them"),
        ("credited", "shared with other outlets and credited"),
        ("uncredited", "shared and uncredited"),
    )
    n = {
        "own": row["own"],
        "quoted": row["quoted"],
        "credited": row["agency_credited"] + row["outlets_credited"],
        "uncredited": row["agency_uncredited"] + row["outlets_uncredited"],
    }
    said = ", ".join(f"{n[key]:,} are {called}" for key, called in parts)
    credits = f" It credits {row['credits']}." if row["credits"] and measured.shows_words else ""
    shared = f" Other outlets have {row['shared']:,} of its words, quoted ones among them."
    return f"Of {row['n_words']:,} words, each counted once, {said}.{shared}{credits}"


def _left_out(measured: Measured, article_id: str) -> Iterator[str]:
    """What most articles of the story tell and this one omits."""
    for row in measured.cells_of(article_id):
        contrary = measured.contrary_of(article_id)
        if row["answer"] == "omits" and (row["story"], row["claim"]) not in contrary:
            told = measured.claim_counts.get((row["story"], row["claim"]), 0)
            if told >= 2:
                yield f"{measured.claim_names[row['story'], row['claim']]} (told by {told} others)"
