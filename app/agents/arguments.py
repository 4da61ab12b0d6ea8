"""The arguments of a tool: none that it does not take, and what is wrong with one in a sentence."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from types import new_class
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.server.mcpserver.tools import Tool
from mcp_types import CallToolResult, InputRequiredResult, ToolAnnotations
from pydantic import ValidationError

from app.agents.texts import flat


def strict_tool(function: Callable[..., Any], annotations: ToolAnnotations) -> Tool:
    """The function as a tool that takes no other arguments than its own."""
    tool = Tool.from_function(function, annotations=annotations)
    loose = tool.fn_metadata.arg_model
    strict: Any = new_class(loose.__name__, (loose,), {"extra": "forbid"})
    tool.fn_metadata.arg_model = strict
    tool.parameters = strict.model_json_schema(by_alias=True)
    return tool


class ToolServer(MCPServer[Any]):
    """An MCP server with these tools, which says what is wrong with their arguments in our words."""

    def __init__(self, name: str, *, tools: Sequence[Tool], **more: Any) -> None:
        super().__init__(name, tools=list(tools), **more)
        self._takes = {tool.name: tool.parameters for tool in tools}

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Any = None
    ) -> CallToolResult | InputRequiredResult:
        """The answer of a tool. Raises ToolError."""
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            wrong = error.__cause__
            if isinstance(error, UnexpectedToolError) or not isinstance(wrong, ValidationError):
                raise
            raise ToolError(" ".join(_sentences(wrong, self._takes[name]["properties"]))) from wrong


def _sentences(error: ValidationError, known: Mapping[str, Any]) -> Iterator[str]:
    for name, kind in {str(one["loc"][0]): one["type"] for one in error.errors()}.items():
        if kind == "extra_forbidden":
            near = get_close_matches(name[:80], known, n=1, cutoff=0.4)
            hint = f"Did you mean {near[0]}? " if near else ""
            yield f"There is no argument '{flat(name[:80])}'. {hint}Known: {', '.join(known)}."
        else:
            missing = "it is missing; " if kind == "missing" else ""
            yield f"{name}: {missing}expected {_expected(known[name])}. {known[name]['description']}"


def _expected(schema: Mapping[str, Any]) -> str:
    """What an argument takes, from its JSON Schema."""
    takes, *_ = [one for one in schema.get("anyOf", [schema]) if one["type"] != "null"]
    if "enum" in takes:
        return f"one of {', '.join(takes['enum'])}"
    if takes["type"] == "integer":
        return f"a whole number from {takes['minimum']} to {takes['maximum']}"
    if takes["type"] == "object":
        return "an object with texts as values"
    without = " and without NUL" if r"\x00" in takes.get("pattern", "") else ""
    return f"a text of at most {takes['maxLength']} characters, not blank{without}"
