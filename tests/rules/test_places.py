"""The city of an address comes from an offline database, or not at all."""

import pytest

from gi_trace.verification.looking.cities import city_in, city_of


@pytest.mark.parametrize(
    "region, city",
    [
        ("中国|0|广东省|江门市|电信", "江门市"),
        ("中国|广东省|广州市|联通|CN", "广州市"),
        ("中国|0|四川省|凉山彝族自治州|移动", "凉山彝族自治州"),
        ("中国|0|海南省|0|电信", "海南省"),
        ("0|0|0|内网IP|内网IP", None),
        ("", None),
    ],
)
def test_the_city_is_named_else_the_province_else_nothing(region, city):
    assert city_in(region) == city


def test_without_a_database_there_is_no_city():
    assert city_of("203.0.113.77", "") is None
