"""Before a new entity is made it is held against the base: by an identifier it is one, by its name it may be."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine

from app.audit import problems
from app.db import scratch
from app.loading.load import LoadReport
from app.loading.seed import read_folder
from app.schemes import IDENTIFIER_FORMS
from app.values import canonical, check_identifier
from app.vocabulary import Kind
from tests.conftest import Serving
from tests.histories import documents
from tests.makers import a_claim, a_folder, load, refused
from tests.test_cli import run
from tests.test_identity import leads_to, merge, results, withdraw
from tests.test_undo import shown_facts, undo

CRUISE = "imdb:nm0000129"


def told(folder: Path, slug: str, claims: list[dict[str, Any]], entities: list[Any], article: str) -> Path:
    return a_folder(
        folder, slug, article, claims, entities=entities, source={"published": "2021-01-01", "publisher": slug}
    )


def first(folder: Path) -> Path:
    """A source that names a person, and an identifier in so many words."""
    claims = [
        a_claim("person/thomas-mapother", "name", "Tom Cruise", quote="Tom Cruise"),
        a_claim("person/thomas-mapother", "identifier", CRUISE, quote=f"Tom Cruise ({CRUISE})"),
        a_claim("person/thomas-mapother", "alternate_name", "Maverick", quote="known as Maverick"),
    ]
    return told(folder, "first", claims, ["person/thomas-mapother"], f"Tom Cruise ({CRUISE}) is known as Maverick.")


def second(folder: Path, *notes: str, slug: str = "second", aliases: tuple[str, ...] = (), **more: Any) -> Path:
    """A source that speaks of the same person by another slug, with a curator's notes."""
    claims = [
        a_claim("film/orbit", "name", "Orbit", quote="Orbit"),
        a_claim("film/orbit", "cast", object="person/tom-cruise", quote="Tom Cruz plays in Orbit"),
    ]
    person = {"id": "person/tom-cruise", "identifiers": list(notes), "aliases": list(aliases), **more}
    return told(folder, slug, claims, ["film/orbit", person], "Tom Cruz plays in Orbit.")


def named(folder: Path, *notes: str, slug: str = "second", aliases: tuple[str, ...] = ()) -> Path:
    """The same, with a name for the person."""
    claims = [a_claim("person/tom-cruise", "name", "Tom Cruz", quote="Tom Cruz")]
    person = {"id": "person/tom-cruise", "identifiers": list(notes), "aliases": list(aliases)}
    return told(folder, slug, claims, [person], "Tom Cruz plays in Orbit.")


def identities(report: LoadReport) -> list[tuple[str, str, str, int]]:
    return [(one.entity, one.held, one.identifier, revision) for one, revision in report.same]


