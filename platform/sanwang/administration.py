"""The first administrator of an empty platform: everybody else is then made through the API."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from backbone.db import Database

SHORTEST_PASSWORD = 12
SHORT_HELP = "开立首个管理员 / open the first administrator. 例 Example: sanwang open-administrator --login admin --name 管理员"


def open_administrator(
    login: Annotated[str, typer.Option(help="登录名 / login")],
    name: Annotated[str, typer.Option(help="姓名 / name")],
    password: Annotated[
        str,
        typer.Option(
            prompt="密码（至少 12 位）/ password (at least 12 characters)",
            hide_input=True,
            confirmation_prompt=True,
            envvar="SANWANG_PASSWORD",
            help="不给出则询问 / asked for when not given",
        ),
    ],
) -> None:
    """开立全省管理员账号 / Open the account of an administrator of the whole province.

    Example: sanwang open-administrator --login admin --name 管理员
    """  # fmt: skip
    from backbone import db
    from backbone.db import Database
    from backbone.settings import load_settings
    from sanwang.app import configure_keys, refuse_other_keys
    from sanwang.operations import refusals_as_sentences, refuse

    settings = load_settings()
    if settings.database_url is None:
        refuse("请设置 DATABASE_URL / Set DATABASE_URL first")
    if len(password) < SHORTEST_PASSWORD:
        refuse(
            f"密码至少 {SHORTEST_PASSWORD} 位 / The password needs at least {SHORTEST_PASSWORD} characters"
        )
    database = Database(settings.database_url)
    with refusals_as_sentences():
        configure_keys(settings)
        db.bind(database)
        refuse_other_keys()
        _open(database, login, name, password)
    database.close()
    typer.echo(f"已开立管理员 {login} / Administrator {login} is open")


def _open(database: "Database", login: str, name: str, password: str) -> None:
    from backbone.actor import PROVINCE, Role, actor_with
    from backbone.clock import SystemClock
    from backbone.identity import service

    now = SystemClock().now()
    office = actor_with((Role.ADMINISTRATOR, PROVINCE), name="system")
    with database.transaction() as session:
        account = service.open_account(session, office, login=login, name=name, password=password, now=now)
        service.grant_membership(session, office, account.id, Role.ADMINISTRATOR, PROVINCE, now=now)
