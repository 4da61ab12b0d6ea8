"""What only reads is read from another database than what is written to, where there is one."""

import shutil
from pathlib import Path

from sqlalchemy import Engine

from tests.conftest import running
from tests.makers import SEED


def test_answers_are_read_from_the_one_and_previews_tried_in_the_other(
    seeded: Engine, migrated_file: Path, tmp_path: Path
) -> None:
    """The one is empty here, and the other has the article already."""
    shutil.copy(migrated_file, tmp_path / "read.db")
    body = {
        "slug": SEED.name,
        "article": (SEED / "article.txt").read_text("utf-8"),
        "claims": (SEED / "claims.yaml").read_text("utf-8"),
    }
    with running(str(seeded.url), read_database_url=f"sqlite:///{tmp_path / 'read.db'}") as api:
        assert api.get("/films").json()["count"] == 0
        counts = api.post("/sources/preview", json=body).json()["counts"]
    assert counts["known"] > 100
    assert counts["new"] == 0
