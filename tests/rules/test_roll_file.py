"""Rolls as offices really send them, built with openpyxl and read without it."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from gi_trace.excel import answers, header, table, unreadable
from gi_trace.excel.cells import Unreadable, day_of, whole_of
from gi_trace.excel.choices import Choice
from gi_trace.excel.seen import Limits
from gi_trace.excel.template import Marked, annotated, template_book
from gi_trace.excel.workbook import read_sheets
from gi_trace.registry.rolls.columns import Registered, roll_columns
from gi_trace.registry.rolls.file import read_roll
from tests.excel import FIRM, HEADER, OTHER_FIRM, roll_xlsx, saved, uscc

REGISTERED = Registered(
    products=(Choice("peel", "新会陈皮"), Choice("fruit", "新会柑"), Choice("rice", "台山大米")),
    areas=(Choice("dazhe", "大泽"), Choice("daao", "大鳌", ("大螯", "大鳖")), Choice("taishan", "台山市")),
    bases_of={
        "peel": frozenset({"protected", "certification"}),
        "fruit": frozenset({"protected"}),
        "rice": frozenset({"certification"}),
    },
)
TEMPLATE = template_book("名册", roll_columns(REGISTERED))


def read(*rows, **layout):
    return read_roll(roll_xlsx(*rows, **layout), REGISTERED)


def the_fault(roll):
    """The only fault, as a person reads it."""
    [fault] = roll.faults
    return (
        fault.row,
        fault.column,
        fault.message.format(**fault.facts),
        fault.what_to_do.format(**fault.facts),
    )


def test_a_clean_roll_gives_its_rows_with_registered_codes():
    [row] = read(FIRM).rows
    assert (row.row, row.name, row.uscc) == (2, "示范甲陈皮行", uscc(1))
    assert (row.product, row.basis, row.area) == ("peel", "certification", "daao")
    assert (row.starts_on, row.ends_on) == (date(2026, 1, 1), date(2027, 12, 31))


# The file as a whole


@pytest.mark.parametrize(
    "content", [b"", b"name", "企业名称".encode("gbk"), b"\x00,\x01", b"PK\x03\x04 broken"]
)
def test_what_is_no_workbook_is_said_to_be_none(content):
    with pytest.raises(unreadable.UnreadableFile, match="另存为 .xlsx"):
        read_sheets(content)


def test_a_zip_that_is_no_workbook_is_refused():
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        package.writestr("letter.xml", "<letter/>")
    with pytest.raises(unreadable.UnreadableFile):
        read_sheets(written.getvalue())


def test_an_encrypted_workbook_is_told_from_an_old_one():
    container = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    with pytest.raises(unreadable.EncryptedWorkbook, match="取消密码"):
        read_sheets(container + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(unreadable.UnreadableFile, match="损坏"):
        read_sheets(container + "Workbook".encode("utf-16-le"))


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    written = io.BytesIO(roll_xlsx(FIRM))
    with zipfile.ZipFile(written, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet2.xml", b" " * 3_000_000)
    with pytest.raises(unreadable.TooMuchInside, match="超过 2 MB"):
        read_sheets(written.getvalue(), Limits(unpacked=2_000_000))


def test_a_package_that_lies_about_its_size_is_refused():
    content = bytearray(roll_xlsx(FIRM))
    directory = content.index(b"PK\x01\x02")
    while content.find(b".xml", directory, directory + 100) < 0:
        directory = content.index(b"PK\x01\x02", directory + 4)
    content[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    with pytest.raises(unreadable.UnreadableFile):
        read_sheets(bytes(content))


def test_one_cell_at_the_far_corner_cannot_take_all_memory():
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = "x"
    with pytest.raises(unreadable.SheetTooBig, match="XFD1048576"):
        read_sheets(saved(book))


@pytest.mark.parametrize("place", ["A20001", "CW2"])
def test_a_cell_just_beyond_the_limits_is_refused(place):
    book = openpyxl.load_workbook(io.BytesIO(roll_xlsx(FIRM)))
    book.active[place] = "x"
    with pytest.raises(unreadable.SheetTooBig, match=place):
        read_sheets(saved(book))


def test_styled_but_empty_cells_far_down_do_no_harm():
    book = openpyxl.load_workbook(io.BytesIO(roll_xlsx(FIRM)))
    book.active["ZZ90000"].font = openpyxl.styles.Font(bold=True)
    assert read_roll(saved(book), REGISTERED).rows


def test_too_many_bytes_are_refused_with_the_arithmetic():
    with pytest.raises(unreadable.FileTooLarge, match="12 MB，最多 10 MB"):
        read_sheets(b"PK\x03\x04" + bytes(12_000_000))


def test_an_empty_workbook_and_a_header_without_rows_are_told_apart():
    with pytest.raises(unreadable.EmptyWorkbook):
        read_sheets(saved(openpyxl.Workbook()))
    with pytest.raises(table.NoRows, match="第 1 行"):
        read()


def test_wrong_columns_come_first_and_alone_with_the_near_miss():
    header = [name if name != "授权截止日" else "授权终止日" for name in HEADER if name != "产品"]
    with pytest.raises(answers.ColumnsMissing) as refusal:
        read(FIRM | {"统一社会信用代码": "wrong"}, header=header)
    assert "缺少列：产品、授权截止日（是否指“授权终止日”？）" in str(refusal.value)


def test_a_sheet_without_any_header_is_told_which_columns_it_needs():
    with pytest.raises(header.HeaderNotFound, match="企业名称、统一社会信用代码、产品"):
        read([1, 2, 3], header=["甲", "乙", "丙"])


def test_two_columns_for_one_thing_are_refused():
    with pytest.raises(header.ColumnRepeated, match="“产品”和“产品名称”都像是“产品”列"):
        read(FIRM, header=[*HEADER, "产品名称"])


# Layout of real sheets


def test_the_header_is_found_below_merged_titles_and_rows_keep_excels_numbers():
    titles = [["地理标志专用标志使用企业名册"], ["填报单位：示范局", None, None, "2026年3月"], []]
    roll = read(FIRM, OTHER_FIRM | {"产品": "新会橙"}, above=titles, merge=["A1:I1", "A2:C2"])
    assert the_fault(roll)[0] == 6


def test_a_header_of_two_rows_is_read_as_one():
    upper = [*HEADER[:5], "授权期限", None, *HEADER[7:]]
    lower = [None] * 5 + ["起始日", "截止日"] + [None] * 2
    [row] = read(lower, list(FIRM.values()), header=upper, merge=["F1:G1"]).rows
    assert row.ends_on == date(2027, 12, 31)


def test_headers_forgive_stars_units_blanks_and_line_breaks():
    header = ["*企业 名称", "统一社会\n信用代码（18位）", "产品名称", "保护依据", "公告号／注册号",
              "授权起始日（年月日）", "有效期止", "所在镇街", "地址"]  # fmt: skip
    assert len(read(list(FIRM.values()), header=header).rows) == 1


def test_a_name_merged_over_several_rows_counts_for_each():
    second = {"产品": "新会柑", "保护依据": "地理标志产品", "公告号/注册号": "公告1号"}
    roll = read(FIRM, FIRM | second | {"企业名称": None}, merge=["A2:A3"])
    assert [row.name for row in roll.rows] == ["示范甲陈皮行", "示范甲陈皮行"]


def test_blank_rows_totals_signatures_and_repeated_headers_are_passed_over():
    roll = read([], FIRM, HEADER, ["合计", *[None] * 7, 2], ["填表人：甲", None, None, "联系电话：0"])
    assert [row.row for row in roll.rows] == [3]
    assert roll.table.passed_over == [4, 5, 6]


def book_of(**sheets):
    """A workbook with a sheet of rows for each name."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row.values()) if isinstance(row, dict) else row)
    return book


