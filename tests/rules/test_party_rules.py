"""Which name stands on a day, which names are nearly the same, and who stands for whom."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_trace.names import search_key
from gi_trace.registry.party_rules import (
    BeforeLastEntry,
    BeforeTheFirm,
    DayAhead,
    alike_keys,
    check_entry_day,
    entry_on,
    successors_of,
)

TODAY = date(2026, 11, 26)


@dataclass(frozen=True)
class Named:
    from_day: date | None
    name: str


ENTRIES = [Named(None, "甲"), Named(date(2026, 3, 1), "乙"), Named(date(2026, 9, 1), "丙")]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2000-01-01", "甲"),
        ("2026-02-28", "甲"),
        ("2026-03-01", "乙"),
        ("2026-08-31", "乙"),
        ("2026-09-01", "丙"),
    ],
)
def test_a_name_stands_from_its_day_up_to_the_next_one(day, name):
    assert entry_on(ENTRIES, date.fromisoformat(day)).name == name


def test_of_two_names_of_one_day_the_one_entered_last_stands():
    assert entry_on([*ENTRIES, Named(date(2026, 9, 1), "丁")], TODAY).name == "丁"


@given(st.lists(st.dates(date(2020, 1, 1), date(2026, 1, 1)), max_size=5), st.dates())
def test_what_was_printed_before_a_change_never_changes_with_it(days, packed_on):
    entries = [Named(None, "甲"), *(Named(day, str(place)) for place, day in enumerate(sorted(days)))]
    later = Named(max([packed_on, *days]) + timedelta(days=1) if packed_on < date.max else None, "后来")
    if later.from_day:
        assert entry_on([*entries, later], packed_on) == entry_on(entries, packed_on)


@pytest.mark.parametrize(
    ("day", "refusal"),
    [
        (TODAY + timedelta(days=1), DayAhead),
        (date(2019, 12, 31), BeforeTheFirm),
        (date(2026, 8, 31), BeforeLastEntry),
        (date(2026, 9, 1), None),
        (TODAY, None),
    ],
)
def test_a_change_is_dated_after_the_last_one_within_the_life_of_the_firm(day, refusal):
    told = {"since": date(2020, 1, 1), "latest": date(2026, 9, 1), "today": TODAY}
    if refusal is None:
        check_entry_day(day, **told)
        return
    with pytest.raises(refusal):
        check_entry_day(day, **told)


@pytest.mark.parametrize(
    "other",
    [
        "示范（江门）陈皮有限公司",
        "示范(江门)陈皮有限公司",
        "示范 江门 陈皮　有限公司",
        "示范（江門）陳皮有限公司",
        "示范（江门）陈皮有限责任公司",
        "示范（江门）陈皮股份有限公司",
        "示范·江门·陈皮有限公司",
    ],
)
def test_names_written_in_another_way_are_nearly_the_same(other):
    assert search_key(other) in alike_keys("示范（江门）陈皮有限公司")
    assert alike_keys(other) == alike_keys("示范（江门）陈皮有限公司")


@pytest.mark.parametrize("other", ["示范（台山）陈皮有限公司", "示范江门陈皮行", "有限公司"])
def test_other_names_are_other_names(other):
    assert search_key(other) not in alike_keys("示范（江门）陈皮有限公司")


@pytest.mark.parametrize(
    ("steps", "ended", "start", "found"),
    [
        ({}, set(), 1, []),
        ({1: [2]}, {1}, 1, [2]),
        ({1: [2], 2: [3]}, {1, 2}, 1, [3]),  # merged twice
        ({1: [2, 3]}, set(), 1, [2, 3]),  # split into two
        ({1: [2], 2: [1]}, {2}, 1, []),  # what was split off came back
        ({1: [2], 2: [1]}, {2}, 2, [1]),
        ({1: [2], 2: [3]}, {1}, 1, [2]),  # the heir lives, and something was split off it later
    ],
)
def test_the_successor_is_whoever_lives_at_the_end_of_the_way(steps, ended, start, found):
    assert successors_of(start, steps, ended) == found


@given(
    st.dictionaries(st.integers(1, 6), st.lists(st.integers(1, 6), max_size=3), max_size=6),
    st.sets(st.integers(1, 6)),
    st.integers(1, 6),
)
def test_a_party_never_succeeds_itself_and_no_dead_one_succeeds(steps, ended, start):
    found = successors_of(start, steps, ended)
    assert start not in found and not ended & set(found) and len(found) == len(set(found))
