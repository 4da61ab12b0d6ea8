"""The astronaut database of Corlett, Stavnichuk and Komarova (2020): a row for each person on each mission."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from app.importing import dates, tables
from app.importing.files import File
from app.importing.records import Entry, Item, Key, Statement, Unreadable
from app.vocabulary import NAMING

SOURCE = "astronauts"
_TABLE = tables.Table(null=("NA", ""), is_quoted=True)
_COLUMNS = ("number", "name", "year_of_birth", "nationality", "occupation", "year_of_mission", "mission_title")
_YEARS = ("year_of_birth", "year_of_mission")
_LEFT_OUT = (
    "sex", "military_civilian", "selection", "year_of_selection", "in_orbit", "ascend_shuttle", "descend_shuttle",
    "hours_mission", "eva_hrs_mission",
)  # fmt: skip
# A soft hyphen is not seen on a screen, and stands where a hyphen is meant (`STS\u00ad 91`) as well as where a word may
# be broken.
_SOFT_HYPHEN = re.compile("\u00ad(?P<blank> *)(?P<next>.?)")
# What titles differ in that are of one mission: `STS-51-L`, `STS-51L`; between two digits it parts numbers.
_BETWEEN = re.compile("(?<![0-9])[- ]|[- ](?![0-9])")
_NUMBER = re.compile("[0-9]{1,20}")
# Where the family's name comes first in the usual order, too.
_FAMILY_FIRST = ("China", "Korea")
_SUFFIX = re.compile(r"Jr\.?|Sr\.?|[IVX]+")
# One that has no comma of its own: `Sacco, Albert Jr.`, `Duke, Jr. Charles Moss`; a letter alone is an initial.
_JOINED_SUFFIX = re.compile(r"(?P<first>[JS]r\.?|II+|IV) +(?P<after>.+)|(?P<before>.+) +(?P<last>[JS]r\.?|II+|IV)")
# What people are in orbit in, and not on: where a title is only that, a mission is called as what they came up in.
_STATION = re.compile(r"Salyut[- ][0-9]|Mir|ISS|Skylab|Tiangong([- ][0-9])?", re.IGNORECASE)


def read(file: File) -> Iterator[Item]:
    """The person and the mission of each row."""
    # Who else was on a mission may be what a line says that cannot be read, and is what one of a second person says.
    is_torn, unsure = False, set[Key]()
    for one in _flights(File(file.path)):
        is_torn = is_torn or isinstance(one, Unreadable)
        if isinstance(one, _Flight) and one.first:
            unsure.add(_key(one))
    for one in _flights(file):
        if isinstance(one, Unreadable):
            yield one
        elif one.first:
            told = f"of '{one.name}' here and of '{one.first.name}' on line {one.first.line}; give each their own"
            yield Unreadable(file.name, one.line, f"number {one.number} is {told}"[:200])
        else:
            person = Key("person", f"astronauts:{int(one.number)}")
            entries = [_person(file, one, person)]
            if one.mission and not _is_aborted(one.cells):
                entries.append(_mission(file, one, person))
            for each in entries:
                is_silent = is_torn or each.key in unsure
                yield replace(each, silent_on=(*each.silent_on, "participant")) if is_silent else each


def _is_aborted(cells: tables.Row) -> bool:
    """Whether who is on a mission did not come to it."""
    return (cells.get("in_orbit") or "").casefold() == "aborted"


class _Flight(NamedTuple):
    """A person on a mission: what a row says, the two things without which it says nothing, and the mission, or "".

    With `is_by_craft` it is called as what they came up in. `first` is where somebody else has the number.
    """

    line: int
    cells: tables.Row
    number: str
    name: str
    mission: str
    is_by_craft: bool
    first: "_Flight | None" = None


def _flights(file: File) -> Iterator[_Flight | Unreadable]:
    people: dict[int, _Flight] = {}
    for row in tables.rows(file, _TABLE, _COLUMNS):
        if isinstance(row, Unreadable):
            yield row
            continue
        line, told = row
        # 1934.0, where a program took a column with gaps for one of fractions.
        cells = {**told, **{one: (told[one] or "").removesuffix(".0") or None for one in _YEARS}}
        number, name, mission = (_without_soft_hyphens(cells[one] or "") for one in ("number", "name", "mission_title"))
        if not _NUMBER.fullmatch(number) or not name:
            what = f"is no person on a mission: number '{number}', name '{name}'"
            yield Unreadable(file.name, line, what[:200])
            continue
        craft = _without_soft_hyphens(cells.get("ascend_shuttle") or "") if _STATION.fullmatch(mission) else ""
        flight = _Flight(line, cells, number, name, craft or mission, bool(craft))
        first = people.setdefault(int(number), flight)
        yield flight._replace(first=first) if _are_two(first, flight) else flight


def _are_two(one: _Flight, other: _Flight) -> bool:
    """Whether two rows are of two people, though they have one number: another name, and another year of birth."""
    born, others = one.cells["year_of_birth"], other.cells["year_of_birth"]
    return one.name != other.name and bool(born and others) and born != others


def _person(file: File, flight: _Flight, person: Key) -> Entry:
    cells, usual = flight.cells, _usual_order(flight.name, is_family_first=flight.cells["nationality"] in _FAMILY_FIRST)
    said, left_out = [Statement("name", usual)], [one for one in _LEFT_OUT if cells.get(one)]
    if flight.is_by_craft:
        left_out.remove("ascend_shuttle")
    others = dict.fromkeys([flight.name, _without_soft_hyphens(cells.get("original_name") or "")])
    said += [Statement("alternate_name", one) for one in others if one and one != usual]
    if nationality := cells["nationality"]:
        said.append(Statement("nationality", nationality))
    unreadable = _dated(said, "birth_date", cells["year_of_birth"])
    left_out += [f"{one} that is no year" for one in unreadable]
    left_out += ["a mission without a title"] * (not flight.mission)
    left_out += ["a mission that was aborted"] * (bool(flight.mission) and _is_aborted(cells))
    said.append(Statement("identifier", person.identifier))
    place = file.at(flight.line, person.identifier.partition(":")[2])
    silent_on = [*unreadable, *["alternate_name"] * ("original_name" not in cells)]
    return Entry(person, tuple(said), place, left_out=tuple(left_out), silent_on=tuple(silent_on))


def _key(flight: _Flight) -> Key:
    """A mission has no id here: it is what is called so in that year, with whatever hyphens, blanks and capitals."""
    cells = flight.cells
    spelt = _BETWEEN.sub("", f"{cells['in_orbit']}/{flight.mission}" if _is_numbered(flight) else flight.mission)
    return Key("event", "astronauts:mission", f"{spelt.casefold()} {cells['year_of_mission'] or ''}".strip())


def _is_numbered(flight: _Flight) -> bool:
    """Whether a mission is called by a number alone, as the stations have them, which names nothing."""
    return flight.mission.isdigit() and bool(flight.cells.get("in_orbit"))


def _mission(file: File, flight: _Flight, person: Key) -> Entry:
    cells, mission = flight.cells, flight.mission
    is_numbered = _is_numbered(flight)
    called = Statement("label", f"{cells['in_orbit']} {mission}") if is_numbered else Statement("name", mission)
    said = [called, Statement("event_type", "space mission")]
    left_out = [f"{one} that is no year" for one in _dated(said, "date", cells["year_of_mission"])]
    role = {"role": cells["occupation"]} if cells["occupation"] else {}
    said.append(Statement("participant", object=person, qualifiers=role))
    if any(one.modality == "planned" for one in said):
        said = [one if one.property in NAMING else one._replace(modality="planned") for one in said]
    return Entry(
        _key(flight), tuple(said), file.at(flight.line, person.identifier.partition(":")[2]), left_out=tuple(left_out)
    )


def _dated(said: list[Statement], prop: str, told: str | None) -> list[str]:
    """Add the statement of a year; the property, where it is none, of which nothing is said then."""
    try:
        if told:
            said.append(Statement(prop, dates.year(told), modality=dates.modality(told)))
    except dates.DateError:
        return [prop]
    return []


def _usual_order(name: str, *, is_family_first: bool) -> str:
    """`Schirra, Walter M., Jr.` as `Walter M. Schirra Jr.`; a name without a comma is in its usual order."""
    if is_family_first:
        return " ".join(part.strip() for part in name.split(","))
    family, *more = [part.strip() for part in name.split(",") if part.strip()] or [name]
    rest = [one for part in more for one in _apart(part)]
    suffixes = [one for one in rest if _SUFFIX.fullmatch(one)]
    return " ".join([*(one for one in rest if one not in suffixes), family, *suffixes])


def _apart(part: str) -> tuple[str, ...]:
    """`Albert Jr.` as `Albert` and `Jr.`."""
    found = _JOINED_SUFFIX.fullmatch(part)
    return (found["after"] or found["before"], found["first"] or found["last"]) if found else (part,)


def _without_soft_hyphens(text: str) -> str:
    """With hyphens where soft ones stand before a number, a capital or a blank, and without the others."""

    def shown(match: re.Match[str]) -> str:
        is_meant = bool(match["blank"]) or match["next"].isdigit() or match["next"].isupper()
        return f"-{match['next']}" if is_meant and match["next"] else match["blank"] + match["next"]

    return " ".join(_SOFT_HYPHEN.sub(shown, text).split())
