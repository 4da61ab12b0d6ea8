"""Clients that are generated from the OpenAPI document, in TypeScript and in Python, against the live server.

Each has its tools in an environment of its own below `.clients/`, which is made anew when its lock file changes. What
is generated is generated from the document as the server gives it.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.makers import ROOT

SAMPLES = ROOT / "tests" / "clients"
ROOMS = ROOT / ".clients"


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What a command prints. The test fails with all of it when the command does."""
    done = tried(*command, cwd=cwd, **environment)
    assert done.returncode == 0, f"{command[0]} failed:\n{done.stdout}{done.stderr}"
    return done.stdout


def tried(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(one) for one in command], cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True,
        timeout=600, check=False,
    )  # fmt: skip


def needs(program: str) -> None:
    if shutil.which(program) is None:
        reason = f"a client is built with {program}, and no program of that name is installed"
        if os.environ.get("FILMSPACE_TEST_NO_SKIP"):
            pytest.fail(reason)
        pytest.skip(reason)


def is_new(room: Path, lock: Path) -> bool:
    """Whether what this lock names has yet to be installed in the room; if so, the room is emptied."""
    stamp = room / "installed"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return False
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir(parents=True)
    return True


def installed(room: Path, lock: Path) -> None:
    (room / "installed").write_text(hashlib.sha256(lock.read_bytes()).hexdigest())


# TypeScript


@pytest.fixture(scope="module")
def typescript() -> Path:
    """A folder with the sample program and the tools that it needs."""
    needs("npm")
    needs("node")
    source, room = SAMPLES / "typescript", ROOMS / "typescript"
    lock = source / "package-lock.json"
    must_install = is_new(room, lock)
    shutil.copytree(source, room, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
    if must_install:
        run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=room)
        installed(room, lock)
    return room


def compiled(room: Path, document: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    """Make the types of the document, and compile the sample program with them."""
    (room / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    tools = room / "node_modules" / ".bin"
    run(tools / "openapi-typescript", "openapi.json", "--output", "schema.ts", cwd=room)
    shutil.rmtree(room / "built", ignore_errors=True)
    return tried(tools / "tsc", "--strict", "--noEmitOnError", cwd=room)


def test_typescript_client_works(typescript: Path, api: httpx.Client) -> None:
    done = compiled(typescript, api.get("/openapi.json").json())
    assert done.returncode == 0, done.stdout
    printed = run("node", "built/sample.js", str(api.base_url).rstrip("/"), cwd=typescript).splitlines()
    films = api.get("/films?filming_location=international-space-station&ordering=-release_date").json()["results"]
    assert printed[0] == f"{len(films)} films, all of them"
    labels = [line.partition(",")[0] for line in printed[1:-5]]
    assert labels == [film["label"] for film in films]
    assert printed[1] == (
        "The Challenge, named, of unknown length; planned for 2023-04-12; Yulia Peresild as Zhenya; "
        "Oleg Novitskiy as sick cosmonaut"
    )
    assert any("unnamed, of 8 minutes; released at an unknown time" in line for line in printed)
    assert printed[-5:] == [
        "planned “The Challenge” will be released on April 12",
        "404 not_found: slug, meant the-challenge",
        "422 invalid_parameters: subject, meant film/the-challenge",
        "planned_only planned",
        "422 /value",
    ]


def test_typescript_client_does_not_compile_with_a_field_less(typescript: Path, api: httpx.Client) -> None:
    document = api.get("/openapi.json").json()
    film = document["components"]["schemas"]["FilmDocument"]
    del film["properties"]["duration_minutes"]
    film["required"].remove("duration_minutes")
    done = compiled(typescript, document)
    assert done.returncode != 0
    assert "Property 'duration_minutes' does not exist" in done.stdout
    assert not (typescript / "built").exists()


@pytest.mark.parametrize("folder", ["tests/clients/typescript", "frontend", "tests/explorer/lighthouse"])
def test_packages_of_npm_are_pinned_by_hash(folder: str) -> None:
    lock = json.loads((ROOT / folder / "package-lock.json").read_text())
    packages = {name: one for name, one in lock["packages"].items() if name}
    wanted = json.loads((ROOT / folder / "package.json").read_text())
    for name, version in (wanted["dependencies"] | wanted.get("devDependencies", {})).items():
        assert packages[f"node_modules/{name}"]["version"] == version
    assert [name for name, one in packages.items() if not one["integrity"].startswith("sha512-")] == []
    assert [name for name, one in packages.items() if "resolved" in one] == []


# Python


@pytest.fixture(scope="module")
def python() -> Path:
    """A folder with the sample program, and an environment with the generator, which does not fit into ours."""
    source, room = SAMPLES / "python", ROOMS / "python"
    lock = source / "requirements.lock"
    if is_new(room, lock):
        run(sys.executable, "-m", "venv", "--without-pip", "environment", cwd=room)
        pip = (sys.executable, "-m", "pip", "--python", "environment", "--quiet", "--disable-pip-version-check")
        run(*pip, "install", "--no-deps", "--no-compile", "--require-hashes", "-r", lock, cwd=room)
        installed(room, lock)
    shutil.copytree(source, room, dirs_exist_ok=True)
    return room


def test_python_client_works(python: Path, api: httpx.Client) -> None:
    (python / "openapi.json").write_text(api.get("/openapi.json").text, encoding="utf-8")
    tools = python / "environment" / "bin"
    where = ("--path", "openapi.json", "--config", "config.yaml", "--output-path", "films_client", "--overwrite")
    run(tools / "openapi-python-client", "generate", *where, "--meta", "none", "--fail-on-warning", cwd=python)
    printed = run(tools / "python", "sample.py", str(api.base_url).rstrip("/"), cwd=python).splitlines()
    every = [film["label"] for film in api.get("/films").json()["results"]]
    assert "The Challenge" in every
    (first,) = api.get("/films?filming_location=international-space-station&limit=1").json()["results"]
    assert printed == [
        f"4 {every} in all",
        f"3 {[first['label']]} and more",
        "The Challenge 2023-04-12 ['release_date'] None",
        "planned ['“The Challenge” will be released on April 12']",
        "404 not_found the-challenge",
    ]
