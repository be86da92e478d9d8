"""YAML, read so that whatever is wrong comes back as a fault with its row."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import yaml
from pydantic import BaseModel, ConfigDict, PlainValidator, ValidationError
from pydantic_core import PydanticCustomError
from yaml.composer import ComposerError
from yaml.constructor import ConstructorError

from analysis.errors import Fault
from analysis.io.text import read_utf8

_NEEDED = {"bool_type": "true or false", "list_type": "a list", "string_type": "a text"}


class Keys(BaseModel):
    """Keys of a YAML mapping; others are faults, and no value is read as one of another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


def needed(is_right: Callable[[object], bool], what: str) -> PlainValidator:
    """A check of one value, for the annotation of a key.

    Parameters
    ----------
    is_right : callable
        Whether a value is allowed.
    what : str
        What is needed, for the fault.

    Returns
    -------
    PlainValidator
    """

    def check(value):
        if not is_right(value):
            raise PydanticCustomError("needed", what)
        return value

    return PlainValidator(check)


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader, of text that can be written and without aliases.

    A few lines of aliases can expand to gigabytes.
    """

    def compose_node(self, parent, index):
        if self.check_event(yaml.AliasEvent):
            problem = "an alias (*name) is not allowed; write its content out"
            raise ComposerError(None, None, problem, self.peek_event().start_mark)
        return super().compose_node(parent, index)

    def construct_object(self, node, deep=False):
        try:
            return super().construct_object(node, deep)
        except (ValueError, LookupError, AttributeError, OverflowError):
            # PyYAML's, of a date, number or tag that is none
            problem = f"{node.value!r:.60} is not what it looks like; put it in quotes"
            raise ConstructorError(None, None, problem, node.start_mark) from None

    def construct_scalar(self, node):
        value = super().construct_scalar(node)
        if isinstance(value, str) and re.search("[\0\ud800-\udfff]", value):
            problem = f"{value!r} holds NUL or half a character"
            raise ConstructorError(None, None, problem, node.start_mark)
        return value


def read_yaml(path: Path) -> tuple[dict, dict[tuple, int], list[Fault]]:
    """Load a YAML mapping safely; doubled keys are faults.

    Parameters
    ----------
    path : path

    Returns
    -------
    dict, dict of tuple to int, list of Fault
        The mapping, and the row of every key (as the tuple of keys that leads to it; numbers from 0
        lead to mappings in lists).
    """
    name = Path(path).name
    text, faults = read_utf8(path)
    node, content = None, None
    if not faults:
        node, content, faults = load_yaml(text, name)
    if not faults and not isinstance(content, (dict, type(None))):
        faults = [Fault(name, 1, "must be a mapping of keys to values.")]
    if faults:
        return {}, {}, faults
    rows: dict[tuple, int] = {}
    _walk(node, (), rows, faults, name)
    return content or {}, rows, faults


def load_yaml(text: str, name: str) -> tuple[yaml.Node | None, object, list[Fault]]:
    """The tree of a YAML text as it is written, and its value.

    Parameters
    ----------
    text : str
    name : str
        What faults call the file.

    Returns
    -------
    yaml.Node or None, object, list of Fault
    """
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        return node, None if node is None else loader.construct_document(node), []
    except RecursionError:
        return None, None, [Fault(name, None, "not valid YAML: nested too deeply.")]
    except yaml.YAMLError as error:
        mark, position = getattr(error, "problem_mark", None), getattr(error, "position", None)
        row = mark.line + 1 if mark else None
        if position is not None:
            row = text.count("\n", 0, position) + 1
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        return None, None, [Fault(name, row, f"not valid YAML: {problem}.")]


def _walk(node, keys, rows, faults, name) -> None:
    if len(keys) > 4:
        return
    if isinstance(node, yaml.SequenceNode):
        for place, item in enumerate(node.value):
            if isinstance(item, yaml.MappingNode):
                rows[(*keys, place)] = item.start_mark.line + 1
                _walk(item, (*keys, place), rows, faults, name)
        return
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        row = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
            problem = f"the name {key.value!r} is not read as text; put it in quotes."
            faults.append(Fault(name, row, problem))
            continue
        at = (*keys, key.value)
        if at in rows:
            problem = f"{_said(at)} is there twice, first in row {rows[at]}; keep one."
            faults.append(Fault(name, row, problem))
        else:
            rows[at] = row
            _walk(value, at, rows, faults, name)


def check_keys(model: type[Keys], content: dict, rows: dict[tuple, int], name: str) -> list[Fault]:
    """Check a YAML mapping against its model.

    Parameters
    ----------
    model : type of Keys
    content, rows : dict
        As `read_yaml` returns them.
    name : str
        What faults call the file.

    Returns
    -------
    list of Fault
        Each with the row of its key.
    """
    try:
        model.model_validate(content)
    except ValidationError as error:
        errors = error.errors(include_url=False)
    else:
        return []
    faults = []
    for found in errors:
        keys = tuple(key for key in found["loc"] if key != "[key]")
        near = next((keys[:n] for n in range(len(keys), 0, -1) if keys[:n] in rows), ())
        faults.append(Fault(name, rows.get(near), _problem(model, keys, found)))
    return faults


def _problem(model: type[Keys], keys: tuple, found: dict) -> str:
    kind = found["type"]
    inside = _said(keys[:-1])
    at = f" in {inside}" if inside else ""
    if kind == "extra_forbidden":
        allowed = ", ".join(_expected(model, keys[:-1])[0].model_fields)
        return f"unknown key {keys[-1]!r}{at}; allowed are {allowed}."
    expected, about = _expected(model, keys)
    if kind == "missing":
        return f"the key {keys[-1]!r} is missing{at}; needed is {about or 'it'}."
    at = f"item {keys[-1] + 1} of {inside}" if isinstance(keys[-1], int) else _said(keys)
    given = f"{at} is {found['input']!r:.80}"
    if kind == "literal_error":
        return f"{given}; allowed are {found['ctx']['expected']}."
    if kind == "dict_type":
        allowed = ", ".join(get_args(expected)[1].model_fields)
        return f"{given}; it must map each name to the keys {allowed}."
    if kind == "model_type":
        return f"{given}; needed is a mapping with keys among {', '.join(expected.model_fields)}."
    return f"{given}; needed is {about or _NEEDED.get(kind, found['msg'])}."


def _said(keys: tuple) -> str:
    """Where a key stands: "actors/mayor/side", "claims/item 2/told"."""
    return "/".join(key if isinstance(key, str) else f"item {key + 1}" for key in keys)


def _expected(model: type[Keys], keys: tuple) -> tuple[type, str | None]:
    """Type that a model expects at a place, and its description."""
    expected, about = model, None
    for key in keys:
        if isinstance(expected, type) and issubclass(expected, BaseModel):
            field = expected.model_fields[key]
            expected, about = field.annotation, field.description
        else:  # a list, or a dict of names
            expected, about = get_args(expected)[-1], None
    return expected, about
