"""The main job in one piece: from a roll in Excel to a label on the sheet that the PDF really prints,
checked on a phone, and to the withdrawal that its page tells at once."""

import subprocess

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from tests.cast import make_opening_stock
from tests.excel import FIRM, roll_xlsx
from tests.jobs import do_what_waits

NEW_PASSWORD = "示范-a-long-password"
TODAY = "new Date().toLocaleDateString('sv', {timeZone: 'Asia/Shanghai'})"


@pytest.fixture
def do_jobs(service):
    def do_what_waits_in_the_service():
        with service.app_context():
            do_what_waits()

    return do_what_waits_in_the_service


@pytest.fixture
def send(tmp_path, do_jobs):
    def send_roll(page, content):
        path = tmp_path / "名册.xlsx"
        path.write_bytes(content)
        page.goto("/authority/roll")
        page.get_by_role("link", name="从 Excel 导入").click()
        page.get_by_label("名册文件").set_input_files(path)
        page.get_by_role("button", name="上传并核对").click()
        expect(page.get_by_text("正在读取").first).to_be_visible()
        do_jobs()  # the page renews itself

    return send_roll


def read_sheet(pdf, folder):
    """Every address on the sheet, read from its pixels at print resolution by a decoder that is not ours."""
    subprocess.run(["pdftoppm", "-r", "300", "-gray", "-png", pdf, folder / "page"], check=True)
    pages = [Image.open(path) for path in sorted(folder.glob("page*.png"))]
    return [found.text for page in pages for found in zxingcpp.read_barcodes(page)]


def open_account(zhao: Page) -> str:
    """For the firm just imported; the one-time password."""
    zhao.get_by_role("link", name="为新企业开通账号").click()
    zhao.get_by_label("企业", exact=True).check()
    zhao.get_by_label("姓名").fill("示范甲")
    zhao.get_by_label("登录名").fill("shifan-jia")
    zhao.get_by_label("企业的统一社会信用代码").fill(FIRM["统一社会信用代码"])
    zhao.get_by_role("button", name="开通").click()
    return zhao.locator("main .code").first.inner_text().strip()


def first_sign_in(firm: Page, one_time: str) -> None:
    firm.goto("/sign-in")
    firm.get_by_label("登录名").fill("shifan-jia")
    firm.get_by_label("密码").fill(one_time)
    firm.get_by_role("button", name="登录").click()
    firm.get_by_label("现在的密码").fill(one_time)
    firm.get_by_label("新密码", exact=True).fill(NEW_PASSWORD)
    firm.get_by_label("再输一次新密码").fill(NEW_PASSWORD)
    firm.get_by_role("main").get_by_role("button").click()
    expect(firm.get_by_role("main")).to_contain_text("新会陈皮")


def order_labels(firm: Page) -> None:
    """A batch of 30 units of 250 g and a print run of all of them."""
    firm.get_by_role("link", name="登记新批次").click()
    firm.get_by_label("生产批号").fill("2026-11-甲")
    firm.get_by_label("每件净含量（克）").fill("250")
    firm.get_by_label("件数").fill("30")
    firm.get_by_label("包装日期").fill(firm.evaluate(TODAY))
    firm.get_by_label("同意取用").check()  # all there is was seen with an age that is claimed
    firm.get_by_role("button", name="下一步：核对").click()
    expect(firm.get_by_text("7.5 千克").first).to_be_visible()
    firm.get_by_role("button", name="确认提交").click()
    firm.get_by_role("link", name="下单印制标识").click()
    firm.get_by_label("印刷单位").fill("示范印务")
    firm.get_by_role("button", name="下一步：核对").click()
    firm.get_by_role("button", name="确认提交").click()


def withdraw(zhao: Page, sun: Page) -> None:
    """Zhao looks at what the public will see and proposes, Sun confirms."""
    zhao.goto(f"/authority/roll?q={FIRM['统一社会信用代码']}")
    zhao.get_by_role("link", name=FIRM["企业名称"]).click()
    zhao.get_by_role("link", name="查看和办理").click()
    zhao.get_by_role("link", name="撤销").click()
    zhao.get_by_label("是，因违规或违法").check()
    zhao.get_by_label("理由").fill("示范决定书〔2026〕1 号")
    zhao.get_by_label("给公众的说明").fill("使用外地皮。")
    zhao.get_by_label("我已核对全文").check()
    zhao.get_by_role("button", name="下一步：核对").click()
    seen = zhao.frame_locator("iframe.preview")
    expect(seen.get_by_role("heading", level=1)).to_have_text("用标授权已被撤销")
    expect(seen.get_by_text("使用外地皮。")).to_be_visible()
    expect(seen.locator(".band")).not_to_have_css("background-color", "rgba(0, 0, 0, 0)")  # as it will look
    zhao.get_by_role("button", name="确认提交").click()
    expect(zhao.get_by_role("heading", level=1)).to_contain_text("撤销")
    sun.goto(zhao.url)
    sun.get_by_label("同意，立即生效").check()
    sun.get_by_role("button", name="决定").click()
    expect(sun.get_by_text("决定已生效。")).to_be_visible()


def test_from_the_roll_to_a_checked_label_and_its_withdrawal(service, page_of, send, do_jobs, tmp_path):
    zhao, firm, shopper = page_of("zhao"), page_of(accept_downloads=True), page_of()
    headline = shopper.get_by_role("heading", level=1)
    send(zhao, roll_xlsx(FIRM | {"产品": "新会橙"}, above=[["名册"]], merge=["A1:K1"]))
    expect(zhao.get_by_role("heading", level=1)).to_have_text("有问题，还不能导入")
    expect(zhao.get_by_role("row", name="3 产品")).to_contain_text("没有登记“新会橙”")
    send(zhao, roll_xlsx(FIRM, above=[["名册"]], merge=["A1:K1"]))
    zhao.get_by_role("button", name="确认导入").click()
    expect(zhao.get_by_text("等待导入").first).to_be_visible()
    do_jobs()
    expect(zhao.get_by_role("heading", level=1)).to_have_text("用标名册已导入")
    first_sign_in(firm, open_account(zhao))
    with service.app_context():
        make_opening_stock(10_000, "shifan-jia")

    order_labels(firm)
    with firm.expect_download() as download:
        firm.get_by_role("button", name="下载").click()
    sheet = tmp_path / "sheet.pdf"
    download.value.save_as(sheet)
    addresses = read_sheet(sheet, tmp_path)
    assert len(addresses) == len(set(addresses)) == 30
    assert all(address.startswith(service.config["PUBLIC_URL"]) for address in addresses)

    shopper.goto(addresses[0])
    expect(headline).to_have_text("标识尚未启用")
    firm.get_by_role("link", name="返回").click()
    firm.get_by_role("button", name="下一步：核对").click()
    firm.get_by_role("button", name="确认提交").click()
    expect(firm.get_by_text("本印制批已没有未启用的标识")).to_be_visible()
    for address in addresses:
        shopper.goto(address)
        expect(headline).to_have_text("标识有效")
    shopper.get_by_text("包装上应有的全部内容").click()
    expect(shopper.get_by_text(FIRM["统一社会信用代码"])).to_be_visible()

    withdraw(zhao, page_of("sun"))
    shopper.reload()
    expect(headline).not_to_have_text("标识有效")
    expect(shopper.get_by_role("main")).to_contain_text("撤销")
