"""A need whose contract is terminated after delivery waits for its contract again, and its proposal can be contracted anew

Revision ID: 0041
Revises: 0040
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

STEPS = (
    "('submit', 'draft', 'submitted'), ('return', 'submitted', 'returned'), ('resubmit', 'returned', "
    "'submitted'), ('confirm', 'submitted', 'confirmed'), ('reject', 'submitted', 'rejected'), ('reject', "
    "'returned', 'rejected'), ('match', 'confirmed', 'matched'), ('communicate', 'confirmed', 'communicating'), "
    "('communicate', 'matched', 'communicating'), ('propose', 'confirmed', 'proposed'), ('propose', 'matched', "
    "'proposed'), ('propose', 'communicating', 'proposed'), ('fall_back', 'proposed', 'communicating'), "
    "('select', 'proposed', 'selected'), ('contract', 'selected', 'contracted'), ('deliver', 'contracted', "
    "'delivered'), ('accept_delivery', 'delivered', 'accepted'), ('withdraw', 'draft', 'withdrawn'), ('withdraw', "
    "'submitted', 'withdrawn'), ('withdraw', 'returned', 'withdrawn'), ('withdraw', 'confirmed', 'withdrawn'), "
    "('withdraw', 'matched', 'withdrawn'), ('withdraw', 'communicating', 'withdrawn'), ('withdraw', 'proposed', "
    "'withdrawn'), ('withdraw', 'selected', 'withdrawn'), ('withdraw', 'parked', 'withdrawn'), ('withdraw', "
    "'silent', 'withdrawn'), ('withdraw', 'suspended', 'withdrawn'), ('expire', 'returned', 'expired'), "
    "('expire', 'confirmed', 'expired'), ('expire', 'matched', 'expired'), ('expire', 'communicating', "
    "'expired'), ('expire', 'parked', 'expired'), ('expire', 'silent', 'expired'), ('expire', 'suspended', "
    "'expired'), ('park', 'confirmed', 'parked'), ('park', 'matched', 'parked'), ('park', 'communicating', "
    "'parked'), ('resume_parked', 'parked', 'confirmed'), ('conclude', 'confirmed', 'unsolved'), ('conclude', "
    "'matched', 'unsolved'), ('conclude', 'communicating', 'unsolved'), ('set_aside', 'returned', 'silent'), "
    "('revive', 'silent', 'submitted'), ('suspend', 'confirmed', 'suspended'), ('suspend', 'matched', "
    "'suspended'), ('suspend', 'communicating', 'suspended'), ('resume_suspended', 'suspended', 'confirmed'), "
    "('annul_contract', 'contracted', 'selected')"
)
AFTER_DELIVERY = ", ('annul_contract', 'delivered', 'selected')"
STUCK = (
    "SELECT id FROM needs WHERE state = 'delivered' AND NOT EXISTS (SELECT FROM contracts WHERE need_id = needs.id"
    " AND contracts.state NOT IN ('cancelled', 'terminated')) ORDER BY id FOR UPDATE"
)


def upgrade() -> None:
    _know(STEPS + AFTER_DELIVERY)
    _one_contract("state NOT IN ('cancelled', 'terminated')")
    _free_the_stuck()


def downgrade() -> None:
    """Refused where a proposal was contracted anew: the old rule allows one contract that was ever signed."""
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT FROM contracts WHERE state <> 'cancelled' GROUP BY proposal_id HAVING count(*) > 1) THEN"
        " RAISE EXCEPTION 'proposals were contracted anew after a termination: only one contract could be kept'"
        " USING ERRCODE = 'check_violation'; END IF; END $$"
    )
    _one_contract("state <> 'cancelled'")
    _know(STEPS, " NOT VALID")


def _know(steps: str, validity: str = "") -> None:
    op.drop_constraint(op.f("ck_need_transitions_step"), "need_transitions", type_="check")
    # The history keeps its rows on the way back: the constraint then speaks of new ones alone.
    op.execute(
        "ALTER TABLE need_transitions ADD CONSTRAINT ck_need_transitions_step"
        f" CHECK ((action, from_state, to_state) IN ({steps})){validity}"
    )


def _one_contract(standing: str) -> None:
    op.drop_index("uq_contracts_proposal", "contracts")
    op.create_index(
        "uq_contracts_proposal", "contracts", ["proposal_id"], unique=True, postgresql_where=sa.text(standing)
    )


def _free_the_stuck() -> None:
    """Needs whose contract was terminated after delivery take the step that was not there then, with history and audit.

    The form of a content hash is a promise that a test keeps, so that using today's code here is safe.
    """
    from backbone.chain.content import content_hash
    from backbone.db import new_id

    connection, now = op.get_bind(), datetime.now(UTC)
    needs = sa.table("needs", sa.column("id", sa.Uuid()), sa.column("state"), sa.column("version"), sa.column("updated_at"))  # fmt: skip
    steps = sa.table(
        "need_transitions", sa.column("id", sa.Uuid()), sa.column("need_id", sa.Uuid()), sa.column("action"),
        sa.column("from_state"), sa.column("to_state"), sa.column("actor_role"),
        sa.column("occurred_at", sa.DateTime(timezone=True)), sa.column("missing_items", postgresql.ARRAY(sa.Text())),
    )  # fmt: skip
    events = sa.table(
        "audit_events", sa.column("id", sa.Uuid()), sa.column("occurred_at", sa.DateTime(timezone=True)),
        sa.column("action"), sa.column("subject_kind"), sa.column("subject_id", sa.Uuid()),
        sa.column("before", postgresql.JSONB()), sa.column("after", postgresql.JSONB()),
        sa.column("content_hash", sa.LargeBinary()),
    )  # fmt: skip
    for need_id in connection.scalars(sa.text(STUCK)).all():
        freed = {"state": "selected", "version": needs.c.version + 1, "updated_at": now}
        connection.execute(sa.update(needs).where(needs.c.id == need_id).values(freed))
        step = {"action": "annul_contract", "from_state": "delivered", "to_state": "selected"}
        connection.execute(
            sa.insert(steps).values(
                id=new_id(), need_id=need_id, actor_role="system", occurred_at=now, missing_items=[], **step
            )
        )
        event: dict[str, Any] = {
            "id": new_id(), "occurred_at": now, "action": "annul_contract_need", "subject_kind": "needs",
            "subject_id": need_id, "before": {"state": "delivered"}, "after": {"state": "selected"},
        }  # fmt: skip
        connection.execute(
            sa.insert(events).values(content_hash=content_hash("audit_events", event), **event)
        )
