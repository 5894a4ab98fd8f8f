"""The shapes of lists that offices keep, in every format that they keep them in; each is made here."""

import io
import struct
import zipfile
from contextlib import suppress
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from gi_trace.excel import answers, unreadable
from gi_trace.excel.answers import Answers
from gi_trace.excel.cells import day_of
from gi_trace.excel.choices import Choice
from gi_trace.excel.kinds import FileKind, kind_of
from gi_trace.excel.seen import LIMITS, Limits
from gi_trace.excel.table import place_text
from gi_trace.excel.template import annotated
from gi_trace.excel.workbook import SEE, read_sheets
from gi_trace.registry.rolls.changes import Called, plan_changes, read_changes
from gi_trace.registry.rolls.columns import Registered
from gi_trace.registry.rolls.file import ListOfChanges, read_roll
from tests.excel import FIRM, HEADER, OTHER_FIRM, roll_xlsx, saved, uscc
from tests.rules.test_roll_file import REGISTERED, TEMPLATE, book_of, read, the_fault
from tests.workbooks import Error, Page, ods, record, xls, xlsb

ROWS = [HEADER, *([str(cell) for cell in firm.values()] for firm in (FIRM, OTHER_FIRM))]
MAKERS = {"xls": xls, "xlsb": xlsb, "ods": ods}
every_format = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
TOLD_ONCE = Answers(
    said={"basis": "地理标志产品", "number": "第354号", "starts_on": "2026-03-01", "ends_on": "长期"}
)
ANNEX = ["序号", "地理标志产品名称", "企业名称", "企业地址", "法定代表人", "社会信用代码"]


def read_file(content, said=answers.NOTHING_SAID):
    return read_roll(content, REGISTERED, said)


def names(roll):
    return [row.name for row in roll.rows]


# Formats


@every_format
def test_a_list_is_read_in_every_format_of_office_programs(make):
    roll = read_file(make(Page("名册", ROWS)))
    assert roll.faults == [] and roll.rows == read(FIRM, OTHER_FIRM).rows


@every_format
def test_hidden_rows_and_sheets_are_asked_about_in_every_format(make):
    content = make(
        Page("名册", ROWS, hidden_rows=frozenset({3})),
        Page("旧", [HEADER, ROWS[1]], is_hidden=True),
    )
    with pytest.raises(answers.HiddenContent) as question:
        read_file(content)
    assert question.value.asked == {"rows": [3], "sheets": ["旧"], "lists": ["名册", "旧"]}
    neither = read_file(content, Answers(hidden_rows=False, hidden_sheets=False))
    assert names(neither) == ["示范甲陈皮行"] and neither.table.told()["left_out"] == [3]
    assert neither.table.told()["not_read"] == ["旧"]
    both = read_file(content, Answers(hidden_rows=True, hidden_sheets=True))
    assert names(both) == ["示范甲陈皮行", "示范乙陈皮行"] and both.merged == [(100_002, 2)]


@every_format
def test_hidden_rows_are_one_question_and_hidden_sheets_another(make):
    content = make(
        Page("名册", ROWS, hidden_rows=frozenset({3})), Page("旧", [HEADER, ROWS[2]], is_hidden=True)
    )
    with pytest.raises(answers.HiddenContent) as question:
        read_file(content, Answers(hidden_rows=False))
    assert (question.value.asked["rows"], question.value.asked["sheets"]) == ([], ["旧"])
    sheet_alone = read_file(content, Answers(hidden_rows=False, hidden_sheets=True))
    assert [row.row for row in sheet_alone.rows] == [2, 100_002]


@every_format
def test_an_error_cell_is_a_fault_in_every_format(make):
    roll = read_file(make(Page("名册", [HEADER, [*ROWS[1][:8], Error()]])))
    assert the_fault(roll)[:3] == (2, "地址", "单元格是错误值“#REF!”")


