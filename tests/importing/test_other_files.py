"""Files of the same formats that are otherwise than one expects, through the command."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.importing import makers
from tests.importing.makers import a_file, rows
from tests.test_cli import fails_in_a_sentence, run

_CURRENT = """
    SELECT subject.kind || '/' || subject.slug, coalesce(claim.value, object.slug)
    FROM claim JOIN entity AS subject ON subject.id = claim.subject_id LEFT JOIN entity AS object
    ON object.id = claim.object_id WHERE property = :property AND superseded_by_id IS NULL AND rank <> 'deprecated'
    ORDER BY 1, 2
"""


def current(folder: Path, name: str) -> list[tuple[str, str]]:
    """(entity, value or slug of the object) of each current claim of that property."""
    engine = create_engine(f"sqlite:///{folder / 'filmspace.db'}")
    with engine.connect() as connection:
        return [(row[0], row[1]) for row in connection.execute(text(_CURRENT), {"property": name})]


def imported(folder: Path, form: str, name: str, content: str | bytes) -> str:
    """What the command tells of a file that it imports."""
    done = run(folder, "import", form, str(a_file(folder, name, content).path))
    assert done.returncode == 0, done.stderr
    return done.stdout


def an_organisation(code: str, start: str) -> tuple[str, ...]:
    return (code, code, "UT", "O", "B", start, "-", f"{code} Org", f"{code} Organisation", *["-"] * 8)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("1965 Q2", "1965-34"), ("1965 Q2?", "1965-34?"), ("19C", "18XX"), ("20C?", "19XX?"), ("3M", "2XXX"),
        ("1999 Nov  3 21h", "1999-11-03"), ("1999 Nov  3.98", "1999-11-03"),
        ("1999 Nov  3 2130:05.123", "1999-11-03T21:30:05Z"), ("1999 Nov  3 2130:05?", "1999-11-03?"),
        ("1999 Q5", None), ("1990s Nov", None), ("1999 Q2 Nov", None), ("0C", None),
    ],
)  # fmt: skip
def test_vague_dates_of_gcat_are_as_fine_as_they_are_told(tmp_path: Path, told: str, expected: str | None) -> None:
    imported(tmp_path, "gcat", "orgs.tsv", rows(makers.GCAT_ORGANISATIONS, an_organisation("UTA", told)))
    assert current(tmp_path, "inception") == ([("organisation/gcat-uta", expected)] if expected else [])


def test_launch_points_are_not_their_site(tmp_path: Path) -> None:
    imported(tmp_path, "gcat", "sites.tsv", makers.gcat_sites())
    names = current(tmp_path, "name")
    points = [
        ("UTS", code, code, "LP", "UT", "1971", "-", code, f"Launch Complex {code}", *["-"] * 9)
        for code in ("LC1", "LC2")
    ]
    told = imported(tmp_path, "gcat", "lp.tsv", rows(makers.GCAT_SITES, *points))
    assert "left out   2 of a launch point of a site" in told
    assert current(tmp_path, "name") == names
    assert current(tmp_path, "inception") == [("place/gcatsite-uts", "196X")]


def test_platforms_are_no_organisations(tmp_path: Path) -> None:
    ship = (*an_organisation("SHIP", "1960"), "Ship", "-", "-", "-")
    text = rows((*makers.GCAT_ORGANISATIONS, "VClass", "VClassID", "VID", "Group"), ship)
    done = run(tmp_path, "import", "gcat", str(a_file(tmp_path, "platforms.tsv", text).path))
    fails_in_a_sentence(done, "platforms.tsv: is a table of platforms", "nothing is stored")
