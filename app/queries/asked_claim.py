"""A claim that somebody wants checked: read from JSON, with everything that is wrong with it named at its place."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Literal
from urllib.parse import urlsplit

from sqlalchemy import Connection

from app.documents.evidence import Ref
from app.logs import without_tokens
from app.passages import fold
from app.queries.entities import entity_ids, refs_of
from app.queries.fates import why_gone
from app.queries.nearest import nearest, nearest_word
from app.values import canonical
from app.vocabulary import ENTITY, KINDS, PLURALS, PROPERTIES, QUALIFIERS, WITH_ARTICLE, Kind, Property, properties_of

KEYS = ("subject", "property", "value", "object", "qualifiers")
LONGEST_VALUE = 2000
_LONGEST_NAME = 200
_MOST_MISTAKES = 20
_EXPECTED: Mapping[str, str] = {
    "date": "one date as text, such as '2021-10',", "quantity": "a number and its unit, such as '12 day',",
}  # fmt: skip
_ENTITY = re.compile(ENTITY)


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong with a claim, at this JSON Pointer into it."""

    pointer: str
    code: Literal["missing", "unknown_parameter", "invalid_value", "not_found", "gone"]
    text: str
    allowed: tuple[str, ...] = ()
    near: str | None = None


class ClaimError(Exception):
    """A claim that cannot be understood."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = list(mistakes)[:_MOST_MISTAKES]
        super().__init__("; ".join(one.text for one in self.mistakes))


@dataclass(frozen=True)
class Entity:
    """A record that a claim names: its id, and how it is referred to."""

    id: int
    ref: Ref


@dataclass(frozen=True)
class AskedClaim:
    """A claim that can be checked. It has a canonical value, or an object; texts or entities qualify it."""

    subject: Entity
    property: Property
    value: str | None
    object: Entity | None
    qualifiers: Mapping[str, str | Entity]


@dataclass
class _Reading:
    """What is read; with `by_path`, a path or a URL of a record names it as well."""

    connection: Connection
    by_path: bool = False
    mistakes: list[Mistake] = field(default_factory=list)

    def refuse(self, pointer: str, text: str, **more: Any) -> None:
        """Note that what stands at the pointer is wrong."""
        code = more.pop("code", "invalid_value")
        self.mistakes.append(Mistake(pointer, code, f"{pointer}: {text}", **more))


def read_claim(connection: Connection, body: Mapping[str, Any], *, by_path: bool = False) -> AskedClaim:
    """The claim that a JSON object makes. Raises ClaimError with all that is wrong with it, and what would be right."""
    reading = _Reading(connection, by_path)
    for key in [key for key in body if key not in KEYS]:
        near = nearest_word(key, KEYS)
        reading.refuse(_pointer(key), "there is no such key", code="unknown_parameter", allowed=KEYS, near=near)
    subject = _entity(reading, "/subject", body.get("subject"), KINDS)
    prop = _property(reading, body.get("property"), subject)
    value, target = _value(reading, body, prop)
    qualifiers = _qualifiers(reading, body.get("qualifiers", {}), prop)
    if reading.mistakes or subject is None or prop is None:
        raise ClaimError(reading.mistakes)
    return AskedClaim(subject, prop, value, target, qualifiers)


def find_entity(connection: Connection, told: str) -> Entity:
    """The record that is meant by kind/slug, or by its path or URL. Raises ClaimError, with the nearest one."""
    reading = _Reading(connection, by_path=True)
    if entity := _entity(reading, f"'{told[:_LONGEST_NAME]}'", told, KINDS):
        return entity
    raise ClaimError(reading.mistakes)


def end_of(told: str) -> tuple[str, str]:
    """(folder, name): what a path or a URL ends with, wherever the API that it is of begins."""
    try:
        path = urlsplit(told[:LONGEST_VALUE]).path
    except ValueError:
        path = told
    _, folder, name = f"//{path.strip('/')}".rsplit("/", 2)
    return folder, name


def _entity(reading: _Reading, pointer: str, told: Any, kinds: Collection[Kind]) -> Entity | None:
    """The entity that is named as kind/slug, or as a reference with these two keys."""
    if told is None:
        reading.refuse(pointer, "it is missing; expected kind/slug, such as film/the-challenge", code="missing")
        return None
    if isinstance(told, dict) and {"kind", "slug"} <= told.keys() <= Ref.model_fields.keys():
        told = f"{told['kind']}/{told['slug']}"
    name = told if isinstance(told, str) else ""
    if reading.by_path:
        name = _as_entity(name) or name
    expected = f"where kind is one of {', '.join(kinds)}"
    if len(name) > _LONGEST_NAME or not _ENTITY.fullmatch(name):
        reading.refuse(pointer, f"expected kind/slug, such as film/the-challenge, {expected}", near=_as_entity(name))
        return None
    kind: Any
    kind, _, slug = name.partition("/")
    if kind not in kinds:
        reading.refuse(
            pointer, f"{WITH_ARTICLE[kind]} cannot stand here; expected kind/slug {expected}", allowed=tuple(kinds)
        )
        return None
    ids = entity_ids(reading.connection, [name])
    refs = refs_of(reading.connection, ids.values())
    for entity_id, ref in refs.items():
        return Entity(entity_id, ref)
    if gone := why_gone(reading.connection, kind, slug):
        reading.refuse(pointer, f"no source speaks of the {kind} '{slug}' any more. {gone.rstrip('.')}", code="gone")
        return None
    near = nearest(reading.connection, [kind], slug) or None
    reading.refuse(pointer, f"there is no {kind} '{slug[:80]}'", code="not_found", near=near)
    return None


def _property(reading: _Reading, told: Any, subject: Entity | None) -> Property | None:
    if told is None:
        reading.refuse("/property", "it is missing; see /properties for all", code="missing")
        return None
    if not isinstance(told, str) or told not in PROPERTIES:
        kind = subject.ref.kind if subject else None
        known = properties_of(kind) if kind else list(PROPERTIES.values())
        near = _property_like(told, known, kind) if isinstance(told, str) else None
        names = tuple(prop.name for prop in known)
        reading.refuse("/property", "there is no such property; see /properties", allowed=names, near=near)
        return None
    prop = PROPERTIES[told]
    if subject and subject.ref.kind not in prop.domain:
        allowed = tuple(one.name for one in properties_of(subject.ref.kind))
        one = WITH_ARTICLE[subject.ref.kind]
        text = f"{told} is said of {', '.join(prop.domain)}, not of {one}; expected what is said of {one}"
        reading.refuse("/property", text, allowed=allowed)
        return None
    return prop


def _property_like(told: str, known: Collection[Property], kind: Kind | None) -> str | None:
    """The one of these properties that a record shows under this key, or that is spelt most like it."""
    shown = {prop.field_of(one): prop.name for prop in known for one in prop.domain if kind in (None, one)}
    return shown.get(told) or nearest_word(told, [prop.name for prop in known])


def _value(reading: _Reading, body: Mapping[str, Any], prop: Property | None) -> tuple[str | None, Entity | None]:
    """(the canonical value, the object): one of the two, if it can be read."""
    given = [key for key in ("value", "object") if key in body]
    if len(given) == 2:
        reading.refuse("/object", "value and object exclude each other; leave one out")
    elif not given:
        reading.refuse("/value", "it is missing; expected value, or object where it is a record", code="missing")
    if len(given) != 1 or prop is None:
        return None, None
    (key,), pointer = given, f"/{given[0]}"
    if prop.object_kinds:
        told = body[key] if body[key] is not None else ""
        return None, _entity(reading, pointer, told, prop.object_kinds)
    if key == "object":
        reading.refuse(pointer, f"{prop.name} has a value and points to no record; expected value")
        return None, None
    return _literal(reading, pointer, body[key], prop), None


def _literal(reading: _Reading, pointer: str, told: Any, prop: Property) -> str | None:
    value_type = prop.value_type or "text"
    if value_type == "quantity" and isinstance(told, dict) and told.keys() == {"amount", "unit"}:
        told = _quantity(told["amount"], told["unit"])
    longest = 100 if value_type in ("date", "quantity") else LONGEST_VALUE
    if not isinstance(told, str) or not _is_text(told, longest):
        expected = _EXPECTED.get(value_type, "text")
        text = f"expected {expected} of at most {longest} characters, without NUL or halves of surrogate pairs"
        reading.refuse(pointer, text)
        return None
    try:
        value = canonical(value_type, told)
    except ValueError as error:
        reading.refuse(pointer, str(error))
        return None
    value = next((one for one in prop.allowed if fold(one) == fold(value)), value)
    if prop.allowed and value not in prop.allowed:
        text = f"expected one of {', '.join(prop.allowed)}"
        reading.refuse(pointer, text, allowed=prop.allowed, near=nearest_word(value, prop.allowed))
        return None
    return value


def _quantity(amount: Any, unit: Any) -> str | None:
    """As canonical quantities are written; None where it is no number with a unit."""
    if isinstance(amount, bool) or not isinstance(amount, int | float) or not isinstance(unit, str):
        return None
    if isinstance(amount, float):
        return f"{amount:f} {unit}" if isfinite(amount) and amount == float(f"{amount:f}") else None
    return f"{amount} {unit}" if abs(amount) < 10**30 else None


def _qualifiers(reading: _Reading, told: Any, prop: Property | None) -> dict[str, str | Entity]:
    if not isinstance(told, dict):
        reading.refuse("/qualifiers", 'expected an object, such as {"character": "character/zhenya"}')
        return {}
    found: dict[str, str | Entity] = {}
    known = prop.qualifiers if prop else ()
    for name, value in told.items() if prop else ():
        pointer = f"/qualifiers{_pointer(name)}"
        if name not in known:
            text = f"there is no such qualifier here; expected {' or '.join(known) or 'none'}"
            reading.refuse(pointer, text, code="unknown_parameter", allowed=known, near=nearest_word(name, known))
        elif isinstance(kinds := QUALIFIERS[name].range, tuple):
            if entity := _entity(reading, pointer, value if value is not None else "", kinds):
                found[name] = entity
        elif QUALIFIERS[name].range == "date":
            if date := _literal(reading, pointer, value, PROPERTIES[name]):  # which is of the same name, and a date
                found[name] = date
        elif isinstance(value, str) and value.strip() and _is_text(value, LONGEST_VALUE):
            found[name] = value
        else:
            reading.refuse(pointer, f"expected text: {QUALIFIERS[name].description}")
    return found


def _is_text(told: str, longest: int) -> bool:
    return len(told) <= longest and "\0" not in told and not any("\ud800" <= one <= "\udfff" for one in told)


def _as_entity(told: str) -> str | None:
    """The kind/slug that a path or a URL of a record stands for."""
    plural, slug = end_of(told)
    singular = {several: kind for kind, several in PLURALS.items()}.get(plural)
    return meant if _ENTITY.fullmatch(meant := f"{singular}/{slug}") else None


def _pointer(key: str) -> str:
    """A JSON Pointer (RFC 6901) to a key, cut to what can be sent back."""
    key = without_tokens(key)
    shown = key if len(key) <= _LONGEST_NAME else f"{key[:_LONGEST_NAME]}…"
    return "/" + shown.encode("utf-8", "replace").decode().replace("~", "~0").replace("/", "~1")
