"""The officer's half of the main job: a roll comes in, a firm begins, a right is withdrawn."""

import pytest
from playwright.sync_api import expect

from tests.cast import code, make_activated_batch
from tests.excel import FIRM, roll_xlsx

NEW_PASSWORD = "示范-a-long-password"


@pytest.fixture
def send(tmp_path):
    def send_roll(page, content):
        path = tmp_path / "名册.xlsx"
        path.write_bytes(content)
        page.goto("/authority/roll")
        page.get_by_role("link", name="从 Excel 导入").click()
        page.get_by_label("名册文件").set_input_files(path)
        page.get_by_role("button", name="上传并核对").click()

    return send_roll


def test_a_firm_comes_in_by_the_roll_and_signs_in(page_of, send):
    zhao = page_of("zhao")
    send(zhao, roll_xlsx(FIRM | {"产品": "新会橙"}, above=[["名册"]], merge=["A1:K1"]))
    expect(zhao.get_by_role("heading", level=1)).to_have_text("名册有问题，还不能导入")
    expect(zhao.get_by_role("row", name="3 产品")).to_contain_text("没有登记“新会橙”")

    send(zhao, roll_xlsx(FIRM, above=[["名册"]], merge=["A1:K1"]))
    zhao.get_by_role("button", name="确认导入").click()
    expect(zhao.get_by_role("heading", level=1)).to_have_text("名册已导入")

    zhao.get_by_role("link", name="为新企业开通账号").click()
    zhao.get_by_label("企业", exact=True).check()
    zhao.get_by_label("姓名").fill("示范甲")
    zhao.get_by_label("登录名").fill("shifan-jia")
    zhao.get_by_label("企业的统一社会信用代码").fill(FIRM["统一社会信用代码"])
    zhao.get_by_role("button", name="开通").click()
    one_time = zhao.locator("main .code").first.inner_text().strip()

    firm = page_of()
    firm.goto("/sign-in")
    firm.get_by_label("登录名").fill("shifan-jia")
    firm.get_by_label("密码").fill(one_time)
    firm.get_by_role("button", name="登录").click()
    firm.get_by_label("现在的密码").fill(one_time)
    firm.get_by_label("新密码", exact=True).fill(NEW_PASSWORD)
    firm.get_by_label("再输一次新密码").fill(NEW_PASSWORD)
    firm.get_by_role("main").get_by_role("button").click()
    expect(firm.get_by_role("main")).to_contain_text("新会陈皮")


def test_a_withdrawal_for_cause_shows_on_the_page_of_every_code(service, page_of):
    with service.app_context():
        address = f"/c/{code(make_activated_batch('lin'))}"
    shopper, zhao = page_of(), page_of("zhao")
    shopper.goto(address)
    expect(shopper.get_by_role("heading", level=1)).to_have_text("标识有效")

    zhao.goto("/authority/roll?q=林记")
    zhao.get_by_role("link", name="林记示范陈皮行").click()
    zhao.get_by_role("link", name="查看和办理").click()
    zhao.get_by_role("link", name="撤销").click()
    zhao.get_by_label("是，因违规或违法").check()
    zhao.get_by_label("理由").fill("示范决定书〔2026〕1 号")
    zhao.get_by_role("button", name="撤销用标权").click()
    expect(zhao.get_by_role("heading", level=1)).to_contain_text("撤销")

    shopper.reload()
    expect(shopper.get_by_role("heading", level=1)).not_to_have_text("标识有效")
    expect(shopper.get_by_role("main")).to_contain_text("撤销")
