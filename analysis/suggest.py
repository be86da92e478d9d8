"""Suggest a codebook: who is named most in a corpus, with the forms that go with each name."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from analysis.clean import REASONS, clean, find_furniture
from analysis.io.article import Article
from analysis.languages.names import find_names
from analysis.languages.syntax import Parse, load_syntax
from analysis.text.marks import plain_marks
from analysis.text.outlets import listed_name
from analysis.text.persons import SUFFIXES, fold, keys_of, may_be, name_lists, words_of_name
from analysis.text.quotes import find_quotes
from analysis.text.sentences import find_blocks, find_sentences

MOST_ACTORS = 12  # suggested if nothing else is asked for
JUDGED = 6  # of them, whose tone is to be measured
READ = 2_000  # articles read; of more, evenly spread ones
UNLIKE = 2.0  # times more articles than its full form from which a short form is another's
BORNE = 0.15  # of a last name's full uses, from which it is a bearer's alias
_WIDE = frozenset("north south east west world".split())
_FORMS = frozenset("Inc Ltd Corp Co LLC LLP plc PLC Company Group AG GmbH SA".split())


@dataclass
class Named:
    """Somebody or some body that articles name.

    Attributes
    ----------
    name : str
        The fullest form that is used most.
    aliases : list of str
        Other forms, the most used first.
    kind : {"person", "group"}
    articles : set of str
        Ids of the articles that name them.
    outlets : set of str
        Their outlets.
    count : int
        Times named.
    """

    name: str
    aliases: list[str] = field(default_factory=list)
    kind: str = "person"
    articles: set[str] = field(default_factory=set)
    outlets: set[str] = field(default_factory=set)
    count: int = 0


@dataclass
class _Form:
    """One form of a name over all articles."""

    count: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    articles: set[str] = field(default_factory=set)
    outlets: set[str] = field(default_factory=set)

    @property
    def kind(self) -> str:
        """What it is mostly: "person", "body" or "place"; empty if nothing tells."""
        kind, n = max(self.kinds.items(), key=lambda pair: pair[::-1])
        return kind if n else ""


def find_named(
    articles: Iterable[Article], *, most: int | None = None, least: int = 2
) -> list[Named]:
    """Who is named in English articles, by spread over articles and outlets.

    Names of places, of outlets and of agencies are left out. Sentences are not parsed: that would
    take twenty times as long, and over many articles a name shows what it is without.

    Parameters
    ----------
    articles : iterable of Article
    most : int, optional
        How many to list; all if not given.
    least : int
        Articles that must name them.

    Returns
    -------
    list of Named
        Those in the most articles first.

    Examples
    --------
    >>> texts = ["Mayor Ola Brandt spoke. Brandt said no.", "Police saw Ola Brandt leave."]
    >>> found = find_named([Article(f"a{i}", text) for i, text in enumerate(texts)])
    >>> [(one.name, one.aliases, len(one.articles)) for one in found]
    [('Ola Brandt', ['Brandt'], 2)]
    """
    forms: dict[str, _Form] = defaultdict(_Form)
    for article in articles:
        if article.language.split("-")[0] == "en":
            _add(forms, article)
    own = {o.casefold() for form in forms.values() for o in form.outlets}
    kept = {
        name: form
        for name, form in forms.items()
        if form.kind != "place" and not (listed_name(name) or name.casefold() in own)
    }
    people, bodies = _people(kept), _bodies(kept)
    found = [one for one in [*people, *bodies] if len(one.articles) >= least]
    found.sort(key=lambda one: (-len(one.articles), -len(one.outlets), -one.count, one.name))
    return found[:most]


def _add(forms: dict[str, _Form], article: Article) -> None:
    plain = plain_marks(article.text)
    sentences = find_sentences(plain, find_quotes(plain), find_blocks(article.text))
    outlet = article.about.get("outlet", "")
    for name in find_names(Parse(load_syntax(), plain, sentences).doc([]), doubtful=True):
        form = forms[name.text]
        form.count += 1
        form.kinds[name.kind] += name.kind != ""
        form.articles.add(article.article_id)
        form.outlets |= {outlet} - {""}


def _people(forms: Mapping[str, _Form]) -> list[Named]:
    """People by full name; a last name goes to whoever mostly bears it."""
    alone = {fold(n): n for n, f in forms.items() if " " not in n and f.kind in ("person", "")}
    full = defaultdict(list)
    for name, form in forms.items():
        if " " in name and form.kind == "person":
            full[fold(_last_name(name, alone))].append(name)
    found = []
    for last, names in full.items():
        names.sort(key=lambda name: (-len(forms[name].articles), name))
        bearers: list[list[str]] = []
        for name in names:
            same = next((b for b in bearers if _is_same(name, b[0])), None)
            bearers.append([name]) if same is None else same.append(name)
        total = sum(forms[name].count for name in names)
        for bearer in bearers:
            share = sum(forms[name].count for name in bearer) / total
            borne = share >= BORNE and keys_of(words_of_name(bearer[0]))[-1] not in SUFFIXES
            # an article that gives no first name means the most frequent bearer
            also = [alone[last]] if last in alone and borne and bearer is bearers[0] else []
            most = UNLIKE * len(set().union(*(forms[name].articles for name in bearer)))
            also = [n for n in also if forms[n].kind or len(forms[n].articles) <= most]
            aliases = [*([_last_name(bearer[0], alone)] if borne else []), *bearer[1:]]
            counted = [forms[name] for name in bearer + also]
            found.append(_joined(bearer[0], aliases, "person", counted))
    return found


def _last_name(name: str, alone: Mapping[str, str]) -> str:
    """The word by which somebody is called: the first of names as "Kim Jong-un", else the last."""
    words = [word for word in words_of_name(name) if word.key not in SUFFIXES]
    first, last = words[0], words[-1]
    given = first.key in name_lists().given and "-" not in last.text
    family = first.key in alone and last.key not in alone and not given
    return first.text if family or len(last.key) < 3 else last.text


def _is_same(a: str, b: str) -> bool:
    """Whether two full names with one last name are one person's."""
    short, long = sorted((keys_of(words_of_name(a)), keys_of(words_of_name(b))), key=len)
    if (short[-1] in SUFFIXES) != (long[-1] in SUFFIXES):
        return False
    return may_be(short, long) or short[0] == long[0] and short[-1] == long[-1]


