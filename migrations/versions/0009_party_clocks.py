"""A clock belongs to a subject and a responsible party: institutes and enterprises get clocks of their own.

A need whose enterprise answers nothing is set aside, in one of two new states.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PARTIES = "party IN ('platform', 'institute', 'enterprise', 'node')"
STATES = (
    "state IN ('draft', 'submitted', 'returned', 'confirmed', 'matched', 'communicating', 'proposed', 'selected',"
    " 'contracted', 'delivered', 'accepted', 'rejected', 'withdrawn', 'expired', 'parked'{more})"
)
STEPS = (
    "(action, from_state, to_state) IN (('submit', 'draft', 'submitted'), ('return', 'submitted', 'returned'),"
    " ('resubmit', 'returned', 'submitted'), ('confirm', 'submitted', 'confirmed'), ('reject', 'submitted',"
    " 'rejected'), ('reject', 'returned', 'rejected'), ('match', 'confirmed', 'matched'), ('communicate',"
    " 'confirmed', 'communicating'), ('communicate', 'matched', 'communicating'), ('propose', 'confirmed',"
    " 'proposed'), ('propose', 'matched', 'proposed'), ('propose', 'communicating', 'proposed'), ('select',"
    " 'proposed', 'selected'), ('contract', 'selected', 'contracted'), ('deliver', 'contracted', 'delivered'),"
    " ('accept_delivery', 'delivered', 'accepted'), ('withdraw', 'draft', 'withdrawn'), ('withdraw',"
    " 'submitted', 'withdrawn'), ('withdraw', 'returned', 'withdrawn'), ('withdraw', 'confirmed', 'withdrawn'),"
    " ('withdraw', 'matched', 'withdrawn'), ('withdraw', 'communicating', 'withdrawn'), ('withdraw',"
    " 'proposed', 'withdrawn'), ('withdraw', 'selected', 'withdrawn'), ('withdraw', 'parked', 'withdrawn'),"
    " ('expire', 'returned', 'expired'), ('expire', 'confirmed', 'expired'), ('expire', 'matched', 'expired'),"
    " ('expire', 'communicating', 'expired'), ('expire', 'parked', 'expired'), ('park', 'confirmed', 'parked'),"
    " ('park', 'matched', 'parked'), ('park', 'communicating', 'parked'), ('resume_parked', 'parked',"
    " 'confirmed')"
    "{more})"
)
SET_ASIDE = (
    ", ('withdraw', 'silent', 'withdrawn'), ('withdraw', 'suspended', 'withdrawn'), ('expire', 'silent', 'expired'),"
    " ('expire', 'suspended', 'expired'), ('set_aside', 'returned', 'silent'), ('revive', 'silent', 'submitted'),"
    " ('suspend', 'confirmed', 'suspended'), ('suspend', 'matched', 'suspended'),"
    " ('suspend', 'communicating', 'suspended'), ('resume_suspended', 'suspended', 'confirmed')"
)


def upgrade() -> None:
    op.add_column("sla_clocks", sa.Column("about_id", sa.Uuid(), nullable=True))
    op.add_column("sla_clocks", sa.Column("organisation_id", sa.Uuid(), nullable=True))
    op.create_index(
        "ix_sla_clocks_about", "sla_clocks", ["about_id"], postgresql_where=sa.text("about_id IS NOT NULL")
    )
    for table in ("sla_clocks", "sla_events"):
        op.create_check_constraint(op.f(f"ck_{table}_party"), table, PARTIES)
    _know_states(", 'silent', 'suspended'", SET_ASIDE)


def downgrade() -> None:
    op.execute("UPDATE needs SET state = 'returned' WHERE state = 'silent'")
    op.execute("UPDATE needs SET state = 'confirmed' WHERE state = 'suspended'")
    _know_states("", "")
    for table in ("sla_clocks", "sla_events"):
        op.drop_constraint(op.f(f"ck_{table}_party"), table, type_="check")
    op.execute("DELETE FROM sla_clocks WHERE party <> 'platform'")
    op.drop_index("ix_sla_clocks_about", table_name="sla_clocks")
    op.drop_column("sla_clocks", "organisation_id")
    op.drop_column("sla_clocks", "about_id")


def _know_states(states: str, steps: str) -> None:
    op.drop_constraint(op.f("ck_needs_state"), "needs", type_="check")
    op.create_check_constraint(op.f("ck_needs_state"), "needs", STATES.format(more=states))
    op.drop_constraint(op.f("ck_need_transitions_step"), "need_transitions", type_="check")
    # The history keeps its rows on the way back: the constraint then speaks of new ones alone.
    op.execute(
        f"ALTER TABLE need_transitions ADD CONSTRAINT ck_need_transitions_step CHECK ({STEPS.format(more=steps)})"
        + ("" if steps else " NOT VALID")
    )
