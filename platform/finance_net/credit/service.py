"""Loading scorecards, scoring enterprises by them, and finding the loans that fit, each with its reasons."""

import hashlib
from collections.abc import Mapping, Sequence, Set
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.days import refuse_future
from backbone.errors import Bilingual, Invalid
from backbone.pages import Page, read_page
from finance_net.credit import scoring
from finance_net.credit.errors import NoScorecard, ScorecardKnown, SourceNotYet
from finance_net.credit.models import CreditScore, StoredScorecard
from finance_net.credit.permissions import enterprise_read_by, enterprise_scored_by
from finance_net.credit.scorecard_file import read_scorecard
from finance_net.ledger.errors import NotYet
from finance_net.ledger.permissions import require_manager, require_reader
from policy_pack.engine.facts import Facts, Gap
from policy_pack.subjects.service import facts_of

WHY = {Gap.UNKNOWN: scoring.UNKNOWN, Gap.ABSENT: scoring.ABSENT, Gap.DISPUTED: scoring.DISPUTED}
NO_NUMBER = Bilingual("应为数字，如 12 或 0.35", "Must be a number such as 12 or 0.35")
GIVEN_TWICE = Bilingual("{reads} 重复", "{reads} is given twice")
AFTER = Bilingual("不能晚于评分日 {day}", "Not later than {day}, the day of the score")
ON_RECORD = Bilingual(
    "{reads} 在册为 {value}，以在册为准；有误请先更正企业事实",
    "{reads} is on record as {value}, which counts; correct the enterprise's fact first where it is wrong",
)
GAPS = {
    Gap.ABSENT: Bilingual(
        "{reads} 在册为“没有”，以在册为准；有误请先更正企业事实",
        "{reads} is on record as not existing; correct the enterprise's fact first where it is wrong",
    ),
    Gap.DISPUTED: Bilingual(
        "{reads} 在册有争议，请先核实", "{reads} is disputed on record: have it settled first"
    ),
}
YES_NO = {True: Bilingual("是", "yes"), False: Bilingual("否", "no")}
UNREAD = Bilingual("评分卡不读取 {reads}", "The scorecard does not read {reads}")


def load_scorecard(session: Session, actor: Actor, text: str, *, file: str, now: datetime) -> StoredScorecard:
    """Put a scorecard on record; raises Forbidden, ScorecardRefused, SourceNotYet, ScorecardKnown. What was scored before stays
    as it was.
    """
    require_manager(actor)
    card = read_scorecard(text, file)
    if card.source_as_of_on > local_date(now):
        raise SourceNotYet(source_as_of=card.source_as_of_on.isoformat(), today=local_date(now).isoformat())
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    known = select(StoredScorecard.id).where(
        StoredScorecard.key == card.key, StoredScorecard.sha256 == sha256
    )
    if session.scalar(known) is not None:
        raise ScorecardKnown(key=card.key)
    told = {
        "key": card.key, "title_zh": card.title.zh, "title_en": str(card.title), "since_on": card.since_on,
        "until_on": card.until_on, "shape": card.shape, "source": card.source, "source_as_of_on": card.source_as_of_on,
        "sha256": sha256,
    }  # fmt: skip
    stored = StoredScorecard(content=text, loaded_at=now, loaded_by=actor.account_id, **told)
    session.add(stored)
    session.flush()
    audit.record(session, actor, "load_scorecard", stored, now=now, after=told)
    return stored


def scorecard_on(session: Session, key: str, day: date) -> StoredScorecard:
    """The card of this key that counts on the day: the one that began last, loaded last; raises NoScorecard."""
    counting = select(StoredScorecard).where(StoredScorecard.key == key, StoredScorecard.since_on <= day)
    counting = counting.where(or_(StoredScorecard.until_on.is_(None), StoredScorecard.until_on >= day))
    latest = counting.order_by(StoredScorecard.since_on.desc(), StoredScorecard.id.desc()).limit(1)
    found = session.scalars(latest).first()
    if found is None:
        raise NoScorecard(key=key, as_of=day.isoformat())
    return found


