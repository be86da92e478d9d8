"""Where the project stands, wherever a notebook or command is started."""

from __future__ import annotations

from pathlib import Path


def project_root() -> Path:
    """The nearest folder from here upwards that holds `corpus/`, else the folder of this clone."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "corpus").is_dir():
            return folder
    return Path(__file__).resolve().parents[1]
