"""What a methods section says of a result, and what the columns of its tables mean."""

from __future__ import annotations

import importlib.metadata
import inspect
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

REFERENCES = Path(__file__).parent / "data" / "methods.bib"
SHORT = 12  # characters of a digest that a sentence gives; the .json of a figure has them all

_RULER = re.compile(r"=+(?: +=+)+")
_ATTRIBUTE = re.compile(r"([a-z_]\w*) : ")
_ENTRY = re.compile(r"^@\w+\{(?P<key>[\w-]+),.*?^\}$", re.MULTILINE | re.DOTALL)
_FOR = re.compile(r"^  keywords = \{(.*)\},?$", re.MULTILINE)
_AS = "as the estimate"
# what tables of groups share (`analysis.comparison.Comparison.columns`), and what many have
COMMON = {
    "group": ("", "what is compared: an outlet, week, story or article"),
    "low": (_AS, "lower bound of the estimate's interval, taken alone"),
    "high": (_AS, "upper bound of the estimate's interval, taken alone"),
    "shrunk": (_AS, "drawn towards the mean of all groups: order groups by this"),
    "rest": (_AS, "the same of all other groups together"),
    "joint_low": (_AS, "lower bound of the difference from the rest, around the estimate, jointly"),
    "joint_high": (_AS, "upper bound of the difference from the rest, around it, jointly"),
    "apart": ("True or False", "whether the joint bounds exclude the rest"),
    "weight": ("", "what the estimate rests on: words, mentions or articles"),
    "unit": ("", "what was resampled: articles, or sentences of a single article"),
    "share": ("0 to 1", "of what the row counts"),
    "n_articles": ("articles", "that the row rests on"),
    "n_outlets": ("outlets", "that the row rests on"),
    "n_sentences": ("sentences", "that the row rests on"),
    "n_words": ("words", "that the row rests on"),
    "n_passages": ("passages", "that the row rests on"),
    "words": ("words", "that the row rests on"),
    "count": ("", "how often"),
    "p": ("0 to 1", "how often chance alone gives as much or more"),
    "term": ("", "word or phrase, in normal form"),
    "word": ("", "as in the text"),
    "label": ("", "what people call it"),
    "article_id": ("", "as in metadata.csv"),
    "outlet": ("", "as in metadata.csv"),
    "published": ("date", "as in metadata.csv"),
    "period": ("date", "first day of the day, week or month"),
    "series": ("", "group without its period"),
    "colour": ("", "number of the colour that it is drawn in"),
    "node": ("", "group, or source that is credited"),
    "block": ("", "features that belong together"),
    "feature": ("", "of the profile"),
    "test": ("", "what is tested"),
    "value": ("", "the estimate; of a test, its statistic"),
    "expected": ("", "what chance gives in its place"),
    "n": ("", "how many the estimate rests on"),
    "what": ("", "which of several estimates"),
    "frame": ("", "its name in the codebook"),
    "verb_class": ("", "kind of verbs that introduce speakers, such as endorsing or doubting"),
    "verbs": ("uses", "the verbs of the class, each with its uses"),
    "nearest": ("", "the group that comes together with it most often"),
    "together": ("0 to 1", "of the resamples in which the two are joined first"),
    "verdict": ("", "who had it from whom, as far as can be told"),
    "outside": ("True or False", "whether the corpus lacks it"),
    "position": ("words", "of the article before it"),
    "mark": ("", "how the article presents it"),
    "first": ("", "which has it first"),
    "changed": ("", "who changed it from what was there before"),
    "column": ("", "column of the figure: an article or a group"),
    "n_claims": ("claims", "that its articles could tell"),
    "n_omitted": ("claims", "of these that none tells"),
    "measured_on": ("", "private features (with the texts), shared features, or results"),
}


