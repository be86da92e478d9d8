"""Tone towards actors against the coders of BASIL: one JSON line.

    python -m benchmarks.basil_tone --data DIR [--pairs FILE]

DIR holds `articles.parquet`, `actor_tone.parquet` and `spans.parquet` (Fan and others 2019,
doi.org/10.18653/v1/D19-1664). Each event has a codebook of its own: its main actors, by full name,
last name and the usual names of the two parties. Nothing that ships is fitted here; weights by
place, title, opening and voice are, for comparison, each event scored by a fit to the others.
Intervals come from drawing events. `--pairs` writes a table of scored pairs of article and actor,
without texts.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import spearmanr
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from analysis import tl
from analysis.codebook import Codebook
from analysis.comparison import compare_groups
from analysis.extract.memory import extract_articles
from analysis.inference import generator
from analysis.io.article import Article
from analysis.models.tone.model import load_tone
from analysis.text.sentences import find_sentences
from analysis.tl.tone import VOICES, whole_articles

DRAWS = 1000
CODES = {"neg": -1, "neu": 0, "pos": 1}
MOST = 20  # pairs scored most negative
OPENING, LEAD = 12, 0.2  # characters that may precede who opens a sentence; the lead's share
STRENGTH = 0.3  # inverse of the penalty on learned weights
PARTIES = {
    "republican": ["Republicans", "GOP"],
    "democratic": ["Democrats"],
    "democractic": ["Democrats"],
}
GENERIC = frozenset(
    "act acts administration agency association campaign catholics commission committee companies"
    " company congress council court courts department force government house institute lawmakers"
    " leaders officials party police program programs security senate service state union"
    " voters".split()
)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.basil_tone", description=__doc__.splitlines()[0]
    )
    parser.add_argument(
        "--data",
        type=Path,
        required=True,
        help="folder of articles.parquet, actor_tone.parquet and spans.parquet",
    )
    parser.add_argument(
        "--pairs", type=Path, help="write the scored pairs of article and actor here (CSV)"
    )
    options = parser.parse_args(arguments)
    articles, codes, spans = (
        pd.read_parquet(options.data / f"{name}.parquet")
        for name in ("articles", "actor_tone", "spans")
    )
    codes = codes[codes["actor"] != "main event"].assign(
        actor=lambda t: t["actor"].str.strip(), code=lambda t: t["tone"].map(CODES)
    )
    mentions = score_mentions(articles, codes)
    pairs = score_pairs(mentions, codes)
    if options.pairs:
        pairs.drop(columns="event").round(4).to_csv(options.pairs, index=False)
    print(
        json.dumps(
            {
                "pairs_coded": len(codes),
                **correlations(pairs),
                **pronouns(mentions, codes),
                **most_negative(pairs),
                **learned(mentions, score_titles(articles, codes), codes),
                **polarity(spans),
                "cpu_seconds": round(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]), 1),
            }
        )
    )


def aliases(name: str) -> list[str]:
    """The names an actor goes by: in full, by the last name, a party's people by the party."""
    words = name.replace("_", " ").split()
    names = [" ".join(words), " ".join([*words[:-1], words[-1].lower()])]
    names += next(
        (
            more
            for party, more in PARTIES.items()
            if words[0].lower() == party
            and len(words) > 1
            and words[-1].lower() in ("lawmakers", "leaders")
        ),
        [],
    )
    if words[0] == "GOP":
        names += PARTIES["republican"]
    if (
        2 <= len(words) <= 4
        and words[-1][:1].isupper()
        and words[-1].lower() not in GENERIC
        and "and" not in words
    ):
        names.append(words[-1])
    if words[-1] in ("campaign", "administration") or "and" in words:
        names.append(f"{' '.join(words[:-1])}'s {words[-1]}")
    return list(dict.fromkeys(names))


