"""When a password was given by another than its holder

Revision ID: 0040
Revises: 0039
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "accounts", sa.Column("password_given_at", sa.TIMESTAMP(timezone=True), nullable=True)
    )


def downgrade() -> None:
    """Refused while a password waits for its holder: it would log in, and be known to two."""
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT FROM accounts WHERE password_given_at IS NOT NULL) THEN"
        " RAISE EXCEPTION 'passwords were reset and not changed since' USING ERRCODE = 'check_violation';"
        " END IF; END $$"
    )
    op.drop_column("accounts", "password_given_at")
