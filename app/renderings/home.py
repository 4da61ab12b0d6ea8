"""The page that a browser sees first: what is in here, how fresh it is, and where to go. Pure."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from typing import Any

from app.renderings.nodes import Absolute

_STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 42rem; margin: 0 auto; padding: 2rem 1rem }
h1 { margin: 0; line-height: 1.2 }
form { display: flex; gap: .5rem; margin: 1.5rem 0 }
input { flex: 1; min-width: 0 }
input, button { font: inherit; padding: .5rem .75rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; margin: 1.5rem 0 }
dt { text-align: right; font-variant-numeric: tabular-nums }
dd { margin: 0 }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem }
footer { margin-top: 2rem; font-size: .875rem }
"""
_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# What is a page by itself, or answers without being asked anything.
_PAGES = {
    "docs": "Try the API out", "redoc": "Read its reference", "timeline": "Timeline", "disputes": "Disputes",
    "slips": "Slips", "changes": "What changed", "llms.txt": "For language models",
}  # fmt: skip


def page(root: Mapping[str, Any], absolute: Absolute) -> str:
    """The page, from the document that programs get at the same address."""
    links, told = root["links"], escape(root["description"])
    held = "".join(
        f'<dt>{count}</dt><dd><a href="{escape(absolute(f"/{name}"))}">{escape(name)}</a></dd>'
        for name, count in root["counts"].items()
    )
    pages = "".join(f'<a href="{escape(absolute(links[name]))}">{label}</a>' for name, label in _PAGES.items())
    fresh = f"revision {root['revision']} of the data"
    if root["updated_at"]:
        fresh += f', made on <time datetime="{escape(root["updated_at"])}">{escape(root["updated_at"][:10])}</time>'
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>filmspace</title>
<meta name="description" content="{told}">
<link rel="icon" href="{escape(absolute("/docs/assets/icon.svg"))}">
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>filmspace</h1>
<p>{told}</p>
<form action="{escape(absolute("/search"))}" role="search">
<input type="search" name="q" required maxlength="500" aria-label="Words to look for" placeholder="yulia">
<button>Search</button>
</form>
<dl>{held}</dl>
<nav aria-label="Elsewhere">{pages}</nav>
</main>
<footer>Version {escape(root["version"])}, {fresh}. All else here is JSON, for programs as for you. \
The explorer, which shows it as pages, is built with npm: install it and run make serve again.</footer>
</body>
</html>
"""