@every_format
def test_cells_merged_over_rows_count_for_each_in_every_format(make):
    second = [None, *ROWS[1][1:2], "新会柑", "地理标志产品", "公告1号", *ROWS[1][5:]]
    roll = read_file(make(Page("名册", [HEADER, ROWS[1], second], merged=((1, 2, 0, 0),))))
    assert names(roll) == ["示范甲陈皮行", "示范甲陈皮行"]


@every_format
def test_a_cell_at_the_far_corner_is_refused_in_every_format(make):
    rows = [[], *([["x"]] if make is ods else [[None] * 120 + ["x"]])]
    content = make(Page("名册", rows), **({"rows_repeated": 1_000_000} if make is ods else {}))
    with pytest.raises(unreadable.SheetTooBig):
        read_sheets(content)


def sent_back(roll):
    """What is downloaded to be mended, with a remark in every row that was read."""
    return annotated(roll.table.marked({row.row: "产品：没有登记" for row in roll.rows}))


@every_format
@pytest.mark.parametrize("hidden", [{3}, {2, 3}, set()], ids=str)
def test_what_was_sent_back_is_asked_about_and_read_as_the_file_itself_was(make, hidden):
    pages = [Page("名册", [*ROWS, ROWS[1]], hidden_rows=frozenset(hidden)), Page("旧", ROWS, is_hidden=True)]
    for no in (
        Answers(hidden_rows=False, hidden_sheets=False),
        Answers(hidden_rows=False, hidden_sheets=True),
    ):
        first = read_file(make(*pages), no)
        again = sent_back(first)
        if first.table.left_out:
            with pytest.raises(answers.HiddenContent) as question:
                read_file(again)
            assert question.value.asked["rows"] == first.table.left_out
        assert read_file(again, no).rows == first.rows
        twice = sent_back(read_file(again, no))
        assert read_file(twice, no).rows == first.rows


def test_a_sheets_name_columns_beside_the_faults_and_days_counted_from_1904_are_sent_back():
    header = [name for name in HEADER if name not in ("产品", "所在镇")]
    [row] = [[str(FIRM[name]) for name in header]]
    row[header.index("授权起始日")] = 44_620.0
    file = xls(Page("新会陈皮", [["错误", *header, "所在镇"], ["旧", *row, "大鳌"]]), from_1904=True)
    first = read_file(file)
    assert first.faults == [] and first.rows[0].starts_on == date(2026, 3, 1)
    assert read_file(sent_back(first)).rows == first.rows


@pytest.mark.parametrize("make", [xls, xlsb])
def test_a_number_in_a_book_that_counts_from_1904_is_its_day(make):
    cells = [*ROWS[1][:5], 44_620.0, *ROWS[1][6:]]
    assert read_file(make(Page("名册", [HEADER, cells]), from_1904=True)).rows[0].starts_on == date(
        2026, 3, 1
    )
    assert read_file(make(Page("名册", [HEADER, cells]))).rows[0].starts_on == date(2022, 2, 28)


def test_days_of_a_1904_book_are_right_with_and_without_a_style():
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(HEADER)
    book.active.append(list((FIRM | {"授权起始日": 44_620, "授权截止日": datetime(2027, 1, 2)}).values()))
    [row] = read_file(saved(book)).rows
    assert (row.starts_on, row.ends_on) == (date(2026, 3, 1), date(2027, 1, 2))


@pytest.mark.parametrize(
    ("codec", "told"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("gbk", "GBK"), ("gb18030", "GBK")],
)
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_is_read_in_every_usual_encoding_which_is_said(codec, told, delimiter):
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in ROWS)
    roll = read_file(text.encode(codec))
    assert names(roll) == ["示范甲陈皮行", "示范乙陈皮行"]
    assert roll.table.told()["encoding"] == told


def test_an_error_that_was_saved_as_text_is_a_fault_too():
    text = "\n".join(",".join(row) for row in [HEADER, [*ROWS[1][:7], "#N/A", "示范路1号"]])
    assert the_fault(read_file(text.encode()))[1:3] == ("所在镇", "单元格是错误值“#N/A”")


