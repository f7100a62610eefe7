"""The policy that a stored text says: read once per process, because a text never changes."""

import hashlib
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy.dialects.postgresql import Range

from policy_pack.engine.packs import read_policy
from policy_pack.engine.policy import Policy, Validity
from policy_pack.policies.models import PolicyText

KEPT = 2_000
"""Texts whose policy stays in memory; a province's pack with its history is a few hundred."""


def sha256_of(content: str) -> str:
    """The hash by which a text is known."""
    return hashlib.sha256(content.encode()).hexdigest()


def policy_of(text: PolicyText) -> Policy:
    """What the text says; it was read when it was stored, so nothing can be wrong with it now."""
    return _read(text.content, text.file_name)


def applied(policy: Policy, span: Range[date] | None) -> Policy:
    """The policy on the days on which its version counts: whatever ended the version ends its validity.

    An empty span belongs to a version that counts on no day; nobody evaluates one.
    """
    if span is None:
        return policy
    first, last = bounds(span)
    return replace(policy, validity=Validity(first, last, policy.validity.words))


def bounds(span: Range[Any]) -> tuple[date | None, date | None]:
    """First and last day of a span that is not empty, both included; PostgreSQL gives the day after the last."""
    last = span.upper
    if last is not None and not span.upper_inc:
        last = date.fromordinal(last.toordinal() - 1)
    return span.lower, last


@lru_cache(maxsize=KEPT)
def _read(content: str, file_name: str) -> Policy:
    return read_policy(content, file_name)
