"""The OpenAPI document: complete, true in what it says of every operation, and committed as `docs/openapi.json`."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest
import schemathesis

from app.api import examples
from app.api.examples import Call
from app.db import make_engine
from app.vocabulary import KINDS, PLURALS
from tests.conftest import running
from tests.document import DOCUMENT, is_write
from tests.examples import FOLDER, ask, asked_anew, example_file, told_headers, write
from tests.makers import ROOT
from tests.test_tokens import made

OPERATIONS = {
    operation["operationId"]: {**operation, "path": path, "method": method}
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
SENT = {"CheckRequest", "SourceRequest"}
every_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


@pytest.fixture
def desk(library_file: Path, tmp_path: Path) -> Iterator[httpx.Client]:
    """A client of somebody who may write, over all seeds, in a database of the test's own."""
    engine = make_engine(f"sqlite:///{shutil.copy(library_file, tmp_path / 'filmspace.db')}")
    token = made(engine, "ada", "admin")
    engine.dispose()
    with running(str(engine.url)) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def validator(schema: dict[str, Any]) -> jsonschema_rs.Validator:
    """A validator of a schema in the document."""
    return jsonschema_rs.Draft202012Validator({**schema, "components": DOCUMENT["components"]})


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


def test_server_answers_with_it(library: httpx.Client) -> None:
    assert library.get("/openapi.json").json() == DOCUMENT
    assert DOCUMENT["openapi"].startswith("3.1.")


def test_who_asks_while_it_is_made_gets_all_of_it(seeded_file: Path) -> None:
    with running(f"sqlite:///{seeded_file}") as client:
        barrier = threading.Barrier(8)

        def asked(_: int) -> Any:
            barrier.wait()
            return client.get("/openapi.json").json()

        with ThreadPoolExecutor(8) as pool:
            assert all(document == DOCUMENT for document in pool.map(asked, range(8)))


def test_it_is_openapi_as_the_specification_has_it() -> None:
    schemathesis.openapi.from_dict(DOCUMENT).validate()


