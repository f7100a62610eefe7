"""Equity and credit: deals, committees and what became of investments; scorecards, scores and hand-overs to banks

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.grants import grant_history, grant_sequence, grant_table

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

SEQUENCES = ("equity_deal_number_seq", "credit_handover_number_seq")
EDITED = (
    "equity_deals", "equity_calls", "equity_diligence_items", "equity_entries", "equity_meetings", "equity_conditions",
    "credit_handovers",
)  # fmt: skip
HISTORY = ("equity_committees", "equity_votes", "equity_minutes", "credit_scorecards", "credit_scores")
# Looked at when the transaction ends: by then the deal knows its commitment. Its own constraints hold what that takes.
DECIDED = """
CREATE FUNCTION equity_commitment_is_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM funds WHERE id = NEW.fund_id AND kind = 'equity')
       AND NOT EXISTS (SELECT FROM equity_deals WHERE commitment_id = NEW.id) THEN
        RAISE EXCEPTION 'transfer % commits money of an equity fund to no deal that was decided', NEW.number
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$
"""
TRIGGER = """
CREATE CONSTRAINT TRIGGER equity_commitment_is_decided AFTER INSERT ON fund_transfers DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (NEW.kind = 'commit') EXECUTE FUNCTION equity_commitment_is_decided()
"""


def upgrade() -> None:
    for sequence in SEQUENCES:
        op.execute(f"CREATE SEQUENCE {sequence}")
    _tables()
    op.create_foreign_key(
        op.f("fk_equity_deals_meeting_id"), "equity_deals", "equity_meetings", ["meeting_id"], ["id"]
    )
    grant_table(*EDITED)
    grant_history(*HISTORY)
    grant_sequence(*SEQUENCES)
    op.execute(DECIDED)
    op.execute(TRIGGER)


def _tables() -> None:
    op.create_table('credit_scorecards',
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('title_zh', sa.Text(), nullable=False),
    sa.Column('title_en', sa.Text(), nullable=False),
    sa.Column('since_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('shape', sa.Text(), nullable=True),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('source_as_of_on', sa.Date(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('loaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('loaded_by', sa.Uuid(), nullable=True),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("sha256 = encode(sha256(convert_to(content, 'UTF8')), 'hex')", name=op.f('ck_credit_scorecards_sha256')),
    sa.CheckConstraint('until_on IS NULL OR since_on <= until_on', name=op.f('ck_credit_scorecards_days')),
    sa.ForeignKeyConstraint(['loaded_by'], ['accounts.id'], name=op.f('fk_credit_scorecards_loaded_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_credit_scorecards'))
    )
    op.create_index(op.f('ix_credit_scorecards_key_since_on_id'), 'credit_scorecards', ['key', 'since_on', 'id'], unique=False)
    op.create_index(op.f('ix_credit_scorecards_loaded_by'), 'credit_scorecards', ['loaded_by'], unique=False)
    op.create_index('uq_credit_scorecards_key_sha256', 'credit_scorecards', ['key', 'sha256'], unique=True)
    op.create_table('credit_scores',
    sa.Column('enterprise_id', sa.Uuid(), nullable=False),
    sa.Column('scorecard_id', sa.Uuid(), nullable=False),
    sa.Column('as_of_on', sa.Date(), nullable=False),
    sa.Column('group_key', sa.Text(), nullable=True),
    sa.Column('hundredths', sa.BigInteger(), nullable=True),
    sa.Column('least_hundredths', sa.BigInteger(), nullable=True),
    sa.Column('most_hundredths', sa.BigInteger(), nullable=True),
    sa.Column('missing', postgresql.ARRAY(sa.String()), nullable=False),
    sa.Column('lines', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('given', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('scored_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('scored_by', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(group_key IS NULL) = (least_hundredths IS NULL)', name=op.f('ck_credit_scores_group')),
    sa.CheckConstraint('(hundredths IS NULL) = (cardinality(missing) > 0)', name=op.f('ck_credit_scores_missing')),
    sa.CheckConstraint('hundredths IS NULL OR (hundredths = least_hundredths AND hundredths = most_hundredths)', name=op.f('ck_credit_scores_whole')),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprises.id'], name=op.f('fk_credit_scores_enterprise_id')),
    sa.ForeignKeyConstraint(['scorecard_id'], ['credit_scorecards.id'], name=op.f('fk_credit_scores_scorecard_id')),
    sa.ForeignKeyConstraint(['scored_by'], ['accounts.id'], name=op.f('fk_credit_scores_scored_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_credit_scores'))
    )
    op.create_index(op.f('ix_credit_scores_enterprise_id_scored_at_id'), 'credit_scores', ['enterprise_id', 'scored_at', 'id'], unique=False)
    op.create_index(op.f('ix_credit_scores_scorecard_id'), 'credit_scores', ['scorecard_id'], unique=False)
    op.create_index(op.f('ix_credit_scores_scored_by'), 'credit_scores', ['scored_by'], unique=False)
    op.create_table('equity_committees',
    sa.Column('fund_id', sa.Uuid(), nullable=False),
    sa.Column('members', postgresql.ARRAY(sa.Uuid()), nullable=False),
    sa.Column('quorum', sa.BigInteger(), nullable=False),
    sa.Column('approval_basis_points', sa.BigInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('set_by', sa.Uuid(), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('approval_basis_points BETWEEN 1 AND 10000', name=op.f('ck_equity_committees_majority')),
    sa.CheckConstraint('quorum BETWEEN 1 AND cardinality(members)', name=op.f('ck_equity_committees_quorum')),
    sa.ForeignKeyConstraint(['fund_id'], ['funds.id'], name=op.f('fk_equity_committees_fund_id')),
    sa.ForeignKeyConstraint(['set_by'], ['accounts.id'], name=op.f('fk_equity_committees_set_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_equity_committees'))
    )
    op.create_index(op.f('ix_equity_committees_fund_id_set_at_id'), 'equity_committees', ['fund_id', 'set_at', 'id'], unique=False)
    op.create_index(op.f('ix_equity_committees_set_by'), 'equity_committees', ['set_by'], unique=False)
    op.create_table('credit_handovers',
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False),
    sa.Column('need_id', sa.Uuid(), nullable=True),
    sa.Column('product_key', sa.Text(), nullable=False),
    sa.Column('wish', sa.Text(), nullable=False),
    sa.Column('consented_by', sa.Uuid(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('bank', sa.Text(), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asked_by', sa.Uuid(), nullable=True),
    sa.Column('answer_days', sa.BigInteger(), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('said_on', sa.Date(), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('recorded_by', sa.Uuid(), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(state IN ('taken', 'declined')) = (num_nonnulls(said_on, recorded_by) = 2)", name=op.f('ck_credit_handovers_answered')),
    sa.CheckConstraint("state IN ('asked', 'consented', 'declined', 'taken', 'withdrawn')", name=op.f('ck_credit_handovers_state')),
    sa.CheckConstraint("state NOT IN ('asked', 'taken', 'declined') OR asked_at IS NOT NULL", name=op.f('ck_credit_handovers_asked_first')),
    sa.CheckConstraint('due_at > asked_at AND answer_days > 0', name=op.f('ck_credit_handovers_clock')),
    sa.CheckConstraint('num_nonnulls(bank, asked_at, asked_by, answer_days, due_at) IN (0, 5)', name=op.f('ck_credit_handovers_asked')),
    sa.ForeignKeyConstraint(['asked_by'], ['accounts.id'], name=op.f('fk_credit_handovers_asked_by')),
    sa.ForeignKeyConstraint(['consented_by'], ['accounts.id'], name=op.f('fk_credit_handovers_consented_by')),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprises.id'], name=op.f('fk_credit_handovers_enterprise_id')),
    sa.ForeignKeyConstraint(['need_id'], ['needs.id'], name=op.f('fk_credit_handovers_need_id')),
    sa.ForeignKeyConstraint(['recorded_by'], ['accounts.id'], name=op.f('fk_credit_handovers_recorded_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_credit_handovers')),
    sa.UniqueConstraint('number', name=op.f('uq_credit_handovers_number'))
    )
    op.create_index(op.f('ix_credit_handovers_asked_by'), 'credit_handovers', ['asked_by'], unique=False)
    op.create_index(op.f('ix_credit_handovers_consented_by'), 'credit_handovers', ['consented_by'], unique=False)
    op.create_index(op.f('ix_credit_handovers_enterprise_id_created_at_id'), 'credit_handovers', ['enterprise_id', 'created_at', 'id'], unique=False)
    op.create_index(op.f('ix_credit_handovers_need_id'), 'credit_handovers', ['need_id'], unique=False)
    op.create_index(op.f('ix_credit_handovers_recorded_by'), 'credit_handovers', ['recorded_by'], unique=False)
    op.create_index(op.f('ix_credit_handovers_state_due_at_id'), 'credit_handovers', ['state', 'due_at', 'id'], unique=False)
    op.create_table('equity_deals',
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('fund_id', sa.Uuid(), nullable=False),
    sa.Column('enterprise_id', sa.Uuid(), nullable=False),
    sa.Column('need_id', sa.Uuid(), nullable=True),
    sa.Column('achievement_id', sa.Uuid(), nullable=True),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('asked_fen', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('sourced_by', sa.Uuid(), nullable=False),
    sa.Column('open_items', sa.BigInteger(), nullable=False),
    sa.Column('open_conditions', sa.BigInteger(), nullable=False),
    sa.Column('meeting_id', sa.Uuid(), nullable=True),
    sa.Column('approved_fen', sa.BigInteger(), nullable=True),
    sa.Column('reservation_id', sa.Uuid(), nullable=True),
    sa.Column('order_id', sa.Uuid(), nullable=True),
    sa.Column('terms_fen', sa.BigInteger(), nullable=True),
    sa.Column('stake_basis_points', sa.BigInteger(), nullable=True),
    sa.Column('signed_on', sa.Date(), nullable=True),
    sa.Column('reference', sa.Text(), nullable=True),
    sa.Column('commitment_id', sa.Uuid(), nullable=True),
    sa.Column('agreed_fen', sa.BigInteger(), nullable=False),
    sa.Column('called_fen', sa.BigInteger(), nullable=False),
    sa.Column('paid_fen', sa.BigInteger(), nullable=False),
    sa.Column('sold_fen', sa.BigInteger(), nullable=False),
    sa.Column('written_down_fen', sa.BigInteger(), nullable=False),
    sa.Column('proceeds_fen', sa.BigInteger(), nullable=False),
    sa.Column('recovered_fen', sa.BigInteger(), nullable=False),
    sa.Column('decline_reason', sa.Text(), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(commitment_id IS NULL AND agreed_fen = 0 AND state NOT IN ('agreed', 'invested', 'exited')) OR (meeting_id IS NOT NULL AND open_items = 0 AND open_conditions = 0)", name=op.f('ck_equity_deals_decided')),
    sa.CheckConstraint("(state = 'declined') = (decline_reason IS NOT NULL)", name=op.f('ck_equity_deals_declined')),
    sa.CheckConstraint("state IN ('agreed', 'committee', 'declined', 'due_diligence', 'exited', 'invested', 'screening')", name=op.f('ck_equity_deals_state')),
    sa.CheckConstraint('(meeting_id IS NULL) = (approved_fen IS NULL)', name=op.f('ck_equity_deals_approved')),
    sa.CheckConstraint('(reservation_id IS NULL) = (terms_fen IS NULL) AND (reservation_id IS NULL) = (order_id IS NULL)', name=op.f('ck_equity_deals_terms')),
    sa.CheckConstraint('agreed_fen <= terms_fen', name=op.f('ck_equity_deals_agreed')),
    sa.CheckConstraint('approved_fen > 0 AND terms_fen <= approved_fen', name=op.f('ck_equity_deals_within_approval')),
    sa.CheckConstraint('asked_fen > 0', name=op.f('ck_equity_deals_asked')),
    sa.CheckConstraint('open_items >= 0 AND open_conditions >= 0', name=op.f('ck_equity_deals_open')),
    sa.CheckConstraint('paid_fen BETWEEN 0 AND called_fen AND called_fen <= agreed_fen', name=op.f('ck_equity_deals_drawn')),
    sa.CheckConstraint('recovered_fen BETWEEN 0 AND least(paid_fen, proceeds_fen)', name=op.f('ck_equity_deals_recovered')),
    sa.CheckConstraint('sold_fen >= 0 AND written_down_fen >= 0 AND sold_fen + written_down_fen <= paid_fen', name=op.f('ck_equity_deals_position')),
    sa.CheckConstraint('stake_basis_points BETWEEN 0 AND 10000', name=op.f('ck_equity_deals_stake')),
    sa.ForeignKeyConstraint(['achievement_id'], ['achievements.id'], name=op.f('fk_equity_deals_achievement_id')),
    sa.ForeignKeyConstraint(['commitment_id'], ['fund_transfers.id'], name=op.f('fk_equity_deals_commitment_id')),
    sa.ForeignKeyConstraint(['enterprise_id'], ['enterprises.id'], name=op.f('fk_equity_deals_enterprise_id')),
    sa.ForeignKeyConstraint(['fund_id'], ['funds.id'], name=op.f('fk_equity_deals_fund_id')),
    sa.ForeignKeyConstraint(['need_id'], ['needs.id'], name=op.f('fk_equity_deals_need_id')),
    sa.ForeignKeyConstraint(['order_id'], ['fund_orders.id'], name=op.f('fk_equity_deals_order_id')),
    sa.ForeignKeyConstraint(['reservation_id'], ['fund_transfers.id'], name=op.f('fk_equity_deals_reservation_id')),
    sa.ForeignKeyConstraint(['sourced_by'], ['accounts.id'], name=op.f('fk_equity_deals_sourced_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_equity_deals')),
    sa.UniqueConstraint('number', name=op.f('uq_equity_deals_number'))
    )
    op.create_index(op.f('ix_equity_deals_achievement_id'), 'equity_deals', ['achievement_id'], unique=False)
    op.create_index(op.f('ix_equity_deals_enterprise_id'), 'equity_deals', ['enterprise_id'], unique=False)
    op.create_index(op.f('ix_equity_deals_fund_id_created_at_id'), 'equity_deals', ['fund_id', 'created_at', 'id'], unique=False)
    op.create_index(op.f('ix_equity_deals_meeting_id'), 'equity_deals', ['meeting_id'], unique=False)
    op.create_index(op.f('ix_equity_deals_need_id'), 'equity_deals', ['need_id'], unique=False)
    op.create_index(op.f('ix_equity_deals_order_id'), 'equity_deals', ['order_id'], unique=False)
    op.create_index(op.f('ix_equity_deals_sourced_by'), 'equity_deals', ['sourced_by'], unique=False)
    op.create_index('uq_equity_deals_commitment_id', 'equity_deals', ['commitment_id'], unique=True)
    op.create_index('uq_equity_deals_reservation_id', 'equity_deals', ['reservation_id'], unique=True)
    op.create_table('equity_calls',
    sa.Column('deal_id', sa.Uuid(), nullable=False),
    sa.Column('ordinal', sa.BigInteger(), nullable=False),
    sa.Column('amount_fen', sa.BigInteger(), nullable=False),
    sa.Column('paid_fen', sa.BigInteger(), nullable=False),
    sa.Column('from_subscribers_fen', sa.BigInteger(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('tranche_id', sa.Uuid(), nullable=False),
    sa.Column('order_id', sa.Uuid(), nullable=False),
    sa.Column('payment_id', sa.Uuid(), nullable=True),
    sa.Column('called_by', sa.Uuid(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(paid_fen > 0) = (state = 'paid')", name=op.f('ck_equity_calls_paid')),
    sa.CheckConstraint("(payment_id IS NULL) = (state IN ('called', 'cancelled'))", name=op.f('ck_equity_calls_payment')),
    sa.CheckConstraint("state IN ('called', 'cancelled', 'paid', 'reversed')", name=op.f('ck_equity_calls_state')),
    sa.CheckConstraint('amount_fen > 0 AND paid_fen BETWEEN 0 AND amount_fen', name=op.f('ck_equity_calls_amounts')),
    sa.ForeignKeyConstraint(['called_by'], ['accounts.id'], name=op.f('fk_equity_calls_called_by')),
    sa.ForeignKeyConstraint(['deal_id'], ['equity_deals.id'], name=op.f('fk_equity_calls_deal_id')),
    sa.ForeignKeyConstraint(['order_id'], ['fund_orders.id'], name=op.f('fk_equity_calls_order_id')),
    sa.ForeignKeyConstraint(['payment_id'], ['fund_transfers.id'], name=op.f('fk_equity_calls_payment_id')),
    sa.ForeignKeyConstraint(['tranche_id'], ['fund_transfers.id'], name=op.f('fk_equity_calls_tranche_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_equity_calls')),
    sa.UniqueConstraint('payment_id', name=op.f('uq_equity_calls_payment_id')),
    sa.UniqueConstraint('tranche_id', name=op.f('uq_equity_calls_tranche_id'))
    )
    op.create_index(op.f('ix_equity_calls_called_by'), 'equity_calls', ['called_by'], unique=False)
    op.create_index(op.f('ix_equity_calls_deal_id_ordinal'), 'equity_calls', ['deal_id', 'ordinal'], unique=True)
    op.create_index(op.f('ix_equity_calls_order_id'), 'equity_calls', ['order_id'], unique=False)
    op.create_table('equity_diligence_items',
    sa.Column('deal_id', sa.Uuid(), nullable=False),
    sa.Column('ordinal', sa.BigInteger(), nullable=False),
    sa.Column('topic', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('settled_by', sa.Uuid(), nullable=True),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("outcome IN ('done', 'waived')", name=op.f('ck_equity_diligence_items_outcome')),
    sa.CheckConstraint('(outcome IS NULL) = (settled_by IS NULL) AND (outcome IS NULL) = (words IS NULL)', name=op.f('ck_equity_diligence_items_settled')),
    sa.ForeignKeyConstraint(['deal_id'], ['equity_deals.id'], name=op.f('fk_equity_diligence_items_deal_id')),
    sa.ForeignKeyConstraint(['settled_by'], ['accounts.id'], name=op.f('fk_equity_diligence_items_settled_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_equity_diligence_items'))
    )
    op.create_index(op.f('ix_equity_diligence_items_deal_id_ordinal'), 'equity_diligence_items', ['deal_id', 'ordinal'], unique=True)
    op.create_index(op.f('ix_equity_diligence_items_settled_by'), 'equity_diligence_items', ['settled_by'], unique=False)
    op.create_table('equity_entries',
    sa.Column('deal_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('as_of_on', sa.Date(), nullable=False),
    sa.Column('value_fen', sa.BigInteger(), nullable=False),
    sa.Column('proceeds_fen', sa.BigInteger(), nullable=True),
    sa.Column('recovered_fen', sa.BigInteger(), nullable=False),
    sa.Column('result', postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('entered_by', sa.Uuid(), nullable=False),
    sa.Column('decided_by', sa.Uuid(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(decided_by IS NULL) = (state = 'proposed' OR kind = 'valuation')", name=op.f('ck_equity_entries_decided')),
    sa.CheckConstraint("(kind = 'exit') = (proceeds_fen IS NOT NULL)", name=op.f('ck_equity_entries_proceeds')),
    sa.CheckConstraint("kind IN ('exit', 'valuation', 'write_down')", name=op.f('ck_equity_entries_kind')),
    sa.CheckConstraint("state IN ('booked', 'declined', 'proposed')", name=op.f('ck_equity_entries_state')),
    sa.CheckConstraint('decided_by <> entered_by', name=op.f('ck_equity_entries_two_people')),
    sa.CheckConstraint('value_fen >= 0 AND proceeds_fen >= 0 AND recovered_fen >= 0', name=op.f('ck_equity_entries_amounts')),
    sa.ForeignKeyConstraint(['deal_id'], ['equity_deals.id'], name=op.f('fk_equity_entries_deal_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['accounts.id'], name=op.f('fk_equity_entries_decided_by')),
    sa.ForeignKeyConstraint(['entered_by'], ['accounts.id'], name=op.f('fk_equity_entries_entered_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_equity_entries'))
    )
    op.create_index(op.f('ix_equity_entries_deal_id_as_of_on_id'), 'equity_entries', ['deal_id', 'as_of_on', 'id'], unique=False)
    op.create_index(op.f('ix_equity_entries_decided_by'), 'equity_entries', ['decided_by'], unique=False)
    op.create_index(op.f('ix_equity_entries_entered_by'), 'equity_entries', ['entered_by'], unique=False)
    op.create_table('equity_meetings',
    sa.Column('deal_id', sa.Uuid(), nullable=False),
    sa.Column('ordinal', sa.BigInteger(), nullable=False),
    sa.Column('committee_id', sa.Uuid(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('asked_fen', sa.BigInteger(), nullable=False),
    sa.Column('quorum', sa.BigInteger(), nullable=False),
    sa.Column('approval_basis_points', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('present', sa.BigInteger(), nullable=False),
    sa.Column('votes_for', sa.BigInteger(), nullable=False),
    sa.Column('votes_against', sa.BigInteger(), nullable=False),
    sa.Column('abstentions', sa.BigInteger(), nullable=False),
    sa.Column('recusals', sa.BigInteger(), nullable=False),
    sa.Column('approved_fen', sa.BigInteger(), nullable=True),
    sa.Column('minutes', sa.Text(), nullable=True),
    sa.Column('convened_by', sa.Uuid(), nullable=False),
    sa.Column('closed_by', sa.Uuid(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(closed_at IS NULL) = (state = 'open') AND (minutes IS NULL) = (state = 'open')", name=op.f('ck_equity_meetings_closed')),
    sa.CheckConstraint("(state = 'approved') = (approved_fen IS NOT NULL)", name=op.f('ck_equity_meetings_approved')),
    sa.CheckConstraint("state = 'open' OR (present >= quorum AND closed_by IS NOT NULL AND (state = 'approved') = (votes_for * 10000 >= approval_basis_points * present))", name=op.f('ck_equity_meetings_decided')),
    sa.CheckConstraint("state IN ('approved', 'open', 'rejected')", name=op.f('ck_equity_meetings_state')),
    sa.CheckConstraint('approved_fen BETWEEN 1 AND asked_fen', name=op.f('ck_equity_meetings_approved_amount')),
    sa.CheckConstraint('present = votes_for + votes_against + abstentions AND recusals >= 0', name=op.f('ck_equity_meetings_counted')),
    sa.ForeignKeyConstraint(['closed_by'], ['accounts.id'], name=op.f('fk_equity_meetings_closed_by')),
    sa.ForeignKeyConstraint(['committee_id'], ['equity_committees.id'], name=op.f('fk_equity_meetings_committee_id')),
    sa.ForeignKeyConstraint(['convened_by'], ['accounts.id'], name=op.f('fk_equity_meetings_convened_by')),
    sa.ForeignKeyConstraint(['deal_id'], ['equity_deals.id'], name=op.f('fk_equity_meetings_deal_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_equity_meetings'))
    )
    op.create_index(op.f('ix_equity_meetings_closed_by'), 'equity_meetings', ['closed_by'], unique=False)
    op.create_index(op.f('ix_equity_meetings_committee_id'), 'equity_meetings', ['committee_id'], unique=False)
    op.create_index(op.f('ix_equity_meetings_convened_by'), 'equity_meetings', ['convened_by'], unique=False)
    op.create_index(op.f('ix_equity_meetings_deal_id_ordinal'), 'equity_meetings', ['deal_id', 'ordinal'], unique=True)
    op.create_table('equity_conditions',
    sa.Column('deal_id', sa.Uuid(), nullable=False),
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('ordinal', sa.BigInteger(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('evidence', sa.Text(), nullable=True),
    sa.Column('fulfilled_by', sa.Uuid(), nullable=True),
    sa.Column('fulfilled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint('(fulfilled_at IS NULL) = (fulfilled_by IS NULL) AND (fulfilled_at IS NULL) = (evidence IS NULL)', name=op.f('ck_equity_conditions_fulfilled')),
    sa.ForeignKeyConstraint(['deal_id'], ['equity_deals.id'], name=op.f('fk_equity_conditions_deal_id')),
    sa.ForeignKeyConstraint(['fulfilled_by'], ['accounts.id'], name=op.f('fk_equity_conditions_fulfilled_by')),
    sa.ForeignKeyConstraint(['meeting_id'], ['equity_meetings.id'], name=op.f('fk_equity_conditions_meeting_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_equity_conditions'))
    )
    op.create_index(op.f('ix_equity_conditions_deal_id'), 'equity_conditions', ['deal_id'], unique=False)
    op.create_index(op.f('ix_equity_conditions_fulfilled_by'), 'equity_conditions', ['fulfilled_by'], unique=False)
    op.create_index(op.f('ix_equity_conditions_meeting_id_ordinal'), 'equity_conditions', ['meeting_id', 'ordinal'], unique=True)
    op.create_table('equity_minutes',
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("sha256 = encode(sha256(convert_to(content, 'UTF8')), 'hex')", name=op.f('ck_equity_minutes_sha256')),
    sa.ForeignKeyConstraint(['meeting_id'], ['equity_meetings.id'], name=op.f('fk_equity_minutes_meeting_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_equity_minutes')),
    sa.UniqueConstraint('meeting_id', name=op.f('uq_equity_minutes_meeting_id'))
    )
    op.create_table('equity_votes',
    sa.Column('meeting_id', sa.Uuid(), nullable=False),
    sa.Column('member_id', sa.Uuid(), nullable=False),
    sa.Column('choice', sa.Text(), nullable=False),
    sa.Column('conflict', sa.Text(), nullable=True),
    sa.Column('cast_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.CheckConstraint("(choice = 'recused') = (conflict IS NOT NULL)", name=op.f('ck_equity_votes_recused')),
    sa.CheckConstraint("choice IN ('abstain', 'against', 'for', 'recused')", name=op.f('ck_equity_votes_choice')),
    sa.CheckConstraint("conflict IN ('adviser', 'employed', 'family', 'other', 'shares')", name=op.f('ck_equity_votes_conflict')),
    sa.ForeignKeyConstraint(['meeting_id'], ['equity_meetings.id'], name=op.f('fk_equity_votes_meeting_id')),
    sa.ForeignKeyConstraint(['member_id'], ['accounts.id'], name=op.f('fk_equity_votes_member_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_equity_votes')),
    sa.UniqueConstraint('meeting_id', 'member_id', name=op.f('uq_equity_votes_meeting_id_member_id'))
    )
    op.create_index(op.f('ix_equity_votes_member_id'), 'equity_votes', ['member_id'], unique=False)


def downgrade() -> None:
    op.execute("DROP TRIGGER equity_commitment_is_decided ON fund_transfers")
    op.execute("DROP FUNCTION equity_commitment_is_decided")
    op.drop_constraint(op.f("fk_equity_deals_meeting_id"), "equity_deals", type_="foreignkey")
    for table in (
        "equity_votes", "equity_minutes", "equity_conditions", "equity_meetings", "equity_entries",
        "equity_diligence_items", "equity_calls", "equity_deals", "credit_handovers", "equity_committees",
        "credit_scores", "credit_scorecards",
    ):  # fmt: skip
        op.drop_table(table)
    for sequence in SEQUENCES:
        op.execute(f"DROP SEQUENCE {sequence}")
