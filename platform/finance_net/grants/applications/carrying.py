"""What an application rests on: an eligible receipt of a policy of its category, and a need or contract of its beneficiaries."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.clock import local_date
from backbone.errors import Bilingual
from finance_net.grants.applications.errors import NotEligible, NotVerified, NotYours, OverThePolicy
from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.contracts import contracts
from policy_pack.engine.amounts import published_cap_fen
from policy_pack.engine.evaluation import OUTCOME_WORDS, Outcome
from policy_pack.engine.policy import CATEGORY_WORDS
from policy_pack.policies.models import PolicyVersion
from policy_pack.policies.texts import policy_of
from policy_pack.receipts.models import EvaluationReceipt
from policy_pack.receipts.renewing import renew_receipt, subject_of
from sky_net.needs.models import Need

NO_RECEIPT = Bilingual("申报单位没有这张凭据", "The applicant has no such receipt")
NOT_YET = Bilingual(
    "凭据是 {as_of} 的判断，该日尚未到来",
    "The receipt says what will be the case on {as_of}, which has not come",
)
NOT_YES = Bilingual(
    "按 {as_of} 的政策与事实，结论为“{outcome}”，不是“{needed}”",
    "By the policy and the facts of {as_of} the answer is “{outcome}”, not “{needed}”",
)
FACTS_MOVED = Bilingual(
    "凭据所依据的 {as_of} 的事实此后有变，须重新判断",
    "What is known for {as_of}, on which the receipt rests, has changed since: it has to be asked anew",
)
REPEALED = Bilingual("政策 {policy} 已无生效的版本", "No version of the policy {policy} counts any more")
OTHER_CATEGORY = Bilingual(
    "凭据是 {policy}（类别“{found}”），申报类别为“{wanted}”",
    "The receipt is of {policy} (category “{found}”), the application of “{wanted}”",
)


def carried(session: Session, said: Mapping[str, Any], today: date) -> UUID | None:
    """The matter that the receipt was asked beside, None where it was the enterprise alone.

    Raises NotEligible, NotYours for an application that rests on nothing, OverThePolicy for one that asks for too much.
    """
    receipt = session.get(EvaluationReceipt, said["receipt_id"])
    if receipt is None or receipt.enterprise_id != said["applicant_id"]:
        raise NotEligible(why=NO_RECEIPT)
    _require_yes(receipt)
    if receipt.as_of > today:
        raise NotEligible(why=NOT_YET.format(as_of=receipt.as_of))
    _require_category(receipt, said["category"])
    require_within(session, receipt, said["asked_fen"])
    theirs = {said["applicant_id"], said.get("user_id")}
    if not theirs & parties_of(session, said.get("need_id"), said.get("contract_id")):
        raise NotYours()
    subject = subject_of(session, receipt)
    if subject is None:
        raise NotEligible(why=FACTS_MOVED.format(as_of=receipt.as_of))
    return subject[1]


def carry_today(session: Session, application: GrantApplication, *, now: datetime) -> None:
    """Let it rest on what is the case today: the text in force and the facts of the day on which it is handed in.

    Raises NotEligible where the policy was repealed or changed, or the applicant lost what it asks for; OverThePolicy where it pays less.
    """
    today = local_date(now)
    former = session.get_one(EvaluationReceipt, application.receipt_id)
    receipt = renew_receipt(session, former, application.policy_matter_id, as_of=today, now=now)
    if receipt is None:
        raise NotEligible(why=REPEALED.format(policy=policy_of(former.wording).id))
    _require_yes(receipt)
    _require_category(receipt, application.category)
    require_within(session, receipt, application.asked_fen)
    application.receipt_id = receipt.id


def _require_yes(receipt: EvaluationReceipt) -> None:
    if receipt.outcome != Outcome.ELIGIBLE:
        found, needed = OUTCOME_WORDS[Outcome(receipt.outcome)], OUTCOME_WORDS[Outcome.ELIGIBLE]
        raise NotEligible(why=NOT_YES.format(as_of=receipt.as_of, outcome=found, needed=needed))


def _require_category(receipt: EvaluationReceipt, wanted: str) -> None:
    policy = policy_of(receipt.wording)
    if policy.category != wanted:
        # A round may have categories of its own.
        words = {"found": CATEGORY_WORDS[policy.category], "wanted": CATEGORY_WORDS.get(wanted, wanted)}
        raise NotEligible(why=OTHER_CATEGORY.format(policy=policy.id, **words))


def require_within(session: Session, receipt: EvaluationReceipt, asked_fen: int) -> None:
    """Raise OverThePolicy for more than the receipt's policy pays, to all beneficiaries together.

    A figure that nobody verified refuses nobody, and is told to no enterprise. A receipt from before its version was verified is held
    to it as any other: keeping an old one would pay.
    """
    most = most_payable(session, receipt)
    if most is not None and asked_fen > most:
        raise OverThePolicy(asked_fen=asked_fen, most_fen=most, policy=policy_of(receipt.wording).id)


def require_verified(session: Session, application: GrantApplication) -> None:
    """Raise NotVerified where the policy that the application rests on carries no award yet."""
    receipt = session.get_one(EvaluationReceipt, application.receipt_id)
    if not is_verified(session, receipt):
        policy = policy_of(receipt.wording).id
        raise NotVerified(number=application.number, policy=policy, version=receipt.version_number)


def is_verified(session: Session, receipt: EvaluationReceipt) -> bool:
    """Whether its figures are verified now, whatever they were when the receipt was made."""
    return receipt.verified or session.get_one(PolicyVersion, receipt.version_id).is_verified


def most_payable(session: Session, receipt: EvaluationReceipt) -> int | None:
    """What the policy pays at most for what the receipt is of, in fen: by its formula, or by the cap alone that was published.

    None where nobody verified the figure, or nothing bounds it.
    """
    if not is_verified(session, receipt):
        return None
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
