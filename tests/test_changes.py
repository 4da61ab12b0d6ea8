"""The changes: who follows them knows what every source states; and the same as a feed for readers."""

import re
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser  # type: ignore[import-untyped]  # it has no types
import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, func, select
from sqlmodel import col

from app.db import for_writing, make_engine
from app.documents.evidence import Ref
from app.documents.time import Change, ChangedFact
from app.loading.load import withdraw_source
from app.loading.merging import merge_entities, rename_entity
from app.loading.problems import RefusedError
from app.loading.undo import undo_revision
from app.queries.changes import ChangesQuery, list_changed_facts, list_changes
from app.queries.facts import facts_by_id
from app.renderings.atom import Feed, render
from app.tables.evidence import Revision
from tests.conftest import Serving, running
from tests.makers import a_claim, a_folder, load
from tests.plans import plans_of, whole

GENRES = ("drama", "comedy", "western", "thriller")


def _load(engine: Engine, folder: Path, slug: str, genres: Any, **source: str) -> None:
    lines = [f"This is Film One, a {genre}." for genre in sorted(genres)]
    claims = [a_claim("film/one", "label", "Film One", quote=lines[0])]
    claims += [
        a_claim("film/one", "genre", genre, quote=line) for genre, line in zip(sorted(genres), lines, strict=True)
    ]
    told = {"published": "2023-01-01", "publisher": slug, **source}
    load(engine, a_folder(folder, slug, "\n".join(lines), claims, source=told))


def _withdraw(engine: Engine, slug: str, reason: str) -> None:
    with for_writing(engine).begin() as connection:
        withdraw_source(connection, slug, reason, actor="curator")


def _undo(engine: Engine) -> None:
    """Take back the last revision, if it is a judgement."""
    with for_writing(engine).begin() as connection:
        last = connection.execute(select(func.max(col(Revision.id)))).scalar() or 0
        undo_revision(connection, last, "not so", actor="curator")


def followed(api: httpx.Client, url: str) -> list[dict[str, Any]]:
    """All changes from a URL on, page by page, and back again."""
    found: list[dict[str, Any]] = []
    pages: list[Any] = []
    next_url: str | None = url
    while next_url:
        page = api.get(next_url).json()
        pages.append(page["results"])
        found += page["results"]
        next_url = page["next"]
    assert page["count"] == len(found)
    while page["previous"]:
        pages.pop()
        page = api.get(page["previous"]).json()
        assert page["results"] == pages[-1]
    assert len(pages) == 1
    return found


def all_facts(api: httpx.Client, change: dict[str, Any], way: str) -> list[dict[str, Any]]:
    page = api.get(change["facts_url"], params={"change": way, "limit": 100}).json()
    assert page["count"] == len(page["results"])
    assert page["results"][:25] == change[way]
    results: list[dict[str, Any]] = page["results"]
    return results


