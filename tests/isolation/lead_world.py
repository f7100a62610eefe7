"""What leads add to the world: one that lacks nothing, an event and a file, all of a station in the first zone."""

from ground_net.leads.imports.service import read_file, start_import, take_part
from ground_net.leads.outreach.service import record_outreach
from ground_net.leads.recording import record_lead
from tests.factories.identity import MADE_AT
from tests.factories.invitations import SUBMITTED_AT
from tests.factories.leads import ANSWERS, CONSENT
from tests.factories.table_files import a_csv
from tests.isolation.planted import CONTACT, WORDS
from tests.isolation.world import World


def leads(world: World) -> None:
    """A lead of the poster's enterprise that lacks nothing, an event and a file, all of a station in the first zone."""
    session, collector = world.session, world.actors["collector"]
    world.station = world.ground["node"]
    answers = ANSWERS | {"title": f"{WORDS}线索", "problem": f"{WORDS}" + ANSWERS["problem"]}
    said = {
        "words": f"{WORDS}说太慢", "enterprise_id": world.enterprise.id, "answers": answers,
        "contact": {"name": "王测试", "phone": f"027-{CONTACT}", "email": None}, "consent": CONSENT | {"at": MADE_AT},
        "happened_at": MADE_AT, "node_key": world.station.key,
    }  # fmt: skip
    world.lead = record_lead(session, collector, said, now=SUBMITTED_AT)
    held = {
        "node_key": world.station.key,
        "kind": "salon",
        "title": f"{WORDS}沙龙",
        "held_on": MADE_AT.date(),
    }
    world.outreach = record_outreach(session, collector, held, now=SUBMITTED_AT)
    content = a_csv([["时间", "企业名称", "原话"], ["上周", "测试", f"{WORDS}"]])
    world.lead_import = start_import(
        session,
        collector,
        content,
        node_key=world.station.key,
        name="线索.csv",
        only_check=False,
        now=SUBMITTED_AT,
    )
    table = read_file(content, "线索.csv")
    take_part(session, collector, world.lead_import.id, table, table.rows, now=SUBMITTED_AT)
