"""Schemathesis asks the live server what the OpenAPI document allows, and what it does not, and checks every answer.

All of its checks are on. Those on resources that requests make, change or delete have nothing to look at here, and
neither have those on logging in: the API only reads, for everybody.
"""

import copy
import json
from typing import Any

import httpx
import schemathesis
from hypothesis import settings
from hypothesis import strategies as st
from schemathesis import BaseSchema, Case, Config, GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from app.main import create_app
from app.settings import Settings

DOCUMENT = create_app(Settings()).openapi()

# "edtf" is no format of JSON Schema's own. Sets are left out: in a list, their commas would end them.
schemathesis.openapi.format(
    "edtf",
    st.sampled_from(
        ["2021", "-0043", "2021-10", "2021-10-05", "202X", "2021-21", "2021~", "2021-10/2022-07", "../2021"]
    )
    | st.dates().map(str),
)


def thinned(document: dict[str, Any]) -> dict[str, Any]:
    """The document with one parameter of each schema in each operation: those of one schema have one parser.

    A list of films has 130, and trying each value of each together with all the others takes minutes.
    """
    document = copy.deepcopy(document)
    for methods in document["paths"].values():
        for operation in methods.values():
            parameters = operation.get("parameters", [])
            first = {json.dumps(one["schema"], sort_keys=True): one for one in reversed(parameters)}
            operation["parameters"] = list(first.values())
    return document


def the_schema(document: dict[str, Any], *phases: str) -> BaseSchema:
    """The document, for tests of these phases only."""
    every = ("examples", "coverage", "fuzzing", "stateful")
    config = {"phases": {phase: {"enabled": phase in phases} for phase in every}}
    return schemathesis.openapi.from_dict(document, config=Config.from_dict(config))


each = the_schema(thinned(DOCUMENT), "examples", "coverage")
together = the_schema(DOCUMENT, "fuzzing")


def ask(case: Case[Any], api: httpx.Client) -> None:
    if case.meta and case.meta.generation.mode == GenerationMode.POSITIVE:
        # What OpenAPI cannot say: a parameter needs another one, and a start comes before its end.
        if "overlaps" in case.query:
            case.query |= {"source": ["cnn-2023-03-08-the-challenge"], "overlaps": "905,936"}
        if {"from", "to"} <= case.query.keys():
            case.query |= {"from": "2019", "to": "2023"}
    # Nor can it say which records there are, and which values a property takes: not every claim can be checked.
    excluded: list[Any] = [positive_data_acceptance] if case.path == "/check" else []
    case.call_and_validate(base_url=str(api.base_url), excluded_checks=excluded)


@each.parametrize()
@settings(deadline=None, derandomize=True, database=None)
def test_each_parameter_at_its_limits(case: Case[Any], api: httpx.Client) -> None:
    ask(case, api)


@together.parametrize()
@settings(max_examples=12, deadline=None, derandomize=True, database=None)
def test_any_parameters_together(case: Case[Any], api: httpx.Client) -> None:
    ask(case, api)
