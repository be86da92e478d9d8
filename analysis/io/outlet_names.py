"""Names under which one outlet stands in a corpus: what could be joined."""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from analysis.text.outlets import outlets as listed_outlets

_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?((?:[\w-]+\.)+[a-z]{2,})(?:/.*)?", re.IGNORECASE)
_BEHIND = re.compile(r"\s*[(\[;,|].*$")  # "(London)", "; Varnmouth", ", online edition"
_ONLINE = re.compile(
    r"[\s.:-]+(online|print|web(site)?|news ?live|digital|blogs?|app)$|"
    r"\.(com|co\.uk|org|net|de|fr|nl)$",
    re.IGNORECASE,
)
_DOMAINS = {"com", "co", "org", "net", "uk", "de", "fr", "nl", "es", "it", "eu", "at", "ch", "be",
            "news", "info", "example", "edition", "amp", "m", "mobile", "beta"}  # fmt: skip
_PLACE = re.compile(r"[(\[;]\s*([^)\];]+)")
_NO_PLACE = re.compile(r"online|print|web|digital|blog|live|app|edition", re.IGNORECASE)


def same_houses(outlets: Iterable[str]) -> dict[str, list[str]]:
    """Names that may be one outlet's: they differ in an article, a place, an address, or capitals.

    Parameters
    ----------
    outlets : iterable of str
        One for each article.

    Returns
    -------
    dict of str to list of str
        The name that most articles bear → the others. Names with different places ("Guardian
        (London)", "Guardian (Nigeria)") are left alone.

    Examples
    --------
    >>> same_houses(["The Guardian", "The Guardian", "Guardian (London)", "theguardian.com", "Sun"])
    {'The Guardian': ['Guardian (London)', 'theguardian.com']}
    """
    counts = Counter(filter(None, outlets))
    houses: dict[str, list[str]] = {}
    for name in counts:
        if not _ADDRESS.fullmatch(name):
            houses.setdefault(_key(name), []).append(name)
    for name in counts:
        if match := _ADDRESS.fullmatch(name):
            houses.setdefault(_key_of_address(match[1], houses), []).append(name)
    joined = {}
    for key, names in houses.items():
        places = {place.casefold() for name in names for place in _places(name)}
        if key and len(names) > 1 and len(places) < 2:
            # an address names an outlet only where there is nothing better
            names.sort(key=lambda name: (bool(_ADDRESS.fullmatch(name)), -counts[name], name))
            joined[names[0]] = names[1:]
    return joined


def _places(name: str) -> list[str]:
    return [place for place in _PLACE.findall(name) if not _NO_PLACE.search(place)]


def _key(name: str) -> str:
    name = _ONLINE.sub("", _BEHIND.sub("", name.strip()))
    return _house(_squashed(name))


def _key_of_address(address: str, houses: dict) -> str:
    labels = [label for label in address.lower().split(".") if label not in _DOMAINS]
    keys = [_house(_squashed(label)) for label in labels]
    return next((key for key in keys if key in houses), keys[-1] if keys else _squashed(address))


def _house(squashed: str) -> str:
    return _listed().get(squashed, squashed)


@functools.cache
def _listed() -> dict[str, str]:
    """Forms of names that are one outlet's alone, without blanks → the outlet's name, likewise."""
    by_last, _ = listed_outlets()
    forms = ((form, name) for found in by_last.values() for form, _, name, _, sure in found if sure)
    return {_squashed(form): _squashed(name) for form, name in forms}


def _squashed(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(c for c in plain if c.isalnum())
    return re.sub(r"^(the|der|die|das|le|la|el|il|de|het)(?=\w{3})", "", letters)


def as_yaml(joined: dict[str, list[str]]) -> str:
    """Lines for `outlets:` in corpus.yml, as comments.

    Parameters
    ----------
    joined : dict of str to list of str
        As `same_houses` gives it.

    Returns
    -------
    str
        Empty if there is nothing to join.
    """
    if not joined:
        return ""
    lines = [
        "# Names that may be one outlet's. Where they are, remove the # to count them together.",
        "# outlets:",
    ]
    for name, aliases in joined.items():
        listed = ", ".join(_quoted(alias) for alias in aliases)
        lines.append(f"#   {_quoted(name)}: {{aliases: [{listed}]}}")
    return "\n".join(lines) + "\n"


def _quoted(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)
