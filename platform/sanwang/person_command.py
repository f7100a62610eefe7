"""`sanwang person`: everything held about one person, for the person or gone; and the keys it is sealed with.

Everything heavy is imported inside the commands, so that `--help` stays quick. Legal holds are for whoever runs this.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

if TYPE_CHECKING:
    from backbone.db import Database
    from backbone.people.erasing import Erasure
    from backbone.people.finding import Asked, Mention

UNUSABLE_INPUT = 2
TRIES = 3

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
SHORT_HELP = (
    "导出或删除一个人的信息 / export or erase a person. 例 Example: sanwang person export --phone 13800001234"
)

Phone = Annotated[str | None, typer.Option(help="电话 / phone")]
Email = Annotated[str | None, typer.Option(help="邮箱 / e-mail address")]
Login = Annotated[str | None, typer.Option(help="登录名 / login")]
Id = Annotated[str | None, typer.Option(help="账号或人员记录的编号 / id of an account or of a person's row")]
Name = Annotated[str | None, typer.Option(help="多人共用电话或邮箱时指明姓名 / whom, where several share it")]
Exact = Annotated[
    bool, typer.Option(help="不含同单位同名的记录 / leave out the same name within the same organisation")
]
Result = TypeVar("Result")


@app.command()
def export(
    out: Annotated[Path, typer.Option(help="写入的 JSON 文件 / the JSON file to write", metavar="FILE.json")],
    phone: Phone = None,
    email: Email = None,
    login: Login = None,
    id: Id = None,
    name: Name = None,
    exact: Exact = False,
) -> None:
    """导出平台持有的一个人的全部信息 / Write everything that is held about a person: where, and since when.

    Example: sanwang person export --phone 13800001234 --out person.json
    """
    from backbone.clock import SystemClock
    from backbone.people import exporting

    asked = _asked(phone, email, login, id, name, exact)
    with _platform() as database:
        with database.transaction() as session:
            found = exporting.export(session, asked, now=SystemClock().now())
        _write(out, found)
    _show(["位置 / where", "条数 / count"], [[place, str(n)] for place, n in exporting.counts(found).items()])
    typer.echo(f"已导出 / Exported: {out}")


@app.command()
def erase(
    reason: Annotated[
        str,
        typer.Option(help="依据，永久留在审计中，不得含个人信息 / the ground; stays in the audit for good"),
    ],
    phone: Phone = None,
    email: Email = None,
    login: Login = None,
    id: Id = None,
    name: Name = None,
    exact: Exact = False,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问 / do not ask")] = False,
) -> None:
    """删除一个人的信息，记录与引用保留 / Erase a person; records and what refers to them stay.

    Example: sanwang person erase --phone 13800001234 --reason "本人申请 2026-17"
    """
    if not reason.strip():
        raise typer.BadParameter("须写明依据 / Say on what ground", param_hint="--reason")
    asked = _asked(phone, email, login, id, name, exact)
    with _platform() as database:
        living = _living(database, asked)
        if not living:
            typer.echo("此前已删除 / Already erased")
            return
        _show(["位置 / where", "找到方式 / found by", "姓名 / name"], [_line(mention) for mention in living])
        if not yes:
            typer.confirm("删除后无法恢复。继续？/ This cannot be undone. Go on?", abort=True)
        done = _erase(database, asked, reason)
    typer.echo(
        f"已删除 {done.erased} 条，替换文本 {done.texts} 处，作废留存答复 {done.answers} 份 / "
        f"Erased {done.erased} rows, {done.texts} names in texts, {done.answers} kept answers"
    )


@app.command("rotate-key")
def rotate_key() -> None:
    """用 PERSONAL_DATA_KEY 的第一把密钥重新加密全部信息，可中断后再次运行 / Seal everything anew with the first key.

    Example: PERSONAL_DATA_KEY=2:NEW,1:OLD sanwang person rotate-key
    """
    from rich.progress import Progress

    from backbone.people import rotating

    with _platform() as database:
        with database.transaction() as session:
            outdated = rotating.count_outdated(session)
        sealed, done = 0, 1
        with Progress(transient=True) as bar:
            task = bar.add_task("重新加密 / sealing anew", total=outdated)
            # Whoever still writes with the old key must not keep this running for ever.
            while done and sealed <= outdated:
                with database.transaction() as session:
                    done = rotating.reseal_some(session)
                sealed += done
                bar.advance(task, done)
        with database.transaction() as session:
            left = rotating.count_outdated(session)
    typer.echo(
        f"已重新加密 {outdated - left} 条，剩余 {left} 条 / Sealed {outdated - left} rows anew, {left} left"
    )
    if left:
        typer.echo("请再次运行 / Run it again", err=True)
        raise typer.Exit(1)


@contextmanager
def _platform() -> "Iterator[Database]":
    """The settings' database, with its keys and every feature that knows people."""
    from backbone.db import Database
    from backbone.encryption import Unopened
    from backbone.people.rotating import digests_what_is_stored
    from backbone.settings import load_settings
    from sanwang import features  # noqa: F401 - for its handlers and models: accounts are closed, texts searched
    from sanwang.app import OTHER_DIGESTS, configure_keys
    from sanwang.operations import database_url, refusals_as_sentences, refuse

    settings = load_settings()
    url = database_url(settings)
    try:
        configure_keys(settings)
    except RuntimeError as unconfigured:
        refuse(str(unconfigured))
    database = Database(url)
    with refusals_as_sentences():
        try:
            with database.transaction() as session:
                if not digests_what_is_stored(session):
                    refuse(OTHER_DIGESTS)
            yield database
        except Unopened:
            refuse(
                "PERSONAL_DATA_KEY 打不开库中的信息，未作改动 / PERSONAL_DATA_KEY does not open what is stored; nothing changed"
            )
        finally:
            database.close()


