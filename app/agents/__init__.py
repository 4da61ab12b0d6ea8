"""Tools for language models: an MCP server over the same queries as the API. It needs the extra `mcp`."""
