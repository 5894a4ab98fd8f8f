"""What the patrol app refuses, and what it says before anything is lost."""

import hashlib
from datetime import timedelta
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from gi_trace import clock
from gi_trace.database import db, writing
from gi_trace.patrol.models import Discard, Evidence, Visit, VisitVersion
from gi_trace.patrol.packs.actions import revoke_phone
from gi_trace.patrol.packs.models import all_phones
from gi_trace.patrol.rules import Doubt
from tests.browser.phone import (
    Phone,
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
from tests.cast import PASSWORD, code, make_activated_batch, person, two_officers
from tests.patrols import jpeg, visit_item

GTIN = "06901234567892"
REFUSE_CAMERA = """() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotAllowedError"));
}"""
ALMOST_FULL = "() => { navigator.storage.estimate = async () => ({ usage: 9.9e9, quota: 9.9001e9 }); }"
FILL = """async () => {
    const opening = indexedDB.open("filler", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("bytes");
    await new Promise((resolve) => { opening.onsuccess = resolve; });
    const put = (size) => new Promise((resolve) => {
        const bytes = new Uint8Array(size), writing = opening.result.transaction("bytes", "readwrite", { durability: "strict" });
        for (let at = 0; at < size; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
        writing.oncomplete = () => resolve(true);
        writing.onabort = () => resolve(false);
        writing.objectStore("bytes").put(bytes, Math.random());
    });
    for (let size = 2 ** 20; size >= 64; size /= 4) while (await put(size));
    opening.result.close();
}"""
MAKE_ROOM = """() => new Promise((resolve) => { indexedDB.deleteDatabase("filler").onsuccess = () => resolve(true); })"""
PLACE = {
    "geolocation": {"latitude": 22.5, "longitude": 113.03, "accuracy": 12},
    "permissions": ["geolocation"],
}
CLOSED = """() => {
    globalThis.diskIsFull = true;
    const transaction = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (names, mode, ...rest) {
        if (mode === "readwrite" && globalThis.diskIsFull) throw new DOMException("", "InvalidStateError");
        return transaction.call(this, names, mode, ...rest);
    };
}"""
LEFT_BEHIND = """() => import("/static/js/patrol/store.js").then(async (store) => {
    const names = ["packs", "reference", "currentVisit", "openDraft", "seals", "phone", "officer", "signedOut"];
    const kept = await Promise.all(names.map((name) => store.get("settings", name)));
    return names.filter((name, at) => kept[at] !== undefined);
})"""
FIRST_VERSION = """(content) => new Promise((resolve, reject) => {
    indexedDB.deleteDatabase("patrol");
    const opening = indexedDB.open("patrol", 1), stores = ["settings", "visits", "items", "photos"];
    opening.onerror = () => reject(opening.error);
    opening.onupgradeneeded = () => stores.forEach((name) => opening.result.createObjectStore(name));
    opening.onsuccess = () => {
        const done = opening.result.transaction(stores, "readwrite");
        const item = { id: content.id, kind: "visit", content, state: "waiting", madeAt: content.made_at };
        const visit = { id: content.visit, version: 1, madeAt: content.made_at, shop: content.shop, note: "",
            second_officer_id: content.second_officer_id, scans: [], findings: [], photos: [] };
        done.objectStore("items").put(item, item.id);
        done.objectStore("visits").put(visit, visit.id);
        done.oncomplete = () => resolve(opening.result.close());
    };
})"""
CLOCK_SAID = """() => import("/static/js/patrol/clock.js").then(({ clockSaid }) => clockSaid())"""
EVERYTHING = """() => import("/static/js/patrol/store.js").then(async (store) =>
    JSON.stringify([await store.all("visits"), await store.all("items"), await store.all("drafts")]))"""
DAMAGE = """async (at) => {
    const store = await import("/static/js/patrol/store.js");
    const kept = await store.get("settings", "packs");
    new Uint8Array(kept.files[0])[at] ^= 1;
    await store.put("settings", "packs", kept);
}"""
EXTRACT = """async () => {
    const store = await import("/static/js/patrol/store.js");
    const { keys } = await store.get("settings", "packs");
    const [{ mask, field }] = keys.values();
    const phone = await store.get("settings", "phone");
    const tried = [mask, field].map((key) => crypto.subtle.exportKey("raw", key));
    tried.push(crypto.subtle.exportKey("pkcs8", phone.keys.privateKey));
    const seals = await store.get("settings", "seals");
    tried.push(...[seals.items, seals.photos].map((key) => crypto.subtle.exportKey("raw", key)));
    return (await Promise.allSettled(tried)).map((each) => each.status);
}"""


@pytest.fixture
def text(service):
    with service.app_context():
        batch = make_activated_batch()
        with writing():
            batch.product.gtin = GTIN
        text = code(batch)
        db.session.remove()
    return text


@pytest.fixture
def page(page_of, text):
    """Chen's phone with a pack."""
    page = open_app(page_of("chen", **PLACE))
    download_pack(page)
    return page


def sign_in(page, name):
    page.goto("/sign-in")
    page.get_by_label("登录名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/inspector/**")


def photos(page, files):
    page.set_input_files('[data-photos="visit"] input[type=file]', files)


def as_file(name, content):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


@pytest.mark.parametrize("at", [0, 40, 700])
def test_a_pack_changed_by_one_byte_on_the_phone_is_not_used(page, text, at):
    page.evaluate(DAMAGE, at)
    reload_app(page)
    expect(page.get_by_text("离线包已损坏或被改动")).to_be_visible()
    page.context.set_offline(True)
    type_code(page, text)
    expect(page.get_by_role("heading", name="没有离线包")).to_be_visible()


def test_a_pack_changed_on_the_way_is_not_kept(page_of, text):
    page = open_app(page_of("chen"))

    def damage(route):
        answer = route.fetch()
        body = bytearray(answer.body())
        body[len(body) // 2] ^= 1
        headers = {name: value for name, value in answer.headers.items() if name != "content-encoding"}
        route.fulfill(status=200, headers=headers, body=bytes(body))

    page.route("**/inspector/patrol/pack", damage)
    go(page, "pack")
    expect(page.get_by_label("新会陈皮")).to_be_checked()
    page.get_by_role("button", name="下载或更新离线包").click()
    expect(page.locator("#pack-progress")).to_contain_text("离线包已损坏或被改动")
    expect(page.locator("#pack-age")).to_have_text("无离线包")


@pytest.mark.parametrize(
    ("hours", "age", "headline", "why"),
    [
        (2, "截至", "现场校验相符", "未见注销"),
        (30, "超过 24 小时", "现场校验相符", "未见注销"),
        (80, "不完整", "现场校验相符", "结论不完整"),
        (24 * 8, "离线包已过期", "离线包已过期", "请更新离线包"),
    ],
)
def test_the_age_of_the_pack_is_always_in_sight_and_bounds_what_it_may_say(
    page, text, hours, age, headline, why
):
    page.context.set_offline(True)
    page.clock.set_fixed_time(clock.now() + timedelta(hours=hours))
    reload_app(page)
    expect(page.locator("#pack-age")).to_contain_text(age)
    type_code(page, text)
    expect(page.locator("#result-headline")).to_have_text(headline)
    expect(page.locator("#result-why")).to_contain_text(why)


def test_setting_the_clock_back_does_not_bring_an_old_pack_to_life(page, text, service):
    page.context.set_offline(True)
    page.clock.set_fixed_time(clock.now() - timedelta(days=30))
    reload_app(page)
    lately = (clock.now() - timedelta(minutes=10)).timestamp() * 1000
    assert page.evaluate('import("/static/js/patrol/clock.js").then(({ now }) => now())') > lately


def test_a_pack_that_has_ended_stays_ended_when_the_clock_is_set_back(page, text):
    page.context.set_offline(True)
    page.clock.set_fixed_time(clock.now() + timedelta(days=8))
    reload_app(page)
    expect(page.locator("#pack-age")).to_contain_text("离线包已过期")
    page.clock.set_fixed_time(clock.now())
    reload_app(page)
    expect(page.locator("#pack-age")).to_contain_text("离线包已过期")


def test_keys_cannot_be_taken_out_of_the_phone(page):
    assert page.evaluate(EXTRACT) == ["rejected"] * 5


def test_a_revoked_phone_is_signed_out_and_gets_no_pack_and_what_was_sealed_on_it_arrives_and_says_so(
    page, service
):
    with service.app_context():
        revoke_phone(all_phones()[0], by=person("zhao"))
        db.session.remove()
    start_visit(page)
    go(page, "outbox")
    assert [item["state"] for item in items(page)] == ["waiting"]
    Phone.sign_in(SimpleNamespace(page=page))
    open_app(page)
    expect_all_sent(page)
    go(page, "pack")
    page.get_by_role("button", name="下载或更新离线包").click()
    expect(page.locator("#pack-progress")).to_contain_text("已被撤销")
    with service.app_context():
        assert list(db.session.query(Visit).one().latest.doubts) == [Doubt.PHONE_REVOKED]
        db.session.remove()


def test_without_a_camera_the_officer_types(page, text):
    go(page, "scan")
    expect(page.locator("#camera-trouble")).to_contain_text("手工输入")
    type_code(page, text.lower())
    expect(page.get_by_role("heading", name="现场校验相符")).to_be_visible()
    expect(page.get_by_text("联网核对：结论相同")).to_be_visible()


def test_a_camera_that_is_refused_is_explained(page):
    page.evaluate(REFUSE_CAMERA)
    go(page, "scan")
    expect(page.locator("#camera-trouble")).to_contain_text("没有相机权限")


def test_the_server_s_other_verdict_stands_beside_the_phone_s(page, text, service):
    with service.app_context():
        from gi_trace.batches.models import Batch
        from gi_trace.batches.rules import StopKind
        from gi_trace.batches.stops import place_stop

        batch = db.session.query(Batch).one()
        place_stop(batch, StopKind.RECALL, 1, 100, reason="演示", **two_officers())
        db.session.remove()
    type_code(page, text)
    expect(page.get_by_role("heading", name="现场校验相符")).to_be_visible()
    expect(page.locator("#server-verdict")).to_contain_text("产品已召回")


def test_a_cloned_address_and_codes_of_others_are_told(page, text, service):
    page.context.set_offline(True)
    type_code(page, f"https://clone.example/c/{text}")
    expect(page.locator("#foreign-host")).to_contain_text("clone.example")
    expect(page.get_by_role("heading", name="网址不是官方网址")).to_be_visible()
    expect(page.locator("#result-band")).to_have_class("band bad")
    for address in (f"/01/09506000134352/21/{text}", f"/01/{GTIN}/10/ZZZZ0/21/{text}"):
        type_code(page, f"{service.config['PUBLIC_URL']}{address}")
        expect(page.get_by_role("heading", name="查无此标识")).to_be_visible()
    type_code(page, f"{service.config['PUBLIC_URL']}/01/{GTIN}/21/{text}")
    expect(page.get_by_role("heading", name="现场校验相符")).to_be_visible()
    type_code(page, "ABC")  # a slip of the finger
    expect(page.get_by_role("heading", name="无法识别此码")).to_be_visible()
    expect(page.locator("#result-band")).to_have_class("band quiet")
    type_code(page, text[0] + "0" * 19)
    expect(page.get_by_role("heading", name="查无此标识")).to_be_visible()
    expect(page.locator("#result-band")).to_have_class("band bad")


def test_what_is_no_photo_is_refused_before_it_is_kept(page):
    start_visit(page)
    for name, content in (
        ("合同.pdf", b"%PDF-1.7"),
        ("空.jpg", b""),
        ("录像.jpg", b"\x00\x00\x00\x18ftypmp42" + bytes(3000)),
        ("半截.jpg", jpeg()[:20]),
    ):
        photos(page, [as_file(name, content), as_file("好.jpg", jpeg(200, 100))])
        expect(page.locator('[data-photos="visit"] .error')).to_contain_text(name)
    photos(page, [as_file("甲.jpg", b"-"), as_file("乙.jpg", b"-")])
    for name in ("甲.jpg", "乙.jpg"):
        expect(page.locator('[data-photos="visit"] .error')).to_contain_text(name)
    expect(page.locator('[data-photos="visit"] li')).to_have_count(4)
    expect_all_sent(page)


def test_a_photo_of_fifty_megabytes_and_a_heic_one_arrive_whole(page, service, tmp_path):
    start_visit(page)
    large, heic = tmp_path / "大.jpg", tmp_path / "苹果.heic"
    large.write_bytes(jpeg() + bytes(50 * 2**20))
    heic.write_bytes(b"\x00\x00\x00\x18ftypheic" + bytes(3000))
    photos(page, [large, heic])
    expect(page.locator('[data-photos="visit"] li')).to_have_count(2)
    expect_all_sent(page, seconds=180)
    with service.app_context():
        kept = {photo.size: photo for photo in db.session.query(Evidence)}
        assert sorted(kept) == [heic.stat().st_size, large.stat().st_size] and all(
            photo.receipt for photo in kept.values()
        )
        db.session.remove()


def test_a_large_photo_goes_on_after_a_cut_where_the_service_stopped_receiving(page, service, tmp_path):
    offsets, link, large = [], {"cut": False, "lost": False}, tmp_path / "大.jpg"
    large.write_bytes(jpeg() + bytes(20 * 2**20))

    def carry(route):
        if link["cut"]:
            return route.abort()
        offsets.append(int(parse_qs(urlsplit(route.request.url).query)["offset"][0]))
        if len(offsets) == 6:
            link["cut"] = True
            route.fetch()
            link["lost"] = True  # it has arrived, and its answer never does
            return route.abort()
        route.continue_()

    page.route("**/bytes?*offset=*", carry)
    start_visit(page)
    photos(page, [large])
    wait_until(page, lambda: link["lost"])
    reload_app(page)
    link["cut"] = False
    page.evaluate("dispatchEvent(new Event('online'))")
    expect_all_sent(page, seconds=180)
    assert offsets == sorted(set(offsets))
    with service.app_context():
        photo = db.session.query(Evidence).one()
        assert photo.receipt and photo.sha256 == hashlib.sha256(large.read_bytes()).hexdigest()
        db.session.remove()


def test_a_photo_beyond_the_limit_is_refused_in_words(page, tmp_path):
    start_visit(page)
    huge = tmp_path / "巨.jpg"
    huge.write_bytes(jpeg() + bytes(65 * 2**20))
    photos(page, [huge])
    expect(page.locator('[data-photos="visit"] .error')).to_contain_text("照片超过 64 MB，没有保存")


def test_a_phone_that_will_soon_be_full_says_so_before_anything_is_lost(page):
    start_visit(page)
    expect_all_sent(page)
    page.evaluate(ALMOST_FULL)
    photos(page, [as_file("好.jpg", jpeg(2000, 1500))])
    expect(page.locator('[data-photos="visit"] .error')).to_contain_text("手机存储空间不足，这一项没有保存")
    assert len(items(page)) == 1


def test_a_clock_wrong_by_days_is_told_and_both_times_are_kept(page_of, text, service):
    page = page_of("chen", **PLACE)
    page.clock.set_fixed_time(clock.now() - timedelta(days=3))
    open_app(page)
    expect(page.locator("#alert-clock")).to_contain_text("手机时间与服务器相差约 4320 分钟")
    download_pack(page)
    start_visit(page)
    expect_all_sent(page)
    with service.app_context():
        version = db.session.query(VisitVersion).one()
        assert timedelta(days=2.9) < version.received_at - version.made_at < timedelta(days=3.1)
        assert -3.1 < version.clock_ahead_s / 86_400 < -2.9
        db.session.remove()
    page.goto("/inspector/")  # who signs out here seals that, and by the same clock
    said = page.evaluate(CLOCK_SAID)
    assert -3.1 < said["clock_ahead_s"] / 86_400 < -2.9 and said["heard_at"]


def test_a_clock_set_back_without_network_and_right_again_when_sent_stands_with_what_was_made_by_it(
    page, service
):
    page.context.set_offline(True)
    page.clock.set_fixed_time(clock.now() - timedelta(days=3))
    reload_app(page)
    expect(page.locator("#alert-clock")).to_contain_text("手机时间与服务器相差约 43")
    start_visit(page)
    page.clock.set_fixed_time(clock.now())
    page.context.set_offline(False)
    reload_app(page)
    expect_all_sent(page)
    with service.app_context():
        version = db.session.query(VisitVersion).one()
        assert version.received_at - version.made_at > timedelta(days=2.9)
        assert version.received_at - version.happened_at < timedelta(minutes=10)
        assert list(version.doubts) == [Doubt.CLOCK_SLOW]
        db.session.remove()


def test_signing_out_warns_of_unsent_items_and_wipes_the_pack(page, service):
    page.context.set_offline(True)
    start_visit(page)
    page.on("dialog", lambda dialog: dialog.dismiss())
    go(page, "home")
    with page.expect_event("dialog") as warning:
        page.get_by_role("button", name="退出登录").click()
    assert "还有 1 条没有上传" in warning.value.message
    expect(page.locator("#pack-age")).to_contain_text("截至")
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect_all_sent(page)
    page.goto("/inspector/")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(service.config["PUBLIC_URL"] + "/")
    page.goto("/sign-in")
    page.goto("/inspector/patrol")
    expect(page.locator("#pack-age")).to_have_text("无离线包")
    assert items(page) == []


def test_whoever_signs_in_next_sends_what_the_one_before_sealed_and_sees_nothing_of_it(page, text, service):
    """Signed out without network; her colleague's session carries it on, in her name."""
    page.context.set_offline(True)
    start_visit(page, shop="示范老店")
    type_code(page, text)
    go(page, "visit")
    photos(page, [as_file("好.jpg", jpeg())])
    expect(page.locator('[data-photos="visit"] li')).to_have_count(1)
    go(page, "home")
    page.once("dialog", lambda dialog: dialog.accept())
    with page.expect_navigation():
        page.get_by_role("button", name="退出登录").click()
    expect(page.locator("#pack-age")).to_have_text("无离线包")
    expect(page.locator("#visits li")).to_have_count(0)
    assert page.evaluate(LEFT_BEHIND) == ["signedOut"]
    assert "示范老店" not in page.evaluate(EVERYTHING)
    assert page.request.get("/inspector/visits.csv", max_redirects=0).status == 302  # before any script runs
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text("登录已失效")).to_be_visible()  # the service has ended her session too
    page.goto("/inspector/")
    page.wait_for_url("**/sign-in**")
    sign_in(page, "he")
    with service.app_context():
        [chens] = all_phones()
        assert chens.ended_at is None
        db.session.remove()
    open_app(page)
    expect_all_sent(page)
    expect(page.locator("#pack-age")).to_have_text("无离线包")
    assert items(page) == []
    with service.app_context():
        visit, chen = db.session.query(Visit).one(), person("chen")
        assert (visit.officer, visit.scans[0].by, visit.photos[0].by) == (chen, chen, chen)
        assert visit.photos[0].receipt
        assert [bool(phone.ended_at) for phone in all_phones() if phone.officer == chen] == [True]
        db.session.remove()


def test_what_is_written_of_a_finding_outlives_other_screens_and_goes_when_it_is_dropped(page):
    page.context.set_offline(True)
    start_visit(page)
    go(page, "finding")
    page.get_by_label("当事人陈述").fill("不知情")
    photos_of = '[data-photos="finding"]'
    page.set_input_files(
        f"{photos_of} input[type=file]", [as_file("一.jpg", jpeg()), as_file("二.jpg", jpeg(90, 80))]
    )
    expect(page.locator(f"{photos_of} img")).to_have_count(2)
    page.locator(f"{photos_of} li").first.get_by_role("button", name="删除此照片").click()
    expect(page.locator(f"{photos_of} li")).to_have_count(1)
    page.get_by_role("link", name="待上传").click()
    expect(page.get_by_text("所属的发现还没有保存")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("当事人陈述")).to_have_value("不知情")
    reload_app(page)
    expect(page.get_by_label("当事人陈述")).to_have_value("不知情")
    expect(page.locator(f"{photos_of} li")).to_have_count(1)
    go(page, "visit")
    page.get_by_role("button", name="未填写违法情形的发现").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="放弃未保存的内容").click()
    expect(page.locator('[data-screen="visit"]')).to_be_visible()
    expect(page.locator("#drafts li")).to_have_count(0)
    assert [item["kind"] for item in items(page)] == ["visit"]


