"""What people type finds first what they mean, as often as the README says."""

import re

import httpx
from sqlalchemy import Connection

from app.queries.search import suggest
from app.spelling import can_be_corrected
from app.words import words
from tests.makers import ROOT
from tests.search.hit_rate import misses, queries

NEVER_MISSED = ("Novitsky", "Shipinko", "Roskosmos")


def test_first_hits_are_as_often_right_as_the_readme_says(searched_library: httpx.Client) -> None:
    asked = queries()
    assert len(asked) == 60
    missed = misses(searched_library, asked)
    quoted = re.search(r"(\d+) of (\d+) queries", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert quoted
    assert (int(quoted[1]), int(quoted[2])) == (len(asked) - len(missed), len(asked)), missed
    assert not set(NEVER_MISSED) & set(missed)


def test_every_expected_record_exists(searched: httpx.Client) -> None:
    for meant in set(queries().values()):
        found = searched.get("/facts", params={"subject": meant}).json()
        assert found["count"] > 0, meant


def slips_of(word: str) -> set[str]:
    """The word with one letter left out, doubled or exchanged with the next."""
    found = set()
    for at in range(len(word)):
        found |= {word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:]}
        found.add(word[:at] + word[at : at + 2][::-1] + word[at + 2 :])
    return found - {word}


def test_slips_in_names_are_forgiven(connection: Connection) -> None:
    """The words of names, mistyped in the ways that one letter allows, still find the record of that name."""
    tried, missed = 0, []
    labels = connection.exec_driver_sql("SELECT label FROM entry WHERE kind IN ('person', 'organisation')").scalars()
    for label in labels.all():
        for word in (one for one in words(label) if can_be_corrected(one) and len(one) >= 6):
            for typed in sorted(slips_of(word))[::5]:
                tried += 1
                _, found = suggest(connection, typed)
                if label not in [one["label"] for one in found]:
                    missed.append((typed, label))
    assert tried > 100
    assert len(missed) <= tried / 50, missed
