"""The whole base as one JSON-LD document: its records, what is claimed of them with the words, and the sources."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from app import LICENCE_URL
from app.exporting.everything import Step, batches, every_source
from app.queries.records.statements import statements_of
from app.queries.status import state_of
from app.renderings import claims, jsonld
from app.renderings.nodes import Absolute, Node, context

FILE = "filmspace.jsonld"


def write(connection: Connection, folder: Path, base_url: str, step: Step) -> int:
    """Write the document, with the base itself as its first node; how many nodes. `base_url` begins every `@id`."""

    def absolute(path: str) -> str:
        return f"{base_url.rstrip('/')}{path}"

    count = 0
    with (folder / FILE).open("w", encoding="utf-8", newline="\n") as file:
        file.write(f'{{"@context":{_json(context(absolute))},\n"@graph":[\n{_json(_base(connection, absolute))}')
        for node in _nodes(connection, absolute, step):
            file.write(f",\n{_json(node)}")
            count += 1
        file.write("\n]}\n")
    return count


def _base(connection: Connection, absolute: Absolute) -> Node:
    """The data set that this is, with its licence and revision."""
    state = state_of(connection)
    return {
        "@id": absolute("/"), "@type": "Dataset", "name": "filmspace", "license": {"@id": LICENCE_URL},
        "version": str(state.revision), **({"dateModified": state.at.isoformat()} if state.at else {}),
    }  # fmt: skip


def _nodes(connection: Connection, absolute: Absolute, step: Step) -> Iterator[Node]:
    for batch in batches(connection, step):
        documents = {one.id: json.loads(one.document) for one in batch.records}
        statements = statements_of(connection, documents)
        for entity_id, document in documents.items():
            yield jsonld.node(document, absolute, statements[entity_id])
        for fact in batch.facts:
            yield claims.claim(fact.model_dump(mode="json"), absolute)
    for source in every_source(connection):
        node = claims.source(source.model_dump(mode="json"), absolute)
        yield {key: value for key, value in node.items() if key != "@context"}


def _json(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
