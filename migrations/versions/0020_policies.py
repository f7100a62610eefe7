"""Policies: the register with its versions, texts and originals; receipts of evaluations; estimates of drafts.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.grants import grant_history, grant_table

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

MARK_WRITTEN = (
    "CREATE TRIGGER mark_written BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION mark_written()"
)
HASH = "sha256 ~ '^[0-9a-f]{64}$'"


def upgrade() -> None:
    _register()
    _versions()
    _originals()
    _receipts()
    _estimates()


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Uuid(), nullable=False)


def _versioned() -> list[sa.Column[object]]:
    return [
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        _id(),
    ]


def _references(table: str, *columns: tuple[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))
        for column, target in columns
    ]


def _indexes(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def _register() -> None:
    op.create_table(
        "policies",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        *_versioned(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policies")),
        sa.UniqueConstraint("key", name=op.f("uq_policies_key")),
        sa.UniqueConstraint("number", name=op.f("uq_policies_number")),
        sa.UniqueConstraint("id", "number", name=op.f("uq_policies_id_number")),
    )
    op.create_table(
        "policy_texts",
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        _id(),
        sa.CheckConstraint(HASH, name=op.f("ck_policy_texts_sha256")),
        *_references("policy_texts", ("policy_id", "policies"), ("recorded_by", "accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_texts")),
        sa.UniqueConstraint("policy_id", "sha256", name=op.f("uq_policy_texts_policy_id_sha256")),
    )
    _indexes("policy_texts", "recorded_by")
    grant_table("policies")
    grant_history("policy_texts")


def _versions() -> None:
    op.create_table(
        "policy_versions",
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("policy_number", "number")),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("state", "origin", "category", "grade")),
        sa.Column("span", postgresql.DATERANGE(), nullable=True),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_note", sa.Text(), nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        *_versioned(),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_policy_versions_{name}")) for name, rule in VERSION_RULES.items()),
        sa.ForeignKeyConstraint(
            ["policy_id", "policy_number"], ["policies.id", "policies.number"],
            name=op.f("fk_policy_versions_policy_id_policy_number_policies"),
        ),
        *_references(
            "policy_versions", ("text_id", "policy_texts"), ("uploaded_by", "accounts"), ("reviewed_by", "accounts"),
            ("published_by", "accounts"), ("ended_by", "accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_versions")),
        sa.UniqueConstraint("policy_id", "number", name=op.f("uq_policy_versions_policy_id_number")),
        sa.UniqueConstraint("policy_id", "text_id", name=op.f("uq_policy_versions_policy_id_text_id")),
        # Two spans of one policy apart, without an extension: ranges have an operator class of GiST of their own, and a
        # number as a range of one overlaps nothing but itself.
        postgresql.ExcludeConstraint(
            (sa.text("int8range(policy_number, policy_number, '[]')"), "&&"), (sa.column("span"), "&&"),
            name="ex_policy_versions_one_in_force",
        ),
    )
    _indexes("policy_versions", "text_id", "uploaded_by", "reviewed_by", "published_by", "ended_by")
    op.create_index(op.f("ix_policy_versions_state_policy_id"), "policy_versions", ["state", "policy_id"])
    grant_table("policy_versions")


VERSION_RULES = {
    "state": "state in ('draft', 'returned', 'reviewed', 'published', 'superseded', 'repealed')",
    "origin": "origin in ('officer', 'shipped')",
    "grade": "grade in ('A', 'B', 'C')",
    "category": "category in ('R', 'T', 'F', 'Q', 'M')",
    "number": "number > 0",
    "uploaded": "(origin = 'officer') = (uploaded_by is not null)",
    "second_person": "reviewed_by <> uploaded_by",
    "reviewed": "(reviewed_by is null) = (reviewed_at is null)",
    "nothing_unreviewed": "reviewed_at is not null or state = 'draft' or (origin = 'shipped' and number = 1)",
    "span": "(state in ('published', 'superseded', 'repealed')) = (span is not null)",
    "ended": "state not in ('superseded', 'repealed') or ended_at is not null",
}


def _originals() -> None:
    op.create_table(
        "policy_originals",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("attached_by", sa.Uuid(), nullable=False),
        sa.Column("signed_by", sa.Uuid(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        *_versioned(),
        sa.CheckConstraint("(signed_by is null) = (signed_at is null)", name=op.f("ck_policy_originals_signed")),
        sa.CheckConstraint("signed_by <> attached_by", name=op.f("ck_policy_originals_second_person")),
        *_references(
            "policy_originals", ("version_id", "policy_versions"), ("file_id", "files"), ("attached_by", "accounts"),
            ("signed_by", "accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_originals")),
        sa.UniqueConstraint("file_id", name=op.f("uq_policy_originals_file_id")),
    )
    _indexes("policy_originals", "attached_by", "signed_by")
    op.create_index(
        op.f("ix_policy_originals_version_id_created_at"), "policy_originals", ["version_id", "created_at"]
    )
    op.create_index(
        "uq_policy_originals_signed", "policy_originals", ["version_id"], unique=True,
        postgresql_where=sa.text("signed_at is not null"),
    )
    grant_table("policy_originals")


def _receipts() -> None:
    op.create_table(
        "fact_snapshots",
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        _id(),
        *_references("fact_snapshots", ("enterprise_id", "enterprises")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_snapshots")),
        sa.UniqueConstraint("enterprise_id", "digest", name=op.f("uq_fact_snapshots_enterprise_id_digest")),
    )
    op.create_table(
        "evaluation_receipts",
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("policy_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("version_number", sa.BigInteger(), nullable=False),
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("text_sha256", sa.Text(), nullable=False),
        sa.Column("counts_from", sa.Date(), nullable=True),
        sa.Column("counts_to", sa.Date(), nullable=True),
        sa.Column("snapshot_id", sa.Uuid(), nullable=False),
        sa.Column("snapshot_digest", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("written_xid", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        _id(),
        sa.CheckConstraint(
            "outcome in ('eligible', 'ineligible', 'missing_facts', 'needs_review', 'not_in_force')",
            name=op.f("ck_evaluation_receipts_outcome"),
        ),
        sa.CheckConstraint(HASH, name=op.f("ck_evaluation_receipts_sha256")),
        *_references(
            "evaluation_receipts", ("enterprise_id", "enterprises"), ("policy_id", "policies"),
            ("version_id", "policy_versions"), ("text_id", "policy_texts"), ("snapshot_id", "fact_snapshots"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation_receipts")),
        sa.UniqueConstraint("enterprise_id", "sha256", name=op.f("uq_evaluation_receipts_enterprise_id_sha256")),
    )
    _indexes("evaluation_receipts", "policy_id", "version_id", "text_id", "snapshot_id")
    op.create_index(
        op.f("ix_evaluation_receipts_enterprise_id_made_at_id"), "evaluation_receipts",
        ["enterprise_id", "made_at", "id"],
    )
    op.create_index(op.f("ix_evaluation_receipts_written_xid_id"), "evaluation_receipts", ["written_xid", "id"])
    op.execute(MARK_WRITTEN.format(table="evaluation_receipts"))
    grant_table("fact_snapshots")
    grant_history("evaluation_receipts")


def _estimates() -> None:
    op.create_table(
        "impact_estimates",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("former_id", sa.Uuid(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("result", postgresql.JSONB(), nullable=True),
        *_versioned(),
        sa.CheckConstraint("done between 0 and total", name=op.f("ck_impact_estimates_done")),
        sa.CheckConstraint("result is null or ended_at is not null", name=op.f("ck_impact_estimates_result")),
        *_references(
            "impact_estimates", ("version_id", "policy_versions"), ("former_id", "policy_versions"),
            ("requested_by", "accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_impact_estimates")),
    )
    _indexes("impact_estimates", "former_id", "requested_by")
    op.create_index(
        op.f("ix_impact_estimates_version_id_created_at"), "impact_estimates", ["version_id", "created_at"]
    )
    grant_table("impact_estimates")


def downgrade() -> None:
    for table in (
        "impact_estimates", "evaluation_receipts", "fact_snapshots", "policy_originals", "policy_versions",
        "policy_texts", "policies",
    ):
        op.drop_table(table)
