"""What its own record does not speak of any more is known by its identifier for as long as others refer to it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import running
from tests.importing.makers import (
    GCAT_ORGANISATIONS,
    GCAT_SITES,
    NAMES,
    PRINCIPALS,
    TITLES,
    a_snak,
    a_statement,
    a_time,
    an_entity,
    an_item,
    rows,
    wikidata_dump,
)
from tests.importing.test_other_files import an_organisation, current, imported
from tests.importing.test_wikidata_ranks import record
from tests.makers import a_claim, a_folder
from tests.test_cli import run

pytestmark = pytest.mark.usefixtures("migrated")

NULL = r"\N"
A_FILM = a_statement("P31", an_item(11424))
UNKNOWN_CLASS, PERSON, COMPANY, CHARACTER = 999999, 5, 375336, 15773347
COMPANY_OF = an_entity("Q9000001", [A_FILM, a_statement("P272", an_item(9000002))], "Moonward")


def an_example(sort: int, label: str | None = "Utopia", *more: Any) -> Any:
    return an_entity("Q9000002", [a_statement("P31", an_item(sort)), *more], label)


def wikidata(folder: Path, *entities: Any) -> str:
    return imported(folder, "wikidata", "d.json", wikidata_dump(*entities))


def imdb(folder: Path, *names: str) -> str:
    """Import a title, and its director, of each of these numbers."""
    titles = [(f"tt000010{one}", "movie", f"Film {one}", f"Film {one}", "0", NULL, NULL, NULL, NULL) for one in names]
    credits = [(f"tt000010{one}", "1", "nm0000201", "director", NULL, NULL) for one in names]
    (folder / "principals.tsv").write_text(rows(PRINCIPALS, *credits))
    (folder / "titles.tsv").write_text(rows(TITLES, *titles))
    done = run(folder, "import", "imdb", str(folder / "titles.tsv"), str(folder / "principals.tsv"))
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_is_of_no_kind_any_more_keeps_its_identifier_while_it_is_referred_to(tmp_path: Path) -> None:
    wikidata(tmp_path, COMPANY_OF, an_example(COMPANY, "Utopia", a_statement("P856", "http://utopia.example")))
    told = wikidata(tmp_path, COMPANY_OF, an_example(UNKNOWN_CLASS))
    assert "1 of what was an organisation, and is none any more" in told
    (company,) = record(tmp_path, "/organisations?identifier=wikidata:Q9000002")["results"]
    assert (company["name"], company["identifiers"]) == (None, {"wikidata": "Q9000002"})
    assert "wikidata: unchanged" in wikidata(tmp_path, COMPANY_OF, an_example(UNKNOWN_CLASS))
    assert run(tmp_path, "check").returncode == 0
    article = a_claim(
        "organisation/utopia-studio", "identifier", "wikidata:Q9000002", quote="Utopia is wikidata:Q9000002"
    )
    named = a_claim("organisation/utopia-studio", "name", "Utopia", quote="Utopia")
    folder = a_folder(tmp_path, "an-article", "Utopia is wikidata:Q9000002.\n", [named, article])
    assert run(tmp_path, "load", str(folder)).returncode == 0
    assert record(tmp_path, "/organisations")["count"] == 1


def test_what_nothing_refers_to_loses_it(tmp_path: Path) -> None:
    film = an_entity("Q9000001", [A_FILM], "Moonward")
    wikidata(tmp_path, COMPANY_OF, an_example(COMPANY))
    wikidata(tmp_path, film, an_example(UNKNOWN_CLASS))
    assert record(tmp_path, "/organisations")["count"] == 0
    assert ("organisation/wikidata-q9000002", "wikidata:Q9000002") not in current(tmp_path, "identifier")


A_SITE = rows(
    GCAT_SITES, ("UTS", "-", "UTS", "LS", "-", "-", "-", "Utopia", "Kosmodrom", *["-"] * 4, "USA1", *["-"] * 4)
)


def an_agency(sort: str) -> str:
    return rows(GCAT_ORGANISATIONS, ("USA1", "USA1", "-", sort, "B", "-", "-", "Utopian", "Utopian Agency", *["-"] * 8))


def test_so_it_is_in_the_catalogue_of_mcdowell(tmp_path: Path) -> None:
    for sort in ("O", "CY"):
        imported(tmp_path, "gcat", "orgs.tsv", an_agency(sort))
        imported(tmp_path, "gcat", "sites.tsv", A_SITE)
    for kind in ("organisations", "places"):
        assert record(tmp_path, f"/{kind}?identifier=gcat:USA1")["count"] == 1


def test_what_only_an_article_spoke_of_has_its_identifier_once_it_is_referred_to(tmp_path: Path) -> None:
    claim = a_claim("person/imdb-nm0000201", "name", "Ann Orr", quote="Ann Orr")
    assert run(tmp_path, "load", str(a_folder(tmp_path, "an-article", "Ann Orr lives.\n", [claim]))).returncode == 0
    imdb(tmp_path, "1")
    assert record(tmp_path, "/people/imdb:nm0000201")["name"] == "Ann Orr"


def test_what_told_an_identifier_can_be_withdrawn_and_what_refers_to_it_brings_it_back(tmp_path: Path) -> None:
    first = imdb(tmp_path, "1").split("imdb-principals: imported as ")[1].split()[0]
    imdb(tmp_path, "2")
    assert run(tmp_path, "withdraw", first, "--reason", "wrong").returncode == 0
    assert "1 new" in imdb(tmp_path, "2")
    same = a_statement("P345", "nm0000201")
    imported(
        tmp_path, "wikidata", "p.json", wikidata_dump(an_entity("Q9", [a_statement("P31", an_item(5)), same], "Ann"))
    )
    assert [one["slug"] for one in record(tmp_path, "/people")["results"]] == ["wikidata-q9"]


@pytest.mark.parametrize("label", ["Utopia", None])
@pytest.mark.parametrize(("now", "kinds"), [(PERSON, {"people"}), (UNKNOWN_CLASS, set())])
def test_an_item_without_a_label_ends_as_what_it_was(
    tmp_path: Path, label: str | None, now: int, kinds: set[str]
) -> None:
    began = a_statement("P571", a_time("+1990-00-00T00:00:00Z", 9))
    wikidata(tmp_path, an_example(COMPANY, label, began))
    told = wikidata(tmp_path, an_example(now, label))
    assert "1 of what was an organisation, and is none any more" in told
    with running(f"sqlite:///{tmp_path / 'filmspace.db'}") as client:
        counts = {kind: client.get(f"/{kind}").json()["count"] for kind in ("people", "organisations")}
    assert counts == {kind: int(kind in kinds) for kind in counts}


def test_a_former_item_without_a_label_disputes_nothing(tmp_path: Path) -> None:
    def born(number: str, year: int) -> Any:
        return an_entity(
            number, [a_statement("P31", an_item(5)), a_statement("P569", a_time(f"+{year}-00-00T00:00:00Z", 9))]
        )

    for told in (born("Q9000091", 1950), born("Q9000092", 1960), {"entity": "Q9000091", "redirect": "Q9000092"}):
        wikidata(tmp_path, told)
    person = record(tmp_path, "/people/wikidata:Q9000091")
    assert (person["slug"], person["birth_date"], person["disputed"]) == ("wikidata-q9000092", "1960", [])


def a_part(text: str, of: int = 9000002) -> Any:
    qualifiers = {"P453": [a_snak("P453", an_item(of))], "P4633": [a_snak("P4633", text)]}
    return an_entity("Q9000001", [A_FILM, a_statement("P161", an_item(9000003), qualifiers=qualifiers)], "Moonward")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_part_without_a_name_of_its_own_is_called_as_in_the_film(tmp_path: Path, order: Sequence[int]) -> None:
    told = (a_part("Zed"), an_example(CHARACTER, None))
    for one in order:
        wikidata(tmp_path, told[one])
    assert record(tmp_path, "/characters/wikidata:Q9000002")["label"] == "Zed"
    wikidata(tmp_path, an_example(CHARACTER, "Zed the First"))
    assert record(tmp_path, "/characters/wikidata:Q9000002")["label"] == "Zed the First"


def test_who_was_a_character_is_none_that_nobody_plays(tmp_path: Path) -> None:
    told = rows(GCAT_ORGANISATIONS, an_organisation("UTA", "1957"))
    other = imported(tmp_path, "gcat", "orgs.tsv", told).split("imported as ")[1].split()[0]
    assert run(tmp_path, "withdraw", other, "--reason", "wrong").returncode == 0
    wikidata(tmp_path, an_example(CHARACTER, "Yoda"))
    wikidata(tmp_path, an_example(PERSON, "Yoda"))
    assert record(tmp_path, "/characters")["count"] == 0
    assert "wikidata: unchanged" in wikidata(tmp_path, an_example(PERSON, "Yoda"))


def test_who_was_a_part_in_a_withdrawn_film_is_none(tmp_path: Path) -> None:
    film = wikidata(tmp_path, a_part("Ann"), an_example(PERSON, "Ann Orr")).split("imported as ")[1].split()[0]
    assert run(tmp_path, "withdraw", film, "--reason", "wrong").returncode == 0
    wikidata(tmp_path, an_example(PERSON, "Ann Orr"))
    assert record(tmp_path, "/characters")["count"] == 0


def test_a_name_with_another_blank_is_no_other_name(tmp_path: Path) -> None:
    organisation = ("SSL", "SSL", "-", "O", "B", "-", "-", "SS/Loral (MDA)", "SS/Loral  (MDA)", *["-"] * 8)
    imported(tmp_path, "gcat", "orgs.tsv", rows(GCAT_ORGANISATIONS, organisation))
    title = ("tt0000101", "movie", "Future  One", "Future One", "0", NULL, NULL, NULL, NULL)
    imported(tmp_path, "imdb", "titles.tsv", rows(TITLES, title))
    for path in ("/organisations/gcat-ssl", "/films/imdb-tt0000101"):
        assert record(tmp_path, path)["alternate_names"] == []


def test_who_plays_nobody_is_in_no_facet_of_characters(tmp_path: Path) -> None:
    wikidata(tmp_path, a_part("Zed"), an_entity("Q9000009", [A_FILM, a_statement("P161", an_item(9000004))], "Other"))
    facet = record(tmp_path, "/characters?facet=portrayed_by")["facets"]["portrayed_by"]
    assert (facet["count"], [(one["value"], one["count"]) for one in facet["results"]]) == (
        1,
        [("wikidata-q9000003", 1)],
    )


NO_COMPANY = an_entity("Q9000001", [A_FILM], "Moonward")


@pytest.mark.parametrize("times", [1, 2])
def test_once_nothing_refers_to_it_any_more_it_is_gone(tmp_path: Path, times: int) -> None:
    wikidata(tmp_path, COMPANY_OF, an_example(COMPANY))
    wikidata(tmp_path, COMPANY_OF, an_example(UNKNOWN_CLASS))
    assert record(tmp_path, "/organisations")["count"] == 1
    for _ in range(times):
        told = wikidata(tmp_path, NO_COMPANY, an_example(UNKNOWN_CLASS))
    assert record(tmp_path, "/organisations")["count"] == 0
    assert ("wikidata: unchanged" in told) == (times == 2)


def test_so_it_is_while_only_another_table_refers_to_it(tmp_path: Path) -> None:
    imported(tmp_path, "gcat", "orgs.tsv", an_agency("O"))
    imported(tmp_path, "gcat", "sites.tsv", A_SITE)
    imported(tmp_path, "gcat", "orgs.tsv", an_agency("CY"))
    assert record(tmp_path, "/organisations?identifier=gcat:USA1")["count"] == 1


PLAYED = an_entity(
    "Q9000001",
    [A_FILM, a_statement("P161", an_item(9000002), qualifiers={"P453": [a_snak("P453", an_item(9000003))]})],
    "Moonward",
)


@pytest.mark.parametrize("before", [None, CHARACTER])
def test_a_part_in_a_cast_that_is_left_out_is_nobody(tmp_path: Path, before: int | None) -> None:
    def part(sort: int) -> Any:
        return an_entity("Q9000003", [a_statement("P31", an_item(sort))], "Zed")

    if before:
        wikidata(tmp_path, part(before))
    told = wikidata(tmp_path, PLAYED, an_example(COMPANY), part(UNKNOWN_CLASS))
    assert "1 of cast that is an organisation" in told
    assert record(tmp_path, "/characters")["count"] == 0
    assert "wikidata: unchanged" in wikidata(tmp_path, PLAYED, an_example(COMPANY), part(UNKNOWN_CLASS))


@pytest.mark.parametrize("was", [PERSON, CHARACTER])
@pytest.mark.parametrize("now", [PERSON, CHARACTER, COMPANY, UNKNOWN_CLASS])
def test_an_item_of_which_nothing_is_told_but_what_it_is_ends_as_that(tmp_path: Path, was: int, now: int) -> None:
    same = a_statement("P345", "nm0000201")
    wikidata(tmp_path, an_example(was, None, *[same] * (was == PERSON)))
    wikidata(tmp_path, an_example(now, None))
    counts = {kind: record(tmp_path, f"/{kind}")["count"] for kind in ("people", "characters", "organisations")}
    expected = {PERSON: "people", CHARACTER: "characters", COMPANY: "organisations"}.get(now)
    assert counts == {kind: int(kind == expected) for kind in counts}


def test_the_name_that_an_article_gives_a_part_ends_no_label(tmp_path: Path) -> None:
    named = a_claim("character/wikidata-q9000002", "name", "Zed the Third", quote="Zed the Third")
    folder = a_folder(tmp_path, "an-article", "Zed the Third.\n", [named])
    assert run(tmp_path, "load", str(folder)).returncode == 0
    assert run(tmp_path, "withdraw", "an-article", "--reason", "wrong").returncode == 0
    told = [wikidata(tmp_path, one) for one in (a_part("Zed"), an_example(CHARACTER, None)) * 2]
    assert record(tmp_path, "/characters/wikidata:Q9000002")["label"] == "Zed"
    assert all("wikidata: unchanged" in one for one in told[2:])


def test_what_has_a_record_of_its_own_is_told_whoever_refers_to_it_no_more(tmp_path: Path) -> None:
    names = rows(NAMES, ("nm0000201", "Ann Orr", NULL, NULL, NULL, NULL))
    imported(tmp_path, "imdb", "names.tsv", names)
    wikidata(tmp_path, an_entity("Q9000001", [A_FILM, a_statement("P57", an_item(9000002))], "Moonward"))
    now = (
        an_entity("Q9000001", [a_statement("P31", an_item(COMPANY))], "Moonward"),
        an_example(PERSON, None, a_statement("P345", "nm0000201")),
    )
    wikidata(tmp_path, *now)
    (person,) = record(tmp_path, "/people")["results"]
    assert (person["name"], person["identifiers"]) == ("Ann Orr", {"imdb": "nm0000201", "wikidata": "Q9000002"})
    assert "wikidata: unchanged" in wikidata(tmp_path, *now)


def test_a_file_that_refers_to_a_part_and_one_that_has_it_change_nothing_in_turn(tmp_path: Path) -> None:
    part = an_entity("Q9000003", [a_statement("P31", an_item(CHARACTER))])
    told = [wikidata(tmp_path, *one) for one in ((PLAYED, an_example(COMPANY)), (part,)) * 2]
    assert all("wikidata: unchanged" in one for one in told[2:])
    assert [one["slug"] for one in record(tmp_path, "/characters")["results"]] == ["wikidata-q9000003"]


def test_whom_only_a_deprecated_statement_names_is_in_no_list(tmp_path: Path) -> None:
    def a_cast(rank: str) -> Any:
        part = {"P453": [a_snak("P453", an_item(9000005))]}
        return an_entity("Q9000001", [A_FILM, a_statement("P161", an_item(9000004), rank, qualifiers=part)], "Moonward")

    for rank, count in (("deprecated", 0), ("normal", 1)):
        wikidata(tmp_path, a_cast(rank))
        lists = [record(tmp_path, f"/{kind}") for kind in ("people", "characters")]
        assert [one["count"] for one in lists] == [count, count]
        assert run(tmp_path, "check").returncode == 0
    assert record(tmp_path, "/people?identifier=wikidata:Q9000004")["count"] == 1


def test_who_another_item_stands_for_is_called_as_before_until_that_one_is_told(tmp_path: Path) -> None:
    film = an_entity("Q9000001", [A_FILM, a_statement("P161", an_item(9000002))], "Moonward")
    wikidata(tmp_path, film, an_example(PERSON, "Ann"))
    for is_again in (False, True):
        told = wikidata(tmp_path, {"entity": "Q9000002", "redirect": "Q9000003"})
        assert ("wikidata: unchanged" in told) == is_again
        (part,) = record(tmp_path, "/films/wikidata-q9000001")["cast"]
        assert part["person"]["label"] == "Ann"
    wikidata(tmp_path, an_entity("Q9000003", [a_statement("P31", an_item(PERSON))], "Ann Orr"))
    person = record(tmp_path, "/people/wikidata:Q9000002")
    assert (person["slug"], person["name"], person["label"]) == ("wikidata-q9000003", "Ann Orr", "Ann Orr")
    assert (person["alternate_names"], person["disputed"]) == ([], [])
    assert "everything holds" in run(tmp_path, "check").stdout


def test_what_is_of_no_kind_any_more_is_called_as_before_though_it_has_no_label(tmp_path: Path) -> None:
    wikidata(tmp_path, COMPANY_OF, an_example(COMPANY))
    assert "1 of what was an organisation" in wikidata(tmp_path, an_example(UNKNOWN_CLASS, None))
    assert "wikidata: unchanged" in wikidata(tmp_path, an_example(UNKNOWN_CLASS, None))
    (company,) = record(tmp_path, "/organisations")["results"]
    assert (company["name"], company["label"]) == (None, "Utopia")
    wikidata(tmp_path, NO_COMPANY, an_example(UNKNOWN_CLASS, None))
    assert record(tmp_path, "/organisations")["count"] == 0
    assert not [one for one in current(tmp_path, "label") if one[0].startswith("organisation/")]


def test_two_tables_of_one_call_end_at_once_what_they_refer_to_no_more(tmp_path: Path) -> None:
    def catalogue(sort: str, parent: str) -> str:
        state = ("SU", "SU", "-", sort, "C", "-", "-", "-", "Union", *["-"] * 8)
        site = ("UTS", "-", "UTS", "LS", "-", "-", "-", "Utopia", "Kosmodrom", *["-"] * 4, parent, *["-"] * 4)
        (tmp_path / "orgs.tsv").write_text(rows(GCAT_ORGANISATIONS, state))
        (tmp_path / "sites.tsv").write_text(rows(GCAT_SITES, site))
        return run(tmp_path, "import", "gcat", *(str(tmp_path / f"{name}.tsv") for name in ("orgs", "sites"))).stdout

    catalogue("CY", "SU")
    catalogue("O", "US")
    assert "place/gcat-su" not in {entity for entity, _ in current(tmp_path, "place_type")}
    told = catalogue("O", "US")
    assert ("gcat-orgs: unchanged" in told, "gcat-sites: unchanged" in told) == (True, True)
