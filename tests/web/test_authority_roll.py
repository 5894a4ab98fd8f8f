"""The authority imports a roll, and keeps enterprises and their rights by hand."""

import io

import openpyxl
import pytest

from gi_trace import clock
from gi_trace.database import db
from gi_trace.imports.models import Import
from gi_trace.registry.models import find_party
from tests.cast import code, make_activated_batch, party_of, right_of
from tests.excel import FIRM, OTHER_FIRM, roll_xlsx, uscc
from tests.jobs import do_what_waits
from tests.second_officer import agreed

CONFIRMED = {"answers": "confirmed", "looked": "y"}


@pytest.fixture
def zhao(sign_in):
    return sign_in("zhao")


def send(browser, content, name="名册.xlsx"):
    """The page of the import, once the worker has read it."""
    files = {"file": (io.BytesIO(content), name)}
    answer = browser.post("/authority/roll/files/new", data=files, follow_redirects=True)
    do_what_waits()
    return browser.get(answer.request.path) if answer.status_code == 200 else answer


def confirm(browser):
    answer = browser.post(f"/authority/imports/{last_import().id}/confirm", follow_redirects=True)
    do_what_waits()
    return browser.get(answer.request.path) if answer.status_code == 200 else answer


def last_import():
    return db.session.query(Import).order_by(Import.id.desc()).first()


def test_zhao_sends_looks_confirms_and_sees_what_was_imported(zhao):
    preview = send(zhao, roll_xlsx(FIRM, OTHER_FIRM, FIRM)).text
    assert "确认导入" in preview and "示范乙陈皮行" in preview and "第 4 行同第 2 行" in preview
    assert find_party(uscc(1)) is None
    done = confirm(zhao).text
    assert "<h1>用标名册已导入</h1>" in done
    assert find_party(uscc(1)).authorisations[0].number == "第0000001号"
    assert "示范甲陈皮行" in zhao.get("/authority/roll?q=示范甲").text


def test_faults_come_alone_with_excels_row_numbers_and_no_button_to_import(zhao):
    page = send(zhao, roll_xlsx(FIRM, OTHER_FIRM | {"产品": "橙"}, above=[["名册"], []])).text
    assert "还不能导入" in page and "确认导入" not in page
    assert '<td class="number">5</td>' in page and "没有登记“橙”" in page
    assert "示范甲陈皮行" not in page


def test_a_file_with_faults_cannot_be_imported_by_its_address_either(zhao):
    send(zhao, roll_xlsx(FIRM | {"产品": "橙"}))
    answer = confirm(zhao)
    assert answer.status_code == 422 and "没有导入任何内容" in answer.text
    assert find_party(uscc(1)) is None


