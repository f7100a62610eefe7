"""The enterprise's silence foreseen: read by lists and reports at its instant, whether or not a job has run.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INDEX = "ix_sla_clocks_silent"


def upgrade() -> None:
    op.add_column("sla_clocks", sa.Column("silent_from", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sla_clocks", sa.Column("heeds_silence_from", sa.DateTime(timezone=True), nullable=True))
    # The rows that are there tell nothing of it. A worker that starts makes all of them anew where one is incomplete.
    op.execute(
        "UPDATE sla_clocks SET paused_minutes = NULL WHERE id = (SELECT id FROM sla_clocks ORDER BY id LIMIT 1)"
    )
    op.create_index(
        INDEX, "sla_clocks", ["about_id", "silent_from"], postgresql_where=sa.text("silent_from IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_index(INDEX, "sla_clocks")
    op.drop_column("sla_clocks", "heeds_silence_from")
    op.drop_column("sla_clocks", "silent_from")
