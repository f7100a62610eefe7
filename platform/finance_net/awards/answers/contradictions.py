"""What of the bank's words contradicts what is on record, each with what to do about it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.clock import local_date
from backbone.errors import Bilingual
from backbone.money import yuan
from finance_net.awards.answers.facts import Record, Word, sorted_out
from finance_net.awards.clawbacks.incoming import owners_of
from finance_net.awards.clawbacks.models import Clawback
from finance_net.awards.life import LIVE, PAYMENT, RETURNED, SETTLED
from finance_net.awards.models import TranchePart
from finance_net.awards.payments.models import Payment, PaymentBatch
from finance_net.ledger.models import Hold

NO_SUCH = Bilingual("没有付款参考号“{reference}”", "There is no payment “{reference}”")
NOT_SENT = Bilingual("该笔尚未送银行或已撤回（{state}）", "This payment did not go to the bank ({state})")
OTHER_AMOUNT = Bilingual(
    "金额为 {told} 元，该笔付款为 {known} 元", "It says {told} yuan, the payment is {known}"
)
ANSWERED = Bilingual(
    "该笔已记为{state}（流水号 {bank_ref}，{on}），与此不符",
    "This payment is {state} already (reference {bank_ref}, {on}): this says otherwise",
)
CAME_BACK = Bilingual(
    "该笔已于 {on} 入账（流水号 {bank_ref}）；其后退汇的，状态应为“退汇”，并填退汇的流水号与日期",
    "This payment was settled on {on} (reference {bank_ref}); if the bank sent the money back since, its status is “returned”, with"
    " the reference and day of that",
)
NEVER_OUT = Bilingual(
    "该笔为“{state}”，未曾入账：先导入入账的回盘，或将对账单上的该笔支出指为此付款（resolveDifference）；未付出的，状态应为“失败”",
    "This payment is {state}, nothing of it was settled: import that answer first, or place what a statement shows of it as money that"
    " left (resolveDifference); if it never went out, its status is “refused”",
)
RECOVERED = Bilingual(
    "该笔已按追回 {clawback} 收回 {fen} 元；如即此笔退汇，已记账：删去此行，对账单上的只写说明",
    "Of this payment {fen} yuan were recovered already, as {clawback}; if that was this money, it is booked: leave this line out, of a"
    " statement say it in words",
)
RIVALS: Mapping[str, Bilingual] = {
    "instructed": Bilingual(
        "该笔曾被退回，已另行提出付款 {other}：先撤回其批次（decideBatch），再导入",
        "This payment was refused and {other} was ordered instead: withdraw its batch (decideBatch), then import this again",
    ),
    SETTLED: Bilingual(
        "该笔曾被退回，已由 {other} 付清：此为重复支付，不入此账；删去此行，从对账的“surplus”项说明（resolveDifference），并请收款单位退回",
        "This payment was refused and {other} has paid it since: it was paid twice. Leave this line out, say so of the surplus of the"
        " statement (resolveDifference), and have the enterprise send it back",
    ),
}  # fmt: skip
ON_ITS_WAY = Bilingual(
    "该笔曾被退回，{other} 已送银行：等其结果，再导入此行",
    "This payment was refused and {other} went to the bank instead: wait for what becomes of that, then import this line",
)
FREED = Bilingual(
    "该笔曾被退回，其款项已在结束立项时释放：删去此行，从对账的“surplus”项说明（resolveDifference）",
    "This payment was refused and its money was freed when the award was closed: leave this line out and say so of the surplus of the"
    " statement (resolveDifference)",
)
TAKEN = Bilingual("流水号“{bank_ref}”已是 {owner} 的", "The reference “{bank_ref}” is that of {owner}")
DAYS = Bilingual("日期应在 {since} 至 {until} 之间", "The day must lie between {since} and {until}")
REFUSED = PAYMENT.after("refuse")


@dataclass(frozen=True)
class Contradiction:
    """A word that is not taken: what of it is wrong, by the column of an answer, and why."""

    word: Word
    column: str
    problem: Bilingual


def record_of(payment: Payment) -> Record:
    """What is on record of it."""
    out, back = (payment.bank_ref, payment.settled_on), (payment.return_ref, payment.returned_on)
    return Record(payment.state, out, back)


def sort_out(
    session: Session, words: Sequence[Word], payments: Mapping[str, Payment], now: datetime
) -> tuple[list[Word], list[Contradiction]]:
    """(what of the words, which are in order, is new; all that is wrong with any of them). The payments are locked."""
    found = [Contradiction(word, "reference", NO_SUCH.format(reference=word.reference)) for word in words if word.reference not in payments]  # fmt: skip
    sent = _sent(session, payments)
    unsent = {reference for reference, at in sent.items() if at is None}
    found += [
        Contradiction(word, "reference", NOT_SENT.format(state=PAYMENT.words[payments[word.reference].state]))
        for word in words
        if word.reference in unsent
    ]
    known = [word for word in words if sent.get(word.reference)]
    records = {reference: record_of(payment) for reference, payment in payments.items()}
    news, against = sorted_out(known, records)
    found += [Contradiction(word, "status", _against(word, records[word.reference])) for word in against]
    found += [
        Contradiction(word, column, problem)
        for word in known
        for column, problem in _wrong(word, payments[word.reference], records[word.reference], sent, now)
    ]
    found += _taken(session, known)
    late = [payments[word.reference] for word in news if payments[word.reference].state == REFUSED]
    back = [payments[word.reference] for word in news if word.is_return]
    stands = _rivals(session, late) | _recovered(session, back)
    found += [Contradiction(word, "status", stands[word.reference]) for word in news if word.reference in stands]  # fmt: skip
    return news, found


def _against(word: Word, record: Record) -> Bilingual:
    if word.is_return and record.state != RETURNED:
        return NEVER_OUT.format(state=PAYMENT.words[record.state])
    bank_ref, on = record.back if record.state == RETURNED else record.out
    is_back = record.state == SETTLED and PAYMENT.after(word.action) != SETTLED
    words = {"state": PAYMENT.words[record.state], "bank_ref": bank_ref or "—", "on": on or "—"}
    return (CAME_BACK if is_back else ANSWERED).format(**words)


def _wrong(
    word: Word, payment: Payment, record: Record, sent: Mapping[str, datetime | None], now: datetime
) -> list[tuple[str, Bilingual]]:
    """Its amount and its day, by themselves."""
    found = []
    if word.amount_fen != payment.amount_fen:
        words = {"told": yuan(word.amount_fen), "known": yuan(payment.amount_fen)}
        found.append(("amount", OTHER_AMOUNT.format(**words)))
    went, until = sent[word.reference], local_date(now)
    since: date | None = record.out[1] if word.is_return else local_date(went) if went else None
    if word.on is not None and since is not None and not since <= word.on <= until:
        found.append(("settled_on", DAYS.format(since=since, until=until)))
    return found


def _sent(session: Session, payments: Mapping[str, Payment]) -> dict[str, datetime | None]:
    """When each payment went to the bank, None where it did not."""
    batches = {each.batch_id for each in payments.values()}
    query = select(PaymentBatch.id, PaymentBatch.exported_at).where(PaymentBatch.id.in_(batches))
    at: dict[UUID, datetime | None] = dict(session.execute(query).all())
    return {reference: at[payment.batch_id] for reference, payment in payments.items()}


def _taken(session: Session, words: Sequence[Word]) -> list[Contradiction]:
    """References that are another movement's: of money that went out, or of money that came."""
    out = [word.bank_ref for word in words if word.bank_ref and not word.is_return]
    went = select(Payment.bank_ref, Payment.reference).where(Payment.bank_ref.in_(out))
    back = [word.bank_ref for word in words if word.bank_ref and word.is_return]
    owners: dict[bool, dict[Any, str]] = {
        False: dict(session.execute(went).all()), True: owners_of(session, back),
    }  # fmt: skip
    found = []
    for word in words:
        owner = owners[word.is_return].get(word.bank_ref, word.reference)
        if owner != word.reference:
            problem = TAKEN.format(bank_ref=word.bank_ref, owner=owner)
            found.append(Contradiction(word, "bank_ref", problem))
    return found


