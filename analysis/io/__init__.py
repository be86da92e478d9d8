"""Formats of files: articles, dictionaries, sheets of codes; one file a format."""

from analysis.lazy import lazy_room

__all__ = ["read_frame_codes"]  # noqa: F822  (resolved on first use)
lazy_room(__name__, {"read_frame_codes": f"{__name__}.frame_codes"})
