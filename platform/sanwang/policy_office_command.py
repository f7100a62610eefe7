"""`sanwang policy load` and `versions`: bring the package's policies on record, and list what is on record.

Reviewing, publishing and verifying take two accounts and stay with the API: a command line has none.
"""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sanwang.operations import refusals_as_sentences, refuse

if TYPE_CHECKING:
    from policy_pack.policies.models import PolicyVersion
    from policy_pack.policies.shipping import Shipped

UNUSABLE_INPUT = 2


def register(app: typer.Typer) -> None:
    """Hang the commands into `sanwang policy`."""
    app.command("load", short_help="载入随附政策 / bring the shipped policies on record")(load)
    app.command("versions", short_help="列出在册版本 / list the versions on record")(versions)


def load(
    folder: Annotated[
        Path | None,
        typer.Option(
            help="政策文件目录，缺省为随附政策 / a folder of policy files, by default the shipped ones"
        ),
    ] = None,
) -> None:
    """把随附政策登记为首个已发布版本；已在册政策的新文本登记为草稿，由政策专员复核。可重复执行。

    Bring the shipped policies on record as first published versions; another text of a known policy becomes a draft for
    officers to review. May be repeated.

    Example: DATABASE_URL=postgresql://sanwang_app@db/sanwang sanwang policy load
    """
    from sanwang.calendar_command import open_session

    if folder is not None and not folder.is_dir():
        refuse(f"没有目录 {folder} / there is no folder {folder}", UNUSABLE_INPUT)
    with refusals_as_sentences(UNUSABLE_INPUT), open_session(keep=True) as session:
        from backbone.clock import SystemClock
        from policy_pack.policies.shipping import load_shipped

        loaded = load_shipped(session, now=SystemClock().now(), folder=folder)
    typer.echo(
        f"已发布 {loaded.published}，草稿 {loaded.drafts}，已在册 {loaded.known} / "
        f"published {loaded.published}, drafts {loaded.drafts}, on record already {loaded.known}"
    )


def versions(
    key: Annotated[str | None, typer.Argument(help="政策编号 / a policy, such as P23")] = None,
) -> None:
    """列出在册版本及其状态、施行日期与核实情况 / List versions with their state, their days and whether they are verified.

    Example: sanwang policy versions P23
    """
    from rich.console import Console
    from rich.table import Table
    from sqlalchemy import select

    from policy_pack.policies.models import PolicyVersion, RegisteredPolicy
    from sanwang.calendar_command import open_session

    table = Table(
        "政策 policy", "版 no.", "名称 name", "状态 state", "施行 in force", "核实 verified", "sha256"
    )
    with refusals_as_sentences(UNUSABLE_INPUT), open_session() as session:
        query = select(PolicyVersion).order_by(PolicyVersion.policy_number, PolicyVersion.number)
        if key is not None:
            query = query.join(RegisteredPolicy, RegisteredPolicy.id == PolicyVersion.policy_id)
            query = query.where(RegisteredPolicy.key == key)
        found = [_row(version) for version in session.scalars(query).unique()]
    if not found:
        typer.echo(
            "没有在册政策，先运行 sanwang policy load / Nothing is on record: run sanwang policy load first"
        )
        return
    for row in found:
        table.add_row(*row)
    Console(width=160).print(table)


def bring_on_record(database_url: str) -> "Shipped":
    """What `load` does, for a server of one's own that was just migrated."""
    from backbone.clock import SystemClock
    from backbone.db import Database
    from policy_pack.policies.shipping import load_shipped
    from sanwang import models  # noqa: F401  # tables refer to each other: all of them, or none

    database = Database(database_url)
    try:
        with database.transaction() as session:
            return load_shipped(session, now=SystemClock().now())
    finally:
        database.close()


def _row(version: "PolicyVersion") -> tuple[str, ...]:
    from policy_pack.policies.states import STATES
    from policy_pack.policies.texts import policy_of

    state = STATES[version.state]
    return (
        version.policy.key, str(version.number), policy_of(version.wording).name.zh, f"{state.zh} {state}", _days(version),
        "已核实 yes" if version.is_verified else f"待核实 no ({version.grade})", version.wording.sha256[:12],
    )  # fmt: skip


def _days(version: "PolicyVersion") -> str:
    from policy_pack.policies.texts import bounds

    if version.span is None or version.span.isempty:
        return "—"
    return " – ".join(_day(day) for day in bounds(version.span))


def _day(day: date | None) -> str:
    return "…" if day is None else day.isoformat()
