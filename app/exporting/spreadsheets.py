"""The whole base as tables: CSV (RFC 4180) in a Data Package, whose description names licence, revision and columns."""

import json
import types
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TextIO, Union, get_args, get_origin

from pydantic import BaseModel
from sqlalchemy import Connection

from app import LICENCE, LICENCE_URL
from app.api.tabular import NOT_TABULAR, header, row
from app.documents.evidence import Evidence, FactDocument, SourceDocument
from app.documents.records import DOCUMENTS, keys_of
from app.exporting.everything import Step, batches, every_source
from app.queries.status import state_of
from app.vocabulary import KINDS, PLURALS, QUALIFIERS

DESCRIPTION = "datapackage.json"
# https://datapackage.org/standard/data-package/
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_RECORDS = {kind: [key for key in keys_of(kind) if key not in NOT_TABULAR] for kind in KINDS}
# What is a column, or a row, of its own.
_FACT = [key for key in FactDocument.model_fields if key not in ("subject", "qualifiers", "evidence")]
_COLUMNS: Mapping[str, tuple[type[BaseModel], Sequence[str]]] = {
    **{PLURALS[kind]: (DOCUMENTS[kind], _RECORDS[kind]) for kind in KINDS},
    "facts": (FactDocument, ["subject_kind", "subject", "value_kind", *_FACT, *QUALIFIERS]),
    "evidence": (Evidence, ["fact", *Evidence.model_fields]),
    "sources": (SourceDocument, list(SourceDocument.model_fields)),
}  # fmt: skip


def write(connection: Connection, folder: Path, step: Step) -> int:
    """Write a table for each kind, for facts, their evidence and sources, and what describes them; how many rows."""
    counts = dict.fromkeys(_COLUMNS, 0)
    with ExitStack() as stack:
        tables: dict[str, TextIO] = {
            name: stack.enter_context((folder / f"{name}.csv").open("w", encoding="utf-8", newline=""))
            for name in _COLUMNS
        }

        def put(name: str, told: Mapping[str, Any]) -> None:
            tables[name].write(row(told, _COLUMNS[name][1]))
            counts[name] += 1

        for name, (_, columns) in _COLUMNS.items():
            tables[name].write(header(columns))
        for batch in batches(connection, step):
            for record in batch.records:
                put(PLURALS[batch.kind], json.loads(record.document))
            for fact in batch.facts:
                put("facts", _flat(fact))
                for one in fact.evidence:
                    referred = [reference.in_words() for reference in one.references]
                    put("evidence", {"fact": fact.id, **one.model_dump(mode="json"), "references": referred})
        for source in every_source(connection):
            put("sources", source.model_dump(mode="json"))
    told = json.dumps(_description(connection), ensure_ascii=False, indent=2)
    (folder / DESCRIPTION).write_text(f"{told}\n", encoding="utf-8")
    return sum(counts.values())


def _flat(fact: FactDocument) -> dict[str, Any]:
    told = fact.model_dump(mode="json")
    subject, value = told["subject"], told["value"]
    return {
        **dict.fromkeys(QUALIFIERS), **told, **told["qualifiers"], "subject_kind": subject["kind"],
        "value_kind": value.get("kind") if isinstance(value, dict) else None,
    }  # fmt: skip


def _description(connection: Connection) -> dict[str, Any]:
    """The description of the package (Data Package 2.0)."""
    state = state_of(connection)
    return {
        "$schema": _PROFILE,
        "name": "filmspace",
        "title": "filmspace: film and spaceflight, with a receipt for every value",
        "version": str(state.revision),
        **({"created": state.at.isoformat()} if state.at else {}),
        "licenses": [{"name": LICENCE, "path": LICENCE_URL}],
        "resources": [
            {
                "name": name, "type": "table", "path": f"{name}.csv", "format": "csv", "mediatype": "text/csv",
                "encoding": "utf-8", "schema": {"fields": [_field(model, column) for column in columns]},
            }
            for name, (model, columns) in _COLUMNS.items()
        ],
    }  # fmt: skip


def _field(model: type[BaseModel], column: str) -> dict[str, str]:
    """A column (Table Schema 2.0). What is of several types, or a list, stands there as text."""
    known = model.model_fields.get(column)
    found = {"string"} if known is None else {_type(one) for one in _parts(known.annotation)}
    described = {"description": known.description} if known and known.description else {}
    return {"name": column, "type": found.pop() if len(found) == 1 else "string", **described}


def _parts(annotation: Any) -> list[Any]:
    is_union = get_origin(annotation) in (Union, types.UnionType)
    return [one for one in get_args(annotation) if one is not type(None)] if is_union else [annotation]


def _type(annotation: Any) -> str:
    return {int: "integer", float: "number"}.get(annotation, "string")
