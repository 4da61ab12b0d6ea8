"""How files of Launch Library hold its records: pages, lists of pages or of records, one record, or a line for each."""

import json
from collections.abc import Iterator
from itertools import islice

from app.importing.files import File, Json
from app.importing.records import FormatError, Unreadable

_EXPECTED = "a page of Launch Library"


def records(file: File) -> Iterator[Json | Unreadable]:
    """Each record of a file, and each line that is none. Raises FormatError for one that has no records at all."""
    filled = (one for one in file.lines() if isinstance(one, Unreadable) or one[1].strip())
    first = ["" if isinstance(one, Unreadable) else one[1].strip() for one in islice(filled, 2)]
    # One of the two may be torn; and a list may have a record on each line.
    if len(first) < 2 or first[0] == "[" or not any(map(_is_object, first)):
        for told in file.jsons(_EXPECTED):
            yield from [told] if isinstance(told, Unreadable) else file.sound(_of(file, told))
        return
    for one in file.lines():
        if isinstance(one, Unreadable):
            yield one
        elif one[1].strip():
            try:
                yield from _of(file, Json(one[1], json.loads(one[1]), one[0]))
            except (ValueError, RecursionError) as error:
                yield Unreadable(file.name, one[0], f"is no JSON ({error})")
            except FormatError as error:
                yield Unreadable(file.name, one[0], str(error).partition(": ")[2])


def _is_object(text: str) -> bool:
    """Whether a line is a whole object, as none is with which a page begins that goes over several lines."""
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _of(file: File, told: Json) -> Iterator[Json]:
    """The records of a page, of a list of pages or of records, or the one that it is itself."""
    found = told.value
    if isinstance(found, list):
        for one in told.parts():
            is_page = isinstance(one.value, dict) and "results" in one.value
            yield from _of(file, one) if is_page else [one]
        return
    if isinstance(found, dict) and "detail" in found and "id" not in found:
        raise FormatError(f"{file.name}: is no page but an error: {str(found['detail'])[:100]}")
    results = found.get("results", found) if isinstance(found, dict) else None
    if results is None or not isinstance(results, dict if results is found else list):
        raise FormatError(f"{file.name}: is no page of Launch Library; expected `results`, or records")
    yield from [told] if results is found else told.parts("results")
