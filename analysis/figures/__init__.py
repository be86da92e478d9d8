"""Figures: functions that draw a result and nothing else, and the one that saves."""

from .actors import plot_labels
from .axes import AXES_LABEL, axes_title, plot_axes
from .clusters import plot_clusters, plot_merges, plot_topic_vs_framing
from .framing import plot_frames, plot_keyness
from .overview import plot_overview
from .reuse import plot_alignment, plot_sharing, plot_words
from .save import save_figure
from .sentiment import plot_sentiment
from .shift import plot_word_shift
from .stemma import carried, plot_rebuilt, plot_stemma
from .style import panels
from .towards import plot_towards
from .validation import plot_validation
from .voices import plot_verbs, plot_voices

__all__ = [
    "AXES_LABEL",
    "axes_title",
    "carried",
    "panels",
    "plot_alignment",
    "plot_axes",
    "plot_clusters",
    "plot_frames",
    "plot_keyness",
    "plot_labels",
    "plot_merges",
    "plot_overview",
    "plot_rebuilt",
    "plot_sentiment",
    "plot_sharing",
    "plot_stemma",
    "plot_topic_vs_framing",
    "plot_towards",
    "plot_validation",
    "plot_verbs",
    "plot_voices",
    "plot_word_shift",
    "plot_words",
    "save_figure",
]
