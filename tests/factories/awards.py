"""Awards for tests, made by deciding a round: a desk with one award, its member, and the two managers.

desk = an_award_desk(session)                       # planned: all of it in one tranche without conditions
desk.planned(30 * WAN, 10 * WAN); desk.approved(); batch = desk.exported(); desk.answered(desk.line("settled"))
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.clock import local_date
from backbone.directory.models import Enterprise
from backbone.money import yuan
from finance_net.awards.answers.models import PaymentAnswer
from finance_net.awards.answers.service import import_answer
from finance_net.awards.claiming import claim_tranche, decide_tranche
from finance_net.awards.clawbacks.models import Clawback, Recovery
from finance_net.awards.clawbacks.service import decide_clawback, propose_clawback, record_recovery
from finance_net.awards.effects.models import Effect
from finance_net.awards.errors import LinesRefused
from finance_net.awards.models import Award, Tranche
from finance_net.awards.payments.accounts import enter_account
from finance_net.awards.payments.models import Payment, PaymentBatch
from finance_net.awards.payments.service import export_batch, instruct_payments
from finance_net.awards.reconciliation.models import ReconciliationItem
from finance_net.awards.reconciliation.service import import_statement
from finance_net.awards.service import plan_award
from tests.factories.grants import Season, a_first_use, a_season, an_application, decided, scored
from tests.factories.grants import member_of as member_of_enterprise
from tests.factories.ledger import WAN, standing
from tests.factories.table_files import a_csv

NUMBER = "4200123456789012"
ACCOUNT = {
    "holder": "测试企业有限公司",
    "number": NUMBER,
    "bank": "测试银行武汉分行",
    "branch_code": "104521000011",
}
ANSWER = ["付款参考号", "状态", "银行流水号", "金额（元）", "到账日期"]
STATEMENT = ["银行流水号", "收支", "金额（元）", "记账日期"]


@dataclass
class AwardDesk:
    """One award on the day after it was decided; `member` speaks for its first beneficiary."""

    season: Season
    award: Award
    members: list[Actor]
    now: datetime
    batch: PaymentBatch | None = field(default=None)

    @property
    def session(self) -> Session:
        return self.season.session

    @property
    def first(self) -> Actor:
        return self.season.first

    @property
    def second(self) -> Actor:
        return self.season.second

    @property
    def member(self) -> Actor:
        return self.members[0]

    @property
    def day(self) -> str:
        return local_date(self.now).isoformat()

    @property
    def tranches(self) -> list[Tranche]:
        query = select(Tranche).where(Tranche.award_id == self.award.id).order_by(Tranche.ordinal)
        return list(self.session.scalars(query.execution_options(populate_existing=True)))

    @property
    def payments(self) -> list[Payment]:
        query = select(Payment).where(Payment.award_id == self.award.id).order_by(Payment.reference)
        return list(self.session.scalars(query.execution_options(populate_existing=True)))

    @property
    def effects(self) -> list[Effect]:
        return list(self.session.scalars(select(Effect).where(Effect.award_id == self.award.id)))

    def planned(
        self, *amounts: int, conditions: Sequence[dict[str, Any]] = (), months: Sequence[int] = (12,)
    ) -> Award:
        """The conditions are those of the first tranche."""
        tranches = [
            {"amount_fen": fen, "due_on": None, "conditions": list(conditions) if not at else []}
            for at, fen in enumerate(amounts)
        ]
        return plan_award(
            self.session, self.first, self.award.id, tranches=tranches, effect_months=months, now=self.now
        )

    def claimed(self, ordinal: int = 1) -> Tranche:
        return claim_tranche(self.session, self.member, self.tranches[ordinal - 1].id, now=self.now)

    def approved(self, ordinal: int = 1) -> Tranche:
        tranche = self.claimed(ordinal)
        return decide_tranche(self.session, self.first, tranche.id, is_approved=True, note=None, now=self.now)

    def approved_in_two(self) -> None:
        """Two tranches, of 30 and 10, both approved."""
        self.planned(30 * WAN, 10 * WAN)
        for ordinal in (1, 2):
            self.approved(ordinal)

    def with_accounts(self) -> None:
        for member, owner in zip(self.members, self.award.beneficiaries, strict=True):
            enter_account(self.session, member, owner.enterprise_id, ACCOUNT, now=self.now)

    def instructed(self, *ordinals: int) -> PaymentBatch:
        """The approved tranches of these numbers, all by default, ordered by the first manager."""
        self.with_accounts()
        ids = [each.id for each in self.tranches if not ordinals or each.ordinal in ordinals]
        self.batch = instruct_payments(self.session, self.first, self.award.fund_id, ids, now=self.now)
        return self.batch

    def exported(self, *ordinals: int) -> PaymentBatch:
        """Sent by the second."""
        return export_batch(self.session, self.second, self.instructed(*ordinals).id, now=self.now)

    def line(self, status: str, payment: Payment | None = None, **values: Any) -> list[Any]:
        """What the bank says of the payment, the only one by default."""
        payment = payment or self.payments[-1]
        moved = {"settled": "YH", "returned": "TH"}.get(status)
        said = {
            "reference": payment.reference, "status": status, "bank_ref": f"{moved}{payment.reference[-6:]}" if moved else "",
            "amount": yuan(payment.amount_fen).replace(",", ""), "settled_on": self.day if moved else "",
        }  # fmt: skip
        return list((said | values).values())

    def answer(self, *lines: list[Any], encoding: str = "utf-8-sig") -> bytes:
        return a_csv([ANSWER, *lines], encoding)

    def answered(self, *lines: list[Any], by: Actor | None = None) -> PaymentAnswer:
        return import_answer(self.session, by or self.first, self.answer(*lines), now=self.now)

    def problems_of(self, *lines: list[Any]) -> dict[str, str]:
        """Why an answer is refused, by line and column."""
        with pytest.raises(LinesRefused) as refusal:
            self.answered(*lines)
        return {each["field"]: str(each["problem"]) for each in refusal.value.data["errors"]}

    def pool(self, key: str = "R") -> dict[str, int]:
        """Where the money of the category stands."""
        return standing(self.session, self.season.pools[key])

    def paid(self) -> Payment:
        """All of the first tranche, to its first beneficiary."""
        self.approved()
        self.exported()
        self.answered(*(self.line("settled", each) for each in self.payments))
        return self.payments[0]

    def returned(self, payment: Payment | None = None, **values: Any) -> PaymentAnswer:
        """The bank sends the payment back, the only one by default."""
        return self.answered(self.line("returned", payment, **values))

    def clawback(self, payment: Payment, amount_fen: int, *, is_approved: bool = True) -> Clawback:
        said = {
            "reason": "objective_missed",
            "words": "未达目标",
            "amount_fen": amount_fen,
            "due_on": local_date(self.now),
        }
        proposed = propose_clawback(self.session, self.first, payment.id, said, now=self.now)
        if not is_approved:
            return proposed
        return decide_clawback(
            self.session, self.second, proposed.id, is_approved=True, note=None, now=self.now
        )

    def recovery(
        self, clawback: Clawback | None = None, amount_fen: int = 1, bank_ref: str = "ZH-1"
    ) -> Recovery:
        """Recorded by the first manager, of a clawback of its own unless one is given."""
        clawback = clawback or self.clawback(self.paid(), amount_fen + 1)
        said = {"amount_fen": amount_fen, "bank_ref": bank_ref, "received_on": local_date(self.now)}
        record_recovery(self.session, self.first, clawback.id, **said, now=self.now)
        found = self.session.scalars(select(Recovery).filter_by(bank_ref=bank_ref, withdrawn_at=None))
        return found.one()

    def stated(self, *lines: list[Any], by: Actor | None = None) -> Any:
        """A statement of this day."""
        day = local_date(self.now)
        said: dict[str, Any] = {"since_on": day, "until_on": day, "now": self.now}
        return import_statement(
            self.session, by or self.first, self.award.fund_id, a_csv([STATEMENT, *lines]), **said
        )

    def difference(self) -> ReconciliationItem:
        """What only the bank knows, by a statement of this day."""
        statement = self.stated(["YH-surplus", "out", "1.00", self.day])
        query = select(ReconciliationItem).where(
            ReconciliationItem.statement_id == statement.id, ReconciliationItem.kind == "surplus"
        )
        return self.session.scalars(query).one()


def an_award_desk(
    session: Session, *, is_first_use: bool = False, now: datetime | None = None, **values: Any
) -> AwardDesk:
    """Of an award of 40 wan; of a first use 60 % are the maker's and 40 % the user's. `now`: the day after by default."""
    season = a_season(session)
    make = a_first_use if is_first_use else an_application
    application = make(season, state="admitted", **values)
    scored(season, application, 80)
    announcement = decided(season)
    award = session.scalars(select(Award).where(Award.application_id == application.id)).one()
    owners = [session.get_one(Enterprise, each.enterprise_id) for each in award.beneficiaries]
    members = [member_of_enterprise(session, each) for each in owners]
    return AwardDesk(season, award, members, now or announcement.ends_at + timedelta(days=1))
