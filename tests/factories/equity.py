"""Deals for tests: an equity fund with capital, a committee of three, and deals as far as they shall come.

desk = an_equity_desk(session)
deal = desk.deal("agreed")
desk.invested(deal, 40)
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import finance_net.equity.following  # noqa: F401  # deals follow the ledger
from backbone.actor import Actor
from backbone.directory.models import Enterprise
from finance_net.equity.committees.models import Committee, Condition, Meeting
from finance_net.equity.committees.service import cast_vote, close_meeting, convene_committee
from finance_net.equity.committees.setting import confirm_committee, set_committee
from finance_net.equity.holding import decide_entry, enter
from finance_net.equity.investing import agree_deal, call_capital
from finance_net.equity.models import CapitalCall, Deal, DealEntry, DiligenceItem
from finance_net.equity.service import examine_deal, settle_item, source_deal
from finance_net.funds.service import record_capital
from finance_net.ledger.orders.service import approve_order
from tests.factories.directory import an_enterprise
from tests.factories.identity import an_actor
from tests.factories.ledger import AT, Treasury, a_treasury

STATES = ("screening", "due_diligence", "committee", "approved", "agreed", "invested")
ITEMS = [{"topic": "legal", "title": "主体资格"}, {"topic": "team", "title": "核心团队"}]


@dataclass
class Desk:
    """Two managers, three members, and the enterprise that deals are made with."""

    session: Session
    treasury: Treasury
    members: list[Actor]
    enterprise: Enterprise
    committee: Committee
    asked_fen: int = 100
    wording: str = ""
    meetings: dict[Any, Meeting] = field(default_factory=dict)

    def deal(self, state: str = "screening", *, conditions: tuple[str, ...] = (), **values: Any) -> Deal:
        """A deal of this state; "approved" is one before its agreement."""
        said = {
            "fund_id": self.treasury.fund.id, "enterprise_id": self.enterprise.id, "need_id": None, "achievement_id": None,
            "title": f"{self.wording}测试投资", "summary": f"{self.wording}键合设备企业的首轮投资", "asked_fen": self.asked_fen,
        }  # fmt: skip
        deal = source_deal(self.session, self.treasury.first, said | values, now=AT)
        for step in (self.examined, self.convened, self.approved, self.agreed, self.invested)[
            : STATES.index(state)
        ]:
            if step == self.approved:
                self.approved(deal, conditions=conditions)
            else:
                step(deal)
        return deal

    def examined(self, deal: Deal) -> None:
        examine_deal(self.session, self.treasury.first, deal.id, ITEMS, now=AT)

    def settled(self, deal: Deal) -> None:
        still = select(DiligenceItem).where(DiligenceItem.deal_id == deal.id, DiligenceItem.outcome.is_(None))
        for item in self.session.scalars(still).all():
            settle_item(
                self.session, self.treasury.first, item.id, outcome="done", words="无重大问题", now=AT
            )

    def convened(self, deal: Deal) -> Meeting:
        self.settled(deal)
        meeting = convene_committee(
            self.session, self.treasury.first, deal.id, held_on=AT.date(), asked_fen=None, now=AT
        )
        self.meetings[deal.id] = meeting
        return meeting

    def vote(self, deal: Deal, *choices: str) -> None:
        for member, choice in zip(self.members, choices, strict=False):
            conflict = "shares" if choice == "recused" else None
            meeting_id = self.meetings[deal.id].id
            cast_vote(self.session, member, meeting_id, choice=choice, conflict=conflict, now=AT)

    def close(self, deal: Deal, **values: Any) -> Meeting:
        said: dict[str, Any] = {
            "minutes": f"{self.wording}会议认为可行",
            "approved_fen": None,
            "conditions": [],
        }
        return close_meeting(
            self.session, self.treasury.first, self.meetings[deal.id].id, now=AT, **said | values
        )

    def approved(self, deal: Deal, *, conditions: tuple[str, ...] = ()) -> None:
        self.vote(deal, "for", "for", "against")
        self.close(deal, conditions=conditions)

    def terms(self, **values: Any) -> dict[str, Any]:
        return {
            "envelope_id": self.treasury.root.id, "amount_fen": self.asked_fen, "stake_basis_points": 1_000,
            "signed_on": AT.date(), "reference": "投资协议-1",
        } | values  # fmt: skip

    def asked_to_agree(self, deal: Deal, **values: Any) -> None:
        agree_deal(self.session, self.treasury.first, deal.id, self.terms(**values), now=AT)

    def agreed(self, deal: Deal, **values: Any) -> None:
        self.asked_to_agree(deal, **values)
        assert deal.order_id is not None
        approve_order(self.session, self.treasury.second, deal.order_id, now=AT)

    def called(self, deal: Deal, amount_fen: int = 40) -> CapitalCall:
        said: dict[str, Any] = {"due_on": AT.date(), "purpose": "首期出资"}
        return call_capital(self.session, self.treasury.first, deal.id, amount_fen=amount_fen, now=AT, **said)

    def invested(self, deal: Deal, amount_fen: int = 0) -> CapitalCall:
        call = self.called(deal, amount_fen or self.asked_fen * 2 // 5)
        approve_order(self.session, self.treasury.second, call.order_id, now=AT)
        return call

    def entry(self, deal: Deal, kind: str, value_fen: int, proceeds_fen: int | None = None) -> DealEntry:
        said = {
            "kind": kind, "value_fen": value_fen, "proceeds_fen": proceeds_fen, "as_of_on": AT.date(), "source": "年度报告"
        }  # fmt: skip
        return enter(self.session, self.treasury.first, deal.id, said, now=AT)

    def booked(self, deal: Deal, kind: str, value_fen: int, proceeds_fen: int | None = None) -> DealEntry:
        entry = self.entry(deal, kind, value_fen, proceeds_fen)
        decide_entry(self.session, self.treasury.second, entry.id, is_approved=True, note=None, now=AT)
        return entry

    def waiting_committee(self, *members: Any) -> Committee:
        """Entered by the first manager; the second has not confirmed it."""
        rules = {
            "members": list(members),
            "quorum": 1,
            "approval_basis_points": 5_001,
            "source": "章程修正案",
        }
        return set_committee(self.session, self.treasury.first, self.treasury.fund.id, rules, now=AT)

    def condition(self, deal: Deal) -> Condition:
        return self.session.scalars(select(Condition).where(Condition.deal_id == deal.id)).first()

    def item(self, deal: Deal) -> DiligenceItem:
        return self.session.scalars(select(DiligenceItem).where(DiligenceItem.deal_id == deal.id)).first()


def an_equity_desk(
    session: Session, *, quorum: int = 2, majority: int = 5_001, subscribed_fen: int = 1_000, limit_fen: int = 1_000,
    others: tuple[Any, ...] = (), **values: Any,
) -> Desk:  # fmt: skip
    """`others` are account ids that sit in the committee beside its three members."""
    treasury = a_treasury(session, kind="equity", limit_fen=limit_fen)
    members = [an_actor(session) for _ in range(3)]
    if subscribed_fen:
        said: dict[str, Any] = {"amount_fen": subscribed_fen, "as_of_on": AT.date(), "source": "认缴协议"}
        record_capital(session, treasury.first, treasury.fund.id, measure="subscribed", now=AT, **said)
    rules = {
        "members": [each.account_id for each in members] + list(others), "quorum": quorum,
        "approval_basis_points": majority, "source": "基金章程第三章",
    }  # fmt: skip
    committee = set_committee(session, treasury.first, treasury.fund.id, rules, now=AT)
    confirm_committee(session, treasury.second, treasury.fund.id, committee_id=committee.id, now=AT)
    return Desk(
        session,
        treasury,
        members,
        values.pop("enterprise", None) or an_enterprise(session),
        committee,
        **values,
    )
