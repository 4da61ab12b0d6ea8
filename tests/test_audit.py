"""`filmspace check` finds whatever somebody breaks in the database, and changes nothing itself."""

import hashlib
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, text

from app.audit import problems
from app.db import for_writing, make_engine, scratch
from app.loading.load import withdraw_source
from app.loading.merging import merge_entities, rename_entity
from app.migrate import alembic_config, is_current, upgrade
from app.projection import WRITTEN, rebuild
from tests.makers import SEED, a_claim, a_folder, check, load
from tests.test_cli import fails_in_a_sentence, run, serving

ARTICLE = (
    "Anton Shkaplerov flew. The Challenge lasts 165 minutes and was shown in 2022, said a fan of The Challenge film."
)


@pytest.fixture(scope="module")
def full_file(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base with rows in every table; copied, never written to."""
    folder = tmp_path_factory.mktemp("full")
    file = Path(shutil.copy(seeded_file, folder))
    engine = make_engine(f"sqlite:///{file}")
    fill(engine, folder)
    engine.dispose()
    return file


@pytest.fixture
def full(full_file: Path, tmp_path: Path) -> Iterator[Engine]:
    """A base with rows in every table, of the test's own."""
    engine = make_engine(f"sqlite:///{shutil.copy(full_file, tmp_path)}")
    yield engine
    engine.dispose()


def fill(seeded: Engine, tmp_path: Path) -> None:
    """Correct, dispute, withdraw, merge and rename something of the project's own article."""
    claims = [
        a_claim("person/anton", "name", "Anton Shkaplerov", quote="Anton Shkaplerov"),
        a_claim("film/challenge", "name", "The Challenge", quote="The Challenge film"),
        a_claim("film/challenge", "duration", "165 minute", quote="The Challenge lasts 165 minutes"),
        a_claim("film/challenge", "release_date", "2022", quote="was shown in 2022"),
        a_claim("film/challenge", "film_type", "short film", quote="The Challenge film", inference="implied"),
    ]
    load(
        seeded,
        a_folder(tmp_path, "gazette", ARTICLE, claims, source={"publisher": "Gazette", "published": "2024-01-01"}),
    )
    load(seeded, a_folder(tmp_path, "hoax", "Anton Shkaplerov flew.", claims[:1]))
    with for_writing(seeded).begin() as connection:
        withdraw_source(connection, "hoax", "made up", actor="tests")
        merge_entities(connection, "film/challenge", "film/the-challenge", "the same", actor="tests")
        merge_entities(connection, "person/anton", "person/anton-shkaplerov", "the same", actor="tests")
        rename_entity(connection, "person/anton-shkaplerov", "anton-nikolayevich-shkaplerov", "in full", actor="tests")
        for table in (
            *(str(one.__tablename__) for one in WRITTEN),
            "source",
            "claim",
            "citation",
            "revision",
            "search",
        ):
            assert connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one() > 0, table


def break_it(engine: Engine, *statements: str) -> None:
    """Change the database as no part of the program would: the driver's own connections check no references."""
    with closing(sqlite3.connect(str(engine.url.database))) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_what_holds_is_said_to_hold_and_nothing_is_changed(full: Engine, tmp_path: Path) -> None:
    file = Path(str(full.url.database))
    full.dispose()
    before = hashlib.sha256(file.read_bytes()).digest()
    done = run(file.parent, "check")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("everything holds: 3 sources, 162 claims, ")
    assert hashlib.sha256(file.read_bytes()).digest() == before


def test_a_quote_may_begin_and_end_with_blanks(engine: Engine, tmp_path: Path) -> None:
    article = "Skyward is a drama. It is late.\n\nThe end."
    claims = [
        a_claim("film/skyward", "name", "Skyward", quote="Skyward is a drama. "),
        a_claim("film/skyward", "distinction", "late", quote=" It is late.\n\n"),
    ]
    load(engine, a_folder(tmp_path, "gazette", article, claims))
    assert check(engine) == []


def test_a_load_in_the_meantime_does_not_wait(full: Engine, tmp_path: Path) -> None:
    label = [a_claim("place/hall", "label", "a hall", quote="a hall")]
    with scratch(full) as connection:
        load(full, a_folder(tmp_path, "third", "There is a hall.", label))
        assert list(problems(connection)) == []
    assert check(full) == []


# What is broken, how, and what is said of it.
BROKEN = {
    "a text": ("UPDATE source SET text = text || ' More.' WHERE slug = 'gazette'", "gazette, version 1: its text is not"),
    "a hash": ("UPDATE source SET sha256 = 'x' WHERE slug = 'hoax'", "hoax, version 1: its text is not the one with"),
    "a revision": (
        "DELETE FROM revision WHERE action = 'load' AND source_id = (SELECT id FROM source WHERE slug = 'gazette')",
        "gazette, version 1: the history does not say when it was loaded",
    ),
    "a quote": ("UPDATE citation SET exact = 'nothing of the kind' WHERE id = 9", "does not have its quote where"),
    "a place": ('UPDATE citation SET start = start + 1, "end" = "end" + 1 WHERE id = 9', "does not have its quote where"),
    "a place beyond the end": ('UPDATE citation SET "end" = 100000 WHERE id = 9', "does not have its quote where"),
    "what stands before": ("UPDATE citation SET prefix = 'x' || prefix WHERE id = 9", "does not have its quote where"),
    "what stands behind": ("UPDATE citation SET suffix = 'x' WHERE id = 9", "does not have its quote where"),
    "a sentence": ("UPDATE citation SET sentence = 'x' WHERE id = 9", "does not have its quote where"),
    "a claim's quotes": ("DELETE FROM citation WHERE claim_id = 9", "claim 9: no quote says it"),
    "a claim's value": ("UPDATE claim SET value = 'x' WHERE id = 1", "claim 1: its fingerprint is not that of"),
    "a claim's modality": ("UPDATE claim SET modality = 'hoped' WHERE id = 1", "claim 1: its fingerprint is not that"),
    "a claim's qualifiers": ("UPDATE claim SET qualifiers = '[' WHERE id = 1", "claim 1: its fingerprint is not that"),
    "a claim's property": ("UPDATE claim SET property = 'x' WHERE id = 1", "claim 1: its fingerprint is not that"),
    "a claim's subject": ("UPDATE claim SET subject_id = 99999 WHERE id = 1", "row 1 of claim refers to a row of entity"),
    "a quote's claim": ("UPDATE citation SET claim_id = 99999 WHERE id = 9", "row 9 of citation refers to a row of claim"),
    "a revision's source": ("UPDATE revision SET source_id = 99999 WHERE id = 1", "row 1 of revision refers to a row of source"),
    "a successor": ("UPDATE source SET superseded_by_id = 99999 WHERE slug = 'hoax'", "of source refers to a row of source"),
    "a slug": ("UPDATE entity SET slug = 'x' WHERE slug = 'the-challenge'", "its fingerprint is not that of"),
    "a closed list": (
        "PRAGMA ignore_check_constraints=ON; UPDATE claim SET rank = 'x' WHERE id = 1; PRAGMA ignore_check_constraints=OFF",
        "the database is damaged: CHECK constraint failed",
    ),
    "who says a claim": ("UPDATE claim SET attributed_to = 'x' WHERE source_id = 2", "revision 2: it, what it wrote of gazette, version 1, or the"),
    "whether it is reported": ("UPDATE claim SET modality = 'reported' WHERE id = 1", "claim 1: it is reported, and does not say by whom"),
    "whether it is asserted": ("UPDATE claim SET modality = 'asserted', attributed_to = NULL WHERE id = (SELECT min(id) FROM claim WHERE modality = 'reported')", "revision 1: it, what it wrote of"),
    "whether it is planned": ("UPDATE claim SET modality = 'planned' WHERE id = 1", "claim 1: its fingerprint is not that of"),
    "how it is inferred": ("UPDATE claim SET inference = 'implied' WHERE source_id = 2", "revision 2: it, what it wrote of gazette"),
    "a rank": ("UPDATE claim SET rank = 'preferred' WHERE source_id = 2", "revision 2: it, what it wrote of gazette"),
    "one claim too many": ("INSERT INTO claim SELECT (SELECT max(id) + 1 FROM claim), 3, fingerprint, subject_id, property, value, object_id, character_id, qualifiers, modality, inference, phrase, attributed_to, rank, superseded_by_id FROM claim WHERE id = 1", "revision 3: it, what it wrote of hoax"),
    "a publisher": ("UPDATE source SET publisher = 'x' WHERE slug = 'gazette'", "revision 2: it, what it wrote of gazette"),
    "a day": ("UPDATE source SET published = '2023' WHERE slug = 'gazette'", "revision 2: it, what it wrote of gazette"),
    "a hash of claims": ("UPDATE source SET claims_sha256 = 'x' WHERE slug = 'gazette'", "revision 2: it, what it wrote of gazette"),
    "a text with its hash": (f"UPDATE source SET text = 'x', sha256 = '{hashlib.sha256(b'x').hexdigest()}' WHERE slug = 'hoax'", "revision 3: it, what it wrote of hoax"),
    "a time of loading": ("UPDATE source SET loaded_at = '2001-01-01 00:00:00.000000' WHERE slug = 'gazette'", "revision 2: it, what it wrote of gazette"),
    "a count": ("UPDATE revision SET added = added + 1 WHERE id = 2", "revision 2: it, what it wrote of gazette"),
    "a time that is none": ("UPDATE revision SET at = at || 'x' WHERE id = 4", "the revisions cannot be read to the end"),
    "a date that is none": ("UPDATE source SET published = published || 'x' WHERE slug = 'gazette'", "the evidence that records are made from cannot be read to the end"),
    "a reason": ("UPDATE revision SET reason = 'x' WHERE action = 'merge'", "revision 5: it or the revision before it is not what it was"),
    "an actor": ("UPDATE revision SET actor = 'x' WHERE id = 4", "revision 4: it or the revision before it is not what"),
    "a time": ("UPDATE revision SET at = '2001-01-01 00:00:00.000000' WHERE id = 4", "revision 4: it was not made after revision 3"),
    "the first revision": ("DELETE FROM revision WHERE id = 1", "revision 2: it, what it wrote of gazette, version 1, or the revision before"),
    "a seal": ("UPDATE revision SET seal = 'x' WHERE id = 3", "revision 3: it, what it wrote of hoax"),
    "a withdrawal": ("UPDATE source SET withdrawn_at = NULL, withdrawn_reason = NULL", "hoax, version 1: whether it is withdrawn is not"),
    "why it was withdrawn": ("UPDATE source SET withdrawn_reason = 'x' WHERE slug = 'hoax'", "hoax, version 1: whether it is withdrawn is not"),
    "a version after it": ("UPDATE source SET superseded_by_id = 1 WHERE slug = 'gazette'", "gazette, version 1: it is not superseded by the version"),
    "a merge": ("UPDATE entity SET merged_into_id = NULL WHERE slug = 'challenge'", "film/challenge: what it stands for is"),
    "the history of a merge": ("DELETE FROM revision WHERE action = 'merge'", "film/challenge: what it stands for is"),
    "a document": ("""UPDATE film SET document = replace(document, '165', '3')""", "film: 1 rows are not what the evidence gives, and 1 that it gives are not there, of film/the-challenge"),
    "a column": ("UPDATE person SET source_count = 9 WHERE slug = 'yulia-peresild'", "person: 1 rows are not"),
    "a record": ("DELETE FROM event WHERE slug = 'the-challenge-filming'", "event: 0 rows are not what the evidence gives, and 1"),
    "one record too many": ("INSERT INTO character SELECT e.id, e.slug, label, name, description, source_count, updated_at, document, occupation FROM character c, entity e WHERE e.slug = 'challenge' AND c.slug = 'zhenya'", "character: 1 rows are not"),
    "an entry": ("UPDATE entry SET label = 'x' WHERE slug = 'yulia-peresild'", "entry: 1 rows are not"),
    "a link": ("DELETE FROM link WHERE id = (SELECT min(id) FROM link)", "link: 0 rows are not what the evidence gives, and 1"),
    "a link twice": ("INSERT INTO link SELECT (SELECT max(id) + 1 FROM link), subject_id, property, object_id, character_id, value, role, modality, fact FROM link LIMIT 1", "link: 0 rows are not what the evidence gives, and 0"),
    "a date": ("UPDATE dated SET earliest = '1999-01-01' WHERE id = (SELECT min(id) FROM dated)", "dated: 1 rows are not"),
    "a dispute": ("DELETE FROM dispute", "dispute: 0 rows are not"),
    "a slip": ("UPDATE slip SET days_at_least = 5", "slip: "),
    "a moved fact": ("DELETE FROM moved_fact", "moved_fact: 0 rows are not"),
    "the full text": ("DELETE FROM search WHERE rowid = (SELECT place FROM indexed LIMIT 1)", "search: 0 rows are not"),
    "the inside of the full-text index": ("DELETE FROM search_data WHERE id > 1000", "the full-text index is damaged"),
    # Its rows and its inside may be whole, while searches go astray.
    "what the full-text index finds": ("DELETE FROM search_idx", "does not find what it should"),
    "what is indexed": ("UPDATE indexed SET names = '[]' WHERE id = 1", "indexed: 1 rows are not"),
    "a spelling": ("DELETE FROM spelling WHERE word = 'challenge'", "spelling: 0 rows are not"),
}  # fmt: skip


@pytest.mark.parametrize(("statement", "words"), BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_found(full: Engine, statement: str, words: str) -> None:
    break_it(full, *statement.split("; "))
    told = check(full)
    assert any(words in one for one in told), told


def test_the_command_names_each_and_exits_with_1(full: Engine) -> None:
    folder = Path(str(full.url.database)).parent
    break_it(
        full, "UPDATE source SET sha256 = 'x' WHERE slug = 'hoax'", "UPDATE entry SET label = 'x' WHERE slug = 'zhenya'"
    )
    done = run(folder, "check")
    assert (done.returncode, done.stdout) == (1, "")
    sealed, text_of, entry, last = done.stderr.splitlines()
    assert "revision 3: it, what it wrote of hoax, version 1, or the revision before it is not what it was" in sealed
    assert "source hoax, version 1: its text" in text_of
    assert "entry: 1 rows are not what the evidence gives" in entry
    assert "character/zhenya" in entry
    assert "3 of what was checked does not hold" in last
    # What it says to do helps.
    assert run(folder, "rebuild").returncode == 0
    assert len(run(folder, "check").stderr.splitlines()) == 3


def test_a_database_of_another_version_is_not_touched(tmp_path: Path) -> None:
    fails_in_a_sentence(run(tmp_path, "check"), "is not there", "filmspace serve")
    (tmp_path / "filmspace.db").touch()
    fails_in_a_sentence(run(tmp_path, "check"), "not of this version", "filmspace serve")
    fails_in_a_sentence(run(tmp_path / "missing", "check"), "unable to open")


@pytest.mark.parametrize(
    "command",
    ["undo 1 --reason x", "withdraw gazette --reason x", "merge film/a film/b --reason x", "rebuild", "token list"],
)
def test_what_needs_a_database_makes_none(tmp_path: Path, command: str) -> None:
    """In another folder, say, than that of the base."""
    fails_in_a_sentence(run(tmp_path, *command.split()), "is not there", "FILMSPACE_DATABASE_URL")
    assert not (tmp_path / "filmspace.db").exists()


def aged(engine: Engine) -> None:
    """Take a base back to the first schema that there was, with records as nobody would make them now."""
    command.downgrade(alembic_config(engine), "db5a4b0a5ecf")
    break_it(engine, "UPDATE film SET document = '{}'", "DELETE FROM person", "UPDATE entry SET label = 'old'")


def evidence(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """What stays the same whatever the schema: all but the merges, which the first one did not have, and the ids of
    what is only reported, which were others in it.
    """
    told = "id, slug, kind, version, title, publisher, published, url, language, text, sha256, claims_sha256"
    queries = {"source": f"SELECT {told}, superseded_by_id, withdrawn_at, loaded_at FROM source"}
    quoted = 'id, claim_id, role, exact, prefix, suffix, start, "end", sentence, locator'
    queries |= {"citation": f"SELECT {quoted} FROM citation"}
    same = "id, source_id, subject_id, property, value, object_id, character_id, qualifiers, modality, inference"
    queries |= {"claim": f"SELECT {same}, CASE modality WHEN 'reported' THEN '' ELSE fingerprint END FROM claim"}
    queries |= {"entity": "SELECT id, kind, slug FROM entity"}
    queries |= {"revision": "SELECT id, at, actor, action, source_id, added, superseded, withdrawn FROM revision"}
    with engine.connect() as connection:
        return {name: sorted(map(tuple, connection.execute(text(query))), key=repr) for name, query in queries.items()}


def test_a_base_of_an_earlier_version_gets_its_records_anew(full: Engine) -> None:
    folder = Path(str(full.url.database)).parent
    aged(full)
    before = evidence(full)
    with serving(folder, SEEDS=str(folder)) as (client, process):
        assert client.get("/films/the-challenge").json()["name"] == "The Challenge"
        assert client.get("/people").json()["count"] == 9
        assert client.get("/search?q=shkaplerov").json()["count"] > 0
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)
    assert evidence(full) == before
    assert check(full) == []
    assert run(folder, "load", str(SEED)).stderr == "", "once is enough"


def test_every_command_says_that_it_makes_the_records_anew(full: Engine) -> None:
    folder = Path(str(full.url.database)).parent
    aged(full)
    done = run(folder, "load", str(SEED))
    assert (done.returncode, done.stderr) == (
        0, "filmspace: the database is of another version; the records of its 37 entities are made anew\n",
    )  # fmt: skip
    assert check(full) == []


def test_records_that_cannot_be_made_anew_leave_the_earlier_version(full: Engine) -> None:
    aged(full)
    before = evidence(full)

    def fail(_: Connection, __: object) -> None:
        raise RuntimeError("out of time")

    with pytest.raises(RuntimeError, match="out of time"):
        upgrade(full, then=fail)
    assert not is_current(full)
    assert evidence(full) == before
    upgrade(full, then=lambda connection, _: rebuild(connection))
    assert check(full) == []
