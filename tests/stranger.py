"""A stranger who has an archive of shared features, the package and English, and never the texts,
and reads what can be read.
"""

import functools
import hashlib
import itertools
import re
import zipfile
from collections import Counter, defaultdict

import numpy as np
import pandas as pd

from analysis.codebook import read_codebook
from analysis.extract.entries import NEGATORS
from analysis.features import corpus_digest, load_features
from analysis.reuse.shingles import COMMON_BITS, collect
from analysis.shared_form import KEY_FILE, SALT
from analysis.text.outlets import outlets
from analysis.text.tokens import tokenise, word_hash, words_of
from tests.shipped_columns import WORDS, role_of

SUBJECTS = {"he": 1, "she": 1, "they": 0.3, "i": 0.1, "it": 0.1, "we": 0.05, "who": 0.05}
VERBS = {
    "said": 1,
    "says": 0.8,
    "added": 0.4,
    "told": 0.2,
    "wrote": 0.2,
    "asked": 0.2,
    "explained": 0.2,
    "warned": 0.2,
    "insisted": 0.2,
    "replied": 0.2,
    "announced": 0.1,
}
# words that stand before the one they belong to
LEADING = frozenset(
    "the a an his her their its our my your this that these those no every each one two three four"
    " five six seven eight nine ten in on at of to for from by with".split()
)
PHRASES = [
    tuple(p.split())
    for p in (
        "no|yes|never|nothing|nobody|none|why|how|what|who|when|where|again|then|now|silence"
        "|maybe|perhaps|really|indeed|exactly|enough|sorry|advertisement|sponsored|exclusive"
        "|breaking|updated|correction|analysis|opinion|explainer|read"
        " more|share this|follow us|sign up|subscribe now|related articles|related stories|more to"
        " follow|not yet|not now|not so|not quite|not any more|not at all|not good|not enough|no"
        " one|no one knows|no one did|nobody knows|nobody did|nobody asked|no comment|no problem|no"
        " good|no more|no doubt|no wonder|no way|so what|so far|now what|what now|what next|what"
        " then|what happened|what's next|what happens next|what happens now|what we know|what we"
        " don't know|why it matters|why now|why not|who knows|who is to blame|who was it|how so|how"
        " come|how much|what else|what for|and yet|and then|and so|but no|but why|of course|that is"
        " all|that's all|that's it|that is it|that is that|that was it|it was not|it is not|it did"
        " not|it's not|it isn't|it wasn't|he did not|she did not|they did not|he was not|she was"
        " not|they were not|he was wrong|she was right|we will see|we shall see|time will tell|i"
        " don't know|we don't know|i do not know|thank you|good luck|never again|never mind|once"
        " again|over and over|on and on|dead wrong|too late|too little|two years ago|last week|last"
        " year|last month|this week|this year|years ago|photo credit|file photo|to be"
        " continued|with agencies|all rights reserved|the end|the answer is no|they said nothing|he"
        " said nothing|she said nothing|they waited|they knew|they lied|he knew|she knew|we"
        " knew|she laughed|he laughed|she nodded|he shrugged|she paused|he paused|it happened|it"
        " matters|it worked|it failed|it was late|it was over|it was raining|it is over|it's"
        " over|enough is enough"
    ).split("|")
]
FIVES = [
    tuple(p.split())
    for p in (
        "at the end of the|the end of the day|for the first time in|by the end of the|in the middle"
        " of the|on the other side of|as a result of the|the rest of the world|one of the most"
        " important|it is not clear whether|it was not clear whether|it was not immediately"
        " clear|did not respond to a|did not immediately respond to|not immediately respond to"
        " a|respond to a request for|to a request for comment|a request for comment on|said in a"
        " statement on|said in a statement that|according to a person familiar|in the wake of"
        " the|at the time of the|the head of the agency|the president of the united|president of"
        " the united states|of the united states and|the united states and the|of the house of"
        " representatives|in the united states and|told reporters on monday that|the first time"
        " since the|is one of the most|was one of the most|to be one of the|that there is no"
        " evidence|there is no evidence that|all over the world and|and the fact that the|due to"
        " the fact that|in the face of the|in the hands of the|under the terms of the|a spokesman"
        " for the ministry|for more than two decades|more than half of the|for the rest of the|at"
        " the top of the|at the bottom of the"
    ).split("|")
]
# what stands in a line that credits somebody, by kind; {} is who
CREDIT_LINES = {
    "contribution": [
        "{} contributed to this report",
        "the {} contributed to this report",
        "{} contributed to this story",
        "{} contributed to this article",
        "the {} contributed to this article",
        "additional reporting by {}",
    ],
    "rights": ["all rights reserved", "{} all rights reserved", "copyright {}", "© {}"],
    "agency_line": ["by {}", "by the {}", "the {}", "{}"],
    "photo": ["{} photo", "photo by {}", "photo {}", "{}"],
}
CREDIT_TAILS = {
    "contribution": [("contributed", "to", "this", w) for w in ("report", "story", "article")],
    "rights": [("all", "rights", "reserved")],
}
SLOTS = [
    "the {} of the {}",
    "of the {} of the",
    "in the {} of the",
    "to the {} of the",
    "the {} said in a",
    "at the {} of the",
]


