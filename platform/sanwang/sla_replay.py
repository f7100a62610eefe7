"""`sanwang sla replay`: read open clocks anew under another shipped version of the response policy."""

from typing import Annotated

import typer

from sanwang.calendar_command import check_zone, open_session, show_moves
from sanwang.operations import refusals_as_sentences

SHORT_HELP = "按另一版策略重算 / read open clocks under another policy"
HELP = """按另一版响应策略重算未办结的时钟；此前已超时的仍计超时。
Read open clocks anew under another shipped version of the policy; what was breached stays so.

例 Example:

  sanwang sla replay --policy response-1-5-15.v1 --dry-run
"""


def replay(
    policy: Annotated[str, typer.Option(help="策略版本 / the version")],
    zone: Annotated[str | None, typer.Option(help="只限该区域 / this region alone")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只核对 / write nothing")] = False,
) -> None:
    """See HELP."""
    from backbone.actor import SYSTEM
    from backbone.clock import SystemClock
    from backbone.directory.regions import regions_within
    from sky_net.sla.refusals import spoken
    from sky_net.sla.revisions import revise_policy

    check_zone(zone)
    with refusals_as_sentences(2), open_session(keep=not dry_run) as session, spoken():
        zones = None if zone is None else regions_within(zone)
        moves = revise_policy(session, SYSTEM, policy, zones, now=SystemClock().now())
    show_moves(moves)
    typer.echo(f"{'仅核对 would move' if dry_run else '期限变动 moved'}: {len(moves)}")
