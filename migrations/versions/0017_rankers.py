"""Grades that people give to matches, and every version of the ranker learned from them.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.grants import grant_history, grant_table

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

REASONS = (
    "('too_early', 'unclear_benefit', 'unclear_route', 'unclear_description', 'science_doubt', 'price', 'capacity',"
    " 'confidentiality', 'other')"
)


def upgrade() -> None:
    op.create_table(
        "rankers",
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("names", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("weights", postgresql.ARRAY(sa.Double()), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("encoder", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("needs", sa.BigInteger(), nullable=False),
        sa.Column("grades", sa.BigInteger(), nullable=False),
        sa.Column("before", sa.Double(), nullable=False),
        sa.Column("after", sa.Double(), nullable=False),
        sa.Column("low", sa.Double(), nullable=False),
        sa.Column("rival", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("cardinality(names) = cardinality(weights)", name=op.f("ck_rankers_weights")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rankers")),
        sa.UniqueConstraint("number", name=op.f("uq_rankers_number")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_rankers_fingerprint")),
    )
    op.create_table(
        "ranker_uses",
        sa.Column("ranker_id", sa.Uuid(), nullable=False),
        sa.Column("went_live_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("put_live_by", sa.Text(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_by", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["ranker_id"], ["rankers.id"], name=op.f("fk_ranker_uses_ranker_id_rankers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranker_uses")),
    )
    op.create_index(op.f("ix_ranker_uses_ranker_id"), "ranker_uses", ["ranker_id"])
    op.create_index(
        "uq_ranker_uses_live", "ranker_uses", [sa.text("(true)")], unique=True,
        postgresql_where=sa.text("retired_at is null"),
    )  # fmt: skip
    op.create_table(
        "match_grades",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("achievement_id", sa.Uuid(), nullable=False),
        sa.Column("grade", sa.BigInteger(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("graded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("graded_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("grade between 0 and 3", name=op.f("ck_match_grades_grade")),
        sa.CheckConstraint(f"reason_code in {REASONS}", name=op.f("ck_match_grades_reason_code")),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_match_grades_need_id_needs")),
        sa.ForeignKeyConstraint(
            ["achievement_id"], ["achievements.id"], name=op.f("fk_match_grades_achievement_id_achievements")
        ),
        sa.ForeignKeyConstraint(["graded_by"], ["accounts.id"], name=op.f("fk_match_grades_graded_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_grades")),
    )
    op.create_index(op.f("ix_match_grades_need_id_graded_at_id"), "match_grades", ["need_id", "graded_at", "id"])
    for column in ("achievement_id", "graded_by"):
        op.create_index(op.f(f"ix_match_grades_{column}"), "match_grades", [column])
    grant_table("ranker_uses")
    grant_history("rankers", "match_grades")
    op.add_column("match_runs", sa.Column("ranker_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_match_runs_ranker_id_rankers"), "match_runs", "rankers", ["ranker_id"], ["id"])


def downgrade() -> None:
    op.drop_constraint(op.f("fk_match_runs_ranker_id_rankers"), "match_runs", type_="foreignkey")
    op.drop_column("match_runs", "ranker_id")
    op.drop_table("match_grades")
    op.drop_table("ranker_uses")
    op.drop_table("rankers")
