"""Every number behind a figure is the one that is stored beside it in `figures/`.

`harbour` is measured anew from its texts. Embeddings differ in their last digits from processor to
processor: columns that rest on them are compared with the tolerances of `BY_MEANING`.
"""

import json

import numpy as np
import pandas as pd
import pytest
from pandas.api.types import is_numeric_dtype

import analysis as tw
from analysis.pl.figure import Figure
from tests.drawn import NAMES, Drawn
from tests.places import AMNESTY, HARBOUR, ROOT

RTOL, ATOL = 1e-6, 1e-9
# Columns that rest on embeddings, by figure: how far they may be apart. None stands for every
# column of numbers.
BY_MEANING = {
    "axes": {None: 0.005, "p": 0.05, "p_adjusted": 0.1, "p_intensity": 0.05, "baseline": 0.005},
    "tone": {None: 0.01},
    "tone_words": {None: 0.01},
    "stance": {None: 0.02},
    "profile": {None: 0.05},
    "clusters": {None: 0.05},
    "clusters.tests": {None: 0.1},
    "clusters_merges": {None: 0.02},
    "clusters_merges.steps": {None: 0.1},
    "reuse_alignment": {"meaning": 0.01},
    "lineage": {None: 0.02},
    "lost_source": {None: 0.02},
    "lost_source_text": {None: 0.02},
}


@pytest.fixture(scope="module")
def drawn(harbour):
    return {"harbour": Drawn(harbour), "amnesty2024": Drawn(tw.load(AMNESTY))}


def stored(corpus):
    names = {path.stem.split(".")[0] for path in (ROOT / "figures" / corpus).glob("*.csv")}
    return sorted(names - {"validate"})


CASES = [(corpus, name) for corpus in ("harbour", "amnesty2024") for name in stored(corpus)]


@pytest.mark.parametrize("corpus, name", CASES)
def test_a_figure_has_the_stored_numbers(drawn, corpus, name, tmp_path, monkeypatch):
    monkeypatch.setattr(Figure, "_render", lambda *_: b"")  # the numbers alone are compared
    drawn[corpus].figure(name).save(tmp_path)
    compare(ROOT / "figures" / corpus, tmp_path, name, loose=corpus == "harbour")


def test_the_coded_sheets_give_the_stored_numbers(harbour, tmp_path):
    coding = HARBOUR / "gold" / "coding"
    key = tw.va.read_key(coding / "key.csv")
    codes = tw.va.read_sheets(coding / "sheets", key)
    options = {"column": "predicted", "score": "tone", "metric": "ordinal"}
    result = tw.va.validate(codes, key, corpus=harbour, **options)
    tw.pl.validate(result).save(tmp_path)
    compare(ROOT / "figures" / "harbour", tmp_path, "validate", loose=False)


def test_every_figure_of_the_notebooks_is_stored():
    for corpus in ("harbour", "amnesty2024"):
        assert set(stored(corpus)) <= set(NAMES) and len(stored(corpus)) >= 16


def compare(committed, drawn, name, *, loose):
    """Compare a figure's CSV files column by column, and its parameters and notes."""
    files = sorted(path.name for path in committed.glob(f"{name}.*csv"))
    assert files == sorted(path.name for path in drawn.glob(f"{name}.*csv"))
    for file in files:
        old, new = (pd.read_csv(folder / file) for folder in (committed, drawn))
        assert list(old) == list(new) and len(old) == len(new), file
        tolerance = BY_MEANING.get(file.removesuffix(".csv"), {}) if loose else {}
        for column in old:
            close(old[column], new[column], tolerance.get(column, tolerance.get(None)), file)
    old, new = (json.loads((f / f"{name}.json").read_text("utf-8")) for f in (committed, drawn))
    for about in (old, new):
        del about["packages"]
        if loose and name in BY_MEANING:
            del about["notes"]  # they hold such numbers, rounded
    assert old == new


def close(old, new, tolerance, where):
    """Counts and texts are the same, other numbers nearly so.

    Ranks hold where a number is loose.
    """
    if not is_numeric_dtype(old) or old.dtype == bool:
        assert old.fillna("").tolist() == new.fillna("").tolist(), (where, old.name)
        return
    assert (old.isna() == new.isna()).all(), (where, old.name)
    atol = ATOL if tolerance is None else tolerance
    assert np.allclose(old, new, rtol=RTOL, atol=atol, equal_nan=True), (where, old.name)
    if tolerance is not None and old.nunique() > 5:
        assert old.corr(new, method="spearman") > 0.99, (where, old.name)
