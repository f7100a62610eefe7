"""`sanwang network`: show the service network, check a pattern's file, load it. Everything heavy is imported inside."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from sanwang.operations import in_sentences, refusals_as_sentences

if TYPE_CHECKING:
    from backbone.errors import DomainError

SHORT_HELP = "地网：查看、核对、载入 / the network: show, check, load. 例 Example: sanwang network show"
FILE_HELP = "YAML、JSON 或 CSV / the pattern, as YAML, JSON or CSV"
UNUSABLE_INPUT = 2

app = typer.Typer(no_args_is_help=True, help="地网服务体系 / the service network", rich_markup_mode=None)
PatternFile = Annotated[Path, typer.Argument(help=FILE_HELP, metavar="FILE")]


@app.command()
def show(
    below: Annotated[
        str | None, typer.Option(help="只看该节点及以下 / this node and all below it", metavar="KEY")
    ] = None,
    region: Annotated[
        str | None, typer.Option(help="只看该区域 / this region alone", metavar="420200")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
) -> None:
    """显示网络树与各地模式 / Show the network as a tree, with each hub's pattern: declared and standing.

    Example: DATABASE_URL=postgresql://sanwang_app@db/sanwang sanwang network show --below HB-HS
    """
    from ground_net.network.reading import show_network
    from ground_net.network.schemas import NetworkView
    from sanwang.calendar_command import check_zone, open_session

    check_zone(region)
    asked: dict[str, Any] = {"below": below, "region": [region] if region else None}
    with refusals_as_sentences(UNUSABLE_INPUT), open_session() as session:
        tree = show_network(session, asked)
        if as_json:
            from sanwang.sla_answers import print_json

            print_json(NetworkView().dump(tree))
        else:
            from sanwang.network_report import show_tree

            show_tree(tree)


@app.command()
def check(file: PatternFile) -> None:
    """核对文件，逐项指出错误，不写入 / Name every fault of a pattern's file; nothing is written.

    设有 DATABASE_URL 时与现有网络一并核对 / with DATABASE_URL also against the network that stands.

    Example: sanwang network check huangshi.yaml
    """
    from backbone.settings import load_settings

    rows = _rows(file)
    if load_settings().database_url is None:
        _check_alone(rows)
        typer.echo(f"没有错误 / No fault: {len(rows)} 个节点 nodes（未连接数据库 without a database）")
        return
    opened = _load(rows, keep=False)
    typer.echo(f"没有错误，未写入 / No fault, nothing written: 将新增 would open {opened}，共 of {len(rows)}")


@app.command()
def load(file: PatternFile) -> None:
    """整体载入，有错则一个也不写入 / Load a pattern: all of it, or nothing. What stands already is left as it is.

    Example: sanwang network load huangshi.yaml
    """
    rows = _rows(file)
    typer.echo(f"已载入 / Loaded: 新增 opened {_load(rows, keep=True)}，共 of {len(rows)}")


def _rows(file: Path) -> list[dict[str, Any]]:
    from backbone.errors import DomainError
    from backbone.http_requests import load as load_body
    from ground_net.network.files import read_pattern
    from ground_net.network.schemas import NetworkEntry

    try:
        rows: list[dict[str, Any]] = load_body(NetworkEntry, read_pattern(file))["nodes"]
    except DomainError as refusal:
        _refuse(refusal)
    return rows


def _load(rows: list[dict[str, Any]], *, keep: bool) -> int:
    from backbone.actor import PROVINCE, Role, actor_with
    from backbone.clock import SystemClock
    from backbone.errors import DomainError
    from ground_net.network.service import load_network
    from sanwang.calendar_command import open_session

    operations = actor_with((Role.ADMINISTRATOR, PROVINCE), name="operations")
    with refusals_as_sentences(UNUSABLE_INPUT):
        try:
            with open_session(keep=keep) as session:
                opened = len(load_network(session, operations, rows, now=SystemClock().now()))
        except DomainError as refusal:
            _refuse(refusal)
    return opened


def _check_alone(rows: list[dict[str, Any]]) -> None:
    from backbone.clock import SystemClock, local_date
    from ground_net.network.checking import check_pattern
    from ground_net.network.errors import NetworkRefused

    faults = check_pattern(rows, {}, today=local_date(SystemClock().now()))
    if faults:
        said = [{"field": f"nodes.{place}.{field}", "problem": problem} for place, field, problem in faults]
        _refuse(NetworkRefused(said))


def _refuse(refusal: "DomainError") -> NoReturn:
    """Say every fault with its place, in both languages, and end with UNUSABLE_INPUT."""
    typer.echo(in_sentences(refusal), err=True)
    raise typer.Exit(UNUSABLE_INPUT)
