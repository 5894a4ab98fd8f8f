"""Every page that links lead to fits a narrow phone, has targets for thumbs and obeys its own CSP."""

import re

import pytest
from playwright.sync_api import expect

MOST_PAGES = 60
THUMB = 44
TARGETS = "button, select, summary, .button, .choice, .field > input"
SMALL_TARGETS = """([selector, least]) => [...document.querySelectorAll(selector)]
    .filter(target => target.offsetParent && target.getBoundingClientRect().height < least)
    .map(target => target.outerHTML)"""


def links_of(page, home):
    """Paths of the same face that the page links to, without files."""
    paths = page.locator("a[href]").evaluate_all(
        "links => links.filter(link => link.host === location.host).map(link => link.pathname)"
    )
    return {path for path in paths if path.startswith(home) and "." not in path}


def is_page(page, path):
    """False for what Chromium would save or show as a picture."""
    return page.request.get(path).headers["content-type"].startswith("text/html")


def faults_of(page):
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [
        *([f"{wide} px too wide"] if wide > 0 else []),
        *(f"small target: {target}" for target in page.evaluate(SMALL_TARGETS, [TARGETS, THUMB])),
        *([] if page.locator("h1").count() == 1 else ["not exactly one h1"]),
        *([] if page.title().strip(" –") else ["no title"]),
    ]


def test_weight_age_and_hold_of_a_lot_stay_on_a_phones_screen(page_of):
    for address in ("/enterprise/lots", "/enterprise/"):
        page = page_of("lin", viewport={"width": 390, "height": 844})
        page.goto(address)
        staying = page.locator("td.stays").evaluate_all(
            "cells => cells.map(cell => [cell.innerText, cell.getBoundingClientRect().right])"
        )
        texts, edges = zip(*staying, strict=True)
        assert len(texts) == 4 and "1,000 千克" in texts[1] and "2015" in texts[2] and texts[3] == "正常"
        assert max(edges) <= 390 - 17, staying


def test_a_double_click_on_a_slow_line_makes_one_site(page_of):
    page = page_of("lin")
    page.goto("/enterprise/sites/new")
    page.get_by_label("场所名称").fill("示范新仓")
    page.get_by_label("地址").fill("示范路 1 号")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="确认提交").dblclick()
    expect(page).to_have_url(re.compile("/enterprise/sites$"))  # of two ways there the first is broken off
    expect(page.get_by_text("示范新仓")).to_have_count(1)


@pytest.mark.parametrize(
    ("who", "home"), [("", "/"), ("lin", "/enterprise/"), ("chen", "/inspector/"), ("zhao", "/authority/")]
)
def test_every_page_fits_the_narrowest_phone(page_of, who, home):
    page = page_of(who, viewport={"width": 320, "height": 640})
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    waiting, seen = [home], set()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop()
        seen.add(path)
        if is_page(page, path):
            faults += [] if page.goto(path).ok else [f"{path}: not found"]
            faults += [f"{path}: {fault}" for fault in faults_of(page)]
            waiting += links_of(page, home) - seen - set(waiting)
    assert not faults
