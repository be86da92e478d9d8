"""What was found in one article, by layer: each mark with what made it, its score and place."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from analysis.pages.changed import PRESENTED
from analysis.pages.measured import Measured
from analysis.pages.records import Finding, Opened, anchor, page_name, shared_label
from analysis.pages.two_articles import credit_line, place_of, presented
from analysis.reuse.marks import CREDITED

LAYERS = {
    "reuse": (
        "whose words",
        "Words that other articles have too, and how this one presents them. Marks may overlap:"
        " a word counts here in each class that it is marked as.",
    ),
    "voices": ("who speaks", "Whose words the article gives, in quotation marks or reported."),
    "labels": ("labels", "What the article calls the actors of the codebook."),
    "frames": ("frames", "Words of the codebook's frames."),
    "tone": ("tone", "The tone towards an actor at each mention."),
    "claims": ("claims", "What the article tells that other articles of its story tell too."),
}
_COLOURS = ("amber", "sky", "green", "orange", "purple", "blue", "brown")
OWN_COLOUR = "plain"  # of words that another article of the outlet has too
_OTHERS = "grey"  # from the eighth kind on
_SAME = 0.8  # of a passage lies in a longer one that it is one mark with
_EXCERPT = 160  # characters of a mark's words in the list
_TONES = {
    "negative": ("orange", "negative"),
    "neutral": ("grey", "neutral"),
    "positive": ("blue", "positive"),
}
_COLOUR_OF = {
    "uncredited": "orange",
    "reported": "purple",
    "credited": "green",
    "quoted": "sky",
    "whole": "pale",
    "unknown": "amber",
}
_PRESENTED = {  # colour and name of what others have too
    "own": (OWN_COLOUR, "also in another article of the same outlet"),
    **{how: (colour, f"shared, {PRESENTED[how]}") for how, colour in _COLOUR_OF.items()},
    "credit line": ("brown", "shared credit line"),
}
_VOICED = {
    "outlet": ("amber", "told in the outlet's voice"),
    "quoted": ("sky", "quoted"),
    "reported": ("green", "reported"),
    "attitude": ("purple", "as somebody's view"),
}


def findings(measured: Measured, article_id: str, layer: str) -> Iterable[Finding]:
    """The marks of one layer of an article.

    Parameters
    ----------
    measured : Measured
    article_id : str
    layer : str
        One of `LAYERS`.
    """
    return _FOUND[layer](measured, article_id)


def _finding(measured: Measured, article_id: str, layer: str, row: dict, **said: Any) -> Finding:
    """A mark with its words and place; missing values of a form become None."""
    start, end, sentence = (_number(row.get(name)) for name in ("start", "end", "sentence"))
    words = ""
    if measured.shows_words and start is not None and end is not None:
        words = measured.texts[article_id][start:end]
        words = words if len(words) <= _EXCERPT else f"{words[:_EXCERPT]}…"
    if start is None and "place" not in said:
        where = "" if sentence is None else f", sentence {sentence}"
        said["place"] = f"{measured.corpus.name}, {article_id}{where}"
    said.setdefault(
        "place",
        f"{measured.corpus.name}, {article_id}, sentence {sentence}, characters {start}–{end}",
    )
    place = map(str, (start, end, sentence, said["place"]))
    who = (article_id, layer, *place, said["kind"], said["what"])
    unit = hashlib.sha256("\x1f".join(who).encode("utf-8", "surrogatepass")).hexdigest()
    return Finding(
        number=0,
        start=start,
        end=end,
        sentence=sentence,
        words=words,
        unit="u" + unit[:11].translate(_LETTERS),
        **said,
    )


_LETTERS = str.maketrans("0123456789", "ghjkmnpqrs")  # no spreadsheet takes it for a number


def _number(value: Any) -> int | None:
    return None if value is None or pd.isna(value) else int(value)


def _rows(measured: Measured, table: str, article_id: str) -> list[dict]:
    return measured.of_articles(table).get(article_id, [])


def _shared(measured: Measured, article_id: str) -> Iterator[Finding]:
    """Passages, each once with all articles that share it; and what is masked."""
    together: dict[tuple[str, str], list[tuple[range, list[Opened], dict]]] = {}
    for where, partner, said in sorted(_passages(measured, article_id), key=lambda p: -len(p[0])):
        alike = together.setdefault((said["kind"], said["what"]), [])
        group = next((g for g in alike if _within(where, g[0]) >= _SAME), None)
        if group is None:
            alike.append((where, [partner], said))
        elif partner.page not in {known.page for known in group[1]}:
            part = "in part" * (len(where) < _SAME * len(group[0]))
            group[1].append(replace(partner, note=part))
    for _, partners, said in (group for groups in together.values() for group in groups):
        yield _finding(measured, article_id, "reuse", partners=tuple(partners), **said)
    yield from _masked(measured, article_id)


def _within(one: range, other: range) -> float:
    """How much of a stretch lies in another."""
    return max(min(one.stop, other.stop) - max(one.start, other.start), 0) / len(one)


def _passages(measured: Measured, article_id: str) -> Iterator[tuple[range, Opened, dict]]:
    for a, b in measured.pairs_of(article_id):
        side, other = ("a", b) if a == article_id else ("b", a)
        link = page_name("pair", *sorted((a, b)))
        for row in measured.passages[a, b]:
            how = row[f"{side}_mark"]
            how = "unknown" if pd.isna(how) else "credited" if how in CREDITED[:1] else how
            how = "whole" if credit_line(measured, row, side) else how
            own = measured.of_one_outlet(a, b)
            colour, kind = _PRESENTED["own" if own else how]
            position, n = row[f"{side}_position"], row[f"{side}_words"]
            start, end = row[f"{side}_start"], row[f"{side}_end"]
            place = place_of(measured, article_id, position, n, start, end)
            about = {"start": start, "end": end}
            about["sentence"] = measured.sentence_at(article_id, position)
            said = {
                "row": about,
                "colour": colour,
                "kind": kind,
                "what": row["kind"] if own else f"{row['kind']}, {presented(measured, row, side)}",
                "made": "rule: the same words in a row, with small changes between"
                if row["kind"] == "verbatim"
                else "model: more words or meaning in common than by chance",
                "score": f"{n} words from word {position}",
                "place": place,
            }
            partner = Opened(link, measured.articles[other].label)
            yield range(position, position + n), partner, said


def _masked(measured: Measured, article_id: str) -> Iterator[Finding]:
    for row in _rows(measured, "masks", article_id):
        n = int(row["n_words"])
        if row["reason"] != "space":
            yield _finding(
                measured,
                article_id,
                "reuse",
                row,
                colour=_OTHERS,
                kind="masked, not measured",
                what=f"masked as {row['reason']}",
                made="rule: what stands beside articles",
                score=f"{n} words",
            )


def _voices(measured: Measured, article_id: str) -> Iterator[Finding]:
    for row in _rows(measured, "quotes", article_id):
        speaker = row.get("speaker") or ""
        said = []
        if measured.shows_words:
            said = [f"speaker: {speaker or 'nobody found'}"]
            said += [f"verb: {row['verb']}"] if row.get("verb") else []
            said += ["not told as said"] if row.get("negated") else []
        colour, kind = ("sky", "in quotation marks") if row["direct"] else ("green", "reported")
        if row["scare"]:
            colour, kind = _OTHERS, "scare quotes"
        made = "model: who says what, from the parse"
        confidence = row.get("confidence")
        yield _finding(
            measured,
            article_id,
            "voices",
            row,
            colour=colour,
            kind=kind,
            what="; ".join(said) or kind,
            made=f"rule: quotation marks; {made}" if row["direct"] else made,
            score=f"{int(row['n_words'])} words" + _sure(confidence),
        )


def _labels(measured: Measured, article_id: str) -> Iterator[Finding]:
    rows = _rows(measured, "labels", article_id)
    counted = measured.labels_of(article_id)
    if len(counted) != len(rows):
        counted = [row["label"] for row in rows]
    colours = _coloured(measured, "actors", [row["actor"] for row in rows])
    for row, colour, plain in zip(rows, colours, counted):
        label = row["label"]
        if not measured.shows_words:
            label = shared_label(label)
        yield _finding(
            measured,
            article_id,
            "labels",
            row,
            colour=colour,
            kind=_actor(measured, row["actor"]),
            anchor=anchor("label", row["actor"], plain),
            what=f"“{label}”, {row['construction']}" + ", in quotation marks" * bool(row["quoted"]),
            made="rule: how the parse puts it",
            score=_times(row) + _sure(row["confidence"]).removeprefix("; "),
        )


def _frames(measured: Measured, article_id: str) -> Iterator[Finding]:
    rows = [row for row in _rows(measured, "hits", article_id) if row["kind"] == "frame"]
    for row, colour in zip(rows, _coloured(measured, "frames", [row["entry"] for row in rows])):
        pattern = row.get("pattern")
        yield _finding(
            measured,
            article_id,
            "frames",
            row,
            colour=colour,
            kind=row["entry"].replace("_", " "),
            what=f"the codebook's “{pattern}”" if pattern else "words of the codebook",
            made="rule: the codebook's words",
            score=_times(row) + ("negated" if row.get("negated") else ""),
        )


def _tone(measured: Measured, article_id: str) -> Iterator[Finding]:
    for row in _rows(measured, "mentions", article_id):
        p = {name: row[name] for name in _TONES}
        if any(pd.isna(value) for value in p.values()):
            colour, kind, score = "brown", "not scored", ""
        else:
            name = max(p, key=p.__getitem__)
            colour, kind = _TONES[name]
            score = "; ".join(f"{n} {value:.2f}" for n, value in p.items())
        if not measured.features.measures_itself:
            score = "class alone"
        part = f", {row['part']}" if row.get("part") else ""
        yield _finding(
            measured,
            article_id,
            "tone",
            row,
            colour=colour,
            kind=kind,
            what=f"{_actor(measured, row['actor'])} by {row['form']}, voice: {row['voice']}{part}",
            made="rule: names and what stands for them; model: tone at the mention",
            score=score,
        )


def _claims(measured: Measured, article_id: str) -> Iterator[Finding]:
    for row in measured.cells_of(article_id):
        if row["answer"] != "tells":
            continue
        key = row["story"], row["claim"]
        colour, kind = _VOICED.get(row["voice"], (_OTHERS, "told"))
        where = f", in the {row['place']}" if row["place"] else ""
        told = measured.claim_counts.get(key, 0)
        yield _finding(
            measured,
            article_id,
            "claims",
            row,
            colour=colour,
            kind=kind,
            anchor=anchor("claim", *key),
            what=f"{measured.claim_names[key]}; told by {told} articles{where}",
            made="model: embeddings and words of the sentences",
            score=f"probability {row['p']:.2f}",
        )
    for key, said in measured.contrary_of(article_id).items():
        other = measured.articles[said["other"]].label
        yield _finding(
            measured,
            article_id,
            "claims",
            said,
            colour="orange",
            kind="says otherwise",
            anchor=anchor("otherwise", *key),
            what=f"{said['value']}, where {other} has {said['other_value']}:"
            f" {measured.claim_names[key]}",
            made="rule: values in sentences that tell the same",
            score=f"{said['kind']}; likeness of the contexts {said['score']:.2f}",
        )


def _sure(confidence: Any) -> str:
    return "" if confidence is None or pd.isna(confidence) else f"; confidence {confidence:.2f}"


def _times(row: dict) -> str:
    n = int(row.get("count") or 1)
    return f"{n} times; " if n > 1 else ""


def _actor(measured: Measured, key: str) -> str:
    return measured.features.codebook("actors").get(key, {}).get("name", key)


def _coloured(measured: Measured, section: str, names: Iterable[str]) -> list[str]:
    """A colour for each name, the same on all pages: by its place in the codebook."""
    places = {name: i for i, name in enumerate(measured.features.codebook(section))}
    return [
        _COLOURS[i] if (i := places.get(name, len(_COLOURS))) < len(_COLOURS) else _OTHERS
        for name in names
    ]


_FOUND: dict[str, Callable[[Measured, str], Iterable[Finding]]] = {
    "reuse": _shared,
    "voices": _voices,
    "labels": _labels,
    "frames": _frames,
    "tone": _tone,
    "claims": _claims,
}
