"""YAML is read with the row of every key."""

from analysis.io.yaml import read_yaml
from tests.small import put


def test_yaml_keeps_the_row_of_every_key(tmp_path):
    said, rows, faults = read_yaml(put(tmp_path / "a.yml", "a:\n  b: 1\n\nc: {d: 2}\n"))
    assert (said, faults) == ({"a": {"b": 1}, "c": {"d": 2}}, [])
    assert rows == {("a",): 1, ("a", "b"): 2, ("c",): 4, ("c", "d"): 4}
