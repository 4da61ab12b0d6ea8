"""Clients that mean no good, in a process of their own.

    python -m tests.attack.attackers KIND PORT CLIENTS SECONDS

It prints how many connections and requests there were, and of the answers how many with each status, as JSON.
"""

import asyncio
import json
import resource
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

MEGABYTE = 1_000_000
_numbers = count()


class Client:
    """One of them."""

    def __init__(self, port: int, told: Counter[str]) -> None:
        self.port, self.told = port, told
        self.reader: Any = None
        self.writer: Any = None

    async def connect(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.told["connections"] += 1

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self) -> None:
        """Read an answer, and count it."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        self.told[head.split(b" ", 2)[1].decode()] += 1
        if b"content-length: " in head:
            await self.reader.readexactly(int(head.split(b"content-length: ")[1].split(b"\r\n")[0]))


def get(target: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {target} HTTP/1.1", "Host: x", *headers, "", ""]).encode()


async def costly(client: Client) -> None:
    """A filter that looks through all there is, a new one each time."""
    words = "&".join(f"plot__contains=tw{next(_numbers)}x{n}" for n in range(99))
    await client.send(get(f"/films?{words}"))
    await client.answer()


async def searching(client: Client) -> None:
    """Words that nobody looked for before."""
    await client.send(get(f"/search?q=film+space+station+w{next(_numbers)}"))
    await client.answer()


async def hasty(client: Client) -> None:
    """The same, and gone before it is answered."""
    words = "&".join(f"plot__contains=th{next(_numbers)}x{n}" for n in range(99))
    await client.send(get(f"/films?{words}"))
    await asyncio.sleep(0.1)
    client.writer.transport.abort()
    raise ConnectionAbortedError


async def silent(client: Client) -> None:
    """Nothing."""
    if not await client.reader.read(1):
        client.told["closed"] += 1
        raise ConnectionResetError


async def slow_head(client: Client) -> None:
    """A head, byte by byte, that never ends."""
    await _drip(client, b"GET /films HTTP/1.1\r\nHost: x\r\nX-Slow: ")


async def slow_body(client: Client) -> None:
    """A body, byte by byte, that takes too long."""
    head = b"POST /check HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n"
    await _drip(client, head)


async def _drip(client: Client, begin: bytes) -> None:
    client.writer.write(begin)
    answer = asyncio.create_task(client.answer())
    while not answer.done():
        client.writer.write(b" ")
        await asyncio.sleep(0.3)
    await answer
    raise ConnectionResetError


async def unread(client: Client) -> None:
    """Large answers, none of which is read."""
    client.writer.transport.pause_reading()
    for number in range(200):
        await client.send(get(f"/films?limit=100&offset={number}"))
        await asyncio.sleep(0.02)
    await asyncio.sleep(60)


async def large(client: Client) -> None:
    """A hundred megabytes, which it says before."""
    await client.send(b"POST /check HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n")
    await client.send(b"Content-Length: 100000000\r\n\r\n")
    await _pour(client, b" " * MEGABYTE)


async def chunked(client: Client) -> None:
    """A hundred megabytes, which it does not say before."""
    await client.send(b"POST /check HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n")
    await client.send(b"Transfer-Encoding: chunked\r\n\r\n")
    await _pour(client, b"%x\r\n" % MEGABYTE + b" " * MEGABYTE + b"\r\n")


async def _pour(client: Client, part: bytes) -> None:
    for _ in range(100):
        await client.send(part)
    await client.answer()


async def long_url(client: Client) -> None:
    """A URL of 64 kB."""
    await client.send(get("/films?label=" + "x" * 65536))
    await client.answer()
    raise ConnectionResetError


async def endless_url(client: Client) -> None:
    """A URL that does not end."""
    await client.send(b"GET /films?label=")
    await _pour(client, b"x" * MEGABYTE)


async def many_headers(client: Client) -> None:
    """Ten thousand headers."""
    await client.send(get("/films", *(f"X-{n}: {n}" for n in range(10_000))))
    await client.answer()
    raise ConnectionResetError


async def endless_header(client: Client) -> None:
    """A header that does not end."""
    await client.send(b"GET /films HTTP/1.1\r\nHost: x\r\nX-Long: ")
    await _pour(client, b"x" * MEGABYTE)


async def pipelined(client: Client) -> None:
    """Ten thousand requests at once."""
    await client.send(get("/films?evidence=ids&limit=1", "X: y") * 10_000)
    while True:
        await client.answer()


async def deep(client: Client) -> None:
    """All that can be asked for beside a record, each many times over."""
    beside = ",".join(["credits", "people", "organisations", "events", "places", "characters", "films"] * 100)
    number = next(_numbers) % 40
    await client.send(get(f"/people?evidence=quotes&limit={number % 20 + 1}&include={beside}&include={beside}&x"))
    await client.answer()
    await client.send(
        get(f"/people?evidence=quotes&limit={number + 20}&include=films&include=organisations,films,events")
    )
    await client.answer()


KINDS: dict[str, Callable[[Client], Awaitable[None]]] = {
    one.__name__: one
    for one in (
        costly, searching, hasty, silent, slow_head, slow_body, unread, large, chunked, long_url, endless_url, many_headers,
        endless_header, pipelined, deep,
    )
}  # fmt: skip


async def _go_on(kind: str, client: Client) -> None:
    while True:
        try:
            await client.connect()
            while True:
                client.told["requests"] += 1
                await KINDS[kind](client)
        except (OSError, asyncio.IncompleteReadError):
            client.told["ended"] += 1
            if client.writer:
                client.writer.transport.abort()
            await asyncio.sleep(0.1)


async def _attack(kind: str, port: int, clients: int, seconds: float) -> Counter[str]:
    told: Counter[str] = Counter()
    tasks = [asyncio.create_task(_go_on(kind, Client(port, told))) for _ in range(clients)]
    done, _ = await asyncio.wait(tasks, timeout=seconds)
    for one in done:
        one.result()
    return told


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    found = asyncio.run(_attack(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])))
    sys.stdout.write(json.dumps(found))
