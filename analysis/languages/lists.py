"""Lists of words of a language (see `analysis.text.lists`, which reads them)."""

from analysis.text.lists import ANY, DATA, FOLDERS, folder, lines, words

__all__ = ["ANY", "DATA", "FOLDERS", "folder", "lines", "words"]
