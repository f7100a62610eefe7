"""Leads mined offline, the events they come from, their imports, and where needs came from.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.grants import grant_history, grant_sequence, grant_table

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

PARTIES_BEFORE = ("poster", "operator", "broker", "institute", "system")
PARTIES_AFTER = ("poster", "collector", *PARTIES_BEFORE[1:])
SEQUENCES = ("lead_number_seq", "outreach_number_seq")


def upgrade() -> None:
    op.add_column("needs", sa.Column("entrusted_to", sa.Text(), nullable=True))
    op.create_index(op.f("ix_needs_entrusted_to"), "needs", ["entrusted_to"])
    _parties(PARTIES_AFTER)
    for sequence in SEQUENCES:
        op.execute(sa.schema.CreateSequence(sa.Sequence(sequence)))
    grant_sequence(*SEQUENCES)
    _outreaches()
    _imports()
    _leads()
    _provenance()


def downgrade() -> None:
    for table in ("lead_provenance", "leads", "lead_import_faults", "lead_imports", "outreaches"):
        op.drop_table(table)
    for sequence in SEQUENCES:
        op.execute(sa.schema.DropSequence(sa.Sequence(sequence)))
    _parties(PARTIES_BEFORE)
    op.drop_index(op.f("ix_needs_entrusted_to"), "needs")
    op.drop_column("needs", "entrusted_to")


def _parties(names: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{name}'" for name in names)
    op.drop_constraint(op.f("ck_need_transitions_actor_role"), "need_transitions")
    op.create_check_constraint(
        op.f("ck_need_transitions_actor_role"), "need_transitions", f"actor_role IN ({listed})"
    )


def _outreaches() -> None:
    op.create_table(
        "outreaches",
        *_texts("number", "node_key", "zone_code", "kind", "title"),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("enterprises", sa.BigInteger(), nullable=True),
        *_ids("recorded_by"),
        *_versioned(),
        _check("outreaches", "kind", "kind in ('matchmaking', 'roadshow', 'salon', 'training', 'other')"),
        _check("outreaches", "enterprises", "enterprises >= 0"),
        *_references("outreaches", ("node_key", "network_nodes.key"), ("recorded_by", "accounts.id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outreaches")),
        sa.UniqueConstraint("number", name=op.f("uq_outreaches_number")),
    )
    op.create_index("uq_outreaches_once", "outreaches", ["node_key", "held_on", "title"], unique=True)
    op.create_index(op.f("ix_outreaches_held_on_id"), "outreaches", ["held_on", "id"])
    _indexed("outreaches", "zone_code", "recorded_by")
    grant_table("outreaches")


def _imports() -> None:
    op.create_table(
        "lead_imports",
        *_texts("node_key", "zone_code", "name", "sha256"),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("only_check", sa.Boolean(), nullable=False),
        *_ids("requested_by"),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("total", "done", "taken", "known", "refused", "last_row")
        ),
        sa.Column("failure", postgresql.JSONB(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_versioned(),
        _check("lead_imports", "done", "done between 0 and total"),
        _check("lead_imports", "adds_up", "taken + known + refused = done"),
        _check("lead_imports", "failed", "failure is null or ended_at is not null"),
        *_references("lead_imports", ("node_key", "network_nodes.key"), ("requested_by", "accounts.id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_imports")),
    )
    op.create_index(op.f("ix_lead_imports_created_at_id"), "lead_imports", ["created_at", "id"])
    op.create_index("ix_lead_imports_file", "lead_imports", ["node_key", "sha256"])
    _indexed("lead_imports", "zone_code", "requested_by", "kept_until")
    op.create_table(
        "lead_import_faults",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_number", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        *_texts("field"),
        sa.Column("column", sa.Text(), nullable=True),
        *_texts("problem_zh", "problem_en"),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_references("lead_import_faults", ("import_id", "lead_imports.id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_import_faults")),
        sa.UniqueConstraint(
            "import_id", "row_number", "place", name=op.f("uq_lead_import_faults_import_id_row_number_place")
        ),
    )
    grant_table("lead_imports", "lead_import_faults")


LEAD_RULES = {
    "state": "state IN ('recorded', 'claimed', 'promoted', 'closed')",
    "channel": "channel IN ('visit', 'call', 'event', 'import')",
    "consent_how": "consent_how IN ('spoken', 'written', 'form')",
    "reason_code": "reason_code IN ('no_need', 'duplicate_of_need', 'duplicate_of_lead', 'no_consent', 'unreachable',"
    " 'not_technology', 'solved', 'other')",
    "consent_covers": "consent_covers <@ ARRAY['keep_contact', 'pass_on']::varchar[]",
    "consent": "(consented_at is null) = (consent_how is null) and (consented_at is null) = (consent_covers = '{}')",
    "promoted_to": "(state = 'promoted') = (need_id is not null)",
    "closed_with_reason": "(state = 'closed') = (reason_code is not null)",
    "settled": "(state in ('promoted', 'closed')) = (settled_at is not null)",
    "claimed_by": "state <> 'claimed' or owner_id is not null",
    "claimed_at": "(owner_id is null) = (claimed_at is null)",
    "of_need": "(duplicate_of_need_id is not null) = (coalesce(reason_code, '') = 'duplicate_of_need')",
    "of_lead": "(duplicate_of_lead_id is not null) = (coalesce(reason_code, '') = 'duplicate_of_lead')",
    "of_itself": "duplicate_of_lead_id <> id",
}


def _leads() -> None:
    op.create_table(
        "leads",
        *_texts("number", "node_key", "zone_code", "channel"),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        *_ids("event_id", "import_id", "client_id"),
        *_texts("content_digest"),
        *_ids("recorded_by", "enterprise_id"),
        *_texts("enterprise_name"),
        sa.Column("credit_code", sa.Text(), nullable=True),
        *_texts("words"),
        sa.Column("answers", postgresql.JSONB(), nullable=False),
        sa.Column("consent_how", sa.Text(), nullable=True),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent_covers", postgresql.ARRAY(sa.String()), nullable=False),
        *_texts("state"),
        *_ids("owner_id"),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        *_ids("settled_by", "need_id"),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("closing_words", sa.Text(), nullable=True),
        *_ids("duplicate_of_need_id", "duplicate_of_lead_id"),
        *_texts("folded"),
        sa.Column("signature", postgresql.ARRAY(sa.Integer()), nullable=False),
        *_versioned(),
        *(_check("leads", name, rule) for name, rule in LEAD_RULES.items()),
        *_references(
            "leads", ("node_key", "network_nodes.key"), ("event_id", "outreaches.id"), ("import_id", "lead_imports.id"),
            ("recorded_by", "accounts.id"), ("enterprise_id", "enterprises.id"), ("owner_id", "accounts.id"),
            ("settled_by", "accounts.id"), ("need_id", "needs.id"), ("duplicate_of_need_id", "needs.id"),
            ("duplicate_of_lead_id", "leads.id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leads")),
        sa.UniqueConstraint("number", name=op.f("uq_leads_number")),
        sa.UniqueConstraint("need_id", name=op.f("uq_leads_need_id")),
        sa.UniqueConstraint("node_key", "client_id", name=op.f("uq_leads_node_key_client_id")),
    )
    op.create_index(
        "ix_leads_signature", "leads", ["signature"], postgresql_using="gin", postgresql_with={"fastupdate": "off"}
    )
    op.create_index(op.f("ix_leads_zone_code_state"), "leads", ["zone_code", "state"])
    op.create_index(op.f("ix_leads_created_at_id"), "leads", ["created_at", "id"])
    _indexed(
        "leads", "event_id", "import_id", "recorded_by", "enterprise_id", "credit_code", "owner_id", "settled_by",
        "duplicate_of_need_id", "duplicate_of_lead_id",
    )
    grant_table("leads")


def _provenance() -> None:
    op.create_table(
        "lead_provenance",
        sa.Column("need_id", sa.Uuid(), nullable=False),
        sa.Column("lead_id", sa.Uuid(), nullable=False),
        *_texts("kind", "node_key", "channel"),
        *_ids("event_id"),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        *_ids("recorded_by"),
        sa.Column("promoted_at", sa.DateTime(timezone=True), nullable=False),
        *_ids("promoted_by"),
        sa.Column("consent_how", sa.Text(), nullable=True),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent_covers", postgresql.ARRAY(sa.String()), nullable=False),
        *_texts("content_digest"),
        sa.Column("id", sa.Uuid(), nullable=False),
        _check("lead_provenance", "kind", "kind IN ('promoted', 'merged')"),
        *_references(
            "lead_provenance", ("need_id", "needs.id"), ("lead_id", "leads.id"), ("event_id", "outreaches.id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_provenance")),
        sa.UniqueConstraint("lead_id", name=op.f("uq_lead_provenance_lead_id")),
    )
    op.create_index(op.f("ix_lead_provenance_need_id_id"), "lead_provenance", ["need_id", "id"])
    _indexed("lead_provenance", "event_id")
    grant_history("lead_provenance")


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _ids(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Uuid(), nullable=True) for name in names]


def _versioned() -> list[sa.Column[object]]:
    return [
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
    ]


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _references(table: str, *columns: tuple[str, str]) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}_{target.partition('.')[0]}"))
        for column, target in columns
    ]


def _indexed(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
