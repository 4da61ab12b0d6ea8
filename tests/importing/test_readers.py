"""The readers: what each format says, in the terms of the vocabulary, and what of it is passed over."""

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import edtf
from app.importing import DATASETS, FORMATS, astronauts, by_dataset, gcat, imdb, launches, wikidata
from app.importing.dates import DateError, vague, wikibase
from app.importing.files import File, sha256_of
from app.importing.records import Entry, FormatError, Item, Key, Published, Skipped, Unreadable
from app.loading.identifiers import rank_of
from app.schemes import IDENTIFIER_FORMS
from app.values import canonical
from app.vocabulary import PROPERTIES
from tests.importing import makers
from tests.importing.makers import a_file, a_time, is_in_passing, said


def left_out(items: list[Item]) -> Counter[str]:
    return Counter(name for one in items if isinstance(one, Entry) for name in one.left_out)


def unreadable(items: list[Item]) -> list[int]:
    return [one.line for one in items if isinstance(one, Unreadable)]


def check_it_fits(items: list[Item]) -> None:
    """Everything that is said can be said: of that kind, with such a value, of somebody who exists."""
    for one in items:
        if not isinstance(one, Entry):
            continue
        assert one.place
        assert rank_of(one.key.slug)[0], f"app/schemes.py names no scheme in ADDRESSES for {one.key.identifier}"
        for told in one.statements:
            prop = PROPERTIES[told.property]
            assert one.key.kind in prop.domain
            assert (told.value is None) != (told.object is None)
            if told.object is not None:
                assert told.object.kind in prop.object_kinds
            else:
                assert prop.value_type
                canonical(prop.value_type, told.value or "")
                assert not prop.allowed or told.value in prop.allowed
            scheme, _, rest = (told.value or "").partition(":")
            if told.property == "identifier" and (form := IDENTIFIER_FORMS.get((scheme, one.key.kind))):
                assert re.fullmatch(form[0], rest)
            assert set(told.qualifiers) <= set(prop.qualifiers)
            if told.character:
                assert "character" in prop.qualifiers


@pytest.mark.parametrize(
    ("job", "is_writer"),
    [
        ("\\N", True), ("screenplay", True), ("written by", True), ("story", True), ("novel", False), ("Novel", False),
        ('book "Moon River"', False), ("based on the play by", False), ("short story", False), ("characters", False),
        ("manga", False), ("screenplay based on the novel", True), ("adaptation of the book", True),
        ("story and characters", True), ("photo-play", True), ('segment "The Book"', True), ("character development", True),
        ("adapted from the novel by", False), ("based on the screenplay by", False), ("novel written by", False),
        ('novel "Written on the Wind"', False), ("based upon the story by", False), ("short story by", False),
        ("story: based on characters by", True), ("libretto", False), ("play by", False),
    ],
)  # fmt: skip
def test_who_wrote_the_novel_is_no_screenwriter(tmp_path: Path, job: str, is_writer: bool) -> None:
    credits = makers.rows(makers.PRINCIPALS, ("tt0000101", "1", "nm0000203", "writer", job, "\\N"))
    (entry,) = imdb.read(a_file(tmp_path, "title.principals.tsv", credits))
    assert isinstance(entry, Entry)
    assert [told.property for told in entry.statements] == ["screenwriter"] * is_writer
    assert ("a writer of what a film is made after" in entry.left_out) is not is_writer


def test_imdb_titles(tmp_path: Path) -> None:
    items = list(imdb.read(a_file(tmp_path, "title.basics.tsv.gz", makers.imdb_titles())))
    check_it_fits(items)
    assert said(items, "film/imdb:tt0000101") == [
        ("name", "Moonward"), ("film_type", "film"), ("alternate_name", "Mondwärts"), ("release_date", "1957"),
        ("duration", "91 minute"), ("genre", "Drama"), ("genre", "Sci-Fi"), ("identifier", "imdb:tt0000101"),
    ]  # fmt: skip
    assert ("name", '"Slow" Orbit') in said(items, "film/imdb:tt0000102")
    assert not said(items, "film/imdb:tt0000102", name="release_date")
    assert [one for one in items if isinstance(one, Skipped)] == [Skipped("titleType tvEpisode")]
    assert unreadable(items) == [5]
    assert left_out(items) == {"startYear that is no year": 1, "runtimeMinutes that is no number": 1, "isAdult": 1}
    assert next(one.place for one in items if isinstance(one, Entry)) == "title.basics.tsv.gz:2 tt0000101"


