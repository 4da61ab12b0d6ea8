"""What the Launch Library's states, precisions and sorts of records mean. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from app.importing import dates
from app.vocabulary import Modality

# States of a launch that has taken place, or is doing so: success, failure, in flight, partial failure, deployed.
_HAPPENED = {"success", "failure", "in flight", "partial failure", "launch successful", "launch failure",
             "launch in flight", "launch was a partial failure", "payload deployed", "deployed"}  # fmt: skip
_HAPPENED_IDS = {3, 4, 6, 7, 9}
# States in which the day is no more than a guess, or the time is.
_UNSETTLED = {"to be determined": "month", "tbd": "month", "to be confirmed": "day", "tbc": "day"}
# What says where and how a record stands, and what it is called.
_OF_THE_RECORD = {"id", "url", "slug", "launch_library_id", "response_mode", "last_updated", "name"}
# What the API writes where it does not know.
_UNKNOWN = {"", "unk", "n/a", "na", "none", "null", "tbd", "to be determined", "not known", "undefined"}
# And what it calls something of which it knows no more than what it is: `Unknown Location`.
_UNKNOWN_ONE = re.compile(r"unknown(?: (?:agency|location|launch site|pad|rocket|vehicle|crew|astronaut))?")
# How fine a time is settled, by what `net_precision` calls it: by its number, its name, or its abbreviation. A minute
# has no form in EDTF that adds no seconds, and a part of a day has none.
_QUARTERS, _HALVES = [f"quarter {one}" for one in (1, 2, 3, 4)], [f"half {one}" for one in (1, 2)]
_NUMBERED = ["second", *["day"] * 5, "week", "month", *_QUARTERS, *_HALVES, "year", "fiscal year", "decade"]
_PRECISIONS = {
    **{str(number): one for number, one in enumerate(_NUMBERED)}, **{one: one for one in _NUMBERED},
    **dict.fromkeys(("minute", "min", "hour", "hr", "morning", "afternoon", "evening", "night"), "day"),
    **{f"q{one[-1]}": one for one in _QUARTERS},
    **{f"{half}{one[-1]}": one for one in _HALVES for half in ("h", "year half ")},
    "sec": "second", "wk": "week", "w": "week", "mon": "month", "m": "month", "quarter": "quarter", "half": "half",
    "y": "year", "fy": "fiscal year", "dec": "decade",
}  # fmt: skip


def modality_of(launch: Mapping[str, Any]) -> Modality:
    """In what sense is told what is said of a launch: as a plan, but for one that has taken place, or is doing so.

    Its state says so, of which older versions have only the number. Of one without a state, it is what was still told
    of it after the day that it was to be on.
    """
    return "asserted" if _has_flown(launch) or (launch.get("status") is None and _is_over(launch)) else "planned"


def _has_flown(launch: Mapping[str, Any]) -> bool:
    """Whether the state of a launch says that it took place."""
    status = launch.get("status")
    number = status.get("id") if isinstance(status, Mapping) else status
    name = _state(status)
    return name in _HAPPENED if name else number in _HAPPENED_IDS


def _is_over(launch: Mapping[str, Any]) -> bool:
    """Whether the record of a launch was still looked after when its day, or month or year, had passed."""
    precision = settled(launch).replace("second", "day")
    try:
        updated, net = (dates.moment(str(launch.get(name)), precision) for name in ("last_updated", "net"))
    except dates.DateError:
        return False
    return updated > net


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
    called = [told.get(key) for key in ("name", "abbrev", "id")] if isinstance(told, Mapping) else [told]
    if precision := next(filter(None, (_PRECISIONS.get(str(each).lower()) for each in called)), ""):
        return precision
    if told:  # One in another form is none that can be told, and the time no finer for that.
        return next((each for each in called if each and isinstance(each, str)), str(told))
    if _has_flown(one):  # what was still to be settled of it stands there as it was
        return "second"
    if one.get("tbddate"):
        return "month"
    if one.get("tbdtime"):
        return "day"
    return _UNSETTLED.get(_state(one.get("status")), "second")


def further(one: Mapping[str, Any], *taken: str) -> list[str]:
    """The names under which something more stands than what is `taken`, or is of the record itself."""
    names = [name for name, told in one.items() if told not in (None, "", [], {}, -1, False)]
    return [name for name in names if name not in taken and name not in _OF_THE_RECORD]


def text_of(one: Any, name: str) -> str:
    """A text in a nested object, either of which may be missing; runs of white space are one blank."""
    told = one.get(name) if isinstance(one, Mapping) else None
    return " ".join(told.split()) if isinstance(told, str) else ""


def known(told: str) -> str:
    """A text, or "" where it only says that nobody knows."""
    plain = told.strip(" ?-.").lower()
    return "" if plain in _UNKNOWN or _UNKNOWN_ONE.fullmatch(plain) else told


def known_of(one: Any, name: str) -> str:
    """A text in a nested object that says more than that nobody knows; or ""."""
    return known(text_of(one, name))


def is_nothing(one: Any) -> bool:
    """Whether an object only stands for something that is not known, as its name says."""
    return bool(name := text_of(one, "name")) and not known(name)


def known_ones(told: Any) -> list[Any]:
    """The members of a list, of which there may be none, that stand for something that is known."""
    return [one for one in told or () if not is_nothing(one)]


def an_object(one: Any) -> Mapping[str, Any]:
    """A nested object; an empty one where there is none, or only its name."""
    return one if isinstance(one, Mapping) else {}


def sort_of(one: Mapping[str, Any]) -> str:
    """What sort of record it is, by its address."""
    parts = reversed(str(one.get("url", "")).split("/"))
    return next((part for part in parts if part.replace("_", "").isalpha()), "unknown")
