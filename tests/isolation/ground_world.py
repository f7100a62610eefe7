"""What the ground network adds to the world: a hub with a node, a collector's post, a broker and mandates, a centre, a
provider, and enterprises asked to stand behind a need. All in the first zone.
"""

from typing import Any

from sqlalchemy.orm import Session

from ground_net.chain_needs.models import ChainNeed
from tests.factories.ground import (
    MADE_AT,
    a_backing,
    a_broker,
    a_centre,
    a_figure,
    a_figure_target,
    a_link,
    a_mandate,
    a_post,
    a_project,
    a_provider,
)
from tests.factories.network import a_hub, a_node
from tests.factories.routing import a_handover


def ground_of(session: Session, world: Any, words: str, home: str) -> dict[str, Any]:
    """Rows by what they are; `words` stands in every text that is not everybody's."""
    hub = a_hub(session, key="HB-WH", name="测试中心", region_code=home)
    node = a_node(session, hub, key="HB-WH-01", name="测试园区节点")
    broker = a_broker(session, world.accounts["broker"], zones=[home])
    centre = a_centre(session, name="测试离岸中心", kind="onshore", home_region=home, host_region=home)
    a_figure(session, centre)
    mandated = {"enterprise_id": world.enterprise.id, "scope_of_work": f"{words}寻找院所"}
    for need in (world.needs["public"], world.needs["masked"]):
        session.add(ChainNeed(need_id=need.id, chain_id=world.chain.id, raised_at=MADE_AT))
    session.flush()
    return {
        "hub": hub, "node": node, "leaf": a_node(session, node, kind="station", key="HB-WH-01-01", name="测试驿站"),
        "post": a_post(session, node), "broker": broker, "centre": centre,
        "mandate": a_mandate(session, broker, **mandated),
        "proposed": a_mandate(session, broker, confirmed_at=None, **mandated),
        "handover": a_handover(session, world.needs["masked"], world.accounts["broker"].id),
        "link": a_link(session, centre, institute_id=world.rival.id),
        "project": a_project(session, centre, need_ids=[world.needs["operators"].id]),
        "provider": a_provider(session, name="测试检测机构", region_code=home, contact_phone="027-86420975"),
        "backing": a_backing(session, world.needs["public"], world.far_enterprise),
        "target": a_figure_target(session, home),
        "backed": a_backing(session, world.needs["public"], world.neighbouring, state="consented"),
    }  # fmt: skip
