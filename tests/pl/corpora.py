"""Corpora of invented articles for the figures: 5 to 600 of them, and odd ones.

Texts are extracted by the real reader of English. What models say is planted: the tone of a mention
follows the words of its sentence, a sentence's vector is the sum of its words' (`tests.quick`).
Outlets differ in what they call the mayor, whom they quote and what they copy, more so the more
articles there are.
"""

import datetime
import functools
import random
import tempfile
from pathlib import Path

import numpy as np

from analysis.codebook import read_codebook
from analysis.corpus import Corpus
from analysis.extract.memory import extract_articles
from analysis.io.article import Article
from analysis.text.tokens import words_of
from tests.invented import THINGS
from tests.memory import with_column
from tests.quick import Encoder

LONG = (
    "The Port Elva Evening Courier and Advertiser for the Western Islands, the Sound and all the"
    " Parishes of the Outer Coast"
)  # 120 letters
OUTLETS = (
    "The Herald",
    "THE HERALD",
    LONG,
    "Вестник Гавани",
    "港口晚报",
    "Echo",
    "Lantern & Sons <b>",
    "Tribune",
    *(f"{place} {kind}" for kind in ("Post", "Gazette") for place in
      ("Elva", "Nordby", "Southmark", "Quayside", "Granholm", "Westerly", "Oakhaven", "Drumlin",
       "Fairwater", "Kirkton", "Saltmarsh")),
)  # fmt: skip
ONCE = "Parish Newsletter"  # the outlet of one article
FIRST_DAY = datetime.date(2024, 5, 6)
NEGATIVE, POSITIVE = "embattled disgraced failed attacked blamed", "popular praised hero respected"
CODEBOOK = """\
actors:
  mayor_brandt: {name: Ola Brandt, aliases: [Brandt, Mayor Brandt, the mayor], side: town}
  pavel_ormond: {name: Pavel Ormond, aliases: [Ormond], side: opposition}
  mira_holt: {name: Mira Holt, aliases: [Holt], side: opposition}
  harbour_board: {name: Harbour Board, aliases: [the board], kind: group, side: town}
frames:
  human_interest: {words: [famil*, wept, friend*, home]}
  money_and_trade: {words: [cost*, price*, million, pay, trader*, job*]}
  conflict: {words: [attack*, accus*, critic*, row, protest*, refus*]}
  safety_first: {words: [safe*, fault*, inspect*, danger*, warn*]}
axes:
  safe-dangerous: {low: [danger, warned, faults], high: [safe, calm, sound]}
  strong-weak: {low: [weak, failed], high: [strong, popular]}
dictionaries:
  vader: {package: vader, language: en}
tone: [mayor_brandt, pavel_ormond, harbour_board]
use: [label_families]
"""
BAD, GOOD = ("embattled", "disgraced", "reckless"), ("popular", "respected", "tireless")
SENTENCES = (  # of phrases that are short, so that articles share what was planted and little more
    "{When} the {label} mayor {refused} the {adjective} {thing} {where} {why}.",
    "“We will {sue} the {adjective} owners {where} {why},” Brandt {said} {when}.",
    "{When} Brandt {attacked} the {adjective} {thing} {where} {why}.",
    "{When} Pavel Ormond, a {adjective} critic, {refused} the {thing} {where} {why}.",
    "Ormond {said} {when} that {people} {where} lost {number} million crowns {why}.",
    "“We must {sue} the {adjective} {people} {where},” Ormond {said} {when}.",
    "{When} the board {attacked} the {adjective} {people} {where} {why}.",
    "“Nobody {where} {sued} the {people} {why},” {said} Mira Holt {when}.",
    "Holt {said} {when} that {adjective} {people} {where} would protest {why}.",
    "{People} {where} {refused} {number} {adjective} repairs {when}.",
    "Families of {adjective} {people} wept {where} {when} {why}.",
    "The {label} mayor {attacked} {number} {adjective} letters {when} {where}.",
    "Officials {where} {said} {when} that the {thing} was {adjective} {why}.",
    "{People} {where} fear for {number} {adjective} jobs {when}.",
    "{When} friends {where} called Brandt a {label} {hero} {why}.",
    "Inspectors {where} {refused} {number} {adjective} faults {when}.",
)
SLOTS = {
    "thing": THINGS,
    "number": [str(n) for n in range(12, 90)],
    "refused": "refused declined hoped saw measured wanted counted left".split(),
    "sue": "sue question face thank pay trust hear follow".split(),
    "sued": "sued questioned faced thanked paid trusted heard followed".split(),
    "attacked": "attacked praised blamed defended welcomed rejected accused answered".split(),
    "said": "said claimed warned insisted added admitted recalled argued".split(),
    "adjective": (
        "old new rusty northern costly broken famous empty narrow safe dangerous wooden foreign"
        " crowded quiet stormy painted hollow steep idle early heavy western distant"
    ).split(),
    "people": (
        "pilots traders sailors dockers fishers clerks neighbours porters bakers teachers nurses"
        " masons drivers cooks divers weavers"
    ).split(),
    "place": (
        "Nordby Southmark Granholm Westerly Oakhaven Drumlin Kirkton Fairwater Saltmarsh Quayside"
        " Tarnish Holloway Brinewell Cobb Eastholm Ferrick Gullane Marram Skerry Thole"
    ).split(),
    "cause": (
        "costs money fear law protest jobs advice mistakes wagers habit storms rows debts peace"
        " safety anger duty strikes families taxes rumours rain"
    ).split(),
    "dear": "high low rising hidden sudden lasting local public honest secret bitter small".split(),
    "near": "near behind off outside beyond around".split(),
    "for": "despite amid over against through under without after".split(),
    "sky": "grey cold wet windy dry misty dark bright still stormy raw mild".split(),
    "part": "morning noon afternoon evening night".split(),
    "hero": "hero leader survivor fighter".split(),
}  # fmt: skip
PHRASES = {
    "when": "on a {sky} {part}",
    "When": "On a {sky} {part}",
    "where": "{near} {place}",
    "why": "{for} {dear} {cause}",
}
STORIES = 9  # articles that draw on one report of an agency, at most
BOX = "Sign up for our free morning newsletter and never miss a story."


