"""The ground network's trades: who mines needs offline, and who registers technology contracts.

Revision ID: 0022
Revises: 0021
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BEFORE = (
    "enterprise_member", "institute_member", "transfer_office", "broker", "operator", "fund_manager", "policy_officer",
    "auditor", "administrator",
)  # fmt: skip
AFTER = (*BEFORE, "collector", "registrar")


def upgrade() -> None:
    _roles(AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM memberships WHERE role IN ('collector', 'registrar')")
    _roles(BEFORE)


def _roles(names: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_memberships_role"), "memberships")
    op.create_check_constraint(op.f("ck_memberships_role"), "memberships", f"role in {names}")