def test_what_has_an_identifier_of_another_is_that_one(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    load(engine, first(tmp_path))
    report = load(engine, second(tmp_path, CRUISE, "wikidata:Q37079", aliases=("Tom Cruz",)))
    assert identities(report) == [("person/tom-cruise", "person/thomas-mapother", CRUISE, 3)]
    assert (report.entities_new, report.entities_known) == (1, 1)
    api = serving(engine)
    [person] = results(api, "/people")
    assert (person["slug"], person["alternate_names"]) == ("thomas-mapother", ["Maverick", "Tom Cruz"])
    assert person["identifiers"] == {"imdb": "nm0000129", "wikidata": "Q37079"}
    assert [one["film"]["slug"] for one in person["films"]] == ["orbit"]
    leads_to(api, "/people/tom-cruise", "/people/thomas-mapother")
    change = api.get("/changes/3").json()
    assert (change["action"], change["reason"]) == ("merge", f"Both have {CRUISE}")
    assert (change["entity"]["slug"], change["into"]["slug"]) == ("tom-cruise", "thomas-mapother")
    # The claim has the name that its source gave it, so to take the merge back parts the two again.
    undo(engine, 3)
    assert {one["slug"] for one in results(api, "/people")} == {"thomas-mapother", "tom-cruise"}
    [film] = results(api, "/films")
    assert film["cast"][0]["person"]["slug"] == "tom-cruise"
    with scratch(engine) as connection:
        assert list(problems(connection)) == []
    # And they are not made one again without being asked.
    assert load(engine, tmp_path / "second").is_unchanged
    [problem] = refused(engine, second(tmp_path, CRUISE, slug="third"))
    assert "person/tom-cruise and person/thomas-mapother both have imdb:nm0000129" in problem
    assert "filmspace merge person/tom-cruise person/thomas-mapother," in problem


def test_who_lets_a_source_count_again_is_told_what_has_its_identifiers(engine: Engine, tmp_path: Path) -> None:
    asked = partial(run, tmp_path, DATABASE_URL=str(engine.url))
    load(engine, first(tmp_path))
    withdraw(engine, "first")
    load(engine, named(tmp_path, CRUISE))
    done = asked("undo", "2", "--reason", "it was right")
    assert done.returncode == 0
    counts, advice = done.stdout.splitlines()
    assert counts == "revision 2: taken back; first counts again, with 3 facts"
    assert f"person/thomas-mapother and person/tom-cruise have {CRUISE} in common" in advice
    merging = advice.partition("filmspace ")[2].partition(",")[0].split()
    assert asked(*merging, "--reason", "one person").returncode == 0
    # Where there is nobody else, there is nothing to say.
    withdraw(engine, "first")
    assert len(asked("undo", "5", "--reason", "it was right").stdout.splitlines()) == 1


def test_an_identifier_declares_nobody(engine: Engine, tmp_path: Path) -> None:
    load(engine, first(tmp_path))
    claims = [a_claim("person/tom-cruise", "identifier", CRUISE, quote=CRUISE)]
    article = f"Somebody is {CRUISE}. Skyward is a film."
    skyward = a_claim("film/skyward", "name", "Skyward", quote="Skyward")
    [problem] = refused(engine, told(tmp_path, "second", [*claims, skyward], ["film/skyward"], article))
    assert "person/tom-cruise is not among the entities of this file, nor held already" in problem


def test_who_parts_what_an_identifier_made_one_is_told_what_to_correct(engine: Engine, tmp_path: Path) -> None:
    asked = partial(run, tmp_path, DATABASE_URL=str(engine.url))
    load(engine, first(tmp_path))
    load(engine, named(tmp_path, CRUISE, aliases=("Tom Cruz",)))
    done = asked("undo", "3", "--reason", "two people")
    assert done.returncode == 0
    told, advice = done.stdout.splitlines()
    assert told == "revision 3: taken back; person/tom-cruise stands for itself again"
    assert f"person/tom-cruise and person/thomas-mapother still both have {CRUISE}" in advice
    assert "by claims.yaml of first and second. Take it away there" in advice
    # It is as it says: a changed file is refused, and loaded when it is corrected.
    changed = named(tmp_path, CRUISE, aliases=("Tom Cruz", "T. Cruz"))
    assert f"both have {CRUISE}" in asked("load", str(changed)).stderr
    assert asked("load", str(named(tmp_path, aliases=("Tom Cruz", "T. Cruz")))).returncode == 0
    # Of others there is nothing to say.
    asked("merge", "person/tom-cruise", "person/thomas-mapother", "--reason", "one after all")
    done = asked("undo", "6", "--reason", "no")
    assert done.stdout == "revision 6: taken back; person/tom-cruise stands for itself again\n"


def test_what_a_curator_named_keeps_that_name(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    """Whichever came first: of a slug that is made of an identifier nobody would guess whom it means."""
    claims = [
        a_claim("person/imdb-nm0000129", "label", "somebody", quote="somebody"),
        a_claim("person/imdb-nm0000129", "identifier", CRUISE, quote=CRUISE),
    ]
    load(engine, told(tmp_path, "first", claims, ["person/imdb-nm0000129"], f"There is somebody: {CRUISE}."))
    before = documents(engine), shown_facts(engine)
    also = {"id": "person/cruise", "identifiers": [CRUISE]}
    report = load(engine, second(tmp_path, CRUISE, aliases=("Tom Cruz",)))
    assert identities(report) == [("person/tom-cruise", "person/imdb-nm0000129", CRUISE, 3)]
    load(
        engine, told(tmp_path, "third", [a_claim("person/cruise", "name", "Cruise", quote="Cruise")], [also], "Cruise.")
    )
    api = serving(engine)
    assert [one["slug"] for one in results(api, "/people")] == ["tom-cruise"]
    for slug in ("imdb-nm0000129", CRUISE, "cruise"):
        leads_to(api, f"/people/{slug}", "/people/tom-cruise")
    for revision in (5, 3):
        undo(engine, revision)
    for source in ("second", "third"):
        withdraw(engine, source)
    assert (documents(engine), shown_facts(engine)) == before
    with scratch(engine) as connection:
        assert list(problems(connection)) == []


def test_a_note_is_the_word_of_the_curator(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    load(engine, named(tmp_path, CRUISE, aliases=("Tom Cruise",)))
    api = serving(engine)
    [fact] = results(api, "/facts?property=identifier")
    assert (fact["modality"], fact["attributed_to"], fact["value"]) == ("reported", "the curator", CRUISE)
    [evidence] = fact["evidence"]
    assert (evidence["role"], evidence["quote"], evidence["start"]) == ("note", CRUISE, None)
    assert evidence["locator"] == "claims.yaml: person/tom-cruise"
    assert (evidence["source"]["slug"], evidence["sentence"]) == ("second", None)
    page = api.get("/people/tom-cruise?format=md").text
    assert "imdb:nm0000129, noted by the curator, not by the source itself" in page
    linked = api.get(f"/facts/{fact['id']}?format=jsonld").json()
    assert (linked["author"], "appearance" in linked) == ("the curator", False)
    assert api.get("/search?q=tom+cruise").json()["results"][0]["slug"] == "tom-cruise"
    for path in (
        "/sources/second/annotated",
        "/sources/second",
        "/people/tom-cruise?evidence=quotes",
        "/people?format=jsonld",
    ):
        assert api.get(path).status_code == 200, path
    # A source that says it itself is heard before the curator.
    load(engine, told(
        tmp_path, "third", [a_claim("person/tom-cruise", "identifier", CRUISE, quote=f"({CRUISE})")],
        ["person/tom-cruise"], f"Somebody ({CRUISE}).",
    ))  # fmt: skip
    [fact] = results(api, "/facts?property=identifier")
    assert (fact["modality"], fact["attributed_to"], fact["source_count"]) == ("asserted", None, 2)
    withdraw(engine, "second")
    assert api.get("/people/tom-cruise").json()["identifiers"] == {"imdb": "nm0000129"}


def test_a_name_alone_is_a_hint_and_nothing_more(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    load(engine, first(tmp_path))
    report = load(engine, named(tmp_path, aliases=("tom cruise", "MAVERICK", "Somebody")))
    assert report.same == ()
    assert {(one.entity, one.held, one.name) for one in report.alike} == {
        ("person/tom-cruise", "person/thomas-mapother", "Tom Cruise")
    }
    assert len(results(serving(engine), "/people")) == 2
    # A film is not called like a person.
    film = told(tmp_path, "film", [a_claim("film/m", "name", "Maverick", quote="Maverick")], ["film/m"], "Maverick.")
    assert load(engine, film).alike == ()


def test_hints_come_in_the_order_of_the_file(engine: Engine, tmp_path: Path) -> None:
    kinds = ("film", "person", "place", "event")
    text = ". ".join(f"Vostok the {kind}" for kind in kinds)
    for slug in ("held", "new"):
        claims = [a_claim(f"{kind}/{slug}", "name", "Vostok", quote=f"Vostok the {kind}") for kind in kinds]
        report = load(engine, told(tmp_path, slug, claims, [f"{kind}/{slug}" for kind in kinds], text))
    assert [one.entity for one in report.alike] == [f"{kind}/new" for kind in kinds]


def test_identifiers_that_are_claimed_with_a_quote_match_alike(engine: Engine, tmp_path: Path) -> None:
    load(engine, named(tmp_path, CRUISE))
    report = load(engine, first(tmp_path))
    assert identities(report) == [("person/thomas-mapother", "person/tom-cruise", CRUISE, 3)]


def test_what_contradicts_is_refused_with_both_names(engine: Engine, tmp_path: Path) -> None:
    load(engine, first(tmp_path))
    load(engine, named(tmp_path, "wikidata:Q1"))
    both = told(
        tmp_path, "third", [a_claim("film/m", "name", "Orbit", quote="Orbit")],
        [{"id": "film/m"}, {"id": "person/new", "identifiers": [CRUISE, "wikidata:Q1"]}], "Orbit.",
    )  # fmt: skip
    problem, _ = sorted(refused(engine, both), key=lambda one: "would be both" not in one)
    assert "person/new would be both person/thomas-mapother, by imdb:nm0000129, and person/tom-cruise" in problem
    assert problem.startswith("claims.yaml:")
    film = told(
        tmp_path, "fourth", [a_claim("film/m", "name", "Orbit", quote="Orbit")],
        [{"id": "film/m", "identifiers": ["wikidata:Q1"]}], "Orbit.",
    )  # fmt: skip
    [problem] = refused(engine, film)
    assert "film/m has wikidata:Q1, which is that of person/tom-cruise; they are of different kinds" in problem
    twice = told(
        tmp_path, "fifth",
        [a_claim("person/a", "name", "Ann", quote="Ann"), a_claim("person/b", "name", "Bob", quote="Bob")],
        [{"id": "person/a", "identifiers": ["viaf:1"]}, {"id": "person/b", "identifiers": ["viaf:1"]}], "Ann, Bob.",
    )  # fmt: skip
    [problem] = refused(engine, twice)
    assert "person/a and person/b both have viaf:1; give what is one thing one name in a file" in problem
    merge(engine, "person/tom-cruise", "person/thomas-mapother")
    assert identities(load(engine, both))[0][:2] == ("person/new", "person/thomas-mapother")


def test_two_names_of_a_file_are_not_one_thing_by_two_identifiers(engine: Engine, tmp_path: Path) -> None:
    load(engine, first(tmp_path))
    more, known_by = [a_claim("person/tc", "name", "T. C.", quote="T. C.")], [CRUISE, "viaf:1"]
    load(engine, told(tmp_path, "more", more, [{"id": "person/tc", "identifiers": known_by}], "T. C. was there."))
    names = [a_claim("person/a", "name", "Ann", quote="Ann"), a_claim("person/b", "name", "Bob", quote="Bob")]
    ann, bob = {"id": "person/a", "identifiers": [CRUISE]}, {"id": "person/b", "identifiers": ["viaf:1"]}
    [problem] = refused(engine, told(tmp_path, "two", names, [ann, bob], "Ann, Bob."))
    assert "person/a and person/b would both be person/tc, by viaf:1; give what is one thing one name" in problem
    # Nor is what is new another one that the file names.
    held = a_claim("person/tc", "alternate_name", "Ann", quote="Ann")
    [problem] = refused(engine, told(tmp_path, "third", [held, names[1]], [bob], "Ann, Bob."))
    assert "person/tc and person/b would both be person/tc, by viaf:1; give what is one thing one name" in problem


def test_a_merge_by_an_identifier_goes_with_the_name_that_has_it(
    engine: Engine, tmp_path: Path, serving: Serving
) -> None:
    load(engine, first(tmp_path))
    other = [a_claim("person/tc", "name", "T. C.", quote="T. C.")]
    load(engine, told(tmp_path, "other", other, ["person/tc"], "T. C. was there."))
    before = documents(engine), shown_facts(engine)
    merge(engine, "person/thomas-mapother", "person/tc")  # 3
    load(engine, second(tmp_path, CRUISE, aliases=("Tom Cruz",)))  # 4, and a merge: 5
    api = serving(engine)
    leads_to(api, "/people/tom-cruise", "/people/tc")
    undo(engine, 3)
    leads_to(api, "/people/tom-cruise", "/people/thomas-mapother")
    assert api.get("/people/tc").json()["films"] == []
    withdraw(engine, "second")
    assert (documents(engine), shown_facts(engine)) == before
    with scratch(engine) as connection:
        assert list(problems(connection)) == []


@pytest.mark.parametrize(
    ("entity", "words"),
    [
        ({"id": "person/x", "identifiers": ["nm1"]}, "of person/x: 'nm1' is no identifier; expected scheme:id"),
        ({"id": "person/x", "identifiers": ["wikidata:notaq"]}, "of person/x: 'wikidata:notaq' is no wikidata identifier of the kind person; expected one such as wikidata:Q405"),
        ({"id": "person/x", "identifiers": ["imdb:tt0112384"]}, "expected one such as imdb:nm0000129"),
        ({"id": "person/x", "identifiers": ["orcid:1"]}, "expected one such as orcid:0000-0002-1825-0097"),
        ({"id": "person/x", "aliases": [" "]}, "of person/x: the value is empty"),
        ({"id": "person/x", "aliases": ["Xenia"]}, "of person/x, Xenia, is claimed already") ,
        ({"id": "person/x", "identifiers": ["a:1", "a:1"]}, "of person/x, a:1, is claimed already"),
        ({"id": "person/x", "identifiers": "a:1"}, "entities.0.identifiers"),
        ({"id": "person/x", "wibble": []}, "entities.0.wibble is no key of the seed format"),
        ({"identifiers": ["a:1"]}, "entities.0.id is missing"),
        ({"id": "x"}, "expected kind/slug"),
        ([], "entities.0"),
        (None, "entities.0"),
    ],
)  # fmt: skip
def test_notes_that_are_wrong_are_named_with_their_line(
    engine: Engine, tmp_path: Path, entity: Any, words: str
) -> None:
    claims = [
        a_claim("person/x", "name", "Xenia", quote="Xenia"),
        a_claim("person/x", "alternate_name", "Xenia", quote="Xenia"),
    ]
    folder = told(tmp_path, "first", claims, [entity], "Xenia.")
    found = [one for one in refused(engine, folder) if words in one]
    assert found, refused(engine, folder)
    assert "claims.yaml:" in found[0]


def test_a_claimed_identifier_is_one_of_its_scheme(engine: Engine, tmp_path: Path) -> None:
    claims = [
        a_claim("film/orbit", "name", "Orbit", quote="Orbit"),
        a_claim("film/orbit", "identifier", "imdb:nm0000129", quote="Orbit (imdb:nm0000129)"),
    ]
    [problem] = refused(engine, told(tmp_path, "third", claims, ["film/orbit"], "Orbit (imdb:nm0000129)."))
    assert "is no imdb identifier of the kind film; expected one such as imdb:tt0112384" in problem


@pytest.mark.parametrize(("one", "form"), IDENTIFIER_FORMS.items(), ids=lambda one: ".".join(one)[:40])
def test_the_example_of_a_scheme_is_an_identifier(one: tuple[str, Kind], form: tuple[str, str]) -> None:
    check_identifier(one[1], canonical("identifier", f"{one[0]}:{form[1]}"))


def test_a_plain_file_keeps_its_hash(tmp_path: Path) -> None:
    plain = read_folder(named(tmp_path, slug="plain"))
    claims = yaml.safe_load((tmp_path / "plain" / "claims.yaml").read_text())
    claims["entities"] = ["person/tom-cruise"]
    (tmp_path / "plain" / "claims.yaml").write_text(yaml.safe_dump(claims))
    assert read_folder(tmp_path / "plain").claims_sha256 == plain.claims_sha256
    noted = read_folder(named(tmp_path, "a:1", slug="plain"))
    assert noted.claims_sha256 != plain.claims_sha256


def test_records_are_found_by_an_identifier(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    load(engine, first(tmp_path))
    api = serving(engine)
    leads_to(api, f"/people/{CRUISE}", "/people/thomas-mapother")
    leads_to(api, f"/people/{CRUISE}/facts?limit=1", "/people/thomas-mapother/facts?limit=1")
    assert [one["slug"] for one in results(api, f"/people?identifier={CRUISE}")] == ["thomas-mapother"]
    assert results(api, "/people?identifier=imdb:nm1") == []
    for path in (f"/films/{CRUISE}", "/people/imdb:nm1", "/people/imdb:%00", "/people/:", "/people/imdb:%FF"):
        assert api.get(path).status_code == 404, path


def test_the_command_tells_who_is_who(engine: Engine, tmp_path: Path) -> None:
    load(engine, first(tmp_path))
    asked = partial(run, tmp_path, DATABASE_URL=str(engine.url))
    trial = asked("load", "--dry-run", str(second(tmp_path, CRUISE, aliases=("Tom Cruz",))))
    assert "person/tom-cruise is person/thomas-mapother" in trial.stdout
    done = asked("load", str(second(tmp_path, CRUISE, aliases=("Tom Cruz",))))
    assert "person/tom-cruise is person/thomas-mapother: both have imdb:nm0000129 (revision 3)" in done.stdout
    more = told(
        tmp_path, "m", [a_claim("person/m", "label", "maverick", quote="maverick")], ["person/m"], "A maverick."
    )
    assert (
        "person/m may be person/thomas-mapother, 'Tom Cruise', which is called the same"
        in asked("load", str(more)).stdout
    )


def test_what_is_noted_can_be_corrected_and_moved(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    load(engine, named(tmp_path, CRUISE))
    load(engine, named(tmp_path, "imdb:nm2"))
    api = serving(engine)
    assert api.get("/people/tom-cruise").json()["identifiers"] == {"imdb": "nm2"}
    assert api.get("/changes/2").json()["superseded_count"] == 1
    # What an earlier version of the same source gave somebody does not hold it.
    moved = told(
        tmp_path, "second", [a_claim("person/other", "name", "Tom Cruz", quote="Tom Cruz")],
        [{"id": "person/other", "identifiers": ["imdb:nm2"]}], "Tom Cruz plays in Orbit.",
    )  # fmt: skip
    assert load(engine, moved).same == ()
    assert api.get("/people/other").json()["identifiers"] == {"imdb": "nm2"}
