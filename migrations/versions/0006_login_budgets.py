"""login budgets

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from migrations.grants import grant_table

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('login_budgets',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('spent_until', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_login_budgets'))
    )
    op.create_index(op.f('ix_login_budgets_spent_until'), 'login_budgets', ['spent_until'], unique=False)
    grant_table("login_budgets")


def downgrade() -> None:
    op.drop_index(op.f('ix_login_budgets_spent_until'), table_name='login_budgets')
    op.drop_table('login_budgets')
