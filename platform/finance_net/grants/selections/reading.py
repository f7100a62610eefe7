"""Reading selections, and the state of a round and its fund from which one is made."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.errors import NotFound
from backbone.pages import Page, read_page
from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.applications.reading import of_round
from finance_net.grants.life import APPLICATION
from finance_net.grants.models import GrantRound
from finance_net.grants.permissions import require_reader
from finance_net.grants.reviews.scoring import passes
from finance_net.grants.selections.modelling import Left, model_of
from finance_net.grants.selections.models import GrantAllocation, GrantApproval, GrantSelection
from finance_net.ledger.opening import root_of
from finance_net.ledger.reading import standings
from finance_net.ledger.steps import Bucket
from finance_net.rounds.round import Round
from finance_net.rounds.selecting import Selection

SORTS = {"computed_at": GrantSelection.computed_at}
EXCLUDED = APPLICATION.after("exclude")
TAKING_PART = (APPLICATION.after("admit"), APPLICATION.after("award"))


def list_selections(session: Session, actor: Actor, asked: Mapping[str, Any]) -> Page[dict[str, Any]]:
    """A page of the selections of a round; raises Forbidden."""
    require_reader(actor)
    query = select(GrantSelection)
    if asked.get("round_id"):
        query = query.where(GrantSelection.round_id == asked["round_id"])
    page = read_page(session, query, asked, SORTS, GrantSelection.id)
    return Page([selection_view(session, each) for each in page.items], page.next_cursor)


def selection_of(session: Session, actor: Actor, selection_id: UUID) -> GrantSelection:
    """The selection; raises Forbidden, NotFound."""
    require_reader(actor)
    found = session.get(GrantSelection, selection_id)
    if found is None:
        raise NotFound()
    return found


def latest_of(session: Session, round_id: UUID) -> UUID | None:
    """The newest selection of the round."""
    newest = select(GrantSelection.id).where(GrantSelection.round_id == round_id)
    return session.scalar(
        newest.order_by(GrantSelection.computed_at.desc(), GrantSelection.id.desc()).limit(1)
    )


def is_overtaken(session: Session, round_id: UUID) -> bool:
    """Whether the newest selection funds an application that is out since: then the pool waits to be solved anew.

    One that it did not fund is missed by nobody: without it the best answer is the same.
    """
    newest = latest_of(session, round_id)
    if newest is None:
        return False
    funded = result_of(session.get_one(GrantSelection, newest)).amounts
    return any(each.number in funded for each in of_round(session, round_id, EXCLUDED))


def result_of(row: GrantSelection) -> Selection:
    """What came out of it."""
    said = json.loads(bytes(row.result))
    return Selection(
        said["score"], {each["id"]: each["amount_fen"] for each in said["selected"]}, tuple(said["conflict"])
    )


def standing_of(session: Session, round_id: UUID) -> dict[str, int]:
    """What earlier selections set aside and nobody took back: fen by number."""
    query = select(GrantApplication.number, GrantAllocation.amount_fen).join(
        GrantAllocation, GrantAllocation.application_id == GrantApplication.id
    )
    rows = session.execute(query.where(GrantApplication.round_id == round_id, ~GrantAllocation.is_void))
    return {number: amount for number, amount in rows}


def model_now(session: Session, call: GrantRound, *, now: datetime) -> tuple[Round, int]:
    """The round as it would be solved now, with whoever reached the pass mark, and how much has happened to its fund."""
    rows = standings(session, call.fund_id, now=now)
    own = {row.envelope.id: row.balances[Bucket.AVAILABLE] for row in rows}
    paths = {row.envelope.id: row.envelope.path for row in rows}
    of = {id_: min(own[each] for each in path) for id_, path in paths.items()}
    around = set.intersection(*(set(paths[UUID(each["envelope_id"])]) for each in call.categories))
    left = Left(of, min(own[each] for each in around))
    applications = [
        each for each in of_round(session, call.id, *TAKING_PART) if passes(each.score, call.pass_mark)
    ]
    asked = model_of(call, applications, left, standing_of(session, call.id))
    return asked, root_of(session, call.fund_id).version


def selection_view(session: Session, row: GrantSelection) -> dict[str, Any]:
    """The certificate with its model and result as they were hashed, and who approved it."""
    approval = session.scalar(select(GrantApproval).where(GrantApproval.selection_id == row.id))
    found = result_of(row)
    return {
        "id": row.id, "round_id": row.round_id, "status": row.status, "score": found.score, "conflict": list(found.conflict),
        "selected": [{"number": number, "amount_fen": amount} for number, amount in found.amounts.items()],
        "model": bytes(row.model).decode(), "model_sha256": row.model_sha256, "fund_version": row.fund_version,
        "solver": row.solver, "is_verified": row.is_verified, "computed_by": row.computed_by, "computed_at": row.computed_at,
        "approved_by": approval and approval.approved_by, "approved_at": approval and approval.approved_at,
    }  # fmt: skip
