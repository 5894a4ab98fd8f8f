"""A check names the city of the address it came from, and keeps no address."""

import ipaddress
import struct

import pytest

from gi_trace.database import db
from gi_trace.verification.models import Check
from tests.cast import code, make_activated_batch

HEADER_BYTES, INDEX_BYTES = 256, 256 * 256 * 8
PEOPLE = {"203.0.113.7": "广州市", "203.0.113.200": "海南省", "198.51.100.1": None, "2001:db8::7": None}


@pytest.fixture
def city_db(tmp_path):
    """A small file in the format of ip2region (xdb 2.0): header, index by the first two bytes, ranges, texts."""
    places = [
        ("203.0.113.0", "203.0.113.127", "中国|广东省|广州市|示范网"),
        ("203.0.113.128", "203.0.113.255", "中国|海南省|0|示范网"),
    ]
    texts = [place.encode() for *_, place in places]
    at = HEADER_BYTES + INDEX_BYTES
    ranges_at = at + sum(map(len, texts))
    ranges = b""
    for (first, last, _), text in zip(places, texts, strict=True):
        ends = (int(ipaddress.ip_address(end)) for end in (first, last))
        ranges += struct.pack("<IIHI", *ends, len(text), at)
        at += len(text)
    index = bytearray(INDEX_BYTES)
    struct.pack_into("<II", index, (203 * 256 + 0) * 8, ranges_at, ranges_at + len(ranges) - 14)
    header = struct.pack("<HHIII", 2, 1, 0, ranges_at, ranges_at + len(ranges) - 14).ljust(
        HEADER_BYTES, b"\0"
    )
    file = tmp_path / "cities.xdb"
    file.write_bytes(header + index + b"".join(texts) + ranges)
    return file


def test_each_check_has_its_city_or_province_and_the_next_visitor_reads_of_it(app, city_db):
    app.config["IP_CITY_DB"] = str(city_db)
    text = code(make_activated_batch())
    pages = [
        app.test_client()
        .get(f"/c/{text}", environ_base={"REMOTE_ADDR": address, "HTTP_USER_AGENT": "Phone"})
        .text
        for address in PEOPLE
    ]
    checks = db.session.query(Check).order_by(Check.number)
    assert [check.city for check in checks] == list(PEOPLE.values())
    assert "广州市" in pages[1] and "广州市" not in pages[0]


def test_no_address_is_on_the_disk_afterwards(app, city_db, tmp_path):
    app.config["IP_CITY_DB"] = str(city_db)
    text = code(make_activated_batch())
    for address in PEOPLE:
        app.test_client().get(f"/c/{text}", environ_base={"REMOTE_ADDR": address, "HTTP_USER_AGENT": "Phone"})
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("gi_trace.db*"))
    assert "广州市".encode() in kept
    for address in PEOPLE:
        assert address.encode() not in kept
