"""Reads YAML as plain data in which every value knows its line. Pure.

All scalars stay text, as written: what is a date or a number is decided by the vocabulary, not by YAML's guesses.
Anchors, aliases and tags are refused, since a seed needs none, and so is a key that stands twice.
"""

from typing import Any

import yaml

Path = tuple[str | int, ...]
_NULLS = ("", "~", "null")


class LinesError(ValueError):
    """The text is not the YAML that seeds are written in; `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        super().__init__(message)


def read(text: str) -> tuple[Any, dict[Path, int]]:
    """(data, lines): dicts, lists, strings and None, and the line of each value by its path. Raises LinesError."""
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            _refuse_tricks(event)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise LinesError(mark.line + 1 if mark else 1, f"this is not YAML: {error.problem or error.context}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise LinesError(1, f"this is not YAML: {str(error).splitlines()[0]}") from error
    lines: dict[Path, int] = {}
    return (None if node is None else _plain(node, (), lines)), lines


def _refuse_tricks(event: Any) -> None:
    line = event.start_mark.line + 1
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise LinesError(line, "anchors and aliases (& and *) are not used in seeds; write the value out")
    if getattr(event, "tag", None):
        raise LinesError(line, f"the tag {event.tag} is not used in seeds; write a plain value")


def _plain(node: Any, path: Path, lines: dict[Path, int]) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return None if node.style is None and node.value in _NULLS else node.value
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