def test_operation_ids_are_unique_and_name_what_is_asked_for() -> None:
    ids = [operation["operationId"] for methods in DOCUMENT["paths"].values() for operation in methods.values()]
    of_kinds = [
        name for kind in KINDS for name in (f"list_{PLURALS[kind]}", f"get_{kind}", f"list_{kind}_facts")
    ]  # fmt: skip
    others = [
        "get_root", "get_health", "get_readiness", "list_facts", "get_fact", "list_sources", "get_source",
        "get_source_text", "get_annotated_source", "list_properties", "get_property", "search", "suggest",
        "list_disputes", "list_slips", "check_claim",
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
    assert ("404" in problems) == ("{" in operation["path"] or operation["path"] == "/path")
    for response in problems.values():
        ((media_type, content),) = response["content"].items()
        assert media_type == "application/problem+json"
        assert content["schema"] == {"$ref": "#/components/schemas/Problem"}


def test_schemas_are_named_for_people() -> None:
    assert {"FilmPage", "FactPage", "SearchPage", "FilmDocument", "Problem", "Ref"} <= SCHEMAS.keys()
    assert [name for name in SCHEMAS if not re.fullmatch("[A-Z][A-Za-z]+", name)] == []
    assert not {"HTTPValidationError", "ValidationError"} & SCHEMAS.keys()


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_field_is_required_and_described(name: str) -> None:
    assert SCHEMAS[name]["description"]
    for schema in objects(SCHEMAS[name]):
        # Of what is sent, something may be left out; of what is answered, nothing.
        assert name in SENT or set(schema["required"]) == set(schema["properties"])
        assert schema["additionalProperties"] is False
        assert [key for key, field in schema["properties"].items() if not field.get("description")] == []


def test_every_schema_is_used() -> None:
    text = json.dumps(DOCUMENT)
    assert [name for name in SCHEMAS if f'"#/components/schemas/{name}"' not in text] == []


# Examples


@every_operation
def test_example_is_what_the_server_answers(
    operation: dict[str, Any], library: httpx.Client, pytestconfig: pytest.Config, request: pytest.FixtureRequest
) -> None:
    name = operation["operationId"]
    api: httpx.Client = request.getfixturevalue("desk") if is_write(operation) else library
    kept = examples.stored(name)
    assert kept is not None, (
        f'{name} has no example: write {{"request": {{"path": "{operation["path"]}"}}}} with real values (and "body", '
        f"where it takes one) to {example_file(name)}, and then run `make examples`"
    )
    anew = asked_anew(api, operation, kept)
    if pytestconfig.getoption("--write-examples"):
        write(name, anew)
        return
    assert kept == anew, f"{example_file(name)} is not what the server answers; if that is right, `make examples`"


def test_no_example_is_left_over() -> None:
    assert sorted(file.stem for file in FOLDER.glob("*.json")) == sorted(OPERATIONS)


@every_operation
def test_example_is_in_the_document(operation: dict[str, Any]) -> None:
    """Of everything: what is asked, in which words, and each answer, which is as its schema says."""
    asked = [one for one in operation.get("parameters", []) if one["in"] == "path" or one["required"]]
    assert [one["name"] for one in asked if "example" not in one] == []
    bodies = operation.get("requestBody", {}).get("content", {}).values()
    answers = examples.answers_of(operation).get("content", {})
    problems = [operation["responses"][one] for one in ("404", "422", "default") if one in operation["responses"]]
    assert answers
    for content in (*bodies, *answers.values(), *(one for each in problems for one in each["content"].values())):
        assert content["example"] not in ("", {}, [], None)
        validator(content["schema"]).validate(content["example"])


@every_operation
def test_parameters_with_an_example_are_accepted_with_it(operation: dict[str, Any], library: httpx.Client) -> None:
    """Those of the schemas; the example of the operation itself is asked for above."""
    if is_write(operation):
        return
    call = examples.call_of(operation["path"], (examples.stored(operation["operationId"]) or {})["request"])
    for parameter in operation.get("parameters", []):
        schema = parameter["schema"].get("items", parameter["schema"])
        for one in schema.get("examples", []):
            query = {**dict(call.query), parameter["name"]: one}
            response = ask(
                library, operation["method"], Call(call.template, call.in_path, (*query.items(),), call.body)
            )
            # What needs another parameter says so.
            missing = response.status_code == 422 and {error["code"] for error in response.json()["errors"]}
            assert response.status_code == 200 or missing == {"missing"}, response.text


def test_problems_of_examples_help() -> None:
    """Each names the parameter that is wrong, and most of them what would have been right."""
    unknown = [operation["responses"]["422"] for operation in OPERATIONS.values()]
    told = [content["example"] for response in unknown for content in response["content"].values()]
    assert all(problem["errors"] and problem["errors"][0]["parameter"] for problem in told)
    assert sum(problem["errors"][0]["did_you_mean"] is not None for problem in told) > len(told) / 2


# Links and headers


@every_operation
def test_links_lead_where_they_say(operation: dict[str, Any], library: httpx.Client) -> None:
    """Each finds what it names in the example's answer, and is answered."""
    for name, link in examples.answers_of(operation).get("links", {}).items():
        assert link["operationId"] == name
        there = OPERATIONS[name]
        if is_empty(operation):
            continue
        values = {key: linked(operation, expression) for key, expression in link["parameters"].items()}
        assert values.keys() == {one["name"] for one in there["parameters"] if one["in"] == "path"}
        assert library.get(there["path"].format(**values)).status_code == 200


def is_empty(operation: dict[str, Any]) -> bool:
    """Whether the operation's example is a list that has nothing on it to lead anywhere."""
    found = operation["responses"]["200"]["content"]["application/json"]["example"]
    return isinstance(found, dict) and found.get("results") == []


def linked(operation: dict[str, Any], expression: str) -> Any:
    """What the runtime expression of a link stands for in the operation's example."""
    if name := expression.removeprefix("$request.path.") if expression.startswith("$request.path.") else "":
        return next(one["example"] for one in operation["parameters"] if one["name"] == name)
    found = operation["responses"]["200"]["content"]["application/json"]["example"]
    for part in expression.removeprefix("$response.body#/").split("/"):
        found = found[int(part) if isinstance(found, list) else part]
    return found


def test_every_record_is_linked_to() -> None:
    """A client that knows no name can come to everything by following links."""
    reached = {name for one in OPERATIONS.values() for name in examples.answers_of(one).get("links", {})}
    named = {name for name, one in OPERATIONS.items() if "{" in one["path"] and one["method"] == "get"}
    assert named - reached == set(), "app/api/openapi_links.py finds no answer that holds what these ask for"


def test_headers_are_those_that_are_sent() -> None:
    """In every answer that says 200, and of a name that the document explains."""
    for operation in OPERATIONS.values():
        sent = set((examples.stored(operation["operationId"]) or {})["headers"])
        documented = set(examples.answers_of(operation)["headers"])
        assert documented == sent, f"explain {sorted(sent - documented)} in _HEADERS of app/api/openapi.py"


@every_operation
def test_headers_of_problems_are_those_that_are_sent(operation: dict[str, Any], library: httpx.Client) -> None:
    call = examples.call_of(operation["path"], (examples.stored(operation["operationId"]) or {})["request"])
    wrong = replace(call, query=(*call.query, ("wibble", "1")))
    every = ("PUT", call, "*/*"), (operation["method"], wrong, "*/*"), (operation["method"], call, "image/png")
    for method, asked, accept in every:
        response = ask(library, method, asked, accept)
        if response.is_success:  # of one sort, whatever is accepted
            continue
        documented = operation["responses"].get(str(response.status_code), operation["responses"]["default"])["headers"]
        assert {"Cache-Control", "X-Request-Id", "Vary"} <= set(told_headers(response)) <= set(documented)
