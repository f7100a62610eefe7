"""A random world of the ground network, written as rows: `a_mined_world(session, seed)`.

Nodes below each other in several regions, leads that were promoted, closed or merged, needs that came as far as chance led
them along their own life, contracts that stand, were cancelled, terminated or registered, events, and a centre with projects.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from ground_net.centres.models import InnovationCentre
from ground_net.contracts.models import Contract
from ground_net.leads.models import Lead
from ground_net.leads.outreach.models import Outreach
from ground_net.network.models import NetworkNode
from sky_net.needs.models import Need, NeedTransition
from sky_net.needs.states import every_step
from sky_net.proposals.models import Proposal
from tests.factories.directory import an_enterprise, an_institute
from tests.factories.ground import a_centre, a_project
from tests.factories.needs import a_need
from tests.factories.network import a_node

# A lead heard at 23:30 in Wuhan on the last of a month lies in another month by UTC.
FIRST_VISIT = datetime(2026, 1, 1, 0, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
REGIONS = ("420000", "420100", "420100-donghu", "420200", "outside-gba")


@dataclass
class MinedWorld:
    """All rows that were made."""

    nodes: list[NetworkNode] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)
    needs: dict[UUID, Need] = field(default_factory=dict)
    steps: dict[UUID, list[NeedTransition]] = field(default_factory=dict)
    contracts: list[Contract] = field(default_factory=list)
    events: list[Outreach] = field(default_factory=list)
    centres: dict[InnovationCentre, set[UUID]] = field(default_factory=dict)


def a_mined_world(session: Session, seed: int, leads: int = 60) -> MinedWorld:
    """So many leads of 2026 and some of the year before; the same for the same seed."""
    chance, world = Random(seed), MinedWorld()
    enterprise, institutes = an_enterprise(session), [an_institute(session) for _ in range(2)]
    for _ in range(6):
        parent = chance.choice([*world.nodes, None])
        kind = "hub" if parent is None else "node"
        world.nodes.append(a_node(session, parent, kind=kind, region_code=chance.choice(REGIONS)))
    for n in range(leads):
        node = chance.choice(world.nodes)
        world.leads.append(_lead(session, chance, world, node, enterprise, n))
    for need in world.needs.values():
        for institute in institutes[: chance.choice((0, 0, 1, 2))]:
            world.contracts.append(_contract(session, chance, need, enterprise.id, institute.id))
    for n in range(20):
        node = chance.choice(world.nodes)
        world.events.append(_stored(session, Outreach(
            number=f"T-HD-{seed}-{n}", node_key=node.key, zone_code=node.region_code, kind="salon", title=f"测试{n}",
            held_on=date(2025, 12, 1) + timedelta(days=chance.randrange(395)), created_at=FIRST_VISIT, updated_at=FIRST_VISIT,
        )))  # fmt: skip
    for n in range(2):
        centre = a_centre(session, name=f"测试中心{seed}-{n}", home_region="420200", host_region="420100")
        linked = chance.sample(sorted(world.needs), k=min(5, len(world.needs)))
        a_project(session, centre, need_ids=linked)
        a_project(session, centre, need_ids=linked[:2])
        world.centres[centre] = set(linked)
    return world


def _lead(
    session: Session, chance: Random, world: MinedWorld, node: NetworkNode, enterprise: Any, n: int
) -> Lead:
    heard = FIRST_VISIT + timedelta(hours=chance.randrange(-24 * 31, 24 * 365))
    settled = heard + chance.randrange(1, 300) * HOUR
    values: dict[str, Any] = {
        "number": f"T-XS-{n}-{node.key}", "node_key": node.key, "zone_code": node.region_code, "channel": "visit",
        "happened_at": heard, "content_digest": "x", "enterprise_name": "测试精工", "words": "焊接太慢",
        "created_at": heard, "updated_at": heard,
    }  # fmt: skip
    fate = chance.choice(("recorded", "promoted", "promoted", "promoted", "closed", "merged"))
    promoted = [lead for lead in world.leads if lead.need_id is not None]
    if fate == "promoted":
        need = _need(session, chance, world, enterprise, settled)
        values |= {"state": "promoted", "need_id": need.id, "settled_at": settled}
    elif fate == "closed" or (fate == "merged" and not promoted):
        values |= {"state": "closed", "reason_code": "no_need", "settled_at": settled}
    elif fate == "merged":
        other = chance.choice(promoted).id
        values |= {
            "state": "closed",
            "reason_code": "duplicate_of_lead",
            "duplicate_of_lead_id": other,
            "settled_at": settled,
        }
    return _stored(session, Lead(**values))


def _need(session: Session, chance: Random, world: MinedWorld, enterprise: Any, since: datetime) -> Need:
    """A need that walked a random way along the table of its states."""
    at, state, steps = since, "draft", []
    for _ in range(chance.randrange(9)):
        ways = [step for step in every_step() if step[1] == state]
        if not ways:
            break
        action, before, state = chance.choice(ways)
        at += chance.randrange(1, 90) * HOUR
        steps.append((action, before, state, at))
    submitted = next((when for _, _, to, when in steps if to == "submitted"), None)
    if submitted is None and state not in ("draft", "withdrawn"):
        submitted = at
    need = a_need(session, enterprise, state=state, submitted_at=submitted)
    world.needs[need.id] = need
    world.steps[need.id] = [
        _stored(session, NeedTransition(need_id=need.id, action=action, from_state=before, to_state=to, occurred_at=when,
                                        actor_role="operator"))
        for action, before, to, when in steps
    ]  # fmt: skip
    return need


def _contract(session: Session, chance: Random, need: Need, buyer_id: UUID, institute_id: UUID) -> Contract:
    proposal = _stored(session, Proposal(
        need_id=need.id, institute_id=institute_id, title="方案", state="draft", created_at=FIRST_VISIT, updated_at=FIRST_VISIT,
    ))  # fmt: skip
    technology, equipment = chance.randrange(1, 10**9), chance.randrange(10**8)
    received = chance.randrange(technology)
    day = date(2026, 3, 10)
    values: dict[str, Any] = {
        "number": f"T-HT-{proposal.id}", "need_id": need.id, "proposal_id": proposal.id, "zone_code": chance.choice(REGIONS),
        "buyer_id": buyer_id, "buyer_region_code": "420100", "institute_id": institute_id,
        "seller_region_code": chance.choice(("420100", "420500", "outside-gba", "outside")), "seller_kind": "university",
        "kind": "development", "title": "合同", "signed_on": day, "valid_from": day, "valid_to": date(2026, 12, 31),
        "amount_fen": technology + equipment, "technology_fen": technology, "equipment_fen": equipment,
        "received_fen": received, "received_technology_fen": received, "ip_ownership": "shared", "ip_words": "共有",
        "payment_plan": [], "recorded_side": "operator", "disputable_until": FIRST_VISIT, "follow_up_on": day,
        "created_at": FIRST_VISIT, "updated_at": FIRST_VISIT,
    }  # fmt: skip
    fate = chance.choice(("signed", "cancelled", "registered", "terminated"))
    if fate in ("cancelled", "terminated"):
        values |= {"state": fate, "ended_on": day, "follow_up_on": None}
        values |= {"end_reason": "breach"} if fate == "terminated" else {}
    if fate == "registered" or (fate == "terminated" and chance.random() < 0.5):
        values |= {
            "registration_state": "registered", "filed_at": FIRST_VISIT, "register_number": f"T-{proposal.id}",
            "registered_on": day, "registered_kind": "development",
        }  # fmt: skip
    return _stored(session, Contract(**values))


def _stored(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row
