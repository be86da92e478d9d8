"""The package and its command answer at once."""

import json

from benchmarks import startup


def test_import_and_help_take_less_than_a_third_of_a_second(capsys):
    startup.main([])
    seconds = json.loads(capsys.readouterr().out)["working tree"]
    assert set(seconds) == {"import analysis", "twicetold --help"}
    assert max(seconds.values()) <= 0.3
