"""In what sense claims hold, and by which step from the words.

Where there are very many, of data sets, nearly all hold in the usual one; the others are found by an index.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlmodel import col

from app.tables.evidence import IS_UNUSUAL, USUAL, Claim

# The values of a claim's `modality` and `inference` of which it has one; of none it may have any.
Sense = Mapping[str, tuple[str, ...]]


def is_usual(sense: Sense) -> bool:
    """Whether what is usual has it, and not everything."""
    return any(sense.values()) and all(USUAL[name] in told for name, told in sense.items() if told)


def has_sense(sense: Sense) -> list[ColumnElement[bool]]:
    """That a claim has it."""
    found = [col(getattr(Claim, name)).in_(told) for name, told in sense.items() if told]
    return [*found, *(IS_UNUSUAL[name] for name, told in sense.items() if told and USUAL[name] not in told)]


def passed_over(sense: Sense) -> list[Select[Any]]:
    """The fingerprints of the claims that do not have it, where the usual ones do."""
    return [
        select(col(Claim.fingerprint)).where(IS_UNUSUAL[name], col(getattr(Claim, name)).not_in(told))
        for name, told in sense.items()
        if told
    ]
