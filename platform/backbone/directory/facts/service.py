"""Recording, retracting and reading what is known of an enterprise."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backbone import audit, events
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.days import problem_of_future
from backbone.directory.changing import EnterpriseChanged
from backbone.directory.facts.errors import FactOnRecord
from backbone.directory.facts.kinds import problem_with_day, problem_with_value
from backbone.directory.facts.models import EnterpriseFact
from backbone.directory.models import Enterprise
from backbone.directory.permissions import CAN_AMEND, allows, entrusted_member, visible_enterprises
from backbone.directory.service import show_enterprise
from backbone.errors import Forbidden, Invalid, NotFound
from backbone.pages import Page, read_page

PERSONAL = frozenset({"source"})
"""In words of its own, in which somebody may be named."""


def record_fact(
    session: Session, actor: Actor, enterprise_id: UUID, values: Mapping[str, Any], *, now: datetime
) -> EnterpriseFact:
    """Put a figure on record with its source; raises NotFound, Forbidden, Invalid, FactOnRecord."""
    enterprise = _to_amend(session, actor, enterprise_id)
    _check(values, local_date(now))
    said_by = "enterprise" if entrusted_member(actor, enterprise) else "operator"
    fact = EnterpriseFact(
        enterprise_id=enterprise_id, said_by=said_by, created_at=now, updated_at=now, **values
    )
    try:
        with session.begin_nested():
            session.add(fact)
            session.flush()
    except IntegrityError as clash:
        if "uq_enterprise_facts_standing" not in str(clash.orig):
            raise
        raise _on_record(session, enterprise_id, values) from None
    after = {"enterprise_id": enterprise_id, "said_by": said_by, **values}
    audit.record(session, actor, "record_fact", fact, now=now, after=after, personal=PERSONAL)
    events.publish(session, EnterpriseChanged(enterprise_id, now))
    return fact


def retract_fact(
    session: Session, actor: Actor, fact_id: UUID, *, reason_code: str, now: datetime
) -> EnterpriseFact:
    """Take a figure back, saying why; it stays readable as retracted. Twice changes nothing. Raises NotFound, Forbidden."""
    fact = _locked(session, actor, fact_id)
    _to_amend(session, actor, fact.enterprise_id)
    if fact.retracted_at is None:
        retracted = {"retracted_at": now, "retraction": reason_code}
        fact.retracted_at, fact.retraction, fact.updated_at = now, reason_code, now
        audit.record(session, actor, "retract_fact", fact, now=now, after=retracted)
        session.flush()
        events.publish(session, EnterpriseChanged(fact.enterprise_id, now))
    return fact


def list_facts(
    session: Session, actor: Actor, enterprise_id: UUID, asked: Mapping[str, Any]
) -> Page[EnterpriseFact]:
    """A page of what stands on record, the retracted too when asked for; for who may know of the enterprise."""
    show_enterprise(session, actor, enterprise_id)
    query = select(EnterpriseFact).where(EnterpriseFact.enterprise_id == enterprise_id)
    if not asked.get("retracted"):
        query = query.where(EnterpriseFact.retracted_at.is_(None))
    if asked.get("kind"):
        query = query.where(EnterpriseFact.kind.in_(asked["kind"]))
    return read_page(session, query, asked, {"as_of_on": EnterpriseFact.as_of_on}, EnterpriseFact.id)


def _locked(session: Session, actor: Actor, fact_id: UUID) -> EnterpriseFact:
    """The fact as it is now, for somebody who may know of its enterprise, held until the transaction ends."""
    known = visible_enterprises(actor).with_only_columns(Enterprise.id)
    query = select(EnterpriseFact).where(
        EnterpriseFact.id == fact_id, EnterpriseFact.enterprise_id.in_(known)
    )
    fact: EnterpriseFact | None = session.scalar(
        query.with_for_update(of=EnterpriseFact), execution_options={"populate_existing": True}
    )
    if fact is None:
        raise NotFound()
    return fact


def _to_amend(session: Session, actor: Actor, enterprise_id: UUID) -> Enterprise:
    enterprise = show_enterprise(session, actor, enterprise_id)
    if not allows(CAN_AMEND, actor, enterprise):
        raise Forbidden()
    return enterprise


def _check(values: Mapping[str, Any], today: date) -> None:
    kind, as_of_on = values["kind"], values["as_of_on"]
    found = [("as_of_on", problem_of_future(as_of_on, today) or problem_with_day(kind, as_of_on)),
             ("value", problem_with_value(kind, values["value"]))]  # fmt: skip
    problems = [{"field": field, "problem": problem} for field, problem in found if problem]
    if problems:
        raise Invalid(problems)


def _on_record(session: Session, enterprise_id: UUID, values: Mapping[str, Any]) -> FactOnRecord:
    kind, as_of_on = values["kind"], values["as_of_on"]
    standing = select(EnterpriseFact.id).where(
        EnterpriseFact.enterprise_id == enterprise_id, EnterpriseFact.kind == kind,
        EnterpriseFact.as_of_on == as_of_on, EnterpriseFact.retracted_at.is_(None),
    )  # fmt: skip
    return FactOnRecord(id=session.scalar(standing), kind=kind, as_of_on=as_of_on.isoformat())