def test_imdb_names_and_who_did_what(tmp_path: Path) -> None:
    names = list(imdb.read(a_file(tmp_path, "name.basics.tsv", makers.imdb_names())))
    credits = list(imdb.read(a_file(tmp_path, "title.principals.tsv", makers.imdb_principals())))
    check_it_fits([*names, *credits])
    assert said(names, "person/imdb:nm0000201", name="occupation") == [
        ("occupation", "actress"), ("occupation", "art director")
    ]  # fmt: skip
    assert ("death_date", "2003") in said(names, "person/imdb:nm0000201")
    assert said(names, "person/imdb:nm0000202") == [("name", "Ann Orr"), ("identifier", "imdb:nm0000202")]
    assert said(credits, "film/imdb:tt0000101") == [
        ("cast", "imdb:nm0000201"), ("cast", "imdb:nm0000201"), ("director", "imdb:nm0000202")
    ]  # fmt: skip
    played = [told.character for one in credits if isinstance(one, Entry) for told in one.statements]
    assert Key("character", "imdb:tt0000101", 'Commander "Red" Vale') in played
    assert said(credits, "character/imdb:tt0000101#The Voice") == [
        ("name", "The Voice"), ("present_in_work", "imdb:tt0000101")
    ]  # fmt: skip
    assert said(credits, "film/imdb:tt0000102") == [("cast", "imdb:nm0000201")]
    assert not said(credits, "character/imdb:tt0000102#Self")
    # Whose credits they are the file does not tell, and so whether it is a film.
    assert all(one.within for one in credits if isinstance(one, Entry))
    assert left_out(credits) == {"category editor": 1}


def test_wikidata(tmp_path: Path) -> None:
    file = a_file(
        tmp_path, "dump.json.gz", makers.wikidata_dump(makers.a_film_of_wikidata(), makers.a_person_of_wikidata())
    )
    items = list(wikidata.read(file))
    check_it_fits(items)
    assert Counter(said(items, "film/wikidata:Q9000001")) == Counter([
        ("identifier", "wikidata:Q9000001"), ("identifier", "imdb:tt0000101"), ("name", "Moonward"),
        ("alternate_name", "Moon-Ward"), ("description", "film of 1957"), ("film_type", "film"),
        ("director", "wikidata:Q9000002"), ("cast", "wikidata:Q9000003"), ("cast", "wikidata:Q9000004"),
        ("release_date", "1957-11"), ("release_date", "1956"), ("duration", "91 minute"),
        ("box_office", "1200000.50 United States dollar"), ("genre", "science fiction film"),
    ])  # fmt: skip
    film = next(one for one in items if isinstance(one, Entry))
    ranks = {(told.property, told.value): told.rank for told in film.statements}
    assert ranks["release_date", "1956"] == "deprecated"
    assert ranks["box_office", "1200000.50 United States dollar"] == "preferred"
    assert [told.qualifiers for told in film.statements if told.property == "box_office"] == [{"point_in_time": "1960"}]
    assert [told.character for told in film.statements if told.property == "cast"] == [
        Key("character", "wikidata:Q9000001", "The Voice"), Key("character", "wikidata:Q9000005")
    ]  # fmt: skip
    assert left_out([film]) == {
        "somevalue of P57": 1, "qualifier P291": 1, "further release_date of one thing": 1, "P18": 1,
        "P136 that is an item whose name is not known": 1, "aliases in other languages": 1,
    }  # fmt: skip
    (born,) = [
        told for one in items if isinstance(one, Entry) for told in one.statements if told.property == "birth_date"
    ]
    assert (born.value, born.place) == ("1921-02-11", "dump.json.gz:3 Q9000002 P569, a day of the Julian calendar")