def test_the_table_may_stand_on_a_later_sheet_and_a_hidden_one_is_asked_about():
    book = book_of(封面=[["封面"]], 旧名册=[HEADER, OTHER_FIRM], 名册=[HEADER, FIRM])
    book["旧名册"].sheet_state = "hidden"
    with pytest.raises(answers.HiddenContent, match="0 行.*1 张") as question:
        read_roll(saved(book), REGISTERED)
    assert (question.value.asked["rows"], question.value.asked["sheets"]) == ([], ["旧名册"])
    without = read_roll(saved(book), REGISTERED, answers.Answers(hidden_sheets=False))
    assert [row.name for row in without.rows] == ["示范甲陈皮行"]
    assert without.table.not_read == ["封面", "旧名册"]
    assert len(read_roll(saved(book), REGISTERED, answers.Answers(hidden_sheets=True)).rows) == 2


# Cells


def test_full_width_characters_blanks_and_numbers_as_text_are_forgiven():
    messy = {
        "企业名称": " 示范甲　陈皮行\u00a0",
        "统一社会信用代码": "９１４４０７０５ ｍａｄｅ００００１６\u200b",
        "产品": "新会陈皮 ",
        "公告号/注册号": "第 0000001 号",
        "授权起始日": "２０２６年１月１日",
    }
    assert read(FIRM | messy).rows == read(FIRM).rows


