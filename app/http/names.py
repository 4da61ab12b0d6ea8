"""Filters by name: a slug, or kind/slug, that nothing has is a mistake and not an empty list."""

from collections.abc import Sequence

from sqlalchemy import Connection

from app.http.parameters import SOURCE, Parameter, Parameters, Values, entity
from app.http.problems import ProblemDetail, detail, shorten
from app.queries.nearest import held_entities, held_sources, nearest, nearest_source


def problems_of(connection: Connection, parameters: Parameters, values: Values) -> list[ProblemDetail]:
    """What is wrong with the names among the values of a request: those that are none, and those that nothing has.

    A name that was merged or renamed, or of which no source speaks any more, is one still.
    """
    named = [(parameters[name], one) for name, given in values.items() if parameters[name].names for one in given]
    wrong = {(parameter.name, one): _why_no_name(parameter, one) for parameter, one in named}
    held = _held(connection, [(parameter, one) for parameter, one in named if not wrong[parameter.name, one]])
    return [
        _problem(connection, parameter, one, why or _no_such(parameter, one))
        for parameter, one in named
        if (why := wrong[parameter.name, one]) or (parameter.name, one) not in held
    ]


def _no_such(parameter: Parameter, told: str) -> str:
    return f"there is no such {told.rpartition('/')[0] or ' or '.join(parameter.names)}"


def _why_no_name(parameter: Parameter, told: str) -> str:
    try:
        parameter.parse(told)
    except ValueError as error:
        return str(error)
    return ""


def _held(connection: Connection, named: Sequence[tuple[Parameter, str]]) -> set[tuple[str, str]]:
    """(parameter, name) of those names, with or without a kind, that something has."""
    sources = {one for parameter, one in named if parameter.names == SOURCE}
    entities = [(parameter, *one.rpartition("/")[::2]) for parameter, one in named if parameter.names != SOURCE]
    kinds = {kind for parameter, *_ in entities for kind in parameter.names}
    held = held_entities(connection, kinds, {slug for *_, slug in entities}) if entities else set()
    found = held_sources(connection, sources) if sources else set()
    return {(parameter.name, one) for parameter, one in named if parameter.names == SOURCE and one in found} | {
        (parameter.name, f"{kind}/{slug}" if kind else slug)
        for parameter, kind, slug in entities
        if any((one, slug) in held for one in parameter.names if kind in ("", one))
    }


def _problem(connection: Connection, parameter: Parameter, told: str, why: str) -> ProblemDetail:
    if parameter.names == SOURCE:
        near = nearest_source(connection, told)
    else:
        kind, _, slug = told.rpartition("/")
        near = nearest(connection, [one for one in parameter.names if one == kind] or parameter.names, slug)
        if not kind and parameter.parse is not entity:
            near = near.rpartition("/")[2]
    return detail(parameter.name, "invalid_value", f"{parameter.name}={shorten(told)}: {why}", near=near or None)
