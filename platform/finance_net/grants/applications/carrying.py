"""What an application rests on: an eligible receipt of a policy of its category, and a need or contract of its beneficiaries."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.errors import Bilingual
from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.contracts import contracts
from finance_net.grants.errors import NotEligible, NotVerified, NotYours, OverThePolicy
from policy_pack.engine.amounts import published_cap_fen
from policy_pack.engine.evaluation import OUTCOME_WORDS, Outcome
from policy_pack.engine.policy import CATEGORY_WORDS
from policy_pack.policies.models import PolicyVersion
from policy_pack.policies.texts import policy_of
from policy_pack.receipts.models import EvaluationReceipt
from sky_net.needs.models import Need

NO_RECEIPT = Bilingual("申报单位没有这张凭据", "The applicant has no such receipt")
NOT_YET = Bilingual(
    "凭据是 {as_of} 的判断，该日尚未到来",
    "The receipt says what will be the case on {as_of}, which has not come",
)
NOT_YES = Bilingual("凭据结论为“{outcome}”，不是“{needed}”", "The receipt says “{outcome}”, not “{needed}”")
OTHER_CATEGORY = Bilingual(
    "凭据是 {policy}（类别“{found}”），申报类别为“{wanted}”",
    "The receipt is of {policy} (category “{found}”), the application of “{wanted}”",
)


def require_carried(session: Session, said: Mapping[str, Any], today: date) -> None:
    """Raise NotEligible, NotYours for an application that rests on nothing, OverThePolicy for one that asks for too much."""
    receipt = session.get(EvaluationReceipt, said["receipt_id"])
    if receipt is None or receipt.enterprise_id != said["applicant_id"]:
        raise NotEligible(why=NO_RECEIPT)
    if receipt.outcome != Outcome.ELIGIBLE:
        raise NotEligible(
            why=NOT_YES.format(outcome=OUTCOME_WORDS[receipt.outcome], needed=OUTCOME_WORDS[Outcome.ELIGIBLE])
        )
    if receipt.as_of > today:
        raise NotEligible(why=NOT_YET.format(as_of=receipt.as_of))
    policy = policy_of(receipt.wording)
    if policy.category != said["category"]:
        # A round may have categories of its own.
        found, wanted = (
            CATEGORY_WORDS[policy.category],
            CATEGORY_WORDS.get(said["category"], said["category"]),
        )
        raise NotEligible(why=OTHER_CATEGORY.format(policy=policy.id, found=found, wanted=wanted))
    require_within(session, receipt, said["asked_fen"])
    theirs = {said["applicant_id"], said.get("user_id")}
    if not theirs & parties_of(session, said.get("need_id"), said.get("contract_id")):
        raise NotYours()


def require_within(session: Session, receipt: EvaluationReceipt, asked_fen: int) -> None:
    """Raise OverThePolicy for more than the receipt's policy pays, to all beneficiaries together.

    A figure that nobody verified refuses nobody, and is told to no enterprise. A receipt from before its version was verified is held
    to it as any other: keeping an old one would pay.
    """
    most = _most_fen(receipt) if _is_verified(session, receipt) else None
    if most is not None and asked_fen > most:
        raise OverThePolicy(asked_fen=asked_fen, most_fen=most, policy=policy_of(receipt.wording).id)


def require_verified(session: Session, application: GrantApplication) -> None:
    """Raise NotVerified where the policy that the application rests on carries no award yet."""
    receipt = session.get_one(EvaluationReceipt, application.receipt_id)
    if not _is_verified(session, receipt):
        policy = policy_of(receipt.wording).id
        raise NotVerified(number=application.number, policy=policy, version=receipt.version_number)


def _is_verified(session: Session, receipt: EvaluationReceipt) -> bool:
    """Now, whatever it was when the receipt was made."""
    return receipt.verified or session.get_one(PolicyVersion, receipt.version_id).is_verified


def _most_fen(receipt: EvaluationReceipt) -> int | None:
    """What the policy pays at most for what the receipt is of: by its formula, or by the cap alone that was published."""
    amount = json.loads(receipt.statement)["amount"]
    if amount is not None:
        most: int | None = amount["high_fen"]
        return most
    return published_cap_fen(policy_of(receipt.wording))


def parties_of(session: Session, need_id: UUID | None, contract_id: UUID | None) -> set[UUID]:
    """The enterprises and the institute of the matter."""
    if need_id is None:
        return contracts().parties(session, contract_id)
    return set(
        session.scalars(select(Need.enterprise_id).where(Need.id == need_id, Need.submitted_at.is_not(None)))
    )
