"""What is right for every input of `benchmarks.reports`: a sentence, and a check."""

from __future__ import annotations

from collections.abc import Callable

from analysis.codebook import read_codebook
from benchmarks.reports_case import Case

Checked = tuple[bool, object]


def _fresh(case: Case) -> Checked:
    status, said = case.new
    if status:
        return False, said
    if not case.may_run:
        status, said = case.check
        return not status, f"not run; check: rc {status}, {said}"
    status, said = case.run()
    executed = len(list((case.root / "notebooks" / "executed").rglob("*.ipynb")))
    last = said.strip().splitlines()[-1] if said.strip() else ""
    return status == 0 and executed == 7, f"rc {status}, {executed} notebooks; {last}"


def _speakers(*right: str) -> Callable[[Case], Checked]:
    def check(case: Case) -> Checked:
        found = [speaker for speaker, _ in case.quotations()]
        return [s.casefold() for s in found] == [s.casefold() for s in right], found

    return check


def _particles(case: Case) -> Checked:
    good, found = _speakers(*(["Ursula von der Brandt", "Basil al-Storr"] * 2))(case)
    people = sorted(set(case.table("quotes")["speaker"]))
    return good and len(people) == 2, {"speakers": found, "people": people}


def _sentences(n: int) -> Callable[[Case], Checked]:
    return lambda case: (len(case.sentences()) == n, f"{len(case.sentences())} sentences")


def _zero_width(case: Case) -> Checked:
    sentences, mentions = len(case.sentences()), len(case.mentions("brandt"))
    return (sentences, mentions) == (6, 2), f"{sentences} sentences, {mentions} mentions"


def _mentioned(actor: str, times: int) -> Callable[[Case], Checked]:
    return lambda case: (
        len(case.mentions(actor)) == times,
        f"{actor}: {len(case.mentions(actor))} mentions",
    )


def _tags(case: Case) -> Checked:
    sentences, said = len(case.sentences()), "br" in case.words()
    told = "<br>" in case.checked or "HTML" in case.checked
    return told or sentences == 6 and not said, f"{sentences} sentences, word br: {said}"


def _entities(case: Case) -> Checked:
    told = "&quot;" in case.checked or "HTML" in case.checked
    remains = sorted(case.words() & {"quot", "nbsp", "39", "8217", "amp"})
    speakers, n = [speaker for speaker, _ in case.quotations()], len(case.sentences())
    good = (n, speakers, remains) == (2, ["Ola Brandt"], [])
    return told or good, {"sentences": n, "speakers": speakers, "remains": remains}


def _wrapped(case: Case) -> Checked:
    found = case.sentences()
    whole = any(s.startswith("Nobody was hurt") and s.endswith("would sue.") for s in found)
    return len(found) == 4 and whole, f"{len(found)} sentences"


def _transcript(case: Case) -> Checked:
    table = case.table("quotes")
    speakers = [s for s, direct in zip(table["speaker"], table["direct"]) if direct]
    right = ["pell", "brandt", "pell", "holt", "brandt"]
    labels = ("NORA PELL", "OLA BRANDT, MAYOR", "PELL:", "MIRA HOLT, HARBOUR", "BRANDT: ")
    places = [case.text.find(label) for label in labels]
    mentions = case.table("mentions")
    at_labels = int(mentions["start"].isin(places).sum())
    good = [s.split()[-1].casefold() if s else "" for s in speakers] == right and not at_labels
    return good, {"speakers": speakers, "labels counted": at_labels}


def _mixed(case: Case) -> Checked:
    found = [words for _, words in case.quotations()]
    return len(found) == 1 and found[0].rstrip().endswith(('bridge."', 'Brücke."')), found


def _backticks(case: Case) -> Checked:
    found = case.quotations()
    reported = int((~case.table("quotes")["direct"].astype(bool)).sum())
    good = [(s, w.strip("`'")) for s, w in found] == [
        ("Ola Brandt", "We will build the new bridge,")
    ]
    return good and not reported, {"quotations": found, "reported": reported}


def _placeholders(case: Case) -> Checked:
    left = list(case.metadata["article_id"])
    told = [word for word in ("nan", "NULL", "None", "[Removed]") if word in case.checked]
    return left == ["a5"] or len(told) == 4, {"articles": left, "told": told}


def _newsapi(case: Case) -> Checked:
    rows = [tuple(row) for row in case.metadata[["outlet", "published"]].to_numpy()]
    said = case.checked.casefold()
    told = any(word in said for word in ("1250", "cut", "not the whole text"))
    right = ("2024-05-01T10:00:00Z", "2024-05-01T10:00:00+00:00", "2024-05-01T10:00Z")
    good = len(rows) == 1 and rows[0][0] == "Lantern" and rows[0][1] in right
    return good and told, {"rows": rows, "told": told}


