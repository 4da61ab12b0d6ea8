"""Schemathesis asks the live server what the OpenAPI document allows, and what it does not, and checks every answer.

All of its checks are on. Those on resources that requests make, change or delete have nothing to look at here, and
neither have those on logging in: the API only reads, for everybody.
"""

import copy
import json
import re
from typing import Any

import httpx
import schemathesis
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import BaseSchema, Case, Config, GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance, response_schema_conformance

from app.http.parameters import SLUG
from app.main import create_app
from app.settings import Settings
from app.vocabulary import KINDS, PLURALS
from tests.makers import SLUGS

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
    """The document with each parameter where it first stands, and one of each schema in each operation.

    Parameters of one schema have one parser, and those that have their name in common too are one object. A list of
    films has 130, and trying each value of each together with all the others takes minutes.
    """
    document = copy.deepcopy(document)
    seen = set()
    for methods in document["paths"].values():
        for operation in methods.values():
            schemas = set()
            kept = []
            for parameter in operation.get("parameters", []):
                if parameter["name"] == "ordering":
                    # To find field names that fill exactly so many characters takes four seconds for each kind.
                    parameter["schema"].pop("maxLength", None)
                schema = json.dumps(parameter["schema"], sort_keys=True)
                is_new = schema not in schemas and (parameter["name"], schema) not in seen
                if is_new or parameter["required"]:
                    kept.append(parameter)
                schemas.add(schema)
                seen.add((parameter["name"], schema))
            operation["parameters"] = kept
    return document


def unfiltered(document: dict[str, Any]) -> dict[str, Any]:
    """The document with no parameters but those that are needed, and limit: filters by chance leave nothing to follow."""
    document = copy.deepcopy(document)
    for methods in document["paths"].values():
        for operation in methods.values():
            operation["parameters"] = [
                one for one in operation.get("parameters", []) if one["required"] or one["name"] == "limit"
            ]
    return document


def the_schema(document: dict[str, Any], *phases: str) -> BaseSchema:
    """The document, for tests of these phases only."""
    every = ("examples", "coverage", "fuzzing", "stateful")
    # What is refused for its length may be wrong in another way too.
    refused = [400, 404, 405, 406, 413, 414, 415, 422]
    config = {
        "phases": {phase: {"enabled": phase in phases} for phase in every},
        "checks": {"negative_data_rejection": {"expected-statuses": refused}},
    }
    return schemathesis.openapi.from_dict(document, config=Config.from_dict(config))


each = the_schema(thinned(DOCUMENT), "examples", "coverage")
together = the_schema(DOCUMENT, "fuzzing")
linked = the_schema(unfiltered(DOCUMENT), "stateful")


def held(case: Case[Any], name: str) -> str | None:
    """Something that the parameter can name, where it names something: the document cannot say what there is."""
    (told,) = (one for one in DOCUMENT["paths"][case.path]["get"]["parameters"] if one["name"] == name)
    schema = told["schema"].get("items", told["schema"])
    pattern = schema.get("pattern", "")
    if not pattern.endswith(f"{SLUG}$") or case.path == "/path":
        return None
    if name.partition("__")[0] == "source":
        return SLUGS["source"][0]
    plurals = {f"/{plural}": kind for kind, plural in PLURALS.items()}
    if name.partition("__")[0] == "slug":
        return SLUGS[plurals[case.path]][0]
    return next(one for kind in KINDS for slug in SLUGS[kind] if re.fullmatch(pattern, one := f"{kind}/{slug}"))


def ask(case: Case[Any], api: httpx.Client) -> None:
    if case.meta and case.meta.generation.mode == GenerationMode.POSITIVE:
        # What OpenAPI cannot say: a parameter needs another one, a start comes before its end, a cursor is ours.
        low = {name.partition("__")[0] for name in case.query if name.endswith(("__gte", "__gt"))}
        is_high = {name for name in case.query if name.endswith(("__lte", "__lt")) and name.partition("__")[0] in low}
        case.query = {name: value for name, value in case.query.items() if name not in {"cursor", *is_high}}
        for name in case.query:
            if one := held(case, name):
                case.query[name] = [one]
        if "overlaps" in case.query:
            case.query |= {"source": ["cnn-2023-03-08-the-challenge"], "overlaps": "905,936"}
        if case.path in ("/timeline", "/events.ics") and {"from", "to"} <= case.query.keys():
            case.query |= {"from": "2019", "to": "2023"}
        # Nor that some parameters have a meaning in one format only.
        if case.path.endswith("/annotated"):
            case.query |= {"format": "jsonld", **({"page": 1} if "page" in case.query else {})}
        elif case.query.get("format", "json") != "json":
            for name in ("evidence", "facet", "fields", "include"):
                case.query.pop(name, None)
    # Nor can it say which records there are, which values a property takes, and what a YAML text says: not every claim
    # can be checked, and not every text previewed.
    is_claim = case.path in ("/check", "/sources/preview")
    excluded: list[Any] = [positive_data_acceptance] if is_claim else []
    # Nor that `fields` leaves of a record only what it names.
    if "fields" in case.query:
        excluded.append(response_schema_conformance)
    case.call_and_validate(base_url=str(api.base_url), excluded_checks=excluded)


@each.parametrize()
@settings(deadline=None, derandomize=True, database=None)
def test_each_parameter_at_its_limits(case: Case[Any], library: httpx.Client) -> None:
    ask(case, library)


@together.parametrize()
@settings(max_examples=12, deadline=None, derandomize=True, database=None)
def test_any_parameters_together(case: Case[Any], library: httpx.Client) -> None:
    ask(case, library)


def test_links_are_followed(library: httpx.Client) -> None:
    """From lists to records, to their facts, to the sources of those, with everything checked on the way."""
    followed: set[str] = set()

    class Walk(linked.as_state_machine()):  # type: ignore[misc]  # the class is made from the document
        def get_call_kwargs(self, case: Case[Any]) -> dict[str, Any]:
            return {"base_url": str(library.base_url)}

        def validate_response(self, response: Any, case: Case[Any], *more: Any, **kwargs: Any) -> None:
            # As above: which claims can be checked, the document cannot say.
            excluded: list[Any] = [positive_data_acceptance] if case.path == "/check" else []
            case.validate_response(response, excluded_checks=excluded, transport_kwargs=kwargs)

        def step(self, input: Any) -> Any:
            if input.transition:
                followed.add(input.case.operation.label)
            return super().step(input)

    walks = settings(max_examples=40, stateful_step_count=6, deadline=None, derandomize=True, database=None)
    run_state_machine_as_test(Walk, settings=walks)
    led_to = {
        name
        for methods in DOCUMENT["paths"].values()
        for operation in methods.values()
        for name in operation["responses"]["200"].get("links", {})
    }
    assert len(followed) > len(led_to) / 2
