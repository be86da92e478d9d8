"""Words that turn what follows within so many words (English)."""

from __future__ import annotations

from analysis.text.lists import english_words

NEGATORS = english_words("negators")  # beside all that end in "n't"
NEGATION_REACH = 3
