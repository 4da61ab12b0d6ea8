"""What all JSON-LD of ours is made of: its context, references, and values as objects of triples. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from app.renderings import literals
from app.vocabulary import PROPERTIES, SCHEMA_TYPES, Kind, Property

Absolute = Callable[[str], str]
Node = dict[str, Any]

SCHEMA = "https://schema.org/"
# When the base began and ceased to hold something, which schema.org has no word for.
TIMES = ("generatedAtTime", "invalidatedAtTime")
_PROV, _XSD = "http://www.w3.org/ns/prov#", "http://www.w3.org/2001/XMLSchema#"
# Wikidata's "fictional character", which tells such a Person from one who lives.
_FICTIONAL = "http://www.wikidata.org/entity/Q95074"


def context(absolute: Absolute) -> Node:
    """The context of everything here. The last two names are pages of ours: a property, and a key of a fact."""
    told = {one.schema_org for one in PROPERTIES.values() if one.value_type == "date" and one.schema_org}
    dates = {name: {"@type": "Date"} for name in sorted({*told, "datePublished", "endDate"})}
    return {
        "@vocab": SCHEMA,
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "label": "http://www.w3.org/2000/01/rdf-schema#label",
        "seeAlso": "http://www.w3.org/2000/01/rdf-schema#seeAlso",
        **dates,
        "dateModified": {"@type": "DateTime"},
        **{name: {"@id": f"{_PROV}{name}", "@type": f"{_XSD}dateTime"} for name in TIMES},
        "duration": {"@type": "Duration"},
        "eventStatus": {"@type": "@vocab"},
        "sameAs": {"@type": "@id"},
        "url": {"@type": "@id"},
        "filmspace": absolute("/properties/"),
        "fact": absolute("/openapi.json#/components/schemas/FactDocument/properties/"),
    }


def ref(one: Mapping[str, Any], absolute: Absolute) -> Node:
    """A reference to a record. Its label is not its name: nothing may have named it."""
    return {**_typed(one["kind"]), "@id": absolute(one["url"]), "label": one["label"]}


def term(prop: Property) -> str:
    """The name of a property in the context."""
    return prop.schema_org or f"filmspace:{prop.name}"


def iri(prop: Property, absolute: Absolute) -> str:
    """The whole name of a property."""
    return SCHEMA + prop.schema_org if prop.schema_org else absolute(f"/properties/{prop.name}")


def plain(value: Any, absolute: Absolute, prop: Property) -> Any:
    """A value as the object of one triple."""
    if isinstance(value, Mapping):
        return literals.quantity_text(value) if "amount" in value else ref(value, absolute)
    return literals.date_literal(value) if prop.value_type == "date" else value


def _typed(kind: Kind) -> Node:
    fictional = {"additionalType": {"@id": _FICTIONAL}} if kind == "character" else {}
    return {"@type": SCHEMA_TYPES[kind], **fictional}
