"""How the server ends: what is begun is finished, nobody connects any more, and it takes no longer than it may."""

import os
import resource
import shutil
import signal
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from subprocess import Popen
from typing import Any

import httpx
import pytest

from tests.attack.conftest import FILMS
from tests.attack.test_budget import costly
from tests.makers import SEED
from tests.test_cli import run, serving
from tests.test_workers import workers_of

SECONDS = 60


@contextmanager
def served(crowded_file: Path, folder: Path, *arguments: str, **more: Any) -> Iterator[tuple[httpx.Client, Popen[str]]]:
    with serving(crowded_file.parent, *arguments, SEEDS=str(folder), **more) as found:
        yield found


def begun(api: httpx.Client, stack: ExitStack, target: str) -> socket.socket:
    """A connection on which something was answered before, and this is asked now."""
    raw = stack.enter_context(socket.create_connection((api.base_url.host, api.base_url.port or 80), timeout=SECONDS))
    raw.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
    answer = b""
    while not answer.endswith(b'"ok"}'):
        answer += (part := raw.recv(65536))
        assert part, answer
    if target:
        raw.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return raw


def rest(raw: socket.socket) -> bytes:
    with raw.makefile("rb") as file:
        return file.read()


def wait_until_nobody_is_let_in(api: httpx.Client) -> None:
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends:
        try:
            socket.create_connection((api.base_url.host, api.base_url.port or 80), timeout=SECONDS).close()
        except (ConnectionRefusedError, ConnectionResetError):
            return
        time.sleep(0.02)
    raise AssertionError("connections are still taken")


@pytest.mark.parametrize(
    ("workers", "number"),
    [("1", signal.SIGTERM), ("1", signal.SIGINT), ("2", signal.SIGTERM)],
    ids=["term", "ctrl-c", "term-2"],
)
def test_what_is_begun_is_finished(
    crowded_file: Path,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
    workers: str,
    number: signal.Signals,
) -> None:
    more = {"SHUTDOWN_SECONDS": str(SECONDS), "QUERY_SECONDS": "600"}
    with ExitStack() as stack:
        api, process = stack.enter_context(served(crowded_file, tmp_path, "--workers", workers, **more))
        count = api.get("/films?limit=1").json()["count"]
        assert count > FILMS
        idle = begun(api, stack, "")
        export = begun(api, stack, "/films?format=ndjson&fields=slug")
        searches = [begun(api, stack, costly(f"end{n}x", 20)) for n in range(3)]
        first = export.recv(1)
        process.send_signal(number)
        assert rest(idle) == b""
        wait_until_nobody_is_let_in(api)
        exported = first + rest(export)
        assert exported.endswith(b"0\r\n\r\n")
        assert exported.count(b'{"slug":') == count
        for one in searches:
            head, _, body = rest(one).partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 OK")
            assert body.startswith(b'{"count":0,')
        assert process.wait(timeout=SECONDS) == 0
    record_property("requests in flight that were finished", 1 + len(searches))


def test_what_does_not_end_is_ended(crowded_file: Path, tmp_path: Path) -> None:
    more = {"SHUTDOWN_SECONDS": "1", "QUERY_SECONDS": "600", "CLIENT_SECONDS": "600"}
    with ExitStack() as stack:
        api, process = stack.enter_context(served(crowded_file, tmp_path, **more))
        unread = [begun(api, stack, "/films?format=ndjson") for _ in range(3)]
        for one in unread:
            assert one.recv(1) == b"H"
        searches = [begun(api, stack, costly(f"late{n}x")) for n in range(4)]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=SECONDS) == 0
        for one in searches:
            with suppress(ConnectionResetError):  # of what had not been read yet
                assert rest(one) == b""


def test_a_process_that_is_gone_is_replaced_and_told_of(crowded_file: Path, tmp_path: Path) -> None:
    with served(crowded_file, tmp_path, "--workers", "2") as (api, process):
        assert api.get("/readyz").status_code == 200
        first, _ = workers_of(process)
        os.kill(first, signal.SIGKILL)
        assert process.stderr
        assert f"process {first} ended, and " in process.stderr.readline()
        assert api.get("/readyz").status_code == 200


def test_processes_end_with_the_one_that_started_them(crowded_file: Path, tmp_path: Path) -> None:
    with served(crowded_file, tmp_path, "--workers", "2") as (api, process):
        assert api.get("/readyz").status_code == 200
        process.kill()
        process.wait(timeout=SECONDS)
        wait_until_nobody_is_let_in(api)


def lengthened(crowded_file: Path, folder: Path) -> Path:
    """A copy of the base with documents so long that a list of them is not sent before it is read."""
    path = Path(shutil.copy(crowded_file, folder / "filmspace.db"))
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(
            """UPDATE film SET document = replace(document, '{"slug"', '{"plot":"' || plot || '","slug"') WHERE plot LIKE 'They fly%'"""
        )
    return path


def read_slowly(
    stack: ExitStack, crowded_file: Path, folder: Path, workers: int, seconds: int
) -> tuple[httpx.Client, Popen[str]]:
    """Processes of which each has connections on which a list is not read to its end, and so long to end."""
    more = {"SHUTDOWN_SECONDS": str(seconds), "CLIENT_SECONDS": "600"}
    path = lengthened(crowded_file, folder)
    api, process = stack.enter_context(served(path, folder, "--workers", str(workers), **more))
    for _ in range(8 * workers):
        assert begun(api, stack, "/films?format=ndjson").recv(1) == b"H"
    return api, process


