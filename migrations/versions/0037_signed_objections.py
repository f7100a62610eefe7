"""Objections bear the name and contact of whoever signed, in rows of people; those on record were signed by an account alone

Revision ID: 0037
Revises: 0036
"""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE objections ADD version bigint, ADD created_at timestamptz, ADD updated_at timestamptz"
    )
    op.execute(
        "UPDATE objections SET version = 1, created_at = opened_at, updated_at = coalesce(ruled_at, opened_at)"
    )
    for column in ("version", "created_at", "updated_at"):
        op.alter_column("objections", column, nullable=False)


def downgrade() -> None:
    op.execute("DELETE FROM people WHERE holder = 'objections'")
    for column in ("version", "created_at", "updated_at"):
        op.drop_column("objections", column)
