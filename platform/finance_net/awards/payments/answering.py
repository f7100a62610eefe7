"""Taking the bank's answer: whole or not at all, once, and nothing of it a second time."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.errors import Bilingual
from backbone.money import yuan as said_yuan
from finance_net.awards.errors import LinesRefused
from finance_net.awards.life import PAYMENT
from finance_net.awards.lines import Line
from finance_net.awards.models import Tranche, TranchePart
from finance_net.awards.payments.answer_file import read_answer
from finance_net.awards.payments.booking import BookingDesk
from finance_net.awards.payments.models import Payment, PaymentAnswer, PaymentBatch
from finance_net.awards.payments.standing import SETTLED, settle_tranches
from finance_net.awards.payments.telling import tell_answers
from finance_net.awards.permissions import require_manager

NO_SUCH = Bilingual("没有付款参考号“{reference}”", "There is no payment “{reference}”")
NOT_SENT = Bilingual("该笔尚未送银行或已撤回（{state}）", "This payment did not go to the bank ({state})")
OTHER_AMOUNT = Bilingual(
    "金额为 {told} 元，该笔付款为 {known} 元", "It says {told} yuan, the payment is {known}"
)
ANSWERED = Bilingual(
    "该笔已记为{state}（流水号 {bank_ref}，{settled_on}），与本行不符",
    "This payment is {state} already (reference {bank_ref}, {settled_on}): the line says otherwise",
)
CAME_BACK = Bilingual(
    "该笔已于 {settled_on} 入账（流水号 {bank_ref}）；其后退汇的，登记为追回（proposeClawback，paid_in_error；recordRecovery）",
    "This payment was settled on {settled_on} (reference {bank_ref}); if the bank sent the money back since, book it as a clawback"
    " (proposeClawback, paid_in_error; recordRecovery)",
)
TAKEN = Bilingual(
    "流水号“{bank_ref}”已是 {reference} 的", "The reference “{bank_ref}” is that of {reference}"
)
DAYS = Bilingual("到账日期应在 {since} 至 {until} 之间", "The day must lie between {since} and {until}")
LOCK = 7_032


def import_answer(session: Session, actor: Actor, content: bytes, *, now: datetime) -> PaymentAnswer:
    """Book what the bank says of payments; the same file again is the answer that was taken, and does nothing.

    Raises Forbidden, TableRefused, LinesRefused (with every line that is wrong), PeopleGone and what `pay` of the ledger raises.
    """
    require_manager(actor)
    sha256 = hashlib.sha256(content).hexdigest()
    # One answer after another: the same file sent twice at once is taken once, and no two files give one reference to two payments.
    session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    known = session.scalar(select(PaymentAnswer).where(PaymentAnswer.sha256 == sha256))
    if known is not None:
        return known
    lines = read_answer(content)
    tranches, payments = _locked(session, [str(line.values["reference"]) for line in lines])
    _require_agreeing(session, lines, payments, now)
    news = [line for line in lines if _is_news(line, payments[line.values["reference"]])]
    desk = BookingDesk(session, actor, now)
    for line in news:
        _take(desk, payments[line.values["reference"]], line)
    tell_answers(session, actor, [payments[line.values["reference"]] for line in news], now=now)
    desk.ask_effects()
    settle_tranches(session, actor, tranches, now=now)
    told = Counter(line.values["status"] for line in lines)
    answer = PaymentAnswer(
        sha256=sha256, lines=len(lines), settled=told["settle"], refused=told["refuse"], doubtful=told["doubt"],
        changed=len(news), imported_by=actor.account_id, imported_at=now,
    )  # fmt: skip
    session.add(answer)
    session.flush()
    after = {"sha256": sha256, "lines": len(lines), "changed": len(news)}
    audit.record(session, actor, "import_answer", answer, now=now, after=after)
    return answer


def _locked(session: Session, references: Sequence[str]) -> tuple[Sequence[Tranche], dict[str, Payment]]:
    """The tranches and then their payments, each in the order of their ids, as everybody locks them."""
    theirs = (
        select(TranchePart.tranche_id)
        .join(Payment, Payment.part_id == TranchePart.id)
        .where(Payment.reference.in_(references))
    )
    anew = {"populate_existing": True}
    tranches = select(Tranche).where(Tranche.id.in_(theirs)).order_by(Tranche.id).with_for_update()
    held = session.scalars(tranches, execution_options=anew).all()
    payments = select(Payment).where(Payment.reference.in_(references)).order_by(Payment.id).with_for_update()
    found = session.scalars(payments, execution_options=anew)
    return held, {each.reference: each for each in found}


def _require_agreeing(
    session: Session, lines: Sequence[Line], payments: dict[str, Payment], now: datetime
) -> None:
    """Raise LinesRefused that names whatever contradicts what is known."""
    refs = [line.values["bank_ref"] for line in lines if line.values["bank_ref"]]
    owners = dict(
        session.execute(select(Payment.bank_ref, Payment.reference).where(Payment.bank_ref.in_(refs))).all()
    )
    sent = dict(
        session.execute(
            select(PaymentBatch.id, PaymentBatch.exported_at).where(
                PaymentBatch.id.in_({each.batch_id for each in payments.values()})
            )
        ).all()
    )
    problems = []
    for line in lines:
        payment = payments.get(line.values["reference"])
        if payment is None:
            problems.append(line.problem("reference", NO_SUCH.format(reference=line.values["reference"])))
        else:
            problems += _problems(line, payment, owners, sent[payment.batch_id], now)
    if problems:
        raise LinesRefused(problems)


def _problems(
    line: Line, payment: Payment, owners: dict[str | None, str], sent_at: datetime | None, now: datetime
) -> list[dict[str, Any]]:
    told, bank_ref, settled_on = (line.values[name] for name in ("amount", "bank_ref", "settled_on"))
    if sent_at is None:
        return [line.problem("reference", NOT_SENT.format(state=PAYMENT.words[payment.state]))]
    found = []
    if told != payment.amount_fen:
        words = {"told": said_yuan(told), "known": said_yuan(payment.amount_fen)}
        found.append(line.problem("amount", OTHER_AMOUNT.format(**words)))
    if payment.state not in PAYMENT.before("settle") and _is_news(line, payment):
        is_back = payment.state == SETTLED and PAYMENT.after(line.values["status"]) != SETTLED
        known = (CAME_BACK if is_back else ANSWERED).format(
            state=PAYMENT.words[payment.state],
            bank_ref=payment.bank_ref or "—",
            settled_on=payment.settled_on or "—",
        )
        found.append(line.problem("status", known))
    if owners.get(bank_ref, payment.reference) != payment.reference:
        found.append(line.problem("bank_ref", TAKEN.format(bank_ref=bank_ref, reference=owners[bank_ref])))
    since, until = local_date(sent_at), local_date(now)
    if settled_on is not None and not since <= settled_on <= until:
        found.append(line.problem("settled_on", DAYS.format(since=since, until=until)))
    return found


def _is_news(line: Line, payment: Payment) -> bool:
    """Whether the line says anything that is not on record."""
    state = PAYMENT.after(line.values["status"])
    told: tuple[str, str | None, date | None] = (state, line.values["bank_ref"], line.values["settled_on"])
    return told != (payment.state, payment.bank_ref, payment.settled_on)


def _take(desk: BookingDesk, payment: Payment, line: Line) -> None:
    action, bank_ref, settled_on = (line.values[name] for name in ("status", "bank_ref", "settled_on"))
    state = PAYMENT.after(action, payment.state)
    if state == SETTLED:
        payment.transfer_id = desk.book(payment, bank_ref, settled_on)
    payment.state, payment.bank_ref, payment.settled_on = state, bank_ref, settled_on
    payment.answered_at = payment.updated_at = desk.now
    desk.session.flush()
    after = {"state": state, "bank_ref": bank_ref, "settled_on": settled_on}
    audit.record(desk.session, desk.actor, f"{action}_payment", payment, now=desk.now, after=after)
