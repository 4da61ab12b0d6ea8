"""What lists can be filtered and sorted by: derived from the vocabulary and the record tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from app.tables.records import PROSE, RECORD_TABLES
from app.vocabulary import KINDS, NAMING, PLURALS, PROPERTIES, Kind, Property, properties_of

FieldType = Literal["slug", "text", "prose", "date", "number", "time", "texts", "relation", "inverse", "source"]


@dataclass(frozen=True)
class Field:
    """One name that a list of records can be filtered by.

    `properties` are the links behind a relation, `kinds` what they lead to, and `column` where a value is kept. Of an
    inverse one `is_mutual` tells that its key shows also whom the record itself says it of. `allowed` are the only
    values that it has, where there is a list of them.
    """

    name: str
    type: FieldType
    description: str
    column: str = ""
    properties: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    allowed: tuple[str, ...] = ()
    is_mutual: bool = False

    @property
    def is_facet(self) -> bool:
        """Whether its values can be counted."""
        # What each record has of its own is no facet.
        is_own = self.name in ("label", "name", "identifier")
        return self.type in ("text", "texts", "relation", "inverse") and not is_own

    @property
    def is_linked(self) -> bool:
        """Whether its values are links, of which a record may have several, or none."""
        return self.type in ("texts", "relation", "inverse", "source")

    @property
    def is_sortable(self) -> bool:
        """Whether lists can be ordered by it."""
        return self.type in ("slug", "text", "date", "number", "time")


# What has no column of its own, and so is no field: amounts in units of all sorts, and what nobody filters by.
_NOT_KEPT = ("cost", "box_office", "launch_vehicle")
# In a query string `format` is that of the answer.
_RENAMED = {"format": "film_format"}
_MEASURES = {
    ("duration", "film"): "duration_minutes",
    ("duration", "event"): "duration_days",
    ("altitude", "place"): "altitude_km",
}


@cache
def fields_of(kind: Kind) -> Mapping[str, Field]:
    """The fields of a kind by name: its columns, what it links to, and what links to it."""
    fields = [
        Field("slug", "slug", "its slug", "slug"),
        Field("label", "text", "its label", "label"),
        Field("name", "text", "its proper name", "name"),
    ]
    for prop in properties_of(kind):
        if prop.name not in NAMING or prop.name in ("alternate_name", "description", "identifier"):
            fields += _of_property(prop, kind)
    if kind == "event":
        fields.append(Field("status", "text", "happened or planned", "status", allowed=("happened", "planned")))
    fields += _inverse_fields(kind)
    fields += [
        Field("source", "source", "the slug of a source that speaks of it"),
        Field("source_count", "number", "how many current sources speak of it", "source_count"),
        Field("updated_at", "time", "when what is said of it last changed", "updated_at"),
    ]
    return {field.name: field for field in fields}


def _of_property(prop: Property, kind: Kind) -> list[Field]:
    """The field of a property: named like the record's key where that holds one value, else like the property."""
    name = prop.name if kind in prop.many else prop.field_of(kind)
    if prop.object_kinds:
        return [Field(name, "relation", prop.description, properties=(prop.name,), kinds=prop.object_kinds)]
    if kind in prop.many:
        return [Field(name, "texts", prop.description, properties=(prop.name,))]
    if prop.value_type == "date":
        return [Field(name, "date", prop.description, prop.name)]
    if measure := _MEASURES.get((prop.name, kind)):
        return [Field(measure, "number", f"{prop.description}, in {measure.rpartition('_')[2]}", measure)]
    if prop.name in _NOT_KEPT:
        return []
    kept_as: FieldType = "prose" if name in PROSE else "text"
    return [Field(_RENAMED.get(name, name), kept_as, prop.description, name, allowed=prop.allowed)]


def _inverse_fields(kind: Kind) -> list[Field]:
    """What points to a record of this kind, under the key that shows it."""
    if kind == "character":
        return [Field("portrayed_by", "inverse", "who plays the character", properties=("cast",), kinds=("person",))]
    found: dict[str, tuple[dict[str, None], dict[Kind, None]]] = {}
    mutual: set[str] = set()
    for prop in PROPERTIES.values():
        for (subject_kind, object_kind), key in prop.inverse.items():
            if object_kind == kind:
                properties, kinds = found.setdefault(key, ({}, {}))
                properties[prop.name] = None
                kinds[subject_kind] = None
                if key == prop.field_of(kind):
                    mutual.add(key)
                    kinds |= dict.fromkeys(prop.object_kinds)
    return [
        Field(
            key, "inverse",
            f"{_plural(tuple(kinds))} that it has a part in" + (", or that have one in it" if key in mutual else ""),
            properties=tuple(properties), kinds=tuple(kinds), is_mutual=key in mutual,
        )
        for key, (properties, kinds) in found.items()
    ]  # fmt: skip


def _plural(kinds: tuple[Kind, ...]) -> str:
    return " or ".join(PLURALS[kind] for kind in kinds)


for _kind in KINDS:  # a vocabulary that does not fit the tables fails at the start, not at a request
    for _field in fields_of(_kind).values():
        _of_field = _field.column or "id"
        _columns = [f"{_of_field}_earliest", f"{_of_field}_latest"] if _field.type == "date" else [_of_field]
        for _column in _columns:
            if _column not in RECORD_TABLES[_kind].model_fields:
                raise ValueError(
                    f"app/tables/records.py has no column {_column} for the field {_field.name} of a {_kind}; expected "
                    "one, or if it is an amount its name in _MEASURES or _NOT_KEPT of app/queries/records/fields.py"
                )
