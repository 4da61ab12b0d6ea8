"""The evidence as lines of JSON: out of one base and into another."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from app import LICENCE
from app.db import for_writing, make_engine
from app.importing.files import File
from app.importing.records import FormatError
from app.loading.dumps import dump, restore
from app.loading.load import withdraw_source
from tests.histories import documents
from tests.importing.makers import a_file
from tests.importing.test_import import everything
from tests.makers import SEED, check, load
from tests.test_cli import fails_in_a_sentence, run


def exported(engine: Engine) -> str:
    with engine.connect() as connection:
        return "".join(f"{line}\n" for line in dump(connection, licence=LICENCE))


def test_an_export_makes_the_same_base_elsewhere(engine: Engine, tmp_path: Path, migrated_file: Path) -> None:
    load(engine, SEED)
    everything(engine, tmp_path)
    with for_writing(engine).begin() as connection:
        withdraw_source(connection, SEED.name, "for the test", actor="tests")
    lines = exported(engine)
    shutil.copy(migrated_file, tmp_path / "other.db")
    other = make_engine(f"sqlite:///{tmp_path}/other.db")
    with for_writing(other).begin() as connection:
        restore(connection, a_file(tmp_path, "all.ndjson.gz", lines), licence=LICENCE)
    assert exported(other) == lines
    assert documents(other) == documents(engine)
    assert check(other) == []
    # What comes after goes on from there.
    load(other, SEED)
    assert check(other) == []
    with pytest.raises(FormatError, match="empty base"), for_writing(other).begin() as connection:
        restore(connection, File(tmp_path / "all.ndjson.gz"), licence=LICENCE)
    other.dispose()


def test_what_is_no_export_is_refused_with_its_line(seeded_file: Path, engine: Engine, tmp_path: Path) -> None:
    head, *rows = exported(make_engine(f"sqlite:///{seeded_file}")).splitlines()
    first: dict[str, Any] = json.loads(rows[0])

    def spoilt(**more: Any) -> str:
        return json.dumps({"source": {**first["source"], **more}})

    broken = [
        "{}",
        "7",
        "null",
        '{"film": {}}',
        spoilt(id="1"),
        spoilt(slug=None),
        spoilt(more=1),
        spoilt(loaded_at="x"),
        spoilt(loaded_at="2026-01-01T10:00:00"),
        spoilt(loaded_at="0001-01-01T10:00:00+14:00"),
        spoilt(title="\ud800"),
        spoilt(title="a\0b"),
        spoilt(id=1 << 70),
        spoilt(id=True),
        spoilt(title=7),
    ]
    for line in broken:
        with pytest.raises(FormatError, match=r"x\.ndjson:2"), for_writing(engine).begin() as connection:
            restore(connection, a_file(tmp_path, "x.ndjson", "\n".join([head, line])), licence=LICENCE)
    without_sources = [head, *(row for row in rows if not row.startswith('{"source"'))]
    for lines in (rows, without_sources):
        with pytest.raises(FormatError), for_writing(engine).begin() as connection:
            restore(connection, a_file(tmp_path, "x.ndjson", "\n".join(lines)), licence=LICENCE)
    assert documents(engine) == {}


def test_what_is_not_all_of_an_export_is_refused(seeded_file: Path, engine: Engine, tmp_path: Path) -> None:
    whole = exported(make_engine(f"sqlite:///{seeded_file}"))
    lines = whole.splitlines(keepends=True)
    for kept in {0, 1, 2, *range(3, len(lines), len(lines) // 12), len(lines) - 1}:
        with pytest.raises(FormatError), for_writing(engine).begin() as connection:
            restore(connection, a_file(tmp_path, "x.ndjson", "".join(lines[:kept])), licence=LICENCE)
    for size in range(1, len(whole), len(whole) // 12):
        with pytest.raises(FormatError), for_writing(engine).begin() as connection:
            restore(connection, a_file(tmp_path, "x.ndjson", whole[:size]), licence=LICENCE)
    assert len(exported(engine).splitlines()) == 2
    with for_writing(engine).begin() as connection:
        restore(connection, a_file(tmp_path, "x.ndjson", whole), licence=LICENCE)
    assert exported(engine) == whole


def test_the_commands(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    assert run(here, "load", str(SEED)).returncode == 0
    assert run(here, "export", str(here / "out")).returncode == 0
    assert run(there, "import", "ndjson", str(here / "out" / "filmspace.ndjson")).returncode == 0
    assert run(there, "export", str(there)).returncode == 0
    assert (there / "filmspace.ndjson").read_bytes() == (here / "out" / "filmspace.ndjson").read_bytes()
    fails_in_a_sentence(run(there, "export", str(there / "filmspace.ndjson")), "cannot be written")
    again = run(there, "import", "ndjson", str(there / "filmspace.ndjson"))
    assert (again.returncode, again.stdout) == (0, "unchanged: the base is what the export is of\n"), again.stderr
    *others, last = (there / "filmspace.ndjson").read_text().splitlines(keepends=True)
    blanks = a_file(there, "blanks.ndjson", "".join([*others, last, "\n", "  \r\n"]))
    again = run(there, "import", "ndjson", str(blanks.path))
    assert (again.returncode, "unchanged" in again.stdout) == (0, True), again.stderr
    afresh = tmp_path / "afresh"
    afresh.mkdir()
    assert run(afresh, "import", "ndjson", str(blanks.path)).returncode == 0
    relicensed = a_file(
        there, "relicensed.ndjson", "".join([others[0].replace('"licence":"', '"licence":"x'), *others[1:], last])
    )
    fails_in_a_sentence(run(there, "import", "ndjson", str(relicensed.path)), "its licence is 'x")
    for number, lines in enumerate(([*others, last, last], others, [*others[:-1], last])):
        file = a_file(there, f"{number}.ndjson", "".join(lines))
        fails_in_a_sentence(run(there, "import", "ndjson", str(file.path)), "empty base")


def test_an_export_in_which_one_is_merged_with_itself_is_refused(tmp_path: Path) -> None:
    assert run(tmp_path, "load", str(SEED)).returncode == 0
    assert run(tmp_path, "rename", "film/the-challenge", "challenge", "--reason", "x").returncode == 0
    assert run(tmp_path, "export", str(tmp_path)).returncode == 0
    *lines, renamed, last = (tmp_path / "filmspace.ndjson").read_text().splitlines()
    row = json.loads(renamed)["revision"]
    renamed = json.dumps({"revision": row | {"into_id": row["entity_id"]}})
    file = a_file(tmp_path, "changed.ndjson", "\n".join((*lines, renamed, last)))
    (tmp_path / "filmspace.db").unlink()
    done = run(tmp_path, "import", "ndjson", str(file.path))
    fails_in_a_sentence(
        done, "film/the-challenge: what it stands for is not what the history says", "nothing is stored"
    )


def test_an_export_that_was_changed_since_is_refused(tmp_path: Path) -> None:
    assert run(tmp_path, "load", str(SEED)).returncode == 0
    assert run(tmp_path, "export", str(tmp_path)).returncode == 0
    head, *rows = (tmp_path / "filmspace.ndjson").read_text().splitlines()
    number, claim = next((at, row) for at, row in enumerate(rows) if row.startswith('{"claim"'))
    cited = next(at for at, row in enumerate(rows) if row.startswith('{"citation"'))
    told: dict[str, Any] = json.loads(claim)["claim"]

    def changed(**more: Any) -> list[str]:
        return [head, *rows[:number], json.dumps({"claim": {**told, **more}}), *rows[number + 1 :]]

    def cited_from(references: str) -> list[str]:
        row = json.loads(rows[cited])["citation"] | {"references": references}
        return [head, *rows[:cited], json.dumps({"citation": row}), *rows[cited + 1 :]]

    others = {
        "fingerprint": changed(property="favourite_colour"),
        "claim 1: its fingerprint": changed(qualifiers="[" * 100_000),
        "not in the form of references": cited_from('[{"P854": ["x"]}]'),
        "is said to be from": cited_from("[" * 100_000),
        "another export begins here": [head, *rows, head, *rows],
        "not what it was": changed(rank="deprecated"),
        "no later import": changed(superseded_by_id=1),
        "no quote says it": [head, *(row for row in rows if not row.startswith('{"citation"'))],
        "another version": [head.replace("evidence 2", "evidence 3"), *rows],
        "says that its licence is": [head.replace('"licence":"', '"licence":"x'), *rows],
        "another SHA-256": [head, *rows[:cited], rows[cited + 1], rows[cited], *rows[cited + 2 :]],
        "its last line has another": [head, *rows[:-1]],
    }
    for words, lines in others.items():
        there = tmp_path / re.sub("[^a-z]+", "-", words)
        there.mkdir()
        file = a_file(there, "changed.ndjson", "\n".join(lines))
        fails_in_a_sentence(run(there, "import", "ndjson", str(file.path)), words, "nothing is stored")
        assert "everything holds: 0 sources" in run(there, "check").stdout
