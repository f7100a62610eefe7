"""Seeing policies: who is shown which versions, how much of them, and which version counts on a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.errors import Bilingual, Invalid, NotFound
from backbone.files.service import read_content
from backbone.http_binary import Download
from backbone.pages import Page, read_page
from policy_pack.engine.policy import Policy
from policy_pack.policies.differences import Difference, differences
from policy_pack.policies.models import PolicyOriginal, PolicyVersion, RegisteredPolicy
from policy_pack.policies.permissions import may_read_drafts, may_read_unverified
from policy_pack.policies.states import PUBLIC
from policy_pack.policies.texts import applied, bounds, policy_of

SORTS = {"number": RegisteredPolicy.number}
NOT_ITS_POLICY = Bilingual("该版本不属于 {key}", "The version does not belong to {key}")


@dataclass(frozen=True)
class InForce:
    """What counts of a policy on a day: the version, and its text cut to the days on which the version counts."""

    version: PolicyVersion
    policy: Policy


def visible_versions(actor: Actor) -> ColumnElement[bool]:
    """The condition that the actor may know of a version."""
    return true() if may_read_drafts(actor) else PolicyVersion.state.in_(PUBLIC)


def list_policies(session: Session, actor: Actor, asked: Mapping[str, Any], *, on: date) -> Page[Any]:
    """A page of the policies that the actor may know of, each with what counts of it on the day."""
    wanted = select(PolicyVersion.policy_id).where(visible_versions(actor))
    for name in ("category", "grade", "state"):
        if asked.get(name):
            wanted = wanted.where(getattr(PolicyVersion, name).in_(asked[name]))
    query = select(RegisteredPolicy).where(RegisteredPolicy.id.in_(wanted))
    page = read_page(session, query, asked, SORTS, RegisteredPolicy.id)
    return Page([policy_view(row, actor, on) for row in page.items], page.next_cursor)


def show_policy(session: Session, actor: Actor, policy_id: UUID) -> RegisteredPolicy:
    """The policy, for whoever may know of one of its versions; raises NotFound."""
    known = select(PolicyVersion.policy_id).where(visible_versions(actor))
    query = select(RegisteredPolicy).where(RegisteredPolicy.id == policy_id, RegisteredPolicy.id.in_(known))
    row: RegisteredPolicy | None = session.scalar(query)
    if row is None:
        raise NotFound()
    return row


def show_version(session: Session, actor: Actor, version_id: UUID) -> PolicyVersion:
    """The version, for whoever may know of it; raises NotFound."""
    query = select(PolicyVersion).where(PolicyVersion.id == version_id, visible_versions(actor))
    version: PolicyVersion | None = session.scalar(query)
    if version is None:
        raise NotFound()
    return version


def compare_versions(
    session: Session, actor: Actor, version_id: UUID, against_id: UUID | None
) -> tuple[PolicyVersion | None, Sequence[Difference]]:
    """(the earlier one, what changed since): the version before unless another is named; none before the first.

    Parts that say how much are left out for who may not know it of both. Raises NotFound, Invalid.
    """
    version = show_version(session, actor, version_id)
    before = show_version(session, actor, against_id) if against_id else _former(session, actor, version)
    if before is None:
        return None, ()
    if before.policy_id != version.policy_id:
        raise Invalid.field("against", NOT_ITS_POLICY.format(key=version.policy.key))
    found = differences(policy_of(before.wording), policy_of(version.wording))
    if shows_amount(before, actor) and shows_amount(version, actor):
        return before, found
    return before, [each for each in found if not each.part.tells_amount]


def list_originals(session: Session, actor: Actor, version_id: UUID) -> Sequence[PolicyOriginal]:
    """The originals of a version, those that wait for a signature only for who may know of drafts; raises NotFound."""
    attached = show_version(session, actor, version_id).originals
    return [each for each in attached if each.signed_at is not None or may_read_drafts(actor)]


def download_original(session: Session, actor: Actor, original_id: UUID) -> Download:
    """The file of an original: a signed one for whoever may know of its version, one to be signed for those who may know
    of drafts; raises NotFound.
    """
    asked = select(PolicyOriginal).where(PolicyOriginal.id == original_id)
    if not may_read_drafts(actor):
        asked = asked.where(PolicyOriginal.signed_at.is_not(None))
    original = session.scalar(asked)
    if original is None:
        raise NotFound()
    show_version(session, actor, original.version_id)
    file = original.file
    return Download(file.name, file.media_type, file.sha256, lambda: read_content(session, file.id))


def in_force_on(session: Session, day: date, keys: Iterable[str] | None = None) -> list[InForce]:
    """Of each policy what counts on the day, in the order of their numbers; of those keys, or of all.

    A day on which no version counts gets the nearest one, which then says not_in_force.
    """
    counting = select(PolicyVersion).where(PolicyVersion.span.is_not(None), ~func.isempty(PolicyVersion.span))
    if keys is not None:
        counting = counting.join(RegisteredPolicy, RegisteredPolicy.id == PolicyVersion.policy_id)
        counting = counting.where(RegisteredPolicy.key.in_(list(keys)))
    versions = session.scalars(counting.order_by(PolicyVersion.policy_number, PolicyVersion.number)).unique()
    found: dict[UUID, PolicyVersion] = {}
    for version in versions:
        known = found.get(version.policy_id)
        if known is None or _distance(version, day) < _distance(known, day):
            found[version.policy_id] = version
    return [counts(version) for version in found.values()]


def counts(version: PolicyVersion) -> InForce:
    """The version with its policy as it counts."""
    return InForce(version, applied(policy_of(version.wording), version.span))


def shows_amount(version: PolicyVersion, actor: Actor) -> bool:
    """Whether the actor may know how much the version grants."""
    return version.is_verified or may_read_unverified(actor)


def known_versions(row: RegisteredPolicy, actor: Actor) -> list[PolicyVersion]:
    """The policy's versions that the actor may know of, the latest first."""
    reads_drafts = may_read_drafts(actor)
    return [each for each in reversed(row.versions) if reads_drafts or each.state in PUBLIC]


