"""The chain of the record: any change of any row shows."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_trace.record.rules import START, Entry, canonical, entry_hash, first_broken_number

facts = st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=8) | st.none(), max_size=4)


def chain(bodies):
    entries, previous = [], START
    for number, body in enumerate(bodies, 1):
        text = canonical(body)
        entries.append(Entry(number, text, previous, entry_hash(number, previous, text)))
        previous = entries[-1].hash
    return entries, (len(entries), previous)


@given(st.lists(facts, max_size=8))
def test_an_untouched_chain_holds(bodies):
    assert first_broken_number(*chain(bodies)) is None


@given(st.lists(facts, min_size=2, max_size=8), st.data())
def test_an_edited_deleted_or_moved_row_is_found(bodies, data):
    entries, head = chain(bodies)
    place = data.draw(st.integers(0, len(entries) - 1))
    edited = [*entries]
    edited[place] = replace(entries[place], body=entries[place].body + " ")
    assert first_broken_number(edited, head) == place + 1
    assert first_broken_number(entries[:place] + entries[place + 1 :], head) == place + 1
    swapped = [*entries]
    swapped[place], swapped[place - 1] = swapped[place - 1], swapped[place]
    assert first_broken_number(swapped, head) is not None


def test_a_chain_recomputed_from_an_edit_on_ends_in_another_head():
    _, head = chain([{"a": 1}, {"b": 2}])
    forged, _ = chain([{"a": 9}, {"b": 2}])
    assert first_broken_number(forged, head) is not None


def test_the_text_is_the_same_whatever_the_order_and_floats_are_refused():
    assert canonical({"b": 1, "a": "陈"}) == canonical({"a": "陈", "b": 1}) == '{"a":"陈","b":1}'
    with pytest.raises(TypeError):
        canonical({"a": [{"b": 1.5}]})
