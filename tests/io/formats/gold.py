"""What a reader gives, beside what an export's expected.csv says."""

import csv
import hashlib
import unicodedata
from pathlib import Path

from analysis.io.formats.source import Record, Remark, Settings, Source

EXPORTS = Path(__file__).parents[2] / "data" / "exports"
FIELDS = ("title", "outlet", "author", "section", "language", "sha256")


def normalised(text):
    return " ".join(unicodedata.normalize("NFC", text).split())


def records_of(reader, path, **settings):
    return [r for r in reader.read(Source(path), Settings(**settings)) if isinstance(r, Record)]


def remarks_of(reader, path, **settings):
    return [r for r in reader.read(Source(path), Settings(**settings)) if isinstance(r, Remark)]


def expected_of(folder):
    """Rows of each file of an export, in the order of its articles."""
    files = {}
    with (EXPORTS / folder / "expected.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            files.setdefault(row["file"], []).append({name: row[name] for name in FIELDS})
    return files


def fields_of(record):
    """A record's fields as expected.csv has them."""
    digest = hashlib.sha256(normalised(record.text).encode()).hexdigest()
    return {name: normalised(getattr(record, name)) for name in FIELDS[:-1]} | {"sha256": digest}
