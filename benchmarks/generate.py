"""Writes made-up films and people in the form of Wikidata's JSON, an entity a line, for `filmspace import wikidata`.

    .venv/bin/python -m benchmarks.generate 100k FOLDER     # 1k, 20k, 100k, 1m … films, and twice as many people

The same call writes the same bytes, on any machine. Nothing is held but the line that is being written.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from app.importing.wikidata_terms import CLASSES, HUMAN, INSTANCE_OF, TEXTS
from benchmarks.films import PEOPLE, Film, Person, films, people, size

# Numbers that Wikidata has not given away yet.
_FILMS, _PEOPLE = 200_000_000, 300_000_000
_MINUTE = 7727
_GREGORIAN = "http://www.wikidata.org/entity/Q1985727"
_PRECISIONS = {len("195X"): 8, len("1957-11"): 10, len("1957-11-03"): 11}
_YEAR = 9


def _numbers(texts: dict[int, str]) -> dict[str, int]:
    return {text: number for number, text in reversed(texts.items())}


_TYPES = _numbers(dict(CLASSES["film"]))
_NAMED = {name: _numbers(dict(texts)) for name, texts in TEXTS.items()}


def film_slug(number: int) -> str:
    """The slug that an import gives a film."""
    return f"wikidata-q{_FILMS + number}"


def person_slug(number: int) -> str:
    """The slug that an import gives somebody."""
    return f"wikidata-q{_PEOPLE + number}"


def number_of(slug: str) -> int:
    """The number of the film, or of the person, that has this slug."""
    return int(slug.removeprefix("wikidata-q")) % _FILMS % (_PEOPLE - _FILMS)


def write(count: int, folder: Path, seed: int = 1) -> Path:
    """Write so many films, each followed by two of the people; the file."""
    folder.mkdir(parents=True, exist_ok=True)
    written = folder / f"films-{count}.json"
    with written.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{json.dumps(one, separators=(',', ':'))}\n" for one in _entities(count, seed))
    return written


def _entities(count: int, seed: int) -> Iterator[dict[str, Any]]:
    others = people(count, seed)
    for film in films(count, seed):
        yield _film(film)
        for _ in range(PEOPLE):
            yield _person(next(others))


def _film(film: Film) -> dict[str, Any]:
    claims = {
        INSTANCE_OF: [_item(_TYPES[film.film_type])],
        "P136": [_item(_NAMED["genre"][one]) for one in film.genres],
        "P577": _dated(film.released),
        "P2047": [_minutes(film.minutes)],
        "P57": _credited(film.directors),
        "P58": _credited(film.screenwriters),
        "P161": _credited(film.cast),
    }
    return _entity(_FILMS + film.number, film.title, film.text, claims)


def _person(person: Person) -> dict[str, Any]:
    claims = {
        INSTANCE_OF: [_item(HUMAN)],
        "P569": _dated(person.born),
        "P27": [_item(_NAMED["nationality"][person.country])],
        "P106": [_item(_NAMED["occupation"][one]) for one in person.occupations],
    }
    return _entity(_PEOPLE + person.number, person.name, None, claims)


def _entity(number: int, label: str, text: str | None, claims: dict[str, list[tuple[str, Any]]]) -> dict[str, Any]:
    return {
        "id": f"Q{number}",
        "type": "item",
        "labels": {"en": {"language": "en", "value": label}},
        "descriptions": {"en": {"language": "en", "value": text}} if text else {},
        "claims": {prop: [_statement(prop, *one) for one in told] for prop, told in claims.items() if told},
    }


def _statement(prop: str, kind: str, value: Any) -> dict[str, Any]:
    snak = {"snaktype": "value", "property": prop, "datavalue": {"value": value, "type": kind}}
    return {"mainsnak": snak, "type": "statement", "rank": "normal"}


def _credited(numbers: Iterable[int]) -> list[tuple[str, Any]]:
    return [_item(_PEOPLE + one) for one in numbers]


def _item(number: int) -> tuple[str, Any]:
    return "wikibase-entityid", {"entity-type": "item", "numeric-id": number, "id": f"Q{number}"}


def _minutes(count: int) -> tuple[str, Any]:
    return "quantity", {"amount": f"+{count}", "unit": f"http://www.wikidata.org/entity/Q{_MINUTE}"}


def _dated(told: str | None) -> list[tuple[str, Any]]:
    """A time to the precision of an EDTF date, of which it has what Wikidata has: what is not known is 00."""
    if told is None:
        return []
    precision = _YEAR if told.isdecimal() else _PRECISIONS[len(told)]
    whole = f"+{told.replace('X', '0')}{'-00-00'[len(told) - len('1957') :]}T00:00:00Z"
    return [("time", {"time": whole, "precision": precision, "calendarmodel": _GREGORIAN})]


def main() -> int:
    """Write the file, and print its name."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("films", type=size, help="how many films: 1k, 100k, 1m or a number")
    parser.add_argument("folder", type=Path, help="where to write them")
    parser.add_argument("--seed", type=int, default=1, help="another number makes other films")
    chosen = parser.parse_args()
    print(write(chosen.films, chosen.folder, chosen.seed))
    return 0


if __name__ == "__main__":
    sys.exit(main())
