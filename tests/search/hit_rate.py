"""How often search finds first what is meant: asks every query of `queries.yaml`, and lists those that miss.

.venv/bin/python -m tests.search.hit_rate
"""

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import httpx
import yaml

from app.db import make_engine
from app.migrate import upgrade
from tests.conftest import running
from tests.makers import SEEDS, load

HERE = Path(__file__).parent
INVENTED = sorted((HERE / "articles").iterdir())
FOLDERS = (*SEEDS, *INVENTED)


def queries() -> dict[str, str]:
    """What is typed, and the record that is meant as kind/slug."""
    groups = yaml.load((HERE / "queries.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    return {q: meant for group in groups.values() for q, meant in group.items()}


def misses(api: httpx.Client, asked: Mapping[str, str]) -> dict[str, str | None]:
    """The queries whose first hit is not the one that is meant, and what it is."""
    found = {}
    for q, meant in asked.items():
        hits = api.get("/search", params={"q": q, "limit": 1}).json()["results"]
        first = f"{hits[0]['kind']}/{hits[0]['slug']}" if hits else None
        if first != meant:
            found[q] = first
    return found


def main() -> None:
    """Load them all into a base of their own, ask, and report."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'filmspace.db'}"
        engine = make_engine(url)
        upgrade(engine)
        for one in FOLDERS:
            load(engine, one)
        engine.dispose()
        asked = queries()
        with running(url) as api:
            missed = misses(api, asked)
    for q, first in missed.items():
        sys.stdout.write(f"{q}: expected {asked[q]}, found {first}\n")
    sys.stdout.write(f"{len(asked) - len(missed)} of {len(asked)} find first what is meant\n")


if __name__ == "__main__":
    main()