@settings(max_examples=8)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from("ab"), st.none() | st.just("undo") | st.sets(st.sampled_from(GENRES), min_size=1)),
        min_size=1,
        max_size=7,
    )
)
def test_who_follows_the_changes_knows_what_every_source_states(
    migrated_file: Path, steps: list[tuple[str, set[str] | str | None]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "filmspace.db"
        shutil.copy(migrated_file, file)
        engine = make_engine(f"sqlite:///{file}")
        for slug, genres in steps:
            try:
                if genres == "undo":
                    _undo(engine)
                else:
                    _withdraw(engine, slug, "wrong") if genres is None else _load(engine, Path(folder), slug, genres)
            except RefusedError:
                continue
        states: dict[str, set[str]] = {"a": set(), "b": set()}
        with running(str(engine.url)) as api:
            changes = followed(api, "/changes?since=0&limit=2")
            assert [one["revision"] for one in changes] == sorted(one["revision"] for one in changes)
            assert followed(api, "/changes?limit=3") == changes[::-1]
            for change in changes:
                states_now = states[change["source"]["slug"]]
                added, ended = ({one["id"] for one in all_facts(api, change, way)} for way in ("added", "ended"))
                assert (len(added), len(ended)) == (
                    change["added_count"], change["superseded_count"] + change["withdrawn_count"],
                )  # fmt: skip
                assert not added & states_now
                assert ended <= states_now
                states_now |= added
                states_now -= ended
            for slug in {change["source"]["slug"] for change in changes}:
                states_now = states[slug]
                stated = api.get("/facts", params={"source": slug, "limit": 100}).json()["results"]
                assert {one["id"] for one in stated} == states_now
                current = [one for change in changes for one in all_facts(api, change, "added") if one["current"]]
                assert states_now <= {one["id"] for one in current}
        engine.dispose()


@pytest.fixture
def history(engine: Engine, serving: Serving, tmp_path: Path) -> httpx.Client:
    """A base with a load, a correction, another load, a withdrawal, and the same source back again."""
    _load(engine, tmp_path, "a", {"drama", "comedy"}, title="<b>Film & Co</b>")
    _load(engine, tmp_path, "a", {"drama", "western"}, title="<b>Film & Co</b>")
    _load(engine, tmp_path, "b", {"thriller"})
    _withdraw(engine, "b", "It was <made> up & wrong")
    _load(engine, tmp_path, "b", {"thriller"})
    _withdraw(engine, "b", "Again")
    return serving(engine)


def test_each_change_says_what_was_done_and_why(history: httpx.Client) -> None:
    changes = followed(history, "/changes?since=0")
    told = [
        (one["action"], one["version"], one["added_count"], one["superseded_count"], one["withdrawn_count"])
        for one in changes
    ]
    assert told == [
        ("load", 1, 3, 0, 0), ("correct", 2, 1, 1, 0), ("load", 1, 2, 0, 0), ("withdraw", 1, 0, 0, 2),
        ("load", 2, 2, 0, 0), ("withdraw", 2, 0, 0, 2),
    ]  # fmt: skip
    assert [one["reason"] for one in changes] == [None, None, None, "It was <made> up & wrong", None, "Again"]
    correction = changes[1]
    assert [(one["value"], one["current"]) for one in correction["added"]] == [("western", True)]
    assert [(one["value"], one["current"]) for one in correction["ended"]] == [("comedy", False)]
    assert history.get(correction["ended"][0]["url"]).status_code in (404, 410)
    assert (correction["entity"], correction["into"], correction["actor"]) == (None, None, "tests")
    assert changes[3]["actor"] == "curator"
    for change in changes:
        assert history.get(change["url"]).json() == change


def test_operators_are_told_what_loads_did(history: httpx.Client, engine: Engine, tmp_path: Path) -> None:
    """Whoever did it: the figures are of the data."""

    def told() -> dict[str, int]:
        figures = re.findall(
            r"^filmspace_revision(?:s|_claims)_total\{(.*)\} (\S+)$", history.get("/metrics").text, re.M
        )
        return {labels: int(float(figure)) for labels, figure in figures}

    before = told()
    assert before == {
        'action="load"': 4, 'action="load",change="added"': 8, 'action="load",change="superseded"': 1,
        'action="load",change="withdrawn"': 0, 'action="withdraw"': 2, 'action="withdraw",change="added"': 0,
        'action="withdraw",change="superseded"': 0, 'action="withdraw",change="withdrawn"': 4,
    }  # fmt: skip
    _load(engine, tmp_path, "a", {"western"})
    assert {sort: figure for sort, figure in told().items() if figure != before[sort]} == {
        'action="load"': 5, 'action="load",change="superseded"': 2,
    }  # fmt: skip


def test_a_merge_and_a_renaming_say_of_what_into_what(engine: Engine, serving: Serving, tmp_path: Path) -> None:
    for slug, film, name in (("a", "film/one", "Film One"), ("b", "film/uno", "Film Uno")):
        line = f"{name} is a drama."
        claims = [a_claim(film, "name", name, quote=line), a_claim(film, "genre", "drama", quote=line)]
        load(engine, a_folder(tmp_path, slug, line, claims, source={"published": "2023-01-01", "publisher": slug}))
    with for_writing(engine).begin() as connection:
        merge_entities(connection, "film/uno", "film/one", "the same film", actor="curator")
        rename_entity(connection, "film/one", "film-one", "a better slug", actor="curator")
    api = serving(engine)
    changes = followed(api, "/changes?since=2")
    assert [(one["action"], one["reason"], one["source"], one["version"]) for one in changes] == [
        ("merge", "the same film", None, None), ("rename", "a better slug", None, None),
    ]  # fmt: skip
    assert [one[key]["url"] for one in changes for key in ("entity", "into")] == [
        "/films/uno", "/films/one", "/films/one", "/films/film-one",
    ]  # fmt: skip
    assert [one["entity"]["label"] for one in changes] == ["Film Uno", "Film One"]
    for change in changes:
        assert (change["added"], change["ended"], all_facts(api, change, "added")) == ([], [], [])
        for key in ("entity", "into"):
            assert api.get(change[key]["url"], follow_redirects=True).json()["slug"] == "film-one"
    for change in followed(api, "/changes?since=0&limit=1")[:2]:
        for fact in change["added"]:
            assert fact["current"]
            assert (
                api.get(fact["url"], follow_redirects=True).json()["subject"]["slug"]
                == fact["subject"]["slug"]
                == "film-one"
            )
    feed = feedparser.parse(api.get("/changes?format=atom").content)
    label = api.get("/films/film-one").json()["label"]
    assert [one.title for one in feed.entries[:2]] == [
        f"Renamed: Film One (one) into {label} (film-one)", "Merged: Film Uno (uno) into Film One (one)",
    ]  # fmt: skip
    assert "a better slug" in feed.entries[0].content[0].value


def test_a_time_stands_for_the_last_revision_up_to_it(history: httpx.Client) -> None:
    changes = followed(history, "/changes?since=0")
    for index, change in enumerate(changes):
        assert followed(history, str(httpx.URL("/changes", params={"since": change["at"]}))) == changes[index + 1 :]
    before = datetime.fromisoformat(changes[0]["at"]) - timedelta(seconds=1)
    assert followed(history, str(httpx.URL("/changes", params={"since": before.isoformat()}))) == changes
    assert followed(history, "/changes?since=2020-01-01") == changes
    assert followed(history, "/changes?since=6") == followed(history, "/changes?since=2147483647") == []


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/changes?since=-1", "since"),
        ("/changes?since=2147483648", "since"),
        ("/changes?since=99999999999999999999", "since"),
        ("/changes?since=yesterday", "since"),
        ("/changes?since=2021-02-30", "since"),
        ("/changes?since=0001-01-01T00:00:00%2B23:59", "since"),
        ("/changes?since=", "since"),
        ("/changes?since=1&since=2", "since"),
        ("/changes?cursor=nonsense", "cursor"),
        ("/changes?cursor=%00", "cursor"),
        ("/changes?cursor=WyItcmV2aXNpb24iLGZhbHNlLCJhIl0", "cursor"),
        ("/changes?cursor=WyItcmV2aXNpb24iLGZhbHNlLDFd&since=0", "cursor"),
        ("/changes?limit=0", "limit"),
        ("/changes?offset=1", "offset"),
        ("/changes?format=rss", "format"),
        ("/changes/1?since=0", "since"),
        ("/changes/1/facts?change=gone", "change"),
    ],
)
def test_what_cannot_be_understood_is_named(api: httpx.Client, path: str, name: str) -> None:
    answer = api.get(path)
    assert answer.status_code == 422, answer.text
    assert {one["parameter"] for one in answer.json()["errors"]} == {name}