def test_what_cannot_be_kept_says_so_and_is_tried_again_until_it_is(page):
    page.context.set_offline(True)
    start_visit(page)
    page.locator("#new-finding").click()
    choose_offence(page)
    page.get_by_label("单价（元）").fill("38.50")
    page.evaluate(CLOSED)
    page.get_by_role("button", name="保存发现").click()
    expect(page.get_by_text("还没有存到手机上")).to_be_visible()
    page.evaluate("() => { globalThis.diskIsFull = false; }")
    expect(page.locator('[data-screen="visit"]')).to_be_visible()
    expect(page.get_by_text("还没有存到手机上")).to_be_hidden()
    assert sorted(item["kind"] for item in items(page)) == ["finding", "visit"]


def test_lies_of_the_line_are_told_apart_and_one_refusal_stops_nothing(page, text, service):
    """A network that wants a sign-in, a slow, busy and broken service, half an answer; then a visit that is refused, of
    which a scan and a finding wait."""
    page.context.set_offline(True)
    start_visit(page)
    type_code(page, text)
    save_finding(page)
    go(page, "outbox")
    lies = [
        ({"status": 302, "headers": {"Location": "https://portal.example/"}}, "这个网络没有接通服务器"),
        ({"status": 200, "content_type": "text/html", "body": "<h1>请登录</h1>"}, "这个网络没有接通服务器"),
        ({"status": 408, "content_type": "text/html", "body": "Request Timeout"}, "服务器没有及时答复"),
        ({"status": 429, "headers": {"Retry-After": "1"}}, "服务器忙"),
        ({"status": 500, "content_type": "application/json", "body": "{}"}, "服务器出错"),
        ({"status": 200, "content_type": "application/json", "body": '{"id"'}, "只收到半截答复"),
        (
            {"status": 200, "content_type": "application/json", "body": '{"ok": true}'},
            "这个网络没有接通服务器",
        ),
    ]
    of_a_gateway = [
        lies[-1],
        (
            {"status": 403, "content_type": "application/json", "body": '{"error": 1}'},
            "这个网络没有接通服务器",
        ),
        ({"status": 413, "content_type": "text/html", "body": "<h1>413</h1>"}, "不让这么大的内容通过"),
        ({"status": 401, "content_type": "text/html", "body": ""}, "登录已失效，登录后自动上传"),
    ]
    for path, answer, words in [("session", *lie) for lie in lies] + [
        ("visits", *lie) for lie in of_a_gateway
    ]:
        page.route(f"**/patrol/{path}", lambda route, _, answer=answer: route.fulfill(**answer))
        if path == "visits":
            page.unroute("**/patrol/session")
        page.context.set_offline(False)
        page.get_by_role("button", name="立即上传").click()
        expect(page.locator("#outbox-line")).to_contain_text(words)
        expect(page.locator("#outbox-line")).to_contain_text("" if answer["status"] == 401 else "下次上传")
        assert {item["state"] for item in items(page)} == {"waiting"}
    refusal = {
        "status": 422,
        "content_type": "application/json",
        "body": '{"code": "x", "detail": "此次巡查不能收"}',
    }
    page.route(
        "**/patrol/visits",
        lambda route: route.fulfill(**refusal) if route.request.method == "POST" else route.continue_(),
    )
    page.get_by_role("button", name="立即上传").click()
    expect(page.get_by_text("此次巡查不能收")).to_be_visible()
    expect(page.get_by_text("等此次巡查登记收到后上传")).to_have_count(2)
    page.evaluate(
        "() => import('/static/js/patrol/visits.js').then(({ saveVisit, listVisits }) => "
        "listVisits().then(([{ id, ...facts }]) => saveVisit({ ...facts, version: 0, scans: [] })))"
    )
    page.unroute("**/patrol/visits")
    page.get_by_role("button", name="立即上传").click()
    expect(page.locator("#outbox-items .tag.good")).to_have_count(1)
    page.once("dialog", lambda dialog: dialog.accept("店名写错，另行登记"))
    page.get_by_role("button", name="放弃").click()
    expect(page.get_by_text("放弃的理由：店名写错，另行登记").first).to_be_visible()
    expect_all_sent(page)
    with service.app_context():
        given_up = db.session.query(Discard).one()
        assert (given_up.reason, given_up.refusal) == ("店名写错，另行登记", "此次巡查不能收")
        assert given_up.visit is None and dict(given_up.counts) == {"visit": 1, "scan": 1, "finding": 1}
        db.session.remove()


