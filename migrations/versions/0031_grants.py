"""Grants: rounds, applications, blind reviews, selections, announcements and objections

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.grants import grant_history, grant_sequence, grant_table

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

EDITED = ("grant_rounds", "grant_applications", "grant_reviews", "grant_allocations", "announcements", "objections")
HISTORY = ("grant_selections", "grant_approvals")
SEQUENCES = ("grant_round_number_seq", "grant_application_number_seq")
# What an announcement shows is promised to nobody before it was decided, whoever books the commitment. The end and the objections are
# looked at again: a row of announcements can be written to say that it was decided.
DECIDED_FIRST = """
CREATE FUNCTION refuse_undecided_commitment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM grant_allocations AS allocation LEFT JOIN announcements AS announcement
            ON announcement.id = allocation.announcement_id
        WHERE allocation.hold_id = NEW.hold_id AND (
            announcement.decided_at IS NULL OR NEW.recorded_at < announcement.ends_at
            OR EXISTS (SELECT FROM objections WHERE announcement_id = announcement.id AND state = 'open')
        )
    ) THEN
        RAISE EXCEPTION 'the announcement of % was not decided: nothing of it is committed', NEW.hold_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'decided_first';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decided_first BEFORE INSERT ON fund_transfers FOR EACH ROW WHEN (NEW.kind = 'commit')
    EXECUTE FUNCTION refuse_undecided_commitment()
