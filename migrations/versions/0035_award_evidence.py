"""Documents of awards can be withdrawn; a period of a fund is reconciled once, whatever its file

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

OF_THEIR_TRANCHES = """
UPDATE award_documents SET award_id = tranche.award_id FROM award_tranches AS tranche WHERE tranche.id = tranche_id
"""


def upgrade() -> None:
    op.add_column("award_documents", sa.Column("award_id", sa.Uuid(), nullable=True))
    op.add_column("award_documents", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(OF_THEIR_TRANCHES)
    op.alter_column("award_documents", "award_id", nullable=False)
    op.alter_column("award_documents", "tranche_id", nullable=True)
    op.create_foreign_key(op.f("fk_award_documents_award_id"), "award_documents", "awards", ["award_id"], ["id"])
    op.create_index(op.f("ix_award_documents_award_id"), "award_documents", ["award_id"])
    op.create_check_constraint(
        op.f("ck_award_documents_placed"), "award_documents", "num_nonnulls(tranche_id, withdrawn_at) > 0"
    )
    # Files without a movement are all alike; that periods do not overlap is what keeps a day from being reconciled twice.
    op.drop_constraint(op.f("uq_bank_statements_fund_id_sha256"), "bank_statements")
    op.drop_index(op.f("ix_bank_statements_fund_id_since_on"), "bank_statements")
    op.create_unique_constraint(
        op.f("uq_bank_statements_fund_id_since_on"), "bank_statements", ["fund_id", "since_on"]
    )


def downgrade() -> None:
    """Refused by the constraints where a document was withdrawn or a file came twice: nothing is dropped in silence."""
    op.drop_constraint(op.f("uq_bank_statements_fund_id_since_on"), "bank_statements")
    op.create_index(op.f("ix_bank_statements_fund_id_since_on"), "bank_statements", ["fund_id", "since_on"])
    op.create_unique_constraint(
        op.f("uq_bank_statements_fund_id_sha256"), "bank_statements", ["fund_id", "sha256"]
    )
    op.execute("DO $$ BEGIN IF EXISTS (SELECT FROM award_documents WHERE withdrawn_at IS NOT NULL) THEN"
               " RAISE EXCEPTION 'documents of awards were withdrawn: they would stand again' USING ERRCODE = 'check_violation';"
               " END IF; END $$")
    op.drop_constraint(op.f("ck_award_documents_placed"), "award_documents")
    op.drop_index(op.f("ix_award_documents_award_id"), "award_documents")
    op.drop_constraint(op.f("fk_award_documents_award_id"), "award_documents")
    op.alter_column("award_documents", "tranche_id", nullable=False)
    op.drop_column("award_documents", "withdrawn_at")
    op.drop_column("award_documents", "award_id")
