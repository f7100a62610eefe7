"""Payments that were settled and came back, what of a statement they turned out to be, and statements that are withdrawn

Revision ID: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op

from migrations.grants import ROLE, grant_history, grant_table

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

# (table, name of the check, what it said, what it says)
CHECKS = (
    (
        "award_payments", "state",
        "state IN ('exported', 'instructed', 'refused', 'settled', 'unknown', 'withdrawn')",
        "state IN ('exported', 'instructed', 'refused', 'returned', 'settled', 'unknown', 'withdrawn')",
    ),
    (
        "award_payments", "settled",
        "CASE state WHEN 'settled' THEN num_nonnulls(bank_ref, settled_on, transfer_id, answered_at) = 4"
        " ELSE num_nonnulls(settled_on, transfer_id) = 0 END",
        "CASE WHEN state IN ('settled', 'returned') THEN num_nonnulls(bank_ref, settled_on, transfer_id, answered_at) = 4"
        " ELSE num_nonnulls(settled_on, transfer_id) = 0 END",
    ),
    (
        "payment_answers", "adds_up",
        "settled + refused + doubtful = lines AND changed BETWEEN 0 AND lines",
        "settled + refused + doubtful + returned = lines AND changed BETWEEN 0 AND lines",
    ),
    (
        "clawbacks", "state",
        "state IN ('declined', 'expected', 'partly', 'proposed', 'recovered')",
        "state IN ('declined', 'expected', 'lapsed', 'partly', 'proposed', 'recovered')",
    ),
    (
        "clawbacks", "decided",
        "num_nonnulls(decided_by, decided_at) = CASE state WHEN 'proposed' THEN 0 ELSE 2 END",
        "CASE state WHEN 'proposed' THEN num_nonnulls(decided_by, decided_at) = 0"
        " WHEN 'lapsed' THEN num_nonnulls(decided_by, decided_at) IN (0, 2)"
        " ELSE num_nonnulls(decided_by, decided_at) = 2 END",
    ),
    (
        "fund_case_steps", "kind",
        "kind IN ('announcement', 'application', 'award', 'certificate', 'clawback', 'effect', 'objection', 'payment', 'receipt',"
        " 'reviews')",
        "kind IN ('announcement', 'application', 'award', 'certificate', 'clawback', 'effect', 'objection', 'payment', 'receipt',"
        " 'return', 'reviews')",
    ),
    (
        "fund_case_steps", "amount",
        "coalesce(amount_fen, 0) > 0 OR (amount_fen IS NULL AND kind NOT IN ('award', 'clawback', 'payment'))",
        "coalesce(amount_fen, 0) > 0 OR (amount_fen IS NULL AND kind NOT IN ('award', 'clawback', 'payment', 'return'))",
    ),
)  # fmt: skip
LIVE_ONCE, LIVE = "('refused', 'withdrawn')", "('refused', 'returned', 'withdrawn')"
RETURNED = (
    "num_nonnulls(return_ref, returned_on, return_transfer_id, returned_at) = CASE state WHEN 'returned' THEN 4 ELSE 0 END"
    " AND returned_on >= settled_on"
)
WITHDRAWN = "num_nonnulls(withdrawn_by, withdrawn_at, withdrawing_reason) IN (0, 3)"
OF_PAYMENT = "payment_id IS NULL OR (kind = 'surplus' AND resolved_at IS NOT NULL)"


def upgrade() -> None:
    for name, kind in (
        ("return_ref", sa.Text()), ("returned_on", sa.Date()), ("returned_at", sa.DateTime(timezone=True)),
        ("return_transfer_id", sa.Uuid()),
    ):  # fmt: skip
        op.add_column("award_payments", sa.Column(name, kind, nullable=True))
    # Rows of history cannot be changed, their table can: no answer before this one told of a return.
    op.execute("ALTER TABLE payment_answers ADD returned bigint NOT NULL DEFAULT 0")
    op.alter_column("payment_answers", "returned", server_default=None)
    op.add_column("reconciliation_items", sa.Column("booked_on", sa.Date(), nullable=True))
    op.add_column("reconciliation_items", sa.Column("payment_id", sa.Uuid(), nullable=True))
    for table, name, _, says in CHECKS:
        _check(table, name, says)
    op.create_check_constraint(op.f("ck_award_payments_returned"), "award_payments", RETURNED)
    op.create_check_constraint(op.f("ck_reconciliation_items_of_payment"), "reconciliation_items", OF_PAYMENT)
    for column in ("return_ref", "return_transfer_id"):
        op.create_unique_constraint(op.f(f"uq_award_payments_{column}"), "award_payments", [column])
    _foreign_key("award_payments", "return_transfer_id", "fund_transfers")
    _foreign_key("reconciliation_items", "payment_id", "award_payments")
    op.create_index(op.f("ix_reconciliation_items_payment_id"), "reconciliation_items", ["payment_id"])
    _live(LIVE)
    _statements()


def _statements() -> None:
    """No longer history: a reason may name somebody and has to be amended then. What was imported is never changed all the same."""
    table = "bank_statements"
    op.execute(f"DROP TRIGGER append_only ON {table}")
    grant_table(table)
    op.add_column(table, sa.Column("withdrawn_by", sa.Uuid(), nullable=True))
    op.add_column(table, sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(table, sa.Column("withdrawing_reason", sa.Text(), nullable=True))
    op.create_check_constraint(op.f(f"ck_{table}_withdrawn"), table, WITHDRAWN)
    op.create_check_constraint(op.f(f"ck_{table}_two_people"), table, "withdrawn_by <> imported_by")
    _foreign_key(table, "withdrawn_by", "accounts")
    op.create_index(op.f(f"ix_{table}_withdrawn_by"), table, ["withdrawn_by"])
    op.drop_constraint(op.f(f"uq_{table}_fund_id_since_on"), table)
    op.create_index(op.f(f"ix_{table}_fund_id_since_on"), table, ["fund_id", "since_on"])
    op.create_index(
        f"uq_{table}_standing", table, ["fund_id", "since_on"], unique=True, postgresql_where=sa.text("withdrawn_at IS NULL")
    )  # fmt: skip


def downgrade() -> None:
    """Refused by the constraints, or here, where a payment came back, was found in a statement, or a statement was withdrawn."""
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT FROM reconciliation_items WHERE payment_id IS NOT NULL) THEN"
        " RAISE EXCEPTION 'differences were resolved as payments: nothing would say so any more' USING ERRCODE = 'check_violation';"
        " ELSIF EXISTS (SELECT FROM bank_statements WHERE withdrawn_at IS NOT NULL) THEN"
        " RAISE EXCEPTION 'statements were withdrawn: they would stand again' USING ERRCODE = 'check_violation';"
        " END IF; END $$"
    )
    op.drop_index("uq_bank_statements_standing", "bank_statements")
    op.drop_index(op.f("ix_bank_statements_fund_id_since_on"), "bank_statements")
    op.create_unique_constraint(
        op.f("uq_bank_statements_fund_id_since_on"), "bank_statements", ["fund_id", "since_on"]
    )
    for column in ("withdrawn_by", "withdrawn_at", "withdrawing_reason"):
        op.drop_column("bank_statements", column)
    op.execute(f"REVOKE UPDATE, DELETE ON bank_statements FROM {ROLE}")
    grant_history("bank_statements")
    _live(LIVE_ONCE)
    op.drop_constraint(op.f("ck_reconciliation_items_of_payment"), "reconciliation_items")
    op.drop_constraint(op.f("ck_award_payments_returned"), "award_payments")
    for table, name, said, _ in CHECKS:
        _check(table, name, said)
    for column in ("payment_id", "booked_on"):
        op.drop_column("reconciliation_items", column)
    op.drop_column("payment_answers", "returned")
    for column in ("return_ref", "returned_on", "returned_at", "return_transfer_id"):
        op.drop_column("award_payments", column)


def _check(table: str, name: str, says: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, says)


def _foreign_key(table: str, column: str, other: str) -> None:
    op.create_foreign_key(op.f(f"fk_{table}_{column}"), table, other, [column], ["id"])


def _live(ended: str) -> None:
    """At most one payment of a part stands."""
    op.drop_index("uq_award_payments_live", "award_payments")
    op.create_index(
        "uq_award_payments_live", "award_payments", ["part_id"], unique=True, postgresql_where=sa.text(f"state NOT IN {ended}")
    )  # fmt: skip
