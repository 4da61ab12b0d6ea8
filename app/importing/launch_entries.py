"""What the Launch Library's records have in common: what they name, when something is, how a launch flies. Pure."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from app.importing import dates
from app.importing.launch_terms import an_object, is_nothing, known, known_of, known_ones, modality_of
from app.importing.records import Entry, Item, Key, Statement
from app.vocabulary import Kind, Modality

_COUNTRY = re.compile("[A-Z]{3}")
# What agencies of no country have in its place, or of one that nobody knows.
_NO_COUNTRY = {"UNK", "XXX", "ZZZ", "TBD"}
_NO_DATE = ": "
# The role of who launches it.
PROVIDER = "launch service provider"
# Where a record stands, told with the id of what stands there.
Place = Callable[[str], str]


def agencies_of(place: Place, said: list[Statement], agencies: Any, modality: Modality) -> Iterator[Item]:
    """Let agencies take part, each that does not do so in some role."""
    for agency in known_ones(agencies):
        part = key_of("organisation", "agency", agency)
        yield mentioned(place, part, agency, agency_type(agency))
        if all(one.object != part for one in said):
            said.append(takes_part(part, "", modality))


def mentioned(place: Place, key: Key, one: Mapping[str, Any], further: Iterable[Statement] = ()) -> Entry:
    """What is said of an entity in passing."""
    said = [*named(one, with_alternates=False), *further, Statement("identifier", key.identifier)]
    return Entry(key, tuple(said), place(id_of(key)), is_whole=False)


def entry(
    place: Place, key: Key, one: Mapping[str, Any], said: list[Statement], left_out: list[str],
    silent_on: tuple[str, ...],
) -> Entry:  # fmt: skip
    """What a record says of what it is about; `silent_on` are the properties that its mode leaves out."""
    identified = Statement("identifier", key.identifier)
    # Of a date that cannot be read nothing is said.
    silent_on += tuple(one.partition(_NO_DATE)[0] for one in left_out if _NO_DATE in one)
    statements, at, updated = (*said, identified), place(id_of(key)), str(one.get("last_updated") or "")
    return Entry(key, statements, at, left_out=tuple(left_out), silent_on=silent_on, updated=updated)


def unsaid_of(one: Mapping[str, Any], **properties: tuple[str, ...]) -> tuple[str, ...]:
    """Of which properties a record in a shorter mode says nothing, by what tells the mode, which it then has not."""
    return tuple(prop for name, told in properties.items() if name not in one for prop in told)


def key_of(kind: Kind, noun: str, one: Mapping[str, Any]) -> Key:
    """An entity by its id, which is one among those of its sort alone."""
    identifier = str(one["id"]) if type(one["id"]) in (int, str) else ""
    if not identifier.isascii() or not identifier.replace("-", "").isalnum():
        raise ValueError(f"{json.dumps(one['id'])[:40]} is no id")
    return Key(kind, f"ll2:{noun}-{identifier.lower()}")


def id_of(key: Key) -> str:
    """Its id with its sort, as locators have it."""
    return key.identifier.removeprefix("ll2:")


def is_country(code: Any) -> bool:
    """Whether it is a code of ISO 3166, and does not stand for a country that is not known."""
    return isinstance(code, str) and bool(_COUNTRY.fullmatch(code)) and code not in _NO_COUNTRY


def named(one: Mapping[str, Any], *, with_alternates: bool = True) -> list[Statement]:
    """What it is called. Raises ValueError for what has no name, or one that stands for what is not known."""
    name, abbreviation = known_of(one, "name"), known_of(one, "abbrev")
    if not name:
        raise ValueError("it has no name")
    others = [Statement("alternate_name", abbreviation)] if abbreviation and abbreviation != name else []
    return [Statement("name", name), *(others if with_alternates else ())]


def agency_type(one: Mapping[str, Any]) -> list[Statement]:
    """What sort of agency it is, if that is known."""
    told = one.get("type")
    sort = known(told) if isinstance(told, str) else known_of(told, "name")
    return [Statement("organisation_type", sort)] if sort else []


def a_launch(modality: Modality) -> Statement:
    """An event is to come only if all that is said of it is a plan, what sort of event it is as well."""
    return Statement("event_type", "launch", modality=modality)


def flight_of(place: Place, said: list[Statement], one: Mapping[str, Any], modality: Modality) -> Iterator[Item]:
    """Add the rocket of a launch, who launches it, and where."""
    configuration = an_object(an_object(one.get("rocket")).get("configuration"))
    if vehicle := known_of(configuration, "full_name") or known_of(configuration, "name"):
        said.append(Statement("launch_vehicle", vehicle, modality=modality))
    provider = provider_of(one)
    if isinstance(provider, dict) and provider.get("id") is not None and not is_nothing(provider):
        agency = key_of("organisation", "agency", provider)
        yield mentioned(place, agency, provider, agency_type(provider))
        said.append(takes_part(agency, PROVIDER, modality))
    site = an_object(an_object(one.get("pad")).get("location"))
    if site.get("id") is not None and not is_nothing(site):
        location = key_of("place", "location", site)
        yield mentioned(place, location, site, [Statement("place_type", "launch site")])
        said.append(Statement("origin", object=location, modality=modality))


def provider_of(one: Mapping[str, Any]) -> Any:
    """Who launches it."""
    configuration = an_object(an_object(one.get("rocket")).get("configuration"))
    return one.get("launch_service_provider") or configuration.get("launch_service_provider")


def named_launch(place: Place, one: Mapping[str, Any], *more: Statement) -> Entry:
    """What is said of a launch in passing: that it is one. How and when it flies, its own record says."""
    return mentioned(place, key_of("event", "launch", one), one, [a_launch(modality_of(one)), *more])


def takes_part(who: Key, role: str, modality: Modality) -> Statement:
    """That somebody takes part in an event, in a role if it is not ""."""
    return Statement("participant", object=who, qualifiers={"role": role} if role else {}, modality=modality)


def crew_of(rocket: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Those who fly in the spacecraft of a launch, of which there may be several, or a single one."""
    stages = rocket.get("spacecraft_stage") or []
    for stage in stages if isinstance(stages, list) else [stages]:
        crew = an_object(stage).get("launch_crew") or []
        people = ((one, an_object(an_object(one).get("astronaut"))) for one in crew)
        yield from (one for one, person in people if person and not is_nothing(person))


def add_date(
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
