"""The MCP server: what each tool is for, in words for a model, and what it takes."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import CallToolResult, TextContent, ToolAnnotations
from pydantic import BaseModel, Field
from sqlalchemy import Connection, Engine

from app import __version__
from app.agents import texts, tools
from app.agents.arguments import ToolServer, strict_tool
from app.agents.shapes import CheckAnswer, EntityAnswer, FactsAnswer, SearchAnswer, SourceAnswer
from app.vocabulary import Kind, Modality

_INSTRUCTIONS = (
    "A knowledge base of film and spaceflight. Every value has the exact words of a source that say it: cite them by "
    "their number, with publisher and date. Look for records with search, then read one with get_entity. What is "
    "planned or hoped is not known to have happened. What is not found is unknown, never false."
)
_READS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

_Text = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
_Sought = Annotated[str, Field(min_length=1, max_length=10_240, pattern=r"\S")]
_Entity = Annotated[_Text, Field(description="A record: kind/slug such as film/the-challenge, its path, or its URL.")]
_Limit = Annotated[int, Field(ge=1, le=50, description="How many, at most.")]
_Offset = Annotated[int, Field(ge=0, le=2**31 - 1, description="How many to pass over.")]
_Position = Field(ge=0, le=2**31 - 1)


def make_server(engine: Engine, api_url: str = "", *, seconds: float | None = None) -> MCPServer[Any]:
    """An MCP server over this database. Links begin with `api_url`, or over HTTP with what the client asked.

    An answer may take `seconds`, or as long as it takes.
    """
    own = _Tools(engine, api_url, seconds)
    every = (own.search, own.get_entity, own.get_facts, own.check_claim, own.get_source)
    offered = [strict_tool(one, _READS) for one in every]
    with _logging_as_it_is():
        return ToolServer(
            "filmspace", tools=offered, title="filmspace: film and spaceflight, with a receipt for every value",
            instructions=_INSTRUCTIONS, version=__version__, log_level="WARNING",
        )  # fmt: skip


@contextmanager
def _logging_as_it_is() -> Iterator[None]:
    """Keep the SDK from giving the root logger a handler, which it does wherever there is none yet.

    That handler draws hundreds of lines for a traceback, and a server that logs an error answers nobody meanwhile.
    """
    root, nothing = logging.getLogger(), logging.NullHandler()
    root.addHandler(nothing)
    try:
        yield
    finally:
        root.removeHandler(nothing)


class _Tools:
    """The tools, and what all have in common: a read transaction, the text beside the data, errors in a sentence."""

    def __init__(self, engine: Engine, api_url: str, seconds: float | None) -> None:
        self.engine, self.api_url, self.seconds = engine, api_url.rstrip("/"), seconds

    def _ask(
        self, context: Context[Any, Any], query: Callable[[Connection, str], Any], text: Callable[[Any], str]
    ) -> CallToolResult:
        """The answer of a query as a tool's result. Raises ToolError for what the model can mend."""
        try:
            with tools.reading(self.engine, self.seconds) as connection:
                answer: BaseModel = query(connection, self._base(context))
        except tools.RefusedError as error:
            raise ToolError(texts.flat(str(error))) from error
        content = TextContent(type="text", text=text(answer))
        return CallToolResult(content=[content], structured_content=answer.model_dump(mode="json"))

    def _base(self, context: Context[Any, Any]) -> str:
        """Where the API is: as it was told, or as the client of this request sees it."""
        request = context.request_context.request
        if self.api_url or request is None:
            return self.api_url
        return f"{request.url.scheme}://{request.url.netloc}{request.scope.get('root_path', '')}"

    def search(
        self,
        q: Annotated[_Sought, Field(description="The words to look for, such as a name or a part of one.")],
        context: Context[Any, Any],
        kind: Annotated[Kind | None, Field(description="Only records of this kind.")] = None,
        limit: _Limit = 10,
    ) -> Annotated[CallToolResult, SearchAnswer]:
        """Find records: films, people, organisations, events, places and characters.

        Use it first, to get the kind/slug that the other tools take. All words must be found, in names or in the
        sentences that speak of a record. Finding nothing means that no source here speaks of it, and nothing else.
        """
        return self._ask(context, lambda db, base: tools.find(db, base, q, kind, limit), texts.search_text)

    def get_entity(self, entity: _Entity, context: Context[Any, Any]) -> Annotated[CallToolResult, EntityAnswer]:
        """Read one record: all that is known of it, with numbered quotes.

        Use it to answer what, who, when and where. A value marked PLANNED is not known to have happened, DISPUTED means
        that sources disagree. What is denied or only hoped is listed apart and is no value. What is not listed is
        unknown, not false.
        """
        return self._ask(context, lambda db, base: tools.describe(db, base, entity), texts.entity_text)

    def get_facts(
        self,
        context: Context[Any, Any],
        subject: Annotated[_Entity | None, Field(description="What is said of this record.")] = None,
        property: Annotated[_Text | None, Field(description="This property, such as director or release_date.")] = None,
        object: Annotated[_Entity | None, Field(description="What points to this record.")] = None,
        value: Annotated[_Text | None, Field(description="Exactly this value.")] = None,
        source: Annotated[_Text | None, Field(description="What this source says: its slug, path or URL.")] = None,
        modality: Annotated[Modality | None, Field(description="Only in this sense, such as negated.")] = None,
        limit: _Limit = 20,
        offset: _Offset = 0,
    ) -> Annotated[CallToolResult, FactsAnswer]:
        """List single facts with the words that say each; all filters must fit.

        Use it for more than get_entity shows: all of a long list, all sides of a dispute, what one source says, what is
        denied (modality negated), who is behind a value. Each fact tells in what sense it holds: asserted by a source,
        reported from somebody else, planned, hoped, negated, or fictional.
        """
        told = {
            "subject": subject, "property": property, "object": object, "value": value, "source": source,
            "modality": modality,
        }  # fmt: skip
        return self._ask(context, lambda db, base: tools.list_facts(db, base, told, limit, offset), texts.facts_text)

    def check_claim(
        self,
        subject: _Entity,
        property: Annotated[_Text, Field(description="The property, such as director or release_date.")],
        context: Context[Any, Any],
        value: Annotated[
            str | None, Field(max_length=2000, description="The value: text, an EDTF date (2021-10), or 12 day.")
        ] = None,
        object: Annotated[_Entity | None, Field(description="Instead of value: the record that it points to.")] = None,
        qualifiers: Annotated[
            dict[str, str] | None, Field(description="What narrows it: {'character': 'character/zhenya'}.")
        ] = None,
    ) -> Annotated[CallToolResult, CheckAnswer]:
        """Check a claim before you state it: do sources bear it out?

        supported: a source says so, or something finer that includes it. contradicted: a source denies it, or gives
        another value where there can be only one. planned_only: it is planned, and nobody says that it happened; say
        so. not_found: no source decides it. That is never false: say that it is not known.
        """
        claim = {
            "subject": subject, "property": property, "value": value, "object": object, "qualifiers": qualifiers,
        }  # fmt: skip
        return self._ask(context, lambda db, base: tools.check(db, base, claim), texts.check_text)

    def get_source(
        self,
        source: Annotated[_Text, Field(description="A source as quotes name it: its slug, path or URL.")],
        context: Context[Any, Any],
        start: Annotated[int, _Position, Field(description="Where in the text to begin, in code points.")] = 0,
        end: Annotated[
            int | None, _Position, Field(description="Where to end; the text goes on for 8000 at most.")
        ] = None,
    ) -> Annotated[CallToolResult, SourceAnswer]:
        """Read the text of a source, or a part of it, to see a quote in its place.

        Positions are those of the quotes. A long text comes in parts: go on with start as the answer says.
        """
        return self._ask(context, lambda db, base: tools.read_source(db, base, source, start, end), texts.source_text)
