"""Records as JSON-LD in the words of schema.org, with a context that no processor has to fetch. Pure.

What has no term there keeps the URL of our own property as its name (`filmspace:distinction`). What is planned or
disputed is never stated of the record: it is the content of a Claim about it. What a record shows of the statements
of others is stated, turned round, only where `statements` says so, and is a link to see also otherwise.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from app.documents.statements import Statement
from app.renderings import literals, words
from app.renderings.claims import claim
from app.renderings.nodes import Absolute, Node, context, iri, plain, ref, term
from app.schemes import IDENTIFIER_URLS
from app.vocabulary import NAMING, PROPERTIES, Kind, Property, properties_of

_FICTION = "A fictional character: what is said here is true only in the story."


def record(document: Mapping[str, Any], absolute: Absolute, statements: Iterable[Statement]) -> Node:
    """A record as a JSON-LD document. `statements` are those of other records that it shows, none of them planned."""
    return {"@context": context(absolute), **node(document, absolute, statements)}


def node(document: Mapping[str, Any], absolute: Absolute, statements: Iterable[Statement]) -> Node:
    """A record as JSON-LD without its context, for a document of several."""
    unsure = {*document["planned"], *document["disputed"]}
    found = _named(document, absolute)
    claims: list[Node] = []
    for prop, key, value in _own(document):
        if key in unsure:
            claims += _claims(document, prop, key, value, absolute)
        else:
            found.update(_stated(prop, value, absolute))
    if document.get("status") == "planned":
        found["eventStatus"] = "EventScheduled"
    found |= _turned_round(document, absolute, statements)
    told = {fact["id"]: fact for facts in (document["facts"] or {}).values() for fact in facts}
    claims += [_claim(fact, absolute) for fact in told.values()]
    facts = {
        "@id": absolute(document["facts_url"]), "@type": "Dataset", "name": f"What is said of {document['label']}",
        "dateModified": document["updated_at"],
    }  # fmt: skip
    return {**found, "subjectOf": [*claims, facts]}


def item_list(url: str, count: int, nodes: Iterable[Node], absolute: Absolute, *, start: int) -> Node:
    """A page of a list as a JSON-LD document: the records on it, which stand behind `start` others, and how many the
    list has in all.
    """
    items = [{"@type": "ListItem", "position": place, "item": one} for place, one in enumerate(nodes, start + 1)]
    return {
        "@context": context(absolute), "@id": url, "@type": "ItemList", "numberOfItems": count,
        "itemListElement": items,
    }  # fmt: skip


def _named(document: Mapping[str, Any], absolute: Absolute) -> Node:
    """What the record is and is called."""
    kind: Kind = document["kind"]
    identifiers: Mapping[str, str] = document["identifiers"]
    same = [
        IDENTIFIER_URLS[scheme, kind].format(quote(identifier, safe="/"))
        for scheme, identifier in identifiers.items()
        if (scheme, kind) in IDENTIFIER_URLS
    ]

    def sure(key: str) -> Any:
        return None if key in document["planned"] or key in document["disputed"] else document[key]

    told = {
        "name": document["name"],
        "alternateName": sure("alternate_names"),
        "description": sure("description"),
        "disambiguatingDescription": _FICTION if kind == "character" else None,
        "identifier": [
            {"@type": "PropertyValue", "propertyID": scheme, "value": value} for scheme, value in identifiers.items()
        ],
        "sameAs": same,
    }
    return {**ref(document, absolute), **{key: value for key, value in told.items() if value}}


def _own(document: Mapping[str, Any]) -> Iterator[tuple[Property, str, Any]]:
    """(property, key, value) of everything that the record itself states, and of what names it where it is not sure."""
    kind: Kind = document["kind"]
    unsure = {*document["planned"], *document["disputed"]} & {"description", "alternate_names"}
    for prop in properties_of(kind):
        key = prop.field_of(kind)
        # A list that others feed as well does not say which of its members are the record's own.
        is_own = key in unsure or (prop.name not in NAMING and not prop.is_mutual(kind))
        value = document[key] if is_own else None
        if value is not None and value != []:
            yield prop, key, value


def _stated(prop: Property, value: Any, absolute: Absolute) -> Node:
    """What a value adds to the record's node."""
    if prop.value_type == "date":
        return _dated(prop, value)
    if prop.name == "cast":
        return _cast(value, absolute)
    if prop.name == "participant":
        return {"participant": [_participant(one["participant"], one["role"], absolute) for one in value]}
    if prop.name == "duration":
        amount = value if isinstance(value, Mapping) else {"amount": value, "unit": "minute"}
        fallback = {"@type": "QuantitativeValue", "value": amount["amount"], "unitText": amount["unit"]}
        return {"duration": literals.iso_duration(amount) or fallback}
    if prop.name == "altitude":
        return {"geo": {"@type": "GeoCoordinates", "elevation": literals.quantity_text(value)}}
    if prop.name == "occupation":
        names = value if isinstance(value, list) else [value]
        return {"hasOccupation": [{"@type": "Occupation", "name": one} for one in names]}
    several = [plain(one, absolute, prop) for one in value] if isinstance(value, list) else None
    return {term(prop): plain(value, absolute, prop) if several is None else several}


