"""Why applications were not funded, worked out by jobs and kept; selections on record are explained from the next night on

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.grants import grant_history, grant_table

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

ON_RECORD = """
INSERT INTO grant_explainings (selection_id, model_sha256, total, done, created_at, updated_at, ended_at)
SELECT id, model_sha256, total, 0, computed_at, computed_at, CASE total WHEN 0 THEN computed_at END
FROM (
    SELECT id, model_sha256, computed_at, jsonb_array_length(convert_from(model, 'UTF8')::jsonb -> 'applications')
        - jsonb_array_length(convert_from(result, 'UTF8')::jsonb -> 'selected') AS total
    FROM grant_selections
) AS selections
"""


def upgrade() -> None:
    op.create_unique_constraint(
        op.f("uq_grant_selections_id_model_sha256"), "grant_selections", ["id", "model_sha256"]
    )
    op.create_table(
        "grant_explainings",
        sa.Column("selection_id", sa.Uuid(), nullable=False),
        sa.Column("model_sha256", sa.Text(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.CheckConstraint("done BETWEEN 0 AND total", name=op.f("ck_grant_explainings_done")),
        sa.CheckConstraint("done < total OR ended_at IS NOT NULL", name=op.f("ck_grant_explainings_ended")),
        sa.CheckConstraint(
            "failure IS NULL OR ended_at IS NOT NULL", name=op.f("ck_grant_explainings_failure")
        ),
        sa.ForeignKeyConstraint(
            ["selection_id", "model_sha256"],
            ["grant_selections.id", "grant_selections.model_sha256"],
            name=op.f("fk_grant_explainings_selection_id_model_sha256"),
        ),
        sa.PrimaryKeyConstraint("selection_id", name=op.f("pk_grant_explainings")),
    )
    op.create_index(
        "ix_grant_explainings_waiting",
        "grant_explainings",
        ["selection_id"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "grant_explanations",
        sa.Column("selection_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("score_lost", sa.BigInteger(), nullable=False),
        sa.Column("displaced", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("joining", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("cut", postgresql.JSONB(), nullable=False),
        sa.Column("conflict", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("explained_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "conflict = '{}' OR (score_lost = 0 AND displaced = '{}' AND joining = '{}' AND cut = '{}')",
            name=op.f("ck_grant_explanations_conflict"),
        ),
        sa.CheckConstraint("score_lost >= 0", name=op.f("ck_grant_explanations_score_lost")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["grant_applications.id"], name=op.f("fk_grant_explanations_application_id")
        ),
        sa.ForeignKeyConstraint(
            ["selection_id"],
            ["grant_explainings.selection_id"],
            name=op.f("fk_grant_explanations_selection_id"),
        ),
        sa.PrimaryKeyConstraint("selection_id", "application_id", name=op.f("pk_grant_explanations")),
    )
    op.create_index(op.f("ix_grant_explanations_application_id"), "grant_explanations", ["application_id"])
    grant_table("grant_explainings")
    grant_history("grant_explanations")
    op.execute(ON_RECORD)


def downgrade() -> None:
    op.drop_table("grant_explanations")
    op.drop_table("grant_explainings")
    op.drop_constraint(op.f("uq_grant_selections_id_model_sha256"), "grant_selections")
