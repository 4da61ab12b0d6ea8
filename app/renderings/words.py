"""Facts and their values in words, for people. Pure."""

from collections.abc import Mapping
from typing import Any

from app.dating import in_words
from app.renderings import literals
from app.vocabulary import PROPERTIES, QUALIFIERS

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
    """An EDTF date: one that everybody can read as it is written, and any other in words."""
    return text if literals.is_iso(text) else in_words(text)


def standing(modality: str, attributed_to: str | None) -> str:
    """In what sense something holds, and who says so; "" where a source simply asserts it."""
    told = [MODALITIES[modality], f"from {attributed_to}" if attributed_to else ""]
    return ", ".join(one for one in told if one)


def narrowed(fact: Mapping[str, Any]) -> str:
    """What narrows a fact, without which it would say more than its source does; "" where nothing does."""
    # One that is so or is not is only ever told where it is.
    return "; ".join(
        named(name) if QUALIFIERS[name].range == "boolean" else f"{named(name)} {value(one)}"
        for name, one in fact["qualifiers"].items()
    )


def statement(fact: Mapping[str, Any]) -> str:
    """A fact, or a fact in short, as one line: of what, what, and in what sense."""
    prop = PROPERTIES[fact["property"]]
    notes = "; ".join(one for one in (narrowed(fact), standing(fact["modality"], fact.get("attributed_to"))) if one)
    said = f"{fact['subject']['label']}: {named(prop.name)} {value(fact['value'], is_date=prop.value_type == 'date')}"
    return f"{said} ({notes})" if notes else said
