"""What a tranche waits for: facts of contracts, and documents."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.errors import Bilingual, Invalid
from finance_net.awards.errors import TrancheConditionsOpen
from finance_net.awards.models import Award, Beneficiary, Tranche, TrancheDocument
from finance_net.grants.applications.carrying import parties_of
from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.contracts import contracts

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
        return contracts().is_accepted(session, _id_of(condition))
    if condition["kind"] == "contract_registered":
        return contracts().is_registered(session, _id_of(condition))
    return is_proved


def _problem(session: Session, award: Award, condition: Mapping[str, Any]) -> Bilingual | None:
    ref = _id_of(condition)
    if ref is None:
        return NO_REF
    contract: UUID | None = ref
    if condition["kind"] == "milestone_accepted":
        contract = contracts().contract_of_milestone(session, ref)
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
