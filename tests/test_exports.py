"""The whole base as files: linked data and tables as other programs read them, and URLs as a file server hosts them."""

import csv
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from errno import EACCES
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
from rdflib import SDO, BNode, Graph, Literal, URIRef

from app.db import for_writing, make_engine
from app.loading.load import withdraw_source
from app.loading.merging import merge_entities
from app.vocabulary import KINDS, PLURALS
from tests.commands import command
from tests.conftest import running
from tests.makers import ROOT, SEED, SEEDS, a_claim, a_folder, load
from tests.test_cli import environment, fails_in_a_sentence, run

pytestmark = pytest.mark.filterwarnings("ignore:.*is deprecated, use Dataset:DeprecationWarning")

PLANS = next(folder for folder in SEEDS if "plans" in folder.name)
# Its slug is what the second page of the first one's facts could be called.
TWIN = f"{SEED.name}-2"
# What browsers take for a URL, and no processor of linked data.
NO_IRI = 'https://example.org/{traps}|"'
# A cell that a spreadsheet would run, and one with all that separates cells and lines.
TRAPS = ["=1+1", 'A "quoted", divided; name']


@pytest.fixture(scope="module")
def base(seeded_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a base in which one source was withdrawn, and two entities are one."""
    folder = tmp_path_factory.mktemp("base")
    shutil.copy(seeded_file, folder / "filmspace.db")
    engine = make_engine(f"sqlite:///{folder / 'filmspace.db'}")
    load(engine, PLANS)
    load(engine, shutil.copytree(SEED, folder / TWIN))
    claims = [a_claim(f"film/trap-{number}", "name", name, quote=f"called {name}") for number, name in enumerate(TRAPS)]
    article = "\n\n".join(f"It is called {name}." for name in TRAPS)
    article = f"title Traps\ndate 2024-01-01\n\n{article}"
    load(engine, a_folder(folder, "traps", article, claims, source={"url": NO_IRI}))
    with for_writing(engine).begin() as connection:
        withdraw_source(connection, PLANS.name, "for the test", actor="tests")
        merge_entities(connection, "film/trap-0", "film/trap-1", "for the test", actor="tests")
    engine.dispose()
    return folder


@pytest.fixture(scope="module")
def api(base: Path) -> Iterator[httpx.Client]:
    with running(f"sqlite:///{base / 'filmspace.db'}") as client:
        yield client


def exported(base: Path, to: Path, form: str, *more: str) -> Path:
    done = run(base, "export", str(to), "--format", form, *more)
    assert done.returncode == 0, done.stderr
    return to


def every(api: httpx.Client, url: str) -> list[dict[str, Any]]:
    """The results of all pages."""
    found, following = [], f"{url}{'&' if '?' in url else '?'}limit=100"
    while following:
        page = api.get(following).json()
        found += page["results"]
        following = page["next"]
    return found


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_tables_have_what_the_api_has(base: Path, api: httpx.Client, tmp_path: Path) -> None:
    folder = exported(base, tmp_path / "out", "csv")
    for kind in KINDS:
        told = api.get(f"/{PLURALS[kind]}", params={"format": "csv", "ordering": "slug"}).content
        assert (folder / f"{PLURALS[kind]}.csv").read_bytes() == told
    facts = {one["id"]: one for one in every(api, "/facts")}
    rows = table(folder, "facts")
    assert {one["id"] for one in rows} == facts.keys()
    assert len(rows) == len(facts) > 150
    for row in rows:
        fact = facts[row["id"]]
        assert (row["subject_kind"], row["subject"]) == (fact["subject"]["kind"], fact["subject"]["slug"])
        value = fact["value"]
        shown = value if isinstance(value, str) else value.get("slug") or f"{value['amount']} {value['unit']}"
        assert row["value"].removeprefix("'") == shown
        assert (row["modality"], row["source_count"]) == (fact["modality"], str(fact["source_count"]))


def test_every_fact_in_the_tables_has_its_words(base: Path, api: httpx.Client, tmp_path: Path) -> None:
    folder = exported(base, tmp_path / "out", "csv")
    texts = {one["slug"]: api.get(f"{one['url']}/text").text for one in table(folder, "sources")}
    assert texts.keys() == {SEED.name, TWIN, "traps"}
    told = table(folder, "evidence")
    for one in told:
        assert texts[one["source"]][int(one["start"]) : int(one["end"])] == one["quote"].removeprefix("'")
    assert {one["fact"] for one in told} == {one["id"] for one in table(folder, "facts")}


def test_the_package_describes_its_tables(base: Path, api: httpx.Client, tmp_path: Path) -> None:
    folder = exported(base, tmp_path / "out", "csv")
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    root = api.get("/").json()
    assert package["version"] == str(root["revision"])
    assert [one["name"] for one in package["licenses"]] == [root["licence"]]
    described = {one["path"]: [field["name"] for field in one["schema"]["fields"]] for one in package["resources"]}
    assert described.keys() == {one.name for one in folder.glob("*.csv")}
    for path, columns in described.items():
        with (folder / path).open(encoding="utf-8", newline="") as file:
            assert next(csv.reader(file)) == columns
    types = {field["name"]: field["type"] for one in package["resources"] for field in one["schema"]["fields"]}
    assert (types["source_count"], types["altitude"], types["release_date"]) == ("integer", "string", "string")


def test_linked_data_holds_all_that_the_api_says_of_each(base: Path, api: httpx.Client, tmp_path: Path) -> None:
    told = exported(base, tmp_path / "out", "jsonld", "--base-url", str(api.base_url)) / "filmspace.jsonld"
    graph = Graph().parse(data=told.read_text(encoding="utf-8"), format="json-ld")
    paths = [one["url"] for kind in KINDS for one in every(api, f"/{PLURALS[kind]}")]
    paths += [one["url"] for name in ("/facts", "/sources") for one in every(api, name)]
    for path in paths:
        one = Graph().parse(data=api.get(path, params={"format": "jsonld"}).text, format="json-ld")
        triples = {triple for triple in one if not any(isinstance(part, BNode) for part in triple)}
        assert triples
        assert triples <= set(graph), path
    # What some processor could not take would be refused here.
    assert len(Graph().parse(data=graph.serialize(format="nt"), format="nt")) == len(graph)
    assert (None, SDO.url, URIRef("https://example.org/%7Btraps%7D%7C%22")) in graph
    (itself,) = graph.subjects(SDO.name, Literal("filmspace"))
    assert graph.value(itself, SDO.license) == URIRef("https://www.apache.org/licenses/LICENSE-2.0")
    assert str(graph.value(itself, SDO.version)) == str(api.get("/").json()["revision"])


@contextmanager
def hosted(folder: Path) -> Iterator[httpx.Client]:
    """A file server that knows nothing of us, with the files below a path of its own."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{server.server_port}") as client:
                yield client
        finally:
            server.shutdown()
            thread.join()


