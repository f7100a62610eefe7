"""Reading cases: who may, the story of one with its places in the chain, and what the public is told of all."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.chain.content import content_hash
from backbone.chain.models import ChainLink, content_of
from backbone.clock import local_date
from backbone.errors import NotFound
from backbone.pages import Page, read_page
from finance_net.cases.kinds import TITLES, StepKind
from finance_net.cases.models import CHAIN, CaseStep, FundCase
from finance_net.cases.permissions import readable

SORTS = {"opened_at": FundCase.opened_at, "number": FundCase.number}


def list_cases(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[FundCase]:
    """A page of the cases that the actor may read."""
    query = select(FundCase).where(readable(actor))
    for name in ("number", "category", "year"):
        if asked.get(name) is not None:
            query = query.where(getattr(FundCase, name) == asked[name])
    return read_page(session, query, asked, SORTS, FundCase.id)


def case_of(session: Session, actor: Actor, case_id: UUID) -> FundCase:
    """The case; raises NotFound, also where the actor may not read it."""
    case = session.scalar(select(FundCase).where(FundCase.id == case_id, readable(actor)))
    if case is None:
        raise NotFound()
    return case


def steps_of(session: Session, case: FundCase) -> list[tuple[CaseStep, int | None]]:
    """Its steps in order, each with its position in the chain; None while it is not sealed."""
    linked = (ChainLink.chain == CHAIN.name) & (ChainLink.row_id == CaseStep.id)
    query = select(CaseStep, ChainLink.position).outerjoin(ChainLink, linked)
    rows = session.execute(query.where(CaseStep.case_id == case.id).order_by(CaseStep.ordinal))
    return [(step, position) for step, position in rows]


def case_view(session: Session, case: FundCase) -> dict[str, Any]:
    """The case step by step."""
    return {"case": case, "steps": [_step_view(step, position) for step, position in steps_of(session, case)]}


def summary(session: Session, on: date | None, *, now: datetime) -> dict[str, Any]:
    """What was awarded, paid, recovered and cancelled up to a day, today by default, in all and by year and category.

    What was awarded stays so when its award is closed; what of it was not paid then is `cancelled_fen`. `projects` counts the awarded; nobody is named.
    """
    on = on or local_date(now)
    rows = session.execute(
        select(
            FundCase.year, FundCase.category, CaseStep.kind,
            func.count(CaseStep.case_id.distinct()).label("cases"), func.sum(CaseStep.amount_fen).label("fen"),
        )
        .join(FundCase, FundCase.id == CaseStep.case_id)
        .where(CaseStep.kind.in_(list(_MEASURES)), CaseStep.happened_on <= on)
        .group_by(FundCase.year, FundCase.category, CaseStep.kind)
    )  # fmt: skip
    parts: dict[tuple[int, str], dict[str, int]] = {}
    for year, category, kind, cases, fen in rows:
        part = parts.setdefault((year, category), dict.fromkeys(_FIGURES, 0))
        measure, sign = _MEASURES[StepKind(kind)]
        part[measure] += sign * int(fen or 0)
        if kind == StepKind.AWARD:
            part["projects"] = cases
    whole = {name: sum(part[name] for part in parts.values()) for name in _FIGURES}
    listed = [
        {"year": year, "category": category} | parts[year, category] for year, category in sorted(parts)
    ]
    return {"as_of_on": on} | whole | {"parts": listed}


_MEASURES: Mapping[StepKind, tuple[str, int]] = {
    StepKind.AWARD: ("awarded_fen", 1),
    StepKind.PAYMENT: ("paid_fen", 1),
    StepKind.RETURN: ("paid_fen", -1),
    StepKind.CLAWBACK: ("recovered_fen", 1),
    StepKind.RECOVERY_WITHDRAWN: ("recovered_fen", -1),
    StepKind.CANCELLED: ("cancelled_fen", 1),
}
"""What a step adds to; a payment that came back was none. It is told after the payment, so that no day has less than nothing."""
_FIGURES = ("projects", *dict.fromkeys(name for name, _ in _MEASURES.values()))


def _step_view(step: CaseStep, position: int | None) -> dict[str, Any]:
    content = bytes(step.content)
    is_whole = hashlib.sha256(content).hexdigest() == step.sha256 and content_hash(
        *content_of(step)
    ) == bytes(step.content_hash)
    return {
        "ordinal": step.ordinal, "kind": step.kind, "title": TITLES[StepKind(step.kind)], "happened_on": step.happened_on,
        "amount_fen": step.amount_fen, "subject_kind": step.subject_kind, "subject_id": step.subject_id,
        "content": content.decode(), "sha256": step.sha256, "position": position, "is_whole": is_whole,
    }  # fmt: skip
