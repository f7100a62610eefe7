"""Links: each holds the hash of the one before, so that the last one speaks for all of them.

A link is made of its place, the row's id and the row's content hash; positions count from 1 without a gap.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

FORM = b"sanwang chain 1\n"


@dataclass(frozen=True)
class Link:
    """One row's place in a chain."""

    position: int
    row_id: UUID
    content_hash: bytes
    link_hash: bytes


@dataclass(frozen=True)
class Tip:
    """Where a chain ends: the number of its links, and the hash of the last one."""

    position: int
    link_hash: bytes


def beginning(chain: str) -> Tip:
    """The tip of a chain that has no link yet; its name is part of every hash that follows."""
    return Tip(0, hashlib.sha256(FORM + chain.encode()).digest())


def hash_of_link(before: bytes, position: int, row_id: UUID, content_hash: bytes) -> bytes:
    """What the link at `position` must hold when the one before it holds `before`."""
    return hashlib.sha256(before + position.to_bytes(8, "big") + row_id.bytes + content_hash).digest()


def extended(tip: Tip, rows: Iterable[tuple[UUID, bytes]]) -> list[Link]:
    """The links of these rows (id, content hash) after `tip`, in their order."""
    links, before = [], tip.link_hash
    for position, (row_id, content) in enumerate(rows, tip.position + 1):
        before = hash_of_link(before, position, row_id, content)
        links.append(Link(position, row_id, content, before))
    return links
