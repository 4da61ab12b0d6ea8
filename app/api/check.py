"""`/check`: whether current sources bear out a claim."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from fastapi.responses import Response
from pydantic import ConfigDict, Field, WithJsonSchema

from app.documents.evidence import Sent
from app.documents.truth import CheckDocument
from app.http import formats, parameters
from app.http.bodies import JsonRoute
from app.http.problems import body_detail, documented, invalid
from app.http.read import JSON, ReadDep
from app.queries.asked_claim import LONGEST_VALUE, ClaimError, read_claim
from app.queries.check import check
from app.vocabulary import KINDS, PROPERTIES, QUALIFIERS, SLUG

_TEXT = {**parameters.TEXT, "maxLength": LONGEST_VALUE}
# White space around it does not count.
_LINE = {**_TEXT, "pattern": rf"^\s*[^\x00\n]*[^{parameters.BLANK}\x00][^\x00\n]*\s*$"}
_REF = {
    "type": "object",
    "description": "A reference to a record, as answers have it.",
    "properties": {
        "kind": {"type": "string", "enum": list(KINDS), "description": "Its kind."},
        "slug": {"type": "string", "pattern": f"^{SLUG}$", "description": "Its slug."},
        "label": {"type": "string", "description": "Not looked at."},
        "url": {"type": "string", "description": "Not looked at."},
    },
    "required": ["kind", "slug"],
    "additionalProperties": False,
}
_QUANTITY = {
    "type": "object",
    "description": "A number with its unit.",
    "properties": {
        "amount": {"type": "number", "description": "How many."},
        "unit": {"type": "string", "description": "Of what, such as day or mile."},
    },
    "required": ["amount", "unit"],
    "additionalProperties": False,
}
_ENTITY = {"anyOf": [{key: told for key, told in parameters.ENTITY.items() if key != "examples"}, _REF]}


def _is_one_of_two(schema: dict[str, Any]) -> None:
    """Say what the endpoint takes: subject, property, and either value or object."""
    schema["required"] = ["subject", "property"]
    schema["oneOf"] = [{"required": ["value"]}, {"required": ["object"]}]
    schema["additionalProperties"] = False
    for told in schema["properties"].values():
        told.pop("default", None)


class CheckRequest(Sent):
    """A claim to check. Whatever is wrong with it is told by the endpoint, all at once and at its place."""

    model_config = ConfigDict(extra="allow", json_schema_extra=_is_one_of_two)

    subject: Annotated[Any, WithJsonSchema(_ENTITY)] = Field(
        None, description="What it is said of: kind/slug, or a reference as answers have it."
    )
    property: Annotated[Any, WithJsonSchema({"type": "string", "enum": list(PROPERTIES)})] = Field(
        None, description="The property; see /properties."
    )
    value: Annotated[Any, WithJsonSchema({"anyOf": [_LINE, _QUANTITY, _REF]})] = Field(
        None,
        description="The value: text, an EDTF date, a quantity ('12 day', or as an object), kind/slug of a record.",
    )
    object: Annotated[Any, WithJsonSchema(_ENTITY)] = Field(
        None, description="Instead of value: the record that it points to."
    )
    qualifiers: Annotated[
        Any,
        WithJsonSchema(
            {
                "type": "object",
                "properties": {
                    name: {**(_TEXT if isinstance(one.range, str) else _ENTITY), "description": one.description}
                    for name, one in QUALIFIERS.items()
                },
                "additionalProperties": False,
            }
        ),
    ] = Field(None, description="What narrows it, such as the character that is played.")


router = APIRouter(tags=["truth"], route_class=JsonRoute)


@router.post(
    "/check",
    name="check_claim",
    summary="Check a claim",
    response_model=CheckDocument,
    responses=documented(
        too_large="The claim is longer than 64 KiB.", **{"415": "The claim is not sent as application/json."}
    ),
)
def check_claim(request: Request, read: ReadDep, body: Annotated[CheckRequest, Body()]) -> Response:
    """Whether current sources bear out a claim, with the facts that decide it. Nothing is stored.

    Only what a source says decides. `not_found` never means that it is false, and of a property that can have several
    values at once, no other value contradicts it.
    """
    parameters.read(request, {})
    formats.accepted(request, [JSON])
    try:
        # A key that is null is not one that is left out.
        claim = read_claim(read.connection, body.model_dump(exclude_unset=True))
    except ClaimError as error:
        raise invalid(
            [
                body_detail(one.pointer, one.code, one.text, allowed=list(one.allowed) or None, near=one.near)
                for one in error.mistakes
            ]
        ) from error
    answer = check(read.connection, claim).model_dump_json()
    return Response(answer, 200, {"Cache-Control": "no-store"}, JSON)
