"""Codes of languages from what exports write, and what language a text looks like."""

from __future__ import annotations

import re

from analysis.io.text import LANGUAGE

# code: ISO 639-2 codes, then names of the language in the interfaces of archives
_NAMES = {
    "en": "eng english englisch anglais engels inglés ingles inglês inglese",
    "de": "deu ger german deutsch allemand duits alemán aleman alemão tedesco",
    "fr": "fra fre french französisch franzosisch français francais frans francés francês francese",
    "nl": "nld dut dutch niederländisch néerlandais nederlands neerlandés holandês olandese",
    "es": "spa spanish spanisch espagnol spaans español espanol espanhol spagnolo",
    "it": "ita italian italienisch italien italiaans italiano",
    "pt": "por portuguese portugiesisch portugais portugees portugués português portoghese",
    "ar": "ara arabic arabisch arabe",
    "zh": "zho chi chinese chinesisch chinois",
    "ru": "rus russian russisch russe",
    "pl": "pol polish polnisch polonais",
    "tr": "tur turkish türkisch turc",
    "sv": "swe swedish schwedisch suédois svenska",
    "da": "dan danish dänisch danois dansk",
    "no": "nor norwegian norwegisch norvégien norsk",
    "fi": "fin finnish finnisch finnois suomi",
    "ja": "jpn japanese japanisch japonais",
    "ko": "kor korean koreanisch coréen",
}
_CODES = {name: code for code, names in _NAMES.items() for name in names.split()}
_COMMON = {
    "en": "the of and to in that is was for with on as by at from his they have not this",
    "de": "der die und das den von ist nicht mit dem sich des ein auf eine für wird auch dass war",
    "fr": "le la les des et est une dans que qui pour pas sur par au plus avec ce il sont",
    "nl": "de het een van en dat zijn niet met voor op te aan ook maar werd naar bij wordt uit",
    "es": "el los las que una por con para del es se su como pero más lo al sus este ha",
    "it": "il che di per non una sono con della gli nel anche ha alla dei come più si è le",
    "pt": "que não uma para com os dos mais por foi ao das em como mas seu pelo são ele um",
}
_LISTS = {code: frozenset(words.split()) for code, words in _COMMON.items()}
LANGUAGE_NAMES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "nl": "Dutch",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
}
_LOOKED_AT = 2000  # characters
_FEWEST = 20  # words
_SHARE = 0.15  # of the words looked at that must be common ones
_CLEARLY = 1.5  # times as many as of the next language


def language_code(given: str) -> str:
    """The code of a language that is given as a code or a name; empty if it is neither.

    Parameters
    ----------
    given : str

    Returns
    -------
    str

    Examples
    --------
    >>> [language_code(name) for name in ("eng", "German", "pt_BR", "EN", "Klingon")]
    ['en', 'de', 'pt-BR', 'en', '']
    """
    plain = given.strip().lower()
    if plain in _CODES:
        return _CODES[plain]
    first, _, rest = given.strip().replace("_", "-").partition("-")
    code = f"{first.lower()}-{rest}" if rest else first.lower()
    return code if LANGUAGE.fullmatch(code) else ""


def looks_like(text: str) -> str | None:
    """The language whose commonest words a text has most of; None where that is not clear.

    Parameters
    ----------
    text : str

    Returns
    -------
    str or None
        One of en, de, fr, nl, es, it, pt.

    Examples
    --------
    >>> looks_like("Der Kran fiel am Montag, und die Stadt fragt nun, wer das hätte wissen können: "
    ...            "der Hafen, das Ministerium oder die Firma, die den Kran gebaut hat.")
    'de'
    """
    words = re.findall(r"[^\W\d_]+", text[:_LOOKED_AT].lower())
    if len(words) < _FEWEST:
        return None
    counts = sorted(((sum(w in own for w in words), code) for code, own in _LISTS.items()))
    (next_best, _), (most, code) = counts[-2:]
    return code if most >= _SHARE * len(words) and most >= _CLEARLY * next_best else None
