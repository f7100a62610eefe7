"""Calendars kept here; corrections, waivers and revisions in the log of the clocks, and a chain that seals it.

Revision ID: 0011
Revises: 0010
"""

from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.grants import grant_history, grant_table

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KINDS = "kind IN ('start', 'pause', 'resume', 'stop', 'cancel', 'reopen'{more})"
MORE = ", 'correction', 'waive', 'policy_changed', 'calendar_revised'"
MARK_WRITTEN_TRIGGER = """
create trigger mark_written before insert on sla_events for each row execute function mark_written()
"""
AT_ONCE = 1_000


def upgrade() -> None:
    op.create_table(
        "calendar_versions",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("horizon", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_calendar_versions_number")),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["calendar_versions.id"], name=op.f("fk_calendar_versions_supersedes_id_calendar_versions")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["accounts.id"], name=op.f("fk_calendar_versions_recorded_by_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_versions")),
        sa.UniqueConstraint("key", "number", name=op.f("uq_calendar_versions_key_number")),
        sa.UniqueConstraint("name", name=op.f("uq_calendar_versions_name")),
    )
    for column in ("supersedes_id", "recorded_by"):
        op.create_index(op.f(f"ix_calendar_versions_{column}"), "calendar_versions", [column])
    op.create_table(
        "calendar_days",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("is_workday", sa.Boolean(), nullable=False),
        sa.Column("segments", postgresql.JSONB(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "origin in ('statutory', 'make_up', 'weekly', 'local_override', 'seasonal_hours', 'assumed')",
            name=op.f("ck_calendar_days_origin"),
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["calendar_versions.id"], name=op.f("fk_calendar_days_version_id_calendar_versions")
        ),
        sa.PrimaryKeyConstraint("version_id", "on_date", name=op.f("pk_calendar_days")),
    )
    op.create_index(op.f("ix_calendar_days_on_date"), "calendar_days", ["on_date"])
    grant_history("calendar_versions", "calendar_days")
    op.create_table(
        "clock_reasons",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_reasons")),
        sa.UniqueConstraint("event_id", name=op.f("uq_clock_reasons_event_id")),
    )
    grant_table("clock_reasons")
    _know_kinds(MORE)
    op.add_column("sla_events", sa.Column("content_hash", sa.LargeBinary(), nullable=True))
    op.add_column(
        "sla_events", sa.Column("written_xid", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    _hash_what_is_there()
    op.alter_column("sla_events", "content_hash", nullable=False)
    op.create_index(op.f("ix_sla_events_written_xid_id"), "sla_events", ["written_xid", "id"])
    op.execute(MARK_WRITTEN_TRIGGER)


def _know_kinds(more: str, kept: str = "") -> None:
    op.drop_constraint(op.f("ck_sla_events_kind"), "sla_events", type_="check")
    op.execute(
        f"ALTER TABLE sla_events ADD CONSTRAINT ck_sla_events_kind CHECK ({KINDS.format(more=more)}) {kept}"
    )


def _hash_what_is_there() -> None:
    """Events from before get their hash now: the chain vouches for them from this day on (as 0007 did for the audit)."""
    from backbone.chain.content import content_hash

    connection = op.get_bind()
    names = ("id", "subject_id", "seq", "stage", "kind", "party", "occurred_at", "recorded_at", "holds_from", "actor_id",
             "reason", "evidence", "idempotency_key")  # fmt: skip
    whole = sa.Table("sla_events", sa.MetaData(), autoload_with=connection)
    said = [whole.c[name] for name in names]
    op.execute("alter table sla_events disable trigger append_only")
    last = UUID(int=0)
    while rows := connection.execute(
        sa.select(*said).where(whole.c.id > last).order_by(whole.c.id).limit(AT_ONCE)
    ).mappings().all():
        last = rows[-1]["id"]
        for row in rows:
            change = sa.update(whole).where(whole.c.id == row["id"])
            connection.execute(change.values(content_hash=content_hash("sla_events", row)))
    op.execute("alter table sla_events enable trigger append_only")


def downgrade() -> None:
    op.execute("drop trigger mark_written on sla_events")
    op.drop_index(op.f("ix_sla_events_written_xid_id"), table_name="sla_events")
    op.drop_column("sla_events", "written_xid")
    op.drop_column("sla_events", "content_hash")
    _know_kinds("", "NOT VALID")
    op.drop_table("clock_reasons")
    op.drop_table("calendar_days")
    op.drop_table("calendar_versions")