def test_an_amendment_that_is_refused_and_given_up_takes_nothing_of_its_visit_along(page, text, service):
    start_visit(page)
    expect_all_sent(page)
    page.route("**/patrol/scans", lambda route: route.abort())
    type_code(page, text)
    refusal = {
        "status": 422,
        "content_type": "application/json",
        "body": '{"code": "x", "detail": "不能这样补正"}',
    }
    page.route("**/patrol/visits", lambda route: route.fulfill(**refusal))
    go(page, "visit")
    page.get_by_role("link", name="补正巡查登记").click()
    page.get_by_label("备注（选填）").first.fill("补正")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator('[data-screen="visit"]')).to_be_visible()
    go(page, "outbox")
    expect(page.get_by_text("不能这样补正")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept("不补了"))
    page.get_by_role("button", name="放弃").click()
    expect(page.get_by_text("放弃的理由：不补了")).to_have_count(1)
    page.unroute("**/patrol/scans")
    page.get_by_role("button", name="立即上传").click()
    expect_all_sent(page)
    with service.app_context():
        visit = db.session.query(Visit).one()
        assert (len(visit.versions), len(visit.scans)) == (1, 1)
        assert [dict(discard.counts) for discard in visit.discards] == [{"visit": 1}]
        db.session.remove()


