"""What statements of Wikidata refer to as their grounds, as JSON, the way evidence shows it. Pure."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from app.importing import dates
from app.importing.records import is_writable
from app.importing.wikidata_values import a_text, mapping, number_of

# What has a name of its own in a reference: stated in, imported from, its URL, its title, on which day it was looked
# up. The rest stands under the number of its property.
_NAMED = {"P248": "stated_in", "P143": "imported_from", "P854": "urls", "P1476": "titles", "P813": "retrieved"}


def references_of(statement: Mapping[str, Any]) -> tuple[str, bool]:
    """(the references of a statement, "" where it has none; whether something of them is left out)."""
    told, is_cut = list[dict[str, Any]](), False
    for reference in statement.get("references") or ():
        named, others = dict[str, list[str]](), dict[str, list[str]]()
        for number, snaks in mapping(reference.get("snaks")).items():
            values = [one for snak in snaks for one in _values(snak)]
            is_cut = is_cut or len(values) < len(snaks)
            if values:
                into, name = (named, _NAMED[number]) if number in _NAMED else (others, number)
                into[name] = values
        if named or others:
            told.append(named | ({"others": others} if others else {}))
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) if told else "", is_cut


def joined(one: str, other: str) -> str:
    """The references of two statements that say the same, each once."""
    if not one or not other or one == other:
        return one or other
    told = json.loads(one)
    told += [further for further in json.loads(other) if further not in told]
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _values(snak: Mapping[str, Any]) -> Iterator[str]:
    """The value of a snak in words: none where it has none, or one that is no text, no item, no date and no amount."""
    if snak["snaktype"] != "value":
        return
    value = snak["datavalue"]["value"]
    if isinstance(value, str):
        told = value
    elif "text" in value:
        told = a_text(value["text"])
    elif "time" in value:
        told = _date(value)
    elif "amount" in value:
        told = a_text(value["amount"]).removeprefix("+")
    elif value.get("entity-type", "item") == "item" and ("id" in value or "numeric-id" in value):
        told = f"wikidata:Q{number_of(value)}"
    else:
        return
    told = " ".join(told.split())
    if told and is_writable(told):
        yield told


def _date(value: Mapping[str, Any]) -> str:
    try:
        return dates.wikibase(value)[0]
    except dates.DateError:
        return ""
