"""What a preview says is what the load then does, through either door; and nothing of it stays."""

import hashlib
import json
import os
import pty
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, inspect, select, text
from sqlmodel import col

from app.cli.previews import lines_of
from app.db import for_writing
from app.documents.preview import PreviewDocument
from app.http.turns import AT_ONCE
from app.loading.problems import RefusedError
from app.loading.seed import parse_json, read_folder
from app.preview import preview
from app.preview.trials import TooLongError, Trials
from app.tables.evidence import Claim, Source
from app.tables.identity import fact_id
from app.vocabulary import HAPPENED
from tests.commands import Done
from tests.conftest import AN_ENGINE, Fresh, Serving, running
from tests.histories import A_SOURCE, STEPS, documents, write
from tests.histories import run as take
from tests.makers import ROOT, SEED, a_claim, a_folder, load
from tests.test_cli import environment, run

FILM = "film/the-challenge"
ARTICLE = (
    "The Challenge, a short film directed by Klim Shipenko, opened on April 20, 2023. It was shot on October 7, 2021. "
    "It lasts 165 minutes. Критик Юлия Пересилд liked it. “It is the first project to be filmed aboard the ISS,” "
    "said Oleg Novitskij. Nobody laughed."
)
SAID = [
    a_claim(FILM, "film_type", "short film", quote="The Challenge, a short film"),
    a_claim(FILM, "director", object="person/klim-shipenko", quote="a short film directed by Klim Shipenko"),
    a_claim(FILM, "release_date", "2023-04-20", quote="opened on April 20, 2023"),
    a_claim(FILM, "filming_date", "2021-10-07", quote="It was shot on October 7, 2021"),
    a_claim(FILM, "duration", "165 minute", quote="It lasts 165 minutes"),
    a_claim("person/critic", "name", "Юлия Пересилд", quote="Юлия Пересилд"),
    a_claim("person/novitskij", "name", "Oleg Novitskij", quote="said Oleg Novitskij"),
    a_claim(
        FILM, "distinction", "first project to be filmed aboard the ISS", quote="It is the first project to be filmed aboard the ISS"
    ),
    a_claim(FILM, "genre", "drama", quote="a moving drama"),
]  # fmt: skip
STATUSES = [
    "conflicts", "corroborates", "slip", "corroborates", "new", "new", "new", "conflicts", "rejected",
]  # fmt: skip
GAZETTE = {"publisher": "Gazette", "published": "2023-05-02"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A source that agrees and disagrees with the project's own article, and has a claim that its text does not bear out."""
    return a_folder(tmp_path, "gazette", ARTICLE, SAID, source=GAZETTE)


def rows(engine: Engine) -> str:
    """Everything that a database holds."""
    with engine.connect() as connection:
        tables = sorted(inspect(connection).get_table_names())
        return repr([sorted(map(repr, connection.execute(text(f'SELECT * FROM "{one}"')))) for one in tables])


def content(engine: Engine) -> str:
    """What stands for everything that a database holds."""
    return hashlib.sha256(rows(engine).encode()).hexdigest()


def body(folder: Path, **more: Any) -> dict[str, Any]:
    read = {
        key: (folder / name).read_text("utf-8") for key, name in (("article", "article.txt"), ("claims", "claims.yaml"))
    }
    return {"slug": folder.name, **read, **more}


def ask(api: httpx.Client, folder: Path, **more: Any) -> dict[str, Any]:
    response = api.post("/sources/preview", json=body(folder, **more))
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def dry_run(engine: Engine, *folders: Path, **told: str) -> Done:
    return run(ROOT, "load", "--dry-run", *map(str, folders), DATABASE_URL=str(engine.url), **told)


def without(folder: Path, number: int) -> Path:
    """The folder with one of its claims, counted from 1, taken out."""
    file = yaml.safe_load((folder / "claims.yaml").read_text("utf-8"))
    del file["claims"][number - 1]
    (folder / "claims.yaml").write_text(yaml.safe_dump(file, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


def test_each_claim_is_told_with_whom_it_agrees_and_disagrees(seeded: Engine, folder: Path, serving: Serving) -> None:
    told = ask(serving(seeded), folder)
    assert [one["status"] for one in told["claims"]] == STATUSES
    assert told["counts"] == {
        "new": 3, "corroborates": 2, "conflicts": 2, "slip": 1, "known": 0, "rejected": 1, "left_out": 0,
    }  # fmt: skip
    related = [[(one["relation"], one["value"]) for one in claim["related"]] for claim in told["claims"]]
    assert related[0] == [("disagrees", "feature film")]
    assert [(relation, value["slug"]) for relation, value in related[1]] == [("agrees", "klim-shipenko")]
    assert related[2] == [("slips", "2023-04-12")]
    assert sorted(related[3]) == [("agrees", "2021"), ("agrees", "2021-10")], "a coarser date agrees with a finer one"
    assert related[7] == [("disagrees", "first project to be filmed aboard the ISS")], "which is denied"
    for claim in told["claims"]:
        for one in claim["related"]:
            assert [source["slug"] for source in one["sources"]] == [SEED.name]
    assert "orphaned quote" in told["claims"][8]["reasons"][0]
    assert (told["outcome"], told["problems"]) == ("rejected", [])


def test_what_is_noted_of_entities_is_counted_with_the_claims(seeded: Engine, tmp_path: Path, serving: Serving) -> None:
    claims = [
        a_claim("film/orbit", "name", "Orbit", quote="Orbit"),
        a_claim("film/orbit", "director", object="person/klim-shipenko", quote="Orbit, by Klim Shipenko"),
    ]
    notes = {"id": "film/orbit", "identifiers": ["imdb:tt0000001"], "aliases": ["Orbita"]}
    held = {"id": "person/klim-shipenko", "aliases": ["K. Shipenko"]}
    folder = a_folder(tmp_path, "gazette", "Orbit, by Klim Shipenko.", claims, entities=[notes, held], source=GAZETTE)
    told = ask(serving(seeded), folder)
    noted = [one for one in told["claims"] if one["number"] is None]
    assert [(one["quotes"], one["property"], one["value"], one["status"]) for one in noted] == [
        ([], "identifier", "imdb:tt0000001", "new"), ([], "alternate_name", "Orbita", "new"),
        ([], "alternate_name", "K. Shipenko", "new"),
    ]  # fmt: skip
    assert told["counts"]["new"] == 5
    done = dry_run(seeded, folder)
    assert "claims     5 new\n" in done.stdout
    assert "+ claims.yaml:2: noted (film/orbit identifier 'imdb:tt0000001'): new" in done.stdout
    assert load(seeded, folder).claims_new == 5
    again = ask(serving(seeded), folder)
    assert (again["outcome"], again["counts"]["known"]) == ("unchanged", 5)


def test_a_date_may_be_another_than_planned_and_than_another_says(seeded: Engine, tmp_path: Path) -> None:
    def says(slug: str, day: str) -> Path:
        claims = [a_claim(FILM, "release_date", day, quote=f"{FILM} opened on {day}")]
        return a_folder(tmp_path, slug, f"{FILM} opened on {day}.", claims, entities=[], source=GAZETTE)

    load(seeded, says("journal", "2023-04-20"))
    done = dry_run(seeded, says("gazette", "2023-04-21"))
    assert "claims     1 conflicts, 1 of the conflicts a slip as well\n" in done.stdout
    assert "): conflicts, slip\n        disagrees with 2023-04-20" in done.stdout
    assert "\n        differs in time from 2023-04-12" in done.stdout


def test_entities_that_look_like_held_ones_are_named(seeded: Engine, folder: Path, serving: Serving) -> None:
    told = {one["entity"]: one["lookalikes"] for one in ask(serving(seeded), folder)["entities"]}
    alike = {
        entity: [(one["record"]["slug"], one["likeness"], one["hint"].count("filmspace merge")) for one in found]
        for entity, found in told.items()
    }
    assert alike == {
        "person/critic": [("yulia-peresild", "transliteration", 1)],
        "person/novitskij": [("oleg-novitskiy", "spelling", 1)],
    }


@pytest.mark.parametrize(
    ("held", "name", "likeness"),
    [
        ("person/Ada Byte", "Ada Byte", "name"),
        ("person/Ada Byte", "ADA BYTE", "name"),
        ("person/Ada Byte", "Ada Maria Byte", "spelling"),
        ("person/Ada Maria Byte", "Ada Byte", "spelling"),
        ("person/Ada Byte", "Ada", None),
        ("person/Ada Byte", "Bob Byte", None),
        ("organisation/Energiya", "Energia", "spelling"),
        ("organisation/Roskosmos", "Роскосмос", "transliteration"),
        ("person/Konstantin Tsiolkovsky", "Константин Циолковский", "transliteration"),
        ("person/Giorgos Seferis", "Γιώργος Σεφέρης", "transliteration"),
        ("event/Soyuz MS-18", "Soyuz MS-19", None),
        ("film/Gravity", "Gravitas", None),
    ],
)
def test_likeness(engine: Engine, tmp_path: Path, held: str, name: str, likeness: str | None) -> None:
    kind, _, called = held.partition("/")
    load(engine, a_folder(tmp_path, "held", called, [a_claim(f"{kind}/held", "name", called, quote=called)]))
    new = a_folder(tmp_path, "new", name, [a_claim(f"{kind}/new", "name", name, quote=name)])
    with for_writing(engine).connect() as connection, connection.begin() as transaction:
        (entity,) = preview(connection, read_folder(new)).entities
        transaction.rollback()
    assert [one.likeness for one in entity.lookalikes] == ([likeness] if likeness else [])


def test_an_alias_is_a_likeness(seeded: Engine, tmp_path: Path, serving: Serving) -> None:
    new = a_folder(tmp_path, "new", "ISS", [a_claim("place/iss", "name", "ISS", quote="ISS")])
    ((alike,),) = [one["lookalikes"] for one in ask(serving(seeded), new)["entities"]]
    assert (alike["record"]["slug"], alike["name"], alike["likeness"]) == (
        "international-space-station",
        "ISS",
        "alias",
    )


def test_coverage_and_records(seeded: Engine, folder: Path, serving: Serving) -> None:
    told = ask(serving(seeded), folder)
    silent = [ARTICLE[one["start"] : one["end"]] for one in told["coverage"]["without_facts"]]
    assert silent == ["Nobody laughed."]
    assert told["coverage"]["sentences"] == 6
    film, *people = told["records"]
    assert (film["record"]["slug"], film["change"]) == ("the-challenge", "changed")
    keys = {one["key"]: (one["before"], one["after"]) for one in film["keys"]}
    assert keys["release_date"] == ("2023-04-12", "2023-04-20")
    assert keys["slipped"] == ([], ["release_date"])
    assert keys["duration_minutes"] == (None, 165)
    assert "updated_at" not in keys
    assert "genres" not in keys, "what is rejected would not be there"
    assert {(one["record"]["slug"], one["change"]) for one in people} == {
        ("critic", "added"), ("novitskij", "added"), ("klim-shipenko", "changed"),
    }  # fmt: skip


def test_both_doors_say_the_same_and_store_nothing(seeded: Engine, folder: Path, serving: Serving) -> None:
    api = serving(seeded)
    before = content(seeded)
    lines = lines_of(PreviewDocument.model_validate(ask(api, folder)), 0)
    done = dry_run(seeded, folder)
    assert done.returncode == 1
    shown = ["".join(piece for piece, _ in line) for line in lines]
    assert done.stdout.splitlines()[:-1] == shown[:-1]
    assert any("x claims.yaml:" in line and "claim 9" in line for line in shown)
    assert any("disagrees with feature film, asserted by cnn-2023-03-08-the-challenge (CNN)" in line for line in shown)
    assert "        - release_date: 2023-04-12" in shown
    assert "        + release_date: 2023-04-20" in shown
    assert content(seeded) == before
    good = without(folder, 9)
    assert ask(api, good)["outcome"] == "would_load"
    assert dry_run(seeded, good).returncode == 0
    assert content(seeded) == before
    load(seeded, good)
    assert ask(api, good)["outcome"] == "unchanged", "the server previews on what is there now"
    assert [one["status"] for one in ask(api, good)["claims"]] == ["known"] * 8


def changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, set[str]]:
    """Of every record that is otherwise, which of its keys are; of one that is new or gone, those that say something."""
    found = {}
    for record in before.keys() | after.keys():
        was, now = before.get(record), after.get(record)
        if was is not None and now is not None:
            keys = {key for key in now if was[key] != now[key]}
        else:
            said = was or now or {}
            keys = {key for key, value in said.items() if value not in (None, [], {}, 0)}
            keys -= {"kind", "slug", "url", "label", "facts_url"}
        if keys:
            found[record] = keys
    return found


def facts_of(engine: Engine, slug: str) -> set[str]:
    """The ids of what the newest version of a source states."""
    query = select(fact_id()).select_from(Claim).join(Source, col(Source.id) == col(Claim.source_id))
    current = col(Source.superseded_by_id).is_(None), col(Source.withdrawn_at).is_(None)
    with engine.connect() as connection:
        return set(connection.execute(query.where(col(Source.slug) == slug, *current)).scalars())


def spoilt(folder: Path, spoil: Sequence[int]) -> Path:
    """The folder with words in some of its claims that its text does not have."""
    file = yaml.safe_load((folder / "claims.yaml").read_text("utf-8"))
    for index in spoil:
        if index < len(file["claims"]):
            file["claims"][index]["quote"] = "words that are not there"
    (folder / "claims.yaml").write_text(yaml.safe_dump(file, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return folder


@settings(max_examples=8)
@given(
    on=AN_ENGINE,
    steps=STEPS,
    source=A_SOURCE,
    slug=st.sampled_from("abc"),
    spoil=st.just([]) | st.lists(st.integers(0, 5), max_size=2),
)
def test_what_a_preview_says_is_what_the_load_does(
    fresh: Fresh, on: str, steps: Any, source: dict[str, Any], slug: str, spoil: list[int]
) -> None:
    with fresh(on) as engine, tempfile.TemporaryDirectory() as name:
        take(engine, Path(name), steps)
        folder = spoilt(write(Path(name), slug, source), spoil)
        before, records = content(engine), documents(engine)
        with for_writing(engine).connect() as connection, connection.begin() as transaction:
            told = preview(connection, read_folder(folder))
            transaction.rollback()
        assert content(engine) == before
        try:
            report = load(engine, folder)
        except RefusedError as error:
            of_claims = {one.number for one in error.problems} - {0}
            refused = of_claims, len([one for one in error.problems if not one.number])
        else:
            refused = set[int](), 0
        said = {one.number for one in told.claims if one.status == "rejected"}, len(told.problems)
        assert said == refused
        assert (told.outcome == "rejected") == (refused != (set(), 0))
        if told.outcome != "rejected":
            assert told.outcome == ("unchanged" if report.is_unchanged else "would_load")
            assert told.version == report.version
            assert {one.fact_id for one in told.claims} == facts_of(engine, slug)
            counts = told.counts
            assert (counts.known, len(told.ended)) == (report.claims_unchanged, report.claims_superseded)
            assert counts.new + counts.corroborates + counts.conflicts + counts.slip == report.claims_new
            assert told.coverage.sentences_with_facts == report.sentences_with_facts
            after = documents(engine)
            assert changed(records, after) == {
                f"{one.record.kind}/{one.record.slug}": {key.key for key in one.keys} for one in told.records
            }
            for one in told.records:
                record = f"{one.record.kind}/{one.record.slug}"
                assert all(key.after == after.get(record, {}).get(key.key) for key in one.keys)
                assert all(key.before == records.get(record, {}).get(key.key) for key in one.keys)
            assert_conflicts_are_disputes(engine, told)


def assert_conflicts_are_disputes(engine: Engine, told: PreviewDocument) -> None:
    """Where two can not both be true, /disputes has it; a denial is none."""
    with engine.connect() as connection:
        disputed = set(connection.execute(text("SELECT property FROM dispute")).scalars())
    for claim in told.claims:
        others = {one.modality for one in claim.related if one.relation == "disagrees"}
        if claim.status == "conflicts" and claim.modality in HAPPENED and others & set(HAPPENED):
            assert claim.property in disputed


def test_sources_of_one_call_are_there_for_each_other(engine: Engine, tmp_path: Path) -> None:
    named = a_folder(
        tmp_path, "b-named", "Ada Byte flew.", [a_claim("person/ada", "name", "Ada Byte", quote="Ada Byte")]
    )
    spoken = [a_claim("person/ada", "occupation", "pilot", quote="Ada Byte is a pilot")]
    speaking = a_folder(tmp_path, "a-spoken", "Ada Byte is a pilot.", spoken)
    before = content(engine)
    done = dry_run(engine, speaking, named)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert done.stdout.count("version 1 would be loaded") == 2
    broken = tmp_path / "broken"
    broken.mkdir()
    done = dry_run(engine, broken, named)
    assert (done.returncode, "article.txt: cannot be read" in done.stderr) == (1, True)
    assert content(engine) == before


def on_terminal(engine: Engine, folder: Path, **more: str) -> str:
    """What `load --dry-run` writes to standard output where that is a terminal."""
    theirs, ours = pty.openpty()
    told = {
        **environment(folder.parent, DATABASE_URL=engine.url.render_as_string(hide_password=False)),
        "TERM": "xterm-256color",
        **more,
    }
    told = {name: value for name, value in told.items() if value}
    command = [sys.executable, "-m", "app.cli", "load", "--dry-run", str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, env=told, stdout=ours, stderr=subprocess.DEVNULL)
    os.close(ours)

    def parts() -> Iterator[bytes]:
        try:
            while part := os.read(theirs, 65536):
                yield part
        except OSError:  # how a terminal ends on Linux
            return

    shown = b"".join(parts()).decode()
    process.wait(60)
    os.close(theirs)
    return shown


def test_colour_on_a_terminal_of_which_an_article_is_not_in_command(seeded: Engine, folder: Path) -> None:
    (folder / "article.txt").write_text(ARTICLE + " It said \x1b]0;pwned\x07 and \x9b31m.", encoding="utf-8")
    shown = on_terminal(seeded, folder, NO_COLOR="")
    assert "\x1b[" in shown
    assert "pwned" in shown
    assert [one for one in ("\x1b]", "\x07", "\x9b") if one in shown] == []
    assert "\x1b" not in on_terminal(seeded, folder, NO_COLOR="1")


# Over HTTP


def test_claims_may_be_yaml_or_json(seeded: Engine, folder: Path, serving: Serving) -> None:
    api = serving(seeded)
    as_json = yaml.load((folder / "claims.yaml").read_text("utf-8"), yaml.BaseLoader)
    one, other = ask(api, folder), ask(api, folder, claims=as_json)
    assert {claim["line"] for claim in other["claims"]} == {None}
    for told in (one, other):
        for claim in told["claims"]:
            claim.pop("line")
    assert one == other


def refused(api: httpx.Client, sent: Any, status: int = 422) -> dict[str, Any]:
    """The problem that a body is answered with."""
    raw = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    response = api.post("/sources/preview", content=raw, headers={"Content-Type": "application/json"})
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json"), (
        response.text
    )
    found: dict[str, Any] = response.json()
    return found


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "a slug that is none": ({"slug": "A b"}, "/slug"),
    "a slug without end": ({"slug": "a" * 200}, "/slug"),
    "a key that there is not": ({"wibble": 1}, "/wibble"),
    "a number for an article": ({"article": 1}, "/article"),
    "NUL": ({"article": "a\0b"}, "/article"),
    "half a character": ({"article": "a\ud800b"}, "/article"),
    "a heap of accents": ({"article": "a" + "\u0315\u0300" * 10_000}, "/article"),
    "accents in the claims": ({"claims": "entities: []\nclaims: []\n# " + "\u0300" * 99}, "/claims"),
    "claims that are nothing": ({"claims": None}, "/claims"),
    "claims that are no mapping": ({"claims": "- 1"}, "/claims"),
    "a list of claims": ({"claims": []}, "/claims"),
    "no YAML": ({"claims": "entities: ["}, "/claims"),
    "an alias": ({"claims": "entities: &x []\nclaims: *x"}, "/claims"),
    "a bomb": ({"claims": "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))}, "/claims"),
    "a tag": ({"claims": "entities: !!python/object/apply:os.system [ls]\nclaims: []"}, "/claims"),
    "depth": ({"claims": "claims: " + "[" * 5000}, "/claims"),
    "depth in blocks": ({"claims": "- " * 3000}, "/claims"),
    "depth as JSON": ({"claims": {"entities": [], "claims": [[[[[[[[[[[[[]]]]]]]]]]]]]}}, "/claims"),
    "NUL by escape": ({"claims": 'entities: []\nclaims: []\nsource: {title: "a\\0b"}'}, "/claims"),
    "NUL as JSON": ({"claims": {"entities": [], "claims": [], "source": {"title": "a\0b"}}}, "/claims"),
    "half a character in a key": ({"claims": {"entities": [], "claims": [{"\udc00": 1}]}}, "/claims"),
    "half a character by escape": ({"claims": 'entities: []\nclaims: ["\\ud800"]'}, "/claims"),
    "too many": ({"claims": "entities: []\nclaims: [" + "x, " * 1001 + "]"}, "/claims"),
    "a text for a choice": ({"drop_orphaned": "perhaps"}, "/drop_orphaned"),
}  # fmt: skip


@pytest.mark.parametrize(("more", "pointer"), BAD.values(), ids=BAD)
def test_a_bad_request_is_told_at_its_place(api: httpx.Client, more: dict[str, Any], pointer: str) -> None:
    problem = refused(api, {"slug": "x", "article": "x", "claims": "entities: []\nclaims: []", **more})
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert len(problem["errors"][0]["detail"]) < 1000


def test_what_was_meant_is_told(api: httpx.Client) -> None:
    problem = refused(api, {"slug": "A b", "text": "x", "claims": "entities: []\nclaims: []"})
    assert [(one["pointer"], one["detail"], one["did_you_mean"]) for one in problem["errors"]] == [
        ("/slug", "/slug: is no slug; expected a-z, 0-9 and single hyphens, at most 120 characters.", None),
        ("/article", "/article: it is missing.", None),
        ("/text", "/text: there is no such key; did you mean article?", "article"),
    ]
    assert [one["code"] for one in problem["errors"]] == ["invalid_value", "missing", "unknown_parameter"]
    problem = refused(api, {"slug": "a", "articel": "x", "claim": "entities: []\nclaims: []"})
    assert {one["pointer"]: one["did_you_mean"] for one in problem["errors"]} == {
        "/article": None, "/claims": None, "/articel": "article", "/claim": "claims",
    }  # fmt: skip


def test_it_is_no_source(api: httpx.Client, engine: Engine, tmp_path: Path) -> None:
    for method in ("GET", "HEAD", "PUT", "DELETE"):
        answer = api.request(method, "/sources/preview")
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST, OPTIONS")
    with pytest.raises(RefusedError, match="'preview' is an address of the API"):
        load(engine, a_folder(tmp_path, "preview", "A text.", []))


def test_a_bad_claim_is_told_of_the_claim(api: httpx.Client) -> None:
    """Whatever stands there instead of one; what is so long that nobody would read it again is cut."""
    odd: list[Any] = [
        None,
        1,
        "x",
        [],
        {},
        {"subject": {"a": [1]}, "property": ["x"] * 50, "x" * 3000: 1},
        {f"k{n}": n for n in range(99)},
    ]
    told = api.post(
        "/sources/preview", json={"slug": "x", "article": "x", "claims": {"entities": ["?", None], "claims": odd}}
    )
    assert told.status_code == 200, told.text
    found = told.json()
    assert [one["status"] for one in found["claims"]] == ["rejected"] * len(odd)
    assert all(one["reasons"] for one in found["claims"])
    assert max(len(one["reasons"]) for one in found["claims"]) <= 6
    assert len(found["problems"]) == 2


def test_a_body_that_is_too_large(api: httpx.Client) -> None:
    assert refused(api, {"slug": "x", "article": "x" * 300_000, "claims": ""}, 413)["code"] == "too_large"
    assert api.post("/sources/preview", content=b"{}").status_code == 415


def test_it_can_be_turned_off(seeded_file: Path) -> None:
    with running(f"sqlite:///{seeded_file}", preview=False) as client:
        response = client.post("/sources/preview", json={})
        assert (response.status_code, response.json()["code"]) == (403, "forbidden")
        assert client.get(f"/sources/{SEED.name}").status_code == 200


def test_a_database_that_is_not_migrated(tmp_path: Path) -> None:
    with running(f"sqlite:///{tmp_path}/new.db") as client:
        response = client.post(
            "/sources/preview", json={"slug": "x", "article": "x", "claims": "entities: []\nclaims: []"}
        )
        assert (response.status_code, response.json()["code"]) == (503, "not_ready")
        assert response.headers["retry-after"]


def test_nobody_who_reads_waits_for_a_preview(seeded: Engine, folder: Path, serving: Serving) -> None:
    """While one is under way, others read, and with SQLite load and withdraw; the next is of what these have done."""
    api = serving(seeded)
    trials = Trials(seeded)
    with ThreadPoolExecutor(1) as pool, trials.open() as trial:
        assert preview(trial.connection, read_folder(folder)).counts.conflicts == 2
        loading = pool.submit(load, seeded, without(folder, 9))
        if is_sqlite := seeded.dialect.name == "sqlite":
            loading.result()
        assert api.get("/films/the-challenge").json()["source_count"] == (2 if is_sqlite else 1)
    assert api.get("/films/the-challenge").json()["source_count"] == 2
    with trials.open() as trial:
        assert preview(trial.connection, read_folder(folder)).outcome == "unchanged"
    trials.close()


def test_a_flood_of_previews_is_turned_away(seeded_file: Path) -> None:
    """Those that come in are answered, the others told when to come again; reads go on."""

    def send(_: int) -> httpx.Response:
        return api.post("/sources/preview", json=body(SEED, slug="another"))

    url = f"sqlite:///{seeded_file}"
    with running(url, max_waiting=1) as api, ThreadPoolExecutor(14) as pool:
        assert api.get("/films").status_code == 200  # which is at hand from then on
        flood = pool.map(send, range(14))
        assert api.get("/films").status_code == 200
        answers = list(flood)
        statuses = [one.status_code for one in answers]
        assert {*statuses} == {200, 503}
        assert all(
            one.headers["retry-after"] and one.json()["code"] == "not_ready"
            for one in answers
            if one.status_code == 503
        )
        assert {one.json()["counts"]["corroborates"] for one in answers if one.status_code == 200} == {156}
        assert send(0).status_code == 200


def test_previews_leave_turns_to_those_who_read(seeded_file: Path, tmp_path: Path) -> None:
    """Those that wait for one another have half of the turns at most; here the database is somebody's own."""
    path = Path(shutil.copy(seeded_file, tmp_path / "filmspace.db"))
    with closing(sqlite3.connect(path, isolation_level=None)) as own:
        own.execute("PRAGMA locking_mode=EXCLUSIVE")
        own.execute("BEGIN EXCLUSIVE")
        with running(f"sqlite:///{path}") as api, ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(lambda _: api.post("/sources/preview", json=body(SEED, slug="another")), range(12)))
    assert {one.status_code for one in answers} == {503}
    waited = [one for one in answers if "cannot be read or copied" in one.json()["detail"]]
    assert len(waited) == AT_ONCE // 2


def test_a_preview_ends_when_its_time_is_over(seeded: Engine, folder: Path) -> None:
    hasty, trials = Trials(seeded, seconds=0), Trials(seeded)
    with pytest.raises(TooLongError), hasty.open() as trial:
        preview(trial.connection, read_folder(folder))
    hasty.close()
    for _ in range(2):
        with trials.open() as trial:
            assert preview(trial.connection, read_folder(folder)).counts.conflicts == 2
    trials.close()


@pytest.mark.parametrize("quote", ["abd dfe gih", "a"], ids=["nearly there", "everywhere"])
def test_what_is_hostile_takes_no_longer_than_it_may(seeded: Engine, quote: str) -> None:
    claims = [a_claim("film/x", "name", "x", quote=quote) for _ in range(1000)]
    seed = parse_json("x", ("abc def ghi " * 8000)[:90_000], {"entities": ["film/x"], "claims": claims})
    trials, started = Trials(seeded, seconds=0.5), time.monotonic()
    with pytest.raises(TooLongError), trials.open() as trial:
        preview(trial.connection, seed, step=trial.step)
    assert time.monotonic() - started < 20
    trials.close()
