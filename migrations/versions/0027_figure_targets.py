"""Targets of the ground network's figures.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

from migrations.grants import grant_history

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

FIGURES = (
    "needs_mined", "confirmed", "matched", "matching_rate", "valid_share", "events", "cooperations", "in_province_share",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "figure_targets",
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("node_key", sa.Text(), nullable=True),
        sa.Column("figure", sa.Text(), nullable=False),
        sa.Column("year", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("as_of_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(f"figure in {FIGURES}", name=op.f("ck_figure_targets_figure")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_figure_targets_value")),
        sa.ForeignKeyConstraint(
            ["node_key"], ["network_nodes.key"], name=op.f("fk_figure_targets_node_key_network_nodes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_targets")),
    )
    op.create_index(op.f("ix_figure_targets_node_key"), "figure_targets", ["node_key"])
    op.create_index(op.f("ix_figure_targets_year_region_code_id"), "figure_targets", ["year", "region_code", "id"])
    grant_history("figure_targets")


def downgrade() -> None:
    op.drop_table("figure_targets")
