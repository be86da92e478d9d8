"""Text reuse: compiled loops, steps and engines that `tl.reuse` stands on."""

from analysis.reuse.engines import Dask, Local

__all__ = ["Dask", "Local"]