def test_answers_cut_in_half_and_pieces_that_a_proxy_finds_too_large_lose_and_double_nothing(
    page, text, service
):
    """Each item arrives, and half of its receipt comes back; then a proxy takes pieces of 20 kB at most (413)."""
    halved, refused, lied = set(), [], []

    def halve(route):
        answer = route.fetch()
        if route.request.url in halved or route.request.method == "GET":
            return route.fulfill(response=answer)
        halved.add(route.request.url)
        route.fulfill(status=200, content_type="application/json", body=answer.body()[:9])

    def bound(route):
        if not lied:
            lied.append(route.request.url)
            return route.fulfill(json={"ok": True})
        if len(route.request.post_data_buffer or b"") <= 20_000:
            return route.continue_()
        refused.append(route.request.url)
        route.fulfill(status=413, content_type="text/html", body="<h1>413</h1>")

    for path in ("visits", "scans", "findings", "photos"):
        page.route(f"**/patrol/{path}", halve)
    page.route("**/bytes?*", bound)
    start_visit(page)
    type_code(page, text)
    save_finding(page)
    photos(page, [as_file("好.jpg", jpeg())])
    expect_all_sent(page)
    assert len(halved) == 4 and refused
    with service.app_context():
        visit = db.session.query(Visit).one()
        assert [len(visit.versions), len(visit.scans), len(visit.findings)] == [1, 1, 1]
        assert [len(visit.findings[0].versions), bool(visit.photos[0].sha256)] == [1, True]
        db.session.remove()


