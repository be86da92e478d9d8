"""Framing: what actors are called, who speaks, which words, frames and axes are an article's own,
and the profile of all that.
"""

from .actors import Labels, labels
from .axes import Axes, axes
from .codes import Codes, read_codes
from .frames import Frames, frames
from .keyness import Keyness, keyness
from .profile import Profile, profile
from .shift import WordShift, word_shift
from .sources import Sources, sources
from .stance import Stance, stance

__all__ = [
    "Axes",
    "Codes",
    "Frames",
    "Keyness",
    "Labels",
    "Profile",
    "Sources",
    "Stance",
    "WordShift",
    "axes",
    "frames",
    "keyness",
    "labels",
    "profile",
    "read_codes",
    "sources",
    "stance",
    "word_shift",
]
