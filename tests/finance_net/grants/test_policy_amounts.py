"""Nobody applies for more than the policy of the receipt pays, nor is awarded anything by one that nobody verified."""

import pytest

from finance_net.grants.announcements import deciding
from finance_net.grants.applications import service
from finance_net.grants.applications.errors import NotVerified, OverThePolicy
from tests.factories.directory import an_enterprise
from tests.factories.grants import (
    KEYS,
    OPENED,
    SELLS,
    a_season,
    admitted,
    an_application,
    announced,
    application_entry,
    member_of,
    scored_all,
)
from tests.factories.ledger import WAN
from tests.factories.policy_office import a_published_version, an_office, an_original

UP_TO_30 = {"amount": None, "published_cap": 30}
TENTH_UP_TO_30 = {
    "amount": {
        "benefit": "grant",
        "words": {"zh": "营收的 10%", "en": "a tenth"},
        "base": "revenue",
        "rate": 0.1,
        "cap": 30,
    }
}


@pytest.mark.parametrize("pays", [UP_TO_30, TENTH_UP_TO_30])
@pytest.mark.parametrize("category", ["R", "F"])
def test_an_application_is_held_to_what_its_policy_pays_to_both_together(session, pays, category):
    """P34 pays maker and user 1,000 together, whatever the round would give one of them."""
    a_published_version(
        an_office(session), KEYS[category], category=category, clauses=[SELLS], grade="A", **pays
    )
    season = a_season(session)
    with_user = {"user_id": an_enterprise(session).id, "user_share": 5_000} if category == "F" else {}
    applicant = an_enterprise(session)
    member = member_of(session, applicant)
    said = application_entry(season, applicant, category=category, asked_fen=30 * WAN + 1, **with_user)
    with pytest.raises(OverThePolicy) as over:
        service.draft_application(session, member, season.round.id, said, now=OPENED)
    assert over.value.data == {"asked_fen": 30 * WAN + 1, "most_fen": 30 * WAN, "policy": KEYS[category]}
    said |= {"asked_fen": 30 * WAN}
    row = service.draft_application(session, member, season.round.id, said, now=OPENED)
    with pytest.raises(OverThePolicy):
        service.amend_application(session, member, row, {"asked_fen": 31 * WAN}, now=OPENED)


def test_a_figure_that_nobody_verified_refuses_nobody_until_somebody_does_whatever_the_receipt_says(session):
    office = an_office(session)
    version = a_published_version(office, KEYS["R"], category="R", clauses=[SELLS], grade="B", **UP_TO_30)
    season, applicant = a_season(session), an_enterprise(session)
    member = member_of(session, applicant)
    said = application_entry(season, applicant, asked_fen=32 * WAN)
    row = service.draft_application(session, member, season.round.id, said, now=OPENED)
    service.amend_application(session, member, row, {"asked_fen": 31 * WAN}, now=OPENED)
    an_original(office, version, signed=True)
    with pytest.raises(OverThePolicy):
        service.amend_application(session, member, row, {"asked_fen": 31 * WAN}, now=OPENED)
    with pytest.raises(OverThePolicy), session.begin_nested():
        service.submit_application(session, member, row.id, now=OPENED)
    service.amend_application(session, member, row, {"asked_fen": 30 * WAN}, now=OPENED)
    assert service.submit_application(session, member, row.id, now=OPENED).state == "submitted"


def test_an_unverified_policy_carries_an_application_but_no_award(session):
    office = an_office(session)
    version = a_published_version(office, KEYS["R"], category="R", clauses=[SELLS], grade="B", amount=None)
    season = a_season(session)
    row = an_application(season)
    with pytest.raises(NotVerified) as refused:
        admitted(season, row)
    assert refused.value.data == {"number": row.number, "policy": KEYS["R"], "version": version.number}
    assert row.state == "submitted"
    an_original(office, version, signed=True)
    assert admitted(season, row).state == "admitted"


def test_what_was_admitted_before_there_was_the_rule_is_not_decided_either(session, monkeypatch):
    a_published_version(an_office(session), KEYS["R"], category="R", clauses=[SELLS], grade="B", amount=None)
    season = a_season(session)
    monkeypatch.setattr(service, "require_verified", lambda *_: None)
    scored_all(season, 90)
    row = announced(season)
    with pytest.raises(NotVerified), session.begin_nested():
        deciding.decide_grants(session, season.second, row.id, now=row.ends_at)
    assert row.decided_at is None
