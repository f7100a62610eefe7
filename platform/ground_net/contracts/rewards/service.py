"""Recording what the inventors are paid: checked against the rule before it is written, divided without a remainder."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from backbone import audit
from backbone.actor import Actor
from backbone.clock import local_date
from backbone.directory.service import institute_named
from backbone.errors import Bilingual, Forbidden, Invalid
from ground_net.contracts.models import Contract
from ground_net.contracts.permissions import CAN_READ_REWARDS, CAN_REWARD
from ground_net.contracts.reading import locked_contract
from ground_net.contracts.rewards.errors import RewardAboveIncome, RewardBelowRule
from ground_net.contracts.rewards.models import Reward, RewardShare
from ground_net.contracts.rewards.splitting import least_share, split
from ground_net.contracts.rules import number_on
from ground_net.contracts.standing import require_standing
from sky_net.invitations.life_cycle import allows

NOTHING_NET = Bilingual("成本须低于收入 {income} 元", "The costs must lie below the income of {income} yuan")
ABOVE_NET = Bilingual("不能高于净收入 {net} 元", "It may not lie above the net income of {net} yuan")
OWN_RULE = "院所规定 / the institute's own rule"


def record_rewards(
    session: Session, actor: Actor, contract_id: UUID, said: Mapping[str, Any], *, now: datetime
) -> Reward:
    """Divide income that came in; raises NotFound, Forbidden, ContractDisputed, RewardAboveIncome, RewardBelowRule, Invalid."""
    contract = locked_contract(session, actor, contract_id)
    if not allows(CAN_REWARD, actor, contract):
        raise Forbidden()
    require_standing(contract, "record_rewards")
    net = _net(contract, said)
    percent, source = _rule(session, contract, now)
    income, given = said["income_fen"], said["inventors_fen"]
    if given < least_share(net, percent):
        raise RewardBelowRule(
            net_fen=net,
            least_percent=percent,
            least_fen=least_share(net, percent),
            inventors_fen=given,
            source=source,
        )
    reward = Reward(
        contract_id=contract.id, income_fen=income, costs_fen=said["costs_fen"], net_fen=net, inventors_fen=given,
        least_percent=percent, rule_source=source, recorded_by=actor.account_id, created_at=now, updated_at=now,
        shares=_shares(contract, given, said["inventors"], now),
    )  # fmt: skip
    session.add(reward)
    contract.rewarded_fen += income
    contract.updated_at = now
    session.flush()
    names = ("contract_id", "income_fen", "costs_fen", "inventors_fen", "least_percent")
    told = {name: getattr(reward, name) for name in names} | {
        "shares": [row.amount_fen for row in reward.shares]
    }
    audit.record(session, actor, "record_rewards", reward, now=now, after=told)
    return reward


def list_rewards(session: Session, actor: Actor, contract_id: UUID) -> Sequence[Reward]:
    """Every reward of the contract, the first one first; raises NotFound, Forbidden for who only knows of the contract."""
    contract = locked_contract(session, actor, contract_id, lock=False)
    if not allows(CAN_READ_REWARDS, actor, contract):
        raise Forbidden()
    rewards = select(Reward).where(Reward.contract_id == contract.id).order_by(Reward.id)
    people = selectinload(Reward.shares).selectinload(RewardShare.persons)
    return session.scalars(rewards.options(people)).all()


def _net(contract: Contract, said: Mapping[str, Any]) -> int:
    """What is divided: income that came in and was not divided before, without its costs."""
    net: int = said["income_fen"] - said["costs_fen"]
    if net <= 0:
        raise Invalid.field("costs_fen", NOTHING_NET.format(income_fen=said["income_fen"]))
    if said["inventors_fen"] > net:
        raise Invalid.field("inventors_fen", ABOVE_NET.format(net_fen=net))
    _require_received(contract, said["income_fen"])
    return net


def _require_received(contract: Contract, income: int) -> None:
    open_fen = contract.received_technology_fen - contract.rewarded_fen
    if income > open_fen:
        raise RewardAboveIncome(
            received_fen=contract.received_technology_fen, rewarded_fen=contract.rewarded_fen, income_fen=income,
            open_fen=open_fen,
        )  # fmt: skip


def _rule(session: Session, contract: Contract, now: datetime) -> tuple[int, str]:
    """The share that is owed at least, and by which rule: the institute's own where it gives more."""
    rule = number_on("inventors_percent", local_date(now))
    own = institute_named(session, contract.institute_id).income_share_percent
    return (own, OWN_RULE) if own is not None and own > rule.value else (rule.value, rule.source)


def _shares(
    contract: Contract, total: int, inventors: Sequence[Mapping[str, Any]], now: datetime
) -> list[RewardShare]:
    parts = split(total, [each["weight"] for each in inventors])
    return [
        RewardShare(
            institute_id=contract.institute_id, position=place, weight=each["weight"], amount_fen=part,
            inventor=each["inventor"], created_at=now, updated_at=now,
        )
        for place, (each, part) in enumerate(zip(inventors, parts, strict=True))
    ]  # fmt: skip
