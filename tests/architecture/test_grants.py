"""Who may do what in the database: what the models declare, and what is really granted and refused."""

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from backbone.db import Base, Database, history_tables
from backbone.roles import APPLICATION
from sanwang.models import METADATA
from tests.databases import OWNER

pytestmark = pytest.mark.postgres

EDITED = {"SELECT", "INSERT", "UPDATE", "DELETE"}
HISTORY = {"SELECT", "INSERT"}
# What is not ours: the queue, and Alembic's note of where the schema stands.
OTHERS = {
    "procrastinate_jobs": EDITED,
    "procrastinate_periodic_defers": EDITED,
    "procrastinate_workers": EDITED,
    "procrastinate_events": HISTORY,
    "alembic_version": {"SELECT"},
}
CALLED = {
    "procrastinate_defer_jobs_v1", "procrastinate_defer_periodic_job_v2", "procrastinate_fetch_job_v2",
    "procrastinate_finish_job_v1", "procrastinate_retry_job_v2", "procrastinate_register_worker_v1",
    "procrastinate_unregister_worker_v1", "procrastinate_update_heartbeat_v1", "procrastinate_prune_stalled_workers_v1",
}  # fmt: skip
# An identity column draws its numbers itself.
DRAWN_BY_ITSELF = {"procrastinate_workers_id_seq"}

GRANTS = text(
    """
    SELECT kept.relname, kept.relkind, coalesce(held.rolname, 'public') AS holder, granted.privilege_type,
           granted.is_grantable
    FROM pg_class kept
    CROSS JOIN aclexplode(kept.relacl) AS granted
    LEFT JOIN pg_roles held ON held.oid = granted.grantee
    WHERE kept.relnamespace = 'public'::regnamespace AND granted.grantee <> kept.relowner
    """
)
RELATIONS = text(
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = ANY(:kinds)"
)
APPEND_ONLY = text(
    """
    SELECT trigger.tgrelid::regclass::text FROM pg_trigger trigger
    WHERE trigger.tgname = 'append_only' AND trigger.tgenabled = 'O' AND trigger.tgqual IS NULL
      AND trigger.tgfoid = 'refuse_change()'::regprocedure AND trigger.tgattr::text = ''
      AND trigger.tgtype = :before_statement_update_delete_truncate
    """
)
TRIGGERS = text(
    "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
    " AND NOT starts_with(tgrelid::regclass::text, 'procrastinate_')"
)
MARKED = {"change_xid": "mark_change", "written_xid": "mark_written"}
# Rules about several tables, which no constraint of one can hold; each has a test that tries to break it by SQL.
HOLDING = {("fund_transfers", "equity_commitment_is_decided"), ("fund_transfers", "decided_first")} | {
    (table, "award_adds_up") for table in ("awards", "award_beneficiaries", "award_tranches", "award_parts")
}
BEFORE, DELETE, UPDATE, TRUNCATE = 2, 8, 16, 32  # bits of pg_trigger.tgtype; no ROW (1): once per statement
CALLABLE = text(
    """
    SELECT proname FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND prorettype <> 'trigger'::regtype
      AND has_function_privilege(:role, oid, 'EXECUTE')
    """
)


@pytest.fixture
def connection(database: Database):
    with database.engine.connect() as opened:
        yield opened


def granted(connection: Connection, kind: str) -> dict[str, set[str]]:
    """Privileges of the application's role by relation; nobody else but the owner may hold any."""
    held: dict[str, set[str]] = {}
    for name, is_kind, holder, privilege, grantable in connection.execute(GRANTS):
        assert holder == APPLICATION, f"{holder} holds {privilege} on {name}"
        assert not grantable, f"{privilege} on {name} could be passed on"
        if is_kind == kind:
            held.setdefault(name, set()).add(privilege)
    return held


def relations(connection: Connection, *kinds: str) -> set[str]:
    return set(connection.scalars(RELATIONS, {"kinds": list(kinds)}))


def test_the_history_of_the_platform_is_declared_by_its_models():
    assert history_tables() >= {"audit_events", "sla_events", "need_transitions", "match_runs"}
    assert history_tables() <= set(METADATA.tables)


def test_every_table_has_the_grants_its_model_declares_and_no_other(connection: Connection):
    declared = {name: HISTORY if name in history_tables() else EDITED for name in METADATA.tables}
    assert granted(connection, "r") == declared | OTHERS
    assert relations(connection, "r", "p") == set(declared | OTHERS)


def test_there_is_nothing_to_read_or_write_but_tables(connection: Connection):
    """A view reads with its owner's rights: one that is added needs a test of its own here."""
    assert relations(connection, "v", "m", "f") == set()


def test_numbers_are_drawn_and_never_set(connection: Connection):
    sequences = relations(connection, "S")
    assert {"need_number_seq", "achievement_number_seq"} <= sequences
    assert granted(connection, "S") == {name: {"USAGE"} for name in sequences - DRAWN_BY_ITSELF}


def test_the_history_and_only_it_refuses_changes_by_trigger(connection: Connection):
    kind = {"before_statement_update_delete_truncate": BEFORE | UPDATE | DELETE | TRUNCATE}
    assert set(connection.scalars(APPEND_ONLY, kind)) == history_tables()


def test_every_trigger_is_one_that_a_model_declares(connection: Connection):
    """By `AppendOnly`, or by a column that the search or the sealing reads; the queue's own: test_queue_frozen.py."""
    marked = {
        (name, trigger)
        for name, table in METADATA.tables.items()
        for column, trigger in MARKED.items()
        if column in table.columns
    }
    kept = {(name, "append_only") for name in history_tables()}
    assert {tuple(row) for row in connection.execute(TRIGGERS)} == marked | kept | HOLDING


