"""XML is only ever written: whatever comes as XML, and would unpack to gigabytes or fetch a file, is refused unread."""

from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from app.importing import FORMATS
from tests.commands import command
from tests.conftest import Serving
from tests.test_tokens import made

_ENTITIES = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">{_ENTITIES}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
BOMBS = {
    "image/svg+xml": f'{LAUGHS}<svg xmlns="http://www.w3.org/2000/svg"><text>&i;&f;</text></svg>',
    "application/atom+xml": f'{LAUGHS}<feed xmlns="http://www.w3.org/2005/Atom"><title>&i;&f;</title></feed>',
    "application/xml": f"{LAUGHS}<claim>&i;&f;</claim>",
}


@pytest.mark.parametrize("media_type", BOMBS)
@pytest.mark.parametrize("path", ["/check", "/sources", "/sources/preview", "/merges"])
def test_what_is_sent_as_xml_is_refused(seeded: Engine, serving: Serving, path: str, media_type: str) -> None:
    headers = {"Authorization": f"Bearer {made(seeded, 'ada', 'admin')}", "Content-Type": media_type}
    answer = serving(seeded).post(path, content=BOMBS[media_type], headers={**headers, "If-Match": "*"})
    assert answer.status_code == 415, answer.text
    assert "root:" not in answer.text


@pytest.mark.parametrize("form", [*FORMATS, "ndjson"])
def test_what_is_imported_as_xml_is_refused(migrated_file: Path, tmp_path: Path, form: str) -> None:
    bomb = tmp_path / "bomb.svg"
    bomb.write_text(BOMBS["image/svg+xml"], encoding="utf-8")
    base = tmp_path / "base.db"
    base.write_bytes(migrated_file.read_bytes())
    done = command(base, "import", form, str(bomb))
    assert done.returncode == 1, done
    assert "bomb.svg" in done.stderr
    assert "Traceback" not in done.stderr


def test_text_that_is_xml_stays_text(api: httpx.Client) -> None:
    """In a body of JSON it is a word like any other."""
    claim = {"subject": "film/the-challenge", "property": "genre", "value": BOMBS["application/xml"]}
    answer = api.post("/check", json=claim)
    assert answer.status_code == 200, answer.text
    assert answer.json()["verdict"] != "confirmed"
