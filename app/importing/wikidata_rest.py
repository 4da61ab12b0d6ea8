"""Items in the form of Wikibase's REST API, https://doc.wikimedia.org/Wikibase/master/js/rest-api/. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.importing.wikidata_values import MALFORMED, mapping

_ENTITY, _TEXTS = "wikibase-", ("labels", "descriptions")


def is_of_rest(one: Mapping[str, Any]) -> bool:
    """Whether an item is told in that form."""
    return "statements" in one and "claims" not in one


def as_dumped(one: Mapping[str, Any]) -> dict[str, Any]:
    """An item in the form that dumps have: texts are objects, and snaks say whether they have a value."""
    texts = {name: {code: _text(told) for code, told in mapping(one.get(name)).items()} for name in _TEXTS}
    aliases = {code: [_text(told) for told in several] for code, several in mapping(one.get("aliases")).items()}
    claims = {number: [_statement(told) for told in several] for number, several in mapping(one["statements"]).items()}
    return {**one, **texts, "aliases": aliases, "claims": claims}


def _text(told: Any) -> dict[str, Any]:
    return {"value": told}


def _statement(told: Any) -> Any:
    """A statement; one that is malformed stays as it is, which is malformed in that form as well."""
    try:
        return {
            "mainsnak": _snak(told),
            "rank": told["rank"],
            "qualifiers": _by_property(told.get("qualifiers") or ()),
            "references": [{"snaks": _by_property(one["parts"])} for one in told.get("references") or ()],
        }
    except MALFORMED:
        return told


def _by_property(told: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for one in told:
        found.setdefault(one["property"]["id"], []).append(_snak(one))
    return found


def _snak(told: Mapping[str, Any]) -> dict[str, Any]:
    value, sort = told["value"], str(told["property"].get("data_type"))
    snak = {"snaktype": value["type"], "property": told["property"]["id"]}
    if value["type"] != "value":
        return snak
    content = value["content"]
    if sort.startswith(_ENTITY) and isinstance(content, str):
        content = {"entity-type": sort.removeprefix(_ENTITY), "id": content}
    return {**snak, "datavalue": {"value": content}}
