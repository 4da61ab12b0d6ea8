"""J. McDowell's General Catalog of Artificial Space Objects, https://planet4589.org/space/gcat/."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from app.importing import dates, tables
from app.importing.files import File
from app.importing.records import (
    Entry,
    FormatError,
    Gone,
    Item,
    Key,
    Published,
    Skipped,
    Statement,
    Unreadable,
    plain_name,
)
from app.vocabulary import Kind

# A star stands for a date that is still to come.
_TABLE = tables.Table(null=("-", "", "*", "?"), comment="#")
# What an organisation is by its class; the catalogue's types say what it does in spaceflight, not what it is.
_CLASSES = {
    "A": "academic or non-profit organisation", "B": "business", "C": "civil government organisation",
    "D": "defence organisation", "E": "astronomical object or place",
}  # fmt: skip
_NO_DATE = " that is no date"
_DATES = {"TStart": "inception", "TStop": "dissolution"}
# Types that make a place of an organisation: countries and parts of them, planets. Who has a launch site is none.
_PLACES = {"CY": "country", "CYP": "dependent territory", "AP": "astronomical object"}
# Those of the sites; the pads have a table of their own, in which they go by the code of their site.
_SITES = {"LS": "launch site", "LC": "launch complex", "LZ": "landing zone"}

# Its codes of states. Whose parent is one of them, belongs to a country; whether it has a row, and where, is no matter.
_CODES = """
AAT AM ANTN AO AR ARV AT AU AZ B BAT BBUK BD BG BGN BH BM BO BR BS BVI BY CA CH CL CM CN CO CR CSSR CYM CZ D DD DK DML
DR DX DZ E EC EE EG ET F FI GE GH GI GL GR GRD GU GUF HK HR HU I ID IE IL IN IQ IR IS J JO KE KG KGSR KH KORS KP KR KW
KZ L LB LK LT LV LY MA MC MD MH MN MOCN MR MU MV MX MY MYM N NG NI NL NP NZ OM P PCZ PE PH PK PL PLRL PR PY QA RO RU
RW S SA SB SD SG SH SI SK SU SY T TC TF TM TR TTPI TW UA UAE UG UK US UY VA VE VN YE ZA ZR ZW
"""
_STATES = frozenset(_CODES.split())
# Codes that stand for a state, an organisation or a site that is not known.
_NOT_KNOWN = ("X", "UNK")
ORGANISATIONS, SITES = ("Code", "StateCode", "Type", "Name"), ("Site", "StateCode", "Type", "Name")
SOURCES = {"gcat-sites": SITES, "gcat-orgs": ORGANISATIONS}
_NAMES = ("EName", "Name", "UName", "ShortEName", "ShortName")
# Without one of these a record does not tell all that the catalogue says of what it is about.
_ALL = {"gcat-sites": {*_NAMES, *_DATES, "Parent"}, "gcat-orgs": {*_NAMES, *_DATES, "Class"}}


def source_of(file: File) -> str:
    """Which of the catalogue's tables a file is. Raises FormatError for one that is none of those that are read."""
    # The table of ships and other platforms has all columns of that of organisations.
    if "VClass" in tables.header_of(file, _TABLE):
        raise FormatError(f"{file.name}: is a table of platforms, which are no organisations; expected orgs or sites")
    return tables.source_of(file, _TABLE, SOURCES)


def read(file: File) -> Iterator[Item]:
    """What a table says, and on which day it was brought out."""
    source = source_of(file)
    is_site = source == "gcat-sites"
    is_whole = _ALL[source] <= set(tables.header_of(file, _TABLE))
    states = _states(file) if is_site else ()
    comments: list[str] = []
    for row in tables.rows(file, _TABLE, SOURCES[source], told=comments.append):
        yield from _published(comments)
        if isinstance(row, Unreadable):
            yield row
        else:
            one = _site(file, *row, states) if is_site else _organisation(file, *row)
            yield from _referred_to(one)
            if isinstance(one, Skipped):
                yield from _never(row[1])
            yield one if is_whole or not isinstance(one, Entry) else replace(one, is_whole=False)
            if isinstance(one, Entry) and not is_site:
                yield Gone((one.key._replace(kind="organisation" if one.key.kind == "place" else "place"),))
    yield from _published(comments)


def _never(row: tables.Row) -> Iterator[Gone]:
    """What a row that is left out is not, if an earlier row, or an earlier version of this, had it as that."""
    is_point = bool(row.get("Code")) or (row.get("Type") or "").startswith("LP")
    if (site := row.get("Site")) and (site in _NOT_KNOWN or not (is_point or row["Type"] in _SITES)):
        yield Gone((Key("place", f"gcatsite:{'_'.join(site.split())}"),))
    elif row.get("Code") in _NOT_KNOWN and "Site" not in row:
        yield Gone(tuple(Key(kind, f"gcat:{row['Code']}") for kind in ("organisation", "place")))


