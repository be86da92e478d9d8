"""The command `twicetold`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from analysis.errors import OptionError, TwicetoldError
from analysis.files import project_root

# Set before NumPy is loaded: stored numbers must not depend on the number of processors.
STEADY = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "agg",
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : list of str, optional
        Those of the command line if not given.

    Returns
    -------
    int
        The exit status: 0 done, 1 a fault was reported, 2 wrong usage, 130 stopped.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # some names no terminal can show
    options = _parser().parse_args(arguments)
    try:
        return options.command(options) or 0
    except TwicetoldError as error:
        status, problem = 1, error
    except OSError as error:  # no space, no right to write, and the like
        status, problem = 1, f"{error}; what was there before is unchanged."
    except KeyboardInterrupt:
        status, problem = 130, "stopped; what was there before is unchanged."
    print(f"twicetold: {problem}", file=sys.stderr)
    return status


# The commands import what they need when they run, so that --help answers at once.


def _new(options) -> None:
    from analysis.scaffold import new_corpus

    folder = new_corpus(
        options.name,
        root=_corpora(options),
        paths=options.paths or (),
        language=options.language,
        format=options.format,
        encoding=options.encoding,
        day_first=options.day_first,
        timezone=options.timezone,
        columns=_columns(options.column),
        name_pattern=options.name_pattern,
        strict=options.strict,
        drop_duplicates=options.drop_duplicates,
        say=print,
    )
    following = f"then `twicetold check {options.name}` and `twicetold run {options.name}`"
    print(f"{folder}: written. Next: fill in corpus.yml and codebook.yml, {following}.")


def _columns(given: list[str]) -> dict[str, str]:
    columns = {}
    for option in given:
        field, equals, name = option.partition("=")
        if not equals or not name.strip():
            needed = "FIELD=NAME, such as outlet=Newspaper"
            raise OptionError(f"--column must be {needed} (got {option!r})")
        columns[field.strip()] = name.strip()
    return columns


def _check(options) -> int:
    from analysis.checks import EMPTY, TO_BEGIN, check
    from analysis.codebook import read_codebook
    from analysis.corpus import corpus_folder, load
    from analysis.foresight import foresee
    from analysis.results import count

    faulty = 0
    for name in options.names:
        folder = corpus_folder(name, _corpora(options))
        lines: list = check(folder)
        if [fault.problem for fault in lines] == [EMPTY]:
            print(f"{folder}: no article yet. {TO_BEGIN}")
            continue
        sound = not lines
        faulty += not sound
        found = count(len(lines), "fault")
        if sound:
            codebook, _ = read_codebook(folder / "codebook.yml")
            lines = [note for entry in codebook.entries for note in entry.notes] + foresee(folder)
            found = "no fault found"
            if lines:
                stops = "which stops" if len(lines) == 1 else "which stop"
                found += f". {count(len(lines), 'warning')}, {stops} nothing"
        print("\n  - ".join([f"{folder}: {found}.", *map(str, lines)]))
        if sound:
            _say_coverage(load(folder))
    return 1 if faulty else 0


def _say_coverage(corpus) -> None:
    from analysis.coverage import coverage_lines

    if corpus.texts is not None:
        head = "In how many articles the codebook's words stand:"
        print("\n  - ".join([head, *coverage_lines(corpus)]))


def _suggest(options) -> None:
    from analysis.corpus import load
    from analysis.errors import FeaturesError
    from analysis.suggest import suggest_actors
    from analysis.tl import keyness

    corpus = load(options.name, root=_corpora(options))
    words = {}
    try:  # words that set outlets apart are known once the features are there
        by = "outlet" if corpus.metadata["outlet"].nunique() > 1 else "article_id"
        table = keyness(corpus.features, by=by, draws=1, names=False).table
        found = table.sort_values("log_odds", ascending=False).groupby("group", sort=False)["term"]
        words = {str(group): terms.head(_KEY_WORDS).tolist() for group, terms in found}
    except (FeaturesError, OptionError):
        pass
    articles, asked = [*corpus.articles()], {"reasons": corpus.clean, "n_actors": options.actors}
    print(suggest_actors(articles, **asked, words=words), end="")


def _extract(options) -> None:
    from analysis.corpus import load
    from analysis.extract.extraction import DEFAULT, extract
    from analysis.extract.failures import refuse_unread
    from analysis.models.encoder import gpu_found, load_encoder
    from analysis.models.tone.model import load_tone

    encoder = None if options.no_vectors else DEFAULT
    if options.vectors or options.model is not None:
        encoder = load_encoder(options.model, gpu=gpu_found())
    tone = None if options.no_tone else load_tone() if options.tone else DEFAULT
    asked = {"encoder": encoder, "tone": tone, "values": options.values or None}
    asked["parse"] = "none" if options.no_syntax else options.parse
    made = [
        extract(load(name, root=_corpora(options)), **asked, workers=options.workers)
        for name in options.names
    ]
    for features in made:
        refuse_unread(features)
    for features in made if options.update else ():
        _update_reuse(features)


def _update_reuse(features) -> None:
    from analysis.results import count
    from analysis.reuse.kept import options_kept
    from analysis.tl import reuse

    for chosen in options_kept(features) or [{}]:
        result = reuse(features, update=True, draws=1, **chosen)
        by = ", ".join(f"{name}={value!r}" for name, value in chosen.items()) or "the defaults"
        found = f"{count(len(result.table), 'passage')} that articles share, by {by}, are kept"
        print("\n  - ".join([f"{features.corpus}: {found}", *result.notes]))


def _stories(options) -> None:
    from analysis.corpus import load
    from analysis.errors import CorpusError, Fault
    from analysis.files import locked, write_bytes
    from analysis.io.stories_sheet import STORIES_FILE, stories_csv
    from analysis.tl import stories

    corpus = load(options.name, root=_corpora(options))
    path = corpus.folder / STORIES_FILE
    with locked(corpus.folder, f"twicetold stories {corpus.name}"):
        if path.exists() or path.is_symlink():
            problem = "is there, and may hold work by hand; rename it to have a new one written."
            raise CorpusError(corpus.folder, [Fault(STORIES_FILE, None, problem)])
        found = stories(corpus)
        more = [column for column in ("published", "outlet", "title") if column in corpus.metadata]
        rows = found.table[["article_id", "story"]].merge(
            corpus.metadata[["article_id", *more]], on="article_id", how="left"
        )
        order = rows["story"].map({story: i for i, story in enumerate(found.stories["story"])})
        rows = rows.iloc[order.argsort(kind="stable")]
        write_bytes(path, stories_csv(rows.to_numpy().tolist(), more))
    print(
        "\n".join(
            [f"{path}: {len(rows):,} articles in {len(found.stories):,} stories.", *found.notes]
        )
    )
    print(
        "Next: correct the column `story`: articles of one name are one story. What it says goes"
        " before what is found; rows that you remove are found again."
    )


def _share(options) -> None:
    from analysis.corpus import load
    from analysis.share import share

    corpus = load(options.name, root=_corpora(options))
    asked = {"vectors": options.vectors, "random_key": options.random_key}
    asked["ngrams"] = options.ngrams
    share(corpus, out=options.out, dry_run=options.dry_run, **asked)


def _page(options) -> None:
    from analysis.corpus import load
    from analysis.pages import serve_pages, write_pages
    from analysis.pages.writing import PAGES

    corpus = load(options.name, root=_corpora(options))
    if options.serve:
        serve_pages(corpus, withheld=options.withheld)
        return
    out = options.out or (options.root or project_root()) / PAGES / corpus.name
    write_pages(corpus, out, withheld=options.withheld)


def _run(options) -> int:
    for name, value in STEADY.items():
        os.environ.setdefault(name, value)
    from analysis.run import run, store

    if options.store:
        store(options.root)
    else:
        return 1 if run(options.names, root=options.root).failed else 0
    return 0


def _corpora(options) -> Path:
    return (options.root or project_root()) / "corpus"


def _option(*names: str, **about) -> tuple:
    return names, about


def _flag(name: str, help: str) -> tuple:
    return _option(name, action="store_true", help=help)


_KEY_WORDS = 8  # of each outlet, that hint at words of frames
_SMALL = "however many articles there are (by default up to 1,000 articles)"
_NAMES = _option("names", nargs="+", metavar="NAME")
_FROM = "files and folders of articles in any format: exports, tables, Word, PDF, web pages, text"
_FORMAT = "the format of all files, such as table or nexis-docx (default: recognised)"
_COLUMN = (
    "the column that holds text, title, outlet, published, author, section, page, url, language or"
    " source_id; may be given several times"
)
_PATTERN = "how names of text files are made: {outlet}_{date}_{title}"
_ZONE = "of times without one, such as Europe/Berlin (default: such times are left out)"
_DROP = "of articles of one outlet that are nearly the same, keep one (default: the longest)"
_STRICT = "refuse everything if anything would be left out, left empty or guessed"
_ENCODER = "embed with another sentence encoder: model.onnx and tokenizer.json"
_PARSE = (
    "parse all sentences in which somebody may speak, only those that name an actor or hold a"
    " quotation (half the time), or none (default: as corpus.yml says, else all)"
)
_UPDATE = (
    "bring up to date what tl.reuse(corpus, update=True) keeps: new articles are compared with all"
)
_WORKERS = "processes for many articles (default: one for each core)"
_NGRAMS = (
    "runs of five words as keyed hashes: none (default), of credited passages, or all; with them"
    " reuse can be measured anew, and who has one of two articles reads what both have in common"
)
_WORDS = "show words though corpus.yml says that the texts are withheld: the pages then hold them"
_RANDOM = "key the n-grams with a random file kept beside the texts, for a growing archive"
# command → function, help, options; of the options in a list at most one is given
COMMANDS = {
    "new": (
        _new,
        "write a corpus folder to start from",
        _option("name"),
        _option("--from", dest="paths", type=Path, nargs="+", metavar="PATH", help=_FROM),
        _option("--format", metavar="F", help=_FORMAT),
        _option("--encoding", metavar="E", help="of files of text (default: found)"),
        [
            _option(
                "--day-first",
                dest="day_first",
                action="store_const",
                const=True,
                help="3/4/2023 is in April",
            ),
            _option(
                "--month-first",
                dest="day_first",
                action="store_const",
                const=False,
                help="3/4/2023 is in March (default: as the whole column shows)",
            ),
        ],
        _option("--timezone", metavar="Z", help=_ZONE),
        _option("--column", action="append", default=[], metavar="FIELD=NAME", help=_COLUMN),
        _option("--name-pattern", metavar="P", help=_PATTERN),
        _option("--language", metavar="L", help="of articles that do not say (default: en)"),
        _option(
            "--drop-duplicates",
            choices=("longest", "first", "last"),
            nargs="?",
            const="longest",
            help=_DROP,
        ),
        _flag("--strict", _STRICT),
    ),
    "check": (_check, "report every fault of a corpus, with file and row", _NAMES),
    "suggest": (
        _suggest,
        "print a codebook to start from: who is named in most articles",
        _option("name"),
        _option("--actors", type=int, default=12, metavar="N", help="at most N (default: 12)"),
    ),
    "extract": (
        _extract,
        "make the private features from the texts",
        _NAMES,
        [
            _flag("--vectors", f"embed sentences, on a GPU if there is one, {_SMALL}"),
            _flag("--no-vectors", "leave out sentence embeddings, which take most of the time"),
            _option("--model", type=Path, metavar="DIR", help=_ENCODER),
        ],
        [
            _flag("--tone", f"score the tone towards actors at every mention, {_SMALL}"),
            _flag("--no-tone", "leave out the tone of mentions"),
        ],
        [
            _option("--parse", choices=("all", "voices", "none"), help=_PARSE),
            _flag("--no-syntax", "the same as --parse none"),
        ],
        _flag("--values", f"find numbers, dates, times and names, {_SMALL}"),
        _option("--workers", type=int, metavar="N", help=_WORKERS),
        _flag("--update", _UPDATE),
    ),
    "stories": (
        _stories,
        "write stories.csv, which article tells of which event, to be corrected by hand",
        _option("name"),
    ),
    "share": (
        _share,
        "make the shared features, which hold no running words, and an archive of them",
        _option("name"),
        _option("--out", type=Path, help="the archive (default: NAME.zip)"),
        _option("--ngrams", choices=("none", "credited", "all"), default="none", help=_NGRAMS),
        _flag("--vectors", "include sentence embeddings (sentences can be guessed from them)"),
        _flag("--random-key", _RANDOM),
        _flag("--dry-run", "list every file and column that would leave, and write none"),
    ),
    "page": (
        _page,
        "write pages to read the corpus in a browser, from the disk",
        _option("name"),
        [
            _option("--out", type=Path, metavar="DIR", help="the folder (default: pages/NAME)"),
            _flag("--serve", "make each page when it is asked for, at an address of this machine"),
        ],
        _flag("--withheld", _WORDS),
    ),
    "run": (
        _run,
        "extract, measure and draw everything (what `make figures` does)",
        _option("names", nargs="*", metavar="NAME", help="corpora (default: harbour amnesty2024)"),
        _flag("--store", "execute the notebooks as they are and keep their outputs in them"),
    ),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="twicetold",
        description="Who frames a story how, in what tone, and who took whose words. A corpus is a"
        " folder under corpus/.",
    )
    root = "the project's folder (default: found from here upwards)"
    parser.add_argument("--root", type=Path, help=root)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, (function, about, *options) in COMMANDS.items():
        command = commands.add_parser(name, help=about)
        command.set_defaults(command=function)
        for option in options:
            one_of = isinstance(option, list)
            target = command.add_mutually_exclusive_group() if one_of else command
            for names, settings in option if one_of else [option]:
                target.add_argument(*names, **settings)
    return parser


if __name__ == "__main__":
    sys.exit(main())
