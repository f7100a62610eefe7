"""Entering experts, and their consent to be listed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.days import refuse_future
from backbone.directory.experts.errors import AccountTaken, ConsentStands
from backbone.directory.experts.models import FORGOTTEN, PERSONAL, Expert, ExpertConsent
from backbone.directory.experts.permissions import (
    CAN_AMEND,
    CAN_CONSENT,
    CAN_REMOVE,
    allows,
    may_enter,
    readable,
    revoker,
    the_expert,
)
from backbone.directory.service import institute_named
from backbone.errors import Bilingual, Forbidden, Invalid, NotFound
from backbone.references import NO_SUCH_ACCOUNT

EVIDENCE_NEEDED = Bilingual(
    "代专家登记时须写明其书面同意的出处",
    "Recorded for the expert, it needs a reference to what the expert signed",
)


def enter_expert(session: Session, actor: Actor, values: Mapping[str, Any], *, now: datetime) -> Expert:
    """Add somebody of the actor's institute, whom nobody else sees before they consent.

    Raises Forbidden, Invalid, AccountTaken.
    """
    if not may_enter(actor, values["institute_id"]):
        raise Forbidden()
    institute = institute_named(session, values["institute_id"])
    expert = Expert(
        **{"region_code": institute.region_code, **_columns(values)}, created_at=now, updated_at=now
    )
    expert.fold()
    with _one_per_account(session, expert.account_id):
        session.add(expert)
        session.flush()
    audit.record(session, actor, "enter_expert", expert, now=now, after=_columns(values), personal=PERSONAL)
    return expert


def amend_expert(
    session: Session, actor: Actor, expert: Expert, values: Mapping[str, Any], *, now: datetime
) -> Expert:
    """Change the given fields; raises Forbidden, Invalid, AccountTaken."""
    if not allows(CAN_AMEND, actor, expert):
        raise Forbidden()
    before, after = audit.changes(expert, _columns(values))
    if not after:
        return expert
    with _one_per_account(session, after.get("account_id")):
        _write(expert, after, now)
        session.flush()
    audit.record(
        session, actor, "amend_expert", expert, now=now, before=before, after=after, personal=PERSONAL
    )
    return expert


def remove_expert(session: Session, actor: Actor, expert: Expert, *, now: datetime) -> None:
    """Take somebody out for good: nothing that tells who it was stays, and the consent ends. Raises Forbidden."""
    if not allows(CAN_REMOVE, actor, expert):
        raise Forbidden()
    end_consent(session, actor, expert, "removal", now=now)
    _write(expert, {"name": None, "phone": None, "email": None, **FORGOTTEN}, now)
    expert.removed_at = now
    session.flush()
    audit.record(session, actor, "remove_expert", expert, now=now, after={"removed_at": now})


def record_consent(
    session: Session, actor: Actor, expert_id: UUID, values: Mapping[str, Any], *, now: datetime
) -> Expert:
    """The expert consents to be listed, or the institute records that they did.

    Raises NotFound, Forbidden, Invalid, ConsentStands.
    """
    expert = _locked(session, actor, expert_id)
    if not allows(CAN_CONSENT, actor, expert):
        raise Forbidden()
    given_by, today = "expert" if the_expert(actor, expert) else "institute", local_date(now)
    if given_by == "institute" and not values.get("evidence"):
        raise Invalid.field("evidence", EVIDENCE_NEEDED)
    refuse_future("given_on", values["given_on"], today)
    if standing := _standing(session, expert):
        raise ConsentStands(given_on=standing.given_on.isoformat())
    consent = ExpertConsent(expert_id=expert.id, given_by=given_by, recorded_at=now, **values)
    session.add(consent)
    session.flush()
    after = {"expert_id": expert.id, "given_by": given_by, **values}
    audit.record(session, actor, "record_consent", consent, now=now, after=after, personal={"evidence"})
    return _show_anew(session, expert, now)


def revoke_consent(session: Session, actor: Actor, expert_id: UUID, *, now: datetime) -> None:
    """Take the consent back: from this instant on the expert is listed nowhere; twice changes nothing.

    By the expert, the own institute, or an operator of its zone, who then knows no more of them. Raises NotFound,
    Forbidden.
    """
    expert = _locked(session, actor, expert_id)
    who = revoker(actor, expert)
    if who is None:
        raise Forbidden()
    if end_consent(session, actor, expert, who, now=now):
        _show_anew(session, expert, now)


def end_consent(session: Session, actor: Actor, expert: Expert, who: str, *, now: datetime) -> bool:
    """End the consent that stands, if one does; `who` is one of REVOKERS. The expert's own version is the caller's."""
    consent = _standing(session, expert)
    if consent is None:
        return False
    consent.revoked_at, consent.revoked_by = now, who
    session.flush()
    after = {"expert_id": expert.id, "revoked_at": now, "revoked_by": who}
    audit.record(session, actor, "revoke_consent", consent, now=now, after=after)
    return True


def _locked(session: Session, actor: Actor, expert_id: UUID) -> Expert:
    """The expert as they are now, for somebody who may know of them, held until the transaction ends."""
    query = select(Expert).where(Expert.id == expert_id, readable(actor)).with_for_update(of=Expert)
    expert: Expert | None = session.scalar(query, execution_options={"populate_existing": True})
    if expert is None:
        raise NotFound()
    return expert


def _standing(session: Session, expert: Expert) -> ExpertConsent | None:
    query = select(ExpertConsent).where(
        ExpertConsent.expert_id == expert.id, ExpertConsent.revoked_at.is_(None)
    )
    return session.scalar(query.with_for_update())


def _show_anew(session: Session, expert: Expert, now: datetime) -> Expert:
    """A new version of the expert, who is shown with the consents, and the consents read again."""
    expert.updated_at = now
    flag_modified(expert, "updated_at")  # also within the same instant
    session.flush()
    session.expire(expert, ["consents"])
    return expert


def _write(expert: Expert, values: Mapping[str, Any], now: datetime) -> None:
    for name, value in values.items():
        setattr(expert, name, value)
    expert.updated_at = now
    expert.fold()


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of what HTTP calls `trl`: {least, most}."""
    columns = {name: value for name, value in values.items() if name != "trl"}
    if "trl" in values:
        asked = values["trl"] or {}
        columns |= {"trl_from": asked.get("least"), "trl_to": asked.get("most")}
    return columns


@contextmanager
def _one_per_account(session: Session, account_id: UUID | None) -> Iterator[None]:
    """Write what the block changes within a savepoint; raises AccountTaken, or Invalid for no account at all."""
    try:
        with session.begin_nested():
            yield
    except IntegrityError as clash:
        if "uq_experts_account" in str(clash.orig):
            raise AccountTaken(account_id=account_id) from None
        if "fk_experts_account_id" in str(clash.orig):
            raise Invalid.field("account_id", NO_SUCH_ACCOUNT) from None
        raise
