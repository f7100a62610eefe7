"""Explaining a selection, one application after the other: what is asked next, and keeping what was worked out. No solver here."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from finance_net.grants.applications.models import GrantApplication
from finance_net.grants.explanations.models import GrantExplaining, GrantExplanation
from finance_net.grants.life import ROUND
from finance_net.grants.models import GrantRound
from finance_net.grants.selections.modelling import read
from finance_net.grants.selections.models import GrantApproval, GrantSelection
from finance_net.grants.selections.reading import latest_of, result_of
from finance_net.rounds.explaining import WhyNot, not_funded
from finance_net.rounds.round import Round
from finance_net.rounds.selecting import Selection

LONGEST_FAILURE = 500
CALLED_OFF = ROUND.after("cancel")


@dataclass(frozen=True)
class Question:
    """Why `number` was not funded: all that its answer depends on."""

    selection_id: UUID
    number: str
    asked: Round
    selection: Selection


def start_explaining(session: Session, row: GrantSelection, *, now: datetime) -> GrantExplaining:
    """Put on record that each application which the selection does not fund is to be explained."""
    total = len(not_funded(read(bytes(row.model)), result_of(row)))
    explaining = GrantExplaining(
        selection_id=row.id, model_sha256=row.model_sha256, total=total, created_at=now, updated_at=now,
        ended_at=None if total else now,
    )  # fmt: skip
    session.add(explaining)
    session.flush()
    return explaining


def next_question(session: Session, selection_id: UUID, *, now: datetime) -> Question | None:
    """The first application, by number, that is not explained yet; None once all are, or nobody waits for the answer any more."""
    explaining = _locked(session, selection_id)
    if explaining is None or explaining.ended_at is not None:
        return None
    row = session.get_one(GrantSelection, selection_id)
    if _is_overtaken(session, row):
        explaining.ended_at = explaining.updated_at = now
        return None
    asked, found = read(bytes(row.model)), result_of(row)
    explained = select(GrantApplication.number).join(
        GrantExplanation, GrantExplanation.application_id == GrantApplication.id
    )
    known = set(session.scalars(explained.where(GrantExplanation.selection_id == selection_id)))
    number = next(each for each in not_funded(asked, found) if each not in known)
    return Question(selection_id, number, asked, found)


def keep(session: Session, question: Question, told: WhyNot, *, now: datetime) -> bool:
    """Keep an answer, once however often it was worked out; whether there is another question."""
    explaining = _locked(session, question.selection_id)
    if explaining is None or explaining.ended_at is not None:
        return False
    number = select(GrantApplication.id).where(GrantApplication.number == question.number)
    row = insert(GrantExplanation).values(
        selection_id=question.selection_id, application_id=session.scalars(number).one(), score_lost=told.score_lost,
        displaced=list(told.displaced), joining=list(told.joining), cut=dict(told.cut_fen), conflict=list(told.conflict), explained_at=now,
    )  # fmt: skip
    kept = session.scalar(row.on_conflict_do_nothing().returning(GrantExplanation.application_id))
    if kept is not None:
        explaining.done, explaining.updated_at = explaining.done + 1, now
        explaining.ended_at = now if explaining.done == explaining.total else None
    session.flush()
    return explaining.ended_at is None


def fail(session: Session, selection_id: UUID, error: Exception, *, now: datetime) -> None:
    """Say why it came to nothing: what is explained stands, and the next selection is explained anew."""
    explaining = _locked(session, selection_id)
    if explaining is not None and explaining.ended_at is None:
        explaining.failure = f"{type(error).__name__}: {error}"[:LONGEST_FAILURE]
        explaining.ended_at = explaining.updated_at = now


def waiting(session: Session) -> list[tuple[UUID, UUID]]:
    """Selections, each with its round, whose explanations have not ended."""
    query = select(GrantSelection.id, GrantSelection.round_id).join(
        GrantExplaining, GrantExplaining.selection_id == GrantSelection.id
    )
    rows = session.execute(query.where(GrantExplaining.ended_at.is_(None)).order_by(GrantSelection.id))
    return [(selection_id, round_id) for selection_id, round_id in rows]


def _locked(session: Session, selection_id: UUID) -> GrantExplaining | None:
    return session.get(GrantExplaining, selection_id, with_for_update=True, populate_existing=True)


def _is_overtaken(session: Session, row: GrantSelection) -> bool:
    """Nobody can approve it any more: there is a newer one, or the round was called off. One that was approved is explained to its end."""
    if session.get_one(GrantRound, row.round_id).state == CALLED_OFF:
        return True
    if latest_of(session, row.round_id) == row.id:
        return False
    return session.scalar(select(GrantApproval.id).where(GrantApproval.selection_id == row.id)) is None
