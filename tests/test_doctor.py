"""What `filmspace doctor` tells an operator."""

import json
import os
from pathlib import Path

import pytest

from app.cli.doctor import _PACKAGES
from app.settings import Settings
from tests.commands import command as run_here
from tests.faults.hardships import without_privileges
from tests.makers import SEED
from tests.test_cli import fails_in_a_sentence, run

SETTINGS = [f"FILMSPACE_{name.upper()}" for name in Settings.model_fields]


def test_a_base_in_order(tmp_path: Path) -> None:
    assert run(tmp_path, "load", str(SEED)).returncode == 0
    done = run(tmp_path, "doctor", "--json", PREVIEW="false", LLM_KEY="hush")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert [*told["settings"]] == SETTINGS
    assert told["settings"]["FILMSPACE_PREVIEW"] == "False"
    assert {"filmspace", "python", "sqlite", *_PACKAGES} == {*told["versions"]}
    assert told["database"]["revision"].startswith("1, of 20")
    assert "4 films" in told["database"]["holds"]
    assert told["wrong"] == []
    assert "hush" not in done.stdout


def test_what_is_wrong_is_named_and_nothing_is_made(tmp_path: Path) -> None:
    done = run(tmp_path, "doctor", DATBASE_URL="x", SEEDS=str(tmp_path / "none"))
    assert done.returncode == 1
    assert "FILMSPACE_PORT" in done.stdout
    wrong = "\n".join(line.removeprefix("wrong: ") for line in done.stderr.splitlines())
    assert "FILMSPACE_DATBASE_URL is no setting; did you mean FILMSPACE_DATABASE_URL?" in wrong
    assert f"{tmp_path / 'none'} does not exist" in wrong
    assert f"there is no database {tmp_path / 'filmspace.db'} yet" in wrong
    assert [*tmp_path.iterdir()] == []


def test_what_is_misspelt_in_the_file_of_settings_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("FILMSPACE_WORKRES=4\nOTHER=1\nfilmspace_port=1\n")
    done = run_here(tmp_path / "none.db", "doctor", first=os.chdir, given=(tmp_path,))
    assert "FILMSPACE_WORKRES, in .env, is no setting; did you mean FILMSPACE_WORKERS?" in done.stderr
    assert done.stderr.count(" is no setting") == 1


def test_a_base_that_cannot_be_made_is_not_promised(tmp_path: Path) -> None:
    nowhere = tmp_path / "none" / "film.db"
    done = run(tmp_path, "doctor", DATABASE_URL=f"sqlite:///{nowhere}")
    assert f"there is no folder {nowhere.parent} for the database film.db; make it" in done.stderr


def test_a_folder_for_figures_that_cannot_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "figures"
    folder.mkdir(mode=0o555)
    settings = {"METRICS_FOLDER": str(folder)}
    done = run_here(tmp_path / "none.db", "doctor", settings=settings, first=without_privileges)
    assert f"the folder {folder} of FILMSPACE_METRICS_FOLDER cannot be written; expected one" in done.stderr
    done = run(tmp_path, "doctor", METRICS_FOLDER=str(tmp_path / "none"))
    assert f"the folder {tmp_path / 'none'} of FILMSPACE_METRICS_FOLDER is not there" in done.stderr


@pytest.mark.parametrize("command", ["doctor", "check"])
def test_passwords_in_urls_are_not_told(tmp_path: Path, command: str) -> None:
    url = "postgresql://me:hush@127.0.0.1:1/name?sslpassword=hush"
    done = run(tmp_path, command, DATABASE_URL=url)
    assert done.returncode == 1
    assert "hush" not in done.stdout + done.stderr
    assert "refused" in done.stderr
    if command == "check":
        fails_in_a_sentence(done, "me:***@127.0.0.1")


def test_what_is_read_from_is_not_made(tmp_path: Path) -> None:
    assert run(tmp_path, "load", str(SEED)).returncode == 0
    copy = tmp_path / "copy.db"
    done = run(tmp_path, "doctor", READ_DATABASE_URL=f"sqlite:///{copy}")
    fails_in_a_sentence(done, f"there is no database {copy}, which is read from")
    assert not [*tmp_path.glob("copy.db*")]


def test_what_is_read_from_is_held_against_what_is_written_to(tmp_path: Path) -> None:
    assert run(tmp_path, "load", str(SEED)).returncode == 0
    copy = tmp_path / "copy.db"
    assert run(tmp_path, "backup", str(copy)).returncode == 0
    settings = {"READ_DATABASE_URL": f"sqlite:///{copy}"}
    assert run(tmp_path, "doctor", **settings).returncode == 0
    assert run(tmp_path, "withdraw", SEED.name, "--reason", "a test").returncode == 0
    done = run(tmp_path, "doctor", **settings)
    fails_in_a_sentence(done, str(copy), "has not the revision of the database")
