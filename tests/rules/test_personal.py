"""What belongs to persons is found in free text, marked, and masked: before anything leaves the house."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gi_trace.casework.rules.leaving import (
    LookedOver,
    NotLookedOver,
    as_it_leaves,
    identity_pieces,
)
from gi_trace.casework.rules.personal import PersonalKind, found_in, masked_pieces
from gi_trace.casework.rules.surnames import COMPOUND_SURNAMES, SURNAMES

PIECES = [
    ("13800138000", PersonalKind.PHONE),
    ("138 0013 8000", PersonalKind.PHONE),
    ("138-0013-8000", PersonalKind.PHONE),
    ("1.3.8.0.0.1.3.8.0.0.0", PersonalKind.PHONE),
    ("１３８００１３８０００", PersonalKind.PHONE),
    ("一三八零零一三八零零零", PersonalKind.PHONE),
    ("+86 13800138000", PersonalKind.PHONE),
    ("0750-6612345", PersonalKind.PHONE),
    ("440782199001011234", PersonalKind.CODE),
    ("440782 19900101 123X", PersonalKind.CODE),
    ("6222 0210 0100 1234 567", PersonalKind.CARD),
    ("chen.dawen@example.com", PersonalKind.MAIL),
    ("粤J·12345", PersonalKind.PLATE),
    ("(138) 0013-8000", PersonalKind.PHONE),
    ("138/0013/8000", PersonalKind.PHONE),
    ("138,0013,8000", PersonalKind.PHONE),
    ("138_0013_8000", PersonalKind.PHONE),
    ("1,3,8,0,0,1,3,8,0,0,0", PersonalKind.PHONE),
    ("138\u200b0013\u200b8000", PersonalKind.PHONE),
    ("壹叁捌零零壹叁捌零零零", PersonalKind.PHONE),
    ("壹參捌零零壹參捌零零零", PersonalKind.PHONE),
    ("①③⑧00138000", PersonalKind.PHONE),
    ("(0750)3388888", PersonalKind.PHONE),
    ("852-91234567", PersonalKind.PHONE),
    ("+853 6123 4567", PersonalKind.PHONE),
    ("440702.19900101.1234", PersonalKind.CODE),
    ("H12345678", PersonalKind.CODE),
    ("A123456(7)", PersonalKind.CODE),
    ("chen @ example.com", PersonalKind.MAIL),
    ("粤 J 12345", PersonalKind.PLATE),
]


@pytest.mark.parametrize(("piece", "kind"), PIECES)
@pytest.mark.parametrize("around", ["{}", "电话{}。", "请联系 {}，谢谢", "（{}）"])
def test_numbers_of_persons_are_found_however_they_are_written(piece, kind, around):
    text = around.format(piece)
    found = found_in(text)
    assert [(one.text, one.kind) for one in found if one.is_certain] == [(piece, kind)]
    assert piece not in masked_pieces(text, [piece])


@pytest.mark.parametrize("before", ["微信", "微信号：", "加V ", "vx:", "WeChat: ", "QQ号是", "抖音号 "])
def test_accounts_are_found_by_the_word_before_them(before):
    (found,) = found_in(f"{before}abc_12345，可加")
    assert (found.kind, found.text) == (PersonalKind.ACCOUNT, "abc_12345")


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("WeChat ID: abc_123", "abc_123"),
        ("微信號：abc_123", "abc_123"),
        ("qq群 123456789", "123456789"),
        ("微信号：陈生abc123", "abc123"),
    ],
)
def test_accounts_are_found_with_more_between(text, account):
    assert (account, PersonalKind.ACCOUNT) in [(one.text, one.kind) for one in found_in(text)]


@pytest.mark.parametrize("before", ["家在", "住", "他说，住", "住址：", "住在", "地址：", "联系地址："])
def test_where_somebody_lives_is_found(before):
    (found,) = found_in(f"{before}会城街道示范路12号，货从那里来")
    assert found.text == "会城街道示范路12号"
    assert found.is_certain == ("地址" not in before)  # that may be a firm's


@pytest.mark.parametrize(
    ("text", "names", "left"),
    [
        ("陳大文，來過", ["陳大文"], "陈某某，來過"),
        ("找歐陽明先生", ["歐陽明"], "找欧阳某先生"),
        ("陈大文、林小明说", ["陈大文", "林小明"], "陈某某、林某某说"),
        ("叫 林 小 明", ["林 小 明"], "叫 林某某"),
        ("司机：阿强", ["阿强"], "司机：阿某"),
    ],
)
def test_names_are_found_in_either_script_spaced_and_one_behind_another(text, names, left):
    found = [one.text for one in found_in(text)]
    assert found == names and masked_pieces(text, found) == left


FAMILY = st.sampled_from([*SURNAMES, *COMPOUND_SURNAMES])
GIVEN = st.text("伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂", min_size=1, max_size=2)
PLACES = [
    "老板{}说年份不符",
    "店主{}撤下包装",
    "联系人：{}，在店",
    "我叫{}。",
    "{}（男，40岁）",
    "{}，手机见附页",
    "送货的是：{}",
    "{}、示范店员",
]


@given(FAMILY, GIVEN, st.sampled_from(PLACES))
def test_a_name_is_found_where_sentences_name_people(family, given, place):
    name = family + given
    found = [one.text for one in found_in(place.format(name))]
    assert any(name in text or text in name for text in found)
    assert family in "".join(found)


@pytest.mark.parametrize("call", ["{}先生来过", "找{}老板", "{}女士称"])
def test_a_family_name_with_a_title_is_a_name(call):
    assert [one.text for one in found_in(call.format("何"))] == ["何"]


@pytest.mark.parametrize(
    "text",
    [
        "当事人销售的包装擅自使用地理标志名称。",
        "江门市新会区示范陈皮有限公司（91440705MA5DEM01XX）于2026年11月1日购入 1,350 千克，货值 8,000.00 元。",
        "示市监处罚〔2026〕177号",
        "标签所示：产品名称：新会陈皮；规格、净含量：250克；产品标准号：DB4407/T 70-2021。",
        "批次 K7Q2M 第 3 件，标识码 2ABCD EFGH1 23456 789AB",
        "用微信扫码 2ABCD EFGH1 23456 789AB",
        "2026.11.01-2026.11.30 12:30，15、16、17、18、19、20 件；经营地址：新会区会城街道",
        "金 额 合 计",
    ],
)
def test_firms_sums_days_and_labels_are_no_persons(text):
    assert found_in(text) == []


@given(st.text(alphabet="陈大文老板先生，。电话微信138000 abcX", max_size=60))
def test_what_is_found_stands_where_it_says_and_nothing_overlaps(text):
    found = found_in(text)
    assert all(text[one.start : one.end] == one.text for one in found)
    assert all(one.end <= other.start for one, other in zip(found, found[1:], strict=False))


@given(st.text(alphabet="陈大文老板先生，。电话微信138000 abcX", max_size=60))
def test_of_what_is_masked_nothing_is_found_again(text):
    pieces = [one.text for one in found_in(text)]
    again = {one.text for one in found_in(masked_pieces(text, pieces))}
    assert not again & set(pieces)


TEXT = "老板陈大文说年份不符，电话13800138000"


@pytest.mark.parametrize("text", [TEXT, "平安无事"])
def test_no_text_leaves_before_somebody_masked_it_or_said_that_there_are_none(text):
    with pytest.raises(NotLookedOver):
        as_it_leaves(["", text], LookedOver(("陈大文", "13800138000")))
    assert as_it_leaves([text], LookedOver((), True))(text) == text
    assert as_it_leaves(["", " "], LookedOver())("") == ""


def test_what_is_masked_leaves_masked_and_the_informants_name_never_leaves():
    all_masked = as_it_leaves([TEXT], LookedOver(("陈大文", "13800138000"), True))
    assert all_masked(TEXT) == "老板陈某某说年份不符，电话***"
    hidden = identity_pieces("来电人 龙吉祥（13800138000）")
    leaving = as_it_leaves(["龙吉祥反映"], LookedOver((), True), hidden=hidden)
    assert leaving("龙吉祥反映，回电13800138000") == "龙某某反映，回电***"
