"""Connections and paths over HTTP: what is one step away, and the shortest chain to what is further."""

import json
import shutil
import tempfile
from collections import deque
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from alembic import command
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from app.db import for_writing, make_engine
from app.loading.load import withdraw_source
from app.loading.merging import merge_entities
from app.migrate import alembic_config, upgrade
from app.queries import paths
from app.queries.connections import ConnectionQuery, list_connections
from app.queries.paths import shortest_path
from app.vocabulary import KINDS, PLURALS, PROPERTIES
from tests.conftest import Serving
from tests.makers import a_claim, a_folder, every_fact, load
from tests.plans import plans_of, whole

Said = tuple[str, str, str, str | None]


def connections(api: httpx.Client, entity: str, **parameters: Any) -> list[tuple[str, str, str]]:
    """(property, direction, entity) of all connections, page by page."""
    kind, slug = entity.split("/")
    url: str | None = str(httpx.URL(f"/{PLURALS[kind]}/{slug}/connections", params={"limit": 7, **parameters}))  # type: ignore[index]  # the kind is one
    found: list[tuple[str, str, str]] = []
    count = 0
    while url:
        page = api.get(url)
        assert page.status_code == 200, page.text
        found += [(one["property"], one["direction"], key_of(one["entity"])) for one in page.json()["results"]]
        url, count = page.json()["next"], page.json()["count"]
    assert len(found) == count
    return found


def key_of(ref: dict[str, Any]) -> str:
    return f"{ref['kind']}/{ref['slug']}"


def path(api: httpx.Client, start: str, end: str) -> dict[str, Any]:
    response = api.get("/path", params={"from": start, "to": end})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def parts(fact: dict[str, Any]) -> dict[str, str]:
    """Who stands in a fact, by role."""
    found = {"subject": key_of(fact["subject"])}
    if isinstance(fact["value"], dict) and "slug" in fact["value"]:
        found["object"] = key_of(fact["value"])
    if "character" in fact["qualifiers"]:
        found["character"] = key_of(fact["qualifiers"]["character"])
    return found


def points(here: str, there: str) -> str:
    """The direction of a fact seen from one role, to somebody in another."""
    return "out" if here == "subject" else "in" if there == "subject" else "beside"


def told(folder: Path, slug: str, said: Sequence[Said]) -> Path:
    """A source that says each of (subject, property, object, character), and names everybody in it."""
    used = dict.fromkeys(one for subject, _, other, played in said for one in (subject, other, played) if one)
    lines = {entity: f"Line {number}: there is Name {entity.replace('/', ' ')}." for number, entity in enumerate(used)}
    claims = [a_claim(entity, "name", f"Name {entity.replace('/', ' ')}", quote=line) for entity, line in lines.items()]
    for number, (subject, name, other, played) in enumerate(said):
        lines[f"{number}"] = f"Statement {number} is made."
        quotes = [lines[f"{number}"], *(lines[one] for one in (subject, other, played) if one)]
        more = {"qualifiers": {"character": played}} if played else {}
        claims.append({**a_claim(subject, name, quote=quotes), "object": other, **more})
    return a_folder(folder, slug, "\n".join(lines.values()), claims, entities=list(used))


# Connections


@pytest.mark.parametrize("kind", KINDS)
def test_every_pair_in_a_shown_fact_is_connected(api: httpx.Client, kind: str) -> None:
    """Of all facts of the seed, those that hold connect everybody in them with everybody else, once."""
    expected: dict[str, list[tuple[str, str, str]]] = {}
    for fact in every_fact(api):
        if fact["modality"] in ("asserted", "reported", "planned") or fact["subject"]["kind"] == "character":
            for (here, one), (there, other) in permutations(parts(fact).items(), 2):
                expected.setdefault(one, []).append((fact["property"], points(here, there), other))
    records = api.get(f"/{PLURALS[kind]}", params={"limit": 100}).json()["results"]  # type: ignore[index]  # the kind is one of KINDS
    assert any(key_of(record) in expected for record in records)
    for record in records:
        assert sorted(connections(api, key_of(record))) == sorted(expected.get(key_of(record), []))


