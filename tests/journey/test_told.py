"""Over HTTP: nobody looks for anything. Each party learns from its inbox that it is its turn, and of what, and acts on that alone."""

from random import Random

import pytest

from tests.factories.talks import BOTH_SIDES
from tests.journey.test_contract import a_drawn_contract, world
from tests.journey.test_main_job import INDICATORS, NEED, OFFER, wuhan

__all__ = ["world"]  # the fixture

pytestmark = pytest.mark.postgres


def told(party):
    """The kinds of the unread notices, the oldest first; then they are read."""
    unread = party.get("/me/notices?unread=true&sort=created_at")["items"]
    if unread:
        done = party.post("/me/notices/reading", {"until": unread[-1]["created_at"]})
        assert done == {"read": len(unread), "left": 0}
    return [row["kind"] for row in unread]


def subject_of_the_last(party, kind):
    """What the notice is of: all that the party knows."""
    return party.get(f"/me/notices?kind={kind}")["items"][0]["subject_id"]


def test_from_the_need_to_its_acceptance_everybody_is_told_when_it_is_their_turn(world, clock):
    poster, operator, office = world.poster, world.operator, world.office
    draft = poster.post("/needs", NEED | {"indicators": INDICATORS}, status=201)["id"]
    poster.post(f"/needs/{draft}/submission")

    assert (told(operator), told(world.broker)) == (["need_submitted"], ["nothing_suits"]), (
        "an empty catalogue"
    )
    need = f"/needs/{subject_of_the_last(operator, 'need_submitted')}"
    clock.instant = wuhan(16, 11)
    operator.post(f"{need}/return", {"missing": ["scene"], "message": "请写明工况"})
    assert told(poster) == ["need_returned"]
    poster.patch(need, {"scene": "产线连续作业"})
    poster.post(f"{need}/submission")
    assert told(operator) == ["need_submitted"]
    operator.post(f"{need}/confirmation", {"complexity": "ordinary"})
    assert told(poster) == ["need_confirmed"]

    world.broker.post(f"{need}/invitations", {"institute_id": world.institute.id}, status=201)
    assert told(office) == ["invitation_made"]
    assert told(operator) == []
    (asked,) = office.get("/invitations?sort=invited_at")["items"]
    assert asked["need_id"] == subject_of_the_last(office, "invitation_made")
    office.post(f"/invitations/{asked['id']}/acceptance")
    assert (told(world.broker), told(operator)) == (["invitation_accepted"], ["invitation_accepted"])

    question = {"asked_side": "enterprise", "text": "样片多厚？"}
    office.post(f"{need}/questions", question, status=201)
    assert told(poster) == ["question_asked"]
    (waiting,) = poster.get(f"{need}/questions")["items"]
    poster.post(f"/questions/{waiting['id']}/answers", {"text": "零点三毫米"})
    assert told(office) == ["question_answered"]
    call = {
        "kind": "call", "happened_on": "2026-03-16", "institute_id": world.institute.id, "people": BOTH_SIDES,
        "result": "工艺窗口可行", "next_step": "提交方案",
    }  # fmt: skip
    office.post(f"{need}/contacts", call, status=201)
    assert told(poster) == ["contact_recorded"]
    (talk,) = poster.get(f"{need}/contacts")["items"]
    poster.post(f"/contacts/{talk['id']}/agreement")

    offer = office.post(f"{need}/proposals", OFFER | {"title": "蓝光复合焊接导入"}, status=201)["id"]
    assert told(poster) == []
    office.post(f"/proposals/{offer}/release")
    assert (told(poster), told(operator)) == (["proposal_released"], ["proposal_released"])
    poster.post(f"/proposals/{offer}/acceptance")
    assert (told(office), told(operator)) == (["proposal_accepted"], ["need_selected"])

    contract = office.post(f"/proposals/{offer}/contract", a_drawn_contract(world, Random(3)), status=201)[
        "id"
    ]
    assert told(poster) == ["contract_recorded"]
    office.post(f"/contracts/{contract}/delivery")
    assert told(poster) == ["contract_delivered"]
    poster.post(f"/contracts/{contract}/delivery/acceptance")
    assert (told(office), told(operator)) == (["contract_accepted"], ["contract_accepted"])
    assert told(world.stranger) == told(world.registrar) == []