def _rivals(session: Session, late: Sequence[Payment]) -> dict[str, Bilingual]:
    """What keeps payments from being settled that the bank had refused: another was made since, or their money was freed."""
    parts = {each.part_id for each in late}
    if not parts:
        return {}
    query = select(Payment).where(Payment.part_id.in_(parts), Payment.state.in_(LIVE))
    rivals = {each.part_id: each for each in session.scalars(query)}
    held = _held(session, parts)
    found = {}
    for each in late:
        if rival := rivals.get(each.part_id):
            found[each.reference] = RIVALS.get(rival.state, ON_ITS_WAY).format(other=rival.reference)
        elif each.part_id not in held:
            found[each.reference] = FREED
    return found


def _held(session: Session, parts: Collection[UUID]) -> set[UUID]:
    """Those whose money is still set aside."""
    query = select(TranchePart.id).join(Hold, Hold.id == TranchePart.hold_id)
    return set(session.scalars(query.where(TranchePart.id.in_(parts), Hold.open_fen > 0)))


def _recovered(session: Session, back: Sequence[Payment]) -> dict[str, Bilingual]:
    """What keeps payments from having come back: something of them was recovered already."""
    by_id = {each.id: each.reference for each in back}
    query = select(Clawback).where(Clawback.payment_id.in_(by_id), Clawback.recovered_fen > 0)
    return {
        by_id[each.payment_id]: RECOVERED.format(clawback=each.number, fen=yuan(each.recovered_fen))
        for each in session.scalars(query.order_by(Clawback.number))
    }
