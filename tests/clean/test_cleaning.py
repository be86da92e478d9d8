"""Cleaning: what is mended and masked, and what looks like it and stays."""

import pytest

from analysis.clean import REASONS, clean
from analysis.clean.boxes import joined
from analysis.clean.edits import Edit
from analysis.errors import OptionError


def masked(text, **options):
    """The stretches that are read as nothing or otherwise, with their reasons."""
    return [(text[e.start : e.end], e.reason) for e in clean(text, **options).edits]


@pytest.mark.parametrize(
    "text, read",
    [
        ("The crew\u200b left.\u200b It rained.", "The crew left. It rained."),
        ("Ada Mor\xadgan\u2060 left.\ufeff", "Ada Morgan left."),
        ("\u202aAda\u202c left\u200e.", "Ada left."),
    ],
)
def test_characters_without_a_face_are_not_read(text, read):
    assert clean(text).text == read


@pytest.mark.parametrize(
    "text", ["می\u200cخواهم", "क्\u200dष", "👩\u200d👩\u200d👧", "ภาษา\u200bไทย", "a\xa0b"]
)
def test_joiners_stay_where_a_script_or_an_emoji_needs_them(text):
    assert clean(text).edits == ()


@pytest.mark.parametrize(
    "text, read",
    [
        ("It sank.<br/>Nobody swam.<BR>It rained.", "It sank.\nNobody swam.\nIt rained."),
        (
            '<p class="x">It <a href="?a=1&amp;b=2">sank</a>.</p><script>if (a < b) {}</script>',
            "\nIt sank.\n ",
        ),
        ("Orr &amp; Storr&#39;s &quot;yes&quot;", 'Orr & Storr\'s "yes"'),
        ("left.&nbsp;It&#8217;s &amp;amp;amp;lt; &amp;nbsp;", "left.\xa0It’s < \xa0"),
        ("One [gallery ids=12] two [/caption]", "One  two "),
        ("<!-- ad -->It sank.", " It sank."),
    ],
)
def test_html_is_read_as_what_it_shows(text, read):
    assert clean(text).text == read


@pytest.mark.parametrize(
    "text",
    [
        "if a < b and c > d",
        "a <b and c> d",
        "I <3 it & you; AT&T; R&D",
        "<crowd cheers> they said",
        "write to <ada@lantern.example>",
        "[sic] and [the mayor]",
    ],
)
def test_what_only_looks_like_html_stays(text):
    assert clean(text).edits == ()


WRAPPED = (
    "The quay was closed on Monday after a storm that nobody had foreseen\n"
    "tore the roof from the fish hall. Mayor Ada Morgan said the town had\n"
    "no money for a new one. The fishers, who pay a fee for every crate,\n"
    "want it back.\n\n"
    "A vote is due in June, when the board of the port meets for the last\n"
    "time this year.\n"
)


def test_lines_that_were_cut_at_a_width_are_joined_and_paragraphs_stay():
    read = clean(WRAPPED).text
    assert read.count("\n") == 3 and "foreseen tore" in read and "back.\n\nA vote" in read
    assert clean(WRAPPED.replace("\n", "\r\n")).text.replace("\r\n", "\n") == read


def test_a_line_that_ends_a_paragraph_in_a_text_without_blank_lines_ends_it():
    read = clean(WRAPPED.replace("\n\n", "\n")).text
    assert "want it back.\nA vote" in read and "foreseen tore" in read


@pytest.mark.parametrize(
    "text",
    [
        "One paragraph is here.\nAnother is much longer than the first of them all.\nShort.\nEnd.",
        "Roses are red\nViolets are blue\nSugar is sweet\nAnd so are you",
        "Line one of a list\n- one\n- two\n- three\n",
    ],
)
def test_lines_of_a_text_that_was_not_cut_stay(text):
    assert clean(text).edits == ()


def test_words_cut_at_line_ends_are_joined():
    text = "The har-\nbour of Vel-\nbrik, a well-\nknown port, and short-\nand long-term plans."
    assert clean(text).text == (
        "The harbour of Velbrik, a well-known port, and short-\nand long-term plans."
    )
    assert clean("Die Haupt- und Nebenstraßen. Der Bür-\ngermeister kam.", language="de").text == (
        "Die Haupt- und Nebenstraßen. Der Bürgermeister kam."
    )


@pytest.mark.parametrize(
    "text, read",
    [
        ("It fell into the water.Nobody swam.", "It fell into the water. Nobody swam."),
        ("It sank, she said.“We swam.”The end.", "It sank, she said. “We swam.” The end."),
        ('It sank, she said."We swam."The end.', 'It sank, she said. "We swam." The end.'),
        (
            'She said "it sank."We swam.\nIt sank, she said."We swam."The end."We sank."',
            'She said "it sank." We swam.\nIt sank, she said. "We swam." The end. "We sank."',
        ),
        ("the board,which met,and left", "the board, which met, and left"),
    ],
)
def test_lost_spaces_are_put_back(text, read):
    assert clean(text).text == read


@pytest.mark.parametrize(
    "text",
    [
        "the U.S.A. and A.P. Moller",
        "3.5 or 1,000 or 10:30",
        "www.Lantern.example/A.Page and Lantern.com",
        "report.Final.docx by ada.Orr@lantern.example",
        "runs on ASP.Net",
        "“It sank,” she said. ‘Why?’",
        'She said, "It sank." Then "No," he said.',
    ],
)
def test_where_no_space_was_lost_none_is_put(text):
    assert clean(text).edits == ()


