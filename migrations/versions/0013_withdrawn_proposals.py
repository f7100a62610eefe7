"""A need whose only proposal was withdrawn before it counted goes back from proposed to communicating.

Revision ID: 0013
Revises: 0012
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

STEPS = (
    "(action, from_state, to_state) IN (('submit', 'draft', 'submitted'), ('return', 'submitted',"
    " 'returned'), ('resubmit', 'returned', 'submitted'), ('confirm', 'submitted', 'confirmed'),"
    " ('reject', 'submitted', 'rejected'), ('reject', 'returned', 'rejected'), ('match', 'confirmed',"
    " 'matched'), ('communicate', 'confirmed', 'communicating'), ('communicate', 'matched',"
    " 'communicating'), ('propose', 'confirmed', 'proposed'), ('propose', 'matched', 'proposed'),"
    " ('propose', 'communicating', 'proposed'), ('select', 'proposed', 'selected'), ('contract',"
    " 'selected', 'contracted'), ('deliver', 'contracted', 'delivered'), ('accept_delivery', 'delivered',"
    " 'accepted'), ('withdraw', 'draft', 'withdrawn'), ('withdraw', 'submitted', 'withdrawn'),"
    " ('withdraw', 'returned', 'withdrawn'), ('withdraw', 'confirmed', 'withdrawn'), ('withdraw',"
    " 'matched', 'withdrawn'), ('withdraw', 'communicating', 'withdrawn'), ('withdraw', 'proposed',"
    " 'withdrawn'), ('withdraw', 'selected', 'withdrawn'), ('withdraw', 'parked', 'withdrawn'),"
    " ('withdraw', 'silent', 'withdrawn'), ('withdraw', 'suspended', 'withdrawn'), ('expire', 'returned',"
    " 'expired'), ('expire', 'confirmed', 'expired'), ('expire', 'matched', 'expired'), ('expire',"
    " 'communicating', 'expired'), ('expire', 'parked', 'expired'), ('expire', 'silent', 'expired'),"
    " ('expire', 'suspended', 'expired'), ('park', 'confirmed', 'parked'), ('park', 'matched', 'parked'),"
    " ('park', 'communicating', 'parked'), ('resume_parked', 'parked', 'confirmed'), ('set_aside',"
    " 'returned', 'silent'), ('revive', 'silent', 'submitted'), ('suspend', 'confirmed', 'suspended'),"
    " ('suspend', 'matched', 'suspended'), ('suspend', 'communicating', 'suspended'),"
    " ('resume_suspended', 'suspended', 'confirmed'){more})"
)


def upgrade() -> None:
    _allow(", ('fall_back', 'proposed', 'communicating')")


def downgrade() -> None:
    # The history keeps its rows on the way back: the constraint then speaks of new ones alone.
    _allow("", " NOT VALID")


def _allow(more: str, validity: str = "") -> None:
    op.drop_constraint(op.f("ck_need_transitions_step"), "need_transitions", type_="check")
    op.execute(
        "ALTER TABLE need_transitions ADD CONSTRAINT ck_need_transitions_step"
        f" CHECK ({STEPS.format(more=more)}){validity}"
    )
