"""Each party of a contract confirms it for itself: one that does takes no other party's days to dispute it away

Revision ID: 0043
Revises: 0042
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

TABLE = "contracts"
PARTIES = "array['buyer', 'institute', 'seller_enterprise']::varchar[]"


def upgrade() -> None:
    """What was confirmed stays so, by all; who recorded it for the seller did so for the institute, as far as the old rows say."""
    for column in ("recorded_parties", "confirmed_parties"):
        words = postgresql.ARRAY(sa.String())
        op.add_column(TABLE, sa.Column(column, words, nullable=False, server_default="{}"))
    op.execute(
        f"UPDATE {TABLE} SET recorded_parties = CASE recorded_side"
        " WHEN 'buyer' THEN '{buyer}'::varchar[] WHEN 'seller' THEN '{institute}' ELSE '{}' END"
    )
    op.execute(
        f"UPDATE {TABLE} SET confirmed_parties = ARRAY(SELECT each FROM unnest({PARTIES}) AS each"
        " WHERE each <> ALL(recorded_parties)) WHERE confirmed_at IS NOT NULL"
    )
    for column in ("recorded_parties", "confirmed_parties"):
        op.alter_column(TABLE, column, server_default=None)
    op.create_check_constraint(
        op.f(f"ck_{TABLE}_confirmed_parties"), TABLE, f"confirmed_parties <@ {PARTIES}"
    )


def downgrade() -> None:
    """A contract that some have confirmed and others not counts as not confirmed again: it is agreed once its days are over."""
    op.drop_constraint(op.f(f"ck_{TABLE}_confirmed_parties"), TABLE)
    op.drop_column(TABLE, "confirmed_parties")
    op.drop_column(TABLE, "recorded_parties")
