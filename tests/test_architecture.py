"""What keeps the code easy to find one's way in: small modules, small functions, and arrows that point one way."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.makers import ROOT

MODULES = sorted((ROOT / "app").rglob("*.py"))
NAMES = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in MODULES}

# A room of the app, and the rooms that it may import from.
ARROWS = {
    "app": set(),
    "app.settings": {"app.logs"},
    "app.logs": set(),
    "app.db": set(),
    "app.beside": set(),
    "app.budget": set(),
    "app.edtf": set(),
    "app.passages": set(),
    "app.vocabulary": set(),
    "app.migrate": set(),
    "app.schemes": {"app.vocabulary"},
    "app.spelling": set(),
    "app.words": {"app.passages"},
    "app.prepared": set(),
    "app.fulltext": {"app.prepared", "app.words"},
    "app.renderings": {
        "app.dating",
        "app.documents",
        "app.edtf",
        "app.passages",
        "app.schemes",
        "app.values",
        "app.vocabulary",
    },
    "app.dating": {"app.edtf"},
    "app.values": {"app.dating", "app.edtf", "app.schemes", "app.vocabulary"},
    "app.audit": {
        "app.documents",
        "app.fulltext",
        "app.passages",
        "app.projection",
        "app.tables",
        "app.values",
        "app.vocabulary",
    },
    "app.weighing": {"app.dating", "app.edtf", "app.passages", "app.values", "app.vocabulary"},
    "app.tables": {"app.prepared", "app.vocabulary"},
    "app.access": {"app.tables"},
    "app.documents": {"app.edtf", "app.vocabulary"},
    "app.projection": {
        "app.beside",
        "app.dating",
        "app.documents",
        "app.edtf",
        "app.fulltext",
        "app.passages",
        "app.spelling",
        "app.tables",
        "app.values",
        "app.vocabulary",
        "app.weighing",
        "app.words",
    },
    "app.importing": {"app.edtf", "app.schemes", "app.vocabulary"},
    "app.loading": {
        "app.beside",
        "app.importing",
        "app.edtf",
        "app.passages",
        "app.projection",
        "app.schemes",
        "app.tables",
        "app.values",
        "app.vocabulary",
        "app.words",
        "app.weighing",
    },
    "app.queries": {
        "app.budget",
        "app.dating",
        "app.documents",
        "app.edtf",
        "app.fulltext",
        "app.logs",
        "app.passages",
        "app.prepared",
        "app.projection",
        "app.spelling",
        "app.tables",
        "app.values",
        "app.vocabulary",
        "app.weighing",
        "app.words",
    },
    "app.preview": {
        "app.db",
        "app.documents",
        "app.loading",
        "app.prepared",
        "app.projection",
        "app.queries",
        "app.spelling",
        "app.tables",
        "app.values",
        "app.vocabulary",
        "app.weighing",
        "app.words",
    },
    "app.http": {
        "app",
        "app.access",
        "app.budget",
        "app.db",
        "app.documents",
        "app.logs",
        "app.queries",
        "app.vocabulary",
    },
    "app.api": {
        "app",
        "app.access",
        "app.documents",
        "app.edtf",
        "app.http",
        "app.loading",
        "app.passages",
        "app.preview",
        "app.queries",
        "app.renderings",
        "app.vocabulary",
    },
    "app.server": {
        "app.api",
        "app.db",
        "app.http",
        "app.logs",
        "app.prepared",
        "app.queries",
        "app.settings",
        "app.vocabulary",
        "app.words",
    },
    "app.drafting": {
        "app.edtf",
        "app.loading",
        "app.passages",
        "app.queries",
        "app.values",
        "app.vocabulary",
        "app.words",
    },
    "app.agents": {"app", "app.budget", "app.documents", "app.queries", "app.renderings", "app.vocabulary"},
    "app.application": {
        "app.agents",
        "app",
        "app.api",
        "app.budget",
        "app.db",
        "app.http",
        "app.preview",
        "app.server",
        "app.settings",
    },
    "app.main": {"app.application", "app.settings"},
    "app.exporting": {
        "app",
        "app.api",
        "app.documents",
        "app.queries",
        "app.renderings",
        "app.vocabulary",
    },
    "app.cli": {
        "app",
        "app.access",
        "app.agents",
        "app.application",
        "app.audit",
        "app.beside",
        "app.db",
        "app.documents",
        "app.drafting",
        "app.exporting",
        "app.importing",
        "app.loading",
        "app.logs",
        "app.migrate",
        "app.passages",
        "app.preview",
        "app.projection",
        "app.queries",
        "app.server",
        "app.settings",
    },
}

# A room of the queries, and what beside it in `app.queries` it may import.
ARROWS_OF_QUERIES = {
    "facts": {"entities", "memory", "status"},
    "records": {"entities", "memory", "pages", "search", "status"},
    "search": {"memory", "status"},
}


def room_of(module: str) -> str:
    return ".".join(module.split(".")[:2])


@cache
def imports_of(path: Path) -> list[tuple[str, str]]:
    """(module, name) of everything that a file imports."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [(node.module or "", alias.name) for alias in node.names]
    return found


