"""Every fault of a folder of features, for `twicetold check`."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.errors import Fault, FeaturesError
from analysis.features.handle import first_line, load_features
from analysis.features.manifest import sha256_of
from analysis.features.schemas import MANIFEST, SCHEMAS


def check_features(folder: str | Path) -> list[Fault]:
    """Find every fault of a features folder: version, missing and damaged files, wrong columns."""
    folder = Path(folder)
    try:
        features = load_features(folder)
    except FeaturesError as error:
        return [Fault(f"{folder.name}/{MANIFEST}", None, str(error))]
    faults = []
    listed: list[tuple[str, dict, list[str] | None]] = [
        (f"{name}.parquet", about, [column for column, _ in SCHEMAS[features.form].get(name, [])])
        for name, about in features.manifest["tables"].items()
    ]
    listed += [
        (f"results/{name}.parquet", about, None)
        for name, about in features.manifest.get("results", {}).items()
    ]
    for file, about, columns in listed:
        try:
            problem = _file_problem(folder / file, about, columns)
            if problem is None and columns is not None:
                features.refuse_unsound(file.removesuffix(".parquet"))
        except FeaturesError as error:
            problem = str(error)
        except (OSError, ValueError, pa.ArrowException) as error:
            problem = f"cannot be read ({first_line(error)}); fetch or make the features again."
        if problem is not None:
            faults.append(Fault(f"{folder.name}/{file}", None, problem))
    return faults


def _file_problem(path: Path, about: dict, columns: list[str] | None) -> str | None:
    if not path.is_file():
        return "the file is missing; fetch or make the features again."
    with path.open("rb") as stream:
        if sha256_of(stream) != about["sha256"]:
            return (
                "damaged or changed: its sha256 is not the manifest's; fetch or make the features"
                " again."
            )
    if columns and not set(columns) <= set(pq.read_schema(path).names):
        return f"lacks columns; needed are {', '.join(columns)}."
    return None
