"""How files of Wikidata hold its entities: dumps, entity data, answers of the API, single ones, several of these."""

import json
from collections.abc import Iterator
from typing import Any

from app.importing.files import File, Json
from app.importing.records import FormatError, Unreadable

_EXPECTED = "entities of Wikidata"


def entities(file: File) -> Iterator[Json | Unreadable]:
    """Every entity of a file, and each line that is none. Raises FormatError where there is no JSON in it."""
    is_read, first, wrong = False, 0, f"{file.name}: there is no JSON in it"
    for line in file.lines():
        if isinstance(line, Unreadable):
            wrong = str(line)
            yield line
            continue
        number, text = line
        told = text.strip().removesuffix(",")
        if told in ("", "[", "]"):
            is_read = is_read or bool(told)
            continue
        first = first or number
        try:
            found = _in_a_list(told)
        except (ValueError, RecursionError) as error:
            if number == first and told[-1] in "{[":
                for one in file.jsons(_EXPECTED):
                    yield from [one] if isinstance(one, Unreadable) else file.sound(_unwrapped(file, one))
                return
            yield Unreadable(file.name, number, f"is no JSON ({error})")
            continue
        is_read = True
        yield from _unwrapped(file, Json(told, found, number))
    if not is_read:
        raise FormatError(f"{wrong}; expected {_EXPECTED}")


def _in_a_list(told: str) -> Any:
    """The value of a line, which may have the bracket of the list that it stands in before it, or after it."""
    try:
        return json.loads(told)
    except ValueError:
        inner = told.removeprefix("[") if told.startswith("[") else told.removesuffix("]")
        if inner == told:
            raise
        return json.loads(inner)


def _unwrapped(file: File, told: Json) -> Iterator[Json | Unreadable]:
    """The entities in a JSON value: itself, those of a list, or those under `entities` or each under a name.

    A list may be one of answers, each with its own.
    """
    found = told.value
    if isinstance(found, dict) and isinstance(found.get("entities"), dict | list):
        yield from told.parts("entities")
    elif isinstance(found, dict) and "error" in found:
        error = found["error"].get("info") if isinstance(found["error"], dict) else found["error"]
        yield Unreadable(file.name, told.line, f"is an error and no entity: {str(error)[:100]}")
    elif isinstance(found, list) and any(isinstance(one, dict) and "entities" in one for one in found):
        for one in told.parts():
            yield from _unwrapped(file, one)
    elif isinstance(found, list) or (isinstance(found, dict) and found and not found.keys() & {"id", "entity"}):
        yield from told.parts()
    else:
        yield told
