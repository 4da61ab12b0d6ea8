"""What is wrong with the form of a claims file, in our words instead of Pydantic's."""

import json
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError

from app.loading import yaml_lines
from app.loading.header import CLAIMS
from app.loading.problems import Problem
from app.vocabulary import KINDS

_LONGEST_NAMED = 200
_MESSAGES = {
    "missing": "is missing",
    "list_type": "is no list; expected one line with a hyphen for each",
    "model_type": "is no mapping; expected keys with their values",
    "string_too_short": "is empty; expected some words",
    "too_long": "are too many",
}


def claim_name(number: int, subject: Any, name: Any) -> str:
    """How problems refer to a claim: its number in the file, from 1, and what it is about."""
    return f"claim {number} ({subject} {name})"


def near(word: str, known: Iterable[str]) -> str:
    """A hint at the one of the known words that may have been meant; nothing where none is like it."""
    close = get_close_matches(word[:80], list(known), n=1, cutoff=0.7)
    return f"; did you mean {close[0]}?" if close else ""


def problems_of(
    error: ValidationError, keys: Iterable[str], within: yaml_lines.Path, data: Any, line_of: dict[yaml_lines.Path, int]
) -> list[Problem]:
    """Pydantic's errors of what is `within` and may have these keys, each at the line of the value or what has it."""
    return [_problem(detail, keys, within, data, line_of) for detail in error.errors(include_url=False)]


def _problem(
    detail: Any, keys: Iterable[str], within: yaml_lines.Path, data: Any, line_of: dict[yaml_lines.Path, int]
) -> Problem:
    path: tuple[Any, ...] = (*within, *detail["loc"])
    if within[:1] == ("entities",) and isinstance(data["entities"][within[1]], str):
        path = within  # its id is all that there is
    found = path
    while found and found not in line_of:
        found = found[:-1]
    claim, number, key = "", 0, ".".join(str(part) for part in path)
    if within[:1] == ("claims",):
        number = path[1] + 1
        said = data["claims"][path[1]]
        told = said if isinstance(said, dict) else {}
        claim = claim_name(number, *(_named(told.get(key)) for key in ("subject", "property")))
        key = ".".join(str(part) for part in path[2:]) or "it"
    known = keys if len(detail["loc"]) == 1 else ()
    return Problem(CLAIMS, line_of.get(found, 1), claim, f"{key or 'the file'} {_message(detail, known)}", number)


def _message(detail: Any, known: Iterable[str]) -> str:
    """What is wrong with a value, and what was expected; of a key that is none, which of those there are is like it."""
    given, of = detail["input"], detail["type"]
    if of == "extra_forbidden":
        return f"is no key of the seed format{near(str(detail['loc'][-1]), known)}"
    if of == "string_pattern_mismatch":
        expected = f"expected kind/slug, such as film/the-challenge, where kind is one of {', '.join(KINDS)}"
        return f"is {_named(given)!r}; {expected}"
    if of == "literal_error":
        allowed = [one.strip("'") for one in detail["ctx"]["expected"].replace(" or ", ", ").split(", ")]
        return f"is {_named(given)!r}; expected one of {', '.join(allowed)}{near(str(given).lower(), allowed)}"
    if of == "string_type":
        return f"is {json.dumps(given)[:_LONGEST_NAMED]}; expected a text, in quotes"
    return _MESSAGES.get(of, str(detail["msg"]))


def _named(told: Any) -> str:
    """What a file says, where it is short enough to be said again."""
    return told if isinstance(told, str) and len(told) <= _LONGEST_NAMED else "?"
