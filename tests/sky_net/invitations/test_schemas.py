"""What may be said in an invitation and in a refusal."""

import pytest
from marshmallow import ValidationError

from sky_net.invitations.reasons import DECLINE_REASONS
from sky_net.invitations.schemas import InvitationEntry, Refusal

INSTITUTE = "0190f2a0-0000-7000-8000-000000000001"


@pytest.mark.parametrize("code", [code for code in DECLINE_REASONS if code != "other"])
def test_every_reason_of_the_list_stands_alone(code):
    assert Refusal().load({"reason_code": code}) == {"reason_code": code}


@pytest.mark.parametrize("message", [{}, {"message": None}])
def test_the_reason_other_needs_words(message):
    with pytest.raises(ValidationError) as refused:
        Refusal().load({"reason_code": "other", **message})

    assert list(refused.value.normalized_messages()) == ["message"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "reason_code"),
        ({"reason_code": "not_selected"}, "reason_code"),
        ({"reason_code": "price", "message": "太\x00贵"}, "message"),
        ({"reason_code": "price", "message": "贵" * 1001}, "message"),
        ({"reason_code": "price", "why": "x"}, "why"),
    ],
)
def test_a_refusal_names_what_is_wrong(body, field):
    with pytest.raises(ValidationError) as refused:
        Refusal().load(body)

    assert list(refused.value.normalized_messages()) == [field]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "institute_id"),
        ({"institute_id": "42"}, "institute_id"),
        ({"institute_id": INSTITUTE, "message": "  "}, "message"),
        ({"institute_id": INSTITUTE, "state": "accepted"}, "state"),
        ({"institute_id": INSTITUTE, "achievement_id": 7}, "achievement_id"),
    ],
)
def test_an_entry_names_what_is_wrong(body, field):
    with pytest.raises(ValidationError) as refused:
        InvitationEntry().load(body)

    assert list(refused.value.normalized_messages()) == [field]
