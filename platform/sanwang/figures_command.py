"""`sanwang network figures` and `load-targets`: what the ground network came to. Everything heavy is imported inside."""

from typing import Annotated, Any

import typer

from sanwang.operations import refusals_as_sentences

UNUSABLE_INPUT = 2
DATE = ["%Y-%m-%d"]


def register(app: typer.Typer) -> None:
    """Add the commands to those of the network."""
    app.command()(figures)
    app.command("load-targets")(load_targets)


def figures(
    by: Annotated[str, typer.Option(help="node、centre、zone 或 month", metavar="BY")] = "node",
    year: Annotated[
        int | None, typer.Option(help="年份，默认今年 / this year if not given", metavar="2026")
    ] = None,
    region: Annotated[
        str | None, typer.Option(help="只看该区域 / this region alone", metavar="420200")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
) -> None:
    """地网指标与目标 / The figures of the ground network, beside the targets of the year.

    Example: DATABASE_URL=postgresql://sanwang_app@db/sanwang sanwang network figures --by zone --year 2026
    """
    from backbone.clock import SystemClock
    from backbone.http_requests import load
    from ground_net.figures.schemas import GroundNetQuery, GroundNetReport
    from ground_net.figures.service import report_ground_net
    from sanwang.calendar_command import check_zone, open_session

    check_zone(region)
    said: dict[str, Any] = {"by": by}
    if year is not None:
        said |= {"from_on": f"{year}-01-01", "to_on": f"{year}-12-31"}
    with refusals_as_sentences(UNUSABLE_INPUT), open_session() as session:
        asked = {**load(GroundNetQuery, said), "within": [region] if region else None}
        found = report_ground_net(session, _operations(), asked, now=SystemClock().now())
        if as_json:
            from sanwang.sla_answers import print_json

            print_json(GroundNetReport().dump(found))
        else:
            from sanwang.figures_report import show_figures

            show_figures(found)


def load_targets() -> None:
    """载入公开的目标，已载入的不再重复 / Load the published targets; those that were loaded are left as they are.

    Example: sanwang network load-targets
    """
    from backbone.clock import SystemClock
    from ground_net.figures.targets import load_published
    from sanwang.calendar_command import open_session

    with refusals_as_sentences(UNUSABLE_INPUT), open_session(keep=True) as session:
        loaded = load_published(session, _operations(), now=SystemClock().now())
    typer.echo(f"已载入目标 / Targets loaded: {loaded}")


def _operations() -> Any:
    from backbone.actor import PROVINCE, Role, actor_with

    return actor_with((Role.ADMINISTRATOR, PROVINCE), name="operations")
