"""Labels of turns as transcripts and interviews write them, and what stands at the beginning of a
line in the same way without being one.
"""

from __future__ import annotations

import regex

from analysis.text import english as en
from analysis.text.people import strip_titles

_PARTICLE = (
    r"(?:de|del|della|da|das|di|do|dos|du|la|le|von|van|der|den|ter|zu|of|the|al|bin|y|und|and"
    r"|et|e)"
)
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
_FIELDS = frozenset(
    """credit credits correction corrections clarification photo photos photograph picture pictures
    image images caption graphic graphics map chart table figure video videos audio watch listen
    live source sources note notes update updates updated published posted editor editors read
    related more see also contact email e-mail mail phone tel telephone fax address website web url
    http https date dates time times where when what who whom why how which age ages price prices
    cost tickets ticket admission rating ratings director directors cast starring stars running
    runtime genre pros cons pro con claim claims fact facts verdict myth truth reality tip tips step
    steps winner winners loser losers score scores goals goal scorers result results final halftime
    attendance referee ingredients method serves makes preparation name names party born died
    hometown occupation salary height weight position team record win wins loss losses summary
    conclusion bottom background context example examples ps p.s re to from cc bcc subject sent
    abstract keywords keyword copyright by author authors written writer breaking advertisement
    monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october november december today yesterday tomorrow morning afternoon
    evening home away chorus verse bridge refrain chapter part section page day week year round
    option answerkey category type class level grade size color colour material location venue
    place city country state county issue issues problem solution reason reasons effect effects
    cause causes risk risks benefit benefits advantage advantages disadvantage disadvantages key
    legend total subtotal total average mean high low open close up down left right top yes no
    plus minus before after then now next previous first second third fourth fifth finally
    lastly remember warning caution attention important hint spoiler disclaimer disclosure
    follow subscribe share tags tag topics topic filed just must transcript
    foto fotos bild bilder quelle quellen hinweis anmerkung redaktion korrektur lesen mehr kontakt
    telefon adresse datum uhrzeit ort wo wann wer warum wie preis eintritt regie darsteller zutaten
    zubereitung fazit beispiel infos info termin stand autor von
    crédit crédits légende lire voir contact adresse date heure lieu où quand qui pourquoi comment
    prix tarif réalisation avec ingrédients
    fuente fuentes nota corrección leer más contacto dirección fecha hora lugar dónde cuándo quién
    precio ingredientes autor
    fonte nota leggi dove quando chi perché prezzo ingredienti
    bron noot lees waar wanneer wie waarom prijs""".split()
)
_LAST = frozenset("credit credits note notes more only update news alert by photo warning".split())
_ROLES = frozenset(
    """q a question answer interviewer interviewee reporter moderator host anchor announcer narrator
    speaker audience caller voice operator translator interpreter unidentified unknown male female
    man woman child boy girl crowd group protester protesters student member members committee the
    president secretary chairman chairwoman clerk judge court witness attorney officer official
    correspondent questioner participant panelist frage antwort journalist moderatorin
    """.split()
)
_SPEECH = regex.compile(
    r"[?？؟]|;\s*$|\b(?i:i|i’m|i'm|we|you|my|our|your|me|us|ich|wir|mein|meine|unser|uns|mir|je|nous"
    r"|vous|notre|moi|yo|nosotros|usted|ustedes|io|noi|ik|wij|jij|mijn|eu|nós|você|jag|jeg|minä"
    r"|я|мы|вы"
    r"|мне|ben|biz|أنا|نحن|मैं|हम|आप|אני|אנחנו)\b|\b[Jj][’']|[我您你]|私|僕|저는|나는|우리"
)


_QUESTIONS = frozenset("q a question answer f frage antwort p r d".split())
_FIRST = regex.compile(
    r"\b(?i:i|i’m|i'm|we|my|our|me|us|ich|wir|mein|meine|unser|uns|mir|je|nous|notre|moi|yo"
    r"|nosotros|io|noi|ik|wij|mijn|eu|nós|jag|jeg|minä|я|мы|мне|ben|biz|أنا|نحن|मैं|हम|אני|אנחנו)\b"
    r"|\b[Jj][’']|我|私|僕|저는|나는|우리"
)
_SMALL = (en.STOP_FIRST | en.PREPOSITIONS) - {"the"}


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
    if words in (["q"], ["a"]):
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
        if " " in name and not name.isupper() and name.split()[0].casefold() not in en.NO_NAME:
            return name
    return ""
