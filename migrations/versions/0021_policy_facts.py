"""Facts that policies ask for, the matters they are about, news of policies, and batches over all enterprises.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.grants import grant_history, grant_table

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_memberships_scope_id"), "memberships", ["scope_id"])
    _facts()
    _news()
    _batches()


def _versioned() -> list[sa.Column[object]]:
    return [
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
    ]


def _references(table: str, *columns: tuple[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))
        for column, target in columns
    ]


def _indexes(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _facts() -> None:
    op.create_table(
        "policy_matters",
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=True),
        *_versioned(),
        sa.CheckConstraint("kind in ('contract', 'product', 'project')", name=op.f("ck_policy_matters_kind")),
        *_references("policy_matters", ("enterprise_id", "enterprises"), ("opened_by", "accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_matters")),
        sa.UniqueConstraint(
            "enterprise_id", "kind", "reference", name=op.f("uq_policy_matters_enterprise_id_kind_reference")
        ),
    )
    _indexes("policy_matters", "opened_by")
    grant_table("policy_matters")
    op.create_table(
        "policy_facts",
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(), nullable=False),
        sa.Column("as_of_on", sa.Date(), nullable=False),
        sa.Column("valid_until_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("disputed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disputed_by", sa.Uuid(), nullable=True),
        sa.Column("dispute", sa.Text(), nullable=True),
        sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retraction", sa.Text(), nullable=True),
        *_versioned(),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_policy_facts_{name}")) for name, rule in FACT_RULES.items()),
        *_references(
            "policy_facts", ("enterprise_id", "enterprises"), ("matter_id", "policy_matters"), ("evidence_id", "files"),
            ("recorded_by", "accounts"), ("disputed_by", "accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_facts")),
    )
    _indexes("policy_facts", "matter_id", "evidence_id", "recorded_by", "disputed_by")
    op.create_index(
        op.f("ix_policy_facts_enterprise_id_as_of_on_id"), "policy_facts", ["enterprise_id", "as_of_on", "id"]
    )
    op.create_index(
        "uq_policy_facts_standing", "policy_facts", ["enterprise_id", "matter_id", "key", "as_of_on", "said_by"],
        unique=True, postgresql_nulls_not_distinct=True, postgresql_where=sa.text("retracted_at is null"),
    )
    grant_table("policy_facts")


FACT_RULES = {
    "said_by": "said_by in ('enterprise', 'office', 'platform')",
    "retraction": "retraction in ('mistaken', 'superseded', 'unproven', 'overruled')",
    "retracted_with_reason": "(retracted_at is null) = (retraction is null)",
    "disputed_with_reason": "(disputed_at is null) = (dispute is null)",
    "valid_until": "valid_until_on is null or valid_until_on >= as_of_on",
}


def _news() -> None:
    op.create_table(
        "policy_news",
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("matter_id", sa.Uuid(), nullable=True),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("missing", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind in ('open', 'nearly', 'closing')", name=op.f("ck_policy_news_kind")),
        *_references(
            "policy_news", ("enterprise_id", "enterprises"), ("policy_id", "policies"), ("matter_id", "policy_matters"),
            ("version_id", "policy_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_news")),
    )
    _indexes("policy_news", "policy_id", "matter_id", "version_id")
    op.create_index(
        op.f("ix_policy_news_enterprise_id_told_at_id"), "policy_news", ["enterprise_id", "told_at", "id"]
    )
    op.create_index(
        "uq_policy_news_mark", "policy_news", ["enterprise_id", "policy_id", "matter_id", "mark"],
        unique=True, postgresql_nulls_not_distinct=True,
    )
    grant_history("policy_news")


def _batches() -> None:
    op.create_table(
        "policy_batches",
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=True),
        sa.Column("as_of_on", sa.Date(), nullable=False),
        sa.Column("keys", postgresql.ARRAY(sa.String()), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("total", "done", "news")),
        sa.Column("outcomes", postgresql.JSONB(), nullable=False),
        sa.Column("last_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_versioned(),
        sa.CheckConstraint("purpose in ('answers', 'news')", name=op.f("ck_policy_batches_purpose")),
        sa.CheckConstraint("done between 0 and total", name=op.f("ck_policy_batches_done")),
        *_references("policy_batches", ("requested_by", "accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_batches")),
    )
    _indexes("policy_batches", "requested_by")
    op.create_index(op.f("ix_policy_batches_created_at_id"), "policy_batches", ["created_at", "id"])
    grant_table("policy_batches")
    op.create_table(
        "policy_batch_answers",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("answers", postgresql.JSONB(), nullable=False),
        *_references("policy_batch_answers", ("batch_id", "policy_batches"), ("enterprise_id", "enterprises")),
        sa.PrimaryKeyConstraint("batch_id", "enterprise_id", name=op.f("pk_policy_batch_answers")),
    )
    _indexes("policy_batch_answers", "enterprise_id")
    grant_history("policy_batch_answers")


def downgrade() -> None:
    for table in ("policy_batch_answers", "policy_batches", "policy_news", "policy_facts", "policy_matters"):
        op.drop_table(table)
    op.drop_index(op.f("ix_memberships_scope_id"), "memberships")
