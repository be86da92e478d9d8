"""One name means one thing: names of files and public names differ; a verb has all its parts."""

from collections import defaultdict

import pytest

import analysis as tw
from benchmarks.size import public_names
from tests.places import ROOT

PACKAGE = ROOT / "analysis"
VERBS = {*tw.tl.__all__, "validate"}
ROOMS = {"pl", "tl", "va"}  # in which a verb is a measure or a figure, and names its file
# what a measure ships, in each that does; what every format has
SAME_MEANING = {"SHIPS", "TITLE", "recognise", "read"}


def modules():
    """Modules outside `text`, as paths below the package without their suffix."""
    paths = (path.relative_to(PACKAGE).with_suffix("") for path in PACKAGE.rglob("*.py"))
    return sorted(p for p in paths if p.parts[0] != "text" and p.name != "__init__")


def is_verb(name, module):
    return name in VERBS and module.parent.name in ROOMS and module.name == name


def doubled(places):
    """Names that stand in several modules, but for verbs in the rooms of verbs."""
    found = {name: [m for m in there if not is_verb(name, m)] for name, there in places.items()}
    return {
        name: [module.as_posix() for module in places[name]]
        for name, others in found.items()
        if others and len(places[name]) > 1
    }


def test_no_two_files_share_a_name():
    places = defaultdict(list)
    for module in modules():
        places[module.name].append(module)
    found = doubled(places)
    assert not {name: found[name] for name in found}


def test_no_two_public_names_are_the_same():
    places = defaultdict(list)
    for module in modules():
        source = (PACKAGE / module).with_suffix(".py").read_text(encoding="utf-8")
        for name in set(public_names(source)) - SAME_MEANING:
            places[name].append(module)
    found = doubled(places)
    assert not {name: found[name] for name in found}


@pytest.mark.parametrize("verb", tw.tl.__all__)
def test_a_verb_has_a_measure_a_figure_a_test_and_a_page(verb):
    assert verb in tw.pl.__all__
    parts = [
        f"analysis/tl/{verb}.py",
        f"analysis/pl/{verb}.py",
        f"tests/tl/test_{verb}.py",
        f"docs/questions/{verb}.md",
    ]
    assert not [p for p in parts if not (ROOT / p).is_file()]