@pytest.mark.parametrize("wrap", ["dump", "lines", "entities", "api", "bare", "indented", "list"])
def test_wikidata_in_every_wrapping(tmp_path: Path, wrap: str) -> None:
    one = makers.a_film_of_wikidata()
    text = {
        "dump": makers.wikidata_dump(one),
        "lines": json.dumps(one) + "\n",
        "entities": json.dumps({"entities": {"Q9000001": one}}),
        "api": json.dumps({"entities": [{**one, "pageid": 1, "ns": 0, "lastrevid": 5}], "success": 1}),
        "bare": json.dumps(one),
        "indented": json.dumps({"entities": {"Q9000001": one}}, indent=2),
        "list": json.dumps([one], indent=2),
    }[wrap]
    items = list(wikidata.read(a_file(tmp_path, "one.json", "\ufeff" + text)))
    assert len(said(items, "film/wikidata:Q9000001")) == 14
    assert not unreadable(items)


def test_what_is_no_entity_is_passed_over_with_its_line(tmp_path: Path) -> None:
    one = makers.a_person_of_wikidata()
    broken: list[Any] = [
        {"id": "Q6", "missing": ""}, {"type": "property", "id": "P31", "labels": [], "claims": {}}, "Q7", 7, None, [],
        {**one, "claims": "none"}, {**one, "claims": {"P31": [{"rank": "normal"}]}}, {**one, "id": None},
        {**one, "id": "Q1/2"}, {**one, "labels": "no object"},
        {**one, "claims": {"P31": [makers.a_statement("P31", {"id": "Qx"})]}},
        {"error": {"code": "no-such-entity", "info": "Could not find such an entity"}},
    ]  # fmt: skip
    lines = [
        "[",
        '{"id": "Q0',
        *(json.dumps(one) + "," for one in broken),
        '{"id": "Q1',
        "[" * 100_000,
        json.dumps(one),
        "]",
    ]
    raw = "\n".join(lines).encode() + b"\n\xff\xfe\n"
    items = list(wikidata.read(a_file(tmp_path, "broken.json", raw)))
    assert [one.key.identifier for one in items if isinstance(one, Entry)] == ["wikidata:Q9000002"]
    sound = {4, 8}  # a property, and an empty list
    assert unreadable(items) == [*(set(range(2, 3 + len(broken))) - sound), 16, 17, 20]
    assert Skipped("type property") in items


@pytest.mark.parametrize(
    ("time", "precision", "expected"),
    [
        ("+1957-11-07T00:00:00Z", 11, "1957-11-07"),
        ("+1957-11-00T00:00:00Z", 10, "1957-11"),
        ("+1957-11-07T00:00:00Z", 9, "1957"),
        ("+1957-00-00T00:00:00Z", 11, "1957"),
        ("+1957-00-00T00:00:00Z", 8, "195X"),
        ("+1957-00-00T00:00:00Z", 7, "19XX"),
        ("+1900-00-00T00:00:00Z", 7, "18XX"),
        ("+1957-00-00T00:00:00Z", 6, "1XXX"),
        ("+0200-10-05T00:00:00Z", 11, "0200-10-05"),
        ("-0001-00-00T00:00:00Z", 9, "0000"),
        ("-0200-00-00T00:00:00Z", 9, "-0199"),
        ("-200000200-04-30T00:00:00Z", 11, "Y-200000199"),
        ("+00000001994-01-01T00:00:00Z", 11, "1994-01-01"),
    ],
)
def test_times_of_wikibase_are_as_fine_as_they_are_told(time: str, precision: int, expected: str) -> None:
    assert wikibase(a_time(time, precision)) == (expected, False)
    assert edtf.parse(expected)


@pytest.mark.parametrize(
    "value",
    [
        a_time("+2014-02-29T00:00:00Z"), a_time("+0000-02-01T00:00:00Z"), a_time("+1957-00-00T00:00:00Z", 5),
        a_time("1957-11-07"), a_time("+1957-11-07T00:00:00Z", calendar="Q1"), {}, {"time": 7, "precision": 11},
        {**a_time("+1957-11-07T00:00:00Z"), "precision": "11"}, a_time("+99999-00-00T00:00:00Z", 8),
    ],
)  # fmt: skip
def test_times_that_cannot_be_told_are_refused(value: dict[str, Any]) -> None:
    with pytest.raises(DateError):
        wikibase(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2004", "2004"), ("1976?", "1976?"), ("1992 Feb", "1992-02"), ("1957 Nov?", "1957-11?"),
        ("2016 Jan  1", "2016-01-01"), ("1957 Oct  4 1933", "1957-10-04"), ("1957 Oct  4 1933:21", "1957-10-04T19:33:21Z"),
        ("1957 Oct  4 19", "1957-10-04"), ("1960s", "196X"), ("1990s?", "199X?"), ("1971 Oct    -", "1971-10"),
        ("1957 Oct  4?", "1957-10-04?"), ("812", "0812"),
    ],
)  # fmt: skip
def test_vague_dates(text: str, expected: str) -> None:
    assert vague(text) == expected


