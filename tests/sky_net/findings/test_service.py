"""The honest end: what it takes, who signs it, and how it is counted."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from backbone.actor import PROVINCE, Role
from backbone.audit import AuditEvent
from backbone.errors import Forbidden, NotFound, StateConflict
from sky_net.findings.errors import FindingExists, FindingSigned
from sky_net.findings.reading import list_findings, show_finding
from sky_net.findings.service import amend_finding, draft_finding, finding_to_amend, sign_finding
from sky_net.sla.clocks import ClockState
from sky_net.sla.refusals import StopRefused
from sky_net.sla.service import readings
from tests.factories.directory import an_institute
from tests.factories.identity import an_actor, zone
from tests.factories.invitations import SUBMITTED_AT, an_exchange, an_invitation
from tests.factories.proposals import a_proposal
from tests.made_once import made_once

NOW = SUBMITTED_AT + timedelta(days=3)
SAID = {"why_not": "现有材料体系达不到该温度", "what_would_help": "放宽到四百度，或等新基材中试"}
ASKED = {"sort": "-created_at", "limit": 20}


@made_once
def exchange(session):
    return an_exchange(session)


@pytest.fixture
def supervisor(session):
    return an_actor(session, (Role.OPERATOR, PROVINCE))


def refused_by(exchange, count):
    for _ in range(count):
        an_invitation(
            exchange.session,
            exchange.need,
            an_institute(exchange.session),
            state="declined",
            reason_code="too_early",
        )


def drafted(exchange, by=None):
    return draft_finding(exchange.session, by or exchange.operator, exchange.need.id, SAID, now=NOW)


def clocks(exchange, now=NOW):
    return {
        one.stage: one for one in readings(exchange.session, [exchange.need.id], now=now)[exchange.need.id]
    }


def test_after_three_refusals_a_supervisors_signature_ends_the_promise_neither_met_nor_breached(
    session, exchange, supervisor
):
    refused_by(exchange, 3)
    finding = sign_finding(session, supervisor, drafted(exchange).id, now=NOW)
    assert exchange.need.state == "unsolved"
    assert clocks(exchange)["propose"].state is ClockState.NO_SOLUTION
    assert clocks(exchange, NOW + timedelta(days=90))["propose"].state is ClockState.NO_SOLUTION
    assert clocks(exchange)["communicate"].state is ClockState.CANCELLED
    assert [entry["reason_code"] for entry in finding.asked] == ["too_early"] * 3


def test_a_breached_promise_stays_breached(session, exchange, supervisor):
    refused_by(exchange, 3)
    late = SUBMITTED_AT + timedelta(days=60)
    sign_finding(session, supervisor, drafted(exchange).id, now=late)
    assert clocks(exchange, late)["propose"].state is ClockState.BREACHED


@pytest.mark.parametrize("refusals", [0, 2])
def test_before_three_institutes_refused_it_cannot_be_signed(session, exchange, supervisor, refusals):
    refused_by(exchange, refusals)
    finding = drafted(exchange)
    with pytest.raises(StopRefused) as refused, session.begin_nested():
        sign_finding(session, supervisor, finding.id, now=NOW)
    assert [entry["condition"] for entry in refused.value.data["missing"]] == ["refusals"]
    session.expire_all()
    assert (finding.signed_at, exchange.need.state) == (None, "confirmed")


def test_while_a_proposal_stands_there_is_a_solution_to_look_at(session, exchange, supervisor):
    refused_by(exchange, 3)
    finding = drafted(exchange)
    an_invitation(session, exchange.need, exchange.institute, state="accepted")
    a_proposal(exchange, now=NOW)
    with pytest.raises(StateConflict):
        sign_finding(session, supervisor, finding.id, now=NOW)


def test_nobody_signs_the_own_finding_and_no_zones_operator_any(session, exchange, supervisor):
    refused_by(exchange, 3)
    finding = drafted(exchange, supervisor)
    with pytest.raises(StopRefused) as refused, session.begin_nested():
        sign_finding(session, supervisor, finding.id, now=NOW)
    assert [entry["condition"] for entry in refused.value.data["missing"]] == ["signed"]
    with pytest.raises(Forbidden):
        sign_finding(session, exchange.operator, finding.id, now=NOW)


def test_whoever_amends_it_becomes_its_author(session, exchange, supervisor):
    refused_by(exchange, 3)
    finding = drafted(exchange)
    amend_finding(
        session, supervisor, finding_to_amend(session, supervisor, finding.id), {"why_not": "改"}, now=NOW
    )
    with pytest.raises(StopRefused), session.begin_nested():
        sign_finding(session, supervisor, finding.id, now=NOW)


def test_once_signed_it_is_neither_amended_nor_signed_again(session, exchange, supervisor):
    refused_by(exchange, 3)
    finding = drafted(exchange)
    sign_finding(session, supervisor, finding.id, now=NOW)
    with pytest.raises(FindingSigned):
        amend_finding(
            session,
            exchange.operator,
            finding_to_amend(session, exchange.operator, finding.id),
            SAID,
            now=NOW,
        )
    with pytest.raises(FindingSigned):
        sign_finding(session, supervisor, finding.id, now=NOW)


def test_a_need_has_one_finding_and_only_while_it_looks_for_a_solution(session, exchange):
    first = drafted(exchange)
    with pytest.raises(FindingExists) as refused:
        drafted(exchange)
    assert refused.value.data["id"] == first.id
    other = an_exchange(session, confirmed=False)
    with pytest.raises(StateConflict):
        drafted(other)


def test_the_enterprise_reads_it_once_signed_and_institutes_never(session, exchange, supervisor):
    refused_by(exchange, 3)
    an_invitation(session, exchange.need, exchange.institute, state="accepted")
    finding = drafted(exchange)
    with pytest.raises(NotFound):
        show_finding(session, exchange.poster, finding.id)
    assert list_findings(session, exchange.poster, exchange.need.id, ASKED).items == []
    sign_finding(session, supervisor, finding.id, now=NOW)
    assert show_finding(session, exchange.poster, finding.id).asked
    assert list_findings(session, exchange.poster, exchange.need.id, ASKED).items == [finding]
    with pytest.raises(NotFound):
        show_finding(session, exchange.office, finding.id)
    assert list_findings(session, exchange.office, exchange.need.id, ASKED).items == []
    with pytest.raises(NotFound):
        show_finding(session, an_actor(session, (Role.OPERATOR, zone("420500"))), finding.id)


def test_only_operators_of_the_zone_write_and_their_words_stay_out_of_the_history(session, exchange):
    for other in (exchange.poster, exchange.office):
        with pytest.raises((Forbidden, NotFound)):
            drafted(exchange, other)
    drafted(exchange)
    assert not any(SAID["why_not"] in str(event.after) for event in session.scalars(select(AuditEvent)))