def _dated(prop: Property, date: str) -> Node:
    """A date under the term of schema.org where it is one of ISO 8601, else under our own as EDTF."""
    if prop.schema_org and literals.is_iso(date):
        return {prop.schema_org: date}
    found: Node = {f"filmspace:{prop.name}": literals.date_literal(date)}
    if prop.schema_org == "startDate":
        start, end = literals.interval(date)
        found |= {name: one for name, one in (("startDate", start), ("endDate", end)) if one}
    return found


def _cast(cast: Iterable[Mapping[str, Any]], absolute: Absolute) -> Node:
    parts = list(cast)
    characters = [ref(part["character"], absolute) for part in parts if part["character"]]
    found: Node = {"actor": [_part(part["person"], part["character"], absolute) for part in parts]}
    return found | ({"character": characters} if characters else {})


def _part(person: Mapping[str, Any], character: Mapping[str, Any] | None, absolute: Absolute) -> Node:
    """Who plays: with a character, a role stands between the film and the person (schema.org/Role)."""
    if not character:
        return ref(person, absolute)
    return {
        "@type": "PerformanceRole", "characterName": character["label"],
        "character": ref(character, absolute), "actor": ref(person, absolute),
    }  # fmt: skip


def _participant(one: Mapping[str, Any], role: str | None, absolute: Absolute) -> Node:
    if not role:
        return ref(one, absolute)
    return {"@type": "Role", "roleName": role, "participant": ref(one, absolute)}


def _claim(fact: Mapping[str, Any], absolute: Absolute) -> Node:
    """A receipt of the record: the whole claim, or where it is."""
    return claim(fact, absolute) if "evidence" in fact else {"@id": absolute(fact["url"]), "@type": "Claim"}


def _claims(document: Mapping[str, Any], prop: Property, key: str, value: Any, absolute: Absolute) -> list[Node]:
    """Values that are plans, or disputed, as the content of claims: told, and not stated."""
    standing = "disputed" if key in document["disputed"] else "planned"
    said = f"{document['label']}: {words.named(prop.name)}"
    return [
        {
            "@type": ["Claim", "rdf:Statement"], "keywords": standing,
            "text": f"{said} {words.value(_told(one), is_date=prop.value_type == 'date')} ({standing})",
            "rdf:subject": {"@id": absolute(document["url"])}, "rdf:predicate": {"@id": iri(prop, absolute)},
            "rdf:object": plain(_told(one), absolute, prop),
        }
        for one in (value if isinstance(value, list) else [value])
    ]  # fmt: skip


def _told(value: Any) -> Any:
    """What a value points to, without what is told beside it; minutes as a quantity."""
    if isinstance(value, Mapping):
        return value.get("person") or value.get("participant") or value
    return value if isinstance(value, str) else {"amount": value, "unit": "minute"}


def _turned_round(document: Mapping[str, Any], absolute: Absolute, statements: Iterable[Statement]) -> Node:
    """What the records that this one shows say of it; those that say nothing sure are linked to."""
    kind: Kind = document["kind"]
    keys = {key for prop in PROPERTIES.values() for (_, objects), key in prop.inverse.items() if objects == kind}
    keys |= {"portrayed_by"} if kind == "character" else set()
    shown = {}
    for key in sorted(keys):
        for one in document[key]:
            target = one.get("film") or one.get("event") or one
            shown[target["url"]] = target
    found: dict[str, list[Node]] = {}
    direct: dict[str, list[Node]] = {}
    for said in statements:
        prop = PROPERTIES[said.property]
        if said.subject.kind not in prop.many:  # Sources may disagree on it, which only the other record knows.
            continue
        if said.subject.url == document["url"]:
            if not prop.is_mutual(kind):
                continue
            direct.setdefault(term(prop), []).append(ref(said.object.model_dump(), absolute))
        else:
            name, one = _said_of(said, prop, document["url"], absolute)
            found.setdefault(name, []).append(one)
        for told in (said.subject, said.object):
            shown.pop(told.url, None)
    links = {"seeAlso": [ref(one, absolute) for one in shown.values()]} if shown else {}
    return {**direct, **({"@reverse": found} if found else {}), **links}


def _said_of(said: Statement, prop: Property, url: str, absolute: Absolute) -> tuple[str, Node]:
    """(term, node): what leads to the record by this term, a role of its own in between where there is one."""
    subject = ref(said.subject.model_dump(), absolute)
    if said.character:
        character = ref(said.character.model_dump(), absolute)
        role: Node = {"@type": "PerformanceRole", "characterName": said.character.label}
        if said.character.url == url:
            return "character", {
                **role,
                "actor": ref(said.object.model_dump(), absolute),
                "@reverse": {"actor": subject},
            }
        return "actor", {**role, "character": character, "@reverse": {"actor": subject}}
    if said.role:
        return term(prop), {"@type": "Role", "roleName": said.role, "@reverse": {term(prop): subject}}
    return term(prop), subject
