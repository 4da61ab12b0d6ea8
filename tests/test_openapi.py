"""The OpenAPI document: complete, true in what it says of every operation, and committed as `docs/openapi.json`."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.main import create_app
from app.settings import Settings
from app.vocabulary import KINDS, PLURALS
from tests.makers import ROOT

DOCUMENT = create_app(Settings()).openapi()
OPERATIONS = {
    operation["operationId"]: {**operation, "path": path, "method": method}
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
every_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema of an object with properties in this one."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for one in schema.values():
            yield from objects(one)
    elif isinstance(schema, list):
        for one in schema:
            yield from objects(one)


def test_committed_document_is_current() -> None:
    committed = json.loads((ROOT / "docs/openapi.json").read_text("utf-8"))
    assert committed == DOCUMENT, "write it anew: filmspace openapi > docs/openapi.json"


def test_command_prints_the_committed_document_on_any_machine(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "app.cli", "openapi"]
    settings = {
        "FILMSPACE_DATABASE_URL": f"sqlite:///{tmp_path}/nothing.db",
        "FILMSPACE_HOST": "::",
        "HOME": str(tmp_path),
    }
    environment = {**os.environ, **settings, "PYTHONPATH": str(ROOT)}
    printed = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=True).stdout
    assert printed.decode() == (ROOT / "docs/openapi.json").read_text("utf-8")
    assert list(tmp_path.iterdir()) == []


def test_server_answers_with_it(api: httpx.Client) -> None:
    assert api.get("/openapi.json").json() == DOCUMENT
    assert DOCUMENT["openapi"].startswith("3.1.")


def test_operation_ids_are_unique_and_name_what_is_asked_for() -> None:
    ids = [operation["operationId"] for methods in DOCUMENT["paths"].values() for operation in methods.values()]
    of_kinds = [
        name for kind in KINDS for name in (f"list_{PLURALS[kind]}", f"get_{kind}", f"list_{kind}_facts")
    ]  # fmt: skip
    others = [
        "get_root", "get_health", "get_readiness", "list_facts", "get_fact", "list_sources", "get_source",
        "get_source_text", "get_annotated_source", "list_properties", "get_property", "search",
    ]  # fmt: skip
    assert len(set(ids)) == len(ids)
    assert set(of_kinds + others) <= set(ids)
    assert all(re.fullmatch("[a-z]+(_[a-z]+)*", one) for one in ids)


@every_operation
def test_operation_is_described(operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"]
    (tag,) = operation["tags"]
    assert tag in [one["name"] for one in DOCUMENT["tags"] if one["description"]]
    parameters = operation.get("parameters", [])
    assert all(parameter["description"] and parameter["schema"] for parameter in parameters)
    assert len({(parameter["in"], parameter["name"]) for parameter in parameters}) == len(parameters)
    assert all(response["description"] for response in operation["responses"].values())


@every_operation
def test_problems_are_documented_as_they_are_sent(operation: dict[str, Any]) -> None:
    problems = {status: response for status, response in operation["responses"].items() if status[0] not in "123"}
    assert {"422", "default"} <= problems.keys()
    assert ("404" in problems) == ("{" in operation["path"])
    for response in problems.values():
        assert response["content"] == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def test_schemas_are_named_for_people() -> None:
    assert {"FilmPage", "FactPage", "SearchPage", "FilmDocument", "Problem", "Ref"} <= SCHEMAS.keys()
    assert [name for name in SCHEMAS if not re.fullmatch("[A-Z][A-Za-z]+", name)] == []
    assert not {"HTTPValidationError", "ValidationError"} & SCHEMAS.keys()


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_field_is_required_and_described(name: str) -> None:
    assert SCHEMAS[name]["description"]
    for schema in objects(SCHEMAS[name]):
        assert set(schema["required"]) == set(schema["properties"])
        assert schema["additionalProperties"] is False
        assert [key for key, field in schema["properties"].items() if not field.get("description")] == []


def test_every_schema_is_used() -> None:
    text = json.dumps(DOCUMENT)
    assert [name for name in SCHEMAS if f'"#/components/schemas/{name}"' not in text] == []


@every_operation
def test_examples_are_real(operation: dict[str, Any], api: httpx.Client) -> None:
    """The path with its examples is answered, and so is every example of a query parameter."""
    parameters = operation.get("parameters", [])
    path = operation["path"].format(**{one["name"]: one["example"] for one in parameters if one["in"] == "path"})
    required = {one["name"]: example for one in parameters if one["required"] for example in examples(one)}
    assert api.get(path, params=required).status_code == 200
    for parameter in parameters:
        for example in examples(parameter):
            query = {**required, parameter["name"]: example}
            if parameter["name"] == "overlaps":
                query["source"] = "cnn-2023-03-08-the-challenge"
            response = api.get(path, params=query)
            assert response.status_code == 200, response.text
            if parameter["name"] in ("overlaps", "subject", "q"):
                assert response.json()["count"] > 0, f"{parameter['name']}={example} finds nothing"


def examples(parameter: dict[str, Any]) -> list[str]:
    """The examples of a query parameter, or of one of its values."""
    if parameter["in"] != "query":
        return []
    schema = parameter["schema"]
    return [str(one) for one in schema.get("items", schema).get("examples", [])]
