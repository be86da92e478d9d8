"""Claims of a story: who tells them and who omits them, against gold where there is some: one JSON
line.

    python -m benchmarks.story --corpus FOLDER [--claims claims.csv] --out cells.parquet [--fit]

FOLDER is a corpus folder with texts of one story. claims.csv has the column `claim`, its wording,
then one for each article of the story with 1 (it tells the claim), 0 or nothing; it is scored where
it has both. cells.parquet has the columns claim, article_id, p, answer, sentence (from 0), start,
end, voice and rate. Without claims.csv, what `tl.claims` finds is judged, and claims.parquet,
beside cells.parquet, has claim, wording, article_id, sentence, start, end, coherence and p of each
of its sentences. Where FOLDER has `gold/claims.csv`, as harbour does, all is scored against it: by
the shipped formula, which was fitted there; by one fitted on the other claims ("cross_validated");
with wordings that avoid the articles' words (`story_claims.csv`); with claims of other stories;
with the telling sentences struck out. --fit counts how often answers are wrong and writes it into
`analysis/data/claim_rates.csv`, which `tl.story` reads, for the model of --encoder.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, f1_score, roc_auc_score

from analysis import tl
from analysis.corpus import Corpus, load
from analysis.extract.memory import extract_articles
from analysis.features import Features
from analysis.models.encoder import Encoder, load_encoder
from analysis.tl._claim_rates import RATED, RATES, count_rates
from analysis.tl._story_units import StoryUnits, story_units
from analysis.tl._told import GATE, LIKENESS, GivenClaim, answers, given_cells

CELLS = "claim article_id p answer sentence start end voice rate".split()
FOUND = "claim wording article_id sentence start end coherence p".split()
WORDINGS = Path(__file__).parent / "story_claims.csv"
PENALTY = 10.0  # inverse strength, of the logistic regression: that of the shipped formula


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.story", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--corpus", type=Path, required=True, help="corpus folder with texts")
    parser.add_argument("--claims", type=Path, help="claim, then a column for each article")
    parser.add_argument("--out", type=Path, help="cells.parquet")
    parser.add_argument("--fit", action="store_true", help="write how often answers are wrong")
    parser.add_argument("--encoder", type=Path, help="folder of another embedding model")
    options = parser.parse_args(arguments)
    corpus, encoder = load(options.corpus), load_encoder(options.encoder)
    features = extract_articles(
        corpus.articles(), codebook=corpus.codebook, encoder=encoder, name=corpus.name
    )
    result: dict = {"corpus": corpus.name, "articles": len(features.article_ids)}
    if options.claims is not None:
        told = read_claims(options.claims, features.article_ids)
        cells, more = of_given(features, told, encoder)
        result |= more
    else:
        cells, listed, more = of_found(corpus, features, encoder)
        result |= more
        if options.out is not None:
            listed.to_parquet(options.out.parent / "claims.parquet", index=False)
    if options.out is not None:
        cells.to_parquet(options.out, index=False)
    if (options.corpus / "gold" / "claims_articles.csv").is_file() and options.claims is None:
        gold = Gold.read(options.corpus / "gold", features.article_ids)
        scored, counted = against(gold, features, encoder)
        result |= scored
        if options.fit:
            save_rates(counted, encoder, f"corpus/{corpus.name}")
    elif options.fit:
        parser.error("--fit needs a corpus with gold/claims_articles.csv, and no --claims.")
    print(json.dumps(result))


def read_claims(path: Path, article_ids: list[str]) -> pd.DataFrame:
    """Who tells which claim: a row a claim, a column an article; NaN where it is not known."""
    table = pd.read_csv(path)
    columns = [column for column in table if column in article_ids]
    if "claim" not in table or not columns:
        raise SystemExit(
            f"{path}: needed are the column `claim` and one for each article of the story by its"
            f" article_id ({', '.join(article_ids[:5])} ...); there are {', '.join(table)}."
        )
    if table["claim"].duplicated().any() or table["claim"].isna().any():
        raise SystemExit(f"{path}: each row needs a claim, and none may be there twice.")
    return table.set_index("claim")[columns].apply(pd.to_numeric, errors="coerce")


def of_given(features: Features, told: pd.DataFrame, encoder: Encoder) -> tuple[pd.DataFrame, dict]:
    """Cells of claims in words, and their scores where it is known who tells them."""
    some = features.only(told.columns)
    wordings = {str(claim): str(claim) for claim in told.index}
    result = tl.story(some, claims=wordings, by="article_id", within=None, encoder=encoder)
    cells = result.table
    known = told.stack().rename("told")
    known.index.names = ["claim", "article_id"]
    scored = cells.merge(known.reset_index(), on=["claim", "article_id"])
    more = {"claims": len(told), "answers": counts(cells)}
    if scored["told"].nunique() == 2:
        more["scores"] = scores(scored)
    return cells[CELLS], more


def of_found(
    corpus: Corpus, features: Features, encoder: Encoder
) -> tuple[pd.DataFrame, pd.DataFrame, dict]:
    """Cells of claims that are found, all their sentences, and counts."""
    found = tl.claims(features, within=None)
    result = tl.story(features, claims=found, by="article_id", within=None, encoder=encoder)
    texts = {article.article_id: article.text for article in corpus.articles()}
    about = found.table.set_index("claim")
    wording = {
        row.Index: texts[row.article_id][int(row.start) : int(row.end)]
        for row in about.itertuples()
    }
    listed = found.sentences
    listed = listed.assign(wording=listed["claim"].map(wording))
    listed = listed.assign(coherence=listed["claim"].map(about["coherence"]))
    more = {"claims_found": len(about), "answers": counts(result.table)}
    return result.table[CELLS], listed[FOUND], more


def counts(cells: pd.DataFrame) -> dict[str, int]:
    return {name: int(n) for name, n in cells["answer"].value_counts().items()}


def scores(cells: pd.DataFrame) -> dict:
    """How well p and answers say who tells what; cells that are not judged count for p alone."""
    told = cells["told"].to_numpy(float) > 0
    p, answer = cells["p"].fillna(0).to_numpy(float), cells["answer"].to_numpy(str)
    judged = answer != "not judged"
    called = judged & (answer == "omits")
    right = p[judged] >= 0.5
    result = {
        "n": len(cells),
        "n_told": int(told.sum()),
        "auc": roc_auc_score(told, p),
        "f1": f1_score(told[judged], right) if judged.any() else None,
        "balanced": balanced_accuracy_score(told[judged], right) if judged.any() else None,
        "n_omits": int(called.sum()),
        "omits_wrong": told[called].mean() if called.any() else None,
        "omissions_covered": (called & ~told).sum() / max((~told).sum(), 1),
        "not_judged": int((~judged).sum()),
    }
    for name in ("omits", "tells"):
        of = answer == name
        if of.any():
            result[f"{name}_wrong"] = (told[of] == (name == "omits")).mean()
        if of.any() and "rate" in cells:
            result[f"{name}_said_wrong"] = cells["rate"].astype(float)[of].mean()
    return rounded(result)


def rounded(result: dict) -> dict:
    known = {k: None if isinstance(v, float) and np.isnan(v) else v for k, v in result.items()}
    return {k: round(float(v), 4) if isinstance(v, float) else v for k, v in known.items()}


@dataclass(frozen=True)
class Gold:
    """Who tells which claim of a story, where, and in whose voice.

    Attributes
    ----------
    claims : dict of str to str
        Name → wording.
    spans : DataFrame
        claim_id, article_id, status, start and end.
    article_ids : list of str
    """

    claims: dict[str, str]
    spans: pd.DataFrame
    article_ids: list[str]

    @classmethod
    def read(cls, folder: Path, article_ids: list[str]) -> Gold:
        """The gold of a corpus folder."""
        claims = pd.read_csv(folder / "claims.csv").set_index("claim_id")["claim"].to_dict()
        return cls(claims, pd.read_csv(folder / "claims_articles.csv"), article_ids)

    def told(self, cells: pd.DataFrame) -> np.ndarray:
        """Whether the article of each cell tells its claim."""
        known = set(zip(self.spans["claim_id"], self.spans["article_id"]))
        return np.array([key in known for key in zip(cells["claim"], cells["article_id"])])

    def units(self, units: StoryUnits, claim: str) -> np.ndarray:
        """The sentences that tell a claim."""
        table = units.table
        spans = self.spans[self.spans["claim_id"] == claim]
        tells = np.zeros(len(table), bool)
        for row in spans.itertuples():
            there = (table["start"] < row.end) & (table["end"] > row.start)
            tells |= (there & (table["article_id"] == row.article_id)).to_numpy()
        return np.flatnonzero(tells)


def against(gold: Gold, features: Features, encoder: Encoder) -> tuple[dict, pd.DataFrame]:
    """All scores on a corpus with gold, and how often answers are wrong."""
    units = story_units(features, features.article_ids)
    told = tl.story(features, claims=gold.claims, by="article_id", within=None, encoder=encoder)
    cells = told.table.assign(told=gold.told(told.table))
    fitted = given(gold, units, gold.claims, encoder)
    crossed = cross_validated(fitted)
    words = pd.read_csv(WORDINGS)
    reworded = words[words["kind"] == "reworded"].set_index("claim")["wording"].to_dict()
    other = words[words["kind"] == "other"].set_index("claim")["wording"].to_dict()
    away = given(gold, units, reworded, encoder)
    strange = given(gold, units, other, encoder)
    found, counted = discovered(gold, features, units, encoder)
    result = {
        "given": scores(cells) | where(gold, cells),
        "cross_validated": scores(crossed),
        "fitted_here": coefficients(fitted),
        "reworded": scores(away) | {"judged": n_judged(away), "of": len(reworded)},
        "other_story": {"judged": n_judged(strange), "of": len(other)},
        "struck_out": struck_out(gold, units, encoder),
        "found": found,
    }
    both = {"given": count_rates(crossed), "found": counted}
    return result, pd.concat([t.assign(claims=name) for name, t in both.items()])


def given(gold: Gold, units: StoryUnits, claims: dict[str, str], encoder: Encoder) -> pd.DataFrame:
    """Cells of claims in words with what the formula takes, by the shipped formula."""
    asked = [GivenClaim(name, (wording,)) for name, wording in claims.items()]
    cells, judged = given_cells(units, asked, encoder)
    cells["article_id"] = np.array(units.articles, object)[cells["article"]]
    answer = answers(cells["p"].to_numpy(float), "given")
    answer = np.where(cells["claim"].isin(judged), answer, "not judged")
    return cells.assign(answer=answer, told=gold.told(cells))


def cross_validated(cells: pd.DataFrame) -> pd.DataFrame:
    """The same with p by a formula that was fitted on all other claims."""
    p = np.zeros(len(cells))
    for claim in cells["claim"].unique():
        own = (cells["claim"] == claim).to_numpy()
        p[own] = fit(cells[~own]).predict_proba(cells.loc[own, LIKENESS].to_numpy(float))[:, 1]
    cells = cells.assign(p=p)
    best = cells.groupby("claim")["like"].transform("max")
    return cells.assign(answer=np.where(best >= GATE, answers(p, "given"), "not judged"))


def fit(cells: pd.DataFrame) -> LogisticRegression:
    model = LogisticRegression(C=PENALTY, max_iter=1000)
    return model.fit(cells[LIKENESS].to_numpy(float), cells["told"].to_numpy(bool))


def coefficients(cells: pd.DataFrame) -> list[float]:
    """Intercept and slopes of a formula fitted on all claims."""
    model = fit(cells)
    return [round(float(x), 2) for x in [*model.intercept_, *model.coef_[0]]]


def n_judged(cells: pd.DataFrame) -> int:
    return int(cells.loc[cells["answer"] != "not judged", "claim"].nunique())


def where(gold: Gold, cells: pd.DataFrame) -> dict:
    """Of claims that are told and said to be: the right sentence, and the voice in it.

    The voice is the outlet's or somebody's; denials are left out of it.
    """
    told = cells[cells["told"] & (cells["answer"] == "tells")]
    pairs = told.merge(
        gold.spans, left_on=["claim", "article_id"], right_on=["claim_id", "article_id"]
    )
    right = (pairs["start_x"] < pairs["end_y"]) & (pairs["end_x"] > pairs["start_y"])
    voiced = pairs[right & (pairs["status"] != "denied")]
    own = (voiced["voice"] == "outlet") == (voiced["status"] == "asserted")
    return rounded(
        {
            "sentence_right": float(right.mean()),
            "sentence_n": len(pairs),
            "voice_right": float(own.mean()),
            "voice_n": len(voiced),
        }
    )


def struck_out(gold: Gold, units: StoryUnits, encoder: Encoder) -> dict:
    """How many claims are judged although all sentences that tell them were taken out."""
    judged = 0
    for name, wording in gold.claims.items():
        kept = np.setdiff1d(np.arange(len(units)), gold.units(units, name))
        cells = given(gold, units.only(kept), {name: wording}, encoder)
        judged += n_judged(cells)
    return {"judged": judged, "of": len(gold.claims)}


def discovered(
    gold: Gold, features: Features, units: StoryUnits, encoder: Encoder
) -> tuple[dict, pd.DataFrame]:
    """How many shared claims are found, in which cells, and how often answers are wrong."""
    found = tl.claims(features, within=None)
    story = tl.story(features, claims=found, by="article_id", within=None, encoder=encoder)
    spans = found.sentences
    members = {
        claim: set(zip(rows["article_id"], rows["sentence"]))
        for claim, rows in spans.groupby("claim", sort=False)
    }
    table = units.table
    shared, matched, sums = 0, {}, np.zeros(3)
    for name in gold.claims:
        rows = table.iloc[gold.units(units, name)]
        telling = set(gold.spans.loc[gold.spans["claim_id"] == name, "article_id"])
        if len(telling) < 2:
            continue
        shared += 1
        true = set(zip(rows["article_id"], rows["sentence"]))
        best, score = None, (0, 0, len(telling))
        for claim, own in members.items():
            hit = {article for article, _ in own & true}
            articles = {article for article, _ in own}
            now = (len(hit), len(articles - hit), len(telling - hit))
            if len(hit) > 1 and _f1(now) > _f1(score):
                best, score = claim, now
        sums += score
        if best is not None:
            matched[name] = best
    asked = story.table.merge(
        pd.DataFrame(matched.items(), columns=["gold", "claim"]), on="claim"
    ).assign(claim=lambda t: t["gold"])
    asked = asked.assign(told=gold.told(asked))
    result = {"claims": len(found.table), "shared": shared, "found": len(matched)}
    result |= {"cell_f1": round(_f1(tuple(sums)), 4), "cells": scores(asked)}
    return result, count_rates(asked)


def _f1(score: tuple) -> float:
    right, wrong, missed = score
    return 2 * right / max(2 * right + wrong + missed, 1)


def save_rates(counted: pd.DataFrame, encoder: Encoder, source: str) -> None:
    """Put the rates of a model in the place of those that were known of it."""
    known = pd.read_csv(RATES)
    rows = counted.assign(model=encoder.name, encoder=encoder.digest, source=source)
    every = pd.concat([known[known["encoder"] != encoder.digest], rows[RATED]])
    every.to_csv(RATES, index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
