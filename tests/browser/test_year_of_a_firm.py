"""Years of a firm and its village on phones: what they do most is done in few pages, and every page fits.

A page counts from the home page until the deed is done; the page that says so does not.
"""

import subprocess
from contextlib import closing
from datetime import UTC, datetime

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from gi_trace import clock
from tests.browser.test_phone_layout import faults_of
from tests.cast import PASSWORD
from tests.farm import AUTUMN, make_allocated_plot

PHONE = {"width": 390, "height": 844}
HARVEST_DAY = datetime.fromisoformat(AUTUMN)


class Calendar:
    """What the service takes for now, in each of its threads."""

    def __init__(self, service):
        self.now, self.served = HARVEST_DAY, service.wsgi_app
        service.wsgi_app = self

    def __call__(self, environ, start_response):
        with clock.played_at(self.now):
            answer = self.served(environ, start_response)
            with closing(answer):
                yield from answer

    def turn_to(self, *day):
        self.now = datetime(*day, 8, tzinfo=UTC)


class Person:
    """At a phone: which pages they were shown since home, and what was wrong with them."""

    def __init__(self, page: Page, name: str):
        self.page, self.name, self.pages, self.faults = page, name, [], []
        page.on("response", self._count)

    def _count(self, answer):
        asked = answer.request
        if asked.is_navigation_request() and asked.frame == self.page.main_frame and answer.status != 302:
            self.pages.append(asked.url)

    def sign_in(self):
        self.page.context.clear_cookies()
        self.page.goto("/sign-in")
        self.page.get_by_label("登录名").fill(self.name)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        self._look()

    def from_home(self, words):
        """Home, and where a button of it leads, or a task that waits."""
        self.pages.clear()
        self.page.goto("/enterprise/")
        self._look()
        task = self.page.locator(".tasks li", has_text=words).get_by_role("link")
        task.or_(self.page.get_by_role("main").get_by_role("link", name=words)).first.click()
        self._look()

    def follow(self, words):
        self.page.get_by_role("main").get_by_role("link", name=words).first.click()
        self._look()

    def fill(self, **answers):
        for words, answer in answers.items():
            field = self.page.get_by_label(words).first
            field.select_option(answer) if field.evaluate("f => f.tagName") == "SELECT" else field.fill(
                answer
            )

    def press(self, words):
        self.page.get_by_role("button", name=words, exact=True).first.click()
        self._look()

    def sees(self, words):
        expect(self.page.get_by_role("main")).to_contain_text(words)

    def _look(self):
        self.page.wait_for_load_state()
        self.faults += [f"{self.page.url}: {fault}" for fault in faults_of(self.page)]

    def done_within(self, pages):
        """The deed is done, on the page that is seen now."""
        shown = self.pages[:-1]
        assert len(shown) <= pages, shown


@pytest.fixture
def calendar(service):
    with service.app_context(), clock.played_at(HARVEST_DAY):
        make_allocated_plot()
    return Calendar(service)


@pytest.fixture
def liang(calendar, page_of):
    return Person(page_of(viewport=PHONE), "liang")


@pytest.fixture
def lin(calendar, page_of):
    return Person(page_of(viewport=PHONE, accept_downloads=True), "lin")


def declare(liang, weight):
    liang.from_home("申报采收")
    liang.fill(皮类="大红皮", 重量=weight)
    liang.press("下一步：核对")
    liang.press("确认申报")
    liang.sees("采收已登记")
    liang.done_within(4)


def offer(liang, weight, *, to):
    liang.from_home("转让批料")
    liang.fill(转给=to, 重量=weight)
    liang.press("下一步：核对")
    liang.press("确认提交")
    liang.sees("已提出转让")
    liang.done_within(3)


def accept(lin, **answers):
    lin.from_home("待接收")
    lin.fill(**answers)
    lin.press("接收")
    lin.sees("已接收")
    lin.done_within(2)


def dry(lin, fruit, peel):
    """On the page of the fruit just accepted."""
    lin.follow("加工")
    lin.fill(制成="干柑皮", 投料重量=fruit, 成品重量=peel)
    lin.press("下一步：核对")
    lin.press("确认提交")
    lin.sees("加工已登记")


def undo_loss(lin):
    lin.follow("登记损耗")
    lin.fill(损耗重量="5", 原因="记错了批料")
    lin.press("下一步：核对")
    lin.press("确认提交")
    lin.page.get_by_role("row", name="损耗").get_by_role("link", name="撤销").click()
    lin.fill(撤销的原因="记错了批料")
    lin.press("下一步：核对")
    lin.press("确认提交")
    lin.sees("已撤销")


def pack(lin):
    lin.from_home("登记新批次")
    lin.fill(生产批号="2029-12-甲", 每件净含量="250", 件数="30")
    lin.press("下一步：核对")
    lin.sees("取用 L5")
    lin.press("确认提交")
    lin.sees("批次已登记")
    lin.done_within(4)


def read_labels(sheet, folder):
    """The address on every label of a PDF, from its pixels as a printer would lay them down."""
    subprocess.run(["pdftoppm", "-r", "300", "-gray", "-png", sheet, folder / "page"], check=True)
    pages = [Image.open(path) for path in sorted(folder.glob("page*.png"))]
    return [found.text for page in pages for found in zxingcpp.read_barcodes(page)]


def order(lin, folder):
    """The addresses on the labels of the file that the printer gets."""
    lin.from_home("待下单")
    expect(lin.page.get_by_alt_text("标签的样子")).to_have_js_property("complete", True)
    lin.fill(印刷单位="示范印务")
    lin.press("下一步：核对")
    lin.press("确认提交")
    with lin.page.expect_download() as download:
        lin.page.get_by_role("button", name="下载", exact=True).click()
    lin.done_within(4)
    download.value.save_as(folder / "sheet.pdf")
    return read_labels(folder / "sheet.pdf", folder)


SPOILT = 3, 11, 17, 18


def activate(lin, addresses):
    lin.from_home("待启用")
    lin.fill(件号="\n".join(addresses))
    lin.press("下一步：核对")
    lin.press("确认提交")
    lin.sees("已启用")
    lin.done_within(3)


def spoil(lin):
    """In the printer, so never in use: what was, an officer has to see."""
    lin.follow("登记作废、遗失、退回或销毁")
    lin.page.get_by_label("作废 —").check()
    lin.fill(件号="3, 11 17-18", 共几件="4", 原因="卡纸")
    lin.press("下一步：核对")
    lin.press("确认提交")
    lin.sees("重量回到批料")


def test_years_of_a_firm_and_its_village(calendar, liang, lin, page_of, tmp_path):
    liang.sign_in()
    lin.sign_in()
    declare(liang, "2000")
    offer(liang, "1000", to="林记")
    accept(lin)
    dry(lin, "1000", "50")
    undo_loss(lin)
    offer(liang, "1000", to="林记")
    accept(lin, 收到的重量="990", 少收的原因="路上沥水")
    calendar.turn_to(2029, 12, 3)
    lin.sign_in()
    pack(lin)
    addresses = order(lin, tmp_path)
    assert len(set(addresses)) == len(addresses) == 30
    activate(lin, [one for unit, one in enumerate(addresses[:29], 1) if unit not in SPOILT])
    spoil(lin)
    shopper = page_of()
    shopper.goto(addresses[0])
    expect(shopper.get_by_role("heading", level=1)).to_have_text("标识有效")
    shopper.goto(addresses[2])
    expect(shopper.get_by_role("heading", level=1)).not_to_have_text("标识有效")
    assert not lin.faults + liang.faults
