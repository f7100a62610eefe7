"""What reports read of the clocks: their budget and pauses, and indexes by deadline, by recording and of what is open.

The columns stay empty until `sla.refresh` has made the rows anew, as it does when a worker starts.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

RETURNS, OPEN = "ix_need_transitions_returns", "ix_sla_clocks_open"


def upgrade() -> None:
    op.add_column("sla_clocks", sa.Column("budget_minutes", sa.BigInteger(), nullable=True))
    op.add_column("sla_clocks", sa.Column("paused_minutes", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_sla_clocks_due_at"), "sla_clocks", ["due_at"])
    op.create_index(op.f("ix_sla_clocks_recorded_at"), "sla_clocks", ["recorded_at"])
    op.create_index(OPEN, "sla_clocks", ["stop_holds_from"], postgresql_where=sa.text("cancelled_at IS NULL"))
    op.create_index(RETURNS, "need_transitions", ["need_id"], postgresql_where=sa.text("action = 'return'"))


def downgrade() -> None:
    op.drop_index(RETURNS, table_name="need_transitions")
    op.drop_index(OPEN, table_name="sla_clocks")
    op.drop_index(op.f("ix_sla_clocks_recorded_at"), table_name="sla_clocks")
    op.drop_index(op.f("ix_sla_clocks_due_at"), table_name="sla_clocks")
    op.drop_column("sla_clocks", "paused_minutes")
    op.drop_column("sla_clocks", "budget_minutes")
