"""Starting a batch, carrying it on part by part, and reading how far it is."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import SYSTEM, Actor
from backbone.clock import local_date
from backbone.directory.models import Enterprise
from backbone.directory.regions import regions_within
from backbone.errors import Forbidden, NotFound
from policy_pack.batches.models import ANSWERS, NEWS, BatchAnswer, PolicyBatch
from policy_pack.batches.permissions import CAN_BATCH, may_batch
from policy_pack.engine.many import Many
from policy_pack.engine.policy import Pack
from policy_pack.policies.reading import InForce, in_force_on
from policy_pack.pushes.service import asks_about_matter, tell_news
from policy_pack.receipts.service import require_known
from policy_pack.subjects.service import Gathered, gather_subjects

AT_ONCE = 100
"""Enterprises of one transaction: about a second of work, so that progress shows and a dead worker loses little."""


def start_batch(session: Session, actor: Actor, said: Mapping[str, Any], *, now: datetime) -> PolicyBatch:
    """Put a batch on record, to be carried on by jobs; raises Forbidden, NoSuchPolicy."""
    if not may_batch(actor, said["region_code"]):
        raise Forbidden()
    as_of = said["as_of_on"] or local_date(now)
    require_known(said["policy_ids"], in_force_on(session, as_of, said["policy_ids"]))
    batch = PolicyBatch(
        purpose=ANSWERS, region_code=said["region_code"], as_of_on=as_of, keys=said["policy_ids"],
        requested_by=actor.account_id, created_at=now, updated_at=now,
    )  # fmt: skip
    told = {"region_code": batch.region_code, "as_of_on": as_of, "keys": batch.keys}
    return _started(session, actor, batch, told, now)


def start_news(session: Session, keys: Sequence[str] | None, *, now: datetime) -> PolicyBatch:
    """Have every enterprise told what is news about the policies of these keys, or all."""
    batch = PolicyBatch(
        purpose=NEWS,
        as_of_on=local_date(now),
        keys=None if keys is None else list(keys),
        created_at=now,
        updated_at=now,
    )
    return _started(session, SYSTEM, batch, {"keys": batch.keys}, now)


def show_batch(session: Session, actor: Actor, batch_id: UUID) -> PolicyBatch:
    """The batch with its progress, for whoever holds office over its region; raises NotFound, Forbidden."""
    batch = session.get(PolicyBatch, batch_id)
    if not actor.holds(*CAN_BATCH):
        raise Forbidden()
    if batch is None or not may_batch(actor, batch.region_code):
        raise NotFound()
    return batch


def carry_on(session: Session, batch_id: UUID, *, now: datetime, at_once: int = AT_ONCE) -> bool:
    """Look at the next enterprises; False when the batch has ended. What is written stands and falls with the progress."""
    batch = session.get(PolicyBatch, batch_id, with_for_update=True, populate_existing=True)
    if batch is None or batch.ended_at is not None:
        return False
    ids = select(Enterprise.id).where(*_of_region(batch)).order_by(Enterprise.id).limit(at_once)
    part = session.scalars(ids if batch.last_id is None else ids.where(Enterprise.id > batch.last_id)).all()
    if part:
        _look_at(session, batch, part, now)
        batch.done, batch.last_id = batch.done + len(part), part[-1]
        batch.total = max(batch.total, batch.done)  # some were registered meanwhile
    else:
        batch.total, batch.ended_at = batch.done, now
    batch.updated_at = now
    session.flush()
    return bool(part)


def _started(
    session: Session, actor: Actor, batch: PolicyBatch, told: Mapping[str, Any], now: datetime
) -> PolicyBatch:
    from policy_pack.batches.jobs import begin  # the jobs carry on what is started here

    counted: Select[int] = select(func.count()).select_from(Enterprise)
    batch.total = session.scalar(counted.where(*_of_region(batch))) or 0
    session.add(batch)
    session.flush()
    audit.record(session, actor, f"start_policy_{batch.purpose}", batch, now=now, after=told)
    begin(session, batch.id)
    return batch


def _of_region(batch: PolicyBatch) -> tuple[Any, ...]:
    if batch.region_code is None:
        return ()
    return (Enterprise.region_code.in_(regions_within(batch.region_code)),)


def _look_at(session: Session, batch: PolicyBatch, part: Sequence[UUID], now: datetime) -> None:
    if batch.purpose == NEWS:
        batch.news += tell_news(session, part, keys=batch.keys, now=now)
        return
    policies = in_force_on(session, batch.as_of_on, batch.keys)
    many = Many(Pack({each.policy.id: each.policy for each in policies}), batch.as_of_on)
    answers: dict[UUID, list[dict[str, Any]]] = {enterprise_id: [] for enterprise_id in part}
    for (enterprise_id, matter_id), gathered in gather_subjects(session, part, batch.as_of_on).items():
        answers[enterprise_id] += _answers(policies, many, matter_id, gathered)
    rows = [
        {"batch_id": batch.id, "enterprise_id": enterprise_id, "answers": said}
        for enterprise_id, said in answers.items()
    ]
    session.execute(insert(BatchAnswer), rows)
    counted = Counter(batch.outcomes) + Counter(each["outcome"] for said in answers.values() for each in said)
    batch.outcomes = dict(sorted(counted.items()))


def _answers(
    policies: Iterable[InForce], many: Many, matter_id: UUID | None, gathered: Gathered
) -> Iterator[dict[str, Any]]:
    for counting, found in zip(policies, many.evaluate(gathered[0]), strict=True):
        if matter_id is not None and not asks_about_matter(counting.policy):
            continue
        yield {
            "key": counting.policy.id, "matter_id": None if matter_id is None else str(matter_id),
            "version": counting.version.number, "outcome": str(found.outcome), "verified": counting.version.is_verified,
            "missing": [list(keys) for keys in found.missing],
            "low_fen": found.amount and found.amount.low_fen, "high_fen": found.amount and found.amount.high_fen,
        }  # fmt: skip
