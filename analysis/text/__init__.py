"""Units of a text, all with offsets in characters: lines joined to blocks, tokens, quotations, sentences."""

from .quotes import Quote, find_quotes
from .sentences import find_blocks, find_sentences
from .tokens import Tokens, normalise, tokenise, words_of

__all__ = ["Quote", "Tokens", "find_blocks", "find_quotes", "find_sentences", "normalise", "tokenise", "words_of"]
