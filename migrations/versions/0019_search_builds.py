"""Which directory a generation's encoder came from, and how far a build is.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

from migrations.grants import grant_table

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nothing says which directory made the generations there are; of another encoder they are searched by words alone.
    op.add_column("search_generations", sa.Column("encoder_path", sa.Text(), nullable=True))
    op.create_table(
        "search_builds",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("encoder", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("phase_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_builds")),
    )
    op.create_index(op.f("ix_search_builds_source_started_at"), "search_builds", ["source", "started_at"])
    grant_table("search_builds")


def downgrade() -> None:
    op.drop_table("search_builds")
    op.drop_column("search_generations", "encoder_path")
