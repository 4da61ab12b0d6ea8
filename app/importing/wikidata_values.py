"""The values in Wikibase's JSON. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.importing.wikidata_terms import END_TIME, UNITS

# What comes of reading something as what it is not.
MALFORMED = (AttributeError, KeyError, TypeError, ValueError, IndexError, RecursionError)
_RANKS, _SNAKS = ("preferred", "normal", "deprecated"), ("value", "somevalue", "novalue")


class LeftOutError(Exception):
    """A statement that cannot be taken; the message names it in a report."""


def number_of(value: Mapping[str, Any]) -> int:
    """The number of an item; older files have only that, and no `id`."""
    if "numeric-id" in value:
        return int(value["numeric-id"])
    return int(str(value["id"]).removeprefix("Q"))


def a_text(value: Any) -> str:
    """A value that is text. Raises TypeError for another."""
    if not isinstance(value, str):
        raise TypeError(f"expected a text, not {str(value)[:40]}")
    return value


def quantity(number: str, value: Mapping[str, Any]) -> str:
    """An amount with its unit. Raises LeftOutError for a unit that is not known."""
    unit = str(value["unit"]).rpartition("/Q")[2]
    if not unit.isdigit() or int(unit) not in UNITS:
        raise LeftOutError(f"{number} in a unit that is not known")
    return f"{a_text(value['amount']).removeprefix('+')} {UNITS[int(unit)]}"


def mapping(value: Any) -> dict[str, Any]:
    """A JSON object, which PHP writes as an empty list where there is nothing in it."""
    if value is None or value == []:
        return {}
    if not isinstance(value, dict):
        raise TypeError(f"expected an object, not {str(value)[:40]}")
    return value


def has_ended(statement: Mapping[str, Any]) -> bool:
    """Whether what a statement says is so no longer, as it says. Raises one of MALFORMED where it is no statement."""
    if (rank := statement.get("rank", "normal")) not in _RANKS:
        raise ValueError(f"its rank is {rank}")
    if (sort := statement["mainsnak"]["snaktype"]) not in _SNAKS:
        raise ValueError(f"its snaktype is {sort}")
    return bool(mapping(statement.get("qualifiers")).get(END_TIME))


def overruled(statements: Sequence[Mapping[str, Any]]) -> str:
    """`somevalue` or `novalue`, where that is all that the preferred ones of some statements say; else ""."""
    preferred = [one["mainsnak"]["snaktype"] for one in statements if one.get("rank") == "preferred"]
    return str(preferred[0]) if preferred and "value" not in preferred else ""
