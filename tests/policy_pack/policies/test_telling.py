"""The other officers hear what waits for a second person, who uploaded a version that it was returned."""

import pytest

from policy_pack.policies.service import review_policy
from tests.factories.notices import accounts, heard
from tests.factories.policy_office import a_draft, an_office, an_original


@pytest.fixture
def office(session):
    return an_office(session)


@pytest.mark.parametrize(("approved", "kind"), [(True, "policy_to_publish"), (False, "policy_returned")])
def test_a_draft_waits_for_the_others_and_its_review_is_told(session, clock, office, approved, kind):
    version = a_draft(office)
    assert heard(session, "policy_to_review") == accounts(office.second)
    review_policy(session, office.second, version.id, approved=approved, now=clock.now())
    assert heard(session, kind) == accounts(office.first)


def test_an_original_waits_for_another_signature(session, office):
    an_original(office, a_draft(office))
    assert heard(session, "original_to_sign") == accounts(office.second)