def list_scorecards(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[StoredScorecard]:
    """A page of the cards on record; raises Forbidden."""
    require_reader(actor)
    query = select(StoredScorecard)
    if asked.get("key"):
        query = query.where(StoredScorecard.key == asked["key"])
    return read_page(session, query, asked, {"since_on": StoredScorecard.since_on}, StoredScorecard.id)


def score_enterprise(
    session: Session, actor: Actor, enterprise_id: UUID, *, key: str, as_of_on: date | None,
    values: Sequence[Mapping[str, Any]], now: datetime,
) -> CreditScore:  # fmt: skip
    """Score it by the card that counts on the day, from its facts on record and what is given beside them.

    Raises NotFound, Forbidden, NotYet, NoScorecard, Invalid.
    """
    enterprise = enterprise_scored_by(session, actor, enterprise_id)
    day = as_of_on or local_date(now)
    refuse_future("as_of_on", day, local_date(now), NotYet)
    stored = scorecard_on(session, key, day)
    card = stored.card
    read = card.reads
    facts, _ = facts_of(session, enterprise.id, day)
    given = _given(values, read, facts, day)
    scored = scoring.score(card, _numbers(facts, read) | given)
    row = CreditScore(
        enterprise_id=enterprise.id, scorecard_id=stored.id, as_of_on=day, group_key=scored.group,
        hundredths=scored.hundredths, least_hundredths=scored.least_hundredths, most_hundredths=scored.most_hundredths,
        missing=list(scored.missing), lines=[_line(each) for each in scored.lines],
        given=[dict(each) for each in values], scored_at=now,
        scored_by=actor.account_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    told = {
        "enterprise_id": enterprise.id,
        "scorecard_id": stored.id,
        "as_of_on": day,
        "hundredths": scored.hundredths,
    }
    audit.record(session, actor, "score_enterprise", row, now=now, after=told)
    return row


def list_scores(
    session: Session, actor: Actor, enterprise_id: UUID, asked: Mapping[str, Any]
) -> Page[CreditScore]:
    """A page of an enterprise's scores, the latest first; raises NotFound."""
    enterprise_read_by(session, actor, enterprise_id)
    query = select(CreditScore).where(CreditScore.enterprise_id == enterprise_id)
    return read_page(session, query, asked, {"scored_at": CreditScore.scored_at}, CreditScore.id)


def _given(
    values: Sequence[Mapping[str, Any]], read: Set[str], facts: Facts, day: date
) -> dict[str, Decimal | str]:
    """What is given beside the facts: nothing that is on record is passed over in silence."""
    found: dict[str, Decimal | str] = {}
    problems = []
    for position, each in enumerate(values):
        reads = each["reads"]
        if reads in found:
            problems.append((f"values.{position}.reads", GIVEN_TWICE.format(reads=reads)))
        elif reads not in read:
            problems.append((f"values.{position}.reads", UNREAD.format(reads=reads)))
        elif facts.of(reads) is not Gap.UNKNOWN:
            problems.append((f"values.{position}.reads", _on_record(reads, facts)))
        if each["as_of_on"] > day.isoformat():
            problems.append((f"values.{position}.as_of_on", AFTER.format(day=day.isoformat())))
        found[reads] = Decimal(each["value"])
    if problems:
        raise Invalid([{"field": field, "problem": problem} for field, problem in problems])
    return found


def _on_record(reads: str, facts: Facts) -> Bilingual:
    value = facts.of(reads)
    if isinstance(value, Gap):
        return GAPS[value].format(reads=reads)
    return ON_RECORD.format(reads=reads, value=YES_NO[value] if isinstance(value, bool) else value)


def _numbers(facts: Facts, read: Set[str]) -> dict[str, Decimal | str]:
    """The facts that the card reads: yes and no count as 1 and 0, and what is no number says so."""
    found: dict[str, Decimal | str] = {}
    for name in read:
        value = facts.of(name)
        if isinstance(value, Gap):
            found[name] = WHY[value]
        elif isinstance(value, bool):
            found[name] = Decimal(int(value))
        else:
            found[name] = value if isinstance(value, Decimal) else scoring.NO_NUMBER
    return found


def _line(line: scoring.Line) -> dict[str, Any]:
    return {
        "indicator": line.indicator, "dimension": line.dimension, "reads": line.reads, "why": line.why,
        "value": None if line.value is None else str(line.value), "points": line.points, "weight": str(line.weight),
        "earned_hundredths": line.earned_hundredths,
    }  # fmt: skip
