"""`sanwang assign`: all needs of a day to institutes at once, from files or from the platform's database."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sanwang.entry_files import keep_inputs, mapping_of, refuse_input, shown, written_to_output

if TYPE_CHECKING:  # numpy, the dictionaries and the solver are loaded when the command runs
    from sky_net.assignments.candidates import AssignedDay
    from sky_net.matching.entries import Entry, OwnedEntry

HELP = """把一天的全部需求一次指派给院所：每院所不超过配额，曝光不集中于少数院所。
Offer all needs of a day to institutes at once: within quotas, and not to the same few names.

给出文件时不需要服务器：需求 {"id","title","description"}，成果另有所属院所 {"institute"}，键名可用 --institutes 指定；其他键忽略，
空行跳过。不给出文件时读取 DATABASE_URL 中的全部在办需求，只计算，不写入；每晚的后台任务才记录结果。
With files no server is needed; an achievement also names its institute, under the key of --institutes. Without files the open
needs of DATABASE_URL are taken, and nothing is written there: the nightly job does that.

结果与每条需求各取最好的 K 个院所相比：保留的 nDCG、曝光的基尼系数、最忙的院所。--out 的 CSV 列为
need_id,institute_id,rank,score,achievement_id。输入有误时说明原因，退出码 2，不写任何文件。
What it comes to stands beside each need's own best K: nDCG kept, Gini of exposure, the busiest institutes. Unusable input
is exit code 2, and nothing is written.

例 Example:

  sanwang assign --needs needs.jsonl --achievements achievements.jsonl --top 3 --quota 20 --out assigned.csv
"""
SHORT_HELP = (
    "一日需求统一指派 / assign a day's needs within quotas. 例 Example: "
    "sanwang assign --needs N.jsonl --achievements A.jsonl --top 3 --quota 20 --out F.csv"
)


def assign(
    needs: Annotated[
        Path | None, typer.Option(help="需求文件 JSON lines with the needs", metavar="N.jsonl")
    ] = None,
    achievements: Annotated[
        Path | None, typer.Option(help="成果文件 JSON lines with the achievements", metavar="A.jsonl")
    ] = None,
    institutes: Annotated[
        str, typer.Option(help="成果所属院所的键 key of an achievement's institute", metavar="KEY")
    ] = "institute",
    top: Annotated[int, typer.Option(help="每条需求的院所数 institutes per need", metavar="K")] = 3,
    quota: Annotated[
        int | None,
        typer.Option(
            help="每个院所至多接多少条需求；缺省不限，读库时各院所另有配额 most needs per institute; default no limit, in the "
            "database each has its own",
            metavar="Q",
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="写入 CSV write as CSV", metavar="F.csv")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
    renames: Annotated[
        list[str] | None,
        typer.Option("--map", help="字段改名 read a field under another key", metavar="FIELD=KEY"),
    ] = None,
    encoder: Annotated[
        Path | None,
        typer.Option(
            help="语义模型目录 model directory; default ENCODER, else the shipped one", metavar="DIR"
        ),
    ] = None,
) -> None:
    """See HELP; every refusal is exit code 2."""
    from backbone.errors import DomainError

    for name, given in (("--top", top), ("--quota", quota)):
        if given is not None and given < 1:
            refuse_input(f"{name} 至少为 1", f"{name} must be at least 1")
    keep_inputs(out, (needs, achievements))
    try:
        if needs is None or achievements is None:
            if needs or achievements or renames or encoder:
                refuse_input("--needs 与 --achievements 须同时给出", "--needs and --achievements go together")
            assigned, names = _of_the_platform(top, quota)
        else:
            asked, offered = _entries(needs, achievements, institutes, mapping_of(renames or []))
            assigned, names = _of_files(asked, offered, top, quota, encoder), {}
    except DomainError as error:
        sentence = error.sentence()
        refuse_input(sentence.zh, str(sentence))
    if out is not None:
        _write(assigned, out)
    _print(assigned, names, as_json=as_json)


def _entries(
    needs: Path, achievements: Path, owner: str, renames: dict[str, str]
) -> "tuple[list[Entry], list[OwnedEntry]]":
    from sky_net.assignments.files import NothingToAssign
    from sky_net.matching.entries import read_entries, read_owned_entries

    try:
        asked, offered = read_entries(needs, renames), read_owned_entries(achievements, owner, renames)
    except OSError as error:
        refuse_input(
            f"不能读取 {error.filename}：{error.strerror}", f"cannot read {error.filename}: {error.strerror}"
        )
    for path, entries in ((needs, asked), (achievements, offered)):
        if not entries:
            raise NothingToAssign(file=str(path))
    return asked, offered


def _of_files(
    needs: "list[Entry]", achievements: "list[OwnedEntry]", top: int, quota: int | None, encoder: Path | None
) -> "AssignedDay":
    from backbone.settings import load_settings
    from sky_net.assignments.files import assign_files
    from sky_net.matching.encoder import open_encoder

    model = open_encoder(encoder or load_settings().encoder)
    with shown("匹配并指派 Matching and assigning", [needs]) as steps:
        return next(assign_files(step, achievements, model, places=top, quota=quota) for step in steps)


def _of_the_platform(top: int, ordinary: int | None) -> "tuple[AssignedDay, Mapping[str, str]]":
    """What the nightly job would come to now, and what needs and institutes are called; nothing is written."""
    import sky_net.assignments.records  # noqa: F401  # knows how institutes have answered, which a ranker may heed
    from backbone import db
    from backbone.clock import SystemClock
    from backbone.settings import load_settings
    from sanwang import models  # noqa: F401  # declares every table
    from sanwang.operations import refusals_as_sentences
    from sky_net.assignments.quotas import ORDINARY
    from sky_net.assignments.service import names_in, plan_day
    from sky_net.matching.engine import configure

    settings = load_settings()
    if settings.database_url is None:
        refuse_input(
            "请给出 --needs 与 --achievements，或设置 DATABASE_URL",
            "give --needs and --achievements, or set DATABASE_URL",
        )
    configure(settings)
    database = db.Database(settings.database_url)
    db.bind(database)  # a search that is not ready orders its index in a transaction of its own
    with refusals_as_sentences(2), closing(database), database.sessions() as session:  # never committed
        planned = plan_day(session, now=SystemClock().now(), places=top, ordinary=ordinary or ORDINARY)
        return planned.assigned, names_in(session, planned)


def _write(assigned: "AssignedDay", out: Path) -> None:
    from sky_net.assignments.files import write_assignment
    from sky_net.matching.batch import replaced

    try:
        with replaced(out) as file:
            write_assignment(assigned, file)
    except OSError as error:
        refuse_input(f"不能写入 {out}：{error.strerror}", f"cannot write {out}: {error.strerror}")


def _print(assigned: "AssignedDay", names: Mapping[str, str], *, as_json: bool) -> None:
    from sanwang.assign_report import print_as_json, show_assignment

    with written_to_output():
        if as_json:
            print_as_json(assigned, names)
        else:
            show_assignment(assigned.assignment, names)
