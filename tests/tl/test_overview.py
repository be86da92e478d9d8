"""Overview: words and quotations are counted as they stand in the texts."""

from analysis import pl, tl
from tests.memory import features_of


def test_words_and_quotations_are_counted():
    texts = {"a": "“It is all fine by me,” said Ada Orr. It was a day.", "b": "Nobody spoke."}
    result = tl.overview(features_of(texts))
    assert result.table["n_words"].tolist() == [13, 2]
    assert result.table["n_quotations"].tolist() == [1, 0]
    assert result.table["quoted_words"].tolist() == [6, 0]
    assert result.table["quoted_share"].tolist() == [6 / 13, 0]
    assert result.finding.startswith("2 articles of 2 to 13 words;")


def test_its_figure_draws_what_its_table_says():
    result = tl.overview(features_of({"a": "“It is all fine by me,” said Ada Orr. It was a day."}))
    (ax,) = pl.overview(result).axes
    assert sorted(bar.get_width() for bar in ax.patches) == [6, 7]


def test_what_was_masked_is_counted_by_outlet_and_reason_and_said():
    texts = {
        "a": "It is a day.\n\nAdvertisement\n\nFoto: Ada Orr",
        "b": "It was a day.<br>Nobody came.",
        "c": "It is day.",
    }
    result = tl.overview(
        features_of(texts, outlets={"a": "Lantern", "b": "Herald", "c": "Lantern"})
    )
    assert result.table["n_words"].tolist() == [4, 6, 3]
    masked = result.masked.set_index(["outlet", "reason"])
    assert masked["n_words"].to_dict() == {
        ("Herald", "html"): 0,
        ("Lantern", "box"): 1,
        ("Lantern", "caption"): 3,
    }
    assert masked.loc[("Lantern", "caption"), "share"] == 3 / 11
    assert masked["n_articles"].tolist() == [1, 1, 1]
    assert result.table["masked_words"].tolist() == [4, 0, 0]
    (ax,) = pl.overview(result).axes
    assert sum(bar.get_hatch() is not None for bar in ax.patches) == 3
    note = result.notes[0]
    assert note.startswith("4 of 17 words are masked (caption 3, box 1)")
    assert note.endswith("Most in Lantern: 36%.")


def test_where_nothing_was_masked_nothing_is_said():
    result = tl.overview(features_of({"a": "It is a day."}))
    assert result.masked.empty and "masked" not in " ".join(result.notes)
