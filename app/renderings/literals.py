"""Dates, durations and quantities as linked data writes them: never finer or surer than their source. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from app import edtf

# The datatype that the Library of Congress gives to EDTF dates; no processor takes such a one for a plain date.
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"
_ISO_DATE = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-[0-9]{2})?)?")
_ISO_UNITS = {
    "second": "PT{}S", "minute": "PT{}M", "hour": "PT{}H", "day": "P{}D", "week": "P{}W", "month": "P{}M",
    "year": "P{}Y",
}  # fmt: skip


def is_iso(date: str) -> bool:
    """Whether an EDTF date is a date of ISO 8601 as well: a sure and single year, month or day."""
    return bool(_ISO_DATE.fullmatch(date)) and edtf.is_valid(date)


def date_literal(date: str) -> dict[str, str]:
    """An EDTF date as a typed literal of JSON-LD, whatever it is."""
    return {"@type": "Date" if is_iso(date) else EDTF, "@value": date}


def interval(date: str) -> tuple[str | None, str | None]:
    """The start and the end of an interval, each where it is a date of ISO 8601; (None, None) for anything else."""
    start, slash, end = date.partition("/")
    return (start if slash and is_iso(start) else None, end if slash and is_iso(end) else None)


def quantity_text(quantity: Mapping[str, Any]) -> str:
    """A quantity as one text, in the source's unit."""
    return f"{quantity['amount']} {quantity['unit']}"


def iso_duration(quantity: Mapping[str, Any]) -> str | None:
    """A duration of ISO 8601; None where its unit or its fraction has no place there."""
    amount, unit = quantity["amount"], str(quantity["unit"]).lower()
    form = _ISO_UNITS.get(unit) or _ISO_UNITS.get(unit.removesuffix("s"))
    if form == "PT{}M" and amount != int(amount) and (seconds := round(amount * 60)) == amount * 60:
        return f"PT{seconds // 60}M{seconds % 60}S"
    return form.format(int(amount)) if form and amount == int(amount) and amount >= 0 else None