def policy_view(row: RegisteredPolicy, actor: Actor, on: date) -> dict[str, Any]:
    """The policy as HTTP says it: all versions that the actor may know of, and the one that counts on the day."""
    known = known_versions(row, actor)
    current = next((each for each in known if _counts_on(each, on)), None)
    named = policy_of((current or known[0]).wording)
    return {
        "id": row.id, "key": row.key, "number": row.number, "name": named.name, "category": str(named.category),
        "level": named.level, "current": current and version_line(current),
        "versions": [version_line(each) for each in known],
    }  # fmt: skip


def version_line(version: PolicyVersion) -> dict[str, Any]:
    """A version in a list: its state, its days and whether it is verified."""
    first, last = _shown_days(version)
    return {
        "id": version.id, "number": version.number, "state": version.state, "origin": version.origin,
        "counts_from_on": first, "counts_to_on": last, "verified": version.is_verified, "grade": version.grade,
        "sha256": version.wording.sha256, "file_name": version.wording.file_name, "created_at": version.created_at,
    }  # fmt: skip


def _counts_on(version: PolicyVersion, day: date) -> bool:
    return version.span is not None and day in version.span


def _shown_days(version: PolicyVersion) -> tuple[date | None, date | None]:
    """The days on which it counts or, before it is published, would."""
    if version.span is None or version.span.isempty:
        validity = policy_of(version.wording).validity
        return (validity.first, validity.last) if version.span is None else (None, None)
    return bounds(version.span)


def _distance(version: PolicyVersion, day: date) -> int:
    """How many days lie between the day and the version's span; 0 within it."""
    first, last = bounds(version.span) if version.span is not None else (None, None)
    if first is not None and day < first:
        return (first - day).days
    return (day - last).days if last is not None and day > last else 0


def _former(session: Session, actor: Actor, version: PolicyVersion) -> PolicyVersion | None:
    earlier = (PolicyVersion.policy_id == version.policy_id, PolicyVersion.number < version.number)
    query = select(PolicyVersion).where(*earlier, visible_versions(actor))
    former: PolicyVersion | None = session.scalars(
        query.order_by(PolicyVersion.number.desc()).limit(1)
    ).first()
    return former
