"""Many who load at once into PostgreSQL, which could write for all of them, do so one after the other, and lose nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from sqlalchemy import Engine

from app.audit import problems
from app.db import scratch
from app.queries.status import state_of
from tests.conftest import only_postgresql
from tests.makers import a_claim, a_folder, load

_AT_ONCE, _EACH = 6, 4


@only_postgresql
def test_loads_at_once(engine: Engine, tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """Each names the same film and says something of it, so that all make and write the same record."""
    start = Barrier(_AT_ONCE)

    def load_some(of: int) -> None:
        folders = []
        for number in range(_EACH):
            pilot = f"Pilot {of} of {number}"
            said = [
                a_claim("film/dust", "name", "Long Dust", quote="saw Long Dust"),
                a_claim(f"person/pilot-{of}-{number}", "name", pilot, quote=f"{pilot} saw"),
                a_claim("film/dust", "cast", object=f"person/pilot-{of}-{number}", quote=f"{pilot} saw Long Dust"),
            ]
            folders.append(a_folder(tmp_path, f"source-{of}-{number}", f"{pilot} saw Long Dust.", said))
        start.wait()
        for folder in folders:
            load(engine, folder)

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(load_some, range(_AT_ONCE)))
    with engine.connect() as connection:
        found = state_of(connection).revision
    record_property("loads", f"{_AT_ONCE * _EACH} by {_AT_ONCE} at once")
    record_property("lost", _AT_ONCE * _EACH - found)
    assert found == _AT_ONCE * _EACH
    with scratch(engine) as connection:
        assert list(problems(connection)) == []