def test_a_connection_says_what_its_fact_says(api: httpx.Client) -> None:
    for one in api.get("/events/journey-to-the-iss-2021/connections").json()["results"]:
        fact = api.get(one["fact_url"]).json()
        roles = {entity: role for role, entity in parts(fact).items()}
        assert points(roles["event/journey-to-the-iss-2021"], roles[key_of(one["entity"])]) == one["direction"]
        assert {key: fact[key] for key in ("property", "modality", "subject", "source_count")} == {
            key: one[key] for key in ("property", "modality", "subject", "source_count")
        }
        assert one["role"] == fact["qualifiers"].get("role")
        assert one["character"] == fact["qualifiers"].get("character")


@pytest.mark.parametrize(
    ("entity", "asked", "expected"),
    [
        ("character/zhenya", {"direction": "beside"}, [("cast", "beside", "person/yulia-peresild")]),
        ("character/zhenya", {"property": "present_in_work"}, [("present_in_work", "out", "film/the-challenge")]),
        ("person/yulia-peresild", {"kind": "character"}, [("cast", "beside", "character/zhenya")]),
        ("film/the-challenge", {"kind": "place"}, [("filming_location", "out", "place/international-space-station")]),
        ("film/the-challenge", {"kind": ["place", "organisation"], "direction": "out", "property": ["partner", "filming_location"]},
         [("partner", "out", "organisation/roscosmos"), ("filming_location", "out", "place/international-space-station")]),
        ("film/the-challenge", {"modality": "hoped"}, []),
        ("film/the-challenge", {"modality": "planned", "kind": "place"}, []),
        ("character/zhenya", {"kind": "event"}, []),
        ("character/zhenya", {"property": "director"}, []),
    ],
)  # fmt: skip
def test_filters(api: httpx.Client, entity: str, asked: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    assert connections(api, entity, **asked) == expected


def test_counts_lead_to_what_they_count(api: httpx.Client) -> None:
    whole = api.get("/places/international-space-station/connections?kind=film&kind=event&limit=100").json()
    assert whole["count"] == sum(one["count"] for one in whole["by_property"]) == len(whole["results"])
    for one in whole["by_property"]:
        there = api.get(one["url"]).json()
        assert there["count"] == one["count"] > 0
        assert {(x["property"], x["direction"]) for x in there["results"]} == {(one["property"], one["direction"])}
        assert there["by_property"] == whole["by_property"]
    order = [(list(PROPERTIES).index(one["property"]), one["direction"]) for one in whole["results"]]
    assert order == sorted(order)


def test_kinds_are_told_apart_where_a_property_leads_to_several(
    engine: Engine, serving: Serving, tmp_path: Path
) -> None:
    said: list[Said] = [
        ("event/launch", "participant", one, None) for one in ("person/a", "organisation/b", "place/c", "person/d")
    ]
    load(engine, told(tmp_path, "a", said))
    api = serving(engine)
    assert [one[2] for one in connections(api, "event/launch", kind="person")] == ["person/a", "person/d"]
    assert [one[2] for one in connections(api, "event/launch", kind=["place", "organisation"])] == [
        "organisation/b", "place/c",
    ]  # fmt: skip
    assert [one[2] for one in connections(api, "event/launch", limit=1)] == [
        "person/a", "organisation/b", "place/c", "person/d",
    ]  # fmt: skip


def test_what_no_record_shows_connects_only_when_asked(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    folder = told(tmp_path, "a", [("film/a", "director", "person/b", None), ("film/a", "producer", "person/c", None)])
    written = (folder / "claims.yaml").read_text()
    before, producer, after = written.rpartition("property: producer")
    (folder / "claims.yaml").write_text(before + producer + after.replace("modality: asserted", "modality: hoped", 1))
    load(engine, folder)
    api = serving(engine)
    assert connections(api, "film/a") == [("director", "out", "person/b")]
    assert connections(api, "person/c") == []
    assert connections(api, "person/c", modality="hoped") == [("producer", "in", "film/a")]
    assert connections(api, "film/a", modality=["hoped", "asserted"]) == [
        ("director", "out", "person/b"), ("producer", "out", "person/c"),
    ]  # fmt: skip
    assert path(api, "film/a", "person/c")["path"] is None


# Sources that mention


def test_sources_that_mention_a_record(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    load(engine, told(tmp_path, "a", [("film/a", "cast", "person/b", "character/c")]))
    load(engine, told(tmp_path, "b", [("film/a", "director", "person/d", None)]))
    api = serving(engine)

    def slugs(*mentions: str) -> list[str]:
        page = api.get("/sources", params={"mentions": list(mentions)}).json()
        assert page["count"] == len(page["results"])
        return [one["slug"] for one in page["results"]]

    assert slugs("film/a") == ["a", "b"]
    assert slugs("person/b") == slugs("character/c") == ["a"]
    assert slugs("person/b", "person/d") == ["a", "b"]
    with for_writing(engine).begin() as connection:
        withdraw_source(connection, "b", "a hoax", actor="tests")
    assert slugs("film/a") == ["a"]
    assert slugs("person/d") == []


def test_a_path_to_what_is_gone_says_why(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    load(engine, told(tmp_path, "a", [("film/a", "director", "person/b", None)]))
    load(
        engine,
        told(tmp_path, "b", [("film/a", "director", "person/old", None), ("film/a", "director", "person/d", None)]),
    )
    with for_writing(engine).begin() as connection:
        merge_entities(connection, "person/old", "person/d", "they are the same", actor="tests")
        withdraw_source(connection, "b", "a hoax", actor="tests")
    api = serving(engine)

    def problem(start: str, end: str) -> tuple[int, str, list[tuple[str, str]]]:
        answer = api.get("/path", params={"from": start, "to": end}).json()
        assert all("a hoax" in one["detail"] for one in answer["errors"] if one["code"] == "gone")
        return answer["status"], answer["code"], [(one["parameter"], one["code"]) for one in answer["errors"]]

    assert problem("film/a", "person/d") == (410, "gone", [("to", "gone")])
    assert problem("person/old", "film/a") == (410, "gone", [("from", "gone")])
    assert problem("person/old", "person/d") == (410, "gone", [("from", "gone"), ("to", "gone")])
    assert problem("person/d", "film/never") == (404, "not_found", [("from", "gone"), ("to", "not_found")])


def test_merged_records_share_their_connections(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    load(engine, told(tmp_path, "a", [("film/a", "director", "person/old", None)]))
    load(engine, told(tmp_path, "b", [("film/b", "director", "person/new", None)]))
    with for_writing(engine).begin() as connection:
        merge_entities(connection, "person/old", "person/new", "they are the same", actor="tests")
    api = serving(engine)
    both = [("director", "in", "film/a"), ("director", "in", "film/b")]
    assert connections(api, "person/new") == both
    assert api.get("/people/old/connections").status_code == 308
    assert path(api, "film/a", "film/b")["length"] == 2
    assert key_of(path(api, "person/old", "film/a")["from"]) == "person/new"
    for name in ("person/old", "person/new"):
        assert api.get("/sources", params={"mentions": name}).json()["count"] == 2


# Paths


def test_path_in_the_seed_has_its_evidence(api: httpx.Client) -> None:
    found = path(api, "person/klim-shipenko", "character/zhenya")
    assert (found["length"], found["complete"], found["steps_searched"]) == (2, True, 2)
    first, second = found["path"]
    assert (key_of(found["from"]), key_of(found["to"])) == ("person/klim-shipenko", "character/zhenya")
    assert (key_of(first["from"]), key_of(first["to"])) == ("person/klim-shipenko", "film/the-challenge")
    assert (key_of(second["from"]), key_of(second["to"])) == ("film/the-challenge", "character/zhenya")
    # Two facts make him part of the film; the first property in the alphabet is told.
    assert (first["property"], first["direction"], second["direction"]) == ("director", "in", "out")
    assert all(one["fact"]["evidence"][0]["quote"] for one in found["path"])
    assert api.get(first["fact"]["url"]).json() == first["fact"]


def test_path_to_itself_is_empty(api: httpx.Client) -> None:
    found = path(api, "film/the-challenge", "film/the-challenge")
    assert (found["length"], found["path"], found["complete"]) == (0, [], True)


def test_ends_that_are_not_there_are_named(api: httpx.Client) -> None:
    problem = api.get("/path?from=person/klim-shipenk&to=film/zzz")
    assert problem.status_code == 404
    assert [(one["parameter"], one["code"], one["did_you_mean"]) for one in problem.json()["errors"]] == [
        ("from", "not_found", "person/klim-shipenko"),
        ("to", "not_found", None),
    ]


@pytest.mark.parametrize(
    "query",
    ["", "from=film/the-challenge", "from=film/the-challenge&to=the-challenge", "from=film/a&from=film/b&to=film/c",
     "from=film/%00&to=film/a", "from=film/%ff&to=film/a", "from=film/a&to=film/a&depth=3", "from=planet/a&to=film/a"],
)  # fmt: skip
def test_bad_questions_are_refused(api: httpx.Client, query: str) -> None:
    answer = api.get(f"/path?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"]


ENTITIES = {
    "film": ["film/a", "film/b", "film/c"],
    "person": ["person/a", "person/b", "person/c", "person/d"],
    "organisation": ["organisation/a", "organisation/b"],
    "event": ["event/a", "event/b", "event/c"],
    "place": ["place/a", "place/b"],
    "character": ["character/a", "character/b"],
}
PAIRS = [
    ("film", "director", "person"), ("film", "cast", "person"), ("film", "partner", "organisation"),
    ("organisation", "partner", "organisation"), ("event", "participant", "person"), ("event", "about", "event"),
    ("event", "location", "place"), ("organisation", "country", "place"), ("character", "present_in_work", "film"),
    ("place", "operator", "place"),
]  # fmt: skip


@st.composite
def a_statement(draw: st.DrawFn) -> Said:
    kind, name, other = draw(st.sampled_from(PAIRS))
    subject = draw(st.sampled_from(ENTITIES[kind]))
    target = draw(st.sampled_from([one for one in ENTITIES[other] if one != subject]))
    played = draw(st.sampled_from([None, *ENTITIES["character"]])) if name == "cast" else None
    return subject, name, target, played


def sayable(said: Said) -> tuple[Any, ...]:
    """What one source says once: each statement, and of a property that has one value only one."""
    subject, name, *rest = said
    return (subject, name, *(rest if subject.split("/")[0] in PROPERTIES[name].many else ()))


def shortest_chains(links: Sequence[dict[str, str]], start: str, end: str) -> list[list[str]]:
    """All shortest chains between two records, by the simplest search there is."""
    beside: dict[str, set[str]] = {}
    for link in links:
        for one, other in permutations(link.values(), 2):
            beside.setdefault(one, set()).add(other)
    waiting, chains, shortest = deque([[start]]), [], len(beside) + 2
    distance = {start: 0}
    while waiting:
        chain = waiting.popleft()
        if len(chain) > shortest:
            break
        if chain[-1] == end:
            shortest = len(chain)
            chains.append(chain)
            continue
        for other in beside.get(chain[-1], ()):
            if distance.setdefault(other, len(chain)) == len(chain):
                waiting.append([*chain, other])
    return chains


def one_file(file: Path, folder: str) -> Engine:
    copy = Path(folder) / "filmspace.db"
    shutil.copy(file, copy)
    return make_engine(f"sqlite:///{copy}")


@settings(max_examples=10)
@given(
    said=st.lists(a_statement(), min_size=5, max_size=16, unique_by=sayable),
    most=st.sampled_from((100_000, 0, 3, 8)),
    seed=st.randoms(use_true_random=False),
)
def test_paths_are_the_shortest_and_always_the_same(
    migrated_file: Path, said: list[Said], most: int, seed: Random
) -> None:
    """Against a plain search of the same links, there and back; and whatever the bounds, nothing untrue is told."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        engine = one_file(migrated_file, folder)
        load(engine, told(Path(folder), "a", said))
        patch.setattr(paths, "MOST_LINKS", most)
        with engine.connect() as connection:
            ids = {f"{row.kind}/{row.slug}": row.id for row in connection.execute(text("SELECT * FROM entry"))}
            names = {value: key for key, value in ids.items()}
            shown = connection.execute(text("SELECT * FROM link WHERE object_id IS NOT NULL")).all()
            roles = ("subject_id", "object_id", "character_id")
            links = [{role: names[one] for role in roles if (one := getattr(row, role))} for row in shown]
            pairs = seed.sample([*permutations(sorted(ids), 2)], 4)
            for start, end in (*pairs, *((end, start) for start, end in pairs)):
                found = shortest_path(connection, ids[start], ids[end])
                chains = shortest_chains(links, start, end)
                if found.path is None:
                    assert found.complete is False or not chains
                    assert not chains or len(chains[0]) - 1 > found.steps_searched
                    assert found.complete or most < 100_000
                    continue
                told_chain = [start, *(f"{step.to.kind}/{step.to.slug}" for step in found.path)]
                assert told_chain == min(chains, key=lambda chain: [one.split("/") for one in chain])
                assert found.length == len(found.path) == found.steps_searched
                for step in found.path:
                    fact = json.loads(step.fact.model_dump_json())
                    stands = {entity: role for role, entity in reversed(parts(fact).items())}
                    here, there = (f"{one.kind}/{one.slug}" for one in (step.from_, step.to))
                    assert step.direction == points(stands[here], stands[there])
        engine.dispose()


def test_a_hub_is_met_in_the_middle_and_never_read_whole(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bound keeps the search out of a place with many events, and two of its events still find each other."""
    said: list[Said] = [(f"event/e{number}", "location", "place/hub", None) for number in range(30)]
    said += [("event/e1", "participant", "person/near", None), ("event/e2", "participant", "person/far", None)]
    load(engine, told(tmp_path, "a", said))
    monkeypatch.setattr(paths, "MOST_LINKS", 20)
    with engine.connect() as connection:
        ids = {f"{row.kind}/{row.slug}": row.id for row in connection.execute(text("SELECT * FROM entry"))}
        over_it = shortest_path(connection, ids["person/near"], ids["person/far"])
        assert (over_it.length, over_it.complete) == (4, True)
        # From the hub itself there is always the other end to begin with.
        assert shortest_path(connection, ids["place/hub"], ids["person/far"]).length == 2
        monkeypatch.setattr(paths, "MOST_LINKS", 3)
        halted = shortest_path(connection, ids["person/near"], ids["person/far"])
        assert (halted.path, halted.length, halted.complete, halted.steps_searched) == (None, None, False, 2)
        monkeypatch.setattr(paths, "MOST_LINKS", 20)
        monkeypatch.setattr(paths, "MOST_STEPS", 3)
        short = shortest_path(connection, ids["person/near"], ids["person/far"])
        assert (short.path, short.complete, short.steps_searched) == (None, False, 3)


# What the database is asked


def test_no_question_goes_through_a_table(seeded: Engine) -> None:
    """Every statement of a search, and of a page of connections, finds its rows of links and claims by an index."""
    with seeded.connect() as connection:
        ids = {f"{row.kind}/{row.slug}": row.id for row in connection.execute(text("SELECT * FROM entry"))}

    def ask(connection: Connection) -> None:
        shortest_path(connection, ids["person/yulia-peresild"], ids["person/doug-liman"])
        list_connections(connection, ConnectionQuery(ids["film/the-challenge"], "film", kind=("person",)))
        hoped = ConnectionQuery(ids["film/the-challenge"], "film", modality=("hoped", "planned"))
        list_connections(connection, hoped)

    plans = plans_of(seeded, ask)
    assert len(plans) > 20
    for statement, plan in plans:
        assert [one for one in whole(plan) if "anon" not in one] == [], statement
    searched = [line for _, plan in plans for line in plan]
    # What is read level by level is never read from the rows themselves; only those who play characters are.
    levels = [line for statement, plan in plans for line in plan if "link.subject_id IN" in statement]
    if seeded.dialect.name == "sqlite":
        assert any("COVERING INDEX ix_link_object_id" in one for one in searched)
        assert all("COVERING" in one for one in levels if "link USING" in one)
    else:
        assert any("Index Only Scan using ix_link_object_id" in one for one in searched)
        assert all("Index Only" in one for one in levels if one.endswith(" on link"))


def test_links_that_were_there_before_get_their_facts(seeded: Engine) -> None:
    def links() -> list[tuple[Any, ...]]:
        with seeded.connect() as connection:
            # What is only reported got another id since, which is written when the records are made anew.
            query = (
                "SELECT subject_id, property, object_id, character_id, value, fact FROM link "
                "WHERE modality <> 'reported'"
            )
            return sorted(map(tuple, connection.execute(text(query))), key=repr)

    before = links()
    assert all((one[2] is None) == (one[5] is None) for one in before)
    command.downgrade(alembic_config(seeded), "c05b2e8ae25d-1")
    upgrade(seeded)
    assert links() == before
