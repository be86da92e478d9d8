"""Framing: the words that set articles apart, the codebook's frames, axes of meaning."""

from .axes import Axes, axes
from .frames import Frames, frames
from .keyness import Keyness, keyness
from .shift import WordShift, word_shift

__all__ = ["Axes", "Frames", "Keyness", "WordShift", "axes", "frames", "keyness", "word_shift"]
