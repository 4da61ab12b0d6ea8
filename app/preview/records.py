"""What of the records would be otherwise, key by key."""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from app.documents.evidence import Ref
from app.documents.preview import Difference, KeyChange, RecordChange
from app.tables.records import record_column
from app.tables.rows import batches_of
from app.vocabulary import KINDS

SHOWN = 100
Document = Mapping[str, Any]
# What says how a record is found, not what it says; and the time of the revision, of which there is none as yet.
_ADDRESS = {"kind", "slug", "url", "label", "facts_url"}
_NEVER = {"updated_at"}
_EMPTY: tuple[Any, ...] = (None, [], {}, 0)


def documents(connection: Connection, ids: Collection[int]) -> dict[int, Document]:
    """The records of these entities as they are stored now."""
    found: dict[int, Document] = {}
    for batch in batches_of(sorted(ids)):
        for kind in KINDS:
            id_of, document = record_column(kind, "id"), record_column(kind, "document")
            for row in connection.execute(select(id_of, document).where(id_of.in_(batch))):
                found[row.id] = json.loads(row.document)
    return found


def changes(before: Mapping[int, Document], after: Mapping[int, Document]) -> list[RecordChange]:
    """What would be otherwise, by kind and slug."""
    found = [_change(before.get(one), after.get(one)) for one in before.keys() | after.keys()]
    told = [one for one in found if one is not None]
    return sorted(told, key=lambda one: (KINDS.index(one.record.kind), one.record.slug))


def _change(before: Document | None, after: Document | None) -> RecordChange | None:
    shown = after or before or {}
    keys = list(_keys(before, after))
    if not keys:
        return None
    how: Difference = "added" if before is None else "removed" if after is None else "changed"
    ref = Ref(kind=shown["kind"], slug=shown["slug"], label=shown["label"], url=shown["url"])
    return RecordChange(record=ref, change=how, keys=keys)


def _keys(before: Document | None, after: Document | None) -> Iterator[KeyChange]:
    if before is None or after is None:
        whole = before or after or {}
        told = {key: value for key, value in whole.items() if key not in _ADDRESS | _NEVER and value not in _EMPTY}
        for key, value in told.items():
            yield KeyChange(key=key, before=value if before else None, after=value if after else None)
        return
    for key in after:
        if key not in _NEVER and before[key] != after[key]:
            yield KeyChange(key=key, before=before[key], after=after[key])
