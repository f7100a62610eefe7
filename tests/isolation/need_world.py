"""What needs and offers add to the world: needs of each visibility and state, files, achievements, what is assigned and found."""

from datetime import timedelta
from typing import Any

from sky_net.attachments.models import Attachment
from sky_net.disputes.models import ProposalDispute
from sky_net.findings.models import Finding
from sky_net.needs.models import Need
from sky_net.needs.review import confirm_need, park_need
from sky_net.needs.service import draft_need, submit_need
from sky_net.saved_searches.models import SearchFind
from sky_net.sla.reading import events_of
from tests.factories.achievements import an_achievement
from tests.factories.assignments import a_run, a_saved_search, an_offer
from tests.factories.attachments import an_attachment
from tests.factories.files import a_pdf
from tests.factories.identity import MADE_AT
from tests.factories.invitations import INDICATORS, SUBMITTED_AT
from tests.isolation.planted import CONTACT, OFFER, WORDS
from tests.isolation.world import World


def _draft(world: World, visibility: str, word: str = WORDS, **values: Any) -> Need:
    said = {
        "title": f"{word}键合机对准精度不足", "problem": f"{word}两片晶圆键合后的对准误差超出工艺窗口，导致返工，需要把误差减半。",
        "industry": "opto", "contact_name": f"{word}负责人", "contact_phone": f"027-{CONTACT}", "indicators": INDICATORS,
        "masked_title": "半导体装备对准问题", "masked_summary": "一种装备的对准误差过大", "visibility": visibility,
        "decision_owner": f"{word}总监", "scene": f"{word}车间", "chain_id": world.chain.id,
    }  # fmt: skip
    return draft_need(world.session, world.actors["poster"], said | values, now=SUBMITTED_AT)


def confirmed(world: World, visibility: str, word: str = WORDS, **values: Any) -> Need:
    need = _draft(world, visibility, word, **values)
    submit_need(world.session, world.actors["poster"], need.id, now=SUBMITTED_AT)
    return confirm_need(
        world.session, world.actors["operator"], need.id, complexity="ordinary", now=SUBMITTED_AT
    )


def needs(world: World) -> None:
    session, poster, operator = world.session, world.actors["poster"], world.actors["operator"]
    world.needs["draft"] = _draft(world, "public")
    world.needs["submitted"] = _draft(world, "masked")
    long_ago = SUBMITTED_AT - timedelta(days=60)  # so that there is a breach to excuse
    submit_need(session, poster, world.needs["submitted"].id, now=long_ago)
    for visibility in ("public", "masked", "invited", "operators"):
        world.needs[visibility] = confirmed(world, visibility)
    world.needs["parked"] = confirmed(world, "masked")
    park_need(session, operator, world.needs["parked"].id, message=f"{WORDS}暂缓", now=SUBMITTED_AT)
    world.files["submitted"] = file_of(world, world.needs["submitted"], "public")


def file_of(world: World, need: Need, level: str) -> Attachment:
    name = "说明.pdf" if level == "masked" else f"{WORDS}{level}.pdf"
    content = a_pdf(f"{need.id} {level}" if level == "masked" else f"{WORDS} {need.id} {level}")
    return an_attachment(world.session, need, level=level, name=name, content=content)


def offers(world: World) -> None:
    told = {"contact_name": f"{OFFER}老师", "contact_phone": "027-22222222"}
    title = "键合对准的双光栅测量"
    world.offers = {
        "visible": an_achievement(world.session, institute=world.institute, title=title, **told),
        "hidden": an_achievement(
            world.session, institute=world.institute, state="hidden", hidden_by="institute", title=f"{OFFER}未公开成果",
            summary=f"{OFFER}的摘要", **told,
        ),
    }  # fmt: skip


def assignments(world: World) -> None:
    """Every need offered to somebody: the rival is shown of it what it may read, and the office nothing of the rival's."""
    session = world.session
    world.run = a_run(session)
    for need in world.needs.values():
        an_offer(session, world.run, need, world.rival)
        an_offer(session, world.run, need, world.institute, rank=2)
    world.saved_search = a_saved_search(
        session, world.accounts["office"].id, title=f"{OFFER}检索", text=f"{OFFER}光电"
    )
    for need in world.needs.values():
        session.add(
            SearchFind(search_id=world.saved_search.id, document_id=need.id, found_at=MADE_AT, is_new=True)
        )
    session.flush()


def _finding_for(world: World, need: Need, **values: Any) -> Finding:
    words = {"why_not": f"{WORDS}无解", "what_would_help": f"{WORDS}放宽"}
    finding = Finding(need_id=need.id, created_at=SUBMITTED_AT, updated_at=SUBMITTED_AT, **words, **values)
    world.session.add(finding)
    world.session.flush()
    return finding


def endings(world: World) -> None:
    session = world.session
    world.clock_event = events_of(session, world.needs["masked"].id)[0]["id"]
    world.finding = _finding_for(world, world.needs["public"])
    world.signed_finding = _finding_for(world, world.needs["parked"], signed_at=SUBMITTED_AT, asked=[])
    world.dispute = ProposalDispute(
        proposal_id=world.drafted.id,
        need_id=world.drafted.need_id,
        reason_code="other",
        message=f"{WORDS}无关",
        disputed_at=SUBMITTED_AT,
    )
    session.add(world.dispute)
    session.flush()
