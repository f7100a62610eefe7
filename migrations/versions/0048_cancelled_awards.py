"""What of an award was not paid when it was closed is a step of its case

Revision ID: 0048
Revises: 0047
"""

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

TABLE = "fund_case_steps"
BEFORE = (
    "announcement", "application", "award", "certificate", "clawback", "effect", "objection", "payment", "receipt",
    "recovery_withdrawn", "return", "reviews",
)  # fmt: skip
MONEY = ("award", "clawback", "payment", "recovery_withdrawn", "return")
ADDED = "cancelled"


def upgrade() -> None:
    """Awards that were closed before have no such step: a case tells what happens when it happens."""
    _know(tuple(sorted((*BEFORE, ADDED))), tuple(sorted((*MONEY, ADDED))))


def downgrade() -> None:
    """Refused by the constraint where there is one: steps are sealed and stay."""
    _know(BEFORE, MONEY)


def _know(kinds: tuple[str, ...], of_money: tuple[str, ...]) -> None:
    for name, rule in (
        ("kind", f"kind IN {kinds}"),
        ("amount", f"coalesce(amount_fen, 0) > 0 OR (amount_fen IS NULL AND kind NOT IN {of_money})"),
    ):
        op.drop_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE, type_="check")
        op.create_check_constraint(op.f(f"ck_{TABLE}_{name}"), TABLE, rule)
