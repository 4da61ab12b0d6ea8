"""Schemathesis asks the live server what the OpenAPI document allows, and what it does not, and checks every answer.

All of its checks are on. What changes the data, and takes a token, is asked in `tests/test_writing.py`.
"""

import copy
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jsonschema_rs
import pytest
import schemathesis
import yaml
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import BaseSchema, Case, Config, GenerationMode
from schemathesis.specs.openapi.checks import response_schema_conformance

from app.documents.records import DOCUMENTS
from app.vocabulary import KINDS, PLURALS, PROPERTIES, QUALIFIERS, SLUG, ValueType
from tests.document import DOCUMENT, READING, WRITES, about_its_path
from tests.makers import SLUGS

# "edtf" is no format of JSON Schema's own. Sets are left out: in a list, their commas would end them.
schemathesis.openapi.format(
    "edtf",
    st.sampled_from(
        ["2021", "-0043", "2021-10", "2021-10-05", "202X", "2021-21", "2021~", "2021-10/2022-07", "../2021"]
    )
    | st.dates().map(str),
)


_OF_KINDS = re.compile(r"\(\?:[a-z|]+\)/")


def thinned(document: dict[str, Any]) -> dict[str, Any]:
    """The document with one parameter of each schema, where it first stands, and all that are needed.

    Parameters of one schema have one parser, and so have names of records, whatever their kinds. A list of films has 130,
    and trying each value of each together with all the others takes minutes.
    """
    document = copy.deepcopy(document)
    seen = set()
    for methods in document["paths"].values():
        for operation in methods.values():
            kept = []
            for parameter in operation.get("parameters", []):
                schema = _OF_KINDS.sub("", json.dumps(parameter["schema"], sort_keys=True))
                if schema not in seen or parameter["required"]:
                    kept.append(parameter)
                seen.add(schema)
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
    # What is wrong with a method, or with a very long URL, is told before anything else.
    refused = [400, 404, 405, 406, 414, 422]
    config = {
        "phases": {phase: {"enabled": phase in phases} for phase in every},
        "checks": {"negative_data_rejection": {"expected-statuses": refused}},
    }
    return schemathesis.openapi.from_dict(document, config=Config.from_dict(config))


THINNED = thinned(DOCUMENT)


# What is asked is thought up when a test begins: each process that runs tests would take long to do so for all of them.
@pytest.fixture(params=READING["paths"])
def each(request: pytest.FixtureRequest) -> BaseSchema:
    return the_schema(about_its_path(request, THINNED), "examples", "coverage")


@pytest.fixture(params=READING["paths"])
def together(request: pytest.FixtureRequest) -> BaseSchema:
    return the_schema(about_its_path(request, DOCUMENT), "fuzzing")


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


def a_place(case: Case[Any], api: httpx.Client) -> dict[str, Any]:
    """The query, with a cursor that the server gave out for it, or without one where all is on one page."""
    query = {name: value for name, value in case.query.items() if name not in ("cursor", "offset")}
    form = {"format": "json"} if "format" in query else {}
    first = api.get(case.formatted_path, params={**query, **form, "limit": 1})
    assert first.status_code == 200, first.text
    if url := first.json()["next"]:
        query["cursor"] = parse_qs(urlsplit(url).query)["cursor"][0]
    return query


VALUES: Mapping[ValueType, Any] = {"date": "2021-10", "quantity": {"amount": 12, "unit": "day"}, "identifier": "imdb:x"}


def a_claim(told: Mapping[str, Any]) -> dict[str, Any]:
    """The claim, about something that there is, and with a value and with qualifiers that its property takes."""

    def one_of(kinds: Sequence[str], like: Any) -> Any:
        kind, slug = kinds[0], SLUGS[kinds[0]][0]
        return {**like, "kind": kind, "slug": slug} if isinstance(like, dict) and "slug" in like else f"{kind}/{slug}"

    prop = PROPERTIES[told["property"]]
    claim = {**told, "subject": one_of(prop.domain, told["subject"])}
    if prop.object_kinds:
        claim |= {key: one_of(prop.object_kinds, told[key]) for key in ("value", "object") if key in told}
    else:
        value = claim.pop("object", told.get("value"))
        is_text = prop.value_type == "text" and isinstance(value, str) and not prop.allowed
        claim["value"] = value if is_text else (*prop.allowed, VALUES.get(prop.value_type or "text", "film"))[0]
    for name, value in told.get("qualifiers", {}).items():
        kinds = QUALIFIERS[name].range
        qualifier = {name: value if isinstance(kinds, str) else one_of(kinds, value)} if name in prop.qualifiers else {}
        claim["qualifiers"] = {**claim["qualifiers"], **qualifier}
        if not qualifier:
            del claim["qualifiers"][name]
    return claim


