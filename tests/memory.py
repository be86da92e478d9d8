"""Features of texts given in a test."""

from analysis.codebook import Codebook, Entry
from analysis.extract.memory import extract_articles
from analysis.features import from_tables
from analysis.io.article import Article


def features_of(
    texts, *, frames=None, dictionaries=None, language="en", encoder=None, outlets=None, parse="all"
):
    """Private features; `texts` maps ids to texts, `frames` names to words, `dictionaries` names to
    weights.
    """
    entries = [
        Entry("frame", name, dict.fromkeys(words, 1.0)) for name, words in (frames or {}).items()
    ]
    entries += [
        Entry("dictionary", name, weights, "en") for name, weights in (dictionaries or {}).items()
    ]
    articles = [
        Article(a, text, language, {"outlet": (outlets or {}).get(a, "")})
        for a, text in texts.items()
    ]
    codebook = Codebook(entries=tuple(entries))
    return extract_articles(articles, codebook=codebook, encoder=encoder, parse=parse)


def unparsed(texts, **options):
    """`features_of` for what asks for words, quotation marks and credits alone: sooner there."""
    return features_of(texts, **options, parse="none")


def with_column(features, name, values):
    """The same features with a column of the user's own in `articles`."""
    tables = {table: features.table(table) for table in features.manifest["tables"]}
    tables["articles"][name] = values
    return from_tables(
        tables,
        form=features.form,
        entries=features.manifest["entries"],
        codebook=features.manifest["codebook"],
    )
