"""Scorecards and hand-overs for tests; every weight here is made up for the test and says so."""

from typing import Any

from sqlalchemy.orm import Session

import sanwang.models  # noqa: F401  # scores refer to tables that their own package does not import
from backbone.actor import PROVINCE, Actor, Role
from backbone.directory.models import Enterprise
from finance_net.credit.handovers.models import CreditHandover
from finance_net.credit.handovers.service import ask_credit, hand_over_credit
from finance_net.credit.models import CreditScore, StoredScorecard
from finance_net.credit.service import load_scorecard, score_enterprise
from tests.factories.identity import an_actor, of
from tests.factories.ledger import AT

CARD = """\
key: test-card
title: {zh: 测试评分卡（虚构权重）, en: A card of the tests with weights made up}
since: 2026-01-01
source: 测试
source_as_of: 2026-01-01
whole: 100
dimensions:
  - {key: ability, title: {zh: 创新能力, en: Ability}}
  - {key: outlook, title: {zh: 发展前景, en: Outlook}}
groups:
  - key: start_up
    title: {zh: 初创期, en: Start-up}
    when: [{reads: years, below: 5}, {reads: revenue, below: 2000}]
  - key: mature
    title: {zh: 稳定期, en: Mature}
indicators:
  - key: patents
    title: {zh: 发明专利数, en: Patents}
    dimension: ability
    better: more
    weights: {start_up: 60, mature: 30}
    bands: [{points: 0}, {from: 1, points: 50}, {from: 10, points: 100}]
  - key: debt
    title: {zh: 资产负债率, en: Debt ratio}
    dimension: outlook
    reads: debt_ratio
    better: less
    weights: {start_up: 40, mature: 70}
    bands: [{points: 100}, {from: 0.5, points: 60}, {from: 0.8, points: 0}]
"""
VALUES = {"years": "3", "revenue": "500", "patents": "4", "debt_ratio": "0.6"}


def given(**values: str) -> list[dict[str, Any]]:
    """The values as a scoring gives them."""
    return [
        {"reads": name, "value": value, "as_of_on": AT.date().isoformat(), "source": "企业申报表"}
        for name, value in (values or VALUES).items()
    ]


def a_manager(session: Session) -> Actor:
    return an_actor(session, (Role.FUND_MANAGER, PROVINCE))


def a_scorecard(session: Session, text: str = CARD) -> StoredScorecard:
    return load_scorecard(session, a_manager(session), text, file="card.yaml", now=AT)


def a_score(session: Session, enterprise: Enterprise, card: StoredScorecard, **values: str) -> CreditScore:
    """By values that are not on record of the enterprise."""
    said: dict[str, Any] = {"key": card.key, "as_of_on": AT.date(), "values": given(**values)}
    return score_enterprise(session, a_manager(session), enterprise.id, now=AT, **said)


def a_credit_handover(
    session: Session, enterprise: Enterprise, *, manager: Actor | None = None, days: int | None = 5, now: Any = AT,
    wish: str = "流动资金",
) -> CreditHandover:  # fmt: skip
    """The enterprise consents and, with `days`, a bank is asked."""
    member = an_actor(session, (Role.ENTERPRISE_MEMBER, of(enterprise)))
    said = {"product_key": "knowledge-value-loan", "need_id": None, "wish": wish, "consents": True}
    asked = ask_credit(session, member, enterprise.id, said, now=now)
    if days is not None:
        manager = manager or a_manager(session)
        hand_over_credit(session, manager, asked["id"], bank="测试银行", answer_days=days, now=now)
    return session.get_one(CreditHandover, asked["id"])
