"""The values in Wikibase's JSON. Pure."""

from collections.abc import Iterable, Mapping, Set
from typing import Any

from app.importing.wikidata_terms import CLASSES, DURATION, END_TIME, OF_TIME, RESTRICTING, UNITS, WORLDWIDE
from app.vocabulary import Kind

# What comes of reading something as what it is not.
MALFORMED = (AttributeError, KeyError, TypeError, ValueError, IndexError, OverflowError, RecursionError)
_RANKS, _SNAKS = ("preferred", "normal", "deprecated"), ("value", "somevalue", "novalue")
# In which language an item is named, if it has a label in it; else the first by its code.
LANGUAGES = ("en", "mul", "en-gb", "en-ca")


class LeftOutError(Exception):
    """A statement that cannot be taken; the message names it in a report."""


def number_of(value: Mapping[str, Any]) -> int:
    """The number of an item; older files have only that, and no `id`. Raises ValueError for what is no item."""
    if (sort := value.get("entity-type", "item")) != "item":
        raise ValueError(f"expected an item, not a {sort}")
    if "numeric-id" in value:
        return int(value["numeric-id"])
    return int(str(value["id"]).removeprefix("Q"))


def a_text(value: Any) -> str:
    """A value that is text. Raises TypeError for another."""
    if not isinstance(value, str):
        raise TypeError(f"expected a text, not {str(value)[:40]}")
    return value


def quantity(number: str, value: Mapping[str, Any]) -> str:
    """An amount with its unit. Raises LeftOutError for a unit that is not known, and for what cannot last."""
    unit, amount = str(value["unit"]).rpartition("/Q")[2], a_text(value["amount"]).removeprefix("+")
    if not unit.isdigit() or int(unit) not in UNITS:
        raise LeftOutError(f"{number} in a unit that is not known")
    if number == DURATION and (UNITS[int(unit)] not in OF_TIME or float(amount) <= 0):
        raise LeftOutError(f"{number} that is no length of time")
    return f"{amount} {UNITS[int(unit)]}"


def is_bounded(value: Mapping[str, Any]) -> bool:
    """Whether an amount may be another, as its bounds say."""
    return any(value.get(one) not in (None, value.get("amount")) for one in ("lowerBound", "upperBound"))


def mapping(value: Any) -> dict[str, Any]:
    """A JSON object, which PHP writes as an empty list where there is nothing in it."""
    if value is None or value == []:
        return {}
    if not isinstance(value, dict):
        raise TypeError(f"expected an object, not {str(value)[:40]}")
    return value


def language_of(labels: Mapping[str, str]) -> str | None:
    """The language of the label that names an item; None where none does."""
    return next((code for code in (*LANGUAGES, *sorted(labels)) if labels.get(code, "").strip()), None)


def label_of(item: Mapping[str, Any]) -> str:
    """What an item is called of which nothing else is read; "" for nothing."""
    told = item.get("labels")
    texts = (
        {code: one.get("value") for code, one in told.items() if isinstance(one, dict)}
        if isinstance(told, dict)
        else {}
    )
    labels = {code: text for code, text in texts.items() if isinstance(text, str)}
    return labels[language] if (language := language_of(labels)) else ""


def reason_of(error: Exception) -> str:
    """What is wrong, of what was MALFORMED."""
    return str(error) if type(error) is ValueError else repr(error)


def has_ended(statement: Mapping[str, Any]) -> bool:
    """Whether what a statement says is so no longer, as it says. Raises one of MALFORMED where it is no statement."""
    if (rank := statement.get("rank", "normal")) not in _RANKS:
        raise ValueError(f"its rank is {rank}")
    if (sort := statement["mainsnak"]["snaktype"]) not in _SNAKS:
        raise ValueError(f"its snaktype is {sort}")
    ends = mapping(statement.get("qualifiers")).get(END_TIME) or ()
    return any(one["snaktype"] != "novalue" for one in ends)


def restriction(statement: Mapping[str, Any]) -> str:
    """The qualifier by which an amount is one of a part alone; "" for none. Raises one of MALFORMED."""
    qualifiers = mapping(statement.get("qualifiers"))
    return next((one for one in RESTRICTING if not all(map(_is_worldwide, qualifiers.get(one) or ()))), "")


def _is_worldwide(snak: Mapping[str, Any]) -> bool:
    return snak["snaktype"] == "value" and number_of(snak["datavalue"]["value"]) == WORLDWIDE


def classes_of(statements: Iterable[Mapping[str, Any]]) -> set[int]:
    """What an item is said to be an instance of."""
    return {
        number_of(one["mainsnak"]["datavalue"]["value"])
        for one in statements
        if one["mainsnak"]["snaktype"] == "value" and one.get("rank") != "deprecated"
    }


def kind_of(classes: Set[int]) -> Kind | None:
    """The kind that an item is of, by its classes."""
    return next((kind for kind, known in CLASSES.items() if classes & known.keys()), None)