def test_all_are_told_at_once_that_the_one_that_started_them_is_gone(crowded_file: Path, tmp_path: Path) -> None:
    """None waits until another one has finished."""
    with ExitStack() as stack:
        api, process = read_slowly(stack, crowded_file, tmp_path, 3, 20)
        workers = workers_of(process)
        for one in workers:
            stack.callback(os.kill, one, signal.SIGKILL)
        process.kill()
        process.wait(timeout=SECONDS)
        wait_until_nobody_is_let_in(api)
        for one in workers:
            os.kill(one, 0)


def test_it_is_heard_while_others_take_the_places_of_those_that_answer(crowded_file: Path, tmp_path: Path) -> None:
    with ExitStack() as stack:
        api, process = read_slowly(stack, crowded_file, tmp_path, 2, 600)
        process.send_signal(signal.SIGHUP)
        ends = time.monotonic() + SECONDS
        while len(workers_of(process)) < 4:
            assert time.monotonic() < ends, "none waits until another one has finished"
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        wait_until_nobody_is_let_in(api)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=SECONDS) == 130


def test_it_is_heard_while_one_that_was_told_to_end_does_not(crowded_file: Path, tmp_path: Path) -> None:
    """TTOU, and two Ctrl-C, one as soon as the other was taken."""
    with ExitStack() as stack:
        _, process = read_slowly(stack, crowded_file, tmp_path, 2, 600)
        for number in (signal.SIGTTOU, signal.SIGINT, signal.SIGINT):
            process.send_signal(number)
            while "ShdPnd:\t0000000000000000" not in Path(f"/proc/{process.pid}/status").read_text():
                time.sleep(0.001)
        assert process.wait(timeout=SECONDS) == 130


@pytest.mark.long
def test_one_that_hangs_is_ended(crowded_file: Path, tmp_path: Path) -> None:
    with served(crowded_file, tmp_path, "--workers", "2", SHUTDOWN_SECONDS="1") as (api, process):
        assert api.get("/readyz").status_code == 200
        os.kill(workers_of(process)[0], signal.SIGSTOP)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=SECONDS) == 0


def test_where_none_can_be_started_those_that_are_there_go_on(crowded_file: Path, tmp_path: Path) -> None:
    with served(crowded_file, tmp_path, "--workers", "2") as (api, process):
        assert api.get("/readyz").status_code == 200
        open_files = len(os.listdir(f"/proc/{process.pid}/fd"))
        resource.prlimit(process.pid, resource.RLIMIT_NOFILE, (open_files, open_files))
        process.send_signal(signal.SIGTTIN)
        assert process.stderr
        assert "no other process can be started: Too many open files" in process.stderr.readline()
        assert api.get("/readyz").status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=SECONDS) == 0


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_second_ctrl_c_ends_it_at_once(crowded_file: Path, tmp_path: Path, workers: str) -> None:
    more = {"SHUTDOWN_SECONDS": "600", "QUERY_SECONDS": "600", "CLIENT_SECONDS": "600"}
    with ExitStack() as stack:
        api, process = stack.enter_context(served(crowded_file, tmp_path, "--workers", workers, **more))
        unread = begun(api, stack, "/films?format=ndjson")
        assert unread.recv(1) == b"H"
        process.send_signal(signal.SIGINT)
        wait_until_nobody_is_let_in(api)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=SECONDS) == 130
        assert process.stderr
        assert process.stderr.read() == ""


@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_a_list_is_not_of_two_bases(crowded_file: Path, tmp_path: Path, version: str) -> None:
    """While it is sent, a base takes the place of the other whose newest revision has the same number."""
    path = lengthened(crowded_file, tmp_path)
    with served(path, tmp_path) as (api, _), ExitStack() as stack:
        raw = stack.enter_context(socket.create_connection(("127.0.0.1", api.base_url.port or 80)))
        raw.sendall(f"GET /films?format=ndjson HTTP/{version}\r\nHost: x\r\n\r\n".encode())
        assert raw.recv(1) == b"H"
        with closing(sqlite3.connect(path)) as base, base:
            base.execute("UPDATE revision SET at = '2020-01-01 00:00:00.000000'")
        if version == "1.1":
            assert not rest(raw).endswith(b"0\r\n\r\n")
        else:  # where the end of the connection is that of the list
            with pytest.raises(ConnectionResetError):
                rest(raw)


def test_a_list_that_is_broken_off_is_told_in_a_sentence(crowded_file: Path, tmp_path: Path) -> None:
    """The data changes while it is sent."""
    with served(lengthened(crowded_file, tmp_path), tmp_path) as (api, process):
        port = api.base_url.port or 80
        paths = ("/films?format=ndjson", "/films?format=csv&fields=plot")
        with ExitStack() as stack:
            begun_here = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in paths]
            for path, raw in zip(paths, begun_here, strict=True):
                raw.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                assert raw.recv(1) == b"H"
            assert run(tmp_path, "withdraw", SEED.name, "--reason", "a test").returncode == 0
            for raw in begun_here:
                assert not rest(raw).endswith(b"0\r\n\r\n")
        process.send_signal(signal.SIGTERM)
        assert process.stderr
        said = process.stderr.read().splitlines()
    assert len(said) == len(paths), "\n".join(said)
    for path in paths:
        text = f"WARNING filmspace: GET {path} was broken off: the data changed while the list of revision 1 was being sent"
        assert any(text in line for line in said)