@pytest.mark.parametrize(
    "line, reason",
    [
        ("Enlarge this image toggle caption Ada Orr/AP Ada Orr/AP", "caption"),
        ("Enlarge this image Ada Orr/AP Ada Orr/AP", "caption"),
        ("Hide caption The quay. Previous Next Ada Orr /AFP/Getty Images", "caption"),
        ("Hide caption “It sank,” he says. Previous Next Ada Orr/NPR 1 of 8 i View", "caption"),
        ("Hide Caption 3 of 9", "caption"),
        ("The quay on Monday. (AP Photo/Ada Orr)", "caption"),
        ("The mayor on the quay. (Photo: Ada Orr, Getty Images)", "caption"),
        ("Photograph: Ada Orr/Getty Images", "caption"),
        ("Image The mayor on the quay. Credit Ada Orr/The Lantern", "caption"),
        ("Foto: Ada Orr", "caption"),
        ("( VIDEO: The storm in one minute)", "video"),
        ("Sign up for our daily newsletter", "box"),
        ("Get the day's news delivered to your inbox.", "box"),
        ("Follow Ada Orr on Twitter @adaorr", "box"),
        ("Share this article Facebook Twitter", "box"),
        ("Read more: Storm closes the quay", "box"),
        ("Storm closes the quay for a week Read more", "box"),
        ("Read more from The Lantern.", "box"),
        ("Advertisement", "box"),
        ("Melden Sie sich für unseren Newsletter an", "box"),
        ("Lees ook: Storm sluit de kade", "box"),
        ("Lire aussi : La tempête ferme le quai", "box"),
        ("© 2017 The Lantern. All rights reserved.", "copyright"),
        ("Copyright 2017 The Lantern", "copyright"),
        ("This material may not be published, broadcast or rewritten.", "copyright"),
    ],
)
def test_what_stands_beside_an_article_is_masked(line, reason):
    text = f"The quay was closed.\n\n{line}\n\nNobody was hurt."
    assert masked(text) == [(line, reason)]


@pytest.mark.parametrize(
    "line",
    [
        "The Copyright Act of 1976 was amended in 1998, and again in 2004.",
        "The photos were reproduced without permission, the court ruled.",
        "(c) the tax of 5 May 2013 is repealed.",
        "She asked readers to share this story with the mayor.",
        "Subscribers in the town get the paper in the morning.",
        "“Follow me on Twitter or sign up for my newsletter today,” the mayor said.",
        "Most of the comments were about the quay.",
        "Related charges were dropped in June.",
        "The views expressed by the mayor drew criticism.",
        "More than 300 people watched the video, the police said.",
        "CREDIT: the bank wants it back.",
        "MAYOR: Read more, and talk less.",
        "Read more books, the mayor told the children on Monday.",
        "The site let readers hide captions, and 3 of 9 did.",
        "Photos: the police took 30 of them, and hide the caption of each.",
        "The Associated Press contributed to this report.",
        "Getty Images sued the port for the photo.",
    ],
)
def test_sentences_of_an_article_that_speak_of_such_things_stay(line):
    assert masked(f"The quay was closed.\n\n{line}\n\nNobody was hurt.") == []


def test_a_list_of_links_ends_where_the_article_goes_on():
    text = (
        "It sank.\n\nREAD MORE:\n\nStorm closes the quay\n\nWhy did it sink?\n\n"
        "The mayor wants a new one, she said on Monday.\n\nShort line"
    )
    assert [stretch for stretch, _ in masked(text)] == [
        "READ MORE:",
        "Storm closes the quay",
        "Why did it sink?",
    ]


def test_a_gallery_is_masked_and_the_paragraphs_around_it_stay():
    gallery = (
        "Photos: The storm Photos: The storm The quay on Monday. Hide Caption 1 of 2 Photos: The"
        " storm The hall. Hide Caption 2 of 2"
    )
    assert masked(f"It sank.\n\n{gallery}\n\nNobody was hurt.") == [(gallery, "caption")]


@pytest.mark.parametrize(
    "gallery",
    [
        "Photos: The storm The quay. Hide Caption 1 of 2 Photos: The storm “It sank,” she said."
        " Hide Caption 2 of 2",
        "Photos: Photos: The storm – The quay. Hide Caption 1 of 2 Photos: Hide Caption 2 of 2",
        "Hide Caption 3 of 5 Photos: Photos: The storm – The quay. Hide Caption 4 of 5",
    ],
)
def test_a_gallery_whose_name_is_not_said_twice_is_masked_and_no_word_behind_it(gallery):
    text = f"It sank.\n\n{gallery} Nobody was hurt. Photos: none were taken."
    kept = "".join(text.split(gallery))
    assert " ".join(clean(text).text.split()) == " ".join(kept.split())


def test_a_text_that_is_all_furniture_keeps_its_words():
    assert clean("Sign up for our newsletter").edits == ()


def test_what_is_cleaned_can_be_chosen():
    text = "It\u200b sank.<br>\nAdvertisement"
    assert masked(text, reasons=["html"]) == [("<br>", "html")]
    assert masked(text, reasons=[]) == []
    assert len(REASONS) == 10
    with pytest.raises(
        OptionError, match="clean must be among invisible, html.* \\(got adverts\\)"
    ):
        clean(text, reasons=["adverts"])


@pytest.mark.parametrize("length, is_masked", [(700, True), (701, False)])
def test_a_line_of_more_than_700_characters_is_the_articles(length, is_masked):
    line = f"{'x' * 100} please verify you're not a robot ".ljust(length, "x")
    assert bool(masked(f"It sank.\n\n{line}\n\nNobody was hurt.")) is is_masked


def test_stretches_that_overlap_are_one_and_those_that_touch_two():
    spans = [(0, 5), (3, 8), (4, 6), (8, 9)]
    found = joined([Edit(start, end, "", "box") for start, end in spans])
    assert [(edit.start, edit.end) for edit in found] == [(0, 8), (8, 9)]
