"""Where a webhook may lead: never into our own networks, whatever an administrator typed or a name resolves to.

The check is made on the addresses at the moment of sending, and the connection goes to the very address that was
checked: a name that answers otherwise a moment later leads nowhere.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

from backbone.notices.outcomes import Failed, Refused
from backbone.settings import SettingUnusable

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks(setting: str) -> tuple[Network, ...]:
    """The private networks that webhooks may lead into; raises SettingUnusable."""
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in setting.split(",") if part.strip())
    except ValueError as error:
        raise SettingUnusable(
            f"WEBHOOK_PRIVATE_NETWORKS 有误：{error} / WEBHOOK_PRIVATE_NETWORKS is not a list of networks: {error}"
        ) from error


def is_allowed(address: str, allowed: tuple[Network, ...]) -> bool:
    """Whether messages may go to this address: the public Internet, or a network named as allowed."""
    ip = ipaddress.ip_address(address)
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return (ip.is_global and not ip.is_multicast) or any(ip in network for network in allowed)


def address_for(url: str, allowed: tuple[Network, ...]) -> str:
    """One address of the URL's host to connect to; raises Refused for a forbidden one, Failed where none resolves."""
    parts = urlsplit(url)
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    except OSError as trouble:
        raise Failed("name_unresolved", type(trouble).__name__) from trouble
    addresses = [str(entry[4][0]) for entry in found]
    if not all(is_allowed(address, allowed) for address in addresses):
        raise Refused("address_forbidden")
    return addresses[0]
