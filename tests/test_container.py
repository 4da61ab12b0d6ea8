"""What the image runs, as its container has it: another user, no rights, and one folder that can be written.

There is no container engine where the tests run; a mount namespace of the kernel does the same to a process.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from tests.makers import ROOT, SEEDS
from tests.test_packaging import compose, final_stage

# Everything is made read-only but two folders in memory, as `read_only`, `tmpfs` and the volume have it.
_CONFINED = """
set -e
mount --make-rprivate /
for folder in "$DATA" "$TMPDIR"; do mount -t tmpfs -o mode=0700,uid=10001,gid=10001 tmpfs "$folder"; done
mount -o remount,ro,bind /
exec setpriv --reuid 10001 --regid 10001 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "$@"
"""
_UNSHARED = ["unshare", "--mount", "sh", "-c"]


@pytest.fixture
def confined() -> Iterator[tuple[httpx.Client, subprocess.Popen[str]]]:
    """The server as the image starts it, confined as Compose confines it, but for its port."""
    if os.geteuid() or subprocess.run([*_UNSHARED, "mount --make-rprivate /"], capture_output=True).returncode:
        reason = "to confine a process takes root, and a kernel that lets it"
        if os.environ.get("FILMSPACE_TEST_NO_SKIP"):
            pytest.fail(reason)
        pytest.skip(reason)
    with TemporaryDirectory(prefix="fs-data-") as data, TemporaryDirectory(prefix="fs-tmp-") as scratch:
        settings = dict(one.split("=", 1) for one in final_stage()["ENV"].split() if one.startswith("FILMSPACE_"))
        settings |= {"FILMSPACE_DATABASE_URL": f"sqlite:///{data}/filmspace.db", "FILMSPACE_SEEDS": str(ROOT / "seeds")}
        environment = {"PATH": os.environ["PATH"], "HOME": "/", "DATA": data, "TMPDIR": scratch, **settings}
        serve = [sys.executable, "-B", "-m", "app.cli", "serve", "--port", "0"]
        with subprocess.Popen(
            [*_UNSHARED, _CONFINED, "sh", *serve], cwd=ROOT, env=environment, text=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        ) as process:  # fmt: skip
            try:
                assert process.stderr
                line = next((one for one in process.stderr if "answers on http://" in one), "")
                assert line, "it ended before it answered"
                with httpx.Client(base_url=line.split("answers on ")[1].split()[0], timeout=30) as client:
                    yield client, process
            finally:
                process.kill()


def test_it_serves_without_rights_and_ends_when_it_is_told(
    confined: tuple[httpx.Client, subprocess.Popen[str]],
) -> None:
    client, process = confined
    service = compose()["services"]["api"]
    assert (service["read_only"], service["cap_drop"], final_stage()["USER"]) == (True, ["ALL"], "10001:10001")
    status = dict(
        line.split(":\t", 1) for line in Path(f"/proc/{process.pid}/status").read_text().splitlines() if ":\t" in line
    )
    assert {*status["Uid"].split()} == {"10001"}
    assert (int(status["CapEff"], 16), int(status["CapBnd"], 16), status["NoNewPrivs"]) == (0, 0, "1")

    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").json()["revision"] == len(SEEDS)
    assert client.get("/films/the-challenge").json()["label"] == "The Challenge"
    source = {"slug": "a-source", "article": "Title: A\n\nText.\n", "claims": {"entities": [], "claims": []}}
    assert client.post("/sources/preview", json=source).status_code in (200, 422), (
        "a preview needs a folder to write to"
    )

    process.send_signal(signal.SIGTERM)
    assert process.stderr
    lines = [json.loads(line) for line in process.stderr]
    assert process.wait(timeout=30) == 0
    assert [line["target"] for line in lines] == ["/healthz", "/readyz", "/films/the-challenge", "/sources/preview"]
