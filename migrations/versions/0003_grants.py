"""grants: the application's role gets what it needs, history gets no more than additions

Revision ID: 0003
Revises: 0002
"""

from alembic import op

from migrations.grants import ROLE, grant_history, grant_reading, grant_sequence, grant_table

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = (
    "accounts", "achievements", "attachments", "contacts", "enterprises", "file_contents", "files",
    "idempotency_keys", "institutes", "invitations", "memberships", "need_readers", "needs", "proposals",
    "search_generations", "sla_clocks", "tokens",
)  # fmt: skip
# What a need was shown is evidence like the rest, and until now had no trigger.
NEW_HISTORY = "match_runs"
HISTORY = ("audit_events", NEW_HISTORY, "need_transitions", "sla_events")
SEQUENCES = ("need_number_seq", "achievement_number_seq")

# A queue's worker: it reads and moves jobs, marks that it lives, notes which periodic job has run. Events are
# written by triggers as whoever moves the job, read to find old jobs, and vanish with their job as the owner.
QUEUE_TABLES = ("procrastinate_jobs", "procrastinate_periodic_defers", "procrastinate_workers")
QUEUE_EVENTS = "procrastinate_events"
QUEUE_SEQUENCES = (
    "procrastinate_jobs_id_seq", "procrastinate_periodic_defers_id_seq", "procrastinate_events_id_seq",
)  # fmt: skip
# Only what the worker and `defer` call. Trigger functions need no grant to run.
QUEUE_FUNCTIONS = (
    "procrastinate_defer_jobs_v1", "procrastinate_defer_periodic_job_v2", "procrastinate_fetch_job_v2",
    "procrastinate_finish_job_v1", "procrastinate_retry_job_v2", "procrastinate_register_worker_v1",
    "procrastinate_unregister_worker_v1", "procrastinate_update_heartbeat_v1", "procrastinate_prune_stalled_workers_v1",
)  # fmt: skip

# PostgreSQL lets everybody call a new function; a cluster that was once older than 15 lets everybody make tables.
SHUT_OUT_THE_PUBLIC = """
DO $$
DECLARE
    found regprocedure;
BEGIN
    EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', current_schema());
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO {role}', current_schema());
    FOR found IN
        SELECT oid::regprocedure FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace AND starts_with(proname, 'procrastinate_')
    LOOP
        EXECUTE 'REVOKE ALL ON FUNCTION ' || found || ' FROM PUBLIC';
    END LOOP;
END;
$$
""".format(role=ROLE)
LET_THE_PUBLIC_IN = """
DO $$
DECLARE
    found regprocedure;
BEGIN
    EXECUTE format('REVOKE USAGE ON SCHEMA %I FROM {role}', current_schema());
    FOR found IN
        SELECT oid::regprocedure FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace AND starts_with(proname, 'procrastinate_')
    LOOP
        EXECUTE 'GRANT EXECUTE ON FUNCTION ' || found || ' TO PUBLIC';
    END LOOP;
END;
$$
""".format(role=ROLE)


def upgrade() -> None:
    op.execute(SHUT_OUT_THE_PUBLIC)
    grant_reading("alembic_version")
    grant_table(*TABLES)
    grant_history(*HISTORY)
    grant_sequence(*SEQUENCES)
    grant_table(*QUEUE_TABLES)
    op.execute(f"GRANT SELECT, INSERT ON {QUEUE_EVENTS} TO {ROLE}")
    grant_sequence(*QUEUE_SEQUENCES)
    for function in QUEUE_FUNCTIONS:
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {ROLE}")


def downgrade() -> None:
    for function in QUEUE_FUNCTIONS:
        op.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM {ROLE}")
    for sequence in (*QUEUE_SEQUENCES, *SEQUENCES):
        op.execute(f"REVOKE ALL ON SEQUENCE {sequence} FROM {ROLE}")
    for table in (QUEUE_EVENTS, *QUEUE_TABLES, *HISTORY, *TABLES, "alembic_version"):
        op.execute(f"REVOKE ALL ON {table} FROM {ROLE}")
    op.execute(f"DROP TRIGGER append_only ON {NEW_HISTORY}")
    op.execute(LET_THE_PUBLIC_IN)
