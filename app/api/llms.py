"""`/llms.txt`: what this is and how to ask it, for language models (llmstxt.org), made from what is there now.

It is Markdown, and by the name's own convention a text file: whoever does not ask for Markdown gets `text/plain`, which
every client shows and none downloads.
"""

import json
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.documents.evidence import FactDocument
from app.http import formats, parameters
from app.http.read import Read, ReadDep
from app.queries.records import next_batch
from app.queries.records.listing import ListQuery
from app.queries.status import counts
from app.renderings import markdown
from app.vocabulary import KINDS

router = APIRouter(tags=["service"])

_OFFERED = (formats.MEDIA_TYPES["txt"], formats.MEDIA_TYPES["md"])
_TEXT = {"schema": {"type": "string"}}
_HOW = """\
- Ask without a key; the answer is JSON. Lists take `limit`, filters and `ordering`, and an unknown parameter is refused
  with the nearest one that exists.
- `format=md` writes one record or one fact as Markdown with its quotes as footnotes, `format=jsonld` as JSON-LD.
- `evidence=quotes` adds to each value of a record the sentences that say it, with their place in the text of the
  source. Quote those, and link the fact.
- A value named under `planned` has not happened as far as any source says (`films[2]` is the third of the films), and
  on one named under `disputed` sources disagree. `null` and `[]` mean that no source says anything, never that it is
  not so."""


@router.get(
    "/llms.txt",
    name="get_llms_txt",
    summary="What this is, for language models",
    response_class=Response,
    responses={200: {"content": dict.fromkeys(_OFFERED, _TEXT)}},
)
def get_llms_txt(request: Request, read: ReadDep) -> Response:
    """What the base holds at present and how to ask it, as Markdown in the form of llmstxt.org."""
    parameters.read(request, {})
    media_type = formats.accepted(request, _OFFERED)
    return read.answer(_text(request, read), f"{media_type}; charset=utf-8", canonical="/llms.txt")


def _text(request: Request, read: Read) -> str:
    document = request.app.openapi()
    held = ", ".join(f"{number} {name}" for name, number in counts(read.connection).items())
    modality = FactDocument.model_fields["modality"].description
    has_mcp = any(getattr(route, "path", "").rstrip("/") == "/mcp" for route in request.app.routes)
    tools = [f"- MCP: the same as tools, at {read.absolute('/mcp')}"] if has_mcp else []
    sections = {
        "Endpoints": [*_endpoints(document, read)],
        "Examples": [*_examples(read)],
        "Optional": [
            _line("OpenAPI 3.1", read.absolute("/openapi.json"), "every path and every parameter, for programs."),
            _line("Reference", read.absolute("/docs"), "the same as pages."),
            _line("Start", read.absolute("/"), "version, licence, revision and links, as JSON."),
        ],
    }
    blocks = [f"## {name}\n\n" + "\n".join(lines) for name, lines in sections.items() if lines]
    return markdown.page(
        "filmspace",
        "> " + " ".join(document["info"]["description"].split()),
        f"Revision {read.revision} of the data: {held}. How to ask:",
        "\n".join([_HOW, f"- The modality of a fact is one of: {modality}", *tools]),
        *blocks,
    )


def _endpoints(document: dict[str, Any], read: Read) -> Iterator[str]:
    """What can be asked without naming a record. What must be asked with parameters or a body is no link."""
    described = {tag["name"]: tag["description"] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if "{" in path or operation["tags"] == ["service"]:
                continue
            text = (method == "get" and described.get(path[1:])) or f"{operation['summary']}."
            required = [
                one["name"] for one in operation.get("parameters", ()) if one.get("required") and one["in"] == "query"
            ]
            if method == "get" and not required:
                yield _line(path[1:].capitalize(), read.absolute(path), text)
            else:
                query = f"?{'&'.join(f'{name}=…' for name in required)}" if required else ""
                yield f"- `{method.upper()} {path}{query}`: {text}"


def _examples(read: Read) -> Iterator[str]:
    """The first record of each kind that there is, as Markdown with its receipts."""
    for kind in KINDS:
        for record in next_batch(read.connection, kind, ListQuery(limit=1)).rows:
            url = read.absolute(json.loads(record.document)["url"])
            yield _line(f"One {kind}", f"{url}?format=md", "with the sentences that say it.")


def _line(name: str, url: str, description: str) -> str:
    return f"- {markdown.link(name, url)}: {description}"
