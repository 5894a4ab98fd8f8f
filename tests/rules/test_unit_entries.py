"""Units as people give them: typed, scanned, pasted."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gi_trace.batches.rules import RangeReversed
from gi_trace.batches.unit_entries import (
    MOST_SHOWN,
    NotUnits,
    TooManyRanges,
    UnitOfAnotherBatch,
    in_words,
    merged,
    read_units,
)
from gi_trace.batches.unit_states import MOST_RANGES
from gi_trace.codes.reading import read_address
from gi_trace.codes.unit_code import Malformed, Origin, code_of, epoch_keys, open_code

KEYS = epoch_keys(bytes(32), bytes(32), 3)
BATCH, OTHER = 7, 8


def unit_of(text):
    try:
        opened = open_code(read_address(text).code, {3: KEYS})
    except Malformed:
        return None
    return (opened.batch_number, opened.unit) if opened.origin is Origin.OURS else None


def code(unit, batch=BATCH):
    return code_of(KEYS, batch, unit)


def units(given):
    return read_units(given, BATCH, unit_of)


@pytest.mark.parametrize(
    "given", ["1-5、9, 12–20", "１至５ 9；12到20", "12-20，9 1 - 5", "1-5\r\n000009\r\n12—20\r\n"]
)
def test_ranges_are_read_as_people_write_them(given):
    assert units(given) == [(1, 5), (9, 9), (12, 20)]


@pytest.mark.parametrize(
    "written",
    [
        str,
        str.lower,
        lambda code: f"{code[:5]} {code[5:10]} {code[10:15]} {code[15:]}",
        lambda code: f"{code[:10]}-{code[10:]}",
        lambda code: f"https://gi.example/c/{code}",
        lambda code: f"https://gi.example/01/06901234567892/10/AAAAA/21/{code}",
    ],
)
def test_codes_are_read_as_they_are_scanned_printed_or_typed(written):
    assert units(written(code(41))) == [(41, 41)]


def test_a_pasted_column_mixes_all_of_it_and_what_is_said_twice_counts_once():
    column = "\n".join(
        [code(3), "4-6", f"https://gi.example/c/{code(5)}", "", code(3), f"{code(9)} {code(10)}", "000012"]
    )
    assert units(column) == [(3, 6), (9, 10), (12, 12)]


def test_rows_copied_from_the_list_of_codes_name_their_units():
    rows = (
        f"{unit}\t{code(unit)}\t{code(unit)[:5]} {code(unit)[5:]}\thttps://gi.example/c/{code(unit)}"
        for unit in (2, 7)
    )
    assert units("\n".join(rows)) == [(2, 2), (7, 7)]


@pytest.mark.parametrize("first", ["件号", "单品号"])
def test_a_column_or_table_is_copied_with_its_head(first):
    table = f"{first}\t标识码\t印刷文字\t网址\n2\t{code(2)}\t{code(2)[:5]} {code(2)[5:]}\thttps://gi.example/c/{code(2)}"
    assert units(table) == [(2, 2)] and units(f"标识码\r\n{code(7)}\r\n") == [(7, 7)]


@pytest.mark.parametrize(
    "given", ["a", "-3", "1--2", "1-5 x", "12345678", "https://gi.example/c/1", "1-5、件"]
)
def test_the_entry_that_is_no_unit_is_named(given):
    with pytest.raises(NotUnits, match="不是件号"):
        units(given)


def test_a_code_with_a_slip_is_no_unit():
    wrong = code(4)[:-1] + ("0" if code(4)[-1] != "0" else "1")
    with pytest.raises(NotUnits, match=wrong):
        units(f"1-3\n{wrong}")


def test_a_code_of_another_batch_is_named_with_its_batch():
    with pytest.raises(UnitOfAnotherBatch, match=f"{code(4, OTHER)}”是批次 00008"):
        units(f"1-3\n{code(4, OTHER)}")


def test_a_range_that_runs_backwards_is_refused():
    with pytest.raises(RangeReversed):
        units("9、5-1")


def test_more_scattered_units_than_one_act_can_look_through_are_refused():
    assert len(units("\n".join(str(unit) for unit in range(1, 2 * MOST_RANGES, 2)))) == MOST_RANGES
    with pytest.raises(TooManyRanges):
        units("\n".join(str(unit) for unit in range(1, 2 * MOST_RANGES + 2, 2)))


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(1, 60), st.integers(0, 9)).map(lambda one: (one[0], sum(one))), max_size=20
    )
)
def test_merged_ranges_hold_the_same_units_apart_and_in_order(ranges):
    said = {unit for first, last in ranges for unit in range(first, last + 1)}
    found = merged(ranges)
    assert [unit for first, last in found for unit in range(first, last + 1)] == sorted(said)
    assert all(one[1] + 1 < other[0] for one, other in zip(found, found[1:], strict=False))


def test_a_summary_of_many_ranges_stays_short():
    assert in_words([(1, 5), (9, 9)]) == "1–5、9"
    assert in_words([(unit, unit) for unit in range(1, 900, 2)]).count("、") == MOST_SHOWN
