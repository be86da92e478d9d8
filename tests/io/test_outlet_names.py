"""Names of one house are offered to be joined; those of two are left alone."""

import pytest

from analysis.io.outlet_names import as_yaml, same_houses
from analysis.io.yaml import load_yaml


@pytest.mark.parametrize(
    "name, others",
    [
        ("Bollard", ["The Bollard"]),
        ("The Bollard", ["Bollard (London)", "thebollard.com"]),
        ("Harbour Courier", ["harbour-courier.example.com"]),
        ("BOLLARD", ["https://www.bollard.co.uk/news/1"]),
        ("Courier", ["Courier (Online); Varnmouth"]),
        ("Le Café", ["le cafe"]),
        ("The New York Times", ["NY Times", "nytimes.com"]),
    ],
)
def test_names_that_differ_by_article_place_or_address_are_one(name, others):
    assert same_houses([name, *others, name, *others, name]) == {name: others}
    assert len(same_houses([*others * 3, name])) == 1


def test_an_address_is_the_name_only_where_there_is_no_other():
    assert same_houses(["bollard.com"] * 3 + ["Bollard"]) == {"Bollard": ["bollard.com"]}
    assert same_houses(["www.bollard.com", "bollard.com"]) == {"bollard.com": ["www.bollard.com"]}


@pytest.mark.parametrize(
    "names",
    [
        ["Guardian (London)", "Guardian (Nigeria)"],
        ["Guardian (London)", "The Guardian", "Guardian (Nigeria)"],
        ["The Times", "The New York Times"],
        ["Post", "Morning Post", "posten.com"],
        ["", "", "The"],
    ],
)
def test_names_of_two_houses_are_left_alone(names):
    assert same_houses(names) == {}


def test_the_lines_for_the_datasheet_are_comments_that_are_yaml_without_their_marks():
    joined = {'Bote "am Abend"': ["bote: abend", "no"]}
    lines = as_yaml(joined).splitlines()
    assert all(line.startswith("# ") for line in lines)
    _, content, faults = load_yaml("\n".join(line[2:] for line in lines[1:]), "x")
    assert not faults and content == {
        "outlets": {'Bote "am Abend"': {"aliases": ["bote: abend", "no"]}}
    }
    assert as_yaml({}) == ""
