"""Events planted in articles: each has words of its own beside what all articles say."""

import numpy as np

LETTERS = np.array(list("bdfgklmnprstvz"))
COMMON = [f"city{a}{b}{c}o" for a in "abcdefghij" for b in "klmnopqrst" for c in "aeiouvwxyz"]


def word(rng):
    """A word that no other text has."""
    pairs = zip(rng.choice(LETTERS, 4), rng.choice(list("aeiou"), 4))
    return "".join(f"{one}{two}" for one, two in pairs)


def planted(events, *, seed=0):
    """Texts and days of articles, and the event of each.

    `events` lists the days on which each event's articles appear.
    """
    rng = np.random.default_rng(seed)
    texts, days, truth = {}, {}, {}
    for event, of in enumerate(events):
        own = [word(rng) for _ in range(12)]
        for nth, day in enumerate(of):
            article = f"e{event:03}a{nth:02}"
            said = [*rng.choice(own, 20), *rng.choice(COMMON, 30), word(rng), word(rng)]
            rng.shuffle(said)
            texts[article] = " ".join(said).capitalize() + "."
            days[article] = str(np.datetime64("2024-03-01") + int(day))
            truth[article] = event
    return texts, days, truth
