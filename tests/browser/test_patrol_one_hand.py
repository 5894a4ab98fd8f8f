"""A patrol with one hand: what an officer holds, hears and taps, seen by a scripted camera at 390 px."""

import base64
import hashlib
import io

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from gi_trace.database import db
from gi_trace.patrol.actions.scans import record_scan
from gi_trace.patrol.actions.visits import record_visit
from gi_trace.patrol.models import Evidence, Shop
from gi_trace.patrol.rules import PhotoKind
from tests.browser.phone import (
    choose_offence,
    download_pack,
    expect_all_sent,
    go,
    items,
    open_app,
    reload_app,
    save_finding,
    start_visit,
    type_code,
    wait_until,
)
from tests.cast import code, make_activated_batch, person
from tests.patrols import Handset, jpeg, scan_item, visit_item

PHONE = {"width": 390, "height": 844}
PLACE = {"latitude": 22.5, "longitude": 113.03, "accuracy": 12}
CAMERA = """() => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
    const context = canvas.getContext("2d");
    let held = [];
    setInterval(() => {
        context.fillStyle = "#998877";
        context.fillRect(0, 0, 640, 480);
        held.forEach((image, at) => context.drawImage(image, 20 + at * 310, 100, 290, 290));
    }, 40);
    navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(25);
    globalThis.hold = async (sources) => {
        held = await Promise.all(sources.map((source) =>
            createImageBitmap(new Blob([Uint8Array.from(atob(source), (byte) => byte.charCodeAt(0))]))));
    };
    globalThis.shakes = [];
    globalThis.taps = 0;
    addEventListener("pointerdown", () => taps += 1, true);
    navigator.vibrate = (pattern) => shakes.push(pattern.join());
}"""
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("main *")]
    .filter((part) => part.getBoundingClientRect().right > innerWidth).map((part) => part.outerHTML)"""


@pytest.fixture
def labels(service):
    """Addresses as they stand on packs of one batch."""
    with service.app_context():
        batch = make_activated_batch()
        codes = [code(batch, unit) for unit in range(1, 7)]
        db.session.remove()
    return [f"{service.config['PUBLIC_URL']}/c/{each}" for each in codes]


@pytest.fixture
def page(page_of, labels):
    """Chen's phone with a pack and a camera."""
    page = page_of("chen", geolocation=PLACE, permissions=["geolocation"], viewport=PHONE)
    page.add_init_script(f"({CAMERA})()")
    download_pack(open_app(page))
    return page


def hold(page: Page, *texts: str) -> None:
    """Before the camera, until something else is held."""
    page.evaluate("sources => hold(sources)", [picture(text) for text in texts])


def picture(text: str) -> str:
    symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    file = io.BytesIO()
    Image.fromarray(zxingcpp.write_barcode_to_image(symbol, scale=5)).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def test_scan_scan_scan_with_a_tally_and_what_is_still_in_view_is_no_second_time(page, labels):
    page.context.set_offline(True)
    start_visit(page, shop="示范甲店")
    go(page, "scan")
    expect(page.locator("#camera-hint")).to_contain_text("还没有读到码：靠近一些")
    hold(page, labels[0])
    expect(page.get_by_role("heading", name="现场校验相符")).to_be_visible()
    page.get_by_role("link", name="扫下一个").click()
    expect(page.get_by_text("镜头里还是刚才那个码，不算第二次")).to_be_visible()
    page.get_by_label("连续扫码，不停在结果页").check()
    hold(page, labels[1])
    expect(page.locator("#tally")).to_have_text("现场校验相符1")
    hold(page, labels[2], labels[3])  # both are counted
    expect(page.locator("#tally")).to_have_text("现场校验相符3")
    hold(page, labels[4][:-20] + labels[4][-20] + "0" * 19)
    expect(page.locator("#tally")).to_contain_text("查无此标识1")
    good, bad = page.evaluate("[shakes.at(0), shakes.at(-1)]")
    assert good != bad
    page.get_by_label("连续扫码，不停在结果页").uncheck()
    hold(page, labels[4], labels[5])  # of two the officer chooses
    expect(page.locator("#two-codes li")).to_have_count(2)
    assert page.evaluate(TOO_WIDE) == []
    page.get_by_role("button", name=labels[5]).click()
    expect(page.locator("#result-code")).to_contain_text(labels[5][-5:])
    assert sum(item["kind"] == "scan" for item in items(page)) == 6
    hold(page)
    start_visit(page, shop="示范乙店")
    type_code(page, labels[0])
    expect(page.get_by_role("heading", name="此码在别的店铺扫到过")).to_be_visible()
    expect(page.locator("#elsewhere")).to_contain_text("示范甲店")


