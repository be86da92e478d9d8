"""The command `twicetold`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from analysis.errors import TwicetoldError
from analysis.files import project_root

# Set before NumPy is loaded: stored numbers must not depend on the number of processors.
STEADY = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "MPLBACKEND": "agg",
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit status is 0 done, 1 a fault was reported, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # a name that a terminal cannot show stops nothing
            stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    try:
        return options.command(options) or 0
    except TwicetoldError as error:
        print(f"twicetold: {error}", file=sys.stderr)
        return 1
    except OSError as error:  # no space, no right to write, and the like
        print(f"twicetold: {error}; what was there before is unchanged.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("twicetold: stopped; what was there before is unchanged.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="twicetold",
        description=(
            "Who frames a story how, in what tone, and who took whose words. A corpus is a folder"
            " under corpus/."
        ),
    )
    parser.add_argument(
        "--root",
        type=Path,
        default=None,
        help="the project's folder (default: found from here upwards)",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    new = commands.add_parser("new", help="scaffold a corpus folder")
    new.add_argument("name")
    new.add_argument(
        "--from",
        dest="table",
        type=Path,
        metavar="TABLE",
        help=(
            "a CSV, JSONL or Parquet table of articles with at least the columns article_id (or id)"
            " and text"
        ),
    )
    new.add_argument("--language", default="en", help="language of the articles (default: en)")
    new.set_defaults(command=_new)

    check = commands.add_parser("check", help="report every fault of a corpus, with file and row")
    check.add_argument("names", nargs="+", metavar="NAME")
    check.set_defaults(command=_check)

    extract = commands.add_parser("extract", help="make the private features from the texts")
    extract.add_argument("names", nargs="+", metavar="NAME")
    vectors = extract.add_mutually_exclusive_group()
    vectors.add_argument(
        "--vectors",
        action="store_true",
        help=(
            "embed sentences, on a GPU if there is one, however many articles there are "
            "(by default up to 1,000 articles, on the CPU)"
        ),
    )
    vectors.add_argument(
        "--no-vectors",
        action="store_true",
        help="leave out sentence embeddings, which take most of the time",
    )
    vectors.add_argument(
        "--model",
        type=Path,
        metavar="DIR",
        help="embed with a sentence encoder of your own: model.onnx and tokenizer.json",
    )
    tone = extract.add_mutually_exclusive_group()
    tone.add_argument(
        "--tone",
        action="store_true",
        help=(
            "judge the tone towards actors at every mention, however many articles there are "
            "(by default up to 1,000 articles)"
        ),
    )
    tone.add_argument("--no-tone", action="store_true", help="leave out the tone of mentions")
    extract.add_argument(
        "--values",
        action="store_true",
        help=(
            "find numbers, dates, times and names, however many articles there are "
            "(by default up to 1,000 articles)"
        ),
    )
    extract.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="processes for many articles (default: one for each core)",
    )
    extract.set_defaults(command=_extract)

    share = commands.add_parser(
        "share",
        help="make the shared features, which hold no running words, and an archive of them",
    )
    share.add_argument("name")
    share.add_argument("--out", type=Path, help="the archive (default: NAME.zip)")
    share.add_argument(
        "--vectors",
        action="store_true",
        help="let sentence embeddings go along (sentences can be guessed from them)",
    )
    share.add_argument(
        "--random-key",
        action="store_true",
        help="key the n-grams with a random file kept beside the texts, for a growing archive",
    )
    share.set_defaults(command=_share)

    run = commands.add_parser(
        "run", help="extract, measure and draw everything (what `make figures` does)"
    )
    run.add_argument(
        "names", nargs="*", metavar="NAME", help="corpora (default: harbour amnesty2024)"
    )
    run.add_argument(
        "--store",
        action="store_true",
        help="execute the notebooks as they stand and keep their outputs in them, for the tests",
    )
    run.set_defaults(command=_run)
    return parser


# The commands import what they need when they run, so that --help answers at once.


def _new(options) -> None:
    from analysis.scaffold import new_corpus

    folder = new_corpus(
        options.name, root=_corpora(options), table=options.table, language=options.language
    )
    print(
        f"{folder}: written. Next: fill in corpus.yml and codebook.yml, then `twicetold check"
        f" {options.name}` and `twicetold run {options.name}`."
    )


def _check(options) -> int:
    from analysis.checks import check
    from analysis.codebook import read_codebook
    from analysis.corpus import corpus_folder

    faulty = 0
    for name in options.names:
        folder = corpus_folder(name, _corpora(options))
        faults = check(folder)
        faulty += bool(faults)
        said = f"{len(faults)} fault{'s' * (len(faults) != 1)}" if faults else "no fault found"
        noted = (
            []
            if faults
            else [
                note
                for entry in read_codebook(folder / "codebook.yml")[0].entries
                for note in entry.notes
            ]
        )
        print("\n  - ".join([f"{folder}: {said}.", *map(str, faults), *map(str, noted)]))
    return 1 if faulty else 0


def _extract(options) -> None:
    from analysis.corpus import load
    from analysis.extract.corpus import DEFAULT, extract
    from analysis.models.encoder import gpu_found, load_encoder
    from analysis.models.tone.model import load_tone

    encoder = DEFAULT
    if options.no_vectors:
        encoder = None
    elif options.vectors or options.model is not None:
        encoder = load_encoder(options.model, gpu=gpu_found())
    tone = None if options.no_tone else load_tone() if options.tone else DEFAULT
    for name in options.names:
        extract(
            load(name, root=_corpora(options)),
            encoder=encoder,
            tone=tone,
            values=options.values or None,
            workers=options.workers,
        )


def _share(options) -> None:
    from analysis.corpus import load
    from analysis.share import share

    share(
        load(options.name, root=_corpora(options)),
        out=options.out,
        vectors=options.vectors,
        random_key=options.random_key,
    )


def _run(options) -> None:
    for name, value in STEADY.items():
        os.environ.setdefault(name, value)
    from analysis.run import run, store

    if options.store:
        store(options.root)
    else:
        run(options.names, root=options.root)


def _corpora(options) -> Path:
    return (options.root or project_root()) / "corpus"


if __name__ == "__main__":
    sys.exit(main())
