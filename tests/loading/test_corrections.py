"""A corrected text: every quote of the version before is held against it, and nothing that is gone stays by itself."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from app.db import for_writing
from app.loading.corrections import standing
from app.loading.load import load_seed
from app.loading.problems import RefusedError
from app.loading.seed import read_folder
from tests.conftest import Serving
from tests.makers import a_claim, a_folder, load
from tests.test_cli import run

ARTICLE = "Skyward is a drama. Anna Berg directed it, and Carl Cole plays a captain in Skyward. It opened in May 2021."
FILM, ANNA, CARL = "film/skyward", "person/anna-berg", "person/carl-cole"
CLAIMS = [
    a_claim(FILM, "name", "Skyward", quote="Skyward is a drama"),
    a_claim(FILM, "genre", "drama", quote="Skyward is a drama"),
    a_claim(ANNA, "name", "Anna Berg", quote="Anna Berg directed it"),
    a_claim(FILM, "director", object=ANNA, quote="Anna Berg directed it"),
    a_claim(CARL, "name", "Carl Cole", quote="Carl Cole plays a captain in Skyward"),
    a_claim(FILM, "cast", object=CARL, quote="Carl Cole plays a captain in Skyward"),
    a_claim(FILM, "release_date", "2021-05", quote="It opened in May 2021"),
]
# A later version: what stood first stays, a sentence is put in, and it was not Carl Cole after all.
CORRECTED = (
    "Skyward is a drama. It was shot in a hangar. Anna Berg directed it, and a double plays a captain in Skyward. "
    "It opened in May 2021."
)
ORPHANED, MOVED = {5, 6}, {3, 4, 7}


@pytest.fixture
def base(engine: Engine, tmp_path: Path) -> Engine:
    load(engine, a_folder(tmp_path, "gazette", ARTICLE, CLAIMS, source={"publisher": "Gazette"}))
    return engine


@pytest.fixture
def folder(base: Engine, tmp_path: Path) -> Path:
    """The corrected article with the claims of before."""
    (tmp_path / "gazette" / "article.txt").write_text(CORRECTED, encoding="utf-8")
    return tmp_path / "gazette"


def file_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((folder / "claims.yaml").read_text("utf-8"))
    return found


def write(folder: Path, file: dict[str, Any]) -> None:
    (folder / "claims.yaml").write_text(yaml.safe_dump(file, allow_unicode=True, sort_keys=False), encoding="utf-8")


def drop(engine: Engine, folder: Path) -> Any:
    with for_writing(engine).begin() as connection:
        return load_seed(connection, read_folder(folder), actor="tests", drop_orphaned=True)


def told(engine: Engine, folder: Path, *options: str) -> tuple[int, str, str]:
    """Exit code and output of `load`."""
    done = run(folder.parent, "load", str(folder), *options, DATABASE_URL=str(engine.url))
    return done.returncode, done.stdout, done.stderr


def test_a_file_that_quotes_what_is_gone_is_refused_and_each_quote_is_told(base: Engine, folder: Path) -> None:
    code, out, err = told(base, folder)
    assert (code, out) == (1, "")
    assert "2 problems" in err
    assert "claim 5 (person/carl-cole name): orphaned quote" in err
    assert "the words of the version before: 2 unchanged, 3 moved, 2 orphaned" in err
    assert "--drop-orphaned" in err


def test_a_preview_tells_of_each_claim_which(base: Engine, folder: Path, serving: Serving) -> None:
    sent = {"slug": "gazette", "article": CORRECTED, "claims": (folder / "claims.yaml").read_text("utf-8")}
    api = serving(base)
    found = api.post("/sources/preview", json=sent).json()
    words = {one["number"]: one["words"] for one in found["claims"]}
    expected = {n: "orphaned" if n in ORPHANED else "moved" if n in MOVED else "unchanged" for n in range(1, 8)}
    assert words == expected
    assert found["correction"] == {"version": 1, "unchanged": 2, "moved": 3, "orphaned": 2}
    assert {one["number"] for one in found["claims"] if one["status"] == "rejected"} == ORPHANED
    assert [(one["property"], one["words"]) for one in found["ended"]] == [("name", "orphaned"), ("cast", "orphaned")]
    dropped = api.post("/sources/preview", json={**sent, "drop_orphaned": True}).json()
    assert dropped["outcome"] == "would_load"
    assert {one["number"]: (one["status"], one["words"]) for one in dropped["claims"]} == {
        number: ("left_out" if number in ORPHANED else "known", standing) for number, standing in expected.items()
    }
    (gone,) = [one for one in dropped["records"] if one["change"] == "removed"]
    assert gone["record"]["slug"] == "carl-cole"


def test_what_cannot_be_left_out_is_told_with_what_needs_it(base: Engine, folder: Path) -> None:
    (folder / "article.txt").write_text(ARTICLE.replace("Skyward is a drama", "Skywards is a drama"), encoding="utf-8")
    code, _, err = told(base, folder, "--drop-orphaned")
    assert code == 1
    assert f"the entity {FILM} has neither a name nor a label" in err
    assert f"claim 1 ({FILM} name): left out, since 'Skyward is a drama' is no longer in the text" in err
    assert "loads the correction without those orphaned" not in err


def test_orphaned_claims_are_left_out_by_name_and_end_with_the_old_version(
    base: Engine, folder: Path, serving: Serving
) -> None:
    code, shown, _ = told(base, folder, "--dry-run", "--drop-orphaned")
    assert (code, "of version 1: 2 unchanged, 3 moved, 2 orphaned" in shown) == (0, True)
    assert "claim 6 (film/skyward cast 'person/carl-cole'): left out, words orphaned" in shown
    code, out, err = told(base, folder, "--drop-orphaned")
    assert (code, err) == (0, "")
    assert "version 2 is loaded" in out
    for number in ORPHANED:
        assert f"claim {number} " in out
    assert "'Carl Cole plays a captain in Skyward' is no longer in the text" in out
    assert "film/skyward cast 'person/carl-cole': ended" in out
    api = serving(base)
    film = api.get("/films/skyward").json()
    assert ([one["slug"] for one in film["directors"]], film["cast"], film["release_date"]) == (
        ["anna-berg"],
        [],
        "2021-05",
    )
    assert api.get("/people/carl-cole").status_code == 410
    change = api.get("/changes").json()["results"][0]
    assert (change["action"], change["superseded_count"], change["added_count"]) == ("correct", 2, 0)
    assert change["reason"] == "Left out 2 of its claims, whose words are no longer in the text."
    assert [(one["property"], one["current"]) for one in change["ended"]] == [("name", False), ("cast", False)]


def test_the_same_again_is_unchanged_and_the_cleaned_file_says_nothing_else(base: Engine, folder: Path) -> None:
    assert drop(base, folder).version == 2
    assert drop(base, folder).is_unchanged
    assert load(base, folder).is_unchanged, "otherwise the next start of the server would refuse it"
    code, shown, err = told(base, folder, "--dry-run")
    assert (code, err, "unchanged, version 2" in shown) == (0, "", True)
    assert "5 known, 2 left out" in shown
    file = file_of(folder)
    kept = [claim for number, claim in enumerate(file["claims"], 1) if number not in ORPHANED]
    write(folder, {**file, "entities": [FILM, ANNA], "claims": kept})
    cleaned = load(base, folder)
    assert (cleaned.version, cleaned.claims_new, cleaned.claims_superseded) == (3, 0, 0)


def test_a_slip_of_the_pen_is_refused_whatever_is_asked_for(base: Engine, folder: Path) -> None:
    file = file_of(folder)
    file["claims"][6]["quote"] = "It opened in June 2021"
    write(folder, file)
    with pytest.raises(RefusedError) as caught:
        drop(base, folder)
    assert [problem.number for problem in caught.value.problems] == [7]
    file["claims"][6]["quote"] = "It opened in May 2021"
    file["claims"].append(a_claim(FILM, "duration", "90 minute", quote="It lasts 90 minutes"))
    write(folder, file)
    with pytest.raises(RefusedError) as caught:
        drop(base, folder)
    assert [problem.number for problem in caught.value.problems] == [8]


def test_nothing_is_left_out_of_a_first_version(engine: Engine, tmp_path: Path) -> None:
    claims = [*CLAIMS, a_claim(FILM, "format", "70 mm", quote="in 70 mm")]
    with pytest.raises(RefusedError, match="orphaned quote"):
        drop(engine, a_folder(tmp_path, "gazette", ARTICLE, claims))


def test_who_is_spoken_of_without_a_name_left_is_a_problem_and_not_dropped(base: Engine, folder: Path) -> None:
    file = file_of(folder)
    quote = {
        "subject": CARL,
        "property": "occupation",
        "value": "captain",
        "quote": "plays a captain",
        "modality": "asserted",
    }
    write(folder, {**file, "claims": [*file["claims"], quote]})
    with pytest.raises(RefusedError, match="person/carl-cole has neither a name nor a label"):
        drop(base, folder)


def test_a_claim_in_other_words_goes_on(base: Engine, folder: Path) -> None:
    file = file_of(folder)
    (folder / "article.txt").write_text(CORRECTED.replace("Skyward is a drama", "A drama is Skyward"), encoding="utf-8")
    for claim in file["claims"][:2]:
        claim["quote"] = "A drama is Skyward"
    write(folder, {**file, "entities": [FILM, ANNA], "claims": [*file["claims"][:4], file["claims"][6]]})
    code, out, _ = told(base, folder)
    assert code == 0
    assert "0 unchanged, 3 moved, 4 orphaned" in out
    assert "film/skyward genre 'drama': still stated, in other words" in out
    assert "film/skyward cast 'person/carl-cole': ended" in out


@given(cut=st.integers(0, len(ARTICLE)), length=st.integers(0, 30), put=st.text("abc. ", max_size=20))
def test_each_quote_is_where_it_is_said_to_be(cut: int, length: int, put: str) -> None:
    """Whatever is taken out and put in: unchanged, moved and orphaned are what they say, and nothing else."""
    new = ARTICLE[:cut] + put + ARTICLE[cut + length :]
    for claim in CLAIMS:
        exact = claim["quote"]
        words, now = standing(new, exact, ARTICLE.index(exact))
        assert (words == "orphaned") == (exact not in new) == (now is None)
        assert (words == "unchanged") == (now == ARTICLE.index(exact))
        assert now is None or new[now : now + len(exact)] == exact


def test_the_evidence_of_old_versions_still_holds(base: Engine, folder: Path) -> None:
    drop(base, folder)
    assert told(base, folder, "--drop-orphaned")[1].startswith("gazette: unchanged")
    assert told(base, folder)[1].startswith("gazette: unchanged"), "nor is the next start of the server refused"
    done = run(folder.parent, "check", DATABASE_URL=str(base.url))
    assert (done.returncode, done.stderr) == (0, "")
    with base.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM claim")).scalar_one() == 7 + 5
    with for_writing(base).begin() as connection:
        connection.execute(text("UPDATE citation SET exact = 'Carl Cole plays no captain' WHERE claim_id = 6"))
    done = run(folder.parent, "check", DATABASE_URL=str(base.url))
    assert (done.returncode, "claim 6: the text of gazette does not have its quote" in done.stderr) == (1, True)
