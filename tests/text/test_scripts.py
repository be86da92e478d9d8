"""Sentences in scripts that have no capitals, or marks of their own."""

import pytest

from analysis.text.sentences import find_sentences


def sentences(text):
    return [text[s:e] for s, e, _ in find_sentences(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["القارب في الميناء.", "هل غرق القارب؟", "لا أحد يعرف!", "عاد البحارة مساء."],
        ["قال د. سامر إن القارب غرق.", "عاد البحارة."],
        ["کشتی بندرگاہ میں ہے۔", "کیا وہ ڈوب گئی؟", "کوئی نہیں جانتا۔"],
        ["הסירה בנמל.", "האם היא טבעה?", "איש אינו יודע!"],
        ["नाव बंदरगाह में है।", "क्या वह डूब गई?", "कोई नहीं जानता।"],
        ["डॉ. राम बंदरगाह गए।", "नाव डूब गई।"],
        ["নৌকা বন্দরে আছে।", "কেউ জানে না।"],
        ["배가 항구에 있다.", "배가 가라앉았나?", "아무도 모른다."],
        ["Лодка в порту.", "Она утонула?", "Никто не знает."],
        ["Η βάρκα είναι στο λιμάνι.", "Βυθίστηκε;", "Κανείς δεν ξέρει."],
        ["ნავი პორტშია.", "არავინ იცის."],
        ["Նավակը նավահանգստում է։", "Ոչ ոք չգիտի։"],
        ["ጀልባው ወደብ ላይ ነው።", "ማንም አያውቅም።"],
        ["လှေသည် ဆိပ်ကမ်းတွင် ရှိသည်။", "ဘယ်သူမှ မသိပါ။"],
    ],
)
def test_sentences_with_white_space_between(expected):
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["船在港口。", "船沉了吗？", "没有人知道！", "水手们回家了。"],
        ["市长说：“我们付钱。我们不怕。”", "然后他走了。"],
        ["他很累（昨天没有睡。）。", "船沉了。"],
        ["价格涨了３．５倍。", "没有人知道。"],
        ["什么？！", "船沉了……没有人知道。"],
        ["船が港にある。", "船は沈んだのか？", "誰も知らない。"],
        ["市長は「払わない。絶対に。」と言った。", "船は沈んだ。"],
        ["船在港口.", "没有人知道!", "船沉了吗?", "水手们回家了."],
        ["नाव बंदरगाह में है।", "कोई नहीं जानता।", "बारिश हुई।"],
        ["القارب في الميناء.", "غرق القارب."],
    ],
)
def test_sentences_with_nothing_between(expected):
    assert sentences("".join(expected)) == expected


def test_a_blank_is_no_end_where_there_are_no_marks():
    assert len(sentences("เรืออยู่ในท่าเรือ ไม่มีใครรู้ ฝนตก\nลูกเรือกลับบ้าน")) == 2


@pytest.mark.parametrize(
    "text",
    [
        "他付了1.5亿元和12.5%的税。",
        "参见www.example.cn的报道。",
        "دفع أ. ب. منصور ١٫٥ مليون و 3.5 مليون.",
        "ए. बी. राव ने 3.5 करोड़ दिए।",
    ],
)
def test_points_that_end_no_sentence(text):
    assert sentences(text) == [text]