@pytest.mark.parametrize("text", ["", "?", "*", "Feb 1992", "1957 Feb 30", "1957 Okt", "19570", "1957-10-04"])
def test_what_is_no_vague_date(text: str) -> None:
    with pytest.raises(DateError):
        vague(text)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, "2021-02-20T17:36:00Z"),
        # What was to be settled of a launch that took place was.
        ({"tbdtime": True, "tbddate": True}, "2021-02-20T17:36:00Z"),
        ({"tbdtime": True, "tbddate": False, "status": {"id": 1, "name": "Go"}}, "2021-02-20"),
        ({"tbdtime": True, "tbddate": True, "status": {"id": 1, "name": "Go"}}, "2021-02"),
        ({"net_precision": {"id": 0, "name": "Second", "abbrev": "SEC"}}, "2021-02-20T17:36:00Z"),
        ({"net_precision": {"id": 1, "name": "Minute", "abbrev": "MIN"}}, "2021-02-20"),
        ({"net_precision": {"id": 7, "name": "Month", "abbrev": "M"}}, "2021-02"),
        ({"net_precision": {"id": 8, "name": "Quarter 1", "abbrev": "Q1"}}, "2021-33"),
        ({"net_precision": {"id": 12, "name": "Year Half 1", "abbrev": "H1"}}, "2021-40"),
        ({"net_precision": {"id": 14, "name": "Year", "abbrev": "Y"}}, "2021"),
        ({"net_precision": None, "net": "2021-02-20T17:36:00.000Z"}, "2021-02-20T17:36:00Z"),
        ({"net_precision": {"id": 3, "name": "Morning"}}, "2021-02-20"),
        ({"net_precision": {"id": 6, "name": "Week"}}, "[2021-02-15..2021-02-21]"),
        ({"net_precision": {"id": 6, "name": "Week"}, "net": "2024-12-31T00:00:00Z"}, "[2024-12-30..2025-01-05]"),
        # Which quarter it is, or half of a year, is told: not that of a placeholder.
        ({"net_precision": {"id": 11, "name": "Quarter 4"}}, "2021-36"),
        ({"net_precision": {"id": 13, "name": "Year Half 2"}}, "2021-41"),
        ({"net_precision": {"name": "Quarter"}}, "2021-33"),
        # A fiscal year is called by the year in which it ends.
        ({"net_precision": {"id": 15, "name": "Fiscal Year"}}, "[2020-10..2021-09]"),
        ({"net_precision": {"id": 15, "name": "Fiscal Year"}, "net": "2021-10-01T00:00:00Z"}, "[2021-10..2022-09]"),
        ({"net_precision": {"id": 16, "name": "Decade"}}, "202X"),
        # Who keeps less of a record keeps the abbreviation, or the number.
        ({"net_precision": {"abbrev": "M"}}, "2021-02"),
        ({"net_precision": {"id": 15}}, "[2020-10..2021-09]"),
        ({"net_precision": 14}, "2021"),
    ],
)
def test_a_launch_is_dated_as_finely_as_it_is_settled(tmp_path: Path, more: dict[str, Any], expected: str) -> None:
    items = list(launches.read(a_file(tmp_path, "launches.json", makers.a_page(makers.a_launch(**more)))))
    check_it_fits(items)
    launch = f"event/ll2:launch-{makers.a_launch()['id']}"
    assert said(items, launch, name="date") == [("date", expected)]
    assert edtf.parse(expected)


def test_launches_that_are_to_come_are_plans(tmp_path: Path) -> None:
    text = makers.a_page(
        makers.a_launch(status={"id": 8, "name": "To Be Confirmed"}), {"name": "no id", "net": "", "pad": 1}, 5
    )
    items = list(launches.read(a_file(tmp_path, "launches.json", text)))
    launch = f"event/ll2:launch-{makers.a_launch()['id']}"
    (entry,) = [one for one in items if isinstance(one, Entry) and one.is_whole]
    assert {told.modality for told in entry.statements if told.property in ("date", "participant")} == {"planned"}
    assert said(items, launch, name="participant") == [
        ("participant", "ll2:agency-44"), ("participant", "ll2:astronaut-617")
    ]  # fmt: skip
    assert said(items, launch, name="origin") == [("origin", "ll2:location-21")]
    assert ("name", "Utopia Spaceport") in said(items, "place/ll2:location-21")
    lines = text.split("\n")
    assert unreadable(items) == [lines.index('   "name": "no id",'), lines.index("  5") + 1]