def test_a_disk_that_is_really_full_takes_no_photo_keeps_what_is_written_and_goes_on_when_there_is_room(
    page_of, service
):
    """The browser has no more room for this address: its own quota is used up, to the last bytes."""
    page, origin = page_of("chen", **PLACE), service.config["PUBLIC_URL"]
    disk = page.context.new_cdp_session(page)
    disk.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 8 * 2**20})
    download_pack(open_app(page))
    start_visit(page)
    expect_all_sent(page)
    page.locator("#new-finding").click()
    choose_offence(page)
    page.get_by_label("单价（元）").fill("38.50")
    page.evaluate(FILL)
    page.set_input_files('[data-photos="finding"] input[type=file]', [as_file("好.jpg", jpeg())])
    expect(page.locator('[data-photos="finding"] .error')).to_contain_text("手机存储空间不足，这一项没有保存")
    page.get_by_label("当事人陈述").fill("不知情")
    page.get_by_role("button", name="保存发现").click()
    expect(page.get_by_text("还没有存到手机上")).to_be_visible()
    assert [item["kind"] for item in items(page)] == ["visit"]
    assert page.evaluate(MAKE_ROOM)
    expect(page.locator("#findings li")).to_have_count(1)
    expect(page.get_by_text("还没有存到手机上")).to_be_hidden()
    expect_all_sent(page)
    with service.app_context():
        [finding] = db.session.query(Visit).one().findings
        assert finding.latest.statement == "不知情" and finding.photos == []
        db.session.remove()


