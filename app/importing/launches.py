"""The Launch Library and Space Launch Now APIs of The Space Devs, versions 2.0 to 2.3 and 3.3: pages and records.

The versions name things differently; what a record is shows in what it has, since not each of them says it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.importing import dates, launch_pages
from app.importing.files import File
from app.importing.launch_terms import an_object, further, is_no_person, known, modality_of, settled, sort_of, text_of
from app.importing.records import IN_PASSING, Entry, Item, Key, Skipped, Statement, Unreadable
from app.vocabulary import Kind, Modality

SOURCE = "launch-library"
_COUNTRY = re.compile("[A-Z]{3}")
# What agencies of no country have in its place, or of one that nobody knows.
_NO_COUNTRY = {"UNK", "XXX", "ZZZ", "TBD"}
_NO_DATE = ": "
# What a record with a `net`, or with a date and a type, has beside it, of which some modes and versions leave out much.
_OF_LAUNCHES, _OF_EVENTS = ("pad", "rocket", "status", "window_start"), ("location", "updates", "launches")
# What of a mission is taken.
_OF_MISSIONS = ("description", "agencies")
_MALFORMED = (AttributeError, KeyError, TypeError, ValueError, IndexError)


def read(file: File) -> Iterator[Item]:
    """What each record of a file says."""
    for number, one in enumerate(launch_pages.records(file), start=1):
        if isinstance(one, Unreadable):
            yield one
            continue
        try:
            yield from list(_record(_Place(file, one.line), one.value))
        except _MALFORMED as error:
            why = error if type(error) is ValueError else repr(error)
            yield Unreadable(file.name, one.line, f"record {number} is none of Launch Library ({why})"[:200])


class _Place:
    """Where a record stands: the line on which it begins."""

    def __init__(self, file: File, line: int) -> None:
        self._file, self._line = file, line

    def at(self, told: str) -> str:
        """The place, with the id of what stands there."""
        return self._file.at(self._line, told)


def _record(place: _Place, one: Any) -> Iterator[Item]:
    if not isinstance(one, dict):
        raise ValueError("it is no object")
    # In the mode `list` little of a record is there, and its address says what it is.
    sort = sort_of(one)
    if isinstance(one.get("net"), bool):  # whether it is no earlier than that, as SpaceX's own interface has it
        raise ValueError("its net is no date")
    if sort in ("launch", "launches") or ("net" in one and not one.keys().isdisjoint(_OF_LAUNCHES)):
        yield from _launch(place, one)
    elif "date_of_birth" in one or sort in ("astronaut", "astronauts"):
        yield from [Skipped("an astronaut that is no person")] if is_no_person(one) else _astronaut(place, one)
    elif sort in ("spacestation", "space_stations") or ("founded" in one and ("orbit" in one or "deorbited" in one)):
        yield from _station(place, one)
    elif "founding_year" in one or ("abbrev" in one and "administrator" in one) or sort in ("agency", "agencies"):
        yield from _agency(place, one)
    elif sort in ("event", "events") or ("date" in one and "type" in one and not one.keys().isdisjoint(_OF_EVENTS)):
        yield from _event(place, one)
    elif "id" in one and ("name" in one or sort != "unknown"):
        yield Skipped(f"a record of another sort ({sort})")
    else:
        raise ValueError("it has no id and name")


def _launch(place: _Place, one: Mapping[str, Any]) -> Iterator[Item]:
    key = _key("event", "launch", one)
    modality = modality_of(one)
    said, left_out = [*_named(one), _a_launch(modality)], list[str]()
    _date(said, left_out, "date", one.get("net"), settled(one), modality)
    mission, rocket = an_object(one.get("mission")), an_object(one.get("rocket"))
    if described := text_of(mission, "description"):
        said.append(Statement("description", described))
    configuration = an_object(rocket.get("configuration"))
    if vehicle := known(text_of(configuration, "full_name")) or known(text_of(configuration, "name")):
        said.append(Statement("launch_vehicle", vehicle, modality=modality))
    provider = one.get("launch_service_provider") or configuration.get("launch_service_provider")
    if isinstance(provider, dict) and provider.get("id") is not None:
        agency = _key("organisation", "agency", provider)
        yield from _mentioned(place, agency, provider, _agency_type(provider))
        said.append(_takes_part(agency, "launch service provider", modality))
    for member in _crew(rocket):
        if is_no_person(member["astronaut"]):
            left_out.append("an astronaut that is no person")
            continue
        person = _key("person", "astronaut", member["astronaut"])
        yield from _mentioned(place, person, member["astronaut"])
        said.append(_takes_part(person, text_of(member.get("role"), "role") or text_of(member, "role"), modality))
    site = an_object(an_object(one.get("pad")).get("location"))
    if site.get("id") is not None:
        location = _key("place", "location", site)
        yield from _mentioned(place, location, site, [Statement("place_type", "launch site")])
        said.append(Statement("origin", object=location, modality=modality))
    yield from _agencies(place, said, mission.get("agencies"), modality)
    taken = ("mission", "launch_service_provider", "rocket", "net", "net_precision", "tbdtime", "tbddate", "status")
    left_out += [*further(one, *taken), *["mission"] * isinstance(one.get("mission"), str)]
    left_out += [f"mission.{name}" for name in (*["name"] * ("name" in mission), *further(mission, *_OF_MISSIONS))]
    left_out += [f"rocket.{name}" for name in further(rocket, "configuration", "spacecraft_stage")]
    # Only in the mode `detailed` is it told who flies, and in the mode `list` by whom they do.
    unsaid = _unsaid(rocket, spacecraft_stage=("participant person",))
    unsaid += _unsaid(one, rocket=("description", "launch_vehicle", "origin"))
    unsaid += () if isinstance(provider, dict) else ("participant organisation",)
    yield _entry(place, key, said, left_out, unsaid)


def _astronaut(place: _Place, one: Mapping[str, Any]) -> Iterator[Item]:
    key = _key("person", "astronaut", one)
    said, left_out = _named(one), list[str]()
    _date(said, left_out, "birth_date", one.get("date_of_birth"), "day")
    _date(said, left_out, "death_date", one.get("date_of_death"), "day")
    nationalities = one.get("nationality")
    told = nationalities if isinstance(nationalities, list) else [nationalities]
    texts = [one if isinstance(one, str) else text_of(one, "nationality_name") for one in told if one]
    names = [name for name in texts if known(name)]
    said += [Statement("nationality", name) for name in names[:1]]
    left_out += ["further nationality"] * (len(names) > 1)
    if described := text_of(one, "bio"):
        said.append(Statement("description", described))
    if (agency := an_object(one.get("agency"))).get("id") is not None:
        belongs = _key("organisation", "agency", agency)
        yield from _mentioned(place, belongs, agency, _agency_type(agency))
        said.append(Statement("affiliation", object=belongs))
    for flight in one.get("flights") or []:
        # The record of the launch does not end what that of the astronaut says.
        crew = _takes_part(key, "", modality_of(flight))._replace(place=f"{place.at(_id(key))}{IN_PASSING}")
        yield from _mentioned(place, _key("event", "launch", flight), flight, [*_of_launch(flight), crew])
    left_out += further(one, "date_of_birth", "date_of_death", "nationality", "bio", "agency", "flights")
    unsaid = ("birth_date", "death_date", "description", "nationality", "affiliation", "alternate_name")
    yield _entry(place, key, said, left_out, _unsaid(one, date_of_birth=unsaid, flights=("participant",)))


def _agency(place: _Place, one: Mapping[str, Any]) -> Iterator[Item]:
    key = _key("organisation", "agency", one)
    said, left_out = [*_named(one), *_agency_type(one)], list[str]()
    _date(said, left_out, "inception", str(one.get("founding_year") or ""), "year", form=dates.year)
    if described := text_of(one, "description"):
        said.append(Statement("description", described))
    # One of several countries, as the European one is, has none of them in particular.
    countries = told if isinstance(told := one.get("country"), list) else []
    code = str(one.get("country_code") or "").strip()
    called = Statement("label", code)
    if len(countries) == 1:
        code, called = countries[0]["alpha_3_code"], Statement("name", countries[0]["name"])
    if _is_country(code) and len(countries) < 2:
        where = Key("place", f"iso3166:{code}")
        identified = Statement("identifier", where.identifier)
        yield Entry(where, (called, identified), place.at(where.identifier), is_whole=False)
        said.append(Statement("country", object=where))
    left_out += further(one, "abbrev", "type", "founding_year", "description", "country", "country_code")
    left_out += ["country of several countries"] * (len(countries) > 1 or len(str(code)) > 3)
    unsaid = ("inception", "description", "country", "alternate_name", "organisation_type")
    yield _entry(place, key, said, left_out, _unsaid(one, founding_year=unsaid))


def _station(place: _Place, one: Mapping[str, Any]) -> Iterator[Item]:
    key = _key("place", "station", one)
    said, left_out = [*_named(one), Statement("place_type", "space station")], list[str]()
    _date(said, left_out, "inception", one.get("founded"), "day")
    _date(said, left_out, "dissolution", one.get("deorbited"), "day")
    if described := text_of(one, "description"):
        said.append(Statement("description", described))
    for owner in one.get("owners") or []:
        agency = _key("organisation", "agency", owner)
        yield from _mentioned(place, agency, owner, _agency_type(owner))
        said.append(Statement("operator", object=agency))
    left_out += further(one, "founded", "deorbited", "description", "owners")
    unsaid = ("inception", "dissolution", "description", "alternate_name")
    yield _entry(place, key, said, left_out, _unsaid(one, founded=unsaid, owners=("operator",)))


def _event(place: _Place, one: Mapping[str, Any]) -> Iterator[Item]:
    """An event, of which the API never says whether it took place: what it tells of one are plans."""
    key = _key("event", "event", one)
    said, left_out = _named(one), list[str]()
    if sort := known(text_of(one.get("type"), "name")):
        said.append(Statement("event_type", sort, modality="planned"))
    if described := text_of(one, "description"):
        said.append(Statement("description", described))
    _date(said, left_out, "date", one.get("date"), settled(one, "date_precision"), "planned")
    for launch in one.get("launches") or []:
        about = _key("event", "launch", launch)
        yield from _mentioned(place, about, launch, _of_launch(launch))
        said.append(Statement("about", object=about, modality="planned"))
    yield from _agencies(place, said, one.get("agencies"), "planned")
    for astronaut in one.get("astronauts") or []:
        person = _key("person", "astronaut", astronaut)
        yield from _mentioned(place, person, astronaut)
        said.append(_takes_part(person, "", "planned"))
    left_out += further(one, "type", "description", "date", "date_precision", "launches", "agencies", "astronauts")
    unsaid = _unsaid(one, description=("description",), launches=("about",), agencies=("participant organisation",))
    yield _entry(place, key, said, left_out, unsaid + _unsaid(one, astronauts=("participant person",)))


def _agencies(place: _Place, said: list[Statement], agencies: Any, modality: Modality) -> Iterator[Item]:
    """Let agencies take part, each that does not do so in some role."""
    for agency in agencies or []:
        part = _key("organisation", "agency", agency)
        yield from _mentioned(place, part, agency, _agency_type(agency))
        if all(one.object != part for one in said):
            said.append(_takes_part(part, "", modality))


def _mentioned(
    place: _Place, key: Key, one: Mapping[str, Any], further: list[Statement] | None = None
) -> Iterator[Item]:
    """What is said of an entity in passing."""
    said = [*_named(one, with_alternates=False), *(further or []), Statement("identifier", key.identifier)]
    yield Entry(key, tuple(said), place.at(_id(key)), is_whole=False)


def _entry(place: _Place, key: Key, said: list[Statement], left_out: list[str], silent_on: tuple[str, ...]) -> Entry:
    """What a record says of what it is about; `silent_on` are the properties that its mode leaves out."""
    identified = Statement("identifier", key.identifier)
    # Of a date that cannot be read nothing is said.
    silent_on += tuple(one.partition(_NO_DATE)[0] for one in left_out if _NO_DATE in one)
    return Entry(key, (*said, identified), place.at(_id(key)), left_out=tuple(left_out), silent_on=silent_on)


def _unsaid(one: Mapping[str, Any], **properties: tuple[str, ...]) -> tuple[str, ...]:
    """Of which properties a record in a shorter mode says nothing, by what tells the mode, which it then has not."""
    return tuple(prop for name, told in properties.items() if name not in one for prop in told)


def _key(kind: Kind, noun: str, one: Mapping[str, Any]) -> Key:
    """An entity by its id, which is one among those of its sort alone."""
    identifier = "" if one["id"] is None else str(one["id"])
    if not identifier.isascii() or not identifier.replace("-", "").isalnum():
        raise ValueError(f"'{identifier[:40]}' is no id")
    return Key(kind, f"ll2:{noun}-{identifier.lower()}")


def _id(key: Key) -> str:
    return key.identifier.removeprefix("ll2:")


def _is_country(code: Any) -> bool:
    """Whether it is a code of ISO 3166, and does not stand for a country that is not known."""
    return isinstance(code, str) and bool(_COUNTRY.fullmatch(code)) and code not in _NO_COUNTRY


def _named(one: Mapping[str, Any], *, with_alternates: bool = True) -> list[Statement]:
    name, abbreviation = text_of(one, "name"), text_of(one, "abbrev")
    if not name:
        raise ValueError("it has no name")
    others = [Statement("alternate_name", abbreviation)] if abbreviation and abbreviation != name else []
    return [Statement("name", name), *(others if with_alternates else ())]


def _agency_type(one: Mapping[str, Any]) -> list[Statement]:
    told = one.get("type")
    sort = known(told if isinstance(told, str) else text_of(told, "name"))
    return [Statement("organisation_type", sort)] if sort else []


def _a_launch(modality: Modality) -> Statement:
    """An event is to come only if all that is said of it is a plan, what sort of event it is as well."""
    return Statement("event_type", "launch", modality=modality)


def _of_launch(one: Mapping[str, Any]) -> list[Statement]:
    """What is said of a launch in passing: its date as well, if it has taken place; a plan may be another by now."""
    said = [_a_launch(modality := modality_of(one))]
    if modality == "asserted":
        _date(said, [], "date", one.get("net"), settled(one), modality)
    return said


def _takes_part(who: Key, role: str, modality: Modality) -> Statement:
    return Statement("participant", object=who, qualifiers={"role": role} if role else {}, modality=modality)


def _crew(rocket: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Those who fly in the spacecraft of a launch, of which there may be several, or a single one."""
    stages = rocket.get("spacecraft_stage") or []
    for stage in stages if isinstance(stages, list) else [stages]:
        crew = an_object(stage).get("launch_crew") or []
        yield from (one for one in crew if an_object(an_object(one).get("astronaut")))


def _date(
    said: list[Statement], left_out: list[str], prop: str, text: Any, precision: str,
    modality: Modality | None = None, form: Any = None,
) -> None:  # fmt: skip
    """Add the statement of a date, if there is one that can be told; of one to come it is a plan."""
    if not text:
        return
    try:
        told = form(str(text)) if form else dates.moment(str(text), precision)
    except dates.DateError as error:
        left_out.append(f"{prop}{_NO_DATE}{error}")
        return
    said.append(Statement(prop, told, modality=modality or dates.modality(told)))