def met_by_he(service, shop: str, address: str) -> None:
    """Another officer's scan in another shop, as it has reached the service."""
    with service.app_context():
        item = visit_item(second_officer_id=person("chen").id)
        item["shop"]["name"] = shop
        he = Handset("he").row
        record_visit(item, phone=he)
        record_scan(scan_item(item["visit"], address), phone=he)
        db.session.remove()


def test_what_other_officers_met_elsewhere_warns_by_the_pack_and_later_by_the_service(page, labels, service):
    met_by_he(service, "示范乙店", labels[0])
    download_pack(page)
    start_visit(page, shop="示范甲店")
    expect_all_sent(page)
    page.context.set_offline(True)
    type_code(page, labels[0])
    expect(page.get_by_role("heading", name="此码在别的店铺扫到过")).to_be_visible()
    expect(page.locator("#elsewhere")).to_contain_text("示范乙店")
    type_code(page, labels[1])
    expect(page.get_by_role("heading", name="现场校验相符")).to_be_visible()
    page.context.set_offline(False)
    met_by_he(service, "示范丙店", labels[2])
    type_code(page, labels[2])
    expect(page.get_by_role("heading", name="此码在别的店铺扫到过")).to_be_visible()
    expect(page.locator("#elsewhere")).to_contain_text("示范丙店")


def taps(page: Page) -> int:
    """Since it was asked last."""
    return page.evaluate("() => [taps, taps = 0][0]")


def fill_and_save_the_finding(page: Page) -> None:
    page.locator("#offences").get_by_label("未经授权使用地理标志专用标志").click()
    page.get_by_label("单价（元）").click()
    page.keyboard.type("38.50")
    page.get_by_role("button", name="保存发现").click()
    expect(page.locator("#findings li")).to_have_count(1)


def test_a_verdict_is_one_tap_away_and_a_saved_finding_six_also_where_no_visit_runs(page, labels):
    """The shop is known and the colleague is the one of before: by the row of the shop, or by the code that was scanned
    first and becomes the first scan of the visit to which it led."""
    start_visit(page, shop="示范甲店")
    expect_all_sent(page)
    open_app(page)
    expect(page.locator("#stops li")).to_have_count(1)
    page.context.set_offline(True)
    hold(page, labels[0])
    assert taps(page) == 0
    page.get_by_role("link", name="扫码").first.click()
    expect(page.get_by_role("heading", name="现场校验相符")).to_be_visible()
    assert taps(page) == 1
    go(page, "visit")
    page.get_by_role("button", name="结束此次巡查").click()
    expect(page.get_by_role("button", name="结束此次巡查")).to_be_hidden()

    open_app(page)
    hold(page, labels[0])
    page.get_by_role("link", name="扫码").first.click()
    expect(page.get_by_role("heading", name="现场校验相符")).to_be_visible()
    page.get_by_role("link", name="记录发现").last.click()
    expect(page.get_by_label("店铺", exact=True).locator("option:checked")).to_contain_text("示范甲店")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("#finding-scans input:checked")).to_have_count(1)
    fill_and_save_the_finding(page)
    assert taps(page) <= 6
    expect(page.locator("#scans li")).to_have_count(1)
    page.get_by_role("button", name="结束此次巡查").click()
    expect(page.get_by_role("button", name="结束此次巡查")).to_be_hidden()

    open_app(page)
    hold(page, labels[1])
    page.locator("#stops button").click()
    expect(page.get_by_text("已定位")).to_be_visible()
    page.get_by_role("button", name="保存并扫码").click()
    expect(page.get_by_role("heading", name="现场校验相符")).to_be_visible()
    page.get_by_role("link", name="记录发现").last.click()
    fill_and_save_the_finding(page)
    assert taps(page) <= 6
    assert [item["kind"] for item in items(page)].count("visit") == 3
    assert page.evaluate(TOO_WIDE) == []