def test_a_phone_taken_over_without_a_sign_out_is_the_next_officers_and_sends_what_lies_on_it(
    page, text, service
):
    """Two officers on one phone, whose first one has only put it down: her session is over, he signs in."""
    page.context.set_offline(True)
    start_visit(page, shop="示范老店")
    type_code(page, text)
    go(page, "finding")
    page.get_by_label("当事人陈述").fill("老陈的话")
    page.context.clear_cookies()
    page.context.set_offline(False)
    sign_in(page, "he")
    open_app(page)
    expect_all_sent(page)
    expect(page.locator("#pack-age")).to_have_text("无离线包")
    assert items(page) == [] and "老陈的话" not in page.evaluate(EVERYTHING)
    open_app(page)
    expect(page.locator("#visits li")).to_have_count(1)  # she had named him as her second
    page.context.clear_cookies()
    sign_in(page, "chen")
    with page.expect_response("**/patrol/leave"):  # by then the phone is hers
        open_app(page)
    expect(page.locator("#pack-age")).to_have_text("无离线包")
    page.locator("#visits button").click()
    page.get_by_role("button", name="未填写违法情形的发现").click()  # her draft is hers again
    expect(page.get_by_label("当事人陈述")).to_have_value("老陈的话")
    with service.app_context():
        visit = db.session.query(Visit).one()
        assert (visit.officer, visit.scans[0].by) == (person("chen"), person("chen"))
        db.session.remove()


