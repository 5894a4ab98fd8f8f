"""What a roll says beside the rights that it lists, and the cells that offices write otherwise than the template."""

from datetime import date

import pytest

from gi_trace.excel.answers import Answers
from gi_trace.registry.rolls.changes import read_changes
from gi_trace.registry.rolls.file import ListOfChanges, read_roll
from gi_trace.registry.rolls.standing import ListOfOthers
from gi_trace.registry.uscc import without_person
from tests.excel import FIRM, HEADER, OTHER_FIRM, roll_xlsx, saved, uscc
from tests.rules.test_roll_file import REGISTERED, book_of, read, the_fault

CELLS, OTHER_CELLS = list(FIRM.values()), list(OTHER_FIRM.values())


def read_with(label, *cells):
    rows = [[*CELLS, cells[0]], *([*OTHER_CELLS, cell] for cell in cells[1:])]
    return read_roll(roll_xlsx(*rows, header=[*HEADER, label]), REGISTERED)


# Who is no longer authorised


@pytest.mark.parametrize(
    "title",
    [
        "示范市注销地理标志专用标志使用资格企业名单",
        "关于撤销2家企业专用标志使用的公告",
        "专用标志使用企业名单（已注销）",
        "暂停使用企业清单",
    ],
)
def test_a_list_of_those_who_lost_it_is_no_roll(title):
    with pytest.raises(ListOfOthers) as refusal:
        read_roll(roll_xlsx(FIRM, above=[[title]]), REGISTERED)
    assert refusal.value.facts["title"] == title


def test_a_sheet_of_those_who_lost_it_is_no_roll():
    with pytest.raises(ListOfOthers):
        read_roll(saved(book_of(有效=[HEADER, FIRM], 已注销=[HEADER, OTHER_FIRM])), REGISTERED)


@pytest.mark.parametrize("title", ["地理标志专用标志使用企业名单", "2026年核准公告附件"])
def test_the_title_of_a_roll_is_none(title):
    assert read_roll(roll_xlsx(FIRM, above=[[title]]), REGISTERED).faults == []


@pytest.mark.parametrize(
    ("label", "good", "bad"),
    [
        ("状态", "有效", "已注销"),
        ("企业状态", "存续", "吊销"),
        ("授权状态", "尚未生效", "暂停"),
        ("是否有效", "是", "否"),
        ("是否注销", "否", "是"),
        ("注销日期", "—", "2025-03-01"),
        ("注销日期", None, date(2025, 3, 1)),
        ("撤销原因", "", "质量不合格"),
    ],
)
def test_a_row_that_says_its_right_does_not_run_is_a_fault(label, good, bad):
    assert read_with(label, good).faults == []
    row, column, message, _ = the_fault(read_with(label, good, bad))
    assert (row, column) == (3, label) and "名册只收有效的授权" in message


def test_a_state_that_is_a_column_of_ours_is_no_state():
    header = [name if name != "授权截止日" else "授权终止日" for name in HEADER]
    content = roll_xlsx(CELLS, header=header)
    assert read_roll(content, REGISTERED, Answers(columns={"授权终止日": "ends_on"})).faults == []


# What was not read


def test_what_nobody_reads_is_named_but_not_what_counts_rows():
    table = read_roll(roll_xlsx([1, *CELLS, "示范"], header=["序号", *HEADER, "备注"]), REGISTERED).table
    assert table.told()["ignored"] == ["备注"]
    assert read_with("备注", None).table.told()["ignored"] == []


def test_what_the_form_says_in_vain_is_told():
    said = Answers(said={"number": "第9号", "product": "新会陈皮"})
    header = [name for name in HEADER if name != "产品"]
    rows = [[(FIRM | {"保护依据": "地理标志产品"})[name] for name in header]]
    told = read_roll(saved(book_of(新会柑=[header, *rows])), REGISTERED, said).table.told()
    assert told["unheeded"] == [["新会柑", "产品", "新会陈皮"], ["新会柑", "公告号/注册号", "第9号"]]


# Cells


def test_an_error_in_a_column_that_is_not_ours_is_no_fault():
    assert read_with("人均产值", "#DIV/0!").faults == []


@pytest.mark.parametrize("footer", ["以上共2家", "本页共 2 家", "以上合计共2家企业"])
def test_a_footer_that_counts_is_passed_over(footer):
    roll = read(FIRM, OTHER_FIRM, [footer])
    assert roll.faults == [] and roll.table.passed_over == [4]


@pytest.mark.parametrize("end", ["永久", "永久有效", "至今", "无", "长期"])
def test_no_end_is_written_in_many_words(end):
    assert read(FIRM | {"授权截止日": end}).rows[0].ends_on is None


def test_a_stroke_for_an_end_asks_what_it_means():
    assert "没有截止日的填“长期”" in the_fault(read(FIRM | {"授权截止日": "—"}))[3]


@pytest.mark.parametrize(
    "name", ["示范甲行（原示范旧行）", "示范甲行(曾用名：示范旧行)", "示范甲行（更名前示范旧行）"]
)
def test_a_name_with_another_beside_it_is_a_fault(name):
    assert the_fault(read(FIRM | {"企业名称": name}))[2] == "“{}”里还写着另一个名称".format(
        name.replace("(", "（").replace(")", "）")
    )


