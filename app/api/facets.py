"""A page of records with its facets: how many of them have each value of a field, and where those are."""

from collections.abc import Iterable
from typing import Generic, TypeVar

from pydantic import Field

from app.api.lists import PAGING
from app.documents.evidence import Document
from app.http import parameters
from app.http.parameters import Values
from app.http.read import Page, Read
from app.queries.records import facets
from app.queries.records.facets import FACET_LIMIT, facet_of
from app.queries.records.fields import fields_of
from app.queries.records.listing import ListQuery
from app.vocabulary import Kind

_T = TypeVar("_T")


class FacetValue(Document):
    """One value of a facet."""

    value: str = Field(description="The value, as the filter takes it.")
    label: str = Field(description="The value as people read it.")
    count: int = Field(description="How many records have it: as many as `url` lists.")
    url: str = Field(description="URL of this list with the filter changed to this value.")


class Facet(Document):
    """The values of one field in a list, without regard to what the list asks of this field itself."""

    count: int = Field(description="How many different values there are in all.")
    results: list[FacetValue] = Field(description=f"The {FACET_LIMIT} most frequent.")


class RecordPage(Page[_T], Generic[_T]):
    """One page of records."""

    facets: dict[str, Facet] | None = Field(
        description="The list counted by the fields that `facet` asks for. Null unless asked for."
    )


def facets_of(read: Read, kind: Kind, values: Values, query: ListQuery) -> str:
    """The facets that the parameters ask for, as JSON."""
    return written(
        (name, facet_of(read.connection, kind, query, fields_of(kind)[name]), up_to(str(read.request.url), name))
        for name in asked_in(values)
    )


def asked_in(values: Values) -> list[str]:
    """The fields that the parameters ask to count the list by."""
    return list(dict.fromkeys(values.get("facet", ())))


def up_to(url: str, name: str) -> str:
    """The URLs of a list with this filter changed to some value, up to that value."""
    return parameters.up_to(url, name, without=(*PAGING, f"{name}__in"))


def written(every: Iterable[tuple[str, facets.Facet, str]]) -> str:
    """Facets as JSON (`Facet`), each given as (the field, what is counted, its URLs up to the value)."""
    parts = [f'"{name}":{url.join(found.parts)}' for name, found, url in every]
    return f"{{{','.join(parts)}}}"
