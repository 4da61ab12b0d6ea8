"""Which entities the keys of a data set stand for: those that are held are looked up, and others made."""

from collections.abc import Collection

from sqlalchemy import Connection, select
from sqlmodel import col

from app.importing.records import Key
from app.tables.evidence import Entity
from app.tables.rows import given_names, insert_rows, table_of

_CACHED = 100_000


class Known(dict[Key, int]):
    """The ids of the entities that were looked up last; `made` is how many of them were not held."""

    def __init__(self, connection: Connection) -> None:
        super().__init__()
        self._connection, self.made = connection, 0

    def find(self, keys: Collection[Key], *, is_made: bool) -> set[Key]:
        """Remember the ids of these entities; those that are not held are made, if asked for. Returns what was made."""
        if len(self) > _CACHED:
            self.clear()
        self._look_up(keys)
        missing = {key for key in keys if key not in self}
        if missing and is_made:
            rows = sorted({(key.kind, key.slug) for key in missing})
            insert_rows(self._connection, table_of(Entity), ("kind", "slug"), rows)
            self.made += len(rows)
            self._look_up(missing)
        return missing if is_made else set()

    def _look_up(self, keys: Collection[Key]) -> None:
        by_kind: dict[str, dict[str, Key]] = {}
        for key in keys:
            if key not in self:
                by_kind.setdefault(key.kind, {})[key.slug] = key
        for kind, by_slug in by_kind.items():
            slugs = given_names(self._connection, "looked_up", sorted(by_slug))
            query = select(col(Entity.id), col(Entity.slug)).where(
                col(Entity.kind) == kind, col(Entity.slug).in_(slugs)
            )
            for one, slug in self._connection.execute(query):
                self[by_slug[slug]] = one or 0
