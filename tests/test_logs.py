"""The lines that the server logs, and what its processes count together."""

import json
import re
from collections import Counter
from pathlib import Path

import httpx

from tests.makers import answered
from tests.test_cli import read_on, serving

ASKED = {
    "/films/the-challenge": "/films/{slug}",
    "/films/nothing": "/films/{slug}",
    "/films?genre=%0a%1b[31m": "/films",
    "/events.ics": "/events.ics",
    "/nothing": "none",
}


def test_each_request_is_a_line_and_is_counted_whichever_process_answers(tmp_path: Path) -> None:
    asked: Counter[tuple[str, int]] = Counter()
    ids = set()
    with serving(tmp_path, "--workers", "2", LOG_FORMAT="json", LOG_REQUESTS="true") as (client, process):
        errors, reader = read_on(process)
        for _ in range(12):
            # With a connection of its own each round may come to the other process.
            with httpx.Client(base_url=client.base_url, timeout=30) as one:
                for path, route in ASKED.items():
                    answer = one.get(path)
                    asked[route, answer.status_code] += 1
                    ids.add(answer.headers["x-request-id"])
        while counted(client.get("/metrics").text, set(ASKED.values())) != asked:
            assert process.poll() is None
        process.terminate()
        reader.join(timeout=30)
    lines = [json.loads(line) for line in errors]
    ours = [line for line in lines if line["target"] in ASKED]
    assert {line["request_id"] for line in ours} == ids
    assert Counter((line["route"], line["status"]) for line in ours) == asked
    assert {line["revision"] for line in ours if line["status"] == 200} == {6}
    assert {line["by"] for line in ours if line["target"] == "/films/the-challenge"} == {"direct", "cache"}
    assert {line["by"] for line in ours if line["target"] == "/events.ics"} == {"framework", "cache"}
    assert all(line["seconds"] > 0 and line["logger"] == "filmspace.requests" for line in ours)


def counted(metrics: str, routes: set[str]) -> Counter[tuple[str, int]]:
    """How many answers there were, by route and status."""
    told = re.findall(r'^filmspace_requests_total\{.*route="([^"]*)",status="(\d+)"\} (\S+)$', metrics, re.MULTILINE)
    return Counter({(route, int(status)): int(float(count)) for route, status, count in told if route in routes})


def test_what_a_client_writes_ends_no_line(tmp_path: Path) -> None:
    with serving(tmp_path, LOG_REQUESTS="true") as (client, process):
        client.get("/films/a%0aINFO%1b[2J", headers={"X-Request-Id": "a\tb"})
        # Nor is it missing where the framework has no part in the answer: here there is no Host.
        answered(client, b"GET /films?a=%0a HTTP/1.1\r\n\r\n")
        process.terminate()
        _, errors = process.communicate(timeout=30)
    line, refused = errors.splitlines()
    assert re.fullmatch(
        r"\S+ \S+ INFO filmspace.requests: GET /films/a%0aINFO%1b\[2J 404 in \S+ ms by framework \(request [0-9a-f]{16}\)",
        line,
    )
    assert re.fullmatch(r"\S+ \S+ INFO \S+ \? /films\?a=%0a 400 in \S+ ms by guard \(request [0-9a-f]{16}\)", refused)
