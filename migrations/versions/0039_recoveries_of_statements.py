"""What of a statement turned out to be money of a clawback

Revision ID: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

TABLE = "reconciliation_items"
OF_CLAWBACK = "clawback_id IS NULL OR (kind = 'surplus' AND direction = 'in' AND resolved_at IS NOT NULL AND payment_id IS NULL)"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("clawback_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f(f"fk_{TABLE}_clawback_id"), TABLE, "clawbacks", ["clawback_id"], ["id"])
    op.create_index(op.f(f"ix_{TABLE}_clawback_id"), TABLE, ["clawback_id"])
    op.create_check_constraint(op.f(f"ck_{TABLE}_of_clawback"), TABLE, OF_CLAWBACK)


def downgrade() -> None:
    """Refused where a difference was placed on a clawback: its statement could be withdrawn then, and be booked again."""
    op.execute(
        f"DO $$ BEGIN IF EXISTS (SELECT FROM {TABLE} WHERE clawback_id IS NOT NULL) THEN"
        " RAISE EXCEPTION 'differences were resolved as clawbacks: nothing would say so any more' USING ERRCODE = 'check_violation';"
        " END IF; END $$"
    )
    op.drop_constraint(op.f(f"ck_{TABLE}_of_clawback"), TABLE)
    op.drop_column(TABLE, "clawback_id")
