"""What belongs to persons is found in free text, marked, and masked: before anything leaves the house."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gi_trace.casework.rules.contacts import APPS
from gi_trace.casework.rules.leaving import LookedOver, NotLookedOver, as_it_leaves, hidden_of
from gi_trace.casework.rules.no_names import FORM, GOODS, SPEECH
from gi_trace.casework.rules.personal import FAMILY as FAMILIES
from gi_trace.casework.rules.personal import PersonalKind, found_in, masked, masked_pieces
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


SEPARATOR = st.sampled_from(
    ["", " ", "：", "—", "——", "－", "·", "❤", "❤\ufe0f", "_", "～", " : ", "／", "(", "\u200b"]
)


@given(st.sampled_from(APPS), SEPARATOR, SEPARATOR)
def test_accounts_are_found_whatever_stands_in_and_behind_the_word(app, inside, behind):
    half = len(app) // 2
    text = f"货好{app[:half]}{inside}{app[half:]}{behind}lxm9999，可加"
    assert ("lxm9999", PersonalKind.ACCOUNT) in [(one.text, one.kind) for one in found_in(text)]


@given(st.sampled_from(["0750", "020"]), SEPARATOR, SEPARATOR, SEPARATOR)
def test_phones_are_found_whatever_stands_between_their_parts(area, first, second, third):
    for number in (f"{area}{first}6666{second}6666", f"139{second}1234{third}5678"):
        assert [one.kind for one in found_in(f"电话{number}。")] == [PersonalKind.PHONE]


@pytest.mark.parametrize(
    "mail", ["lxm(at)163.com", "lxm [at] 163.com", "lxm＠163.com", "lxm@163点com", "a.b at c.d.cn"]
)
def test_mails_are_found_however_their_signs_are_written(mail):
    assert [(one.text, one.kind) for one in found_in(f"发到{mail}。")] == [(mail, PersonalKind.MAIL)]


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("V：lxm9999", "lxm9999"),
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
    assume(family not in "于方白万余" or not place.startswith("店主{}撤"))  # 店主于… may go on otherwise
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
        "“陈皮”、【陈皮】，陈皮 250g；陈皮12盒（十年）",
        "余下的，黄金、马蹄，江门；顾客高兴地说",
        "林某某、林某说",
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
    hidden = hidden_of("来电人 龙吉祥（13800138000）")
    leaving = as_it_leaves(["龙吉祥反映"], LookedOver((), True), hidden)
    assert leaving("龙吉祥反映，回电13800138000") == "龙某某反映，回电***"


def left_of(text, identity, **party):
    return as_it_leaves([text], LookedOver((), True), hidden_of(identity, **party))(text)


def test_names_and_materials_of_goods_are_no_persons():
    assert [one.text for one in found_in("“马冈鹅”，叫梁橘干")] == ["马冈鹅", "梁橘干"]
    assert found_in("“马冈鹅”，叫梁橘干", goods=["开平马冈鹅", "新会梁橘干"]) == []


def test_each_word_that_is_no_name_begins_like_one():
    assert [one for one in GOODS | SPEECH if not re.match(FAMILIES, one)] == []


@pytest.mark.parametrize(
    "identity",
    [
        "陈大文13812345678会城振兴路3号",
        "姓名：陈大文，电话：138-1234-5678，住址：会城振兴路3号",
        "陈大文先生 １３８１２３４５６７８ 家住会城振兴路3号",
        "来电人陈大文(138 1234 5678)地址会城振兴路3号",
        "我叫陈大文。手机：13812345678。住会城振兴路3号",
        "会城振兴路3号陈大文，13812345678",
    ],
)
def test_an_informant_is_hidden_however_he_and_the_text_write_what_he_is(identity):
    numbers = "138 1234 5678、１３８１２３４５６７８、138—1234—5678、一三八一二三四五六七八"
    left = left_of(f"来电人陈大文说；陳 大 文，{numbers}；会城，振兴路３号", identity)
    assert left == "来电人陈某某说；陈某某，***、***、***、***；***"


@given(st.lists(st.sampled_from(["", " ", "-", "—", "·", "  ", "，"]), min_size=10, max_size=10))
def test_no_separator_shows_an_informants_number(between):
    number = "".join(digit + gap for digit, gap in zip("1381234567", between, strict=True)) + "8"
    assert left_of(f"回电{number}。", "陈大文13812345678") == "回电***。"


def test_an_identity_made_to_be_slow_is_as_quick_as_any():
    identity = "a" + "." * 60 + "@" * 60 + "bcdefgh"
    assert left_of("a" + "." * 2000 + "cdefgh", identity).startswith("a..")
    assert left_of("abc" * 300 + "def" * 300, "abcdef").count("abc") == 0
    assert left_of("a" * 8000, "lxm@163.com") == "a" * 8000


@pytest.mark.parametrize(
    ("identity", "seen", "left"),
    [
        ("lxm@163.com", "发到lxm(at)163.com", "发到***"),
        ("微信 longjixiang", "加微longjixiang、LongJixiang", "加微***、***"),
        ("龙吉祥示范 微信 longjixiang", "龙吉祥示范反映", "***反映"),
        ("赵告密 13700000007", "赵告密购得的1盒", "赵某某购得的1盒"),
        ("Lam Tai Man 9123 4567", "LAM TAI MAN，9123-4567，价 4567 元", "***，***，价 4567 元"),
    ],
)
def test_mails_accounts_and_odd_names_are_hidden_too(identity, seen, left):
    assert left_of(seen, identity) == left


@pytest.mark.parametrize("label", sorted(FORM))
def test_labels_are_no_part_of_an_identity(label):
    for identity in (f"{label}：陈大文", f"陈大文{label}", f"{label} 陈大文"):
        assert label not in hidden_of(identity).pieces, identity


def test_the_party_keeps_its_name_and_address_whatever_the_informant_is_called():
    told = "姓名：陈大文，电话：13812345678，住址：会城"
    text = "当事人会城陈大文陈皮店，会城街道1号；联系电话、姓名、住址均已保密。陈大文说，回电13812345678"
    left = "当事人会城陈大文陈皮店，会城街道1号；联系电话、姓名、住址均已保密。陈某某说，回电***"
    assert left_of(text, told, party="会城陈大文陈皮店", address="会城街道1号") == left
    bought_at = "天马市场8号，我叫孙小兰，电话13800138001"
    hidden = left_of(bought_at, "孙小兰 13800138001 天马市场8号", party="", address=bought_at)
    assert hidden == "天马市场8号，我叫孙某某，电话***"


WRITTEN = st.text(alphabet="陈大文林某老板先生说，。微信住址138*a @.-", max_size=40)
PIECES_OF = st.lists(st.text(alphabet="陈大文林某13*a @.", max_size=6), max_size=4)


@given(WRITTEN, PIECES_OF, PIECES_OF, st.text(alphabet="陈大文店", max_size=4))
def test_what_was_masked_is_not_masked_again(text, pieces, hidden, party):
    once = masked_pieces(text, [*pieces, *(one.text for one in found_in(text))], hidden, party)
    assert masked_pieces(once, [*pieces, *(one.text for one in found_in(text))], hidden, party) == once
    assert masked(masked(text, pieces), pieces) == masked(text, pieces)
    assert once.count("某") <= text.count("某") + len(text)


def test_a_name_that_somebody_masked_by_hand_stays_as_it_is():
    pieces = [one.text for one in found_in("林某某称林先生、老板林某")]
    assert masked_pieces("林某某称林先生、老板林某", pieces) == "林某某称林某先生、老板林某"


def test_dots_between_letters_hold_nobody_up():
    letters = "abcdefghijklmnopqrstuvwxyz"
    written, text = ".".join(letters), "...".join(letters) + "9"
    assert left_of("...".join(letters[:-1]), written) == "...".join(letters[:-1])
    assert left_of(text, ".".join("dot" * 8)) == text


@pytest.mark.parametrize("identity", ["罚款 没收 违法所得 商标法", "公司 职工", "2026", "文号 江门市"])
def test_common_words_in_a_contact_hide_nothing_of_what_officers_write(identity):
    told = "江门市文号：依《商标法》没收违法所得，罚款；公司职工 2026 年说"
    assert left_of(told, identity) == told
