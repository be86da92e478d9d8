"""The compiled tokeniser against the plain one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.text.scan import Scanned, scan
from analysis.text.tokens import tokenise

PIECES = st.one_of(
    st.characters(exclude_categories=["Cs"]),
    st.sampled_from("aB1.,'’ʼ-_ \n\u0301\u00ad\u200dßﬁ½漢カ์ไทé"),
)


def same(text):
    tokens = tokenise(text)
    start, end, hashes = scan(text)
    assert np.array_equal(start, tokens.start) and np.array_equal(end, tokens.end)
    assert np.array_equal(hashes, tokens.hashes)


@given(st.text(PIECES, max_size=60))
def test_it_gives_the_same_tokens_on_arbitrary_text(text):
    same(text)


@pytest.mark.parametrize("template", ["{}", "a{}b", "a.b{}", "1.5{}", "a'{}", "漢{}", "{}.5"])
def test_it_gives_the_same_tokens_beside_every_character(template):
    same("\n".join(template.format(chr(c)) for c in range(0x3400) if not 0xD800 <= c < 0xE000))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The U.S. can’t pay $1,500.50, e.g. in A.D.1 or a.b.cd or 1.5a or 1,2,3.",
        "STRASSE Straße ﬁne ½ ² Ⅷ Cafe\u0301 İstanbul Ω Ω",
        "港口部长 says ไทย ok カタカナ ー 한국어 \u1112\u1161\u11ab",
        "ʼ",
        "ʼa bʼ cʼd eʼʼf a.bʼ 1.5ʼ 漢ʼ ʼa.b",
        "'tis ’twas rock'n'roll workers' l’été d''x",
        "a\u00adb\u200dc \u00ad x\u0301\u0302y",
        "\ud800 a",
    ],
)
def test_it_gives_the_same_tokens_on_hard_cases(text):
    same(text)


@given(st.lists(st.lists(st.text(PIECES, max_size=20), max_size=4), max_size=4), st.integers(0, 50))
def test_many_texts_at_once_give_the_same_whatever_the_batches(batches, room):
    scanned = Scanned(room)
    for texts in batches:
        data = [text.encode() for text in texts]
        counts = scanned.add(
            np.frombuffer(b"".join(data), np.uint8),
            np.r_[0, np.cumsum([len(d) for d in data])].astype(np.int64),
        )
        assert counts.tolist() == [len(scan(text)[0]) for text in texts]
    start, end, hashes, sizes = scanned.words()
    each = [scan(text) for texts in batches for text in texts]
    assert sizes.tolist() == [len(one[0]) for one in each]
    for got, k in ((start, 0), (end, 1), (hashes, 2)):
        assert got.tolist() == [value for one in each for value in one[k].tolist()]
