"""The explorer outside of the server: in the wheel, on a plain file server, and a front end that somebody else writes."""

import re
import shutil
import sys
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.explorer.conftest import window
from tests.makers import ROOT
from tests.test_clients import run


@pytest.fixture(scope="module")
def wheel(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the program, built where the explorer was."""
    tree = tmp_path_factory.mktemp("tree")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tree)
    shutil.copytree(ROOT / "app", tree / "app", ignore=shutil.ignore_patterns("__pycache__", "explorer"))
    shutil.copytree(built, tree / "app" / "explorer")
    build = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", ".")
    run(*build, "--wheel-dir", "made", cwd=tree, PIP_DISABLE_PIP_VERSION_CHECK="1")
    return next((tree / "made").glob("*.whl"))


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def shelf(wheel: Path, explored: httpx.Client, tmp_path: Path) -> Iterator[str]:
    """The address of a plain file server with what the wheel carries, told where the API is, in a folder of it."""
    with zipfile.ZipFile(wheel) as archive:
        files = [name for name in archive.namelist() if name.startswith("app/explorer/")]
        archive.extractall(tmp_path, files)
    shutil.move(tmp_path / "app" / "explorer", tmp_path / "shown")
    index = tmp_path / "shown" / "index.html"
    told = 'name="filmspace-api" content="'
    text = index.read_text(encoding="utf-8")
    assert told in text
    index.write_text(text.replace(told, f"{told}{str(explored.base_url).rstrip('/')}/"), encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_any_file_server_can_hold_what_the_wheel_carries(browser: Browser, shelf: str, explored: httpx.Client) -> None:
    with window(browser, shelf, str(explored.base_url)) as page:
        page.goto(f"{shelf}/shown/#/films/the-challenge")
        expect(page.locator("h1")).to_have_text("The Challenge")
        link = page.get_by_role("link", name="The same as JSON").get_attribute("href")
        assert link == str(explored.base_url).rstrip("/") + "/films/the-challenge"
        page.get_by_role("combobox", name="Search").fill("peresi")
        page.get_by_role("option").first.click()
        expect(page.locator("h1")).to_have_text("Yulia Peresild")
        page.get_by_role("link", name="What is around them").click()
        expect(page.get_by_role("button", name="The Challenge, film")).to_be_visible()
        assert page.url.startswith(f"{shelf}/shown/#/")


def sample() -> str:
    """The front end that the document shows, without what it is indented by."""
    text = (ROOT / "docs" / "frontend.md").read_text(encoding="utf-8")
    found = re.search(r"(?:^    .*\n|^\n)*^    import createClient.*\n(?:^    .*\n|^\n)*", text, re.MULTILINE)
    assert found
    return re.sub(r"^    ", "", found[0], flags=re.MULTILINE).strip("\n")


@pytest.mark.long
def test_its_types_are_those_of_the_api_and_a_front_end_of_twenty_lines_works(
    room: Path, explored: httpx.Client
) -> None:
    """The explorer and the sample of the document are compiled against the OpenAPI document, and the sample is run."""
    document = room.parent / "docs"
    document.mkdir(exist_ok=True)
    (document / "openapi.json").write_text(explored.get("/openapi.json").text, encoding="utf-8")
    written = sample()
    assert len(written.splitlines()) <= 20
    assert "http://127.0.0.1:8000" in written
    (room / "src" / "api" / "sample.ts").write_text(written + "\n", encoding="utf-8")
    run("npm", "run", "check", cwd=room)

    here = written.replace("http://127.0.0.1:8000", str(explored.base_url).rstrip("/"))
    (room / "ran.ts").write_text(here + "\n", encoding="utf-8")
    options = "--noCheck --noResolve --target es2022 --module esnext --moduleResolution bundler"
    run(room / "node_modules" / ".bin" / "tsc", *options.split(), "ran.ts", cwd=room)
    lines = run("node", "ran.js", cwd=room).splitlines()
    films = explored.get("/films?ordering=-release_date&limit=10").json()["results"]
    labels = [line for line in lines if not line.startswith("  ")]
    assert labels == [f"{one['label']} {one['release_date'] or '(no source says when)'}" for one in films]
    assert any(line.startswith("  planned: “") for line in lines)


def test_its_parts_do_what_they_should(room: Path) -> None:
    run("npm", "test", cwd=room)


def test_the_wheel_carries_it_built(wheel: Path, built: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        carried = {name: archive.read(name) for name in archive.namelist() if name.startswith("app/explorer/")}
    files = [file for file in built.rglob("*") if file.is_file()]
    assert carried == {f"app/explorer/{file.relative_to(built).as_posix()}": file.read_bytes() for file in files}
