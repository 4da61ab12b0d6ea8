"""The tables: the evidence, which is the truth and only ever grows, the records projected from it, who may write."""

from sqlmodel import SQLModel

# Named before the first table is declared: what has no name cannot be altered by a later migration.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# Rows are read and written as such, so that what would validate them is made for nobody.
SQLModel.model_config["defer_build"] = True

from app.tables import access, evidence, records, search  # noqa: E402  (the convention must be there first)

__all__ = ["access", "evidence", "records", "search"]
