"""What stands under each key of a record, and which of it is planned: its own facts, and the links of others. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from app.documents.records import EMBEDDED_LIMIT
from app.projection.compose import Shown, label_of
from app.projection.facts import Fact
from app.projection.gather import Inverse
from app.values import minutes, slug_of, to_json
from app.vocabulary import NAMES, NAMING, PROPERTIES, Kind, Property

Ref = dict[str, str]
_T = TypeVar("_T")
# As what an event has somebody, beside those who take part.
_OF_EVENTS = {one.name for one in PROPERTIES.values() if "event" in one.domain and one.name != "participant"}
# What tells of an event that it takes place.
_TAKING_PLACE = {"date", "location", "origin", "destination", "participant"}


def values_of(
    kind: Kind, slug: str, chosen: Shown, inverse: Sequence[Inverse], refs: Mapping[int, Ref]
) -> dict[str, Any]:
    """The values of a record by key, lists uncut, and which of them are plans; keys that nothing feeds are left out."""
    values: dict[str, Any] = {"planned": []}
    single = {PROPERTIES[name].field_of(kind) for name in chosen.facts if kind not in PROPERTIES[name].many}
    for key, told in sorted(_told(kind, chosen, inverse, refs).items()):
        shown = _unique(_narrowed([shape for shape, _ in told]))
        values[key] = shown[0] if key in single else shown
        values["planned"] += _planned(key, told, shown)
    values["label"] = label_of(chosen, slug)
    others = [fact.says.value or "" for fact in chosen.other_names]
    values["alternate_names"] = _unique([*values.get("alternate_names", []), *others])
    values["identifiers"] = _by_scheme(values.get("identifiers", []), slug)
    if kind == "event":
        values["status"] = "planned" if _is_planned(chosen) else "happened"
    return values


def _told(
    kind: Kind, chosen: Shown, inverse: Sequence[Inverse], refs: Mapping[int, Ref]
) -> dict[str, list[tuple[Any, bool]]]:
    """What is shown under each key, and whether it is a plan: what is said of the entity, then what of others."""
    told: dict[str, list[tuple[Any, bool]]] = {}
    for name, facts in chosen.facts.items():
        prop = PROPERTIES[name]
        for fact in facts:
            is_plan = fact.says.modality == "planned" and name not in NAMES
            told.setdefault(prop.field_of(kind), []).append((_shape(prop, kind, fact, refs), is_plan))
    if kind == "character":
        inverse = sorted(inverse, key=lambda link: refs[link.object_id]["slug"])
    for link in inverse:
        key, shape = _inverse_shape(kind, link, refs)
        if key:
            told.setdefault(key, []).append((shape, link.modality == "planned"))
    return told


def _planned(key: str, told: Sequence[tuple[Any, bool]], shown: Sequence[Any]) -> list[str]:
    """The key if all that it shows is a plan, else its entries that are plans: `films[2]`."""
    if not any(is_plan for _, is_plan in told):
        return []
    happened = {_identity(shape) for shape, is_plan in told if not is_plan}
    plans = [place for place, one in enumerate(shown) if _identity(one) not in happened]
    return [key] if len(plans) == len(shown) else [f"{key}[{place}]" for place in plans if place < EMBEDDED_LIMIT]


def _is_planned(chosen: Shown) -> bool:
    """Whether all that is said of when, where and with whom an event takes place is a plan.

    Where nothing is said of that, all else decides, but what it is called only where there is nothing else. What sort
    of event it is, or what it costs, can be told of one that has yet to come.
    """
    of_it = chosen.facts.keys()
    telling = of_it & _TAKING_PLACE or of_it - set(NAMING) or of_it
    return bool(telling) and all(chosen.facts[name][0].says.modality == "planned" for name in telling)


def _shape(prop: Property, kind: Kind, fact: Fact, refs: Mapping[int, Ref]) -> Any:
    """One fact as the record shows it under the property's key."""
    said = fact.says
    if said.object_id is not None:
        ref = refs[said.object_id]
        if prop.name == "cast":
            return {"person": ref, "character": refs[said.character_id] if said.character_id else None}
        return {"participant": ref, "role": said.role} if prop.name == "participant" else ref
    value = said.value or ""
    if prop.name == "duration" and kind == "film":
        return _number(minutes(value))
    return to_json(prop.value_type, value)


def _narrowed(parts: Sequence[Ref | Any]) -> list[Any]:
    """Parts without those that leave open as whom, or in what role, where another source tells; others as they are."""
    sorts = [_part(one) for one in parts] if len(parts) > 1 else []
    told = {part for part, how in sorts if how}
    return [one for one, (part, how) in zip(parts, sorts, strict=True) if how or part not in told] if told else [*parts]


def _part(part: Any) -> tuple[Any, Any]:
    """(whose part it is, in what, and of what sort; as whom or in what role, if that is told); nothing of no part."""
    if not isinstance(part, dict):
        return None, None
    if "character" in part:
        return ((part.get("person") or part["film"])["url"], part.get("role", "cast")), part["character"]
    if "role" not in part:
        return None, None
    if "participant" in part:
        return (part["participant"]["url"], "participant"), part["role"]
    if part["role"] in _OF_EVENTS:
        return (part["event"]["url"], part["role"]), part["role"]
    return (part["event"]["url"], "participant"), None if part["role"] == "participant" else part["role"]


def _inverse_shape(kind: Kind, link: Inverse, refs: Mapping[int, Ref]) -> tuple[str | None, Any]:
    """The key and the value under which a record shows who points to it."""
    if kind == "character":
        return "portrayed_by", refs[link.object_id]
    subject = refs[link.subject_id]
    subject_kind: Any = subject["kind"]
    key = PROPERTIES[link.property].inverse.get((subject_kind, kind))
    if key == "films":
        return key, {
            "film": subject,
            "role": link.property,
            "character": refs[link.character_id] if link.character_id else None,
        }
    if key == "events" and kind != "film":
        return key, {"event": subject, "role": link.role or link.property}
    return key, subject


def _by_scheme(identifiers: Sequence[str], slug: str) -> dict[str, str]:
    """The identifiers by their schemes; of several of one scheme the one that is the record's address, or the last."""
    told = dict(one.split(":", 1) for one in identifiers)
    if len(told) < len(identifiers):
        told |= dict(one.split(":", 1) for one in identifiers if slug_of(one) == slug)
    return told


def _number(amount: float | None) -> int | float | None:
    return int(amount) if amount is not None and amount.is_integer() else amount


def _unique(values: Sequence[_T]) -> list[_T]:
    """Each value once; by what tells it from others, since thousands of them cannot each be held against each."""
    return list({_identity(value): value for value in values}.values()) if len(values) > 1 else list(values)


def _identity(value: Any) -> Any:
    """Where a reference leads, of a part in something of each that it refers to; how anything else is written."""
    if not isinstance(value, dict):
        return value if isinstance(value, str) else repr(value)
    if "url" in value:
        return value["url"]
    return tuple([one["url"] if isinstance(one, dict) and "url" in one else repr(one) for one in value.values()])
