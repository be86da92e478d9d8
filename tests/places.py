"""Where tests find things."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HARBOUR = ROOT / "corpus" / "harbour"
AMNESTY = ROOT / "corpus" / "amnesty2024"
