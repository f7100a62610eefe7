"""The two logins of a database: its owner migrates, the application works and can take back nothing of history.

The application's role belongs to the cluster and not to a database, so no migration makes it: two databases migrated
at once would collide over it. Migrations only GRANT (migrations/grants.py); docs/database.md says how to set both up.
"""

import time
from collections.abc import Collection
from contextlib import suppress

import psycopg
from psycopg import errors, sql
from sqlalchemy import text
from sqlalchemy.orm import Session

from backbone.errors import Bilingual, Forbidden, Unavailable

APPLICATION = "sanwang_app"
TRIES = 20
ONE_AT_A_TIME = (
    5_711_943  # advisory lock; it holds within a database, the tries see to the rest of the cluster
)

# Asked of the login itself: a role it has merely put on with SET ROLE comes off again.
MAY_CHANGE = text(
    """
    SELECT login.rolsuper OR login.rolcreaterole OR EXISTS (
        SELECT FROM unnest(CAST(:tables AS text[])) AS name
        JOIN pg_class kept ON kept.oid = to_regclass(name)
        WHERE has_table_privilege(login.oid, kept.oid, 'UPDATE, DELETE, TRUNCATE')
           OR has_any_column_privilege(login.oid, kept.oid, 'UPDATE')
           OR pg_has_role(login.oid, kept.relowner, 'MEMBER')
    )
    FROM pg_roles login WHERE login.rolname = session_user
    """
)


class RoleMissing(Unavailable):
    """The cluster has no application role yet, so that there is nobody to grant anything to."""

    code = "role_missing"
    title = Bilingual("缺少应用的数据库角色", "The application's database role is missing")
    detail = Bilingual(
        "这个 PostgreSQL 里还没有角色 {role}，迁移无从授权",
        "this PostgreSQL has no role {role} yet, so the migrations have nobody to grant anything to",
    )
    advice = Bilingual(
        "先运行一次 sanwang db roles（步骤见 docs/database.md）",
        "Run this once first: sanwang db roles (docs/database.md has the steps)",
    )


class MayNotMakeRoles(Forbidden):
    """The login used for `sanwang db roles` lacks CREATEROLE."""

    code = "may_not_make_roles"
    title = Bilingual("不能建立数据库角色", "This login may not make roles")
    detail = Bilingual(
        "登录 {login} 没有建立或修改角色 {role} 的权限",
        "the login {login} may neither make nor alter the role {role}",
    )
    advice = Bilingual(
        "用 --administrator 给出管理员的 URL，或请管理员执行 CREATE ROLE {role} LOGIN",
        "Give an administrator's URL by --administrator, or have one execute: CREATE ROLE {role} LOGIN",
    )


class PrivilegedLogin(Unavailable):
    """The application was given a login that could rewrite its own history."""

    code = "privileged_login"
    title = Bilingual("应用的数据库登录权限过大", "The application's database login may do too much")
    detail = Bilingual(
        "DATABASE_URL 的登录是超级用户、表的属主，或可以修改历史记录，服务不启动",
        "the login of DATABASE_URL is a superuser, owns the tables or may change history: the platform does not start",
    )
    advice = Bilingual(
        "以 {role} 登录（sanwang db roles，见 docs/database.md）；确需一个登录兼任时设 ALLOW_PRIVILEGED_LOGIN=true",
        "Log in as {role} (sanwang db roles, see docs/database.md); where one login must do for both, set "
        "ALLOW_PRIVILEGED_LOGIN=true",
    )


def make_role(url: str, name: str = APPLICATION, password: str | None = None) -> bool:
    """Make a role that can log in and nothing else; whether it was not there before.

    May be repeated, also at the same time from anywhere in the cluster. One that exists keeps its attributes, so
    that an administrator may give it others; `password` replaces its password and travels as its SCRAM verifier.
    Raises MayNotMakeRoles.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        try:
            made = _create(connection, name)
            if password is not None:
                _set_password(connection, name, password)
        except errors.InsufficientPrivilege as refusal:
            raise MayNotMakeRoles(login=connection.info.user, role=name) from refusal
    return made


def _create(connection: psycopg.Connection, name: str) -> bool:
    if _exists(connection, name):
        return False
    with suppress(errors.DuplicateObject, errors.UniqueViolation):  # made by somebody else just now
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
        return True
    return False


def _set_password(connection: psycopg.Connection, name: str, password: str) -> None:
    verifier = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    statement = sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(name), sql.Literal(verifier))
    for attempt in range(1, TRIES + 1):
        try:
            connection.execute(statement)
        except errors.InternalError_:  # "tuple concurrently updated": somebody else sets it at this moment
            if attempt == TRIES:
                raise
            time.sleep(0.01 * attempt)
        else:
            return


def require_application(url: str) -> None:
    """Raise RoleMissing when the cluster of `url` has no application role."""
    with psycopg.connect(url, autocommit=True) as connection:
        if not _exists(connection, APPLICATION):
            raise RoleMissing(role=APPLICATION)


def _exists(connection: psycopg.Connection, name: str) -> bool:
    return connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [name]).fetchone() is not None


def refuse_power_over(session: Session, history: Collection[str]) -> None:
    """Raise PrivilegedLogin when the session's login could change the tables named in `history`.

    That is a superuser, a member of their owner, whoever holds UPDATE, DELETE or TRUNCATE on one of them, and
    whoever may make roles: before PostgreSQL 16 that one makes itself a member of any other.
    """
    if session.scalar(MAY_CHANGE, {"tables": list(history)}):
        raise PrivilegedLogin(role=APPLICATION)
