"""The OpenAPI document, which takes a second to be made, and those of its operations that change nothing."""

from typing import Any

import pytest

from app.application import create_app
from app.settings import Settings

DOCUMENT = create_app(Settings()).openapi()


def is_write(operation: dict[str, Any]) -> bool:
    """Whether an operation changes the data, and so takes a token."""
    return {} not in operation.get("security", [{}])


READING = {
    **DOCUMENT,
    "paths": {
        path: kept
        for path, methods in DOCUMENT["paths"].items()
        if (kept := {method: one for method, one in methods.items() if not is_write(one)})
    },
}
WRITES = [one["operationId"] for methods in DOCUMENT["paths"].values() for one in methods.values() if is_write(one)]


def about_its_path(request: pytest.FixtureRequest, document: dict[str, Any]) -> dict[str, Any]:
    """The document with the operations of the path alone that a fixture is made for."""
    # Schemathesis reads the name of a test where this pytest no longer has it.
    vars(request.node)["_nodeid"] = request.node.nodeid
    return {**document, "paths": {request.param: document["paths"][request.param]}}
