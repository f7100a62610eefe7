"""Fill an empty platform with the catalogue, over HTTP, as its own people would."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from backbone.db import Database
from demo import catalogue
from demo.accounts import Player, open_members, open_office
from demo.catalogue import Entry
from demo.client import Caller
from demo.directory import enter_experts, open_chains
from demo.names import Names
from demo.story_time import PRESENT, StoryClock, at, working_days_until
from policy_pack.policies.shipping import load_shipped

MORNING, NEXT_MORNING = time(10, 0), time(9, 30)

# Needs of the main job are posted by the story itself.
MAIN, HOPELESS = "N-a-02", "N-c-13"


@dataclass
class Loaded:
    """What the catalogue became: players by login, ids by key."""

    players: dict[str, Player]
    organisations: dict[str, UUID]
    names: Names
    achievements: dict[str, UUID] = field(default_factory=dict)
    needs: dict[str, UUID] = field(default_factory=dict)
    days: list[date] = field(default_factory=list)

    def caller(self, base_url: str, login: str) -> Caller:
        """The player with its token."""
        return Caller(base_url, token=self.players[login].token)


def fill(url: str, base_url: str, seed: int, clock: StoryClock, console: Console) -> Loaded:
    """Load the catalogue into the platform at `base_url`, whose database is at `url`, with a progress bar."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    database = Database(url)
    try:
        with Progress(*columns, console=console) as progress:
            return load(database, base_url, Names(seed), clock, progress, datetime.now(UTC))
    finally:
        database.close()


def load(
    database: Database, base_url: str, names: Names, clock: StoryClock, progress: Progress, now: datetime
) -> Loaded:
    """Organisations, accounts, achievements, and a backlog of needs posted on the working days before the story."""
    days = working_days_until(now, 6)
    clock.stand_at(at(days[-1], MORNING))
    with database.transaction() as session:
        players = open_office(session, names, now=at(days[-1], MORNING))
        load_shipped(session, now=at(days[-1], MORNING))
    organisations = _register(Caller(base_url, token=players["admin"].token), names, progress)
    enterprises = {key: organisation for key, organisation in organisations.items() if key.startswith("E")}
    institutes = {key: organisation for key, organisation in organisations.items() if key.startswith("I")}
    with database.transaction() as session:
        players |= open_members(session, names, enterprises, institutes, now=at(days[-1], MORNING))
    loaded = Loaded(players, organisations, names, days=days)
    _set_up_directory(loaded, base_url, names)
    _register_achievements(loaded, base_url, days[-1], progress)
    _post_backlog(loaded, base_url, clock, progress)
    clock.stand_at(at(days[0], PRESENT))
    return loaded


def _register(admin: Caller, names: Names, progress: Progress) -> dict[str, UUID]:
    rows = catalogue.organisations()
    ids: dict[str, UUID] = {}
    for row in progress.track(rows["enterprises"], description="登记企业 / enterprises"):
        key = row["key"]
        body = {
            "name": names.enterprise(key, row["trade"], row["region"]), "credit_code": names.credit_code(key),
            "region_code": row["region"], "industry": row["industry"], "staff_total": row["staff"],
            "contact": names.person(key).as_contact(),
        }  # fmt: skip
        ids[key] = UUID(admin.post("/enterprises", body)["id"])
    for row in progress.track(rows["institutes"], description="登记院所 / institutes"):
        key = row["key"]
        body = {
            "name": names.institute(key, row["trade"]), "type": row["type"], "region_code": row["region"],
            "contact": names.person("T" + key[1:]).as_contact(),
        }  # fmt: skip
        ids[key] = UUID(admin.post("/institutes", body)["id"])
    return ids


def _set_up_directory(loaded: Loaded, base_url: str, names: Names) -> None:
    """The chains and the experts, before anything is posted."""
    enterprises = {key: loaded.caller(base_url, key.lower()) for key in loaded.organisations if key[0] == "E"}
    offices = {
        key: loaded.caller(base_url, f"t{key[1:]}") for key in loaded.organisations if key.startswith("I")
    }
    province, today = loaded.caller(base_url, "province"), loaded.days[-1]
    open_chains(province, enterprises, loaded.organisations, today)
    enter_experts(offices, loaded.organisations, names, today)
    for caller in (province, *enterprises.values(), *offices.values()):
        caller.close()


def _register_achievements(loaded: Loaded, base_url: str, today: date, progress: Progress) -> None:
    entries = catalogue.achievements()
    for entry in progress.track(entries, description="登记成果 / achievements"):
        institute = loaded.caller(base_url, entry.owner.lower())
        body = entry.body(today) | {"institute_id": str(loaded.organisations[entry.owner])}
        loaded.achievements[entry.key] = UUID(institute.post("/achievements", body)["id"])
        institute.close()


def _post_backlog(loaded: Loaded, base_url: str, clock: StoryClock, progress: Progress) -> None:
    """Posted five working days ago and confirmed (talks due today), yesterday (some unconfirmed), before (forgotten)."""
    rest = [entry for entry in catalogue.needs() if entry.key not in {MAIN, HOPELESS}]
    today, yesterday = loaded.days[0], loaded.days[1]
    province = loaded.caller(base_url, "province")
    batches = (
        (loaded.days[5], rest[:12], 12, loaded.days[4]),
        (loaded.days[3], rest[12:15], 1, loaded.days[2]),
        (yesterday, rest[15:30], 11, today),
        (today, rest[30:], 0, today),
    )
    task = progress.add_task("此前的需求 / backlog of needs", total=len(rest))
    for posted_on, entries, confirmed, confirmed_on in batches:
        clock.stand_at(at(posted_on, MORNING if posted_on != today else NEXT_MORNING))
        for entry in entries:
            loaded.needs[entry.key] = post_need(loaded, base_url, entry, posted_on)
            progress.advance(task)
        if confirmed:
            clock.stand_at(at(confirmed_on, NEXT_MORNING))
            _confirm(province, [loaded.needs[entry.key] for entry in entries[:confirmed]])


def post_need(loaded: Loaded, base_url: str, entry: Entry, today: date) -> UUID:
    """Draft and submit a need of the catalogue for its enterprise."""
    poster = loaded.caller(base_url, entry.owner.lower())
    need = poster.post("/needs", need_body(loaded, entry, today))
    poster.post(f"/needs/{need['id']}/submission")
    poster.close()
    return UUID(need["id"])


def need_body(loaded: Loaded, entry: Entry, today: date) -> dict[str, Any]:
    """The request body of drafting this need."""
    contact = {"name": loaded.players[entry.owner.lower()].name, "phone": "000-0000-0000"}
    return entry.body(today) | {"enterprise_id": str(loaded.organisations[entry.owner]), "contact": contact}


def _confirm(province: Caller, needs: Iterable[UUID]) -> None:
    for need in needs:
        province.post(f"/needs/{need}/confirmation", {"complexity": "ordinary"})
