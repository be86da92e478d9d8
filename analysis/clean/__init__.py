"""Cleaning of texts: explicit, reversible, with offsets into the text as stored."""

from analysis.clean.cleaning import MASKS, REASONS, REPAIRS, clean, mask, reasons_of, repair
from analysis.clean.edits import Cleaned, Edit
from analysis.clean.furniture import Furniture, find_furniture, sampled

__all__ = [
    "MASKS",
    "REASONS",
    "REPAIRS",
    "Cleaned",
    "Edit",
    "Furniture",
    "clean",
    "find_furniture",
    "mask",
    "reasons_of",
    "repair",
    "sampled",
]
