"""Outlets of BASIL by their profiles within events, and signed tone beside stance: one JSON line.

    python -m benchmarks.basil_framing --data DIR [--permutations 99]

DIR holds `articles.parquet` (article_id, event, outlet, relative_stance, text) and
`actor_tone.parquet` (article_id, actor, tone) of BASIL (Fan and others 2019,
doi.org/10.18653/v1/D19-1664). Nothing is learned from what is predicted: groups are made without
labels, and an event's three articles are classified by the other 49 events, from whose articles
alone the scale of each feature is taken.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.stats import rankdata, spearmanr
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from analysis.codebook import Codebook, read_codebook
from analysis.errors import FeaturesError, ModelError
from analysis.extract.memory import extract_articles
from analysis.features import Features, from_tables
from analysis.groups import group_articles
from analysis.inference import generator, permute_within
from analysis.io.article import Article
from analysis.models.encoder import load_encoder
from analysis.models.tone.model import load_tone
from analysis.tl._blocks import FRAMING
from analysis.tl._profile_sample import ProfileSample
from analysis.tl.stance import stance
from benchmarks import basil_voices

SIDES = Path(__file__).with_name("basil_sides.csv")
USE = ["label_families", "axes", "generic_news_frames", "policy_frames"]
RESTARTS, DRAWS = 400, 1000
PENALTY = 1.0  # of the logistic regression (scikit-learn's C = 1)
TURNS, CLOSE = 500, 1e-3
TONE = {"neg": -1.0, "neu": 0.0, "pos": 1.0}
LEANING = {"left": 1, "liberal": 1, "center": 0, "right": -1, "conservative": -1}
LEFT, RIGHT = "democratic", "republican"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.basil_framing", description=__doc__.splitlines()[0]
    )
    parser.add_argument(
        "--data",
        type=Path,
        required=True,
        help="folder with articles.parquet, actor_tone.parquet and spans.parquet",
    )
    parser.add_argument("--permutations", type=int, default=99, help="of outlets within events")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    articles = pd.read_parquet(options.data / "articles.parquet")
    tone = pd.read_parquet(options.data / "actor_tone.parquet")
    spans = pd.read_parquet(options.data / "spans.parquet")
    said = basil_voices.evaluate(articles, spans)
    print(
        json.dumps(
            evaluate(
                articles, tone[tone["actor"] != "main event"], options.permutations, options.seed
            )
            | {"voices": said}
        )
    )


def evaluate(articles: pd.DataFrame, tone: pd.DataFrame, permutations: int, seed: int) -> dict:
    """All figures; `tone` without the rows on the event itself."""
    features = make_features(articles, tone)
    about = articles.set_index("article_id").loc[features.article_ids]
    events, outlets = pd.factorize(about["event"])[0], pd.factorize(about["outlet"])[0]
    framing = [name for name in FRAMING if can_count(features, name)]
    sets = {
        "framing": framing,
        "content": ["content"],
        "framing_content": [*framing, "content"],
        "style": ["style"],
        "style_framing": ["style", *framing],
        "style_content": ["style", "content"],
        "all": ["style", *framing, "content"],
    }
    result = {
        "articles": len(about),
        "events": int(events.max() + 1),
        "outlets": int(outlets.max() + 1),
        "framing_blocks": framing,
        "permutations": permutations,
    }
    right = {}
    for name, blocks in sets.items():
        sample = ProfileSample.of(
            features, blocks=tuple(blocks), within="event", weights=None, seed=seed
        )
        result[name], right[name] = outlet_scores(sample, events, outlets, permutations, seed)
    result["content_adds_to_style"] = gain(right["style_content"], right["style"], events, seed)
    result["framing_adds_to_content"] = gain(
        right["framing_content"], right["content"], events, seed
    )
    return result | {"stance": stance_scores(features, about, tone, events, seed)}


def make_features(articles: pd.DataFrame, tone: pd.DataFrame) -> Features:
    """Features whose actors are the events' main ones and whose articles carry `event`."""
    codebook = make_codebook(list(dict.fromkeys(tone["actor"])))
    texts = [
        Article(row.article_id, row.text, "en", {"outlet": row.outlet})
        for row in articles.itertuples()
    ]
    made = extract_articles(
        texts, codebook=codebook, encoder=load_encoder(), tone=tone_model(), name="BASIL"
    )
    tables = {name: made.table(name) for name in made.manifest["tables"]}
    events = articles.set_index("article_id")["event"]
    tables["articles"]["event"] = events.loc[tables["articles"]["article_id"]].to_numpy()
    return from_tables(
        tables, corpus="BASIL", entries=made.manifest["entries"], codebook=made.manifest["codebook"]
    )