def _bodies(forms: Mapping[str, _Form]) -> list[Named]:
    """Bodies by their longest frequent name; endings of it and its initials are its other forms."""
    names = [name for name, form in forms.items() if form.kind == "body"]
    lists = name_lists()  # "the Party" and "the North" alone are no names
    plain = lists.groups | lists.portfolios | lists.sites | lists.works | lists.peoples | _WIDE
    names = [name for name in names if name.casefold() not in plain]
    names.sort(key=lambda n: (-len(n.split()), -len(forms[n].articles), n))
    owners: dict[str, str] = {}
    for name in names:
        for owner in dict.fromkeys(owners.values()):
            words = owner.split()
            initials = "".join(w[0] for w in words if w[0].isupper() and not w.isupper())
            ends = len(name.split()) > 1 and owner.endswith(f" {name}")
            part = ends or words[-1] in _FORMS and owner.rsplit(" ", 1)[0] == name
            usual = len(forms[name].articles) <= UNLIKE * len(forms[owner].articles)
            short = len(words) == len(initials) > 1 and name.replace(".", "") == initials
            if part and usual or short and len(forms[owner].articles) > 1:
                owners[name] = owner
                break
        else:
            owners[name] = name
    members = defaultdict(list)
    for name, owner in owners.items():
        members[owner].append(name)
    found = []
    for its in members.values():
        its.sort(key=lambda n: (-len(forms[n].articles), -len(n), n))
        lead = next((n for n in its if len(n.split()) > 1), its[0])
        found.append(_joined(lead, [n for n in its if n != lead], "group", [forms[n] for n in its]))
    return found


def _joined(name: str, aliases: list[str], kind: str, forms: Sequence[_Form]) -> Named:
    return Named(
        name,
        # what ends as the name does is found by it
        list(dict.fromkeys(a for a in aliases if a != name and not a.endswith(f" {name}"))),
        kind,
        set().union(*(form.articles for form in forms)),
        set().union(*(form.outlets for form in forms)),
        sum(form.count for form in forms),
    )


