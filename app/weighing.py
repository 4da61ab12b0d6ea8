"""How a claimed value stands to one that a source states, and whether two that are stated can both be true. Pure.

Both are canonical values of the same property. Whatever cannot be told for certain is left open: a coarser claim is
borne out by a finer statement, never the other way round. docs/reference.md has the cases as a table.
"""

from decimal import Decimal
from typing import Literal

from app import edtf
from app.dating import reach
from app.passages import fold
from app.values import kilometres, minutes, same_moment, scaled
from app.vocabulary import Property

Standing = Literal["stated", "open", "excluded"]

# A quantity in another unit may be rounded to the last digit that the claim writes, but by no more than this part.
_ROUNDING = 0.005


def weigh(prop: Property, claimed: str, stated: str) -> Standing:
    """Whether who states the one states the other, excludes it as the only value, or leaves it open."""
    if claimed == stated:
        return "stated"
    if prop.value_type == "date":
        return _weigh_dates(edtf.parse(claimed), edtf.parse(stated))
    if prop.value_type == "quantity":
        return _weigh_quantities(claimed, stated)
    if prop.value_type == "text" and fold(claimed) == fold(stated):
        return "stated"
    if prop.is_sort and (standing := _weigh_sorts(claimed, stated)):
        return standing
    return "open" if prop.is_free else "excluded"


def _weigh_sorts(claimed: str, stated: str) -> Standing | None:
    """Who says that it is a short film says that it is a film, and leaves open whether it is an animated one."""
    one, other = set(fold(claimed).split()), set(fold(stated).split())
    return "stated" if one <= other else "open" if other < one else None


def agree(prop: Property, one: str, other: str) -> bool:
    """Whether two values of a single-valued property can both be true, as far as that can be told."""
    if prop.is_free or one == other:
        return True
    if prop.value_type == "date":
        is_same = same_moment(one, other)
        return _can_both_be(edtf.parse(one), edtf.parse(other)) if is_same is None else is_same
    return weigh(prop, one, other) != "excluded"


def _can_both_be(one: edtf.Edtf, other: edtf.Edtf) -> bool:
    """Whether one day can be what both mean; of what lasts whether it can be both for its first day and for its last.

    What lasts, or is several days, agrees with any other date if one lies within the other.
    """
    if one.precision == other.precision == "interval":
        return _can_meet(one, other) and all(map(_ends_meet, one.text.split("/"), other.text.split("/")))
    if any(date.precision == "interval" or date.text.startswith("{") for date in (one, other)):
        return one.contains(other) or other.contains(one)
    return any(_can_meet(first, second) for first in _members(one) for second in _members(other))


def _ends_meet(one: str, other: str) -> bool:
    """Whether one day can be what two ends of intervals mean, one of which may be open or unknown."""
    return not (edtf.is_valid(one) and edtf.is_valid(other)) or _can_meet(edtf.parse(one), edtf.parse(other))


def _can_meet(one: edtf.Edtf, other: edtf.Edtf) -> bool:
    """Whether one day can be what both mean, as far as what is about so, or a moment with its zone, may reach."""
    if one.overlaps(other) or not any(date.approximate or "T" in date.text for date in (one, other)):
        return one.overlaps(other)
    (first, last), (other_first, other_last) = reach(one), reach(other)
    return first <= other_last and other_first <= last


def _weigh_dates(claimed: edtf.Edtf, stated: edtf.Edtf) -> Standing:
    """Dates that are only about so, or perhaps so, exclude nothing and bear out none that is without that doubt."""
    if (is_same := same_moment(claimed.text, stated.text)) is not None:
        return "stated" if is_same else "excluded"
    is_surer = stated.approximate > claimed.approximate or stated.uncertain > claimed.uncertain
    if is_surer:
        return "open"
    if _bears_out(claimed, stated):
        return "stated"
    return "open" if claimed.approximate or claimed.uncertain or _can_meet(claimed, stated) else "excluded"


def _bears_out(claimed: edtf.Edtf, stated: edtf.Edtf) -> bool:
    """Whether the claim is true whatever day the stated date means."""
    if "T" in claimed.text:
        return False  # A time of day is finer than any bounds that are kept of it.
    if claimed.precision == "interval":
        return _last_alike(claimed, stated)
    members = _members(claimed)
    told = _members(stated) if stated.text.startswith("{") else [stated]
    if claimed.text.startswith("{"):
        return all(any(member.contains(one) for one in told) for member in members)
    return any(member.contains(one) for member in members for one in told)


def _last_alike(claimed: edtf.Edtf, stated: edtf.Edtf) -> bool:
    """Whether what is stated to last from one date to another began and ended when the claim says."""
    if stated.precision != "interval":
        return False
    pairs = zip(claimed.text.split("/"), stated.text.split("/"), strict=True)
    return all(
        one == other or (edtf.is_valid(one) and edtf.is_valid(other) and edtf.parse(one).contains(edtf.parse(other)))
        for one, other in pairs
    )


def _members(whole: edtf.Edtf) -> list[edtf.Edtf]:
    """What a set has to choose from; a date is its own only member."""
    if whole.precision != "set":
        return [whole]
    return [edtf.parse(_opened(one)) for one in whole.text[1:-1].split(",")]


def _opened(member: str) -> str:
    """A member of a set; one that spans a time as the interval of the same bounds."""
    low, dots, high = member.partition("..")
    return f"{low or '..'}/{high or '..'}" if dots else member


def _weigh_quantities(claimed: str, stated: str) -> Standing:
    (amount, unit), (other, other_unit) = scaled(claimed), scaled(stated)
    if unit == other_unit:
        return "stated" if amount == other else "excluded"
    for measured in (minutes, kilometres):
        one, another = measured(claimed), measured(stated)
        per, per_other = measured(f"1 {unit}"), measured(f"1 {other_unit}")
        if one is not None and another is not None and per is not None and per_other is not None:
            apart = abs(one - another)
            if apart <= min(_half_of_last_digit(amount) * per, abs(another) * _ROUNDING):
                return "stated"
            vague = _half_of_last_digit(amount.normalize()) * per + _half_of_last_digit(other.normalize()) * per_other
            return "excluded" if apart > vague else "open"
    return "open"


def _half_of_last_digit(amount: Decimal) -> float:
    """How far a number may be from what it was rounded from; normalised, its last zeros may be rounding, too."""
    return float(Decimal((0, (5,), int(amount.as_tuple().exponent) - 1)))