def make_codebook(names: list[str]) -> Codebook:
    """Actors as the coders name them, with parties as sides; frames, labels and axes as shipped.

    Names of one actor are under one key.
    """
    actors: dict[str, dict] = {}
    for name, row in sides(names).items():
        actor = actors.setdefault(
            key_of(row["actor"]), {"name": row["actor"], "aliases": [], "side": row["party"]}
        )
        known = [actor["name"], *actor["aliases"]]
        actor["aliases"] += [
            alias
            for alias in [name, *filter(None, row["aliases"].split("|"))]
            if alias not in known
        ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "codebook.yml"
        said = {
            "actors": actors,
            "use": USE,
            "dictionaries": {"vader": {"package": "vader", "language": "en"}},
        }
        path.write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
        codebook, faults = read_codebook(path)
    if faults:
        raise ValueError("\n".join(map(str, faults)))
    return codebook


def sides(names: list[str]) -> dict[str, dict]:
    """What `basil_sides.csv` says of each name; itself, without a party, where it says nothing."""
    table = pd.read_csv(SIDES, keep_default_na=False).set_index("name")
    return {
        name: (
            dict(table.loc[name])
            if name in table.index
            else {"actor": name, "party": "", "aliases": ""}
        )
        for name in names
    }


def key_of(name: str) -> str:
    return re.sub(r"\W+", "_", name.lower()).strip("_")


def tone_model():
    try:
        return load_tone()
    except ModelError:
        return None


def can_count(features: Features, block: str) -> bool:
    try:
        ProfileSample.of(features, blocks=(block,), within="event", weights=None, seed=0)
    except FeaturesError:
        return False
    return True


def outlet_scores(
    sample: ProfileSample, events: np.ndarray, outlets: np.ndarray, permutations: int, seed: int
) -> tuple[dict, np.ndarray]:
    """Agreement of groups with outlets, accuracy of predicted outlets, and which were right.

    Intervals are bootstrapped over events; outlets are permuted within events, and classifiers are
    learned again for each permutation.
    """
    n_outlets = int(outlets.max() + 1)
    labels = np.stack(
        [outlets, *permuted(outlets, events, permutations, generator(seed, "basil", "outlets"))]
    )
    points = reduced(unit(sample.weighted))
    groups = {
        "kmeans": KMeans(n_outlets, n_init=RESTARTS, random_state=seed).fit_predict(points),
        "ward": fcluster(linkage(points, "ward"), n_outlets, "maxclust"),
    }
    scores: dict = {"features": int(sample.blocks["n_features"].sum())}
    for name, found in groups.items():
        values = np.array([adjusted_rand_score(given, found) for given in labels]).round(9)
        drawn = [
            adjusted_rand_score(outlets[rows], found[rows]) for rows in resampled(events, seed)
        ]
        scores |= {
            f"ari_{name}": values[0],
            **bounds(f"ari_{name}", drawn),
            f"ari_{name}_p": (values >= values[0]).mean(),
        }
    predicted = left_out(sample, events, labels, n_outlets)
    accuracy = (predicted == labels).mean(axis=1).round(9)
    right = predicted[0] == outlets
    scores |= {
        "accuracy": accuracy[0],
        **bounds("accuracy", [right[rows].mean() for rows in resampled(events, seed)]),
        "accuracy_p": (accuracy >= accuracy[0]).mean(),
        "accuracy_by_chance": accuracy[1:].mean() if permutations else np.nan,
    }
    return rounded(scores), right


def left_out(
    sample: ProfileSample, events: np.ndarray, labels: np.ndarray, n_outlets: int
) -> np.ndarray:
    """The outlet of each article as the other events predict it, for each row of labels.

    Returns
    -------
    int array of the shape of `labels`
    """
    centred = sample.centre(sample.values[None])[0]
    predicted = np.zeros_like(labels)
    for event in range(events.max() + 1):
        seen = events != event
        sd, scale = sample.spread(centred[seen])
        points = np.column_stack([reduced(centred / sd * scale), np.ones(len(events))])
        weights = logistic(points[seen], labels[:, seen], n_outlets)
        scores = np.einsum("ad,pdk->pak", points[~seen], weights).round(9)
        predicted[:, ~seen] = scores.argmax(axis=2)
    return predicted


def logistic(points: np.ndarray, labels: np.ndarray, n_classes: int) -> np.ndarray:
    """Multinomial logistic regressions with a ridge penalty, for many labellings at once.

    The last column of the points is the constant, which is not penalised. Newton's method with
    Böhning's bound on the curvature (1992, doi.org/10.1007/BF00048682): every step descends.

    Returns
    -------
    array of shape (n_labellings, n_features, n_classes)
    """
    target = np.eye(n_classes)[labels]
    penalty = np.r_[np.full(points.shape[1] - 1, PENALTY), 1e-6]
    step = np.linalg.inv(points.T @ points / 2 + np.diag(penalty))
    weights = np.zeros((len(labels), points.shape[1], n_classes))
    for _ in range(TURNS):
        scores = points @ weights
        chances = np.exp(scores - scores.max(axis=2, keepdims=True))
        chances /= chances.sum(axis=2, keepdims=True)
        change = step @ (points.T @ (target - chances) - penalty[:, None] * weights)
        weights += change
        if np.abs(change).max() < CLOSE:
            break
    return weights


def stance_scores(
    features: Features, about: pd.DataFrame, tone: pd.DataFrame, events: np.ndarray, seed: int
) -> dict:
    """Rank correlations of signed tone with the stance that coders gave to articles.

    The tone is the coders' and a model's; left is positive.
    """
    leaning = about["relative_stance"].map(LEANING).to_numpy(float)
    signs = {
        name: {LEFT: 1.0, RIGHT: -1.0}.get(row["party"], np.nan)
        for name, row in sides(list(set(tone["actor"]))).items()
    }
    coded = (
        tone.assign(signed=tone["tone"].map(TONE) * tone["actor"].map(signs))
        .groupby("article_id")["signed"]
        .mean()
    )
    coders = coded.reindex(about.index).to_numpy(float)
    scores = {"coders": correlation(coders, leaning, events, seed)}
    articles = group_articles(features, "article_id")
    try:
        made = (
            stance(features, towards=LEFT, against=RIGHT, by="article_id", draws=1)
            .table.set_index("group")
            .loc[[articles.names[code] for code in articles.codes]]
        )
    except FeaturesError as error:
        return scores | {"model": f"left out: {error}"}
    for name in ("signed", "score"):
        scores[f"model_{name}"] = correlation(made[name].to_numpy(float), leaning, events, seed)
        scores[f"model_{name}_coders"] = correlation(
            made[name].to_numpy(float), coders, events, seed
        )
    return scores


def correlation(a: np.ndarray, b: np.ndarray, events: np.ndarray, seed: int) -> dict:
    """Spearman's rank correlation, its interval, and the same within events.

    Within events ranks are taken less their event's mean.
    """
    known = ~(np.isnan(a) | np.isnan(b))
    a, b, events = a[known], b[known], events[known]
    drawn = [
        spearmanr(a[rows], b[rows])[0]
        for rows in resampled(events, seed)
        if len(set(a[rows])) > 1 and len(set(b[rows])) > 1
    ]
    inside = [
        pd.Series(rankdata(x))
        .groupby(events)
        .transform(lambda ranks: ranks - ranks.mean())
        .to_numpy()
        for x in (a, b)
    ]
    return rounded(
        {
            "rho": spearmanr(a, b)[0],
            **bounds("rho", drawn),
            "within_events": np.corrcoef(*inside)[0, 1],
            "n": int(len(a)),
        }
    )


def gain(both: np.ndarray, one: np.ndarray, events: np.ndarray, seed: int) -> dict:
    """How much more accurate two are than one; p by exchanging the two within events at random."""
    by_event = np.bincount(events, weights=both.astype(float) - one) / len(both)
    signs = generator(seed, "basil", "gain").choice([-1, 1], size=(9999, len(by_event)))
    reached = (signs @ by_event).round(9) >= by_event.sum().round(9)
    drawn = [(both[rows].mean() - one[rows].mean()) for rows in resampled(events, seed)]
    return rounded(
        {
            "accuracy": by_event.sum(),
            **bounds("accuracy", drawn),
            "p": (1 + reached.sum()) / (1 + len(reached)),
        }
    )


def unit(points: np.ndarray) -> np.ndarray:
    """Rows of length 1: how an article departs from its event, whatever how far."""
    return points / np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-12)


def reduced(points: np.ndarray) -> np.ndarray:
    """The same distances in as many columns as there are articles at most."""
    u, s, _ = np.linalg.svd(points, full_matrices=False)
    return u * s


def permuted(labels: np.ndarray, events: np.ndarray, n: int, rng: np.random.Generator):
    """Labels permuted within events."""
    for _ in range(n):
        yield labels[permute_within(events, rng)]


def resampled(events: np.ndarray, seed: int):
    """Rows of articles of resampled events."""
    rng, rows = (
        generator(seed, "basil", "events"),
        [np.flatnonzero(events == event) for event in np.unique(events)],
    )
    for _ in range(DRAWS):
        yield np.concatenate([rows[i] for i in rng.integers(len(rows), size=len(rows))])


def bounds(name: str, drawn) -> dict:
    low, high = np.quantile(drawn, [0.025, 0.975])
    return {f"{name}_low": low, f"{name}_high": high}


def rounded(scores: dict) -> dict:
    return {
        name: round(float(value), 3) if isinstance(value, float) else value
        for name, value in scores.items()
    }


if __name__ == "__main__":
    main()
