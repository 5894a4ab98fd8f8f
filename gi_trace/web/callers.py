"""Who calls, by address: written in one way, however a proxy or the socket writes it."""

import hmac
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any

from flask import request

from gi_trace.keys import keys


@lru_cache(maxsize=2000)
def plain_address(text: str) -> str:
    """Without port, zone and the dress of an IPv4 address as an IPv6 one; "" for what is no address."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def household_of(address: str) -> str:
    """What one caller has for itself: an IPv4 address, or the /64 of an IPv6 one, in which it may choose any."""
    return _cut(address, 32, 64)


def network_of(address: str) -> str:
    """The /24 or /48 of an address: what the authority sees, and all of it that is ever stored."""
    return _cut(address, 24, 48)


def household() -> str:
    """The caller's, under which its limits count: hashed, since counts lie in a file, which keeps nobody's address."""
    place = household_of(request.remote_addr or "").encode()
    return hmac.digest(keys().devices, b"household\n" + place, "sha256")[:12].hex()


def _cut(address: str, bits_of_4: int, bits_of_6: int) -> str:
    if not (plain := plain_address(address)):
        return ""
    return str(ip_network(f"{plain}/{bits_of_6 if ':' in plain else bits_of_4}", strict=False))


class PlainAddresses:
    """WSGI middleware: everything behind it reads the plain address."""

    def __init__(self, app: Callable[..., Any]):
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        environ["REMOTE_ADDR"] = plain_address(environ.get("REMOTE_ADDR", ""))
        return self.app(environ, start_response)
