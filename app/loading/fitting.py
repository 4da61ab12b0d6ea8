"""Whether a claim fits the vocabulary, and a fitting claim in the form in which it is stored. Pure."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from app import edtf
from app.loading.malformed import near
from app.loading.seed import SeedClaim
from app.passages import Passage
from app.values import canonical, check_identifier, fingerprint, is_line
from app.vocabulary import PROPERTIES, QUALIFIERS, WITH_ARTICLE, Kind, Property, ValueType


@dataclass(frozen=True)
class ReadyClaim:
    """A claim that passed the gate: its value in canonical form, its words at their place.

    `note` is what the curator says instead, where no words do.
    """

    fingerprint: str
    subject: str
    property: str
    value: str | None
    object: str | None
    character: str | None
    qualifiers: str
    modality: str
    inference: str
    phrase: str | None
    attributed_to: str | None
    rank: str
    quotes: tuple[Passage, ...]
    contexts: tuple[Passage, ...]
    note: str | None = None


def kind_of(entity: str) -> Kind:
    """The kind of an entity written kind/slug."""
    return cast(Kind, entity.partition("/")[0])


def misfits(claim: SeedClaim, known: Collection[str]) -> Iterator[str]:
    """How a claim does not fit the vocabulary, or refers to an entity that is not known, as sentences for a person."""
    for entity in (claim.subject, claim.object, claim.qualifiers.get("character")):
        if entity and entity not in known:
            yield f"{entity} is not among the entities of this file, nor held already{near(entity, known)}"
    if not (prop := PROPERTIES.get(claim.property)):
        yield f"there is no property '{claim.property}'{near(claim.property, PROPERTIES)}"
        return
    if kind_of(claim.subject) not in prop.domain:
        yield f"{prop.name} is said of {_any(prop.domain)}, not of {WITH_ARTICLE[kind_of(claim.subject)]}"
    yield from _misfit_value(claim, prop)
    yield from _misfit_qualifiers(claim, prop)
    yield from _misfit_inference(claim, prop)


def fact_of(claim: SeedClaim) -> str | None:
    """The fingerprint of what a claim says, whether it fits or not; None for one that says nothing that can be said."""
    prop = PROPERTIES.get(claim.property)
    if (
        prop is None
        or (claim.value is None and claim.object is None)
        or not claim.qualifiers.keys() <= QUALIFIERS.keys()
    ):
        return None
    try:
        value = canonical(prop.value_type, claim.value) if prop.value_type and claim.value is not None else None
    except ValueError:
        return None
    said = value or claim.object or ""
    return fingerprint(claim.subject, claim.property, said, claim.qualifiers, claim.modality)


def stated(entity: str, value_type: ValueType, raw: str) -> str:
    """The one way to write a value that a file states of an entity. Raises ValueError saying what is expected."""
    value = canonical(value_type, raw)
    if not is_line(value):
        raise ValueError(f"the value is {value!a}; expected one line of text")
    if value_type == "identifier":
        check_identifier(kind_of(entity), value)
    return value


def ready_claim(
    claim: SeedClaim, value: str | None, quotes: Sequence[Passage], contexts: Sequence[Passage]
) -> ReadyClaim:
    """The claim as it is stored, with its fingerprint."""
    others = {name: told for name, told in sorted(claim.qualifiers.items()) if name != "character"}
    character = claim.qualifiers.get("character")
    said = value or claim.object or ""
    return ReadyClaim(
        fingerprint=fingerprint(claim.subject, claim.property, said, claim.qualifiers, claim.modality),
        subject=claim.subject,
        property=claim.property,
        value=value,
        object=claim.object,
        character=character,
        qualifiers=json.dumps(others, ensure_ascii=False),
        modality=claim.modality,
        inference=claim.inference,
        phrase=claim.phrase,
        attributed_to=claim.attributed_to or None,
        rank=claim.rank,
        quotes=tuple(quotes),
        contexts=tuple(contexts),
    )


def _misfit_value(claim: SeedClaim, prop: Property) -> Iterator[str]:
    if claim.object is not None and claim.value is not None:
        yield "has both a value and an object; expected one of them"
    elif prop.object_kinds and claim.object is None:
        yield f"{prop.name} points to {_any(prop.object_kinds)}; expected an object"
    elif prop.value_type and claim.value is None:
        yield f"{prop.name} is a {prop.value_type}; expected a value"
    elif claim.object is not None and kind_of(claim.object) not in prop.object_kinds:
        yield f"{prop.name} points to {_any(prop.object_kinds)}, not to {WITH_ARTICLE[kind_of(claim.object)]}"
    elif prop.allowed and claim.value not in prop.allowed:
        yield f"'{claim.value}' is no {prop.name}; expected one of {', '.join(prop.allowed)}"
    if claim.object == claim.subject:
        yield f"{claim.subject} points to itself"


def _misfit_qualifiers(claim: SeedClaim, prop: Property) -> Iterator[str]:
    for name, told in claim.qualifiers.items():
        if name not in prop.qualifiers:
            expected = f"expected {', '.join(prop.qualifiers)}" if prop.qualifiers else f"{prop.name} takes none"
            yield f"there is no qualifier '{name}' of {prop.name}; {expected}"
            continue
        wanted = QUALIFIERS[name].range
        if wanted == "boolean" and told != "true":
            yield f"the qualifier {name} is '{told}'; expected true, or nothing"
        elif wanted == "date" and not edtf.is_valid(told):
            yield f"the qualifier {name} is '{told}'; expected an EDTF date"
        elif isinstance(wanted, tuple) and kind_of(told) not in wanted:
            yield f"the qualifier {name} is '{told}'; expected {_any(wanted)}, as kind/slug"
        elif wanted == "text" and not told.strip():
            yield f"the qualifier {name} is empty"


def _misfit_inference(claim: SeedClaim, prop: Property) -> Iterator[str]:
    if claim.inference == "coreference" and not claim.introduced_by:
        yield "inference coreference needs introduced_by: the words that introduce the name"
    if claim.introduced_by and claim.inference not in ("coreference", "implied"):
        yield f"introduced_by does not go with inference {claim.inference}; expected coreference or implied"
    if claim.inference in ("weekday", "year") and prop.value_type != "date":
        yield f"inference {claim.inference} is for dates, and {prop.name} is none"
    if claim.phrase is not None and claim.inference not in ("weekday", "year", "implied"):
        yield f"a phrase does not go with inference {claim.inference}; expected weekday, year or implied"
    if claim.modality == "reported" and not claim.attributed_to:
        yield "a reported claim needs attributed_to: who is said to have said it"
    if claim.modality == "fictional" and "character" not in (kind_of(claim.subject), kind_of(claim.object or "")):
        yield "a fictional claim is about a character; say what a film tells in its plot"


def _any(kinds: Sequence[str]) -> str:
    return " or ".join(WITH_ARTICLE[kind] for kind in kinds)
