"""The address around a printed code: /c/<code>, or GS1 Digital Link /01/<GTIN>/10/<batch>/21/<code>.

Scheme and host are lower case and the code upper case, so that a QR symbol can hold the code in alphanumeric
mode. GTIN, AI 10 and AI 21 are of the GS1 General Specifications, the path of GS1 Digital Link 1.2.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from gi_trace.codes.unit_code import Malformed, batch_text, parse, parse_batch_text

_PATH = re.compile(
    r"/c/(?P<plain>[^/]+)/?|/01/(?P<gtin>[^/]+)(?:/10/(?P<batch>[^/]+))?/21/(?P<serial>[^/]+)/?"
)
NO_BATCH = -1


@dataclass(frozen=True)
class Address:
    """What an address says; a GTIN or batch number that the code contradicts makes the code not ours.

    So the GTIN is kept as it stands, filled to 14, and what is no batch number is NO_BATCH.
    """

    code: str
    gtin: str | None = None
    batch_number: int | None = None


def has_right_check_digit(gtin: str) -> bool:
    """Whether these digits are a GTIN-8, -12, -13 or -14 with a right check digit (mod 10)."""
    if not re.fullmatch(r"[0-9]{8}|[0-9]{12,14}", gtin):
        return False
    return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(gtin))) % 10 == 0


def printed_prefix(public_url: str, gtin: str | None = None, batch_number: int | None = None) -> str:
    """All of a printed address before the code; ValueError for a wrong GTIN or an address that is none."""
    site = urlsplit(public_url.strip())
    if site.scheme.lower() not in ("http", "https") or not site.netloc:
        raise ValueError(f"{public_url!r} is no address of a site")
    start = f"{site.scheme.lower()}://{site.netloc.lower()}{site.path.rstrip('/')}"
    if gtin is None:
        return f"{start}/c/"
    if batch_number is None or not has_right_check_digit(gtin):
        raise ValueError("a Digital Link needs a batch number and a GTIN with a right check digit")
    return f"{start}/01/{gtin.zfill(14)}/10/{batch_text(batch_number)}/21/"


def parse_address(text: str) -> Address:
    """What an address or path in one of the two printed forms says; or Malformed."""
    path = _PATH.search(_path_of(text))
    if path is None:
        raise Malformed("not an address of a code")
    if path["plain"]:
        return Address(parse(path["plain"]))
    return Address(parse(path["serial"]), path["gtin"].zfill(14), _batch_number(path["batch"]))


def read_address(text: str) -> Address:
    """What was scanned, pasted or typed: an address, or a code as it stands on the label; or Malformed."""
    return parse_address(text) if _PATH.search(_path_of(text)) else Address(parse(text))


def _path_of(text: str) -> str:
    try:
        return unquote(urlsplit(text.strip()).path)
    except ValueError:  # as of a host in broken brackets
        return ""


def _batch_number(text: str | None) -> int | None:
    try:
        return None if text is None else parse_batch_text(text)
    except Malformed:
        return NO_BATCH
