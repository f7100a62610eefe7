"""What is refused, with which sentence and numbers; nothing of it is kept."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backbone.actor import Role
from backbone.audit import AuditEvent
from backbone.clock import local_date
from backbone.db import new_id
from backbone.errors import DomainError, Forbidden, NotFound
from backbone.events import on
from finance_net.ledger import errors, service
from finance_net.ledger.booking import book
from finance_net.ledger.models import Envelope, Hold, Transfer, TransferLeg, TransferReason
from finance_net.ledger.posting import TransferPosted
from finance_net.ledger.proving import prove
from tests.factories.identity import an_actor, zone
from tests.factories.ledger import AT, Treasury, a_treasury, an_envelope, some_holds, standing

ONE: dict[str, Any] = {"reason": "测试", "now": AT}
LATER = AT + timedelta(days=30)


@pytest.fixture
def treasury(session: Session) -> Treasury:
    return a_treasury(session, limit_fen=1_000)


@pytest.fixture
def project(treasury: Treasury) -> Envelope:
    return an_envelope(treasury, treasury.root, limit_fen=900)


def everything(session: Session) -> list[int]:
    session.flush()
    return [
        session.scalar(select(func.count()).select_from(kind))
        for kind in (Transfer, TransferLeg, Hold, AuditEvent)
    ]


@pytest.mark.parametrize("amount", [0, -5, 2**63, 10.5, "7", True, None])
def test_an_amount_that_is_none_is_refused_with_what_it_must_be(
    treasury: Treasury, project: Envelope, amount: Any
):
    before = everything(treasury.session)
    with pytest.raises(errors.BadAmount) as refusal:
        service.reserve(treasury.session, treasury.first, project.id, amount, **ONE)
    assert str(amount) in refusal.value.sentence()
    assert str(2**63 - 1) in refusal.value.sentence().zh
    assert everything(treasury.session) == before


def test_whoever_asks_for_more_than_there_is_is_told_where_and_how_much_is_left(
    treasury: Treasury, project: Envelope
):
    service.reserve(treasury.session, treasury.first, project.id, 850, **ONE)
    before = everything(treasury.session)
    with pytest.raises(errors.EnvelopeExceeded) as refusal:
        service.reserve(treasury.session, treasury.first, project.id, 60, **ONE)
    sentence = refusal.value.sentence()
    assert sentence.zh == f"“{project.title}”限额 9.00 元，可用 0.50 元，本次需要 0.60 元，差 0.10 元"
    assert "0.50 yuan left of its limit of 9.00" in sentence
    assert everything(treasury.session) == before


def test_what_would_not_fit_into_64_bits_is_refused_like_anything_else(treasury: Treasury, project: Envelope):
    service.reserve(treasury.session, treasury.first, project.id, 500, **ONE)
    with pytest.raises(errors.EnvelopeExceeded, match=r"92,233,720,368,547,758.07"):
        service.reserve(treasury.session, treasury.first, project.id, 2**63 - 1, **ONE)


def test_what_is_written_of_a_transfer_can_be_taken_out_of_it(treasury: Treasury, project: Envelope):
    """The history names nobody: words stand beside it, and the proof does not need them."""
    session = treasury.session
    done = service.reserve(session, treasury.first, project.id, 500, reason="张三的项目", now=AT)
    assert session.get_one(Transfer, done.id).reason == done.reason == "张三的项目"
    session.execute(delete(TransferReason).where(TransferReason.transfer_id == done.id))
    session.expire_all()
    assert session.get_one(Transfer, done.id).reason is None
    assert prove(session).differences == []


def test_every_level_is_asked(treasury: Treasury):
    narrow = an_envelope(treasury, treasury.root, "year", limit_fen=100)
    wide = an_envelope(treasury, narrow, limit_fen=5_000)
    with pytest.raises(errors.EnvelopeExceeded) as refusal:
        service.reserve(treasury.session, treasury.first, wide.id, 101, **ONE)
    assert refusal.value.data["envelope_id"] == narrow.id


def test_after_its_end_a_reservation_is_gone_whether_or_not_anybody_wrote_that(
    treasury: Treasury, project: Envelope
):
    session = treasury.session
    held = service.reserve(session, treasury.first, project.id, 900, expires_at=LATER, **ONE)
    two = {"reason": "测试", "now": LATER, "approver": treasury.second}
    with pytest.raises(errors.HoldExpired) as unwritten:
        service.commit(session, treasury.first, held.id, **two)
    another = service.reserve(session, treasury.first, project.id, 900, reason="需要这笔额度", now=LATER)
    assert standing(session, project) == {"reserved": 900}
    with pytest.raises(errors.HoldExpired) as written:
        service.commit(session, treasury.first, held.id, **two)
    assert written.value.data == unwritten.value.data
    assert "9.00" in written.value.sentence()
    (expiry,) = session.scalars(select(Transfer).where(Transfer.kind == "expire"))
    assert (expiry.hold_id, expiry.actor_id, expiry.effective_on) == (held.id, None, local_date(LATER))
    assert session.get_one(Hold, another.id).open_fen == 900


def test_a_reservation_that_was_used_in_time_has_not_expired(treasury: Treasury, project: Envelope):
    session = treasury.session
    held = service.reserve(session, treasury.first, project.id, 10, expires_at=LATER, **ONE)
    service.void(session, treasury.first, held.id, **ONE)
    with pytest.raises(errors.HoldClosed, match=r"0\.10 yuan"):
        service.void(session, treasury.first, held.id, reason="又一次", now=LATER)


def refused(call: Any) -> str:
    with pytest.raises(DomainError) as refusal:
        call()
    return refusal.value.code


def test_what_does_not_apply_is_refused(treasury: Treasury, project: Envelope):
    session, first, holds = treasury.session, treasury.first, some_holds(treasury, project)
    two = ONE | {"approver": treasury.second}
    before = everything(session)
    assert refused(lambda: service.commit(session, first, holds.reserved, 201, **two)) == "hold_exceeded"
    assert refused(lambda: service.pay(session, first, holds.reserved, **two)) == "wrong_hold"
    assert refused(lambda: service.pay(session, first, holds.approved, 101, **two)) == "hold_exceeded"
    assert (
        refused(lambda: service.approve_tranche(session, first, holds.committed, 500, **ONE))
        == "hold_exceeded"
    )
    assert refused(lambda: service.recover(session, first, holds.paid, 61, **two)) == "hold_exceeded"
    assert refused(lambda: service.reverse(session, first, holds.reserved, **two)) == "not_reversible"
    assert refused(lambda: service.reverse(session, first, holds.paid, **two)) == "recovered_from"
    assert refused(lambda: service.reserve(session, first, project.id, 1, expires_at=AT, **ONE)) == "not_yet"
    tomorrow = local_date(AT) + timedelta(days=1)
    assert (
        refused(lambda: service.reserve(session, first, project.id, 1, effective_on=tomorrow, **ONE))
        == "not_yet"
    )
    assert everything(session) == before


def test_a_second_reversal_is_refused_and_the_first_may_be_repeated(treasury: Treasury, project: Envelope):
    session, holds = treasury.session, some_holds(treasury, project)
    two = ONE | {"approver": treasury.second}
    done = service.reverse(session, treasury.first, holds.recovery, transfer_id=new_id(), **two)
    assert service.reverse(session, treasury.first, holds.recovery, transfer_id=done.id, **two).id == done.id
    with pytest.raises(errors.ReversedAlready) as refusal:
        service.reverse(session, treasury.first, holds.recovery, **two)
    assert refusal.value.data["transfer_id"] == done.id


def test_nobody_does_alone_what_takes_two(treasury: Treasury, project: Envelope):
    session, first, holds = treasury.session, treasury.first, some_holds(treasury, project)
    outsider = an_actor(session, (Role.FUND_MANAGER, zone()))
    for approver in (first, treasury.first):
        assert (
            refused(lambda a=approver: service.commit(session, first, holds.reserved, approver=a, **ONE))
            == "second_person_needed"
        )
    with pytest.raises(Forbidden):
        service.commit(session, first, holds.reserved, approver=outsider, **ONE)
    with pytest.raises(Forbidden):
        service.reserve(session, outsider, project.id, 1, **ONE)


def test_the_database_refuses_one_person_for_two_as_well(treasury: Treasury, project: Envelope):
    session, holds = treasury.session, some_holds(treasury, project)
    known = session.get_one(Transfer, holds.committed)
    values = {column.name: getattr(known, column.name) for column in Transfer.__table__.columns}
    forged = values | {"id": new_id(), "number": -1, "hold_id": holds.reserved}
    for wrong in ({"approver_id": known.actor_id}, {"approver_id": None}, {"actor_id": None}):
        with (
            pytest.raises(IntegrityError, match=r"another_person|two_people|somebody"),
            session.begin_nested(),
        ):
            session.execute(Transfer.__table__.insert().values(forged | wrong))


def test_what_is_not_there_is_not_found(treasury: Treasury):
    for call in (service.reserve, service.approve_tranche):
        with pytest.raises(NotFound):
            call(treasury.session, treasury.first, new_id(), 1, **ONE)
    with pytest.raises(NotFound):
        service.reverse(treasury.session, treasury.first, new_id(), approver=treasury.second, **ONE)


def test_whoever_wants_to_know_is_told_in_the_same_transaction(treasury: Treasury, project: Envelope):
    told: list[TransferPosted] = []
    on(TransferPosted)(lambda session, event: told.append(event))
    done = service.reserve(treasury.session, treasury.first, project.id, 1, **ONE)
    assert [event.transfer.id for event in told] == [done.id]


def test_a_partitioned_envelope_takes_nothing_itself(treasury: Treasury):
    whole = an_envelope(treasury, treasury.root, "year", is_partitioned=True)
    assert (
        refused(lambda: service.reserve(treasury.session, treasury.first, whole.id, 1, **ONE))
        == "booked_to_parts"
    )


def test_a_booking_that_would_move_too_few_envelopes_is_a_fault(
    treasury: Treasury, project: Envelope, monkeypatch: Any
):
    """Locks, guards and constraints agree; where they did not, nothing would be committed."""
    from finance_net.ledger import booking

    class Row:
        fits = holds = True
        known, moved, stood = False, 1, None

    class Answer:
        def one(self) -> Row:
            return Row()

    class Connection:
        def execute(self, *rest: Any) -> Answer:
            return Answer()

    class Fake:
        def connection(self) -> Connection:
            return Connection()

    monkeypatch.setattr(booking, "parameters_of", lambda *rest: {})
    made = type("Made", (), {"place": type("Place", (), {"touches": [1, 2]})})
    with pytest.raises(AssertionError, match="1 of 2"):
        book(Fake(), treasury.first, made, now=AT)  # type: ignore[arg-type]
