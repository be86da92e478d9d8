"""Sphinx builds the site from the root of the repository, so that every link works on GitHub too.

`make docs` runs `sphinx-build -c docs . docs/_build/html`. The pages of the API are written anew
from each room's `__all__`; no page names a function twice. The code of docs/paper.md is run.
"""

import sys
from importlib import metadata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # for _run

project = "Twicetold"
author = "The Twicetold authors"
copyright = author
release = metadata.version("twicetold")

root_doc = "docs/index"
include_patterns = ["docs/**", "benchmarks/*.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"]
exclude_patterns = [".*", "docs/_*", "analysis", "corpus", "figures", "notebooks", "tests"]

extensions = [
    "_run",  # the Python of some pages
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
    "sphinx-mathjax-offline",  # the formulas are set without network
]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

autosummary_ignore_module_all = False
autosummary_imported_members = True
autodoc_typehints = "none"  # the docstrings give the types in words
numpydoc_show_class_members = False
templates_path = [str(Path(__file__).parent / "_templates")]

html_theme = "furo"
html_title = "Twicetold"
html_extra_path = ["_root"]
html_static_path = ["_static"]
html_css_files = ["figures.css"]
html_copy_source = False
