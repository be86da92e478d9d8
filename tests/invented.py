"""Invented news of a harbour, as rows of a table: as many articles and outlets as a test wants."""

import random

OUTLETS = ("Lantern", "Herald", "Echo", "Tribune", "Post Elva", "Mirror", "Gazette", "Standard")
WIRE = (
    "The crane of Port Elva fell into the sea on Monday night, and two pilots were hurt. Police"
    " said the owners of the crane had been warned three times since March. The harbour board will"
    " meet on Friday to decide who must pay for the quay."
)
WIRE_DE = (
    "Der Kran von Port Elva stürzte am Montagabend ins Meer, und zwei Lotsen wurden verletzt. Die"
    " Polizei teilte mit, die Eigentümer des Krans seien seit März dreimal gewarnt worden. Der"
    " Hafenrat entscheidet am Freitag, wer für den Kai bezahlen muss."
)
SENTENCES = (
    "Mayor Ola Brandt praised the crew of the ferry.",
    "The embattled mayor refused to pay for the {thing}.",
    "“We will sue the owners of the {thing},” Brandt said.",
    "Brandt attacked the plan and called it a disgrace.",
    "Pavel Ormond, a critic of the mayor, demanded answers.",
    "Ormond said the town must bear the cost of {number} million crowns.",
    "“It is a duty to repair the {thing},” Ormond told the {outlet}.",
    "The board blamed the storm for the loss of the {thing}.",
    "“Nobody asked us,” said Mira Holt, a pilot for {number} years.",
    "Holt said that pilots were not heard, and that they would protest.",
    "The {thing} is said to have cost {number} million crowns.",
    "Families of the crew wept when the {thing} was shown to them.",
    "The mayor was accused of failing to answer letters about the {thing}.",
    "Officials claimed that the {thing} was safe in {month}.",
    "Traders along the quay fear for their jobs and prices rose by {number} per cent.",
    "A beautiful morning brought good news for the {thing}.",
    "Brandt's friends called her a hero of the {thing}.",
    "The ugly row over the {thing} divides the council.",
    "Inspectors found {number} faults in the {thing} last {month}.",
    "The courts will rule on the {thing} before {month}.",
)
SENTENCES_DE = (
    "Bürgermeisterin Ola Brandt lobte die Besatzung der Fähre.",
    "Die umstrittene Bürgermeisterin will den {thing} nicht bezahlen.",
    "„Wir werden die Eigentümer verklagen“, sagte Brandt.",
    "Pavel Ormond, ein Kritiker der Bürgermeisterin, forderte Antworten.",
    "Ormond sagte, die Stadt müsse {number} Millionen Kronen tragen.",
    "„Niemand hat uns gefragt“, sagte Mira Holt, seit {number} Jahren Lotsin.",
    "Der Hafenrat gab dem Sturm die Schuld am Verlust des {thing}s.",
    "Händler am Kai fürchten um ihre Arbeit, die Preise stiegen um {number} Prozent.",
    "Ein schöner Morgen brachte gute Nachrichten für den {thing}.",
    "Die Gerichte entscheiden im {month} über den {thing}.",
)
THINGS = ("crane", "quay", "ferry", "pier", "lighthouse", "customs house", "dock", "signal tower")
THINGS_DE = ("Kran", "Kai", "Hafen", "Leuchtturm", "Damm", "Steg")
MONTHS = ("March", "April", "June", "August", "October")
MONTHS_DE = ("März", "April", "Juni", "August", "Oktober")


def news(n=60, outlets=8, *, language="en", dates=True, seed=0):
    """Rows with id, outlet, date, title and text; every fourth carries the same agency report.

    With `outlets=0` the outlet of every article is empty, without `dates` the date is.
    """
    rng = random.Random(seed)
    german = language == "de"
    sentences = SENTENCES_DE if german else SENTENCES
    rows = []
    for i in range(n):
        outlet = OUTLETS[i % outlets] if outlets else ""
        fill = lambda text, outlet=outlet: text.format(
            thing=rng.choice(THINGS_DE if german else THINGS),
            number=rng.randrange(2, 90),
            month=rng.choice(MONTHS_DE if german else MONTHS),
            outlet=outlet or "paper",
        )
        told = [fill(sentence) for sentence in rng.sample(sentences, min(10, len(sentences)))]
        paragraphs = [" ".join(told[first : first + 3]) for first in range(0, len(told), 3)]
        if i % 4 == 0:
            paragraphs.insert(1, WIRE_DE if german else WIRE)
        if i % 7 == 3:  # a space that was lost between two sentences
            paragraphs[0] = paragraphs[0].replace(". ", ".", 1)
        rows.append(
            {
                "id": f"n{i:02}",
                "outlet": outlet,
                "date": f"2024-0{5 + i // 30}-{1 + i % 30:02}" if dates else "",
                "title": f"{'Kran' if german else 'Crane'} {i}",
                "text": "\n\n".join(paragraphs) + "\n",
            }
        )
    return rows
