"""Many who read while others load and withdraw: each answer is of one revision, and none is an error."""

import asyncio
import hashlib
import json
import random
import shutil
import sqlite3
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.http.caching import revision_of
from tests.commands import Done, command
from tests.makers import a_claim, a_folder
from tests.test_cli import serving

_READERS, _SECONDS, _SOURCES = 64, 60, 4
# How long a reader thinks before it asks again, at most, and who writes: the machine has other tests to run.
_PAUSE, _BETWEEN = 4.0, 4.0
_FILMS = ("/films?limit=100", "/films?limit=100&ordering=-label", "/films?limit=100&facet=film_type")
_PATHS = (
    *_FILMS, "/people?limit=7", "/search?q=new&limit=20", "/facts?limit=20", "/timeline?limit=20", "/changes?limit=100",
    "/films/the-challenge", "/films/the-challenge/facts", "/",
)  # fmt: skip


class Seen:
    """What all readers saw."""

    def __init__(self) -> None:
        self.answers: Counter[int] = Counter()
        self.told: dict[tuple[int, str], tuple[str, bytes]] = {}
        self.films: dict[int, set[str]] = {}
        self.torn: list[str] = []

    def note(self, path: str, status: int, etag: str, body: bytes, known: int) -> int:
        """Hold an answer against those before it; the revision that it is of."""
        self.answers[status] += 1
        if status != 200:
            return known
        document, revision = json.loads(body), revision_of(etag) or 0
        told = etag, hashlib.sha256(body).digest()
        if self.told.setdefault((revision, path), told) != told:
            self.torn.append(f"{path}: two answers of revision {revision}")
        if document.get("revision", revision) != revision:
            self.torn.append(f"{path}: the ETag of revision {revision} on one of {document['revision']}")
        if revision < known:
            self.torn.append(f"{path}: revision {revision} after {known}")
        if path in _FILMS:
            new = {one["slug"] for one in document["results"] if one["slug"].startswith("new-")}
            if document["count"] != len(document["results"]) or self.films.setdefault(revision, new) != new:
                self.torn.append(f"{path}: {document['count']} films of revision {revision}, {sorted(new)} among them")
        return revision


async def read(host: str, port: int, seen: Seen, moments: random.Random, until: float) -> None:
    """Ask by one connection, again and again, for whatever is asked for by chance."""
    reader, writer = await asyncio.open_connection(host, port)
    known = 0
    while time.monotonic() < until:
        path = moments.choice(_PATHS)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.split(": ", 1) for line in head[1:] if line)
        body = await reader.readexactly(int(headers["content-length"]))
        known = seen.note(path, int(head[0].split()[1]), headers.get("etag", ""), body, known)
        await asyncio.sleep(moments.uniform(0, _PAUSE))
    writer.close()
    await writer.wait_closed()


async def write(base: Path, folders: list[Path], until: float) -> list[Done]:
    """Load sources, two at once, and withdraw them again, each by a command of its own."""
    done = []
    while time.monotonic() < until:
        for one, other in zip(folders[::2], folders[1::2], strict=True):
            both = [asyncio.to_thread(command, base, "load", str(folder)) for folder in (one, other)]
            done += await asyncio.gather(*both)
            await asyncio.sleep(_BETWEEN)
        gone = [asyncio.to_thread(command, base, "withdraw", folder.name, "--reason", "a test") for folder in folders]
        done += await asyncio.gather(*gone)
        await asyncio.sleep(_BETWEEN)
    return done


async def at_once(host: str, port: int, base: Path, folders: list[Path]) -> tuple[Seen, list[Done]]:
    seen, until = Seen(), time.monotonic() + _SECONDS
    async with asyncio.TaskGroup() as group:
        for number in range(_READERS):
            group.create_task(read(host, port, seen, random.Random(number), until))
        writing = group.create_task(write(base, folders, until))
    return seen, writing.result()


def history(base: Path) -> dict[int, set[str]]:
    """By revision, the films whose sources had been loaded by then, and not withdrawn."""
    query = "SELECT revision.id, action, slug FROM revision JOIN source ON source.id = source_id ORDER BY revision.id"
    films: set[str] = set()
    found = {}
    with closing(sqlite3.connect(base)) as connection:
        for revision, action, slug in connection.execute(query):
            film = {slug} if slug.startswith("new-") else set()
            films = films | film if action == "load" else films - film
            found[revision] = films
    return found


@pytest.mark.long
def test_64_readers_while_others_load_and_withdraw(library_file: Path, tmp_path: Path, record_property: Any) -> None:
    base = Path(shutil.copy(library_file, tmp_path))
    folders = []
    for number in range(_SOURCES):
        words = f"There is a film called New {number}."
        claim = a_claim(f"film/new-{number}", "name", f"New {number}", quote=words)
        folders.append(a_folder(tmp_path / "sources", f"new-{number}", words + "\n", [claim]))
    with serving(tmp_path) as (client, _):
        host, port = client.base_url.host, client.base_url.port
        assert port
        seen, done = asyncio.run(at_once(host, port, base, folders))
    was = history(base)
    refused = [one.stderr for one in done if one.returncode != 0]
    record_property("answers", seen.answers.total())
    record_property("loads and withdrawals", len(done))
    record_property("revisions seen", len({revision for revision, _ in seen.told}))
    record_property("locked or refused", len(refused))
    record_property("5xx", sum(number for status, number in seen.answers.items() if status >= 500))
    record_property("torn", len(seen.torn))
    assert {*seen.answers} == {200}
    assert refused == []
    assert seen.torn == []
    assert seen.films == {revision: was[revision] for revision in seen.films}
    assert len(seen.films) > 3
    assert seen.answers.total() > _READERS * 3
    assert command(base, "check").returncode == 0
