"""Technology contracts: signing, cash, registration, milestones, rewards, follow-up; a need whose contract is annulled.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.grants import grant_history, grant_sequence, grant_table

revision = "0025"
down_revision = "0024"
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
    "'suspended'), ('suspend', 'communicating', 'suspended'), ('resume_suspended', 'suspended', 'confirmed')"
)
ANNUL = ", ('annul_contract', 'contracted', 'selected')"


def upgrade() -> None:
    op.execute("CREATE SEQUENCE contract_number_seq")
    grant_sequence("contract_number_seq")
    _contracts()
    _receipts()
    _follow_ups()
    _milestones()
    _parties()
    _registrations()
    _rewards()
    _shares()
    _know(STEPS + ANNUL)


def _contracts() -> None:
    op.create_table(
        "contracts",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("zone_code", sa.Text(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_region_code", sa.Text(), nullable=False),
        sa.Column("institute_id", sa.Uuid(), nullable=False),
        sa.Column("seller_enterprise_id", sa.Uuid(), nullable=True),
        sa.Column("seller_region_code", sa.Text(), nullable=False),
        sa.Column("seller_kind", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("technology_fen", sa.BigInteger(), nullable=False),
        sa.Column("equipment_fen", sa.BigInteger(), nullable=False),
        sa.Column("ip_ownership", sa.Text(), nullable=False),
        sa.Column("ip_words", sa.Text(), nullable=False),
        sa.Column("ip_use_rights", sa.Text(), nullable=True),
        sa.Column("payment_plan", postgresql.JSONB(), nullable=False),
        sa.Column("related_to_transfer", sa.Boolean(), nullable=True),
        sa.Column("technology_kind", sa.Text(), nullable=True),
        sa.Column("ownership_transferred", sa.Boolean(), nullable=True),
        sa.Column("licence_years", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_side", sa.Text(), nullable=False),
        sa.Column("disputable_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("disputed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disputed_by", sa.Uuid(), nullable=True),
        sa.Column("dispute", sa.Text(), nullable=True),
        sa.Column("credited_to", sa.Uuid(), nullable=True),
        sa.Column("credited_as", sa.Text(), nullable=True),
        sa.Column("received_fen", sa.BigInteger(), nullable=False),
        sa.Column("received_technology_fen", sa.BigInteger(), nullable=False),
        sa.Column("rewarded_fen", sa.BigInteger(), nullable=False),
        sa.Column("registration_state", sa.Text(), nullable=True),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("register_number", sa.Text(), nullable=True),
        sa.Column("registered_on", sa.Date(), nullable=True),
        sa.Column("registered_kind", sa.Text(), nullable=True),
        sa.Column("technology_income_fen", sa.BigInteger(), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("end_message", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(registration_state is not distinct from 'registered') = (num_nonnulls(register_number, registered_on, registered_kind) = 3)",
            name=op.f("ck_contracts_registered"),
        ),
        sa.CheckConstraint(
            "(state = 'terminated') = (end_reason is not null)", name=op.f("ck_contracts_terminated_with_reason")
        ),
        sa.CheckConstraint(
            "(state in ('closed', 'terminated', 'cancelled')) = (ended_on is not null)",
            name=op.f("ck_contracts_ended"),
        ),
        sa.CheckConstraint(
            "(state in ('closed', 'terminated', 'cancelled')) = (follow_up_on is null)",
            name=op.f("ck_contracts_followed_up_until_ended"),
        ),
        sa.CheckConstraint("credited_as in ('owner', 'inviter')", name=op.f("ck_contracts_credited_as")),
        sa.CheckConstraint(
            "end_reason in ('agreed', 'breach', 'impossible', 'force_majeure', 'other')",
            name=op.f("ck_contracts_end_reason"),
        ),
        sa.CheckConstraint("ip_ownership in ('poster', 'solver', 'shared')", name=op.f("ck_contracts_ip_ownership")),
        sa.CheckConstraint(
            "kind in ('development', 'transfer', 'licence', 'consulting', 'service')", name=op.f("ck_contracts_kind")
        ),
        sa.CheckConstraint(
            "recorded_side in ('buyer', 'seller', 'operator')", name=op.f("ck_contracts_recorded_side")
        ),
        sa.CheckConstraint(
            "registered_kind in ('development', 'transfer', 'licence', 'consulting', 'service')",
            name=op.f("ck_contracts_registered_kind"),
        ),
        sa.CheckConstraint(
            "registration_state in ('filed', 'returned', 'registered', 'refused')",
            name=op.f("ck_contracts_registration_state"),
        ),
        sa.CheckConstraint(
            "state in ('signed', 'in_delivery', 'delivered', 'accepted', 'closed', 'terminated', 'cancelled')",
            name=op.f("ck_contracts_state"),
        ),
        sa.CheckConstraint(
            "technology_kind in ('专利', '计算机软件著作权', '集成电路布图设计', '植物新品种', '生物医药新品种', '其他')",
            name=op.f("ck_contracts_technology_kind"),
        ),
        sa.CheckConstraint("(credited_to is null) = (credited_as is null)", name=op.f("ck_contracts_credit")),
        sa.CheckConstraint(
            "(disputed_at is null) = (dispute is null)", name=op.f("ck_contracts_disputed_with_reason")
        ),
        sa.CheckConstraint("(registration_state is null) = (filed_at is null)", name=op.f("ck_contracts_filed")),
        sa.CheckConstraint(
            "amount_fen > 0 and technology_fen >= 0 and equipment_fen >= 0", name=op.f("ck_contracts_amounts")
        ),
        sa.CheckConstraint(
            "disputed_at is null or confirmed_at is null", name=op.f("ck_contracts_disputed_or_confirmed")
        ),
        sa.CheckConstraint(
            "received_fen - received_technology_fen between 0 and equipment_fen",
            name=op.f("ck_contracts_received_equipment"),
        ),
        sa.CheckConstraint("received_fen between 0 and amount_fen", name=op.f("ck_contracts_received")),
        sa.CheckConstraint(
            "received_technology_fen between 0 and technology_fen", name=op.f("ck_contracts_received_technology")
        ),
        sa.CheckConstraint("rewarded_fen between 0 and received_technology_fen", name=op.f("ck_contracts_rewarded")),
        sa.CheckConstraint("technology_fen + equipment_fen = amount_fen", name=op.f("ck_contracts_parts_add_up")),
        sa.CheckConstraint(
            "valid_from <= valid_to and signed_on <= valid_to", name=op.f("ck_contracts_days_in_order")
        ),
        sa.ForeignKeyConstraint(["buyer_id"], ["enterprises.id"], name=op.f("fk_contracts_buyer_id")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["accounts.id"], name=op.f("fk_contracts_confirmed_by")),
        sa.ForeignKeyConstraint(["credited_to"], ["accounts.id"], name=op.f("fk_contracts_credited_to")),
        sa.ForeignKeyConstraint(["disputed_by"], ["accounts.id"], name=op.f("fk_contracts_disputed_by")),
        sa.ForeignKeyConstraint(["institute_id"], ["institutes.id"], name=op.f("fk_contracts_institute_id")),
        sa.ForeignKeyConstraint(["need_id"], ["needs.id"], name=op.f("fk_contracts_need_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name=op.f("fk_contracts_proposal_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["accounts.id"], name=op.f("fk_contracts_recorded_by")),
        sa.ForeignKeyConstraint(
            ["seller_enterprise_id"], ["enterprises.id"], name=op.f("fk_contracts_seller_enterprise_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contracts")),
        sa.UniqueConstraint("number", name=op.f("uq_contracts_number")),
        sa.UniqueConstraint("register_number", name=op.f("uq_contracts_register_number")),
    )
    op.create_index(op.f("ix_contracts_buyer_id"), "contracts", ["buyer_id"])
    op.create_index(op.f("ix_contracts_confirmed_by"), "contracts", ["confirmed_by"])
    op.create_index(op.f("ix_contracts_credited_to"), "contracts", ["credited_to"])
    op.create_index(op.f("ix_contracts_disputed_by"), "contracts", ["disputed_by"])
    op.create_index(op.f("ix_contracts_follow_up_on_id"), "contracts", ["follow_up_on", "id"])
    op.create_index(op.f("ix_contracts_institute_id"), "contracts", ["institute_id"])
    op.create_index(op.f("ix_contracts_need_id"), "contracts", ["need_id"])
    op.create_index(op.f("ix_contracts_recorded_by"), "contracts", ["recorded_by"])
    op.create_index(op.f("ix_contracts_seller_enterprise_id"), "contracts", ["seller_enterprise_id"])
    op.create_index(op.f("ix_contracts_zone_code_signed_on_id"), "contracts", ["zone_code", "signed_on", "id"])
    op.create_index(
        "uq_contracts_proposal",
        "contracts",
        ["proposal_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'cancelled'"),
    )
    grant_table("contracts")


def _receipts() -> None:
    op.create_table(
        "cash_receipts",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("technology_fen", sa.BigInteger(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("voucher", sa.Text(), nullable=False),
        sa.Column("reverses_id", sa.Uuid(), nullable=True),
        sa.Column("reversal", sa.Text(), nullable=True),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "reversal in ('mistaken', 'returned', 'duplicate')", name=op.f("ck_cash_receipts_reversal")
        ),
        sa.CheckConstraint(
            "(reverses_id is null) = (reversal is null)", name=op.f("ck_cash_receipts_reversed_with_reason")
        ),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_cash_receipts_amount")),
        sa.CheckConstraint("technology_fen between 0 and amount_fen", name=op.f("ck_cash_receipts_technology")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_cash_receipts_contract_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["accounts.id"], name=op.f("fk_cash_receipts_recorded_by")),
        sa.ForeignKeyConstraint(["reverses_id"], ["cash_receipts.id"], name=op.f("fk_cash_receipts_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_receipts")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_cash_receipts_reverses_id")),
    )
    op.create_index(
        op.f("ix_cash_receipts_contract_id_received_on_id"), "cash_receipts", ["contract_id", "received_on", "id"]
    )
    op.create_index(op.f("ix_cash_receipts_recorded_by"), "cash_receipts", ["recorded_by"])
    grant_history("cash_receipts")


def _follow_ups() -> None:
    op.create_table(
        "contract_follow_ups",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_contract_follow_ups_contract_id")),
        sa.ForeignKeyConstraint(["made_by"], ["accounts.id"], name=op.f("fk_contract_follow_ups_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_follow_ups")),
    )
    op.create_index(
        op.f("ix_contract_follow_ups_contract_id_made_at_id"), "contract_follow_ups", ["contract_id", "made_at", "id"]
    )
    op.create_index(op.f("ix_contract_follow_ups_made_by"), "contract_follow_ups", ["made_by"])
    grant_table("contract_follow_ups")


def _milestones() -> None:
    op.create_table(
        "contract_milestones",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("deliverable", sa.Text(), nullable=False),
        sa.Column("criterion", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(accepted_at is null) = (accepted_on is null)", name=op.f("ck_contract_milestones_accepted")
        ),
        sa.ForeignKeyConstraint(["accepted_by"], ["accounts.id"], name=op.f("fk_contract_milestones_accepted_by")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_contract_milestones_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_milestones")),
        sa.UniqueConstraint("contract_id", "position", name=op.f("uq_contract_milestones_contract_id_position")),
    )
    op.create_index(op.f("ix_contract_milestones_accepted_by"), "contract_milestones", ["accepted_by"])
    op.create_index(
        "ix_contract_milestones_open",
        "contract_milestones",
        ["contract_id", "due_on"],
        postgresql_where=sa.text("accepted_at is null"),
    )
    grant_table("contract_milestones")


def _parties() -> None:
    op.create_table(
        "contract_parties",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("duties", sa.Text(), nullable=False),
        sa.Column("share_basis_points", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("share_basis_points between 0 and 10000", name=op.f("ck_contract_parties_share")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_contract_parties_contract_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_parties")),
    )
    op.create_index(
        op.f("ix_contract_parties_contract_id_position"), "contract_parties", ["contract_id", "position"], unique=True
    )
    grant_table("contract_parties")


def _registrations() -> None:
    op.create_table(
        "contract_registrations",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("filed_by", sa.Uuid(), nullable=True),
        sa.Column("filed_as", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("documents", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("expert_review", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("missing_items", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_as", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'refused') = (reason_code is not null)",
            name=op.f("ck_contract_registrations_refused_with_reason"),
        ),
        sa.CheckConstraint(
            "(state in ('registered', 'refused')) = (decided_at is not null)",
            name=op.f("ck_contract_registrations_decided"),
        ),
        sa.CheckConstraint(
            "decided_as in ('seller', 'registrar', 'operator')", name=op.f("ck_contract_registrations_decided_as")
        ),
        sa.CheckConstraint(
            "filed_as in ('seller', 'registrar', 'operator')", name=op.f("ck_contract_registrations_filed_as")
        ),
        sa.CheckConstraint(
            "reason_code in ('not_technology', 'not_in_force', 'not_written', 'incomplete', 'duplicate', 'other_station', 'false', 'other')",
            name=op.f("ck_contract_registrations_reason_code"),
        ),
        sa.CheckConstraint(
            "state in ('filed', 'returned', 'registered', 'refused')", name=op.f("ck_contract_registrations_state")
        ),
        sa.ForeignKeyConstraint(
            ["contract_id"], ["contracts.id"], name=op.f("fk_contract_registrations_contract_id")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["accounts.id"], name=op.f("fk_contract_registrations_decided_by")),
        sa.ForeignKeyConstraint(["filed_by"], ["accounts.id"], name=op.f("fk_contract_registrations_filed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_registrations")),
    )
    op.create_index(op.f("ix_contract_registrations_contract_id"), "contract_registrations", ["contract_id"])
    op.create_index(op.f("ix_contract_registrations_decided_by"), "contract_registrations", ["decided_by"])
    op.create_index(op.f("ix_contract_registrations_due_at_id"), "contract_registrations", ["due_at", "id"])
    op.create_index(op.f("ix_contract_registrations_filed_by"), "contract_registrations", ["filed_by"])
    op.create_index(
        "uq_contract_registrations_live",
        "contract_registrations",
        ["contract_id"],
        unique=True,
        postgresql_where=sa.text("state in ('filed', 'returned', 'registered')"),
    )
    grant_table("contract_registrations")


def _rewards() -> None:
    op.create_table(
        "contract_rewards",
        sa.Column("contract_id", sa.Uuid(), nullable=False),
        sa.Column("income_fen", sa.BigInteger(), nullable=False),
        sa.Column("costs_fen", sa.BigInteger(), nullable=False),
        sa.Column("net_fen", sa.BigInteger(), nullable=False),
        sa.Column("inventors_fen", sa.BigInteger(), nullable=False),
        sa.Column("least_percent", sa.BigInteger(), nullable=False),
        sa.Column("rule_source", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "costs_fen between 0 and income_fen and income_fen > 0", name=op.f("ck_contract_rewards_amounts")
        ),
        sa.CheckConstraint(
            "inventors_fen <= net_fen and inventors_fen * 100 >= net_fen * least_percent",
            name=op.f("ck_contract_rewards_share"),
        ),
        sa.CheckConstraint("least_percent between 1 and 100", name=op.f("ck_contract_rewards_least_percent")),
        sa.CheckConstraint("net_fen = income_fen - costs_fen and net_fen > 0", name=op.f("ck_contract_rewards_net")),
        sa.ForeignKeyConstraint(["contract_id"], ["contracts.id"], name=op.f("fk_contract_rewards_contract_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["accounts.id"], name=op.f("fk_contract_rewards_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_rewards")),
    )
    op.create_index(op.f("ix_contract_rewards_contract_id"), "contract_rewards", ["contract_id"])
    op.create_index(op.f("ix_contract_rewards_recorded_by"), "contract_rewards", ["recorded_by"])
    grant_table("contract_rewards")


def _shares() -> None:
    op.create_table(
        "contract_reward_shares",
        sa.Column("reward_id", sa.Uuid(), nullable=False),
        sa.Column("institute_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("weight > 0 and amount_fen >= 0", name=op.f("ck_contract_reward_shares_amounts")),
        sa.ForeignKeyConstraint(
            ["institute_id"], ["institutes.id"], name=op.f("fk_contract_reward_shares_institute_id")
        ),
        sa.ForeignKeyConstraint(
            ["reward_id"], ["contract_rewards.id"], name=op.f("fk_contract_reward_shares_reward_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_reward_shares")),
        sa.UniqueConstraint("reward_id", "position", name=op.f("uq_contract_reward_shares_reward_id_position")),
    )
    op.create_index(op.f("ix_contract_reward_shares_institute_id"), "contract_reward_shares", ["institute_id"])
    grant_table("contract_reward_shares")


def downgrade() -> None:
    op.execute("UPDATE needs SET state = 'selected' WHERE state IN ('contracted', 'delivered', 'accepted')")
    _know(STEPS, " NOT VALID")
    for table in (
        "contract_reward_shares",
        "contract_rewards",
        "contract_registrations",
        "contract_parties",
        "contract_milestones",
        "contract_follow_ups",
        "cash_receipts",
        "contracts",
    ):
        op.drop_table(table)
    op.execute("DROP SEQUENCE contract_number_seq")


def _know(steps: str, validity: str = "") -> None:
    op.drop_constraint(op.f("ck_need_transitions_step"), "need_transitions", type_="check")
    # The history keeps its rows on the way back: the constraint then speaks of new ones alone.
    op.execute(
        "ALTER TABLE need_transitions ADD CONSTRAINT ck_need_transitions_step"
        f" CHECK ((action, from_state, to_state) IN ({steps})){validity}"
    )
