"""Labels of turns as transcripts and interviews write them, and what stands at the beginning of a
line in the same way without being one.
"""

from __future__ import annotations

import regex

from analysis.text.lists import ANY, either, english_words
from analysis.text.lists import words as listed
from analysis.text.persons import strip_titles
from analysis.text.tokens import UNSPACED

_PARTICLE = rf"(?:{either(listed(ANY, 'name_particles') | english_words('particles'))})"
_CASED = r"(?:\p{Lu}[\p{L}\p{M}.’'‘`´-]*|[QA])"
_CASELESS = r"[\p{Lo}\p{Lm}\p{M}·・.’'\"-]{1,30}"
_BRACKET = r"(?:\s?[(\[（【][^()\[\]（）【】\n:]{1,60}[)\]）】])"
_NAME = (
    rf"(?:{_CASED}(?:[ \u00a0]+(?:{_PARTICLE}[ \u00a0]+){{0,2}}{_CASED}){{0,5}}"
    rf"(?:[ \u00a0]?#?\d{{1,2}})?|{_CASELESS}(?:[ \u00a0]{_CASELESS}){{0,3}})"
)
_TITLE = r"(?:,[^:：\n!?;“”\"]{1,80}?)"
LABEL = regex.compile(
    rf"^[ \t\u00a0]*(?:>{{1,3}}[ ]*|[-–—•*][ ]+)?(?P<name>{_NAME}){_BRACKET}?{_TITLE}?{_BRACKET}?"
    r"[ \u00a0\u202f]?(?::(?=\s|$|[\p{Lo}“\"«])|：)\**[ \t\u00a0]*",
    regex.MULTILINE,
)
# "Q. What did you see?", and "Q" before several blanks
QUESTION = regex.compile(
    r"^[ \t\u00a0]*(?P<name>[QA])(?:[.][ \t]+|[ \u00a0]{2,}|\t)(?=\S)", regex.MULTILINE
)

# heads of fields, of notes and of the parts of lists, in several languages
_FIELDS = listed(ANY, "fields")
_LAST = listed(ANY, "field_ends")
_ROLES = listed(ANY, "turn_roles")


def _spoken(pronouns: frozenset[str]) -> str:
    """A pattern of pronouns: words, or characters where no blanks stand between words."""
    within = {word for word in pronouns if _NO_BLANKS.search(word)}
    return rf"\b(?i:{either(pronouns - within)})\b|\b[Jj][’']|{either(within)}"


_NO_BLANKS = regex.compile(rf"{UNSPACED}|\p{{Hangul}}", regex.V1)
_I, _YOU = listed(ANY, "first_person"), listed(ANY, "second_person")
_FIRST = regex.compile(_spoken(_I))
_SPEECH = regex.compile(rf"[?？؟]|;\s*$|{_spoken(_I | _YOU)}")
_QUESTIONS = listed(ANY, "questions")
_SMALL = english_words("openers", "affiliations", "prepositions") - {"the"}
_NO_NAME = _SMALL | english_words(
    "groups", "sites", "titles", "title_parts", "nobodies", "calendar"
)


def is_question_or_answer(name: str) -> bool:
    """Whether a label is "Q", "Answer" or the like."""
    return name.casefold() in _QUESTIONS


def speaks_of_itself(words: str) -> bool:
    """Whether words are in the first person."""
    return _FIRST.search(words) is not None


def is_field(name: str) -> bool:
    """Whether a label heads a field, a note or a part of a list rather than a turn."""
    words = [word.strip(".’'").casefold() for word in name.split()]
    words = [word.removesuffix("’s").removesuffix("'s") for word in words]
    if words in ([], ["q"], ["a"]):
        return False
    return (
        words[0] in _FIELDS
        or words[0] in _SMALL
        and len(words[0]) > 1
        or words[-1] in _LAST
        or words[-1] in _FIELDS
        and len(words) < 3
    )


_ELECT = regex.compile(r"(?i)^.*-elect[ ]")
_PREFIX = regex.compile(r"\b(?:Mc|Mac|De|Di|La|Le|Van|Von|Fitz)(?=\p{Lu})")
MOST_INITIALS = 3


def is_role(name: str) -> bool:
    """Whether a label says what somebody is, and not who."""
    words = [word.strip(".’'#").casefold() for word in name.split()]
    return len(name) == 1 or all(word in _ROLES or word.isdigit() for word in words)


def sounds_like_speech(words: str) -> bool:
    """Whether words ask, or speak of themselves or to somebody."""
    return _SPEECH.search(words) is not None


def spelled(name: str, text: str) -> str:
    """A name in capitals as the text has it elsewhere, else with capitals at its words' beginning;
    without titles.
    """
    name = _ELECT.sub("", strip_titles(" ".join(name.split()).rstrip(" ,")))
    if not _shouted(name):
        return name
    words = [_elsewhere(word, text) for word in name.split()]
    if len(words) == 1 and not words[0] and len(name) <= MOST_INITIALS and name.isalpha():
        between = r"[\p{L}’'.]*[ \u00a0-]+"
        found = regex.search(rf"\b{between.join(name)}\p{{Ll}}[\p{{L}}’'-]+", text)
        return found.group() if found and len(name) > 1 else name
    return " ".join(found or _capitalised(word) for found, word in zip(words, name.split()))


def _shouted(name: str) -> bool:
    return _PREFIX.sub("", name).isupper()


def _elsewhere(word: str, text: str) -> str:
    """A word in capitals as the text has it in a name; empty if it has it nowhere."""
    for match in regex.finditer(rf"(?i)\b{regex.escape(word)}\b", text):
        if match.group()[:1].isupper() and not _shouted(match.group()):
            return match.group()
    return ""


def _capitalised(word: str) -> str:
    word = regex.sub(r"\p{L}+", lambda m: m.group().capitalize(), word)
    return regex.sub(r"\bMc(\p{Ll})", lambda m: "Mc" + m[1].upper(), word)


def full_name(last: str, text: str) -> str:
    """The first name of several words that a text has with this last word; empty if none."""
    if regex.search(rf"\b{regex.escape(last.casefold())}\b", text):
        return ""  # a word
    pattern = rf"(?:\p{{Lu}}[\p{{L}}’'.-]+[ \u00a0]+){{1,3}}{regex.escape(last)}\b"
    for match in regex.finditer(pattern, text):
        name = strip_titles(match.group())
        if " " in name and not name.isupper() and name.split()[0].casefold() not in _NO_NAME:
            return name
    return ""
