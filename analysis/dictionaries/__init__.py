"""Dictionaries that people own: Lexicoder, LIWC, Yoshikoder, quanteda YAML and plain CSV files,
read into weights of words.
"""

from analysis.dictionaries.formats import FORMATS
from analysis.dictionaries.load import (
    DEFAULT_WEIGHTS,
    PACKAGED,
    Dictionary,
    is_pattern,
    load_dictionary,
)

__all__ = ["DEFAULT_WEIGHTS", "FORMATS", "PACKAGED", "Dictionary", "is_pattern", "load_dictionary"]
