"""Two officers, two browsers: what one proposes holds at once, and the other returns or confirms it."""

from playwright.sync_api import Page, expect

from tests.cast import code, make_activated_batch


def propose_recall(zhao: Page, number: str) -> None:
    zhao.goto("/authority/stops/new")
    zhao.get_by_label("批次号").fill(number)
    zhao.get_by_label("召回").check()
    zhao.get_by_label("给公众的说明").fill("示范：重金属超标，请勿食用")
    zhao.get_by_label("理由（存档）").fill("示范检测报告第 1 号")
    zhao.get_by_label("我已核对全文").check()
    zhao.get_by_role("button", name="下一步：核对").click()
    zhao.get_by_role("button", name="确认提交").click()
    expect(zhao.get_by_text("已提请复核，并已先行冻结。")).to_be_visible()


def open_what_waits(sun: Page) -> None:
    sun.goto("/authority/")
    sun.get_by_role("main").get_by_role("link", name="提请待复核").click()
    sun.get_by_role("main").get_by_role("link", name="召回或认定仿冒系列").first.click()


def test_a_recall_is_proposed_in_one_browser_and_decided_in_another(service, page_of):
    with service.app_context():
        batch = make_activated_batch()
        number, label = batch.number_text, code(batch)
    zhao, sun, shopper = page_of("zhao"), page_of("sun"), page_of()
    headline = shopper.get_by_role("heading", level=1)

    propose_recall(zhao, number)
    expect(zhao.get_by_label("同意，立即生效")).to_have_count(0)
    shopper.goto(f"/c/{label}")
    expect(headline).to_contain_text("冻结")

    open_what_waits(sun)
    expect(sun.get_by_role("main")).to_contain_text("示范检测报告第 1 号")
    sun.get_by_label("退回", exact=True).check()
    sun.get_by_role("button", name="决定").click()
    expect(sun.get_by_text("请写明退回的理由").first).to_be_visible()
    sun.get_by_label("退回的理由").fill("请附报告原件")
    sun.get_by_role("button", name="决定").click()
    expect(sun.get_by_text("决定已生效。")).to_be_visible()
    shopper.reload()
    expect(headline).to_have_text("标识有效")
    zhao.reload()
    expect(zhao.get_by_role("main")).to_contain_text("请附报告原件")

    propose_recall(zhao, number)
    open_what_waits(sun)
    sun.get_by_label("同意，立即生效").check()
    sun.get_by_role("button", name="决定").click()
    expect(sun.get_by_text("决定已生效。")).to_be_visible()
    shopper.reload()
    expect(headline).to_contain_text("召回")
