"""`python -m demo` tells the main job; `python -m demo serve` leaves a demo platform running to look around in."""

import os
import shutil
import sys
import time
from dataclasses import replace
from functools import partial

from backbone.settings import Settings, SettingUnusable, load_settings
from demo.client import Timings
from demo.load import fill
from demo.screen import Screen
from demo.server import audit_command, platform_at, scratch_database
from demo.serving import serve
from demo.story import Stage, show_timings, tell
from demo.story_time import StoryClock
from sanwang.app import configure_keys
from sanwang.operations import refusals_as_sentences, refuse


def main(arguments: list[str]) -> int:
    """Run the wanted one; 0 when everything went as told. Only ever on the embedded server, never on DATABASE_URL."""
    os.environ["DEMO_MODE"] = "true"  # also for the migrations, which seal what they find
    try:
        settings = replace(load_settings(), database_url=None)
    except SettingUnusable as unusable:
        refuse(str(unusable))
    configure_keys(settings)
    try:
        with refusals_as_sentences():
            return serve(settings, Screen()) if arguments == ["serve"] else run(settings, Screen())
    except KeyboardInterrupt:
        Screen().say("\n[yellow]已中断，已清理 / interrupted and cleaned up[/]")
        return 130


def run(settings: Settings, screen: Screen) -> int:
    """Load the catalogue into a scratch platform, tell the main job, clean up."""
    started = time.monotonic()
    screen.note(
        "湖北科技创新供应链平台 · 天网主流程演示",
        "机构、人员与数据均为虚构（DEMO_SEED 改变名称与编号）/ all organisations, people and data are invented",
    )
    name = f"sanwang_demo_{os.getpid()}"
    folder = settings.var_dir.resolve() / "demo" / name
    folder.mkdir(parents=True)
    clock, timings = StoryClock(folder / "clock"), Timings()
    screen.say(
        "启动内置 PostgreSQL，建库，迁移，启动服务 / starting the embedded PostgreSQL, migrating, serving …"
    )
    with scratch_database(settings, name) as url, platform_at(url, clock.file) as base_url:
        loaded = fill(url, base_url, settings.demo_seed, clock, screen.console)
        tell(Stage(base_url, loaded, clock, screen, timings, audit=partial(audit_command, url, folder)))
        show_timings(screen, timings)
    # Kept when something failed: its log says what.
    shutil.rmtree(folder)
    screen.say(f"[dim]全程 total {time.monotonic() - started:.1f} s · DEMO_SEED={settings.demo_seed}[/]")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
