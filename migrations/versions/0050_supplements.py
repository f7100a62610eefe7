"""Supplements of contracts, each with the terms before it: one that was never agreed can be struck without the contract

Revision ID: 0050
Revises: 0049
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.grants import grant_table

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

TABLE = "contract_supplements"
SIDES = "('buyer', 'seller', 'operator')"
ACCOUNTS = ("recorded_by", "earlier_recorded_by", "earlier_confirmed_by", "struck_by")


def upgrade() -> None:
    """Supplements of before have no row: what stood before them is in the audit alone, and in part as digests."""
    op.create_table(
        TABLE,
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("terms_before", postgresql.JSONB(), nullable=False),
        sa.Column("terms_after", postgresql.JSONB(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_side", sa.Text(), nullable=False),
        sa.Column("earlier_recorded_by", sa.Uuid(), nullable=True),
        sa.Column("earlier_recorded_side", sa.Text(), nullable=False),
        sa.Column("earlier_recorded_parties", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("earlier_confirmed_parties", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("earlier_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("earlier_confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("earlier_disputable_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_by", sa.Uuid(), nullable=True),
        sa.Column("dispute", sa.Text(), nullable=True),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state in ('recorded', 'struck')", name=op.f(f"ck_{TABLE}_state")),
        sa.CheckConstraint(f"recorded_side in {SIDES}", name=op.f(f"ck_{TABLE}_recorded_side")),
        sa.CheckConstraint(
            f"earlier_recorded_side in {SIDES}", name=op.f(f"ck_{TABLE}_earlier_recorded_side")
        ),
        sa.CheckConstraint(
            "(state = 'struck') = (num_nonnulls(struck_at, dispute, ground) = 3)",
            name=op.f(f"ck_{TABLE}_struck_with_ground"),
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f(f"fk_{TABLE}_contract_id_contracts")
        ),
        *(
            sa.ForeignKeyConstraint([column], ["accounts.id"], name=op.f(f"fk_{TABLE}_{column}_accounts"))
            for column in ACCOUNTS
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        sa.UniqueConstraint("contract_id", "position", name=op.f(f"uq_{TABLE}_contract_id_position")),
    )
    for column in ACCOUNTS:
        op.create_index(op.f(f"ix_{TABLE}_{column}"), TABLE, [column])
    grant_table(TABLE)


def downgrade() -> None:
    """Contracts stay at the terms that they are at; what was struck is forgotten."""
    op.drop_table(TABLE)
