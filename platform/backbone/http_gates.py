"""What stands before an operation: who calls, and for the public ones whether they may try at all."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from flask import request
from sqlalchemy.orm import Session

from backbone import errors
from backbone.actor import Actor


class Authenticate(Protocol):
    """How a bearer token becomes an actor: identity provides it, the assembly installs it."""

    def __call__(self, session: Session, token: str, now: datetime, *, hold: bool = False) -> Actor:
        """The token's actor; with `hold`, nobody takes its roles away before the transaction ends.

        Raises Unauthenticated.
        """


class Gate(Protocol):
    """What is put around a public operation, outside its transaction; given the checked body."""

    def __call__(self, body: Mapping[str, Any], now: datetime) -> AbstractContextManager[None]:
        """A context within which the operation is carried out; entering it may refuse."""


def bearer_token() -> str:
    """The token as sent, before anything of the body is read: a stranger's megabytes are not worth looking at."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise errors.Unauthenticated()
    return token.strip()
