"""Awards: tranches, payments with the bank's files, reconciliation, clawbacks and effects

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.grants import grant_history, grant_sequence, grant_table

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

SEQUENCES = ("award_number_seq", "award_payment_number_seq", "payment_batch_number_seq", "clawback_number_seq")
EDITED = (
    "awards", "award_tranches", "award_parts", "award_documents", "bank_accounts", "payment_batches", "award_payments",
    "clawbacks", "award_effects", "reconciliation_items",
)  # fmt: skip
HISTORY = ("award_beneficiaries", "payment_answers", "clawback_recoveries", "bank_statements")
# Looked at when the transaction ends, so that a plan may be replaced row by row.
ADDS_UP = """
CREATE FUNCTION award_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one uuid := (to_jsonb(COALESCE(NEW, OLD)) ->> TG_ARGV[0])::uuid;
BEGIN
    IF EXISTS (
        SELECT FROM awards AS award WHERE award.id = one AND (
            award.amount_fen <> (SELECT COALESCE(sum(amount_fen), 0) FROM award_tranches WHERE award_id = one)
            OR award.amount_fen <> (SELECT COALESCE(sum(share_fen), 0) FROM award_beneficiaries WHERE award_id = one)
        )
    ) OR EXISTS (
        SELECT FROM award_tranches AS tranche WHERE tranche.award_id = one AND tranche.amount_fen <>
            (SELECT COALESCE(sum(amount_fen), 0) FROM award_parts WHERE tranche_id = tranche.id)
    ) OR EXISTS (
        SELECT FROM award_beneficiaries AS owner WHERE owner.award_id = one AND owner.share_fen <>
            (SELECT COALESCE(sum(amount_fen), 0) FROM award_parts WHERE award_id = one AND enterprise_id = owner.enterprise_id)
    ) THEN
        RAISE EXCEPTION 'the tranches and shares of the award % do not add up to it', one
            USING ERRCODE = 'check_violation', CONSTRAINT = 'award_adds_up';
    END IF;
    RETURN NULL;
