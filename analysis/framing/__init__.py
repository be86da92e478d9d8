"""Framing: the words that set articles apart, and the codebook's frames."""

from .frames import Frames, frames
from .keyness import Keyness, keyness

__all__ = ["Frames", "Keyness", "frames", "keyness"]
