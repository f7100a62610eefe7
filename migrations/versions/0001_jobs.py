"""The job queue: procrastinate 3.10's schema, frozen beside this file so that no installed version changes it.

A later procrastinate brings its own migrations: carry each one over as a further revision here.

Revision ID: 0001
Revises:
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SCHEMA = Path(__file__).parents[1] / "sql" / "procrastinate-3.10.sql"


def upgrade() -> None:
    op.execute(sa.text(SCHEMA.read_text("utf-8")))


def downgrade() -> None:
    op.execute(
        """
        DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs, procrastinate_workers
        CASCADE;
        DO $$
        DECLARE
            found regprocedure;
        BEGIN
            FOR found IN
                SELECT oid::regprocedure FROM pg_proc
                WHERE pronamespace = current_schema()::regnamespace AND starts_with(proname, 'procrastinate_')
            LOOP
                EXECUTE 'DROP FUNCTION ' || found || ' CASCADE';
            END LOOP;
        END;
        $$;
        DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_event_type, procrastinate_job_status;
        """
    )
