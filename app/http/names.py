"""Filters by name: a slug, or kind/slug, that nothing has is a mistake and not an empty list."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection

from app.http.parameters import SOURCE, Parameter, entity
from app.http.problems import ProblemDetail, detail, shorten
from app.queries.nearest import held_entities, held_sources, nearest, nearest_source


def problems_of(
    connection: Connection, parameters: Mapping[str, Parameter], values: Mapping[str, tuple[Any, ...]]
) -> list[ProblemDetail]:
    """What is wrong with the names among the values of a request: those that are none, and those that nothing has.

    A name that was merged or renamed, or of which no source speaks any more, is one still.
    """
    problems = []
    for name, given in values.items():
        if (parameter := parameters[name]).names:
            wrong = {one: why for one in given if (why := _why_no_name(parameter, one))}
            held = _held(connection, parameter.names, {one for one in given if one not in wrong})
            none = f"there is no such {' or '.join(parameter.names)}"
            problems += [_problem(connection, parameter, one, wrong.get(one, none)) for one in given if one not in held]
    return problems


def _why_no_name(parameter: Parameter, told: str) -> str:
    try:
        parameter.parse(told)
    except ValueError as error:
        return str(error)
    return ""


def _held(connection: Connection, names: tuple[str, ...], given: Collection[str]) -> set[str]:
    """Those of the names, with or without a kind, that something has."""
    if names == SOURCE:
        return held_sources(connection, given)
    held = held_entities(connection, names, {one.rpartition("/")[2] for one in given})
    every = {slug for _, slug in held} | {f"{kind}/{slug}" for kind, slug in held}
    return {one for one in given if one in every}


def _problem(connection: Connection, parameter: Parameter, told: str, why: str) -> ProblemDetail:
    if parameter.names == SOURCE:
        near = nearest_source(connection, told)
    else:
        kind, _, slug = told.rpartition("/")
        near = nearest(connection, [one for one in parameter.names if one == kind] or parameter.names, slug)
        if not kind and parameter.parse is not entity:
            near = near.rpartition("/")[2]
    return detail(parameter.name, "invalid_value", f"{parameter.name}={shorten(told)}: {why}", near=near or None)
