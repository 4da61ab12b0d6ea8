"""How each server is asked the questions, and how its answers are read."""

from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlencode

import httpx

from benchmarks.generate import film_slug, number_of, person_slug
from benchmarks.questions import PAGE, Ask, Hits, Question, Somebody, Whole

_BY_DATE = {"ordering": "release_date"}


class Dialect(Protocol):
    """How a server is asked and understood."""

    def paths(self, question: Question, url: str) -> list[str]:
        """The address of each of the cases; none if the server cannot be asked that."""

    def told(self, question: str, body: Any) -> Any:
        """What an answer says, as a case has it."""

    def is_right(self, told: Any, right: Any) -> bool:
        """Whether that is the right answer."""


def _is_right(told: Any, right: Any) -> bool:
    """Right but for the order of hits, of which any that match will do; and of many films of somebody some will."""
    if isinstance(right, Hits):
        return right.has(told)
    if isinstance(right, Somebody):
        *known, films = told
        return (
            known == [right.name, right.credits] and bool(films) == bool(right.films) and right.films.issuperset(films)
        )
    return bool(told == right)


class Filmspace:
    """Our own API."""

    def paths(self, question: Question, url: str) -> list[str]:
        """The address of each of the cases; deep pages are found by following `next`."""
        if question.name == "deep":
            return _followed(url, len(question.cases), question.cases[0].ask["rank"])
        return [_address(*self._asked(question.name, case.ask)) for case in question.cases]

    def _asked(self, question: str, ask: Ask) -> tuple[str, dict[str, Any]]:
        if question == "record":
            return f"/films/{film_slug(ask['film'])}", {}
        if question == "person":
            return f"/people/{person_slug(ask['person'])}", {}
        if question == "suggest":
            return "/suggest", {"q": ask["prefix"], "kind": "film"}
        if "q" in ask:
            return "/search", {"q": ask["q"], "kind": "film"}
        asked = {} if "first" not in ask else {"release_date__gte": ask["first"], "release_date__lte": ask["last"]}
        if question == "facets":
            return "/films", {**asked, "facet": "genre", "fields": "slug", "limit": 1}
        asked |= {key: ask[key] for key in ("genre", "offset") if key in ask}
        return "/films", {**asked, "fields": "slug", "limit": 1} if question == "count" else {**_BY_DATE, **asked}

    def told(self, question: str, body: Any) -> Any:
        """What an answer says, as a case has it."""
        if question == "record":
            cast = frozenset(number_of(one["person"]["slug"]) for one in body["cast"])
            directors = frozenset(number_of(one["slug"]) for one in body["directors"])
            return body["name"], body["release_date"], frozenset(body["genres"]), directors, cast
        if question == "person":
            films = frozenset(number_of(one["film"]["slug"]) for one in body["films"])
            return body["name"], body["films_count"], films
        if question == "count":
            return body["count"]
        if question == "facets":
            return frozenset((one["value"], one["count"]) for one in body["facets"]["genre"]["results"])
        return tuple(number_of(one["slug"]) for one in body["results"])

    def is_right(self, told: Any, right: Any) -> bool:
        """Whether that is the right answer, hits in our order."""
        if isinstance(right, Hits):
            return bool(told == right.best)
        return _is_right(told, right)


