"""`serve --workers N`: several processes that answer as one would, and share what they can."""

import os
import re
import signal
import socket
import sys
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from subprocess import Popen

import httpx
import pytest

from tests.test_cli import serving

# What is told of processes there, and how they begin.
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each process imports what answers")
MANY = 100


def workers_of(process: Popen[str]) -> list[int]:
    return [int(one) for one in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def heard_by(worker: int) -> set[str]:
    """What a process listens on."""
    listening = {line.split()[9] for line in Path("/proc/net/tcp").read_text().splitlines() if " 0A " in line}
    links = [os.readlink(one) for one in Path(f"/proc/{worker}/fd").iterdir()]
    return {one for one in links if one.startswith("socket:[") and one[8:-1] in listening}


def asked_at_once(client: httpx.Client, stack: ExitStack) -> list[bytes]:
    """The answers on connections that are all open at a time."""
    address = (client.base_url.host, client.base_url.port)
    many = [stack.enter_context(socket.create_connection(address, timeout=30)) for _ in range(MANY)]
    for one in many:
        one.sendall(b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n")
    answers = [b""] * MANY
    for place, one in enumerate(many):
        while not answers[place].endswith(b"}"):
            part = one.recv(65536)
            assert part, answers[place]
            answers[place] += part
    return answers


def test_several_workers_answer_alike(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2") as (client, _):
        bodies = set()
        for _ in range(20):
            with httpx.Client(base_url=client.base_url, timeout=30) as another:
                bodies.add(another.get("/films").text)
        assert len(bodies) == 1


@on_linux
def test_they_share_those_who_come_at_once(tmp_path: Path) -> None:
    """Of two, each has half of the connections, as chance has it, and counts its requests from somewhere else."""
    with serving(tmp_path, "--workers", "2") as (client, process):
        workers = workers_of(process)
        assert len(workers) == 2

        def held() -> list[int]:
            return [sum("socket:" in os.readlink(one) for one in Path(f"/proc/{pid}/fd").iterdir()) for pid in workers]

        before = held()
        with ExitStack() as stack:
            answers = asked_at_once(client, stack)
            shares = [now - then for now, then in zip(held(), before, strict=True)]
        assert sum(shares) == MANY
        assert min(shares) > 20
        ids = [re.findall(rb"x-request-id: ([0-9a-f]{16})\r", one)[0] for one in answers]
        assert len(set(ids)) == MANY
        # Those of one process follow each other, and begin alike.
        assert sorted(Counter(one[:8] for one in ids).values()) == sorted(shares)


@on_linux
def test_they_begin_as_copies_of_the_one_that_starts_them(tmp_path: Path) -> None:
    """What is imported is in memory once, and none has what another one listens on."""
    with serving(tmp_path, "--workers", "2") as (_, process):
        heard = []
        for worker in workers_of(process):
            told = Path(f"/proc/{worker}/smaps_rollup").read_text()
            sizes = {name: int(size) for name, size in re.findall(r"(\w+): +(\d+) kB", told)}
            assert sizes["Shared_Dirty"] > 15_000, told
            heard.append(heard_by(worker))
        assert [len(one) for one in heard] == [1, 1]
        assert heard[0] != heard[1]


@on_linux
def test_new_ones_in_their_place_read_the_settings_anew(tmp_path: Path) -> None:
    """`HUP` tells it so. Each listens on what the one did in whose place it is."""
    env = tmp_path / ".env"
    env.write_text("FILMSPACE_MAX_URL_BYTES=300\n")
    with serving(tmp_path, "--workers", "2", first=lambda: os.chdir(tmp_path)) as (client, process):
        before = workers_of(process)
        heard = [heard_by(one) for one in before]
        assert httpx.get(f"{client.base_url}/films?q={'x' * 400}").status_code == 414
        env.write_text("FILMSPACE_MAX_URL_BYTES=1000\n")
        process.send_signal(signal.SIGHUP)
        ends = time.monotonic() + 60
        while set(workers_of(process)) & set(before):
            assert time.monotonic() < ends
            time.sleep(0.02)
        assert [heard_by(one) for one in workers_of(process)] == heard
        assert httpx.get(f"{client.base_url}/films?q={'x' * 400}").status_code == 200
        assert len(workers_of(process)) == 2
