"""The tone of a sentence towards one of those it names."""

from analysis.models.tone.head import HeadTone, MentionTone, Reader, load_head, save_head
from analysis.models.tone.model import ToneMixture, ToneModel, load_tone
from analysis.models.tone.transformers import TransformersTone
from analysis.models.tone.tuned import TunedTone

__all__ = [
    "HeadTone",
    "MentionTone",
    "Reader",
    "ToneMixture",
    "ToneModel",
    "TransformersTone",
    "TunedTone",
    "load_head",
    "load_tone",
    "save_head",
]