"""


def upgrade() -> None:
    for sequence in SEQUENCES:
        op.execute(f"CREATE SEQUENCE {sequence}")
    grant_sequence(*SEQUENCES)
    _grant_rounds()
    _grant_selections()
    _announcements()
    _grant_approvals()
    _grant_applications()
    _grant_allocations()
    _grant_reviews()
    _objections()
    op.execute(
        "CREATE TRIGGER mark_written BEFORE INSERT ON grant_selections FOR EACH ROW EXECUTE FUNCTION mark_written()"
    )
    grant_table(*EDITED)
    grant_history(*HISTORY)
    op.execute(DECIDED_FIRST)


def _grant_rounds() -> None:
    op.create_table("grant_rounds",
    sa.Column("number", sa.Text(), nullable=False),
    sa.Column("fund_id", sa.Uuid(), nullable=False),
    sa.Column("year", sa.BigInteger(), nullable=False),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("step_fen", sa.BigInteger(), nullable=False),
    sa.Column("enterprise_cap_fen", sa.BigInteger(), nullable=True),
    sa.Column("criteria", postgresql.JSONB(), nullable=False),
    sa.Column("categories", postgresql.JSONB(), nullable=False),
    sa.Column("groups", postgresql.JSONB(), nullable=False),
    sa.Column("reviews_wanted", sa.BigInteger(), nullable=False),
    sa.Column("announcement_days", sa.BigInteger(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("opened_by", sa.Uuid(), nullable=False),
    sa.Column("version", sa.BigInteger(), nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("id", sa.Uuid(), nullable=False),
    sa.CheckConstraint("state IN ('announced', 'cancelled', 'decided', 'draft', 'objected', 'open', 'reviewing', 'selected')", name=op.f('ck_grant_rounds_state')),
    sa.CheckConstraint("reviews_wanted BETWEEN 1 AND 9 AND announcement_days BETWEEN 1 AND 60", name=op.f("ck_grant_rounds_numbers")),
    sa.CheckConstraint("step_fen > 0 AND enterprise_cap_fen > 0", name=op.f("ck_grant_rounds_amounts")),
    sa.ForeignKeyConstraint(["fund_id"], ["funds.id"], name=op.f("fk_grant_rounds_fund_id")),
    sa.ForeignKeyConstraint(["opened_by"], ["accounts.id"], name=op.f("fk_grant_rounds_opened_by")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_rounds")),
    sa.UniqueConstraint("number", name=op.f("uq_grant_rounds_number"))
    )
    op.create_index(op.f("ix_grant_rounds_fund_id"), "grant_rounds", ["fund_id"])
    op.create_index(op.f("ix_grant_rounds_opened_by"), "grant_rounds", ["opened_by"])
    op.create_index(op.f("ix_grant_rounds_state_closes_at_id"), "grant_rounds", ["state", "closes_at", "id"])


def _grant_selections() -> None:
    op.create_table("grant_selections",
    sa.Column("round_id", sa.Uuid(), nullable=False),
    sa.Column("model", sa.LargeBinary(), nullable=False),
    sa.Column("model_sha256", sa.Text(), nullable=False),
    sa.Column("fund_version", sa.BigInteger(), nullable=False),
    sa.Column("solver", sa.Text(), nullable=False),
    sa.Column("status", sa.Text(), nullable=False),
    sa.Column("result", sa.LargeBinary(), nullable=False),
    sa.Column("is_verified", sa.Boolean(), nullable=False),
    sa.Column("computed_by", sa.Uuid(), nullable=False),
    sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("content_hash", sa.LargeBinary(), nullable=False),
    sa.Column("written_xid", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
    sa.Column("id", sa.Uuid(), nullable=False),
    sa.CheckConstraint("model_sha256 ~ '^[0-9a-f]{64}$'", name=op.f('ck_grant_selections_sha256')),
    sa.CheckConstraint("status IN ('optimal', 'infeasible')", name=op.f('ck_grant_selections_status')),
    sa.CheckConstraint("is_verified", name=op.f("ck_grant_selections_verified")),
    sa.ForeignKeyConstraint(["computed_by"], ["accounts.id"], name=op.f("fk_grant_selections_computed_by")),
    sa.ForeignKeyConstraint(["round_id"], ["grant_rounds.id"], name=op.f("fk_grant_selections_round_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_selections")),
    sa.UniqueConstraint("id", "computed_by", name=op.f("uq_grant_selections_id_computed_by"))
    )
    op.create_index(op.f("ix_grant_selections_computed_by"), "grant_selections", ["computed_by"])
    op.create_index(op.f("ix_grant_selections_round_id_computed_at_id"), "grant_selections", ["round_id", "computed_at", "id"])
    op.create_index(op.f("ix_grant_selections_written_xid_id"), "grant_selections", ["written_xid", "id"])


def _announcements() -> None:
    op.create_table("announcements",
    sa.Column("round_id", sa.Uuid(), nullable=False),
    sa.Column("selection_id", sa.Uuid(), nullable=False),
    sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("open_objections", sa.BigInteger(), nullable=False),
    sa.Column("announced_by", sa.Uuid(), nullable=False),
    sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("decided_by", sa.Uuid(), nullable=True),
    sa.Column("version", sa.BigInteger(), nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("id", sa.Uuid(), nullable=False),
    sa.CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", name=op.f("ck_announcements_decided")),
    sa.CheckConstraint("decided_at IS NULL OR (decided_at >= ends_at AND open_objections = 0)", name=op.f("ck_announcements_nothing_open")),
    sa.CheckConstraint("decided_by <> announced_by", name=op.f("ck_announcements_two_people")),
    sa.CheckConstraint("open_objections >= 0", name=op.f("ck_announcements_objections")),
    sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_announcements_days")),
    sa.ForeignKeyConstraint(["announced_by"], ["accounts.id"], name=op.f("fk_announcements_announced_by")),
    sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_announcements_decided_by")),
    sa.ForeignKeyConstraint(["round_id"], ["grant_rounds.id"], name=op.f("fk_announcements_round_id")),
    sa.ForeignKeyConstraint(["selection_id"], ["grant_selections.id"], name=op.f("fk_announcements_selection_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
    sa.UniqueConstraint("selection_id", name=op.f("uq_announcements_selection_id"))
    )
    op.create_index(op.f("ix_announcements_announced_by"), "announcements", ["announced_by"])
    op.create_index(op.f("ix_announcements_decided_by"), "announcements", ["decided_by"])
    op.create_index(op.f("ix_announcements_round_id_starts_at_id"), "announcements", ["round_id", "starts_at", "id"])


def _grant_approvals() -> None:
    op.create_table("grant_approvals",
    sa.Column("selection_id", sa.Uuid(), nullable=False),
    sa.Column("computed_by", sa.Uuid(), nullable=False),
    sa.Column("approved_by", sa.Uuid(), nullable=False),
    sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("id", sa.Uuid(), nullable=False),
    sa.CheckConstraint("approved_by <> computed_by", name=op.f("ck_grant_approvals_two_people")),
    sa.ForeignKeyConstraint(["approved_by"], ["accounts.id"], name=op.f("fk_grant_approvals_approved_by")),
    sa.ForeignKeyConstraint(["selection_id", "computed_by"], ["grant_selections.id", "grant_selections.computed_by"], name=op.f("fk_grant_approvals_selection_id_computed_by")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_approvals")),
    sa.UniqueConstraint("selection_id", name=op.f("uq_grant_approvals_selection_id"))
    )
    op.create_index(op.f("ix_grant_approvals_approved_by"), "grant_approvals", ["approved_by"])


def _grant_applications() -> None:
    op.create_table("grant_applications",
    sa.Column("number", sa.Text(), nullable=False),
    sa.Column("round_id", sa.Uuid(), nullable=False),
    sa.Column("category", sa.Text(), nullable=False),
    sa.Column("applicant_id", sa.Uuid(), nullable=False),
    sa.Column("user_id", sa.Uuid(), nullable=True),
    sa.Column("user_share", sa.BigInteger(), nullable=True),
    sa.Column("receipt_id", sa.Uuid(), nullable=False),
    sa.Column("need_id", sa.Uuid(), nullable=True),
    sa.Column("contract_id", sa.Uuid(), nullable=True),
    sa.Column("title", sa.Text(), nullable=False),
    sa.Column("summary", sa.Text(), nullable=False),
    sa.Column("least_fen", sa.BigInteger(), nullable=False),
    sa.Column("asked_fen", sa.BigInteger(), nullable=False),
    sa.Column("groups", postgresql.ARRAY(sa.String()), nullable=False),
    sa.Column("prerequisite_id", sa.Uuid(), nullable=True),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("reason", sa.Text(), nullable=True),
    sa.Column("score", sa.BigInteger(), nullable=True),
    sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("drafted_by", sa.Uuid(), nullable=False),
    sa.Column("version", sa.BigInteger(), nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("id", sa.Uuid(), nullable=False),
    sa.CheckConstraint("(category = 'F') = (user_id IS NOT NULL)", name=op.f('ck_grant_applications_two_beneficiaries')),
    sa.CheckConstraint("state IN ('admitted', 'awarded', 'draft', 'excluded', 'passed_over', 'rejected', 'submitted', 'withdrawn')", name=op.f('ck_grant_applications_state')),
    sa.CheckConstraint("user_id IS NULL OR confirmed_at IS NOT NULL OR state NOT IN ('admitted', 'awarded')", name=op.f('ck_grant_applications_both_confirmed')),
    sa.CheckConstraint("(user_id IS NULL) = (user_share IS NULL) AND user_share BETWEEN 0 AND 10000", name=op.f("ck_grant_applications_share")),
    sa.CheckConstraint("0 < least_fen AND least_fen <= asked_fen", name=op.f("ck_grant_applications_amounts")),
    sa.CheckConstraint("num_nonnulls(need_id, contract_id) = 1", name=op.f("ck_grant_applications_matter")),
    sa.CheckConstraint("score BETWEEN 0 AND 10000", name=op.f("ck_grant_applications_score")),
    sa.CheckConstraint("user_id <> applicant_id", name=op.f("ck_grant_applications_another_enterprise")),
    sa.ForeignKeyConstraint(["applicant_id"], ["enterprises.id"], name=op.f("fk_grant_applications_applicant_id")),
    sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_grant_applications_contract_id")),
    sa.ForeignKeyConstraint(["drafted_by"], ["accounts.id"], name=op.f("fk_grant_applications_drafted_by")),
    sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_grant_applications_need_id")),
    sa.ForeignKeyConstraint(["prerequisite_id"], ["grant_applications.id"], name=op.f("fk_grant_applications_prerequisite_id")),
    sa.ForeignKeyConstraint(["receipt_id"], ["evaluation_receipts.id"], name=op.f("fk_grant_applications_receipt_id")),
    sa.ForeignKeyConstraint(["round_id"], ["grant_rounds.id"], name=op.f("fk_grant_applications_round_id")),
    sa.ForeignKeyConstraint(["user_id"], ["enterprises.id"], name=op.f("fk_grant_applications_user_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_applications")),
    sa.UniqueConstraint("number", name=op.f("uq_grant_applications_number"))
    )
    op.create_index(op.f("ix_grant_applications_applicant_id"), "grant_applications", ["applicant_id"])
    op.create_index(op.f("ix_grant_applications_contract_id"), "grant_applications", ["contract_id"])
    op.create_index(op.f("ix_grant_applications_drafted_by"), "grant_applications", ["drafted_by"])
    op.create_index(op.f("ix_grant_applications_need_id"), "grant_applications", ["need_id"])
    op.create_index(op.f("ix_grant_applications_prerequisite_id"), "grant_applications", ["prerequisite_id"])
    op.create_index(op.f("ix_grant_applications_receipt_id"), "grant_applications", ["receipt_id"])
    op.create_index(op.f("ix_grant_applications_round_id_state_id"), "grant_applications", ["round_id", "state", "id"])
    op.create_index(op.f("ix_grant_applications_user_id"), "grant_applications", ["user_id"])
    op.create_index('uq_grant_applications_receipt', 'grant_applications', ['round_id', 'receipt_id'], unique=True, postgresql_where=sa.text("state NOT IN ('rejected', 'withdrawn')"))


def _grant_allocations() -> None:
    op.create_table("grant_allocations",
    sa.Column("selection_id", sa.Uuid(), nullable=False),
    sa.Column("application_id", sa.Uuid(), nullable=False),
    sa.Column("amount_fen", sa.BigInteger(), nullable=False),
    sa.Column("hold_id", sa.Uuid(), nullable=False),
    sa.Column("announcement_id", sa.Uuid(), nullable=True),
    sa.Column("is_void", sa.Boolean(), nullable=False),
    sa.Column("id", sa.Uuid(), nullable=False),
    sa.CheckConstraint("amount_fen > 0", name=op.f("ck_grant_allocations_amount")),
    sa.ForeignKeyConstraint(["announcement_id"], ["announcements.id"], name=op.f("fk_grant_allocations_announcement_id")),
    sa.ForeignKeyConstraint(["application_id"], ["grant_applications.id"], name=op.f("fk_grant_allocations_application_id")),
    sa.ForeignKeyConstraint(["hold_id"], ["fund_holds.id"], name=op.f("fk_grant_allocations_hold_id")),
    sa.ForeignKeyConstraint(["selection_id"], ["grant_selections.id"], name=op.f("fk_grant_allocations_selection_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_allocations")),
    sa.UniqueConstraint("hold_id", name=op.f("uq_grant_allocations_hold_id"))
    )
    op.create_index(op.f("ix_grant_allocations_announcement_id"), "grant_allocations", ["announcement_id"])
    op.create_index(op.f("ix_grant_allocations_selection_id"), "grant_allocations", ["selection_id"])
    op.create_index('uq_grant_allocations_application', 'grant_allocations', ['application_id'], unique=True, postgresql_where=sa.text("NOT is_void"))


def _grant_reviews() -> None:
    op.create_table("grant_reviews",
    sa.Column("application_id", sa.Uuid(), nullable=False),
    sa.Column("reviewer_id", sa.Uuid(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("scores", postgresql.JSONB(), nullable=True),
    sa.Column("comment", sa.Text(), nullable=True),
    sa.Column("assigned_by", sa.Uuid(), nullable=False),
    sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("version", sa.BigInteger(), nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("id", sa.Uuid(), nullable=False),
    sa.CheckConstraint("(scores IS NOT NULL) = (state = 'submitted')", name=op.f('ck_grant_reviews_scored')),
    sa.CheckConstraint("state IN ('assigned', 'conflicted', 'submitted')", name=op.f('ck_grant_reviews_state')),
    sa.ForeignKeyConstraint(["application_id"], ["grant_applications.id"], name=op.f("fk_grant_reviews_application_id")),
    sa.ForeignKeyConstraint(["assigned_by"], ["accounts.id"], name=op.f("fk_grant_reviews_assigned_by")),
    sa.ForeignKeyConstraint(["reviewer_id"], ["accounts.id"], name=op.f("fk_grant_reviews_reviewer_id")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_reviews"))
    )
    op.create_index(op.f("ix_grant_reviews_assigned_by"), "grant_reviews", ["assigned_by"])
    op.create_index(op.f("ix_grant_reviews_reviewer_id_state_id"), "grant_reviews", ["reviewer_id", "state", "id"])
    op.create_index("uq_grant_reviews_application_id_reviewer_id", "grant_reviews", ["application_id", "reviewer_id"], unique=True)


def _objections() -> None:
    op.create_table("objections",
    sa.Column("announcement_id", sa.Uuid(), nullable=False),
    sa.Column("application_id", sa.Uuid(), nullable=False),
    sa.Column("signed_by", sa.Uuid(), nullable=False),
    sa.Column("grounds", sa.Text(), nullable=False),
    sa.Column("state", sa.Text(), nullable=False),
    sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("ruling", sa.Text(), nullable=True),
    sa.Column("ruled_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("ruled_by", sa.Uuid(), nullable=True),
    sa.Column("id", sa.Uuid(), nullable=False),
    sa.CheckConstraint("num_nonnulls(ruled_at, ruled_by, ruling) = CASE state WHEN 'open' THEN 0 ELSE 3 END", name=op.f('ck_objections_ruled')),
    sa.CheckConstraint("state IN ('open', 'rejected', 'upheld')", name=op.f('ck_objections_state')),
    sa.CheckConstraint("ruled_by <> signed_by", name=op.f("ck_objections_not_the_own")),
    sa.ForeignKeyConstraint(["announcement_id"], ["announcements.id"], name=op.f("fk_objections_announcement_id")),
    sa.ForeignKeyConstraint(["application_id"], ["grant_applications.id"], name=op.f("fk_objections_application_id")),
    sa.ForeignKeyConstraint(["ruled_by"], ["accounts.id"], name=op.f("fk_objections_ruled_by")),
    sa.ForeignKeyConstraint(["signed_by"], ["accounts.id"], name=op.f("fk_objections_signed_by")),
    sa.PrimaryKeyConstraint("id", name=op.f("pk_objections"))
    )
    op.create_index(op.f("ix_objections_application_id"), "objections", ["application_id"])
    op.create_index(op.f("ix_objections_ruled_by"), "objections", ["ruled_by"])
    op.create_index(op.f("ix_objections_signed_by"), "objections", ["signed_by"])
    op.create_index("uq_objections_signed", "objections", ["announcement_id", "application_id", "signed_by"], unique=True)


def downgrade() -> None:
    op.execute("DROP TRIGGER decided_first ON fund_transfers")
    op.execute("DROP FUNCTION refuse_undecided_commitment()")
    for table in ("objections", "grant_reviews", "grant_allocations", "grant_applications", "grant_approvals", "announcements", "grant_selections", "grant_rounds"):
        op.drop_table(table)
    for sequence in SEQUENCES:
        op.execute(f"DROP SEQUENCE {sequence}")