def _asked(
    phone: str | None, email: str | None, login: str | None, id: str | None, name: str | None, exact: bool
) -> "Asked":
    """Whom the options name; exit status 2 unless exactly one of them does."""
    from backbone.people.finding import Asked

    given = {
        by: value for by, value in (("phone", phone), ("email", email), ("login", login), ("id", id)) if value
    }
    if len(given) != 1:
        typer.echo("请给出 --phone、--email、--login、--id 之一 / Give exactly one of these", err=True)
        raise typer.Exit(UNUSABLE_INPUT)
    [(by, value)] = given.items()
    return Asked(by, value, name, exact)


def _living(database: "Database", asked: "Asked") -> "list[Mention]":
    """What would be erased; none when it was before. Raises NobodyFound, SharedByNames."""
    from backbone.people.errors import NobodyFound
    from backbone.people.finding import find, was_erased

    with database.transaction() as session:
        try:
            return [mention for mention in find(session, asked) if mention.person.erased_at is None]
        except NobodyFound:
            if was_erased(session, asked):
                return []
            raise


def _erase(database: "Database", asked: "Asked", reason: str) -> "Erasure":
    """Once more where another transaction stood in the way."""
    from backbone.actor import SYSTEM
    from backbone.clock import SystemClock
    from backbone.people import erasing

    def once() -> "Erasure":
        with database.transaction() as session:
            return erasing.erase(session, SYSTEM, asked, reason=reason, now=SystemClock().now())

    return _insisting(once)


def _insisting(work: Callable[[], Result]) -> Result:
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.orm.exc import StaleDataError

    from backbone.http import RETRIED

    for attempt in range(1, TRIES + 1):
        try:
            return work()
        except (DBAPIError, StaleDataError) as failure:
            state = getattr(getattr(failure, "orig", None), "sqlstate", None)
            if attempt == TRIES or not (isinstance(failure, StaleDataError) or state in RETRIED):
                raise
    raise AssertionError("unreachable: the last attempt returns or raises")


def _line(mention: "Mention") -> list[str]:
    from backbone.people.normal import masked_name

    person = mention.person
    return [f"{person.holder}.{person.part} {person.holder_id}", mention.how, masked_name(person.name or "")]


def _write(out: Path, found: dict[str, Any]) -> None:
    """The file is its owner's alone to read."""
    from sanwang.operations import refuse

    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(handle, "w", encoding="utf-8") as file:
            os.fchmod(handle, 0o600)
            json.dump(found, file, ensure_ascii=False, indent=2)
            file.write("\n")
    except OSError as failure:
        refuse(f"无法写入 {out} / Cannot write {out}: {failure.strerror}")


def _show(columns: list[str], rows: list[list[str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*columns)
    for row in rows:
        table.add_row(*row)
    Console().print(table)
