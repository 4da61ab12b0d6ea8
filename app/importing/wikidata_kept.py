"""Which statements of an item of Wikidata's are kept that say the same, or where there is room for one. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.importing.records import JULIAN, Entry, Key, Statement
from app.importing.wikidata_dates import is_before
from app.importing.wikidata_references import joined
from app.importing.wikidata_terms import INSTANCE_OF, property_of
from app.vocabulary import NAMING, PROPERTIES, Kind, Rank

_BEST = ("deprecated", "normal", "preferred")


def kept_beside_preferred(
    kind: Kind, number: str, statements: Sequence[Mapping[str, Any]], said: list[Statement]
) -> tuple[list[Statement], list[str]]:
    """(what statements of a property say, of what is `said`, where there is room for one value; what is left out).

    A preferred one overrules normal ones also where it says that there is none, or one that cannot be told: what
    they say is not the best that is known. Of what something is an instance of, all is so.
    """
    prop = property_of(kind, number)
    sorts = [one["mainsnak"]["snaktype"] for one in statements if one.get("rank") == "preferred"]
    is_told = "value" in sorts and any(one.rank == "preferred" for one in said)
    if not sorts or is_told or prop is None or kind in prop.many or number == INSTANCE_OF:
        return said, []
    kept = [one for one in said if one.rank != "normal"]
    return kept, [f"{number} that a preferred {sorts[0]} overrules"] * (len(said) - len(kept))


def settled(kind: Kind, told: Iterable[Statement]) -> tuple[list[Statement], list[str]]:
    """(what is said, each thing once, and one of several values where there is room for one; what is left out).

    A film is released in one country after another: its release is the first of these. What is born on two days
    is in dispute, what something is may be of several sorts, and of what was so at times the record shows the last: all
    of that is kept.
    """
    said, left_out = _once_each(told)
    kept: dict[tuple[str, str], Statement] = {}
    for one in list(said):
        prop = PROPERTIES[one.property]
        is_disputable = prop.value_type == "date" and prop.name != "release_date"
        if kind in prop.many or prop.is_sort or is_disputable or one.rank == "deprecated":
            continue
        if "point_in_time" in one.qualifiers:
            continue
        other = kept.setdefault((one.property, one.rank), one)
        if other is one:
            continue
        is_earlier = prop.value_type == "date" and is_before(one.value or "", other.value or "")
        first, further = (one, other) if is_earlier else (other, one)
        kept[one.property, one.rank] = first
        said = [each for each in said if each is not further]
        left_out.append(f"further {one.property} of one thing")
    return list(_as_plans(kind, said)), left_out


def _as_plans(kind: Kind, said: Sequence[Statement]) -> Iterator[Statement]:
    """What is said, of an event to come as plans, but for what it is called; and so any other date beside one that is
    preferred and to come."""
    to_come = [one for one in said if one.modality == "planned" and _is_best(one, said)]
    is_event_to_come = kind == "event" and any(one.property == "date" for one in to_come)
    preferred = {one.property for one in to_come if one.rank == "preferred"}
    for one in said:
        is_lesser = one.property in preferred and one.rank == "normal"
        is_plan = is_lesser or (is_event_to_come and one.property not in NAMING)
        yield one._replace(modality="planned") if is_plan else one


def _is_best(one: Statement, said: Iterable[Statement]) -> bool:
    """Whether it is not told to be wrong, and nothing else of its property is preferred to it."""
    is_preferred = any(other.rank == "preferred" for other in said if other.property == one.property)
    return one.rank == ("preferred" if is_preferred else "normal")


def characters(film: Key, said: Iterable[Statement], place: str) -> Iterator[Entry]:
    """The characters that are only named, in the cast of a film, as sure as that is of them."""
    played: dict[Key, Rank] = {}
    for one in said:
        if one.character and one.character.part:
            played[one.character] = max(played.get(one.character, one.rank), one.rank, key=_BEST.index)
    for character, rank in played.items():
        rank = "deprecated" if rank == "deprecated" else "normal"
        named = Statement("name", character.part, rank=rank), Statement("present_in_work", object=film, rank=rank)
        yield Entry(character, named, place)


def _once_each(said: Iterable[Statement]) -> tuple[list[Statement], list[str]]:
    """(each thing that is said once, with all that it refers to; what of the others is left out).

    An item may say one thing in several statements, as where each is of a country of its own. What counts is told.
    """
    kept: dict[tuple[Any, ...], Statement] = {}
    left_out = []
    for one in said:
        what = one.property, one.value, one.object, one.character, one.modality
        other = kept.setdefault(what, one)
        if other is one:
            continue
        if other.rank == one.rank:
            place = max(other.place, one.place, key=lambda told: told.endswith(JULIAN))
            kept[what] = other._replace(references=joined(other.references, one.references), place=place)
        else:
            kept[what] = max(other, one, key=lambda told: _BEST.index(told.rank))
        if (other.rank, other.qualifiers) != (one.rank, one.qualifiers):
            left_out.append(f"further {one.property} of one value")
    return list(kept.values()), left_out
