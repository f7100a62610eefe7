"""The applications of a round that is cancelled end with it

Revision ID: 0046
Revises: 0045
"""

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

NAME = "ck_grant_applications_state"
BEFORE = ("admitted", "awarded", "draft", "excluded", "passed_over", "rejected", "submitted", "withdrawn")


def upgrade() -> None:
    """Those of rounds cancelled before stay as they are; nothing counts them any more."""
    _know(tuple(sorted((*BEFORE, "called_off"))))


def downgrade() -> None:
    """Refused where there is one: no older state says what became of it."""
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT FROM grant_applications WHERE state = 'called_off') THEN"
        " RAISE EXCEPTION 'applications were called off with their round' USING ERRCODE = 'check_violation'; END IF; END $$"
    )
    _know(BEFORE)


def _know(states: tuple[str, ...]) -> None:
    op.drop_constraint(op.f(NAME), "grant_applications", type_="check")
    op.create_check_constraint(op.f(NAME), "grant_applications", f"state IN {states}")
