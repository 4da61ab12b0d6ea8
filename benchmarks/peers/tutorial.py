"""FastAPI and SQLModel as their tutorials write them: plain functions, relations that load themselves, response models.

.venv/bin/uvicorn benchmarks.peers.tutorial:app; the base is named in BASE.
"""

import os
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException
from sqlalchemy import func, text
from sqlmodel import Field, Relationship, Session, SQLModel, col, create_engine, select


class Genre(SQLModel, table=True):
    """A genre of a film."""

    __tablename__ = "film_genre"
    genre: str = Field(primary_key=True)
    released_first: str = Field(primary_key=True)
    film_id: int = Field(primary_key=True, foreign_key="film.id")
    film: "Film" = Relationship(back_populates="genres")


class Credit(SQLModel, table=True):
    """What somebody did in a film."""

    id: int = Field(primary_key=True)
    film_id: int = Field(foreign_key="film.id")
    person_id: int = Field(foreign_key="person.id")
    role: str
    released_first: str
    film: "Film" = Relationship(back_populates="credits")
    person: "Person" = Relationship(back_populates="credits")


class FilmBase(SQLModel):
    """What is shown of a film everywhere."""

    slug: str
    title: str
    film_type: str
    released: str | None
    minutes: int
    text: str


class Film(FilmBase, table=True):
    """A film."""

    id: int = Field(primary_key=True)
    released_first: str
    genres: list[Genre] = Relationship(back_populates="film")
    credits: list[Credit] = Relationship(back_populates="film")


class PersonBase(SQLModel):
    """What is shown of somebody everywhere."""

    slug: str
    name: str


class Person(PersonBase, table=True):
    """Somebody."""

    id: int = Field(primary_key=True)
    born: str | None
    country: str
    credits: list[Credit] = Relationship(back_populates="person")


class FilmPublic(FilmBase):
    """A film in a list."""

    genres: list[str]
    directors: list[PersonBase]


class FilmWhole(FilmPublic):
    """A film alone."""

    screenwriters: list[PersonBase]
    cast: list[PersonBase]


class Films(SQLModel):
    """A page."""

    count: int
    results: list[FilmPublic]


class FilmCredit(SQLModel):
    """A film of somebody."""

    slug: str
    title: str
    released: str | None
    role: str


class PersonPublic(PersonBase):
    """Somebody with some of their films."""

    born: str | None
    country: str
    credits_count: int
    films: list[FilmCredit]


engine = create_engine(f"sqlite:///{os.environ['BASE']}")
app = FastAPI()


def get_session() -> Iterator[Session]:
    """A session for each request."""
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_session)]


def _people(film: Film, role: str) -> list[PersonBase]:
    return [PersonBase.model_validate(one.person) for one in film.credits if one.role == role]


def _public(film: Film) -> dict[str, Any]:
    genres = [one.genre for one in film.genres]
    return {**film.model_dump(), "genres": genres, "directors": _people(film, "director")}


@app.get("/")
def read_root() -> dict[str, str]:
    """What this is."""
    return {"name": "films"}


@app.get("/films/{slug}", response_model=FilmWhole)
def read_film(slug: str, session: SessionDep) -> Any:
    """One film."""
    film = session.exec(select(Film).where(Film.slug == slug)).first()
    if not film:
        raise HTTPException(status_code=404, detail="Film not found")
    return {**_public(film), "screenwriters": _people(film, "screenwriter"), "cast": _people(film, "cast")}


@app.get("/people/{slug}", response_model=PersonPublic)
def read_person(slug: str, session: SessionDep) -> Any:
    """Somebody, with 25 of their films."""
    person = session.exec(select(Person).where(Person.slug == slug)).first()
    if not person:
        raise HTTPException(status_code=404, detail="Person not found")
    credits = sorted(person.credits, key=lambda one: (one.released_first, one.film_id))
    films = [{**one.film.model_dump(), "role": one.role} for one in credits[:25]]
    return {**person.model_dump(), "credits_count": len(credits), "films": films}


@app.get("/films", response_model=Films)
def read_films(
    session: SessionDep, offset: int = 0, limit: int = 20, genre: str | None = None, first: int | None = None,
    last: int | None = None,
) -> Any:  # fmt: skip
    """A page of films by date, and how many there are."""
    query, count = select(Film), select(func.count()).select_from(Film)
    conditions = [
        *([col(Film.genres).any(col(Genre.genre) == genre)] if genre else ()),
        *([col(Film.released_first) >= f"{first}-01-01"] if first else ()),
        *([col(Film.released_first) <= f"{last}-12-31"] if last else ()),
    ]
    query, count = query.where(*conditions), count.where(*conditions)
    films = session.exec(query.order_by(col(Film.released_first), col(Film.id)).offset(offset).limit(limit)).all()
    return {"count": session.exec(count).one(), "results": [_public(film) for film in films]}


@app.get("/facets")
def read_facets(session: SessionDep, first: int, last: int) -> dict[str, list[dict[str, Any]]]:
    """How many films there are of each genre."""
    query = select(Genre.genre, func.count()).group_by(col(Genre.genre))
    query = query.where(col(Genre.released_first).between(f"{first}-01-01", f"{last}-12-31"))
    return {"results": [{"genre": genre, "count": count} for genre, count in session.exec(query)]}


def _found(session: Session, table: str, q: str, limit: int) -> list[Film]:
    words = " ".join(f'"{word}"*' for word in q.replace('"', "").split())
    hits = text(f"SELECT rowid FROM {table} WHERE {table} MATCH :words ORDER BY rank LIMIT :limit")
    ids = [row[0] for row in session.connection().execute(hits, {"words": words, "limit": limit})]
    films = session.exec(select(Film).where(col(Film.id).in_(ids))).all()
    return sorted(films, key=lambda film: ids.index(film.id))


@app.get("/search", response_model=Films)
def search(q: str, session: SessionDep) -> Any:
    """Films that have words, the best first."""
    films = _found(session, "film_fts", q, 20)
    return {"count": len(films), "results": [_public(film) for film in films]}


@app.get("/suggest", response_model=list[FilmBase])
def suggest(q: str, session: SessionDep) -> Any:
    """Films whose titles begin so."""
    return _found(session, "title_fts", q, 10)
