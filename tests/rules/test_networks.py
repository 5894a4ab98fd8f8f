"""Where another office may be: the public network, and what the operator lists."""

import pytest

from gi_trace.offices.networks import is_allowed, networks_of

INNER = [
    *(
        "127.0.0.1",
        "127.9.9.9",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
    ),
    *(
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ),
    *("224.0.0.1", "ff02::1", "255.255.255.255", "203.0.113.7"),
]


@pytest.mark.parametrize("address", INNER)
def test_nothing_inner_is_reached_by_a_registered_name(address):
    assert not is_allowed(address, ())


@pytest.mark.parametrize("address", ["8.8.8.8", "2400:3200::1", "::ffff:8.8.8.8"])
def test_public_addresses_are(address):
    assert is_allowed(address, ())


def test_extranets_that_the_operator_lists_are_reached_and_no_others():
    listed = networks_of("10.20.0.0/16, fd12::/16")
    assert is_allowed("10.20.3.4", listed) and is_allowed("fd12::9", listed)
    assert is_allowed("::ffff:10.20.3.4", listed)
    assert not is_allowed("10.21.0.1", listed) and not is_allowed("fd13::1", listed)


@pytest.mark.parametrize("text", ["10.0.0.1/8", "localhost", "10.0.0.0/33"])
def test_a_network_that_cannot_be_read_stops_the_start(text):
    with pytest.raises(ValueError):
        networks_of(text)
