"""Awards: made at the decision, planned to the fen, claimed when proved, closed when nothing is on its way."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from backbone.directory.models import Enterprise
from backbone.errors import Forbidden, Invalid, NotFound, StateConflict
from finance_net.awards.claiming import TooManyDocuments, attach_evidence, claim_tranche, decide_tranche
from finance_net.awards.errors import AwardClosed, BeingPaid, PlanOff, PlanSettled, TrancheConditionsOpen
from finance_net.awards.reading import award_of, download_evidence
from finance_net.awards.service import close_award, plan_award
from finance_net.awards.withdrawing import EvidenceDecidedUpon, withdraw_evidence
from finance_net.cases.models import CaseStep
from finance_net.cases.reading import summary
from finance_net.ledger.models import Hold
from tests.factories.awards import an_award_desk
from tests.factories.directory import an_enterprise
from tests.factories.files import a_pdf
from tests.factories.grants import member_of
from tests.factories.ledger import WAN, standing
from tests.made_once import made_once

INVOICE = {"kind": "invoice", "title": "首付款发票", "ref": None}


@made_once
def desk(session):
    return an_award_desk(session)


def now_checked(session):
    session.flush()
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    session.execute(text("SET CONSTRAINTS ALL DEFERRED"))


def changed_and_checked(session, statement, award):
    session.execute(text(statement), {"award": award.id})
    now_checked(session)


def open_fen(desk):
    return desk.session.get_one(Hold, desk.award.hold_id, populate_existing=True).open_fen


def test_a_decision_makes_an_award_in_one_tranche_on_the_money_that_it_committed(desk, session):
    award = desk.award
    assert (award.amount_fen, award.number[:8]) == (40 * WAN, "LX-2026-")
    assert [(each.amount_fen, each.state) for each in award.tranches] == [(40 * WAN, "planned")]
    assert session.get_one(Hold, award.hold_id).bucket == "committed"
    assert award.beneficiaries[0].share_fen == 40 * WAN
    now_checked(session)


def test_a_plan_adds_up_to_the_award_and_is_replaced_until_something_is_claimed(desk, session):
    desk.planned(30 * WAN, 10 * WAN)
    desk.planned(15 * WAN, 15 * WAN, 10 * WAN)
    now_checked(session)
    assert [each.amount_fen for each in desk.tranches] == [15 * WAN, 15 * WAN, 10 * WAN]
    with pytest.raises(PlanOff, match=r"award .* is 400,000\.00 yuan, its tranches come to 300,000\.00"):
        desk.planned(30 * WAN)
    desk.claimed(2)
    with pytest.raises(PlanSettled, match="tranches 2"):
        desk.planned(40 * WAN)


def test_the_database_itself_refuses_tranches_and_shares_that_do_not_add_up(desk, session):
    for wrong in (
        "UPDATE award_tranches SET amount_fen = amount_fen - 1 WHERE award_id = :award",
        "UPDATE award_parts SET amount_fen = amount_fen + 1 WHERE award_id = :award",
        "UPDATE awards SET amount_fen = amount_fen + 1 WHERE id = :award",
        "DELETE FROM award_parts WHERE award_id = :award",
    ):
        now_checked(session)
        with pytest.raises(IntegrityError, match="do not add up"), session.begin_nested():
            changed_and_checked(session, wrong, desk.award)


def test_a_first_use_is_shared_in_every_tranche_and_added_up_in_all(session):
    desk = an_award_desk(session, is_first_use=True)
    assert [each.share_fen for each in desk.award.beneficiaries] == [24 * WAN, 16 * WAN]
    desk.planned(13_333_333, 13_333_333, 13_333_334)
    now_checked(session)
    sums = [sum(part.amount_fen for part in each.parts) for each in desk.tranches]
    assert sums == [13_333_333, 13_333_333, 13_333_334]
    first, _ = (each.enterprise_id for each in desk.award.beneficiaries)
    assert (
        sum(part.amount_fen for each in desk.tranches for part in each.parts if part.enterprise_id == first)
        == 24 * WAN
    )


def test_a_tranche_is_claimed_when_proved_and_approved_onto_a_hold_of_its_own(desk, session):
    desk.planned(30 * WAN, 10 * WAN, conditions=[INVOICE])
    first = desk.tranches[0]
    with pytest.raises(TrancheConditionsOpen, match="1 open conditions: invoice “首付款发票”") as refusal:
        claim_tranche(session, desk.member, first.id, now=desk.now)
    assert refusal.value.data["open"][0]["condition"] == 1
    said = {"name": "发票.pdf", "content": a_pdf("发票"), "now": desk.now}
    with pytest.raises(Invalid) as refusal:
        attach_evidence(session, desk.member, first.id, condition=2, **said)
    assert refusal.value.data["errors"][0]["field"] == "condition"
    attach_evidence(session, desk.member, first.id, condition=1, **said)
    claim_tranche(session, desk.member, first.id, now=desk.now)
    with pytest.raises(Invalid) as refusal:
        decide_tranche(session, desk.first, first.id, is_approved=False, note=None, now=desk.now)
    assert refusal.value.data["errors"][0]["field"] == "note"
    decide_tranche(session, desk.first, first.id, is_approved=False, note="发票抬头不符", now=desk.now)
    assert (desk.tranches[0].state, desk.tranches[0].note) == ("planned", "发票抬头不符")
    desk.approved()
    (part,) = desk.tranches[0].parts
    hold = session.get_one(Hold, part.hold_id)
    assert (hold.bucket, hold.open_fen, open_fen(desk)) == ("approved", 30 * WAN, 10 * WAN)
    with pytest.raises(StateConflict) as refusal:
        decide_tranche(session, desk.first, first.id, is_approved=True, note=None, now=desk.now)
    assert "已批准拨付" in refusal.value.sentence().zh
    assert refusal.value.data["state"] == "approved"
    with pytest.raises(StateConflict):
        attach_evidence(session, desk.member, first.id, condition=1, **said)


def test_a_plan_without_months_keeps_those_that_were_planned(desk, session):
    whole = [{"amount_fen": 40 * WAN, "due_on": None, "conditions": []}]
    for months, kept in ((None, [12]), ([6, 24], [6, 24]), (None, [6, 24]), ([], [])):
        award = plan_award(
            session, desk.first, desk.award.id, tranches=whole, effect_months=months, now=desk.now
        )
        assert award.effect_months == kept


def test_no_file_proves_what_is_a_fact_on_record(desk, session):
    tranche = desk.tranches[0]
    tranche.conditions = [{"kind": "milestone_accepted", "title": "验收", "ref": str(desk.award.id)}]
    session.flush()
    with pytest.raises(Invalid) as refusal:
        attach_evidence(
            session,
            desk.member,
            tranche.id,
            condition=1,
            name="报告.pdf",
            content=a_pdf("报告"),
            now=desk.now,
        )
    assert "里程碑验收" in refusal.value.data["errors"][0]["problem"].zh


def attached(desk, condition=1, *, by=None, now=None, name="发票.pdf"):
    said = {"condition": condition, "name": name, "content": a_pdf(name), "now": now or desk.now}
    return attach_evidence(desk.session, by or desk.member, desk.tranches[0].id, **said)


def test_a_file_is_withdrawn_by_who_attached_it_and_takes_the_claim_that_it_proved_with_it(desk, session):
    desk.planned(40 * WAN, conditions=[INVOICE])
    wrong, colleague = (
        attached(desk),
        member_of(session, session.get_one(Enterprise, desk.award.beneficiaries[0].enterprise_id)),
    )
    for other, refusal in (
        (colleague, Forbidden),
        (desk.first, Forbidden),
        (member_of(session, an_enterprise(session)), NotFound),
    ):
        with pytest.raises(refusal):
            withdraw_evidence(session, other, wrong.id, now=desk.now)
    second = attached(desk, name="另一张.pdf")
    desk.claimed()
    assert withdraw_evidence(session, desk.member, second.id, now=desk.now).state == "claimed"
    assert withdraw_evidence(session, desk.member, wrong.id, now=desk.now).state == "planned"
    assert desk.tranches[0].documents == []
    with pytest.raises(NotFound):
        withdraw_evidence(session, desk.member, wrong.id, now=desk.now)
    with pytest.raises(TrancheConditionsOpen):
        desk.claimed()
    with pytest.raises(NotFound):
        download_evidence(session, desk.member, wrong.id)
    assert download_evidence(session, desk.second, wrong.id).name == "发票.pdf"
    desk.planned(30 * WAN, 10 * WAN)
    now_checked(session)
    assert download_evidence(session, desk.second, wrong.id).name == "发票.pdf"


def test_what_a_decision_rests_on_is_not_withdrawn(desk, session):
    desk.planned(40 * WAN, conditions=[INVOICE])
    document = attached(desk)
    desk.claimed()
    decide_tranche(session, desk.first, desk.tranches[0].id, is_approved=False, note="抬头不符", now=desk.now)
    with pytest.raises(EvidenceDecidedUpon, match="tranche 1 was decided upon at 2026-04-04 17:30"):
        withdraw_evidence(session, desk.member, document.id, now=desk.now)
    later = desk.now + timedelta(minutes=1)
    another = attached(desk, now=later)
    withdraw_evidence(session, desk.member, another.id, now=later)
    assert [each.id for each in desk.tranches[0].documents] == [document.id]


def test_a_tranche_takes_a_few_documents(desk, session, monkeypatch):
    monkeypatch.setattr("finance_net.awards.claiming.MOST_DOCUMENTS", 1)
    desk.planned(40 * WAN, conditions=[INVOICE])
    said = {"condition": 1, "name": "发票.pdf", "content": a_pdf("发票"), "now": desk.now}
    attach_evidence(session, desk.member, desk.tranches[0].id, **said)
    with pytest.raises(TooManyDocuments):
        attach_evidence(session, desk.member, desk.tranches[0].id, **said)


def test_conditions_about_contracts_name_one_of_the_beneficiaries(desk):
    for ref in (None, "合同", str(desk.award.id)):
        for kind in ("milestone_accepted", "contract_registered"):
            with pytest.raises(Invalid) as refusal:
                desk.planned(40 * WAN, conditions=[{"kind": kind, "title": "验收", "ref": ref}])
            assert refusal.value.data["errors"][0]["field"] == "tranches.0.conditions.0.ref"


def test_only_a_member_claims_only_a_manager_decides_and_nobody_else_knows(desk, session):
    tranche, stranger = desk.tranches[0], member_of(session, an_enterprise(session))
    with pytest.raises(NotFound):
        claim_tranche(session, stranger, tranche.id, now=desk.now)
    with pytest.raises(NotFound):
        award_of(session, stranger, desk.award.id)
    with pytest.raises(Forbidden):
        claim_tranche(session, desk.first, tranche.id, now=desk.now)
    with pytest.raises(Forbidden):
        decide_tranche(session, desk.member, tranche.id, is_approved=True, note=None, now=desk.now)


def test_closing_frees_what_is_not_on_its_way(desk, session):
    desk.planned(20 * WAN, 15 * WAN, 5 * WAN)
    desk.approved(1)
    desk.approved(2)
    desk.exported(1)
    with pytest.raises(BeingPaid, match="Tranches 1 of the award"):
        close_award(session, desk.first, desk.award.id, reason="中止", now=desk.now)
    desk.answered(desk.line("settled"))
    close_award(session, desk.first, desk.award.id, reason="中止", now=desk.now)
    assert [each.state for each in desk.tranches] == ["paid", "cancelled", "cancelled"]
    assert standing(session, desk.season.pools["R"]) == {"paid": 20 * WAN, "available": 80 * WAN}
    assert open_fen(desk) == 0
    told = session.scalars(select(CaseStep.amount_fen).filter_by(kind="cancelled")).all()
    assert told == [20 * WAN]
    public = summary(session, None, now=desk.now)
    assert (public["awarded_fen"], public["paid_fen"], public["cancelled_fen"]) == (
        40 * WAN,
        20 * WAN,
        20 * WAN,
    )
    with pytest.raises(AwardClosed):
        desk.claimed(3)
    now_checked(session)
