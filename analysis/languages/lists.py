"""Lists of words of a language (see `analysis.text.lists`, which reads them)."""

from analysis.text.lists import DATA, lines, words

__all__ = ["DATA", "lines", "words"]
