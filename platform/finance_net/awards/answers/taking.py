"""Taking the bank's words, from whatever file they come: all of them or none, each once."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from finance_net.awards.answers.booking import BookingDesk
from finance_net.awards.answers.contradictions import Contradiction, sort_out
from finance_net.awards.answers.facts import Word, in_order
from finance_net.awards.answers.telling import tell_answers
from finance_net.awards.clawbacks.incoming import hold_references
from finance_net.awards.life import PAYMENT, RETURNED, SETTLED
from finance_net.awards.models import Award, Tranche, TranchePart
from finance_net.awards.payments.models import Payment
from finance_net.awards.payments.standing import settle_tranches

LOCK = 7_032
ANEW = {"populate_existing": True}


class Contradicted(Exception):
    """Something of the words cannot be; `found` is all of that. Whoever brought them says it where they stand."""

    def __init__(self, found: Sequence[Contradiction]) -> None:
        super().__init__(len(found))
        self.found = found


def hold_words(session: Session) -> None:
    """One bringer of words after another: the same file sent twice at once is taken once, no reference is given to two payments."""
    session.execute(select(func.pg_advisory_xact_lock(LOCK)))


def take_words(
    session: Session, actor: Actor, words: Iterable[Word], *, beside: Actor | None = None, now: datetime
) -> list[Word]:
    """Book them and return those that were new; the caller has `hold_words`. `beside`: who brings them together with the actor.

    Raises Contradicted before anything is written, PeopleGone and what the ledger raises.
    """
    said = in_order(words)
    payments = _locked(session, said)
    hold_references(session, [word.bank_ref for word in said if word.is_return and word.bank_ref])
    news, wrong = sort_out(session, said, payments, now)
    if wrong:
        raise Contradicted(wrong)
    stood = {reference: payment.state for reference, payment in payments.items()}
    desk = BookingDesk(session, actor, now, beside)
    for word in news:
        _take(desk, payments[word.reference], word)
    touched = list({word.reference: payments[word.reference] for word in news}.values())
    tell_answers(session, actor, [(each, stood[each.reference]) for each in touched], now=now)
    desk.ask_effects()
    settle_tranches(session, actor, _tranches_of(session, touched), now=now)
    return news


def _locked(session: Session, words: Sequence[Word]) -> dict[str, Payment]:
    """The awards that may be opened again, all tranches, then the payments, each in the order of their ids, as everybody locks them."""
    references = {word.reference for word in words}
    back = {word.reference for word in words if word.is_return}
    awards = select(Award).where(Award.id.in_(select(Payment.award_id).where(Payment.reference.in_(back))))
    theirs = select(TranchePart.tranche_id).join(Payment, Payment.part_id == TranchePart.id)
    tranches = select(Tranche).where(Tranche.id.in_(theirs.where(Payment.reference.in_(references))))
    payments = select(Payment).where(Payment.reference.in_(references))
    if back:
        session.scalars(awards.order_by(Award.id).with_for_update(), execution_options=ANEW).all()
    session.scalars(tranches.order_by(Tranche.id).with_for_update(), execution_options=ANEW).all()
    found = session.scalars(payments.order_by(Payment.id).with_for_update(), execution_options=ANEW)
    return {each.reference: each for each in found}


def _tranches_of(session: Session, payments: Sequence[Payment]) -> Sequence[Tranche]:
    theirs = select(TranchePart.tranche_id).where(TranchePart.id.in_({each.part_id for each in payments}))
    return session.scalars(select(Tranche).where(Tranche.id.in_(theirs)).order_by(Tranche.id)).all()


def _take(desk: BookingDesk, payment: Payment, word: Word) -> None:
    state, facts = PAYMENT.after(word.action, payment.state), {"bank_ref": word.bank_ref, "on": word.on}
    if state == RETURNED:
        payment.return_transfer_id = desk.take_back(payment, *_moved(word))
        payment.return_ref, payment.returned_on, payment.returned_at = word.bank_ref, word.on, desk.now
    else:
        if state == SETTLED:
            payment.transfer_id = desk.book(payment, *_moved(word))
        payment.bank_ref, payment.settled_on, payment.answered_at = word.bank_ref, word.on, desk.now
    payment.state, payment.updated_at = state, desk.now
    desk.session.flush()
    after = {"state": state, **facts}
    audit.record(desk.session, desk.actor, f"{word.action}_payment", payment, now=desk.now, after=after)


def _moved(word: Word) -> tuple[str, date]:
    """Reference and day of money that moved: whoever brings such a word has both."""
    if word.bank_ref is None or word.on is None:
        raise AssertionError("money is said to have moved without a reference and a day")
    return word.bank_ref, word.on