class Tone:
    """Judges a mention by the words of its sentence."""

    name = digest = "by words"

    def predict(self, sentences, spans):
        rows = [self._judge(set(words_of(sentence.lower()))) for sentence in sentences]
        return np.array(rows, np.float32).reshape(-1, 3)

    @staticmethod
    def _judge(words):
        bad, good = (len(words & set(listed.split())) for listed in (NEGATIVE, POSITIVE))
        weights = np.array([0.3 + bad, 1.0, 0.3 + good])
        return weights / weights.sum()


class Invented(Corpus):
    """A corpus without a folder."""

    @property
    def texts(self):
        return Path()

    def articles(self):
        return iter(self.datasheet["articles"])


@functools.cache
def invented_corpus(n, outlets=8, *, days=42, once=True, missing=True, mentions=True, seed=0):
    """A corpus of `n` articles of so many outlets over so many days.

    Parameters
    ----------
    n : int
    outlets : int
        With 0 no article has one; above 30 they are numbered.
    days : int or None
        From the first article to the last; with None no article has a date.
    once : bool
        Whether the last article is of an outlet that has no other.
    missing : bool
        Whether some articles lack their outlet, some their date.
    mentions : bool
        Whether the first outlet names any actor.
    seed : int
    """
    rows = list(_rows(n, outlets, days, once, missing, mentions, random.Random(seed)))
    articles = [
        Article(row["id"], row["text"], "en", {c: row[c] for c in ("outlet", "published")})
        for row in rows
    ]
    name, codebook = f"invented_{n}", _codebook()
    features = extract_articles(
        articles, codebook=codebook, encoder=Encoder(), tone=Tone(), name=name
    )
    features = with_column(features, "title", [row["title"] for row in rows])
    datasheet = {"name": name, "articles": articles}
    return Invented(Path(name), datasheet, features.table("articles"), codebook, features)


@functools.cache
def _codebook():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "codebook.yml"
        path.write_text(CODEBOOK, encoding="utf-8")
        codebook, faults = read_codebook(path)
    assert not faults, faults
    return codebook


def _name(i, outlets):
    if not outlets:
        return ""
    i = i % outlets
    return OUTLETS[i] if i < len(OUTLETS) else f"Paper {i}"


def _rows(n, outlets, days, once, missing, mentions, rng):
    told, report = [], ""
    for i in range(n):
        name = _name(i, outlets - once if outlets > 1 else outlets)
        name = ONCE if once and outlets > 1 and i == n - 1 else name
        number = i % max(outlets, 1)
        silent = not mentions and number == 0
        paragraphs = _paragraphs(number, silent, rng)
        if told and number % 3 == 1:  # a paragraph of an earlier article, a word changed
            paragraphs.insert(1, rng.choice(told[-12:]).replace(" the ", " that ", 1))
        told.append(paragraphs[0])
        if i % (6 * STORIES) == 0:
            report = " ".join(_paragraphs(number, silent, rng)[:2])
        if i % 6 == 0:
            paragraphs.insert(0, f"PORT ELVA (Reuters) - {report}" if number % 4 < 2 else report)
        if number == 2:
            paragraphs.append(BOX)
        if number % 5 == 3:
            paragraphs.append(f"The Elva Post reported that the {rng.choice(THINGS)} was sold.")
        date = ""
        if days is not None:
            date = str(FIRST_DAY + datetime.timedelta(days=i * days // max(n - 1, 1)))
        yield {
            "id": f"article_{i:03}",
            "outlet": "" if missing and n > 5 and i % 20 == 11 else name,
            "published": "" if missing and n > 5 and i % 17 == 9 else date,
            "title": f"{rng.choice(THINGS).capitalize()} near {rng.choice(SLOTS['place'])} costs"
            f" more than the mayor {rng.choice(SLOTS['said'])}, {rng.choice(SLOTS['people'])} fear",
            "text": "\n\n".join(paragraphs) + "\n",
        }


def _paragraphs(number, silent, rng):
    pool = [s for s in SENTENCES if "Brandt" not in s and "mayor" not in s] if silent else SENTENCES
    if silent:
        pool = [s for s in pool if "Ormond" not in s and "Holt" not in s and "board" not in s]
    kind = (BAD, GOOD)[number % 2] if rng.random() < 0.8 else (GOOD, BAD)[number % 2]
    written = []
    for sentence in rng.sample(pool, min(7, len(pool))):
        cells = {slot: rng.choice(words) for slot, words in SLOTS.items()}
        cells |= {"label": rng.choice(kind), "People": cells["people"].capitalize()}
        cells |= {slot: phrase.format(**cells) for slot, phrase in PHRASES.items()}
        written.append(sentence.format(**cells))
    return [" ".join(written[first : first + 3]) for first in range(0, len(written), 3)]
