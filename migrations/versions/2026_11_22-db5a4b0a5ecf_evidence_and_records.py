"""Evidence and records.

Revision ID: db5a4b0a5ecf
Revises:
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "db5a4b0a5ecf"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the tables to this revision."""
    op.create_table(
        "entity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("slug", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('film', 'person', 'organisation', 'event', 'place', 'character')", name=op.f("ck_entity_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entity")),
        sa.UniqueConstraint("kind", "slug", name=op.f("uq_entity_kind_slug")),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("publisher", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("published", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("url", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("claims_sha256", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("superseded_by_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("withdrawn_reason", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("loaded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('article', 'dataset')", name=op.f("ck_source_kind")),
        sa.ForeignKeyConstraint(["superseded_by_id"], ["source.id"], name=op.f("fk_source_superseded_by_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("slug", "version", name=op.f("uq_source_slug_version")),
    )
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_superseded_by_id"), ["superseded_by_id"], unique=False)

    op.create_table(
        "character",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("label", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("description", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("source_count", sa.Integer(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("document", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("occupation", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["entity.id"], name=op.f("fk_character_id_entity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_character")),
        sa.UniqueConstraint("slug", name=op.f("uq_character_slug")),
    )
    with op.batch_alter_table("character", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_character_label_slug"), ["label", "slug"], unique=False)
        batch_op.create_index(batch_op.f("ix_character_occupation_slug"), ["occupation", "slug"], unique=False)
        batch_op.create_index(batch_op.f("ix_character_source_count_slug"), ["source_count", "slug"], unique=False)
        batch_op.create_index(batch_op.f("ix_character_updated_at_slug"), ["updated_at", "slug"], unique=False)

    op.create_table(
        "claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("property", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("value", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("object_id", sa.Integer(), nullable=True),
        sa.Column("character_id", sa.Integer(), nullable=True),
        sa.Column("qualifiers", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("modality", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("inference", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("phrase", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("attributed_to", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("rank", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(
            "inference IN ('none', 'coreference', 'weekday', 'year', 'implied')", name=op.f("ck_claim_inference")
        ),
        sa.CheckConstraint(
            "modality IN ('asserted', 'reported', 'planned', 'hoped', 'negated', 'fictional')",
            name=op.f("ck_claim_modality"),
        ),
        sa.CheckConstraint("rank IN ('preferred', 'normal', 'deprecated')", name=op.f("ck_claim_rank")),
        sa.CheckConstraint("(value IS NULL) <> (object_id IS NULL)", name=op.f("ck_claim_value_or_object")),
        sa.ForeignKeyConstraint(["character_id"], ["entity.id"], name=op.f("fk_claim_character_id_entity")),
        sa.ForeignKeyConstraint(["object_id"], ["entity.id"], name=op.f("fk_claim_object_id_entity")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_claim_source_id_source")),
        sa.ForeignKeyConstraint(["subject_id"], ["entity.id"], name=op.f("fk_claim_subject_id_entity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_character_id"), ["character_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_fingerprint"), ["fingerprint"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_object_id_property"), ["object_id", "property"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_property_id"), ["property", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_source_id"), ["source_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_subject_id_property"), ["subject_id", "property"], unique=False)

    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("slug", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("label", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("earliest", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["entity.id"], name=op.f("fk_entry_id_entity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entry_kind_slug"), ["kind", "slug"], unique=True)

    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("label", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("description", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("source_count", sa.Integer(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("document", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("event_type", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("date_earliest", sa.Date(), nullable=True),
        sa.Column("date_latest", sa.Date(), nullable=True),
        sa.Column("duration_days", sa.Float(), nullable=True),
        sa.Column("status", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["entity.id"], name=op.f("fk_event_id_entity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("slug", name=op.f("uq_event_slug")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_date_earliest_slug"), ["date_earliest", "slug"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_date_latest_slug"), ["date_latest", "slug"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_event_type_slug"), ["event_type", "slug"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_label_slug"), ["label", "slug"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_source_count_slug"), ["source_count", "slug"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_status_slug"), ["status", "slug"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_updated_at_slug"), ["updated_at", "slug"], unique=False)

    op.create_table(
        "film",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("label", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("description", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("source_count", sa.Integer(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("document", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("film_type", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("production_status", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("format", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("plot", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("release_date_earliest", sa.Date(), nullable=True),
        sa.Column("release_date_latest", sa.Date(), nullable=True),
        sa.Column("filming_date_earliest", sa.Date(), nullable=True),
        sa.Column("filming_date_latest", sa.Date(), nullable=True),
        sa.Column("point_in_time_earliest", sa.Date(), nullable=True),
        sa.Column("point_in_time_latest", sa.Date(), nullable=True),
        sa.Column("duration_minutes", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["entity.id"], name=op.f("fk_film_id_entity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_film")),
        sa.UniqueConstraint("slug", name=op.f("uq_film_slug")),
    )
    with op.batch_alter_table("film", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_film_duration_minutes_slug"), ["duration_minutes", "slug"], unique=False)
        batch_op.create_index(batch_op.f("ix_film_film_type_slug"), ["film_type", "slug"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_film_filming_date_earliest_slug"), ["filming_date_earliest", "slug"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_film_filming_date_latest_slug"), ["filming_date_latest", "slug"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_film_label_slug"), ["label", "slug"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_film_point_in_time_earliest_slug"), ["point_in_time_earliest", "slug"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_film_point_in_time_latest_slug"), ["point_in_time_latest", "slug"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_film_production_status_slug"), ["production_status", "slug"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_film_release_date_earliest_slug"), ["release_date_earliest", "slug"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_film_release_date_latest_slug"), ["release_date_latest", "slug"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_film_source_count_slug"), ["source_count", "slug"], unique=False)
        batch_op.create_index(batch_op.f("ix_film_updated_at_slug"), ["updated_at", "slug"], unique=False)

    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("property", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=True),
        sa.Column("character_id", sa.Integer(), nullable=True),
        sa.Column("value", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("modality", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("source_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["character_id"], ["entity.id"], name=op.f("fk_link_character_id_entity")),
        sa.ForeignKeyConstraint(["object_id"], ["entity.id"], name=op.f("fk_link_object_id_entity")),
        sa.ForeignKeyConstraint(["subject_id"], ["entity.id"], name=op.f("fk_link_subject_id_entity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_character_id"), ["character_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_link_object_id_property_subject_id"), ["object_id", "property", "subject_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_link_property_value_subject_id"), ["property", "value", "subject_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_link_subject_id_property"), ["subject_id", "property"], unique=False)

    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("label", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("description", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("source_count", sa.Integer(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("document", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("organisation_type", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["entity.id"], name=op.f("fk_organisation_id_entity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisation_slug")),
    )
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_label_slug"), ["label", "slug"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_organisation_organisation_type_slug"), ["organisation_type", "slug"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_organisation_source_count_slug"), ["source_count", "slug"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_updated_at_slug"), ["updated_at", "slug"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("label", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("description", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("source_count", sa.Integer(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("document", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("nationality", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("birth_date_earliest", sa.Date(), nullable=True),
        sa.Column("birth_date_latest", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["entity.id"], name=op.f("fk_person_id_entity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("slug", name=op.f("uq_person_slug")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_person_birth_date_earliest_slug"), ["birth_date_earliest", "slug"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_person_birth_date_latest_slug"), ["birth_date_latest", "slug"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_person_label_slug"), ["label", "slug"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_nationality_slug"), ["nationality", "slug"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_source_count_slug"), ["source_count", "slug"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_updated_at_slug"), ["updated_at", "slug"], unique=False)

    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("label", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("description", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("source_count", sa.Integer(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("document", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("place_type", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("altitude_km", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["entity.id"], name=op.f("fk_place_id_entity")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
        sa.UniqueConstraint("slug", name=op.f("uq_place_slug")),
    )
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_place_altitude_km_slug"), ["altitude_km", "slug"], unique=False)
        batch_op.create_index(batch_op.f("ix_place_label_slug"), ["label", "slug"], unique=False)
        batch_op.create_index(batch_op.f("ix_place_place_type_slug"), ["place_type", "slug"], unique=False)
        batch_op.create_index(batch_op.f("ix_place_source_count_slug"), ["source_count", "slug"], unique=False)
        batch_op.create_index(batch_op.f("ix_place_updated_at_slug"), ["updated_at", "slug"], unique=False)

    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("actor", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("action", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("superseded", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.CheckConstraint("action IN ('load', 'withdraw')", name=op.f("ck_revision_action")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_revision_source_id_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_source_id"), ["source_id"], unique=False)

    op.create_table(
        "citation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Integer(), nullable=False),
        sa.Column("role", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("exact", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("prefix", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("suffix", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.Column("sentence", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("locator", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.CheckConstraint("role IN ('quote', 'context')", name=op.f("ck_citation_role")),
        sa.CheckConstraint(
            '("end" IS NULL) = (start IS NULL) AND (start IS NULL OR "end" > start)', name=op.f("ck_citation_span")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_citation_claim_id_claim")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citation")),
    )
    with op.batch_alter_table("citation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_citation_claim_id"), ["claim_id"], unique=False)

    # Folding is ours (app.passages.fold), so that both engines find the same; SQLite's prefixes serve type-ahead.
    if op.get_context().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE search USING fts5(label, aliases, body, prefix='2 3')")
    else:
        op.execute("CREATE TABLE search (rowid bigint PRIMARY KEY, label text, aliases text, body text)")
        words = "to_tsvector('simple', label || ' ' || aliases || ' ' || body)"
        op.execute(f"CREATE INDEX search_words ON search USING gin ({words})")


def downgrade() -> None:
    """Bring them back to the one before."""
    op.execute("DROP TABLE search")
    with op.batch_alter_table("citation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_citation_claim_id"))

    op.drop_table("citation")
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_revision_source_id"))

    op.drop_table("revision")
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_place_updated_at_slug"))
        batch_op.drop_index(batch_op.f("ix_place_source_count_slug"))
        batch_op.drop_index(batch_op.f("ix_place_place_type_slug"))
        batch_op.drop_index(batch_op.f("ix_place_label_slug"))
        batch_op.drop_index(batch_op.f("ix_place_altitude_km_slug"))

    op.drop_table("place")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_updated_at_slug"))
        batch_op.drop_index(batch_op.f("ix_person_source_count_slug"))
        batch_op.drop_index(batch_op.f("ix_person_nationality_slug"))
        batch_op.drop_index(batch_op.f("ix_person_label_slug"))
        batch_op.drop_index(batch_op.f("ix_person_birth_date_latest_slug"))
        batch_op.drop_index(batch_op.f("ix_person_birth_date_earliest_slug"))

    op.drop_table("person")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_updated_at_slug"))
        batch_op.drop_index(batch_op.f("ix_organisation_source_count_slug"))
        batch_op.drop_index(batch_op.f("ix_organisation_organisation_type_slug"))
        batch_op.drop_index(batch_op.f("ix_organisation_label_slug"))

    op.drop_table("organisation")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_link_subject_id_property"))
        batch_op.drop_index(batch_op.f("ix_link_property_value_subject_id"))
        batch_op.drop_index(batch_op.f("ix_link_object_id_property_subject_id"))
        batch_op.drop_index(batch_op.f("ix_link_character_id"))

    op.drop_table("link")
    with op.batch_alter_table("film", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_film_updated_at_slug"))
        batch_op.drop_index(batch_op.f("ix_film_source_count_slug"))
        batch_op.drop_index(batch_op.f("ix_film_release_date_latest_slug"))
        batch_op.drop_index(batch_op.f("ix_film_release_date_earliest_slug"))
        batch_op.drop_index(batch_op.f("ix_film_production_status_slug"))
        batch_op.drop_index(batch_op.f("ix_film_point_in_time_latest_slug"))
        batch_op.drop_index(batch_op.f("ix_film_point_in_time_earliest_slug"))
        batch_op.drop_index(batch_op.f("ix_film_label_slug"))
        batch_op.drop_index(batch_op.f("ix_film_filming_date_latest_slug"))
        batch_op.drop_index(batch_op.f("ix_film_filming_date_earliest_slug"))
        batch_op.drop_index(batch_op.f("ix_film_film_type_slug"))
        batch_op.drop_index(batch_op.f("ix_film_duration_minutes_slug"))

    op.drop_table("film")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_updated_at_slug"))
        batch_op.drop_index(batch_op.f("ix_event_status_slug"))
        batch_op.drop_index(batch_op.f("ix_event_source_count_slug"))
        batch_op.drop_index(batch_op.f("ix_event_label_slug"))
        batch_op.drop_index(batch_op.f("ix_event_event_type_slug"))
        batch_op.drop_index(batch_op.f("ix_event_date_latest_slug"))
        batch_op.drop_index(batch_op.f("ix_event_date_earliest_slug"))

    op.drop_table("event")
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entry_kind_slug"))

    op.drop_table("entry")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_subject_id_property"))
        batch_op.drop_index(batch_op.f("ix_claim_source_id"))
        batch_op.drop_index(batch_op.f("ix_claim_property_id"))
        batch_op.drop_index(batch_op.f("ix_claim_object_id_property"))
        batch_op.drop_index(batch_op.f("ix_claim_fingerprint"))
        batch_op.drop_index(batch_op.f("ix_claim_character_id"))

    op.drop_table("claim")
    with op.batch_alter_table("character", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_character_updated_at_slug"))
        batch_op.drop_index(batch_op.f("ix_character_source_count_slug"))
        batch_op.drop_index(batch_op.f("ix_character_occupation_slug"))
        batch_op.drop_index(batch_op.f("ix_character_label_slug"))

    op.drop_table("character")
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_source_superseded_by_id"))

    op.drop_table("source")
    op.drop_table("entity")
