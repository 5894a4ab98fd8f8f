"""What a file asks before it is read, and what is kept of it."""

import io

import openpyxl
import pytest

from gi_trace import clock
from gi_trace.database import db
from gi_trace.imports.actions import (
    ImportProposed,
    NothingAsked,
    answer_import,
    ask_columns_anew,
    give_up_import,
)
from gi_trace.imports.import_proposals import propose_import
from gi_trace.imports.models import Import, ImportKind, ImportState
from gi_trace.registry.models import find_party
from gi_trace.registry.rules import RightState, state_on
from tests.cast import make_activated_batch, person, right_of
from tests.excel import FIRM, HEADER, OTHER_FIRM, roll_xlsx, saved, uscc
from tests.imports import as_it_is, read, send_roll_file, taken_over
from tests.jobs import do_what_waits
from tests.web.test_authority_roll import confirm, last_import, send

ANNEX = ["序号", "地理标志产品名称", "企业名称", "企业地址", "法定代表人", "社会信用代码"]
ANNEX_ROW = [1, "新会陈皮", "示范甲陈皮行", "示范路1号", "示某", uscc(1)]
ONCE = {
    "said_basis": "地理标志产品",
    "said_number": "国家知识产权局公告第三五四号",
    "said_starts_on": "二〇二六年三月一日",
    "said_ends_on": "长期",
}


@pytest.fixture
def zhao(sign_in):
    return sign_in("zhao")


def answer(browser, **answers):
    sent = browser.post(f"/authority/imports/{last_import().id}", data=answers, follow_redirects=True)
    do_what_waits()
    return browser.get(sent.request.path) if sent.status_code == 200 else sent


def with_a_hidden_row():
    book = openpyxl.load_workbook(io.BytesIO(roll_xlsx(FIRM, OTHER_FIRM)))
    book.active.row_dimensions[3].hidden = True
    return saved(book)


def test_hidden_rows_wait_for_an_answer_and_count_as_it_says(zhao):
    page = send(zhao, with_a_hidden_row()).text
    assert "1 行被隐藏或筛选掉" in page and "确认导入" not in page
    assert confirm(zhao).status_code == 422 and last_import().state is ImportState.ASKING
    assert answer(zhao).status_code == 422
    assert "第 3 行" in page
    preview = answer(zhao, hidden_rows="no").text
    assert "隐藏的行没有读入：第 3 行" in preview
    assert "示范甲陈皮行" in preview and "示范乙陈皮行" not in preview
    send(zhao, with_a_hidden_row())
    assert "示范乙陈皮行" in answer(zhao, hidden_rows="yes").text
    confirm(zhao)
    assert find_party(uscc(2))


GROWN = ["地块编号", "种植户", "所在村镇", "作物", "实测面积", "挂果面积"]
SENT = {
    "roll": ("authority/roll/files/new", HEADER, list((FIRM | {"产品": "橙"}).values())),
    "plots": ("authority/plots/import", GROWN, ["示-1", "示范户甲", "示范天马村", "橙", 3000, 2000]),
    "allocations": (
        "authority/crops/1/allocations/2026/file",
        ["地块编号", "核定亩产（千克）"],
        ["示-1", "多"],
    ),
    "harvests": (
        "enterprise/harvests/import",
        ["地块编号", "采收日期", "采收重量（千克）"],
        ["示-1", "2026-11-24", "多"],
    ),
}


@pytest.mark.parametrize("kind", ImportKind)
def test_rows_left_out_stay_hidden_in_what_is_downloaded_to_be_mended(kind, sign_in):
    page, header, row = SENT[kind]
    face = page.split("/")[0]
    browser = sign_in("zhao" if face == "authority" else "liang")
    book = openpyxl.Workbook()
    for cells in (header, row, row):
        book.active.append(cells)
    book.active.row_dimensions[3].hidden = True
    for content in (saved(book), None):
        if content is None:
            content = browser.get(f"/{face}/imports/{last_import().id}/faults.xlsx").data
        browser.post(f"/{page}", data={"file": (io.BytesIO(content), "清单.xlsx")})
        do_what_waits()
        assert last_import().question["rows"] == [3]
        browser.post(f"/{face}/imports/{last_import().id}", data={"hidden_rows": "no"})
        do_what_waits()
        assert last_import().state is ImportState.AT_FAULT
        assert {fault.row for fault in last_import().faults} == {2}


def test_what_an_annex_says_once_is_said_in_the_form(zhao):
    files = {"file": (io.BytesIO(roll_xlsx(ANNEX_ROW, header=ANNEX)), "附件.xlsx"), **ONCE}
    zhao.post("/authority/roll/files/new", data=files, follow_redirects=True)
    do_what_waits()
    confirm(zhao)
    [right] = find_party(uscc(1)).authorisations
    assert (right.number, right.basis, right.ends_on) == ("国家知识产权局公告第三五四号", "protected", None)


