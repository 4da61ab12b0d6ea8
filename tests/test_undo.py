"""Judgements that are taken back: what was before is so again, and the history keeps both."""

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from app.audit import problems
from app.db import for_writing, scratch
from app.loading.problems import RefusedError
from app.loading.undo import undo_revision
from app.queries.facts import facts_by_id
from app.queries.facts.lists import FactQuery, list_facts
from app.queries.fates import fate_of_fact
from tests.conftest import AN_ENGINE, Fresh, Serving
from tests.histories import A_JUDGEMENT, STEPS, documents, run
from tests.makers import a_claim, a_folder, load
from tests.test_cli import fails_in_a_sentence
from tests.test_cli import run as command
from tests.test_identity import is_gone, leads_to, merge, rename, results, withdraw


def undo(engine: Engine, revision: int) -> str:
    with for_writing(engine).begin() as connection:
        return undo_revision(connection, revision, "it was wrong", actor="tests")


def shown_facts(engine: Engine) -> dict[str, dict[str, Any]]:
    with engine.connect() as connection:
        _, facts = list_facts(connection, FactQuery(limit=1000))
    return {fact.id: fact.model_dump(mode="json") for fact in facts}


def last_revision(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT max(id) FROM revision")).scalar_one() or 0)


def raw(engine: Engine) -> list[tuple[Any, ...]]:
    """The documents byte for byte, but for the time at which each was last touched."""
    query = " UNION ALL ".join(f"SELECT slug, document FROM {kind}" for kind in ("film", "person"))
    with engine.connect() as connection:
        rows = connection.execute(text(f"SELECT slug, document FROM ({query}) AS every ORDER BY slug")).all()
    return [(slug, *document.split('"updated_at":"')) for slug, document in rows]


def without_time(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [(slug, head, tail.partition('"')[2]) for slug, head, tail in rows]


@settings(max_examples=6)
@given(on=AN_ENGINE, steps=STEPS, tried=st.lists(A_JUDGEMENT, min_size=5, max_size=5))
def test_to_take_back_the_last_judgement_leaves_no_trace_in_the_records(
    fresh: Fresh, on: str, steps: list[tuple[str, str, Any]], tried: list[tuple[str, str, Any]]
) -> None:
    with fresh(on) as engine, tempfile.TemporaryDirectory() as folder:
        ever: set[str] = set()
        for step in steps:
            run(engine, Path(folder), [step])
            ever |= shown_facts(engine).keys()
        before = documents(engine), shown_facts(engine)
        assume(any(run(engine, Path(folder), [judgement]) for judgement in tried))
        ever |= shown_facts(engine).keys()
        undo(engine, last_revision(engine))
        assert (documents(engine), shown_facts(engine)) == before
        with engine.connect() as connection:
            # Each id that a fact ever had leads to it, or says why it is gone.
            assert [one for one in ever - before[1].keys() if fate_of_fact(connection, one) is None] == []
            for one in ever:
                fate = fate_of_fact(connection, one)
                if one not in facts_by_id(connection, [one]) and fate and fate.now:
                    assert fate_of_fact(connection, fate.now) or facts_by_id(connection, [fate.now])
        with scratch(engine) as connection:
            assert list(problems(connection)) == []


def test_what_was_merged_answers_under_its_own_address_again(two: Engine, serving: Serving) -> None:
    api = serving(two)
    before, facts = raw(two), {fact["id"]: fact for fact in results(api, "/facts")}
    merge(two, "person/a-byte", "person/ada-byte")
    merge(two, "film/orbit-1", "film/orbit-one")
    merged = {fact["id"] for fact in results(api, "/facts")} - facts.keys()
    leads_to(api, "/films/orbit-1", "/films/orbit-one")
    assert undo(two, 4) == "film/orbit-1 stands for itself again"
    leads_to(api, "/people/a-byte", "/people/ada-byte")
    assert undo(two, 3) == "person/a-byte stands for itself again"
    assert without_time(raw(two)) == without_time(before)
    assert {fact["id"]: fact for fact in results(api, "/facts")} == facts
    assert api.get("/films/orbit-1").json()["updated_at"] > api.get("/changes/3").json()["at"]
    # The ids that facts had in between lead to what they are now.
    assert merged
    for one in merged:
        assert api.get(f"/facts/{one}", follow_redirects=True).json()["id"] in facts


def test_the_first_of_a_chain_is_taken_back_alone(two: Engine, tmp_path: Path, serving: Serving) -> None:
    label = [a_claim("film/third", "label", "a third film", quote="a third film")]
    load(two, a_folder(tmp_path, "third", "There is a third film.", label))
    api = serving(two)
    merge(two, "film/orbit-1", "film/orbit-one")
    merge(two, "film/orbit-one", "film/third")
    undo(two, 4)
    assert [one["slug"] for one in results(api, "/films?ordering=slug")] == ["orbit-1", "third"]
    leads_to(api, "/films/orbit-one", "/films/third")
    assert [one["slug"] for one in results(api, "/films?source=first")] == ["third"]
    # And the other way round: what was merged before goes with it.
    merge(two, "film/orbit-1", "film/third")
    undo(two, 5)
    assert [one["slug"] for one in results(api, "/films?ordering=slug")] == ["orbit-one", "third"]
    leads_to(api, "/films/orbit-1", "/films/third")


def test_what_stood_on_a_merge_and_was_taken_back_is_not_in_its_way(two: Engine) -> None:
    """Even where the merged one's own name was given to what it was merged into."""
    before = documents(two)
    merge(two, "person/a-byte", "person/ada-byte")
    first = last_revision(two)
    rename(two, "person/ada-byte", "ada")
    rename(two, "person/ada", "a-byte")
    undo(two, first + 2)
    undo(two, first + 1)
    assert undo(two, first).startswith("person/a-byte stands for itself again")
    assert documents(two) == before
    with scratch(two) as connection:
        assert list(problems(connection)) == []


def test_after_a_renaming_is_taken_back_both_addresses_answer(two: Engine, serving: Serving) -> None:
    api = serving(two)
    before = raw(two)
    rename(two, "film/orbit-1", "orbit-the-first")
    merge(two, "film/orbit-one", "film/orbit-the-first")
    undo(two, 4)
    assert undo(two, 3) == "film/orbit-1 is called so again, and film/orbit-the-first leads there"
    assert without_time(raw(two)) == without_time(before)
    leads_to(api, "/films/orbit-the-first", "/films/orbit-1")
    # It can be done once more, and taken back once more.
    rename(two, "film/orbit-1", "orbit-the-first")
    leads_to(api, "/films/orbit-1", "/films/orbit-the-first")
    undo(two, 7)
    leads_to(api, "/films/orbit-the-first", "/films/orbit-1")


def test_a_source_that_was_withdrawn_counts_again(two: Engine, serving: Serving) -> None:
    api = serving(two)
    before, facts = raw(two), results(api, "/facts")
    withdraw(two, "second")
    is_gone(api, "/sources/second", "a hoax")
    assert undo(two, 3) == "second counts again, with 4 facts"
    assert without_time(raw(two)) == without_time(before)
    assert results(api, "/facts") == facts
    assert api.get("/sources/second").status_code == 200
    change = api.get("/changes/4").json()
    told = {key: change[key] for key in ("action", "actor", "reason", "undoes", "version", "added_count", "ended")}
    assert told == {
        "action": "undo", "actor": "tests", "reason": "it was wrong", "undoes": 3, "version": 1, "added_count": 4,
        "ended": [],
    }  # fmt: skip
    assert (change["source"]["slug"], len(change["added"]), change["undone_by"]) == ("second", 4, None)
    assert api.get("/changes/3").json()["undone_by"] == 4
    assert api.get("/changes/4/facts").json()["count"] == 4
    # And is withdrawn once more.
    withdraw(two, "second")
    is_gone(api, "/sources/second", "a hoax")
    assert undo(two, 5) == "second counts again, with 4 facts"


def test_the_history_tells_it(two: Engine, serving: Serving) -> None:
    api = serving(two)
    merge(two, "film/orbit-1", "film/orbit-one")
    undo(two, 3)
    rename(two, "person/a-byte", "byte")
    undo(two, 5)
    first, second = (api.get(f"/changes/{one}").json() for one in (4, 6))
    assert (first["undoes"], first["entity"]["slug"], first["into"], first["source"]) == (3, "orbit-1", None, None)
    assert (second["undoes"], second["entity"]["slug"], second["into"]["slug"]) == (5, "byte", "a-byte")
    feed = api.get("/changes?format=atom").text
    assert "Taken back (revision 3): Orbit 1 (orbit-1)" in feed
    assert "Taken back (revision 5): A. Byte (byte) into A. Byte (a-byte)" in feed
    assert "it was wrong" in feed


def test_what_stands_on_a_judgement_is_named(two: Engine, tmp_path: Path) -> None:
    rename(two, "film/orbit-1", "orbit")  # 3
    merge(two, "film/orbit", "film/orbit-one")  # 4
    with pytest.raises(RefusedError, match="revision 4, which merged film/orbit into film/orbit-one, stands on it"):
        undo(two, 3)
    undo(two, 4)  # 5
    merge(two, "person/a-byte", "person/ada-byte")  # 6
    rename(two, "person/ada-byte", "a-byte")  # 7
    with pytest.raises(RefusedError, match="revision 7, which renamed person/ada-byte to person/a-byte, stands on it"):
        undo(two, 6)
    withdraw(two, "first")  # 8
    load(two, tmp_path / "first")  # 9
    with pytest.raises(RefusedError, match="revision 9, which loaded first anew, has taken its place"):
        undo(two, 8)
    undo(two, 7)
    undo(two, 6)
    undo(two, 3)


@pytest.mark.parametrize(
    ("revision", "words"),
    [
        (99, "there is no such revision; the newest is 4"),
        (2**31 - 1, "there is no such revision"),
        (1, "it loaded first, which is no judgement; `filmspace withdraw first`"),
        (3, "there is nothing to take back: revision 4 did it already"),
        (4, "it took back revision 3; make that judgement again instead"),
    ],
)
def test_what_cannot_be_taken_back(two: Engine, revision: int, words: str) -> None:
    merge(two, "film/orbit-1", "film/orbit-one")
    undo(two, 3)
    with pytest.raises(RefusedError, match=f"revision {revision}: {words}"):
        undo(two, revision)
    assert last_revision(two) == 4


def test_the_command_says_what_is_so_again(two: Engine, tmp_path: Path) -> None:
    asked = partial(command, tmp_path, DATABASE_URL=str(two.url))
    merge(two, "film/orbit-1", "film/orbit-one")
    fails_in_a_sentence(asked("undo", "3", "--reason", " "), "for a reason")
    done = asked("undo", "3", "--reason", "two films")
    assert (done.returncode, done.stdout) == (0, "revision 3: taken back; film/orbit-1 stands for itself again\n")
    fails_in_a_sentence(asked("undo", "3", "--reason", "x"), "revision 4 did it already")
    assert asked("undo", "0", "--reason", "x").returncode == 2