@pytest.mark.parametrize("revision", ["0", "2", "-1", "one", "99999999999", "1.0", "%00", "１"])
def test_there_is_no_such_revision(api: httpx.Client, revision: str) -> None:
    for path in (f"/changes/{revision}", f"/changes/{revision}/facts"):
        assert api.get(path).json()["code"] == "not_found"


def test_a_long_list_of_facts_is_cut_and_says_where_the_rest_is(api: httpx.Client) -> None:
    (change,) = api.get("/changes").json()["results"]
    assert (len(change["added"]), change["added_count"] > 100) == (25, True)
    ids = []
    url = change["facts_url"] + "?limit=50"
    while url:
        page = api.get(url).json()
        ids += [one["id"] for one in page["results"]]
        url = page["next"]
    assert len(set(ids)) == len(ids) == page["count"] == change["added_count"]
    assert ids[:25] == [one["id"] for one in change["added"]]


def test_changes_are_found_by_the_claims_that_they_are_about(engine: Engine, tmp_path: Path) -> None:
    """Never by going through all that current sources claim."""
    for first in (0, 20):
        _load(engine, tmp_path, "a", {f"drama {number}" for number in range(first, first + 40)})

    def follow(connection: Connection) -> None:
        for change in list_changes(connection, ChangesQuery(since=datetime(2020, 1, 1, tzinfo=UTC)))[1].rows:
            facts = list_changed_facts(connection, change, ("added", "ended"), limit=25, offset=0)[1]
            assert len(facts_by_id(connection, [one.id for one in facts])) == sum(one.current for one in facts)

    plans = plans_of(engine, follow)
    assert len(plans) > 5
    for statement, plan in plans:
        assert whole(plan) == [], (statement, plan)
        sources = [line for line in plan if line.startswith("SEARCH source ") or line.endswith(" on source")]
        assert all("PRIMARY KEY" in line or "pk_source" in line for line in sources), (statement, plan)


