"""What the application's role may do with a table: called by migrations, never changed once one has run.

    from migrations.grants import grant_history, grant_table

    def upgrade() -> None:
        op.create_table("leads", ...)
        grant_table("leads")                # rows that people edit
        grant_history("ledger_entries")     # rows that nobody ever changes; its model is `AppendOnly`

A dropped table takes its grants and triggers along, so `downgrade` needs nothing. What a later rule wants otherwise
becomes another function here: the SQL of these is part of every migration that called them. That every table has
the grants its model declares is compared by tests/architecture/test_grants.py.
"""

from alembic import op

ROLE = "sanwang_app"


def grant_table(*tables: str) -> None:
    """The application may read, add, change and delete rows; nothing else."""
    for table in tables:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {ROLE}")


def grant_history(*tables: str) -> None:
    """The application may read and add rows; UPDATE, DELETE and TRUNCATE are refused to everybody, the owner included."""
    for table in tables:
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {ROLE}")
        op.execute(
            f"CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def grant_sequence(*sequences: str) -> None:
    """The application may draw the next number, and set none."""
    for sequence in sequences:
        op.execute(f"GRANT USAGE ON SEQUENCE {sequence} TO {ROLE}")


def grant_reading(*tables: str) -> None:
    """The application may read rows; nothing else."""
    for table in tables:
        op.execute(f"GRANT SELECT ON {table} TO {ROLE}")
