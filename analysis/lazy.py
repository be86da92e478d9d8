"""Names of a room, resolved when they are first used (PEP 562), so that imports stay cheap."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Collection, Mapping
from types import ModuleType


def lazy_room(name: str, modules: Mapping[str, str], rooms: Collection[str] = ()) -> None:
    """Let a package give names whose modules are imported on first use.

    A measure and its module share their name (`tl.keyness` stands in `tl/keyness.py`). Python binds
    a module to its package once it is imported; here the public name wins, whatever comes first.

    Parameters
    ----------
    name : str
        The package's ``__name__``.
    modules : mapping of str to str
        The module that defines each public name.
    rooms : collection of str
        Packages within it that are imported on first use, too.
    """

    class Room(ModuleType):
        def __getattr__(self, attribute: str):
            if attribute in rooms:
                return importlib.import_module(f"{name}.{attribute}")
            if attribute not in modules:
                names = ", ".join(sorted({*modules, *rooms}))
                raise AttributeError(f"{name} has no {attribute!r}; there are {names}")
            found = getattr(importlib.import_module(modules[attribute]), attribute)
            self.__dict__[attribute] = found
            return found

        def __setattr__(self, attribute: str, value) -> None:
            if isinstance(value, ModuleType) and value.__name__ == modules.get(attribute):
                value = getattr(value, attribute)
            super().__setattr__(attribute, value)

        def __dir__(self):
            return sorted({*super().__dir__(), *modules, *rooms})

    sys.modules[name].__class__ = Room
