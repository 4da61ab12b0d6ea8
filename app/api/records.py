"""The six kinds of records: `/films`, `/people` … and one of each. One function per kind and operation, made alike."""

import json
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from pydantic import create_model

from app.api import parameters
from app.api.facts import FACT_FILTERS, fact_query
from app.api.http import Page, ReadDep
from app.api.parameters import Parameter
from app.api.problems import ProblemDetail, ProblemError, detail
from app.documents.evidence import FactDocument, FactRef
from app.projection import DOCUMENTS
from app.queries.facts import EntityFact, facts_of, list_facts
from app.queries.fields import Field, fields_of
from app.queries.filters import OPERATORS, Filter, Operator
from app.queries.records import ListQuery, StoredRecord, get_record, list_records, slugs_like
from app.vocabulary import KINDS, PLURALS, PROPERTIES, Kind

router = APIRouter()
Slug = Annotated[str, Path(description="The slug of the record.", examples=["the-challenge"])]

_NO_FACTS = '"facts":null}'
_EVIDENCE = Parameter(
    "evidence",
    "Whether each record comes with its receipts: where its facts are (ids), or the facts with their words (quotes).",
    str,
    allowed=("none", "ids", "quotes"),
    is_repeatable=False,
    default="none",
)
_CERTAIN = Parameter(
    "certain",
    "Whether a date must fulfil its filter whatever it turns out to mean; otherwise it is enough that it could.",
    parameters.boolean,
    {"type": "boolean"},
    is_repeatable=False,
    default=False,
)
_PARSERS: dict[str, tuple[Callable[[str], Any], dict[str, Any]]] = {
    "date": (parameters.date, {"type": "string", "examples": ["2021-10"]}),
    "number": (parameters.number, {"type": "number"}),
    "time": (parameters.moment, {"type": "string", "format": "date-time"}),
}


def _filter_parameter(field: Field, operator: Operator) -> Parameter:
    parse, schema = _PARSERS.get(field.type, (parameters.text, {"type": "string"}))
    description = f"{field.description[0].upper()}{field.description[1:]}: {operator.description}."
    if field.kinds:
        description += f" A slug, or kind/slug with a kind of {', '.join(field.kinds)}."
    if operator.name == "isnull":
        return Parameter(field.name + operator.suffix, description, parameters.boolean, {"type": "boolean"})
    if operator.name == "in":
        return Parameter(
            field.name + operator.suffix, description, lambda value: [parse(one) for one in value.split(",")]
        )
    return Parameter(field.name + operator.suffix, description, parse, schema)


def _ordering_parameter(kind: Kind) -> Parameter:
    sortable = {name: field for name, field in fields_of(kind).items() if field.is_sortable}

    def parse(value: str) -> list[tuple[Field, bool]]:
        ordering = []
        for one in value.split(","):
            name = one.removeprefix("-")
            if name not in sortable:
                near = get_close_matches(name, sortable, n=1)
                hint = f"; did you mean {near[0]}?" if near else ""
                raise ValueError(f"'{name}' is nothing to order by{hint} Expected one of {', '.join(sortable)}")
            ordering.append((sortable[name], one.startswith("-")))
        return ordering

    description = (
        f"What to order by: {', '.join(sortable)}; several separated by commas, each with - before it for descending. "
        "Unknown values come last either way, and ties are ordered by slug."
    )
    return Parameter("ordering", description, parse, {"type": "string"}, is_repeatable=False, default="label")


def list_parameters(kind: Kind) -> dict[str, Parameter]:
    """Every parameter of the list of a kind, by name."""
    filters = [
        _filter_parameter(field, operator)
        for field in fields_of(kind).values()
        for operator in OPERATORS
        if field.type in operator.types
    ]
    every = [*parameters.PAGE, _ordering_parameter(kind), _EVIDENCE, _CERTAIN, *filters]
    return {parameter.name: parameter for parameter in every}


def _list_query(kind: Kind, values: Mapping[str, tuple[Any, ...]], known: Mapping[str, Parameter]) -> ListQuery:
    filters = []
    for field in fields_of(kind).values():
        for operator in OPERATORS:
            if given := values.get(field.name + operator.suffix):
                several = [one for many in given for one in many] if operator.name == "in" else given
                filters.append(Filter(field, operator.name, tuple(several)))
    ordering = values.get("ordering") or (known["ordering"].parse("label"),)
    certain = values.get("certain", (False,))[0]
    return ListQuery(tuple(filters), tuple(ordering[0]), certain, **parameters.page_of(values))


