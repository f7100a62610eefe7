"""Telling the story of a case: features of the finance net say each step in the transaction in which it happens."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.chain.content import canonical
from backbone.clock import local_date
from finance_net.cases.errors import StepToldOtherwise
from finance_net.cases.kinds import TITLES, StepKind
from finance_net.cases.models import CaseStep, FundCase


@dataclass(frozen=True)
class Subject:
    """What a step is about: a row by its table and id, and what is said of it (canonical JSON values, nobody's name)."""

    table: str
    id: UUID
    said: Mapping[str, Any]
    amount_fen: int | None = None


def open_case(
    session: Session, case_id: UUID, *, number: str, title: str, category: str, year: int, fund_id: UUID,
    enterprise_ids: Sequence[UUID], now: datetime,
) -> FundCase:  # fmt: skip
    """The case of an application, opened the first time; `case_id` is the application's own id."""
    known = session.get(FundCase, case_id)
    if known is not None:
        return known
    case = FundCase(
        id=case_id, number=number, title=title, category=category, year=year, fund_id=fund_id,
        enterprise_ids=sorted(set(enterprise_ids)), steps=0, opened_at=now,
    )  # fmt: skip
    session.add(case)
    session.flush()
    return case


def tell(session: Session, case_id: UUID, kind: StepKind, subject: Subject, *, now: datetime) -> CaseStep:
    """Add a step to the case, once; the same step told again is the one that there is.

    Raises StepToldOtherwise when it was told with another content or amount. Steps of one case queue at its row.
    """
    case = session.get_one(FundCase, case_id, with_for_update=True, populate_existing=True)
    content = canonical(dict(subject.said)).encode()
    digest = hashlib.sha256(content).hexdigest()
    told = (CaseStep.case_id == case_id, CaseStep.kind == kind, CaseStep.subject_id == subject.id)
    known = session.scalar(select(CaseStep).where(*told))
    if known is not None:
        if (known.sha256, known.amount_fen) != (digest, subject.amount_fen):
            raise StepToldOtherwise(number=case.number, step=TITLES[kind], known=known.sha256)
        return known
    case.steps += 1
    step = CaseStep(
        case_id=case_id, ordinal=case.steps, kind=str(kind), subject_kind=subject.table, subject_id=subject.id,
        amount_fen=subject.amount_fen, happened_on=local_date(now), content=content, sha256=digest, made_at=now,
    )  # fmt: skip
    step.stamp()
    session.add(step)
    session.flush()
    return step
