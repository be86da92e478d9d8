"""Names of pages and of places in them; what of a name may be said."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_LONGEST = 40  # characters of a name, before its digest
_SHARED_WORDS = 5  # of a label, where words are withheld: as the shared form has it


def page_name(kind: str, *ids: str) -> str:
    """The file of a page: safe letters of what it is about, and a digest that tells it apart.

    Parameters
    ----------
    kind : {"article", "pair", "story", "figure"}
    *ids : str
        Whatever they hold, the name has letters a to z, digits, hyphens and one dot.

    Examples
    --------
    >>> page_name("article", "../Émile's “first”")
    'article-emile-s-first-fe60065e.html'
    """
    plain = unicodedata.normalize("NFKD", "-".join(ids)).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower())[:_LONGEST].strip("-")
    digest = hashlib.sha256("\x1f".join(ids).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return "-".join(filter(None, (kind, slug, digest))) + ".html"


def anchor(*who: str) -> str:
    """The place in a page that something stands at, such as a claim's sentence in an article."""
    digest = hashlib.sha256("\x1f".join(who).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{who[0]}-{digest[:8]}"


def shared_label(label: str) -> str:
    """A label where words are withheld.

    Examples
    --------
    >>> shared_label("the man who was there before")
    'the man who was there'
    """
    return " ".join(label.split()[:_SHARED_WORDS])
