"""The row of a record: its typed columns, and the document as it is served. Pure."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, get_origin

from pydantic_core import to_json

from app.documents.records import DOCUMENTS, EMBEDDED_LIMIT, keys_of
from app.projection import compose
from app.projection.gather import Standing
from app.tables.records import RECORD_TABLES
from app.vocabulary import PLURALS, PROPERTIES, Kind

_COUNT = "_count"


def fields_fed(kind: Kind) -> dict[str, list[str]]:
    """For each key of a record of `kind`, the properties that feed it, whether it is their subject or their object."""
    fed: dict[str, list[str]] = {}
    for prop in PROPERTIES.values():
        if kind in prop.domain:
            fed.setdefault(prop.field_of(kind), []).append(prop.name)
        for (_, object_kind), key in prop.inverse.items():
            if object_kind == kind and prop.name not in fed.setdefault(key, []):
                fed[key].append(prop.name)
    if kind == "character":
        fed["portrayed_by"] = ["cast"]
    return fed


def row_of(kind: Kind, slug: str, chosen: compose.Shown, values: Mapping[str, Any], stands: Standing) -> dict[str, Any]:
    """A record's row without its id and slug."""
    url = f"/{PLURALS[kind]}/{slug}"
    touched, at = _to_milliseconds(stands.updated_at)
    state = {
        "kind": kind, "slug": slug, "url": url,
        "disputed": compose.keys_of(kind, chosen.disputes), "slipped": compose.keys_of(kind, chosen.slips),
        "source_count": len(stands.sources), "updated_at": at, "facts_url": f"{url}/facts",
    }  # fmt: skip
    document = _document_of(kind, url, {**values, **state})
    row = compose.columns_of(_COLUMNS[kind], chosen, {**values, "source_count": len(stands.sources)})
    return row | {"updated_at": touched, "document": to_json(document).decode()}


# All that one import touched has the same.
@lru_cache(maxsize=256)
def _to_milliseconds(moment: datetime) -> tuple[datetime, str]:
    """A moment for the column, and as the document shows it: what one says can be compared with the other."""
    told = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    return told, told.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _document_of(kind: Kind, url: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The record's values under every key of its model, even where nobody said anything.

    Lists that are counted are cut at EMBEDDED_LIMIT, with the URL of the facts that have the rest.
    """
    empty = _EMPTY[kind]
    document = {**empty, **{key: value for key, value in values.items() if key in empty}}
    for counter, key in _COUNTED[kind].items():
        told = document[key]
        document[counter] = len(told)
        if len(told) > EMBEDDED_LIMIT:
            any_of = "&".join(f"property={name}" for name in _FED_BY[kind][key])
            document["more"] = document["more"] | {key: f"{url}/facts?{any_of}"}
            document[key] = told[:EMBEDDED_LIMIT]
    return document


def _counted(empty: Mapping[str, Any]) -> dict[str, str]:
    """The keys of a record that count what stands under another one, with that."""
    return {
        one: one.removesuffix(_COUNT) for one in empty if one.endswith(_COUNT) and one.removesuffix(_COUNT) in empty
    }


def _empty(kind: Kind) -> dict[str, Any]:
    """Every key of a record with what stands there when nobody says anything."""
    empties: dict[Any, Callable[[], Any]] = {list: list, dict: dict}
    fields = DOCUMENTS[kind].model_fields
    return {key: empties.get(get_origin(fields[key].annotation), lambda: None)() for key in keys_of(kind)}


_EMPTY = {kind: _empty(kind) for kind in DOCUMENTS}
for _kind, _keys in _EMPTY.items():  # what is said, and no record shows, fails at the start
    for _key in fields_fed(_kind).keys() - _keys.keys():
        raise ValueError(f"app/documents/records.py has no key {_key} of a {_kind}, which the vocabulary says it shows")
_COUNTED = {kind: _counted(empty) for kind, empty in _EMPTY.items()}
_FED_BY = {kind: fields_fed(kind) for kind in DOCUMENTS}
_COLUMNS = {
    kind: [name for name in table.model_fields if name not in ("id", "slug", "document")]
    for kind, table in RECORD_TABLES.items()
}
