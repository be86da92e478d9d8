"""Notebooks that take turns in one kernel: each begins as the first one did.

A kernel of its own for each would import everything anew, which takes seconds.
"""

from __future__ import annotations

import gc
import os
import random
import sys
import warnings

import numpy as np

_FIRST: dict = {}  # how the kernel was before its first notebook


def take_turn(variables: dict[str, str]) -> None:
    """Leave nothing of the notebook before: called in a kernel before each notebook.

    Names are forgotten, figures closed, seeds random; the count of cells, the folder, variables of
    the environment, the path of modules, filters of warnings, and options of NumPy, pandas and
    Matplotlib are what they were before the first notebook. What a notebook did to an imported
    module beyond these stays.

    Parameters
    ----------
    variables : dict of str to str
        Of the environment, for the notebook that begins.

    Raises
    ------
    RuntimeError
        If the notebook before asked the kernel to end, which it does soon.
    """
    from IPython import get_ipython

    if get_ipython().exit_now:
        raise RuntimeError("this kernel ends")
    if not _FIRST:
        _FIRST.update(
            environ=dict(os.environ),
            folder=os.getcwd(),
            path=list(sys.path),
            filters=list(warnings.filters),
            printed=np.get_printoptions(),
            errors=np.geterr(),
        )
    else:
        get_ipython().reset()
        for name in ("last_exc", "last_type", "last_value", "last_traceback"):
            sys.__dict__.pop(name, None)  # it would keep alive what its frames hold
        os.chdir(_FIRST["folder"])
        sys.path[:] = _FIRST["path"]
        np.set_printoptions(**_FIRST["printed"])
        np.seterr(**_FIRST["errors"])
        random.seed()
        np.random.seed()  # noqa: NPY002 what a notebook may have used
        _forget_options()
        warnings.filters[:] = _FIRST["filters"]
        with warnings.catch_warnings():  # on entering, what was warned of once is forgotten
            pass
        gc.collect()
    os.environ.clear()
    os.environ.update(_FIRST["environ"] | variables)


def _forget_options() -> None:
    """Options of pandas and Matplotlib as they were imported, where they were."""
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")
    if matplotlib := sys.modules.get("matplotlib"):
        matplotlib.rc_file_defaults()
    if pandas := sys.modules.get("pandas"):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of options that will be no more
            pandas.reset_option("all")
