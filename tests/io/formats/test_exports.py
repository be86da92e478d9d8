"""Every format against what right reading gives, through the way in that `twicetold new` takes."""

from pathlib import Path

import pytest

from benchmarks.exports import score_folder

EXPORTS = Path(__file__).parents[2] / "data" / "exports"
FOLDERS = sorted(path.parent for path in EXPORTS.glob("*/expected.csv"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_articles_and_fields_are_read_right(folder):
    score = score_folder(folder)
    assert score.wrong == []
    assert score.found == score.expected > 0
    assert (score.extra, score.not_refused) == (0, 0)