def clear(weights, least=0.6):
    """The best of some guesses and its share, where it is clearly the best."""
    total = sum(weights.values())
    best = max(weights, key=weights.get) if total else None
    return (best, weights[best] / total) if total and weights[best] / total >= least else (None, 0)


def marks(n):
    """How likely n characters stand behind the last word of a sentence."""
    return {0: 0.12, 1: 0.75, 2: 0.1, 3: 0.03}.get(n, 0)


def spaces(n):
    """How likely n characters more than one stand between two words."""
    return {0: 0.88, 1: 0.1, 2: 0.015, 3: 0.005}.get(n, 0)


@functools.cache
def packed_word(word):
    return word_hash(word).to_bytes(8, "little")


def _fingerprint(data: bytes) -> bytes:
    """The hash of five words that text reuse counts by."""
    words = np.frombuffer(data, np.uint64)
    every, common = np.full(256, 0b10101010, np.uint8), np.zeros(1 << COMMON_BITS, np.uint32)
    return next(
        rows["hash"]
        for _, rows in collect(words, np.array([0, len(words)]), 5, lambda _: every, common)
    ).tobytes()


class Stranger:
    """Reads an archive and guesses: `guesses` maps (article, position) to word, way and weight;
    `named` those that the columns outlet and author say, which the archive names on purpose;
    `placed` maps (article, sentence) to words that stand in it."""

    STEPS = (
        "look_up_hashes",
        "read_row_order",
        "cover_entries",
        "measure_words",
        "read_short_sentences",
        "read_attributions",
        "read_metadata",
        "read_credits",
        "read_strings",
        "compare_versions",
        "try_digests",
    )

    def __init__(self, path, folder, steps=STEPS):
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)
        home = next(folder.iterdir())
        self.name, self.features = home.name, load_features(path)
        self.codebook = read_codebook(home / "codebook.yml")[0]
        self.lexicon = {(e.kind, e.name): e.weights for e in self.codebook.entries}
        self.metadata = pd.read_csv(home / "metadata.csv", keep_default_na=False, dtype=str)
        self.tables = {name: self.features.table(name) for name in self.features.manifest["tables"]}
        self.results = {n: self.features.result(n) for n in self.features.manifest["results"]}
        self.passages = self.results.get("passages")
        nothing = {"article_id": [], "position": [], "hash": [], "quoted": []}
        self.tables.setdefault("ngrams", pd.DataFrame(nothing))  # where none are shared
        self.ids = self.features.article_ids
        self.guesses, self.named, self.placed, self.turned = {}, {}, defaultdict(Counter), set()
        self.phrases = defaultdict(set)  # by table: article, sentence, words in their order
        terms = dict(iter(self.tables["terms"].groupby("article_id", sort=False)))
        self.bag = {
            a: Counter(dict(zip(terms[a]["term"], terms[a]["count"]))) if a in terms else Counter()
            for a in self.ids
        }
        self.names = {
            a: set(terms[a]["term"][terms[a]["is_name"]]) if a in terms else set() for a in self.ids
        }
        spans = self.tables["sentences"]
        spans = spans.assign(
            position=spans.groupby("article_id", sort=False)["n_tokens"].cumsum()
            - spans["n_tokens"]
        )
        self.sentences = {a: [] for a in self.ids}
        for row in spans.itertuples(index=False):
            self.sentences[row.article_id].append(row)
        self.size = {a: sum(s.n_tokens for s in self.sentences[a]) for a in self.ids}
        self.find_twins()
        self.find_anchors()
        for step in steps:
            getattr(self, step)()

    def guess(self, article, position, words, way, weight, into=None):
        into = self.guesses if into is None else into
        for place, word in enumerate(words, start=position):
            if weight > into.get((article, place), (None, None, 0))[2]:
                into[article, place] = (word, way, weight)

    def find_twins(self):
        """Positions that hold the same word, by equal hashes; the words that every article of
        theirs has.
        """
        offsets = dict(zip(self.ids, np.cumsum([0, *(self.size[a] for a in self.ids)])))
        parent = list(range(sum(self.size.values())))

        def root(i):
            while parent[i] != i:
                parent[i] = parent[parent[i]]
                i = parent[i]
            return i

        first = {}
        for a, p, h in self.tables["ngrams"][["article_id", "position", "hash"]].itertuples(
            index=False
        ):
            here = int(offsets[a]) + p
            there = first.setdefault(h, here)
            for k in range(5):
                parent[root(here + k)] = root(there + k)
        self.twin = {
            (a, p): root(int(offsets[a]) + p) for a in self.ids for p in range(self.size[a])
        }
        self.where, fitting, made = defaultdict(Counter), {}, {}
        for (a, _), twin in self.twin.items():
            self.where[twin][a] += 1
        for twin, articles in self.where.items():
            key = tuple(sorted(articles.items()))
            if key not in made:
                made[key] = frozenset(
                    w for w in self.bag[key[0][0]] if all(self.bag[a][w] >= n for a, n in key)
                )
            fitting[twin] = made[key]
        self.fitting = {place: fitting[twin] for place, twin in self.twin.items()}

    def fits(self, article, position, words):
        return all(w in self.fitting[article, position + i] for i, w in enumerate(words))

    def find_anchors(self):
        """Characters of some words: from passages and quotations exactly, from sentences but for
        marks.
        """
        self.start, self.end, self.opens, self.closes = (
            {a: {} for a in self.ids} for _ in range(4)
        )
        for a in self.ids:
            for s in self.sentences[a]:
                if s.n_tokens and hasattr(s, "start"):
                    self.opens[a][s.position], self.closes[a][s.position + s.n_tokens - 1] = (
                        s.start,
                        s.end,
                    )
        for row in self.results.get("disagreements", pd.DataFrame()).to_dict("records"):
            for side in "ab" if "a_sentence" in row else "":  # a sentence of one value
                s = self.sentences[row[side]][row[f"{side}_sentence"]]
                n = len(words_of(row[f"{side}_value"]))
                if pd.notna(row.get(f"{side}_start")) and s.n_tokens == n:
                    self.start[row[side]][s.position] = row[f"{side}_start"]
        if "start" in self.tables["quotes"]:
            for q in self.tables["quotes"].itertuples(index=False):
                (
                    self.start[q.article_id][q.position],
                    self.end[q.article_id][q.position + q.n_words - 1],
                ) = (q.start + 1, q.end - 2)
        rows = (
            list(self.passages.itertuples(index=False))
            if self.passages is not None and "a_start" in self.passages
            else []
        )
        rows = [r for r in rows if not pd.isna(r.a_start)]
        for r in rows:
            self.start[r.a][r.a_position], self.end[r.a][r.a_position + r.a_words - 1] = (
                r.a_start,
                r.a_end,
            )
            self.start[r.b][r.b_position], self.end[r.b][r.b_position + r.b_words - 1] = (
                r.b_start,
                r.b_end,
            )
        equal = [r for r in rows if r.identity == 1 and r.a_end - r.a_start == r.b_end - r.b_start]
        for _, r in itertools.product(
            range(2), equal
        ):  # what is known of one side holds on the other
            for x, y, p, q, c, d in (
                (r.a, r.b, r.a_position, r.b_position, r.a_start, r.b_start),
                (r.b, r.a, r.b_position, r.a_position, r.b_start, r.a_start),
            ):
                for anchors in (self.start, self.end):
                    for place, at in list(anchors[x].items()):
                        if p <= place < p + r.a_words:
                            anchors[y].setdefault(place - p + q, at - c + d)

    # hashes

    def keys_to_try(self):
        yield b""
        said = [
            self.name,
            "twicetold",
            "harbour",
            "key",
            "secret",
            "salt",
            "",
            SALT.decode(),
            KEY_FILE,
            self.features.digest,
        ]
        said += [
            about["sha256"]
            for part in ("tables", "results")
            for about in self.features.manifest[part].values()
        ]
        said += [about["digest"] for about in self.features.manifest["entries"].values()]
        articles = self.tables["articles"]
        said += [
            cell
            for column in articles
            if articles[column].dtype.kind not in "iuf"
            for cell in articles[column]
        ]
        said += [bytes.fromhex(s) for s in said if re.fullmatch("[0-9a-f]{64}", s)] + [
            bytes(32),
            bytes(64),
            SALT,
        ]
        joined = []
        if "sha256" in articles:
            digests = articles.sort_values("article_id")["sha256"].tolist()
            raw = list(map(bytes.fromhex, digests))
            joined = [
                "".join(digests).encode(),
                "\n".join(digests).encode(),
                b"".join(raw),
                b"".join((32).to_bytes(8, "little") + d for d in raw),
            ]
        keys = [s if isinstance(s, bytes) else s.encode() for s in said]
        keys += [
            f(x).digest() for x in joined for f in (hashlib.sha256, hashlib.sha512, hashlib.blake2b)
        ]
        yield from dict.fromkeys(k[:64] for k in keys)
        for k in [
            b"",
            self.name.encode(),
            self.features.digest.encode(),
            bytes.fromhex(self.features.digest),
            *keys[-11:-2:3],
        ]:
            yield hashlib.scrypt(k, salt=SALT, n=2**14, r=8, p=1, dklen=32)

    def runs_to_try(self):
        lines = [
            words_of(lead + cell)
            for cell in self.metadata.to_numpy().ravel()
            for lead in ("", "By ")
            if cell
        ]
        aliases = [
            words_of(x)
            for e in self.codebook.actors.values()
            for x in [e["name"], *e.get("aliases", [])]
        ]
        runs = {tuple(x[i : i + 5]) for x in lines for i in range(len(x) - 4)} | set(FIVES)
        runs |= {
            tuple(f"{lead} {' '.join(x)} {tail}".split())[:5]
            for x in aliases
            for lead in ("the", "of the", "that", "and")
            for tail in ("has been a", "said in a", "said that the")
        }
        for a in self.ids:
            content = [w for w in self.bag[a] if len(w) > 4]
            often = sorted(content, key=lambda w: -self.bag[a][w])[:10]
            for slot in SLOTS:
                runs |= {
                    tuple(slot.format(*x).split())
                    for x in (
                        itertools.permutations(often, 2) if slot.count("{") == 2 else zip(content)
                    )
                }
        vocabulary = set().union(*self.bag.values())
        return [r for r in runs if len(r) == 5 and vocabulary.issuperset(r)]

    def look_up_hashes(self):
        table = self.tables["ngrams"]
        there = defaultdict(list)
        for a, p, h in table[["article_id", "position", "hash"]].itertuples(index=False):
            there[h.to_bytes(8, "little")].append((a, p))
        runs = self.runs_to_try()
        packed = [b"".join(map(packed_word, run)) for run in runs]
        plain = [_fingerprint]
        keyed = (
            lambda data, key=key: hashlib.blake2b(data, key=key, digest_size=8).digest()
            for key in self.keys_to_try()
        )
        for way in itertools.chain(plain, keyed):
            found = [
                (place, run)
                for run, data in zip(runs, packed)
                if (h := way(data)) in there
                for place in there[h]
            ]
            for (a, p), run in found:
                self.guess(a, p, run, "hash", 1)
            if found:
                self.walk(
                    way, {(a, p): h for h, places in there.items() for a, p in places}, dict(found)
                )
                return

    def walk(self, way, hashes, known):
        """From a run that is known to its neighbours, a word at a time."""
        todo = list(known.items())
        while todo:
            (a, p), run = todo.pop()
            for step, place in ((1, (a, p + 1)), (-1, (a, p - 1))):
                if place in hashes and place not in known:
                    shared = b"".join(map(packed_word, run[1:] if step > 0 else run[:-1]))
                    for word in self.fitting[a, place[1] + 4 if step > 0 else place[1]]:
                        if (
                            way(
                                shared + packed_word(word)
                                if step > 0
                                else packed_word(word) + shared
                            )
                            == hashes[place]
                        ):
                            near = (*run[1:], word) if step > 0 else (word, *run[:-1])
                            known[place] = near
                            todo.append((place, near))
                            self.guess(*place, near, "hash", 1)
                            break

    # joins

    def read_row_order(self):
        """Rows that are not sorted may stand in the order of the text."""
        for a, rows in self.tables["terms"].groupby("article_id", sort=False):
            if rows["term"].tolist() != sorted(rows["term"]):
                self.guess(a, 0, rows["term"].tolist()[:6], "order of rows", 0.9)

    def words_for(self, article, pattern):
        if pattern.endswith("*") and " " not in pattern:
            return [(w,) for w in self.bag[article] if w.startswith(pattern[:-1])]
        return [tuple(words_of(pattern))]

    def cover_entries(self):
        """Which of the codebook's words stand in which sentence: an exact cover of counts and
        scores.
        """
        tables, stock, todo = self.tables, defaultdict(Counter), defaultdict(dict)
        always = set()  # words that follow a negation wherever they stand
        score = {
            (r.article_id, r.sentence, r.dictionary): r.score
            for r in tables["scores"].itertuples(index=False)
        }
        for r in tables["patterns"].itertuples(index=False):
            stock[r.article_id, r.kind, r.entry][r.pattern] = r.count
            if r.n_negated == r.count:
                always.add((r.article_id, r.kind, r.entry, r.pattern))
        for r in tables["hits"].itertuples(index=False):
            todo[r.article_id, r.kind, r.entry][r.sentence] = r.count
        for (a, kind, entry), sentences in todo.items():
            left, weights, moved = stock[a, kind, entry], self.lexicon.get((kind, entry), {}), True
            while moved and sentences:
                moved, patterns = False, sorted(p for p in left if left[p])
                for s, k in sorted(sentences.items(), key=lambda x: x[1]):
                    mean = score.get((a, s, entry)) if kind == "dictionary" else None
                    fits = self.covers(
                        patterns, left, k, None if mean is None else mean * k, weights
                    )
                    plain = {c for c, signs in fits if all(g > 0 for g in signs)}
                    if len({c for c, _ in fits}) != 1 and not (k == 1 and len(plain) == 1):
                        continue
                    chosen = next((f for f in fits if f[0] in plain), fits[0])
                    left.subtract(Counter(chosen[0]))
                    del sentences[s]
                    moved = True
                    for pattern, sign in zip(*chosen):
                        words = self.words_for(a, pattern)
                        for word in words[0] if len(words) == 1 else ():
                            self.placed[a, s][word] = max(
                                self.placed[a, s][word], Counter(chosen[0])[pattern]
                            )
                            if sign < 0 or (a, kind, entry, pattern) in always:
                                self.turned.add((a, s, word))

    @staticmethod
    def covers(patterns, left, k, total, weights):
        if len(patterns) == 1:
            return (
                [(tuple(patterns) * k, (1,) * k)]
                if total is None or abs(weights[patterns[0]] * k - total) < 1e-6
                else ([(tuple(patterns), (-1,))] if k == 1 else [])
            )
        found = []
        for combination in itertools.combinations_with_replacement(patterns, k) if k <= 3 else ():
            if all(left[p] >= n for p, n in Counter(combination).items()):
                for signs in (
                    itertools.product((1, -1), repeat=k) if total is not None else [(1,) * k]
                ):
                    if (
                        total is None
                        or abs(sum(g * weights[p] for g, p in zip(signs, combination)) - total)
                        < 1e-6
                    ):
                        found.append((combination, signs))
        return found

    def measure_words(self):
        """A word between two places whose characters are known."""
        for a in self.ids:
            start, end, opens, closes = self.start[a], self.end[a], self.opens[a], self.closes[a]
            for p in range(self.size[a]):
                ways = []  # each says how likely a word of n characters is
                if p in start and p in end:
                    ways.append(lambda n, d=end[p] - start[p]: float(n == d))
                elif p in start and (p + 1 in start or p in closes):
                    ways.append(
                        (lambda n, d=closes[p] - start[p]: marks(d - n))
                        if p in closes
                        else (lambda n, d=start[p + 1] - start[p]: spaces(d - n - 1))
                    )
                elif p in end and (p - 1 in end or p in opens):
                    ways.append(
                        (lambda n, d=end[p] - opens[p]: {0: 0.9, 1: 0.1}.get(d - n, 0))
                        if p in opens
                        else (lambda n, d=end[p] - end[p - 1]: spaces(d - n - 1))
                    )
                elif p in opens and p in closes:
                    ways.append(lambda n, d=closes[p] - opens[p]: marks(d - n))
                elif p - 1 in end and (p + 1 in start or p in closes):
                    ways.append(
                        (lambda n, d=closes[p] - end[p - 1]: marks(d - n - 1))
                        if p in closes
                        else (lambda n, d=start[p + 1] - end[p - 1]: spaces(d - n - 2))
                    )
                if ways or len(self.fitting[a, p]) == 1:
                    best, sure = clear(
                        {
                            w: self.bag[a][w] * np.prod([way(len(w)) for way in ways])
                            for w in self.fitting[a, p]
                        }
                    )
                    self.guess(a, p, [best] if best else [], "length", sure)

    def read_short_sentences(self):
        hits = defaultdict(Counter)
        for r in self.tables["hits"].itertuples(index=False):
            hits[r.article_id, r.sentence][r.kind, r.entry] = r.count
        for a in self.ids:
            for s in self.sentences[a]:
                n, length = s.n_tokens, self.length(s)
                if not 1 <= n <= 4:
                    continue
                fitting = {}
                for words in (p for p in PHRASES if len(p) == n and self.fits(a, s.position, p)):
                    said = Counter(key for w in words for key in self.said_by(w))
                    extra = None if length is None else length - len(" ".join(words))
                    if (
                        said == hits[a, s.sentence]
                        and not Counter(words) - self.bag[a]
                        and extra in (None, 1)
                        and (
                            n == 1
                            or any(len(w) > 5 or w in self.placed[a, s.sentence] for w in words)
                        )
                    ):
                        fitting[words] = 1
                best, sure = clear(fitting)
                self.guess(a, s.position, best or (), "phrase", sure * 0.9)
                known = list(self.placed[a, s.sentence].elements())
                if len(known) == n - 1 and n <= 3:
                    known += self.last_word(a, s, known, length)
                if len(known) == n:
                    self.order_words(a, s, known)

    @functools.cache  # noqa: B019  (one stranger a test)
    def said_by(self, word):
        """The entries of the codebook that match a word."""
        return [
            key
            for key, weights in self.lexicon.items()
            if word in weights or any(p.endswith("*") and word.startswith(p[:-1]) for p in weights)
        ]

    @staticmethod
    def length(sentence):
        return sentence.end - sentence.start if hasattr(sentence, "start") else None

    def last_word(self, a, s, known, length):
        """The one word of a short sentence that is not known."""
        rest = None if length is None else length - sum(map(len, known)) - len(known)
        weights = {
            w: (self.bag[a][w] - known.count(w)) * (1 if rest is None else marks(rest - len(w)))
            for w in self.bag[a]
            if not any(w in lexicon for lexicon in self.lexicon.values())
        }
        if any((a, s.sentence, w) in self.turned for w in known):
            weights = {w: v for w, v in weights.items() if w in NEGATORS or w.endswith("n't")}
        best, _ = clear(weights)
        return [best] if best else []

    def order_words(self, a, s, known):
        fitting = {}
        for words in set(itertools.permutations(known)):
            weight = float(self.fits(a, s.position, words))
            for i, word in enumerate(words):
                negated = any(w in NEGATORS or w.endswith("n't") for w in words[max(0, i - 3) : i])
                turned = (a, s.sentence, word) in self.turned
                weight *= (
                    0
                    if turned and not negated
                    else (
                        0.01 if negated and not turned and word in self.placed[a, s.sentence] else 1
                    )
                )
                weight *= 0.3 if word in LEADING and i == len(words) - 1 else 1
            fitting[words] = weight
        best, sure = clear(fitting)
        self.guess(a, s.position, best or (), "order", sure)

    def read_attributions(self):
        """Two to four words that quotations leave over in a sentence: who said it."""
        aliases = {
            tuple(words_of(x))
            for e in self.codebook.actors.values()
            for x in [e["name"], *e.get("aliases", [])]
        }
        aliases = {x for x in aliases if len(x) > 1}
        gaps = {}
        for a, inside in self.quoted():
            for s in self.sentences[a]:
                places = range(s.position, s.position + s.n_tokens)
                for is_inside, run in itertools.groupby(places, lambda p, at=inside: bool(at[p])):
                    run = list(run)
                    if not is_inside and 2 <= len(run) <= 4 and len(run) < s.n_tokens:
                        gaps[a, run[0], run[-1] + 1] = (a, s, run[0], run[-1] + 1)
        left, todo = {a: self.bag[a].copy() for a in self.ids}, list(gaps.values())
        while todo:
            best, sure, gap = max(
                ((*clear(self.attributions(left, aliases, *gap), 0.6), gap) for gap in todo),
                key=lambda x: x[1],
            )
            if best is None:
                return
            a, _, p, r = gap
            chain = [self.twin[a, i] for i in range(p, r)]
            twins = {
                (b, x)
                for b in self.ids
                for x in range(self.size[b] - len(chain) + 1)
                if all(self.twin[b, x + k] == twin for k, twin in enumerate(chain))
            }
            for b, x in twins:
                self.guess(b, x, best, "attribution", sure)
                left[b].subtract(best)
            todo = [
                g
                for g in todo
                if g is not gap and not ((g[0], g[2]) in twins and g[3] - g[2] == len(chain))
            ]

    def quoted(self):
        """Which words stand inside quotations: by quotations, by runs of words, by the shares of
        sentences.
        """
        quotes, runs = self.tables["quotes"], self.tables["ngrams"]
        for a in self.ids:
            inside, covered, shares = (np.zeros(self.size[a] + 5, bool) for _ in range(3))
            for p, n in quotes[(quotes["article_id"] == a) & quotes["direct"] & ~quotes["scare"]][
                ["position", "n_words"]
            ].to_numpy():
                inside[p : p + n] = n >= 4
            yield a, inside
            if "quoted" in runs:
                for p in runs["position"][(runs["article_id"] == a) & runs["quoted"]]:
                    covered[p : p + 5] = True
                yield a, covered
            for s in self.sentences[a]:
                if hasattr(s, "quoted_share"):
                    shares[s.position : s.position + round(s.quoted_share * s.n_tokens)] = True
            yield a, shares

    def attributions(self, left, aliases, a, s, first, last):
        articles = set.intersection(*(set(self.where[self.twin[a, p]]) for p in range(first, last)))
        many = functools.cache(lambda word: min(left[b][word] for b in articles))
        weights = {}
        groups = [
            ({(w,): v for w, v in SUBJECTS.items()}, 0.65),
            ({(w,): 1 for w in self.names[a]}, 0.35),
            (dict.fromkeys(aliases, 1), 1),
        ]
        for subjects, mass in groups:
            found = {}
            for subject, u in subjects.items():
                n = min(map(many, subject)) if len(subject) == last - first - 1 else 0
                for verb, v in VERBS.items() if n > 0 else ():
                    if verb not in subject and many(verb) > 0:
                        found[*subject, verb] = u * v * n * many(verb)
                        if subject[0] not in SUBJECTS and first > s.position:
                            found[verb, *subject] = 0.3 * u * v * n * many(verb)
            weights |= {
                words: mass * v / sum(found.values())
                for words, v in found.items()
                if self.fits(a, first, words)
            }
        before = self.end[a].get(first - 1)
        after = (
            self.closes[a].get(last - 1)
            if last == s.position + s.n_tokens
            else self.start[a].get(last)
        )
        if before is not None and after is not None:
            usual = (
                4 if last == s.position + s.n_tokens else 6
            )  # characters: comma, marks, spaces, full stop
            weights = {
                words: v * {0: 1, 1: 0.1}.get(abs(after - before - len(" ".join(words)) - usual), 0)
                for words, v in weights.items()
            }
        return weights

    def read_metadata(self):
        """Cells that fit a sentence: a headline, a byline, the last part of an address."""
        for row in self.metadata.to_dict("records"):
            a = row["article_id"]
            for column, cell in row.items():
                slug = (
                    re.sub(r"[-_]+", " ", cell.rstrip("/").rpartition("/")[2])
                    if column == "url"
                    else cell
                )
                for line in (
                    (slug, f"By {slug}")
                    if column not in ("article_id", "file", "language", "published") and cell
                    else ()
                ):
                    words = words_of(line)
                    for s in self.sentences[a]:
                        loose = column == "url" and len(words) > 2
                        if (
                            words
                            and s.n_tokens == len(words)
                            and self.fits(a, s.position, words)
                            and not Counter(words) - self.bag[a]
                            and (
                                loose
                                or self.length(s) is None
                                or 0 <= self.length(s) - len(line) <= 1
                            )
                        ):
                            shown_on_purpose = column in ("outlet", "author")
                            self.guess(
                                a,
                                s.position,
                                words,
                                column,
                                0.9,
                                self.named if shown_on_purpose else None,
                            )
                            break

    def read_credits(self):
        """Lines that credit somebody are formulas: where a kind of credit is named, its formula is
        looked for.
        """
        for row in self.tables["credits"].itertuples(index=False):
            a, kind, name = row.article_id, row.kind, " ".join(words_of(row.name))
            names = [
                n
                for n in (
                    name,
                    *(
                        " ".join(words_of(form))
                        for form, listed in outlets()[1].items()
                        if listed == row.name
                    ),
                )
                if n
            ]
            lines = {
                tuple(line.format(n).split())
                for line in CREDIT_LINES.get(kind, ())
                for n in names or [""]
            }
            where = [
                s for s in self.sentences[a] if getattr(row, "sentence", s.sentence) == s.sentence
            ]
            found = [
                (s, s.position, line)
                for s in where
                for line in lines
                if len(line) == s.n_tokens >= 2
            ]
            found += [
                (s, s.position + s.n_tokens - len(tail), tail)
                for s in where[-3:]
                for tail in CREDIT_TAILS.get(kind, ())
                if len(tail) < s.n_tokens <= 15
            ]
            ends = self.sentences[a][:2] if kind == "agency_line" else self.sentences[a][:-3:-1]
            usual = {s.sentence: weight for s, weight in zip(ends, (9, 3))}
            best, sure = clear(
                {
                    (p, words): len(words) ** 3 * usual.get(s.sentence, 1)
                    for s, p, words in found
                    if self.fits(a, p, words) and not Counter(words) - self.bag[a]
                }
            )
            self.guess(a, *(best or (0, ())), "credit", sure)
            if hasattr(row, "start") and (
                length := row.end - row.start
            ):  # "told CNN", by its characters
                self.read_credit_by_length(a, next(s for s in where), names, length)

    def read_credit_by_length(self, a, s, names, length):
        """A credit within one sentence whose number of characters is known."""
        cues = [
            f"{v} {the}{{}}"
            for v in ("told", "according to", "reported by")
            for the in ("", "the ")
        ]
        cues += [
            f"{the}{{}} {first}{v}"
            for v in ("reported", "reports", "said")
            for the in ("", "the ")
            for first in ("", "first ")
        ]
        said = [
            tuple(words_of(cue.format(n)))
            for cue in cues
            for n in names
            if len(cue.format(n)) == length
        ]
        said = [words for words in said if len(words) <= s.n_tokens]
        places = {
            (p, words): 1
            for words in said
            for p in {s.position, s.position + s.n_tokens - len(words)}
            if self.fits(a, p, words)
        }
        best, sure = clear({k: v for k, v in places.items() if not Counter(k[1]) - self.bag[a]})
        self.guess(a, *(best or (0, ())), "credit", sure)

    def read_strings(self):
        """Words in any table, where they fit one place of their article or sentence."""
        of_actor = defaultdict(set)  # a label stands where its actor is mentioned, perhaps
        for row in self.tables.get("mentions", pd.DataFrame()).itertuples(index=False):
            if hasattr(row, "sentence"):
                of_actor[row.article_id, row.actor].add(row.sentence)
        for name, table in [*self.tables.items(), *self.results.items()]:
            said = [c for c in table if role_of(name, c) == WORDS and name != "terms"]
            rows = table.to_dict("records") if said else ()
            for row, column in itertools.product(rows, said):
                side = column[:2] if column[:2] in ("a_", "b_") else ""
                a = row.get(side[:1]) if side else row.get("article_id", row.get("group"))
                cell, sentence = row[column], row.get(f"{side}sentence")
                if a not in self.size or not isinstance(cell, str) or not cell:
                    continue
                actor = row.get("actor")
                where = {sentence} if pd.notna(sentence) else of_actor.get((a, actor), set())
                words = tuple(words_of(cell))
                if len(where) == 1 and len(words) > 1 and not Counter(words) - self.bag[a]:
                    self.phrases[name].add((a, int(next(iter(where))), words))
                self.place_string(a, where, words, row.get(f"{side}start"))

    def place_string(self, a, where, words, start):
        """Words in their order, in one of some sentences, or anywhere if none is named."""
        if not words or Counter(words) - self.bag[a]:
            return
        if len(where) == 1:
            (sentence,) = where
            for word in words:
                self.placed[a, int(sentence)][word] = max(1, self.placed[a, int(sentence)][word])
        found = {}
        for s in self.sentences[a]:
            if where and s.sentence not in where:
                continue
            for p in range(s.position, s.position + s.n_tokens - len(words) + 1):
                if self.fits(a, p, words):
                    found[p] = 1 if start is None or pd.isna(start) else self.nearness(a, p, start)
        best, sure = clear(found)
        self.guess(a, best or 0, words if sure else (), "string", sure * 0.95)

    def nearness(self, a, position, start):
        """How well a position fits a place in characters, by the nearest one that is known."""
        known = self.start[a] or {0: 0}
        near = min(known, key=lambda p: abs(known[p] - start))
        expected = near + (start - known[near]) / 5.9  # characters of a word, with its space
        spread = 0.3 + 0.1 * abs(expected - near)
        return float(np.exp(-0.5 * ((position - expected) / spread) ** 2))

    def compare_versions(self):
        """What two versions of a text have in different numbers stands where their runs differ."""
        for a, b in itertools.permutations(self.ids, 2):
            there = {self.twin[b, p] for p in range(self.size[b])}
            odd = [p for p in range(self.size[a]) if self.twin[a, p] not in there]
            more = sorted((self.bag[a] - self.bag[b]).elements())
            if not 0 < len(odd) == len(more) <= 4 or odd[-1] - odd[0] != len(odd) - 1:
                continue
            leading = [w for w in more if w in LEADING]
            if len(odd) == 1 or len(odd) == 2 and len(leading) == 1:
                self.guess(a, odd[0], sorted(more, key=lambda w: w not in LEADING), "version", 0.9)

    def try_digests(self):
        """A short text is one of the orders of its words; a published digest tells which."""
        articles = self.tables["articles"]
        digests = (
            dict(zip(articles["article_id"], articles["sha256"])) if "sha256" in articles else {}
        )

        def agrees(a, text):
            sha256 = hashlib.sha256(text.encode()).hexdigest()
            return (
                sha256 == digests.get(a)
                or len(self.ids) == 1
                and self.features.digest
                == corpus_digest(
                    articles.assign(sha256=sha256),
                    self.features.manifest["entries"],
                    self.features.manifest["codebook"],
                )
            )

        for a in self.ids:
            words = sorted(self.bag[a].elements())
            for order in itertools.permutations(words) if 0 < len(words) <= 7 else ():
                named = [w.capitalize() if w in self.names[a] else w for w in order]
                lines = [
                    [named[0].capitalize(), *named[1:]],
                    named,
                    [w.capitalize() for w in order],
                    [w.upper() for w in order],
                ]
                texts = (
                    " ".join(line) + end
                    for line in lines
                    for end in ("", ".", "!", "?", "\n", ".\n", "!\n", "?\n")
                )
                if any(agrees(a, text) for text in texts):
                    self.guess(a, 0, order, "digest", 1)
                    break


