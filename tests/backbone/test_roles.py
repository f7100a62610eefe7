"""Roles are the cluster's: each test makes some of its own name and takes them away again."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from backbone.db import Base, Database, history_tables
from backbone.roles import (
    APPLICATION,
    MayNotMakeRoles,
    PrivilegedLogin,
    RoleMissing,
    make_role,
    refuse_power_over,
    require_application,
)
from tests.databases import TestDatabases

pytestmark = pytest.mark.postgres

PASSWORD = "röle's $ecret"
HISTORY = ("audit_events", "sla_events")


@pytest.fixture
def administrator(databases: TestDatabases, committed_database: Database) -> str:
    return databases.administrator_url(committed_database.url)


@pytest.fixture
def name(administrator: str, committed_database: Database) -> Iterator[str]:
    """The name of a role that the test may make, in a database of the test's own."""
    chosen = f"{make_url(committed_database.url).database}_role"
    yield chosen
    with psycopg.connect(administrator, autocommit=True) as connection:
        if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [chosen]).fetchone():
            connection.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(chosen)))
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(chosen)))


@pytest.fixture
def login(administrator: str, name: str, databases: TestDatabases) -> Callable[..., Database]:
    """A database opened as a role that was made and then given what the statements say."""

    def enter(*statements: str) -> Database:
        password = make_url(administrator).password
        make_role(administrator, name, None if password is None else str(password))
        with psycopg.connect(administrator, autocommit=True) as connection:
            for statement in statements:
                connection.execute(sql.SQL(statement).format(role=sql.Identifier(name)))
        return Database(databases.url(str(make_url(administrator).database), name))

    return enter


def refuse(database: Database) -> None:
    try:
        with database.transaction() as session:
            refuse_power_over(session, HISTORY)
    finally:
        database.close()


def attributes(administrator: str, name: str) -> tuple[bool, ...] | None:
    with psycopg.connect(administrator) as connection:
        return connection.execute(
            "SELECT rolcanlogin, rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls"
            " FROM pg_roles WHERE rolname = %s",
            [name],
        ).fetchone()


def test_a_role_that_is_made_can_log_in_and_nothing_else(administrator: str, name: str):
    assert attributes(administrator, name) is None
    assert make_role(administrator, name)
    assert attributes(administrator, name) == (True, False)


def test_making_it_again_changes_nothing(administrator: str, name: str):
    assert make_role(administrator, name)
    with psycopg.connect(administrator) as connection:
        connection.execute(sql.SQL("ALTER ROLE {} NOLOGIN CREATEDB").format(sql.Identifier(name)))
    assert not make_role(administrator, name)
    assert attributes(administrator, name) == (False, True)


def test_ten_at_once_make_it_once_and_set_its_password(administrator: str, name: str):
    together = Barrier(10)

    def make(_: int) -> bool:
        together.wait()
        return make_role(administrator, name, PASSWORD)

    with ThreadPoolExecutor(10) as threads:
        assert sorted(threads.map(make, range(10))) == [False] * 9 + [True]
    assert attributes(administrator, name) == (True, False)


def test_the_password_is_kept_as_a_verifier_that_fits_it(administrator: str, name: str):
    make_role(administrator, name, "an earlier one")
    make_role(administrator, name, PASSWORD)
    with psycopg.connect(administrator) as connection:
        found = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [name]).fetchone()
    assert found
    assert found[0].startswith("SCRAM-SHA-256$4096:")
    assert PASSWORD not in found[0]


def test_who_may_not_make_roles_is_told_who_can(databases: TestDatabases, database: Database, name: str):
    owner = databases.owner_url(database.url)
    with pytest.raises(MayNotMakeRoles) as refusal:
        make_role(owner, name)
    said = refusal.value.in_both_languages()
    assert f"CREATE ROLE {name} LOGIN" in said
    assert "--administrator" in said
    assert "没有建立或修改角色" in said


def test_a_login_without_createrole_is_no_hindrance_once_the_role_is_there(owner: Database):
    assert not make_role(owner.url)


def test_the_application_role_of_this_cluster_is_there(database: Database):
    require_application(database.url)


def test_a_missing_role_is_said_with_the_command_that_makes_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("backbone.roles.APPLICATION", "sanwang_nobody")
    with pytest.raises(RoleMissing) as refusal:
        require_application(database.url)
    said = refusal.value.in_both_languages()
    assert "sanwang_nobody" in said
    assert said.count("sanwang db roles") == 2


def test_the_application_may_start(committed_database: Database):
    with committed_database.transaction() as session:
        refuse_power_over(session, history_tables())


def test_the_owner_of_history_may_not(owner: Database):
    with pytest.raises(PrivilegedLogin) as refusal:
        refuse(owner)
    said = refusal.value.in_both_languages()
    assert "sanwang db roles" in said
    assert "ALLOW_PRIVILEGED_LOGIN" in said
    assert "可以修改历史记录" in said


def test_a_superuser_may_not(administrator: str):
    with pytest.raises(PrivilegedLogin):
        refuse(Database(administrator))


@pytest.mark.parametrize(
    "power",
    [
        "GRANT UPDATE ON audit_events TO {role}",
        "GRANT UPDATE (action) ON audit_events TO {role}",
        "GRANT DELETE ON sla_events TO {role}",
        "GRANT TRUNCATE ON sla_events TO {role}",
        "GRANT sanwang_test_owner TO {role}",
        "GRANT pg_write_all_data TO {role}",
        "ALTER ROLE {role} CREATEROLE",
    ],
)
def test_each_way_to_change_history_is_seen(login: Callable[..., Database], power: str):
    with pytest.raises(PrivilegedLogin):
        refuse(login(power))


def test_the_owner_behind_a_role_put_on_is_seen(login: Callable[..., Database]):
    """`options=-c role=...` in the URL shows another current_user, and RESET ROLE takes it off."""
    with pytest.raises(PrivilegedLogin):
        refuse(
            login(
                "GRANT sanwang_test_owner, sanwang_app TO {role}",
                "ALTER ROLE {role} SET role = 'sanwang_app'",
            )
        )


def test_a_member_of_the_applications_role_may_start_under_its_own_name(login: Callable[..., Database]):
    refuse(login(f"GRANT {APPLICATION} TO {{role}}"))


def test_a_login_that_may_do_nothing_yet_has_no_power_either(login: Callable[..., Database]):
    refuse(login())


def test_a_table_that_is_not_there_gives_no_power(committed_database: Database):
    with committed_database.transaction() as session:
        refuse_power_over(session, ["not_yet_migrated"])


def test_history_is_what_its_models_say():
    assert {"audit_events", "match_runs", "need_transitions", "sla_events"} <= history_tables()
    assert not {"needs", "sla_clocks", "idempotency_keys"} & history_tables()
    assert history_tables() < set(Base.metadata.tables)
