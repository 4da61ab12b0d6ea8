"""The command line, as a process of its own."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import httpx
import pytest
from sqlalchemy import create_engine, text

from tests.commands import Done, command
from tests.makers import ROOT, SEED, SEEDS, a_claim, a_folder


def environment(folder: Path, **settings: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FILMSPACE_")}
    told = {
        "FILMSPACE_DATABASE_URL": f"sqlite:///{folder / 'filmspace.db'}",
        "PYTHONWARNINGS": "error",
        "COLUMNS": "200",
    }
    return inherited | told | {f"FILMSPACE_{name}": value for name, value in settings.items()}


def run(folder: Path, *arguments: str, **settings: str) -> Done:
    """Run a command on the database of a folder."""
    return command(folder / "filmspace.db", *arguments, settings=settings)


def fails_in_a_sentence(done: Done, *words: str) -> None:
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    for word in words:
        assert word in done.stderr


@contextmanager
def serving(
    folder: Path, *arguments: str, first: Callable[[], None] | None = None, **settings: str
) -> Iterator[tuple[httpx.Client, subprocess.Popen[str]]]:
    """`filmspace serve` on a free port; yields when it says that it answers. Its process does something `first`."""
    command = [sys.executable, "-m", "app.cli", "serve", "--port", "0", *arguments]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment(folder, **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=first,
    )
    try:
        assert process.stderr
        line = next((one for one in process.stderr if "answers on http://" in one), "")
        assert line, "it ended before it answered"
        assert settings.get("LOG_FORMAT") != "json" or json.loads(line)["level"] == "INFO"
        with httpx.Client(base_url=line.split("answers on ")[1].split()[0], timeout=30) as client:
            yield client, process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)


def read_on(process: subprocess.Popen[str]) -> tuple[list[str], Thread]:
    """The lines of its log as they come, from now on, and who reads them: a pipe that is full keeps a server waiting."""
    lines, log = list[str](), process.stderr
    assert log
    reader = Thread(target=lambda: lines.extend(log), daemon=True)
    reader.start()
    return lines, reader


def serve_in_vain(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """What `filmspace serve` says that ends by itself."""
    command = [sys.executable, "-m", "app.cli", "serve", "--port", "0", *arguments]
    env = environment(folder, **{"SEEDS": str(folder), **settings})
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60, check=False)


def test_a_server_that_cannot_answer_does_not_say_that_it_does(tmp_path: Path) -> None:
    done = serve_in_vain(tmp_path, READ_DATABASE_URL="sqlite:///:memory:")
    assert done.returncode == 1
    assert "answers on" not in done.stderr
    assert "must name a file" in done.stderr


def test_processes_that_cannot_begin_are_not_started_again(tmp_path: Path) -> None:
    done = serve_in_vain(tmp_path, "--workers", "2", READ_DATABASE_URL="sqlite:///:memory:")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.count("must name a file") == 1


@pytest.mark.parametrize("workers", ["1", "2"])
def test_figures_that_cannot_be_left_are_told_before_anything_is_done(tmp_path: Path, workers: str) -> None:
    missing = tmp_path / "missing"
    done = serve_in_vain(tmp_path, "--workers", workers, METRICS_FOLDER=str(missing))
    assert done.returncode == 1
    assert done.stderr.startswith(f"filmspace: the folder {missing} of FILMSPACE_METRICS_FOLDER is not there; expected")
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    ("setting", "value", "why"),
    [
        ("PORT", "abc", "is wrong: expected a whole number"), ("PREVIEW", "perhaps", "is wrong: expected true or false"),
        ("PORT", "70000", "less than or equal to 65535"),
    ],
)  # fmt: skip
def test_a_setting_that_is_wrong_is_told_with_what_is_expected(
    tmp_path: Path, setting: str, value: str, why: str
) -> None:
    done = run(tmp_path, "check", **{setting: value})
    assert (done.returncode, f"the setting FILMSPACE_{setting} is wrong" in done.stderr, why in done.stderr) == (
        1, True, True,
    ), done.stderr  # fmt: skip


@pytest.mark.parametrize("name", ["doctor", "check"])
def test_a_file_of_settings_that_cannot_be_read_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / ".env").write_bytes("FILMSPACE_ACTOR=Zoë\n".encode("latin-1"))
    done = command(tmp_path / "none.db", name, first=os.chdir, given=(tmp_path,))
    fails_in_a_sentence(done, "the file .env cannot be read: it is not UTF-8 at byte 18")


@pytest.mark.parametrize("name", ["doctor", "check"])
@pytest.mark.parametrize(
    ("wrong", "why"), [("x.db?timeout=abc", "cannot be read: could not convert"), (f"{'x' * 300}.db", "name too long")]
)
def test_a_url_that_no_file_can_have_is_told(tmp_path: Path, name: str, wrong: str, why: str) -> None:
    done = run(tmp_path, name, DATABASE_URL=f"sqlite:///{tmp_path}/{wrong}")
    fails_in_a_sentence(done, f"{tmp_path}/{wrong}" if name == "check" else "", why)
    assert [*tmp_path.iterdir()] == []


def test_a_host_that_is_none_is_not_told_to_be_a_port(tmp_path: Path) -> None:
    assert "Choose another host with --host or FILMSPACE_HOST" in serve_in_vain(tmp_path, HOST="nohost.invalid").stderr


@pytest.mark.parametrize("wrong", ["nonsense", "postgresql://host:port/x", "sqlite://"])
def test_a_url_to_read_from_is_told_as_that(tmp_path: Path, wrong: str) -> None:
    named = wrong if wrong == "sqlite://" else "of FILMSPACE_READ_DATABASE_URL"
    served = serve_in_vain(tmp_path, READ_DATABASE_URL=wrong)
    assert served.returncode == 1
    assert served.stderr.startswith(f"filmspace: the database {named} cannot be used: ")
    done = run(tmp_path, "doctor", READ_DATABASE_URL=wrong)
    assert (done.returncode, f"the database {named}, which is read from, cannot be used: " in done.stderr) == (1, True)


IMPORTING = """
import gc
looked = []
{before}
gc.callbacks.append(lambda when, told: looked.append(told))
try:
    import app.main
