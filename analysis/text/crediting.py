"""How articles give credit: words that end outlets' names, the phrases around them, and the lines
of agencies, helpers and rights.
"""

from __future__ import annotations

import re

import regex

from analysis.text.lists import either, english_words

WORD = re.compile(r"[A-Z]\w*")  # `re` scans for it in half the time
WORD_OR_DPA = re.compile(r"[A-Z]\w*|\bdpa\b")  # the one agency in small letters
WORD_BEFORE = regex.compile(
    r"(?<=(?<![\w.’'-])(?P<word>\p{Lu}[\w&-]{0,24}|\p{Lu}\p{Ll}{0,2}\.|(?:\p{Lu}\.){2,4}|&)[ ])"
)
# the last words of outlets' names; those of the second set name other things too, those of the
# third need no "the" before them
HEADS, WEAK = english_words("outlet_ends"), english_words("outlet_ends_too")
BARE = english_words("outlet_ends_bare")
SHORT = HEADS - english_words("outlet_ends_never")
NO_PART = english_words("no_outlets")
NO_OUTLET = regex.compile(
    r"(?<!Free )Press$|Federal Register|Medical Examiner|Congressional"
    r" Record|^(?:Breaking|Fake|Good|Bad|Big|Top|Latest|Local|"
    r"More|Other|Related|Cable|Network|National Cash)[ ]\p{L}+$"
    r"|^(?:Evening|Public|World)[ ](?:Magazine|Mail|News|Press|Radio|Record|Star|TV)$"
)
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\p{Ll}*\b"

# --- sentences that credit an outlet ---

