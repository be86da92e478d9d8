"""Figures: functions that draw a result and nothing else, and the one that saves."""

from .clusters import plot_clusters
from .framing import plot_frames, plot_keyness
from .overview import plot_overview
from .reuse import plot_alignment, plot_sharing, plot_words
from .save import save_figure
from .sentiment import plot_sentiment
from .style import panels

__all__ = ["panels", "plot_alignment", "plot_clusters", "plot_frames", "plot_keyness", "plot_overview", "plot_sentiment",
           "plot_sharing", "plot_words", "save_figure"]
