"""Announcing what was selected, and hearing who objects. Nothing is committed here: that is for `deciding`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.directory.regions import HUBEI
from backbone.errors import Bilingual, Forbidden, Invalid
from backbone.identity.service import actor_of
from finance_net.cases.kinds import StepKind
from finance_net.cases.service import Subject, tell
from finance_net.grants.announcements.models import Announcement, Objection
from finance_net.grants.announcements.reading import announcement_of, objection_of
from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.errors import AnnouncementOver, ObjectedAlready, SecondPerson
from finance_net.grants.life import OBJECTION, ROUND
from finance_net.grants.models import GrantRound
from finance_net.grants.permissions import is_manager, require_manager
from finance_net.grants.reading import round_of
from finance_net.grants.selections.excluding import OUT, allocation_of, let_go, take_out
from finance_net.grants.selections.models import GrantAllocation
from finance_net.grants.selections.reading import is_overtaken, selection_of
from finance_net.grants.telling import tell_accounts, tell_managers, tell_parties
from sky_net.sla.calendars.working_days import working_days_after

PERSONAL = frozenset({"grounds", "ruling", "signer_name", "signer_phone", "signer_email"})
NOT_ANNOUNCED = Bilingual("不在本次公示之内", "It is not among what was announced")
OPEN = OBJECTION.first
UPHELD = "异议成立 / an objection was upheld"


def announce_grants(session: Session, actor: Actor, selection_id: UUID, *, now: datetime) -> Announcement:
    """Show what an approved selection funds, for the round's working days; raises NotFound, Forbidden, StateConflict.

    Announced again, it is taken over from whoever announced it and is no manager any more: else nobody could decide it.
    """
    require_manager(actor)
    selection = selection_of(session, actor, selection_id)
    call = round_of(session, actor, selection.round_id, locked=True)
    left_behind = _left_behind(session, selection_id)
    if left_behind is not None:
        return _take_over(session, actor, left_behind, now)
    state = ROUND.after("announce", call.state)
    if is_overtaken(
        session, call.id
    ):  # an objection to what was announced before was upheld since it was solved
        state = ROUND.after("uphold", state)
    allocations = _waiting(session, selection_id)
    if not allocations:
        raise Forbidden()  # another selection than the one that was approved
    row = Announcement(
        round_id=call.id, selection_id=selection_id, starts_at=now, announced_by=actor.account_id, created_at=now, updated_at=now,
        ends_at=working_days_after(session, HUBEI, now, call.announcement_days),
    )  # fmt: skip
    session.add(row)
    session.flush()
    for each in allocations:
        each.announcement_id = row.id
        told = {
            "starts_at": now,
            "ends_at": row.ends_at,
            "amount_fen": each.amount_fen,
            "selection_id": selection_id,
        }
        about = Subject("announcements", row.id, told)
        tell(session, each.application_id, StepKind.ANNOUNCEMENT, about, now=now)
    call.state, call.updated_at = state, now
    session.flush()
    after = {"round_id": call.id, "ends_at": row.ends_at, "announced": len(allocations)}
    audit.record(session, actor, "announce_grants", row, now=now, after=after)
    announced = [session.get_one(GrantApplication, each.application_id) for each in allocations]
    until = {"due_at": row.ends_at.isoformat()}
    tell_parties(session, actor, "grant_announced", announced, now=now, payload=until)
    return row


def _waiting(session: Session, selection_id: UUID) -> Sequence[GrantAllocation]:
    """What the selection set aside and nobody has announced."""
    query = select(GrantAllocation).where(
        GrantAllocation.selection_id == selection_id,
        GrantAllocation.announcement_id.is_(None),
        ~GrantAllocation.is_void,
    )
    return session.scalars(query.order_by(GrantAllocation.application_id)).all()


def _left_behind(session: Session, selection_id: UUID) -> Announcement | None:
    """The announcement that nobody stands behind any more, before it was decided."""
    row = session.scalar(
        select(Announcement).where(
            Announcement.selection_id == selection_id, Announcement.decided_at.is_(None)
        )
    )
    if row is None:
        return None
    announcer = actor_of(session, row.announced_by)
    return None if announcer is not None and is_manager(announcer) else row


def _take_over(session: Session, actor: Actor, row: Announcement, now: datetime) -> Announcement:
    """Its days and objections stay as they are; the database still wants another person to decide it."""
    before = {"announced_by": row.announced_by}
    after = {"announced_by": actor.account_id}
    for name, value in (after | {"updated_at": now}).items():
        setattr(row, name, value)
    session.flush()
    audit.record(session, actor, "take_over_announcement", row, now=now, before=before, after=after)
    return row


def object_to_grant(
    session: Session,
    actor: Actor,
    announcement_id: UUID,
    application_id: UUID,
    grounds: str,
    *,
    signer: Mapping[str, str | None],
    now: datetime,
) -> Objection:
    """Sign an objection while the announcement runs, with `signer` {name, phone, email}; raises NotFound, Invalid, AnnouncementOver, ObjectedAlready."""
    row = announcement_of(session, announcement_id, locked=True)
    if now >= row.ends_at:
        raise AnnouncementOver(ends_at=row.ends_at.isoformat())
    announced = select(GrantAllocation.id).where(
        GrantAllocation.announcement_id == row.id,
        GrantAllocation.application_id == application_id,
        ~GrantAllocation.is_void,
    )
    if session.scalar(announced) is None:
        raise Invalid.field("application_id", NOT_ANNOUNCED)
    said = {"grounds": grounds} | {f"signer_{name}": value for name, value in signer.items()}
    objection = Objection(
        announcement_id=row.id, application_id=application_id, signed_by=actor.account_id, opened_at=now, created_at=now, updated_at=now,
        **said,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(objection)
            session.flush()
    except IntegrityError as error:
        raise ObjectedAlready() from error
    row.open_objections += 1
    row.updated_at = now
    session.flush()
    after = {"application_id": application_id} | said
    audit.record(session, actor, "object_to_grant", objection, now=now, after=after, personal=PERSONAL)
    application = session.get_one(GrantApplication, application_id)
    tell_managers(session, actor, "grant_objected", application, about=objection.id, now=now)
    return objection


def rule_on_objection(
    session: Session, actor: Actor, objection_id: UUID, *, upheld: bool, ruling: str, now: datetime
) -> Objection:
    """Uphold or reject it, with reasons. Upheld, the application is out and its money is let go of.

    Raises NotFound, Forbidden, StateConflict, SecondPerson.
    """
    objection = objection_of(session, actor, objection_id)
    require_manager(actor)
    if objection.signed_by == actor.account_id:
        raise SecondPerson()
    row = announcement_of(session, objection.announcement_id, locked=True)
    call = round_of(session, actor, row.round_id, locked=True)  # before the fund, as everywhere
    session.refresh(objection)
    objection.state = OBJECTION.after("uphold" if upheld else "reject", objection.state)
    objection.ruling, objection.ruled_at, objection.ruled_by = ruling, now, actor.account_id
    objection.updated_at = now
    row.open_objections -= 1
    row.updated_at = now
    session.flush()
    if upheld:
        _exclude(session, actor, call, objection, now)
    said = {"state": objection.state, "announcement_id": row.id}
    tell(
        session,
        objection.application_id,
        StepKind.OBJECTION,
        Subject("objections", objection.id, said),
        now=now,
    )
    after = {"state": objection.state, "ruling": ruling}
    audit.record(session, actor, "rule_on_objection", objection, now=now, after=after, personal=PERSONAL)
    application, kind = (
        session.get_one(GrantApplication, objection.application_id),
        f"objection_{objection.state}",
    )
    tell_accounts(session, actor, kind, application, [objection.signed_by], about=objection.id, now=now)
    return objection


def _exclude(session: Session, actor: Actor, call: GrantRound, objection: Objection, now: datetime) -> None:
    application = session.get_one(
        GrantApplication, objection.application_id, with_for_update=True, populate_existing=True
    )
    if application.state == OUT:
        return  # another objection to it was upheld before
    # The charge stays with who signed it, what was found is the applicant's to read.
    take_out(session, actor, application, objection.ruling or "", told_as="grant_excluded", now=now)
    allocation = allocation_of(session, application.id)
    if allocation is not None:
        let_go(session, actor, allocation, UPHELD, now)
    if call.state in ROUND.before("uphold"):
        call.state, call.updated_at = ROUND.after("uphold", call.state), now
    session.flush()