END
$$
"""
TRIGGER = """
CREATE CONSTRAINT TRIGGER award_adds_up AFTER INSERT OR UPDATE OF {columns} OR DELETE ON {table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION award_adds_up('{key}')
"""
ADDING_UP = {
    "awards": ("id", "amount_fen"),
    "award_beneficiaries": ("award_id", "share_fen"),
    "award_tranches": ("award_id", "amount_fen, award_id"),
    "award_parts": ("award_id", "amount_fen, award_id, tranche_id, enterprise_id"),
}


def upgrade() -> None:
    for sequence in SEQUENCES:
        op.execute(f"CREATE SEQUENCE {sequence}")
    grant_sequence(*SEQUENCES)
    _payment_answers()
    _bank_accounts()
    _bank_statements()
    _payment_batches()
    _reconciliation_items()
    _awards()
    _award_beneficiaries()
    _award_effects()
    _award_tranches()
    _award_documents()
    _award_parts()
    _award_payments()
    _clawbacks()
    _clawback_recoveries()
    grant_table(*EDITED)
    grant_history(*HISTORY)
    op.execute(ADDS_UP)
    for table, (key, columns) in ADDING_UP.items():
        op.execute(TRIGGER.format(table=table, key=key, columns=columns))


def _payment_answers() -> None:
    op.create_table('payment_answers',
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('lines', sa.BigInteger(), nullable=False),
    sa.Column('settled', sa.BigInteger(), nullable=False),
    sa.Column('refused', sa.BigInteger(), nullable=False),
    sa.Column('doubtful', sa.BigInteger(), nullable=False),
    sa.Column('changed', sa.BigInteger(), nullable=False),
    sa.Column('imported_by', sa.Uuid(), nullable=False),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f('ck_payment_answers_sha256')),
    sa.CheckConstraint('settled + refused + doubtful = lines AND changed BETWEEN 0 AND lines', name=op.f('ck_payment_answers_adds_up')),
    sa.ForeignKeyConstraint(['imported_by'], ['accounts.id'], name=op.f('fk_payment_answers_imported_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_answers')),
    sa.UniqueConstraint('sha256', name=op.f('uq_payment_answers_sha256'))
    )
    op.create_index(op.f('ix_payment_answers_imported_by'), 'payment_answers', ['imported_by'])


def _bank_accounts() -> None:
    op.create_table('bank_accounts',
    sa.Column('enterprise_id', sa.Uuid(), nullable=False),
    sa.Column('details_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('tail', sa.Text(), nullable=False),
    sa.Column('entered_by', sa.Uuid(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('length(tail) <= 4', name=op.f('ck_bank_accounts_tail')),
    sa.ForeignKeyConstraint(['entered_by'], ['accounts.id'], name=op.f('fk_bank_accounts_entered_by')),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprises.id'], name=op.f('fk_bank_accounts_enterprise_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bank_accounts'))
    )
    op.create_index(op.f('ix_bank_accounts_entered_by'), 'bank_accounts', ['entered_by'])
    op.create_index(op.f('ix_bank_accounts_enterprise_id_id'), 'bank_accounts', ['enterprise_id', 'id'])


def _bank_statements() -> None:
    op.create_table('bank_statements',
    sa.Column('fund_id', sa.Uuid(), nullable=False),
    sa.Column('since_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('lines', sa.BigInteger(), nullable=False),
    sa.Column('matched', sa.BigInteger(), nullable=False),
    sa.Column('differences', sa.BigInteger(), nullable=False),
    sa.Column('imported_by', sa.Uuid(), nullable=False),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f('ck_bank_statements_sha256')),
    sa.CheckConstraint('since_on <= until_on', name=op.f('ck_bank_statements_days')),
    sa.ForeignKeyConstraint(['fund_id'], ['funds.id'], name=op.f('fk_bank_statements_fund_id')),
    sa.ForeignKeyConstraint(['imported_by'], ['accounts.id'], name=op.f('fk_bank_statements_imported_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bank_statements')),
    sa.UniqueConstraint('fund_id', 'sha256', name=op.f('uq_bank_statements_fund_id_sha256'))
    )
    op.create_index(op.f('ix_bank_statements_fund_id_since_on'), 'bank_statements', ['fund_id', 'since_on'])
    op.create_index(op.f('ix_bank_statements_imported_by'), 'bank_statements', ['imported_by'])


def _payment_batches() -> None:
    op.create_table('payment_batches',
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('fund_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('lines', sa.BigInteger(), nullable=False),
    sa.Column('sum_fen', sa.BigInteger(), nullable=False),
    sa.Column('instructed_by', sa.Uuid(), nullable=False),
    sa.Column('exported_by', sa.Uuid(), nullable=True),
    sa.Column('exported_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sha256', sa.Text(), nullable=True),
    sa.Column('file_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("num_nonnulls(exported_by, exported_at, sha256, file_sealed) = CASE state WHEN 'exported' THEN 4 ELSE 0 END", name=op.f('ck_payment_batches_exported')),
    sa.CheckConstraint("state IN ('exported', 'proposed', 'withdrawn')", name=op.f('ck_payment_batches_state')),
    sa.CheckConstraint('exported_by <> instructed_by', name=op.f('ck_payment_batches_two_people')),
    sa.CheckConstraint('lines > 0 AND sum_fen > 0', name=op.f('ck_payment_batches_amounts')),
    sa.ForeignKeyConstraint(['exported_by'], ['accounts.id'], name=op.f('fk_payment_batches_exported_by')),
    sa.ForeignKeyConstraint(['fund_id'], ['funds.id'], name=op.f('fk_payment_batches_fund_id')),
    sa.ForeignKeyConstraint(['instructed_by'], ['accounts.id'], name=op.f('fk_payment_batches_instructed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_batches')),
    sa.UniqueConstraint('number', name=op.f('uq_payment_batches_number'))
    )
    op.create_index(op.f('ix_payment_batches_exported_by'), 'payment_batches', ['exported_by'])
    op.create_index(op.f('ix_payment_batches_fund_id_created_at_id'), 'payment_batches', ['fund_id', 'created_at', 'id'])
    op.create_index(op.f('ix_payment_batches_instructed_by'), 'payment_batches', ['instructed_by'])


def _reconciliation_items() -> None:
    op.create_table('reconciliation_items',
    sa.Column('statement_id', sa.Uuid(), nullable=False),
    sa.Column('direction', sa.Text(), nullable=False),
    sa.Column('bank_ref', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('ours_fen', sa.BigInteger(), nullable=True),
    sa.Column('theirs_fen', sa.BigInteger(), nullable=True),
    sa.Column('found_by', sa.Uuid(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('resolved_by', sa.Uuid(), nullable=True),
    sa.Column('resolved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(kind = 'matched') = coalesce(ours_fen = theirs_fen, false)", name=op.f('ck_reconciliation_items_matched')),
    sa.CheckConstraint("direction IN ('out', 'in')", name=op.f('ck_reconciliation_items_direction')),
    sa.CheckConstraint("kind IN ('matched', 'missing', 'surplus', 'amount_differs')", name=op.f('ck_reconciliation_items_kind')),
    sa.CheckConstraint("num_nonnulls(resolved_by, resolved_at, reason) IN (0, 3) AND (kind <> 'matched' OR resolved_at IS NULL)", name=op.f('ck_reconciliation_items_resolved')),
    sa.CheckConstraint('ours_fen > 0 AND theirs_fen > 0 AND num_nonnulls(ours_fen, theirs_fen) > 0', name=op.f('ck_reconciliation_items_amounts')),
    sa.CheckConstraint('resolved_by <> found_by', name=op.f('ck_reconciliation_items_two_people')),
    sa.ForeignKeyConstraint(['found_by'], ['accounts.id'], name=op.f('fk_reconciliation_items_found_by')),
    sa.ForeignKeyConstraint(['resolved_by'], ['accounts.id'], name=op.f('fk_reconciliation_items_resolved_by')),
    sa.ForeignKeyConstraint(['statement_id'], ['bank_statements.id'], name=op.f('fk_reconciliation_items_statement_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reconciliation_items')),
    sa.UniqueConstraint('statement_id', 'direction', 'bank_ref', name=op.f('uq_reconciliation_items_statement_id_direction_bank_ref'))
    )
    op.create_index(op.f('ix_reconciliation_items_found_at_id'), 'reconciliation_items', ['found_at', 'id'])
    op.create_index(op.f('ix_reconciliation_items_found_by'), 'reconciliation_items', ['found_by'])
    op.create_index(op.f('ix_reconciliation_items_resolved_by'), 'reconciliation_items', ['resolved_by'])


def _awards() -> None:
    op.create_table('awards',
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('selection_id', sa.Uuid(), nullable=False),
    sa.Column('announcement_id', sa.Uuid(), nullable=False),
    sa.Column('fund_id', sa.Uuid(), nullable=False),
    sa.Column('hold_id', sa.Uuid(), nullable=False),
    sa.Column('policy_version_id', sa.Uuid(), nullable=False),
    sa.Column('receipt_id', sa.Uuid(), nullable=False),
    sa.Column('amount_fen', sa.BigInteger(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('effect_months', postgresql.ARRAY(sa.Integer()), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_by', sa.Uuid(), nullable=True),
    sa.Column('closing_reason', sa.Text(), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('amount_fen > 0', name=op.f('ck_awards_amount')),
    sa.CheckConstraint('num_nonnulls(closed_at, closed_by, closing_reason) IN (0, 3)', name=op.f('ck_awards_closed')),
    sa.ForeignKeyConstraint(['announcement_id'], ['announcements.id'], name=op.f('fk_awards_announcement_id')),
    sa.ForeignKeyConstraint(['application_id'], ['grant_applications.id'], name=op.f('fk_awards_application_id')),
    sa.ForeignKeyConstraint(['closed_by'], ['accounts.id'], name=op.f('fk_awards_closed_by')),
    sa.ForeignKeyConstraint(['fund_id'], ['funds.id'], name=op.f('fk_awards_fund_id')),
    sa.ForeignKeyConstraint(['hold_id'], ['fund_holds.id'], name=op.f('fk_awards_hold_id')),
    sa.ForeignKeyConstraint(['policy_version_id'], ['policy_versions.id'], name=op.f('fk_awards_policy_version_id')),
    sa.ForeignKeyConstraint(['receipt_id'], ['evaluation_receipts.id'], name=op.f('fk_awards_receipt_id')),
    sa.ForeignKeyConstraint(['round_id'], ['grant_rounds.id'], name=op.f('fk_awards_round_id')),
    sa.ForeignKeyConstraint(['selection_id'], ['grant_selections.id'], name=op.f('fk_awards_selection_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_awards')),
    sa.UniqueConstraint('application_id', name=op.f('uq_awards_application_id')),
    sa.UniqueConstraint('hold_id', name=op.f('uq_awards_hold_id')),
    sa.UniqueConstraint('number', name=op.f('uq_awards_number'))
    )
    op.create_index(op.f('ix_awards_announcement_id'), 'awards', ['announcement_id'])
    op.create_index(op.f('ix_awards_closed_by'), 'awards', ['closed_by'])
    op.create_index(op.f('ix_awards_fund_id_decided_at_id'), 'awards', ['fund_id', 'decided_at', 'id'])
    op.create_index(op.f('ix_awards_policy_version_id'), 'awards', ['policy_version_id'])
    op.create_index(op.f('ix_awards_receipt_id'), 'awards', ['receipt_id'])
    op.create_index(op.f('ix_awards_round_id'), 'awards', ['round_id'])
    op.create_index(op.f('ix_awards_selection_id'), 'awards', ['selection_id'])


def _award_beneficiaries() -> None:
    op.create_table('award_beneficiaries',
    sa.Column('award_id', sa.Uuid(), nullable=False),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False),
    sa.Column('ordinal', sa.BigInteger(), nullable=False),
    sa.Column('share_fen', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('share_fen > 0', name=op.f('ck_award_beneficiaries_share')),
    sa.ForeignKeyConstraint(['award_id'], ['awards.id'], name=op.f('fk_award_beneficiaries_award_id')),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprises.id'], name=op.f('fk_award_beneficiaries_enterprise_id')),
    sa.PrimaryKeyConstraint('award_id', 'enterprise_id', name=op.f('pk_award_beneficiaries'))
    )
    op.create_index(op.f('ix_award_beneficiaries_enterprise_id_award_id'), 'award_beneficiaries', ['enterprise_id', 'award_id'])


def _award_effects() -> None:
    op.create_table('award_effects',
    sa.Column('award_id', sa.Uuid(), nullable=False),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False),
    sa.Column('months', sa.BigInteger(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('revenue_fen', sa.BigInteger(), nullable=True),
    sa.Column('contracts_fen', sa.BigInteger(), nullable=True),
    sa.Column('jobs', sa.BigInteger(), nullable=True),
    sa.Column('as_of_on', sa.Date(), nullable=True),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('reported_by', sa.Uuid(), nullable=True),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('CASE WHEN reported_at IS NULL THEN num_nonnulls(revenue_fen, contracts_fen, jobs, as_of_on, source, reported_by) = 0 ELSE num_nonnulls(revenue_fen, contracts_fen, jobs) > 0 AND num_nonnulls(as_of_on, source, reported_by) = 3 END', name=op.f('ck_award_effects_reported')),
    sa.CheckConstraint('months > 0', name=op.f('ck_award_effects_months')),
    sa.CheckConstraint('revenue_fen >= 0 AND contracts_fen >= 0 AND jobs >= 0', name=op.f('ck_award_effects_values')),
    sa.ForeignKeyConstraint(['award_id'], ['awards.id'], name=op.f('fk_award_effects_award_id')),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprises.id'], name=op.f('fk_award_effects_enterprise_id')),
    sa.ForeignKeyConstraint(['reported_by'], ['accounts.id'], name=op.f('fk_award_effects_reported_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_effects'))
    )
    op.create_index(op.f('ix_award_effects_due_on_id'), 'award_effects', ['due_on', 'id'])
    op.create_index(op.f('ix_award_effects_enterprise_id_due_on'), 'award_effects', ['enterprise_id', 'due_on'])
    op.create_index(op.f('ix_award_effects_reported_by'), 'award_effects', ['reported_by'])
    op.create_index('uq_award_effects_due', 'award_effects', ['award_id', 'enterprise_id', 'months'], unique=True)


def _award_tranches() -> None:
    op.create_table('award_tranches',
    sa.Column('award_id', sa.Uuid(), nullable=False),
    sa.Column('ordinal', sa.BigInteger(), nullable=False),
    sa.Column('amount_fen', sa.BigInteger(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('conditions', postgresql.JSONB(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('claimed_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("state IN ('approved', 'cancelled', 'claimed', 'paid', 'paying', 'planned')", name=op.f('ck_award_tranches_state')),
    sa.CheckConstraint('amount_fen > 0 AND ordinal > 0', name=op.f('ck_award_tranches_amount')),
    sa.ForeignKeyConstraint(['award_id'], ['awards.id'], name=op.f('fk_award_tranches_award_id')),
    sa.ForeignKeyConstraint(['claimed_by'], ['accounts.id'], name=op.f('fk_award_tranches_claimed_by')),
    sa.ForeignKeyConstraint(['decided_by'], ['accounts.id'], name=op.f('fk_award_tranches_decided_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_tranches')),
    sa.UniqueConstraint('award_id', 'ordinal', name=op.f('uq_award_tranches_award_id_ordinal')),
    sa.UniqueConstraint('id', 'award_id', name=op.f('uq_award_tranches_id_award_id'))
    )
    op.create_index(op.f('ix_award_tranches_claimed_by'), 'award_tranches', ['claimed_by'])
    op.create_index(op.f('ix_award_tranches_decided_by'), 'award_tranches', ['decided_by'])
    op.create_index(op.f('ix_award_tranches_state_due_on_id'), 'award_tranches', ['state', 'due_on', 'id'])


def _award_documents() -> None:
    op.create_table('award_documents',
    sa.Column('tranche_id', sa.Uuid(), nullable=False),
    sa.Column('condition', sa.BigInteger(), nullable=False),
    sa.Column('file_id', sa.Uuid(), nullable=False),
    sa.Column('attached_by', sa.Uuid(), nullable=False),
    sa.Column('attached_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['attached_by'], ['accounts.id'], name=op.f('fk_award_documents_attached_by')),
    sa.ForeignKeyConstraint(['file_id'], ['files.id'], name=op.f('fk_award_documents_file_id')),
    sa.ForeignKeyConstraint(['tranche_id'], ['award_tranches.id'], name=op.f('fk_award_documents_tranche_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_documents'))
    )
    op.create_index(op.f('ix_award_documents_attached_by'), 'award_documents', ['attached_by'])
    op.create_index(op.f('ix_award_documents_file_id'), 'award_documents', ['file_id'])
    op.create_index(op.f('ix_award_documents_tranche_id_id'), 'award_documents', ['tranche_id', 'id'])


def _award_parts() -> None:
    op.create_table('award_parts',
    sa.Column('tranche_id', sa.Uuid(), nullable=False),
    sa.Column('award_id', sa.Uuid(), nullable=False),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False),
    sa.Column('amount_fen', sa.BigInteger(), nullable=False),
    sa.Column('hold_id', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('amount_fen > 0', name=op.f('ck_award_parts_amount')),
    sa.ForeignKeyConstraint(['award_id', 'enterprise_id'], ['award_beneficiaries.award_id', 'award_beneficiaries.enterprise_id'], name=op.f('fk_award_parts_award_id_enterprise_id')),
    sa.ForeignKeyConstraint(['hold_id'], ['fund_holds.id'], name=op.f('fk_award_parts_hold_id')),
    sa.ForeignKeyConstraint(['tranche_id', 'award_id'], ['award_tranches.id', 'award_tranches.award_id'], name=op.f('fk_award_parts_tranche_id_award_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_parts')),
    sa.UniqueConstraint('hold_id', name=op.f('uq_award_parts_hold_id')),
    sa.UniqueConstraint('tranche_id', 'enterprise_id', name=op.f('uq_award_parts_tranche_id_enterprise_id'))
    )
    op.create_index(op.f('ix_award_parts_award_id_enterprise_id'), 'award_parts', ['award_id', 'enterprise_id'])


def _award_payments() -> None:
    op.create_table('award_payments',
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('batch_id', sa.Uuid(), nullable=False),
    sa.Column('part_id', sa.Uuid(), nullable=False),
    sa.Column('award_id', sa.Uuid(), nullable=False),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('amount_fen', sa.BigInteger(), nullable=False),
    sa.Column('clawed_fen', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('bank_ref', sa.Text(), nullable=True),
    sa.Column('settled_on', sa.Date(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('transfer_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("CASE state WHEN 'settled' THEN num_nonnulls(bank_ref, settled_on, transfer_id, answered_at) = 4 ELSE num_nonnulls(settled_on, transfer_id) = 0 END", name=op.f('ck_award_payments_settled')),
    sa.CheckConstraint("clawed_fen = 0 OR state = 'settled'", name=op.f('ck_award_payments_clawed')),
    sa.CheckConstraint("state IN ('exported', 'instructed', 'refused', 'settled', 'unknown', 'withdrawn')", name=op.f('ck_award_payments_state')),
    sa.CheckConstraint('amount_fen > 0 AND clawed_fen BETWEEN 0 AND amount_fen', name=op.f('ck_award_payments_amounts')),
    sa.ForeignKeyConstraint(['account_id'], ['bank_accounts.id'], name=op.f('fk_award_payments_account_id')),
    sa.ForeignKeyConstraint(['award_id'], ['awards.id'], name=op.f('fk_award_payments_award_id')),
    sa.ForeignKeyConstraint(['batch_id'], ['payment_batches.id'], name=op.f('fk_award_payments_batch_id')),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprises.id'], name=op.f('fk_award_payments_enterprise_id')),
    sa.ForeignKeyConstraint(['part_id'], ['award_parts.id'], name=op.f('fk_award_payments_part_id')),
    sa.ForeignKeyConstraint(['transfer_id'], ['fund_transfers.id'], name=op.f('fk_award_payments_transfer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_payments')),
    sa.UniqueConstraint('bank_ref', name=op.f('uq_award_payments_bank_ref')),
    sa.UniqueConstraint('reference', name=op.f('uq_award_payments_reference')),
    sa.UniqueConstraint('transfer_id', name=op.f('uq_award_payments_transfer_id'))
    )
    op.create_index(op.f('ix_award_payments_account_id'), 'award_payments', ['account_id'])
    op.create_index(op.f('ix_award_payments_award_id'), 'award_payments', ['award_id'])
    op.create_index(op.f('ix_award_payments_batch_id'), 'award_payments', ['batch_id'])
    op.create_index(op.f('ix_award_payments_enterprise_id_id'), 'award_payments', ['enterprise_id', 'id'])
    op.create_index(op.f('ix_award_payments_state_created_at_id'), 'award_payments', ['state', 'created_at', 'id'])
    op.create_index('uq_award_payments_live', 'award_payments', ['part_id'], unique=True, postgresql_where=sa.text("state NOT IN ('refused', 'withdrawn')"))


def _clawbacks() -> None:
    op.create_table('clawbacks',
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('payment_id', sa.Uuid(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('amount_fen', sa.BigInteger(), nullable=False),
    sa.Column('recovered_fen', sa.BigInteger(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('proposed_by', sa.Uuid(), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("CASE state WHEN 'partly' THEN recovered_fen > 0 AND recovered_fen < amount_fen WHEN 'recovered' THEN recovered_fen = amount_fen ELSE recovered_fen = 0 END", name=op.f('ck_clawbacks_recovered')),
    sa.CheckConstraint("num_nonnulls(decided_by, decided_at) = CASE state WHEN 'proposed' THEN 0 ELSE 2 END", name=op.f('ck_clawbacks_decided')),
    sa.CheckConstraint("reason IN ('objective_missed', 'false_information', 'misused', 'moved_away', 'paid_twice', 'paid_in_error', 'other')", name=op.f('ck_clawbacks_reason')),
    sa.CheckConstraint("state IN ('declined', 'expected', 'partly', 'proposed', 'recovered')", name=op.f('ck_clawbacks_state')),
    sa.CheckConstraint('amount_fen > 0 AND recovered_fen BETWEEN 0 AND amount_fen', name=op.f('ck_clawbacks_amounts')),
    sa.CheckConstraint('decided_by <> proposed_by', name=op.f('ck_clawbacks_two_people')),
    sa.ForeignKeyConstraint(['decided_by'], ['accounts.id'], name=op.f('fk_clawbacks_decided_by')),
    sa.ForeignKeyConstraint(['payment_id'], ['award_payments.id'], name=op.f('fk_clawbacks_payment_id')),
    sa.ForeignKeyConstraint(['proposed_by'], ['accounts.id'], name=op.f('fk_clawbacks_proposed_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clawbacks')),
    sa.UniqueConstraint('number', name=op.f('uq_clawbacks_number'))
    )
    op.create_index(op.f('ix_clawbacks_decided_by'), 'clawbacks', ['decided_by'])
    op.create_index(op.f('ix_clawbacks_payment_id'), 'clawbacks', ['payment_id'])
    op.create_index(op.f('ix_clawbacks_proposed_by'), 'clawbacks', ['proposed_by'])
    op.create_index(op.f('ix_clawbacks_state_due_on_id'), 'clawbacks', ['state', 'due_on', 'id'])


def _clawback_recoveries() -> None:
    op.create_table('clawback_recoveries',
    sa.Column('clawback_id', sa.Uuid(), nullable=False),
    sa.Column('amount_fen', sa.BigInteger(), nullable=False),
    sa.Column('bank_ref', sa.Text(), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('transfer_id', sa.Uuid(), nullable=False),
    sa.Column('recorded_by', sa.Uuid(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('amount_fen > 0', name=op.f('ck_clawback_recoveries_amount')),
    sa.ForeignKeyConstraint(['clawback_id'], ['clawbacks.id'], name=op.f('fk_clawback_recoveries_clawback_id')),
    sa.ForeignKeyConstraint(['recorded_by'], ['accounts.id'], name=op.f('fk_clawback_recoveries_recorded_by')),
    sa.ForeignKeyConstraint(['transfer_id'], ['fund_transfers.id'], name=op.f('fk_clawback_recoveries_transfer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clawback_recoveries')),
    sa.UniqueConstraint('bank_ref', name=op.f('uq_clawback_recoveries_bank_ref')),
    sa.UniqueConstraint('transfer_id', name=op.f('uq_clawback_recoveries_transfer_id'))
    )
    op.create_index(op.f('ix_clawback_recoveries_clawback_id_id'), 'clawback_recoveries', ['clawback_id', 'id'])
    op.create_index(op.f('ix_clawback_recoveries_recorded_by'), 'clawback_recoveries', ['recorded_by'])


def downgrade() -> None:
    for table in (
        "clawback_recoveries", "clawbacks", "award_payments", "award_parts", "award_documents", "award_tranches", "award_effects", "award_beneficiaries", "awards", "reconciliation_items", "payment_batches", "bank_statements", "bank_accounts", "payment_answers",
    ):
        op.drop_table(table)
    op.execute("DROP FUNCTION award_adds_up()")
    for sequence in SEQUENCES:
        op.execute(f"DROP SEQUENCE {sequence}")
