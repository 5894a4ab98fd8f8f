"""One caller is one caller, however its address is written."""

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_trace.web.callers import household_of, network_of, plain_address


@given(st.ip_addresses(v=4), st.integers(1, 65535))
def test_an_address_of_four_bytes_is_the_same_in_every_dress(address: IPv4Address, port):
    dresses = [
        f"{address}",
        f" {address} ",
        f"{address}:{port}",
        f"::ffff:{address}",
        f"[::ffff:{address}]:{port}",
    ]
    assert {plain_address(text) for text in dresses} == {str(address)}
    assert {household_of(text) for text in dresses} == {f"{address}/32"}


@given(st.ip_addresses(v=6).filter(lambda address: address.ipv4_mapped is None), st.integers(1, 65535))
def test_an_address_of_sixteen_bytes_is_the_same_in_every_dress(address, port):
    dresses = [f"{address}", address.exploded, f"[{address}]:{port}", f"{address}%eth0", str(address).upper()]
    assert {plain_address(text) for text in dresses} == {str(address)}


@pytest.mark.parametrize("text", ["", "nonsense", "unix:", "1.2.3", "1.2.3.4:x:y", "[::1", "999.1.1.1"])
def test_what_is_no_address_is_none(text):
    assert plain_address(text) in ("", "::1") and plain_address("nonsense") == network_of("nonsense") == ""


def test_a_household_is_an_address_or_a_64_and_a_network_a_24_or_a_48():
    assert household_of("203.0.113.77") == "203.0.113.77/32"
    assert household_of("2001:db8:1:2:aaaa::3") == household_of("2001:db8:1:2:bbbb::4") == "2001:db8:1:2::/64"
    assert network_of("203.0.113.77") == "203.0.113.0/24"
    assert network_of("2001:db8:1:2::3") == "2001:db8:1::/48"
