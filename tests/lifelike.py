"""A corpus that looks like life: invented articles with all that a scraped export brings along.

Eight outlets over six weeks: lines that recur in an outlet, galleries, newsletter boxes, copyright
lines, updates and copies of an article, agency copy, lost spaces, missing outlets, placeholders;
as a table with semicolons in Windows-1252 and dates day first.
"""

import datetime
import random

import pandas as pd

from tests.invented import news

FURNITURE = {
    "Lantern": "Sign up for the Lantern Briefing, our free morning newsletter.",
    "Herald": "Follow Herald News on Facebook and Twitter for the latest updates.",
    "Echo": "Read more: All our stories on the harbour in one place",
    "Tribune": "© 2024 The Tribune Company. All rights reserved.",
    "Post Elva": "Subscribe to Post Elva Plus for more stories from the quay.",
    "Gazette": "News you can trust since 1911",
    "Standard": "Standard Daily – the voice of the coast",
}
GALLERY = (
    "Enlarge this image toggle caption Ina Sund/Gazette Pictures\n\n"
    "The quay at dawn. (Photo by Ina Sund/Gazette Pictures)\n\n"
    "PHOTOS: 12 pictures of the harbour"
)
PLACEHOLDERS = ("nan", "[Removed]", "Subscribe to continue reading")
FIRST_DAY = datetime.date(2024, 5, 6)


def rows(n=60, seed=0):
    """The rows as an export has them, and what was planted: ids by kind."""
    rng = random.Random(seed)
    found, planted = [], {kind: [] for kind in ("copies", "updates", "placeholders", "unknown")}
    for place, row in enumerate(news(n, 8, seed=seed)):
        day = FIRST_DAY + datetime.timedelta(days=place * 42 // n)
        paragraphs = row["text"].strip().split("\n\n")
        if row["outlet"] == "Gazette":
            paragraphs.insert(1, GALLERY)
        if row["outlet"] in FURNITURE:
            paragraphs.append(FURNITURE[row["outlet"]])
        if place % 20 == 11:
            row["outlet"] = ""
            planted["unknown"].append(row["id"])
        row |= {"date": f"{day:%d/%m/%Y}", "text": "\n\n".join(paragraphs)}
        found.append(row)
    for kind, of in (("copies", 5), ("updates", 13)):
        copy = dict(found[of], id=f"n{of:02}-{kind}")
        if kind == "updates":
            copy["text"] = copy["text"].replace(". ", ". UPDATE: The board has met. ", 1)
        planted[kind].append(copy["id"])
        found.append(copy)
    for place, text in enumerate(PLACEHOLDERS):
        planted["placeholders"].append(f"empty{place}")
        found.append(dict(found[place], id=f"empty{place}", text=text))
    rng.shuffle(found)
    return found, planted


def write(path, n=60, seed=0):
    """Write the table; gives back what was planted."""
    found, planted = rows(n, seed)
    table = pd.DataFrame(found).rename(
        columns={"outlet": "Newspaper", "date": "Date", "title": "Headline", "text": "Full text"}
    )
    data = table.to_csv(sep=";", index=False).encode("cp1252")
    path.write_bytes(data)
    return planted
