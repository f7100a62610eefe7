"""Calls about clocks, each made once; who is on duty; the outbox of notices with its deliveries; deputies.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.grants import grant_history, grant_table

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sla_clocks", sa.Column("look_at", sa.DateTime(timezone=True), nullable=True))
    # What runs when this is installed is looked at at once; the worker finds what stands and moves the mark on.
    op.execute(
        "UPDATE sla_clocks SET look_at = at_risk_at"
        " WHERE stopped_at IS NULL AND cancelled_at IS NULL AND at_risk_at IS NOT NULL"
    )
    op.create_index(
        "ix_sla_clocks_look_at", "sla_clocks", ["look_at"], postgresql_where=sa.text("look_at IS NOT NULL")
    )
    op.create_table(
        "clock_calls",
        sa.Column("clock_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("level", sa.BigInteger(), nullable=False),
        sa.Column("cycle", sa.BigInteger(), nullable=False),
        sa.Column("stood_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('reminder', 'escalation', 'breach')", name=op.f("ck_clock_calls_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_calls")),
        sa.UniqueConstraint("clock_id", "kind", "cycle", "level", name=op.f("uq_clock_calls_clock_id_kind_cycle_level")),
    )
    op.create_index(op.f("ix_clock_calls_subject_id"), "clock_calls", ["subject_id"])
    grant_history("clock_calls")
    op.create_table(
        "duties",
        sa.Column("zone_code", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("appointed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("appointed_by", sa.Uuid(), nullable=True),
        sa.Column("relieved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("relieved_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("level IN ('supervisor', 'zone_lead', 'province')", name=op.f("ck_duties_level")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_duties_account_id_accounts")),
        sa.ForeignKeyConstraint(["appointed_by"], ["accounts.id"], name=op.f("fk_duties_appointed_by_accounts")),
        sa.ForeignKeyConstraint(["relieved_by"], ["accounts.id"], name=op.f("fk_duties_relieved_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duties")),
    )
    for column in ("account_id", "appointed_by", "relieved_by"):
        op.create_index(op.f(f"ix_duties_{column}"), "duties", [column])
    op.create_index(
        "uq_duties_standing", "duties", ["zone_code", "level", "account_id"], unique=True,
        postgresql_where=sa.text("relieved_at IS NULL"),
    )  # fmt: skip
    grant_table("duties")
    _outbox()
    _absences()


def _outbox() -> None:
    op.create_table(
        "notices",
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=True),
        sa.Column("on_behalf_of", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("subject_number", sa.Text(), nullable=False),
        sa.Column("zone_code", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["recipient_id"], ["accounts.id"], name=op.f("fk_notices_recipient_id_accounts")),
        sa.ForeignKeyConstraint(["on_behalf_of"], ["accounts.id"], name=op.f("fk_notices_on_behalf_of_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_notices_dedupe_key")),
    )
    op.create_index("ix_notices_inbox", "notices", ["recipient_id", "created_at", "id"])
    op.create_index(op.f("ix_notices_on_behalf_of"), "notices", ["on_behalf_of"])
    op.create_table(
        "webhook_endpoints",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("kinds", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("zone_code", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["accounts.id"], name=op.f("fk_webhook_endpoints_created_by_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
    )
    op.create_index(op.f("ix_webhook_endpoints_created_by"), "webhook_endpoints", ["created_by"])
    op.create_table(
        "notice_deliveries",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("endpoint_id", sa.Uuid(), nullable=True),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("channel in ('email', 'webhook')", name=op.f("ck_notice_deliveries_channel")),
        sa.CheckConstraint(
            "(channel = 'webhook') = (endpoint_id is not null)", name=op.f("ck_notice_deliveries_endpoint")
        ),
        sa.CheckConstraint(
            "delivered_at is null or dead_at is null", name=op.f("ck_notice_deliveries_ended_once")
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_deliveries_notice_id_notices")),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["webhook_endpoints.id"], name=op.f("fk_notice_deliveries_endpoint_id_webhook_endpoints")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_deliveries")),
    )
    op.create_index(op.f("ix_notice_deliveries_endpoint_id"), "notice_deliveries", ["endpoint_id"])
    op.create_index(
        "uq_notice_deliveries_way", "notice_deliveries", ["notice_id", "channel", "endpoint_id"], unique=True,
        postgresql_nulls_not_distinct=True,
    )  # fmt: skip
    op.create_index(
        "ix_notice_deliveries_due", "notice_deliveries", ["next_attempt_at"],
        postgresql_where=sa.text("delivered_at IS NULL AND dead_at IS NULL"),
    )  # fmt: skip
    op.create_index(
        "ix_notice_deliveries_dead", "notice_deliveries", ["dead_at"], postgresql_where=sa.text("dead_at IS NOT NULL")
    )
    grant_table("notices", "webhook_endpoints", "notice_deliveries")


def _absences() -> None:
    op.create_table(
        "absences",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("deputy_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_absences_in_order")),
        sa.CheckConstraint("account_id <> deputy_id", name=op.f("ck_absences_somebody_else")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_absences_account_id_accounts")),
        sa.ForeignKeyConstraint(["deputy_id"], ["accounts.id"], name=op.f("fk_absences_deputy_id_accounts")),
        sa.ForeignKeyConstraint(["created_by"], ["accounts.id"], name=op.f("fk_absences_created_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index(
        "ix_absences_standing", "absences", ["account_id", "from_on"], postgresql_where=sa.text("cancelled_at IS NULL")
    )
    op.create_index(op.f("ix_absences_deputy_id"), "absences", ["deputy_id"])
    op.create_index(op.f("ix_absences_created_by"), "absences", ["created_by"])
    grant_table("absences")


def downgrade() -> None:
    op.drop_table("absences")
    op.drop_table("notice_deliveries")
    op.drop_table("webhook_endpoints")
    op.drop_table("notices")
    op.drop_table("duties")
    op.drop_table("clock_calls")
    op.drop_index("ix_sla_clocks_look_at", table_name="sla_clocks")
    op.drop_column("sla_clocks", "look_at")
