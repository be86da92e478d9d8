"""The tone of a sentence towards one of those it names."""

from analysis.models.tone.head import HeadTone, Reader, load_head, save_head
from analysis.models.tone.model import ToneModel, load_tone
from analysis.models.tone.transformers import TransformersTone

__all__ = [
    "HeadTone",
    "Reader",
    "ToneModel",
    "TransformersTone",
    "load_head",
    "load_tone",
    "save_head",
]
