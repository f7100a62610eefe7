"""A world of needs with random logs for the truth tests of monitoring: `a_world(session, seed, needs=100)`.

Zones, owners, industries, institutes, steps of life and the parties' own clocks are drawn; the clocks' logs are those of
`tests.factories.sla.a_log`: pauses, reopenings, cancellations, late and backdated stops, stops that hold only later.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from backbone.actor import SYSTEM
from sky_net.invitations.models import Invitation
from sky_net.needs.models import Need, NeedTransition
from sky_net.needs.states import TRANSITIONS
from sky_net.sla import projection, service
from sky_net.sla.event_log import Event
from sky_net.sla.parties import ENTERPRISE, INSTITUTE
from sky_net.sla.service import Subject
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.identity import an_account
from tests.factories.needs import a_need
from tests.factories.sla import a_log, a_subject, stored

ZONES = ("420100", "420100-donghu", "420500", "420600", "outside-gba", "420000")
INDUSTRIES = ("opto", "auto", None)
LATEST = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@dataclass
class World:
    """What was made, for the recount."""

    needs: list[Need] = field(default_factory=list)
    logs: dict[UUID, list[Event]] = field(default_factory=dict)
    steps: dict[UUID, list[NeedTransition]] = field(default_factory=dict)
    invited: dict[UUID, list[UUID]] = field(default_factory=dict)
    owners: list[UUID | None] = field(default_factory=list)
    asked: dict[UUID, tuple[datetime, datetime | None]] = field(default_factory=dict)
    """When the enterprise was asked about each need, and when that was taken back."""


def a_world(session: Session, seed: int, *, needs: int = 100, zones: tuple[str, ...] = ZONES) -> World:
    """The world of this seed, projected."""
    random, world = Random(seed), World()
    enterprises = {zone: an_enterprise(session, region_code=zone) for zone in zones}
    institutes = [an_institute(session) for _ in range(3)]
    world.owners = [an_account(session).id for _ in range(3)] + [None]
    for _ in range(needs):
        zone = random.choice(zones)
        log = a_log(random)
        need = a_need(
            session, enterprises[zone], zone_code=zone, industry=random.choice(INDUSTRIES), state="confirmed",
            owner_id=random.choice(world.owners), submitted_at=log[0].occurred_at,
        )  # fmt: skip
        world.needs.append(need)
        world.logs[need.id] = log
        stored(session, log, a_subject(id=need.id, number=need.number, zone_code=zone))
        world.steps[need.id] = _live(session, random, need)
        chosen = random.sample(institutes, random.randint(0, 2))
        world.invited[need.id] = [institute.id for institute in chosen]
        for institute in chosen:
            stamps = {"created_at": need.submitted_at, "updated_at": need.submitted_at}
            session.add(Invitation(need_id=need.id, institute_id=institute.id, **stamps))
        world.asked[need.id] = _ask(session, random, need, [institute.id for institute in chosen])
    session.flush()
    projection.rebuild(session)
    return world


def _live(session: Session, random: Random, need: Need) -> list[NeedTransition]:
    """A random walk through the states from the draft on, the first step being the submission."""
    steps, state, at = [], "draft", need.submitted_at or LATEST
    for _ in range(random.randint(1, 9)):
        possible = [step for step in TRANSITIONS if state in step.frm and (steps or step.action == "submit")]
        if not possible:
            break
        step = random.choice(possible)
        steps.append(
            NeedTransition(need_id=need.id, action=step.action, from_state=state, to_state=step.to, actor_role=step.by[0],
                           occurred_at=at, missing_items=[])
        )  # fmt: skip
        state, at = step.to, at + timedelta(hours=random.randint(1, 400))
    session.add_all(steps)
    return steps


def _ask(
    session: Session, random: Random, need: Need, institutes: list[UUID]
) -> tuple[datetime, datetime | None]:
    """Clocks of the institutes and the enterprise about the need, some of them cancelled later; when the last was open."""
    for party, organisation in [
        *((INSTITUTE, each) for each in institutes),
        (ENTERPRISE, need.enterprise_id),
    ]:
        asked = Subject(uuid4(), need.number, need.zone_code, party, need.id, organisation)
        ended_at, opened_at = None, (need.submitted_at or LATEST) + timedelta(hours=random.randint(0, 900))
        service.open_party_clock(session, SYSTEM, asked, now=opened_at)
        if random.random() < 0.7:
            ended_at = opened_at + timedelta(hours=random.randint(1, 600))
            service.cancel(session, SYSTEM, asked.id, "no_longer_asked", now=ended_at)
    return opened_at, ended_at