def test_text_stored_as_a_number_keeps_its_digits():
    [row] = read(FIRM | {"公告号/注册号": 1234567.0}).rows
    assert row.number == "1234567"


@pytest.mark.parametrize(
    "cell",
    [
        date(2026, 3, 1), datetime(2026, 3, 1, 8, 30), 46082, "46082", 20260301, "20260301", "2026年3月1日",
        "2026年03月01号", "2026.3.1", "2026/3/1", "2026-3-1", "2026 年 3 月 1 日", "２０２６．３．１",
        "2026-03-01 00:00:00", "二〇二六年三月一日", "二○二六年三月一日",
    ],
)  # fmt: skip
def test_a_day_is_understood_in_every_usual_form(cell):
    [row] = read(FIRM | {"授权起始日": cell}).rows
    assert row.starts_on == date(2026, 3, 1)


@pytest.mark.parametrize(
    "written, month, day", [("二〇二五年十二月三十一日", 12, 31), ("二零二五年十月二十日", 10, 20)]
)
def test_chinese_numerals_above_ten_are_understood(written, month, day):
    assert day_of(written) == date(2025, month, day)


@pytest.mark.parametrize(
    "cell, message",
    [
        ("2026年3月", "没有写到日"),
        ("3/1/2026", "看不出哪个是年份"),
        ("26.3.1", "看不出哪个是年份"),
        ("2026-02-30", "不存在"),
        ("待定", "不是日期"),
        (12, "不是日期"),
    ],
)
def test_an_unclear_day_says_what_is_unclear(cell, message):
    with pytest.raises(Unreadable) as fault:
        day_of(cell)
    assert message in fault.value.message.format(**fault.value.facts)


def test_a_right_may_have_an_open_end_but_not_an_empty_one():
    assert read(FIRM | {"授权截止日": "长期"}).rows[0].ends_on is None
    assert the_fault(read(FIRM | {"授权截止日": None}))[1:3] == ("授权截止日", "缺少授权截止日")


def test_a_missing_cell_is_called_missing():
    assert the_fault(read(FIRM | {"统一社会信用代码": "  "})) == (
        2, "统一社会信用代码", "缺少统一社会信用代码", "填写统一社会信用代码",
    )  # fmt: skip


def test_a_wrong_check_character_says_which_it_should_be():
    row, column, message, what_to_do = the_fault(read(FIRM | {"统一社会信用代码": "91440705MADE000018"}))
    assert (row, column) == (2, "统一社会信用代码")
    assert "应为 6，写的是 8" in message
    assert "不一定是最后一位" in what_to_do


def test_a_code_that_excel_turned_into_a_number_is_explained():
    assert "后面的几位已经丢失" in the_fault(read(FIRM | {"统一社会信用代码": 914407050000000018}))[2]
    assert "后面的几位已经丢失" in the_fault(read(FIRM | {"统一社会信用代码": "9.14407E+17"}))[2]


def test_a_code_of_the_wrong_length_or_alphabet_is_told_apart():
    assert "有 17 位" in the_fault(read(FIRM | {"统一社会信用代码": "91440705MADE00001"}))[2]
    assert "字母 I、O" in the_fault(read(FIRM | {"统一社会信用代码": "91440705MADEMOOO1Q"}))[2]


@pytest.mark.parametrize("town", ["大鳌", "大螯", "大鳖", "大鳌镇", "江门市新会区大鳌镇", "大 螯"])
def test_a_town_under_an_alias_is_the_same_town(town):
    assert read(FIRM | {"所在镇": town}).rows[0].area == "daao"


def test_an_unknown_product_or_town_is_answered_with_the_near_ones():
    message, what_to_do = the_fault(read(FIRM | {"产品": "新会陈皮茶"}))[2:]
    assert message == "没有登记“新会陈皮茶”"
    assert "是否指“新会陈皮”或“新会柑”" in what_to_do
    assert "可填：大泽、大鳌、台山市" in the_fault(read(FIRM | {"所在镇": "古井"}))[3]


def test_a_basis_that_the_product_does_not_have_is_a_fault():
    rice = {"产品": "台山大米", "保护依据": "地理标志产品"}
    row, column, message, what_to_do = the_fault(read(FIRM | rice))
    assert (row, column, message) == (2, "保护依据", "台山大米没有登记这一保护依据")
    assert "台山大米可填：地理标志证明商标" in what_to_do


def test_reversed_dates_are_a_fault():
    roll = read(FIRM | {"授权起始日": "2028-01-01"})
    assert the_fault(roll)[2] == "截止日 2027-12-31 早于起始日 2028-01-01"


