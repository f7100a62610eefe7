"""The ground network's nodes as scopes of roles: the network stands above the backbone and puts in what it knows of them.

Without a network nobody but an administrator grants anything within a node.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Text, cast, null
from sqlalchemy.orm import Session


class HoldOpen(Protocol):
    """Keeps a node from being closed until the transaction ends."""

    def __call__(self, session: Session, key: str) -> str | None:
        """The region that the open node of this key works for; None where there is no open one."""


@dataclass(frozen=True)
class Network:
    """What the network knows: the region of a node, closed or not, as SQL over its key; and how to hold one open."""

    region_of: Any
    hold_open: HoldOpen


_installed: list[Network] = []


def install_network(network: Network) -> None:
    """Make this the process's network."""
    _installed[:] = [network]


def region_of_node(key: ColumnElement[Any]) -> ColumnElement[str | None]:
    """The region that the node of this key works for, in SQL; null for no node."""
    region: ColumnElement[str | None] = _installed[0].region_of(key) if _installed else cast(null(), Text())
    return region


def hold_node_open(session: Session, key: str) -> str | None:
    """See `HoldOpen`; None where no network is installed."""
    return _installed[0].hold_open(session, key) if _installed else None