def links_of(told: Any, key: str = "", *, is_links: bool = False) -> Iterator[str]:
    if isinstance(told, dict):
        for name, value in told.items():
            yield from links_of(value, name, is_links=key in ("links", "more"))
    elif isinstance(told, list):
        for one in told:
            yield from links_of(one)
    elif isinstance(told, str) and (is_links or key in ("url", "next", "previous") or key.endswith("_url")):
        yield told


def without_links(told: Any, key: str = "", *, is_links: bool = False) -> Any:
    if isinstance(told, dict):
        return {name: without_links(one, name, is_links=key in ("links", "more")) for name, one in told.items()}
    if isinstance(told, list):
        return [without_links(one) for one in told]
    return None if is_links or key in ("url", "next", "previous") or key.endswith("_url") else told


def test_a_file_server_answers_as_the_api_does(base: Path, api: httpx.Client, tmp_path: Path) -> None:
    exported(base, tmp_path / "host" / "deep" / "down", "static")
    with hosted(tmp_path / "host") as host:
        root = str(host.base_url.join("/deep/down/"))
        seen, waiting = {}, [f"{root}index.json"]
        while waiting:
            url = waiting.pop()
            if url in seen or not url.startswith(root):
                continue
            answer = host.get(url)
            assert answer.status_code == httpx.codes.OK, url
            seen[url] = answer
            if answer.headers["content-type"] == "application/json" and not url.endswith("/openapi.json"):
                links = list(links_of(answer.json()))
                assert not [one for one in links if one.startswith("/")], url
                waiting += [urljoin(url, one) for one in links]
    paths = [one["url"] for kind in KINDS for one in every(api, f"/{PLURALS[kind]}")]
    paths += [f"{path}/facts" for path in paths] + [f"{path}/connections" for path in paths]
    paths += [one["url"] for name in ("/facts", "/sources", "/properties", "/changes") for one in every(api, name)]
    lists = ("films", "events", "facts", "properties", "changes", "timeline", "disputes", "slips", "people", "sources")
    hosted_files = {url.removeprefix(root) for url in seen}
    for path in [*paths, *(f"/{name}" for name in lists)]:
        is_list = path.count("/") != 2
        told = api.get(path, params={"limit": 100} if is_list else {}).json()
        written = json.loads((tmp_path / "host" / "deep" / "down" / f"{path[1:]}.json").read_text(encoding="utf-8"))
        assert without_links(written) == without_links(told), path
        assert path.endswith("/connections") or f"{path[1:]}.json" in hosted_files, path
    first = seen[f"{root}facts.json"].json()
    assert len(first["results"]) == 100
    second = seen[urljoin(f"{root}facts.json", first["next"])].json()
    assert urljoin(f"{root}facts-2.json", second["previous"]) == f"{root}facts.json"
    assert len(every(api, "/facts")) == second["count"]
    for slug in (SEED.name, TWIN):
        url, stated = urljoin(f"{root}sources/", seen[f"{root}sources/{slug}.json"].json()["facts_url"]), list[str]()
        while url:
            page = seen[url].json()
            stated += [one["id"] for one in page["results"]]
            url = page["next"] and urljoin(url, page["next"])
        assert stated == [one["id"] for one in every(api, f"/facts?source={slug}")]
    gone = json.loads((tmp_path / "host" / "deep" / "down" / f"sources/{PLANS.name}.json").read_text(encoding="utf-8"))
    assert (gone["status"], gone["instance"]) == (httpx.codes.GONE, f"{PLANS.name}.json")
    files = [one for one in (tmp_path / "host").rglob("*") if one.is_file()]
    assert [one.name for one in files if b"filmspace.invalid" in one.read_bytes()] == []