def test_the_annotated_file_tells_each_faulty_row_what_to_do(zhao):
    send(zhao, roll_xlsx(FIRM, OTHER_FIRM | {"产品": "橙", "授权截止日": None}))
    answer = zhao.get(f"/authority/imports/{last_import().id}/faults.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    [header, good, faulty] = [[cell.value for cell in row] for row in sheet]
    assert header[-1] == "错误" and good[-1] is None
    assert "产品：没有登记“橙”" in faulty[-1] and "授权截止日：缺少授权截止日" in faulty[-1]


def test_what_contradicts_the_registry_is_listed_like_any_fault(zhao):
    page = send(zhao, roll_xlsx(FIRM | {"统一社会信用代码": "91440705MA5DEM01XX"})).text
    assert "这个代码登记的企业是“林记示范陈皮行”" in page


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken"])
def test_a_fault_of_the_file_stays_on_the_form(zhao, content):
    answer = send(zhao, content)
    assert answer.status_code == 422 and "另存为 .xlsx" in answer.text
    assert last_import() is None


def test_until_it_is_read_and_while_it_is_taken_over_the_page_renews_itself(zhao):
    files = {"file": (io.BytesIO(roll_xlsx(FIRM)), "名册.xlsx")}
    reading = zhao.post("/authority/roll/files/new", data=files, follow_redirects=True).text
    assert "正在读取" in reading and 'http-equiv="refresh"' in reading
    do_what_waits()
    page = f"/authority/imports/{last_import().id}"
    assert 'http-equiv="refresh"' not in zhao.get(page).text
    assert 'http-equiv="refresh"' in zhao.post(f"{page}/confirm", follow_redirects=True).text
    do_what_waits()
    assert 'http-equiv="refresh"' not in zhao.get(page).text


def test_a_file_without_the_columns_is_told_which_ones(zhao):
    page = send(zhao, roll_xlsx(["甲", "乙"], header=["企业名称", "地址"])).text
    assert "缺少列：统一社会信用代码" in page and "确认导入" not in page


def test_the_same_file_twice_says_so_and_offers_no_import(zhao):
    content = roll_xlsx(FIRM)
    send(zhao, content)
    confirm(zhao)
    page = send(zhao, content).text
    assert "同样的文件已于" in page and "确认导入" not in page
    assert confirm(zhao).status_code == 422


def test_changes_are_shown_before_and_after(zhao):
    send(zhao, roll_xlsx(FIRM))
    confirm(zhao)
    page = send(zhao, roll_xlsx(FIRM | {"授权截止日": "长期", "地址": "示范路8号"})).text
    assert "2027-12-31" in page and "长期" in page and "示范路8号" in page


def test_the_template_can_be_downloaded(zhao):
    answer = zhao.get("/authority/roll/template.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book["选项"]["A1"].value == "新会陈皮"


def test_the_roll_is_found_by_name_code_and_product(zhao):
    assert "林记示范陈皮行" in zhao.get("/authority/roll?q=91440705ma5dem").text
    assert "林记示范陈皮行" not in zhao.get("/authority/roll?product=taishan-rice").text
    assert "林记示范陈皮行" in zhao.get("/authority/roll?product=xinhui-chenpi").text


def test_an_enterprise_is_entered_and_granted_by_hand(zhao):
    firm = {"name": "示范丁(新会)行", "uscc": uscc(9).lower(), "area": "440705-daao", "address": "示范路9号"}
    page = zhao.post("/authority/parties/new", data=firm, follow_redirects=True).text
    party = find_party(uscc(9))
    assert party.name == "示范丁（新会）行" and party.name in page
    grant = {
        "ground": "xinhui-gan protected",
        "number": "示范第 9 号",
        "starts_on": clock.today().isoformat(),
    }
    address = f"/authority/parties/{party.id}/authorisations/new"
    assert "新会柑" in zhao.post(address, data=grant).text and not party.authorisations
    zhao.post(address, data=grant | CONFIRMED)
    right = find_party(uscc(9)).authorisations[0]
    assert (right.product.name, right.ends_on) == ("新会柑", None)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"uscc": "91440705MADE000018"}, "第 18 位校验字符不对"),
        ({"uscc": "91440705MA5DEM01XX"}, "已登记，企业是“林记示范陈皮行”"),
        ({"name": " "}, "请填写此项"),
    ],
)
def test_a_wrong_enterprise_form_keeps_what_was_typed(zhao, wrong, message):
    firm = {"name": "示范戊行", "uscc": uscc(8), "area": "", "address": "示范路8号"}
    answer = zhao.post("/authority/parties/new", data=firm | wrong)
    assert answer.status_code == 422 and message in answer.text and "示范路8号" in answer.text


def test_a_second_right_for_the_same_time_is_refused(zhao):
    right = right_of("lin")
    grant = {
        "ground": "xinhui-chenpi protected",
        "number": "示范第 9 号",
        "starts_on": clock.today().isoformat(),
    }
    answer = zhao.post(f"/authority/parties/{right.party_id}/authorisations/new", data=grant | CONFIRMED)
    assert answer.status_code == 422 and "期限不能重叠" in answer.text


def test_a_decision_needs_a_reason_and_a_word_on_fault(zhao):
    address = f"/authority/authorisations/{right_of('lin').id}/changes/withdrawn"
    answer = zhao.post(address, data={"reason": "", "for_cause": ""})
    assert answer.status_code == 422 and "请写明理由" in answer.text and "请选择" in answer.text
    answer = zhao.post(address, data={"reason": "外地皮", "notice": " ", "for_cause": "yes"})
    assert answer.status_code == 422 and "请写明给公众的说明" in answer.text


def test_only_possible_decisions_are_offered(zhao):
    address = f"/authority/authorisations/{right_of('lin').id}"
    zhao.post(f"{address}/changes/ended", data={"reason": "企业注销"} | CONFIRMED)
    page = zhao.get(address).text
    assert f"{address}/changes/" not in page and "撤回这项决定" in page
    assert zhao.get(f"{address}/changes/resumed").status_code == 422
    assert zhao.get(f"{address}/changes/granted").status_code == 404


def test_a_period_is_extended_only_to_a_later_day(zhao):
    send(zhao, roll_xlsx(FIRM))
    confirm(zhao)
    right = find_party(uscc(1)).authorisations[0]
    address = f"/authority/authorisations/{right.id}/extend"
    assert "应晚于现在的 2027-12-31" in zhao.post(address, data={"ends_on": "2027-01-01"} | CONFIRMED).text
    zhao.post(address, data={"ends_on": ""} | CONFIRMED)
    db.session.refresh(right)
    assert right.ends_on is None


def test_a_grower_has_no_page_on_the_roll(zhao):
    assert zhao.get("/authority/parties/999").status_code == 404


def change_form(firm, **changes):
    told = {"name": firm.name, "uscc": firm.uscc, "area": firm.area.code, "address": firm.address}
    return (
        told
        | {"from_day": "2026-11-01", "reason": "登记机关核准", "document": "示范 1 号", "looked": "y"}
        | changes
    )


