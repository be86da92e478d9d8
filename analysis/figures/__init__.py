"""Figures: functions that draw a result and nothing else, and the one that saves."""

from .clusters import plot_clusters
from .framing import plot_frames, plot_keyness
from .overview import plot_overview
from .reuse import plot_alignment, plot_sharing, plot_words
from .save import save_figure
from .sentiment import plot_sentiment
from .stemma import carried, plot_rebuilt, plot_stemma
from .style import panels

__all__ = ["carried", "panels", "plot_alignment", "plot_clusters", "plot_frames", "plot_keyness", "plot_overview", "plot_rebuilt",
           "plot_sentiment", "plot_sharing", "plot_stemma", "plot_words", "save_figure"]
