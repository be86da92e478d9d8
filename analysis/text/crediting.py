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
    r"More|Other|World|Related|Cable|Network|Evening|National Cash|Public)[ ]\p{L}+$"
)
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\p{Ll}*\b"

# --- sentences that credit an outlet ---

_FEW = r"(?:,?[ ][\w’'-]{1,20}){0,3}"
_WHEN = (
    rf"(?:["
    rf" ](?:first|out|earlier|late|early|this|last|week|month|year|today|recently|yesterday"
    rf"|online|published|that["
    rf" ]appeared|on|"
    rf"{_DAY})){{0,4}}"
)
_MADE = either(english_words("produced", "pieces"))
_CUE = (
    r"\b(?:tell|tells|telling|told)"
    r"|\b(?i:according[ ]to)"
    rf"|\b(?P<sure>reported|published){_WHEN}[ ](?:by|in|on)"
    rf"|\b(?:{_MADE}){_WHEN}[ ](?:by|in|from|on)"
    rf"|\b[Ii]nterview(?:s|ed)?{_FEW}[ ](?:with|by|for|on)"
    rf"|\b(?:[Ss]tatements?|e-?mail|[Cc]omments?|[Rr]emarks|[Ss]poke|[Ss]peaking|[Tt]alking"
    rf"|talked|confirmed|disclosed|acknowledged|admitted|"
    rf"explained|denied|leaked|provided|released|described|said){_FEW}[ ](?:to|with)"
    rf"|\b(?:gave|given|sent|claims?){_FEW}[ ]to"
    rf"|\b(?:said|says|saying|stated|[Aa]ppear(?:ed|ing|ance)|spoke|[Ss]peaking|argued"
    rf"|asked|added|admitted|insisted|declared){_FEW}[ ]on"
    rf"|\b(?:wrote|writes|[Ww]riting|written|argued){_FEW}[ ]in"
    r"|\b(?:[Cc]iting|cited|cites|[Qq]uoting|quoted|quotes|[Pp]er|[Vv]ia|H/T:?|[Hh]at[ ]tip:?)"
    r"|\b(?P<inverted>reports|reported|writes|wrote|notes|noted|adds|added|explains)"
    r"|\b(?:[Cc]lick[ ](?:here[ ])?(?:for|to[ ]read)[ ]more|[Rr]ead[ ]more)[ ](?:from|at|on|in)"
)
_MEDIUM = (
    rf"(?:(?:{either(english_words('media'))}|\p{{Lu}}\p{{Ll}}{{2,10}}(?:an|ish|ese))[ ]){{0,4}}"
)
LEFT = regex.compile(rf"(?<=(?P<cue>{_CUE})[ ](?:an?[ ]|[Tt]he[ ])?{_MEDIUM}[“\"‘']?)")
CLAUSE_END = regex.compile(
    r"(?:[’']s)?(?:[ ]\p{Lu}[\p{L}.’-]+){0,3}(?:[.,;:)—–]|[ ][—–-]|\s*$|["
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
    rf"(?:["
    rf" ](?:has|had|have|also|first|previously|since|later|then|earlier|recently|once|on"
    rf"|last|this|week|month|year|is|was|were|are|"
    rf"the[ ]first[ ]to|in|\p{{Ll}}{{2,15}}ly|{_DAY}|{_MONTH}|\d\d?)){{0,5}}"
)
_PIECE = rf"(?:{either(english_words('pieces'))}|exit[ ]polls?)\b"
_NO_REPORT = (
    r"(?![ ](?:for[ ](?:duty|work)|to["
    r" ]work|(?:(?:an?|its|their|net|record|strong|higher|lower)[ ])*"
    r"(?:profit|loss|earnings|revenue|quarterly|circulation)))"
)
_NO_LINK = r"(?!(?:and|or|as|by|for|to|in|of|on|with|this|that|the|is|was|has|had)\b)"
RIGHT = regex.compile(
    r"(?:\.com)?(?:"
    r"(?P<person>[’']s?(?:[ ]\p{Lu}[\p{L}.’'-]{0,20}){1,4})?(?:,["
    rf" ](?:citing|quoting|which|in|the|a)[ ][^.\n;“”\"]{{1,90}}?,)?{_ADVERB}"
    rf"(?:[ ](?P<report>report|reports|reported|reporting){_NO_REPORT}\b"
    rf"|[ ](?:{either(english_words('outlet_verbs'))}|pointed[ ]out)\b"
    rf"|[ ](?P<weak>{either(english_words('outlet_says'))})\b(?!["
    r" ](?:it|its|in[ ]a[ ]statement|they|he|she)\b))"
    rf"|(?:[’']s?|/\p{{Lu}}[\w ]{{1,25}}?)?(?:[ ]{_NO_LINK}\p{{Ll}}[\p{{Ll}}-]{{1,15}})?["
    rf" ](?P<piece>{_PIECE})|(?P<label>:[ ]?[“\"]))"
)

# --- sentences that credit an outlet by what it is: "the wire service reported", "according to the
# newspaper" ---

_OUTLET_NOUN = (
    r"(?P<sure>wire[ ]service|news["
    r" ]agency|newspaper|magazine)|paper|daily|weekly|tabloid|broadcaster|network|publication|"
    r"(?P<agency>agency)"
)
_DID = english_words("printed") - {"broke", "prints", "publishes"}  # a paper may do these too
_FOUND = (
    rf"(?:{either(_DID)}|dug[ ]up|quoted|cited"
    r"|(?P<weak>said|says|found|finds|added|adds|noted|notes))\b"
    r"(?![ ](?:it|its|they)[ ](?:is|was|has|had|would|will|are|were)\b|"
    r"[ ]in[ ]a[ ]statement\b|[ ]a[ ](?:retraction|correction|profit|loss)\b)"
)
BY_NOUN = regex.compile(
    r"(?<!\w)(?:(?P<cue>(?i:according[ ]to)|(?:told|tell|telling))[ ]the["
    rf" ](?:{_OUTLET_NOUN})\b(?![ ](?:of|for|\p{{Lu}}))|"
    rf"[Tt]he[ ](?:{_OUTLET_NOUN})(?:[ ](?:has|had|have|also|first|later|then)){{0,2}}[ ]{_FOUND})"
)
NOUN = re.compile(
    r"he (?:wire service|news"
    r" agency|newspaper|magazine|paper|daily|weekly|tabloid|broadcaster|network|publication"
    r"|agency)\b"
)
NEWS_AGENCY = regex.compile(r"\b(?:news[ ]agency|wire[ ]service|newswire)\b")
# how names of agencies end that no list has
AGENCY_NAME = regex.compile(r"\b(?:(?:News|Press)[ ](?:Agency|Service)|Newswires?|Wire)$")

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