@cache
def documented(kind: type) -> dict[str, dict[str, tuple[str, str]]]:
    """Unit and meaning of the columns of a result's tables, as its docstring lists them.

    Parameters
    ----------
    kind : type
        A class of results.

    Returns
    -------
    dict
        Attribute → column → (unit, meaning).

    Examples
    --------
    >>> from analysis.tl.frames import Frames
    >>> documented(Frames)["table"]["n_words"]
    ('words', 'of the group')
    """
    found: dict[str, dict[str, tuple[str, str]]] = {}
    attribute, bounds, rows, rulers = "", [], [], 0
    for line in inspect.cleandoc(kind.__doc__ or "").splitlines():
        if _RULER.fullmatch(line.strip()):
            rulers += 1
            bounds = bounds or [m.start() for m in re.finditer("=+", line)]
            if rulers == 3:  # one above the header, one below it, one below the rows
                found.setdefault(attribute, {}).update(_meanings(rows))
                bounds, rows, rulers = [], [], 0
        elif rulers:
            ends = [*bounds[1:], None]
            rows.append([line[first:end].strip() for first, end in zip(bounds, ends)])
        elif named := _ATTRIBUTE.match(line):
            attribute = named[1]
    return found


def _meanings(rows: list[list[str]]) -> dict[str, tuple[str, str]]:
    """Column → unit and meaning; a cell that goes on in the next line is joined."""
    head, *body = rows
    joined: list[list[str]] = []
    for row in body:
        goes_on = joined and (not row[0] or joined[-1][0].endswith(","))
        if goes_on:
            joined[-1] = [" ".join(filter(None, pair)) for pair in zip(joined[-1], row)]
        else:
            joined.append(row)
    said = {}
    for row in joined:
        about = dict(zip(head, row))
        for column in about["column"].replace("…", "").split(","):
            said[column.strip()] = about.get("unit", ""), about.get("meaning", "")
    return said


