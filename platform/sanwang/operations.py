"""The commands that run and maintain a platform: serve, worker, migrate, settings.

`register(app)` hangs them into the console script. Everything heavy is imported inside the commands, so that
`sanwang match` and `--help` stay quick.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from backbone.errors import DomainError
    from backbone.settings import Settings

SCRATCH = "sanwang_migration_draft"


def register(app: typer.Typer) -> None:
    """Add the commands to the console script."""
    for name, (command, summary) in COMMANDS.items():
        app.command(name, short_help=summary)(command)
    app.command("draft-migration", hidden=True)(draft_migration)


def serve(
    host: Annotated[str | None, typer.Option(help="监听地址 / address; default HTTP_HOST")] = None,
    port: Annotated[int | None, typer.Option(help="监听端口 / port; default HTTP_PORT")] = None,
) -> None:
    """启动网页接口与后台任务，未设 DATABASE_URL 时使用内置数据库 / Serve the API and run jobs until Ctrl-C.

    Example: HTTP_PORT=8080 sanwang serve
    """
    from dataclasses import replace

    from backbone.settings import load_settings
    from sanwang.processes import stop_if_supervised
    from sanwang.serve import serve as run

    wanted = load_settings()
    wanted = replace(
        wanted, http_host=host or wanted.http_host, http_port=wanted.http_port if port is None else port
    )
    stop_if_supervised()
    with refusals_as_sentences():
        status = run(wanted, announce)
    raise typer.Exit(status)


def worker() -> None:
    """只运行后台任务 / Run background jobs alone, on this or another machine, until told to stop.

    Example: DATABASE_URL=postgresql://sanwang_app@db/sanwang sanwang worker
    """
    from sanwang.processes import main

    with refusals_as_sentences():
        main(["worker"])


def migrate(
    revision: Annotated[str, typer.Option(help="目标版本 / revision to go to")] = "head",
    down: Annotated[bool, typer.Option("--down", help="退回到该版本 / go back to it instead")] = False,
) -> None:
    """以属主的登录把数据库更新到最新结构 / Bring the database of MIGRATION_DATABASE_URL up to date, as its owner.

    Without it DATABASE_URL is used. The role sanwang_app must be there: see sanwang db roles.

    Example: sanwang migrate
    """
    from backbone import migrate as migrations
    from backbone.settings import load_settings

    known = load_settings()
    url = known.migration_database_url or known.database_url
    if url is None:
        refuse(
            "请设置 DATABASE_URL；内置数据库在启动时自动更新 / Set DATABASE_URL; the embedded one migrates at start"
        )
    with refusals_as_sentences():
        (migrations.downgrade if down else migrations.upgrade)(url, revision)
    typer.echo("数据库结构已更新 / The schema is up to date")


def after_restore() -> None:
    """在新的 PostgreSQL 上恢复备份之后运行一次 / Run once after a dump was restored into another PostgreSQL cluster.

    Example: DATABASE_URL=postgresql://sanwang_app@db/sanwang sanwang after-restore
    """
    from backbone.chain.sealing import forget_cursors
    from backbone.db import Database
    from backbone.settings import load_settings
    from sky_net.matching.restoring import mark_anew

    url = database_url(load_settings())
    with refusals_as_sentences():
        database = Database(url)
        with database.transaction() as session:
            mark_anew(session)
            forget_cursors(session)
        database.close()
    typer.echo(
        "检索将重建索引，审计链将续封 / Search builds its index anew, and the audit goes on being sealed"
    )


def settings() -> None:
    """列出全部设置、现值与默认值 / List every setting with its default; values are read from the environment and .env.

    Example: sanwang settings
    """
    from rich.console import Console
    from rich.table import Table

    from backbone.settings import describe_settings, load_settings

    table = Table("变量 / variable", "现值 / now", "默认 / default", "说明 / meaning")
    now = load_settings().shown()
    for variable, default, meaning in describe_settings():
        value = now[variable.lower()]
        table.add_row(variable, "-" if value in (None, "") else str(value), default, meaning)
    Console().print(table)


def draft_migration(message: Annotated[str, typer.Argument(help="what changes")]) -> None:
    """Write the next migration: what the models say beyond a database at the newest one."""
    from backbone import migrate as migrations
    from backbone.embedded import EmbeddedServer
    from backbone.settings import load_settings

    with refusals_as_sentences(), EmbeddedServer(Path(load_settings().var_dir) / "pg") as server:
        server.drop_database(SCRATCH)
        server.create_database(SCRATCH)
        try:
            migrations.upgrade(server.owner_url(SCRATCH))
            migrations.draft(server.owner_url(SCRATCH), message)
        finally:
            server.drop_database(SCRATCH)


def announce(url: str) -> None:
    """Print where the platform answers."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    console.print(
        f"[bold green]三网一包已启动 / The platform is up[/]: [bold]{url}/api/docs/[/]  (Ctrl-C 停止 / stops)"
    )


def in_sentences(refusal: "DomainError") -> str:
    """What it says, and each fault with its place where there are several."""
    faults = (
        f"  {each['field']}: {getattr(each['problem'], 'zh', each['problem'])} / {each['problem']}"
        for each in refusal.data.get("errors", ())
    )
    return "\n".join((refusal.in_both_languages(), *faults))


@contextmanager
def refusals_as_sentences(status: int = 1) -> Iterator[None]:
    """A refusal that says what to do ends with this exit status and its sentences instead of a trace."""
    from psycopg import OperationalError as UnreachableDatabase
    from psycopg.errors import InsufficientPrivilege, UndefinedTable
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from backbone.errors import DomainError

    try:
        yield
    except DomainError as refusal:
        refuse(in_sentences(refusal), status)
    except OperationalError as failure:
        refuse(f"数据库连接失败 / The database does not answer: {failure.orig}", status)
    except UnreachableDatabase as failure:
        refuse(f"数据库连接失败 / The database does not answer: {failure}", status)
    except ProgrammingError as failure:
        if isinstance(failure.orig, UndefinedTable):
            refuse(
                "数据库尚未迁移，请先运行 sanwang migrate / The database was not migrated: run sanwang migrate",
                status,
            )
        if not isinstance(failure.orig, InsufficientPrivilege):
            raise
        refuse(
            f"该数据库登录无权这样做（迁移须以属主登录，见 MIGRATION_DATABASE_URL）/ This login may not do that; "
            f"migrate as the owner, by MIGRATION_DATABASE_URL: {failure.orig}",
            status,
        )


def database_url(settings: "Settings", status: int = 1) -> str:
    """Where the database of the platform is; ends the command where nobody said."""
    if settings.database_url is None:
        refuse("请设置 DATABASE_URL / Set DATABASE_URL", status)
    return settings.database_url


def refuse(sentence: str, status: int = 1) -> NoReturn:
    """End the command with one sentence on standard error."""
    typer.echo(sentence, err=True)
    sys.exit(status)


COMMANDS: Mapping[str, tuple[Callable[..., None], str]] = {
    "serve": (
        serve,
        "启动网页接口与后台任务 / serve the API and run jobs. 例 Example: HTTP_PORT=8080 sanwang serve",
    ),
    "worker": (worker, "只运行后台任务 / run background jobs alone. 例 Example: sanwang worker"),
    "migrate": (migrate, "更新数据库结构 / bring the schema up to date. 例 Example: sanwang migrate"),
    "after-restore": (
        after_restore,
        "恢复备份后运行 / run after a restore. 例 Example: sanwang after-restore",
    ),
    "settings": (settings, "列出全部设置 / list every setting. 例 Example: sanwang settings"),
}
"""What `sanwang --help` shows: every command with an example."""
