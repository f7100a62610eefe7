"""Going back, to whatever it is, and what stays on record of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.audit import AuditEvent
from sky_net.grading.choosing import BLEND, put_live, restore, use_of
from sky_net.grading.errors import NoSuchRanker, NothingToRollBack, RankerUnusable
from sky_net.matching.models import LearnedRanker, RankerUse
from tests.factories.grading import NOW, a_ranker
from tests.factories.matching import shipped_encoder

OPERATIONS = Actor(None, "operations")


def back(session: Session, number: int | None = None, hours: int = 0) -> int | None:
    version = restore(
        session, OPERATIONS, number, shipped_encoder().fingerprint, now=NOW + timedelta(hours=hours)
    )
    return version.number if version else None


def used(session: Session) -> int | None:
    use = use_of(session)
    return None if use is None else session.get_one(LearnedRanker, use.ranker_id).number


@pytest.fixture(autouse=True)
def versions(session: Session) -> list[LearnedRanker]:
    return [a_ranker(session, number) for number in (1, 2, 3)]


def test_one_step_back_is_what_was_in_use_before(session: Session, versions):
    for hours, version in enumerate(versions):
        put_live(session, OPERATIONS, version, now=NOW + timedelta(hours=hours))
    assert back(session, hours=5) == 2
    assert used(session) == 2


def test_one_step_back_from_the_first_is_the_blend_and_from_there_nothing(session: Session, versions):
    put_live(session, OPERATIONS, versions[0], now=NOW)
    assert back(session) is None
    assert used(session) is None
    with pytest.raises(NothingToRollBack):
        back(session)


def test_any_version_can_be_put_back_and_every_use_stays_on_record(session: Session, versions):
    put_live(session, OPERATIONS, versions[2], now=NOW)
    assert back(session, 1, hours=1) == 1
    assert back(session, 3, hours=2) == 3
    assert back(session, 3, hours=3) == 3, "in use already: nothing changes"
    assert back(session, BLEND, hours=4) is None
    assert back(session, BLEND, hours=5) is None
    spans = [
        (use.went_live_at, use.retired_at)
        for use in session.scalars(select(RankerUse).order_by(RankerUse.id))
    ]
    hour = timedelta(hours=1)
    assert spans == [(NOW, NOW + hour), (NOW + hour, NOW + 2 * hour), (NOW + 2 * hour, NOW + 4 * hour)]
    told = session.execute(
        select(AuditEvent.action, AuditEvent.before, AuditEvent.after)
        .where(AuditEvent.subject_kind == "rankers")
        .order_by(AuditEvent.id)
    ).all()
    assert [(action, before["number"], after["number"]) for action, before, after in told] == [
        ("put_ranker_live", BLEND, 3), ("put_ranker_live", 3, 1), ("put_ranker_live", 1, 3), ("retire_ranker", 3, BLEND),
    ]  # fmt: skip


def test_what_is_not_there_or_does_not_fit_is_refused(session: Session):
    with pytest.raises(NoSuchRanker, match="9"):
        back(session, 9)
    a_ranker(session, 4, names=["blend"], weights=[1.0])
    a_ranker(session, 5, basis="another")
    a_ranker(session, 6, encoder="another")
    for number in (4, 5, 6):
        with pytest.raises(RankerUnusable):
            back(session, number)
    assert used(session) is None
