"""Printed addresses, checked against biip, an independent reader of GS1 syntax."""

import json
from pathlib import Path

import biip
import pytest
from biip.checksums import gs1_standard_check_digit
from hypothesis import given
from hypothesis import strategies as st

from gi_trace.codes.digital_link import (
    Address,
    has_right_check_digit,
    parse_address,
    printed_prefix,
    read_address,
)
from gi_trace.codes.unit_code import MAX_BATCH_NUMBER, Malformed, batch_text, code_of, epoch_keys

KEYS = epoch_keys(bytes(32), bytes(32), 3)
codes = st.builds(lambda unit: code_of(KEYS, 7, unit), st.integers(1, 1 << 20))
batch_numbers = st.integers(0, MAX_BATCH_NUMBER)
GTIN = "6901234567892"
VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "addresses.json").read_text("utf-8"))[
    "addresses"
]


@given(codes)
def test_the_short_address_keeps_host_lower_and_code_upper_case(code):
    assert printed_prefix("HTTPS://Trace.Example/") + code == f"https://trace.example/c/{code}"
    assert parse_address(f"https://trace.example/c/{code.lower()}") == Address(code)


@given(codes, batch_numbers)
def test_biip_reads_the_digital_link_as_printed(code, batch_number):
    url = printed_prefix("https://trace.example", GTIN, batch_number) + code
    read = {element.ai.ai: element.value for element in biip.parse(url).gs1_digital_link_uri.element_strings}
    assert read == {"01": "06901234567892", "10": batch_text(batch_number), "21": code}
    assert parse_address(url) == Address(code, "06901234567892", batch_number)


@given(st.from_regex(r"[0-9]{8}|[0-9]{12,14}", fullmatch=True))
def test_biip_agrees_on_check_digits(digits):
    assert has_right_check_digit(digits) == (gs1_standard_check_digit(digits[:-1]) == int(digits[-1]))


@pytest.mark.parametrize("gtin", ["", "6901234567893", "69012345", "690123456789２", "06901234567892 "])
def test_a_wrong_gtin_is_never_printed(gtin):
    assert not has_right_check_digit(gtin)
    with pytest.raises(ValueError):
        printed_prefix("https://trace.example", gtin, 7)


@pytest.mark.parametrize("site", ["", "trace.example", "ftp://trace.example", "https://"])
def test_only_an_address_of_a_site_is_printed(site):
    with pytest.raises(ValueError):
        printed_prefix(site)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "/c/",
        "/01/x/21/y",
        "/c/" + "0" * 19,
        "/21/" + "0" * 20,
    ],
)
def test_what_is_no_printed_address_is_malformed(text):
    with pytest.raises(Malformed):
        parse_address(text)


@pytest.mark.parametrize("one", VECTORS, ids=lambda one: one["text"])
def test_the_shared_vectors_hold(one):
    """As in the browser: an address that contradicts itself keeps what is wrong with it."""
    told = Address(one["code"], one["gtin"], one["batch_number"])
    if one["code"] is None:
        with pytest.raises(Malformed):
            read_address(one["text"])
    else:
        assert read_address(one["text"]) == told


@given(codes)
def test_a_digital_link_without_batch_is_read(code):
    assert parse_address(f"/01/{GTIN}/21/{code}") == Address(code, f"0{GTIN}")
