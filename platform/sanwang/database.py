"""`sanwang db`: what an administrator does in a PostgreSQL once, before the first migration."""

from typing import Annotated

import typer

HELP = "数据库角色 / the database's roles. 例 Example: sanwang db roles"
app = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)


@app.command("roles", short_help="建立应用的角色 / make the application's role. 例 Example: sanwang db roles")
def make_roles(
    administrator: Annotated[
        str | None,
        typer.Option(
            help="可建立角色的登录的 URL，默认 MIGRATION_DATABASE_URL / URL of a login that may make roles"
        ),
    ] = None,
) -> None:
    """建立应用登录所用的角色 sanwang_app / Make the role that the application logs in as; may be repeated.

    Its password is the one in DATABASE_URL, if that logs in as sanwang_app. Once per PostgreSQL, before `sanwang migrate`.

    Example: sanwang db roles --administrator postgresql://postgres@db.example.org/postgres
    """
    from backbone import roles
    from backbone.settings import load_settings
    from sanwang.operations import refusals_as_sentences, refuse

    settings = load_settings()
    url = administrator or settings.migration_database_url
    if url is None:
        refuse(
            "请用 --administrator 给出管理员的 URL，或设置 MIGRATION_DATABASE_URL；内置数据库自动建立角色\n"
            "Give an administrator's URL by --administrator, or set MIGRATION_DATABASE_URL; the embedded server makes "
            "the role itself"
        )
    password = password_of(settings.database_url)
    with refusals_as_sentences():
        made = roles.make_role(url, password=password)
    typer.echo(
        f"已建立角色 {roles.APPLICATION} / Made the role {roles.APPLICATION}"
        if made
        else f"角色 {roles.APPLICATION} 已存在 / The role {roles.APPLICATION} exists already"
    )
    if password is not None:
        typer.echo("其密码取自 DATABASE_URL / Its password is the one of DATABASE_URL")


def password_of(database_url: str | None) -> str | None:
    """The password in the URL if it is that of the application's role."""
    from psycopg.conninfo import conninfo_to_dict

    from backbone.roles import APPLICATION

    if database_url is None:
        return None
    given = conninfo_to_dict(database_url)
    password = given.get("password")
    return str(password) if password and given.get("user") == APPLICATION else None
