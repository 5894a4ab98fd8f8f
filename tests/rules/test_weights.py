import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_trace.stock.rules.weights import (
    MOST_G,
    Grams,
    WeightMissing,
    WeightNotNumber,
    WeightNotPositive,
    WeightTooFine,
    WeightTooLarge,
    check_weight,
    kilograms,
    parse_weight,
)


@pytest.mark.parametrize(
    ("typed", "weight_g"),
    [
        ("1", 1000),
        ("0.001", 1),
        (" 12.5 ", 12_500),
        ("1,234.5", 1_234_500),
        ("１２．５", 12_500),
        ("1，234千克", 1_234_000),
        ("12 500", 12_500_000),
        ("80公斤", 80_000),
        ("80 KG", 80_000),
        ("007", 7000),
        ("+3", 3000),
        ("3.", 3000),
        ("2.5000", 2500),
        (12, 12_000),
        (12.345, 12_345),
        ("10000000", MOST_G),
    ],
)
def test_a_weight_as_people_write_it_becomes_whole_grams(typed, weight_g):
    assert parse_weight(typed) == weight_g


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        (None, WeightMissing),
        ("", WeightMissing),
        ("   ", WeightMissing),
        ("kg", WeightMissing),
        ("0", WeightNotPositive),
        ("0.000", WeightNotPositive),
        ("-5", WeightNotPositive),
        ("−5", WeightNotPositive),
        ("1.0001", WeightTooFine),
        (0.1 + 0.2, WeightTooFine),
        ("10000000.001", WeightTooLarge),
        ("9" * 400, WeightTooLarge),
        ("abc", WeightNotNumber),
        ("12斤", WeightNotNumber),
        ("1e3", WeightNotNumber),
        ("nan", WeightNotNumber),
        ("inf", WeightNotNumber),
        ("1,23", WeightNotNumber),
        ("1.2.3", WeightNotNumber),
        ("=1+1", WeightNotNumber),
        ("十二", WeightNotNumber),
        ("١٢", WeightNotNumber),
        (".5", WeightNotNumber),
    ],
)
def test_anything_else_is_refused_by_its_own_name(typed, refusal):
    with pytest.raises(refusal) as refused:
        parse_weight(typed)
    assert str(refused.value)


@given(st.integers(1, MOST_G))
def test_what_is_shown_can_be_typed_again(weight_g):
    assert parse_weight(str(Grams(weight_g))) == weight_g


@given(st.text(max_size=40))
def test_no_text_ends_in_anything_but_grams_or_a_refusal(text):
    try:
        assert 0 < parse_weight(text) <= MOST_G
    except (WeightMissing, WeightNotNumber, WeightNotPositive, WeightTooFine, WeightTooLarge):
        pass


@given(st.integers(1, MOST_G), st.integers(1, 9))
def test_a_weight_finer_than_a_gram_is_never_rounded(weight_g, rest):
    with pytest.raises(WeightTooFine):
        parse_weight(f"{weight_g // 1000}.{weight_g % 1000:03d}{rest}")


@pytest.mark.parametrize("weight_g", [0, -1, MOST_G + 1])
def test_an_act_refuses_a_weight_that_no_form_parsed(weight_g):
    with pytest.raises((WeightNotPositive, WeightTooLarge)):
        check_weight(weight_g)


def test_grams_read_as_kilograms_in_a_sentence():
    assert f"{Grams(1_234_500)}" == "1,234.5 千克"
    assert f"{Grams(-1)}" == "-0.001 千克"


@pytest.mark.parametrize(("grams", "text"), [(0, "0"), (1, "0.001"), (1500, "1.5"), (1_234_567, "1,234.567")])
def test_kilograms_are_exact(grams, text):
    assert kilograms(grams) == text
    assert kilograms(-grams) == (f"-{text}" if grams else "0")