def score_mentions(articles: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """Every mention of a coded actor with the model's tone and VADER's compound score of its
    sentence.
    """
    tone, vader = load_tone(), SentimentIntensityAnalyzer()
    parts = []
    for event, part in articles.groupby("event"):
        actors = sorted(set(codes.loc[codes["article_id"].isin(part["article_id"]), "actor"]))
        codebook = Codebook(
            actors={
                actor: {"name": actor.replace("_", " "), "aliases": aliases(actor)}
                for actor in actors
            }
        )
        texts = dict(zip(part["article_id"], part["text"]))
        features = extract_articles(
            [Article(a, text, "en", {}) for a, text in texts.items()], codebook=codebook, tone=tone
        )
        found = tl.tone(
            features, forms=("name", "title", "possessive", "pronoun"), draws=1
        ).mentions
        sentences = features.table("sentences")
        spans = sentences.set_index(["article_id", "sentence"])[["start", "end"]]
        size = sentences.groupby("article_id")["n_tokens"].sum()
        compound = [
            vader.polarity_scores(texts[a][spans.at[(a, s), "start"] : spans.at[(a, s), "end"]])[
                "compound"
            ]
            for a, s in zip(found["article_id"], found["sentence"])
        ]
        begins = [spans.at[key, "start"] for key in zip(found["article_id"], found["sentence"])]
        parts.append(
            found.assign(
                event=event,
                vader=compound,
                place=found["position"] / found["article_id"].map(size),
                opens=found["start"] - begins < OPENING,
            )
        )
    return pd.concat(parts, ignore_index=True)


def score_pairs(
    mentions: pd.DataFrame,
    codes: pd.DataFrame,
    forms: tuple[str, ...] = ("name", "title", "possessive"),
) -> pd.DataFrame:
    """Mean tone by article, actor and voice beside the coders' code."""
    mentions = mentions[mentions["form"].isin(forms)]
    keys = ["event", "article_id", "actor"]
    mentions = mentions.assign(blame=-mentions["negative"])
    means = {
        "tone": ("tone", "mean"),
        "blame": ("blame", "mean"),
        "vader": ("vader", "mean"),
        "n": ("tone", "size"),
    }
    by_voice = mentions.groupby([*keys, "voice"]).agg(**means).reset_index()
    for voice, part in by_voice.groupby("voice"):
        spoken = mentions[mentions["voice"] == voice]
        pairs = pd.MultiIndex.from_frame(part[keys])
        by_voice.loc[part.index, "shrunk"] = compare_groups(
            spoken["tone"].to_numpy(),
            np.ones(len(spoken)),
            pairs.get_indexer(pd.MultiIndex.from_frame(spoken[keys])),
            spoken["article_id"].factorize()[0],
            [" ".join(pair) for pair in pairs],
            what=f"basil tone {voice}",
            draws=DRAWS,
            level=0.95,
            seed=0,
        ).shrunk[:, 0]
    every = mentions.groupby(keys).agg(**means).reset_index().assign(voice="all")
    whole = pd.concat(
        [whole_articles(mentions), whole_articles(mentions.assign(voice="all"))]
    ).assign(ever=lambda t: -t["blamed"])
    return (
        pd.concat([by_voice, every], ignore_index=True)
        .merge(whole[["article_id", "actor", "voice", "ever", "praised"]])
        .merge(codes[["article_id", "actor", "code"]], on=["article_id", "actor"])
    )


def correlations(pairs: pd.DataFrame) -> dict:
    """Spearman's rank correlation with the coders, by voice, of the model and of VADER, with
    intervals.
    """
    result = {}
    for voice in (*VOICES, "all"):
        part = pairs[pairs["voice"] == voice]
        if part["code"].nunique() > 1:
            result[voice] = {
                "n_pairs": len(part),
                "n_mentions": int(part["n"].sum()),
                **{
                    name: _interval(
                        part, lambda t, column=column: spearmanr(t[column], t["code"])[0]
                    )
                    for name, column in (
                        ("rank_correlation", "tone"),
                        ("shrunk", "shrunk"),
                        ("negative_alone", "blame"),
                        ("blamed_anywhere", "ever"),
                        ("vader", "vader"),
                    )
                    if part[column].notna().all()
                },
            }
    return {"by_voice": result}


def pronouns(mentions: pd.DataFrame, codes: pd.DataFrame) -> dict:
    """What resolved pronouns add in the outlet's own voice."""
    pairs = score_pairs(mentions, codes, ("name", "title", "possessive", "pronoun"))
    part = pairs[pairs["voice"] == "outlet"]
    return {
        "outlet_with_pronouns": {
            "n_pairs": len(part),
            "n_pronouns": int((mentions["form"] == "pronoun").sum()),
            "rank_correlation": _interval(part, lambda t: spearmanr(t["tone"], t["code"])[0]),
            "blamed_anywhere": _interval(part, lambda t: spearmanr(t["ever"], t["code"])[0]),
        }
    }


def most_negative(pairs: pd.DataFrame) -> dict:
    """How the pairs were coded that score most negative in the outlet's own voice."""
    own = pairs[pairs["voice"] == "outlet"]
    codes = {value: code for code, value in CODES.items()}
    return {
        f"most_negative_{MOST}": {
            name: own.nsmallest(MOST, column)["code"].map(codes).value_counts().to_dict()
            for name, column in (
                ("model", "tone"),
                ("shrunk", "shrunk"),
                ("negative_alone", "blame"),
                ("blamed_anywhere", "ever"),
                ("vader", "vader"),
            )
        },
        "share_coded_neg": round(float((own["code"] == -1).mean()), 3),
    }


def score_titles(articles: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """The chance that the title is negative towards each coded actor that it names."""
    titles, rows = articles.set_index("article_id")["title"], []
    for row in codes.itertuples():
        title = str(titles[row.article_id])
        for name in aliases(row.actor):
            if at := re.search(rf"\b{re.escape(name)}\b", title):
                rows.append((row.article_id, row.actor, title, at.span()))
                break
    found = pd.DataFrame(rows, columns=["article_id", "actor", "title", "span"])
    chances = load_tone().predict(found.pop("title").tolist(), found.pop("span").tolist())
    return found.assign(negative=chances[:, 0])


def learned(mentions: pd.DataFrame, titles: pd.DataFrame, codes: pd.DataFrame) -> dict:
    """What weights by place, title, opening, pronouns and voice would add to the outlet's blame.

    What mentions of a cell say is the sum of -log(1 - negative), so that equal weights give the
    order of `blamed`. A logistic regression of "coded negative" on the cells is fitted without the
    event that it scores.
    """
    keys = ["article_id", "actor"]
    mentions = mentions.assign(says=-np.log1p(-mentions["negative"].clip(upper=0.99)))
    own, pronoun = mentions["voice"] == "outlet", mentions["form"] == "pronoun"
    lead, opens = mentions["place"] < LEAD, mentions["opens"]
    cells = {
        "outlet": own & ~pronoun,
        "lead": own & ~pronoun & lead,
        "later": own & ~pronoun & ~lead,
        "opens": own & ~pronoun & opens,
        "inside": own & ~pronoun & ~opens,
        "pronoun": own & pronoun,
        "quoted": (mentions["voice"] == "quoted") & ~pronoun,
        "reported": (mentions["voice"] == "reported") & ~pronoun,
    }
    pairs = codes.set_index(keys)[["code"]]
    for cell, rows in cells.items():
        says = mentions[rows].groupby(keys)["says"].sum()
        pairs[cell] = np.log1p(says.reindex(pairs.index, fill_value=0))
    in_title = titles.set_index(keys)["negative"]
    pairs["title"] = (in_title - in_title.mean()).reindex(pairs.index, fill_value=0)
    event = mentions.drop_duplicates("article_id").set_index("article_id")["event"]
    pairs["event"] = event.reindex(pairs.index.get_level_values(0)).to_numpy()
    there = pd.MultiIndex.from_frame(mentions.loc[cells["outlet"], keys])
    pairs = pairs[pairs.index.isin(there)]
    result = {}
    for chosen in (
        ["outlet"],
        ["lead", "later"],
        ["opens", "inside"],
        ["outlet", "title"],
        ["outlet", "pronoun"],
        ["outlet", "quoted", "reported"],
        ["lead", "later", "opens", "title", "pronoun", "quoted", "reported"],
    ):
        read = (pairs[chosen] - pairs[chosen].mean()) / pairs[chosen].std()
        scores = pd.Series(np.nan, pairs.index)
        for left_out in pairs["event"].unique():
            of = pairs["event"] == left_out
            fit = LogisticRegression(C=STRENGTH).fit(read[~of], pairs["code"][~of] == -1)
            scores[of] = -fit.decision_function(read[of])
        scored = pairs.assign(ever=scores)
        most = scored.nsmallest(MOST, "ever")["code"]
        result[" + ".join(chosen)] = {
            **_interval(scored, lambda t: spearmanr(t["ever"], t["code"])[0]),
            f"coded_neg_of_{MOST}": int((most == -1).sum()),
        }
    return {"learned_without_the_event": result}


def polarity(spans: pd.DataFrame) -> dict:
    """AUC of the tone of marked spans, negative against positive ones: in the sentence that holds
    the span, towards the mention of its target nearest to the span, or towards the span itself
    where the sentence does not name the target.
    """
    tone, vader = load_tone(), SentimentIntensityAnalyzer()
    spans = spans[spans["paragraph"].notna() & spans["start"].notna()]
    sentences, places, named = [], [], 0
    for row in spans.itertuples():
        start, end = int(row.start), int(row.end)
        first, last = next(
            ((s, e) for s, e, _ in find_sentences(row.paragraph) if s <= start < e),
            (0, len(row.paragraph)),
        )
        text, start, end = row.paragraph[first:last], start - first, min(end, last) - first
        names = [
            alias
            for part in str(row.target).split(",")
            if part.strip()
            for alias in aliases(part.strip())
        ]
        found = [
            (at.start(), at.end())
            for name in names
            for at in re.finditer(rf"\b{re.escape(name)}\b", text)
        ]
        named += bool(found)
        sentences.append(text)
        places.append(
            min(found, key=lambda place: (abs(place[0] - start), -place[1]))
            if found
            else (start, end)
        )
    chances = tone.predict(sentences, places)
    scored = pd.DataFrame(
        {
            "event": spans["article_id"].str.split("-").str[0].to_numpy(),
            "positive": (spans["polarity"] == "pos").to_numpy(),
            "tone": chances[:, 2] - chances[:, 0],
            "vader": [vader.polarity_scores(s)["compound"] for s in spans["span"].astype(str)],
        }
    )
    return {
        "spans": {
            "n": len(scored),
            "n_named": named,
            "n_positive": int(scored["positive"].sum()),
            **{
                name: _interval(
                    scored, lambda t, column=column: roc_auc_score(t["positive"], t[column])
                )
                for name, column in (("auc", "tone"), ("vader", "vader"))
            },
        }
    }


def _interval(table: pd.DataFrame, statistic) -> dict:
    """A statistic with the 95 % interval of drawing whole events."""
    rng = generator(0, "basil tone")
    table = table.drop(
        columns=table.columns.difference(
            ["event", "tone", "vader", "code", "positive", "shrunk", "blame", "ever"]
        )
    )
    places = list(table.reset_index(drop=True).groupby("event").indices.values())
    drawn = []
    for _ in range(DRAWS):
        sample = table.iloc[
            np.concatenate([places[i] for i in rng.integers(0, len(places), len(places))])
        ]
        try:
            drawn.append(statistic(sample))
        except ValueError:  # one class only
            continue
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return {
        "value": round(float(statistic(table)), 3),
        "low": round(float(low), 3),
        "high": round(float(high), 3),
    }


if __name__ == "__main__":
    main()
