"""English as speakers are read in it: verbs of speech, titles, and the patterns of names, noun
phrases and attributions.
"""

from __future__ import annotations

import regex


def _before(pattern: str) -> regex.Pattern:
    """What may stand before a place: its `match` reads backwards from there, where a search would
    try every beginning.
    """
    return regex.compile(rf"(?r)(?:{pattern})\n?")


# words that turn what follows within so many words, beside all that end in "n't"
NEGATORS = frozenset(
    "not no never neither nor none nobody nothing nowhere without cannot hardly barely scarcely"
    " rarely".split()
)
NEGATION_REACH = 3
VERBS = frozenset(
    "said says say saying told tells telling asked asks asking added adds adding replied replies"
    " wrote writes writing claimed claims claiming insisted insists insisting stated states stating"
    " warned warns warning argued argues arguing explained explains explaining noted notes noting"
    " admitted admits admitting called calls calling joked jokes shouted shouts declared declares"
    " tweeted tweets posted posts announced announces acknowledged acknowledges alleged alleges"
    " asserted asserts boasted boasts commented comments complained complains conceded concedes"
    " concluded concludes confessed confirmed confirms confirming continued continues countered"
    " counters cried cries denied denies denying described describes describing emphasised"
    " emphasized emphasises emphasizes exclaimed fumed grumbled hinted implied implies interjected"
    " lamented laments maintained maintains mentioned moaned mused murmured muttered observed"
    " observes opined pleaded pledged pointed promised promises promising protested quipped read"
    " reads reading reasoned recalled recalls recounted reiterated remarked remarks reminded"
    " reports reported responded responds retorted revealed reveals roared sang scoffed sighed"
    " snapped sneered sniffed sobbed stressed stresses suggested suggests testified testifies"
    " thundered urged urges vowed vows wailed whispered whinged yelled yells screamed bellowed"
    " barked chanted recommended recommends demanded demands ordered predicts predicted branded"
    " brands dubbed dubs labelled labeled labels put puts goes went ran thinks thought believes"
    " signed dismissed dismisses praised condemned hailed blasted slammed accused quoted quoting"
    " cites citing cited answered answers doubted doubts spoke speaks doubt compared compares"
    " likened likens".split()
)
PRONOUNS = {
    "he": "m",
    "she": "f",
    "they": "p",
    "it": "n",
    "i": "1",
    "we": "1",
    "who": "r",
    "you": "2",
}
DETERMINERS = (
    "the|a|an|one|two|three|four|five|several|some|many|another|both|his|her|their|its|our|my"
    "|your|this|that|these|those|each|every|no|"
    "mr|mrs|ms|dr"
)
ABBREVIATED = r"\p{Lu}\.|\p{Lu}\p{L}{1,4}\.(?=[ ]\p{Lu})"  # initials, "Lt.", "Gov."
CONTRACTED = r"(?i:i|you|he|she|we|they|it|that|there|who|what|let|here)[’'](?:m|ve|d|ll|re|s)\b"
NAME = (
    rf"(?!{CONTRACTED})(?:\p{{Lu}}[\p{{L}}’'-]*\.?)(?:["
    r" \u00a0]+(?:(?:of|de|da|del|van|von|der|al|bin|ap|la|the)[ ]+)?"
    rf"(?:{ABBREVIATED}|\p{{Lu}}[\p{{L}}’'-]+)){{0,7}}"
)
_SOURCES = (
    r"(?:people|sources|officials|police|witnesses|residents|analysts|experts|critics"
    r"|supporters|prosecutors|authorities|investigators|insiders)"
    r"(?:[ ](?:familiar|briefed|close|involved)[ ](?:with|on|to|in)[ ][^,.;:“”\"]{3,60}?)?"
)
NOUN_PHRASE = (
    rf"(?:{_SOURCES}|(?:{DETERMINERS})\b(?:["
    r" ]+(?!(?:said|says|told|who|which|that)\b)[\p{L}\d’'-]+\.?){1,14}?(?:[ ]who["
    r" ][^,.;:“”\"]{2,50}?)?)"
)
ANY_VERB = "|".join(sorted(VERBS, key=len, reverse=True))
# somebody's: "Anna Mark’s lawyer", "Tully's sister Bev"
OWNED = (
    rf"{NAME}(?<=[’']s|s[’'])(?:["
    rf" ](?!(?:{ANY_VERB}|has|had|is|was|who|also)\b)\p{{Ll}}[\p{{L}}’-]*){{1,5}}?(?:[ ]{NAME})?"
)
SUBJECT = (
    rf"(?:{OWNED}|{NAME}|(?i:{NOUN_PHRASE})|(?i:he|she|they|it|i|we|you|who|one of"
    r" them|one|another|both)\b)"
)
ADVERB = (
    r"(?:[’'](?:d|ll|ve|s|re|m)\b)?(?:["
    r" ]+(?:\p{Ll}+ly|then|also|later|had|has|have|once|only|just|even|still|never|would"
    r"|will|who|is|was|did|"
    r"does|not))*"
)
PARTY = r"(?:[ ]\([^()]{1,40}\))?"  # (Lab, Hull)
# "X, who last week replied"
WHO = (
    r"(?:,?[ ]who(?:["
    r" ](?:\p{Ll}+ly|last|this|week|month|year|once|later|then|also|has|had|is|was))*)?"
)
AFTER_INVERTED = regex.compile(
    rf"^[\s,—–-]*(?P<verb>{ANY_VERB}|\p{{Ll}}{{3,}}ed)["
    rf" ]+(?P<subject>{OWNED}(?=[,.;:—–]|\s*$)|{NAME}|"
    rf"(?i:{NOUN_PHRASE})(?=[,.;:—–]|\s+(?:who|in|on|at|after|as|when|with|told|of)\b|\s*$)"
    rf"|(?:\p{{Ll}}+["
    rf" ]+){{1,5}}{NAME}|"
    rf"(?i:he|she|they|it|i|we)\b)(?:,(?P<beside>[^,;:“”\"]{{2,60}})(?=[,;]|\.?\s*$))?"
)
SUBJECT_AFTER = (
    r"^[\s,—–-]*(?:as["
    rf" ]+)?(?P<subject>{SUBJECT}){PARTY}"
    rf"(?:,(?P<beside>[^,;:“”\"]{{1,90}})(?:,[^,;:“”\"]{{1,90}})?,)?{WHO}"
    rf"{ADVERB}[ ]+"
)
AFTER = regex.compile(rf"{SUBJECT_AFTER}(?P<verb>{ANY_VERB})\b")
AFTER_ED = regex.compile(rf"{SUBJECT_AFTER}(?P<verb>\p{{Ll}}{{2,}}ed)\b")
ACCORDING = regex.compile(
    r"\b[Aa]ccording to["
    rf" ]+(?P<subject>{OWNED}(?=[,.;:—–“\"]|\s*$)|{NAME}|(?i:{NOUN_PHRASE})(?=[,.;:—–“\"]|\s*$))"
)
BEFORE = regex.compile(
    rf"(?<![\p{{L}}\d’'-]|\p{{Lu}}\.)(?P<subject>{SUBJECT}){PARTY}(?:,(?!"
    rf" and)(?P<beside>[^,;“”\"]{{1,110}})(?:,[^;“”\"]{{2,110}}?)?,)?{WHO}"
    rf"{ADVERB}[ ]+(?P<verb>{ANY_VERB})\b"
)
BEHIND_SPACE = regex.compile(r"[ ](\w+)")
LABEL = regex.compile(
    rf"^\s*(?P<subject>{OWNED}|{NAME}"
    rf"|(?i:{NOUN_PHRASE})){PARTY}(?:,(?P<beside>[^“”\".,]{{0,80}})(?:,[^“”\".]{{0,80}})?)?"
    r"\s*:\s*$"
)
LEADING = regex.compile(rf"^\s*(?P<subject>{SUBJECT})\b")
COORDINATE = regex.compile(rf"\b(?:and|but)(?:[ ]\p{{Ll}}+ly)?[ ]+(?P<verb>{ANY_VERB})\b")
WAS_THEIR = regex.compile(r"^[\s,]*(?:was|were|is)[ ]+(?P<subject>his|her|their)\b")
FULL_NAME = regex.compile(
    r"\b(?:\p{Lu}[\p{L}’'-]+|\p{Lu}\.)(?:[ \u00a0]+(?:\p{Lu}\.|\p{Lu}[\p{L}’-]+)){1,5}"
)
TITLE_WORDS = frozenset(
    "mr mrs ms mx dr prof professor sir dame lord lady president minister secretary senator"
    " governor mayor chief inspector insp sgt sergeant captain capt general colonel judge justice"
    " chancellor king queen prince princess pope bishop father sister brother bro madam madame"
    " detective superintendent supt spokesman spokeswoman director deputy former acting prime"
    " foreign union harbour harbor ports port docker boss leader sen gov rep representative gen col"
    " lt maj cmdr officer pc rev cllr councillor councilman councilwoman congressman"
    " congresswoman".split()
)
ORGANISATION = frozenset(
    "authority inspectorate ministry department league union wire college university school company"
    " inc ltd plc corp llc group council party court committee commission association office police"
    " agency house senate congress parliament government administration club church bank institute"
    " society federation board bureau service services news times post journal herald courier"
    " gazette lifting industries holdings quay harbour harbor street road avenue square hospital"
    " station city port county state states nations workers residents building bridge tower park"
    " committee army navy force press division foundation center centre magazine review radio"
    " television channel forces military republicans democrats".split()
)
ANYBODY = frozenset(  # who stays unnamed although a sentence begins with a capital
    "officials critics sources experts analysts police witnesses residents prosecutors researchers"
    " scientists records documents reports polls studies observers supporters opponents organisers"
    " organizers protesters investigators authorities economists lawyers doctors neighbours"
    " neighbors workers teachers parents students voters campaigners activists insiders aides"
    " advisers leaders figures statistics friends relatives colleagues others some many most"
    " pundits historians surveys accounts".split()
)
COMPANY = frozenset("company firm builder builders maker manufacturer contractor operator".split())
FORMS = frozenset("inc ltd plc corp llc co gmbh".split())
_SOMEBODY = (
    r"\b(?:an?|one|another)[ ]+(?:[\p{L}-]+["
    r" ]+){0,2}?(?:man|woman|official|source|person|spokesman|spokeswoman|spokesperson"
    r"|docker|worker|"
    r"resident|neighbou?r|witness|colleague|fitter|driver|engineer|lawyer|diplomat|aide"
    r"|adviser|advisor|officer|employee|reporter|teacher|nurse|"
    r"doctor|student|voter|protester|expert|analyst|mother|father|widow|survivor)\b(?:[ ]+who["
    r" ]+[^,.;:“”\"]{3,40})?"
)
# behind a comma only if they speak: else they stand beside a name
UNNAMED = regex.compile(
    rf"\b(?=(?:an?|one|another)[ ])(?:(?<!,\s){_SOMEBODY}|"
    rf"{_SOMEBODY}(?=[ ](?:said|says|told|tells|claimed|added|insisted|warned)\b))"
)
PLURAL = regex.compile(
    r"\b(?:two|three|four|five|six|several|some|many|both)[ ]+(?:of[ ]+the[ ]+)?(?:[\p{L}-]+["
    r" ]+){0,3}?"
    r"(?:people|men|women|officials|sources|dockers|workers|residents|neighbou?rs|witnesses"
    r"|colleagues|officers|employees|"
    r"lawyers|diplomats|aides|advis[eo]rs|experts|analysts|engineers|drivers|ministers"
    r"|executives|insiders|traders)\b"
    r"(?:[ ]+(?:familiar|briefed|close|involved)[ ][^,.;:“”\"]{3,40}?(?=["
    r" ](?:said|say|told)\b|[,.]))?",
    regex.IGNORECASE,
)
INITIALS = regex.compile(r"(?:\p{Lu}\.){2}$")  # U.S.
POSSESSIVE = "’s", "'s"
OF_SOMEBODY = regex.compile(r"s[’']|[’']s ")
OWNER = regex.compile(r"[\p{L} ]+[’']s (?=\p{Lu}[\p{Ll}-]+ \p{Lu})")  # "Labour's Ada Orr"
CAPITALISED = regex.compile(r"\b\p{Lu}[\p{L}’-]+")
BESIDE = regex.compile(r"[’'\p{L}]*,\s+([^,.;]{3,60})[,.;]")
NOT_WHITE = regex.compile(r"\S")
SINCE_BREAK = regex.compile(r"(?r)(?:(?!\b(?:that|and|but|said)\b)[^.;:“”\"])*")
DETERMINED = regex.compile(rf"(?i:{DETERMINERS})\b")
OF_OTHERS = regex.compile(rf"(?i:{DETERMINERS})\s.*\b(?:for|of|at|from|in|to|on|with)\s")
TRAILING_NAME = regex.compile(rf"{NAME}$")
SIGNED = regex.compile(rf"\s*[—–-]\s*(?P<subject>{NAME})")
NO_TITLES = frozenset(
    "former acting prime foreign union harbour harbor ports port docker boss leader".split()
)  # of places and bodies too
TITLE = "|".join(word.capitalize() for word in sorted(TITLE_WORDS - NO_TITLES)) + "|PC"
TITLES_BEGIN = frozenset(title[:2] for title in TITLE.split("|"))
TITLED = regex.compile(rf"(?:{TITLE})\b")
ONLY_NAME = regex.compile(rf"(?:(?:{TITLE})\.?[ ]+)*(?P<name>{NAME})\.?")
_BYLINE = r"(?:^|[\n|])\s*(?:\p{Lu}\p{Ll}+[ ])?[Bb][Yy]:?[ ]+"
BYLINE = _before(_BYLINE)
# what stands before a person's name: a title, "said", "called by", "her husband", "Its president,",
# "volunteer"
SPOKEN_BY = (
    r"\b(?:said|says|added|adds|explained|recalled|replied|insisted|warned|argued|joked)|\p{Ll}ed"
    r" by|(?i:according to)"
)
RELATION = (
    r"(?:\b(?i:its|his|her|their|my|our)|[’']s)(?:["
    r" ][\p{L}-]+){1,3}(?<!\b(?:of|in|at|for|from|to|by|on|near|and|with)),?|"
    r"\b(?i:the)(?:[ ][\p{L}-]+){1,4},"
)
TRADE = (
    r"\b(?!(?i:former|after|under|over|never|other|whether|however|rather|either"
    r"|river)\b)\p{L}{3,}(?:er|or|ist|man|woman)"
)
_AS_PERSON = (
    rf"(?:(?<!\p{{L}})(?:{TITLE})\.?|{SPOKEN_BY}|{RELATION}|{TRADE})(?:["
    r" ]\p{Lu}\p{L}*[’']s)?[ ]"
)
BEHIND = _before(
    rf"(?P<byline>{_BYLINE})|(?P<place>\b(?:[Ii]n|[Aa]t|[Nn]ear)[ ](?:the["
    rf" ])?)|(?P<person>{_AS_PERSON})|"
    r"(?P<preposition>\b(?i:from|to|for|of|the)[ ])"
)
# what follows a person's name: an age or "who"; for a name of several words any verb or apposition,
# for a single word speech or an aside
HUMAN = regex.compile(rf"{PARTY},[ ](?:\d{{1,3}}[,.;]|(?:who|whose)\b)")
ASIDE = r",[^,.;:“”\"]{2,80},"
SPEECH = (
    "said|says|told|tells|added|adds|asked|asks|insisted|insists|explained|replied|wrote"
    "|writes|thought|thinks|admitted|joked|"
    "laughed|shrugged|smiled"
)
SPEAKS = regex.compile(
    rf"{PARTY}(?:{ASIDE}[ ]\p{{Ll}}+(?:s|ed)\b|(?:{ASIDE})?{ADVERB}[ ]+(?:{SPEECH})\b)"
)
ACT = (
    r"is|was|has|had|did|does|will|would|could|may|might|can|must|isn[’']t|wasn[’']t|didn[’']t"
    r"|left|came|took|met|gave|got|won|lost|made|"
    r"saw|knew|felt|sat|stood|rose|beat|fell|kept|heard|found|held|led|became|began|chose|grew"
    r"|sent|sold|taught|wore"
)
DOES = regex.compile(
    rf"{PARTY}(?:,[ ](?:an?|the|his|her|my|their|its)\b|(?:{ASIDE})?{ADVERB}["
    rf" ]+(?:{ANY_VERB}|{ACT}|\p{{Ll}}{{2,}}ed)\b)"
)
SUBORDINATE = regex.compile(
    r"\b(?:that|if|because|when|while|whether|than|though|although)[ ](?:(?:\p{Lu}\p{L}*\.?|the)["
    r" ]){0,2}$"
)
OBJECT = regex.compile(
    rf"\b(?:told|tells|asked|to|with|against|about|of|toward|towards|over)[ ](?:(?:{TITLE})\.?["
    r" ]|\p{Lu}\p{L}*[ ]|the[ ]){0,2}$"
)
TRAILS = regex.compile(
    r",[ ](?P<verb>saying|adding|writing|calling|telling|tweeting|declaring|insisting"
    r"|warning|arguing|claiming|noting|describing)\b"
    r"(?=[^,.;:“”\"]{0,60}[,:]?\s*$)"
)
SMALL = regex.compile(r"\b\p{Ll}+\b")
STOP_FIRST = frozenset(
    "the a an but and or when while if as in on at by for with after before then so yesterday today"
    " monday tuesday wednesday thursday friday saturday sunday asked his her their its our my this"
    " that these those it he she they we i not no yes republican republicans democrat democratic"
    " liberal conservative american british catholic there here what who why how where also still"
    " even only just now however meanwhile instead moreover furthermore nevertheless nonetheless"
    " although though because since until unless despite perhaps maybe should would could can do"
    " does did has have is are was were whether under over during between nearly".split()
)
NO_NAME = (
    ORGANISATION
    | STOP_FIRST
    | frozenset(
        "nan gran granny grandad mum mom dad you everyone everybody nobody somebody someone anyone"
        " people each both some many most all one two three another nothing january february march"
        " april may june july august september october november december".split()
    )
    | TITLE_WORDS
)
PREPOSITIONS = frozenset("for of at from in to on with".split())
NO_PERSON = (
    ORGANISATION
    | COMPANY
    | frozenset(
        "report letter statement document paper newspaper email post note article missive".split()
    )
)
