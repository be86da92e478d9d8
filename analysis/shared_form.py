"""The shared form: every table of the features without running words.

It counts in words, not in characters: the length of a match or of a short sentence would give its
words away to a reader who has their list.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import secrets
from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.errors import CorpusError, Fault, FeaturesError
from analysis.features import SCHEMAS, SHARED, Features
from analysis.files import write_bytes
from analysis.reuse.corpus_words import SHIPPED_N
from analysis.reuse.marks import CREDITED
from analysis.store import first_words
from analysis.text.tokens import word_hash, words_of
from analysis.views import CHANCES, placed_mentions, sum_credits, sum_masks, sum_terms

LONGEST_STRING = 6  # words; a longer cell could carry a headline or a sentence
RUN = 6  # running words of a text that nothing shared may hold
KEY_FILE = "twicetold.key"
SALT = b"twicetold shared n-grams, version 1"
NGRAMS = ("none", "credited", "all")  # which of them are shared
_NGRAM_WORDS = ["article_id", "hash", "quoted"]
ORDER = {  # else rows of one sentence would be in the order of their words
    "hits": ["article_id", "sentence", "kind", "entry"],
    "mentions": ["article_id", "unit", "actor", "form", "voice", "negative"],
}


def corpus_key(corpus: Corpus, random_key: bool = False) -> bytes:
    """The secret of the n-gram hashes: a random file beside the texts, or made from all texts.

    Published digests of single texts do not help to guess it: it needs every byte of every text.

    Parameters
    ----------
    corpus : Corpus
    random_key : bool
        Make a random key if there is none yet.

    Returns
    -------
    bytes
        32 of them.

    Raises
    ------
    CorpusError
        If the key file holds no key.
    """
    path = corpus.texts / KEY_FILE if corpus.texts is not None else None
    if path is not None and random_key and not path.exists():
        write_bytes(path, secrets.token_bytes(32))
    if path is not None and path.exists():
        key = path.read_bytes()
        if len(key) != 32:
            fault = Fault(f"articles/{KEY_FILE}", None, f"holds {len(key)} bytes; a key has 32.")
            raise CorpusError(corpus.folder, [fault])
        return key
    digest = hashlib.sha512()
    for article in sorted(corpus.articles(), key=lambda a: a.article_id):
        data = article.text.encode("utf-8")
        digest.update(len(data).to_bytes(8, "little") + data)
    return hashlib.scrypt(digest.digest(), salt=SALT, n=2**14, r=8, p=1, dklen=32)


class RunningWords:
    """Every run of six words of the texts and headlines, to find in what is to be shared.

    Parameters
    ----------
    private : Features
    """

    _MIXED = np.uint64(0x9E3779B97F4A7C15)

    def __init__(self, private: Features):
        parts = [private.table("tokens", ["article_id", "hash"])]
        with contextlib.suppress(FeaturesError):  # no headlines
            parts.append(private.titles.table("tokens", ["article_id", "hash"]))
        self._runs = np.unique(np.concatenate([self._of_articles(part) for part in parts]))

    def _of_articles(self, tokens: pd.DataFrame) -> np.ndarray:
        article = pd.factorize(tokens["article_id"])[0]
        runs = self._mixed(tokens["hash"].to_numpy(np.uint64))
        return runs[article[: len(runs)] == article[RUN - 1 :]]

    def _mixed(self, hashes: np.ndarray) -> np.ndarray:
        """One number for each run: a polynomial of its words' hashes, modulo 2**64."""
        n = max(len(hashes) - RUN + 1, 0)
        mixed = np.zeros(n, np.uint64)
        for i in range(RUN):
            mixed = mixed * self._MIXED + hashes[i : i + n]
        return mixed

    def found_in(self, said: str) -> str:
        """The first six words of a string that stand in a text in this order; "" if none do.

        Parameters
        ----------
        said : str

        Returns
        -------
        str
        """
        words = words_of(said)
        if len(words) < RUN:
            return ""
        runs = self._mixed(np.array([word_hash(word) for word in words], np.uint64))
        known = np.flatnonzero(np.isin(runs, self._runs))
        return " ".join(words[known[0] : known[0] + RUN]) if len(known) else ""


