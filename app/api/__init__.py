"""HTTP: validates a request, calls one query, answers. One file for each noun, which has a router.

The other files are what nouns share:

- `lists`: what a list of records can be asked. `answers` finishes its records and `facets` its counts; `lines`
  writes it as lines, with `tabular` for CSV, and `linked` as linked data or Markdown.
- `writes`: what all that is written shares. `sending` reads a source that is sent, and `loads` are the endpoints for
  it.
- `openapi`: the document, with its links (`openapi_links`).
"""
