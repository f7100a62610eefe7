"""`make serve`: a demo platform that keeps its data between runs, with the accounts to log in by."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from backbone.db import Database
from backbone.embedded import EmbeddedServer
from backbone.identity.service import has_demo_accounts
from backbone.migrate import upgrade
from backbone.settings import Settings
from demo.accounts import PASSWORD
from demo.load import fill
from demo.screen import Screen
from demo.server import platform_at, start_numbers
from demo.story_time import StoryClock
from sanwang.serve import database_for, supervise

NAME = "sanwang_demo"
LOADED = "loaded"
"""A file beside the clock's, there once the catalogue is in."""

ACCOUNTS = (
    ("admin", "管理员 administrator"),
    ("province", "全省运营 operator of the province"),
    ("operator", "东湖高新区运营 operator of one zone"),
    ("broker", "武汉技术经纪人 broker of Wuhan"),
    ("auditor", "审计 auditor"),
    ("collector", "武汉驿站采集员 collector of Wuhan"),
    ("registrar", "武汉登记站 registrar of Wuhan"),
    ("fund1, fund2", "资金管理 fund managers"),
    ("e01 … e30", "企业成员 enterprise members"),
    ("i01 … i30", "院所成员 institute members"),
    ("t01 … t30", "成果转化办 transfer offices"),
)


def serve(settings: Settings, screen: Screen) -> int:
    """Serve until Ctrl-C; the first run loads the catalogue. `make clean` forgets everything."""
    folder = settings.var_dir.resolve() / "demo" / NAME
    folder.mkdir(parents=True, exist_ok=True)
    with database_for(settings, NAME) as ready:
        url = ready.database_url or ""
        if not _is_loaded(url, folder):
            _load(settings, url, folder, screen)
            (folder / LOADED).touch()
        return supervise(replace(ready, var_dir=folder), lambda address: _announce(screen, address))


def _is_loaded(url: str, folder: Path) -> bool:
    """Whether a load went through to its end: accounts alone may be left by one that was killed."""
    if not (folder / LOADED).exists():
        return False
    database = Database(url)
    try:
        with database.transaction() as session:
            return has_demo_accounts(session)
    finally:
        database.close()


def _load(settings: Settings, url: str, folder: Path, screen: Screen) -> None:
    """Load the backlog on past days into an empty database, then let time be what it is."""
    screen.say("首次启动，载入演示目录 / first start: loading the demo catalogue")
    clock = StoryClock(folder / "clock")
    with EmbeddedServer(settings.var_dir / "pg") as server:
        server.drop_database(NAME)
        server.ensure_database(NAME)
        upgrade(server.owner_url(NAME))
        start_numbers(server.owner_url(NAME), settings.demo_seed)
    with platform_at(url, clock.file) as base_url:
        fill(url, base_url, settings.demo_seed, clock, screen.console)
    clock.stand_at(datetime.now(UTC))


def _announce(screen: Screen, address: str) -> None:
    screen.note(
        "演示平台已启动 / the demo platform is up",
        f"接口文档 API page   [bold]{address}/api/docs/[/]\n接口 API            {address}/api/openapi.json\n"
        f"密码 password       [bold]{PASSWORD}[/]（仅演示模式 demo mode only）\n停止 stop           Ctrl-C",
        "green",
    )
    screen.table("演示账号 demo accounts", ("登录名 login", "身份 part"), ACCOUNTS)
