"""Search and suggestions: the order of the hits, what is shown of each, and what is looked for instead."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from alembic import command
from sqlalchemy import Connection, Engine, select, text

from app.cli.common import opened as opened_by_a_command
from app.db import for_writing
from app.importing import by_dataset
from app.loading.datasets import import_files
from app.migrate import alembic_config
from app.passages import fold
from app.queries.search import SearchQuery, matching, search, suggest
from app.settings import Settings
from app.tables.records import record_column
from app.vocabulary import KINDS
from tests.conftest import Serving
from tests.importing.makers import a_file, imdb_titles
from tests.makers import SEED, a_claim, a_folder, load
from tests.search.hit_rate import queries


def found(api: httpx.Client, q: str, **more: Any) -> list[dict[str, Any]]:
    response = api.get("/search", params={"q": q, **more})
    assert response.status_code == 200, response.text
    results: list[dict[str, Any]] = response.json()["results"]
    return results


def marked(text: str, highlights: list[dict[str, int]]) -> list[str]:
    return [text[one["start"] : one["end"]] for one in highlights]


def a_base(engine: Engine, folder: Path, names: dict[str, str], *more: dict[str, Any]) -> None:
    """Films of these names, by slug, in a base of their own; `more` is claimed as well."""
    article = "\n".join(f"There is {name}." for name in names.values())
    claims = [
        a_claim(f"film/{slug}", "name", name, quote=f"There is {name}.", inference="none")
        for slug, name in names.items()
    ]
    load(engine, a_folder(folder, "a-source", article, [*claims, *more], source={"published": "2030-01-01"}))


def test_best_match_comes_first(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    """Called so, begins so, is also called so, has the words, is told with the words."""
    names = {"f-text": "Aurora Rises", "e-words": "The Last Orbit Home", "c-begins": "Orbiter Nine", "a-exact": "Orbit"}
    quotes = [f"There is {name}." for name in names.values()]
    a_base(
        engine, tmp_path, names | {"d-other": "Circle"},
        a_claim("film/d-other", "alternate_name", "Circle", quote="There is Circle."),
        a_claim("film/f-text", "plot", "Aurora Rises: There is Orbit", quote=[quotes[0], quotes[3]], inference="implied"),
    )  # fmt: skip
    second = a_claim("film/d-other", "alternate_name", "Orbit Two", quote="Circle is called Orbit Two too.")
    load(engine, a_folder(tmp_path, "b-source", "Circle is called Orbit Two too.", [second]))
    hits = found(serving(engine), "orbit")
    assert [hit["slug"] for hit in hits] == ["a-exact", "c-begins", "d-other", "e-words", "f-text"]
    assert [hit["matched"] for hit in hits[:4]] == ["label", "label", "alternate_name", "label"]
    assert [marked(hit["snippet"], hit["highlights"]) for hit in hits[:4]] == [["Orbit"]] * 4


def test_words_that_only_run_together_come_after_those_that_are_there(
    engine: Engine, tmp_path: Path, serving: Serving
) -> None:
    a_base(engine, tmp_path, {"a-north": "Crow North", "b-crown": "The Crown", "c-prince": "Crown Prince"})
    api = serving(engine)
    assert [hit["slug"] for hit in found(api, "crown")] == ["c-prince", "b-crown", "a-north"]
    suggested = api.get("/suggest", params={"q": "crown"}).json()["results"]
    assert [one["slug"] for one in suggested] == ["c-prince", "b-crown", "a-north"]
    for q in ("crownorth", "crow n", "crow north"):
        assert found(api, q)[0]["slug"] == "a-north"


def test_the_best_known_comes_first_and_ties_are_ordered_by_slug(
    engine: Engine, tmp_path: Path, serving: Serving
) -> None:
    a_base(engine, tmp_path, {"delta": "Moon Delta", "alpha": "Moon Alpha", "omega": "Moon Omega", "beta": "Moon Beta"})
    again = a_claim("film/omega", "name", "Moon Omega", quote="Again Moon Omega.")
    load(engine, a_folder(tmp_path, "b-source", "Again Moon Omega.", [again]))
    assert [hit["slug"] for hit in found(serving(engine), "moon")] == ["omega", "alpha", "beta", "delta"]


def test_a_label_that_describes_comes_after_what_it_names(searched: httpx.Client) -> None:
    kinds = [hit["kind"] for hit in found(searched, "shipenko")]
    assert kinds[:2] == ["person", "event"]


def test_evidence_has_a_receipt_that_leads_to_the_words(searched: httpx.Client) -> None:
    seen = 0
    for q in ("heart surgery", "centrifuge", "frozen fjord", "dust storm", "prospective stars"):
        for hit in found(searched, q):
            receipt, text = hit["receipt"], hit["snippet"]
            assert hit["matched"] in ("evidence", "text")
            assert set(q.split()) <= set(fold(" ".join(marked(text, hit["highlights"]))).split())
            source = receipt["source"]
            said = searched.get(f"{source['url']}/text").text[receipt["start"] : receipt["end"]]
            if hit["matched"] == "evidence":
                seen += 1
                assert said == text
                span = {"source": source["slug"], "overlaps": f"{receipt['start']},{receipt['end']}"}
                assert searched.get("/facts", params=span).json()["count"] > 0
    assert seen > 5


def test_what_is_found_by_its_identifier_shows_it(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    with for_writing(engine).begin() as connection:
        import_files(connection, by_dataset("imdb", [a_file(tmp_path, "titles.tsv", imdb_titles())]), actor="tests")
    (hit,) = found(serving(engine), "tt0000101")
    assert (hit["slug"], hit["matched"]) == ("imdb-tt0000101", "text")
    assert marked(hit["snippet"], hit["highlights"]) == ["tt0000101"]


def test_long_sentences_are_cut_around_the_words(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    sentence = "It " + "went on and on " * 60 + "to the lighthouse " + "and further still " * 60 + "with Moon Alpha."
    claim = a_claim("film/alpha", "name", "Moon Alpha", quote=sentence)
    load(engine, a_folder(tmp_path, "a-source", f"First.\n{sentence}", [claim]))
    api = serving(engine)
    (hit,) = found(api, "lighthouse")
    assert marked(hit["snippet"], hit["highlights"]) == ["lighthouse"]
    assert 100 < len(hit["snippet"]) <= 240
    text = api.get("/sources/a-source/text").text
    assert text[hit["receipt"]["start"] : hit["receipt"]["end"]] == hit["snippet"]
    assert set(hit["snippet"].split()) <= set(sentence.split()), "words are whole"


@pytest.mark.parametrize(
    ("before", "q", "after"),
    [
        ("映画は宇宙で撮影された、" * 30, "ソユーズ", "、そして終わった" * 50),
        (f"See https://example.org/{'x' * 300}-", "lighthouse", f"-{'b' * 300} and"),
        ("It went on " * 30 + f"({'a' * 100}/", "lighthouse", f"-{'b' * 100}) and further still" * 20),
    ],
)
def test_sentences_are_cut_around_the_words_where_no_blank_is(
    engine: Engine, tmp_path: Path, serving: Serving, before: str, q: str, after: str
) -> None:
    sentence = f"{before}{q}{after} Moon Alpha."
    claim = a_claim("film/alpha", "name", "Moon Alpha", quote=sentence)
    load(engine, a_folder(tmp_path, "a-source", f"First.\n{sentence}", [claim]))
    api = serving(engine)
    (hit,) = found(api, q)
    assert marked(hit["snippet"], hit["highlights"]) == [q]
    assert 100 < len(hit["snippet"]) <= 240
    text = api.get("/sources/a-source/text").text
    assert text[hit["receipt"]["start"] : hit["receipt"]["end"]] == hit["snippet"]


@pytest.mark.parametrize(
    ("q", "marks"),
    [
        ("l'etoile", ["L’Étoile"]),
        ("etoile", ["Étoile"]),
        ("letoile loin", ["L’Étoile", "loin"]),
        ("spider", ["Spider"]),
        ("spiderlab", ["Spider-Lab"]),
        ("spider la", ["Spider", "La"]),
        ("d aubigne", ["d", "Aubigné"]),
        ("kjær", ["Kjær"]),
        ("NASA", ["NASA"]),
    ],
)
def test_highlights_are_the_words_as_they_are_written(searched: httpx.Client, q: str, marks: list[str]) -> None:
    hit = found(searched, q)[0]
    assert marked(hit["snippet"], hit["highlights"]) == marks


@pytest.mark.parametrize(
    ("name", "q", "marks"),
    [
        ("हिन्दी फ़िल्म", "हिन्दी", ["हिन्दी"]),
        ("हिन्दी फ़िल्म", "फ़िल्म", ["फ़िल्म"]),
        ("मंगलयान", "मंगल", ["मंगल"]),
        ("संजय लीला", "लीला संजय", ["संजय", "लीला"]),
        ("தமிழ் திரைப்படம்", "திரை", ["திரை"]),
        ("চন্দ্রযান", "চন্দ্রযান", ["চন্দ্রযান"]),
        ("फ़िल्म-शो", "फिल्मशो", ["फ़िल्म-शो"]),
        ("The Spider-Man Film", "spiderman", ["Spider-Man"]),
        ("The Spider-Man’s Film", "spider mans", ["Spider", "Man’s"]),
        ("The Spider-Man’s Film", "spidermans", ["Spider-Man’s"]),
        # What nobody sees: a soft hyphen, and what keeps letters of Persian from being joined.
        ("Das Raum\u00adschiff", "raumschiff", ["Raum\u00adschiff"]),
        ("من می\u200cخواهم", "میخواهم", ["می\u200cخواهم"]),
    ],
)
def test_words_are_shown_with_what_stands_in_them(
    engine: Engine, tmp_path: Path, serving: Serving, name: str, q: str, marks: list[str]
) -> None:
    a_base(engine, tmp_path, {"a-film": name})
    (hit,) = found(serving(engine), q)
    assert marked(hit["snippet"], hit["highlights"]) == marks


def test_vowel_signs_tell_words_apart(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    a_base(
        engine,
        tmp_path,
        {"a-heart": "दिल", "b-group": "दल", "c-lentils": "दाल", "d-stone": "சிலை", "e-waves": "அலை சில"},
    )
    api = serving(engine)
    for q, slugs in (("दिल", ["a-heart"]), ("दल", ["b-group"]), ("சில", ["d-stone", "e-waves"]), ("ल", [])):
        assert [hit["slug"] for hit in found(api, q)] == slugs


@pytest.mark.parametrize(
    ("q", "corrected"),
    [
        ("Novitsky", "novitskiy"),
        ("Shipinko", "shipenko"),
        ("Roskosmos", "roscosmos"),
        ("doug lyman", "doug liman"),
        ("yulya perecild", "yulia peresild"),
        ("novitskiy", None),
        ("roscomos", None),
        ("nothing like it", None),
    ],
)
def test_what_was_looked_for_instead_is_told(searched: httpx.Client, q: str, corrected: str | None) -> None:
    told = searched.get("/search", params={"q": q}).json()
    assert told["corrected"] == corrected
    assert (told["count"] > 0) == (q != "nothing like it")


def test_a_slip_that_makes_two_letters_of_one_sound_is_corrected(library: httpx.Client) -> None:
    told = library.get("/search?q=feutsel").json()
    assert (told["corrected"], told["results"][0]["slug"]) == ("feustel", "andrew-feustel")


@pytest.mark.parametrize("q", ["2003", "2oo2", "xi", "zzzzzz", "shipenko xylophone"])
def test_numbers_and_what_is_near_nothing_are_not_corrected(searched: httpx.Client, q: str) -> None:
    told = searched.get("/search", params={"q": q}).json()
    assert (told["count"], told["results"], told["corrected"]) == (0, [], None)


@pytest.mark.parametrize("q", ["zzzzqq", "qqqqqq"])
def test_two_sounds_alone_do_not_make_a_name(library: httpx.Client, q: str) -> None:
    """The seeds have STS and CNN, which are as short when what sounds alike is written alike."""
    assert library.get("/search", params={"q": q}).json()["corrected"] is None


def test_words_are_corrected_to_such_as_are_found_together(searched: httpx.Client) -> None:
    told = searched.get("/search", params={"q": "loyds luna"}).json()
    assert (told["corrected"], told["results"][0]["slug"]) == ("lloyds luna", "lloyds-of-luna")
    of_people = searched.get("/search", params={"q": "roskosmos", "kind": "person"}).json()
    assert {hit["kind"] for hit in of_people["results"]} <= {"person"}


def test_kinds_are_kept(searched: httpx.Client) -> None:
    every = searched.get("/search", params={"q": "the", "limit": 100}).json()
    parts = [searched.get("/search", params={"q": "the", "kind": kind}).json()["count"] for kind in KINDS]
    assert sum(parts) == every["count"] > 20
    both = searched.get("/search", params={"q": "the", "kind": ["film", "event"], "limit": 100}).json()["results"]
    assert [hit["slug"] for hit in both] == [
        hit["slug"] for hit in every["results"] if hit["kind"] in ("film", "event")
    ]


@pytest.mark.parametrize("q", ["the", "cosmonaut", "shipinko"])
def test_pages_have_each_hit_once(searched: httpx.Client, q: str) -> None:
    whole = searched.get("/search", params={"q": q, "limit": 100}).json()
    url, turned = str(searched.base_url.copy_with(path="/search", params={"q": q, "limit": "4"})), []
    while url:
        page = searched.get(url).json()
        assert (page["count"], page["corrected"]) == (whole["count"], whole["corrected"])
        turned += page["results"]
        url = page["next"]
    assert turned == whole["results"]
    assert len({hit["url"] for hit in turned}) == whole["count"] == len(turned)


def test_more_hits_than_are_put_in_order_are_all_paged(engine: Engine, tmp_path: Path, serving: Serving) -> None:
    names = {f"film-{number:04}": f"Comet {number:04}" for number in range(310)}
    a_base(engine, tmp_path, dict(sorted(names.items(), reverse=True)))
    api = serving(engine)
    slugs = [hit["slug"] for offset in range(0, 400, 100) for hit in found(api, "comet", limit=100, offset=offset)]
    assert sorted(slugs) == sorted(names)
    assert len(slugs) == len(set(slugs))
    assert found(api, "comet", offset=309, limit=5)
    assert found(api, "comet", offset=310) == found(api, "comet", offset=2**31 - 1) == []


def test_a_name_that_is_gone_is_not_found_and_not_corrected_to(
    engine: Engine, tmp_path: Path, serving: Serving
) -> None:
    a_base(engine, tmp_path, {"one": "Voyager Zwieback", "two": "Pioneer"})
    api = serving(engine)
    assert api.get("/search", params={"q": "zwiebak"}).json()["corrected"] == "zwieback"
    a_base(engine, tmp_path, {"one": "Voyager", "two": "Pioneer"})
    for q in ("zwiebak", "zwieback"):
        assert api.get("/search", params={"q": q}).json()["count"] == 0
        assert api.get("/suggest", params={"q": q}).json() == {"corrected": None, "results": []}


# /suggest


@pytest.mark.parametrize("q", ["y", "yu", "yul", "yuli", "yulia", "yulia p", "yulia pere", "peres", "PERESILD YULIA"])
def test_suggestions_while_somebody_types(searched: httpx.Client, q: str) -> None:
    told = searched.get("/suggest", params={"q": q, "kind": "person"}).json()
    assert "yulia-peresild" in [one["slug"] for one in told["results"]]
    assert len(told["results"]) <= 10
    assert told["corrected"] is None
    for one in told["results"]:
        assert marked(one["name"], one["highlights"])


def test_suggestions_show_the_name_that_fits(searched: httpx.Client) -> None:
    (one,) = searched.get("/suggest", params={"q": "roscom"}).json()["results"]
    assert (one["label"], one["name"], marked(one["name"], one["highlights"])) == ("Roscosmos", "Roscomos", ["Roscom"])


def test_suggestions_are_by_name_alone(searched: httpx.Client) -> None:
    assert found(searched, "centrifuge")
    assert searched.get("/suggest", params={"q": "centrifuge"}).json()["results"] == []


@pytest.mark.parametrize(
    ("q", "slug"), [("shipin", "klim-shipenko"), ("perizil", "yulia-peresild"), ("rosko", "roscosmos")]
)
def test_suggestions_correct_what_is_not_finished(searched: httpx.Client, q: str, slug: str) -> None:
    told = searched.get("/suggest", params={"q": q}).json()
    assert told["corrected"]
    assert told["results"][0]["slug"] == slug


# matching


def test_matching_has_exactly_what_search_finds(connection: Connection) -> None:
    for q in (*queries(), "the", "a", "…", "nothing like it"):
        hits = search(connection, SearchQuery(q, limit=100)).hits
        for kind in KINDS:
            is_found = record_column(kind, "id").in_(matching(connection, q))
            slugs = connection.execute(select(record_column(kind, "slug")).where(is_found)).scalars()
            assert set(slugs) == {hit["slug"] for hit in hits if hit["kind"] == kind}, q


# what an upgrade leaves


def test_a_base_from_before_is_searched_after_the_next_start(seeded: Engine, serving: Serving) -> None:
    """The index of another schema is empty until the records are made anew, which opening the base does."""
    command.downgrade(alembic_config(seeded), "81f73539190d")
    settings = Settings(database_url=str(seeded.url), seeds=SEED.parent)
    for _ in range(2):
        opened_by_a_command(settings).dispose()
        api = serving(seeded)
        assert [hit["slug"] for hit in found(api, "novitsky", kind="person")] == ["oleg-novitskiy"]
        assert api.get("/suggest", params={"q": "rosc"}).json()["results"]


def _index(engine: Engine) -> list[list[tuple[Any, ...]]]:
    with engine.connect() as connection:
        queries = (
            "rowid, CAST(words AS text) FROM search ORDER BY rowid",
            "* FROM spelling ORDER BY 1, 2",
            "* FROM indexed ORDER BY 1",
        )
        return [[tuple(row) for row in connection.execute(text(f"SELECT {one}"))] for one in queries]


def test_what_was_cut_into_other_words_is_indexed_anew_by_an_upgrade(
    engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the version before left it: signs parted words, and hyphens held none together."""
    said = a_claim("film/plain", "plot", "in its language", quote="There is हिन्दी फ़िल्म", inference="implied")
    a_base(
        engine,
        tmp_path,
        {"signs": "हिन्दी फ़िल्म", "hyphen": "The Spider-Man Film", "plain": "Film", "other": "Moon"},
        said,
    )
    before = _index(engine)
    command.downgrade(alembic_config(engine), "f1d7b3a96e40")
    is_sqlite = engine.dialect.name == "sqlite"
    with for_writing(engine).begin() as connection:
        for place, held in before[0]:
            cut = [
                f"{one[0]}{part}" for one in held.replace("'", "").split() for part in re.findall(r"\w+", one[1:])
                if part != "spiderman"
            ]  # fmt: skip
            words = " ".join(cut if is_sqlite else (f"'{one}'" for one in dict.fromkeys(cut)))
            set_words = text(
                f"UPDATE search SET words = {':words' if is_sqlite else 'CAST(:words AS tsvector)'} WHERE rowid = :at"
            )
            connection.execute(set_words, {"words": words, "at": place})
        connection.execute(text("DELETE FROM spelling WHERE word IN ('हिनदी', 'फिलम', 'spiderman')"))
        connection.execute(text("INSERT INTO spelling VALUES ('हनद', 'हनद')"))
    assert _index(engine) != before
    opened_by_a_command(Settings(database_url=str(engine.url), seeds=SEED.parent)).dispose()
    assert _index(engine) == before
    assert "the records of 3 of its 4 entities are made anew" in capsys.readouterr().err