def meanings_of(kind: type, table: str, columns: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Unit and meaning of each column of a table that a figure draws; empty where nobody says.

    Parameters
    ----------
    kind : type
        The class of the result.
    table : str
        Its attribute, if it has one of this name; else the one with most of these columns is meant.
    columns : sequence of str
    """
    tables = documented(kind)
    alike = max(tables.values(), key=lambda t: len(set(t) & set(columns)), default={})
    first = tables.get(table, alike)
    places = [first, alike, *tables.values(), COMMON]
    said = {}
    for column in columns:
        names = [column]
        if column.startswith("b_"):  # the docstrings describe one side
            names.append(f"a_{column[2:]}")
        named = [place[name] for name in names for place in places if name in place]
        units, meanings = zip(*named) if named else ((), ())
        said[column] = next(filter(None, units), ""), next(filter(None, meanings), "")
    return said


def paragraph(measure: str, params: Mapping, groups, notes: Sequence[str]) -> str:
    """The paragraph for a methods section: what was measured, how cleaned, by what, and how.

    Parameters
    ----------
    measure : str
        Such as "tl.tone".
    params : mapping
        `Result.params`.
    groups : DataFrame or None
        `Result.groups`.
    notes : sequence of str
        `Result.notes`.
    """
    said = [*material_sentences(params)]
    options = {k: v for k, v in params.items() if _is_option(k, v)}
    listed = ", ".join(f"{name} = {_written(value)}" for name, value in options.items())
    version = importlib.metadata.version("twicetold")
    said.append(
        f"The measure {measure} of Twicetold {version} was taken"
        f" on {params.get('measured_on') or 'tables'}" + f" with {listed}." * bool(listed)
    )
    if groups is not None and len(groups):
        n = len(groups)
        said.append(f"It compares {n:,} {'group' if n == 1 else 'groups'}{_sizes(groups)}.")
    if params.get("draws", 0) and params.get("level"):
        said.append(
            f"Intervals and tests ({100 * params['level']:g} %) rest on {params['draws']:,}"
            " resamples or permutations of articles (of sentences where a group is one article),"
            f" with the seed {params.get('seed', 0)}."
        )
    if keys := [key for key, _ in references([measure.partition(".")[2]])]:
        said.append(f"References (methods.bib): {', '.join(keys)}.")
    return " ".join([*said, *notes])


def material_sentences(params: Mapping) -> list[str]:
    """What was measured and how it was cleaned, with the digests: sentences for readers."""
    about = params.get("material")
    name = params.get("corpus", "in memory")
    if not about:
        return []
    n, words = about["n_articles"], about["n_words"]
    when = f" published from {about['first']} to {about['last']}" if about["first"] else ""
    outlets = f" of {about['n_outlets']:,} outlets" if about["n_outlets"] > 1 else ""
    languages = ", ".join(f"{code or 'unknown'} {k:,}" for code, k in about["languages"].items())
    said = [
        f"The corpus {name} holds {n:,} {'article' if n == 1 else 'articles'}{outlets}{when}"
        f" ({languages}), with {words:,} words that were measured."
    ]
    masked = about["masked"]
    total = sum(masked.values())
    if total:
        reasons = ", ".join(f"{reason} {k:,}" for reason, k in masked.items() if k)
        share = 100 * total / (words + total)
        said.append(
            f"Words masked beforehand as no part of an article's text: {total:,}, which is"
            f" {share:.1f} % ({reasons})."
        )
    else:
        said.append("No words were masked.")
    if mended := {reason: k for reason, k in about["mended"].items() if k}:
        places = ", ".join(f"{reason} {k:,}" for reason, k in mended.items())
        said.append(f"Places where characters were mended without masking a word: {places}.")
    digests = [f"corpus digest {params['digest'][:SHORT]}"] if params.get("digest") else []
    digests += [f"sentence encoder {about['encoder'][:SHORT]}"] if about["encoder"] else []
    said.append(f"Features: extractor version {about['extractor']}; {', '.join(digests)}.")
    return said


def _sizes(groups) -> str:
    if "n_articles" not in groups:
        return ""
    sizes = groups["n_articles"]
    low, high = int(sizes.min()), int(sizes.max())
    said = f"{low:,}" if low == high else f"{low:,} to {high:,}"
    return f", of {said} {'article' if high == 1 else 'articles'} each"


_NO_OPTION = (
    "corpus",
    "digest",
    "measured_on",
    "material",
    "names",
    "draws",
    "level",
    "seed",
    "said",
)


def _is_option(name: str, value) -> bool:
    plain = isinstance(value, str | int | float | bool | list | tuple)
    return plain and name not in _NO_OPTION and value not in ("", [], ())


_MOST_VALUES = 6


def _written(value) -> str:
    if isinstance(value, list | tuple):
        some = [str(v) for v in value[:_MOST_VALUES]]
        rest = len(value) - len(some)
        return f"[{', '.join(some)}{f' and {rest} more' if rest else ''}]"
    return "yes" if value is True else "no" if value is False else str(value)


@cache
def _entries() -> tuple[tuple[str, str, frozenset[str]], ...]:
    """Key, text and what it is for, of each entry of the file of references."""
    found = []
    for entry in _ENTRY.finditer(REFERENCES.read_text(encoding="utf-8")):
        used = _FOR.search(entry[0])
        verbs = frozenset(verb.strip() for verb in used[1].split(",")) if used else frozenset()
        found.append((entry["key"], entry[0], verbs))
    return tuple(found)


def references(verbs: Sequence[str]) -> list[tuple[str, str]]:
    """Key and BibTeX entry of each reference of some measures, and of the software.

    Parameters
    ----------
    verbs : sequence of str
        Such as ["tone", "reuse"].

    Examples
    --------
    >>> [key for key, _ in references(["keyness"])]
    ['twicetold', 'monroe2008', 'westfall1993']
    """
    asked = {*verbs, "all"}
    return [(key, text) for key, text, used in _entries() if used & asked]
