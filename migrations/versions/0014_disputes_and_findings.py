"""Disputes of proposals, findings of no solution, and needs that continue a withdrawn one.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.grants import grant_table

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

STATES = (
    "state IN ('draft', 'submitted', 'returned', 'confirmed', 'matched', 'communicating', 'proposed', 'selected',"
    " 'contracted', 'delivered', 'accepted', 'rejected', 'withdrawn', 'expired', 'parked'{more}, 'silent', 'suspended')"
)
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
FALL_BACK = ", ('fall_back', 'proposed', 'communicating')"
CONCLUDE = (
    ", ('conclude', 'confirmed', 'unsolved'), ('conclude', 'matched', 'unsolved'),"
    " ('conclude', 'communicating', 'unsolved')"
)
PROPOSAL_STATES = "state in ('draft', 'released', 'accepted', 'declined', 'not_selected', 'withdrawn')"
NON_RESPONSIVE = PROPOSAL_STATES.replace(")", ", 'non_responsive')")


def upgrade() -> None:
    op.create_table(
        "proposal_disputes",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("disputed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disputed_by", sa.Uuid(), nullable=True),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("ruling", sa.Text(), nullable=True),
        sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ruled_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "reason_code in ('off_topic', 'must_not_answered', 'not_a_solution', 'empty_plan', 'price_not_meant', 'other')",
            name=op.f("ck_proposal_disputes_reason_code"),
        ),
        sa.CheckConstraint("(upheld is null) = (ruled_at is null)", name=op.f("ck_proposal_disputes_ruled")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposals.id"], name=op.f("fk_proposal_disputes_proposal_id_proposals")
        ),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_proposal_disputes_need_id_needs")),
        sa.ForeignKeyConstraint(
            ["disputed_by"], ["accounts.id"], name=op.f("fk_proposal_disputes_disputed_by_accounts")
        ),
        sa.ForeignKeyConstraint(["ruled_by"], ["accounts.id"], name=op.f("fk_proposal_disputes_ruled_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_disputes")),
        sa.UniqueConstraint("proposal_id", name=op.f("uq_proposal_disputes_proposal_id")),
    )
    for column in ("need_id", "disputed_by", "ruled_by"):
        op.create_index(op.f(f"ix_proposal_disputes_{column}"), "proposal_disputes", [column])
    op.create_table(
        "findings",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("why_not", sa.Text(), nullable=False),
        sa.Column("what_would_help", sa.Text(), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=True),
        sa.Column("asked", postgresql.JSONB(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(signed_at is null) = (asked is null)", name=op.f("ck_findings_signed")),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_findings_need_id_needs")),
        sa.ForeignKeyConstraint(["written_by"], ["accounts.id"], name=op.f("fk_findings_written_by_accounts")),
        sa.ForeignKeyConstraint(["signed_by"], ["accounts.id"], name=op.f("fk_findings_signed_by_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sa.UniqueConstraint("need_id", name=op.f("uq_findings_need_id")),
    )
    for column in ("written_by", "signed_by"):
        op.create_index(op.f(f"ix_findings_{column}"), "findings", [column])
    grant_table("proposal_disputes", "findings")
    op.add_column("needs", sa.Column("inherits_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_needs_inherits_id_needs"), "needs", "needs", ["inherits_id"], ["id"])
    op.create_unique_constraint(op.f("uq_needs_inherits_id"), "needs", ["inherits_id"])
    _know(", 'unsolved'", FALL_BACK + CONCLUDE, NON_RESPONSIVE)


def downgrade() -> None:
    op.execute("UPDATE needs SET state = 'parked' WHERE state = 'unsolved'")
    op.execute("UPDATE proposals SET state = 'withdrawn' WHERE state = 'non_responsive'")
    _know("", FALL_BACK, PROPOSAL_STATES, " NOT VALID")
    op.drop_constraint(op.f("uq_needs_inherits_id"), "needs", type_="unique")
    op.drop_constraint(op.f("fk_needs_inherits_id_needs"), "needs", type_="foreignkey")
    op.drop_column("needs", "inherits_id")
    op.drop_table("findings")
    op.drop_table("proposal_disputes")


def _know(states: str, steps: str, of_proposals: str, validity: str = "") -> None:
    op.drop_constraint(op.f("ck_needs_state"), "needs", type_="check")
    op.create_check_constraint(op.f("ck_needs_state"), "needs", STATES.format(more=states))
    op.drop_constraint(op.f("ck_proposals_state"), "proposals", type_="check")
    op.create_check_constraint(op.f("ck_proposals_state"), "proposals", of_proposals)
    op.drop_constraint(op.f("ck_need_transitions_step"), "need_transitions", type_="check")
    # The history keeps its rows on the way back: the constraint then speaks of new ones alone.
    op.execute(
        "ALTER TABLE need_transitions ADD CONSTRAINT ck_need_transitions_step"
        f" CHECK ({STEPS.format(more=steps)}){validity}"
    )
