"""The address around a printed code: /c/<code>, or GS1 Digital Link /01/<GTIN>/10/<batch>/21/<code>.

Scheme and host are lower case and the code upper case, so that a QR symbol can hold the code in alphanumeric
mode. GTIN, AI 10, AI 21 and AI 22 are of the GS1 General Specifications, the path of GS1 Digital Link 1.2.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from gi_trace.codes.unit_code import Malformed, batch_text, parse, parse_batch_text

_PATH = re.compile(
    r"/c/(?P<plain>[^/]+)"
    r"|(?:/01/(?P<gtin>[^/]+)(?:/22/(?P<variant>[^/]+))?(?:/10/(?P<batch>[^/]+))?)?/21/(?P<serial>[^/]+)",
    re.IGNORECASE,
)
_QUALIFIER = re.compile(r"/(?:01|10|22)/")
_TYPED = ("", "/")  # paths under which the code stands in the query, as the first page writes it
NO_BATCH = -1


@dataclass(frozen=True)
class Address:
    """What an address says; a GTIN, batch number or variant that the code contradicts makes the code not ours.

    So the GTIN is kept as it stands, filled to 14, and what is no batch number is NO_BATCH, as is one that stands in
    another place than on a label. No label of ours names a consumer product variant (AI 22).
    """

    code: str
    gtin: str | None = None
    batch_number: int | None = None
    variant: str | None = None


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


def code_part(path: str, query: str = "") -> str:
    """What stands where the code belongs, as it was written; empty where nothing does."""
    if found := _PATH.search(unquote(path)):
        return found["plain"] or found["serial"]
    return parse_qs(query).get("code", [""])[0] if path in _TYPED else ""


def parse_path(path: str, query: str = "") -> Address:
    """What path and query of an address say; or Malformed."""
    code = _first_code(code_part(path, query))
    found = _PATH.search(unquote(path))
    if found is None:
        return Address(code)
    around = f"{unquote(path)[: found.start()]}/ /{unquote(path)[found.end() :]}/"
    batch_number = NO_BATCH if _QUALIFIER.search(around) else _batch_number(found["batch"])
    return Address(code, found["gtin"] and found["gtin"].zfill(14), batch_number, found["variant"])


def _first_code(text: str) -> str:
    """Of what is written on behind an address, as in a message, nothing is meant."""
    try:
        return parse(text)
    except Malformed:
        if not (words := text.split()):
            raise
        return parse(words[0])


def _batch_number(text: str | None) -> int | None:
    try:
        return None if text is None else parse_batch_text(text)
    except Malformed:
        return NO_BATCH
