"""Handing in, reviewing, publishing and ending versions. Every step locks the policy first: one decision after the other."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from backbone import audit, events
from backbone.actor import Actor
from backbone.db import new_id
from backbone.errors import Bilingual, NotFound
from policy_pack.engine.packs import read_policy
from policy_pack.engine.policy import Policy
from policy_pack.policies.errors import (
    NotItsPolicy,
    OwnReview,
    RepealsNothing,
    TextOnRecord,
    TwoInForce,
)
from policy_pack.policies.models import PolicyText, PolicyVersion, RegisteredPolicy, days
from policy_pack.policies.moving import PolicyMoved
from policy_pack.policies.permissions import require_officer
from policy_pack.policies.states import after, first_state
from policy_pack.policies.telling import tell_of_draft, tell_of_review
from policy_pack.policies.texts import bounds, policy_of, sha256_of

REGISTERING = text("SELECT pg_advisory_xact_lock(hashtextextended('policies', 0))")
NO_DAY = Bilingual("该版本已无生效日，无需废止", "It counts on no day any more: nothing is left to repeal")
TOO_LATE = Bilingual(
    "该版本最后一天是 {last}，之后无需废止", "Its last day is {last}: nothing is left to repeal after it"
)


def upload_policy(
    session: Session, actor: Actor, content: str, file_name: str, *, now: datetime
) -> PolicyVersion:
    """Keep a text as the next version of its policy, a draft; raises Forbidden, PackRefused, TextOnRecord.

    Nothing of a faulty text is stored.
    """
    require_officer(actor)
    policy = read_policy(content, file_name)
    version = add_version(session, actor, policy, content, file_name, now=now)
    said = {
        "key": policy.id,
        "number": version.number,
        "sha256": version.wording.sha256,
        "file_name": file_name,
    }
    audit.record(session, actor, "upload_policy", version, now=now, after=said)
    tell_of_draft(session, actor, version, now=now)
    return version


def add_version(
    session: Session, actor: Actor, policy: Policy, content: str, file_name: str, *, now: datetime,
    action: str = "upload", span: Range[date] | None = None,
) -> PolicyVersion:  # fmt: skip
    """The row of a version that was just read, in the state in which it begins; raises TextOnRecord."""
    row = _registered(session, policy.id, now)
    sha256 = sha256_of(content)
    known = session.scalar(
        select(PolicyVersion).join(PolicyText, PolicyText.id == PolicyVersion.text_id)
        .where(PolicyVersion.policy_id == row.id, PolicyText.sha256 == sha256)
    )  # fmt: skip
    if known is not None:
        raise TextOnRecord(key=policy.id, number=known.number, version_id=known.id)
    wording = PolicyText(
        id=new_id(), policy_id=row.id, file_name=file_name, content=content, sha256=sha256, recorded_at=now,
        recorded_by=actor.account_id,
    )  # fmt: skip
    session.add(wording)
    session.flush()
    latest = session.scalar(select(func.max(PolicyVersion.number)).where(PolicyVersion.policy_id == row.id))
    version = PolicyVersion(
        policy_id=row.id, policy_number=row.number, number=(latest or 0) + 1, text_id=wording.id,
        state=first_state(action), origin="officer" if actor.account_id else "shipped",
        category=str(policy.category), grade=policy.source.grade, span=span, uploaded_by=actor.account_id,
        published_at=None if span is None else now, created_at=now, updated_at=now,
    )  # fmt: skip
    session.add(version)
    session.flush()
    session.expire(row, ["versions"])
    return version


def review_policy(
    session: Session,
    actor: Actor,
    version_id: UUID,
    *,
    approved: bool,
    note: str | None = None,
    now: datetime,
) -> PolicyVersion:
    """A second person finds the draft fit to be published, or returns it; raises NotFound, Forbidden, StateConflict, OwnReview."""
    version = version_to_move(session, actor, version_id)
    state = after(version.state, "review" if approved else "return")
    if version.uploaded_by is not None and version.uploaded_by == actor.account_id:
        raise OwnReview(key=version.policy.key, number=version.number)
    said = {"state": state, "reviewed_by": actor.account_id, "reviewed_at": now, "review_note": note}
    _move(session, actor, "review_policy", version, said, now)
    tell_of_review(session, actor, version, approved=approved, now=now)
    return version


def publish_policy(
    session: Session, actor: Actor, version_id: UUID, *, supersedes: UUID | None = None, now: datetime
) -> PolicyVersion:
    """Put a reviewed version in force on the days that its text names.

    The one that it supersedes ends on the day before. Raises NotFound, Forbidden, StateConflict, NotItsPolicy, TwoInForce.
    """
    version = version_to_move(session, actor, version_id)
    state, validity = after(version.state, "publish"), policy_of(version.wording).validity
    span = days(validity.first, validity.last)
    if supersedes is not None:
        _supersede(session, actor, version, supersedes, validity.first, now)
    _refuse_overlap(session, version, span)
    said = {"state": state, "span": span, "published_by": actor.account_id, "published_at": now}
    return _move(session, actor, "publish_policy", version, said, now)


def repeal_policy(
    session: Session, actor: Actor, version_id: UUID, *, from_on: date, reason: str, now: datetime
) -> PolicyVersion:
    """The version counts no longer from this day on, also one that would have ended later.

    Raises NotFound, Forbidden, StateConflict, RepealsNothing.
    """
    version = version_to_move(session, actor, version_id)
    said = {"state": after(version.state, "repeal"), **_ended(actor, reason, now)}
    first, last = _days_of(version)
    if version.span is not None and version.span.isempty:
        raise RepealsNothing.field("from_on", NO_DAY)
    if last is not None and from_on > last:
        raise RepealsNothing.field("from_on", TOO_LATE.format(last=last.isoformat()))
    said["span"] = _until(first, last, from_on)
    return _move(session, actor, "repeal_policy", version, said, now)


def version_to_move(session: Session, actor: Actor, version_id: UUID) -> PolicyVersion:
    """The version for an officer, read anew under the lock of its policy; raises Forbidden, NotFound."""
    require_officer(actor)
    policy_id = session.scalar(select(PolicyVersion.policy_id).where(PolicyVersion.id == version_id))
    if policy_id is None:
        raise NotFound()
    session.execute(select(RegisteredPolicy.id).where(RegisteredPolicy.id == policy_id).with_for_update())
    return session.get_one(PolicyVersion, version_id, populate_existing=True)


def _registered(session: Session, key: str, now: datetime) -> RegisteredPolicy:
    """The policy of this key, locked; a new one takes the next number."""
    query = select(RegisteredPolicy).where(RegisteredPolicy.key == key).with_for_update()
    row: RegisteredPolicy | None = session.scalar(query)
    if row is None:
        session.execute(REGISTERING)
        row = session.scalar(query)
    if row is None:
        latest = session.scalar(select(func.max(RegisteredPolicy.number)))
        row = RegisteredPolicy(key=key, number=(latest or 0) + 1, created_at=now, updated_at=now)
        session.add(row)
        session.flush()
    return row


def _supersede(
    session: Session, actor: Actor, version: PolicyVersion, former_id: UUID, first: date | None, now: datetime
) -> None:
    former = session.get(PolicyVersion, former_id, populate_existing=True)
    if former is None or former.policy_id != version.policy_id:
        raise NotItsPolicy(key=version.policy.key)
    said = {"state": after(former.state, "supersede"), **_ended(actor, None, now)}
    if former.span is not None and not former.span.isempty:
        said["span"] = _until(*_days_of(former), first)
    _move(session, actor, "supersede_policy", former, said, now)


def _refuse_overlap(session: Session, version: PolicyVersion, span: Range[date]) -> None:
    """Say which version stands in the way; the exclusion constraint is the last word."""
    others = select(PolicyVersion).where(
        PolicyVersion.policy_id == version.policy_id, PolicyVersion.id != version.id,
        PolicyVersion.span.overlaps(span),
    )  # fmt: skip
    other = session.scalars(others.order_by(PolicyVersion.number).limit(1)).first()
    if other is not None:
        first, last = _days_of(other)
        words = f"{first or '…'} – {last or '…'}"
        raise TwoInForce(key=version.policy.key, number=version.number, other=other.number, days=words)


def _move(
    session: Session,
    actor: Actor,
    action: str,
    version: PolicyVersion,
    said: Mapping[str, Any],
    now: datetime,
) -> PolicyVersion:
    """Write what changed, with its event; the row's version tells every reader that it did."""
    before, now_said = audit.changes(version, said)
    for name, value in now_said.items():
        setattr(version, name, value)
    version.updated_at = now
    session.flush()
    audit.record(session, actor, action, version, now=now, before=_told(before), after=_told(now_said))
    if "span" in now_said:
        events.publish(session, PolicyMoved(version.policy.key, now))
    return version


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _days_told(value) if isinstance(value, Range) else value for name, value in values.items()}


def _days_told(span: Range[date]) -> list[date | None]:
    return [] if span.isempty else list(bounds(span))


def _ended(actor: Actor, reason: str | None, now: datetime) -> dict[str, Any]:
    return {"ended_by": actor.account_id, "ended_at": now, "end_reason": reason}


def _days_of(version: PolicyVersion) -> tuple[date | None, date | None]:
    """First and last day of a published version."""
    return (None, None) if version.span is None else bounds(version.span)


def _until(first: date | None, last: date | None, end: date | None) -> Range[date]:
    """What is left of the days from first to last before `end`; nothing where that is open."""
    if end is None or end == date.min:
        return Range(empty=True)
    before = end - timedelta(days=1)
    return days(first, before if last is None else min(before, last))