# The feed


def test_a_feed_reader_reads_the_newest_first_and_the_rest_by_links(history: httpx.Client) -> None:
    answer = history.get("/changes", params={"limit": 4}, headers={"Accept": "application/atom+xml"})
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(answer.content)
    assert (feed.bozo, feed.version) == (False, "atom10")
    asked = history.get("/changes?format=atom&limit=4")
    assert feedparser.parse(asked.content).entries == feed.entries
    assert asked.headers["etag"] == history.get("/changes?format=atom&limit=4").headers["etag"]
    links = {one.rel: one.href for one in feed.feed.links}
    assert links.keys() == {"self", "alternate", "first", "next"}
    assert links["self"] == str(answer.url)
    changes = followed(history, "/changes")
    entries = (
        feed.entries
        + feedparser.parse(history.get(links["next"], headers={"Accept": "application/atom+xml"}).content).entries
    )
    assert len({one.id for one in entries}) == len(entries) == len(changes)
    for entry, change in zip(entries, changes, strict=True):
        assert entry.updated == entry.published == change["at"]
        assert entry.author == change["actor"]
        assert [one.term for one in entry.tags] == [change["action"]]
        linked = {one.rel: one.href for one in entry.links}
        assert history.get(linked["alternate"]).json() == change
        assert linked["related"] == str(history.base_url.join(change["source"]["url"]))
        assert all(fact["value"] in entry.content[0].value for fact in (*change["added"], *change["ended"]))
    assert feed.feed.updated == entries[0].updated
    assert entries[-1].title == "Loaded: <b>Film & Co</b>, a, 2023-01-01"
    assert "It was &lt;made&gt; up &amp; wrong" in entries[2].content[0].value


def test_an_empty_base_has_an_empty_feed(engine: Engine, serving: Serving) -> None:
    feed = feedparser.parse(serving(engine).get("/changes?format=atom").content)
    assert (feed.bozo, feed.entries, feed.feed.updated) == (False, [], "1970-01-01T00:00:00Z")


def test_other_formats_are_not_to_be_had(api: httpx.Client) -> None:
    assert api.get("/changes", headers={"Accept": "image/png"}).status_code == 406
    assert api.get("/changes?format=atom", headers={"Accept": "image/png"}).status_code == 200


@given(text=st.text(min_size=1, max_size=30), other=st.text(max_size=30))
def test_no_text_breaks_the_feed(text: str, other: str) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    ref = Ref(kind="film", slug="one", label=text, url="/films/one")
    fact = ChangedFact(
        change="added", id="0", url="/facts/0", subject=ref, property="plot", value=other, qualifiers={},
        modality="hoped", current=True,
    )  # fmt: skip
    change = Change(
        revision=1, url="/changes/1", at=moment, actor=other, action="merge", reason=text, undoes=None, undone_by=None,
        source=None, version=None, entity=ref, into=ref, added_count=2, superseded_count=0, withdrawn_count=0, added=[fact], ended=[],
        facts_url="/changes/1/facts",
    )  # fmt: skip
    written = render(Feed([change], None, None, {"self": f"http://x/{text}"}, "1"), lambda path: f"http://x{path}")
    root = ElementTree.fromstring(written)
    title = root.findtext("{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}title") or ""
    assert title == f"Merged: {text} (one) into {text} (one)" or not text.isprintable()