except ValueError as error:
    print(type(error).__name__)
gc.callbacks.clear()
print(len(looked) < 10, gc.get_freeze_count() > 100_000, gc.isenabled())
"""


@pytest.mark.parametrize(
    ("before", "port", "told"),
    [
        ("", "80", ["True True True"]),
        ("", "none", ["ValidationError", "True False True"]),
        ("gc.disable()", "80", ["True True False"]),
    ],
)
def test_nobody_looks_for_garbage_in_what_is_imported(tmp_path: Path, before: str, port: str, told: list[str]) -> None:
    """And all is as before for whoever imports it, whether that succeeds or not."""
    code = IMPORTING.format(before=before)
    environed = environment(tmp_path, PORT=port)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environed, capture_output=True, text=True)
    assert (done.stdout.splitlines(), done.stderr) == (told, "")


FIRST_REQUEST = """
import pydantic
from app.main import app
built = []
init = pydantic.TypeAdapter.__init__
pydantic.TypeAdapter.__init__ = lambda *args, **named: (built.append(args), init(*args, **named))[1]
for path in ("/nothing", "/films/the-challenge"):
    for route in app.routes:
        route.matches({"type": "http", "method": "GET", "path": path, "headers": []})
print(len(built))
"""


def test_nobody_waits_for_routes_to_be_built(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FIRST_REQUEST], cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("0\n", "")


def test_serve_from_nothing_and_again(tmp_path: Path) -> None:
    with serving(tmp_path) as (client, process):
        assert client.get("/sources").json()["count"] == len(SEEDS) > 1
        assert client.get("/readyz").json() == {"status": "ok", "revision": len(SEEDS)}
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
        assert process.stdout
        assert "version 1 is loaded" in process.stdout.read()
    with serving(tmp_path) as (client, process):
        assert client.get("/").json()["revision"] == len(SEEDS), "what is loaded is not loaded again"
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def test_a_load_is_seen_by_a_server_that_runs(tmp_path: Path) -> None:
    with serving(tmp_path) as (client, _):
        before = client.get("/characters")
        assert before.json()["count"] == 2
        assert run(tmp_path, "withdraw", SEED.name, "--reason", "a test").returncode == 0
        after = client.get("/characters", headers={"If-None-Match": before.headers["etag"]})
        assert (after.status_code, after.json()["count"]) == (200, 0)


def test_a_corrected_source_is_not_undone_by_the_next_start(tmp_path: Path) -> None:
    assert run(tmp_path, "load", str(SEED)).returncode == 0
    corrected = Path(shutil.copytree(SEED, tmp_path / SEED.name))
    claims = (corrected / "claims.yaml").read_text(encoding="utf-8")
    (corrected / "claims.yaml").write_text(claims.replace("value: surgeon", "value: Surgeon"), encoding="utf-8")
    done = run(tmp_path, "load", str(corrected))
    assert "version 2 is loaded" in done.stdout
    assert "1 new, 155 unchanged, 1 superseded" in done.stdout
    with serving(tmp_path) as (client, _):
        assert client.get("/characters/zhenya").json()["occupation"] == "Surgeon"


def test_a_seed_that_was_replaced_is_named_and_not_loaded_again(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    folder = Path(shutil.copytree(SEED, seeds / SEED.name))
    claims = (folder / "claims.yaml").read_text(encoding="utf-8")
    for content in (claims, claims.replace("value: surgeon", "value: Surgeon"), claims):
        (folder / "claims.yaml").write_text(content, encoding="utf-8")
        with serving(tmp_path, SEEDS=str(seeds)) as (_, process):
            process.send_signal(signal.SIGTERM)
            output, _ = process.communicate(timeout=30)
    assert "is that of version 1, which a later one has replaced" in output
    assert "`filmspace load` brings it back" in output


def test_seeds_may_speak_of_what_a_later_one_names(tmp_path: Path) -> None:
    named = [a_claim("person/ada", "name", "Ada Byte", quote="Ada Byte")]
    a_folder(tmp_path / "seeds", "b-named", "Ada Byte flew.", named)
    spoken = [a_claim("person/ada", "occupation", "pilot", quote="Ada Byte is a pilot")]
    a_folder(tmp_path / "seeds", "a-spoken", "Ada Byte is a pilot.", spoken, entities=["film/x"])
    claims = (tmp_path / "seeds" / "a-spoken" / "claims.yaml").read_text(encoding="utf-8")
    (tmp_path / "seeds" / "a-spoken" / "claims.yaml").write_text(
        claims.replace("- film/x", "").replace("entities:", "entities: []")
    )
    with serving(tmp_path, SEEDS=str(tmp_path / "seeds")) as (client, _):
        assert client.get("/people/ada").json()["occupations"] == ["pilot"]
    (tmp_path / "seeds" / "c-empty").mkdir()
    done = run(tmp_path, "serve", "--port", "0", SEEDS=str(tmp_path / "seeds"))
    assert (done.returncode, "article.txt: cannot be read" in done.stderr) == (1, True)


def test_a_port_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        fails_in_a_sentence(run(tmp_path, "serve", "--port", port), port, "in use", "FILMSPACE_PORT")
    assert not (tmp_path / "filmspace.db").exists()


def test_a_setting_that_is_none(tmp_path: Path) -> None:
    fails_in_a_sentence(run(tmp_path, "serve", PORT="wibble"), "FILMSPACE_PORT")
    fails_in_a_sentence(run(tmp_path, "serve", "--port", "0", SEEDS=str(tmp_path / "none")), "FILMSPACE_SEEDS")


def test_a_dry_run_reports_and_loads_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, "load", "--dry-run", str(SEED))
    assert done.returncode == 0
    assert "version 1 would be loaded" in done.stdout
    assert "156 new" in done.stdout
    engine = create_engine(f"sqlite:///{tmp_path / 'filmspace.db'}")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM claim")).scalar_one() == 0
    engine.dispose()


def test_a_refusal_names_everything_and_stores_nothing(tmp_path: Path) -> None:
    wrong = Path(shutil.copytree(SEED, tmp_path / SEED.name))
    article = (wrong / "article.txt").read_text(encoding="utf-8")
    (wrong / "article.txt").write_text(article.replace("Anton Shkaplerov", "Boris Petrov"), encoding="utf-8")
    done = run(tmp_path, "load", str(wrong))
    assert done.returncode == 1
    assert "is refused, and nothing of it is stored" in done.stderr
    assert "claims.yaml:" in done.stderr
    assert "person/anton-shkaplerov name): orphaned quote" in done.stderr
    # A good folder beside a refused one is loaded all the same: each is a transaction of its own.
    both = run(tmp_path, "load", str(wrong), str(SEED))
    assert both.returncode == 1
    assert "version 1 is loaded" in both.stdout


def test_what_an_article_says_does_not_steer_the_terminal(tmp_path: Path) -> None:
    text = "Skyward is a film.\nNobody quotes this: \x1b]0;pwned\x07 \x9b31m \u202e."
    name = a_claim("film/skyward", "name", "Skyward", quote="Skyward")
    loaded = run(tmp_path, "load", str(a_folder(tmp_path, "gazette", text, [name])))
    wrong = a_claim("film/skyward", "\x1b]0;pwned\x07", "x", quote="Skyward")
    refused = run(tmp_path, "load", str(a_folder(tmp_path, "gazette", text, [name, wrong])))
    merged = run(tmp_path, "merge", "film/\x1b]0;pwned\x07", "film/skyward", "--reason", "x")
    assert (loaded.returncode, refused.returncode, merged.returncode) == (0, 1, 1)
    for shown in (loaded.stdout, refused.stderr, merged.stderr):
        assert "pwned" in shown
        assert [one for one in "\x1b\x07\x9b\u202e" if one in shown] == []


def test_seeds_that_are_refused_stop_the_start(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    shutil.copytree(SEED, seeds / SEED.name)
    (seeds / SEED.name / "claims.yaml").write_text("entities: []\nclaims: [x]\n", encoding="utf-8")
    done = run(tmp_path, "serve", "--port", "0", SEEDS=str(seeds))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "claims.yaml:2" in done.stderr


def test_withdraw_and_rebuild(tmp_path: Path) -> None:
    run(tmp_path, "load", str(SEED))
    assert "34 records made anew" in run(tmp_path, "rebuild").stdout
    done = run(tmp_path, "withdraw", SEED.name, "--reason", "a hoax")
    assert (done.returncode, "156 facts" in done.stdout) == (0, True)
    fails_in_a_sentence(run(tmp_path, "withdraw", SEED.name, "--reason", "again"), "a hoax")
    fails_in_a_sentence(run(tmp_path, "withdraw", SEED.name, "--reason", " "), "for a reason")
    fails_in_a_sentence(run(tmp_path, "withdraw", "another", "--reason", "x"), "another", "no such source")


def test_openapi_is_printed(tmp_path: Path) -> None:
    document = json.loads(run(tmp_path, "openapi").stdout)
    assert document["info"]["title"] == "filmspace"
    assert not (tmp_path / "filmspace.db").exists()


@pytest.mark.parametrize(
    "arguments", [["wibble"], ["load"], ["serve", "--port", "99999"], ["withdraw", "x"], ["serve", "-x"]]
)
def test_usage_errors_exit_with_2(tmp_path: Path, arguments: list[str]) -> None:
    done = run(tmp_path, *arguments)
    assert done.returncode == 2
    assert "Usage" in done.stderr


def test_help_names_every_command(tmp_path: Path) -> None:
    done = run(tmp_path, "--help")
    assert done.returncode == 0
    for name in ("serve", "load", "withdraw", "merge", "rename", "rebuild", "check", "openapi"):
        assert name in done.stdout
