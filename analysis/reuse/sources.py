"""Sources: the outlets and agencies that articles credit, those of the corpus among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from analysis.features import Features
from analysis.reuse.marks import WHOLE_ARTICLE
from analysis.reuse.naming import Known
from analysis.text.outlets import is_agency, listed_name
from analysis.views import article_credits, sentence_spans

NOT_NAMED = "(not named)"
# a notice of who helped does not say which words are theirs
_WHOLE_TEXT = tuple(kind for kind in WHOLE_ARTICLE if kind != "contribution")


class Sources:
    """The names that credits use, as one name an outlet.

    A name is joined to an outlet of the corpus, by `outlets` of corpus.yml or by the ways in which
    that outlet is named; else it is the list's name, else as the text has it.

    Parameters
    ----------
    articles : DataFrame
        Columns outlet and author.
    outlets : mapping
        `outlets` of corpus.yml: name → aliases, kind, …; may be empty.
    """

    def __init__(self, articles: pd.DataFrame, outlets: Mapping[str, Mapping]):
        self.known = Known(articles)
        self._aliases = {
            alias: name for name, about in outlets.items() for alias in about.get("aliases") or ()
        }
        self._kinds = {name: about.get("kind") for name, about in outlets.items()}
        given = articles["outlet"].fillna("").to_numpy(object)
        self.there = set(given) - {""}  # outlets of the corpus
        # of each article, by the one name that credits are given too
        self.outlet = np.where(given == "", "", self.resolve(given)).astype(object)

    def resolve(self, names: Iterable[str]) -> np.ndarray:
        """One name an outlet; "(not named)" for an empty one."""
        names = [self._aliases.get(name, name) for name in names]
        there = dict(zip(distinct := list(dict.fromkeys(names)), self.known.outlets_of(distinct)))
        return np.array(
            [
                name
                if name in self._kinds
                else there[name] or listed_name(name) or name or NOT_NAMED
                for name in names
            ],
            object,
        )

    def agencies(self, sources: Iterable[str]) -> np.ndarray:
        """Whether each is a news agency: as corpus.yml says, else the list, else its name."""
        known = {name: self._is_agency(name) for name in dict.fromkeys(sources)}
        return np.array([known[name] for name in sources], bool)

    def _is_agency(self, source: str) -> bool:
        kind = self._kinds.get(self._aliases.get(source, source))
        return kind == "agency" if kind else is_agency(source)

    def statements(self, features: Features, bounds: np.ndarray) -> pd.DataFrame:
        """What articles say they have from others.

        Parameters
        ----------
        features : Features
            Of the shared form no places of words are known.
        bounds : int array of shape (n_articles + 1,)

        Returns
        -------
        DataFrame
            One row a credit that is not of the article's own outlet nor of a person: article (its
            number), source, agency, n (1; of the shared form how many), first (word of the corpus),
            n_words: of its sentence; of the whole article where a line credits somebody for it; 0
            where it is not known which.
        """
        places = pd.Index(features.article_ids)
        private = features.has("tokens")
        table = features.table("credits") if private else article_credits(features)
        table = table[table["kind"] != "photo"]
        article, kind = places.get_indexer(table["article_id"]), table["kind"].to_numpy(object)
        name = table["name"].to_numpy(object)
        source = self.resolve(name)
        agency = self.agencies(source)
        first, words = np.zeros((2, len(table)), np.int64)
        if private:
            spans = sentence_spans(features)
            of = places.get_indexer(spans["article_id"])
            begin = bounds[of] + spans["position"].to_numpy(np.int64)
            row = np.searchsorted(of, article) + table["sentence"].to_numpy(np.int64)
            told = kind == "outlet"
            first[told] = begin[row[told]]
            words[told] = spans["n_tokens"].to_numpy(np.int64)[row[told]]
        whole = np.isin(kind, _WHOLE_TEXT)
        first[whole], words[whole] = bounds[article[whole]], np.diff(bounds)[article[whole]]
        found = pd.DataFrame(
            {"article": article, "source": source, "agency": agency, "first": first}
        ).assign(n_words=words, n=1 if private else table["count"].to_numpy(np.int64))
        own = (source == self.outlet[article]) | self.known.belongs(article, self.known.keys(name))
        outlet = (kind == "outlet") | agency | self.known.is_outlet(name)
        return found[~own & outlet].reset_index(drop=True)