def test_what_was_not_said_in_the_form_is_asked(zhao):
    page = send(zhao, roll_xlsx(ANNEX_ROW, header=ANNEX)).text
    assert "缺少列：保护依据、公告号/注册号、授权起始日、授权截止日" in page
    assert "没有写到日" in answer(zhao, **ONCE | {"said_starts_on": "2026年3月"}).text
    assert "请填写此项" in answer(zhao, **ONCE | {"said_number": " "}).text
    preview = answer(zhao, **ONCE).text
    assert "新增的授权" in preview and "对整张表有效：保护依据 地理标志产品" in preview


def test_a_column_is_mapped_and_the_next_file_with_this_header_asks_no_more(zhao):
    header = [name if name != "授权截止日" else "使用期限届满" for name in HEADER]
    page = send(zhao, roll_xlsx(list(FIRM.values()), header=header)).text
    assert '<option value="使用期限届满">' in page
    assert "请选择文件里的哪一列，或者填写" in answer(zhao).text
    assert "“使用期限届满”列读作“授权截止日”" in answer(zhao, column_ends_on="使用期限届满").text
    again = send(zhao, roll_xlsx(list(OTHER_FIRM.values()), header=header)).text
    assert "“使用期限届满”列读作“授权截止日”" in again and "确认导入" in again


def test_the_near_label_is_suggested(zhao):
    header = [name if name != "授权截止日" else "授权终止日" for name in HEADER]
    page = send(zhao, roll_xlsx(list(FIRM.values()), header=header)).text
    assert '<option selected value="授权终止日">' in page


def test_an_import_that_asks_nothing_takes_no_answer(app):
    sent = send_roll_file(roll_xlsx(FIRM))
    with pytest.raises(NothingAsked, match="待确认"):
        answer_import(sent, {"hidden_rows": True}, by=person("zhao"))


def test_a_list_of_changes_asks_for_the_day_and_renames_from_then_on(zhao, at):
    at("2026-11-24T08:00Z")
    header = ["序号", "产品名称", "变更前企业名称", "变更后企业名称", "社会信用代码", "公告号"]
    lin = ["林记示范陈皮行", "林记新示范陈皮行", "91440705MA5DEM01XX"]
    page = send(zhao, roll_xlsx([1, "新会陈皮", *lin, "第498号"], header=header)).text
    assert "缺少列：变更日期" in page
    at("2026-11-25T07:00Z")
    preview = answer(zhao, said_from_day="2026-11-25").text
    assert "林记新示范陈皮行" in preview and "第498号" in preview
    confirm(zhao)
    party = find_party("91440705MA5DEM01XX")
    assert party.name == "林记新示范陈皮行"
    entry = party.entries[-1]
    assert (entry.from_day.isoformat(), entry.document) == ("2026-11-25", "第498号")
    assert "林记新示范陈皮行" in zhao.get("/authority/roll?q=林记示范陈皮行").text


