"""The films of the benchmark: the same bytes each time, spread as real ones are, and taken by our own import."""

import hashlib
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from app import edtf
from benchmarks.films import films, people, size
from benchmarks.generate import film_slug, person_slug, write
from benchmarks.words import VOCABULARY
from tests.conftest import running
from tests.makers import ROOT
from tests.test_cli import run


def test_the_same_call_writes_the_same_bytes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.generate", "1k"]
    for folder in ("one", "other"):
        done = subprocess.run([*command, str(tmp_path / folder)], cwd=ROOT, capture_output=True, text=True, timeout=60)
        assert done.stdout == f"{tmp_path / folder / 'films-1000.json'}\n", done.stderr
    one, other = ((tmp_path / folder / "films-1000.json").read_bytes() for folder in ("one", "other"))
    assert hashlib.sha256(one).hexdigest() == hashlib.sha256(other).hexdigest()
    assert hashlib.sha256(write(1000, tmp_path / "third", seed=2).read_bytes()).digest() != hashlib.sha256(one).digest()
    assert (one.count(b'"Q5"'), one.count(b"\n")) == (2000, 3000)


def test_credits_words_and_dates_are_spread_as_real_ones_are() -> None:
    credited, words, fine, count = Counter[int](), Counter[str](), Counter[int](), 2000
    for film in films(count):
        credited.update((*film.directors, *film.screenwriters, *film.cast))
        words.update({*film.text.lower().removesuffix(".").split()})
        fine[len(film.released or "")] += 1
    assert 6 < credited.total() / count < 6.5
    assert 130 < credited[1] < 260, "the busiest has a share that falls with the root of how many there are"
    assert max(credited) <= 2 * count
    assert 0.88 < words["space"] / count < 0.96
    assert sum(hits == 1 for hits in words.values()) > len(words) / 4, "most words are rare"
    assert len(set(VOCABULARY)) == len(VOCABULARY)
    assert set(fine) == {len("1957-11-03"), len("1957-11"), len("1957"), 0}
    assert all(edtf.parse(one.born) for one in people(50) if one.born)


def test_an_import_takes_all_of_it(tmp_path: Path) -> None:
    written = write(40, tmp_path)
    done = run(tmp_path, "import", "wikidata", str(written))
    assert done.returncode == 0, done.stderr
    assert "entries    120 read, 0 not readable" in done.stdout
    film = next(one for one in films(40) if len(one.cast) > 2 and len(one.released or "") == len("1957-11"))
    called = {one.number: one.name for one in people(40)}
    with running(f"sqlite:///{tmp_path / 'filmspace.db'}") as client:
        record = client.get(f"/films/{film_slug(film.number)}").json()
        person = client.get(f"/people/{person_slug(film.directors[0])}").json()
        assert client.get("/films?limit=1").json()["count"] == 40
    assert (record["name"], record["release_date"]) == (film.title, film.released)
    assert (record["description"], record["duration_minutes"]) == (film.text, film.minutes)
    assert set(record["genres"]) == set(film.genres)
    assert {one["person"]["label"] for one in record["cast"]} == {called[one] for one in film.cast}
    assert person["name"] == called[film.directors[0]]
    assert film_slug(film.number) in {one["film"]["slug"] for one in person["films"] if one["role"] == "director"}


@pytest.mark.parametrize(("told", "count"), [("1k", 1000), ("100K", 100_000), ("1m", 1_000_000), ("7", 7)])
def test_sizes_are_told_in_short(told: str, count: int) -> None:
    assert size(told) == count


@pytest.mark.parametrize("told", ["", "0", "k", "-1k", "11m", "1.5k"])
def test_what_is_no_size_is_refused(told: str) -> None:
    with pytest.raises(ValueError, match=r"films|invalid literal"):
        size(told)
