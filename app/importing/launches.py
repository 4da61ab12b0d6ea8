"""The Launch Library and Space Launch Now APIs of The Space Devs, versions 2.0 to 2.3 and 3.3: pages and records.

The versions name things differently; what a record is shows in what it has, since not each of them says it.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from app.importing import dates, launch_pages
from app.importing.files import File
from app.importing.launch_entries import (
    PROVIDER,
    Place,
    a_launch,
    add_date,
    agencies_of,
    agency_type,
    crew_of,
    entry,
    flight_of,
    id_of,
    is_country,
    key_of,
    mentioned,
    named,
    named_launch,
    provider_of,
    takes_part,
    unsaid_of,
)
from app.importing.launch_terms import (
    an_object,
    further,
    is_no_person,
    is_nothing,
    known,
    known_of,
    known_ones,
    modality_of,
    settled,
    sort_of,
    text_of,
)
from app.importing.records import IN_PASSING, Entry, Gone, Item, Key, Skipped, Statement, Unreadable, silence
from app.vocabulary import Kind

SOURCE = "launch-library"
_NO_PERSON = "an astronaut that is no person"
# What a record with a `net`, or with a date and a type, has beside it, of which some modes and versions leave out much.
_OF_LAUNCHES, _OF_EVENTS = ("pad", "rocket", "status", "window_start"), ("location", "updates", "launches")
# What of a launch is taken, besides its mission, and what of that.
_OF_FLIGHTS = ("launch_service_provider", "rocket", "net", "net_precision", "tbdtime", "tbddate", "status")
_OF_MISSIONS = ("description", "agencies")
_MALFORMED = (AttributeError, KeyError, TypeError, ValueError, IndexError)


def read(file: File) -> Iterator[Item]:
    """What each record of a file says."""
    for number, one in enumerate(launch_pages.records(file), start=1):
        if isinstance(one, Unreadable):
            yield one
            continue
        try:
            yield from list(_record(partial(file.at, one.line), one.value))
        except _MALFORMED as error:
            why = error if type(error) is ValueError else repr(error)
            yield Unreadable(file.name, one.line, f"record {number} is none of Launch Library ({why})"[:200])


def _record(place: Place, one: Any) -> Iterator[Item]:
    if not isinstance(one, dict):
        raise ValueError("it is no object")
    if isinstance(one.get("net"), bool):  # whether it is no earlier than that, as SpaceX's own interface has it
        raise ValueError("its net is no date")
    if is_nothing(one) and one.get("id", "") is None:
        yield Skipped("what stands for something that is not known")
    elif noun := _noun_of(one):
        kind, said_of = _READ_AS[noun]
        key = key_of(kind, noun, one)
        is_animal = noun == "astronaut" and is_no_person(one)
        if is_animal or is_nothing(one):
            yield Gone((key,))
            yield Skipped(_NO_PERSON if is_animal else "what stands for something that is not known")
        else:
            yield from said_of(place, key, one)
    elif "id" in one and ("name" in one or sort_of(one) != "unknown"):
        yield Skipped(f"a record of another sort ({sort_of(one)})")
    else:
        raise ValueError("it has no id and name")


def _noun_of(one: Mapping[str, Any]) -> str:
    """What a record is, or "" for what is not read.

    In the mode `list` little of a record is there, and its address says what it is.
    """
    sort = sort_of(one)
    if sort in ("launch", "launches") or ("net" in one and not one.keys().isdisjoint(_OF_LAUNCHES)):
        return "launch"
    if "date_of_birth" in one or sort in ("astronaut", "astronauts"):
        return "astronaut"
    if sort in ("spacestation", "space_stations") or ("founded" in one and ("orbit" in one or "deorbited" in one)):
        return "station"
    if "founding_year" in one or ("abbrev" in one and "administrator" in one) or sort in ("agency", "agencies"):
        return "agency"
    if sort in ("event", "events") or ("date" in one and "type" in one and not one.keys().isdisjoint(_OF_EVENTS)):
        return "event"
    return ""


def _launch(place: Place, key: Key, one: Mapping[str, Any]) -> Iterator[Item]:
    modality = modality_of(one)
    said, left_out = [*named(one), a_launch(modality)], list[str]()
    add_date(said, left_out, "date", one.get("net"), settled(one), modality)
    mission, rocket = an_object(one.get("mission")), an_object(one.get("rocket"))
    if described := known_of(mission, "description"):
        said.append(Statement("description", described))
    yield from flight_of(place, said, one, modality)
    for member in crew_of(rocket):
        if is_no_person(member["astronaut"]):
            left_out.append(_NO_PERSON)
            continue
        person = key_of("person", "astronaut", member["astronaut"])
        yield mentioned(place, person, member["astronaut"])
        said.append(takes_part(person, known_of(member.get("role"), "role") or known_of(member, "role"), modality))
    yield from agencies_of(place, said, mission.get("agencies"), modality)
    left_out += [*further(one, "mission", *_OF_FLIGHTS), *["mission"] * isinstance(one.get("mission"), str)]
    left_out += [f"mission.{name}" for name in (*["name"] * ("name" in mission), *further(mission, *_OF_MISSIONS))]
    left_out += [f"rocket.{name}" for name in further(rocket, "configuration", "spacecraft_stage")]
    # Only in the mode `detailed` is it told who flies, and in the mode `list` neither for whom, nor who launches it.
    unsaid = unsaid_of(rocket, spacecraft_stage=(silence("participant", "person"),))
    unsaid += unsaid_of(one, rocket=("description", "launch_vehicle", "origin"))
    # Of no mission there are no agencies; but in the mode `list`, and where there are these flags, nobody tells of any.
    tells_agencies = one.get("mission", "") is None and "rocket" in one and "tbdtime" not in one
    if "agencies" not in mission and not tells_agencies:
        unsaid += (silence("participant", "organisation", ""),)
    if not isinstance(provider_of(one), dict):
        unsaid += (silence("participant", "organisation", PROVIDER),)
    yield entry(place, key, one, said, left_out, unsaid)


def _astronaut(place: Place, key: Key, one: Mapping[str, Any]) -> Iterator[Item]:
    said, left_out = named(one), list[str]()
    add_date(said, left_out, "birth_date", one.get("date_of_birth"), "day")
    add_date(said, left_out, "death_date", one.get("date_of_death"), "day")
    nationalities = one.get("nationality")
    told = nationalities if isinstance(nationalities, list) else [nationalities]
    texts = [one if isinstance(one, str) else text_of(one, "nationality_name") for one in told if one]
    names = [name for name in texts if known(name)]
    said += [Statement("nationality", name) for name in names[:1]]
    left_out += ["further nationality"] * (len(names) > 1)
    if described := known_of(one, "bio"):
        said.append(Statement("description", described))
    if (agency := an_object(one.get("agency"))).get("id") is not None and not is_nothing(agency):
        belongs = key_of("organisation", "agency", agency)
        yield mentioned(place, belongs, agency, agency_type(agency))
        said.append(Statement("affiliation", object=belongs))
    for flight in known_ones(one.get("flights")):
        # The record of the launch does not end what that of the astronaut says.
        crew = takes_part(key, "", modality_of(flight))._replace(place=f"{place(id_of(key))}{IN_PASSING}")
        yield named_launch(place, flight, crew)
        left_out += [f"flights.{name}" for name in further(flight, "status")]
    left_out += further(one, "date_of_birth", "date_of_death", "nationality", "bio", "agency", "flights")
    unsaid = ("birth_date", "death_date", "description", "nationality", "affiliation", "alternate_name")
    yield entry(place, key, one, said, left_out, unsaid_of(one, date_of_birth=unsaid, flights=("participant",)))


def _agency(place: Place, key: Key, one: Mapping[str, Any]) -> Iterator[Item]:
    said, left_out = [*named(one), *agency_type(one)], list[str]()
    add_date(said, left_out, "inception", str(one.get("founding_year") or ""), "year", form=dates.year)
    if described := known_of(one, "description"):
        said.append(Statement("description", described))
    # One of several countries, as the European one is, has none of them in particular.
    countries = told if isinstance(told := one.get("country"), list) else []
    code = str(one.get("country_code") or "").strip()
    called = Statement("label", code)
    if len(countries) == 1:
        code, called = countries[0]["alpha_3_code"], Statement("name", countries[0]["name"])
    if is_country(code) and len(countries) < 2:
        where = Key("place", f"iso3166:{code}")
        identified = Statement("identifier", where.identifier)
        yield Entry(where, (called, identified), place(where.identifier), is_whole=False)
        said.append(Statement("country", object=where))
    left_out += further(one, "abbrev", "type", "founding_year", "description", "country", "country_code")
    left_out += ["country of several countries"] * (len(countries) > 1 or len(str(code)) > 3)
    unsaid = ("inception", "description", "country", "alternate_name", "organisation_type")
    yield entry(place, key, one, said, left_out, unsaid_of(one, founding_year=unsaid))


def _station(place: Place, key: Key, one: Mapping[str, Any]) -> Iterator[Item]:
    said, left_out = [*named(one), Statement("place_type", "space station")], list[str]()
    add_date(said, left_out, "inception", one.get("founded"), "day")
    add_date(said, left_out, "dissolution", one.get("deorbited"), "day")
    if described := known_of(one, "description"):
        said.append(Statement("description", described))
    for owner in known_ones(one.get("owners")):
        agency = key_of("organisation", "agency", owner)
        yield mentioned(place, agency, owner, agency_type(owner))
        said.append(Statement("operator", object=agency))
    left_out += further(one, "founded", "deorbited", "description", "owners")
    unsaid = ("inception", "dissolution", "description", "alternate_name")
    yield entry(place, key, one, said, left_out, unsaid_of(one, founded=unsaid, owners=("operator",)))


def _event(place: Place, key: Key, one: Mapping[str, Any]) -> Iterator[Item]:
    """An event, of which the API never says whether it took place: what it tells of one are plans."""
    said, left_out = named(one), list[str]()
    if sort := known_of(one.get("type"), "name"):
        said.append(Statement("event_type", sort, modality="planned"))
    if described := known_of(one, "description"):
        said.append(Statement("description", described))
    add_date(said, left_out, "date", one.get("date"), settled(one, "date_precision"), "planned")
    for launch in known_ones(one.get("launches")):
        yield named_launch(place, launch)
        said.append(Statement("about", object=key_of("event", "launch", launch), modality="planned"))
    yield from agencies_of(place, said, one.get("agencies"), "planned")
    for astronaut in known_ones(one.get("astronauts")):
        if is_no_person(astronaut):
            left_out.append(_NO_PERSON)
            continue
        person = key_of("person", "astronaut", astronaut)
        yield mentioned(place, person, astronaut)
        said.append(takes_part(person, "", "planned"))
    left_out += further(one, "type", "description", "date", "date_precision", "launches", "agencies", "astronauts")
    unsaid = unsaid_of(
        one, description=("description",), launches=("about",), agencies=(silence("participant", "organisation"),)
    )
    yield entry(
        place, key, one, said, left_out, unsaid + unsaid_of(one, astronauts=(silence("participant", "person"),))
    )


# By the noun in its identifiers: of which kind a record is, and what is said of it.
_READ_AS: Mapping[str, tuple[Kind, Callable[[Place, Key, Mapping[str, Any]], Iterator[Item]]]] = {
    "launch": ("event", _launch), "astronaut": ("person", _astronaut), "station": ("place", _station),
    "agency": ("organisation", _agency), "event": ("event", _event),
}  # fmt: skip
