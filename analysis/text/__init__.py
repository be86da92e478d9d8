"""Units of a text, all with offsets in characters: lines joined to blocks, tokens, quotations,
sentences, credits.
"""

from analysis.text.credits import Credit, find_credits
from analysis.text.outlets import listed_name
from analysis.text.quotes import Quote, find_quotes
from analysis.text.sentences import find_blocks, find_sentences
from analysis.text.tokens import Tokens, normalise, tokenise, words_of

__all__ = [
    "Credit",
    "Quote",
    "Tokens",
    "find_blocks",
    "find_credits",
    "find_quotes",
    "find_sentences",
    "listed_name",
    "normalise",
    "tokenise",
    "words_of",
]