def rooms_used(path: Path) -> set[str]:
    found = set()
    for module, name in imports_of(path):
        if module == "app":
            found.add(f"app.{name}" if f"app.{name}" in NAMES.values() else "app")
        elif module.startswith("app."):
            found.add(room_of(module))
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_arrows_point_one_way(path: Path) -> None:
    room = room_of(NAMES[path])
    assert rooms_used(path) - {room} <= ARROWS[room]


def test_no_arrow_leads_back() -> None:
    """The allowed arrows have no cycle, so that the rooms can be read from the bottom up."""
    left = dict(ARROWS)
    while left:
        free = [room for room, used in left.items() if not used & set(left)]
        assert free, f"a cycle among {sorted(left)}"
        for room in free:
            del left[room]


def test_every_arrow_is_used() -> None:
    used: dict[str, set[str]] = {room: set() for room in ARROWS}
    for path in MODULES:
        room = room_of(NAMES[path])
        used[room] |= rooms_used(path) - {room}
    assert used == ARROWS


@pytest.mark.parametrize("room", ARROWS_OF_QUERIES)
def test_the_rooms_of_the_queries_stand_on_few_others(room: str) -> None:
    within = [path for path in MODULES if path.parent == ROOT / "app" / "queries" / room]
    modules = [module for path in within for module, _ in imports_of(path)]
    used = {module.split(".")[2] for module in modules if module.startswith("app.queries.")}
    assert used - {room} == ARROWS_OF_QUERIES[room]


@pytest.mark.parametrize(
    ("library", "rooms"),
    [
        ("fastapi", {"app.api", "app.application", "app.http", "app.server"}),
        ("starlette", {"app.application", "app.http", "app.server"}),
        ("typer", {"app.cli"}),
        ("rich", {"app.cli"}),
        ("mcp", {"app.agents"}),
        ("yaml", {"app.drafting", "app.loading"}),
        ("spacy", {"app.drafting"}),
        ("httpx", {"app.drafting", "app.exporting"}),
        ("alembic", {"app.migrate"}),
        ("icalendar", {"app.renderings"}),
        ("rapidfuzz", {"app.spelling"}),
    ],
)
def test_a_library_stays_in_its_room(library: str, rooms: set[str]) -> None:
    users = {
        room_of(NAMES[path]) for path in MODULES for module, _ in imports_of(path) if module.split(".")[0] == library
    }
    assert users == rooms


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_functions_are_small(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 300
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 40, f"{node.name} has {length} lines"


@pytest.mark.parametrize("path", [path for path in MODULES if path.name == "__init__.py"], ids=lambda path: NAMES[path])
def test_a_large_room_has_a_map(path: Path) -> None:
    """It tells each module once, but for those of the endpoints, which are called like their noun."""
    others = [other for other in path.parent.glob("*.py") if other != path]
    if len(others) <= 20:
        return
    wanted = [other.stem for other in others if "\nrouter = " not in other.read_text(encoding="utf-8")]
    told = re.findall("`([a-z_]+)`", ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "")
    assert sorted(told) == sorted(wanted), "more than 20 modules: tell each in the docstring of this room's __init__.py"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_projection_writes_records(path: Path) -> None:
    if room_of(NAMES[path]) != "app.projection":
        written = {name for _, name in imports_of(path) if name in ("insert", "delete", "update")}
        projected = ("app.tables.records", "app.tables.search")
        tables = {name for module, name in imports_of(path) if module in projected}
        assert not (written and tables)
        assert "INTO search" not in path.read_text(encoding="utf-8")
