"""Speakers: who is quoted as saying a quotation, by which verb (English)."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from .quotes import Quote
from .tokens import words_of

SCARE_WORDS = 3
LONGEST_DESCRIPTION = 6
VERBS = frozenset(
    "said says say saying told tells telling asked asks asking added adds adding replied replies wrote writes writing claimed claims "
    "claiming insisted insists insisting stated states stating warned warns warning argued argues arguing explained explains "
    "explaining noted notes noting admitted admits admitting called calls calling joked jokes shouted shouts declared declares "
    "tweeted tweets posted posts announced announces acknowledged acknowledges alleged alleges asserted asserts boasted boasts "
    "commented comments complained complains conceded concedes concluded concludes confessed confirmed confirms confirming "
    "continued continues countered counters cried cries denied denies denying described describes describing emphasised emphasized "
    "emphasises emphasizes exclaimed fumed grumbled hinted implied implies interjected lamented laments maintained maintains "
    "mentioned moaned mused murmured muttered observed observes opined pleaded pledged pointed promised promises promising "
    "protested quipped read reads reading reasoned recalled recalls recounted reiterated remarked remarks reminded reports reported responded "
    "responds retorted revealed reveals roared sang scoffed sighed snapped sneered sniffed sobbed stressed stresses suggested "
    "suggests testified testifies thundered urged urges vowed vows wailed whispered whinged yelled yells screamed bellowed barked "
    "chanted recommended recommends demanded demands ordered predicts predicted branded brands dubbed dubs labelled labeled labels "
    "put puts goes went ran thinks thought believes signed dismissed dismisses praised condemned hailed blasted slammed accused "
    "quoted quoting cites citing cited answered answers doubted doubts spoke speaks doubt".split())
_PRONOUNS = {"he": "m", "she": "f", "they": "p", "it": "n", "i": "1", "we": "1", "who": "r", "you": "2"}
_DETERMINERS = ("the|a|an|one|two|three|four|five|several|some|many|another|both|his|her|their|its|our|my|your|this|that|these|those|each|every|no|"
                "mr|mrs|ms|dr")
_NAME = (r"(?:\p{Lu}[\p{L}’'-]*\.?|\p{Lu}\.)(?:[ \u00a0]+(?:(?:of|de|da|del|van|von|der|al|bin|ap|la|the)[ ]+)?(?:\p{Lu}[\p{L}’'-]+|\p{Lu}\.)){0,7}")
_NOUN_PHRASE = rf"(?:{_DETERMINERS})\b(?:[ ]+(?!(?:said|says|told|who|which|that)\b)[\p{{L}}\d’'-]+\.?){{1,14}}?(?:[ ]who[ ][^,.;:“”\"]{{2,50}}?)?"
_SUBJECT = rf"(?:{_NAME}|(?i:{_NOUN_PHRASE})|(?i:he|she|they|it|i|we|who|one of them|one|another|both)\b)"
_ADVERB = r"(?:[ ]+(?:\p{Ll}+ly|then|also|later|had|has|have|later|once|only|just|even|still|never|would|will|who|is|was|did|does|not))*"
_ANY_VERB = "|".join(sorted(VERBS, key=len, reverse=True))
_AFTER_INVERTED = regex.compile(rf"^[\s,—–-]*(?P<verb>{_ANY_VERB}|\p{{Ll}}{{3,}}ed)[ ]+(?P<subject>{_NAME}|(?i:{_NOUN_PHRASE})(?=[,.;:—–]|\s+(?:who|in|on|at|after|as|when|with|told|of)\b|\s*$)|"
                                rf"(?:\p{{Ll}}+[ ]+){{1,5}}{_NAME}|(?i:he|she|they|it|i|we)\b)")
_AFTER = regex.compile(rf"^[\s,—–-]*(?P<subject>{_SUBJECT})(?:,[^,.;]{{2,90}}?,)?{_ADVERB}[ ]+(?P<verb>{_ANY_VERB})\b")
_ACCORDING = regex.compile(rf"\baccording to[ ]+(?P<subject>{_NAME}|(?i:{_NOUN_PHRASE})(?=[,.;:—–“\"]|\s*$))")
_BEFORE = regex.compile(rf"(?P<subject>{_SUBJECT})(?:,(?! and)[^;“”\"]{{2,110}}?,)?{_ADVERB}[ ]+(?P<verb>{_ANY_VERB})\b")
_LABEL = regex.compile(rf"^\s*(?P<subject>{_NAME}|(?i:{_NOUN_PHRASE}))(?:,[^“”\".]{{0,80}})?\s*:\s*$")
_LEADING = regex.compile(rf"^\s*(?P<subject>{_SUBJECT})\b")
_COORDINATE = regex.compile(rf"\b(?:and|but)(?:[ ]\p{{Ll}}+ly)?[ ]+(?P<verb>{_ANY_VERB})\b")
_WAS_THEIR = regex.compile(r"^[\s,]*(?:was|were|is)[ ]+(?P<subject>his|her|their)\b")
_FULL_NAME = regex.compile(r"\b(?:\p{Lu}[\p{L}’'-]+|\p{Lu}\.)(?:[ \u00a0]+(?:\p{Lu}\.|\p{Lu}[\p{L}’-]+)){1,5}")
_TITLE_WORDS = frozenset(
    "mr mrs ms mx dr prof professor sir dame lord lady president minister secretary senator governor mayor chief inspector insp sgt "
    "sergeant captain capt general colonel judge justice chancellor king queen prince princess pope bishop father sister brother bro "
    "madam madame detective superintendent supt spokesman spokeswoman director deputy former acting prime foreign union harbour harbor "
    "ports port docker boss leader".split())
_ORGANISATION = frozenset(
    "authority inspectorate ministry department league union wire college university school company inc ltd plc corp llc group council "
    "party court committee commission association office police agency house senate congress parliament government administration "
    "club church bank institute society federation board bureau service services news times post journal herald courier gazette lifting "
    "industries holdings quay harbour harbor street road avenue square hospital station city port county state states nations workers residents "
    "building bridge tower park committee army navy force".split())
_COMPANY = frozenset("company firm builder builders maker manufacturer contractor operator".split())
_FORMS = frozenset("inc ltd plc corp llc co gmbh".split())
_UNNAMED = regex.compile(
    r"(?<!,\s)\b(?:an?|one|another)[ ]+(?:[\p{L}-]+[ ]+){0,2}?(?:man|woman|official|source|person|spokesman|spokeswoman|spokesperson|docker|worker|"
    r"resident|neighbou?r|witness|colleague|fitter|driver|engineer|lawyer|diplomat|aide|adviser|advisor|officer|employee|reporter|teacher|nurse|"
    r"doctor|student|voter|protester|expert|analyst|mother|father|widow|survivor)\b(?:[ ]+who[ ]+[^,.;:“”\"]{3,40})?")
_PLURAL = regex.compile(rf"\b(?:two|three|four|five|six|several|some|many|both)[ ]+(?:of[ ]+the[ ]+)?(?:[\p{{L}}-]+[ ]+){{0,3}}?"
                       r"(?:people|men|women|officials|sources|dockers|workers|residents|neighbou?rs|witnesses|colleagues|officers|employees|"
                       r"lawyers|diplomats|aides|advis[eo]rs|experts|analysts|engineers|drivers|ministers|executives|insiders|traders)\b"
                       r"(?:[ ]+(?:familiar|briefed|close|involved)[ ][^,.;:“”\"]{3,40}?(?=[ ](?:said|say|told)\b|[,.]))?", regex.IGNORECASE)
_STOP_FIRST = frozenset("the a an but and or when while if as in on at by for with after before then so yesterday today monday tuesday "
                        "wednesday thursday friday saturday sunday asked his her their its our my this that these those it he she they "
                        "we i not no yes there here what who why how where also still even only just now".split())


@dataclass(frozen=True)
class Attribution:
    """Who a quotation is put in the mouth of.

    Attributes
    ----------
    speaker : str
        The fullest name that the article gives, or the description of someone unnamed; empty if none was found.
    description : str
        How an unnamed speaker is described, at most six words.
    verb : str
        As in the text, in small letters; empty if none.
    unnamed : bool
    scare : bool
        One to three words in marks that nobody is said to have said.
    """

    speaker: str = ""
    description: str = ""
    verb: str = ""
    unnamed: bool = False
    scare: bool = False


def attribute(text: str, quotes: list[Quote], blocks: list[tuple[int, int]], sentences: list[tuple[int, int, int]]) -> list[Attribution]:
    """Name the speaker of each quotation.

    An attribution is looked for after the quotation, then before it in its sentence; a quotation without one
    continues the speaker of the quotation before it in the same paragraph, or of the paragraph before where it stands
    alone. Pronouns and roles ("the minister") go back to the last fitting name.
    """
    people = _People(text, quotes)
    found: list[Attribution] = []
    for number, quote in enumerate(quotes):
        block = next(((s, e) for s, e in blocks if s <= quote.start < e), (quote.start, quote.end))
        last_block = next(((s, e) for s, e in blocks if s < quote.end <= e), block)
        begin = max([s for s, _, _ in sentences if s <= quote.start], default=block[0])
        before_q = quotes[number - 1] if number else None
        after_q = quotes[number + 1] if number + 1 < len(quotes) else None
        left = max(block[0], before_q.end if before_q and before_q.end > block[0] else block[0])
        right = min(last_block[1], after_q.start if after_q else last_block[1])
        n_words = len(words_of(text[quote.inner_start:quote.inner_end]))
        subject, verb, place = _find(text, quote, left, right, max(begin, left))
        same_block = before_q is not None and before_q.start >= block[0] - 1
        if subject is None and n_words > SCARE_WORDS:
            if same_block and found[-1].speaker and not found[-1].scare:
                subject, place = found[-1].speaker, quote.start
            else:
                subject, place = _context(text, quote, blocks, block, quotes, found, people), quote.start
        if subject is None:
            found.append(Attribution(scare=n_words <= SCARE_WORDS))
            continue
        speaker, unnamed = people.resolve(subject, place, found)
        found.append(Attribution(speaker, " ".join(speaker.split()[:LONGEST_DESCRIPTION]) if unnamed else "", verb, unnamed))
    return found


def _find(text: str, quote: Quote, left: int, right: int, begin: int) -> tuple[str | None, str, int]:
    """Subject and verb of the attribution around a quotation, and where the subject stands."""
    after = text[quote.end:right]
    stop = regex.search(r"[.!?…](?:\s|$)(?<!\b(?:Mr|Mrs|Ms|Dr|St|Sgt|Insp|Bro|\p{Lu})\.\s)|\n", after)
    after = after[:stop.end()] if stop else after
    inner = text[quote.inner_start:quote.inner_end].rstrip()
    ended = inner.endswith((".", "!", "?", "…"))
    if not inner.endswith((".", "…")):
        patterns = [_AFTER_INVERTED] if inner.endswith((",", "!", "?", "—", "–", "-")) or after.lstrip().startswith(",") else []
        patterns += [_AFTER, _WAS_THEIR]
        for match in filter(None, (pattern.match(after) for pattern in patterns)):
            if _is_subject(match["subject"]):
                return match["subject"], match.groupdict().get("verb", "").lower(), quote.end + match.start("subject")
        if match := _ACCORDING.search(after):
            return match["subject"], "according to", quote.end + match.start("subject")
    begin = max(begin, left)
    before = text[begin:quote.start]
    said = [m for m in _BEFORE.finditer(before, overlapped=True) if _is_subject(m["subject"])]
    coordinate = list(_COORDINATE.finditer(before))
    if coordinate and (not said or coordinate[-1].start("verb") >= max(m.start("verb") for m in said)):
        if (match := _LEADING.match(before)) and _is_subject(match["subject"]):
            return match["subject"], coordinate[-1]["verb"].lower(), begin + match.start("subject")
    if said:
        # the last verb, with the longest subject that leads to it
        match = max(said, key=lambda m: (m.start("verb"), -m.start("subject")))
        return match["subject"], match["verb"].lower(), begin + match.start("subject")
    if match := _ACCORDING.search(before) or _LABEL.match(before):
        return match["subject"], "according to" if match.re is _ACCORDING else "", begin + match.start("subject")
    if ended and (match := regex.match(rf"^\s*[—–-]\s*(?P<subject>{_NAME})", text[quote.end:right])):
        return match["subject"], "", quote.end + match.start("subject")
    return None, "", quote.start


def _is_subject(subject: str) -> bool:
    words = subject.casefold().split()
    return bool(words) and words[-1] not in ("and", "or", "but", "that") and not (
        len(words) == 1 and words[0] in _STOP_FIRST and words[0] not in _PRONOUNS and words[0] not in ("one", "his", "her", "their"))


def _context(text, quote, blocks, block, quotes, found, people) -> str | None:
    """The speaker of a quotation without an attribution of its own: whoever the text before it leads to."""
    index = blocks.index(block) if block in blocks else 0
    lead = text[block[0]:quote.start].strip()
    if not lead and index:
        start = blocks[index - 1][0]
        if not text[start:block[0]].rstrip().endswith(":") and found and quotes[len(found) - 1].start >= start and found[-1].speaker:
            return found[-1].speaker
        return people.last_before(quote.start, since=start)
    return people.last_before(quote.start, since=block[0])


class _People:
    """Who is mentioned in a text and where: people by their fullest names, the words beside them, organisations, the unnamed."""

    def __init__(self, text: str, quotes: list[Quote]):
        self.full: dict[str, str] = {}
        self.organisations: list[tuple[int, str]] = []
        for match in _FULL_NAME.finditer(text):
            name = _strip_titles(match.group())
            if set(words_of(name)) & _ORGANISATION or regex.search(r"[’']", name[:-2]) and regex.search(r"s[’']|[’']s ", name):
                self.organisations.append((match.start(), name))
            elif len(name.split()) > 1 and len(name) > len(self.full.get(_last(name), "")):
                self.full[_last(name)] = name
        for match in regex.finditer(r"\b(?:Mr|Mrs|Ms|Mx|Dr|Prof|Madam|Sir|Lady|Lord|Sgt|Insp)\.?\s+(\p{Lu}[\p{L}-]+)", text):
            self.full.setdefault(match[1].casefold(), match[1])
        self.roles: list[tuple[int, str, set[str]]] = []
        self.mentions: list[tuple[int, str]] = []
        for match in regex.finditer(r"\b\p{Lu}[\p{L}’-]+", text):
            name = self.full.get(regex.sub(r"[’']s$", "", match.group()).casefold())
            if name is not None:
                self.mentions.append((match.start(), name))
                before = words_of(text[max(0, match.start() - 60):match.start()])[-6:]
                after = regex.match(r"[’'\p{L}]*,\s+([^,.;]{3,60})[,.;]", text[match.end():match.end() + 80])
                self.roles.append((match.start(), name, {*before, *(words_of(after[1]) if after else [])}))
        inside = [(q.start, q.end) for q in quotes]
        self.unnamed = [(m.start(), m.group()) for m in _UNNAMED.finditer(text) if not any(s <= m.start() < e for s, e in inside)]
        self.groups = [(m.start(), m.group()) for m in _PLURAL.finditer(text) if not any(s <= m.start() < e for s, e in inside)]
        self.mentions = sorted(m for m in self.mentions if not any(s <= m[0] < e for s, e in inside))

    def last_before(self, place: int, *, since: int = 0, unnamed: bool = False) -> str | None:
        """Who was mentioned last before a place, outside quotations."""
        mentions = sorted(self.mentions + self.unnamed) if unnamed else self.mentions
        return next((name for start, name in reversed(mentions) if since <= start < place), None)

    def resolve(self, subject: str, place: int, found: list[Attribution]) -> tuple[str, bool]:
        """Fullest name or description of a subject that stands at `place`, and whether it stays unnamed."""
        bare = regex.sub(r"[’']s$", "", " ".join(subject.split())).strip(" ,.")
        lower = bare.casefold()
        if lower in self.full.values() or bare in self.full.values():
            return bare, False
        if lower in ("he", "she", "his", "her", "who"):
            last = self.last_before(place, unnamed=True)
            return (last, last not in self.full.values()) if last else (bare, True)
        if lower in _PRONOUNS or lower == "their":
            previous = next((a for a in reversed(found) if a.speaker), None)
            return (previous.speaker, previous.unnamed) if previous else (bare, True)
        if lower in ("one", "another", "one of them", "both"):
            group = next((name for start, name in reversed(self.groups) if start < place), None)
            return (f"one of {group[:1].lower()}{group[1:]}" if group else bare), True
        trailing = regex.search(rf"{_NAME}$", bare)
        name = _strip_titles(trailing.group()) if trailing else ""
        first, words = lower.split()[0] if lower else "", words_of(bare)
        possessive = regex.match(r"(?:an?|the)\s.*\b(?:for|of|at|from|in)\s", lower)
        if name and not possessive and _last(name) in self.full:
            return self.full[_last(name)], False
        if first in ("the", "this", "that") and words:
            head = words[-1]
            for start, organisation in reversed(self.organisations):
                said = set(words_of(organisation))
                if start < place and (head in said or head in _COMPANY and said & _FORMS):
                    return organisation, False
            for start, person, role in reversed(self.roles):
                if start < place and head in role and len(set(words) & role) >= min(2, len(words) - 1):
                    return person, False
            for a in reversed(found):
                if a.unnamed and head in words_of(a.speaker):
                    return a.speaker, True
            return bare, regex.search(r"\p{Lu}", bare[1:]) is None
        named = bare[:1].isupper() and not regex.match(rf"(?i:{_DETERMINERS})\b", bare)
        return bare, not named


def _strip_titles(name: str) -> str:
    words = name.replace("\u00a0", " ").split()
    while len(words) > 1 and (words[0].rstrip(".").casefold() in _TITLE_WORDS | _STOP_FIRST):
        words = words[1:]
    return regex.sub(r"[’']s$", "", " ".join(words))


def _last(name: str) -> str:
    return regex.sub(r"[’']s$", "", name.split()[-1]).casefold() if name.split() else ""
