"""Who is measured, and how each of them is installed and started."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.dialects import Datasette, Dialect, Filmspace, Peer

ROOT = Path(__file__).parent.parent
PEERS = ROOT / "benchmarks" / "peers"
ANCHOR, OURS, CACHED = "anchor", "filmspace", "filmspace-cached"


class NotInstalledError(Exception):
    """A peer that cannot be had on this machine. The message says why."""


@dataclass(frozen=True)
class Target:
    """A server to be measured. `install` makes what it needs, or raises NotInstalledError."""

    name: str
    title: str
    command: Sequence[str]
    dialect: Dialect = field(default_factory=Filmspace)
    env: Mapping[str, str] = field(default_factory=dict)
    folder: Path = ROOT
    install: Callable[[], None] = lambda: None


def targets(ours: Path, peers: Path, scratch: Path) -> list[Target]:
    """The anchor, ours and the peers, on a base of ours and one of theirs."""
    serve = [sys.executable, "-m", "app.cli", "serve", "--port", "{port}"]
    (scratch / "no-seeds").mkdir(parents=True, exist_ok=True)
    env = {"FILMSPACE_DATABASE_URL": f"sqlite:///{ours}", "FILMSPACE_SEEDS": str(scratch / "no-seeds")}
    node, datasette = scratch / "fastify", scratch / "datasette"
    fastify = ["node", "server.js", str(peers), "{port}"]
    return [
        Target(ANCHOR, "bare ASGI app", [sys.executable, "-m", "benchmarks.peers.bare", "{port}"]),
        Target(OURS, "filmspace, cache off", serve, env={**env, "FILMSPACE_CACHE_BYTES": "0"}),
        Target(CACHED, "filmspace", serve, env=env),
        *(
            Target(
                f"fastify-{mode}", f"fastify + better-sqlite3, {told}", [*fastify, mode], Peer(has_cursors=True),
                folder=node, install=lambda: _install_fastify(node),
            )
            for mode, told in (("rows", "rows"), ("json", "JSON in SQL"))
        ),
        Target(
            "datasette", "Datasette", [str(datasette / "bin" / "datasette"), str(peers), "--port", "{port}"],
            Datasette(), folder=scratch, install=lambda: _install_datasette(datasette),
        ),
        Target(
            "tutorial", "FastAPI + SQLModel, as in the tutorial",
            [sys.executable, "-m", "uvicorn", "benchmarks.peers.tutorial:app", "--port", "{port}", "--no-access-log"],
            Peer(has_cursors=False), {"BASE": str(peers)},
        ),
    ]  # fmt: skip


def _install_fastify(folder: Path) -> None:
    locked = PEERS / "fastify" / "package-lock.json"
    if not _is_installed(folder, locked):
        if not shutil.which("npm"):
            raise NotInstalledError("npm is not there")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(PEERS / "fastify", folder, ignore=shutil.ignore_patterns("node_modules"))
        _run(["npm", "ci", "--no-audit", "--no-fund"], folder)
        _note_installed(folder, locked)
    shutil.copy(PEERS / "fastify" / "server.js", folder)


def _install_datasette(folder: Path) -> None:
    locked = PEERS / "datasette" / "requirements.lock"
    if not _is_installed(folder, locked):
        _run([sys.executable, "-m", "venv", "--clear", str(folder)], ROOT)
        python = str(folder / "bin" / "python")
        _run([python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(locked)], ROOT)
        _note_installed(folder, locked)


def _is_installed(folder: Path, locked: Path) -> bool:
    stamp = folder / "installed"
    return stamp.is_file() and stamp.read_text() == _hash(locked)


def _note_installed(folder: Path, locked: Path) -> None:
    (folder / "installed").write_text(_hash(locked))


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _run(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise NotInstalledError(f"{' '.join(command)} failed: {(done.stderr or done.stdout).strip()[-500:]}")
