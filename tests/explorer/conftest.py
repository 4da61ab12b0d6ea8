"""The explorer as the tests open it: built as `make serve` builds it, before a real server on the seeds."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import running
from tests.makers import ROOT
from tests.test_clients import ROOMS, installed, is_new, needs, run
from tests.test_pages import PATIENCE, browser  # noqa: F401  (the latter is a fixture)

SOURCE = ROOT / "frontend"
# Where pictures of the pages are left, to be looked at.
PICTURES = ROOT / ".pictures"
# Until the second frame from now.
DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Let one process after the other do something to a room."""
    ROOMS.mkdir(exist_ok=True)
    with (ROOMS / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def copied(source: str, to: str) -> None:
    """Copy a file, unless it is there: another process may be reading it."""
    if not Path(to).exists() or Path(to).read_bytes() != Path(source).read_bytes():
        shutil.copy(source, to)


def furnished(name: str, source: Path) -> Path:
    """A copy of a folder with the packages that its lock names."""
    needs("npm")
    room, lock = ROOMS / name, source / "package-lock.json"
    with alone(name):
        must_install = is_new(room, lock)
        left_out = shutil.ignore_patterns("node_modules")
        shutil.copytree(source, room, dirs_exist_ok=True, ignore=left_out, copy_function=copied)
        if must_install:
            run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=room)
            installed(room, lock)
    return room


@pytest.fixture(scope="module")
def room() -> Path:
    """A copy of the explorer's folder with the packages that its lock names."""
    return furnished("explorer", SOURCE)


@pytest.fixture(scope="module")
def built(room: Path) -> Path:
    """The explorer, built once for all who look at the same state of it."""
    files = sorted(file for file in SOURCE.rglob("*") if file.is_file() and "node_modules" not in file.parts)
    state = sha256(b"".join(file.read_bytes() for file in files if file.name != "schema.d.ts")).hexdigest()[:16]
    folder = room / "built" / state
    with alone("explorer"):
        if not folder.exists():
            run("npm", "run", "build", "--", "--outDir", f"built/{state}.new", cwd=room)
            folder.with_suffix(".new").rename(folder)
    return folder


@pytest.fixture(scope="module")
def explored(library_file: Path, built: Path) -> Iterator[httpx.Client]:
    """A client of a server on the seeds that gives the explorer to browsers."""
    with running(f"sqlite:///{library_file}", explorer=built) as client:
        yield client


@contextmanager
def window(chromium: Browser, base_url: str, *allowed: str) -> Iterator[Page]:
    """A window on the explorer. It fails when anything is asked of another host, or is wrong on the page."""
    context = chromium.new_context(base_url=base_url, viewport={"width": 1100, "height": 900})
    context.set_default_timeout(PATIENCE)
    page, wrong = context.new_page(), []
    origins = (base_url, *allowed, "data:", "blob:")
    page.on("request", lambda one: wrong.append(one.url) if not one.url.startswith(origins) else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda one: wrong.append(one.text) if "Content Security Policy" in one.text else None)
    yield page
    context.close()
    assert wrong == []


@pytest.fixture
def page(browser: Browser, explored: httpx.Client) -> Iterator[Page]:  # noqa: F811  (the fixture)
    """A window on the explorer, as the server gives it."""
    with window(browser, str(explored.base_url)) as page:
        yield page


def at(page: Page, path: str) -> Page:
    """The page at a path, once all of it is there."""
    page.goto(f"/#{path}")
    # Where only what follows `#` is another, the page before may still be drawn.
    page.evaluate(DRAWN)
    expect(page.locator("h1")).not_to_be_empty()
    expect(page.locator(".waiting")).to_have_count(0)
    return page
