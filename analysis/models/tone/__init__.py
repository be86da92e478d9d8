"""The tone of a sentence towards one of those it names."""

from .head import HeadTone, Reader, load_head, save_head
from .model import ToneModel, load_tone
from .transformers import TransformersTone

__all__ = [
    "HeadTone",
    "Reader",
    "ToneModel",
    "TransformersTone",
    "load_head",
    "load_tone",
    "save_head",
]