def shared_tables(
    private: Features,
    key: bytes,
    *,
    ngrams: str = "none",
    vectors: bool = False,
    running: RunningWords | None = None,
    say: Callable[[str], None] = print,
) -> dict[str, pd.DataFrame]:
    """Make the tables of the shared form.

    Of a mention's tone a class is left, as its digits would confirm a guessed sentence.
    `sentences`, `hits` and `quotes` lose their offsets; `quotes` also who speaks by which verb,
    which would name the words between its end and the sentence's.

    Parameters
    ----------
    private : Features
    key : bytes
        Of the n-gram hashes and the articles' digests.
    ngrams : {"none", "all"}
        Whether the hashes of all n-grams are among them; of credited passages see
        `credited_ngrams`.
    vectors : bool
        Whether sentence embeddings are among them.
    running : RunningWords, optional
        Those of `private`; made here if not given.
    say : callable
        Takes a line for each column whose cells were emptied.

    Returns
    -------
    dict of DataFrame
        With the columns that `features.SCHEMAS` lists.
    """
    hits = private.table("hits")
    hits = hits.assign(count=np.int32(1), n_negated=hits["negated"].astype(np.int32))
    keys = ["article_id", "sentence", "entry", "kind"]
    patterns = ["article_id", "entry", "kind", "pattern"]
    tables = {
        "articles": _guarded(private, key, running or RunningWords(private), say),
        "sentences": private.table("sentences"),
        "terms": sum_terms(private.table("terms")),
        "hits": hits.groupby(keys, sort=False)["count"].sum().reset_index(),
        "patterns": hits.groupby(patterns, sort=True)[["count", "n_negated"]].sum().reset_index(),
        "scores": private.table("scores"),
        # where a statement begins and ends gives its verb away
        "quotes": private.table("quotes").query("direct").reset_index(drop=True),
        "credits": sum_credits(private.table("credits")),
    }
    if ngrams == "all":
        tables["ngrams"] = keyed_ngrams(private.table("tokens", _NGRAM_WORDS), key)
    if private.has("masks"):
        tables["masks"] = sum_masks(private.table("masks"))
    if private.has("mentions"):
        tables["mentions"] = without_place(private)
    if private.has("style"):
        style = private.table("style").drop(columns="sentence")
        tables["style"] = style.groupby("article_id", sort=False).sum().reset_index()
    if private.has("labels"):
        labels = private.table("labels")
        tenths = np.floor(labels["confidence"].astype(float) * 10 + 1e-6) / 10
        tenths = tenths.astype(np.float32)
        labels = labels.assign(label=labels["label"].map(first_words), confidence=tenths)
        keys = ["article_id", "actor", "label", "construction", "quoted", "confidence"]
        tables["labels"] = labels.groupby(keys, sort=True).size().rename("count").reset_index()
    if vectors:
        tables["vectors"] = private.table("vectors")
    for name in tables.keys() - {"articles"}:
        tables[name] = tables[name][[column for column, _ in SCHEMAS[SHARED][name]]]
    place = {article: i for i, article in enumerate(private.article_ids)}
    for name in ORDER.keys() & tables.keys():
        tables[name] = tables[name].sort_values(
            ORDER[name],
            key=lambda cells: cells.map(place) if cells.name == "article_id" else cells,
            kind="stable",
            ignore_index=True,
        )
    return tables


def in_classes(mentions: pd.DataFrame) -> pd.DataFrame:
    """Mentions whose tone is -1, 0 or 1: one of three classes in the place of probabilities.

    Parameters
    ----------
    mentions : DataFrame
        With negative, neutral and positive; NaN where no tone was found.

    Returns
    -------
    DataFrame
        With 1 in the column of the class and 0 in the others.
    """
    tone = (mentions["positive"] - mentions["negative"]).astype(float).round()
    said = dict(zip(CHANCES, (tone < 0, tone == 0, tone > 0)))
    return mentions.assign(
        **{name: is_it.astype(np.float32).where(tone.notna()) for name, is_it in said.items()}
    )


def without_place(private: Features) -> pd.DataFrame:
    """Mentions in classes, with the part of the article, and sentences in no order of the text.

    A label joined with the sentence of its actor would be words of it.

    Parameters
    ----------
    private : Features

    Returns
    -------
    DataFrame
        `unit` numbers the sentences of an article that mention somebody, by what they mention.
    """
    mentions = placed_mentions(private, in_classes(private.table("mentions")))
    mentions["part"] = mentions["part"].astype(str)
    said = ["part", "actor", "form", "voice", *CHANCES]
    mentions = mentions.sort_values(said, kind="stable")
    columns = [mentions[column].astype(str) for column in said]
    mentions["said"] = columns[0].str.cat(columns[1:], sep=" ")
    keys = ["article_id", "sentence"]
    by_sentence = mentions.groupby(keys)["said"].agg("\n".join).reset_index()
    by_sentence = by_sentence.sort_values(["article_id", "said"], kind="stable")
    by_sentence["unit"] = by_sentence.groupby("article_id").cumcount()
    return mentions.merge(by_sentence[[*keys, "unit"]], on=keys)


