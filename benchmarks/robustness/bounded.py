"""CPU time that a call may take, and quiet: libraries warn of spoiled files."""

from __future__ import annotations

import contextlib
import signal
import warnings
from collections.abc import Iterator


class TooLong(BaseException):  # which no `except Exception` of a reader keeps
    """A call took more CPU time than it may."""


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Stop after so much CPU time, where the system can say when (not on Windows)."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Libraries warn of spoiled files; and where time is up, an error is raised."""

    def stop(*_):
        raise TooLong("took too long")

    before = signal.signal(signal.SIGVTALRM, stop) if hasattr(signal, "SIGVTALRM") else None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if before is not None:
            signal.signal(signal.SIGVTALRM, before)
