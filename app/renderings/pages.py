"""A record and a fact as Markdown, for people and what reads like them: every value with its sentence. Pure.

A value that is planned, reported or disputed says so in words. What is hoped for, denied or true only in a story is no
value, and has a section of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.documents.records import RecordDocument, RecordState
from app.renderings import literals, markdown, words
from app.renderings.markdown import Footnotes
from app.renderings.nodes import Absolute
from app.values import minutes
from app.vocabulary import PROPERTIES, QUALIFIERS, REAL, UNTRUE, Kind, Modality

_WHAT: Mapping[Kind, str] = {
    "film": "A film",
    "person": "A person",
    "organisation": "An organisation",
    "event": "An event",
    "place": "A place",
    "character": "A character of fiction: what is said here is true only in the story",
}
# Keys that tell of the record rather than of what it is about, and what the first line says already.
_BESIDE = {*RecordState.model_fields, *RecordDocument.model_fields, "status"} - {
    "name", "alternate_names", "description", "identifiers",
}  # fmt: skip


def record(document: Mapping[str, Any], absolute: Absolute) -> str:
    """A record with its facts, as `evidence=quotes` has them."""
    notes = Footnotes(absolute)
    facts: Mapping[str, list[Mapping[str, Any]]] = document["facts"]
    kind: Kind = document["kind"]
    planned = " that is planned" if document.get("status") == "planned" else ""
    unnamed = "" if document["name"] else " No source names it; its title here only describes it."
    lines = [line for key in _keys(document) for line in _value_lines(document, key, absolute, notes)]
    others = [fact for fact in _each(facts) if fact["modality"] in _no_values(kind)]
    count = document["source_count"]
    end = f"From {count} source{'' if count == 1 else 's'}. All that is said: <{absolute(document['facts_url'])}>"
    return markdown.page(
        document["label"],
        f"{_WHAT[kind]}{planned}.{unnamed} <{absolute(document['url'])}>",
        "\n".join(lines),
        _aside(others, absolute, notes),
        end,
        notes.block(),
    )


def fact(document: Mapping[str, Any], absolute: Absolute) -> str:
    """A fact with the words of every source that states it."""
    notes = Footnotes(absolute)
    prop = document["property"]
    property_link = markdown.link(words.named(prop), absolute(f"/properties/{prop}"))
    lines = [
        f"- **Of:** {_ref(document['subject'], absolute)}",
        f"- **Property:** {property_link}",
        f"- **Value:** {_shown(document['value'], prop, absolute)}{notes.marks([document])}",
        *(f"- **{words.named(name).capitalize()}:** "
          f"{'yes' if QUALIFIERS[name].range == 'boolean' else _shown(one, name, absolute)}"
          for name, one in document["qualifiers"].items()),
        f"- **In what sense:** {document['modality']}",
    ]  # fmt: skip
    if document["attributed_to"]:
        lines.append(f"- **Said by:** {markdown.text(document['attributed_to'])}")
    count = document["source_count"]
    about = f"A fact that {count} source{' states' if count == 1 else 's state'}. <{absolute(document['url'])}>"
    return markdown.page(words.statement(document), about, "\n".join(lines), notes.block())


def _keys(document: Mapping[str, Any]) -> Iterator[str]:
    """The keys that hold a value."""
    for key, value in document.items():
        if key not in _BESIDE and not key.endswith("_count") and value not in (None, [], {}):
            yield key


def _value_lines(document: Mapping[str, Any], key: str, absolute: Absolute, notes: Footnotes) -> Iterator[str]:
    """What the record shows under a key, then what else is said of it."""
    denials = [one for one in document["facts"].get(key, []) if one["modality"] == "negated"]
    counting = [one for one in document["facts"].get(key, []) if one["modality"] not in _no_values(document["kind"])]
    shown, left = [], counting
    for value in values_of(document[key]):
        saying = [one for one in left if says(one, value, document["url"])]
        left = [one for one in left if one not in saying]
        # Of a list only what is denied is in dispute.
        is_disputed = key in document["disputed"] and (
            not isinstance(document[key], list) or any(says(one, value, document["url"]) for one in denials)
        )
        told = [_capacity(value), _standing(document, key, saying), "disputed: sources disagree" if is_disputed else ""]
        shown.append(f"{_of(value, key, absolute)}{_bracketed(told)}{notes.marks(saying)}")
    if key in document["more"]:
        shown.append(f"and others: <{absolute(document['more'][key])}>")
        left = []
    for one in left:
        told = [words.narrowed(one), words.standing(one["modality"], one["attributed_to"])]
        said = f"{_shown(one['value'], one['property'], absolute)}{_bracketed(told)}"
        shown.append(f"also said: {said}{notes.marks([one])}")
    label = f"- **{words.named(key.removesuffix('_minutes')).capitalize()}:**"
    if len(shown) == 1:
        yield f"{label} {shown[0]}"
    else:
        yield label
        yield from (f"  - {one}" for one in shown)


def _bracketed(told: Sequence[str]) -> str:
    """Notes on a value as they follow it; "" where there are none."""
    noted = markdown.text("; ".join(one for one in told if one))
    return f" ({noted})" if noted else ""


def values_of(value: Any) -> Sequence[Any]:
    """The values that one key holds."""
    if isinstance(value, Mapping) and "amount" not in value and "url" not in value:
        return [f"{scheme}:{identifier}" for scheme, identifier in value.items()]
    return value if isinstance(value, list) else [value]


def says(said: Mapping[str, Any], value: Any, url: str) -> bool:
    """Whether a fact that feeds the key says this value."""
    if not isinstance(value, Mapping):
        told = said["value"] if isinstance(value, str) else minutes(literals.quantity_text(said["value"]))
        return bool(told == value)
    if "amount" in value:
        return bool(said["value"] == value)
    qualifiers = said["qualifiers"]
    parts = [part for name, part in value.items() if isinstance(part, Mapping) and name != "character"] or [value]
    ends = [said["subject"], said["value"]] if isinstance(said["value"], Mapping) else [said["subject"]]
    if parts[0]["url"] not in {end.get("url") for end in ends if end.get("url") != url}:
        return False
    if "character" in value and (value["character"] or {}).get("url") not in (
        url, qualifiers.get("character", {}).get("url"),
    ):  # fmt: skip
        return False
    role = value.get("role")
    return "role" not in value or role in (qualifiers.get("role"), said["property"])


def _of(value: Any, key: str, absolute: Absolute) -> str:
    """A value of a record as Markdown, with links to whom it names."""
    if not isinstance(value, Mapping):
        return f"{value} minutes" if key == "duration_minutes" else _shown(value, key, absolute)
    refs = [part for name, part in value.items() if isinstance(part, Mapping) and name != "character"]
    if not refs:
        return _shown(value, key, absolute)
    part = f" as {_ref(value['character'], absolute)}" if value.get("character") else ""
    return _ref(refs[0], absolute) + part


def _capacity(value: Any) -> str:
    """In what capacity whom a value names has a part in it; "" where that is clear."""
    if not isinstance(value, Mapping) or value.get("character"):
        return ""
    role = value.get("role") or ""
    return words.named(role) if role in PROPERTIES else role


def _standing(document: Mapping[str, Any], key: str, saying: Sequence[Mapping[str, Any]]) -> str:
    """In what sense a value holds, where it is not simply so: that of the surest fact that says it."""
    ranked = sorted(saying, key=lambda one: list(words.MODALITIES).index(one["modality"]))
    sense = words.standing(ranked[0]["modality"], ranked[0]["attributed_to"]) if ranked else ""
    if not ranked and key in document["planned"]:
        sense = "planned"
    return sense


def _aside(facts: Sequence[Mapping[str, Any]], absolute: Absolute, notes: Footnotes) -> str:
    """What is said of it and is not so, or not known to be so."""
    if not facts:
        return ""
    lines = []
    for one in facts:
        said = f"{_ref(one['subject'], absolute)}: {words.named(one['property'])}"
        value = f"{_shown(one['value'], one['property'], absolute)}{_bracketed([words.narrowed(one)])}"
        sense = words.standing(one["modality"], one["attributed_to"])
        lines.append(f"- {markdown.text(sense[0].upper() + sense[1:])}: {said} {value}{notes.marks([one])}")
    head = "## Hoped for, denied, or true only in a story\n\nNone of this is a value of the record."
    return "\n\n".join([head, "\n".join(lines)])


def _each(facts: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[Mapping[str, Any]]:
    return [*{one["id"]: one for group in facts.values() for one in group}.values()]


def _no_values(kind: Kind) -> set[Modality]:
    """The modalities that are no value of a record of this kind."""
    return set(UNTRUE).difference(REAL[kind])


def _shown(value: Any, name: str, absolute: Absolute) -> str:
    """The value of a fact, or of a key, as Markdown."""
    if isinstance(value, Mapping) and "url" in value:
        return _ref(value, absolute)
    prop = PROPERTIES.get(name)
    return markdown.text(words.value(value, is_date=prop is not None and prop.value_type == "date"))


def _ref(one: Mapping[str, Any], absolute: Absolute) -> str:
    return markdown.link(one["label"], absolute(one["url"]))
