"""Words by which reported statements are read in English: what breaks a clause, stands with a verb,
or cannot be a subject.
"""

from __future__ import annotations

from analysis.text import english as en

BREAK = frozenset(',;:—–()“”"\n‘«»„•')
HARD = frozenset(';:—–“”"\n«»„•')
MARKS = frozenset('“”"«»„')
FINITE = frozenset(
    "is are was were am has have had do does did will would can could shall should may might must"
    " isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't won't wouldn't can't"
    " cannot couldn't shouldn't mustn't he's she's it's they're we're i'm you're that's there's"
    " he'd she'd they'd we'd it'd i'd he'll she'll it'll they'll we'll i've we've they've came went"
    " took made gave got saw knew found felt left kept held led let put ran sat stood told thought"
    " began became broke brought built bought caught chose cut drew fell fought grew heard hit lost"
    " met paid read rose sent set shot showed shown spent spoke struck won wore wrote goes comes"
    " takes makes gives gets wants needs means seems says knows thinks feels looks keeps runs"
    " leaves lies stands remains".split()
)
AUXILIARY = frozenset("has have had is are was were be been being".split())
BE = frozenset("is are was were be been being gets got get it's that's".split())
ADVERB = frozenset(
    "also then later once only just even still again ever already soon first now today yesterday"
    " often repeatedly long since himself herself themselves itself both all thus therefore".split()
)
NEGATED = frozenset(
    "not never no n't cannot can't don't doesn't didn't won't wouldn't couldn't nor neither refuses"
    " refused declined declines".split()
)
UNABLE = frozenset("can't cannot won't wouldn't couldn't shouldn't".split())
REFLEXIVE = frozenset("himself herself itself themselves".split())
MODAL = frozenset("would could might should may must can will shall dare".split())
STOP = frozenset(
    "and or but while because that which when if though although where before whether as than so"
    " unless until yet whereas".split()
)
PREPOSITION = frozenset(
    "in on at by with after before during since from for to of into over under about amid despite"
    " following last this earlier later meanwhile however yesterday today tomorrow but and so yet"
    " then still now asked monday tuesday wednesday thursday friday saturday sunday also".split()
)
TIME = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday yesterday today tonight earlier later"
    " last this late early".split()
)
NOT_SUBJECT = frozenset(
    "i we you that this which what there and or but to of in on at by for with as so not than has"
    " had have is are was were be been if when where why how its their my our your it's he's she's"
    " they've they're i'm we're you're no nobody anybody anyone everybody like here along other"
    " over under about from into among between through such own".split()
)
NOUNS = frozenset(
    "state states post posts point points comment comments remark remarks answer answers"
    " explanation record records".split()
)
NOUNS_TOO = frozenset(
    "report reports claim claims estimate estimates demand demands promise promises pledge pledges"
    " charge charges forecast forecasts vow vows warning note notes boast complaint protest"
    " protests object objects reply response request question questions urge order orders charge"
    " show shows fear fears hint hints joke jokes cry cries".split()
)
# verbs of a clause that stands behind or within its statement: "..., Orr noted"
TAIL = frozenset(
    "say add tell claim insist note explain argue write report confirm acknowledge concede admit"
    " announce estimate suggest predict warn allege boast find show recall remind state maintain"
    " assert contend remark observe complain joke quip reply conclude caution reckon"
    " declare".split()
)
EVIDENCE = frozenset(
    "show prove demonstrate highlight expose establish underline underscore indicate".split()
)
STANDS_ALONE = frozenset("one two three four five many some several both another".split())
LISTENER = frozenset(
    "me us him her them you reporters journalists members mps lawmakers parliament congress"
    " investigators police supporters delegates viewers listeners readers".split()
)
AFTER_BUT = frozenset(
    "and but or who which whose when while as although though adding because with where".split()
)
PARTS = frozenset(";:")
CUTS = frozenset("according but while whereas".split())
DETERMINED = frozenset(en.DETERMINERS.split("|"))
OBJECT = frozenset("a an the to".split())
FOLLOWS = {
    "to": frozenset(("to",)),
    "urge": frozenset(("to",)),
    "of": frozenset(("of", "against", "about")),
    "accuse": frozenset(("of", "for")),
    "whether": frozenset(("whether", "if")),
}
