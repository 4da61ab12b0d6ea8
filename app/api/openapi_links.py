"""OpenAPI links: which answer holds what another operation asks for. They follow from the paths and the models.

An answer that holds a record, or stands for one with a model of its own, leads to the operation that gets this record,
and to everything below its path, such as its facts.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_COMPONENT = "#/components/schemas/"
# Models that stand for a record, by the model of the record. Ref is none: it may lead to any of six.
_STANDS_FOR = {"SourceRef": "SourceDocument", "FactRef": "FactDocument", "SentenceFact": "FactDocument"}
# Texts that name a record, by their key.
_NAMES = {"property": "PropertyDocument"}

_Models = Mapping[str, Any]


def add(document: dict[str, Any]) -> None:
    """Add to each operation its links to others."""
    models = document["components"]["schemas"]
    reading = {path: methods["get"] for path, methods in document["paths"].items() if "get" in methods}
    of_records = {
        _model(operation): path for path, operation in reading.items() if re.fullmatch(r"/[^{}]+/\{\w+\}", path)
    }
    for path, methods in document["paths"].items():
        for operation in methods.values():
            if {} not in operation.get("security", [{}]):
                continue  # what it tells of has changed, or is gone
            held = dict(reversed([*_held(_model(operation), models)]))  # the first of each model is what stays
            where = {of_records[model]: pointer for model, pointer in held.items() if model in of_records}
            found = {
                reading[target]["operationId"]: _link(record, pointer, path)
                for record, pointer in where.items()
                for target in reading
                if re.fullmatch(rf"{re.escape(record)}(/[^{{}}]+)?", target) and target != path
            }
            if found:
                operation["responses"]["200"]["links"] = {
                    name: {"operationId": name, **link} for name, link in found.items()
                }


def _link(record: str, pointer: str, path: str) -> dict[str, Any]:
    """A link to the operation of this record, or below it, whose name stands at the pointer."""
    name = record.rpartition("{")[2].removesuffix("}")
    if path.startswith(record):
        return {"description": "The same record.", "parameters": {name: f"$request.path.{name}"}}
    return {"description": "The first that this answer holds.", "parameters": {name: f"$response.body#{pointer}"}}


def _held(model: str, models: _Models) -> Iterator[tuple[str, str]]:
    """The models of records that an answer holds, each with where the name of the first of them stands."""
    waiting: list[tuple[Any, str]] = [({"$ref": _COMPONENT + model}, "")]
    seen = set()
    for schema, at in waiting:
        waiting += [(one, at) for one in schema.get("anyOf", ())]
        if "items" in schema:
            waiting.append((schema["items"], f"{at}/0"))
        name = schema.get("$ref", "").removeprefix(_COMPONENT)
        if name not in models or name in seen:
            continue
        seen.add(name)
        fields = models[name].get("properties", {})
        key = next((key for key in ("slug", "id", "name", "revision") if key in fields), None)
        if key:
            yield _STANDS_FOR.get(name, name), f"{at}/{key}"
        for field, inner in fields.items():
            waiting.append((inner, f"{at}/{field}"))
            if field in _NAMES:
                yield _NAMES[field], f"{at}/{field}"


def _model(operation: Mapping[str, Any]) -> str:
    """The name of the model of an operation's JSON answer; "" where it has none."""
    content = operation["responses"].get("200", {}).get("content", {})
    reference: str = content.get("application/json", {}).get("schema", {}).get("$ref", "")
    return reference.removeprefix(_COMPONENT)
