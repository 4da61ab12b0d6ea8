"""What lies around the code fits together: lock files, Makefile, container image, Compose file."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ["requirements.lock", "requirements-postgres.lock", "requirements-dev.lock"]
IMAGE_LOCK = "requirements-postgres.lock"


def normalised(requirement: str) -> str:
    """Return the bare name in a requirement the way lock files spell it."""
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match, requirement
    return re.sub(r"[-_.]+", "-", match[0]).lower()


def pins(lock: str) -> dict[str, str]:
    """Map each package of a lock file to its exact version."""
    lines = re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==(\S+)", (ROOT / lock).read_text(), re.MULTILINE)
    return dict(lines)


def project() -> dict[str, Any]:
    """Read pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def instructions() -> list[tuple[str, str]]:
    """Split the Dockerfile into instructions and their arguments."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines if line.strip())]


def final_stage() -> dict[str, str]:
    """Map each instruction of the stage that becomes the image to its last arguments."""
    all_of_them = instructions()
    start = max(number for number, (word, _) in enumerate(all_of_them) if word == "FROM")
    return dict(all_of_them[start:])


def copied_sources() -> set[str]:
    """Collect what the Dockerfile copies out of the repository."""
    copies = [rest.split() for word, rest in instructions() if word == "COPY" and not rest.startswith("--from=")]
    return {source for words in copies for source in words[:-1]}


def compose() -> dict[str, Any]:
    """Read docker-compose.yml."""
    document: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return document


def make(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make in a copy of the tree with nothing on PATH but its bin folder."""
    program = shutil.which("make")
    assert program
    # The tests themselves may run under make, whose variables must not leak in here.
    environment = {"PATH": str(tree.parent / "bin"), "HOME": str(tree)}
    return subprocess.run(
        [program, *arguments], cwd=tree, env=environment, capture_output=True, text=True, timeout=30, check=False
    )


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Copy what make looks at to another folder, with a bin folder that holds awk and no Python."""
    tree = tmp_path / "clone"
    tree.mkdir()
    for name in ["Makefile", "pyproject.toml", *LOCKS]:
        shutil.copy(ROOT / name, tree)
    awk = shutil.which("awk")
    assert awk
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "awk").symlink_to(awk)
    return tree


def fake_python(tree: Path, script: str) -> None:
    """Put an executable named python3 into its bin folder."""
    program = tree.parent / "bin" / "python3"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


@pytest.mark.parametrize(
    "name", ["README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", ".dockerignore", ".gitignore"]
)
def test_file_is_there_and_not_empty(name: str) -> None:
    assert (ROOT / name).stat().st_size > 0


def test_a_lock_names_all_that_its_packages_need() -> None:
    """They are installed as they stand there: whatever else is needed would be missing."""
    done = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_licence_is_the_one_declared() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert project()["project"]["license"] == "Apache-2.0"
    assert "Apache License\n" in text
    assert "Version 2.0, January 2004" in text
    assert text.rstrip().endswith("limitations under the License.")


def test_the_version_is_the_same_everywhere() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert declared == import_module("app").__version__


def test_every_pip_that_is_told_leaves_the_project_where_it_is() -> None:
    """A wheel has no migrations and no seeds."""
    told = [*(ROOT / "docs").glob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "app").rglob("*.py")]
    found = [line for one in told for line in one.read_text().splitlines() if re.search(r"pip install .*\[?\.\[", line)]
    assert len(found) >= 4
    assert [line for line in found if "-e '.[" not in line] == []


def test_changelog_has_an_unreleased_section() -> None:
    assert "\n## [Unreleased]\n" in (ROOT / "CHANGELOG.md").read_text()


def test_ci_script_can_be_executed_and_stops_at_the_first_error() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert "set -euo pipefail" in script.read_text()


def test_console_script_leads_to_a_function() -> None:
    module, _, function = project()["project"]["scripts"]["filmspace"].partition(":")
    assert callable(getattr(import_module(module), function))


@pytest.mark.parametrize("lock", [*LOCKS, "requirements-pip.lock", "tests/clients/python/requirements.lock"])
def test_lock_holds_only_pins_and_hashes(lock: str) -> None:
    pin = r"[a-z0-9-]+(\[[a-z,]+\])?==[0-9][0-9a-z.]*( ; [^\\\n]+)?"
    digest = r"    --hash=sha256:[0-9a-f]{64}"
    text = (ROOT / lock).read_text()
    assert re.fullmatch(rf"({pin}( \\\n{digest})+\n)+", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_holds_every_dependency(lock: str) -> None:
    settings = project()
    wanted = settings["project"]["dependencies"] + settings["build-system"]["requires"]
    if lock != "requirements.lock":
        wanted = wanted + settings["project"]["optional-dependencies"]["postgres"]
    if lock == "requirements-dev.lock":
        wanted = wanted + [entry for entry in settings["dependency-groups"]["dev"] if isinstance(entry, str)]
    assert {normalised(entry) for entry in wanted} <= pins(lock).keys()


def test_locks_agree_with_each_other() -> None:
    runtime, image, development = (pins(lock).items() for lock in LOCKS)
    assert runtime <= image <= development


def test_help_lists_every_target(tree: Path) -> None:
    targets = re.findall(r"^\.PHONY: (.*)", (ROOT / "Makefile").read_text(), re.MULTILINE)[0].split()
    result = make(tree)
    assert result.returncode == 0
    assert re.findall(r"^  make (\w+) +\S", result.stdout, re.MULTILINE) == targets


@pytest.mark.parametrize("target", ["install", "serve", "test", "lint"])
def test_missing_python_is_one_sentence(tree: Path, target: str) -> None:
    result = make(tree, target)
    assert result.returncode != 0
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert "needs Python 3.11 or newer and found none" in result.stderr
    assert not (tree / ".venv").exists()


def test_python_that_is_too_old_is_not_used(tree: Path) -> None:
    fake_python(tree, 'case "$*" in *version_info*) exit 1;; esac')
    result = make(tree, "serve")
    assert result.returncode != 0
    assert "needs Python 3.11 or newer and found none" in result.stderr


def test_python_without_venv_is_one_sentence(tree: Path) -> None:
    fake_python(tree, 'case "$*" in *ensurepip*) exit 1;; esac')
    result = make(tree, "serve")
    assert result.returncode != 0
    assert len(result.stderr.splitlines()) == 1
    assert "python3 has no venv module: install it" in result.stderr


def test_installed_environment_is_left_alone(tree: Path) -> None:
    (tree / ".venv").mkdir()
    (tree / ".venv" / ".runtime").touch()
    result = make(tree, "install")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_changed_dependencies_are_installed_again(tree: Path, name: str) -> None:
    (tree / ".venv").mkdir()
    (tree / ".venv" / ".runtime").touch()
    later = (tree / ".venv" / ".runtime").stat().st_mtime + 10
    os.utime(tree / name, (later, later))
    result = make(tree, "--question", "install")
    assert result.returncode != 0


def test_dockerfile_copies_what_exists_and_is_not_ignored() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    sources = copied_sources()
    assert sources == allowed
    assert {IMAGE_LOCK, "app", "migrations", "pyproject.toml", "seeds"} <= sources
    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_image_installs_locked_packages_only() -> None:
    installs = [rest for word, rest in instructions() if word == "RUN" and "pip install" in rest]
    assert len(installs) == 2
    assert f"--require-hashes -r {IMAGE_LOCK}" in installs[0]
    assert "--no-deps --no-build-isolation" in installs[1]


def test_stages_share_one_python_that_the_project_supports() -> None:
    images = {rest.split()[0] for word, rest in instructions() if word == "FROM"}
    assert len(images) == 2
    match = re.fullmatch(r"node:\d+-slim python:3\.(\d+)-slim", " ".join(sorted(images)))
    assert match
    assert project()["project"]["requires-python"] == ">=3.11"
    assert int(match[1]) >= 11


def test_image_does_not_run_as_root() -> None:
    user = final_stage()["USER"]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    assert f"chown {user} /data" in final_stage()["RUN"]


def test_image_writes_only_to_its_volume() -> None:
    stage = final_stage()
    assert stage["VOLUME"] == "/data"
    assert "FILMSPACE_DATABASE_URL=sqlite:////data/" in stage["ENV"]
    assert "PYTHONDONTWRITEBYTECODE=1" in stage["ENV"]
    assert f"FILMSPACE_SEEDS={stage['WORKDIR']}/seeds" in stage["ENV"]


def test_image_starts_the_console_script() -> None:
    stage = final_stage()
    entrypoint, command = json.loads(stage["ENTRYPOINT"]), json.loads(stage["CMD"])
    assert entrypoint[0] in project()["project"]["scripts"]
    assert command[:3] == ["serve", "--host", "0.0.0.0"]


def test_health_check_is_a_program_that_asks_the_served_port() -> None:
    stage = final_stage()
    program, flag, script = json.loads(stage["HEALTHCHECK"].partition(" CMD ")[2])
    assert (program, flag) == ("python", "-c")
    compile(script, "HEALTHCHECK", "exec")
    assert f"http://127.0.0.1:{stage['EXPOSE']}/healthz" in script


@pytest.mark.parametrize("name", ["api", "api-postgres"])
def test_compose_hardens_the_service(name: str) -> None:
    service = compose()["services"][name]
    assert service["build"] == "."
    assert service["read_only"] is True
    assert service["init"] is True
    assert service["tmpfs"] == ["/tmp"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == "unless-stopped"


def test_compose_publishes_the_served_port_on_this_machine_only() -> None:
    ports = [port for service in compose()["services"].values() for port in service.get("ports", [])]
    published = [re.fullmatch(r"127\.0\.0\.1:(\d+):(\d+)", port) for port in ports]
    assert all(published)
    assert {match[2] for match in published if match} == {final_stage()["EXPOSE"]}
    assert len({match[1] for match in published if match}) == len(ports)


def test_compose_declares_every_volume() -> None:
    document = compose()
    mounts = [mount.split(":") for service in document["services"].values() for mount in service.get("volumes", [])]
    assert {volume for volume, _ in mounts} == set(document["volumes"])
    assert ["data", final_stage()["VOLUME"]] in mounts


def test_compose_starts_postgresql_only_when_asked() -> None:
    services = compose()["services"]
    profiles = {name: service.get("profiles") for name, service in services.items()}
    assert profiles == {"api": None, "api-postgres": ["postgres"], "postgres": ["postgres"]}
    assert services["api-postgres"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert services["postgres"]["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]


def test_compose_has_no_password_of_its_own() -> None:
    services = compose()["services"]
    settings = services["postgres"]["environment"]
    client = services["api-postgres"]["environment"]
    assert settings["POSTGRES_PASSWORD"] == client["PGPASSWORD"] == "${POSTGRES_PASSWORD-}"
    user, database = settings["POSTGRES_USER"], settings["POSTGRES_DB"]
    assert client["FILMSPACE_DATABASE_URL"] == f"postgresql://{user}@postgres/{database}"
