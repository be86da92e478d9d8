"""Where tests find things, and what not every system lets them do."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HARBOUR = ROOT / "corpus" / "harbour"
AMNESTY = ROOT / "corpus" / "amnesty2024"

needs_links = pytest.mark.skipif(os.name == "nt", reason="making links needs a right on Windows")
