"""An achievement may name its stage without a TRL: the registration form asks for no more.

Revision ID: 0008
Revises: 0007
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NAME = "ck_achievements_stage_of_trl"


def upgrade() -> None:
    op.drop_constraint(op.f(NAME), "achievements", type_="check")
    op.create_check_constraint(op.f(NAME), "achievements", "trl is null or stage is not null")


def downgrade() -> None:
    op.drop_constraint(op.f(NAME), "achievements", type_="check")
    op.execute("UPDATE achievements SET stage = NULL WHERE trl IS NULL")
    op.create_check_constraint(op.f(NAME), "achievements", "(trl is null) = (stage is null)")
