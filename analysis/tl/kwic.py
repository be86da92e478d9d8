"""Keyword in context: each place of an actor, a frame, a label or words, with what stands around.

Where a word stands was found by extraction; the texts are only read to show the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.errors import OptionError
from analysis.features import PRIVATE, Features, features_of
from analysis.options import Whole, check_choice, check_option
from analysis.results import Result, count
from analysis.text.tokens import word_hash, words_of
from analysis.tl._names import actor_names, named
from analysis.views import origin, sentence_spans
from analysis.wording import listed

SORTED_BY = ("place", "before", "match", "after")
_KINDS = ("actor", "frame", "label", "words")
_COLUMNS = [
    "article_id",
    "outlet",
    "published",
    "sentence",
    "start",
    "end",
    "place",
    "what",
    "form",
    "n",
]
_WORDS = ["before", "match", "after"]
_SAID = 3  # outlets that a title names
_NO_TEXTS = "The texts are not on this machine: lines are places without words."
_WITHHELD = (
    "corpus.yml says that the texts are withheld: lines are places without words. `withheld=True`"
    " shows them to you; what you then save or print carries them."
)
_NO_PLACES = (
    "The shared form has no characters: lines are {of} without words. The owner of the texts can"
    " show them."
)


@dataclass(frozen=True, eq=False, repr=False)
class Lines(Result):
    """Lines in context.

    Attributes
    ----------
    table : DataFrame
        One row a line.

        =============  ==========  =============================================================
        column         unit        meaning
        =============  ==========  =============================================================
        article_id
        outlet
        published
        sentence                   its number in the article, from 0; NA of actors and words in
                                   the shared form
        start, end     characters  of the match in the article; NA in the shared form
        place          0 to 1      words of the article before it (before its sentence in the
                                   shared form)
        what                       which actor, frame, label or words
        form                       how an actor is mentioned ("name", "pronoun" …), the codebook's
                                   word of a frame, how a label is put; empty of words
        n              matches     1; in the shared form those of the row
        before, after              words of the text on both sides; empty where they may not be
                                   shown or are not here
        match                      the words that match
        =============  ==========  =============================================================
    articles : DataFrame
        One row an article: article_id, outlet, n (matches), n_words (of the article).
    """

    articles: pd.DataFrame

    @property
    def finding(self) -> str:
        """How often it stands in how many articles, and which outlets have most places."""
        of, found = self.articles, self.articles[self.articles["n"] > 0]
        if found.empty:
            return f"{self.params['said']} stands in no article"
        n, articles = int(found["n"].sum()), count(len(of), "article")
        said = f"{self.params['said']}: {count(n, 'place')} in {len(found):,} of {articles}"
        sums = found[found["outlet"] != ""].groupby("outlet")["n"].sum()
        sums = sums.sort_values(ascending=False, kind="stable")
        if len(sums) < 2:
            return said
        return f"{said}, most in {listed([f'{o} ({k:,})' for o, k in sums.head(_SAID).items()])}"


def kwic(
    corpus: Corpus | Features,
    *,
    actor: str | None = None,
    frame: str | None = None,
    label: str | None = None,
    words: str | Sequence[str] | None = None,
    part: str = "body",
    window: int = 10,
    sort: str = "place",
    withheld: bool = False,
) -> Lines:
    """List the places of an actor, a frame, a label or words, with the words around each.

    Parameters
    ----------
    corpus : Corpus or Features
        With its texts, to see words. Bare features and the shared form give places without words,
        and the shared form those of single words by article only.
    actor : str, optional
        Its key in the codebook: every mention, pronouns that stand for it among them. With `label`
        the labels of this actor alone.
    frame : str, optional
        Its name in the codebook: every match of its words.
    label : str, optional
        What actors are called, such as "regime", as `tl.labels` lists it.
    words : str or sequence of str, optional
        A word or phrase, or several, in any case; a trailing ``*`` stands for any ending.
    part : {"body", "title"}
    window : int
        Words on each side.
    sort : {"place", "before", "match", "after"}
        Lines in the order of the articles, or by the word before, the match, or the words after.
    withheld : bool
        Show words also where the corpus's texts may not be shared. What you then save or print
        carries them.

    Returns
    -------
    Lines

    Raises
    ------
    OptionError
        If not one of `actor`, `frame`, `label` and `words` is given, or the codebook or the
        features know none of this name.
    FeaturesError
        If the features lack mentions, hits or labels.

    Examples
    --------
    >>> import analysis as tw
    >>> tw.tl.kwic(tw.load("amnesty2024"), actor="maduro").table[["article_id", "form"]].head(2)
      article_id  form
    0  mcclatchy  name
    1  mcclatchy  name
    """
    check_choice("sort", sort, SORTED_BY)
    check_option("window", window, Whole())
    features = features_of(corpus, part)
    given = {"actor": actor, "frame": frame, "label": label, "words": words}
    asked = [kind for kind in _KINDS if given[kind] is not None]
    if asked not in (["actor"], ["frame"], ["label"], ["words"], ["actor", "label"]):
        raise OptionError(
            "kwic takes one of actor, frame, label and words, or an actor and a label (got"
            f" {', '.join(asked) or 'none'})"
        )
    found, said = _found(features, asked[-1], given)
    articles = features.table("articles", ["article_id", "outlet", "published", "n_tokens"])
    table = _placed(features, found, articles)
    notes, texts = _texts(corpus, features, table, part, withheld)
    table = _worded(features, table, texts, window)
    if not features.measures_itself:
        of = "articles" if asked == ["words"] else "sentences"
        of = "labels of articles" if "label" in asked else of
        notes = [_NO_PLACES.format(of=of)]
    if sort != "place":
        table = table.sort_values(sort, key=_SORTED[sort], kind="stable")
    sums = table.groupby("article_id")["n"].sum()
    articles = articles.assign(n=articles["article_id"].map(sums).fillna(0).astype(int))
    articles = articles.rename(columns={"n_tokens": "n_words"})
    articles = articles[["article_id", "outlet", "n", "n_words"]]
    options = {kind: given[kind] for kind in asked} | {"part": part, "window": window}
    params = options | {"said": said} | origin(features)
    return Lines(table.reset_index(drop=True), params, articles, notes=tuple(notes))


def _found(features: Features, kind: str, given: dict) -> tuple[pd.DataFrame, str]:
    """Rows with article_id, sentence, start, end, what and n; and what they are called."""
    if kind == "words":
        return _of_words(features, given["words"])
    private = features.form == PRIVATE
    if kind == "frame":
        name = _known(given["frame"], "frame", features.codebook("frames"))
        rows = features.table("hits")
        rows = rows[(rows["kind"] == "frame") & (rows["entry"] == name)]
        said = f"The frame “{name.replace('_', ' ')}”"
    elif kind == "label":
        rows = features.table("labels")
        if given["actor"] is not None:
            rows = rows[rows["actor"] == _actor(features, given["actor"])]
        wanted = " ".join(str(given["label"]).split()).casefold()
        there = rows["label"].str.casefold()
        if not len(there) or wanted not in set(there):
            known = ", ".join(rows["label"].value_counts().index[:8]) or "none"
            raise OptionError(f"label must be one of those found (got {wanted!r}); such as {known}")
        rows, name = rows[there == wanted], wanted
        said = f"The label “{name}”"
        if given["actor"] is not None:
            said += f" of {named(given['actor'], actor_names(features))}"
    else:
        name = _actor(features, given["actor"])
        rows = features.table("mentions")
        rows = rows[rows["actor"] == name]
        said = named(name, actor_names(features))
    if not private and "sentence" not in rows:
        rows = rows.assign(sentence=pd.NA)
    n = 1 if private or "count" not in rows else rows["count"]
    form = next((rows[c] for c in ("form", "pattern", "construction") if c in rows), "")
    return rows.assign(what=name, form=form, n=n), said[0].upper() + said[1:]


def _actor(features: Features, given: str) -> str:
    return _known(given, "actor", features.codebook("actors"))


def _known(given: str, kind: str, there) -> str:
    if given not in there:
        listed_names = ", ".join(map(str, there)) or "none"
        raise OptionError(f"{kind} must be one of the codebook: {listed_names} (got {given!r:.60})")
    return given


def _of_words(features: Features, given: str | Sequence[str]) -> tuple[pd.DataFrame, str]:
    phrases = [given] if isinstance(given, str) else list(given)
    if not phrases or not all(isinstance(phrase, str) and phrase.split() for phrase in phrases):
        raise OptionError(f"words must be a word or phrase, or several (got {given!r:.60})")
    said = listed([f"“{phrase}”" for phrase in phrases])
    terms = features.table("terms", ["article_id", "term", "count"])
    if features.form != PRIVATE:
        return _in_articles(terms, phrases), said
    vocabulary = pd.Series(terms["term"].unique(), dtype=object)
    tokens = features.table("tokens", ["article_id", "sentence", "start", "end", "hash"])
    hashes, article = tokens["hash"].to_numpy(), tokens["article_id"].to_numpy()
    parts = []
    for phrase in phrases:
        pieces = [_hashes(piece, vocabulary) for piece in _pieces(phrase)]
        last = len(tokens) - len(pieces) + 1
        there = np.ones(max(last, 0), bool)
        for i, allowed in enumerate(pieces):
            there &= np.isin(hashes[i : i + len(there)], allowed)
        first = np.flatnonzero(there)
        first = first[article[first] == article[first + len(pieces) - 1]]
        rows = tokens.iloc[first][["article_id", "sentence", "start"]]
        ends = tokens["end"].to_numpy()[first + len(pieces) - 1]
        parts.append(rows.assign(end=ends, what=phrase, form="", n=1))
    return pd.concat(parts, ignore_index=True), said


def _in_articles(terms: pd.DataFrame, phrases: list[str]) -> pd.DataFrame:
    """Single words counted by article, which is all that the shared form can tell."""
    parts = []
    for phrase in phrases:
        pieces = _pieces(phrase)
        if len(pieces) > 1:
            raise OptionError(
                f"the shared form counts single words by article (got {phrase!r:.60}); phrases need"
                " the private form"
            )
        rows = terms[terms["term"].map(lambda term, p=pieces[0]: _is(term, p))]
        summed = rows.groupby("article_id", sort=False)["count"].sum().reset_index(name="n")
        parts.append(summed.assign(sentence=pd.NA, what=phrase, form=""))
    return pd.concat(parts, ignore_index=True)


def _pieces(phrase: str) -> list[str]:
    """The words of a phrase in normal form, as tokens have them; a trailing * stays."""
    pieces: list[str] = []
    for piece in phrase.split():
        found = words_of(piece)
        if found and piece.endswith("*"):
            found[-1] += "*"
        pieces += found
    if not pieces:
        raise OptionError(f"words must have a letter or digit (got {phrase!r:.60})")
    return pieces


def _is(term: str, piece: str) -> bool:
    return term.startswith(piece[:-1]) if piece.endswith("*") else term == piece


def _hashes(piece: str, vocabulary: pd.Series) -> np.ndarray:
    """Hashes of the words that a piece of a phrase may be."""
    if not piece.endswith("*"):
        return np.array([word_hash(piece)], np.uint64)
    some = vocabulary[vocabulary.str.startswith(piece[:-1])]
    return np.array([word_hash(word) for word in some], np.uint64)


def _placed(features: Features, found: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """The rows in the order of the articles, with what the metadata says and how far down."""
    about = articles.set_index("article_id")
    rows = found.reindex(columns=["article_id", "sentence", "start", "end", "what", "form", "n"])
    whole = ["sentence", "start", "end"]
    rows[whole] = rows[whole].astype("Int64")
    ids = rows["article_id"]
    rows = rows.assign(outlet=ids.map(about["outlet"]), published=ids.map(about["published"]))
    spans = sentence_spans(features)[["article_id", "sentence", "position"]]
    spans["sentence"] = spans["sentence"].astype("Int64")
    rows = rows.merge(spans, how="left", on=["article_id", "sentence"])
    rows["place"] = rows.pop("position") / rows["article_id"].map(about["n_tokens"]).astype(float)
    order = pd.Index(articles["article_id"]).get_indexer(rows["article_id"])
    keys = rows[["start", "sentence"]].assign(article=order)
    keys = keys.sort_values(["article", "sentence", "start"], kind="stable")
    return rows.loc[keys.index, _COLUMNS].reset_index(drop=True).astype({"n": int})


def _texts(
    corpus: Corpus | Features, features: Features, table: pd.DataFrame, part: str, withheld: bool
) -> tuple[list[str], dict[str, str]]:
    """A note where no words can be shown; else the texts of the articles with a line."""
    if not features.measures_itself:
        return [], {}
    if not isinstance(corpus, Corpus) or corpus.texts is None and part == "body":
        return [_NO_TEXTS], {}
    if corpus.withheld and not withheld:
        return [_WITHHELD], {}
    some = corpus.metadata[corpus.metadata["article_id"].isin(table["article_id"])]
    if part == "title":
        titles = some["title"].str.split().str.join(" ")
        return [], dict(zip(some["article_id"], titles))
    read = replace(corpus, metadata=some).articles()
    return [], {article.article_id: article.text for article in read}


def _worded(
    features: Features, table: pd.DataFrame, texts: dict[str, str], window: int
) -> pd.DataFrame:
    """The lines with their words and those around, and the place of the first one of them."""
    lines = table.assign(**dict.fromkeys(_WORDS, ""))
    if not features.measures_itself or table.empty:
        return lines
    tokens = features.table("tokens", ["article_id", "start", "end"])
    sizes = tokens.groupby("article_id", sort=False).size()
    stops = dict(zip(sizes.index, np.cumsum(sizes)))
    starts, ends = tokens["start"].to_numpy(), tokens["end"].to_numpy()
    said, places = [], []
    for article, start, end in table[["article_id", "start", "end"]].itertuples(index=False):
        stop, size = int(stops[article]), int(sizes[article])
        first, own = stop - size, starts[stop - size : stop]
        at = int(np.searchsorted(own, start))
        after = int(np.searchsorted(own, end))
        places.append(at / size)
        if (text := texts.get(article)) is None:
            said.append(("", "", ""))
            continue
        left = int(own[max(at - window, 0)]) if window and at else start
        last = min(after + window, size) - 1
        right = int(ends[first + last]) if last >= after else end
        said.append(
            (
                _one_line(text[min(left, start) : start]),
                _one_line(text[start:end]),
                _one_line(text[end : max(right, end)]),
            )
        )
    lines[_WORDS] = said
    return lines.assign(place=places)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _from_the_end(before: pd.Series) -> pd.Series:
    return before.str.casefold().str.split().map(lambda words: words[::-1])


_SORTED = {
    "before": _from_the_end,
    "match": lambda match: match.str.casefold(),
    "after": lambda after: after.str.casefold(),
}