def test_faults_of_a_list_of_changes_are_marked_in_it(zhao):
    header = ["变更前企业名称", "变更后企业名称", "社会信用代码", "变更日期"]
    send(zhao, roll_xlsx(["无此示范行", "新示范行", uscc(7), "2026-11-01"], header=header))
    marked = zhao.get(f"/authority/imports/{last_import().id}/faults.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(marked.data)).active
    assert "名册里没有这个代码的企业" in [cell.value for cell in sheet[2]][-1]


def test_rights_in_force_that_a_list_does_not_name_are_a_task_and_stay(zhao):
    right = right_of("lin")
    roll = FIRM | {"保护依据": right.basis.label, "公告号/注册号": right.number}
    page = send(zhao, roll_xlsx(roll)).text
    assert "这份名单里没有的授权：" in page and f"/authority/authorisations/{right.id}" in page
    done = confirm(zhao).text
    assert f"/authority/authorisations/{right.id}" in done
    assert state_on(right_of("lin").right, clock.today()) is RightState.IN_FORCE


def test_a_list_that_names_every_right_leaves_no_task(zhao):
    send(zhao, roll_xlsx(FIRM | {"产品": "台山大米"}))
    confirm(zhao)
    assert (
        "名单里没有的授权" not in send(zhao, roll_xlsx(FIRM | {"产品": "台山大米", "地址": "示范路3号"})).text
    )


def test_every_imported_file_is_kept_with_hash_officer_and_outcome_and_opened_again(zhao):
    content = roll_xlsx(FIRM)
    send(zhao, content)
    confirm(zhao)
    sent = last_import()
    page = zhao.get("/authority/imports").text
    assert sent.sha256 in page and "名册.xlsx" in page and "已导入" in page and sent.sent_by.name in page
    again = zhao.get(f"/authority/imports/{sent.id}/file")
    assert again.data == content and "attachment" in again.headers["Content-Disposition"]


def test_what_was_never_confirmed_is_listed_as_forgotten(sign_in, at):
    at("2026-11-24T08:00Z")
    send(sign_in("zhao"), roll_xlsx(FIRM))
    at("2026-11-29T08:00Z")
    zhao = sign_in("zhao")
    send(zhao, roll_xlsx(OTHER_FIRM))
    first = db.session.query(Import).order_by(Import.id).first()
    assert "已清除" in zhao.get("/authority/imports").text
    assert zhao.get(f"/authority/imports/{first.id}/file").status_code == 422


def test_faults_of_several_sheets_are_marked_on_each(zhao):
    book = openpyxl.load_workbook(io.BytesIO(roll_xlsx(FIRM | {"产品": "橙"})))
    sheet = book.create_sheet("第二批")
    sheet.append(HEADER)
    sheet.append(list((OTHER_FIRM | {"授权截止日": None}).values()))
    assert "2（“第二批”表）" in send(zhao, saved(book)).text
    answer = zhao.get(f"/authority/imports/{last_import().id}/faults.xlsx")
    marked = openpyxl.load_workbook(io.BytesIO(answer.data))
    told = [[cell.value for cell in sheet[2]][-1] for sheet in marked]
    assert "没有登记“橙”" in told[0] and "缺少授权截止日" in told[1]


def test_a_wrong_mapping_is_taken_back_and_asked_anew(zhao):
    header = [*HEADER[:-1], "注册地", "生产地"]
    header[0] = "申请人"
    cells = [*list(FIRM.values())[:-1], "示范路1号", "示范厂"]
    send(zhao, roll_xlsx(cells, header=header))
    assert "“生产地”列读作“企业名称”" in answer(zhao, column_name="生产地").text
    zhao.post(f"/authority/imports/{last_import().id}/columns")
    do_what_waits()
    assert last_import().state is ImportState.ASKING
    assert "“申请人”列读作“企业名称”" in answer(zhao, column_name="申请人").text
    assert "“申请人”列读作“企业名称”" in send(zhao, roll_xlsx(cells, cells, header=header)).text


def test_what_waits_for_a_second_officer_is_not_read_as_something_else(app):
    make_activated_batch("lin")
    header = ["申请人", *HEADER[1:]]
    sent = send_roll_file(roll_xlsx(list(FIRM.values()), header=header))
    answer_import(sent, {"columns": {"申请人": "name"}}, by=person("zhao"))
    propose_import(read(sent), by=person("zhao"))
    with pytest.raises(ImportProposed):
        ask_columns_anew(as_it_is(sent), by=person("zhao"))


def test_the_preview_names_the_columns_that_it_did_not_read_and_what_was_said_in_vain(zhao):
    cells = [1, *FIRM.values(), "示范备注"]
    content = roll_xlsx(cells, header=["序号", *HEADER, "备注"])
    files = {"file": (io.BytesIO(content), "名册.xlsx"), "said_number": "第9号"}
    sent = zhao.post("/authority/roll/files/new", data=files, follow_redirects=True)
    do_what_waits()
    page = zhao.get(sent.request.path).text
    assert "没有读取的列：备注。" in page
    assert "上传时填写的没有用上，文件里另有写明：公告号/注册号 第9号。" in page


def test_what_may_be_a_persons_number_is_repeated_nowhere(zhao):
    wrong = "440705199001011230"
    content = roll_xlsx(FIRM | {"统一社会信用代码": wrong, "地址": "440705 19900101 1231"})
    page = send(zhao, content).text
    assert "像是个人的身份证号码" in page and "19900101" not in page
    marked = zhao.get(f"/authority/imports/{last_import().id}/faults.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(marked.data)).active
    told = [str(cell.value) for cell in sheet[2]]
    assert not any("19900101" in text for text in told) and "（身份证号码，已略去）" in told


def test_the_list_of_rights_that_the_service_exports_comes_in_again_unchanged(zhao):
    exported = zhao.get("/authority/authorisations.xlsx").data
    assert "每一行都与已登记的内容相同" in send(zhao, exported).text


def test_the_list_of_firms_that_the_service_exports_is_known_as_what_it_is(zhao):
    exported = zhao.get("/authority/roll.xlsx").data
    assert "这是本系统导出的企业名单" in send(zhao, exported).text


def test_what_is_not_to_be_imported_is_withdrawn_at_once(zhao):
    page = send(zhao, roll_xlsx(FIRM)).text
    address = f"/authority/imports/{last_import().id}"
    assert f"{address}/give-up" in page
    answer = zhao.post(f"{address}/give-up", follow_redirects=True).text
    assert "没有改动任何登记" in answer and last_import().state is ImportState.GIVEN_UP
    assert last_import().content is None and confirm(zhao).status_code == 422
    assert zhao.post(f"{address}/give-up").status_code == 422
    assert "不导入" in zhao.get("/authority/imports").text


def test_what_waits_for_a_second_officer_or_is_taken_over_is_not_given_up(app):
    make_activated_batch("lin")
    sent = send_roll_file(roll_xlsx(FIRM))
    propose_import(sent, by=person("zhao"))
    with pytest.raises(ImportProposed):
        give_up_import(as_it_is(sent))


def test_an_imported_right_names_both_officers_and_what_it_rests_on(app):
    make_activated_batch("lin")
    done = taken_over(send_roll_file(roll_xlsx(FIRM)))
    [change] = find_party(uscc(1)).authorisations[0].changes
    assert (change.by.id, change.confirmed_by.id) == (done.proposed_by_id, done.confirmed_by_id)
    assert done.proposed_by_id != done.confirmed_by_id
    assert change.entered_late and change.document == FIRM["公告号/注册号"]
