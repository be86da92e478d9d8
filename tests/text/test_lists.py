"""Lists, and questions and answers of one word."""

import pytest

from analysis.text.sentences import find_sentences


def sentences(text):
    return [text[s:e] for s, e, _ in find_sentences(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["What we know:", "1. The ferry sank.", "2. The crew is safe. ", "3. Nobody pays."],
        ["What we know:", "1) The ferry sank", "2) The crew is safe"],
        ["What we know:", "(1) The ferry sank.", "(2) The crew is safe."],
        ["What we know:", "a. The ferry sank.", "b. The crew is safe."],
        ["What we know:", "A) The ferry sank.", "B) The crew is safe."],
        ["What we know:", "i. The ferry sank.", "ii. The crew is safe.", "iii. Nobody pays."],
        ["What we know:", "10. The ferry sank.", "11. The crew is safe."],
        ["What we know:", "• The ferry sank", "• The crew is safe", "• Nobody pays"],
        ["What we know:", "– The ferry sank", "– The crew is safe"],
        ["What we know:", "◦ The ferry sank", "◦ The crew is safe"],
        ["What we know:", "* the ferry sank", "* the crew is safe"],
        ["1. The ferry sank.", "It was old.", "2. The crew is safe."],
    ],
)
def test_an_item_is_a_sentence(expected):
    assert sentences("\n".join(expected)) == [item.strip() for item in expected]


@pytest.mark.parametrize(
    "expected",
    [
        ["There are two reasons: 1. The ferry was old.", "2. The crew was tired."],
        ["It sank.", "1. The ferry was old.", "2. The crew was tired.", "3. Rain fell."],
    ],
)
def test_numbers_within_a_paragraph_open_their_item(expected):
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    "expected",
    [
        ["Did it sink?", "No.", "The ferry is safe."],
        ["Did it sink?", "Yes.", "Nobody was hurt."],
        ["Who pays?", "Nobody.", "Why?", "Money.", "When?", "Never."],
        ["Hurt?", "No.", "Tired?", "Yes."],
        ["Was it the crew?", "No.", "It was the pilot."],
        ["Did they ask?", "No.", "Orr did not ask."],
        ["Will she stay?", "No!", "Will he?", "Yes…", "Perhaps."],
        ["How many came?", "12.", "And before?", "Nine."],
        ["“Did it sink?”", "“No.”", "“The ferry is safe.”"],
        ["The answer is no.", "The ferry sails."],
    ],
)
def test_a_word_may_be_a_sentence(expected):
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The No. 4 crane fell.",
        "She lives at No. 10 Dell Street.",
        "It was the No. One hit of the year.",
        "Pier No. VII is shut.",
        "Nos. 3 to 5 are shut.",
        "J. R. Orr rowed home.",
        "It grew by 3.5 metres.",
    ],
)
def test_a_point_of_a_number_or_initial_ends_nothing(text):
    assert sentences(text) == [text]
