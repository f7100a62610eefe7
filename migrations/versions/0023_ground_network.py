"""The service network: nodes, posts, brokers and mandates, centres, service providers, needs of chains.

An achievement names its chain and segment too, so that a chain's board sets needs beside offers.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.grants import grant_history, grant_table

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _nodes()
    _posts()
    _brokers()
    _centres()
    _providers()
    _chain_needs()


def _nodes() -> None:
    op.create_table(
        "network_nodes",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("region_code", sa.Text(), nullable=False),
        *_texts("park", "address"),
        sa.Column("host_enterprise_id", sa.Uuid(), nullable=True),
        sa.Column("host_institute_id", sa.Uuid(), nullable=True),
        *_texts("host_organisation"),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("nodes_planned", sa.BigInteger(), nullable=True),
        sa.Column("stations_planned", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        *_texts("closing_reason"),
        *_named(),
        *_versioned(),
        _check("network_nodes", "kind", "kind in ('hub', 'node', 'station')"),
        _check("network_nodes", "at_the_top", "kind = 'hub' or parent_id is not null"),
        _check("network_nodes", "below_itself", "parent_id <> id"),
        _check(
            "network_nodes", "planned", "kind = 'hub' or num_nonnulls(nodes_planned, stations_planned) = 0"
        ),
        _check("network_nodes", "planned_counts", "nodes_planned >= 0 and stations_planned >= 0"),
        _check(
            "network_nodes",
            "host",
            "num_nonnulls(host_enterprise_id, host_institute_id, host_organisation) <= 1",
        ),
        _check("network_nodes", "closed", "(closed_at is null) = (closing_reason is null)"),
        *_references(
            "network_nodes", ("parent_id", "network_nodes"), ("host_enterprise_id", "enterprises"),
            ("host_institute_id", "institutes"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_nodes")),
        sa.UniqueConstraint("key", name=op.f("uq_network_nodes_key")),
    )  # fmt: skip
    _indexed(
        "network_nodes", "parent_id", "region_code", "host_enterprise_id", "host_institute_id", "name_pinyin"
    )
    grant_table("network_nodes")


def _posts() -> None:
    op.create_table(
        "node_posts",
        *_ids("node_id", "account_id"),
        sa.Column("membership_id", sa.Uuid(), nullable=True),
        sa.Column("function", sa.Text(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_versioned(),
        _check("node_posts", "function", "function in ('lead', 'collector', 'member')"),
        _check("node_posts", "membership", "(function = 'collector') = (membership_id is not null)"),
        *_references(
            "node_posts", ("node_id", "network_nodes"), ("account_id", "accounts"), ("membership_id", "memberships")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_node_posts")),
    )
    _indexed("node_posts", "node_id", "account_id", "membership_id")
    op.create_index(
        "uq_node_posts_held", "node_posts", ["node_id", "account_id", "function"], unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )  # fmt: skip
    grant_table("node_posts")


def _brokers() -> None:
    op.create_table(
        "brokers",
        *_ids("account_id"),
        *_lists("industries", "tech_fields", "languages", "zones"),
        sa.Column("capacity", sa.BigInteger(), nullable=False),
        *_versioned(),
        _check("brokers", "capacity", "capacity between 0 and 1000"),
        *_references("brokers", ("account_id", "accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brokers")),
        sa.UniqueConstraint("account_id", name=op.f("uq_brokers_account_id")),
    )
    op.create_table(
        "broker_mandates",
        *_ids("broker_id"),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.Column("institute_id", sa.Uuid(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("scope_of_work", sa.Text(), nullable=False),
        sa.Column("is_exclusive", sa.Boolean(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_versioned(),
        _check("broker_mandates", "organisation", "num_nonnulls(enterprise_id, institute_id) = 1"),
        _check("broker_mandates", "days", "from_on <= until_on"),
        _check("broker_mandates", "confirmed", "(confirmed_at is null) = (confirmed_by is null)"),
        *_references(
            "broker_mandates", ("broker_id", "brokers"), ("enterprise_id", "enterprises"), ("institute_id", "institutes"),
            ("proposed_by", "accounts"), ("confirmed_by", "accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broker_mandates")),
    )  # fmt: skip
    _indexed("broker_mandates", "broker_id", "enterprise_id", "institute_id", "proposed_by", "confirmed_by")
    grant_table("brokers", "broker_mandates")


def _centres() -> None:
    op.create_table(
        "innovation_centres",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("home_region", sa.Text(), nullable=False),
        sa.Column("host_region", sa.Text(), nullable=False),
        *_texts("operator", "address", "summary"),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        *_named(),
        *_versioned(),
        _check("innovation_centres", "kind", "kind in ('onshore', 'offshore')"),
        _check("innovation_centres", "elsewhere", "kind = 'onshore' or home_region <> host_region"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_innovation_centres")),
    )
    _indexed("innovation_centres", "home_region", "host_region", "name_pinyin")
    op.create_index(
        "uq_innovation_centres_open_name", "innovation_centres", ["name_folded"], unique=True,
        postgresql_where=sa.text("closed_at is null"),
    )  # fmt: skip
    op.create_table(
        "centre_institutes",
        *_ids("centre_id", "institute_id"),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        *_ids("id"),
        *_references("centre_institutes", ("centre_id", "innovation_centres"), ("institute_id", "institutes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_centre_institutes")),
    )
    _indexed("centre_institutes", "centre_id", "institute_id")
    op.create_index(
        "uq_centre_institutes_linked", "centre_institutes", ["centre_id", "institute_id"], unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )  # fmt: skip
    op.create_table(
        "centre_projects",
        *_ids("centre_id"),
        sa.Column("institute_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("need_ids", postgresql.ARRAY(sa.Uuid()), nullable=False),
        *_versioned(),
        _check("centre_projects", "stage", "stage in ('linked', 'lab', 'pilot', 'production', 'ended')"),
        *_references("centre_projects", ("centre_id", "innovation_centres"), ("institute_id", "institutes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_centre_projects")),
    )
    _indexed("centre_projects", "centre_id", "institute_id")
    op.create_table(
        "centre_figures",
        *_ids("centre_id"),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("as_of_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        *_ids("id"),
        *_references("centre_figures", ("centre_id", "innovation_centres")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_centre_figures")),
    )
    op.create_index(op.f("ix_centre_figures_centre_id_as_of_on_id"), "centre_figures", ["centre_id", "as_of_on", "id"])
    grant_table("innovation_centres", "centre_institutes", "centre_projects")
    grant_history("centre_figures")


def _providers() -> None:
    op.create_table(
        "service_providers",
        *_lists("kinds"),
        sa.Column("region_code", sa.Text(), nullable=False),
        *_lists("industries"),
        sa.Column("services", postgresql.JSONB(), nullable=False),
        *_texts("capacity"),
        sa.Column("qualifications", postgresql.JSONB(), nullable=False),
        *_texts("summary"),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        *_named(),
        *_versioned(),
        _check(
            "service_providers",
            "kinds",
            "kinds <@ ARRAY['pilot_line', 'proof_of_concept', 'testing', 'incubator']::varchar[] and cardinality(kinds) > 0",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_providers")),
    )
    _indexed("service_providers", "region_code", "name_pinyin")
    grant_table("service_providers")


def _chain_needs() -> None:
    op.add_column("achievements", sa.Column("chain_id", sa.Uuid(), nullable=True))
    op.add_column("achievements", sa.Column("chain_segment", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_achievements_chain_id_chains"), "achievements", "chains", ["chain_id"], ["id"]
    )
    _indexed("achievements", "chain_id")
    op.create_table(
        "chain_needs",
        *_ids("need_id", "chain_id"),
        sa.Column("raised_by", sa.Uuid(), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        *_ids("id"),
        *_references("chain_needs", ("need_id", "needs"), ("chain_id", "chains"), ("raised_by", "accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_needs")),
        sa.UniqueConstraint("need_id", name=op.f("uq_chain_needs_need_id")),
    )
    _indexed("chain_needs", "chain_id")
    op.create_table(
        "need_backings",
        *_ids("need_id"),
        sa.Column("credit_code", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        *_versioned(),
        _check("need_backings", "state", "state in ('asked', 'consented', 'declined')"),
        _check("need_backings", "answered", "(state = 'asked') = (answered_at is null)"),
        _check("need_backings", "by_whom", "(answered_at is null) = (enterprise_id is null)"),
        *_references(
            "need_backings", ("need_id", "needs"), ("asked_by", "accounts"), ("enterprise_id", "enterprises"),
            ("answered_by", "accounts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_backings")),
        sa.UniqueConstraint("need_id", "credit_code", name=op.f("uq_need_backings_need_id_credit_code")),
    )  # fmt: skip
    _indexed("need_backings", "credit_code", "asked_by", "enterprise_id", "answered_by")
    grant_history("chain_needs")
    grant_table("need_backings")


def _ids(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Uuid(), nullable=False) for name in names]


def _lists(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, postgresql.ARRAY(sa.String()), nullable=False) for name in names]


def _texts(*names: str) -> list[sa.Column[str | None]]:
    return [sa.Column(name, sa.Text(), nullable=True) for name in names]


def _named() -> list[sa.Column[str]]:
    return [
        sa.Column(name, sa.Text(), nullable=False)
        for name in ("name", "name_pinyin", "name_initials", "name_folded")
    ]


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
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))
        for column, target in columns
    ]


def _indexed(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    op.drop_column("achievements", "chain_id")
    op.drop_column("achievements", "chain_segment")
    for table in (
        "need_backings", "chain_needs", "service_providers", "centre_figures", "centre_projects", "centre_institutes",
        "innovation_centres", "broker_mandates", "brokers", "node_posts", "network_nodes",
    ):
        op.drop_table(table)
