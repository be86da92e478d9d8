"""Verbs of speech (English): their classes, and what may follow them in a reported statement.

The classes follow the literature on what a reporting verb says of the reported words. *Neutral*
verbs only introduce them (Caldas-Coulthard 1994: "neutral" say, tell, ask, and the structuring
reply, answer). *Endorsing* verbs presuppose or grant that they are true (the factive verbs of
Hooper 1975, as Recasens, Danescu-Niculescu-Mizil and Jurafsky 2013 count them among marks of
epistemological bias; "endorse" in Martin and White 2005); *doubting* ones leave them to the speaker
("distance" in Martin and White 2005: claim; Recasens and others 2013: claim, boast). *Denying*,
*urging* (directives and promises), *praising* and *attacking* name what the speaker does by
speaking; *expressive* ones how it sounds (the prosodic and paralinguistic verbs of
Caldas-Coulthard 1994: shout, whisper, sob). A class is a convention: the table
`analysis/data/english/verbs.csv` says which verb is where, and single verbs may be argued about
(insist, admit).

References
----------
Caldas-Coulthard, C. R. (1994). On reporting reporting: the representation of speech in factual and
factional narratives. In M. Coulthard (ed.), Advances in Written Text Analysis. Routledge, 295-308.
Hooper, J. B. (1975). On assertive predicates. In J. P. Kimball (ed.), Syntax and Semantics 4.
Academic Press, 91-124. Martin, J. R., and White, P. R. R. (2005). The Language of Evaluation:
Appraisal in English. Palgrave. https://doi.org/10.1057/9780230511910 Recasens, M.,
Danescu-Niculescu-Mizil, C., and Jurafsky, D. (2013). Linguistic models for analyzing and detecting
biased language. Proceedings of ACL, 1650-1659. https://aclanthology.org/P13-1162
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CLASSES = (
    "neutral",
    "endorsing",
    "doubting",
    "denying",
    "urging",
    "praising",
    "attacking",
    "expressive",
)
KINDS = ("speech", "attitude", "evidence", "quotation")
DATA = Path(__file__).parents[1] / "data"
TABLE = DATA / "english" / "verbs.csv"


@dataclass(frozen=True)
class Verb:
    """A verb of speech.

    Attributes
    ----------
    lemma : str
        As cited: "say", "point out".
    kinds : frozenset of str
        Of `KINDS`: what a verb reports is said, thought or shown (by a thing, where it is also said
        by persons: suggest); "quotation" for verbs of another meaning that only stand beside
        quotations (sing).
    verb_class : str
        One of `CLASSES`.
    takes : frozenset of str
        What a statement that it reports may look like: "clause" (with or without "that"), "that",
        "listener" (told the court that), "whether", "to" (promised to), "of" (warned of), "thing"
        (denied the charge), "accuse" (accused her of), "urge" (urged them to). Empty if it reports
        only quotations.
    """

    lemma: str
    kinds: frozenset[str]
    verb_class: str
    takes: frozenset[str]


@cache
def verbs() -> dict[str, Verb]:
    """Every form of every verb of speech."""
    found: dict[str, Verb] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            verb = Verb(
                row["verb"],
                frozenset(row["kinds"].split()),
                row["class"],
                frozenset(row["takes"].split()),
            )
            found |= dict.fromkeys(row["forms"].split(), verb)
    return found


def verb_of(form: str) -> Verb | None:
    """The verb of a form as `quotes` has it ("said", "according to"); None for one that the table
    lacks.
    """
    words = form.split()
    return verbs().get(words[0]) if words else None


@cache
def finite_forms() -> frozenset[str]:
    """Forms by which somebody says something: "says" and "said", not "say" and "saying".

    Returns
    -------
    frozenset of str

    Examples
    --------
    >>> sorted({"say", "says", "said", "saying", "found"} & finite_forms())
    ['said', 'says']
    """
    return frozenset(
        form
        for form, verb in verbs().items()
        if "speech" in verb.kinds and form != verb.lemma and not form.endswith("ing")
    )


@cache
def verbs_of_kind(language: str, kind: str) -> list[str]:
    """Lemmas of the verbs of a kind, and of words like them ("according"), one word each.

    Parameters
    ----------
    language : str
        Name of the folder of its lists.
    kind : str
        One of `KINDS`.

    Returns
    -------
    list of str
        Empty where the language has no table of verbs.

    Examples
    --------
    >>> verbs_of_kind("english", "attitude")
    ['believe', 'think', 'wonder', 'understand']
    """
    table = DATA / language / TABLE.name
    if not table.exists():
        return []
    with table.open(encoding="utf-8", newline="") as file:
        return [
            row["verb"].split()[0] for row in csv.DictReader(file) if kind in row["kinds"].split()
        ]
