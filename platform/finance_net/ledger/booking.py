"""Carrying out one transfer: what is written, all of it or nothing, and what stood in the way if nothing was."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from psycopg.types.numeric import Int8
from sqlalchemy.orm import Session

from backbone import audit
from backbone.actor import Actor
from backbone.chain.models import content_of
from finance_net.ledger.asking import Asked
from finance_net.ledger.models import Transfer, TransferReason, balances_of
from finance_net.ledger.statements import BOOK
from finance_net.ledger.steps import Bucket, Step, after, is_sound


@dataclass(frozen=True)
class Draw:
    """By how much a hold changes; a whole one must be empty afterwards, or somebody else was there meanwhile."""

    hold_id: UUID
    delta_fen: int
    is_whole: bool = False


@dataclass(frozen=True)
class Place:
    """The envelopes that a transfer touches, how often it counts in each, and the fund's own, whose lock goes first."""

    fund_id: UUID
    envelope_id: UUID
    root_id: UUID
    touches: Sequence[UUID]
    signs: Sequence[int]

    @classmethod
    def along(cls, fund_id: UUID, path: Sequence[UUID]) -> "Place":
        """An envelope and all around it, as its path names them."""
        return cls(fund_id, path[-1], path[0], path, [1] * len(path))


@dataclass(frozen=True)
class Booking:
    """A transfer ready to be carried out."""

    transfer: Transfer
    place: Place
    deltas: Mapping[Bucket, int]
    draws: Sequence[Draw] = ()
    opens: Bucket | None = None
    home_id: UUID | None = None


@dataclass(frozen=True)
class Short:
    """An envelope that would not stand: its balances as they are."""

    id: UUID
    title: str
    balances: Mapping[Bucket, int]


@dataclass(frozen=True)
class Outcome:
    """Whether it was booked; if not, whether the id is known, whether its holds have moved, and which envelopes are short."""

    is_booked: bool
    is_known: bool
    holds_fit: bool
    short: Sequence[Short]


def booking_of(
    asked: Asked, step: Step, place: Place, *, number: int, amount_fen: int, rest_fen: int = 0, effective_on: date,
    actor_id: UUID | None, approver_id: UUID | None = None, draws: Sequence[Draw] = (), home_id: UUID | None = None,
    now: datetime,
) -> Booking:  # fmt: skip
    """The transfer, stamped, with what it does to envelopes and holds."""
    transfer = Transfer(
        id=asked.id, number=number, fund_id=place.fund_id, envelope_id=place.envelope_id, kind=str(step.kind),
        amount_fen=amount_fen, rest_fen=rest_fen, hold_id=asked.hold_id,
        bucket=str(step.of) if asked.hold_id and step.of else None, reverses_id=asked.reverses_id,
        touches=list(place.touches), signs=list(place.signs), expires_at=asked.expires_at,
        wording=TransferReason(reason=asked.reason), actor_id=actor_id, approver_id=approver_id, request_hash=asked.request_hash, effective_on=effective_on,
        recorded_at=now,
    )  # fmt: skip
    transfer.stamp()
    return Booking(transfer, place, step.deltas(amount_fen, rest_fen), draws, step.opens, home_id)


def book(session: Session, actor: Actor, booking: Booking, *, now: datetime) -> Outcome:
    """Write the transfer with its legs, its holds and its audit event, or nothing at all."""
    said = session.connection().execute(BOOK, parameters_of(actor, booking, now)).one()
    is_booked = said.fits and said.holds and not said.known
    if is_booked and said.moved != len(booking.place.touches):
        raise AssertionError(f"{said.moved} of {len(booking.place.touches)} envelopes were moved")
    short = _short(said.stood or (), booking)
    return Outcome(is_booked, said.known, said.holds, short)


def _short(stood: Sequence[Mapping[str, Any]], booking: Booking) -> list[Short]:
    """Of the envelopes as they stood, those that would not stand any more."""
    signs = dict(zip(map(str, booking.place.touches), booking.place.signs, strict=True))
    found = []
    for row in stood:
        balances, sign = balances_of(SimpleNamespace(**row)), signs.get(row["id"], 0)
        change = {bucket: sign * fen for bucket, fen in booking.deltas.items()}
        if not is_sound(after(balances, change)):
            found.append(Short(UUID(row["id"]), row["title"], balances))
    return found


def parameters_of(actor: Actor, booking: Booking, now: datetime) -> dict[str, Any]:
    """What the booking statement is given."""
    transfer, place = booking.transfer, booking.place
    said = {"number": transfer.number, "amount_fen": transfer.amount_fen, "envelope_id": transfer.envelope_id}
    event = audit.event_of(actor, transfer.kind, transfer, now=now, after=said)
    given: dict[str, Any] = {
        "locks": [place.root_id, *place.touches], "reason": transfer.reason,
        "holds": [draw.hold_id for draw in booking.draws], "deltas": [draw.delta_fen for draw in booking.draws],
        "wholes": [draw.is_whole for draw in booking.draws],
        **{str(bucket): fen for bucket, fen in booking.deltas.items()}, **_columns(transfer, ""), **_columns(event, "a_"),
        "opens": booking.opens and str(booking.opens), "home_id": booking.home_id,
    }  # fmt: skip
    return {name: _sent(value) for name, value in given.items()}


def _columns(row: Any, prefix: str) -> dict[str, Any]:
    said = {**content_of(row)[1], "content_hash": row.content_hash}
    return {prefix + name: value for name, value in said.items()}


def _sent(value: Any) -> Any:
    """Whole numbers always as bigint: psycopg names the smallest type that holds one, and the statement would be prepared
    for every size of amount anew.
    """
    if type(value) is int:
        return Int8(value)
    if isinstance(value, dict):
        return json.dumps(value)
    if isinstance(value, list | tuple):
        return [_sent(entry) for entry in value]
    return value