_FEW = r"(?:,?[ ][\w’'-]{1,20}){0,3}"
_WHEN = (
    r"(?:[ ](?:first|out|earlier|late|early|this|last|week|month|year|spring|summer|fall|autumn"
    rf"|winter|today|recently|yesterday|online|published|that[ ]appeared|on|{_DAY})){{0,4}}"
)
_MADE, _PIECES = either(english_words("produced")), either(english_words("pieces"))
_CUE = (
    r"\b(?:tell|tells|telling|told)"
    r"|\b(?i:according[ ]to)"
    rf"|\b(?P<sure>reported|published){_WHEN}[ ](?:by|in|on)"
    rf"|\b(?:{_MADE}|{_PIECES}){_WHEN}[ ](?:by|in|from|on)"
    rf"|\b(?:{_PIECES}){_WHEN}[ ](?:for|at)"
    rf"|\b[Ii]nterview(?:s|ed)?{_FEW}[ ](?:with|by|for|on)"
    rf"|\b(?:[Ss]tatements?|e-?mail|[Cc]omments?|[Rr]emarks|[Ss]poke|[Ss]peaking|[Tt]alking"
    rf"|talked|confirmed|disclosed|acknowledged|admitted|"
    rf"explained|denied|leaked|provided|released|described|said){_FEW}[ ](?:to|with)"
    rf"|\b(?:gave|given|sent|claims?|claimed){_FEW}[ ]to"
    rf"|\b(?P<on>said|says|saying|stated|[Aa]ppear(?:ed|ing|ance)|spoke|[Ss]peaking|argued"
    rf"|asked|added|admitted|insisted|declared|told){_FEW}[ ]on"
    rf"|\b(?:wrote|writes|[Ww]riting|written|argued){_FEW}[ ]in"
    r"|\bbroken[ ]by"
    r"|\b(?:[Cc]iting|cited|cites|[Qq]uoting|quoted|quotes|[Pp]er|[Vv]ia|H/T:?|[Hh]at[ ]tip:?)"
    r"|\b(?P<inverted>said|says|reports|reported|writes|wrote|notes|noted|adds|added|explains)"
    r"|\b(?:[Cc]lick[ ](?:here[ ])?(?:for|to[ ]read)[ ]more|[Rr]ead[ ]more)[ ](?:from|at|on|in)"
)
_MEDIUM = (
    rf"(?:(?:{either(english_words('media'))}"
    r"|\p{Lu}\p{Ll}{2,10}(?:an|ish|ese|[’']s))[ ]){0,4}"
)
# "told Ada Orr of the Tesmere Herald"
_THEIRS = (
    r"(?P<theirs>\p{Lu}[\p{L}.’'-]{1,20}(?:[ ]\p{Lu}[\p{L}.’'-]{0,20}){1,3}"
    r"[ ](?:of|from|at|for)[ ])?"
)
LEFT = regex.compile(
    rf"(?<=(?P<cue>{_CUE})[ ]{_THEIRS}(?:an?[ ]|[Tt]he[ ]|{_DAY}[’']s[ ])?{_MEDIUM}[“\"‘']?)"
)
CLAUSE_END = regex.compile(
    r"(?:[’']s)?(?:[ ]\p{Lu}[\p{L}.’-]+){0,3}(?:[.,;:)—–](?!\w)|[ ][—–-]|\s*$|["
    r" ](?:that|earlier|last|this|on|in)\b)",
    regex.MULTILINE,
)
JOINED = regex.compile(r"[-–/&]\p{L}")
NAME_AFTER = regex.compile(
    r"[ ](?:of[ ]|and[ ]\p{Lu}\p{Ll}+["
    rf" ](?:Co|Inc)\b)?(?!{_DAY}|{_MONTH}|(?:I|He|She|They|It|We)\b)\p{{Lu}}"
)
AND = regex.compile(
    rf"(?:,|,?[ ](?:and|or|&)|[ ]?/|-)[ ]?(?:(?:to|with|by|in|on)[ ])?(?:an?[ ]|the[ ])?{_MEDIUM}"
)
_ADVERB = (
    r"(?:[ ](?:has|had|have|also|first|itself|just|long|previously|since|later|then|earlier"
    r"|recently|once|on|last|this|week|month|year|is|was|were|are|(?:the[ ])?first[ ]to|in"
    rf"|\p{{Ll}}{{2,15}}ly|{_DAY}|{_MONTH}|\d\d?)){{0,5}}"
)
_PIECE = rf"(?:{_PIECES}|exit[ ]polls?|Polls?|Surveys?)\b"
_NO_REPORT = (
    r"(?![ ](?:for[ ](?:duty|work)|to["
    r" ]work|(?:(?:an?|its|their|net|record|strong|higher|lower)[ ])*"
    r"(?:profit|loss|earnings|revenue|quarterly|circulation)))"
)
_NO_LINK = r"(?!(?:\p{Ll}+ed|an|and|or|as|by|for|to|in|of|on|with|this|that|the|is|was|has|had)\b)"
# what may stand between an outlet and its verb of reporting: "CNN, however, reported", "the Post
# (a daily) reported", "the Post's science desk reported", "CBS News in Oslo reports"
_ASIDE = (
    r"(?P<aside>,[ ](?:citing|quoting)[ ][^.\n;]{1,90}?,[”\"]?"
    r"|,[ ](?!and\b|or\b|but\b|who\b)[^.,\n;:“”\"]{1,60},|[ ]\([^()\n.]{1,60}\)"
    r"|[ ]in[ ]\p{Lu}\p{L}+(?:[ ]\p{Lu}\p{L}+)?"
    rf"|[’']s?(?:[ ]{_NO_LINK}\p{{Ll}}[\p{{Ll}}-]{{1,15}}){{1,2}})?"
)
RIGHT = regex.compile(
    r"(?:\.com)?(?:"
    rf"(?:(?P<person>[’']s?(?:[ ](?:and[ ])?\p{{Lu}}[\p{{L}}.’'-]{{0,20}}){{1,7}})?"
    r"(?:[ ]in[ ]\p{Lu}\p{L}+)?"
    rf"(?:,[ ](?:citing|quoting|which|in|the|a)[ ][^.\n;“”\"]{{1,90}}?,)?|{_ASIDE}|"
    r"(?P<relative>,?[ ](?:which|that)))"
    rf"{_ADVERB}"
    rf"(?:[ ](?P<report>report|reports|reported|reporting){_NO_REPORT}\b"
    rf"|[ ](?P<did>{either(english_words('outlet_verbs'))}|pointed[ ]out"
    r"|broke[ ](?:the[ ])?(?:story|news))\b"
    r"|(?(aside)(?!))(?(relative)(?!))[ ](?P<weak>spoke[ ](?:to|with)|interviewed|"
    rf"(?:{either(english_words('outlet_says'))})\b(?!["
    r" ](?:it|its|in[ ]a[ ]statement|they|he|she)\b)))"
    r"|(?:[’']s?|[/-]\p{Lu}[\w ]{1,45}?)?"
    rf"(?:[ ]{_NO_LINK}\p{{Ll}}[\p{{Ll}}-]{{1,15}}){{0,2}}["
    rf" ](?P<piece>{_PIECE})|(?P<label>:[ ]?[“\"])|(?P<citing>,[ ]citing[ ]))"
)
OPENS = regex.compile(r"(?<=^|[\n.!?”\"][ \n]|\n)")

