"""IMDb's data sets, https://developer.imdb.com/non-commercial-datasets/: titles, names and who did what in which."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby

from app.importing import dates, tables
from app.importing.files import File
from app.importing.records import (
    NOBODY_KNOWN,
    Entry,
    Gone,
    Item,
    Key,
    Skipped,
    Statement,
    Unreadable,
    is_writable,
    plain_name,
    themselves,
)

_TABLE = tables.Table(null=("\\N", ""))
# What a title may be that is a film, and what sort of film that makes it.
FILM_TYPES = {
    "movie": "film", "short": "short film", "tvMovie": "television film", "tvShort": "short television film",
    "video": "direct-to-video film", "tvSpecial": "television special",
}  # fmt: skip
# What somebody may be credited as in a film, and the property that says so. The vocabulary has no word for the others.
CREDITS = {
    "actor": "cast", "actress": "cast", "self": "cast", "director": "director", "producer": "producer",
    "writer": "screenwriter", "cinematographer": "cinematographer", "composer": "composer",
}  # fmt: skip
# What the job of a `writer` has in it who wrote what the film is made after, and what in it who wrote the film.
_SOURCE = (
    r"articles?|(?:auto)?biography|books?|characters?|comics?|fairy ?tales?|games?|libretto|light novels?|manga"
    r"|memoirs?|musical|novelettes?|novellas?|novels?|operas?|operettas?|original work"
    r"|(?<!photo[ -])(?<!tele[ -])plays?|poems?|short[ -]stor(?:y|ies)|source material|webcomic|webtoon"
)
_MADE_AFTER = re.compile(rf"\b(?:{_SOURCE})\b", re.IGNORECASE)
_MADE_FROM = re.compile(
    rf"\b(?:based (?:up)?on|adapted from|inspired by|suggested by|(?:{_SOURCE}) written by)\b", re.IGNORECASE
)
_OF_THE_FILM = re.compile(
    r"\b(?:adapt\w+|concept|development|dialogues?|idea|lyrics|narration|scenario|screen\w*|script\w*|sequences?"
    r"|(?<!short )(?<!short-)stor(?:y|ies)|teleplay|treatment|writers?|writing|written)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|'[^']*'")
# Professions that are no more than a department, or no profession.
_NO_OCCUPATION = {"miscellaneous", "soundtrack", "archive_footage", "archive_sound"}
# Of more digits Python makes no number.
_LONGEST_NUMBER = 20

TITLES = ("tconst", "titleType", "primaryTitle")
PRINCIPALS = ("tconst", "nconst", "category")
NAMES = ("nconst", "primaryName")
SOURCES = {"imdb-titles": TITLES, "imdb-principals": PRINCIPALS, "imdb-names": NAMES}
# Without one of these a record does not tell all that the data set says of what it is about.
_ALL = {
    "imdb-titles": {*TITLES, "originalTitle", "startYear", "runtimeMinutes", "genres"},
    "imdb-principals": {*PRINCIPALS, "characters"},
    "imdb-names": {*NAMES, "birthYear", "deathYear", "primaryProfession"},
}


def source_of(file: File) -> str:
    """Which of the data sets a file is of. Raises FormatError for one that is none of them."""
    return tables.source_of(file, _TABLE, SOURCES)


def read(file: File) -> Iterator[Item]:
    """What one of the files says."""
    source = source_of(file)
    rows = tables.rows(file, _TABLE, SOURCES[source])
    is_whole = _ALL[source] <= set(tables.header_of(file, _TABLE))
    if source == "imdb-principals":
        yield from _principals(file, rows, is_whole=is_whole)
        return
    for row in rows:
        if isinstance(row, Unreadable):
            yield row
        else:
            one = _title(file, *row) if source == "imdb-titles" else _name(file, *row)
            yield one if is_whole or not isinstance(one, Entry) else replace(one, is_whole=False)
            if isinstance(one, Skipped):
                yield Gone((Key("film", f"imdb:{row[1]['tconst']}"),))


def _title(file: File, line: int, row: tables.Row) -> Item:
    identifier, kind, name = row["tconst"], row["titleType"], row["primaryTitle"]
    sort = FILM_TYPES.get(kind or "")
    if sort is None and _is_id(identifier, "tt"):
        return Skipped(f"titleType {_shown(kind)}")
    if sort is None or not name or not _is_id(identifier, "tt"):
        why = f"is no title: tconst '{_shown(identifier)}', primaryTitle '{_shown(name)}'"
        return Unreadable(file.name, line, why)
    said, left_out, silent = [Statement("name", name), Statement("film_type", sort)], [], list[str]()
    original = row.get("originalTitle")
    if original and original != name and plain_name(original) != plain_name(name):
        said.append(Statement("alternate_name", original))
    left_out += _dated(said, silent, "release_date", row, "startYear")
    if minutes := row.get("runtimeMinutes"):
        if minutes.isascii() and minutes.isdigit() and len(minutes) <= _LONGEST_NUMBER:
            # IMDb has 0 where it does not know.
            if int(minutes):
                said.append(Statement("duration", f"{int(minutes)} minute"))
        else:
            left_out.append("runtimeMinutes that is no number")
            silent.append("duration")
    said += [Statement("genre", one) for one in dict.fromkeys((row.get("genres") or "").split(",")) if one]
    left_out += [one for one in ("endYear",) if row.get(one)]
    if row.get("isAdult") == "1":
        left_out.append("isAdult")
    return _entry(file, line, Key("film", f"imdb:{identifier}"), said, left_out, silent)


def _name(file: File, line: int, row: tables.Row) -> Item:
    identifier, name = row["nconst"], row["primaryName"]
    if not _is_id(identifier, "nm") or not name:
        why = f"is no name: nconst '{_shown(identifier)}', primaryName '{_shown(name)}'"
        return Unreadable(file.name, line, why)
    said, left_out, silent = [Statement("name", name)], [], list[str]()
    left_out += _dated(said, silent, "birth_date", row, "birthYear")
    left_out += _dated(said, silent, "death_date", row, "deathYear")
    for one in dict.fromkeys((row.get("primaryProfession") or "").split(",")):
        if one in _NO_OCCUPATION or one.endswith("_department"):
            left_out.append(f"primaryProfession {one}")
        elif one:
            said.append(Statement("occupation", one.replace("_", " ")))
    if row.get("knownForTitles"):
        left_out.append("knownForTitles")
    return _entry(file, line, Key("person", f"imdb:{identifier}"), said, left_out, silent)


def _principals(
    file: File, rows: Iterable[tuple[int, tables.Row] | Unreadable], *, is_whole: bool
) -> Iterator[Item]:  # fmt: skip
    """Credits, those of a film that stand together as one entry, and the characters that are played in it.

    What cannot be read between them may be of the film before or after it, of which not all is told then.
    """

    def film_of(row: tuple[int, tables.Row] | Unreadable) -> str | None:
        return None if isinstance(row, Unreadable) else row[1]["tconst"]

    before: list[Entry] = []
    is_torn = False
    for identifier, group in groupby(rows, film_of):
        unreadable, told = _of_film(file, identifier, group)
        yield from unreadable
        yield from _in_part(before) if unreadable and not told else before
        before = told if is_whole and not unreadable and not is_torn else _in_part(told)
        is_torn = bool(unreadable) and not told
    yield from before


def _in_part(entries: Iterable[Entry]) -> list[Entry]:
    """The entries, which are not all that is told."""
    return [replace(one, is_whole=False) for one in entries]


def _of_film(
    file: File, identifier: str | None, rows: Iterable[tuple[int, tables.Row] | Unreadable]
) -> tuple[list[Unreadable], list[Entry]]:
    """(what cannot be read of the rows of a film, its credits and characters)."""
    unreadable, readable = list[Unreadable](), list[tuple[int, tables.Row]]()
    for row in rows:
        if isinstance(row, Unreadable):
            unreadable.append(row)
        elif not _is_id(identifier, "tt") or not _is_id(row[1]["nconst"], "nm") or not row[1]["category"]:
            cells = ", ".join(f"{one} '{_shown(row[1][one])}'" for one in PRINCIPALS)
            why = f"is no credit: {cells}"
            unreadable.append(Unreadable(file.name, row[0], why))
        else:
            readable.append(row)
    if not readable:
        return unreadable, []
    film, told = Key("film", f"imdb:{identifier}"), [_credit(file, *row) for row in readable]
    place = {one.character: one.place for said, _ in reversed(told) for one in said if one.character}
    credits = Entry(
        film, tuple(one for said, _ in told for one in said), file.at(readable[0][0], str(identifier)),
        left_out=tuple(one for _, left_out in told for one in left_out), within=film,
    )  # fmt: skip
    characters = [
        Entry(one, (Statement("name", one.part), Statement("present_in_work", object=film)), place[one], within=film)
        for one in dict.fromkeys(one.character for said, _ in told for one in said if one.character)
    ]
    return unreadable, [credits, *characters]


def _credit(file: File, line: int, row: tables.Row) -> tuple[list[Statement], list[str]]:
    """(what a row says of its film, what of it is left out)."""
    category, person = row["category"] or "", Key("person", f"imdb:{row['nconst']}")
    place = file.at(line, f"{row['tconst']} {row['nconst']}")
    left_out = [f"job of a {category}"] if row.get("job") else []
    if category not in CREDITS:
        return [], [f"category {category}", *left_out]
    if category == "writer" and _is_of_a_source(row.get("job") or ""):
        return [], ["a writer of what a film is made after", *left_out]
    prop = CREDITS[category]
    characters = list(dict.fromkeys(_characters(row.get("characters")))) if prop == "cast" else []
    if row.get("characters") and not characters:
        left_out.append("characters that are no list of names")
    played, are_told = [], False
    for one in characters:
        is_none, is_told = themselves(one)
        if category == "self" or is_none:
            are_told = are_told or is_told or not is_none
        else:
            played.append(Key("character", f"imdb:{row['tconst']}", one))
    if are_told:
        left_out.append("in what capacity somebody appears as themselves")
    said = [Statement(prop, object=person, character=one, place=place) for one in played]
    return said or [Statement(prop, object=person, place=place)], left_out


def _is_of_a_source(job: str) -> bool:
    """Whether a writer's job names what the film is made after, such as a novel, and nothing that is written for it."""
    plain = _QUOTED.sub("", job)
    if made_from := _MADE_FROM.search(plain):
        return not _OF_THE_FILM.search(plain[: made_from.start()])
    return bool(_MADE_AFTER.search(plain)) and not _OF_THE_FILM.search(plain)


