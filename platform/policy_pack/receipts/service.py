"""Evaluating an enterprise, keeping the answers, and answering again what was answered once."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.chain.content import canonical
from backbone.db import new_id
from backbone.digests import digest
from backbone.errors import Bilingual
from policy_pack.engine.evaluate import evaluate
from policy_pack.engine.facts import Facts
from policy_pack.policies.models import days
from policy_pack.policies.reading import InForce, in_force_on
from policy_pack.policies.texts import applied, policy_of
from policy_pack.receipts.errors import FactsErased, NoSuchPolicy
from policy_pack.receipts.models import EvaluationReceipt, FactSnapshot
from policy_pack.receipts.permissions import CAN_CHECK, enterprise_for
from policy_pack.receipts.reading import read_receipt
from policy_pack.receipts.statement import ENGINE, Ground, sha256_of, statement_of
from policy_pack.subjects.matters import matter_meant
from policy_pack.subjects.service import facts_of
from policy_pack.subjects.snapshot import Snapshot, facts_of_snapshot

UNKNOWN_KEY = Bilingual("没有政策 {key}", "There is no policy {key}")


@dataclass(frozen=True)
class Check:
    """What was asked of an enterprise on a day, beside one matter of it or none, and the receipts of the answers."""

    as_of: date
    matter_id: UUID | None
    receipts: Sequence[EvaluationReceipt]


@dataclass(frozen=True)
class Replay:
    """A receipt answered again: whether the bytes are the same, and by which engine each was made."""

    receipt: EvaluationReceipt
    sha256: str
    same: bool


def check_policies(
    session: Session, actor: Actor, enterprise_id: UUID, *, as_of: date, keys: Collection[str] | None = None,
    matter_id: UUID | None = None, now: datetime,
) -> Check:  # fmt: skip
    """Evaluate the policies of these keys, or all, for the enterprise on the day; one receipt for each.

    It is asked beside the matter that is named, else beside its only one (`matters.matter_meant`).

    Raises NotFound, Forbidden, NoSuchPolicy, and Invalid for a matter that is none of its.
    """
    enterprise = enterprise_for(session, actor, enterprise_id, CAN_CHECK)
    found = in_force_on(session, as_of, keys)
    require_known(keys, found)
    meant = matter_meant(session, enterprise.id, matter_id)
    facts, snapshot = facts_of(session, enterprise.id, as_of, meant)
    kept = keep_snapshot(session, enterprise.id, snapshot, now=now)
    receipts = [issue(session, kept, each, facts, as_of=as_of, now=now) for each in found]
    manifest = hashlib.sha256("\n".join(receipt.sha256 for receipt in receipts).encode()).hexdigest()
    said = {"enterprise_id": enterprise.id, "as_of": as_of, "receipts": len(receipts), "manifest": manifest}
    audit.record(session, actor, "check_policies", kept, now=now, after=said)
    return Check(as_of, meant, receipts)


def keep_snapshot(
    session: Session, enterprise_id: UUID, snapshot: Snapshot, *, now: datetime
) -> FactSnapshot:
    """The row of these facts; the same facts of the same enterprise are kept once."""
    of = {"enterprise_id": enterprise_id, "digest": digest_of(snapshot)}
    new = insert(FactSnapshot).values(id=new_id(), facts=snapshot, made_at=now, **of)
    session.execute(new.on_conflict_do_nothing(index_elements=list(of)))
    return session.scalars(select(FactSnapshot).filter_by(**of)).one()


def issue(
    session: Session, kept: FactSnapshot, counting: InForce, facts: Facts, *, as_of: date, now: datetime
) -> EvaluationReceipt:
    """The receipt of one evaluation, as it was kept if the very same answer was given before."""
    version, policy = counting.version, counting.policy
    ground = Ground(
        policy_key=version.policy.key, version_number=version.number, text_sha256=version.wording.sha256,
        counts_from=policy.validity.first, counts_to=policy.validity.last, as_of=as_of, facts_digest=kept.digest,
        is_verified=version.is_verified,
    )  # fmt: skip
    evaluation = evaluate(policy, facts, as_of)
    statement = statement_of(ground, evaluation)
    receipt = EvaluationReceipt(
        enterprise_id=kept.enterprise_id, policy_id=version.policy_id, version_id=version.id,
        version_number=version.number, text_id=version.text_id, text_sha256=ground.text_sha256,
        counts_from=ground.counts_from, counts_to=ground.counts_to, snapshot_id=kept.id, snapshot_digest=kept.digest,
        as_of=as_of, engine=ENGINE, outcome=str(evaluation.outcome), verified=ground.is_verified, statement=statement,
        sha256=sha256_of(statement), made_at=now,
    )  # fmt: skip
    receipt.stamp()
    return _kept(session, receipt)


def replay_receipt(session: Session, actor: Actor, receipt_id: UUID) -> Replay:
    """Evaluate the stored text on the stored facts once more; raises NotFound, FactsErased.

    What was published, superseded, verified or recorded since makes no difference: nothing of it is looked at.
    """
    receipt = read_receipt(session, actor, receipt_id)
    snapshot = receipt.snapshot
    if snapshot.facts is None:
        raise FactsErased(erased_at=snapshot.erased_at.isoformat() if snapshot.erased_at else "?")
    policy = applied(policy_of(receipt.wording), days(receipt.counts_from, receipt.counts_to))
    ground = Ground(
        policy_key=policy.id, version_number=receipt.version_number, text_sha256=receipt.wording.sha256,
        counts_from=receipt.counts_from, counts_to=receipt.counts_to, as_of=receipt.as_of,
        facts_digest=digest_of(snapshot.facts), is_verified=receipt.verified,
    )  # fmt: skip
    statement = statement_of(ground, evaluate(policy, facts_of_snapshot(snapshot.facts), receipt.as_of))
    return Replay(receipt, sha256_of(statement), statement == bytes(receipt.statement))


def digest_of(snapshot: Mapping[str, Any]) -> str:
    """The keyed digest that stands for the facts."""
    return digest(canonical(snapshot))


def _kept(session: Session, receipt: EvaluationReceipt) -> EvaluationReceipt:
    """The receipt as it stands in the table: what was there before, or this one."""
    columns = [column.name for column in EvaluationReceipt.__table__.columns if column.name != "written_xid"]
    new = insert(EvaluationReceipt).values({name: getattr(receipt, name) for name in columns})
    session.execute(new.on_conflict_do_nothing(index_elements=["enterprise_id", "sha256"]))
    of = {"enterprise_id": receipt.enterprise_id, "sha256": receipt.sha256}
    return session.scalars(select(EvaluationReceipt).filter_by(**of)).one()


def require_known(keys: Collection[str] | None, found: Sequence[InForce]) -> None:
    """Raise NoSuchPolicy naming every key that is no policy's."""
    known = {each.version.policy.key for each in found}
    unknown = [key for key in keys or () if key not in known]
    if unknown:
        raise NoSuchPolicy([
            {"field": "policy_ids", "problem": UNKNOWN_KEY.format(key=key)} for key in unknown
        ])  # fmt: skip