def recovered(guesses, truth):
    """Which guesses are right, as (article, position), and which of them stand side by side."""
    right = {(a, p) for (a, p), (word, *_) in guesses.items() if truth[a][p] == word}
    return right, sorted((a, p) for a, p in right if (a, p - 1) in right or (a, p + 1) in right)


def recovered_by_chance(stranger, truth, times=20):
    """How many words the same guesses recover in order from texts whose sentences are shuffled."""
    rng, found = np.random.default_rng(0), []
    for _ in range(times):
        shuffled = {
            a: [
                word
                for s in stranger.sentences[a]
                for word in rng.permutation(truth[a][s.position : s.position + s.n_tokens]).tolist()
            ]
            for a in stranger.ids
        }
        found.append(len(recovered(stranger.guesses, shuffled)[1]))
    return float(np.mean(found))


def attack(archive, folder, articles, **options):
    """Let a stranger loose on an archive: the words that were recovered in order (of two or more
    neighbouring words that are right), as (article, position, word, way).

    How many would be by chance, and what else is known of sentences, `benchmarks/sharing.py` says.
    """
    stranger = Stranger(archive, folder, **options)
    truth = {a: tokenise((articles / f"{a}.txt").read_bytes().decode()).words for a in stranger.ids}
    right, in_order = recovered(stranger.guesses, truth)
    print(f"{stranger.name}: {len(stranger.guesses)} guesses, {len(right)} right")
    return [(*place, *stranger.guesses[place][:2]) for place in in_order]


def phrases_in_their_sentence(stranger, truth):
    """By table, words of phrases that stand in this order in the sentence that is named, without a
    place in it: how many, and how many do if sentences are shuffled."""
    rng, found = np.random.default_rng(0), {}
    texts = {
        (a, s.sentence): truth[a][s.position : s.position + s.n_tokens]
        for a in stranger.ids
        for s in stranger.sentences[a]
    }
    for table, phrases in stranger.phrases.items():
        counts = []
        for mixed in (False, *[True] * 5):
            seen = set()
            for a, sentence, words in phrases:
                text = texts[a, sentence]
                text = rng.permutation(text).tolist() if mixed else text
                for p in range(len(text) - len(words) + 1):
                    if tuple(text[p : p + len(words)]) == words:
                        seen |= {(a, sentence, p + i) for i in range(len(words))}
            counts.append(len(seen))
        found[table] = counts[0], float(np.mean(counts[1:]))
    return found


def in_their_sentence(stranger, truth):
    """How many words are known to stand in a sentence, and do."""
    where = {
        (a, s.sentence): truth[a][s.position : s.position + s.n_tokens]
        for a in stranger.ids
        for s in stranger.sentences[a]
    }
    return sum(word in where[key] for key, words in stranger.placed.items() for word in words)
