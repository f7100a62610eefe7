"""The service network: its nodes.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

from migrations.grants import grant_table

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _nodes()


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
    op.drop_table("network_nodes")
