"""The public pages for people who see little, read by ear, or zoom; those of verdicts: test_first_screen.py."""

import io
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
import qrcode
from PIL import Image
from playwright.sync_api import expect

from gi_trace import clock
from tests.cast import code, make_activated_batch, peel_of
from tests.farm import KG, blended, make_peel

AXE = Path(__file__).parents[1] / "vendor/axe-core/axe.min.js"
SERIOUS = ("serious", "critical")


PAGES = [
    "/",
    "/roll?q=林记",
    "/report",
    "/receipt",
    "/hidden-code",
    "/apply",
    "/apply/follow",
    "/privacy",
    "/how-to-recognise",
    "/record",
    "/c/00000000000000000000",
]


def serious_faults(page):
    """By day and by night."""
    page.add_script_tag(path=str(AXE))
    faults = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        faults += [
            (scheme, fault["id"], [node["html"] for node in fault["nodes"]])
            for fault in result["violations"]
            if fault["impact"] in SERIOUS
        ]
    return faults


def blend():
    """Of peel of four years ago and of the cast's old peel."""
    with clock.played_at(datetime(2022, 12, 5, 4, tzinfo=UTC)):
        peel = make_peel(50 * KG)
    return make_activated_batch(lot=blended([(peel, 20 * KG), (peel_of("lin"), 10 * KG)]))


def test_the_chain_of_a_blend_is_drawn_within_a_phones_width_by_day_and_by_night(service, page_of):
    with service.app_context():
        text = code(blend())
    page = page_of(bypass_csp=True, locale="en-GB", viewport={"width": 360, "height": 740})
    page.goto(f"/c/{text}")
    page.locator("details").evaluate_all("parts => parts.forEach(part => { part.open = true })")
    assert serious_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    fills = [
        page.locator(each).first.evaluate("part => getComputedStyle(part).fill")
        for each in (".flow .traced", ".flow .claimed", ".tiles .grown rect")
    ]
    assert len(set(fills)) == 3 and "rgb(0, 0, 0)" not in fills
    told = page.locator(".legend > li").all_inner_texts()
    assert ["33%" in told[0], "67%" in told[1]] == [True, True]
    drawn = [float(part.get_attribute("width")) for part in page.locator(".bar rect").all()]
    assert drawn == [33, 67]


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious_elsewhere(page_of, path):
    page = page_of(bypass_csp=True)
    page.goto(path)
    assert serious_faults(page) == []


@pytest.mark.parametrize(
    "path", ["/authority/", "/authority/lots", "/authority/products/xinhui-gan/change", "/inspector/patrol"]
)
def test_axe_finds_nothing_serious_on_pages_of_staff(page_of, path):
    page = page_of("chen" if path.startswith("/inspector") else "zhao", bypass_csp=True)
    page.goto(path)
    assert serious_faults(page) == []


def test_by_night_the_page_is_dark_and_on_paper_it_is_not(page_of):
    page = page_of()
    page.goto("/")
    paper = "getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="dark")
    assert max(colour_of(page.evaluate(paper))) < 64
    page.emulate_media(media="print", color_scheme="dark")
    assert min(colour_of(page.evaluate(paper))) > 224


def colour_of(text):
    return [int(part) for part in text.removeprefix("rgb(").removesuffix(")").split(",")]


def test_a_verdict_needs_one_request_for_html_and_one_for_css_and_moves_nothing(service, page_of):
    with service.app_context():
        text = code(make_activated_batch())
    page, asked = page_of(), []
    page.on("request", lambda request: asked.append(request.resource_type))
    page.goto(f"/c/{text}", wait_until="networkidle")
    assert sorted(kind for kind in asked if kind in ("document", "stylesheet", "script", "font")) == [
        "document",
        "stylesheet",
    ]
    shift = """new Promise(told => {
        let sum = 0;
        new PerformanceObserver(list => list.getEntries().forEach(entry => { sum += entry.value }))
            .observe({type: "layout-shift", buffered: true});
        setTimeout(() => told(sum), 300);
    })"""
    assert page.evaluate(shift) == 0


def test_a_verdict_is_readable_at_twice_the_size(service, page_of):
    """200 % zoom of a 360 px phone leaves 180 px for the page."""
    with service.app_context():
        text = code(make_activated_batch())
    page = page_of(viewport={"width": 180, "height": 370}, device_scale_factor=2)
    page.goto(f"/c/{text}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 180


def test_a_photo_is_read_in_the_browser_and_leads_to_the_verdict(service, page_of, tmp_path):
    with service.app_context():
        text = code(make_activated_batch())
    label = tmp_path / "label.png"
    qrcode.make(f"{service.config['PUBLIC_URL']}/c/{text}", box_size=8).save(label)
    page = page_of()
    page.goto("/")
    with page.expect_navigation(url="**/?code=*"):
        page.locator("#photo").set_input_files(label)
    expect(page.locator("h1")).to_have_text("标识有效")


def test_large_photos_of_a_report_are_made_small_before_they_are_sent(page_of):
    taken = io.BytesIO()
    Image.frombytes("RGB", (3000, 2000), os.urandom(3000 * 2000 * 3)).save(taken, "JPEG", quality=95)
    photo = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": taken.getvalue()}
    page = page_of(bypass_csp=True)
    page.goto("/report")
    page.get_by_label("照片").set_input_files([photo, photo | {"name": "IMG_2.jpg"}])
    sizes = "[...document.getElementById('photos').files].map((file) => file.size)"
    page.wait_for_function(f"{sizes}.every((size) => size < {len(taken.getvalue())})")
    assert len(page.evaluate(sizes)) == 2
    page.get_by_label("举报：").check()
    page.get_by_label("哪里不一致或可疑").fill("批号不一致")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("2 张照片，这里不显示")).to_be_visible()
