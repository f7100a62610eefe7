"""A round may have a score below which nobody is funded

Revision ID: 0049
Revises: 0048
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

NAME = "ck_grant_rounds_pass_mark"


def upgrade() -> None:
    op.add_column("grant_rounds", sa.Column("pass_mark", sa.BigInteger(), nullable=True))
    op.create_check_constraint(op.f(NAME), "grant_rounds", "pass_mark BETWEEN 1 AND 10000")


def downgrade() -> None:
    """Refused where a round has one: without it the round would fund what its rules rule out."""
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT FROM grant_rounds WHERE pass_mark IS NOT NULL) THEN"
        " RAISE EXCEPTION 'a round has a pass mark' USING ERRCODE = 'check_violation'; END IF; END $$"
    )
    op.drop_constraint(op.f(NAME), "grant_rounds", type_="check")
    op.drop_column("grant_rounds", "pass_mark")
