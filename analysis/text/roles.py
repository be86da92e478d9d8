"""Words that name or classify somebody in English news: offices, trades, epithets, bodies, and the
words around them.
"""

from __future__ import annotations

from functools import lru_cache

from analysis.text import english as en

# small words that may begin a sentence
SMALL = frozenset(
    "a after also although an and are as asked at because before between but by can could despite"
    " did do does during even for friday furthermore has have he her here his how however i if in"
    " instead is it its just maybe meanwhile monday moreover my nearly nevertheless no nonetheless"
    " not now on only or our over perhaps saturday she should since so still sunday that the their"
    " then there these they this those though thursday today tuesday under unless until was we"
    " wednesday were what when where whether while who why with would yes yesterday".split()
)
COURTESY = frozenset(
    "frau herr m miss mister mme monsieur mr mrs ms mx senor senora signor signora".split()
)
FEMALE = frozenset(
    "actress aunt baroness bundeskanzlerin businesswoman chairwoman congresswoman councilwoman dame"
    " daughter duchess frau girl gran grandma grandmother granny heiress heroine kanzlerin lady"
    " landlady madam madame matriarch ministerin miss mistress mme mom mother mrs ms mum niece"
    " policewoman princess queen saleswoman senora signora sister spokeswoman stateswoman widow"
    " wife woman".split()
)
MALE = frozenset(
    "actor baron boy brother businessman chairman congressman councilman count dad duke father"
    " grandad grandfather herr husband king landlord lord man mister monsieur mr nephew patriarch"
    " policeman prince senor signor sir son spokesman statesman strongman uncle widower".split()
)
ABBREVIATED = frozenset(
    "adm atty capt ceo cfo cllr cmdr col cpl cto dr gen gov hon insp lt maj md mep mp msp pm pres"
    " prof pvt rep rev sen sgt supt vp".split()
)
# titles in other languages
FOREIGN = frozenset(
    "alcalde alcaldesa altkanzler altkanzlerin ayatollah bundeskanzler bundeskanzlerin"
    " bundesprasident burgermeister canciller caudillo cavaliere chanceler chancelier chanceliere"
    " comandante czar duce emir fuhrer general generalissimo gobernador imam jefe kaiser kanzler"
    " kanzlerin maire minister ministerin ministerprasident ministerprasidentin ministra ministro"
    " monsignor mullah oberburgermeister onorevole padre pangulo patron prasident prasidentin"
    " premier premiere premierminister premierministre president presidenta presidente presidentin"
    " prezident prezydent primeiro-ministro rabbi shah sheik sheikh sindaco statsminister"
    " statsministeren sultan tanaiste taoiseach tsar vozhd".split()
)
OFFICES = frozenset(
    "administrator admiral adviser advisor aide alderman ambassador appointee archbishop attorney"
    " backbencher baron baroness bishop boss candidate captain cardinal ceo cfo chair chairman"
    " chairperson chairwoman challenger chancellor chief co-founder co-owner coach cofounder"
    " colonel commander commissioner comptroller congressman congresswoman constable contender"
    " coroner councillor councilman councilor councilwoman czar dame dean delegate deputy detective"
    " diplomat director doctor duchess duke earl editor emperor envoy ex-minister ex- president"
    " examiner executive founder freshman front-bencher front-runner frontbencher frontrunner"
    " general governor head incumbent inspector judge justice king lady lawmaker leader legislator"
    " lieutenant lord loser madam madame major manager marshal mayor mep minister monarch mp"
    " nominee officer ombudsman opponent owner peer pm politician pope predecessor premier"
    " premier-designate president president- elect prince princess principal professor prosecutor"
    " publisher queen regulator representative reverend rival ruler running-mate secretary senator"
    " sergeant sheikh sheriff sir speaker spokesman spokesperson spokeswoman statesman stateswoman"
    " strategist successor sultan superintendent treasurer trustee tsar vice-president victor"
    " warlord whip winner".split()
)
TRADES = frozenset(
    "academic accountant activist actor actress agent anchor apparatchik artist athlete auditor"
    " aunt author bachelor baker banker barman bartender billionaire blogger bodyguard boxer boy"
    " broadcaster brother builder bureaucrat businessman businesswoman butcher campaigner carpenter"
    " celebrity centrist chef child citizen civil-servant clerk columnist comedian commentator"
    " communist conservative consultant contractor cook cop cousin craftsman dad daughter democrat"
    " dentist designer developer docker driver economist electrician engineer entrepreneur"
    " ex-banker ex-boss ex-husband ex-schoolteacher ex-soldier ex-teacher ex-wife exile farmer"
    " fascist father figure financier firefighter fisherman footballer gardener gentleman girl"
    " golfer graduate gran grandad grandfather grandma grandmother grandpa granny grocer guard"
    " hairdresser hard-liner hardliner heir heiress historian homeowner host hotelier husband"
    " immigrant independent insider investor islamist journalist lad lady landlady landlord lass"
    " lawyer leftist liberal libertarian librarian lobbyist loyalist magnate man marine marxist"
    " maverick mechanic middleman migrant millionaire miner missionary model moderate mogul mom"
    " monk mother mum musician nationalist native neighbor neighbour nephew newcomer niece novelist"
    " novice nun nurse officer oligarch operator organiser organizer orphan outsider painter parent"
    " pastor pensioner person personality pharmacist philanthropist philosopher physician pilot"
    " plumber poet policeman policewoman populist preacher presenter priest progressive"
    " psychiatrist psychologist pundit rapper reformer reformist refugee reporter republican"
    " resident restaurateur retiree rightist rookie runner sailor salesman saleswoman scholar"
    " schoolteacher scientist separatist shopkeeper singer sister socialist socialite soldier son"
    " spokesmen sportsman spy star student surgeon swimmer teacher technocrat teenager tenant"
    " theologian tory trade-unionist trader twin tycoon uncle unionist veteran vicar villager"
    " waiter waitress widow widower wife woman worker wrestler writer".split()
)
EPITHETS = frozenset(
    "abuser acolyte addict adult advocate ally angel apologist architect asset attack-dog autocrat"
    " beacon beauty bigot bombshell brute buffoon bulldog bully butcher careerist cassandra cat"
    " champion chancer charlatan cheat cheerleader clown con-man confidant confidante conman"
    " conscience conspiracist convict coward crackpot crank criminal critic crony crook culprit"
    " danger darling defendant defender demagogue denier despot devil dictator dinosaur disaster"
    " disciple disgrace dissident dove drunk eccentric egomaniac embarrassment embodiment enemy"
    " extremist face failure fanatic fat-cat fatcat favorite favourite felon firebrand fixer foe"
    " fool fraudster friend fugitive gangster genius giant godfather grandee grown-up has-been hawk"
    " heart-throb heavyweight henchman hermit hero heroine hothead hunk hypocrite icon idiot idol"
    " imposter impostor joke journeyman killer kingmaker kingpin lackey lame-duck lapdog"
    " laughing-stock legend liability liar liberator lightweight loner loudmouth lunatic madman"
    " maestro mandarin maniac martyr mastermind megalomaniac menace mentor militant misogynist"
    " mobster monster mouthpiece murderer narcissist nemesis newcomer nuisance oddball operator"
    " opponent opportunist outlaw pariah partner patriot perpetrator pioneer pitbull playboy poodle"
    " power-broker powerbroker predator pretender prophet protege provocateur psychopath puppet"
    " rabble-rouser racist radical rapist rebel recluse ringleader rottweiler ruler saint savior"
    " saviour scapegoat sceptic scourge sexist skeptic sociopath spiv stooge strongman strongwoman"
    " stunner supremo survivor suspect swindler symbol technophobe terrier terrorist thespian thief"
    " threat thug titan trafficker trailblazer traitor troublemaker tsar-in-waiting tyrant underdog"
    " upstart usurper veteran victim villain virtuoso visionary voice wannabe whistle-blower"
    " whistleblower windbag witch womaniser womanizer zealot".split()
)
# people by where they come from
PEOPLES = frozenset(
    "african american argentine argentinian asian australian austrian belgian berliner brazilian"
    " briton bulgarian californian canadian chilean colombian croat dane dutchman dutchwoman"
    " egyptian englishman englishwoman ethiopian european finn floridian frenchman frenchwoman"
    " german ghanaian glaswegian greek hungarian indian iranian iraqi irishman irishwoman israeli"
    " italian kenyan liverpudlian londoner mancunian mexican new-yorker nigerian northerner"
    " norwegian pakistani palestinian parisian peruvian pole romanian russian scot scotsman"
    " scotswoman serb southerner spaniard swede texan turk ukrainian venezuelan welshman welshwoman"
    " yorkshireman".split()
)
PERSONS = OFFICES | TRADES | EPITHETS | FOREIGN | ABBREVIATED | PEOPLES
BODIES = frozenset(
    "agency airline alliance army association automaker bank behemoth bloc body brand broadcaster"
    " broker builder builders business carmaker carrier cartel chain charity chipmaker club"
    " coalition college company conglomerate contractor corporation council cult developer"
    " drugmaker employer faction firm foundation gang giant group institute institution insurer"
    " juggernaut league lender lobby mafia maker makers manufacturer militia monopoly movement"
    " multinational network newspaper nonprofit operator organisation organization outfit outlet"
    " party polluter provider publisher quango regulator retailer school sect service start-up"
    " startup studio supermarket supplier syndicate team tech-giant think-tank union university"
    " utility watchdog".split()
)
RULES = frozenset(
    "administration autocracy cabinet cartel clique cult dictatorship dynasty empire government"
    " junta kleptocracy leadership machine mafia ministry oligarchy premiership presidency regime"
    " tyranny".split()
)
# who stands in many texts without a name; no description of an actor unless the text says so
ANYBODY = frozenset(
    "adviser advisor agent aide ally analyst asset attorney boy brother child conservative critic"
    " danger daughter disaster docker driver enemy expert face failure father figure friend general"
    " girl guard host husband independent insider joke judge lad lawyer liberal major man marine"
    " model moderate mother neighbor neighbour officer official opponent partner person principal"
    " public reporter resident rival sailor secret sister soldier son source spokesman spokesperson"
    " spokeswoman star student suspect symbol threat victim voice voter wife witness woman worker"
    " writer".split()
)
HEADS = frozenset(
    "boss ceo chairman chairwoman chief director executive head leader president top".split()
)
# nouns of one class stand for each other
CLASSES = (
    HEADS,
    frozenset("examiner inspector".split()),
    frozenset(
        "congressman congresswoman lawmaker legislator politician representative senator".split()
    ),
    frozenset(
        "airline automaker builder builders business carmaker carrier chipmaker company"
        " conglomerate contractor corporation drugmaker employer firm giant group insurer lender"
        " maker makers manufacturer retailer supplier utility".split()
    ),
    frozenset("billionaire businessman ceo entrepreneur magnate millionaire mogul tycoon".split()),
    frozenset("autocrat despot dictator ruler strongman tyrant".split()),
    frozenset("candidate challenger contender nominee".split()),
    frozenset("gran grandma grandmother granny".split()),
)
CLASS_OF = {word: number for number, words in reversed(list(enumerate(CLASSES))) for word in words}
SPELLED = {
    "sen": "senator",
    "rep": "representative",
    "gov": "governor",
    "gen": "general",
    "col": "colonel",
    "prof": "professor",
    "dr": "doctor",
    "insp": "inspector",
    "pm": "minister",
    "ceo": "executive",
    "cllr": "councillor",
    "sgt": "sergeant",
    "pres": "president",
    "lt": "lieutenant",
    "capt": "captain",
}
# that belong to a name where the codebook writes them with it
HONOURS = frozenset("baroness dame doctor dr hon lady lord prof professor rev reverend sir".split())
# that belong to a title
FORMER = frozenset(
    "acting assistant associate chief deputy ex ex-president first former future incoming interim"
    " junior late lead newly-elected one-time onetime outgoing president-elect prime retired senior"
    " then vice".split()
)
# adjectives that are labels of their own
JUDGING = frozenset(
    "acclaimed accused admired ageing aging ailing alleged almighty ambitious angry anti-immigrant"
    " arch-conservative arrogant authoritarian autocratic balding bearded beautiful beleaguered"
    " beloved bespectacled big-spending billionaire bitter black bland bloodthirsty blunt bombastic"
    " boring brash brave brilliant brutal bungling burly canny caring cash-strapped celebrated"
    " centrist charismatic cheating cheery cigar-chomping clever clueless colourless combative"
    " communist conservative controversial convicted corrupt courageous crazed crazy crooked cruel"
    " cunning dangerous dapper debt-laden defiant demented deposed deranged desperate despised"
    " despotic detained dictatorial dim diminutive disgraced dishonest disputed distinguished"
    " dithering divisive divorced dour dreaded dull dying eccentric elderly elected embattled evil"
    " exiled experienced extremist failed failing fallen family-owned famous fanatic far-left"
    " far-right fascist fat feared feisty female fierce fiery firebrand flamboyant formidable"
    " foul-mouthed frail fugitive furious gay genial giant gifted glamorous gravel-voiced gray"
    " great greedy grey grey-haired grieving grinning gruff gun-toting handsome hapless"
    " hard-charging hard-line hard-nosed hardline hated heroic honest hopeless huge humble"
    " humiliated hypocritical iconic illegitimate imprisoned incompetent indicted inept"
    " inexperienced infamous invisible iron jailed jolly lazy left-wing leftist legendary"
    " legitimate liberal liberal-leaning libertarian little-known loathed long-serving long-time"
    " longest-serving longtime loss-making loyal lying mad male married marxist media-savvy mighty"
    " mild militant militaristic millionaire moderate murderous mysterious nationalist no-nonsense"
    " notorious obscure old only openly ousted outspoken pathetic plain-spoken plotting polarising"
    " polarizing pompous poor popular populist posh powerful pretty principled privately-owned"
    " pro-choice pro- life profitable progressive proud publicity-shy pugnacious racist radical"
    " reckless reclusive respected rich right-wing rightful rightist rogue ruthless saintly"
    " scandal-hit scandal-plagued scandal-ridden scheming scowling seasoned secretive"
    " self-proclaimed self-styled shadowy shady shamed shameless sharp-tongued shrewd sick"
    " silver-haired silver-tongued sleazy smart smirking smug so-called socialist soft-spoken"
    " sprawling state-owned state-run straight-talking strong struggling stubborn stupid suspected"
    " tearful thin-skinned thrice-married tight- lipped tiny tireless tough towering toxic troubled"
    " trusted twice-divorced two-faced tyrannical ultra-conservative unelected unhinged unknown"
    " unpopular vengeful veteran vile wanted weak wealthy weeping well-known white white-haired"
    " wicked wily would-be young".split()
)
# words that no title and no noun phrase holds
STOP = (
    SMALL
    | (
        en.VERBS
        - JUDGING
        - PERSONS
        - frozenset(
            "reports demands put accused alleged reads read dismissed confirmed"
            " acknowledged".split()
        )
    )
    | frozenset(
        "about above abroad across afterwards again against ago ahead all allow allows alone along"
        " already always am amid among another any anyone apart around aside back backed backs be"
        " beat beats became become becomes been began behind being below beneath beside beyond both"
        " bought broke brought built call came caught chose come comes cut cuts dealt doing done"
        " down drew drove dug each earlier either ever every everything except face faced faces fed"
        " feel feels fell felt few find finds fled flew flung force forced forces forgave forgot"
        " forward fought found from froze gave get gets getting give given gives go going gone got"
        " grew had having hear heard hears held help helped helps hence herself hid him himself hit"
        " hits hold holds home hung including into itself keep keeps kept knew know known knows"
        " laid later lay lead leads least leave leaves led left lent less let lets like lit lose"
        " loses lost made make makes making many may me meant meet meets met might mistook more"
        " most much must near need needs neither never nobody nor nothing of off often once online"
        " onstage onto other others otherwise ought out outside overcame paid past per plus quite"
        " rang rather remain remained remains rode rose run runs same sank sat saw see seem seems"
        " seen sees sent several shall shook shot show showed shown shows shut slept sold some"
        " something sometimes soon sought sped spent split spread stole stood struck stuck such"
        " swam swept swore swung take taken takes taking taught than them themselves therefore"
        " threw through throughout thus till to tomorrow tonight too took tore toward towards turn"
        " turned turns twice understood unlike up upon urge us use used uses versus very via vs"
        " want wants wept whatever which whichever whilst whoever whom whose will win wins withdrew"
        " within without woke won wore yet your".split()
    )
)
# verbs whose object a name may be; some are nouns too
TRANSITIVE = frozenset(
    "accuse arrest ask attack believe blame bring convince criticise criticize defeat defend elect"
    " encourage endorse expect fire follow hire hold join keep oppose oust persuade pressure pursue"
    " push question remove replace send stop support target thank topple trust unseat visit"
    " watch".split()
)
SPEAKABLE = en.VERBS
DETERMINERS = frozenset("a an her his its my our that the their these this those your".split())
OWNERS = frozenset("her his its my our their your".split())
COPULAS = frozenset(
    "are be became become becomes been being is remain remained remains was were".split()
)
CALLED = frozenset(
    "brand branded branding brands call called calling calls consider considered considers crown"
    " crowned declare declared declares declaring deem deemed deems dub dubbed dubbing dubs label"
    " labeled labeling labelled labelling labels name named proclaim proclaimed think thinks"
    " thought".split()
)
CALLED_AS = frozenset(
    "cast casts characterise characterised characterize characterized condemn condemned condemns"
    " denounce denounced denounces denouncing depict depicted depicts deride derided describe"
    " described describes describing dismiss dismissed dismisses hail hailed hailing hails known"
    " mock mocked mocks paint painted paints portray portrayed portraying portrays praise praised"
    " praises recognise recognised recognises recognize recognized recognizes regard regarded"
    " regards see seen sees view viewed views".split()
)
STATES = frozenset(
    "ala alabama alaska ariz arizona ark arkansas australia calif california canada colo colorado"
    " conn connecticut del delaware england fla florida ga georgia hawaii idaho ill illinois ind"
    " indiana iowa ireland kan kansas kentucky ky la louisiana maine maryland mass massachusetts md"
    " mich michigan minn minnesota miss mississippi missouri mo mont montana neb nebraska nev"
    " nevada ohio okla oklahoma ont oregon pa pennsylvania que scotland tenn tennessee tex texas"
    " utah va vermont virginia wales washington wis wisconsin wyo wyoming".split()
)
MONTHS = frozenset(
    "apr april aug august dec december feb february jan january jul july jun june mar march may nov"
    " november oct october sep sept september".split()
)
DAYS = frozenset("friday monday saturday sunday thursday tuesday wednesday".split())
# names that are words too, so that a capital at the beginning of a sentence tells nothing
COMMON = (
    MONTHS
    | DAYS
    | SMALL
    | frozenset(
        "abbot abbott art autumn baker banks bar barber baron barr bass best better biggs bill bird"
        " bishop black blair blunt bob bobby bond boris bright brook brooks brown buck buddy bull"
        " burns bush butler carter carver case cash chase church clay cliff cook cooper cotton"
        " crane cross crow cruz cuts daisy dale dawn day dean drake drew duke dusty dyer earl early"
        " east english eve faith farmer field fields finch fish fisher fletcher ford forest"
        " forester fox frank franks freed freeman french gardener gates gene german glen good"
        " goodman gore grace grant gray green grey guy hall hawk hazel heath hill holder holly holt"
        " hooker hope house hunt hunter iris ivy jack jay joy junior key keys kind king kirk knight"
        " lake lamb lane large leach lily little lock long lord love major manning mark marks marsh"
        " martin mason max meadows mercy miles miller mills monk moody moss nail neal neil new"
        " newsome nice nichols noble north order packer page painter park parker parks pat paul"
        " paxton peace pence penny pickle pike pinch pitt poll pool pope porter post potter pound"
        " power powers pratt price prince quick rand raven ray read reason reed reid rice rich ring"
        " rivers rob robin rock rocky rode roman rooms root roper rose rosemary ross rove royal"
        " ruby rump rush rusty rye sale sands sandy savage sawyer scales scott seal self sell sells"
        " sergeant sessions sewer sharp sharpe shepherd shore short sinema singer skinner sky"
        " slater small smith south spark sparks speaker speed spencer stack star starling starr"
        " steel sterling stern steward stewart stone storm stormy street strong sue summer summers"
        " swan sweet swift tanner taylor tester thatcher thorn thune tide tillerson tolls true"
        " trueman trump truss tucker turner twain tyler vance victor violet wade walker walls ward"
        " warren watch waters watt weaver webb weeks wells west whale wheeler white wick wild"
        " wilder wiley will wills winds wing wink winner winter winters wise witty wolf wolfe wood"
        " woods workman worm worth wren wright yang yates york young".split()
    )
)
# nouns before which a name stands for what is its bearer's: "the Orr campaign"
MODIFIED = RULES | frozenset(
    "adviser advisers advisor advisors aide aides allies ally appointees associates backer backers"
    " base bill camp campaign critic critics cronies crowd donors era family fans henchmen house"
    " insiders law lawyer lawyers letter lieutenants loyalist loyalists memo movement nominees"
    " office official officials plan policies policy proposal rallies rally rule speech spokesman"
    " spokesperson spokeswoman staff store supporter supporters team voter voters years".split()
)
# that make a name one of a place or a body: "Orr Tower"
ROAD = frozenset(
    "act airport arena avenue award bay beach bridge building campus casino center centre city club"
    " co college company corp county court cup doctrine estate foundation fund group hall hospital"
    " hotel inc institute island lake library llc ltd mount mountain museum organisation"
    " organization park plaza prize resort river road school square stadium station street theater"
    " theatre tower towers trust university".split()
)
_NO_PERSON = frozenset(
    "assist blacklist checklist coexist consist denominator desist enlist german human insist"
    " million persist playlist resist roman shortlist subsist terminator".split()
)
_PERSONAL = (
    "man",
    "woman",
    "ologist",
    "onomist",
    "alist",
    "tarian",
    "ician",
    "aire",
    "eer",
    "monger",
    "maker",
    "keeper",
    "owner",
    "holder",
    "leader",
    "worker",
    "player",
    "writer",
    "ist",
    "ographer",
    "curator",
    "elector",
    "ducator",
    "nator",
    "ocrat",
    "crat",
    "wright",
    "smith",
)
_DESCRIBING = ("ous", "ful", "less", "ive", "ish", "able", "ible", "ic", "iest", "ant", "ent")


@lru_cache(1 << 14)
def is_person(word: str) -> bool:
    """Whether a noun in small letters names a person by office, trade, origin or epithet."""
    if word in PERSONS or "-" in word and word.rsplit("-", 1)[1] in PERSONS:
        return True
    if word.startswith("ex-"):
        return is_person(word[3:])
    return (
        len(word) > 5 and word not in STOP and word not in _NO_PERSON and word.endswith(_PERSONAL)
    )


@lru_cache(1 << 14)
def is_body(word: str) -> bool:
    """Whether a noun in small letters names a company, an agency or another body."""
    return word in BODIES or word in en.COMPANY or word.endswith("maker")


@lru_cache(1 << 14)
def is_adjective(word: str) -> bool:
    """Whether a word before a noun reads as an adjective, not as a part of a compound noun."""
    if word in JUDGING:
        return True
    if word in STOP or word in PERSONS or word in FORMER:
        return False
    if "-" in word:
        return not word.startswith(("ex-", "vice-", "co-"))
    return len(word) > 4 and word.endswith(_DESCRIBING)