def test_a_renamed_firm_shows_its_names_with_dates_to_the_authority_and_to_itself(zhao, sign_in, client):
    firm = party_of("lin")
    told = change_form(firm, name="林记示范陈皮有限公司", representative="示范甲")
    page = zhao.post(f"/authority/parties/{firm.id}/change", data=told, follow_redirects=True).text
    assert "林记示范陈皮行" in page and "2026-11-01 起" in page and "示范甲" in page
    home = sign_in("lin").get("/enterprise/").text
    assert "林记示范陈皮行" in home and "2026-11-01 起" in home
    assert "林记示范陈皮有限公司" in zhao.get("/authority/roll?q=林記示范陳皮行").text
    public = client.get("/roll", query_string={"q": "林记示范陈皮行"}).text
    assert "林记示范陈皮有限公司" in public and "2026-11-01 前的名称：林记示范陈皮行" in public
    assert "示范甲" not in public


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"from_day": "2001-01-01"}, "这家企业最早的日期"),
        ({"from_day": "2999-01-01"}, "还没有到"),
        ({"reason": " "}, "请写明理由"),
        ({"name": "林记示范陈皮行"}, "没有要更改的"),
        ({"uscc": "91440705MA5WUD03XH"}, "已登记，企业是“胡记示范陈皮行”"),
    ],
)
def test_a_change_that_cannot_be_stays_on_the_form(zhao, wrong, message):
    firm = party_of("lin")
    told = change_form(firm, name="林记示范陈皮有限公司", address="") | wrong
    answer = zhao.post(f"/authority/parties/{firm.id}/change", data=told)
    assert answer.status_code == 422 and message in answer.text
    assert find_party(firm.uscc).name == "林记示范陈皮行"


def test_a_name_nearly_that_of_another_brings_up_a_field_for_the_reason(zhao):
    firm = {"name": "林記示范(陳皮)行", "uscc": uscc(9), "area": "", "address": ""}
    answer = zhao.post("/authority/parties/new", data=firm)
    assert answer.status_code == 422 and "同名或几乎同名" in answer.text and 'name="why_alike"' in answer.text
    assert find_party(uscc(9)) is None
    zhao.post("/authority/parties/new", data=firm | {"why_alike": "另一区的同名企业"})
    assert find_party(uscc(9)).entries[0].reason == "另一区的同名企业"


def test_the_reason_is_not_asked_of_others(zhao):
    assert 'name="why_alike"' not in zhao.get("/authority/parties/new").text


def test_a_succession_is_proposed_then_confirmed_and_told_on_every_page(zhao, sign_in, client):
    batch, lin = make_activated_batch("lin"), party_of("lin")
    heir = {"name": "示范合并后有限公司", "uscc": uscc(9), "area": "", "address": ""}
    zhao.post("/authority/parties/new", data=heir)
    address, right = f"/authority/parties/{lin.id}/succession", right_of("lin")
    told = {"heir": uscc(9), "kind": "merger", "from_day": "2026-11-01", "reason": "吸收合并"}
    told[f"number_{right.id}"] = "示范第 20 号"
    assert zhao.post(address, data=told | CONFIRMED).status_code == 422  # it rests on a document
    told["document"] = "示范核准 2 号"
    assert "示范第 20 号" in zhao.post(address, data=told).text
    asked, sun = zhao.post(address, data=told | CONFIRMED), sign_in("sun")
    assert "示范第 20 号" in sun.get(asked.location).text and not find_party(uscc(9)).authorisations
    agreed(sun, asked)
    page = zhao.get(f"/authority/parties/{find_party(uscc(9)).id}").text
    assert "2026-11-01 起承继" in page and f'/authority/parties/{lin.id}">林记示范陈皮行</a>（合并）' in page
    assert find_party(uscc(9)).authorisations[0].number == "示范第 20 号"
    old = zhao.get(f"/authority/parties/{lin.id}").text
    assert "示范合并后有限公司</a>承继（合并）" in old and "/change" not in old
    assert "由示范合并后有限公司承继" in sign_in("lin").get("/enterprise/").text
    label = client.get(f"/c/{code(batch)}").text
    assert "标识有效" in label and "林记示范陈皮行" in label and "示范合并后有限公司" in label


def test_a_firm_is_not_its_own_successor_and_an_unknown_one_is_none(zhao):
    lin = party_of("lin")
    told = {"kind": "merger", "from_day": "2026-11-01", "reason": "示范", "document": "示范 1 号"} | CONFIRMED
    for heir, message in ((lin.uscc, "不能承继自己"), (uscc(9), "名录里没有")):
        answer = zhao.post(f"/authority/parties/{lin.id}/succession", data=told | {"heir": heir})
        assert answer.status_code == 422 and message in answer.text
