"""What else an applicant has asked for or was granted under policies, in all rounds: one spend is granted once."""

from collections.abc import Sequence

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from backbone.directory.models import Enterprise
from finance_net.grants.applications.carrying import is_verified, most_payable
from finance_net.grants.applications.errors import AskedBefore, KeptApart
from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.life import APPLICATION, ROUND
from finance_net.grants.models import GrantRound
from finance_net.grants.selections.models import GrantAllocation
from policy_pack.engine.beside import Claim, exceeded, kept_apart
from policy_pack.engine.packs import shipped_pack
from policy_pack.policies.models import RegisteredPolicy
from policy_pack.policies.texts import policy_of
from policy_pack.receipts.models import EvaluationReceipt

STANDS = tuple(APPLICATION.after(each) for each in ("submit", "admit", "award"))
"""In these states an application counts; an award also where it was closed or paid back."""


def require_room(session: Session, application: GrantApplication) -> None:
    """Raise KeptApart, AskedBefore where what the applicant's other applications ask for or were granted leaves no room for it.

    The enterprise is locked, so that two of its applications are looked at one after the other.
    """
    lock = select(Enterprise.id).where(Enterprise.id == application.applicant_id)
    session.execute(lock.with_for_update(key_share=True))
    receipt = session.get_one(EvaluationReceipt, application.receipt_id)
    policy, relations = policy_of(receipt.wording), shipped_pack().relations
    year = session.get_one(GrantRound, application.round_id).year
    asked = Claim(application.number, policy.id, application.policy_matter_id, year, application.asked_fen)
    before = _others(session, application)
    if bar := kept_apart(asked, before, relations):
        relation, other = bar
        raise KeptApart(rule=relation.text, number=other.number, policy=other.policy_id)
    if not is_verified(session, receipt):
        return  # a figure that nobody verified refuses nobody, and is told to no enterprise
    bound = exceeded(asked, before, policy, most_payable(session, receipt), relations)
    if bound is not None:
        numbers = ", ".join(each.number for each in bound.before)
        raise AskedBefore(
            asked_fen=asked.fen, before_fen=bound.before_fen, most_fen=bound.most_fen, policy=policy.id, numbers=numbers
        )  # fmt: skip


def _others(session: Session, application: GrantApplication) -> Sequence[Claim]:
    granted = and_(GrantAllocation.application_id == GrantApplication.id, ~GrantAllocation.is_void)
    query = (
        select(
            GrantApplication.number, RegisteredPolicy.key, GrantApplication.policy_matter_id, GrantRound.year,
            func.coalesce(GrantAllocation.amount_fen, GrantApplication.asked_fen),
        )
        .join(EvaluationReceipt, EvaluationReceipt.id == GrantApplication.receipt_id)
        .join(RegisteredPolicy, RegisteredPolicy.id == EvaluationReceipt.policy_id)
        .join(GrantRound, GrantRound.id == GrantApplication.round_id)
        .outerjoin(GrantAllocation, granted)
        .where(GrantApplication.applicant_id == application.applicant_id, GrantApplication.id != application.id)
        .where(GrantApplication.state.in_(STANDS), GrantRound.state != ROUND.after("cancel"))
        .order_by(GrantApplication.number)
    )  # fmt: skip
    return [Claim(*row) for row in session.execute(query)]
