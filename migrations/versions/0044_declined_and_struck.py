"""A proposal that was declined can be struck by an upheld dispute: its reason stays with it

Revision ID: 0044
Revises: 0043
"""

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

NAME = "ck_proposals_declined_with_reason"
BEFORE = "(state in ('declined', 'not_selected')) = (reason_code is not null)"
AFTER = f"{BEFORE} or (state = 'non_responsive' and reason_code is not null)"


def upgrade() -> None:
    _require(AFTER)


def downgrade() -> None:
    """Refused where one was declined and struck: its reason would have to go."""
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT FROM proposals WHERE state = 'non_responsive' AND reason_code IS NOT NULL) THEN"
        " RAISE EXCEPTION 'proposals were declined and struck: the reasons of their decline would be lost'"
        " USING ERRCODE = 'check_violation'; END IF; END $$"
    )
    _require(BEFORE)


def _require(rule: str) -> None:
    op.drop_constraint(op.f(NAME), "proposals", type_="check")
    op.create_check_constraint(op.f(NAME), "proposals", rule)
