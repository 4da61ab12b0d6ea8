"""Representations: how an answer can be written, and which way a request wants it (RFC 9110, 12.5.1)."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

import mimeparse  # type: ignore[import-untyped]  # it has no types and five functions
from fastapi import Request

from app.http.parameters import Parameter, Values
from app.http.problems import ProblemError, detail, invalid

Format = Literal["json", "ndjson", "csv", "jsonld", "txt", "md", "atom", "html"]
# By name, the media type that is negotiated, in the order of our preference: whoever offers some has them in this one.
MEDIA_TYPES: Mapping[Format, str] = {
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "csv": "text/csv",
    "jsonld": "application/ld+json",
    "txt": "text/plain",
    "md": "text/markdown",
    "atom": "application/atom+xml",
    "html": "text/html",
}
# Accept headers come again and again; so many are remembered, and none that is longer than any browser's.
_KEPT, _LONGEST = 500, 1000
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


def parameter(*offered: Format) -> Parameter:
    """The parameter `format` of an endpoint that offers these, the first of them unless asked otherwise."""
    described = ", ".join(f"{name} ({MEDIA_TYPES[name]})" for name in offered)
    return Parameter(
        "format", f"How to write the answer: {described}. Stronger than the Accept header.", str,
        allowed=offered, is_repeatable=False,
    )  # fmt: skip


def responses(*offered: Format, **schemas: Any) -> dict[int | str, dict[str, Any]]:
    """The `responses` of an endpoint that offers these besides JSON; a schema by name where it is not text."""
    content = {MEDIA_TYPES[name]: {"schema": schemas.get(name, {"type": "string"})} for name in offered}
    return {200: {"content": content}}


def chosen(request: Request, values: Values, offered: Sequence[Format]) -> Format:
    """Which of the offered formats is wanted: by `format`, else by `Accept`. Raises 406 when it is none of them."""
    if "format" in values:
        name: Format = values["format"][0]
        return name
    best = accepted(request, [MEDIA_TYPES[name] for name in offered])
    return next(name for name in offered if MEDIA_TYPES[name] == best)


def certain(request: Request) -> str:
    """The media type that is sent if it is offered: by `format`, or the one that is wanted most of all that there are.

    "" where none of them is wanted.
    """
    if (asked := request.query_params.get("format")) is not None:
        return next((media_type for name, media_type in MEDIA_TYPES.items() if name == asked), "")
    return preferred(request, [*MEDIA_TYPES.values()])


def refuse(form: Format, values: Values, *names: str) -> None:
    """Raise a 422 for those of these parameters that are given: they have no meaning in this format."""
    text = f"has no place in {form}; leave it out, or ask for another format."
    if errors := [detail(name, "invalid_value", f"{name} {text}") for name in names if name in values]:
        raise invalid(errors)


def accepted(request: Request, offered: Sequence[str]) -> str:
    """Which of these media types the Accept header wants most, the first of them on a tie. Raises 406 for none."""
    if best := preferred(request, offered):
        return best
    text = f"This is only to be had as {' or '.join(offered)}; ask for that, or for nothing, in the Accept header."
    raise ProblemError(406, "not_acceptable", text)


def preferred(request: Request, offered: Sequence[str]) -> str:
    """Which of these media types the Accept header wants most; "" for none. A header that cannot be read wants any."""
    told = ",".join(request.headers.getlist("accept"))
    read = _preferred if len(told) <= _LONGEST else _preferred.__wrapped__
    return read(told, tuple(offered))


@lru_cache(maxsize=_KEPT)
def _preferred(told: str, offered: Sequence[str]) -> str:
    # What is in quotes is no part of the list, and no media type of ours has parameters.
    header = _QUOTED.sub("quoted", told).strip(" ,").lower() or "*/*"
    try:
        # On a tie it takes the last, and ours come best first.
        found: str = mimeparse.best_match([*reversed(offered)], header)
    except (mimeparse.MimeTypeParseException, ValueError):
        return offered[0]
    return found
