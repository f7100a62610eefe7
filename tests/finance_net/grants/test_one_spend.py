"""One spend is granted once, on the rules and the facts of the day on which it was handed in."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from backbone.directory.facts.models import EnterpriseFact
from backbone.errors import Conflict
from finance_net.grants import service as rounds
from finance_net.grants.applications import service, standing
from finance_net.grants.applications.errors import (
    AskedBefore,
    KeptApart,
    NotEligible,
    OverThePolicy,
    ReceiptUsed,
)
from policy_pack.engine.packs import shipped_pack
from policy_pack.engine.policy import Bond, Relation
from policy_pack.policies.models import PolicyVersion
from policy_pack.policies.service import repeal_policy
from policy_pack.receipts.models import EvaluationReceipt
from policy_pack.receipts.service import check_policies
from tests.factories.directory import an_enterprise
from tests.factories.grants import (
    AFTER,
    KEYS,
    OPENED,
    OTHER,
    SELLS,
    a_season,
    admitted,
    application_entry,
    decided,
    member_of,
    round_entry,
    scored,
)
from tests.factories.ledger import WAN
from tests.factories.policy_facts import a_matter, a_policy_fact
from tests.factories.policy_office import a_published_version, an_office
from tests.made_once import made_once

NEXT_DAY, DAY_AFTER = (OPENED + timedelta(days=days) for days in (1, 2))
UP_TO_60 = {"amount": None, "published_cap": 60}
SPENDS = {"id": "P801.1", "text": {"zh": "购买了服务", "en": "bought services"}, "quote": "spend",
          "when": {"fact": "service_spend", "above": 0}}  # fmt: skip
THIRD_UP_TO_60 = {
    "amount": {"benefit": "grant", "words": {"zh": "支出的 30%", "en": "30 %"}, "base": "service_spend", "rate": 0.3, "cap": 60}
}  # fmt: skip


@made_once
def office(session):
    return an_office(session)


@made_once
def season(session, office):
    a_published_version(office, KEYS["R"], category="R", clauses=[SELLS], grade="A", **UP_TO_60)
    return a_season(session)


def drafted(season, applicant, **values):
    """With the receipt of the first day."""
    member = member_of(season.session, applicant)
    said = application_entry(season, applicant, **values)
    return member, service.draft_application(season.session, member, season.round.id, said, now=OPENED)


def handed_in(season, applicant, now=OPENED, **values):
    member, row = drafted(season, applicant, **values)
    return service.submit_application(season.session, member, row.id, now=now)


def test_one_spend_is_not_granted_as_often_as_it_is_applied_for(season):
    """Three receipts of three days carried three awards of one policy, each up to its cap."""
    applicant = an_enterprise(season.session)
    first = handed_in(season, applicant, NEXT_DAY, asked_fen=40 * WAN)
    member, again = drafted(season, applicant, asked_fen=21 * WAN)
    with pytest.raises(AskedBefore) as refused, season.session.begin_nested():
        service.submit_application(season.session, member, again.id, now=DAY_AFTER)
    assert refused.value.data == {
        "asked_fen": 21 * WAN, "before_fen": 40 * WAN, "most_fen": 60 * WAN, "policy": KEYS["R"], "numbers": first.number,
    }  # fmt: skip
    assert "400,000.00" in str(refused.value.sentence())
    service.amend_application(season.session, member, again, {"asked_fen": 20 * WAN}, now=DAY_AFTER)
    assert service.submit_application(season.session, member, again.id, now=DAY_AFTER).state == "submitted"


def test_what_was_withdrawn_rejected_or_called_off_takes_nothing(season):
    session, applicant = season.session, an_enterprise(season.session)
    withdrawn = handed_in(season, applicant, asked_fen=60 * WAN)
    service.withdraw_application(session, member_of(session, applicant), withdrawn.id, now=OPENED)
    rejected = handed_in(season, applicant, asked_fen=60 * WAN)
    service.reject_application(session, season.first, rejected.id, "材料不全", now=OPENED)
    handed_in(season, applicant, asked_fen=60 * WAN)
    rounds.cancel_round(session, season.first, season.round.id, now=OPENED)
    another = a_season(session)
    assert handed_in(another, applicant, asked_fen=60 * WAN).state == "submitted"


def test_of_what_was_granted_the_amount_counts_in_later_rounds_of_the_year(season):
    session, applicant = season.session, an_enterprise(season.session)
    row = handed_in(season, applicant, least_fen=10 * WAN, asked_fen=60 * WAN)
    scored(season, admitted(season, row), 90)
    decided(season)
    assert row.state == "awarded"
    entry = round_entry(season.treasury, {"R": season.pools["R"]}, closes_at=AFTER + timedelta(days=90))
    for year, words in ((2026, "asked_before"), (2027, None)):
        call = rounds.draft_round(session, season.first, entry | {"year": year}, now=AFTER)
        rounds.open_round(session, season.first, call.id, now=AFTER)
        member = member_of(session, applicant)
        said = application_entry(season, applicant, least_fen=WAN, asked_fen=2 * WAN)
        later = service.draft_application(session, member, call.id, said, now=AFTER)
        if words is None:
            assert service.submit_application(session, member, later.id, now=AFTER).state == "submitted"
            continue
        with pytest.raises(AskedBefore), session.begin_nested():
            service.submit_application(session, member, later.id, now=AFTER)


def test_each_contract_is_an_item_of_its_own_and_is_found_by_its_facts(session, office):
    a_published_version(office, KEYS["R"], category="R", clauses=[SPENDS], grade="A", **THIRD_UP_TO_60)
    season, applicant = a_season(session), an_enterprise(session)
    member, of = member_of(session, applicant), {}
    for spend in (100, 200):
        matter = a_matter(session, applicant)
        a_policy_fact(session, applicant, matter_id=matter.id, value={"number": str(spend)})
        of[matter.id] = spend
    said = application_entry(season, applicant, policy=OTHER)
    for matter_id, spend in of.items():
        check = check_policies(
            session,
            member,
            applicant.id,
            as_of=OPENED.date(),
            now=OPENED,
            keys=[KEYS["R"]],
            matter_id=matter_id,
        )
        wanted = said | {"receipt_id": check.receipts[0].id, "asked_fen": spend * WAN * 3 // 10}
        row = service.draft_application(session, member, season.round.id, wanted, now=OPENED)
        assert row.policy_matter_id == matter_id
        assert (
            service.submit_application(session, member, row.id, now=OPENED).receipt_id == check.receipts[0].id
        )


def test_policies_that_exclude_each_other_are_not_granted_for_one_matter(season, monkeypatch):
    words = shipped_pack().relations[0].text
    rule = Relation("R9", Bond.EXCLUSIVE, (KEYS["R"], OTHER), words, "x")
    monkeypatch.setattr(standing, "shipped_pack", lambda: type(shipped_pack())({}, (rule,)))
    applicant = an_enterprise(season.session)
    first = handed_in(season, applicant)
    member, other = drafted(season, applicant, policy=OTHER)
    with pytest.raises(KeptApart) as refused, season.session.begin_nested():
        service.submit_application(season.session, member, other.id, now=OPENED)
    assert refused.value.data == {"rule": words, "number": first.number, "policy": KEYS["R"]}


def test_what_was_handed_in_before_there_was_the_rule_is_not_admitted_either(season, monkeypatch):
    applicant = an_enterprise(season.session)
    with monkeypatch.context() as patched:
        patched.setattr(service, "require_room", lambda *_: None)
        rows = [handed_in(season, applicant, day, asked_fen=60 * WAN) for day in (NEXT_DAY, DAY_AFTER)]
    with pytest.raises(AskedBefore), season.session.begin_nested():
        admitted(season, rows[0])
    service.reject_application(season.session, season.first, rows[1].id, "重复申报", now=NEXT_DAY)
    assert admitted(season, rows[0]).state == "admitted"


def test_an_application_rests_on_the_rules_of_the_day_on_which_it_is_handed_in(season, office):
    """A receipt of a day before the repeal carried an application after it."""
    member, row = drafted(season, an_enterprise(season.session))
    repeal_policy(
        season.session,
        office.first,
        version_of(season, row),
        from_on=NEXT_DAY.date(),
        reason="废止",
        now=OPENED,
    )
    with pytest.raises(NotEligible) as refused, season.session.begin_nested():
        service.submit_application(season.session, member, row.id, now=NEXT_DAY)
    assert "2026-03-10" in refused.value.sentence().zh
    assert "不在有效期" in refused.value.sentence().zh
    assert service.submit_application(season.session, member, row.id, now=OPENED).state == "submitted"


def test_a_policy_that_counts_on_no_day_any_more_carries_nothing(season, office):
    member, row = drafted(season, an_enterprise(season.session))
    version = version_of(season, row)
    former = season.session.get_one(PolicyVersion, version)
    former.span, former.state, former.ended_at = Range(empty=True), "repealed", OPENED
    season.session.flush()
    with pytest.raises(NotEligible) as refused, season.session.begin_nested():
        service.submit_application(season.session, member, row.id, now=NEXT_DAY)
    assert KEYS["R"] in refused.value.sentence().zh


def test_a_figure_that_nobody_verified_bounds_no_sum(session, office):
    a_published_version(
        office, KEYS["R"], category="R", clauses=[SPENDS], grade="B",
        amount=THIRD_UP_TO_60["amount"] | {"cap_per": "applicant"},
    )  # fmt: skip
    season, applicant = a_season(session), an_enterprise(session)
    a_policy_fact(session, applicant, value={"number": "200"})
    handed_in(season, applicant, NEXT_DAY, asked_fen=50 * WAN)
    assert handed_in(season, applicant, DAY_AFTER, asked_fen=50 * WAN).state == "submitted"


def test_an_application_rests_on_the_facts_of_the_day_on_which_it_is_handed_in(season):
    applicant = an_enterprise(season.session)
    member, row = drafted(season, applicant)
    before = row.receipt_id
    service.submit_application(season.session, member, row.id, now=NEXT_DAY)
    assert row.receipt_id != before
    lost, theirs = drafted(season, another := an_enterprise(season.session))
    _retract(season.session, another)
    with pytest.raises(NotEligible) as refused, season.session.begin_nested():
        service.submit_application(season.session, lost, theirs.id, now=NEXT_DAY)
    assert "缺少信息" in refused.value.sentence().zh


def test_a_receipt_whose_facts_have_changed_since_carries_nothing(season):
    applicant = an_enterprise(season.session)
    said = application_entry(season, applicant)
    _retract(season.session, applicant)
    with pytest.raises(NotEligible) as refused:
        service.draft_application(
            season.session, member_of(season.session, applicant), season.round.id, said, now=OPENED
        )
    assert "has changed since" in str(refused.value.sentence())


def test_a_policy_that_pays_less_since_the_draft_pays_less(season, office):
    applicant = an_enterprise(season.session)
    member, row = drafted(season, applicant, asked_fen=60 * WAN)
    a_published_version(
        office, KEYS["R"], category="R", clauses=[SELLS], grade="A", amount=None, published_cap=50,
        supersedes=version_of(season, row), valid={"from": "2026-03-10"},
    )  # fmt: skip
    with pytest.raises(OverThePolicy) as over, season.session.begin_nested():
        service.submit_application(season.session, member, row.id, now=NEXT_DAY)
    assert over.value.data["most_fen"] == 50 * WAN


def test_two_drafts_of_one_question_are_one_application(season):
    """Their receipts of two days come to be the same one on the day on which both are handed in."""
    applicant = an_enterprise(season.session)
    member, first = drafted(season, applicant)
    service.submit_application(season.session, member, first.id, now=NEXT_DAY)
    _, second = drafted(season, applicant)
    with pytest.raises(ReceiptUsed), season.session.begin_nested():
        service.submit_application(season.session, member, second.id, now=NEXT_DAY)


def test_of_two_applications_that_are_handed_in_at_once_the_sum_is_looked_at(committed_database):
    with committed_database.transaction() as session:
        office = an_office(session)
        a_published_version(office, KEYS["R"], category="R", clauses=[SELLS], grade="A", **UP_TO_60)
        season, other = a_season(session), a_season(session)
        applicant = an_enterprise(session)
        drafts = [drafted(each, applicant, asked_fen=40 * WAN) for each in (season, other)]
    start = Barrier(2)

    def submit(draft):
        member, row = draft
        start.wait(30)
        try:
            with committed_database.transaction() as session:
                service.submit_application(session, member, row.id, now=OPENED)
        except Conflict as refused:
            return refused.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(submit, drafts)) == ["asked_before", "done"]


def version_of(season, row):
    return season.session.get_one(EvaluationReceipt, row.receipt_id).version_id


def _retract(session, enterprise):
    """Its revenue is known no more."""
    for fact in session.scalars(select(EnterpriseFact).where(EnterpriseFact.enterprise_id == enterprise.id)):
        fact.retracted_at, fact.retraction = OPENED, "mistaken"
    session.flush()
