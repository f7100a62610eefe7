"""A day's batch of assignments with the quotas it heeds, and saved searches with what was found for them.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.grants import grant_history, grant_table

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _runs()
    _quotas()
    _searches()


def _references(table: str, *columns: tuple[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))
        for column, target in columns
    ]


def _runs() -> None:
    op.create_table(
        "assignment_runs",
        sa.Column("run_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("needs", "institutes", "wanted", "offered", "quotas_broken", "searched")
        ),
        *(sa.Column(name, sa.Float(), nullable=False) for name in ("ndcg_kept", "gini_plain", "gini", "evenness")),
        sa.Column("encoder", sa.Text(), nullable=False),
        sa.Column("generation", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_runs")),
        sa.UniqueConstraint("run_on", name=op.f("uq_assignment_runs_run_on")),
    )
    op.create_table(
        "assignments",
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("institute_id", sa.Uuid(), nullable=True),
        sa.Column("rank", sa.BigInteger(), nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("achievements", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "reason in ('nothing_suitable', 'quotas_spent', 'no_place')", name=op.f("ck_assignments_reason")
        ),
        sa.CheckConstraint(
            "(institute_id is null) = (reason is not null)", name=op.f("ck_assignments_offered_or_not")
        ),
        sa.CheckConstraint(
            "(institute_id is null) = (rank is null) and (institute_id is null) = (score is null)",
            name=op.f("ck_assignments_place"),
        ),
        *_references(
            "assignments", ("run_id", "assignment_runs"), ("need_id", "needs"), ("institute_id", "institutes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sa.UniqueConstraint(
            "run_id", "need_id", "institute_id", name=op.f("uq_assignments_run_id_need_id_institute_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_assignments_need_id"), "assignments", ["need_id"])
    op.create_index(op.f("ix_assignments_institute_id_run_id"), "assignments", ["institute_id", "run_id"])
    grant_history("assignment_runs", "assignments")


def _quotas() -> None:
    op.create_table(
        "institute_quotas",
        sa.Column("institute_id", sa.Uuid(), nullable=False),
        sa.Column("needs", sa.BigInteger(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=True),
        *_versioned(),
        sa.CheckConstraint("needs between 0 and 1000", name=op.f("ck_institute_quotas_needs")),
        *_references("institute_quotas", ("institute_id", "institutes"), ("set_by", "accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institute_quotas")),
        sa.UniqueConstraint("institute_id", name=op.f("uq_institute_quotas_institute_id")),
    )
    op.create_index(op.f("ix_institute_quotas_set_by"), "institute_quotas", ["set_by"])
    grant_table("institute_quotas")


def _searches() -> None:
    op.create_table(
        "saved_searches",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("filters", postgresql.JSONB(), nullable=False),
        *_versioned(),
        sa.CheckConstraint("source in ('needs', 'achievements')", name=op.f("ck_saved_searches_source")),
        *_references("saved_searches", ("account_id", "accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_searches")),
        sa.UniqueConstraint("account_id", "title", name=op.f("uq_saved_searches_account_id_title")),
    )
    op.create_table(
        "search_finds",
        sa.Column("search_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["search_id"], ["saved_searches.id"], name=op.f("fk_search_finds_search_id_saved_searches"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("search_id", "document_id", name=op.f("pk_search_finds")),
    )  # fmt: skip
    grant_table("saved_searches", "search_finds")


def _versioned() -> list[sa.Column[object]]:
    return [
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
    ]


def downgrade() -> None:
    op.drop_table("search_finds")
    op.drop_table("saved_searches")
    op.drop_table("institute_quotas")
    op.drop_table("assignments")
    op.drop_table("assignment_runs")