def a_source(told: Mapping[str, Any]) -> dict[str, Any]:
    """The source, with a text and with claims that can be read."""
    body = DOCUMENT["paths"]["/sources/preview"]["post"]["requestBody"]["content"]["application/json"]["example"]
    claims = body["claims"] if isinstance(told["claims"], str) else yaml.safe_load(body["claims"])
    return {**told, "article": body["article"], "claims": claims}


def make_possible(case: Case[Any], api: httpx.Client) -> None:
    """Change of a request what the document cannot say: which things there are, and what depends on what."""
    if not case.meta or case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    if isinstance(case.body, dict):
        case.body = a_claim(case.body) if case.path == "/check" else a_source(case.body)
    for name in case.query:
        if one := held(case, name):
            case.query[name] = [one]
    # A start comes before its end, and a place in a text is one of a source.
    for name in case.query:
        field, _, low = name.rpartition("__")
        ends = ("to",) if name == "from" else (f"{field}__lte", f"{field}__lt") if low in ("gt", "gte") else ()
        case.query |= {end: case.query[name] for end in ends if end in case.query}
    if "overlaps" in case.query:
        case.query |= {"source": ["cnn-2023-03-08-the-challenge"], "overlaps": "905,936"}
    if str(case.query.get("known_at", "")) > "2026":
        case.query["known_at"] = "2026-01-01T00:00:00Z"  # not a moment that is still to come
    if case.path == "/readyz" and "revision" in case.query:
        case.query["revision"] = 1  # nor a revision
    # Some parameters have a meaning in one format only.
    if case.path.endswith("/annotated"):
        case.query |= {"format": "jsonld", **({"page": 1} if "page" in case.query else {})}
    elif case.query.get("format", "json") != "json":
        for name in ("evidence", "facet", "fields", "include"):
            case.query.pop(name, None)
    if "cursor" in case.query:
        case.query = a_place(case, api)


@cache
def of_parts(path: str) -> jsonschema_rs.Validator:
    """A validator of the answers of a path in which records may lack keys."""
    whole = DOCUMENT["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    components = copy.deepcopy(DOCUMENT["components"])
    for kind in DOCUMENTS.values():
        del components["schemas"][kind.__name__]["required"]
    return jsonschema_rs.Draft202012Validator({**whole, "components": components})


def check_part(case: Case[Any], answer: Any) -> None:
    """`fields` leaves of each record only what it names: the document cannot say so, but what is left is as it says."""
    of_parts(case.path).validate(answer)
    asked = case.query["fields"]
    wanted = {*(asked.split(",") if isinstance(asked, str) else asked)}
    for record in answer.get("results", [answer]):
        assert wanted <= record.keys() <= wanted | {"facts", "included"}


def ask(case: Case[Any], api: httpx.Client) -> None:
    make_possible(case, api)
    is_part = "fields" in case.query
    excluded: list[Any] = [response_schema_conformance] if is_part else []
    response = case.call_and_validate(base_url=str(api.base_url), excluded_checks=excluded)
    if is_part and response.status_code == 200:
        check_part(case, response.json())


@schemathesis.pytest.from_fixture("each").exclude(operation_id=WRITES).parametrize()
@settings(derandomize=True, database=None)
def test_each_parameter_at_its_limits(case: Case[Any], library: httpx.Client) -> None:
    ask(case, library)


@schemathesis.pytest.from_fixture("together").exclude(operation_id=WRITES).parametrize()
@settings(max_examples=2, derandomize=True, database=None)
def test_any_parameters_together(case: Case[Any], library: httpx.Client) -> None:
    ask(case, library)


def test_links_are_followed(library: httpx.Client) -> None:
    """From lists to records, to their facts, to the sources of those, with everything checked on the way."""
    followed: set[str] = set()

    linked = the_schema(unfiltered(DOCUMENT), "stateful").exclude(operation_id=WRITES)

    class Walk(linked.as_state_machine()):  # type: ignore[misc]  # the class is made from the document
        def get_call_kwargs(self, case: Case[Any]) -> dict[str, Any]:
            return {"base_url": str(library.base_url)}

        def before_call(self, case: Case[Any]) -> None:
            make_possible(case, library)

        def step(self, input: Any) -> Any:
            if input.transition:
                followed.add(input.case.operation.label)
            return super().step(input)

    walks = settings(max_examples=20, stateful_step_count=20, derandomize=True, database=None)
    run_state_machine_as_test(Walk, settings=walks)
    led_to = {
        name
        for methods in READING["paths"].values()
        for operation in methods.values()
        for name in operation["responses"]["200"].get("links", {})
    }
    assert len(followed) > len(led_to) / 2
