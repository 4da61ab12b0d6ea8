"""`/properties`: the vocabulary."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from app.documents.evidence import PropertyDocument
from app.http import parameters
from app.http.parameters import Parameter
from app.http.problems import documented, no_such
from app.http.read import Page, ReadDep
from app.queries.nearest import nearest_word
from app.vocabulary import KINDS, PROPERTIES, Property

router = APIRouter(prefix="/properties", tags=["properties"])


class PropertyPage(Page[PropertyDocument]):
    """One page of properties."""


_PARAMETERS = parameters.named(*parameters.PAGE, Parameter("domain", "A kind that it is said of.", str, allowed=KINDS))


def _document(prop: Property) -> PropertyDocument:
    return PropertyDocument(
        name=prop.name,
        url=f"/properties/{prop.name}",
        description=prop.description,
        domain=list(prop.domain),
        range=[prop.value_type] if prop.value_type else list(prop.object_kinds),
        many=list(prop.many),
        allowed=list(prop.allowed),
        qualifiers=list(prop.qualifiers),
        fields={kind: prop.field_of(kind) for kind in prop.domain},
        inverse={f"{subject}/{target}": key for (subject, target), key in prop.inverse.items()},
        schema_org=f"https://schema.org/{prop.schema_org}" if prop.schema_org else None,
        wikidata=f"https://www.wikidata.org/wiki/Property:{prop.wikidata}" if prop.wikidata else None,
        facts_url=f"/facts?property={prop.name}",
    )


@router.get(
    "",
    name="list_properties",
    summary="List properties",
    response_model=PropertyPage,
    openapi_extra=parameters.openapi(_PARAMETERS),
)
def list_all(request: Request, read: ReadDep) -> Response:
    """What can be said of what, with the terms of schema.org and Wikidata."""
    values = read.parameters(_PARAMETERS)
    wanted = values.get("domain", ())
    every = [prop for prop in PROPERTIES.values() if not wanted or set(wanted) & set(prop.domain)]
    page = parameters.page_of(values)
    shown = every[page["offset"] : page["offset"] + page["limit"]]
    return read.answer_page(len(every), [_document(prop) for prop in shown], **page)


@router.get(
    "/{name}",
    name="get_property",
    summary="Get one property",
    response_model=PropertyDocument,
    responses=documented(not_found="There is no such property."),
)
def get_one(
    request: Request,
    read: ReadDep,
    name: Annotated[str, Path(description="The property's name.")],
) -> Response:
    """One property: its domain, range and cardinality."""
    read.parameters({})
    if prop := PROPERTIES.get(name):
        return read.answer(_document(prop).model_dump_json(), canonical=f"/properties/{name}")
    raise no_such("property", name, nearest_word(name, PROPERTIES) or "", parameter="name", folder="properties")
