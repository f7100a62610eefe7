"""Reading why an application was not funded: what is kept, or how far it is. Nothing is solved here."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select, true
from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.errors import NotFound
from finance_net.grants.announcements.models import Announcement
from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.applications.reading import application_of
from finance_net.grants.explanations.models import (
    FAILED,
    OVERTAKEN,
    QUEUED,
    RUNNING,
    GrantExplaining,
    GrantExplanation,
)
from finance_net.grants.models import GrantRound
from finance_net.grants.permissions import may_read_all
from finance_net.grants.reviews.scoring import why_below
from finance_net.grants.selections.modelling import read
from finance_net.grants.selections.models import GrantSelection
from finance_net.grants.selections.reading import result_of
from finance_net.rounds.explaining import WhyNot

EXPLAINED, FUNDED, BELOW, ABSENT = "explained", "funded", "below_pass_mark", "absent"
ANSWERS = (EXPLAINED, QUEUED, RUNNING, FAILED, OVERTAKEN, FUNDED, BELOW, ABSENT)
"""Known; being worked out; came to nothing; not worked out for there is a newer selection; funded; below the pass mark; took no part."""


def explain(session: Session, actor: Actor, selection_id: UUID, application_id: UUID) -> dict[str, Any]:
    """Why a selection did not fund an application: for managers and auditors, and for whoever applied once it was announced.

    Raises NotFound, also where the actor may not read the application or the selection.
    """
    application = application_of(session, actor, application_id)
    shown = select(GrantSelection).where(
        GrantSelection.id == selection_id,
        GrantSelection.round_id == application.round_id,
        _shown(actor),
    )
    row = session.scalar(shown)
    if row is None:
        raise NotFound()
    explaining = session.get_one(GrantExplaining, row.id)
    kept = session.get(GrantExplanation, (row.id, application.id))
    state = EXPLAINED if kept else _state_of(session, row, explaining, application)
    said = {
        "state": state, "model_sha256": row.model_sha256, "done": explaining.done, "total": explaining.total,
        "score_lost": None, "displaced": [], "joining": [], "cut": [], "conflict": [], "explained_at": None,
    }  # fmt: skip
    return said | (_told(kept) if kept else {})


def kept_of(session: Session, selection_id: UUID) -> dict[str, WhyNot]:
    """Every explanation of the selection that is kept, by the application's number."""
    query = select(GrantApplication.number, GrantExplanation).join(
        GrantApplication, GrantApplication.id == GrantExplanation.application_id
    )
    return {
        number: WhyNot(
            kept.score_lost, tuple(kept.displaced), tuple(kept.joining), kept.cut, tuple(kept.conflict)
        )
        for number, kept in session.execute(query.where(GrantExplanation.selection_id == selection_id))
    }


def _shown(actor: Actor) -> ColumnElement[bool]:
    if may_read_all(actor):
        return true()
    return exists().where(Announcement.selection_id == GrantSelection.id)


def _state_of(
    session: Session, row: GrantSelection, explaining: GrantExplaining, application: GrantApplication
) -> str:
    if application.number in result_of(row).amounts:
        return FUNDED
    if application.number in {each.id for each in read(bytes(row.model)).applications}:
        return explaining.state
    call = session.get_one(GrantRound, row.round_id)
    return BELOW if why_below(application.score, call.pass_mark) else ABSENT


def _told(kept: GrantExplanation) -> dict[str, Any]:
    return {
        "score_lost": kept.score_lost, "displaced": kept.displaced, "joining": kept.joining, "conflict": kept.conflict,
        "cut": [{"number": number, "amount_fen": fen} for number, fen in sorted(kept.cut.items())], "explained_at": kept.explained_at,
    }  # fmt: skip
