"""What a run will leave out of a corpus without fault, said before it runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from analysis.clean.duplicates import near_duplicates
from analysis.corpus import Corpus, load
from analysis.errors import Fault, FeaturesError
from analysis.extract.failures import failures
from analysis.features import PRIVATE, load_features
from analysis.views import ENGLISH

HEADLINES = ("title", "headline", "subtitle", "description", "abstract", "summary", "lead")
_SHOWN = 5  # names in one warning
# by what the codebook lacks: what is left out, and an example to add
_SECTIONS = {
    "actors": (
        "names, voices of actors, tone and stance",
        "the people and bodies whom the articles are about (`twicetold suggest` proposes some)",
    ),
    "frames": ("frames", "use: [generic_news_frames]"),
    "axes": ("axes of meaning", "use: [axes]"),
    "dictionaries": ("sentiment", "vader: {package: vader, language: en}"),
}


def foresee(folder: str | Path) -> list[Fault]:
    """What of a corpus without fault will be left out of a run, or should be looked at.

    Parameters
    ----------
    folder : str or path

    Returns
    -------
    list of Fault
        Warnings: none of them stops anything.
    """
    corpus = load(Path(folder))
    return [
        *_of_codebook(corpus),
        *_of_metadata(corpus),
        *_of_languages(corpus),
        *_of_duplicates(corpus),
        *_of_extraction(corpus),
    ]


def _of_codebook(corpus: Corpus) -> Iterator[Fault]:
    for section, (lost, example) in _SECTIONS.items():
        if not getattr(corpus.codebook, section):
            problem = f"there are no {section}, so {lost} will be left out; add {example}."
            yield Fault("codebook.yml", None, problem)
    if absent := _absent(corpus):
        if len(absent) < len(corpus.codebook.actors):
            problem = f"some actors occur in no article ({_some(absent)}): they have no results"
        else:
            problem = (
                f"no actor occurs in an article ({_some(absent)}): labels, tone and stance are"
            )
            problem += " empty, and coders get no sample"
        remedy = "add the names that the articles use (`twicetold suggest` proposes some)"
        yield Fault("codebook.yml", None, f"{problem}; {remedy}.")


def _absent(corpus: Corpus) -> list[str]:
    """Actors none of whose names stands in an article, as far as the texts are here."""
    wanted = {
        actor: [_plain(name) for name in (about["name"], *about.get("aliases", []))]
        for actor, about in corpus.codebook.actors.items()
    }
    if corpus.texts is None:
        return []
    for article in corpus.articles():
        if not wanted:
            break
        text = _plain(article.text)
        wanted = {a: names for a, names in wanted.items() if not any(n in text for n in names)}
    return list(wanted)


def _plain(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())


def _of_metadata(corpus: Corpus) -> Iterator[Fault]:
    metadata, n = corpus.metadata, len(corpus.metadata)
    if n == 1:
        problem = "one article has none to be compared with: keyness, word shift and clusters will"
        yield Fault("metadata.csv", None, f"{problem} be left out, similarity and reuse be empty.")
    elif n == 2:
        problem = "two articles make no groups: clusters and topics say little"
        yield Fault("metadata.csv", None, f"{problem}.")
    for column, lost in (
        ("published", "weeks and months, and who had words from whom rests on the texts alone"),
        ("outlet", "groups by outlet, and articles are compared one by one"),
    ):
        empty = int((metadata[column] == "").sum())
        if empty == n:
            yield Fault("metadata.csv", None, f"{column} is empty everywhere: there are no {lost}.")
        elif empty:
            first = metadata["article_id"][metadata[column] == ""].iloc[0]
            problem = f"{column} is empty in {empty} of {n} rows, first that of {first}"
            yield Fault("metadata.csv", None, f"{problem}: they count as “(unknown)”.")
    outlets = metadata["outlet"][metadata["outlet"] != ""].unique()
    if len(outlets) == 1 and n > 1 and (metadata["outlet"] != "").all():
        problem = f"all articles are of one outlet ({outlets[0]}): outlets cannot be compared."
        yield Fault("metadata.csv", None, problem)
    there = [c for c in HEADLINES if c in metadata and (metadata[c] != "").any()]
    if corpus.withheld and there:
        named = ", ".join(there)
        yield Fault(
            "metadata.csv",
            1,
            f"holds {named}, and corpus.yml says `texts: withheld`: git carries metadata.csv, and"
            " with it these words; if they may not be shared, put metadata.csv into .gitignore.",
        )


def _of_languages(corpus: Corpus) -> Iterator[Fault]:
    codes = corpus.metadata["language"]
    main = codes.str.split("-").str[0]
    other = sorted(set(main) - {ENGLISH})
    if other:
        n, named = int((main != ENGLISH).sum()), ", ".join(other)
        lost = "what they call actors, whom they let speak, their tone, axes and sentence vectors"
        yield Fault(
            "metadata.csv",
            None,
            f"{n} of {len(codes)} articles are in another language than English ({named}): the"
            f" grammar and the models are English, so {lost} will be left out or empty; words,"
            " frames, own dictionaries and text reuse are measured.",
        )


def _of_duplicates(corpus: Corpus) -> Iterator[Fault]:
    """Articles of one outlet that are nearly the same text, where the texts are here."""
    if corpus.texts is None or not corpus.metadata["outlet"].any():
        return
    found = near_duplicates(
        (article.article_id, article.about["outlet"], article.about["published"], article.text)
        for article in corpus.articles()
        if article.about["outlet"]
    )
    if len(found):
        pairs = [f"{row.article_id} and {row.kept}" for row in found.itertuples()]
        problem = f"{len(found)} nearly the same as another of its outlet ({_some(pairs)})"
        remedy = "remove their rows, or make the corpus with `twicetold new --drop-duplicates`"
        yield Fault("articles", None, f"{problem}: they count twice; {remedy}.")


def _of_extraction(corpus: Corpus) -> Iterator[Fault]:
    if not (corpus.folder / PRIVATE).is_dir():
        return
    try:
        failed = failures(load_features(corpus.folder / PRIVATE))
    except FeaturesError:
        return  # extraction makes them again
    for (component, error), rows in failed.groupby(["component", "error"], sort=True):
        problem = f"{component} could not be extracted from {_some(rows['article_id'].tolist())}"
        yield Fault(
            "private", None, f"{problem} ({error}); it is empty there, the rest is measured."
        )


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} others" if len(names) > _SHOWN else ""
    return ", ".join(map(str, names[:_SHOWN])) + more
