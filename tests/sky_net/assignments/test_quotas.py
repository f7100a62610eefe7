from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from backbone.actor import PROVINCE, Role
from backbone.errors import Forbidden, NotFound
from sky_net.assignments.quotas import ORDINARY, quotas_of, set_quota, show_quota
from tests.factories.directory import an_institute
from tests.factories.identity import an_actor, of, zone
from tests.factories.invitations import an_invitation
from tests.factories.needs import a_need


@pytest.fixture
def chief(session):
    return an_actor(session, (Role.OPERATOR, PROVINCE))


def test_an_institute_has_the_ordinary_quota_until_somebody_says_otherwise(session, clock, chief):
    institute = an_institute(session)
    quota = show_quota(session, chief, institute.id)
    assert (quota.needs, quota.taken, quota.room, quota.set_at) == (ORDINARY, 0, ORDINARY, None)
    for needs in (3, 5):
        quota = set_quota(session, chief, institute.id, needs, now=clock.now())
        assert (quota.needs, quota.room, quota.set_at) == (needs, needs, clock.now())


def test_what_stands_takes_of_it_and_never_more_than_there_is(session, clock, chief):
    institute = an_institute(session)
    for state in ("open", "accepted", "declined"):
        an_invitation(session, a_need(session, state="matched"), institute, state=state)
    an_invitation(session, a_need(session, state="selected"), institute)
    assert quotas_of(session, [institute.id])[institute.id].taken == 2
    assert set_quota(session, chief, institute.id, 1, now=clock.now()).room == 0


@pytest.mark.parametrize(
    ("role", "scope", "may"),
    [
        (Role.OPERATOR, PROVINCE, True),
        (Role.ADMINISTRATOR, PROVINCE, True),
        (Role.OPERATOR, zone(), False),
        (Role.AUDITOR, PROVINCE, False),
        (Role.BROKER, PROVINCE, False),
    ],
)
def test_the_province_sets_quotas(session, clock, role, scope, may):
    institute, actor = an_institute(session), an_actor(session, (role, scope))
    if may:
        assert set_quota(session, actor, institute.id, 2, now=clock.now()).needs == 2
    else:
        with pytest.raises(Forbidden):
            set_quota(session, actor, institute.id, 2, now=clock.now())


def test_an_institute_reads_its_own_and_sets_none(session, clock):
    own, other = an_institute(session), an_institute(session)
    office = an_actor(session, (Role.TRANSFER_OFFICE, of(own)))
    assert show_quota(session, office, own.id).needs == ORDINARY
    for refused in (
        lambda: show_quota(session, office, other.id),
        lambda: set_quota(session, office, own.id, 99, now=clock.now()),
    ):
        with pytest.raises(Forbidden):
            refused()


def test_an_institute_that_is_not_there_has_none(session, clock, chief):
    for asked in (
        lambda: show_quota(session, chief, uuid4()),
        lambda: set_quota(session, chief, uuid4(), 1, now=clock.now()),
    ):
        with pytest.raises(NotFound):
            asked()


def test_two_who_set_it_at_once_leave_one(committed_database, clock):
    with committed_database.transaction() as session:
        institute = an_institute(session)
        chief = an_actor(session, (Role.ADMINISTRATOR, PROVINCE))

    def set_it(needs):
        with committed_database.transaction() as session:
            return set_quota(session, chief, institute.id, needs, now=clock.now()).needs

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(set_it, range(4))) == [0, 1, 2, 3]
    with committed_database.transaction() as session:
        assert show_quota(session, chief, institute.id).needs in range(4)