def test_a_tab_acts_only_for_the_officer_whose_phone_it_is(page, text, service):
    """She signs out in one tab: another one ends with what it shows; a third, asleep, hears nothing, and what it still
    makes or hands over is nobody's."""
    start_visit(page, shop="示范老店")
    expect_all_sent(page)
    awake, asleep = page.context.new_page(), page.context.new_page()
    asleep.add_init_script("globalThis.BroadcastChannel = class { postMessage() {} }")
    for tab in (awake, asleep):
        open_app(tab)
        expect(tab.locator("#visits li")).to_have_count(1)
        expect(tab.locator("#pack-age")).to_contain_text("截至")
    page.goto("/inspector/")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(service.config["PUBLIC_URL"] + "/")
    expect(awake.locator("#pack-age")).to_have_text("无离线包")
    expect(awake.locator("#visits li")).to_have_count(0)
    awake.close()
    before = page.evaluate(EVERYTHING)
    with asleep.expect_navigation():  # it starts anew
        asleep.evaluate("""() => { for (const [name, make] of [
            ["visits", ({ saveVisit }) => saveVisit({ shop: { id: "x", name: "无主" } })],
            ["phone", ({ ownKeys }) => ownKeys()], ["handover", ({ handOver }) => handOver()],
        ]) import(`/static/js/patrol/${name}.js`).then(make); }""")
    expect(asleep.locator("#visits li")).to_have_count(0)
    assert page.evaluate(EVERYTHING) == before
    assert not {"phone", "seals", "officer"} & set(page.evaluate(LEFT_BEHIND))


