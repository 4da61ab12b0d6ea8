"""The benchmark, shortly and on few films: it takes the films in, checks the answers, and says what they cost."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.prepare import prepared
from tests.makers import ROOT

FILMS = "200"


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the bases of the benchmark."""
    if not (shutil.which("wrk") and shutil.which("taskset")):
        reason = "the benchmark needs wrk and taskset"
        if os.environ.get("FILMSPACE_TEST_NO_SKIP"):
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("bench")
    prepared(int(FILMS), folder / f"bench-{FILMS}")
    return folder


def bench(scratch: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "benchmarks",
        "--films",
        FILMS,
        "--scratch",
        str(scratch),
        "--rounds",
        "1",
    ]
    return subprocess.run([*command, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=300)


@pytest.mark.long
def test_it_says_what_right_answers_cost(scratch: Path) -> None:
    done = bench(scratch, "--servers", "none", "--questions", "record", "usual")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "| question | filmspace, cache off |" in done.stdout
    for title in (
        "anything that was asked before",
        "the same, not modified (304)",
        "a film by its slug",
        "search for a usual word",
    ):
        (row,) = re.findall(rf"^\| {re.escape(title)} \| ([0-9.e<>-]+)¹? \|$", done.stdout, re.MULTILINE)
        assert float(row) > 0
    (two,) = re.findall(r"^\| 2 \| ([0-9.]+) \| [0-9.]+ \|$", done.stdout, re.MULTILINE)
    assert float(two) > 0
    told = f'`make bench SIZE={FILMS} ARGS="--rounds 1 --questions record usual --servers none"`: 200 films, 400 people'
    assert told in done.stdout


@pytest.mark.long
def test_an_answer_that_is_wrong_has_no_figure(scratch: Path, tmp_path: Path) -> None:
    (base,) = (scratch / f"bench-{FILMS}").glob("*-filmspace.db")
    changed = shutil.copy(base, tmp_path / "changed.db")
    with sqlite3.connect(changed) as connection:
        connection.execute('UPDATE film SET document = replace(document, \'"name":"\', \'"name":"Not \')')
    connection.close()
    done = bench(scratch, "--servers", "none", "--questions", "record", "--base", str(changed))
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(r"- filmspace, cache off, a film by its slug: /films/wikidata-q\d+ says .*'Not ", done.stdout)
    assert "| a film by its slug | ² |" in done.stdout