def test_a_right_of_one_day_is_no_fault():
    assert len(read(FIRM | {"授权起始日": "2027-12-31"}).rows) == 1


def test_a_full_row_that_begins_like_a_remark_is_a_row():
    assert [row.name for row in read(FIRM | {"企业名称": "合计示范行"}).rows] == ["合计示范行"]


@pytest.mark.parametrize("cell", [2000.5, "2000.5", 10**10])
def test_what_must_be_whole_is_refused_otherwise(cell):
    with pytest.raises(Unreadable, match="不是整数"):
        whole_of(cell)


# Rows against each other


def test_the_same_row_twice_is_merged_and_noted():
    roll = read(FIRM, OTHER_FIRM, FIRM | {"统一社会信用代码": "91440705 made000016"})
    assert [row.row for row in roll.rows] == [2, 3]
    assert roll.merged == [(4, 2)]


def test_rows_that_contradict_each_other_are_faults():
    fruit = {"产品": "新会柑", "保护依据": "地理标志产品"}
    assert the_fault(read(FIRM, FIRM | fruit | {"企业名称": "另一家"}))[:3] == (
        3, "企业名称", "企业名称与第 2 行不一致",
    )  # fmt: skip
    assert the_fault(read(FIRM, FIRM | {"授权截止日": "长期"}))[:2] == (3, "授权截止日")
    assert the_fault(read(FIRM, FIRM | {"公告号/注册号": "第2号"}))[:2] == (3, "公告号/注册号")


def test_a_renewal_follows_the_period_before_it():
    renewed = FIRM | {"授权起始日": "2028-01-01", "授权截止日": "2029-12-31"}
    assert len(read(FIRM, renewed).rows) == 2
    assert "期限重叠" in the_fault(read(FIRM, renewed | {"授权起始日": "2027-12-31"}))[2]


def test_one_fault_keeps_the_whole_roll_back():
    roll = read(FIRM, OTHER_FIRM | {"产品": "橙"})
    assert roll.rows == []
    assert len(roll.faults) == 1


def test_ten_thousand_rows_are_read():
    firms = (FIRM | {"统一社会信用代码": uscc(number)} for number in range(10_000))
    assert len(read(*firms).rows) == 10_000


# Files that go out


def test_the_template_reads_back_once_its_first_sheet_is_filled():
    book = openpyxl.load_workbook(io.BytesIO(TEMPLATE))
    assert book.sheetnames == ["名册", "示例", "填写说明", "选项"]
    assert len(book["名册"].data_validations.dataValidation) == 3
    with pytest.raises(table.NoRows):
        read_roll(TEMPLATE, REGISTERED)
    for column, name in enumerate(HEADER, 1):
        assert book["名册"].cell(1, column).value == name
        book["名册"].cell(2, column, FIRM[name])
    assert read_roll(saved(book), REGISTERED).rows == read(FIRM).rows


def test_the_sample_row_of_the_template_has_no_fault():
    book = openpyxl.load_workbook(io.BytesIO(TEMPLATE))
    del book["名册"]
    book["示例"].title = "名单"
    assert read_roll(saved(book), REGISTERED).faults == []


def test_an_annotated_file_keeps_every_row_at_its_place_and_starts_no_formula():
    content = roll_xlsx(FIRM | {"地址": '=HYPERFIRMK("x")'}, OTHER_FIRM, above=[["名册"]])
    grid = read_sheets(content)[0].grid
    marked = annotated([Marked("", grid, 2, {3: "=1+1", 4: "产品：没有登记"})])
    book = openpyxl.load_workbook(io.BytesIO(marked))
    sheet = book.active
    assert [cell.value for cell in sheet[2]][-1] == "错误"
    assert sheet.cell(3, len(HEADER) + 1).data_type == "s"
    assert sheet.cell(4, len(HEADER) + 1).value == "产品：没有登记"
    assert sheet.cell(4, 1).value == "示范乙陈皮行"


def test_an_annotated_file_can_be_mended_and_sent_again():
    grid = read_sheets(roll_xlsx(FIRM, OTHER_FIRM))[0].grid
    once = read_sheets(annotated([Marked("", grid, 1, {2: "产品"})]))[0].grid
    again = annotated([Marked("", once, 1, {3: "产季"})])
    assert read_roll(again, REGISTERED).rows == read(FIRM, OTHER_FIRM).rows
    assert [cell.value for cell in openpyxl.load_workbook(io.BytesIO(again)).active[1]].count("错误") == 1
