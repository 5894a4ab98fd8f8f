"""Printed addresses, checked against biip, an independent reader of GS1 syntax."""

import json
from pathlib import Path

import biip
import pytest
from biip.checksums import gs1_standard_check_digit
from hypothesis import given
from hypothesis import strategies as st

from gi_trace.codes.digital_link import Address, has_right_check_digit, printed_prefix
from gi_trace.codes.hosts import host_of, hosts_of, own_hosts, shown_host
from gi_trace.codes.reading import TextKind, read_address, read_text, to_judge
from gi_trace.codes.unit_code import MAX_BATCH_NUMBER, Malformed, batch_text, code_of, epoch_keys

KEYS = epoch_keys(bytes(32), bytes(32), 3)
codes = st.builds(lambda unit: code_of(KEYS, 7, unit), st.integers(1, 1 << 20))
batch_numbers = st.integers(0, MAX_BATCH_NUMBER)
GTIN = "6901234567892"
VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "addresses.json").read_text("utf-8"))
OWN = frozenset(VECTORS["own"])


@given(codes)
def test_the_short_address_keeps_host_lower_and_code_upper_case(code):
    assert printed_prefix("HTTPS://Trace.Example/") + code == f"https://trace.example/c/{code}"
    assert read_address(f"https://trace.example/c/{code.lower()}") == Address(code)


@given(codes, batch_numbers)
def test_biip_reads_the_digital_link_as_printed(code, batch_number):
    url = printed_prefix("https://trace.example", GTIN, batch_number) + code
    read = {element.ai.ai: element.value for element in biip.parse(url).gs1_digital_link_uri.element_strings}
    assert read == {"01": "06901234567892", "10": batch_text(batch_number), "21": code}
    assert read_address(url) == Address(code, "06901234567892", batch_number)


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
        "/01/x/22/y/10/z/21/" + "0" * 19,
    ],
)
def test_what_is_no_printed_address_is_malformed(text):
    with pytest.raises(Malformed):
        read_address(text)


@pytest.mark.parametrize("one", VECTORS["addresses"], ids=lambda one: one["text"][:60])
def test_the_shared_vectors_hold(one):
    """As in the browser: an address that contradicts itself keeps what is wrong with it."""
    read = read_text(one["text"], OWN)
    told = read.address and (
        read.address.code,
        read.address.gtin,
        read.address.batch_number,
        read.address.variant,
    )
    expected = one["code"] and (one["code"], one["gtin"], one["batch_number"], one["variant"])
    assert (read.kind, told, read.host, read.content) == (one["kind"], expected, one["host"], one["content"])


@given(st.text(max_size=60), codes)
def test_whatever_stands_before_it_only_an_own_host_makes_an_address_one_of_ours(before, code):
    """The host as a browser would find it: what a reader takes for ours must be where a phone would go."""
    for read in (
        read_text(f"https://{before}/c/{code}", OWN),
        read_text(f"https://{before}@evil.example/c/{code}", OWN),
    ):
        if read.kind is TextKind.CODE:
            authority = before.split("/")[0].split("\\")[0].rpartition("@")[2]
            assert host_of(authority, "https") in OWN


@given(st.text())
def test_any_text_is_of_one_kind_and_says_what_belongs_to_it(text):
    read = read_text(text, OWN)
    assert (read.kind is TextKind.OTHER_HOST) == bool(read.host)
    assert (read.kind is TextKind.NOT_A_CODE) == (read.content is not None)
    assert read.kind is not TextKind.CODE or read.address is not None


@given(
    codes,
    st.sampled_from(["。", "”", "」。", " ·", "\u200b"]),
    st.sampled_from(["标识码：", "「", "code: ", " "]),
)
def test_what_people_put_around_a_code_is_forgiven(code, behind, before):
    read = read_text(f"{before}{code}{behind}", OWN)
    assert (read.kind, read.address) == (TextKind.CODE, Address(code))


@given(st.lists(st.sampled_from(VECTORS["addresses"]), max_size=8))
def test_of_all_symbols_in_a_picture_ours_are_judged_wherever_they_stand(symbols):
    chosen = to_judge([one["text"] for one in symbols], OWN)
    kinds = {one["text"]: one["kind"] for one in symbols}
    if any(one["kind"] == "code" for one in symbols):
        assert {kinds[text] for text in chosen} == {"code"}
    else:
        assert len(chosen) == bool(symbols)


def test_a_host_in_letters_of_another_script_is_shown_both_ways_and_never_with_signs_that_hide():
    assert shown_host(host_of("trаce.example")) == "xn--trce-63d.example (trаce.example)"
    assert shown_host("trace.example") == "trace.example"
    assert shown_host("xn--9999999.example") == "xn--9999999.example"


@pytest.mark.parametrize("unseen", ["\u202e", "\u2066", "\u3164", "\U000e0061"])
def test_what_nobody_sees_in_a_host_is_never_shown_as_nothing(unseen):
    shown = shown_host(host_of(f"trace{unseen}.example"))
    assert shown.isprintable() and shown != "trace.example"


def test_letters_read_from_the_right_stand_only_as_an_address_writes_them():
    assert shown_host(host_of("שלום.example")) == "xn--9dbne9b.example"


def test_former_hosts_are_listed_as_hosts_or_addresses():
    former = hosts_of(" Old.example:8443, https://older.example/ ,")
    assert own_hosts("https://Trace.example:443", former) == {
        "trace.example",
        "old.example:8443",
        "older.example",
    }
    for wrong in ("a b", "https://", "示范 网", "old.example/c/"):
        with pytest.raises(ValueError):
            hosts_of(wrong)


@given(codes)
def test_a_digital_link_without_batch_is_read(code):
    assert read_address(f"/01/{GTIN}/21/{code}") == Address(code, f"0{GTIN}")
