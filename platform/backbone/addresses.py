"""Where a request comes from: the connection's address, or what a proxy says that the operator has named.

`X-Forwarded-For` is text that anybody can send; only what a trusted proxy appended to it is believed.
"""

import ipaddress
from collections.abc import Sequence
from functools import lru_cache

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
UNKNOWN = "unknown"
SHARED_PREFIX = 64
"""Bits of an IPv6 address that one customer has for himself: the rest he changes at will."""


@lru_cache(maxsize=8)
def networks_of(spelled: str) -> tuple[Network, ...]:
    """The networks of a comma-separated list such as `10.0.0.0/8, ::1`; raises ValueError naming the wrong one."""
    return tuple(ipaddress.ip_network(each.strip()) for each in spelled.split(",") if each.strip())


def source_of(connected: str | None, forwarded: Sequence[str], trusted: Sequence[Network]) -> str:
    """The address of the client: the last one of `forwarded` (each header in order) that no trusted proxy has.

    Without a trusted proxy at the other end of the connection, `forwarded` counts for nothing.
    """
    hops = [each.strip() for line in forwarded for each in line.split(",")]
    nearest = _address(connected)
    while nearest and hops and _is_trusted(nearest, trusted):
        before = _address(hops.pop())
        if before is None:
            break  # the proxy wrote no address: it answers for whatever stands behind it
        nearest = before
    return UNKNOWN if nearest is None else str(nearest)


def place_of(source: str) -> str:
    """What one customer's line looks like from outside: an IPv4 address, or the /64 around an IPv6 one."""
    address = _address(source)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, SHARED_PREFIX), strict=False))
    return UNKNOWN if address is None else str(address)


def _is_trusted(address: Address, trusted: Sequence[Network]) -> bool:
    return any(address in network for network in trusted)


def _address(spelled: str | None) -> Address | None:
    """None for what is no address; an IPv4 address dressed as IPv6 is the IPv4 address, and a zone index is dropped."""
    try:
        address = ipaddress.ip_address((spelled or "").partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
