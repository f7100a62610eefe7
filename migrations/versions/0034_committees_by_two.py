"""Committees take two people, and a meeting without a quorum is adjourned

A committee on record decides again once a second manager has confirmed it (confirmCommittee): nobody can be made up
for that. Meetings that were convened before are left as they are.

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op

from migrations.grants import grant_history

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

MAJORITY = "(state = 'approved') = (votes_for * 10000 >= approval_basis_points * present)"
STATES = {
    "ck_equity_meetings_state": "state IN ('adjourned', 'approved', 'cancelled', 'open', 'rejected')",
    "ck_equity_meetings_decided": (
        "state = 'open' OR (closed_by IS NOT NULL AND (state = 'cancelled' OR (state = 'adjourned' AND present < quorum) OR "
        f"(state IN ('approved', 'rejected') AND present >= quorum AND {MAJORITY})))"
    ),
}
STATES_BEFORE = {
    "ck_equity_meetings_state": "state IN ('approved', 'open', 'rejected')",
    "ck_equity_meetings_decided": f"state = 'open' OR (present >= quorum AND closed_by IS NOT NULL AND {MAJORITY})",
}


def upgrade() -> None:
    op.create_unique_constraint(op.f("uq_equity_committees_id_set_by"), "equity_committees", ["id", "set_by"])
    op.create_table(
        "equity_committee_confirmations",
        sa.Column("committee_id", sa.Uuid(), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("confirmed_by", sa.Uuid(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("confirmed_by <> set_by", name=op.f("ck_equity_committee_confirmations_two_people")),
        sa.ForeignKeyConstraint(
            ["committee_id", "set_by"], ["equity_committees.id", "equity_committees.set_by"],
            name=op.f("fk_equity_committee_confirmations_committee_id_set_by"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["accounts.id"], name=op.f("fk_equity_committee_confirmations_confirmed_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equity_committee_confirmations")),
        sa.UniqueConstraint("committee_id", name=op.f("uq_equity_committee_confirmations_committee_id")),
    )  # fmt: skip
    op.create_index(
        op.f("ix_equity_committee_confirmations_confirmed_by"), "equity_committee_confirmations", ["confirmed_by"]
    )  # fmt: skip
    grant_history("equity_committee_confirmations")
    # New meetings alone: those of before had a committee that one person set.
    op.execute(
        "ALTER TABLE equity_meetings ADD CONSTRAINT fk_equity_meetings_confirmed FOREIGN KEY (committee_id)"
        " REFERENCES equity_committee_confirmations (committee_id) NOT VALID"
    )
    _meetings(STATES)


def downgrade() -> None:
    op.execute("UPDATE equity_meetings SET state = 'open', closed_by = NULL, closed_at = NULL, minutes = NULL, present = 0,"
               " votes_for = 0, votes_against = 0, abstentions = 0, recusals = 0 WHERE state IN ('adjourned', 'cancelled')")  # fmt: skip
    _meetings(STATES_BEFORE)
    op.drop_constraint("fk_equity_meetings_confirmed", "equity_meetings", type_="foreignkey")
    op.drop_table("equity_committee_confirmations")
    op.drop_constraint(op.f("uq_equity_committees_id_set_by"), "equity_committees", type_="unique")


def _meetings(checks: dict[str, str]) -> None:
    for name, rule in checks.items():
        op.drop_constraint(op.f(name), "equity_meetings", type_="check")
        op.create_check_constraint(op.f(name), "equity_meetings", rule)
