"""What a tranche waits for. Facts of the ground network are read from its rows: its package stands beside this one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Text, Uuid, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import column, table

from backbone.errors import Bilingual, Invalid
from finance_net.awards.errors import TrancheConditionsOpen
from finance_net.awards.models import Award, Beneficiary, Tranche, TrancheDocument
from finance_net.grants.applications.carrying import parties_of
from finance_net.grants.applications.models import GrantApplication

MILESTONES = table(
    "contract_milestones", column("id", Uuid), column("contract_id", Uuid), column("accepted_at", DateTime)
)
REGISTRATIONS = table("contract_registrations", column("contract_id", Uuid), column("state", Text))
REGISTERED = "registered"
FACTS = ("milestone_accepted", "contract_registered")
WORDS: Mapping[str, Bilingual] = {
    "milestone_accepted": Bilingual("里程碑验收", "milestone accepted"),
    "contract_registered": Bilingual("合同登记", "contract registered"),
    "invoice": Bilingual("发票", "invoice"),
    "document": Bilingual("材料", "document"),
}
NO_REF = Bilingual("须给出里程碑或合同的编号", "The id of the milestone or contract is needed")
NOT_THEIRS = Bilingual(
    "没有这个里程碑或合同，或与受益单位无关",
    "There is no such milestone or contract, or it is none of the beneficiaries'",
)


def require_known(session: Session, award: Award, plans: Sequence[Sequence[Mapping[str, Any]]]) -> None:
    """Raise Invalid for a condition about a milestone or a contract that is none of the beneficiaries'."""
    problems = []
    for place, conditions in enumerate(plans):
        for at, condition in enumerate(conditions):
            if condition["kind"] in FACTS:
                problem = _problem(session, award, condition)
                if problem is not None:
                    problems.append({"field": f"tranches.{place}.conditions.{at}.ref", "problem": problem})
    if problems:
        raise Invalid(problems)


def require_met(session: Session, tranche: Tranche) -> None:
    """Raise TrancheConditionsOpen that lists what is still open."""
    if unmet := unmet_of(session, tranche):
        words = [(WORDS[each["kind"]], each["title"]) for each in unmet]
        what = Bilingual(
            "、".join(f"{word.zh}“{title}”" for word, title in words),
            ", ".join(f"{word} “{title}”" for word, title in words),
        )
        raise TrancheConditionsOpen(ordinal=tranche.ordinal, count=len(unmet), what=what, open=unmet)


def unmet_of(session: Session, tranche: Tranche) -> list[dict[str, Any]]:
    """The conditions that are still open, each with its place (from 1)."""
    proved = set(
        session.scalars(
            select(TrancheDocument.condition).where(
                TrancheDocument.tranche_id == tranche.id, TrancheDocument.withdrawn_at.is_(None)
            )
        )
    )
    return [
        {"condition": place, **condition}
        for place, condition in enumerate(tranche.conditions, 1)
        if not _is_met(session, condition, is_proved=place in proved)
    ]


def _is_met(session: Session, condition: Mapping[str, Any], *, is_proved: bool) -> bool:
    if condition["kind"] == "milestone_accepted":
        accepted = select(MILESTONES.c.accepted_at).where(MILESTONES.c.id == _id_of(condition))
        at: datetime | None = session.scalar(accepted)
        return at is not None
    if condition["kind"] == "contract_registered":
        registered = select(REGISTRATIONS.c.contract_id).where(
            REGISTRATIONS.c.contract_id == _id_of(condition), REGISTRATIONS.c.state == REGISTERED
        )
        return session.execute(registered).first() is not None
    return is_proved


def _problem(session: Session, award: Award, condition: Mapping[str, Any]) -> Bilingual | None:
    ref = _id_of(condition)
    if ref is None:
        return NO_REF
    contract: UUID | None = ref
    if condition["kind"] == "milestone_accepted":
        contract = session.scalar(select(MILESTONES.c.contract_id).where(MILESTONES.c.id == ref))
    application = session.get_one(GrantApplication, award.application_id)
    if contract is not None and contract == application.contract_id:
        return None
    theirs = set(session.scalars(select(Beneficiary.enterprise_id).where(Beneficiary.award_id == award.id)))
    return None if contract is not None and theirs & parties_of(session, None, contract) else NOT_THEIRS


def _id_of(condition: Mapping[str, Any]) -> UUID | None:
    try:
        return UUID(condition["ref"] or "")
    except ValueError:
        return None
