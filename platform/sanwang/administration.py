"""The first administrator of an empty platform, and the last one's lost password: all else is done through the API."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from backbone.db import Database

SHORT_HELP = "开立首个管理员 / open the first administrator. 例 Example: sanwang open-administrator --login admin --name 管理员"
SHORT_HELP_OF_RESET = (
    "重设密码 / set a password that was forgotten. 例 Example: sanwang reset-password --login admin"
)

Login = Annotated[str, typer.Option(help="登录名 / login")]
Password = Annotated[
    str,
    typer.Option(
        prompt="密码（至少 12 位）/ password (at least 12 characters)",
        hide_input=True,
        confirmation_prompt=True,
        envvar="SANWANG_PASSWORD",
        help="不给出则询问 / asked for when not given",
    ),
]


def open_administrator(
    login: Login,
    name: Annotated[str, typer.Option(help="姓名 / name")],
    password: Password,
) -> None:
    """开立全省管理员账号 / Open the account of an administrator of the whole province.

    Example: sanwang open-administrator --login admin --name 管理员
    """  # fmt: skip
    with _platform("AccountEntry", login=login, name=name, password=password) as (database, said):
        _open(database, said["login"], said["name"], said["password"])
    typer.echo(f"已开立管理员 {login} / Administrator {login} is open")


def reset_password(login: Login, password: Password) -> None:
    """重设一个账号的密码，本人凭它设置新密码 / Set the password of an account; its holder then sets an own one by it.

    For the administrator whom no other administrator can help; everybody else's is reset through the API.

    Example: sanwang reset-password --login admin
    """
    with _platform("PasswordReset", password=password) as (database, said):
        days = _reset(database, login, said["password"])
    typer.echo(
        f"已重设 {login} 的密码，请于 {days} 日内用 changePassword 更换 / "
        f"The password of {login} is set; change it within {days} days with changePassword"
    )


@contextmanager
def _platform(entry: str, **said: str) -> "Iterator[tuple[Database, dict[str, Any]]]":
    """The settings' database, and what was said as the API would take it; a refusal is said in a sentence.

    What the API refuses would log nobody in: `entry` is the schema by which it reads the same.
    """
    from backbone import db
    from backbone.db import Database
    from backbone.http_requests import load
    from backbone.identity import schemas
    from backbone.settings import load_settings
    from sanwang import features  # noqa: F401 - for its handlers: the holder is told
    from sanwang.app import configure_keys, refuse_other_keys
    from sanwang.operations import database_url, refusals_as_sentences

    settings = load_settings()
    url = database_url(settings)
    with refusals_as_sentences():
        taken = load(getattr(schemas, entry), said)
    database = Database(url)
    try:
        with refusals_as_sentences():
            configure_keys(settings)
            db.bind(database)
            refuse_other_keys()
            yield database, taken
    finally:
        database.close()


def _open(database: "Database", login: str, name: str, password: str) -> None:
    from backbone.actor import PROVINCE, Role, actor_with
    from backbone.clock import SystemClock
    from backbone.identity import service

    now = SystemClock().now()
    office = actor_with((Role.ADMINISTRATOR, PROVINCE), name="system")
    with database.transaction() as session:
        account = service.open_account(session, office, login=login, name=name, password=password, now=now)
        service.grant_membership(session, office, account.id, Role.ADMINISTRATOR, PROVINCE, now=now)


def _reset(database: "Database", login: str, password: str) -> int:
    """Within how many days it is to be changed."""
    from backbone.actor import SYSTEM
    from backbone.clock import SystemClock
    from backbone.identity import credentials, service
    from sanwang.operations import refuse

    with database.transaction() as session:
        account = service.account_of(session, login)
        if account is None:
            refuse(f"没有登录名为 {login} 的账号 / No account has the login {login}")
        service.hold_account(session, account)
        credentials.reset(session, SYSTEM, account, password, now=SystemClock().now())
    return credentials.GIVEN_FOR.days