def test_what_cannot_be_exported_is_told_and_leaves_nothing(base: Path, tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("kept")
    fails_in_a_sentence(run(base, "export", str(tmp_path), "--format", "static"), "not empty")
    done = run(base, "export", str(tmp_path / "kept.txt"), "--format", "csv")
    fails_in_a_sentence(done, "cannot be written", "it is a file; expected a folder")
    assert [one.name for one in tmp_path.iterdir()] == ["kept.txt"]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (["out", "--format", "xml"], "'xml' is not one of 'ndjson', 'jsonld', 'csv', 'static'"),
        (["out", "--format", "csv", "--base-url", "http://x"], "jsonld"),
        (["out", "--format", "jsonld", "--base-url", "x"], "no URL"),
        (["out", "--format", "jsonld", "--base-url", "http://x/?y"], "no URL"),
        ([""], "no folder is named"),
        ([" ", "--format", "csv"], "no folder is named"),
    ],
)
def test_an_export_that_is_told_wrongly_is_a_mistake_of_usage(
    base: Path, tmp_path: Path, told: list[str], words: str
) -> None:
    done = command(base / "filmspace.db", "export", *told, first=os.chdir, given=(tmp_path,))
    assert (done.returncode, words in done.stderr, done.stdout) == (2, True, ""), done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_export_of_a_base_that_is_not_there_makes_none(tmp_path: Path) -> None:
    fails_in_a_sentence(run(tmp_path, "export", str(tmp_path / "out")), "is not there", "FILMSPACE_DATABASE_URL")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGHUP])
def test_an_export_that_is_told_to_end_leaves_nothing(base: Path, tmp_path: Path, how: signal.Signals) -> None:
    told = [sys.executable, "-m", "app.cli", "export", str(tmp_path / "out"), "--format", "static"]
    with subprocess.Popen(told, cwd=ROOT, env=environment(base)) as process:
        while process.poll() is None and not list(tmp_path.glob("out/.export-*")):
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.003)
        process.send_signal(how)
    assert process.returncode == 128 + how
    assert list((tmp_path / "out").iterdir()) == []


def test_tables_of_two_revisions_are_never_side_by_side(base: Path, tmp_path: Path) -> None:
    (tmp_path / "people.csv").mkdir()
    for name in ("characters.csv", "sources.csv"):
        (tmp_path / name).write_text("of an older revision")
    done = run(base, "export", str(tmp_path), "--format", "csv")
    fails_in_a_sentence(done, "cannot be written", "people.csv there is a folder")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["characters.csv", "people.csv", "sources.csv"]
    assert (tmp_path / "characters.csv").read_text() == "of an older revision"