def suggest_actors(
    articles: Sequence[Article],
    *,
    of: int | None = None,
    reasons: Collection[str] = REASONS,
    n_actors: int = MOST_ACTORS,
    words: Mapping[str, list[str]] = {},
) -> str:
    """The part of a codebook that names actors, as YAML to edit.

    Parameters
    ----------
    articles : sequence of Article
        Of more than 2,000, as many evenly spread ones are read.
    of : int, optional
        How many articles there are, where only some are given.
    reasons : collection of str
        What is cleaned in the texts first; see `analysis.clean.clean`.
    n_actors : int
        How many to suggest at most.
    words : mapping of str to list of str
        Words that set each group apart, as a hint for frames; none if empty.

    Returns
    -------
    str
    """
    read = cleaned(spread(articles), reasons)
    found = find_named(read, most=n_actors, least=min(2, len(read)))
    lines = [
        f"# Suggested from {len(read):,} of {of or len(articles):,} articles: who is named in most."
    ]
    lines.append("# Edit it: remove whom you do not study, join forms of one name, add nicknames.")
    keys = _keys(found)
    if not found:
        lines[1:] = ["# No name stands in two articles; write one actor like this:"]
        lines.append("# actors: {mayor: {name: Ola Brandt, aliases: [Brandt], side: government}}")
        lines += ["actors: {}", "# Actors whose tone is measured.", "tone: []"]
        return "\n".join(lines) + "\n"
    lines.append("actors:")
    for key, one in zip(keys, found):
        aliases = f", aliases: [{', '.join(map(_quoted, one.aliases))}]" if one.aliases else ""
        kind = ", kind: group" if one.kind == "group" else ""
        outlets = f", {len(one.outlets)} outlets" if one.outlets else ""
        held = f"{len(one.articles)} articles{outlets}, {one.count} times"
        lines.append(f"  {key}: {{name: {_quoted(one.name)}{aliases}{kind}}}  # {held}")
    judged = sorted(zip(found, keys), key=lambda pair: pair[0].kind == "group")[:JUDGED]
    lines += ["# Actors whose tone is measured.", f"tone: [{', '.join(key for _, key in judged)}]"]
    if words:
        lines.append("# Words that set groups apart (keyness): candidates for words of frames.")
        lines += [f"#   {group}: {', '.join(its)}" for group, its in words.items()]
    return "\n".join(lines) + "\n"


def spread(articles: Sequence[Article]) -> Sequence[Article]:
    """At most 2,000 articles, evenly spread over all.

    Parameters
    ----------
    articles : sequence of Article

    Returns
    -------
    sequence of Article
    """
    return articles[:: spacing(len(articles))]


def spacing(n_articles: int) -> int:
    """Every how many articles one is read, so that at most 2,000 are.

    Parameters
    ----------
    n_articles : int

    Returns
    -------
    int
    """
    return max(1, -(-n_articles // READ))


def cleaned(articles: Sequence[Article], reasons: Collection[str] = REASONS) -> list[Article]:
    """Articles without furniture, captions and the like, which hold names that nobody studies.

    Parameters
    ----------
    articles : sequence of Article
    reasons : collection of str
        What to clean; see `analysis.clean.clean`.

    Returns
    -------
    list of Article
    """
    outlets = [str(article.about.get("outlet", "")) for article in articles]
    dates = [str(article.about.get("published", "")) for article in articles]
    furniture = find_furniture(zip(outlets, dates, (article.text for article in articles)))
    found = []
    for article, outlet in zip(articles, outlets):
        lines = furniture.get(outlet)
        text = clean(article.text, lines, reasons=reasons, language=article.language).text
        found.append(replace(article, text=text))
    return found


def _keys(found: list[Named]) -> list[str]:
    """A key of the codebook for each: the last name, or the whole name where two share it."""
    last = Counter(_slug(one.name.split()[-1]) for one in found)
    keys: list[str] = []
    for one in found:
        short = _slug(one.name.split()[-1])
        person = one.kind == "person" and last[short] == 1
        key = short if person else _slug(one.name)
        key = key or "actor"
        keys.append(key if key not in keys else f"{key}_{len(keys) + 1}")
    return keys


def _slug(name: str) -> str:
    return re.sub(r"\W+", "_", name.casefold()).strip("_")


def _quoted(name: str) -> str:
    """A name as YAML reads it back."""
    plain = re.fullmatch(r"[A-Za-z][A-Za-z .’-]*[A-Za-z]", name) and name.casefold() not in _WORDS
    return name if plain else json.dumps(name, ensure_ascii=False)


_WORDS = frozenset("yes no on off true false null y n".split())
