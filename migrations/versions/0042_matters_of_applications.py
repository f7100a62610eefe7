"""An application knows which contract, product or project its receipt was asked beside: of one of them a policy pays once

Revision ID: 0042
Revises: 0041
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

TABLE = "grant_applications"
COLUMN = "policy_matter_id"


def upgrade() -> None:
    """Applications of before count as those of the enterprise alone: their receipts keep facts and no matter."""
    op.add_column(TABLE, sa.Column(COLUMN, sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f(f"fk_{TABLE}_{COLUMN}"), TABLE, "policy_matters", [COLUMN], ["id"])
    op.create_index(op.f(f"ix_{TABLE}_{COLUMN}"), TABLE, [COLUMN])


def downgrade() -> None:
    """Refused where an application is of a matter: nothing would say so any more, and one spend could be granted twice."""
    op.execute(
        f"DO $$ BEGIN IF EXISTS (SELECT FROM {TABLE} WHERE {COLUMN} IS NOT NULL) THEN"
        " RAISE EXCEPTION 'applications are of contracts, products or projects: nothing would say so any more'"
        " USING ERRCODE = 'check_violation'; END IF; END $$"
    )
    op.drop_column(TABLE, COLUMN)