def ended_when_it_comes(how: signal.Signals) -> None:
    """Have a signal come while the first of the files comes to its place."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.addaudithook(lambda name, _: os.kill(os.getpid(), how) if name == "os.rename" else None)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_export_that_comes_to_its_place_comes_whole(base: Path, tmp_path: Path, how: signal.Signals) -> None:
    told = ("export", str(tmp_path), "--format", "csv")
    done = command(base / "filmspace.db", *told, first=ended_when_it_comes, given=(how,))
    assert (done.returncode, done.stderr) == (0, ""), done
    assert {"characters.csv", "datapackage.json", "sources.csv"} < {one.name for one in tmp_path.iterdir()}


def test_tables_of_two_revisions_have_no_description(base: Path, tmp_path: Path) -> None:
    told = ("export", str(tmp_path), "--format", "csv")
    assert command(base / "filmspace.db", *told).returncode == 0
    assert (tmp_path / "datapackage.json").exists()
    done = command(base / "filmspace.db", *told, first=ended_when_it_comes, given=(signal.SIGKILL,))
    assert done.returncode == -signal.SIGKILL
    assert (tmp_path / "characters.csv").exists()
    assert not (tmp_path / "datapackage.json").exists()
    assert command(base / "filmspace.db", *told).returncode == 0
    assert (tmp_path / "datapackage.json").exists()


def test_a_damaged_base_is_not_told_as_a_wrong_setting(base: Path, tmp_path: Path) -> None:
    shutil.copy(base / "filmspace.db", tmp_path / "filmspace.db")
    with closing(sqlite3.connect(tmp_path / "filmspace.db")) as held:
        held.execute("PRAGMA ignore_check_constraints=ON")
        held.execute("UPDATE claim SET modality = 'rumoured'")
        held.commit()
    done = command(tmp_path / "filmspace.db", "export", str(tmp_path / "out"), "--format", "csv")
    assert (done.returncode, "rumoured" in done.stderr, "FILMSPACE_" in done.stderr) == (1, True, False), done.stderr
    assert list((tmp_path / "out").iterdir()) == []


def test_an_identifier_is_no_link(tmp_path: Path) -> None:
    named = a_claim("film/skyward", "name", "Skyward", quote="Skyward")
    entities = [{"id": "film/skyward", "identifiers": ["url:/nowhere"]}]
    folder = a_folder(tmp_path, "gazette", "They shot Skyward.", [named], entities=entities)
    assert command(tmp_path / "filmspace.db", "load", str(folder)).returncode == 0
    done = command(tmp_path / "filmspace.db", "export", str(tmp_path / "out"), "--format", "static")
    assert (done.returncode, done.stderr) == (0, ""), done
    told = json.loads((tmp_path / "out" / "films" / "skyward.json").read_text(encoding="utf-8"))
    assert told["identifiers"] == {"url": "/nowhere"}


def refused_when_it_comes(name: str) -> None:
    """Have a file not come to its place, as on Windows where a program has it open."""

    def hear(event: str, told: tuple[Any, ...]) -> None:
        if event == "os.rename" and Path(told[1]).name == name and not refused:
            refused.append(name)
            raise PermissionError(EACCES, "Permission denied")

    refused: list[str] = []
    sys.addaudithook(hear)


@pytest.mark.parametrize("name", ["characters.csv", "films.csv", "datapackage.json"])
def test_where_a_file_cannot_come_all_is_as_it_was(base: Path, tmp_path: Path, name: str) -> None:
    for one in ("films.csv", "sources.csv", "datapackage.json", "mine.txt"):
        (tmp_path / one).write_text(f"{one} of before")
    told = ("export", str(tmp_path), "--format", "csv")
    done = command(base / "filmspace.db", *told, first=refused_when_it_comes, given=(name,))
    fails_in_a_sentence(done, "cannot be written: Permission denied")
    assert {one.name: one.read_text() for one in tmp_path.iterdir()} == {
        one: f"{one} of before" for one in ("films.csv", "sources.csv", "datapackage.json", "mine.txt")
    }
    assert command(base / "filmspace.db", *told).returncode == 0
    assert (tmp_path / "films.csv").read_text() != "films.csv of before"
