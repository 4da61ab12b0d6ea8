"""What the Launch Library's states, precisions and sorts of records mean. Pure."""

from collections.abc import Mapping
from typing import Any

# States of a launch that has taken place, or is doing so: success, failure, in flight, partial failure, deployed.
_HAPPENED = {"success", "failure", "in flight", "partial failure", "launch successful", "launch failure",
             "launch in flight", "launch was a partial failure", "payload deployed", "deployed"}  # fmt: skip
_HAPPENED_IDS = {3, 4, 6, 7, 9}
# States in which the day is no more than a guess, or the time is.
_UNSETTLED = {"to be determined": "month", "tbd": "month", "to be confirmed": "day", "tbc": "day"}
# What the API writes where it does not know.
_UNKNOWN = {"", "unknown", "unk", "n/a", "na", "none", "null", "tbd", "to be determined", "not known", "undefined"}
# How fine a time is settled, by what `net_precision` calls it. A minute has no form in EDTF that adds no seconds.
_PRECISIONS = {
    "second": "second", "minute": "day", "hour": "day", "morning": "day", "afternoon": "day", "day": "day",
    "week": "month", "month": "month", "year": "year", "decade": "decade",
    **dict.fromkeys(("quarter 1", "quarter 2", "quarter 3", "quarter 4", "q1", "q2", "q3", "q4"), "quarter"),
    **dict.fromkeys(("year half 1", "year half 2", "half 1", "half 2", "h1", "h2"), "half"),
}  # fmt: skip


def has_happened(status: Any) -> bool:
    """Whether a launch of that state has taken place, or is doing so; older versions have only the state's number."""
    number = status.get("id") if isinstance(status, Mapping) else status
    name = _state(status)
    return name in _HAPPENED if name else number in _HAPPENED_IDS


def _state(status: Any) -> str:
    """What a state is called, in small letters: by its name, its abbreviation, or that is all that there is of it."""
    told = status if isinstance(status, str) else text_of(status, "name") or text_of(status, "abbrev")
    return told.strip().lower()


def is_no_person(astronaut: Any) -> bool:
    """Whether what flew is an animal or a dummy, which the API has among the astronauts."""
    return isinstance(astronaut, Mapping) and text_of(astronaut.get("type"), "name").lower() == "non-human"


def settled(one: Mapping[str, Any], name: str = "net_precision") -> str:
    """How fine a time is settled: as its precision says, or the flags of older versions, or its state."""
    told = one.get(name)
    # One in another form is none that can be told, and the time no finer for that.
    precision = told if isinstance(told, str) else text_of(told, "name") or (str(told) if told else "")
    if precision:
        return _PRECISIONS.get(precision.lower(), precision)
    if one.get("tbddate"):
        return "month"
    if one.get("tbdtime"):
        return "day"
    return _UNSETTLED.get(_state(one.get("status")), "second")


def present(one: Mapping[str, Any], *names: str) -> list[str]:
    """Those of the names under which something stands."""
    return [name for name in names if one.get(name) not in (None, "", [], {}, -1, False)]


def text_of(one: Any, name: str) -> str:
    """A text in a nested object, either of which may be missing; runs of white space are one blank."""
    told = one.get(name) if isinstance(one, Mapping) else None
    return " ".join(told.split()) if isinstance(told, str) else ""


def known(told: str) -> str:
    """A text, or "" where it only says that nobody knows."""
    return "" if told.strip(" ?-.").lower() in _UNKNOWN else told


def an_object(one: Any) -> Mapping[str, Any]:
    """A nested object; an empty one where there is none, or only its name."""
    return one if isinstance(one, Mapping) else {}


def sort_of(one: Mapping[str, Any]) -> str:
    """What sort of record it is, by its address."""
    parts = reversed(str(one.get("url", "")).split("/"))
    return next((part for part in parts if part.replace("_", "").isalpha()), "unknown")
