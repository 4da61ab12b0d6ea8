"""The dates in Wikidata's statements, with what their qualifiers say of how sure they are. Pure."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any

from app import edtf
from app.importing import dates
from app.importing.wikidata_terms import (
    CIRCUMSTANCES,
    EARLIEST,
    END_TIME,
    LATEST,
    SOURCING_CIRCUMSTANCES,
    UNTIL,
    WHEN,
)
from app.importing.wikidata_values import MALFORMED, LeftOutError, mapping, number_of


def a_date(number: str, value: Mapping[str, Any]) -> tuple[str, bool]:
    """(a date, whether it is a day of the Julian calendar). Raises LeftOutError for one that cannot be told."""
    try:
        return dates.wikibase(value)
    except dates.DateError as error:
        raise LeftOutError(f"{number} that is no date that can be told: {error}") from error


def when(claims: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """(what is said of an event, with the best alone that says when it is, and what is left out).

    When it ends stands as a qualifier beside when it begins, where each is told once. What is malformed stays as it is.
    """
    told = sorted((number for number in WHEN if claims.get(number)), key=lambda one: not _is_dated(claims[one]))
    first, *others = told or [""]
    left_out = [number for number in others for _ in claims[number]]
    kept = {number: told for number, told in claims.items() if number not in others}
    until = UNTIL.get(first, "")
    with suppress(*MALFORMED):
        (begins, *more), (ends, *more_ends) = _best(kept[first]), _best(kept.get(until, ()))
        if not more and not more_ends:
            left_out += [until] * (len(kept.pop(until)) - 1)
            kept[first] = [_with_end(one, ends) if one is begins else one for one in kept[first]]
    return kept, left_out


def _best(statements: Sequence[Any]) -> list[Any]:
    """Those of the best rank, but for wrong ones. Raises one of MALFORMED for what are none."""
    ranks = [one.get("rank", "normal") for one in statements]
    best = "preferred" if "preferred" in ranks else "normal"
    return [one for one, rank in zip(statements, ranks, strict=True) if rank == best]


def _is_dated(statements: Sequence[Any]) -> bool:
    """Whether one of the statements has a value that counts."""
    with suppress(*MALFORMED):
        return any(one.get("rank") != "deprecated" and one["mainsnak"]["snaktype"] == "value" for one in statements)
    return False


def _with_end(begins: Mapping[str, Any], ends: Mapping[str, Any]) -> Mapping[str, Any]:
    """The statement of a beginning with that of an end in it, and what qualifies that within it.

    Raises one of MALFORMED where they are no such thing.
    """
    end = {**ends["mainsnak"], "qualifiers": mapping(ends.get("qualifiers"))}
    qualifiers = {**mapping(begins.get("qualifiers")), END_TIME: [end]}
    references = [*(begins.get("references") or ()), *(ends.get("references") or ())]
    return {**begins, "qualifiers": qualifiers, "references": references}


def dated(number: str, snak: Mapping[str, Any], qualifiers: dict[str, list[Any]]) -> tuple[str, bool]:
    """The date of a statement, as sure as its qualifiers have it, which are used up; and whether a day is Julian.

    With an earliest and a latest date it is some moment between these, whatever else is told of it: that is
    all that is said to be so. Where one of them is missing, the date itself ends on that side, if there is one.
    """
    told, is_julian, untold = "", False, None
    try:
        told, is_julian = _date_of(number, snak)
    except LeftOutError as error:
        untold = error
    bounds = {one: bound for one in (EARLIEST, LATEST) if (bound := _bound(one, qualifiers))}
    start, end = (bounds.get(one, ("", False))[0] for one in (EARLIEST, LATEST))
    if bounds and snak["snaktype"] != "novalue" and (between := _between(told, start, end)):
        for one in bounds:
            del qualifiers[one]
        return between, is_julian or any(is_one for _, is_one in bounds.values())
    until, is_end_julian, of_end = _end(qualifiers) if number in UNTIL else ("", False, ())
    if untold and not (until and snak["snaktype"] == "somevalue"):
        raise untold
    if until and dates.modality(until) == "planned" and (not told or dates.modality(told) != "planned"):
        until, qualifiers[UNTIL[number]] = "", qualifiers.pop(END_TIME)
    told = _with_doubt(told, qualifiers) if told else ""
    if until and (between := _until(told, until)):
        del qualifiers[END_TIME]
        qualifiers |= {f"{one} of {UNTIL[number]}": [] for one in of_end}
        return between, is_julian or is_end_julian
    if untold:
        raise untold
    return told, is_julian


def _end(qualifiers: Mapping[str, Sequence[Mapping[str, Any]]]) -> tuple[str, bool, Collection[str]]:
    """(the date of an end, "" for none; whether a day is Julian; what of its own qualifiers is not in that).

    No interval ends at some moment between two others: with an earliest and a latest date it is as it is told itself.
    """
    snaks = qualifiers.get(END_TIME, ())
    with suppress(LeftOutError):
        (snak,) = snaks if len(snaks) == 1 else ({"snaktype": "novalue"},)
        own = {name: told for name, told in mapping(snak.get("qualifiers")).items() if told}
        rest = dict(own)
        date, is_julian = dated(END_TIME, snak, rest)
        return (date, is_julian, rest) if date[0] != "[" else (*_date_of(END_TIME, snak), own)
    return "", False, ()


def is_before(one: str, other: str) -> bool:
    """Whether a date begins earlier than another, or tells the same more finely."""
    first, second = edtf.parse(one), edtf.parse(other)
    if first.contains(second) or second.contains(first):
        return not first.contains(second)
    return (first.span[0] or (0, 0, 0)) < (second.span[0] or (0, 0, 0))


def _date_of(number: str, snak: Mapping[str, Any]) -> tuple[str, bool]:
    """The date that a snak tells. Raises LeftOutError where it tells none."""
    if snak["snaktype"] != "value":
        raise LeftOutError(f"{snak['snaktype']} of {number}")
    return a_date(number, snak["datavalue"]["value"])


def _between(told: str, start: str, end: str) -> str:
    """Some moment between two dates; "" where that is none, or where the date that is told is not between them."""
    try:
        span = edtf.parse(told).span if told else (None, None)
        first, last = start or _edge(told, span[0]), end or _edge(told, span[1])
        between = edtf.parse(first if first == last else f"[{first}..{last}]")
        return between.text if not told or between.overlaps(edtf.parse(told)) else ""
    except ValueError:
        return ""


def _until(start: str, end: str) -> str:
    """From one date to another; "" where that is before it."""
    try:
        return edtf.parse(start if start == end else f"{start}/{end}").text
    except ValueError:
        return ""


def _edge(told: str, day: tuple[int, int, int] | None) -> str:
    """The date that bounds a span on one side: as it is told, or the year where that is not a single one."""
    if "X" not in told or day is None:
        return told
    return f"{'-' * (day[0] < 0)}{abs(day[0]):04}"


def _bound(number: str, qualifiers: Mapping[str, Sequence[Mapping[str, Any]]]) -> tuple[str, bool] | None:
    """The date of a qualifier that has one, and no more."""
    snaks = qualifiers.get(number, ())
    with suppress(LeftOutError):
        return _date_of(number, snaks[0]) if len(snaks) == 1 else None
    return None


def _with_doubt(date: str, qualifiers: dict[str, list[Any]]) -> str:
    """A date with the doubt that the qualifiers have of it, which are used up: circa is `~`, presumably `?`."""
    snaks = qualifiers.get(SOURCING_CIRCUMSTANCES, [])
    items = {number_of(one["datavalue"]["value"]) for one in snaks if one["snaktype"] == "value"}
    if not items or not items <= CIRCUMSTANCES.keys() or date.startswith("["):
        return date
    del qualifiers[SOURCING_CIRCUMSTANCES]
    doubts = {CIRCUMSTANCES[one] for one in items}
    return f"{date}{doubts.pop() if len(doubts) == 1 else '%'}"