class Peer:
    """The API of those that are written for this: fastify, and the tutorial's, which has no cursors."""

    def __init__(self, *, has_cursors: bool) -> None:
        self._has_cursors = has_cursors

    def paths(self, question: Question, url: str) -> list[str]:
        """The address of each of the cases."""
        return [_address(*self._asked(question.name, case.ask)) for case in question.cases]

    def _asked(self, question: str, ask: Ask) -> tuple[str, Mapping[str, Any]]:
        if question == "record":
            return f"/films/{film_slug(ask['film'])}", {}
        if question == "person":
            return f"/people/{person_slug(ask['person'])}", {}
        if question == "suggest":
            return "/suggest", {"q": ask["prefix"]}
        if "q" in ask:
            return "/search", {"q": ask["q"]}
        if question == "deep":
            date, number = ask["after"]
            return "/films", {"after": f"{date},{number:010}"} if self._has_cursors else {"offset": ask["rank"]}
        if question == "count" and not self._has_cursors:
            return "/films", {**ask, "limit": 1}
        return {"count": "/count", "facets": "/facets"}.get(question, "/films"), ask

    def told(self, question: str, body: Any) -> Any:
        """What an answer says, as a case has it."""
        if question == "record":
            roles = (frozenset(number_of(one["slug"]) for one in body[role]) for role in ("directors", "cast"))
            return body["title"], body["released"], frozenset(body["genres"]), *roles
        if question == "person":
            return body["name"], body["credits_count"], frozenset(number_of(one["slug"]) for one in body["films"])
        if question == "count":
            return body["count"]
        found = body if isinstance(body, list) else body["results"]
        if question == "facets":
            return frozenset((one["genre"], one["count"]) for one in found)
        return tuple(number_of(one["slug"]) for one in found)

    def is_right(self, told: Any, right: Any) -> bool:
        """Whether that is the right answer; any hits that match will do."""
        return _is_right(told, right)


class Datasette:
    """Tables as Datasette serves them: a film and a person are their rows alone, and a film of a genre its number."""

    def paths(self, question: Question, url: str) -> list[str]:
        """The address of each of the cases; none for what a table page cannot be asked."""
        if question.name in ("offset", "suggest"):
            return []
        return [_address(*self._asked(question.name, case.ask)) for case in question.cases]

    def _asked(self, question: str, ask: Ask) -> tuple[str, Mapping[str, Any]]:
        shape = {"_shape": "objects"}
        if question in ("record", "person"):
            table, number = ("film", ask["film"]) if question == "record" else ("person", ask["person"])
            return f"/peers/{table}/{number}.json", shape
        if "q" in ask:
            return "/peers/film.json", {**shape, "_fts_table": "film_fts", "_search": ask["q"], "_size": PAGE}
        sorted_by = {**shape, "_sort": "released_first", "_size": PAGE}
        if question in ("first", "deep"):
            after = {"_next": ",".join(map(str, ask["after"]))} if ask else {}
            return "/peers/film.json", {**sorted_by, **after}
        span = {"released_first__gte": f"{ask['first']}-01-01", "released_first__lte": f"{ask['last']}-12-31"}
        if question == "facets":
            return "/peers/film_genre.json", {**shape, **span, "_facet": "genre", "_size": 1}
        return "/peers/film_genre.json", {**sorted_by, **span, "genre": ask["genre"]}

    def told(self, question: str, body: Any) -> Any:
        """What an answer says, as a case has it."""
        if question == "record":
            return tuple(body["rows"][0][name] for name in ("title", "released"))
        if question == "person":
            return (body["rows"][0]["name"],)
        if question == "count":
            return body["filtered_table_rows_count"]
        if question == "facets":
            found = body["facet_results"].get("genre", {"results": ()})["results"]
            return frozenset((one["value"], one["count"]) for one in found)
        return tuple(one.get("film_id") or one["id"] for one in body["rows"])

    def is_right(self, told: Any, right: Any) -> bool:
        """Whether that is the right answer, as far as a row has it."""
        is_row = isinstance(right, Whole | Somebody)
        return _is_right(told, right[: len(told)] if is_row else right)


def _followed(url: str, count: int, rank: int) -> list[str]:
    """Addresses of pages one after another, from `rank` on, each as `next` of the one before has it."""
    found: list[str] = []
    at = f"{url}{_address('/films', {**_BY_DATE, 'offset': rank - PAGE})}" if rank else None
    while at and len(found) <= count:
        at = httpx.get(at, timeout=60).raise_for_status().json()["next"]
        found += [at.removeprefix(url)] if at else []
    return found[:count]


def _address(path: str, asked: Mapping[str, Any]) -> str:
    return f"{path}?{urlencode(asked)}" if asked else path
