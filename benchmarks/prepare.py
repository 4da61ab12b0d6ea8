"""What the servers answer from: the films, put into a base of ours by our own import, and into that of the peers."""

import hashlib
import shutil
import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path

from benchmarks import importing
from benchmarks.generate import write
from benchmarks.peers import base
from benchmarks.targets import ROOT

# What decides what an import leaves in a base.
_MAKERS = ("app/importing", "app/loading", "app/projection", "app/documents", "app/tables", "migrations")


def prepared(count: int, folder: Path, ready: Path | None = None) -> tuple[Path, Path]:
    """(our base, that of the peers), made in the folder unless they are there and would be the same.

    Ours is `ready` where that is given.
    """
    makers = _hash(ROOT / one for one in _MAKERS)
    ours = ready or folder / _named(f"{makers}-filmspace.db")
    # Datasette's addresses have the name of the file in them.
    peers = folder / _named("peers") / "peers.db"
    if not peers.is_file():
        for old in folder.glob("*-peers"):
            shutil.rmtree(old)
        peers.parent.mkdir(parents=True)
        begun = time.monotonic()
        base.build(count, peers)
        print(f"the base of the peers: {time.monotonic() - begun:.0f} s")
    if not ours.is_file():
        for old in folder.glob("*-filmspace.db*"):
            old.unlink()
        films = folder / _named("films.json")
        if not films.is_file():
            write(count, folder).replace(films)
        _import(films, ours)
    return ours, peers


def _named(name: str) -> str:
    """A file that is made anew when other films are made up."""
    return (
        f"{_hash(ROOT / 'benchmarks' / one for one in ('films.py', 'words.py', 'generate.py', 'peers/base.py'))}-{name}"
    )


def _import(films: Path, ours: Path) -> None:
    print(f"importing {films.stat().st_size >> 20} MB …")
    part = ours.with_suffix(".part")
    for old in part.parent.glob(f"{part.name}*"):
        old.unlink()
    done = importing.import_films(films, part)
    with sqlite3.connect(part) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    importing.save(done, ours.with_suffix(".json"))
    part.replace(ours)
    print(f"our base, imported: {done.seconds:.0f} s")


def _hash(paths: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            whole.update(file.read_bytes())
    return whole.hexdigest()[:12]
