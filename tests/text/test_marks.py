"""Marks as they really stand in texts: two kinds of them in one quotation, backticks, doubled
single marks, apostrophes at the beginning of a word.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.extract.units import extract_units
from analysis.io.article import Article
from analysis.text import marks
from analysis.text.quotes import find_quotes


def quotes(text):
    return [text[q.start : q.end] for q in find_quotes(text)]


def inner(text):
    return [text[q.inner_start : q.inner_end] for q in find_quotes(text)]


def rows(text):
    table = extract_units(Article("a", text)).tables["quotes"]
    return list(zip(table["speaker"], table["n_words"], table["direct"]))


@pytest.mark.parametrize(
    "text, expected",
    [
        ('He was late. “The tide turned." Then it rained.', ['“The tide turned."']),
        ('He was late. "The tide turned.” Then it rained.', ['"The tide turned.”']),
        ('Sie kam. „Wir warten auf die Flut." Dann ging sie.', ['„Wir warten auf die Flut."']),
        ("Sie kam. „Wir warten auf die Flut.” Dann ging sie.", ["„Wir warten auf die Flut.”"]),
        ("“The oars are new,“ she said. Rain fell.", ["“The oars are new,“"]),
        ("”Vi ror i dag”, sade hon. Det regnade.", ["”Vi ror i dag”"]),
        ("Hon kallade det ”ett skämt” och gick.", ["”ett skämt”"]),
        ("»Vi ror i dag», sade hon. Det regnade.", ["»Vi ror i dag»"]),
        ('“The oars,” she said, "are new.” Rain fell.', ["“The oars,”", '"are new.”']),
        ('“A 6" plank broke,” she said. Rain fell.', ['“A 6" plank broke,”']),
        ('“He shouted "row" at us,” she said.', ['“He shouted "row" at us,”']),
        ('"She said “row” to us," he said. Rain.', ['"She said “row” to us,"']),
        ('He called it "a “leak” of oil" twice.', ['"a “leak” of oil"']),
        ("She wrote ‟we row at dawn” and left.", ["‟we row at dawn”"]),
        ("＂We row at dawn,＂ she said.", ["＂We row at dawn,＂"]),
        ("市长说：「我们付钱。」然后他走了。", ["「我们付钱。」"]),
        ("市長は『払わない』と言った。", ["『払わない』"]),
        ("قال ”سندفع الثمن“ وغادر.", ["”سندفع الثمن“"]),
        ("No marks here. A 6’ 2” rower came.", []),
    ],
)
def test_two_kinds_of_marks_in_one_quotation(text, expected):
    assert quotes(text) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Orr was calm. ``We row at dawn,'' she said.", ["We row at dawn,"]),
        ('Orr was calm. ``We row at dawn," she said.', ["We row at dawn,"]),
        ("Orr was calm. ``We row at dawn,” she said.", ["We row at dawn,"]),
        ("Orr was calm. ''We row at dawn,'' she said.", ["We row at dawn,"]),
        ("Orr was calm. ‘‘We row at dawn,’’ she said.", ["We row at dawn,"]),
        ("Orr was calm. `We row at dawn,' she said.", ["We row at dawn,"]),
        ("Orr was calm. `We row at dawn,´ she said.", ["We row at dawn,"]),
        ("Orr war ruhig. ,,Wir rudern“, sagte sie.", ["Wir rudern"]),
        ("Orr war ruhig. ,,Wir rudern'', sagte sie.", ["Wir rudern"]),
        ("She said ``row'' and ``rest'' twice.", ["row", "rest"]),
        ("She said, ``We row.\n\n``We rest.'' Rain fell.", ["We row.\n\n``We rest."]),
        ("She typed a ` and left. The crew rowed.", []),
        ("The deal isn`t done, and isn´t good.", []),
    ],
)
def test_backticks_and_doubled_single_marks(text, expected):
    assert inner(text) == expected


def test_marks_of_two_characters_belong_to_their_quotation():
    text = "Orr was calm. ``We row at dawn,'' she said. Nobody cheered."
    assert quotes(text) == ["``We row at dawn,''"]
    assert rows("Ada Orr was calm. ``We row at dawn,'' she said.") == [("Ada Orr", 4, True)]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("He lives in 's-Gravenzande. Orr called the pier 'a wreck'.", ["'a wreck'"]),
        ("He lives in ’s-Gravenzande. Orr called it ‘a wreck’.", ["‘a wreck’"]),
        ("He lives in ‘s-Gravenzande. Orr called it ‘a wreck’.", ["‘a wreck’"]),
        ("Café 't Anker is shut. The rowers' pay is late.", []),
        ("Dit is 'n boot. Die roeiers' pay is late, said Orr.", []),
        ("Dat is 't probleem, zei ze. 'We roeien niet,' zei Orr.", ["'We roeien niet,'"]),
        ("In the '90s and '80s the clubs' boats won.", []),
        ("The class of '08 rowed. The clubs' boats won, and ours'.", []),
        ("Get 'em out, 'cause the dogs' owners are here.", []),
        ("Rock ’n’ roll, rock 'n' roll and drum ‘n’ bass.", []),
        ("Members of the 'ndrangheta paid. Orr called it 'a bribe'.", ["'a bribe'"]),
        ("He met 'Abd al-Orr. The sailors' union called him 'a friend'.", ["'a friend'"]),
        ("'Cause we were late,' she said.", ["'Cause we were late,'"]),
        ("'Twas the night of the rowers' ball.", []),
        ("'45 people drowned,' he said.", ["'45 people drowned,'"]),
        ("The letter 's' is silent.", ["'s'"]),
        ("She said 'no' and 'never' to 'a sale'.", ["'no'", "'never'", "'a sale'"]),
        ("It 's late, and they do n't row. The clubs ' boats won.", []),
        ("'It's the rowers' boat,' she said.", ["'It's the rowers' boat,'"]),
    ],
)
def test_an_apostrophe_at_the_beginning_of_a_word_opens_nothing(text, expected):
    assert quotes(text) == expected


@given(st.text(st.sampled_from(" \n.,aB1\"'`´“”‘’„«»「」‟＂"), max_size=60))
def test_quotations_of_any_marks_lie_in_the_text_in_order(text):
    found = find_quotes(text)
    assert all(0 <= q.start <= q.inner_start <= q.inner_end <= q.end <= len(text) for q in found)
    assert all(a.end <= b.start for a, b in zip(found, found[1:]))


def test_an_attribution_within_ends_a_quotation_that_lacks_its_closing_mark():
    said = "“Should we close it? he asked the hall.\n\n“Yes,” said Orr, the pilot.\n\nHe left."
    assert quotes(said) == ["“Should we close it?", "“Yes,”"]
    goes_on = "“I met her, he said no.\n\n“Then I left.”"  # it closes as one that goes on does
    assert quotes(goes_on) == [goes_on]


@given(st.text("s'’ x.", min_size=3), st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9))))
@pytest.mark.parametrize("pattern", [marks._LATER_CLOSE["'"], marks._SINGLE_OPEN["'"]])
def test_what_is_found_behind_one_mark_after_another_is_what_a_search_finds(pattern, text, steps):
    later, place = marks._Later(text), 0
    for step, reach in steps:
        place = min(place + step % 4, len(text))
        end = min(place + reach, len(text))
        found = later.search(pattern, place, end)
        assert str(found) == str(pattern.search(text, place, end))
