"""The schema: what the models say, from nothing and over a loaded database."""

import shutil
from collections.abc import Collection
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

import app.tables  # noqa: F401  (declares the tables)
from app.db import for_writing, make_engine
from app.loading.load import withdraw_source
from app.loading.merging import merge_entities
from app.migrate import alembic_config, is_current, newest, upgrade
from tests.conftest import only_seeded_sqlite
from tests.makers import ROOT, SEED


def counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if not name.startswith(("search_", "alembic"))]
        return {name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in names}


def test_the_models_and_the_migrations_agree(engine: Engine) -> None:
    assert len(SQLModel.metadata.tables) == 22
    command.check(alembic_config(engine))  # raises what it would change


def test_every_constraint_and_index_has_a_name() -> None:
    for table in SQLModel.metadata.tables.values():
        for one in (*table.constraints, *table.indexes):
            assert getattr(one, "name", None), f"{table.name}: {one}"


@only_seeded_sqlite
def test_an_upgrade_over_a_loaded_database_loses_no_row(seeded: Engine, tmp_path: Path) -> None:
    """A migration that rebuilds a table drops the old one; the rows that refer to it must survive."""
    before = counts(seeded)
    migrations = Path(shutil.copytree(ROOT / "migrations", tmp_path / "migrations"))
    config = alembic_config(seeded)
    [head] = ScriptDirectory.from_config(config).get_heads()
    (migrations / "versions" / "rebuild_parents.py").write_text(
        f"""
import sqlalchemy as sa
from alembic import op

revision, down_revision = "rebuild_parents", "{head}"


def upgrade():
    for table in ("entity", "source", "claim"):
        with op.batch_alter_table(table, recreate="always") as batch:
            batch.add_column(sa.Column("note", sa.String(), nullable=True))
""",
        encoding="utf-8",
    )
    config.set_main_option("script_location", str(migrations))
    command.upgrade(config, "head")
    assert counts(seeded) == before
    with seeded.connect() as connection:
        assert connection.execute(text("SELECT count(note) FROM claim")).scalar_one() == 0
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1


def test_the_reasons_of_withdrawals_enter_the_history(seeded: Engine) -> None:
    with for_writing(seeded).begin() as connection:
        withdraw_source(connection, SEED.name, "a hoax", actor="tests")
    before = counts(seeded)
    command.downgrade(alembic_config(seeded), "db5a4b0a5ecf")
    upgrade(seeded)
    assert counts(seeded) == before
    with seeded.connect() as connection:
        rows = connection.execute(text("SELECT action, reason, entity_id, into_id FROM revision ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [("load", None, None, None), ("withdraw", "a hoax", None, None)]


def test_what_was_reported_gets_the_id_of_what_is_asserted(seeded: Engine) -> None:
    def ids() -> dict[int, tuple[str, str]]:
        with seeded.connect() as connection:
            return {row.id: (row.modality, row.fingerprint) for row in connection.execute(text("SELECT * FROM claim"))}

    now = ids()
    assert sum(modality == "reported" for modality, _ in now.values()) > 5
    command.downgrade(alembic_config(seeded), "c05b2e8ae25d")
    before = ids()
    assert all((before[one] == now[one]) == (now[one][0] != "reported") for one in now)
    upgrade(seeded)
    assert ids() == now


def test_a_row_has_one_of_the_values_that_there_are(seeded: Engine) -> None:
    """SQLite holds these conditions in other words from one schema on; they are the same."""
    for schema in ("head", "d81b5f0a6c34", "head"):
        (command.upgrade if schema == "head" else command.downgrade)(alembic_config(seeded), schema)
        for column in ("entity.kind", "claim.modality", "claim.inference", "claim.rank", "citation.role"):
            table, _, name = column.partition(".")
            with for_writing(seeded).connect() as connection, pytest.raises(IntegrityError, match=f"ck_{table}_{name}"):
                connection.execute(text(f"UPDATE {table} SET {name} = 'no such {name}'"))


def test_a_failing_migration_leaves_nothing_behind(seeded: Engine, tmp_path: Path) -> None:
    migrations = Path(shutil.copytree(ROOT / "migrations", tmp_path / "migrations"))
    config = alembic_config(seeded)
    [head] = ScriptDirectory.from_config(config).get_heads()
    (migrations / "versions" / "fail.py").write_text(
        f"""
import sqlalchemy as sa
from alembic import op

revision, down_revision = "fail", "{head}"


def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("DELETE FROM citation")
    op.execute("no such statement")
""",
        encoding="utf-8",
    )
    before = counts(seeded)
    config.set_main_option("script_location", str(migrations))
    with pytest.raises(Exception, match="syntax error"):
        command.upgrade(config, "head")
    assert counts(seeded) == before
    assert is_current(seeded)


def test_records_are_made_anew_only_where_a_migration_changes_them(seeded: Engine) -> None:
    with seeded.connect() as connection:
        hyphenated = set(connection.execute(text("SELECT id FROM indexed WHERE names LIKE '%-%'")).scalars())
    assert hyphenated
    made: list[Collection[int] | None] = []
    for before, which in (("f1d7b3a96e40", hyphenated), ("f7c3d05a8e21", None)):
        command.downgrade(alembic_config(seeded), before)
        upgrade(seeded, then=lambda _, changed: made.append(changed))
        assert made.pop() == which


def test_what_is_counted_of_a_loaded_base_is_what_the_projection_counts(library_file: Path, tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{shutil.copy(library_file, tmp_path)}")

    def stated() -> list[tuple[object, ...]]:
        with engine.connect() as connection:
            return [
                tuple(row) for row in connection.execute(text("SELECT * FROM stated ORDER BY subject_id, source_id"))
            ]

    with for_writing(engine).begin() as connection:
        merge_entities(connection, "person/yulia-peresild", "person/klim-shipenko", "a test", actor="tests")
        withdraw_source(connection, SEED.name, "a test", actor="tests")
    before = stated()
    command.downgrade(alembic_config(engine), "b399f2764fc9")
    upgrade(engine)
    assert stated() == before
    assert len(before) > 100
    engine.dispose()


def test_the_newest_schema_is_the_one_of_the_migrations(engine: Engine) -> None:
    assert newest() == set(ScriptDirectory.from_config(alembic_config(engine)).get_heads())


def test_a_migration_can_be_taken_back(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'new.db'}")
    upgrade(engine)
    command.downgrade(alembic_config(engine), "base")
    assert counts(engine) == {}
    upgrade(engine)
    assert is_current(engine)
    engine.dispose()
