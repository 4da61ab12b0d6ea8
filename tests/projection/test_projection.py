"""Whatever is loaded, corrected and withdrawn in whatever order, the records are those that the evidence gives."""

import json
import tempfile
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from app.audit import problems
from app.db import for_writing, scratch
from app.documents.records import DOCUMENTS
from app.loading.problems import RefusedError
from app.projection import rebuild
from app.queries.facts.lists import FactQuery, list_facts
from app.tables.evidence import Voice, independent_publishers
from tests.conftest import AN_ENGINE, Fresh, Serving
from tests.histories import A_SOURCE, STEPS, documents, run, write
from tests.makers import a_claim, a_folder, load
from tests.postgresql import Cluster


def _projected(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that the projection wrote, but for row ids that have no meaning."""
    links = "subject_id, property, object_id, character_id, value, role, modality, fact"
    queries: dict[str, str] = {kind: f'SELECT * FROM "{kind}"' for kind in DOCUMENTS}
    queries |= {"entry": "SELECT * FROM entry", "link": f"SELECT {links} FROM link"}
    dates = "subject_id, kind, slug, property, fact_id, edtf, earliest, latest, reach, value, object_id"
    queries["dated"] = f"SELECT {dates}, modality, standing, is_disputed, has_days, source_count FROM dated"
    queries |= {"dispute": "SELECT * FROM dispute", "slip": "SELECT * FROM slip"}
    queries["search"] = (
        "SELECT rowid, words FROM search" if connection.dialect.name == "sqlite" else "SELECT * FROM search"
    )
    queries |= {"indexed": "SELECT * FROM indexed", "spelling": "SELECT * FROM spelling"}
    queries["stated"] = "SELECT * FROM stated"
    queries["moved_fact"] = "SELECT * FROM moved_fact"
    return {name: sorted(map(tuple, connection.execute(text(query))), key=repr) for name, query in queries.items()}


@settings(max_examples=14)
@given(on=AN_ENGINE, steps=STEPS)
def test_incremental_projection_equals_rebuild(fresh: Fresh, on: str, steps: list[tuple[str, str, Any]]) -> None:
    with fresh(on) as engine, tempfile.TemporaryDirectory() as folder:
        run(engine, Path(folder), steps)
        with for_writing(engine).begin() as connection:
            incremental = _projected(connection)
            rebuild(connection)
            assert _projected(connection) == incremental


@settings(max_examples=6)
@given(steps=STEPS)
def test_postgresql_makes_the_same_of_a_history(
    fresh: Fresh, postgresql: Cluster, steps: list[tuple[str, str, Any]]
) -> None:
    with fresh("postgresql") as engine, fresh("sqlite") as other, tempfile.TemporaryDirectory() as folder:
        assert run(engine, Path(folder), steps) == run(other, Path(folder), steps)
        assert documents(engine) == documents(other)
        with scratch(engine) as connection:
            assert list(problems(connection)) == []


@settings(max_examples=6)
@given(on=AN_ENGINE, sources=st.tuples(A_SOURCE, A_SOURCE, A_SOURCE), order=st.permutations((0, 1, 2)))
def test_the_order_of_loading_does_not_matter(
    fresh: Fresh, on: str, sources: tuple[dict[str, Any], ...], order: Sequence[int]
) -> None:
    found = []
    for sequence in ((0, 1, 2), order):
        with fresh(on) as engine, tempfile.TemporaryDirectory() as folder:
            run(engine, Path(folder), [("load", "abc"[index], sources[index]) for index in sequence])
            found.append(documents(engine))
    assert found[0] == found[1]


ONE = {"film/beta": "film/alpha", "person/cole": "person/bell", "place/orbit": "place/moon"}


def _as_one(folder: Path) -> None:
    """Have a source call what is merged by one name from the start."""
    claims = (folder / "claims.yaml").read_text(encoding="utf-8")
    for old, new in ONE.items():
        claims = claims.replace(old, new)
    content = yaml.safe_load(claims)
    content["entities"] = list(dict.fromkeys(content["entities"]))
    (folder / "claims.yaml").write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")


@settings(max_examples=5)
@given(
    on=AN_ENGINE, sources=st.tuples(A_SOURCE, A_SOURCE, A_SOURCE), merged_after=st.integers(min_value=1, max_value=3)
)
def test_what_is_merged_is_as_if_every_source_had_called_it_by_one_name(
    fresh: Fresh, on: str, sources: tuple[dict[str, Any], ...], merged_after: int
) -> None:
    found = []
    for is_merged in (False, True):
        with fresh(on) as engine, tempfile.TemporaryDirectory() as folder:
            for number, (slug, source) in enumerate(zip("abc", sources, strict=True)):
                written = write(Path(folder), slug, source)
                if not is_merged:
                    _as_one(written)
                try:
                    load(engine, written)
                except RefusedError:
                    assume(False)  # under one name it contradicts itself
                if is_merged and number + 1 >= merged_after:
                    run(engine, Path(folder), [("merge", old, new) for old, new in ONE.items()])
            # What is only named by an old name is not held under the other, and cannot be merged into it.
            assume(not is_merged or not {*documents(engine)} & {*ONE})
            found.append((documents(engine), _shown_facts(engine)))
    assert found[0] == found[1]


def _shown_facts(engine: Engine) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        count, facts = list_facts(connection, FactQuery(limit=100))
        assert count == len(facts)
        return [fact.model_dump(mode="json", exclude={"recorded_at"}) for fact in facts]


def test_every_stored_document_is_one_of_its_model(seeded: Engine) -> None:
    with seeded.connect() as connection:
        for kind, model in DOCUMENTS.items():
            stored = list(connection.execute(text(f'SELECT document FROM "{kind}"')).scalars())
            assert stored
            for document in stored:
                record = model.model_validate_json(document)
                assert json.loads(record.model_dump_json()) == json.loads(document) | {
                    "updated_at": json.loads(record.model_dump_json())["updated_at"]
                }


def test_a_rebuild_of_the_seed_writes_the_same_bytes(seeded: Engine) -> None:
    with for_writing(seeded).begin() as connection:
        before = _projected(connection)
        assert rebuild(connection) == 34
        assert _projected(connection) == before


def _place_source(place: str, published: str) -> dict[str, Any]:
    said = [{"subject": "event/launch", "property": "location", "object": place, "modality": "asserted"}]
    return {"said": said, "unnamed": set(), "spelling": "", "published": published, "publisher": published}


def test_what_neither_the_record_nor_another_says_to_have_happened_is_planned(engine: Engine, tmp_path: Path) -> None:
    said = [("alpha", "asserted", "beta"), ("gamma", "planned", "alpha"), ("alpha", "asserted", "delta")]
    said += [("delta", "planned", "gamma")]
    lines = [f"{one.title()} works with {other.title()}: {sense}." for one, sense, other in said]
    claims = [
        a_claim(f"organisation/{one}", "name", one.title(), quote=next(line for line in lines if one.title() in line))
        for one in ("alpha", "beta", "gamma", "delta")
    ]
    claims += [
        a_claim(f"organisation/{one}", "partner", object=f"organisation/{other}", quote=line, modality=sense)
        for (one, sense, other), line in zip(said, lines, strict=True)
    ]
    load(engine, a_folder(tmp_path, "gazette", "\n".join(lines), claims))
    found = {one["slug"]: one for one in documents(engine).values()}
    assert {slug: sorted(ref["slug"] for ref in one["partners"]) for slug, one in found.items()} == {
        "alpha": ["beta", "delta", "gamma"], "beta": ["alpha"], "gamma": ["alpha", "delta"], "delta": ["alpha", "gamma"],
    }  # fmt: skip
    assert {slug: one["planned"] for slug, one in found.items()} == {
        "alpha": ["partners[2]"], "beta": [], "gamma": ["partners"], "delta": ["partners[0]"],
    }  # fmt: skip
    assert [found[slug]["partners"][place]["slug"] for slug, place in (("alpha", 2), ("delta", 0))] == ["gamma"] * 2


def test_entries_that_are_plans_are_named_among_those_that_are_not(engine: Engine, tmp_path: Path) -> None:
    """A director who plays in the next film as well, as far as the list of a record goes."""
    planned = (3, 11, 27)
    lines = [f"Film {year} of Ada Ames came out in {year}." for year in range(1970, 2000)]
    claims = [a_claim("person/ada-ames", "name", "Ada Ames", quote=lines[0])]
    for place, line in enumerate(lines):
        film, sense = f"film/film-{1970 + place}", "planned" if place in planned else "asserted"
        claims += [
            a_claim(film, "name", line[:9], quote=line),
            a_claim(film, "release_date", str(1970 + place), quote=line, modality=sense),
            a_claim(film, "director", object="person/ada-ames", quote=line, modality=sense),
        ]
    claims += [a_claim("film/film-1973", "cast", object="person/ada-ames", quote=lines[3])]
    load(engine, a_folder(tmp_path, "gazette", "\n".join(lines), claims))
    person = {one["slug"]: one for one in documents(engine).values()}["ada-ames"]
    assert [(one["film"]["label"], one["role"]) for one in person["films"]][3:5] == [
        ("Film 1973", "cast"), ("Film 1973", "director"),
    ]  # fmt: skip
    assert person["planned"] == ["films[4]", "films[12]"]
    assert (person["films"][12]["film"]["label"], person["films_count"]) == ("Film 1981", 31)


def test_what_is_to_describe_a_plan_is_planned_and_what_it_is_called_is_not(engine: Engine, tmp_path: Path) -> None:
    line = "The Walk is to be the first walk of an actor."
    claims = [
        a_claim("event/walk", "name", "The Walk", quote=line, modality="planned"),
        a_claim("event/walk", "description", "the first walk of an actor", quote=line, modality="planned"),
    ]
    load(engine, a_folder(tmp_path, "gazette", line, claims))
    (walk,) = documents(engine).values()
    assert (walk["name"], walk["description"]) == ("The Walk", "the first walk of an actor")
    assert (walk["planned"], walk["status"]) == (["description"], "planned")


def test_an_event_has_happened_where_something_that_takes_place_has(engine: Engine, tmp_path: Path) -> None:
    """What sort of event it is, or what it costs, can be said of one to come."""
    claims: list[dict[str, Any]] = []
    for slug, name, told, modality in (
        ("walk", "event_type", {"value": "spacewalk"}, "asserted"),
        ("walk", "cost", {"value": "3 dollar"}, "asserted"),
        ("walk", "date", {"value": "2031"}, "planned"),
        ("flight", "event_type", {"value": "flight"}, "asserted"),
        ("flight", "date", {"value": "2021"}, "planned"),
        ("flight", "participant", {"object": "person/ada"}, "asserted"),
        ("talk", "event_type", {"value": "talk"}, "asserted"),
        ("call", "event_type", {"value": "call"}, "planned"),
    ):
        line = f"Line {len(claims)}: the {slug} has {' '.join(told.values())} with ada."
        claims.append(a_claim(f"event/{slug}", name, quote=line, modality=modality, inference="implied", **told))
    called = [a_claim(f"event/{one}", "label", one, quote=f"the {one}") for one in ("walk", "flight", "talk", "call")]
    called.append(a_claim("person/ada", "name", "ada", quote="with ada"))
    article = "\n".join(claim["quote"] for claim in claims)
    for claim in called:
        claim["quote"] = next(line for line in article.splitlines() if claim["quote"] in line)
    load(engine, a_folder(tmp_path, "gazette", article, [*called, *claims]))
    found = {one["slug"]: one["status"] for one in documents(engine).values() if one["kind"] == "event"}
    assert found == {"walk": "planned", "flight": "happened", "talk": "happened", "call": "planned"}


def test_a_value_that_a_later_source_displaces_leaves_the_record_that_it_pointed_to(
    engine: Engine, tmp_path: Path
) -> None:
    earlier = ("load", "a", _place_source("place/moon", "2020-01-01"))
    run(engine, tmp_path, [earlier])
    assert documents(engine)["place/moon"]["events_count"] == 1
    run(engine, tmp_path, [("load", "b", _place_source("place/orbit", "2022-01-01"))])
    records = documents(engine)
    assert records["event/launch"]["location"]["slug"] == "orbit"
    assert records["event/launch"]["disputed"] == ["location"]
    assert records["place/orbit"]["events_count"] == 1
    assert records["place/moon"]["events"] == []
    run(engine, tmp_path, [("withdraw", "b", None)])
    records = documents(engine)
    assert records["event/launch"]["location"]["slug"] == "moon"
    assert records["event/launch"]["disputed"] == []
    assert records["place/moon"]["events_count"] == 1
    assert "place/orbit" not in records


def _dated_source(date: str, published: str, publisher: str, spelling: str = "") -> dict[str, Any]:
    said = [{"subject": "film/alpha", "property": "release_date", "value": date, "modality": "asserted"}]
    return {"said": said, "unnamed": set(), "spelling": spelling, "published": published, "publisher": publisher}


def test_more_independent_publishers_outweigh_a_later_source_and_a_finer_date_refines(
    engine: Engine, tmp_path: Path
) -> None:
    run(engine, tmp_path, [("load", "a", _dated_source("2021", "2020-01-01", "One"))])
    run(engine, tmp_path, [("load", "b", _dated_source("2021", "2020-01-01", "Two", " Two"))])
    run(engine, tmp_path, [("load", "c", _dated_source("2022", "2022-01-01", "One"))])
    film = documents(engine)["film/alpha"]
    assert (film["release_date"], film["disputed"], film["source_count"]) == ("2021", ["release_date"], 3)
    run(engine, tmp_path, [("load", "c", _dated_source("2021-10", "2022-01-01", "One"))])
    film = documents(engine)["film/alpha"]
    assert (film["release_date"], film["disputed"]) == ("2021-10", [])


Told = tuple[str | None, str, str | None]


@pytest.mark.parametrize(
    ("said_by", "voices"),
    [
        ([("A", "1", None), ("B", "1", None)], 1),
        ([("A", "1", None), ("A", "2", None)], 1),
        ([("A", "1", None), ("B", "2", None), ("B", "1", None)], 1),
        ([("A", "1", None), ("B", "2", None), (None, "3", None), (None, "3", None)], 3),
        # What is passed on is the word of those whom it is attributed to ...
        ([("A", "1", None), ("B", "2", "A")], 1),
        ([("A", "1", None), ("B", "2", "the a")], 1),
        ([("A", "1", None), ("B", "2", "C and A")], 1),
        ([("A", "1", None), ("B", "2", "C")], 2),
        ([("B", "1", "C"), ("D", "2", "C")], 1),
        # ... and whoever passes it on is one, whomever they name.
        ([("B", "1", "C"), ("B", "2", "D")], 1),
        ([("B", "1", "C"), ("B", "2", None)], 1),
        # One who passes on the words of two, who speak for themselves as well, makes no one of them.
        ([("B", "1", "C"), ("B", "2", "D"), ("C", "3", None), ("D", "4", None)], 2),
    ],
)
def test_voices_are_independent(said_by: list[Told], voices: int) -> None:
    for order in permutations(said_by):
        assert independent_publishers(Voice(*one) for one in order) == voices


def test_a_part_is_shown_in_each_of_its_roles_and_without_one_only_where_none_is_told(
    engine: Engine, tmp_path: Path, serving: Serving
) -> None:
    said = "Great Flight was flown and directed by Ada Orr, Ben Ito and Cy Pym."
    names = (("ada", "Ada Orr"), ("ben", "Ben Ito"), ("cy", "Cy Pym"))
    parts: list[tuple[str, dict[str, Any]]] = [
        ("ada", {"qualifiers": {"role": "director"}}), ("ada", {"qualifiers": {"role": "pilot"}}), ("ada", {}),
        ("ben", {"qualifiers": {"role": "director"}}), ("ben", {}), ("cy", {}),
    ]  # fmt: skip
    claims = [
        a_claim("event/flight", "name", "Great Flight", quote="Great Flight"),
        *(a_claim(f"person/{one}", "name", name, quote=name) for one, name in names),
        *(
            a_claim("event/flight", "participant", object=f"person/{one}", quote=said, inference="implied", **more)
            for one, more in parts
        ),
    ]
    load(engine, a_folder(tmp_path, "gazette", said, claims))
    api = serving(engine)
    event = api.get("/events/flight").json()
    assert [(one["participant"]["slug"], one["role"]) for one in event["participants"]] == [
        ("ada", "director"),
        ("ada", "pilot"),
        ("ben", "director"),
        ("cy", None),
    ]
    assert event["participants_count"] == 4
    told = {one: [part["role"] for part in api.get(f"/people/{one}").json()["events"]] for one, _ in names}
    assert told == {"ada": ["director", "pilot"], "ben": ["director"], "cy": ["participant"]}
