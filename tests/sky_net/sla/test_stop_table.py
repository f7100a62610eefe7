"""Each condition of the stop table, one at a time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from sky_net.sla.parties import EVERY_STAGE
from sky_net.sla.stop_table import (
    TABLE,
    InvitationEvidence,
    LeadEvidence,
    NoSolutionEvidence,
    ReplyEvidence,
    missing,
    sides_lacking,
)
from tests.factories.sla import SOMEBODY, a_confirmation, a_contact, a_proposal

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=1)
CONFIRMED, CONTACT, PROPOSAL = a_confirmation(NOW), a_contact(NOW), a_proposal(NOW)
INVITATION = InvitationEvidence(uuid4(), SOMEBODY, accepted=True)
REPLY = ReplyEvidence(uuid4(), SOMEBODY, answered_in_words=True)
FINDING = NoSolutionEvidence(
    uuid4(), written_by=uuid4(), signed_by=SOMEBODY, refusals=3, refusals_needed=3, standing_proposals=0, says_why=True,
    says_what_would_help=True,
)  # fmt: skip
LEAD = LeadEvidence(uuid4(), SOMEBODY, promoted_to=uuid4())

LACKING = [
    (CONFIRMED, {"confirmed_by": None}, "named_person"),
    (CONFIRMED, {"industry": None}, "industry"),
    (CONFIRMED, {"industry": " "}, "industry"),
    (CONFIRMED, {"complexity": None}, "complexity"),
    (CONFIRMED, {"owner_id": None}, "owner"),
    (CONFIRMED, {"enterprise_told_at": None}, "enterprise_told"),
    (CONFIRMED, {"enterprise_told_at": LATER}, "enterprise_told"),
    (CONTACT, {"kind": "message"}, "kind"),
    (CONTACT, {"happened_on": None}, "date"),
    (CONTACT, {"enterprise_people": 0}, "two_sided"),
    (CONTACT, {"institute_people": 0}, "two_sided"),
    (CONTACT, {"kind": "meeting", "institute_people": 0}, "two_sided"),
    (CONTACT, {"kind": "question_answered", "enterprise_people": 0, "institute_people": 0}, "two_sided"),
    (CONTACT, {"result": ""}, "result"),
    (CONTACT, {"next_step": "　"}, "next_step"),
    (PROPOSAL, {"released_by": None}, "released"),
    (PROPOSAL, {"released_at": None}, "released"),
    (PROPOSAL, {"released_at": LATER}, "released"),
    (PROPOSAL, {"unanswered_musts": ("导热系数",)}, "musts_answered"),
    (PROPOSAL, {"has_plan": False}, "plan"),
    (PROPOSAL, {"has_time": False}, "time"),
    (PROPOSAL, {"has_price": False}, "price"),
    (PROPOSAL, {"has_ip_terms": False}, "ip_terms"),
    (PROPOSAL, {"readable_by_enterprise": False}, "readable"),
    (INVITATION, {"answered_by": None}, "named_person"),
    (INVITATION, {"accepted": None}, "answer"),
    (INVITATION, {"accepted": False}, "answer"),
    (INVITATION, {"accepted": False, "declined_with": " "}, "answer"),
    (REPLY, {"answered_by": None}, "named_person"),
    (REPLY, {"answered_in_words": False}, "answer"),
    (FINDING, {"refusals": 2}, "refusals"),
    (FINDING, {"standing_proposals": 1}, "no_proposal"),
    (FINDING, {"says_why": False}, "why_not"),
    (FINDING, {"says_what_would_help": False}, "what_would_help"),
    (FINDING, {"signed_by": None}, "signed"),
    (FINDING, {"written_by": SOMEBODY}, "signed"),
    (LEAD, {"closed_by": None}, "named_person"),
    (LEAD, {"promoted_to": None}, "outcome"),
    (LEAD, {"promoted_to": None, "closed_with": ""}, "outcome"),
]


@pytest.mark.parametrize(("whole", "change", "condition"), LACKING)
def test_without_one_thing_exactly_that_condition_fails(whole, change, condition):
    assert [code for code, _ in missing(replace(whole, **change), NOW)] == [condition]


@pytest.mark.parametrize("whole", [CONFIRMED, CONTACT, PROPOSAL, INVITATION, REPLY, LEAD, FINDING])
def test_evidence_with_everything_misses_nothing(whole):
    assert missing(whole, NOW) == []


@pytest.mark.parametrize("field", ["industry", "complexity"])
def test_a_rejection_with_a_code_needs_neither_industry_nor_complexity(field):
    assert missing(replace(CONFIRMED, **{field: None}, rejected_with="duplicate"), NOW) == []


def test_a_no_with_its_reason_answers_an_invitation_and_a_closed_lead_needs_no_need():
    assert missing(replace(INVITATION, accepted=False, declined_with="too_early"), NOW) == []
    assert missing(replace(LEAD, promoted_to=None, closed_with="duplicate"), NOW) == []


def test_an_answered_question_needs_the_side_that_answered():
    assert missing(replace(CONTACT, kind="question_answered", enterprise_people=0), NOW) == []
    assert missing(replace(CONTACT, kind="question_answered", institute_people=0), NOW) == []


def test_every_clock_has_its_row_and_every_condition_is_tried_here():
    assert {row.stage for row in TABLE.values()} == set(EVERY_STAGE)
    tried = {(type(whole), condition) for whole, _, condition in LACKING}
    assert tried == {(kind, each.code) for kind, row in TABLE.items() for each in row.conditions}


def test_every_condition_is_named_in_both_languages():
    for row in TABLE.values():
        for condition in row.conditions:
            assert condition.sentence.zh
            assert condition.sentence.isascii()
            assert not condition.sentence.zh.isascii()


def test_only_a_contact_waits_for_agreement_and_for_silence_no_longer_than_its_record_says():
    for whole in (CONFIRMED, PROPOSAL, INVITATION, REPLY, LEAD, FINDING):
        assert TABLE[type(whole)].holds_from(whole) is None
    holds_from = TABLE[type(CONTACT)].holds_from
    assert holds_from(CONTACT) == CONTACT.agreed_by_silence_at
    assert holds_from(replace(CONTACT, agreed_at=LATER)) == LATER


@pytest.mark.parametrize(
    ("kind", "people", "lacking"),
    [
        ("call", (1, 2), []),
        ("call", (0, 1), ["enterprise"]),
        ("meeting", (0, 0), ["enterprise", "institute"]),
        ("question_answered", (1, 0), []),
        ("question_answered", (0, 0), ["institute"]),
    ],
)
def test_the_sides_that_a_talk_lacks_are_named(kind, people, lacking):
    assert sides_lacking(kind, *people) == lacking


def test_a_finding_alone_ends_a_clock_otherwise_than_met():
    assert {row.outcome for kind, row in TABLE.items() if kind is not NoSolutionEvidence} == {"met"}
    assert TABLE[NoSolutionEvidence].outcome == "no_solution"