def credited_ngrams(private: Features, key: bytes, passages: pd.DataFrame) -> pd.DataFrame:
    """Keyed hashes of the runs that stand in passages which one of their articles credits.

    Parameters
    ----------
    private : Features
    key : bytes
    passages : DataFrame
        Of `tl.reuse`.

    Returns
    -------
    DataFrame
        As of `keyed_ngrams`.
    """
    runs = keyed_ngrams(private.table("tokens", _NGRAM_WORDS), key)
    credited = passages[passages[["a_mark", "b_mark"]].isin(CREDITED).any(axis=1)]
    stretches: dict[str, set[int]] = {}
    for side in "ab":
        columns = [side, f"{side}_position", f"{side}_words"]
        for article, first, n in credited[columns].itertuples(index=False):
            stretches.setdefault(article, set()).update(range(first, first + n - SHIPPED_N + 1))
    places = zip(runs["article_id"], runs["position"])
    return runs[[p in stretches.get(a, ()) for a, p in places]].reset_index(drop=True)


def keyed_ngrams(tokens: pd.DataFrame, key: bytes, n: int = SHIPPED_N) -> pd.DataFrame:
    """Keyed hashes of every run of n words.

    Parameters
    ----------
    tokens : DataFrame
        With article_id, hash and quoted.
    key : bytes
    n : int

    Returns
    -------
    DataFrame
        Its columns:

        ==========  ======  =============================================
        column      unit    meaning
        ==========  ======  =============================================
        article_id
        position    words   of the run's first word in the article
        hash                keyed with blake2b
        quoted              whether all words are in quotation marks
        ==========  ======  =============================================
    """
    empty = np.empty((0, n), bool)
    parts = [pd.DataFrame({"article_id": [], "position": [], **_hashed(empty, empty, key)})]
    for article, part in tokens.groupby("article_id", sort=False):
        if len(part) < n:
            continue
        words, quoted = (
            np.lib.stride_tricks.sliding_window_view(part[column].to_numpy(kind), n)
            for column, kind in (("hash", np.uint64), ("quoted", bool))
        )
        position = np.arange(len(words), dtype=np.int32)
        run = {"article_id": article, "position": position, **_hashed(words, quoted, key)}
        parts.append(pd.DataFrame(run))
    return pd.concat(parts[1:] or parts, ignore_index=True)


def _hashed(words: np.ndarray, quoted: np.ndarray, key: bytes) -> dict[str, np.ndarray]:
    digests = [hashlib.blake2b(w, key=key, digest_size=8) for w in np.ascontiguousarray(words)]
    hashes = [int.from_bytes(digest.digest(), "little") for digest in digests]
    return {"hash": np.array(hashes, np.uint64), "quoted": quoted.all(axis=1)}


def keyed_digest(sha256: str, key: bytes) -> str:
    """The shared form's digest of an article; without the key nobody can compare it with a text.

    Parameters
    ----------
    sha256 : str
        Of the text.
    key : bytes

    Returns
    -------
    str
    """
    return hmac.new(key, sha256.encode(), "sha256").hexdigest()


def shareable(cell: str, running: RunningWords) -> str:
    """A cell of the metadata as the shared form holds it: empty where it could carry a headline.

    Parameters
    ----------
    cell : str
    running : RunningWords

    Returns
    -------
    str
    """
    return "" if len(words_of(cell)) > LONGEST_STRING or running.found_in(cell) else cell


def _guarded(private: Features, key: bytes, running: RunningWords, say) -> pd.DataFrame:
    """Articles without cells that hold a headline.

    Those are long cells and, in the user's own columns, also words of the text itself.
    """
    articles = private.table("articles")
    if "title" in articles:
        say(f"left out of the shared form: all {len(articles)} cells of 'title', the headlines")
        articles["title"] = ""
    hashes = private.table("tokens", ["article_id", "hash"]).groupby("article_id")["hash"]
    words = {article: set(zip(h, h[1:])) for article, h in hashes.apply(list).items()}
    own = [c for c in articles.columns if c not in dict(SCHEMAS[SHARED]["articles"])]
    for column in ["outlet", "author", "url", *own]:
        kept = articles[column].map(lambda cell: shareable(cell, running))
        if column in own:
            said = [[word_hash(w) for w in words_of(cell)] for cell in kept]
            copied = [
                len(h) > 1 and set(zip(h, h[1:])) <= words.get(a, set())
                for a, h in zip(articles["article_id"], said)
            ]
            kept = kept.mask(copied, "")
        emptied = int((kept != articles[column]).sum())
        if emptied:
            some = f"{emptied} of {len(articles)} cells of {column!r}"
            why = f"which are longer than {LONGEST_STRING} words or are in the text"
            say(f"left out of the shared form: {some}, {why}")
        articles[column] = kept
    return articles.assign(sha256=[keyed_digest(d, key) for d in articles["sha256"]])
