"""Processes that end with the one that started them, in whatever way that ended.

A process of a pool first reads what it is to do, and what that needs is imported meanwhile, which
takes seconds. So this module imports little, and a `Tie` comes before everything else.
"""

from __future__ import annotations

import contextlib
import multiprocessing.connection
import os
import signal
import sys
import threading
from collections.abc import Callable

_KILL_ME = 1  # PR_SET_PDEATHSIG of Linux


class Tie:
    """Ends the process that it is sent to when the other end of its pipe is closed.

    Parameters
    ----------
    end : multiprocessing connection
        That can be read. Nothing is ever sent.
    """

    def __init__(self, end: multiprocessing.connection.Connection):
        self._end = end

    def __reduce__(self):
        return _tied, (self._end,)


def begin(tie: Tie, prepare: Callable, *arguments) -> None:
    """The beginning of a process in a pool.

    Parameters
    ----------
    tie : Tie
        Sent before the others.
    prepare : callable
        Called with the arguments.
    *arguments : object
    """
    # the process that started this one says when to stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    prepare(*arguments)


def _tied(end: multiprocessing.connection.Connection) -> Tie:
    """What is called where a Tie arrives."""
    end_with_parent()
    threading.Thread(target=_wait, args=(end,), daemon=True).start()
    return Tie(end)


def end_with_parent() -> None:
    """Ask the system to kill this process when the thread that started it is gone (on Linux)."""
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_KILL_ME, signal.SIGKILL)


def _wait(end: multiprocessing.connection.Connection) -> None:
    # it returns when the other end is closed, or its process is gone
    with contextlib.suppress(OSError):  # Windows says so where the process is gone
        end.poll(None)
    os._exit(1)