def test_the_other_records_of_launch_library(tmp_path: Path) -> None:
    astronaut = {
        "id": 617, "name": "Ann Orr", "date_of_birth": "1945-04-20", "date_of_death": None, "bio": "Flew\r\n once. ",
        "nationality": [{"nationality_name": "Utopian"}, {"nationality_name": "Polish"}], "status": {"name": "Retired"},
        "agency": {"id": 44, "name": "Utopian Lines", "abbrev": "UL", "type": {"id": 3, "name": "Private"}},
        "flights": [{"id": "ab-1", "name": "Carrier 5", "status": {"name": "Success"}}],
    }  # fmt: skip
    agency = {"id": 44, "name": "Utopian Lines", "abbrev": "UL", "type": "Private", "founding_year": "1991",
              "country_code": "UTO", "administrator": "A. Orr"}  # fmt: skip
    station = {"id": 4, "name": "High Home", "founded": "1998-11-20", "deorbited": None, "orbit": "LEO",
               "owners": [{"id": 44, "name": "Utopian Lines", "abbrev": "UL"}]}  # fmt: skip
    event = {"id": 9, "name": "Docking", "date": "2031-05-01T10:00:00Z", "type": {"id": 2, "name": "Docking"},
             "location": "High Home", "description": "", "date_precision": {"name": "Day"},
             "launches": [{"id": "ab-1", "name": "Carrier 5"}]}  # fmt: skip
    rocket = {"id": 1, "name": "Carrier 5", "url": "https://example.org/config/launcher/1/"}
    items = list(launches.read(a_file(tmp_path, "all.json", json.dumps([astronaut, agency, station, event, rocket]))))
    check_it_fits(items)
    assert said(items, "person/ll2:astronaut-617") == [
        ("name", "Ann Orr"), ("birth_date", "1945-04-20"), ("nationality", "Utopian"), ("description", "Flew once."),
        ("affiliation", "ll2:agency-44"), ("identifier", "ll2:astronaut-617"),
    ]  # fmt: skip
    assert ("participant", "ll2:astronaut-617") in said(items, "event/ll2:launch-ab-1")
    whole = [one for one in items if isinstance(one, Entry) and one.is_whole]
    assert [told.value for told in whole[1].statements if told.property == "inception"] == ["1991"]
    assert said(items, "place/ll2:station-4", name="operator") == [("operator", "ll2:agency-44")]
    assert said(items, "event/ll2:event-9", name="date") == [("date", "2031-05-01")]
    assert Skipped("a record of another sort (launcher)") in items
    assert not unreadable(items)


@given(indent=st.sampled_from([None, 0, 2, "\t"]), before=st.integers(0, 3), is_list=st.booleans())
def test_what_stands_in_one_json_value_has_the_line_on_which_it_begins(
    tmp_path: Path, indent: int | str | None, before: int, is_list: bool
) -> None:
    flown: list[Any] = [makers.a_launch(number) for number in (1, 2, 3)]
    missing: list[Any] = [{"id": f"Q{number}", "missing": ""} for number in (1, 2, 3)]
    for reader, told, page in (
        (launches, flown, {"count": 3, "results": flown}),
        (wikidata, missing, {"entities": {one["id"]: one for one in missing}}),
    ):
        text = "\n" * before + json.dumps(told if is_list else page, indent=indent)
        items = list(reader.read(a_file(tmp_path, "page.json", text)))
        places = [one.place if isinstance(one, Entry) else str(one) for one in items]
        for one in told:
            named = text[: text.index(f'"id": "{one["id"]}"')].count("\n") + 1
            line = named if indent is None else named - 1
            assert any(re.match(rf"page\.json:{line}\b.*{one['id']}", place) for place in places), (line, places)