def test_a_price_that_nobody_entered_is_asked_for(page):
    page.context.set_offline(True)
    start_visit(page)
    go(page, "finding")
    choose_offence(page)
    with page.expect_event("dialog") as asked:
        page.once("dialog", lambda dialog: dialog.dismiss())
        page.get_by_role("button", name="保存发现").click()
    assert "确实不知道价格吗" in asked.value.message
    assert [item["kind"] for item in items(page)] == ["visit"]
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="保存发现").click()
    expect(page.locator("#findings li")).to_have_count(1)


def test_a_visit_begins_with_a_fix_that_is_good_a_shop_that_is_known_and_the_same_colleague(page):
    start_visit(page, shop="示范甲店")
    expect_all_sent(page)
    open_app(page)  # the list of shops is fetched anew
    page.context.set_geolocation(PLACE | {"accuracy": 3000})
    go(page, "visit-form")
    expect(page.get_by_label("另一名执法人员").locator("option:checked")).to_have_text("he")
    page.get_by_role("button", name="取定位").click()
    expect(page.get_by_text("已定位，精度约 3000 米")).to_be_visible()
    page.get_by_label("店铺名称", exact=True).fill("示范 甲店")
    page.get_by_label("地址", exact=True).fill("示范路 8 号")
    asked = []

    def answer(dialog):
        asked.append(dialog.message)
        dialog.accept() if "同一家" in dialog.message else dialog.dismiss()

    page.on("dialog", answer)
    page.get_by_role("button", name="保存", exact=True).click()
    wait_until(page, lambda: len(asked) == 2)
    expect(page.locator('[data-screen="visit-form"]')).to_be_visible()
    assert ["名单里已有“示范甲店 · 示范路 8 号”" in asked[0], "定位误差约 3000 米" in asked[1]] == [
        True,
        True,
    ]
    assert len(items(page)) == 1
    page.context.set_geolocation(PLACE)
    page.get_by_role("button", name="取定位").click()
    expect(page.get_by_text("已定位，精度约 12 米")).to_be_visible()
    page.get_by_label("查找店铺").fill("甲店")
    expect(page.get_by_label("店铺", exact=True).locator("option:checked")).to_have_text(
        "示范甲店 · 示范路 8 号 · 约 0.0 公里"
    )
    assert page.evaluate(TOO_WIDE) == []
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator('[data-screen="visit"]')).to_be_visible()
    shops = {item["content"]["shop"]["id"] for item in items(page) if item["kind"] == "visit"}
    assert len(shops) == 1


def test_lists_that_come_while_the_form_of_a_visit_is_open_are_offered_there(page_of):
    page, held = page_of("chen", geolocation=PLACE, permissions=["geolocation"], viewport=PHONE), []
    page.route("**/patrol/reference", lambda route: held.append(route))
    with page.expect_request("**/patrol/reference"):
        open_app(page)
    go(page, "visit-form")
    page.get_by_label("店铺名称", exact=True).fill("示范甲店")
    expect(page.get_by_label("另一名执法人员").locator("option")).to_have_count(1)
    for route in held:
        route.continue_()
    page.get_by_label("另一名执法人员").select_option(label="he")
    expect(page.get_by_label("店铺名称", exact=True)).to_have_value("示范甲店")


