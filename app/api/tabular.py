"""Records as tables (CSV, RFC 4180)."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

# What a spreadsheet would take for a formula (OWASP, "CSV Injection"), unless it is a number or a date such as -0043;
# and what would look like one that has its apostrophe already, so that taking one away always gives what was said.
_FORMULA = re.compile(r"'*(?:[=+@\t\r\n＝＋－＠]|-(?![0-9]+(?:[-.][0-9]+)*\Z))")
# The keys of a record that no cell can hold.
NOT_TABULAR = ("more", "facts", "included")


def header(keys: Sequence[str]) -> str:
    """The first line of a table with these columns."""
    return _line(keys)


def row(document: Mapping[str, Any], keys: Sequence[str]) -> str:
    """One record as a line: what it refers to as slugs, lists with semicolons between, unknown values empty."""
    return _line([_cell(document[key]) for key in keys])


def _line(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue()


def _cell(value: Any) -> str:
    text = _text(value)
    return f"'{text}" if _FORMULA.match(text) else text


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_text(one) for one in value)
    if isinstance(value, dict):
        return _of_object(value)
    return "" if value is None else str(value)


def _of_object(value: Mapping[str, Any]) -> str:
    if "slug" in value:
        return str(value["slug"])
    if "amount" in value:
        return f"{value['amount']} {value['unit']}"
    known = {key: one for key, one in value.items() if one is not None}
    if any(isinstance(one, dict) for one in known.values()):
        # A part in something: whom or what, and in brackets as what.
        first, *rest = map(_text, known.values())
        return f"{first} ({', '.join(rest)})" if rest else first
    return "; ".join(f"{key}:{one}" for key, one in known.items())