def zip_of(*names, **parts):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        for name in names:
            package.writestr(name, b"<x/>")
        for name, part in parts.items():
            package.writestr(name, part)
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7\n", "PDF 文件"),
        (b"\x89PNG\r\n\x1a\n" + bytes(20), "图片"),
        (b"\xff\xd8\xff\xe0" + bytes(20), "图片"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(20), "图片"),
        (zip_of("word/document.xml"), "Word 文档"),
        (b"\xd0\xcf\x11\xe0" + bytes(600) + "WordDocument".encode("utf-16-le"), "Word 文档"),
        (zip_of(mimetype="application/vnd.oasis.opendocument.text"), "Word 文档"),
        (zip_of("ppt/presentation.xml"), "演示文稿"),
        (zip_of("名单.xlsx"), "压缩包"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "网页"),
    ],
)
def test_what_is_no_table_is_named_as_what_it_is(content, what):
    with pytest.raises(unreadable.NotATable) as refusal:
        read_sheets(content)
    assert refusal.value.facts["what"] == what


def test_a_password_is_named_in_old_and_new_books():
    for content in (
        xls(Page("名册", ROWS), password=True),
        b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
    ):
        with pytest.raises(unreadable.EncryptedWorkbook):
            read_sheets(content)


@every_format
def test_a_file_that_was_cut_off_loses_no_row_unsaid(make):
    content = make(Page("名册", ROWS * 40))
    whole = read_sheets(content)
    for end in [*range(8, len(content), len(content) // 12), len(content) - 1]:
        try:
            assert read_sheets(content[:end]) == whole
        except unreadable.UnreadableFile:
            continue


def test_a_sheet_part_in_capitals_and_a_day_with_its_zone_are_read():
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(roll_xlsx(FIRM))) as old, zipfile.ZipFile(written, "w") as new:
        for part in old.infolist():
            new.writestr(part.filename.replace("sheet1.xml", "SHEET1.XML"), old.read(part))
    assert names(read_file(written.getvalue())) == ["示范甲陈皮行"]
    assert day_of("2026-03-01T00:00:00Z") == day_of("2026年3月1日起") == date(2026, 3, 1)


# Sheets


def test_every_sheet_that_looks_like_a_list_is_read_and_named_with_its_rows():
    book = book_of(
        新会陈皮=[HEADER, FIRM], 说明=[["说明"], ["文字"]], 台山大米=[["名册"], HEADER, OTHER_FIRM, FIRM]
    )
    roll = read_file(saved(book))
    told = roll.table.told()
    assert told["lists"] == [("新会陈皮", 1), ("台山大米", 2)] and told["not_read"] == ["说明"]
    assert names(roll) == ["示范甲陈皮行", "示范乙陈皮行"] and roll.merged == [(100_004, 2)]


def test_a_fault_on_a_later_sheet_says_on_which():
    book = book_of(甲=[HEADER, FIRM], 乙=[["名册"], HEADER, FIRM | {"企业名称": "另一家"}])
    row, _column, message, _ = the_fault(read_file(saved(book)))
    assert place_text(row, ["甲", "乙"]) == "3（“乙”表）"
    assert message == "企业名称与第 2（“甲”表） 行不一致"


def test_the_sample_of_the_template_is_never_read():
    book = openpyxl.load_workbook(io.BytesIO(TEMPLATE))
    for column, name in enumerate(HEADER, 1):
        book["名册"].cell(2, column, FIRM[name])
    roll = read_file(saved(book))
    assert names(roll) == ["示范甲陈皮行"] and roll.table.names == ["名册"]
    del book["名册"]
    with pytest.raises(unreadable.UnreadableFile):
        read_file(saved(book))


def test_rows_that_a_filter_hides_are_asked_about():
    book = book_of(名册=[HEADER, FIRM, OTHER_FIRM])
    book["名册"].auto_filter.ref = "A1:I3"
    book["名册"].row_dimensions[3].hidden = True
    with pytest.raises(answers.HiddenContent) as question:
        read_file(saved(book))
    assert (question.value.asked["rows"], question.value.asked["sheets"]) == ([3], [])


def test_a_workbook_of_forty_sheets_is_refused_before_it_is_opened():
    book = book_of(**{f"表{number}": [HEADER, FIRM] for number in range(40)})
    with pytest.raises(unreadable.TooManySheets, match="40 张"):
        read_file(saved(book))


def test_the_rows_of_all_sheets_together_are_bounded():
    book = book_of(甲=[HEADER, FIRM], 乙=[HEADER, FIRM])
    with pytest.raises(unreadable.TooManyRows, match="4 行，最多读 3 行"):
        read_sheets(saved(book), Limits(rows=3))


# Shapes


def test_the_annex_of_an_announcement_is_read_with_what_is_said_once():
    annex = [["附件"], ["3家核准使用地理标志专用标志企业名单"], ANNEX]
    annex += [
        [n, "新会陈皮" if n == 1 else None, f"示范{n}行", f"示范路{n}号", "示某", uscc(n)] for n in (1, 2)
    ]
    annex += [
        [3, "新会柑", "示范3行", "示范路3号", "示某", uscc(3)],
        [None, "示范市知识产权局"],
        [None, "2026年3月1日"],
    ]
    book = book_of(附件=annex)
    book["附件"].merge_cells("B4:B5")
    with pytest.raises(answers.ColumnsMissing) as question:
        read_file(saved(book))
    assert question.value.asked["missing"] == ["basis", "number", "starts_on", "ends_on"]
    assert question.value.asked["labels"] == []
    roll = read_file(saved(book), TOLD_ONCE)
    assert [(row.name, row.product) for row in roll.rows] == [
        ("示范1行", "peel"),
        ("示范2行", "peel"),
        ("示范3行", "fruit"),
    ]
    assert {(row.number, row.starts_on, row.ends_on) for row in roll.rows} == {
        ("第354号", date(2026, 3, 1), None)
    }
    assert roll.table.passed_over == [7, 8]


def test_licences_of_a_certification_mark_are_read():
    header = [
        "序号",
        "被许可人",
        "统一社会信用代码",
        "许可产品",
        "证明商标注册号",
        "许可期限",
        None,
        "备案号",
    ]
    lower = [None] * 5 + ["起", "止", None]
    cells = [1, "示范甲陈皮行", uscc(1), "台山大米", "第0000002号", "2026-01-01", "2027-12-31", "备2026-1"]
    [row] = read_file(saved(book_of(许可=[header, lower, cells])), Answers(said={"basis": "证明商标"})).rows
    assert (row.product, row.number, row.starts_on, row.ends_on) == (
        "rice", "第0000002号", date(2026, 1, 1), date(2027, 12, 31),
    )  # fmt: skip


@pytest.mark.parametrize("title", ["", "新会柑用标企业名单"])
def test_one_sheet_a_product_is_named_by_the_sheet_or_its_title(title):
    header = [name for name in HEADER if name != "产品"]
    rows = [[FIRM[name] for name in header]]
    rows[0][2:4] = ["地理标志产品", "公告1号"]
    book = book_of(**{"新会柑" if not title else "表": [*([[title]] if title else []), header, *rows]})
    assert read_file(saved(book)).rows[0].product == "fruit"


def test_a_product_that_is_within_another_name_is_told_apart():
    bases = {**REGISTERED.bases_of, "tea": frozenset({"protected"})}
    wider = Registered(
        (*REGISTERED.products, Choice("tea", "新会柑茶")),
        REGISTERED.areas,
        bases,
    )
    header = [name for name in HEADER if name != "产品"]
    cells = [(FIRM | {"保护依据": "地理标志产品"})[name] for name in header]
    assert read_roll(saved(book_of(新会柑茶名单=[header, cells])), wider).rows[0].product == "tea"


def test_several_products_in_one_row_are_a_right_each():
    roll = read(FIRM | {"产品": "新会陈皮、新会柑", "保护依据": "地理标志产品", "公告号/注册号": "第354号"})
    assert [(row.row, row.product) for row in roll.rows] == [(2, "peel"), (2, "fruit")]
    assert the_fault(read(FIRM | {"产品": "新会陈皮、橙"}))[2] == "没有登记“橙”"


def test_two_bases_in_one_row_are_a_fault():
    assert "没有登记" in the_fault(read(FIRM | {"保护依据": "地理标志产品、证明商标"}))[2]


def test_totals_and_signatures_are_passed_over_and_said():
    signature = ["示范市市场监督管理局", None, None, "2026年11月"]
    roll = read(FIRM, ["小计", None, "1家"], OTHER_FIRM, [None, "合计：2家"], signature)
    assert names(roll) == ["示范甲陈皮行", "示范乙陈皮行"]
    assert roll.table.passed_over == [3, 5, 6]


def test_a_firm_alone_in_its_row_is_no_signature():
    assert len(read(FIRM, ["示范乙陈皮行"]).faults) == 6


def test_a_column_under_another_name_is_suggested_mapped_and_remembered():
    header = [name if name != "授权截止日" else "使用期限届满" for name in HEADER]
    content = roll_xlsx(list(FIRM.values()), header=header)
    with pytest.raises(answers.ColumnsMissing) as question:
        read_file(content)
    asked = question.value.asked
    assert (asked["missing"], asked["labels"]) == (["ends_on"], ["使用期限届满"])
    mapped = {"使用期限届满": "ends_on"}
    first = read_file(content, Answers(columns=mapped))
    assert first.rows[0].ends_on == date(2027, 12, 31)
    again = read_file(content, Answers(remembered={asked["shape"]: mapped}))
    assert again.rows == first.rows and again.table.told()["mapped"] == {"使用期限届满": "授权截止日"}
    other = roll_xlsx(list(FIRM.values()), header=[*header[:-1], "详细地址"])
    with pytest.raises(answers.ColumnsMissing):
        read_file(other, Answers(remembered={asked["shape"]: mapped}))


def test_a_cell_counts_before_what_was_said_for_the_file():
    roll = read(FIRM)
    assert read_file(roll_xlsx(FIRM), TOLD_ONCE).rows == roll.rows


def test_a_text_that_is_longer_than_its_column_is_a_fault():
    assert the_fault(read(FIRM | {"地址": "路" * 201}))[2] == "有 201 个字，最多 200 个"


# Changes

CHANGES = ["序号", "产品名称", "变更前企业名称", "变更后企业名称", "社会信用代码", "公告号"]
SAID = Answers(said={"from_day": "2026年11月2日"})
LONG_AGO = date(2020, 1, 1)


def change(number, **other):
    row = {"before": f"示范{number}行", "after": f"新示范{number}行", "uscc": uscc(number)} | other
    return [number, "新会陈皮", row["before"], row["after"], row["uscc"], "第498号"]


def changes_of(*rows):
    book = book_of(变更=[[f"{len(rows)}家核准变更地理标志专用标志企业名单"], CHANGES, *rows])
    return saved(book)


def planned(*rows, called, names=()):
    read_rows = read_changes(changes_of(*rows), SAID).rows
    return plan_changes(read_rows, called, dict(names), date(2026, 11, 24))


def test_a_list_of_changes_is_told_from_a_roll_and_asks_from_which_day():
    content = changes_of(change(1))
    with pytest.raises(ListOfChanges):
        read_file(content)
    with pytest.raises(answers.ColumnsMissing, match="缺少列：变更日期"):
        read_changes(content)
    [row] = read_changes(content, SAID).rows
    assert (row.before, row.after, row.number, row.from_day) == (
        "示范1行", "新示范1行", "第498号", date(2026, 11, 2),
    )  # fmt: skip


def test_what_is_called_so_already_stays_and_the_rest_is_changed():
    called = {
        uscc(1): Called("示范1行", False, LONG_AGO, None),
        uscc(2): Called("新示范2行", False, LONG_AGO, date(2026, 11, 2)),
    }
    plan = planned(change(1), change(2), called=called)
    assert ([row.uscc for row in plan.rows], plan.unchanged, plan.faults) == ([uscc(1)], 1, [])


@pytest.mark.parametrize(
    ("known", "names", "message"),
    [
        (None, {}, "名册里没有这个代码的企业"),
        (Called("示范1行", True, LONG_AGO, None), {}, "名册里没有这个代码的企业"),
        (Called("别的示范行", False, LONG_AGO, None), {}, "登记的名称是“别的示范行”，不是“示范1行”"),
        (Called("示范1行", False, date(2026, 11, 3), None), {}, "早于本系统所知的这家企业最早的日期"),
        (Called("示范1行", False, LONG_AGO, date(2026, 11, 3)), {}, "早于上一次变更的日期"),
        (Called("示范1行", False, LONG_AGO, None), {"新示范1行": ("新示范1行", uscc(9))}, "同名或几乎同名"),
    ],
)
def test_a_change_that_the_registry_contradicts_is_a_fault(known, names, message):
    plan = planned(change(1), called={uscc(1): known} if known else {}, names=names)
    assert message in the_fault(plan)[2] and plan.rows == []


def test_two_changes_of_one_enterprise_in_a_list_are_a_fault():
    read_list = read_changes(changes_of(change(1), change(1, after="又一个示范行")), SAID)
    assert the_fault(read_list)[2] == "变更后企业名称与第 3 行不一致" and read_list.rows == []


# Hostile files

WHOLE = {
    FileKind.XLSX: roll_xlsx(FIRM),
    **{FileKind(name): make(Page("名册", ROWS)) for name, make in MAKERS.items()},
}
CHANGE = st.tuples(st.integers(0, 10**6), st.integers(0, 40), st.binary(max_size=8))


def changed(content, changes):
    for place, length, put in changes:
        at = place % (len(content) + 1)
        content = content[:at] + put + content[at + length :]
    return content


def with_a_changed_part(content, part, changes):
    """A package that is whole, but for one of its parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w") as new:
        names = old.namelist()
        for name in names:
            is_chosen = name == names[part % len(names)]
            new.writestr(name, changed(old.read(name), changes) if is_chosen else old.read(name))
    return written.getvalue()


@given(
    st.sampled_from(list(WHOLE)), st.lists(CHANGE, min_size=1, max_size=6), st.integers(0, 50), st.booleans()
)
@settings(max_examples=400)
def test_whatever_is_changed_in_a_file_it_is_refused_in_words_or_seen(kind, changes, part, inside):
    content = WHOLE[kind]
    if inside and kind is not FileKind.XLS:
        content = with_a_changed_part(content, part, changes)
    else:
        content = changed(content, changes)
    with suppress(unreadable.UnreadableFile, *unreadable.BROKEN):
        if (found := kind_of(content)) in SEE:
            SEE[found](content, LIMITS)


@given(st.binary(max_size=300) | st.text(alphabet=',;\t\n"企a1', max_size=300).map(str.encode))
def test_any_bytes_are_a_table_or_refused(content):
    with suppress(unreadable.UnreadableFile):
        read_sheets(content)


@pytest.mark.parametrize(
    "more",
    [
        record(
            0xFC, struct.pack("<2I", 0x7FFFFFFF, 0x7FFFFFFF) + bytes([255] * 6)
        ),  # two thousand million texts
        record(0x18, bytes([255] * 9)),  # a name that is longer than its record
    ],
)
def test_what_the_library_breaks_on_is_refused_and_breaks_nobody_else(more):
    with pytest.raises(unreadable.UnreadableFile):
        read_sheets(xls(Page("名册", ROWS), more=more))
