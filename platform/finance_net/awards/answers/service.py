"""Taking the bank's answer: whole or not at all, once, and nothing of it a second time."""

import hashlib
from collections import Counter
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from finance_net.awards.answers.answer_file import read_answer, word_of
from finance_net.awards.answers.models import PaymentAnswer
from finance_net.awards.answers.taking import Contradicted, hold_words, take_words
from finance_net.awards.errors import LinesRefused
from finance_net.awards.permissions import require_manager


def import_answer(session: Session, actor: Actor, content: bytes, *, now: datetime) -> PaymentAnswer:
    """Book what the bank says of payments; the same file again is the answer that was taken, and does nothing.

    Raises Forbidden, TableRefused, LinesRefused (with every line that is wrong), PeopleGone and what `pay` and `reverse` of the
    ledger raise.
    """
    require_manager(actor)
    sha256 = hashlib.sha256(content).hexdigest()
    hold_words(session)
    known = session.scalar(select(PaymentAnswer).where(PaymentAnswer.sha256 == sha256))
    if known is not None:
        return known
    lines = {word_of(line): line for line in read_answer(content)}
    try:
        news = take_words(session, actor, lines, now=now)
    except Contradicted as refusal:
        wrong = [(lines[each.word], each.column, each.problem) for each in refusal.found]
        wrong.sort(key=lambda each: each[0].number)
        raise LinesRefused(line.problem(column, problem) for line, column, problem in wrong) from refusal
    told = Counter(word.action for word in lines)
    answer = PaymentAnswer(
        sha256=sha256, lines=len(lines), settled=told["settle"], refused=told["refuse"], doubtful=told["doubt"],
        returned=told["return"], changed=len(news), imported_by=actor.account_id, imported_at=now,
    )  # fmt: skip
    session.add(answer)
    session.flush()
    after = {"sha256": sha256, "lines": len(lines), "changed": len(news)}
    audit.record(session, actor, "import_answer", answer, now=now, after=after)
    return answer