def test_of_the_queues_functions_only_those_are_callable_that_its_worker_calls(connection: Connection):
    assert set(connection.scalars(CALLABLE, {"role": APPLICATION})) == CALLED
    assert set(connection.scalars(CALLABLE, {"role": "pg_monitor"})) == set()


def test_no_column_is_granted_apart_from_its_table(connection: Connection):
    columns = (
        "SELECT attrelid::regclass::text FROM pg_attribute WHERE attacl IS NOT NULL AND attrelid >= 16384"
    )
    assert list(connection.scalars(text(columns))) == []


def test_the_roles_are_ordinary_ones(connection: Connection):
    powers = text(
        "SELECT rolname, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls FROM pg_roles"
        " WHERE rolname = ANY(:roles)"
    )
    assert dict(connection.execute(powers, {"roles": [APPLICATION, OWNER]}).all()) == {
        APPLICATION: False,
        OWNER: False,
    }
    assert connection.scalar(text("SELECT current_user")) == APPLICATION
    memberships = "SELECT count(*) FROM pg_auth_members WHERE member = current_user::regrole"
    assert connection.scalar(text(memberships)) == 0


CHANGES = ("UPDATE {table} SET {column} = {column}", "DELETE FROM {table}", "TRUNCATE {table} CASCADE")


def change_to(table: str, change: str) -> str:
    return change.format(table=table, column=next(iter(METADATA.tables[table].primary_key.columns)).name)


@pytest.mark.parametrize("table", sorted(history_tables()))
@pytest.mark.parametrize("change", CHANGES)
def test_history_is_kept_from_the_application_by_its_grants(connection: Connection, table: str, change: str):
    with pytest.raises(ProgrammingError, match=f"permission denied for table {table}"):
        connection.execute(text(change_to(table, change)))


@pytest.mark.parametrize("table", sorted(history_tables()))
@pytest.mark.parametrize("change", CHANGES)
def test_history_is_kept_from_its_owner_by_the_trigger(
    databases, database: Database, table: str, change: str
):
    with (
        psycopg.connect(databases.owner_url(database.url)) as owner,
        pytest.raises(InsufficientPrivilege, match=f"append-only: .* on {table} is refused"),
    ):
        owner.execute(change_to(table, change))


def test_a_truncation_of_what_history_refers_to_does_not_reach_it(owner: Database):
    with (
        psycopg.connect(owner.url) as connection,
        pytest.raises(InsufficientPrivilege, match="append-only: TRUNCATE"),
    ):
        connection.execute("TRUNCATE needs CASCADE")


@pytest.mark.parametrize(
    "attempt",
    [
        "CREATE TABLE mine (word text)",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA mine",
        "ALTER TABLE audit_events DISABLE TRIGGER append_only",
        "DROP TRIGGER append_only ON audit_events",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE TRIGGER mine BEFORE INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION mark_change()",
        "CREATE RULE mine AS ON INSERT TO audit_events DO INSTEAD NOTHING",
        "ALTER TABLE audit_events OWNER TO sanwang_app",
        "DROP TABLE audit_events",
        "SET session_replication_role = replica",
        "SET ROLE sanwang_test_owner",
        "CREATE ROLE mine",
        "CREATE DATABASE mine",
        "SELECT * FROM pg_authid",
        "SELECT pg_read_file('/etc/hostname')",
        "COPY audit_events TO PROGRAM 'cat'",
        "SELECT setval('need_number_seq', 1)",
        "UPDATE alembic_version SET version_num = '0001'",
        "UPDATE procrastinate_events SET at = now()",
        "DELETE FROM procrastinate_events",
        "SELECT procrastinate_cancel_job_v1(1, false, false)",
    ],
)
def test_the_application_cannot(database: Database, attempt: str):
    with psycopg.connect(database.url, autocommit=True) as application, pytest.raises(InsufficientPrivilege):
        application.execute(attempt)


def test_what_the_application_passes_on_is_nothing(database: Database, connection: Connection):
    """PostgreSQL answers such a GRANT with a warning."""
    with psycopg.connect(database.url, autocommit=True) as application:
        application.execute(f"GRANT ALL ON audit_events TO PUBLIC, {APPLICATION}")
    assert granted(connection, "r")["audit_events"] == HISTORY


def test_a_table_without_its_grants_is_found(owner: Database):
    with owner.transaction() as session:
        session.execute(text("CREATE TABLE forgotten (word text)"))
    with owner.engine.connect() as connection:
        assert relations(connection, "r") - set(granted(connection, "r")) == {"forgotten"}


def test_a_grant_to_everybody_is_found(owner: Database):
    with owner.transaction() as session:
        session.execute(text("GRANT SELECT ON needs TO PUBLIC"))
    with (
        owner.engine.connect() as connection,
        pytest.raises(AssertionError, match="public holds SELECT on needs"),
    ):
        granted(connection, "r")


def test_a_disabled_trigger_is_found(owner: Database):
    with owner.transaction() as session:
        session.execute(text("ALTER TABLE audit_events DISABLE TRIGGER append_only"))
    with owner.engine.connect() as connection:
        kind = {"before_statement_update_delete_truncate": BEFORE | UPDATE | DELETE | TRUNCATE}
        assert history_tables() - set(connection.scalars(APPEND_ONLY, kind)) == {"audit_events"}


def test_tables_of_the_tests_do_not_pass_for_the_platforms():
    assert {mapper.class_.__tablename__ for mapper in Base.registry.mappers} >= history_tables()
