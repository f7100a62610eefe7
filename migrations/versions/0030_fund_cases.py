"""Cases: what happened to each application for money, in a chain of their own

Revision ID: 0030
Revises: 0029
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.grants import grant_history, grant_table

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

KINDS = (
    "announcement", "application", "award", "certificate", "clawback", "effect", "objection", "payment", "receipt", "reviews",
)  # fmt: skip
OF_MONEY = ("award", "clawback", "payment")


def upgrade() -> None:
    _cases()
    _steps()


def _cases() -> None:
    table = "fund_cases"
    op.create_table(
        table,
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("fund_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("steps", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("cardinality(enterprise_ids) > 0", name=op.f("ck_fund_cases_somebody")),
        sa.ForeignKeyConstraint(["fund_id"], ["funds.id"], name=op.f("fk_fund_cases_fund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_fund_cases_number")),
    )
    op.create_index(op.f("ix_fund_cases_fund_id"), table, ["fund_id"])
    op.create_index(op.f("ix_fund_cases_opened_at_id"), table, ["opened_at", "id"])
    op.create_index(op.f("ix_fund_cases_enterprise_ids"), table, ["enterprise_ids"], postgresql_using="gin")
    grant_table(table)


def _steps() -> None:
    table = "fund_case_steps"
    op.create_table(
        table,
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("written_xid", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_fund_case_steps_kind")),
        sa.CheckConstraint("ordinal > 0", name=op.f("ck_fund_case_steps_ordinal")),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_fund_case_steps_sha256")),
        sa.CheckConstraint(
            f"coalesce(amount_fen, 0) > 0 OR (amount_fen IS NULL AND kind NOT IN {OF_MONEY})", name=op.f("ck_fund_case_steps_amount")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["fund_cases.id"], name=op.f("fk_fund_case_steps_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_case_steps")),
    )  # fmt: skip
    op.create_index("uq_fund_case_steps_case_id_ordinal", table, ["case_id", "ordinal"], unique=True)
    op.create_index("uq_fund_case_steps_subject", table, ["case_id", "kind", "subject_id"], unique=True)
    op.create_index(op.f("ix_fund_case_steps_kind_happened_on"), table, ["kind", "happened_on"])
    op.create_index(op.f("ix_fund_case_steps_written_xid_id"), table, ["written_xid", "id"])
    op.execute(f"CREATE TRIGGER mark_written BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION mark_written()")
    grant_history(table)


def downgrade() -> None:
    op.drop_table("fund_case_steps")
    op.drop_table("fund_cases")
