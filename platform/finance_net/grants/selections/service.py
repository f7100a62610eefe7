"""Selecting: the round is solved by a job, certified, and approved by a second person, who sets the money aside, all of it or none."""

import hashlib
from datetime import datetime
from importlib.metadata import version
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.chain.content import canonical
from backbone.errors import Bilingual
from finance_net.cases.kinds import StepKind
from finance_net.cases.service import Subject, tell
from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.applications.reading import of_round
from finance_net.grants.errors import LedgerMoved, NothingSelected, RoundMoved, SecondPerson
from finance_net.grants.explanations import service as explaining
from finance_net.grants.life import APPLICATION, ROUND
from finance_net.grants.models import GrantRound
from finance_net.grants.permissions import require_manager
from finance_net.grants.reading import round_of
from finance_net.grants.reviews.service import close_reviews
from finance_net.grants.selections.modelling import written
from finance_net.grants.selections.models import GrantAllocation, GrantApproval, GrantSelection
from finance_net.grants.selections.reading import latest_of, model_now, result_of, selection_of, standing_of
from finance_net.ledger.expiring import lock_fund
from finance_net.ledger.opening import root_of
from finance_net.ledger.service import reserve
from finance_net.rounds.selecting import Selection
from finance_net.rounds.selecting import select as solve
from finance_net.rounds.verifying import broken_by

SOLVER = "ortools"
INFEASIBLE = Bilingual("该批次无解：{conflict}", "No selection keeps all of these: {conflict}")
NOTHING_NEW = Bilingual("没有新增入选项目", "Nobody is funded beside what stands")
RESERVED = "遴选预留 {number} / set aside by the selection for {number}"
ADMITTED = APPLICATION.after("admit")


def select_grants(session: Session, actor: Actor, round_id: UUID, *, now: datetime) -> GrantRound:
    """Close the reviews and have the round solved, which `compute` does later.

    Raises NotFound, Forbidden, StateConflict, NotDecidedYet, ReviewsMissing.
    """
    require_manager(actor)
    call = round_of(session, actor, round_id, locked=True)
    ROUND.after("approve", call.state)
    if call.state == ROUND.after("close"):
        close_reviews(session, call, now=now)
    call.updated_at = now
    session.flush()
    audit.record(session, actor, "select_grants", call, now=now, after={"state": call.state})
    return call


def compute(session: Session, actor: Actor, round_id: UUID, *, now: datetime) -> GrantSelection:
    """Solve the round as it is and certify the answer; the verifier re-checks it without the solver. Whoever is left out is explained later."""
    call = session.get_one(GrantRound, round_id)
    asked, moves = model_now(session, call, now=now)
    found = solve(asked)
    broken = () if found.conflict else broken_by(asked, found.amounts)
    if broken:
        raise AssertionError(f"the solver's answer breaks {', '.join(broken)}")
    model = written(asked)
    row = GrantSelection(
        round_id=round_id, model=model, model_sha256=hashlib.sha256(model).hexdigest(), fund_version=moves, solver=f"{SOLVER} {version(SOLVER)}",
        status=found.status, result=_result(found), is_verified=True, computed_by=actor.account_id, computed_at=now,
    )  # fmt: skip
    row.stamp()
    session.add(row)
    session.flush()
    explaining.start_explaining(session, row, now=now)
    after = {"round_id": round_id, "status": row.status, "model_sha256": row.model_sha256}
    audit.record(session, actor, "compute_selection", row, now=now, after=after)
    return row


def approve_selection(session: Session, actor: Actor, selection_id: UUID, *, now: datetime) -> GrantSelection:
    """Set aside what it funds beside what stands, all of it or nothing.

    Raises NotFound, Forbidden, StateConflict, SecondPerson, NothingSelected, RoundMoved, LedgerMoved, and what `reserve` raises.
    """
    require_manager(actor)
    row = selection_of(session, actor, selection_id)
    call = round_of(session, actor, row.round_id, locked=True)
    state = ROUND.after("approve", call.state)
    if row.computed_by == actor.account_id:
        raise SecondPerson()
    _require_fresh(session, call, row, now)
    additions = _additions(session, call, row)
    session.add(
        GrantApproval(
            selection_id=row.id, computed_by=row.computed_by, approved_by=actor.account_id, approved_at=now
        )
    )
    for application, amount in additions:
        _set_aside(session, actor, call, row, application, amount, now)
    call.state, call.updated_at = state, now
    session.flush()
    told = {
        "selection_id": row.id,
        "funded": len(additions),
        "sum_fen": sum(amount for _, amount in additions),
    }
    audit.record(session, actor, "approve_selection", call, now=now, after=told)
    return row


def _set_aside(
    session: Session,
    actor: Actor,
    call: GrantRound,
    row: GrantSelection,
    application: GrantApplication,
    amount: int,
    now: datetime,
) -> None:
    """Reserve one amount in its category's envelope, and tell the case which certificate it rests on."""
    envelope_id = next(
        UUID(each["envelope_id"]) for each in call.categories if each["key"] == application.category
    )
    hold = reserve(
        session, actor, envelope_id, amount, reason=RESERVED.format(number=application.number),
        transfer_id=uuid5(row.id, application.number), now=now,
    )  # fmt: skip
    session.add(
        GrantAllocation(
            selection_id=row.id, application_id=application.id, amount_fen=amount, hold_id=hold.id
        )
    )
    said = {
        "model_sha256": row.model_sha256, "amount_fen": amount, "score": application.score, "reservation": hold.id,
    }  # fmt: skip
    tell(session, application.id, StepKind.CERTIFICATE, Subject("grant_selections", row.id, said), now=now)


def _require_fresh(session: Session, call: GrantRound, row: GrantSelection, now: datetime) -> None:
    """Under the fund's lock: the selection is the latest, and neither the ledger nor the round has moved since."""
    lock_fund(session, call.fund_id)
    moves = root_of(session, call.fund_id).version
    if moves != row.fund_version:
        raise LedgerMoved(then=row.fund_version, now=moves)
    asked, _ = model_now(session, call, now=now)
    if latest_of(session, call.id) != row.id or written(asked) != bytes(row.model):
        raise RoundMoved()


def _additions(session: Session, call: GrantRound, row: GrantSelection) -> list[tuple[GrantApplication, int]]:
    found, standing = result_of(row), standing_of(session, call.id)
    if found.conflict:
        raise NothingSelected(why=INFEASIBLE.format(conflict=", ".join(found.conflict)))
    new = {number: amount for number, amount in found.amounts.items() if number not in standing}
    if not new:
        raise NothingSelected(why=NOTHING_NEW)
    return [(each, new[each.number]) for each in of_round(session, call.id, ADMITTED) if each.number in new]


def _result(found: Selection) -> bytes:
    selected = [{"id": number, "amount_fen": amount} for number, amount in found.amounts.items()]
    return canonical({"score": found.score, "selected": selected, "conflict": list(found.conflict)}).encode()