def _characters(cell: str | None) -> Iterator[str]:
    """The names in a cell, which is a list in JSON."""
    try:
        told = json.loads(cell or "[]")
    except (ValueError, RecursionError):
        return
    for one in told if isinstance(told, list) else ():
        if isinstance(one, str) and one.strip() and is_writable(one) and one.strip().lower() not in NOBODY_KNOWN:
            yield plain_name(one)


def _dated(
    said: list[Statement], silent: list[str], prop: str, row: Mapping[str, str | None], column: str
) -> list[str]:
    """Add the statement of a year; what of it is left out. Of one that cannot be read nothing is said."""
    try:
        if told := row.get(column):
            # Who was born in the year 4 has it as a 4; there are no films of such years.
            told = told.zfill(4) if prop != "release_date" else told
            said.append(Statement(prop, dates.year(told), modality=dates.modality(told)))
    except dates.DateError:
        silent.append(prop)
        return [f"{column} that is no year"]
    return []


def _shown(cell: str | None) -> str:
    """A cell as a message shows it: as it is written, but cut off where it is very long."""
    return "\\N" if cell is None else cell[:40]


def _is_id(told: str | None, letters: str) -> bool:
    return bool(told) and str(told).startswith(letters) and str(told)[2:].isascii() and str(told)[2:].isdigit()


def _entry(
    file: File, line: int, key: Key, said: list[Statement], left_out: list[str], silent: list[str]
) -> Entry:  # fmt: skip
    identifier = key.identifier.partition(":")[2]
    return Entry(
        key, (*said, Statement("identifier", key.identifier)), file.at(line, identifier), left_out=tuple(left_out),
        silent_on=tuple(silent),
    )  # fmt: skip