def test_marks_lead_back_to_their_saved_finding_and_hold_their_original(page):
    page.context.set_offline(True)
    start_visit(page)
    save_finding(page, 数量="7")
    page.locator("#findings button").click()
    photos = page.locator('[data-photos="finding"]')
    expect(photos).to_be_visible()
    photo = {"name": "好.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    photos.locator("input[type=file]").set_input_files([photo])
    expect(photos.get_by_role("button", name="删除此照片")).to_have_count(1)
    photos.get_by_role("button", name="加注").click()
    draw(page, "#marks-pad")
    page.get_by_role("button", name="保存加注").click()
    expect(photos.locator("li .tag")).to_have_text(["", "加注的照片"])
    reload_app(page)
    expect(page.get_by_label("数量", exact=True)).to_have_value("7")
    expect(photos.get_by_role("button", name="删除此照片")).to_have_count(1)  # that of the marks alone
    photos.get_by_role("button", name="删除此照片").click()
    expect(photos.get_by_role("button", name="删除此照片")).to_have_count(1)
    expect(photos.locator("li")).to_have_count(1)
    page.get_by_role("button", name="保存发现").click()
    expect(page.locator("#findings li")).to_have_count(1)
    go(page, "finding")
    expect(page.get_by_label("数量", exact=True)).not_to_have_value("7")  # another one


def test_an_online_shop_is_visited_with_screenshots_marks_beside_them_and_a_signature(page, service):
    """The marks make a photo of their own; the one that they were made on stays as it was taken."""
    page.context.set_offline(True)
    go(page, "visit-form")
    page.get_by_label("网上店铺").check()
    page.get_by_label("店铺名称", exact=True).fill("示范网店")
    page.get_by_label("店铺或商品链接").fill("shop.example/1")
    page.get_by_label("平台").fill("示范平台")
    page.get_by_label("页面标示的卖家").fill("示范卖家")
    page.get_by_label("另一名执法人员").select_option(label="he")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("以 http 开头的链接")).to_be_visible()
    page.get_by_label("店铺或商品链接").fill("https://shop.example/1")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("选截图").first).to_be_visible()
    shown = jpeg(1200, 2600)
    file = {"name": "屏幕.jpg", "mimeType": "image/jpeg", "buffer": shown}
    page.set_input_files('[data-photos="visit"] input[type=file]', [file])
    page.get_by_role("button", name="加注").click()
    draw(page, "#marks-pad")
    assert page.evaluate(TOO_WIDE) == []
    page.get_by_role("button", name="保存加注").click()
    page.get_by_role("link", name="请当事人签名").click()
    expect(page.locator("#signed-facts")).to_contain_text("示范网店")
    page.get_by_role("button", name="保存签名").click()
    expect(page.get_by_text("还没有签名")).to_be_visible()
    draw(page, "#signature-pad")
    page.get_by_role("button", name="保存签名").click()
    expect(page.locator('[data-photos="visit"] li .tag')).to_have_text(
        ["网页截图", "加注的照片", "当事人签名"]
    )
    assert page.evaluate(TOO_WIDE) == []
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect_all_sent(page)
    with service.app_context():
        shop = db.session.query(Shop).one()
        assert (shop.link, shop.platform, shop.seller) == ("https://shop.example/1", "示范平台", "示范卖家")
        photos = {photo.kind: photo for photo in db.session.query(Evidence)}
        screenshot = photos[PhotoKind.SCREENSHOT]
        assert screenshot.sha256 == hashlib.sha256(shown).hexdigest()
        assert photos[PhotoKind.MARKED].marks_of_id == screenshot.id
        assert photos[PhotoKind.SIGNATURE].sha256 and len(photos) == 3
        db.session.remove()
    go(page, "visit")
    # The bytes have left the phone: the service shows the photo.
    page.get_by_role("button", name="加注").first.click()
    draw(page, "#marks-pad")
    page.get_by_role("button", name="保存加注").click()
    expect(page.locator('[data-photos="visit"] li')).to_have_count(4)
    expect_all_sent(page)
    with service.app_context():
        marked = db.session.query(Evidence).filter_by(kind=PhotoKind.MARKED)
        assert [photo.marks_of_id for photo in marked] == 2 * [screenshot.id]
        db.session.remove()
    page.context.set_offline(True)
    go(page, "visit")
    page.get_by_role("button", name="加注").first.click()
    expect(page.get_by_text("有网络时才能加注")).to_be_visible()


def draw(page: Page, pad: str) -> None:
    expect(page.locator(pad)).to_be_visible()
    page.locator(pad).scroll_into_view_if_needed()
    box = page.locator(pad).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2  # its edge may lie under the bar
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 80, y + 50, steps=4)
    page.mouse.up()
