"""Packages between offices: only what a registered office sealed for us is opened."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from gi_trace.offices.networks import networks_of
from gi_trace.offices.rules import (
    Message,
    MessageKind,
    NotForUs,
    OfficeFactsUnfit,
    OfficeUnknown,
    PackageAltered,
    PackageUnreadable,
    check_office,
    open_package,
    seal,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
MESSAGE = Message(
    id="11111111-1111-4111-8111-111111111111",
    kind=MessageKind.LEAD,
    transfer="22222222-2222-4222-8222-222222222222",
    sender="foshan-demo",
    receiver="jiangmen",
    at="2026-11-24T08:00:00+00:00",
    body={"title": "示范线索"},
)


def keys(code):
    return KEY.public_key() if code == "foshan-demo" else None


def opened(package, receiver="jiangmen"):
    return open_package(package, keys, receiver=receiver)


def test_a_sealed_message_opens_as_it_was():
    assert opened(seal(MESSAGE, KEY)) == MESSAGE


def test_a_change_inside_is_found():
    package = seal(MESSAGE, KEY).decode().replace("示范线索", "别的线索").encode()
    with pytest.raises(PackageAltered):
        opened(package)


def test_anothers_key_does_not_seal_for_a_registered_office():
    with pytest.raises(PackageAltered):
        opened(seal(MESSAGE, Ed25519PrivateKey.generate()))


def test_an_unregistered_office_is_refused():
    with pytest.raises(OfficeUnknown):
        opened(seal(Message(**{**vars(MESSAGE), "sender": "nobody"}), KEY))


def test_a_package_for_another_office_is_refused():
    with pytest.raises(NotForUs):
        opened(seal(MESSAGE, KEY), receiver="zhongshan")


@settings(max_examples=300)
@given(st.data())
def test_any_changed_byte_is_refused_or_says_the_same(data):
    package = seal(MESSAGE, KEY)
    place = data.draw(st.integers(0, len(package) - 1))
    changed = (
        package[:place] + bytes([package[place] ^ (1 << data.draw(st.integers(0, 7)))]) + package[place + 1 :]
    )
    try:
        assert opened(changed) == MESSAGE
    except (PackageAltered, PackageUnreadable, OfficeUnknown, NotForUs):
        pass


@given(
    st.binary(max_size=200) | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(json.dumps)
)
def test_garbage_is_unreadable(garbage):
    with pytest.raises(PackageUnreadable):
        opened(garbage if isinstance(garbage, bytes) else garbage.encode())


@pytest.mark.parametrize(
    ("code", "key", "url"),
    [
        ("Foshan", "", ""),
        ("foshan", "", "https://foshan.example"),
        ("foshan", "ab" * 32, "http://foshan.example"),
        ("foshan", "xy", "https://foshan.example"),
        ("foshan", "ab" * 32, "file:///etc/passwd"),
        *[
            ("foshan", "ab" * 32, f"https://{place}")
            for place in (
                "",
                "[bad/",
                ":abc/",
                "foshan.example:abc",
                "foshan.example:99999",
                "foshan.example:0",
                "user:pw@127.0.0.1",
                "user@foshan.example",
                "foshan.example?a=1",
                "foshan.example/#a",
                "foshan .example",
                "foshan\u202e.example",
                "foshan..example",
                "127.0.0.1",
                "10.0.0.8/gi",
                "[::1]",
                "169.254.169.254",
                "2130706433",
                "0x7f.1",
            )
        ],
        ("foshan", "ab" * 32, "http://127.0.0.1:8000"),
    ],
)
def test_an_office_needs_a_fit_code_key_and_address(code, key, url):
    with pytest.raises(OfficeFactsUnfit):
        check_office(code, key, url)


def test_an_office_without_this_service_needs_neither_key_nor_address():
    check_office("pubei-demo", "", "")
    check_office("foshan-demo", "ab" * 32, "https://foshan.example/gi")
    check_office("foshan-demo", "ab" * 32, "https://foshan.example:8443")


def test_a_private_address_is_one_that_the_operator_listed():
    for url in ("https://10.20.3.4/gi", "http://127.0.0.1:8000"):
        check_office("foshan-demo", "ab" * 32, url, networks_of("10.20.0.0/16, 127.0.0.0/8"))
