"""An article as extraction reads it: cleaned, with the way back to the text as stored."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from analysis.clean import MASKS, Cleaned, Furniture, mask, repair
from analysis.extract.failures import said
from analysis.io.article import Article
from analysis.text.tokens import words_of


@dataclass(frozen=True)
class CleanedArticle(Article):
    """An article whose `text` is what is read of it.

    Attributes
    ----------
    cleaned : Cleaned
        The text that is read, and its edits.
    repaired : Cleaned
        The text with nothing masked, in which credits are read: captions and notices hold them.
    stored : Article
        As stored.
    problem : str
        Why it could not be cleaned; empty if it was.
    unread : str
        Why its text could not be read; empty if it was.
    """

    cleaned: Cleaned = field(default=Cleaned(""), repr=False)
    repaired: Cleaned = field(default=Cleaned(""), repr=False)
    stored: Article = field(default=Article("", ""), repr=False)
    problem: str = ""
    unread: str = ""

    @property
    def sha256(self) -> str:
        """Digest of the text as stored."""
        return self.stored.sha256

    @property
    def made_from(self) -> tuple[str, ...]:
        """Digests of the text as stored and of its edits, if there are any."""
        edits = self.cleaned.digest, self.repaired.digest
        return (self.sha256, *edits) if any(edits) else (self.sha256,)

    def original(self, table: str, columns: Mapping) -> Mapping:
        """Columns of a table with offsets into the text as stored.

        Parameters
        ----------
        table : str
        columns : mapping
            As extracted.

        Returns
        -------
        mapping
        """
        edits = self.repaired if table == "credits" else self.cleaned
        if not edits.edits or "start" not in columns:
            return columns
        start, end = edits.originals(columns["start"], columns["end"])
        return {**columns, "start": start, "end": end}

    def masks(self) -> dict[str, list]:
        """Columns of `masks`."""
        text, edits = self.stored.text, self.cleaned.edits
        return {
            "start": [edit.start for edit in edits],
            "end": [edit.end for edit in edits],
            "reason": [edit.reason for edit in edits],
            "replacement": [edit.replacement for edit in edits],
            "n_words": [
                len(words_of(text[edit.start : edit.end])) if edit.reason in MASKS else 0
                for edit in edits
            ],
        }


def read_cleaned(
    article: Article, reasons: Collection[str], furniture: Mapping[str, Furniture]
) -> CleanedArticle:
    """Clean an article for extraction; one that cannot be cleaned is read as stored.

    Parameters
    ----------
    article : Article
    reasons : collection of str
        What to clean; see `analysis.clean.clean`.
    furniture : mapping of str to Furniture
        By outlet.

    Returns
    -------
    CleanedArticle
    """
    problem = ""
    try:
        repaired = repair(article.text, reasons=reasons, language=article.language)
        outlet = str(article.about.get("outlet", ""))
        cleaned = mask(repaired, furniture.get(outlet), reasons=reasons)
    except MemoryError:
        raise
    except Exception as error:
        repaired = cleaned = Cleaned(article.text)
        problem = said(error)
    return CleanedArticle(
        article.article_id,
        cleaned.text,
        article.language,
        article.about,
        cleaned,
        repaired,
        article,
        problem,
    )
