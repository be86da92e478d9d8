"""Formats of files: articles, dictionaries, sheets of codes; one file a format."""