def _with_facts(records: Iterable[StoredRecord], facts: Iterable[EntityFact], kind: Kind, style: str) -> list[str]:
    """The records' JSON, each with its facts under the keys that they feed."""
    every = list(facts)
    answers = []
    for record in records:
        keyed: dict[str, list[FactDocument | FactRef]] = {}
        for one in every:
            if key := _key_of(one, record.id, kind):
                keyed.setdefault(key, []).append(one.fact if style == "quotes" else _address(one.fact))
        facts_json = json.dumps(
            {key: [fact.model_dump() for fact in found] for key, found in keyed.items()},
            ensure_ascii=False, separators=(",", ":"),
        )  # fmt: skip
        answers.append(f'{record.document.removesuffix(_NO_FACTS)}"facts":{facts_json}}}')
    return answers


def _address(fact: FactDocument) -> FactRef:
    return FactRef(id=fact.id, url=fact.url, property=fact.property, modality=fact.modality)


def _key_of(one: EntityFact, entity_id: int, kind: Kind) -> str | None:
    """The key of the entity's record that the fact feeds, or would if it counted; None where no key shows it."""
    prop = PROPERTIES[one.fact.property]
    if one.subject_id == entity_id:
        return prop.field_of(kind)
    if one.object_id == entity_id:
        return prop.inverse.get((one.fact.subject.kind, kind))
    return "portrayed_by" if one.character_id == entity_id else None


def _answers(read: Any, kind: Kind, records: list[StoredRecord], style: str) -> list[str]:
    if style == "none":
        return [record.document for record in records]
    return _with_facts(records, facts_of(read.connection, [record.id for record in records]), kind, style)


def _found(read: Any, kind: Kind, slug: str) -> StoredRecord:
    """The record of that slug. Raises a 404 that suggests the nearest."""
    if record := get_record(read.connection, kind, slug):
        return record
    near = get_close_matches(slug, slugs_like(read.connection, kind, slug), n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    errors: list[ProblemDetail] = []
    if near:
        errors = [detail("slug", "not_found", f"There is a {kind} '{near[0]}'.", near=near[0])]
    raise ProblemError(404, "not_found", f"There is no {kind} '{slug}'.{hint} See /{PLURALS[kind]} for all.", errors)


def _add_endpoints(kind: Kind) -> None:
    """Declare the list, the record and its facts for one kind."""
    plural, model = PLURALS[kind], DOCUMENTS[kind]
    known = list_parameters(kind)
    one_known = {_EVIDENCE.name: _EVIDENCE}
    page_model: Any = create_model(f"{kind.capitalize()}Page", __base__=Page[model], __doc__=f"One page of {plural}.")  # type: ignore[valid-type]  # the model is a value

    def list_all(request: Request, read: ReadDep) -> Response:
        values = parameters.read(request, known)
        query = _list_query(kind, values, known)
        count, records = list_records(read.connection, kind, query)
        results = _answers(read, kind, records, values.get("evidence", ("none",))[0])
        return read.answer_page(count, results, limit=query.limit, offset=query.offset)

    def get_one(request: Request, slug: Slug, read: ReadDep) -> Response:
        values = parameters.read(request, one_known)
        record = _found(read, kind, slug)
        return read.answer(_answers(read, kind, [record], values.get("evidence", ("none",))[0])[0])

    def list_its_facts(request: Request, slug: Slug, read: ReadDep) -> Response:
        query = fact_query(parameters.read(request, FACT_FILTERS), about=_found(read, kind, slug).id)
        count, facts = list_facts(read.connection, query)
        results = [fact.model_dump_json() for fact in facts]
        return read.answer_page(count, results, limit=query.limit, offset=query.offset)

    def add(path: str, endpoint: Any, name: str, answer: Any, summary: str, taken: Iterable[Parameter]) -> None:
        extra = parameters.openapi(list(taken))
        router.add_api_route(
            path, endpoint, name=name, response_model=answer, summary=summary, tags=[plural], openapi_extra=extra
        )

    add(f"/{plural}", list_all, f"list_{plural}", page_model, f"List {plural}", known.values())
    add(f"/{plural}/{{slug}}", get_one, f"get_{kind}", model, f"Get one {kind}", one_known.values())
    name, summary = f"list_{kind}_facts", f"List the facts of one {kind}, with their evidence"
    add(f"/{plural}/{{slug}}/facts", list_its_facts, name, Page[FactDocument], summary, FACT_FILTERS.values())


for _kind in KINDS:
    _add_endpoints(_kind)
