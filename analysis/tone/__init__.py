"""The tone of a sentence towards one of those it names."""

from analysis.tone.head import HeadTone, Reader, load_head, save_head
from analysis.tone.model import ToneModel, load_tone
from analysis.tone.own import TransformersTone

__all__ = [
    "HeadTone",
    "Reader",
    "ToneModel",
    "TransformersTone",
    "load_head",
    "load_tone",
    "save_head",
]
