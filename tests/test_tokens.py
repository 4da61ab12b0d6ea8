"""Tokens: made and shown once, stored as a hash, revoked; of the installation, and not of the knowledge."""

import hashlib
import re
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from app.access.tokens import TokenError, find, list_tokens, make_token, revoke_token
from app.audit import problems
from app.db import for_writing, scratch
from app.tables.access import SCOPES, Scope
from tests.commands import Done
from tests.test_cli import fails_in_a_sentence, run
from tests.test_preview import rows


def made(engine: Engine, name: str, scope: Scope, days: int | None = None) -> str:
    """A token, made as the command makes it."""
    with for_writing(engine).begin() as connection:
        return make_token(connection, name, scope, days=days)


def test_the_command_shows_a_token_once_and_nothing_stores_it(seeded: Engine, tmp_path: Path) -> None:
    def ran(*arguments: str) -> Done:
        return run(tmp_path, *arguments, DATABASE_URL=seeded.url.render_as_string(hide_password=False))

    done = ran("token", "make", "ada", "--scope", "load", "--days", "3")
    token = done.stdout.strip()
    assert re.fullmatch(r"filmspace_[\w-]{43}", token)
    assert done.stderr == "filmspace: this is ada's token, with the scope load; it is not shown again\n"
    listed = ran("token", "list").stdout
    assert re.fullmatch(r"ada: load, valid, made [-\d]+ [:\d]+ UTC, until [-\d]+ [:\d]+ UTC\n", listed)
    fails_in_a_sentence(ran("token", "revoke", "eve"), "eve: there is no token of that name")
    exported = ran("export", str(tmp_path / "out"))
    assert exported.returncode == 0
    secret, sha256 = token.removeprefix("filmspace_").encode(), hashlib.sha256(token.encode()).hexdigest().encode()
    assert secret.decode() not in rows(seeded)
    for file in (*tmp_path.glob("filmspace.db*"), *(tmp_path / "out").rglob("*")):
        assert secret not in file.read_bytes(), file
    for file in (tmp_path / "out").rglob("*"):
        assert sha256 not in file.read_bytes(), "an export is the knowledge, and not who may write"


def test_a_scope_includes_those_before_it(engine: Engine) -> None:
    tokens = {scope: made(engine, scope, scope) for scope in SCOPES}
    with engine.connect() as connection:
        held = list_tokens(connection)
    may = {
        name: [scope for scope in SCOPES if (bearer := find(held, token)) and bearer.may(scope)]
        for name, token in tokens.items()
    }
    assert may == {"preview": ["preview"], "load": ["preview", "load"], "admin": ["preview", "load", "admin"]}


def test_a_token_of_a_name_takes_the_place_of_one_that_no_longer_holds(engine: Engine) -> None:
    def whose(token: str) -> str | None:
        with engine.connect() as connection:
            found = find(list_tokens(connection), token)
        return found.name if found else None

    first = made(engine, "ada", "load", days=1)
    assert (whose(first), whose(first + "x"), whose(first[:-1]), whose("")) == ("ada", None, None, None)
    with pytest.raises(TokenError, match="holds"):
        made(engine, "ada", "load")
    with for_writing(engine).begin() as connection:
        connection.execute(text("UPDATE token SET expires_at = '2020-01-01 00:00:00.000000'"))
    assert whose(first) is None
    second = made(engine, "ada", "admin")
    assert (whose(first), whose(second)) == (None, "ada")
    with for_writing(engine).begin() as connection:
        revoke_token(connection, "ada")
    assert whose(second) is None
    with engine.connect() as connection:
        assert len(list_tokens(connection)) == 1


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\x1b[31m", "a\u2028b", "x" * 81, "a ", "'; --", "a\u202eb"])
def test_no_name(engine: Engine, name: str) -> None:
    with pytest.raises(TokenError, match="is no name") as caught:
        made(engine, name, "load")
    assert "\n" not in str(caught.value)
    assert "\x1b" not in str(caught.value)


def test_tokens_are_nothing_that_is_checked_or_sealed(seeded: Engine) -> None:
    def seals() -> list[str]:
        with seeded.connect() as connection:
            return list(connection.execute(text("SELECT seal FROM revision")).scalars())

    before = seals()
    made(seeded, "Анна Б.", "admin")
    assert seals() == before
    with scratch(seeded) as connection:
        assert list(problems(connection)) == []
