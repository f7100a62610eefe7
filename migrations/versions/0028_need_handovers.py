"""Hand-overs of needs from one owner to the next.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

from migrations.grants import grant_table

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLE = "need_handovers"
RULES = {
    "state": "state in ('offered', 'accepted', 'declined', 'lapsed')",
    "reason_code": "reason_code in ('complex', 'speciality', 'load', 'leave', 'mandate', 'zone')",
    "refusal_code": "refusal_code in ('load', 'speciality', 'conflict', 'leave')",
    "declined_with_reason": "(state = 'declined') = (refusal_code is not null)",
    "settled": "(state = 'offered') = (settled_at is null)",
    "somebody_else": "from_id <> to_id",
    "due": "created_at < due_at",
}
REFERENCES = {"need_id": "needs", "from_id": "accounts", "to_id": "accounts", "given_by": "accounts"}


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("refusal_code", sa.Text(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_{TABLE}_{name}")) for name, rule in RULES.items()),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{TABLE}_{column}_{target}"))
            for column, target in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
    )
    for column in REFERENCES:
        op.create_index(op.f(f"ix_{TABLE}_{column}"), TABLE, [column])
    op.create_index(op.f(f"ix_{TABLE}_due_at_id"), TABLE, ["due_at", "id"])
    op.create_index(
        "uq_need_handovers_open", TABLE, ["need_id"], unique=True, postgresql_where=sa.text("state = 'offered'")
    )
    grant_table(TABLE)


def downgrade() -> None:
    op.drop_table(TABLE)