def test_gcat(tmp_path: Path) -> None:
    organisations = list(gcat.read(a_file(tmp_path, "orgs.tsv", makers.gcat_organisations())))
    sites = list(gcat.read(a_file(tmp_path, "sites.tsv.gz", makers.gcat_sites())))
    check_it_fits([*organisations, *sites])
    assert organisations[0] == Published("2031-02-03")
    assert said(organisations, "place/gcat:UT", name="inception") == [("inception", "1816-07-09")]
    assert said(organisations, "organisation/gcat:USA1") == [
        ("name", "Utopian Space Agency"), ("alternate_name", "Utopiy'skoye kosm. agentstvo"),
        ("alternate_name", "UKA"), ("organisation_type", "civil government organisation"), ("country", "gcat:UT"),
        ("inception", "1957-11?"), ("dissolution", "199X"), ("identifier", "gcat:USA1"),
    ]  # fmt: skip
    assert said(organisations, "organisation/gcat:USA_2", name="inception") == [("inception", "1957-10-04")]
    assert not said(organisations, "organisation/gcat:USA_2", name="dissolution")
    assert unreadable(organisations) == [6]
    assert said(sites, "place/gcatsite:UTS", name="operator") == [("operator", "gcat:USA1")]
    assert left_out(sites)["Parent in doubt"] == 1


def test_astronauts(tmp_path: Path) -> None:
    items = list(astronauts.read(a_file(tmp_path, "astronauts.csv", makers.astronauts())))
    check_it_fits(items)
    assert said(items, "person/astronauts:1")[:5] == [
        ("name", "Ann B. Orr Jr."), ("alternate_name", "Orr, Ann B., Jr."), ("alternate_name", "ОРР Анна"),
        ("nationality", "U.S."), ("birth_date", "1935"),
    ]  # fmt: skip
    assert said(items, "event/astronauts:mission#sts91 1961") == [
        ("name", "STS-91"), ("event_type", "space mission"), ("date", "1961"), ("participant", "astronauts:1")
    ]  # fmt: skip
    assert said(items, "event/astronauts:mission#soyuzt5 1962", name="participant") == [
        ("participant", "astronauts:1"), ("participant", "astronauts:2")
    ]  # fmt: skip
    assert ("name", "Vladimir Pole") in said(items, "person/astronauts:2")
    assert ("name", "Al Tomlin") in said(items, "person/astronauts:4")
    assert left_out(items)["birth_date that is no year"] == 1
    assert unreadable(items) == [6]


def test_a_slug_is_made_of_the_identifier_alone() -> None:
    assert Key("film", "imdb:tt0112384").entity == "film/imdb-tt0112384"
    assert Key("person", "wikidata:Q42").slug == "wikidata-q42"
    alike = [
        Key("place", "gcat:UAE_AD"), Key("place", "gcat:UAE-AD"), Key("place", "gcat:UaE"), Key("place", "gcat:uAe"),
        Key("place", "gcat:site-a"), Key("place", "gcat-site:a"), Key("place", "gcat:A-B"), Key("place", "gcat:a-b"), Key("place", "gcat:UAEAD"), Key("place", "gcat:uaead"),
        Key("character", "imdb:tt1", "Áron"), Key("character", "imdb:tt1", "Aron"), Key("character", "imdb:tt1", "aron"),
        Key("character", "imdb:tt1", "x" * 200), Key("character", "imdb:tt1", "x" * 201), Key("character", "a:b", "!"),
    ]  # fmt: skip
    assert len({one.slug for one in alike}) == len(alike)
    assert all(len(one.entity) <= 120 for one in alike)


def test_a_file_is_named_by_its_contents(tmp_path: Path) -> None:
    plain, packed = a_file(tmp_path, "a.tsv", "x\ny\n"), a_file(tmp_path, "b.tsv.gz", "x\ny\n")
    assert sha256_of([plain]) == sha256_of([packed])
    other = a_file(tmp_path, "c.tsv", "z\n")
    assert sha256_of([plain, other]) == sha256_of([other, packed]) != sha256_of([plain])


def entries(form: str, file: File) -> list[Entry]:
    ((dataset, _),) = by_dataset(form, [file]).items()
    return [one for one in DATASETS[dataset].read(file) if isinstance(one, Entry)]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("text", ["a\tb\n1\t2\n", "<html>\n", b"\xff\xfe", b"PK\x03\x04\x00"])