def _referred_to(item: Item) -> Iterator[Entry]:
    """What to call those that a row names by their codes alone: by these."""
    if isinstance(item, Entry):
        for key in (said.object for said in item.statements if said.object):
            code = key.identifier.partition(":")[2].replace("_", " ")
            yield Entry(key, (Statement("label", code),), item.place, is_whole=False)


def _states(file: File) -> Collection[str | None]:
    """The states that are known, and those that there are sites in: whoever has a site, these are no organisations."""
    read = tables.rows(File(file.path), _TABLE, SITES)
    return _STATES | {row[1]["StateCode"] for row in read if not isinstance(row, Unreadable)}


def _published(comments: list[str]) -> Iterator[Published]:
    while comments:
        words = comments.pop(0).removeprefix("Updated").split()
        try:
            yield Published(dates.vague(" ".join(words[:3])))
        except dates.DateError:
            continue


def _organisation(file: File, line: int, row: tables.Row) -> Item:
    code = "_".join((row["Code"] or "").split())
    if code in _NOT_KNOWN:
        return Skipped("what stands for something that is not known")
    if not code or not _named(row):
        return Unreadable(file.name, line, f"is no organisation: Code '{code}', Name '{row['Name']}'")
    types = (row["Type"] or "").split("/")
    place_type = next((_PLACES[one] for one in types if one in _PLACES), None)
    key = Key("place" if place_type else "organisation", f"gcat:{code}")
    said, (dated, left_out) = _named(row), _dated(row)
    if place_type:
        said.append(Statement("place_type", place_type))
    elif row.get("Class") in _CLASSES:
        said.append(Statement("organisation_type", _CLASSES[row["Class"] or ""]))
    state = row["StateCode"]
    if state and (state.endswith("?") or state in _NOT_KNOWN):
        left_out.append("StateCode in doubt")
    elif state and state.startswith("I-"):
        # What several countries have together, as the European Union.
        left_out.append("StateCode that is no country")
    elif place_type:
        left_out += ["StateCode"] * (state not in (None, code))
    elif state and state != code:
        said.append(Statement("country", object=Key("place", f"gcat:{'_'.join(state.split())}")))
    said += dated
    return _entry(file, line, row, key, said, left_out)


def _site(file: File, line: int, row: tables.Row, states: Collection[str | None]) -> Item:
    code, sort = "_".join((row["Site"] or "").split()), row["Type"]
    if code in _NOT_KNOWN:
        return Skipped("what stands for something that is not known")
    # The table of launch points has the columns of that of sites, and in it the site is the one that they belong to.
    if row.get("Code"):
        return Skipped("a launch point of a site")
    if not code or not _named(row):
        return Unreadable(file.name, line, f"is no site: Site '{code}', Name '{row['Name']}'")
    if sort not in _SITES:
        return Skipped(f"Type {sort}")
    said, (dated, left_out) = _named(row), _dated(row)
    said += [Statement("place_type", _SITES[sort]), *dated]
    for parent in (row.get("Parent") or "").split("/"):
        if parent.endswith("?") or parent in _NOT_KNOWN:
            left_out.append("Parent in doubt")
        elif parent:
            kind: Kind = "place" if parent in states else "organisation"
            said.append(Statement("operator", object=Key(kind, f"gcat:{'_'.join(parent.split())}")))
    left_out += [name for name in ("StateCode", "Group") if row.get(name)]
    return _entry(file, line, row, Key("place", f"gcatsite:{code}"), said, left_out)


def _named(row: tables.Row) -> list[Statement]:
    """Its English name where it has one, and the others: in its own language, in its own script, short ones.

    A part that is missing is a hyphen, too: `- -` is no name, and `CC    -` is that of a site without a pad.
    """
    told = [plain_name((row.get(one) or "").strip("- ")) for one in _NAMES]
    others = dict.fromkeys(one for one in told if one)
    if not others:
        return []
    name = next(iter(others))
    return [Statement("name", name), *(Statement("alternate_name", one) for one in others if one != name)]


def _dated(row: tables.Row) -> tuple[list[Statement], list[str]]:
    """(from when until when it was there, what of that cannot be told)."""
    said, left_out = [], []
    for column, prop in _DATES.items():
        try:
            if told := row.get(column):
                date = dates.vague(told)
                said.append(Statement(prop, date, modality=dates.modality(date)))
        except dates.DateError:
            left_out.append(f"{column}{_NO_DATE}")
    return said, left_out


def _entry(file: File, line: int, row: tables.Row, key: Key, said: list[Statement], left_out: list[str]) -> Entry:
    left_out += [one for one in ("UCode", "Location", "Longitude", "Latitude", "Error") if row.get(one)]
    if key.kind == "organisation" or key.identifier.startswith("gcat:"):
        left_out += [one for one in ("Type", "Parent") if row.get(one)]
    identified = Statement("identifier", key.identifier)
    # Of a date that cannot be read nothing is said.
    silent_on = tuple(prop for column, prop in _DATES.items() if f"{column}{_NO_DATE}" in left_out)
    place = file.at(line, key.identifier.partition(":")[2])
    return Entry(key, (*said, identified), place, left_out=tuple(left_out), silent_on=silent_on)