# how names of agencies end that no list has
AGENCY_NAME = regex.compile(r"\b(?:(?:News|Press)[ ](?:Agency|Service)|Newswires?|Wire)$")
NEWS_BEFORE = ("News ", "Press ")
BROADCASTER_NAME = regex.compile(r"\b(?:TV|Television|Radio|Broadcasting|Network)$")

# --- lines ---

PLACE = regex.compile(
    r"[\s*•—–-]*(?:\p{Lu}[\w.’'/-]{0,30}(?:,?["
    r" ](?:(?:\p{Lu}|\d)[\w.’'/-]{0,30}|of|de|la|the|al-\p{Lu}\w{0,30})){0,8},?[ ]*)?"
)
DASH = regex.compile(r"\s{0,2}[-—–]")
CAPITAL = regex.compile(r"[ ]{1,2}[“\"‘']?\p{Lu}")
LINE_END = regex.compile(
    r"(?:[ ](?:[Ss]taff|[Ww]riters?|[Rr]eporters?|[Cc]orrespondents?))*[ \t.]*(?=[\r\n]|$)"
)
_PEOPLE = r"\p{Lu}[\p{L}.’'-]{0,20}(?:,?[ ](?:and[ ])?\p{Lu}[\p{L}.’'-]{0,20}){1,7}"
BYLINE = regex.compile(
    rf"[\s•—–-]*(?P<by>(?:By|BY|by|From|FROM|Source:)[ ]+)?(?:{_PEOPLE}(?:,|[ ]?[|/—–-]|[ ]of|["
    r" ]for)[ ]?)?(?:[Tt]he[ ]|THE[ ])?"
)
PHOTO_AFTER = regex.compile(
    r"[ ](?:Photos?\b|PHOTOS?\b|Pool[ ]Photo\b|photo:)(?:[ ]?/[ ]?[^()\n|]{1,60}(?=\)))?"
)
_OF_A_NAME = (
    r"(?:\p{Lu}\.?|(?!(?:Images|Photos?|Next|Previous|An|The|AFP|AP|Reuters|Landov"
    r"|In|On)\b)\p{Lu}[\p{L}’'-]{1,20})"
)
PHOTO_BEFORE = regex.compile(
    rf"(?<=(?P<lead>(?:{_OF_A_NAME}[ ]){{1,3}}\p{{Lu}}[\p{{L}}’'-]{{1,20}}[ ]?(?:/["
    r" ]?(?:AFP|Pool|POOL|FILE|EPA|Reuters|AP)[ ]?)?/[ ]?|\|[ ]|"
    r"\p{L}\p{Ll}{1,20}[ ]via[ ]))"
)
PHOTO_END = regex.compile(
    r"(?!(?:/\p{Lu}\w*(?:[ ]\p{Lu}\w*){0,3})?[ ](?:[Pp]olls?|[Ss]urveys?)\b)"
    r"(?:/\p{Lu}[\w ]{1,20})?(?:[ \t]*(?:[)\r\n]|$)|[ ](?!Poll|Survey|News)\p{Lu})"
)
PHOTO = regex.compile(
    r"\((?:FILE[ ])?(?:Photo|PHOTO|Photograph|Image|Picture)s?(?:[ ][Cc]redit|[ ][Cc]ourtesy)?(?:["
    r" ]by|:|[ ]of)[ ]?(?P<name>[^()\n]{2,90})\)"
    r"|\b(?:Photo|Image|Picture)s?(?:[ ](?:[Cc]redit|[Cc]ourtesy)(?:[ ]of)?:?|[ ](?:by|via))[ ]"
    r"(?P<name>\p{Lu}[\p{L}’'-]{0,20}(?:(?:[ ]|[ ]?[/,]["
    r" ]?)(?:\p{Lu}\.|\p{Lu}[\p{L}’'-]{0,20})){0,6})"
)
FIRST = regex.compile(r"[^,/|]*")
RIGHTS = regex.compile(
    r"(?:(?P<mark>(?:(?i:copyright)[ ])?©(?:[ ](?i:copyright)\b)?|(?i:copyright)["
    r" ]?\([cC]\))|\b(?i:copyright)|\([cC]\)(?=[ ]?\d{4}))[ ,]{0,2}"
    r"(?:(?P<year>\d{4}(?:[ ]?[-–][ ]?\d{2,4})?)[ ,]{0,2})?(?:(?i:by)[ ])?"
    r"(?P<name>(?:[Tt]he[ ]|THE[ ])?(?!All\b|BY\b)\p{Lu}[\w’'&-]{0,30}(?:\.\w{1,20})?(?:["
    r" ](?:(?!All\b)\p{Lu}[\w’'&-]{0,30}(?:\.\w{1,20})?|of|and|&|de|la)){0,6})"
    r"(?:,?[ ](?:LLC|Inc|Ltd|Corp|LP|L\.P|L\.L\.C)\b\.?)?(?:[.,]?[ ]?(?i:all[ ]rights["
    r" ]reserved)\.?(?:[ ]This[ ]material[ ]may[ ]not[ ]be[ ][^.\n]{1,120}\.)?)?"
)
COMPANY = regex.compile(r",?[ ](?:LLC|Inc|Ltd|Corp|LP|Digital Network|Company|Co)\.?$")