# speed


@pytest.mark.parametrize("connection", ["sqlite"], indirect=True)
@pytest.mark.parametrize("q", ["the", "yulia p", "heart surgery", "shipinko", "spiderlab", "loyds luna"])
def test_nothing_is_looked_for_without_an_index(connection: Connection, q: str) -> None:
    """Every statement goes by an index, and hits come in the index's own order."""
    asked: list[str] = []
    driver: Any = connection.connection.dbapi_connection
    driver.set_trace_callback(asked.append)
    search(connection, SearchQuery(q, limit=5, offset=2))
    suggest(connection, q)
    connection.execute(
        select(record_column("film", "id")).where(record_column("film", "id").in_(matching(connection, q)))
    )
    driver.set_trace_callback(None)
    # But for what the index asks of its own tables.
    statements = dict.fromkeys(one for one in asked if one.startswith("SELECT") and "FROM 'main'" not in one)
    assert len(statements) > 5
    for statement in statements:
        plan = [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}")]
        by_index = r"VIRTUAL TABLE INDEX \d+:(\S*M|=)|json_each VIRTUAL TABLE INDEX 1|standing VIRTUAL TABLE INDEX 6"
        scans = [step for step in plan if step.startswith("SCAN") and not re.search(by_index, step)]
        # What is counted up to a bound is a subquery, which lists what it found by an index.
        assert [step for step in scans if not re.search("subquery|anon_|CONSTANT", step)] == [], (statement, plan)
        if "FROM spelling" not in statement:  # of which no more than so many rows are sorted
            assert not any("TEMP B-TREE" in step for step in plan), (statement, plan)
