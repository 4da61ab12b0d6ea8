"""The six kinds of records: `/films`, `/people` … and one of each. One function per kind and operation, made alike."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from pydantic import create_model

from app.api import parameters
from app.api.facts import FACT_FILTERS, FactPage, fact_query
from app.api.http import Page, ReadDep
from app.api.parameters import Parameter
from app.api.problems import ProblemDetail, ProblemError, detail, documented, shorten
from app.documents.evidence import FactDocument, FactRef
from app.documents.records import DOCUMENTS
from app.queries.facts import EntityFact, facts_of, list_facts
from app.queries.fields import Field, fields_of
from app.queries.filters import OPERATORS, Filter, Operator
from app.queries.records import ListQuery, StoredRecord, get_record, list_records, slugs_like
from app.vocabulary import KINDS, PLURALS, PROPERTIES, Kind

router = APIRouter()

_BOOLEAN = {"type": "boolean"}
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
    _BOOLEAN,
    is_repeatable=False,
    default=False,
)
_PARSERS: dict[str, tuple[Callable[[str], Any], Mapping[str, Any]]] = {
    "date": (parameters.date, parameters.DATE),
    "number": (parameters.number, parameters.NUMBER),
    "time": (parameters.moment, parameters.MOMENT),
}


def _filter_parameter(field: Field, operator: Operator) -> Parameter:
    is_list = operator.name == "in"
    words = parameters.LISTED_TEXT if is_list else parameters.TEXT
    parse, schema = _PARSERS.get(field.type, (parameters.text, words))
    description = f"{field.description[0].upper()}{field.description[1:]}: {operator.description}."
    if field.kinds:
        description += f" A slug, or kind/slug with a kind of {', '.join(field.kinds)}."
    if operator.name == "isnull":
        return Parameter(field.name + operator.suffix, description, parameters.boolean, _BOOLEAN)
    return Parameter(field.name + operator.suffix, description, parse, schema, is_list=is_list)


def _ordering_parameter(kind: Kind) -> Parameter:
    sortable = {name: field for name, field in fields_of(kind).items() if field.is_sortable}

    def parse(value: str) -> list[tuple[Field, bool]]:
        ordering = []
        for one in value.split(","):
            name = one.removeprefix("-")
            if name not in sortable:
                near = get_close_matches(name, sortable, n=1)
                hint = f" (did you mean {near[0]}?)" if near else ""
                raise ValueError(f"'{name}' is nothing to order by{hint}; expected one of {', '.join(sortable)}")
            ordering.append((sortable[name], one.startswith("-")))
        return ordering

    description = (
        f"What to order by: {', '.join(sortable)}; several separated by commas, each with - before it for descending. "
        "Unknown values come last either way, and ties are ordered by slug."
    )
    one = f"-?(?:{'|'.join(sortable)})"
    schema = {"type": "string", "pattern": f"^{one}(?:,{one})*$", "maxLength": 500}
    return Parameter("ordering", description, parse, schema, is_repeatable=False, default="label")


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
    filters = [
        Filter(field, operator.name, given)
        for field in fields_of(kind).values()
        for operator in OPERATORS
        if (given := values.get(field.name + operator.suffix))
    ]
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
    is_slug = re.fullmatch(parameters.SLUG, slug)
    if is_slug and (record := get_record(read.connection, kind, slug)):
        return record
    meant = re.sub("[^a-z0-9]+", "-", slug[:80].lower()).strip("-")
    near = get_close_matches(meant, slugs_like(read.connection, kind, meant), n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    errors: list[ProblemDetail] = []
    if near:
        errors = [detail("slug", "not_found", f"There is a {kind} '{near[0]}'.", near=near[0])]
    text = f"There is no {kind} '{shorten(slug)}'.{hint} See /{PLURALS[kind]} for all."
    raise ProblemError(404, "not_found", text, errors)


def _add_endpoints(kind: Kind) -> None:
    """Declare the list, the record and its facts for one kind."""
    plural, model = PLURALS[kind], DOCUMENTS[kind]
    known = list_parameters(kind)
    one_known = {_EVIDENCE.name: _EVIDENCE}
    page: Any = create_model(f"{kind.capitalize()}Page", __base__=Page[model], __doc__=f"One page of {plural}.")  # type: ignore[valid-type]  # the model is a value
    pattern = {"pattern": f"^{parameters.SLUG}$"}
    by_slug = Path(description="The slug of the record.", json_schema_extra=pattern)

    def list_all(request: Request, read: ReadDep) -> Response:
        """Those that every filter keeps; a filter with several values keeps what fits any of them."""
        values = parameters.read(request, known)
        query = _list_query(kind, values, known)
        count, records = list_records(read.connection, kind, query)
        results = _answers(read, kind, records, values.get("evidence", ("none",))[0])
        return read.answer_page(count, results, limit=query.limit, offset=query.offset)

    def get_one(request: Request, slug: Annotated[str, by_slug], read: ReadDep) -> Response:
        """The whole record. Every key is always there: null or an empty list where no source says anything."""
        values = parameters.read(request, one_known)
        record = _found(read, kind, slug)
        return read.answer(_answers(read, kind, [record], values.get("evidence", ("none",))[0])[0])

    def list_its_facts(request: Request, slug: Annotated[str, by_slug], read: ReadDep) -> Response:
        """What current sources say in which the record has a part, each with the words that say it."""
        query = fact_query(parameters.read(request, FACT_FILTERS), about=_found(read, kind, slug).id)
        count, facts = list_facts(read.connection, query)
        results = [fact.model_dump_json() for fact in facts]
        return read.answer_page(count, results, limit=query.limit, offset=query.offset)

    facts = f"List the facts of one {kind}, with their evidence"
    _add(kind, "", list_all, f"list_{plural}", page, f"List {plural}", known)
    _add(kind, "/{slug}", get_one, f"get_{kind}", model, f"Get one {kind}", one_known)
    _add(kind, "/{slug}/facts", list_its_facts, f"list_{kind}_facts", FactPage, facts, FACT_FILTERS)


def _add(
    kind: Kind, path: str, endpoint: Any, name: str, answer: Any, summary: str, taken: Mapping[str, Parameter]
) -> None:
    plural = PLURALS[kind]
    problems = documented(not_found=f"There is no such {kind}.") if path else {}
    extra = parameters.openapi(list(taken.values()))
    router.add_api_route(
        f"/{plural}{path}", endpoint, name=name, response_model=answer, summary=summary, tags=[plural],
        responses=problems, openapi_extra=extra,
    )  # fmt: skip


for _kind in KINDS:
    _add_endpoints(_kind)
