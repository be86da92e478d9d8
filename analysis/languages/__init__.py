"""Languages: what a parser and lists of words say of a text; who speaks, who is called what."""
