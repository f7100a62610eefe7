"""Cases for tests: `a_case(treasury, [enterprise.id])`, and `a_told_case` with a story from its receipt to an effect."""

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from backbone.db import new_id
from finance_net.cases.kinds import OF_MONEY, StepKind
from finance_net.cases.models import CaseStep, FundCase
from finance_net.cases.service import Subject, open_case, tell
from tests.factories.ledger import AT, Treasury

_numbers = count(1)
STORY = (
    StepKind.APPLICATION, StepKind.RECEIPT, StepKind.REVIEWS, StepKind.CERTIFICATE, StepKind.ANNOUNCEMENT, StepKind.AWARD,
    StepKind.PAYMENT, StepKind.RETURN, StepKind.PAYMENT, StepKind.EFFECT,
)  # fmt: skip


def a_case(treasury: Treasury, enterprise_ids: Sequence[UUID], **values: Any) -> FundCase:
    said: dict[str, Any] = {
        "number": f"GA-2026-{next(_numbers):06d}",
        "title": "测试项目",
        "category": "R",
        "year": 2026,
    }
    return open_case(
        treasury.session,
        new_id(),
        fund_id=treasury.fund.id,
        enterprise_ids=enterprise_ids,
        now=AT,
        **said | values,
    )


def a_step(
    treasury: Treasury, case: FundCase, kind: StepKind, *, now: datetime = AT, **values: Any
) -> CaseStep:
    amount = values.pop("amount_fen", 600 if kind in OF_MONEY else None)
    subject = Subject(
        "grant_applications", values.pop("subject_id", new_id()), {"说": kind.value} | values, amount
    )
    return tell(treasury.session, case.id, kind, subject, now=now)


def a_told_case(treasury: Treasury, enterprise_ids: Sequence[UUID], **values: Any) -> FundCase:
    case = a_case(treasury, enterprise_ids, **values)
    for kind in STORY:
        a_step(treasury, case, kind)
    return case
