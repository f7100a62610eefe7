"""A recovery that was recorded by mistake can be taken back, and what came be recorded anew

Revision ID: 0047
Revises: 0046
"""

import sqlalchemy as sa
from alembic import op

from migrations.grants import ROLE, grant_history, grant_table

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

TABLE = "clawback_recoveries"
BEFORE = (
    "announcement", "application", "award", "certificate", "clawback", "effect", "objection", "payment", "receipt", "return", "reviews",
)  # fmt: skip
MONEY = ("award", "clawback", "payment", "return")
ADDED = "recovery_withdrawn"
WITHDRAWN = (
    "num_nonnulls(withdrawn_by, withdrawn_at, withdrawing_reason, withdrawal_transfer_id) IN (0, 4)"
)


def upgrade() -> None:
    """No longer history: what says that it was taken back stands in its row, and a reason may have to be amended."""
    op.execute(f"DROP TRIGGER append_only ON {TABLE}")
    grant_table(TABLE)
    for name, kind in (
        ("withdrawn_by", sa.Uuid()), ("withdrawn_at", sa.DateTime(timezone=True)), ("withdrawing_reason", sa.Text()),
        ("withdrawal_transfer_id", sa.Uuid()),
    ):  # fmt: skip
        op.add_column(TABLE, sa.Column(name, kind, nullable=True))
    op.create_check_constraint(op.f(f"ck_{TABLE}_withdrawn"), TABLE, WITHDRAWN)
    op.create_check_constraint(op.f(f"ck_{TABLE}_two_people"), TABLE, "withdrawn_by <> recorded_by")
    for column, target in (("withdrawn_by", "accounts"), ("withdrawal_transfer_id", "fund_transfers")):
        op.create_foreign_key(op.f(f"fk_{TABLE}_{column}"), TABLE, target, [column], ["id"])
    op.create_index(op.f(f"ix_{TABLE}_withdrawn_by"), TABLE, ["withdrawn_by"])
    op.create_unique_constraint(op.f(f"uq_{TABLE}_withdrawal_transfer_id"), TABLE, ["withdrawal_transfer_id"])
    op.drop_constraint(op.f(f"uq_{TABLE}_bank_ref"), TABLE)
    op.create_index(
        f"uq_{TABLE}_standing", TABLE, ["bank_ref"], unique=True, postgresql_where=sa.text("withdrawn_at IS NULL")
    )  # fmt: skip
    _steps(tuple(sorted((*BEFORE, ADDED))), tuple(sorted((*MONEY, ADDED))))


def downgrade() -> None:
    """Refused where one was taken back: it would count again."""
    op.execute(
        f"DO $$ BEGIN IF EXISTS (SELECT FROM {TABLE} WHERE withdrawn_at IS NOT NULL) THEN"
        " RAISE EXCEPTION 'recoveries were withdrawn: they would count again' USING ERRCODE = 'check_violation'; END IF; END $$"
    )
    _steps(BEFORE, MONEY)
    op.drop_index(f"uq_{TABLE}_standing", TABLE)
    op.create_unique_constraint(op.f(f"uq_{TABLE}_bank_ref"), TABLE, ["bank_ref"])
    for column in ("withdrawal_transfer_id", "withdrawing_reason", "withdrawn_at", "withdrawn_by"):
        op.drop_column(TABLE, column)
    op.execute(f"REVOKE UPDATE, DELETE ON {TABLE} FROM {ROLE}")
    grant_history(TABLE)


def _steps(kinds: tuple[str, ...], of_money: tuple[str, ...]) -> None:
    for name, rule in (
        ("kind", f"kind IN {kinds}"),
        ("amount", f"coalesce(amount_fen, 0) > 0 OR (amount_fen IS NULL AND kind NOT IN {of_money})"),
    ):
        op.drop_constraint(op.f(f"ck_fund_case_steps_{name}"), "fund_case_steps", type_="check")
        op.create_check_constraint(op.f(f"ck_fund_case_steps_{name}"), "fund_case_steps", rule)
