"""The host of an address, as a browser would go there: what is before an @ is no host, and letters of other scripts
are written xn--. Pure."""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, unquote

DEFAULT_PORTS = {"http": "80", "https": "443"}
DOTS = re.compile("[\u3002\uff0e\uff61]")  # that browsers take for a dot
_PARTS = re.compile(r"(?:.*@)?(\[[^\]]*\]|.*?)(?::([0-9]*))?", re.DOTALL)
_ADDRESS = re.compile(r"(?:(https?):[/\\]*)?([^/\\?#\s]+)/?", re.IGNORECASE)
_NAME = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]+)?|\[[0-9a-f:.]+\](:[0-9]+)?")


def host_of(authority: str, scheme: str = "") -> str:
    """host or host:port of what stands between // and the path: lower case, without a port that goes without saying."""
    parts = _PARTS.fullmatch(authority)
    name, port = (parts[1], parts[2] or "") if parts else (authority, "")
    name, port = _ascii(DOTS.sub(".", unquote(name))).rstrip("."), port.lstrip("0")
    told = DEFAULT_PORTS.get(scheme.lower())
    return f"{name}:{port}" if port and port not in ((told,) if told else DEFAULT_PORTS.values()) else name


def shown_host(host: str) -> str:
    """For people: as xn--, and in its own letters beside it, since they may look like somebody else's.

    What nobody sees, or turns the direction of reading, stands as an address writes it, with %.
    """
    host = "".join(each if each.isprintable() else quote(each) for each in host)
    try:
        letters = ".".join(label.encode().decode("idna") for label in host.split("."))
    except UnicodeError:
        return host
    is_plain = all(each in "-.:" or _reads_on(each) for each in letters)
    return f"{host} ({letters})" if letters != host and is_plain else host


def _reads_on(each: str) -> bool:
    """A letter or figure that is read from left to right, or a mark on one."""
    return unicodedata.category(each)[0] in "LNM" and unicodedata.bidirectional(each) not in ("R", "AL", "AN")


def hosts_of(text: str) -> tuple[str, ...]:
    """Hosts listed with commas, with or without https:// before them. Raises ValueError for what is none."""
    listed = [one.strip() for one in text.split(",") if one.strip()]
    if wrong := [one for one in listed if not _ADDRESS.fullmatch(one)]:
        raise ValueError(f"{wrong[0]!r} is no host")
    return tuple(map(_host_in, listed))


@lru_cache(maxsize=20)
def own_hosts(public_url: str, former: tuple[str, ...] = ()) -> frozenset[str]:
    """Where printed labels may lead: the address printed now, and those of before."""
    return frozenset((_host_in(public_url), *former))


def _host_in(text: str) -> str:
    parts = _ADDRESS.match(text.strip())
    host = host_of(parts[2], parts[1] or "") if parts else ""
    if not _NAME.fullmatch(host):
        raise ValueError(f"{text!r} is no host")
    return host


def _ascii(name: str) -> str:
    try:
        return name.encode("idna").decode().lower()
    except UnicodeError:  # no name at all: told as it stands
        return name.lower()