def _nrc(case: Case) -> Checked:
    case.folder.mkdir(parents=True)
    (case.folder / case.path.name).write_bytes(case.path.read_bytes())
    book = f"dictionaries:\n  nrc: {{file: {case.path.name}, language: en, weights: {{joy: 1}}}}\n"
    (case.folder / "codebook.yml").write_text(book, encoding="utf-8")
    codebook, faults = read_codebook(case.folder / "codebook.yml")
    weights = codebook.entries[0].weights if codebook.entries else {}
    return weights == {"kind": 1} or "third column" in str(faults), weights or str(faults)


def _read(text: str, published: str = "2024-05-01") -> Callable[[Case], Checked]:
    def check(case: Case) -> Checked:
        status, said = case.new
        if status:
            return False, said
        rows = [
            tuple(row) for row in case.metadata[["article_id", "outlet", "published"]].to_numpy()
        ]
        texts = [one.strip() for one in case.texts()]
        good = texts == [text] and rows[0][1] == "Lantern" and rows[0][2].startswith(published)
        return good, {"rows": rows, "texts": texts}

    return check


def _one_quotation(words: str) -> Callable[[Case], Checked]:
    def check(case: Case) -> Checked:
        found = [said for _, said in case.quotations()]
        return [said.strip("'‘’\"“”") for said in found] == [words], found

    return check


def _missing_close(case: Case) -> Checked:
    found = case.quotations()
    holts = " ".join(words for speaker, words in found if speaker == "Mira Holt")
    return "Yes" in holts and "Should" not in holts, found


def _numbers(case: Case) -> Checked:
    table = case.table("values")
    found = [value.split()[0] for value in table.loc[table["kind"] == "number", "value"]]
    return found == ["100000", "1200", "1200"], found


def _negations(case: Case) -> Checked:
    case.with_dictionary({"good": 1})
    scores = [int(score) for score in case.table("scores")["score"]]
    mentions = len(case.mentions("oneil"))
    return (scores, mentions) == ([-1, -1, -1], 1), {"scores": scores, "mentions": mentions}


def _lists(case: Case) -> Checked:
    found = case.sentences()
    right = ["Key points:", "1. First, the crane.", "2. Second, the quay."]
    return found == [*right, "Was anyone hurt?", "No.", "The harbour was empty."], found


def _scanned(case: Case) -> Checked:
    joined = {"harbour", "tuesday", "necessary"} <= case.words()
    mentions = len(case.mentions("brandt"))
    told = "hyphen" in case.checked.casefold()
    good = joined and mentions == 1
    return good or told, {"joined": joined, "mentions": mentions, "told": told}


CHECKS: dict[str, tuple[str, Callable[[Case], Checked]]] = {
    "k01-fresh": ("new, check and run end well: rc 0, seven notebooks", _fresh),
    "k02-particles": ("Ursula von der Brandt, Basil al-Storr, twice; 2 people", _particles),
    "k03-zwsp": ("6 sentences, Ola Brandt mentioned twice", _zero_width),
    "k03-softhyphen-name": ("Ola Brandt mentioned twice", _mentioned("brandt", 2)),
    "k04-br": ("reported, or 6 sentences and no word br", _tags),
    "k04-entities": ("reported, or 2 sentences, 1 quotation, no entities", _entities),
    "k05-wrapped": ("4 sentences", _wrapped),
    "k06-ellipsis": (
        "Ola Brandt, Mira Holt, Pavel Ormond",
        _speakers("Ola Brandt", "Mira Holt", "Pavel Ormond"),
    ),
    "k07-transcript": ("turns are their speakers', labels no mentions", _transcript),
    "k08-mixed-en": ("the quotation ends at the straight mark", _mixed),
    "k08-mixed-de": ("the quotation ends at the straight mark", _mixed),
    "k08-backticks": ("1 quotation by Ola Brandt, nothing reported", _backticks),
    "k09-arabic": ("12 sentences", _sentences(12)),
    "k09-chinese": ("12 sentences", _sentences(12)),
    "k10-placeholders": ("a1 to a4 are reported as no text", _placeholders),
    "k10-newsapi": ("outlet Lantern, its date, the cut text reported", _newsapi),
    "k11-caps": ("a quotation by Ola Brandt", _speakers("Ola Brandt")),
    "k12-titles": ("Ola Brandt, Antal Guter", _speakers("Ola Brandt", "Antal Guter")),
    "k13-nrc": ("kind 1, cruel not in it, or a fault", _nrc),
    "k14-pandas-dates": ("read: one article of Lantern", _read("The harbour board met.")),
    "k14-sepline": ("read: one article of Lantern", _read("The harbour, board met; it voted.")),
    "k14-tab": ("read: one article of Lantern", _read("The harbour, board met.")),
    "k15-shertogenbosch": ("1 quotation", _one_quotation("good news for the coast")),
    "k16-missing-close": ("“Yes,” is Mira Holt's, the question is not", _missing_close),
    "k17-numbers": ("100000, 1200, 1200", _numbers),
    "k18-apostrophes": ("good is negated three times, O'Neil mentioned once", _negations),
    "k19-lists": ("6 sentences: the lead, 2 items, 3 of one line", _lists),
    "k20-ocr": ("words are joined, Ola Brandt mentioned, or reported", _scanned),
}
