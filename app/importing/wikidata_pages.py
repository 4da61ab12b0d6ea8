"""How files of Wikidata hold its entities: dumps, entity data, answers of the API, single ones, several of these."""

import json
from collections.abc import Iterator
from typing import Any

from app.importing.files import File, Json, skip_blanks
from app.importing.records import FormatError, Unreadable

_EXPECTED = "entities of Wikidata"
_DECODER = json.JSONDecoder()


def entities(file: File) -> Iterator[Json | Unreadable]:
    """Every entity of a file, and each line that is none. Raises FormatError where there is no JSON in it."""
    is_read, is_open, is_torn, first, number, wrong = False, False, False, 0, 0, f"{file.name}: there is no JSON in it"
    for line in file.lines():
        if isinstance(line, Unreadable):
            is_torn, wrong = True, str(line)
            yield line
            continue
        number, text = line
        told = text.strip().removesuffix(",")
        if told in ("", "[", "]"):
            is_read, is_open = is_read or bool(told), told == "[" if told else is_open
            continue
        first, is_torn = first or number, False
        try:
            found = _in_a_list(told)
        except (ValueError, RecursionError) as error:
            if values := _in_a_row(told):
                is_read = True
                for value in values:
                    yield from _unwrapped(file, Json(*value, number))
                continue
            if number == first and told[-1] in "{[" and not _is_line_of_its_own(file, number + 1):
                for one in file.jsons(_EXPECTED):
                    yield from [one] if isinstance(one, Unreadable) else file.sound(_unwrapped(file, one))
                return
            is_torn, torn = True, Unreadable(file.name, number, f"is no JSON ({error})")
            wrong = str(torn)
            yield torn
            continue
        is_read, is_open = True, _is_open_after(told, found, is_open=is_open)
        yield from _unwrapped(file, Json(told, found, number))
    if not is_read:
        raise FormatError(f"{wrong}; expected {_EXPECTED}")
    if is_open and not is_torn:
        yield Unreadable(file.name, number, "is the last line, and the list is not closed: the file was cut off")


def _is_line_of_its_own(file: File, number: int) -> bool:
    """Whether the line of that number is an entity, so that the one before it is one that is torn, and not a part."""
    line = next((one for one in file.lines() if not isinstance(one, Unreadable) and one[0] >= number), (0, ""))
    try:
        return isinstance(json.loads(line[1].strip().removesuffix(",")), dict)
    except (ValueError, RecursionError):
        return False


def _is_open_after(told: str, found: Any, *, is_open: bool) -> bool:
    """Whether the list in which entities stand one a line goes on after one, beside which its brackets may stand."""
    if isinstance(found, list):
        return is_open
    return (is_open or told.startswith("[")) and not told.endswith("]")


def _in_a_list(told: str) -> Any:
    """The value of a line, which may have the bracket of the list that it stands in before it, or after it."""
    try:
        return json.loads(told)
    except ValueError:
        inner = told.removeprefix("[") if told.startswith("[") else told.removesuffix("]")
        if inner == told:
            raise
        return json.loads(inner)


def _in_a_row(told: str) -> list[tuple[str, Any]]:
    """The answers that stand in a line one after another, as text and as value; none where something else does."""
    found, at = list[tuple[str, Any]](), 0
    try:
        while at < len(told):
            value, end = _DECODER.raw_decode(told, at)
            found.append((told[at:end], value))
            at = skip_blanks(told, end)
    except (ValueError, RecursionError):
        return []
    return found if all(isinstance(value, dict) for _, value in found) else []


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
