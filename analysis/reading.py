"""Reading text and YAML so that whatever is wrong comes back as a fault with its row."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from yaml.composer import ComposerError
from yaml.constructor import ConstructorError

from analysis.errors import Fault

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def read_utf8(path: Path, name: str | None = None) -> tuple[str, list[Fault]]:
    """The text of a file without its byte order mark; what is wrong with it comes back as a fault."""
    path = Path(path)
    name = name or path.name
    try:
        if path.exists() and not path.is_file():
            return "", [Fault(name, None, "is no file; remove it and put a file there.")]
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return "", [
            Fault(name, None, "the file is missing; `twicetold new` writes one to start from.")
        ]
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        return "", [
            Fault(
                name,
                row,
                f"the byte 0x{error.object[error.start]:02x} is not UTF-8; save the file as UTF-8.",
            )
        ]
    except OSError as error:
        return "", [Fault(name, None, f"cannot be read: {error.strerror}.")]
    if "\0" in text:
        return "", [
            Fault(
                name,
                text.count("\n", 0, text.index("\0")) + 1,
                "holds a NUL character, as UTF-16 does; save the file as UTF-8.",
            )
        ]
    return text, []


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader without aliases, of which a few lines can stand for gigabytes, and with
    characters that can be written.
    """

    def compose_node(self, parent, index):
        if self.check_event(yaml.AliasEvent):
            raise ComposerError(
                None,
                None,
                "an alias (*name) is not allowed; write its content out",
                self.peek_event().start_mark,
            )
        return super().compose_node(parent, index)

    def construct_object(self, node, deep=False):
        try:
            return super().construct_object(node, deep)
        except (
            ValueError,
            LookupError,
            AttributeError,
            OverflowError,
        ):  # PyYAML's, of a date, number or tag that is none
            raise ConstructorError(
                None,
                None,
                f"{node.value!r:.60} is not what it looks like; put it in quotes",
                node.start_mark,
            ) from None

    def construct_scalar(self, node):
        value = super().construct_scalar(node)
        if isinstance(value, str) and re.search("[\0\ud800-\udfff]", value):
            raise ConstructorError(
                None, None, f"{value!r} holds NUL or half a character", node.start_mark
            )
        return value


def read_yaml(path: Path) -> tuple[dict, dict[tuple, int], list[Fault]]:
    """Load a YAML mapping safely, with the row of every key; doubled keys are faults."""
    name = Path(path).name
    text, faults = read_utf8(path)
    if faults:
        return {}, {}, faults
    node, said, faults = load_yaml(text, name)
    if faults:
        return {}, {}, faults
    if said is None:
        said = {}
    if not isinstance(said, dict):
        return {}, {}, [Fault(name, 1, "must be a mapping of keys to values.")]
    rows: dict[tuple, int] = {}
    faults: list[Fault] = []
    _walk(node, (), rows, faults, name)
    return said, rows, faults


def load_yaml(text: str, name: str) -> tuple[yaml.Node | None, object, list[Fault]]:
    """The tree of a YAML text as it is written, and what it stands for."""
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        return node, None if node is None else loader.construct_document(node), []
    except yaml.YAMLError as error:
        mark, position = getattr(error, "problem_mark", None), getattr(error, "position", None)
        row = (
            mark.line + 1
            if mark
            else None
            if position is None
            else text.count("\n", 0, position) + 1
        )
        return (
            None,
            None,
            [
                Fault(
                    name,
                    row,
                    "not valid YAML:"
                    f" {getattr(error, 'problem', None) or str(error).splitlines()[0]}.",
                )
            ],
        )
    except RecursionError:
        return None, None, [Fault(name, None, "not valid YAML: nested too deeply.")]


def _walk(node, keys, rows, faults, name) -> None:
    if not isinstance(node, yaml.MappingNode) or len(keys) > 4:
        return
    for key, value in node.value:
        row = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
            faults.append(
                Fault(name, row, f"the name {key.value!r} is not read as text; put it in quotes.")
            )
            continue
        at = (*keys, key.value)
        if at in rows:
            faults.append(
                Fault(
                    name,
                    row,
                    f"{'/'.join(map(str, at))} stands twice, first in row {rows[at]}; keep one.",
                )
            )
        else:
            rows[at] = row
            _walk(value, at, rows, faults, name)
