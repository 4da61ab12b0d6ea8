"""Stored records finished as answers: with their receipts, with the records beside them, or only some of their keys."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic_core import from_json
from sqlalchemy import Connection

from app.api.lists import Shape
from app.documents.evidence import FactDocument, FactRef
from app.queries.facts import keys_of
from app.queries.facts.receipts import receipts_of
from app.queries.records import StoredRecord
from app.queries.records.included import Neighbours, includable, neighbours_of
from app.vocabulary import PLURALS, Kind

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
# How every stored record ends: what only an answer can fill.
_UNFILLED = '"facts":null,"included":null}'


def finished(connection: Connection, kind: Kind, records: Sequence[StoredRecord], shape: Shape) -> list[str]:
    """Each record's JSON in the shape that was asked for."""
    if shape == Shape():
        return [record.document for record in records]
    ids = [record.id for record in records]
    receipts = _receipts(connection, kind, records) if shape.evidence != "none" else None
    wanted = {name: includable(kind)[name] for name in shape.include}
    included = neighbours_of(connection, ids, set(wanted.values())) if wanted else {}
    answers = []
    for record in records:
        facts = "null" if receipts is None else _json_of(receipts[record.id], shape)
        beside = _included(record, kind, wanted, included) if wanted else "null"
        document = f'{record.document.removesuffix(_UNFILLED)}"facts":{facts},"included":{beside}}}'
        answers.append(only(document, shape) if shape.fields else document)
    return answers


def _receipts(
    connection: Connection, kind: Kind, records: Iterable[StoredRecord]
) -> dict[int, dict[str, list[FactDocument]]]:
    """For each record, the facts of what it shows under the keys that they feed."""
    documents = {record.id: json.loads(record.document) for record in records}
    found: dict[int, dict[str, list[FactDocument]]] = {entity_id: {} for entity_id in documents}
    for one in receipts_of(connection, kind, documents):
        for entity_id in found.keys() & {one.subject_id, one.object_id, one.character_id}:
            for key in keys_of(one.fact, kind, one.role_of(entity_id), documents[entity_id]):
                found[entity_id].setdefault(key, []).append(one.fact)
    return found


def _json_of(receipts: Mapping[str, Sequence[FactDocument]], shape: Shape) -> str:
    """The receipts in the style that was asked for: of the keys that are shown, or all, where `facts` is one."""
    shown = {
        key: [(fact if shape.evidence == "quotes" else _address(fact)).model_dump(mode="json") for fact in facts]
        for key, facts in receipts.items()
        if not shape.fields or key in shape.fields or "facts" in shape.fields
    }
    return _JSON.encode(shown)


def _address(fact: FactDocument) -> FactRef:
    return FactRef(id=fact.id, url=fact.url, property=fact.property, modality=fact.modality)


def _included(
    record: StoredRecord, kind: Kind, wanted: Mapping[str, Kind], found: Mapping[tuple[int, Kind], Neighbours]
) -> str:
    parts = []
    slug = json.loads(record.document)["slug"]
    for name, other in wanted.items():
        beside = found.get((record.id, other), Neighbours(0, ()))
        url = f"/{PLURALS[kind]}/{slug}/connections?kind={other}"
        parts.append(f'"{name}":{{"count":{beside.count},"url":"{url}","results":[{",".join(beside.documents)}]}}')
    return f"{{{','.join(parts)}}}"


def only(document: str | bytes, shape: Shape) -> str:
    """The keys that were asked for, in the record's own order; and what was asked for besides."""
    wanted = {
        *shape.fields,
        *(("facts",) if shape.evidence != "none" else ()),
        *(("included",) if shape.include else ()),
    }
    whole: dict[str, Any] = from_json(document)
    return _JSON.encode({key: value for key, value in whole.items() if key in wanted})
