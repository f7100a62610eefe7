"""An enterprise is told when it may no longer apply for what it was told of.

Revision ID: 0026
Revises: 0025
"""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

BEFORE = ("open", "nearly", "closing")


def upgrade() -> None:
    _kinds((*BEFORE, "lost"))


def downgrade() -> None:
    # What was told stays on record: the table is append-only, so that the former constraint spares the rows there are.
    op.drop_constraint(op.f("ck_policy_news_kind"), "policy_news")
    op.execute(f"ALTER TABLE policy_news ADD CONSTRAINT ck_policy_news_kind CHECK (kind IN {BEFORE}) NOT VALID")


def _kinds(names: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_policy_news_kind"), "policy_news")
    op.create_check_constraint(op.f("ck_policy_news_kind"), "policy_news", f"kind in {names}")