def test_a_tab_left_open_takes_nothing_of_the_next_officers(page, text, service):
    old = page.context.new_page()
    old.add_init_script("globalThis.BroadcastChannel = class { postMessage() {} }")
    open_app(old)
    expect(old.locator("#pack-age")).to_contain_text("截至")
    page.goto("/inspector/")
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url(service.config["PUBLIC_URL"] + "/")
    sign_in(page, "he")
    download_pack(open_app(page))
    start_visit(page, shop="何的店", colleague="chen")
    expect_all_sent(page)
    with old.expect_navigation():
        old.evaluate("dispatchEvent(new Event('online'))")
    expect(old.locator("#visits li")).to_contain_text("何的店")
    assert page.evaluate(LEFT_BEHIND) == ["packs", "reference", "currentVisit", "seals", "phone", "officer"]
    assert [item["state"] for item in items(page)] == ["sent"]


def test_what_the_line_brings_takes_nothing_away_that_was_found_meanwhile(page, service):
    start_visit(page)
    expect_all_sent(page)
    slow = []

    def hold(route):
        if route.request.method == "POST":
            return route.continue_()
        slow.append((route, route.fetch()))

    page.route("**/patrol/visits", hold)
    page.evaluate(
        "() => { globalThis.taken = import('/static/js/patrol/visits.js').then((visits) => visits.takeSharedVisits()); }"
    )
    wait_until(page, lambda: bool(slow))
    save_finding(page)
    expect_all_sent(page)
    for route, answer in slow:
        route.fulfill(response=answer)
    page.evaluate("globalThis.taken")
    go(page, "home")
    go(page, "visit")
    expect(page.locator("#findings li")).to_have_count(1)


def test_a_photo_comes_through_ten_kilobytes_a_second_with_its_progress(page, service):
    """The line itself is slow: what a piece takes is what decides how large the next one is."""
    start_visit(page)
    expect_all_sent(page)
    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    line = {"offline": False, "latency": 50, "downloadThroughput": 10_000, "uploadThroughput": 10_000}
    slow.send("Network.emulateNetworkConditions", line)
    photo = jpeg(500, 400)
    assert 90_000 < len(photo) < 200_000
    photos(page, [as_file("慢.jpg", photo)])
    go(page, "outbox")
    expect(page.get_by_text("已传百分之")).to_be_visible()
    expect_all_sent(page, seconds=180)


def test_an_outbox_of_the_app_s_first_version_is_taken_over_sealed_and_sent(page_of, service):
    with service.app_context():
        item = visit_item()
        db.session.remove()
    page = page_of("chen")
    page.goto("/")
    page.evaluate(FIRST_VERSION, item)
    open_app(page)
    expect_all_sent(page)
    assert [kept["state"] for kept in items(page)] == ["sent"]
    expect(page.locator("#visits li")).to_have_count(1)
    assert "示范干货店" not in page.evaluate(EVERYTHING)
    with service.app_context():
        assert db.session.query(Visit).one().id == item["visit"]
        db.session.remove()


def test_the_shell_stays_under_300_kilobytes(service, page_of):
    from gi_trace.web.inspector.patrol import shell_files

    page = page_of("chen")
    paths = ["/inspector/patrol", *shell_files(service.static_folder)]
    sizes = [len(page.request.get(path).body()) for path in paths]
    assert sum(sizes) < 300_000
