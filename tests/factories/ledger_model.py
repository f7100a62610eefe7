"""The ledger in thirty lines, one request after the other: what every answer of the real one is compared with."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass
class Held:
    """Money that is held: open of its amount, in a bucket, perhaps with a commitment to go back to and an end."""

    bucket: str
    envelope: str
    amount: int
    open: int
    home: Any = None
    expires_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        return self.expires_at is None or self.expires_at > now


@dataclass
class Model:
    """`outer` says which envelope lies in which; a request is refused with the code of its refusal, or None."""

    outer: dict[str, str | None]
    limits: dict[str, int]
    holds: dict[Any, Held] = field(default_factory=dict)
    recovered: dict[Any, tuple[Any, int]] = field(default_factory=dict)

    def path(self, envelope: str | None) -> list[str]:
        return [envelope, *self.path(self.outer[envelope])] if envelope else []

    def available(self, envelope: str, now: datetime) -> int:
        live = [
            held for held in self.holds.values() if held.is_live(now) and envelope in self.path(held.envelope)
        ]
        return self.limits[envelope] - sum(held.open for held in live)

    def reserve(
        self, key: Any, envelope: str, amount: int, expires_at: datetime | None, now: datetime
    ) -> str | None:
        if expires_at is not None and expires_at <= now:
            return "not_yet"
        if any(self.available(each, now) < amount for each in self.path(envelope)):
            return "envelope_exceeded"
        self.holds[key] = Held("reserved", envelope, amount, amount, None, expires_at)
        return None

    def draw(self, kind: str, key: Any, hold: Any, amount: int | None, now: datetime) -> str | None:
        held = self.holds.get(hold)
        if held is None:
            return "not_found"
        if held.bucket not in {"commit": "reserved", "approve_tranche": "committed", "pay": "approved", "recover": "paid",
                               "void": "reserved committed approved"}[kind].split():  # fmt: skip
            return "wrong_hold"
        if held.bucket == "reserved" and not held.is_live(now) and held.open:
            return "hold_expired"
        if not held.open or (amount or 0) > held.open:
            return "hold_exceeded" if held.open else "hold_closed"
        taken = amount or held.open
        rest = held.open - taken if kind in ("commit", "pay") else 0
        held.open -= taken + rest
        back = rest if kind == "pay" else taken if kind == "void" else 0
        if held.home is not None and held.bucket == "approved":
            self.holds[held.home].open += back
        if opens := {"commit": "committed", "approve_tranche": "approved", "pay": "paid"}.get(kind):
            home = hold if kind == "approve_tranche" else held.home
            self.holds[key] = Held(opens, held.envelope, taken, taken, home)
        if kind == "recover":
            self.recovered[key] = hold, taken
        return None

    def reverse(self, reversed_: Any, now: datetime) -> str | None:
        if reversed_ in self.recovered:
            hold, amount = self.recovered[reversed_]
            if any(self.available(each, now) < amount for each in self.path(self.holds[hold].envelope)):
                return "envelope_exceeded"
            del self.recovered[reversed_]
            self.holds[hold].open += amount
            return None
        paid = self.holds[reversed_]
        if paid.open != paid.amount:
            return "recovered_from" if paid.open else "hold_closed"
        paid.open, self.holds[paid.home].open = 0, self.holds[paid.home].open + paid.amount
        return None

    def limit(self, envelope: str, limit: int, now: datetime) -> str | None:
        if limit == self.limits[envelope]:
            return "nothing_to_change"
        if self.available(envelope, now) + limit - self.limits[envelope] < 0:
            return "limit_below_use"
        self.limits[envelope] = limit
        return None
