"""What is told of a mistyped code: how many characters there are, and where to look first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_trace.codes.slips import ALIKE, MOST_PLACES, likely_places, slips_of
from gi_trace.codes.unit_code import code_of, epoch_keys

KEYS = epoch_keys(bytes(32), bytes(32), 3)
CODE = code_of(KEYS, 7, 1)
codes = st.builds(lambda unit: code_of(KEYS, 7, unit), st.integers(1, 1 << 20))


def told(typed):
    return [one.text.format(**one.facts) for one in slips_of(typed)]


def test_how_many_characters_there_are_is_said_and_what_is_never_in_a_code():
    assert told(CODE[:19]) == ["标识码有 20 个字符，读到 19 个。"]
    assert told(f"{CODE[:5]} {CODE[5:7]}u{CODE[8:]}") == ["“U”从不出现在标识码里：第 2 组第 3 个。"]
    assert told(" 。") == []


@given(codes, st.data())
def test_a_character_mistaken_for_one_alike_is_among_the_places_told(code, data):
    pairs = [
        (place, pair) for place, each in enumerate(code) for pair in ALIKE if each in pair and "U" not in pair
    ]
    if not pairs:
        return
    place, pair = data.draw(st.sampled_from(pairs))
    [other] = pair - {code[place]}
    places = likely_places(code[:place] + other + code[place + 1 :])
    assert len(places) <= MOST_PLACES and (not places or place in places)


@pytest.mark.parametrize("typed", ["码" * 20, "0" * 500, "\u202e" * 20])
def test_any_text_is_told_of_without_end(typed):
    assert len(slips_of(typed)) <= MOST_PLACES + 1
