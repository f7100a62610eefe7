"""The audit is read by time and by who did it

Revision ID: 0045
Revises: 0044
"""

from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

TABLE = "audit_events"
WAYS = (("occurred_at", "id"), ("actor_id", "occurred_at", "id"))


def upgrade() -> None:
    for columns in WAYS:
        op.create_index(op.f(f"ix_{TABLE}_{'_'.join(columns)}"), TABLE, [*columns])


def downgrade() -> None:
    for columns in WAYS:
        op.drop_index(op.f(f"ix_{TABLE}_{'_'.join(columns)}"), table_name=TABLE)
