"""Films and people that nobody has seen, as many as one likes and the same each time.

How they are spread is what costs: a few people have most of the credits (of 100,000 films the busiest has some 1,400),
one word stands in nine texts of ten and most words in hardly any, and dates are as coarse as sources have them.
Only `Random.random` is used, since nothing else of it is promised to stay the same from one Python to the next. Pure.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from benchmarks.words import GIVEN_NAMES, USUAL, VOCABULARY, coined

# How many people there are for each film.
PEOPLE = 2
GENRES = (
    "drama film", "comedy film", "documentary film", "thriller film", "action film", "romance film", "crime film",
    "horror film", "adventure film", "science fiction film", "fantasy film", "mystery film", "war film",
    "musical film", "biographical film", "western film", "animated film", "film noir",
)  # fmt: skip
COUNTRIES = (
    "United States", "India", "United Kingdom", "France", "Japan", "Germany", "Italy", "Spain", "Canada",
    "Soviet Union", "Russia", "South Korea", "Brazil", "Mexico", "Sweden", "Poland", "Argentina", "Australia",
    "Denmark", "Turkey", "Iran", "Egypt", "Hungary", "Netherlands", "Kazakhstan", "Norway", "Chile", "Iceland",
)  # fmt: skip
OCCUPATIONS = ("actor", "film director", "screenwriter", "film producer", "composer", "singer", "astronaut")
FILM_TYPES = ("film", "feature film", "short film", "television film", "animated film", "silent film")
_FIRST_YEAR, _YEARS = 1920, 107
_FAMILY_NAMES = 40_000
# Of a hundred dates so many are told to the day, to the month and to the year; the rest to the decade or not at all.
_DAYS, _MONTHS, _TOLD_YEARS, _DECADES = 70, 78, 95, 97

T = TypeVar("T")
Drawn = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody; dates are EDTF."""

    number: int
    name: str
    born: str | None
    country: str
    occupations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Film:
    """A film; dates are EDTF, people are told by their numbers, which begin with 1."""

    number: int
    title: str
    film_type: str
    released: str | None
    minutes: int
    genres: tuple[str, ...]
    text: str
    directors: tuple[int, ...]
    screenwriters: tuple[int, ...]
    cast: tuple[int, ...]


def size(told: str) -> int:
    """How many films `1k`, `100k`, `1m` or a plain number mean. Raises ValueError for anything else."""
    factor = {"k": 1000, "m": 1_000_000}.get(told[-1:].lower(), 1)
    count = int(told[:-1] if factor > 1 else told) * factor
    if not 0 < count <= 10_000_000:
        raise ValueError(f"{told} films: expected 1 to 10m")
    return count


def films(count: int, seed: int = 1) -> Iterator[Film]:
    """So many films, with credits of `PEOPLE` times as many people."""
    drawn = Random(f"films {seed}").random

    def credited(most: int) -> tuple[int, ...]:
        return tuple({1 + int(PEOPLE * count * drawn() ** 2): None for _ in range(most)})

    for number in range(1, count + 1):
        yield Film(
            number=number,
            title=_title(drawn),
            film_type=_one(FILM_TYPES, drawn() ** 4),
            released=_date(drawn, _FIRST_YEAR, _YEARS),
            minutes=60 + int(120 * drawn()),
            genres=_few(GENRES, drawn, 1 + int(3 * drawn() ** 2)),
            text=_text(drawn),
            directors=credited(1 + (drawn() < 0.1)),
            screenwriters=credited(int(drawn() < 0.6)),
            cast=credited(2 + int(6 * drawn())),
        )


def people(count: int, seed: int = 1) -> Iterator[Person]:
    """The people of so many films, by number."""
    drawn = Random(f"people {seed}").random
    for number in range(1, PEOPLE * count + 1):
        yield Person(
            number=number,
            name=f"{_one(GIVEN_NAMES, drawn() ** 2)} {coined(int(_FAMILY_NAMES * drawn())).title()}",
            born=_date(drawn, _FIRST_YEAR - 50, _YEARS + 20),
            country=_one(COUNTRIES, drawn() ** 2),
            occupations=_few(OCCUPATIONS, drawn, 1 + int(2 * drawn() ** 2)),
        )


def _one(among: Sequence[T], drawn: float) -> T:
    return among[int(len(among) * drawn)]


def _few(among: Sequence[T], drawn: Drawn, most: int) -> tuple[T, ...]:
    return tuple({_one(among, drawn() ** 2): None for _ in range(most)})


def _title(drawn: Drawn) -> str:
    words = [_one(USUAL, drawn() ** 2) for _ in range(1 + int(3 * drawn()))]
    if drawn() < 0.3:
        words.append(_one(VOCABULARY, drawn()))
    return " ".join(words).title()


def _text(drawn: Drawn) -> str:
    words = " ".join([_one(VOCABULARY, drawn() ** 4) for _ in range(32 + int(17 * drawn()))])
    return f"{words.capitalize()}."


def _date(drawn: Drawn, first: int, years: int) -> str | None:
    """A day, or less: later years have more of everything."""
    year, month, day = first + int(years * drawn() ** 0.5), 1 + int(12 * drawn()), 1 + int(28 * drawn())
    fine = 100 * drawn()
    if fine < _DAYS:
        return f"{year}-{month:02}-{day:02}"
    if fine < _MONTHS:
        return f"{year}-{month:02}"
    if fine < _TOLD_YEARS:
        return str(year)
    return f"{year // 10}X" if fine < _DECADES else None
