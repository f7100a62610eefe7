"""Slowing down whoever guesses passwords, without locking the real person out; docs/adr/0014 argues it.

Two budgets, both of the place from which the attempts come, never of a login alone: whoever guesses from elsewhere
spends a budget of their own. An attempt is paid before the password is looked at, in a transaction of its own, so that
hundreds at once cannot all slip through and no rollback gives anything back; a success is paid back.
"""

import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, request
from sqlalchemy import DateTime, Interval, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backbone import digests
from backbone.addresses import networks_of, place_of, source_of
from backbone.db import transaction
from backbone.identity.errors import TooManyAttempts
from backbone.identity.models import LoginBudget

KNOWN_FOR = timedelta(days=30)
AT_ONCE = 2
"""Attempts of one place that a process works on at a time: each takes 64 MiB and 50 ms of a core."""


@dataclass(frozen=True)
class Budget:
    """`most` attempts at once; a spent one comes back every `regained_every`."""

    name: str
    most: int
    regained_every: timedelta


OF_PAIR = Budget("login at place", 10, timedelta(seconds=90))
"""Guessing one login from one place: 10, then 40 an hour."""
OF_PLACE = Budget("place", 50, timedelta(seconds=18))
"""Trying many logins from one place: 50, then 200 an hour. Who logged in from there lately does not need it."""

_working: Counter[str] = Counter()
_lock = threading.Lock()


@contextmanager
def one_attempt(body: Mapping[str, Any], now: datetime) -> Iterator[None]:
    """Around the check of a password: raises TooManyAttempts before it, remembers the place after a success."""
    settings = current_app.extensions["settings"]
    forwarded = request.headers.getlist("X-Forwarded-For")
    place = place_of(source_of(request.remote_addr, forwarded, networks_of(settings.trusted_proxies)))
    with _few_at_once(place):
        with transaction() as session:
            spend(session, body["login"], place, now)
        yield
        with transaction() as session:
            welcome(session, body["login"], place, now)


def spend(session: Session, login: str, place: str, now: datetime) -> None:
    """Pay for one attempt; raises TooManyAttempts, and then nothing is paid."""
    if not _is_known(session, login, place, now):
        _pay(session, OF_PLACE, (place,), now)
    _pay(session, OF_PAIR, (login, place), now)


def welcome(session: Session, login: str, place: str, now: datetime) -> None:
    """Give back what this login has spent here, and know it here from now on."""
    if not _is_known(session, login, place, now):
        back = {"spent_until": LoginBudget.spent_until - OF_PLACE.regained_every}
        session.execute(update(LoginBudget).where(LoginBudget.key == _key(OF_PLACE.name, place)).values(back))
    session.execute(delete(LoginBudget).where(LoginBudget.key == _key(OF_PAIR.name, login, place)))
    known = insert(LoginBudget).values(key=_key("known", login, place), spent_until=now + KNOWN_FOR)
    session.execute(
        known.on_conflict_do_update(index_elements=["key"], set_={"spent_until": now + KNOWN_FOR})
    )


def forget_lapsed(session: Session, now: datetime) -> None:
    """Drop the budgets that are whole again and the places that count as known no longer."""
    session.execute(delete(LoginBudget).where(LoginBudget.spent_until < now))


_AT = DateTime(timezone=True)
_NOW, _LIMIT = bindparam("now", type_=_AT), bindparam("limit", type_=_AT)
_EVERY = bindparam("every", type_=Interval())
_SPENT = func.greatest(LoginBudget.spent_until, _NOW) + _EVERY
# One row, one statement: of many attempts at once each sees what the others have paid.
PAY = (
    insert(LoginBudget)
    .values(key=bindparam("key"), spent_until=_NOW + _EVERY)
    .on_conflict_do_update(index_elements=["key"], set_={"spent_until": _SPENT}, where=_SPENT <= _LIMIT)
    .returning(LoginBudget.spent_until)
)


def _pay(session: Session, budget: Budget, of: tuple[str, ...], now: datetime) -> None:
    key, every = _key(budget.name, *of), budget.regained_every
    limit = now + budget.most * every
    if session.scalar(PAY, {"key": key, "now": now, "every": every, "limit": limit}) is None:
        spent = session.scalar(select(LoginBudget.spent_until).where(LoginBudget.key == key)) or limit
        raise TooManyAttempts(retry_after_s=max(1, -(-(spent + every - limit) // timedelta(seconds=1))))


def _is_known(session: Session, login: str, place: str, now: datetime) -> bool:
    until = select(LoginBudget.spent_until).where(LoginBudget.key == _key("known", login, place))
    return (session.scalar(until) or now) > now


def _key(*parts: str) -> str:
    # Logins and addresses are personal data: a keyed digest counts as well.
    return digests.digest("\0".join(parts))


@contextmanager
def _few_at_once(place: str) -> Iterator[None]:
    """Keep one place from occupying the process; nothing is spent by who is sent away here."""
    with _lock:
        if _working[place] >= AT_ONCE:
            raise TooManyAttempts(retry_after_s=1)
        _working[place] += 1
    try:
        yield
    finally:
        with _lock:
            _working[place] -= 1
            if not _working[place]:
                del _working[place]
