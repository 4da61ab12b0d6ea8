"""Tools for programs that reason: an MCP server over the same queries as the API. It needs the extra `mcp`."""