def test_a_file_of_another_format_is_refused_by_its_name(tmp_path: Path, form: str, text: str | bytes) -> None:
    with pytest.raises(FormatError, match=r"other\.txt"):
        entries(form, a_file(tmp_path, "other.txt", text))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.sampled_from(["Q5", "value", "P31", "+1957-11-00"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


def _spoilt(value: Any, draw: st.DrawFn) -> Any:
    """The value with something else at one place in it."""
    if isinstance(value, dict | list) and value and draw(st.integers(0, 5)):
        key = draw(st.sampled_from(sorted(value) if isinstance(value, dict) else list(range(len(value)))))
        value[key] = _spoilt(value[key], draw)
        return value
    return draw(_JSON)


@st.composite
def spoilt(draw: st.DrawFn, of: Any) -> Any:
    return _spoilt(of(), draw)


@given(spoilt(makers.a_film_of_wikidata) | spoilt(makers.a_person_of_wikidata) | _JSON)
@settings(max_examples=60)
def test_a_spoilt_item_is_passed_over_or_says_what_can_be_said(tmp_path: Path, one: Any) -> None:
    whole = makers.a_person_of_wikidata()
    items = list(wikidata.read(a_file(tmp_path, "x.json", makers.wikidata_dump(one, whole))))
    assert said(items, "person/wikidata:Q9000002")
    assert all(isinstance(told.value, str | None) for one in items if isinstance(one, Entry) for told in one.statements)


@given(spoilt(makers.a_launch) | _JSON)
@settings(max_examples=60)
def test_a_spoilt_launch_is_passed_over_or_says_what_can_be_said(tmp_path: Path, one: Any) -> None:
    items = list(launches.read(a_file(tmp_path, "x.json", makers.a_page(one, makers.a_launch(2)))))
    assert said(items, f"event/ll2:launch-{makers.a_launch(2)['id']}")
    assert all(isinstance(told.value, str | None) for one in items if isinstance(one, Entry) for told in one.statements)


_CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=4) | st.sampled_from(
    ["\\N", "-", "*", "tt1", "nm1", "#", '"', '["a', "19x7", "1957 Nov?", "9" * 5000, "1\t2", "\r"]
)


@st.composite
def spoilt_table(draw: st.DrawFn, text: str) -> str:
    """A table in which some lines are torn, repeated, gone or in another place, or have something else in a cell."""
    header, *lines = text.rstrip("\n").split("\n")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        cells = lines[at].split("\t")
        cells[draw(st.integers(0, len(cells) - 1))] = draw(_CELLS)
        torn = lines[at][: draw(st.integers(0, 40))]
        lines[at : at + 1] = draw(st.sampled_from([["\t".join(cells)], [torn], [lines[at], "\t".join(cells)]]))
    return "\n".join([header, *draw(st.permutations(lines)), draw(st.sampled_from(["", "\r"]))])


@pytest.mark.parametrize(
    ("form", "made"),
    [("imdb", makers.imdb_titles), ("imdb", makers.imdb_names), ("gcat", makers.gcat_organisations),
     ("gcat", makers.gcat_sites)],
    ids=["titles", "names", "orgs", "sites"],
)  # fmt: skip
@given(data=st.data())
@settings(max_examples=40)
def test_each_row_of_a_spoilt_table_is_told_or_passed_over_and_counted(
    tmp_path: Path, form: str, made: Callable[[], str], data: st.DataObject
) -> None:
    text = data.draw(spoilt_table(made()))
    file = a_file(tmp_path, "table.tsv", text)
    ((dataset, _),) = by_dataset(form, [file]).items()
    told = [one for one in DATASETS[dataset].read(file) if isinstance(one, Entry | Unreadable | Skipped)]
    items = [one for one in told if not (isinstance(one, Entry) and is_in_passing(one))]
    rows = [line for line in text.split("\n")[1:] if line.strip() and not (form == "gcat" and line.startswith("#"))]
    assert len(items) == len(rows)


def test_a_gzipped_file_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    file = a_file(tmp_path, "title.basics.tsv.gz", makers.imdb_titles())
    file.path.write_bytes(file.path.read_bytes()[:-20])
    with pytest.raises(FormatError, match="cut off"):
        list(imdb.read(file))
    with pytest.raises(FormatError, match="cannot be read"):
        sha256_of([File(tmp_path / "nowhere.tsv")])
