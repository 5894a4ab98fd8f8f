"""A firm without an account comes to its right with a phone that runs no script."""

from playwright.sync_api import expect

from gi_trace.applications.models import Application
from gi_trace.applications.rules import Move
from gi_trace.database import db
from tests.applications import PDF, STRANGERS_USCC, bring_to_announcement, move
from tests.browser.test_phone_layout import faults_of


def test_a_firm_applies_mends_and_reads_that_its_right_begins(service, page_of):
    page = page_of(java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name="申请使用标志").click()
    answers = {
        "企业名称": "示范新柑行",
        "统一社会信用代码": STRANGERS_USCC,
        "法定代表人或经营者": "示范某",
        "地址": "示范路1号",
        "联系人和电话": "示范联系人 100",
    }
    for label, text in answers.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("新申请用标").check()
    page.get_by_label("产品和保护依据").select_option("xinhui-gan protected")
    page.get_by_label("检验报告").set_input_files(
        {"name": "表.xlsx", "mimeType": "", "buffer": b"PK\x03\x04"}
    )
    page.get_by_role("button", name="递交申请").click()
    expect(page.get_by_role("alert")).to_contain_text("“表.xlsx”不能收")
    page.get_by_label("检验报告").set_input_files({"name": "报告.pdf", "mimeType": "", "buffer": PDF})
    page.get_by_role("button", name="递交申请").click()
    expect(page.get_by_role("status").first).to_contain_text("申请已收到")
    receipt = page.locator(".lead .code").inner_text()
    assert "/apply/mine" in page.url and faults_of_plain(page_of, receipt) == []
    with page.expect_download() as downloaded:
        page.get_by_role("link", name="报告.pdf").click()
    assert downloaded.value.suggested_filename.endswith("-test_report.pdf")

    with service.app_context():
        application = db.session.query(Application).one()
        move(application, Move.ASK_CORRECTION, "zhao", "请补产地证明")
    page.reload()
    page.get_by_role("link", name="补正材料").click()
    expect(page.get_by_text("请补产地证明")).to_be_visible()
    page.get_by_label("产地证明").set_input_files({"name": "产地.pdf", "mimeType": "", "buffer": PDF})
    page.get_by_label("补正了什么").fill("已补")
    page.get_by_role("button", name="补正材料").click()
    expect(page.locator("h1")).to_contain_text("待区县核查")
    page.get_by_role("button", name="离开").click()

    with service.app_context():
        application = db.session.query(Application).one()
        bring_to_announcement(application)
        move(application, Move.ANNOUNCE, "zhao", number="示范第 9 号")
    elsewhere = page_of(java_script_enabled=False)
    elsewhere.goto("/apply/follow")
    elsewhere.get_by_label("回执号").fill(receipt.lower())
    elsewhere.get_by_role("button", name="查看", exact=True).click()
    expect(elsewhere.get_by_text("用标权已授予：示范第 9 号")).to_be_visible()


def faults_of_plain(page_of, receipt):
    """The page of an application on the narrowest phone: seen through a browser that lets us measure."""
    page = page_of(viewport={"width": 320, "height": 640})
    page.goto("/apply/follow")
    faults = faults_of(page)
    page.get_by_label("回执号").fill(receipt)
    page.get_by_role("button", name="查看", exact=True).click()
    expect(page.locator("h1")).to_contain_text("用标申请")
    return faults + faults_of(page)
