"""audit chain: rows carry the hash of their content, links seal them; who was shown which confidential need

Revision ID: 0007
Revises: 0006
"""

from uuid import UUID

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.grants import grant_history, grant_table

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

APPEND_ONLY = ("chain_links", "need_disclosures")
CHAINED = ("audit_events", "need_disclosures")
# The writing transaction, so that sealing can ask for rows that no older transaction can still come before.
MARK_WRITTEN = """
create function mark_written() returns trigger language plpgsql as $$
begin
    new.written_xid := (pg_current_xact_id()::text)::bigint;
    return new;
end $$
"""
MARK_WRITTEN_TRIGGER = """
create trigger mark_written before insert on {table} for each row execute function mark_written()
"""
AT_ONCE = 1_000


def upgrade() -> None:
    op.create_table(
        "chain_links",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("link_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("position > 0", name=op.f("ck_chain_links_position")),
        sa.CheckConstraint("length(content_hash) = 32 and length(link_hash) = 32", name=op.f("ck_chain_links_hashes")),
        sa.PrimaryKeyConstraint("chain", "position", name=op.f("pk_chain_links")),
    )
    op.create_index("uq_chain_links_row", "chain_links", ["chain", "row_id"], unique=True)
    op.create_table(
        "chain_cursors",
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("xid", sa.BigInteger(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_chain_cursors")),
    )
    op.create_table(
        "need_disclosures",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=True),
        sa.Column("zone_code", sa.Text(), nullable=True),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("view", sa.Text(), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=True),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("written_xid", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("way in ('opened', 'listed', 'found', 'downloaded')", name=op.f("ck_need_disclosures_way")),
        sa.CheckConstraint("view in ('full', 'invited')", name=op.f("ck_need_disclosures_view")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_disclosures")),
    )
    op.create_index(
        "uq_need_disclosures_day", "need_disclosures",
        ["need_id", "reader_id", "read_on", "way", "view", "attachment_id"], unique=True, postgresql_nulls_not_distinct=True,
    )
    op.create_index(op.f("ix_need_disclosures_need_id_read_at_id"), "need_disclosures", ["need_id", "read_at", "id"])
    op.create_index(op.f("ix_need_disclosures_written_xid_id"), "need_disclosures", ["written_xid", "id"])

    op.add_column("audit_events", sa.Column("content_hash", sa.LargeBinary(), nullable=True))
    op.add_column(
        "audit_events", sa.Column("written_xid", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    _hash_what_is_there()
    op.alter_column("audit_events", "content_hash", nullable=False)
    op.create_index(op.f("ix_audit_events_written_xid_id"), "audit_events", ["written_xid", "id"])

    op.execute(MARK_WRITTEN)
    for table in CHAINED:
        op.execute(MARK_WRITTEN_TRIGGER.format(table=table))
    grant_history(*APPEND_ONLY)
    grant_table("chain_cursors")


def _hash_what_is_there() -> None:
    """Events from before the chain get their hash now: the chain vouches for them from this day on.

    The form of a content hash is a promise that a test keeps, so that using today's code here is safe.
    """
    from backbone.chain.content import content_hash

    connection = op.get_bind()
    events = sa.table(
        "audit_events", sa.column("id", sa.Uuid()), sa.column("occurred_at", sa.DateTime(timezone=True)),
        sa.column("actor_id", sa.Uuid()), sa.column("token_id", sa.Uuid()), sa.column("action", sa.Text()),
        sa.column("subject_kind", sa.Text()), sa.column("subject_id", sa.Uuid()),
        sa.column("before", postgresql.JSONB()), sa.column("after", postgresql.JSONB()),
        sa.column("content_hash", sa.LargeBinary()),
    )
    said = [column for column in events.c if column.name != "content_hash"]
    op.execute("alter table audit_events disable trigger append_only")
    last = UUID(int=0)
    while rows := connection.execute(
        sa.select(*said).where(events.c.id > last).order_by(events.c.id).limit(AT_ONCE)
    ).mappings().all():
        last = rows[-1]["id"]
        for row in rows:
            change = sa.update(events).where(events.c.id == row["id"])
            connection.execute(change.values(content_hash=content_hash("audit_events", row)))
    op.execute("alter table audit_events enable trigger append_only")


def downgrade() -> None:
    op.drop_table("need_disclosures")
    op.drop_table("chain_cursors")
    op.drop_table("chain_links")
    op.execute("drop function mark_written() cascade")
    op.drop_index(op.f("ix_audit_events_written_xid_id"), table_name="audit_events")
    op.drop_column("audit_events", "written_xid")
    op.drop_column("audit_events", "content_hash")
