"""The README shows what is: its calls are made again, its commands and its paths exist."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.makers import ROOT
from tests.markdown import Call, blocks, calls, differences, failures, is_empty, section

README = ROOT / "README.md"
CALLS = calls(README)


def test_readme_has_ten_calls() -> None:
    assert len(CALLS) >= 10
    assert len({call.path for call in CALLS}) == len(CALLS)


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_answer_is_what_the_readme_shows(library: httpx.Client, call: Call) -> None:
    assert failures(library, call) == []


@pytest.mark.parametrize("command", ["make serve", "make test"])
def test_readme_names_the_command(command: str) -> None:
    target = command.removeprefix("make ")
    assert [block for block in blocks(README.read_text()) if (block.language, block.text) == ("sh", f"{command}\n")]
    assert f"\n{target}: " in (ROOT / "Makefile").read_text()


def paths_of(tree: str) -> list[Path]:
    """The paths of a tree whose folders end with a slash and whose members are indented by two blanks."""
    found: list[Path] = []
    folders: list[str] = []
    for line in tree.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        name = line.split()[0]
        folders = [*folders[:depth], name]
        found.append(ROOT.joinpath(*folders))
    return found


def test_every_path_of_the_tree_exists() -> None:
    (tree,) = [block.text for block in blocks(section(README.read_text(), "Where everything is"))]
    paths = paths_of(tree)
    assert len(paths) > 10
    assert [path for path in paths if not path.exists()] == []
    assert all(len(line.split()) > 2 for line in tree.splitlines()), "each path says what is there"


@pytest.mark.parametrize(
    ("shown", "live"),
    [
        ({"a": 1}, {"a": 1}),
        ({"a": 1, "…": "…"}, {"a": 1, "b": 2}),
        ([1, "…"], [1, 2]),
        ("The sp…", "The space race"),
        ({"a": [{"b": None, "…": "…"}, "…"]}, {"a": [{"b": None, "c": 0}, 7]}),
    ],
)
def test_shortened_answer_is_recognised(shown: Any, live: Any) -> None:
    assert differences(shown, live) == []


@pytest.mark.parametrize(
    ("shown", "live"),
    [
        ({"a": 1}, {"a": 2}),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": 1, "…": "…"}, {"a": 1}),
        ({"a": 1, "b": None}, {"a": 1}),
        ({"a": None}, {"a": "x"}),
        ({"a": 1}, {"a": True}),
        ([1], [1, 2]),
        ([1, "…"], [1]),
        ([1, 2, "…"], [2, 1, 3]),
        ("The sp…", "A space race"),
        ({"a": 1}, [1]),
    ],
)
def test_wrong_answer_is_not(shown: Any, live: Any) -> None:
    assert differences(shown, live)


@pytest.mark.parametrize("shown", [{}, [], {"…": "…"}, ["…"], {"a": {"…": "…"}, "…": "…"}, "…"])
def test_answer_that_shows_nothing_is_recognised(shown: Any) -> None:
    assert is_empty(shown)