# --- who helped ---

_ARTICLE = (
    r"(?:this|the|that|these|those)[ ](?:\p{Ll}+["
    r" ])?(?:report|story|article|post|piece|analysis|dispatch|column|reporting|stories|reports)\b"
)
CONTRIBUTED = regex.compile(
    r"[ ]contributed(?:[ ](?:additional[ ]|data[ ])?(?:reporting|research)\b(?:[ ](?:to|for)["
    rf" ]{_ARTICLE})?(?:[ ]from[ ]\p{{Lu}}[^\n.;:]{{1,60}})?"
    rf"|[ ](?:to|for)[ ]{_ARTICLE}|(?P<bare>(?=[ \t.)]*(?:[\r\n]|$))))"
)
_NAMES = (
    r"(?P<names>(?:[^\n;:().]|(?<=\b\p{Lu})\.){3,200}?)(?=[\n;:()]|(?<!\b\p{Lu})\.|$|[ ]was[ ]|["
    r" ]were[ ])"
)
_OPENS = r"(?:^|[\n(]|[.!?”\"][ ]|[—–-][ ]?)"
REPORTING_BY = regex.compile(
    rf"(?<=\b(?P<lead>(?:[Ww]ith[ ])?[Aa]dditional[ ]r)|{_OPENS}(?P<lead>With[ ]r|R))eporting(?:["
    rf" ]by|:)[ ]{_NAMES}"
)
CONTRIBUTING = regex.compile(rf"(?<={_OPENS}(?P<lead>))Contributing:[ ]{_NAMES}")
FILES_FROM = regex.compile(
    rf"(?<=\b(?P<lead>(?:contains|includes|uses)[ ](?:information|material|reporting|content))|"
    rf"{_OPENS}(?P<lead>With["
    r" ](?:files|reports|reporting|material)|(?P<used>Information|Material|Reporting|Some["
    r" ]information)))"
    rf"[ ]from[ ]{_NAMES}(?(used)[ ]w(?:as|ere)[ ](?:also[ ])?(?:used|included))"
)
SENTENCE_END = regex.compile(r"(?:(?<!\b\p{Lu}|\b[JS]r)[.!?]|[”\"])[ ]+(?=[\p{Lu}•—–-])")
SEVERAL = regex.compile(r",?[ ]and[ ]|[,;&][ ]?")
PERSON = regex.compile(
    r"(?:\p{Lu}[\p{L}’'-]{1,24}|\p{Lu}\.(?:\p{Lu}\.)?)(?:["
    r" ](?:\p{Lu}[\p{L}’'-]{0,24}\.?|de|van|von|al|bin|el|der|la)){1,4}"
)
ROLE = regex.compile(
    r".*\b(?:[Ee]ditors?|[Rr]eporters?|[Cc]orrespondents?|[Ww]riters?|[Pp]roducers?"
    r"|[Cc]olumnists?|[Aa]nalysts?|[Dd]irectors?)\b"
)
ELSEWHERE = regex.compile(r"[ ](?:in|from|at|of|with|on)[ ].*")