@pytest.mark.parametrize("name", ["示范甲行（普通合伙）", "示范原味陈皮行", "示范（原生态）食品公司"])
def test_a_name_that_is_one_is_none(name):
    assert read(FIRM | {"企业名称": name}).rows[0].name == name


@pytest.mark.parametrize("day", [date(1900, 1, 1), "1899-01-01", "0026-01-01", "3026年1月1日"])
def test_a_day_of_another_age_is_a_slip(day):
    assert "的年份不对" in the_fault(read(FIRM | {"授权起始日": day}))[2]


# Numbers of persons


@pytest.mark.parametrize(
    "code",
    [
        "440705199001011230", "44070519900101123", "440705900101123", "440705 19900101 1230", "44070519900101-1230",
        "44070519900101123x", 440705199001011230, "440705199001011230（身份证）",
    ],
)  # fmt: skip
def test_what_may_be_a_persons_number_is_never_said_again(code):
    [fault] = read(FIRM | {"统一社会信用代码": code}).faults
    told = fault.message.format(**fault.facts) + fault.what_to_do.format(**fault.facts)
    assert "900101" not in told


@pytest.mark.parametrize(
    "text", [uscc(1), "12440705456789012X", "13800138000 13900139000", "2026-01-01-2027-12-31", "示范路1号"]
)
def test_what_is_no_persons_number_stays_as_it_is(text):
    assert without_person(text) == text


# Changes


def test_two_days_for_one_change_are_a_contradiction():
    header = ["变更前企业名称", "变更后企业名称", "社会信用代码", "变更日期"]
    rows = [["示范旧行", "示范新行", uscc(1), day] for day in ("2026-11-01", "2026-11-02")]
    assert the_fault(read_changes(roll_xlsx(*rows, header=header)))[1:3] == (
        "变更日期",
        "变更日期与第 2 行不一致",
    )


def test_changes_under_a_header_of_two_rows_are_no_roll():
    upper = ["序号", "企业名称", "企业名称", "社会信用代码", "变更日期"]
    lower = [None, "变更前", "变更后", None, None]
    content = saved(book_of(变更=[upper, lower, [1, "示范旧行", "示范新行", uscc(1), "2026-11-01"]]))
    with pytest.raises(ListOfChanges):
        read_roll(content, REGISTERED)
    [row] = read_changes(content).rows
    assert (row.before, row.after, row.from_day) == ("示范旧行", "示范新行", date(2026, 11, 1))


def test_a_roll_with_a_sheet_of_changes_is_a_roll():
    changes = [["变更前企业名称", "变更后企业名称", "社会信用代码"], ["示范旧行", "示范新行", uscc(1)]]
    roll = read_roll(saved(book_of(名册=[HEADER, FIRM], 变更=changes)), REGISTERED)
    assert len(roll.rows) == 1 and roll.table.not_read == ["变更"]


@pytest.mark.parametrize("matter", ["地址", "法定代表人", "名称、地址"])
def test_a_change_of_something_else_is_no_change_of_a_name(matter):
    header = ["变更事项", "变更前", "变更后", "社会信用代码", "变更日期"]
    rows = [
        ["企业名称", "示范旧行", "示范新行", uscc(1), "2026-11-01"],
        [matter, "示范路1号", "示范路2号", uscc(2), "2026-11-01"],
    ]
    row, column, message, _ = the_fault(read_changes(roll_xlsx(*rows, header=header)))
    assert (row, column, message) == (3, "变更事项", f"这一行变更的是“{matter}”，不是名称")
    assert len(read_changes(roll_xlsx(rows[0], header=header)).rows) == 1


# A period in one column

ONE_COLUMN = [*HEADER[:5], "许可期限", *HEADER[7:]]


def read_period(period):
    return read_roll(roll_xlsx([*CELLS[:5], period, *CELLS[7:]], header=ONE_COLUMN), REGISTERED)


@pytest.mark.parametrize(
    "period",
    [
        "2024.1.1-2026.12.31", "2024-01-01-2026-12-31", "2024-01-01至2026-12-31",
        "2024年1月1日起至2026年12月31日止",
        "自2024年1月1日至2026年12月31日", "20240101—20261231", "2024/1/1 ~ 2026/12/31",
        "二〇二四年一月一日至二〇二六年十二月三十一日",
    ],
)  # fmt: skip
def test_a_period_in_one_column_is_two_days(period):
    [row] = read_period(period).rows
    assert (row.starts_on, row.ends_on) == (date(2024, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize("period", ["2024.1.1-长期", "2024年1月1日起长期有效", "2024-01-01至永久"])
def test_a_period_in_one_column_may_have_no_end(period):
    [row] = read_period(period).rows
    assert (row.starts_on, row.ends_on) == (date(2024, 1, 1), None)


@pytest.mark.parametrize("period", ["2026-12-31", "三年", "2024.1.1-2026.13.31"])
def test_what_is_no_period_is_one_fault(period):
    assert the_fault(read_period(period))[1] == "授权期限"


def test_a_period_is_asked_for_like_its_days_where_it_is_empty():
    assert {fault.column for fault in read_period(None).faults} == {"授权起始日", "授权截止日"}


def test_a_day_in_its_own_column_counts_before_the_period():
    content = roll_xlsx([*CELLS, "2024.1.1-2024.12.31"], header=[*HEADER, "授权期限"])
    assert read_roll(content, REGISTERED).rows[0].ends_on == FIRM["授权截止日"]
