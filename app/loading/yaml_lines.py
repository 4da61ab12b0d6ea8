"""Reads YAML as plain data in which every value knows its line. Pure.

All scalars stay text, as written: what is a date or a number is decided by the vocabulary, not by YAML's guesses.
Anchors, aliases and tags are refused, since a seed needs none, and so is a key that stands twice. The same data as JSON
has no lines.
"""

import re
from typing import Any

import yaml

Path = tuple[str | int, ...]
_NULLS = ("", "~", "null")
# What helps, by some words of what the library says.
_HINTS = {
    "values are": "put a text with ': ' in it into double quotes",
    "any token": "indent with spaces alone, and put a text that begins with a sign into double quotes",
    "not find": "a text that begins with a quote ends with one, and keys of one item stand below each other",
}
# Twelve times as fast as the one in Python, which is there where libyaml is not.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What may be written with escapes, and what no text has.
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_DEEPEST = 10
_TOO_DEEP = "this is nested too deeply; expected the keys of the seed format"


class LinesError(ValueError):
    """The text is not the YAML that seeds are written in; `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        super().__init__(message)


def read(text: str) -> tuple[Any, dict[Path, int]]:
    """(data, lines): dicts, lists, strings and None, and the line of each value by its path. Raises LinesError."""
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_LOADER):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            _refuse_tricks(event, depth)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = error.problem or error.context or ""
        hint = next((f"; {hint}" for part, hint in _HINTS.items() if part in what), "")
        raise LinesError(mark.line + 1 if mark else 1, f"this is not YAML: {what}{hint}") from error
    except yaml.YAMLError as error:
        raise LinesError(1, f"this is not YAML: {str(error).splitlines()[0]}") from error
    lines: dict[Path, int] = {}
    return (None if node is None else _plain(node, (), lines)), lines


def of_json(data: Any) -> dict[Path, int]:
    """The line of each value of a JSON document: always 0. Raises LinesError for a text that is none."""
    lines: dict[Path, int] = {}
    left: list[tuple[Path, Any]] = [((), data)]
    for path, one in left:
        lines[path] = 0
        if isinstance(one, str):
            _refuse_no_text(one, 0)
        elif isinstance(one, dict):
            for key in one:
                _refuse_no_text(key, 0)
            left += [((*path, key), member) for key, member in one.items()]
        elif isinstance(one, list):
            left += [((*path, index), member) for index, member in enumerate(one)]
        if len(path) > _DEEPEST:
            raise LinesError(0, _TOO_DEEP)
    return lines


def _refuse_tricks(event: Any, depth: int) -> None:
    line = event.start_mark.line + 1
    if depth > _DEEPEST:
        raise LinesError(line, _TOO_DEEP)
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise LinesError(line, "anchors and aliases (& and *) are not used in seeds; write the value out")
    if getattr(event, "tag", None):
        raise LinesError(line, f"the tag {event.tag} is not used in seeds; write a plain value")


def _plain(node: Any, path: Path, lines: dict[Path, int]) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        _refuse_no_text(node.value, lines[path])
        return None if not node.style and node.value in _NULLS else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*path, index), lines) for index, child in enumerate(node.value)]
    found: dict[str, Any] = {}
    for key, child in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise LinesError(key.start_mark.line + 1, "a key must be a word")
        if key.value in found:
            raise LinesError(key.start_mark.line + 1, f"the key '{key.value}' stands twice")
        found[key.value] = _plain(child, (*path, key.value), lines)
    return found


def _refuse_no_text(text: str, line: int) -> None:
    if _NO_TEXT.search(text):
        raise LinesError(line, "NUL, or half of a pair of surrogates, is no character of a text; expected others only")
