"""Facts and their values in words, for people. Pure."""

from collections.abc import Mapping
from typing import Any

from app import edtf
from app.dating import in_words
from app.renderings import literals
from app.vocabulary import PROPERTIES

# How a value is told that is not simply so.
MODALITIES: Mapping[str, str] = {
    "asserted": "",
    "reported": "reported",
    "planned": "planned",
    "hoped": "hoped",
    "negated": "denied",
    "fictional": "true only in the story",
}


def named(key: str) -> str:
    """A property, or a key of a record, in words."""
    return key.replace("_", " ")


def value(one: Any, *, is_date: bool = False) -> str:
    """A value as one text."""
    if isinstance(one, Mapping):
        return str(one["label"]) if "label" in one else literals.quantity_text(one)
    return date(one) if is_date else str(one)


def date(text: str) -> str:
    """An EDTF date; what no reader could guess is spelt out: 2023-24 is a winter, and 2021/ ends on an unknown day."""
    if edtf.parse(text).precision == "season" or "X" in text or text[0] in "{/" or text[-1] == "/":
        return in_words(text)
    if text[0] == "[":
        start, dots, end = text[1:-1].rpartition("..")
        if not dots or "," in text:
            return f"one of {text[1:-1].replace(',', ', ').replace('..', ' to ')}"
        return f"some time {_span(start, end)}"
    if "/" in text:
        return _span(*text.split("/")).removeprefix("within ")
    marks = {"?": "uncertain", "~": "about", "%": "about, and uncertain"}
    return f"{text[:-1]} ({marks[text[-1]]})" if text[-1] in marks and text[:-1].replace("-", "").isdigit() else text


def standing(modality: str, attributed_to: str | None) -> str:
    """In what sense something holds, and who says so; "" where a source simply asserts it."""
    told = [MODALITIES[modality], f"from {attributed_to}" if attributed_to else ""]
    return ", ".join(one for one in told if one)


def narrowed(fact: Mapping[str, Any]) -> str:
    """What narrows a fact, without which it would say more than its source does; "" where nothing does."""
    return "; ".join(f"{named(name)} {value(one)}" for name, one in fact["qualifiers"].items() if one is not True)


def statement(fact: Mapping[str, Any]) -> str:
    """A fact, or a fact in short, as one line: of what, what, and in what sense."""
    prop = PROPERTIES[fact["property"]]
    notes = "; ".join(one for one in (narrowed(fact), standing(fact["modality"], fact.get("attributed_to"))) if one)
    said = f"{fact['subject']['label']}: {named(prop.name)} {value(fact['value'], is_date=prop.value_type == 'date')}"
    return f"{said} ({notes})" if notes else said


def _span(start: str, end: str) -> str:
    opening, closing = start.strip("."), end.strip(".")
    if not closing:
        return f"from {opening} on"
    return f"from {opening} to {closing}" if opening else f"until {closing}"
