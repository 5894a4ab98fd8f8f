"""Which addresses another office may have. Pure.

A name is looked up once and the connection goes to the very address that was looked at, so that a name which says
another one a moment later leads nowhere else.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

NAT64 = IPv6Network("64:ff9b::/96")


def networks_of(text: str) -> tuple[Network, ...]:
    """`10.0.0.0/8, fd00::/8`, as the operator lists them. Raises ValueError."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def is_allowed(text: str, listed: Iterable[Network]) -> bool:
    """Public, or in a network that the operator listed: extranets of the government are private ones."""
    address = _inner(ip_address(text.partition("%")[0]))
    if any(address in network for network in listed):
        return True
    return address.is_global and not address.is_multicast


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 one only wraps."""
    if not isinstance(address, IPv6Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo or address
