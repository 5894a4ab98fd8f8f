"""The patrol app with the network really cut: everything made survives and arrives exactly once."""

import hashlib
import shutil

import pytest
from playwright.sync_api import expect

from gi_trace.database import db
from gi_trace.evidence.store import EvidenceStore
from gi_trace.patrol.models import Evidence, Finding, FindingVersion, Scan, Visit, VisitVersion
from gi_trace.verification.models import Alert, AlertKind
from tests.browser.phone import (
    Phone,
    choose_offence,
    download_pack,
    expect_all_sent,
    film_of,
    go,
    items,
    open_app,
    printed_label,
    reload_app,
    save_finding,
    start_visit,
    wait_until,
)
from tests.cast import code, make_activated_batch
from tests.patrols import jpeg

WRITTEN = """() => import("/static/js/patrol/vault.js").then(async ({ allOwn }) => {
    const [draft] = await allOwn("drafts");
    return [draft.values.quantity, draft.values.price];
})"""


@pytest.fixture
def batch(service):
    with service.app_context():
        batch = make_activated_batch()
        label = {"codes": [code(batch, unit) for unit in range(1, 6)], "run": batch.print_runs[0].id}
        db.session.remove()
    return label


@pytest.fixture
def label(service, batch, tmp_path):
    from gi_trace.batches.models import PrintRun

    with service.app_context():
        run = db.session.get_one(PrintRun, batch["run"])
        printed = printed_label(run, service.config["PUBLIC_URL"], tmp_path)
        db.session.remove()
    return printed


@pytest.fixture
def phone(chromium, service, tmp_path, label):
    film = film_of(label[0], tmp_path / "film.mjpeg")
    phone = Phone(chromium, service.config["PUBLIC_URL"], tmp_path / "phone", film)
    phone.switch_on()
    yield phone
    phone.switch_off()


@pytest.fixture
def ready(phone):
    """Signed in, with a pack, before going out."""
    phone.sign_in()
    download_pack(phone.open_app())
    return phone


def counts(service):
    with service.app_context():
        kinds = (Visit, VisitVersion, Finding, FindingVersion, Scan, Evidence)
        return [db.session.query(kind).count() for kind in kinds]


def test_a_patrol_without_network_survives_three_dead_batteries_and_arrives_once(
    ready, service, label, tmp_path
):
    ready.kill()
    page = ready.switch_on(offline=True)
    open_app(page)
    start_visit(page)
    go(page, "scan")
    expect(page.locator('[data-screen="result"]')).to_be_visible()
    expect(page.get_by_role("heading", name="现场校验相符")).to_be_visible()
    expect(page.get_by_text("林记示范陈皮行")).to_be_visible()
    expect(page.locator("#result-code")).to_have_text(
        " ".join(label[1][-20:][i : i + 5] for i in range(0, 20, 5))
    )
    photo = jpeg(1600, 1200)
    (tmp_path / "found.jpg").write_bytes(photo)
    page.get_by_role("link", name="记录发现").last.click()
    choose_offence(page)
    page.set_input_files("#finding-form input[type=file]", tmp_path / "found.jpg")
    expect(page.locator("#finding-form .photo-field img")).to_be_visible()
    page.get_by_label("数量", exact=True).fill("7")
    page.get_by_label("单价（元）").fill("38.50")
    wait_until(page, lambda: page.evaluate(WRITTEN) == ["7", "38.50"])
    ready.kill()

    page = ready.switch_on(offline=True)  # what was written and photographed is there, though never saved
    open_app(page)
    go(page, "finding")
    expect(page.locator("#offence-mark_without_right")).to_be_checked()
    expect(page.get_by_label("数量", exact=True)).to_have_value("7")
    expect(page.get_by_label("单价（元）")).to_have_value("38.50")
    expect(page.locator("#finding-scans input:checked")).to_have_count(1)
    expect(page.locator("#finding-form .photo-field img")).to_be_visible()
    page.get_by_role("button", name="保存发现").click()
    expect(page.locator("#outbox-count")).to_have_text("待上传 4")
    ready.kill()

    page = ready.switch_on(offline=True)
    open_app(page)
    expect(page.locator("#outbox-count")).to_have_text("待上传 4")
    assert counts(service) == [0, 0, 0, 0, 0, 0]
    ready.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text("登录已失效")).to_be_visible()  # the sign-in died with the battery
    ready.sign_in()
    open_app(page)
    expect_all_sent(page)
    assert counts(service) == [1, 1, 1, 1, 1, 1]
    taken = next(item for item in items(page) if item["kind"] == "photo")
    with service.app_context():
        kept = db.session.query(Evidence).one()
        original = EvidenceStore(service.config["DATA_DIR"]).original(kept.phone_sha256).read_bytes()
        assert db.session.query(FindingVersion).one().scans[0]["verdict"] == "valid"
        assert db.session.query(Scan).one().text == label[1]
        db.session.remove()
    assert original == photo
    assert taken["content"]["sha256"] == taken["receipt"]["sha256"] == hashlib.sha256(photo).hexdigest()
    assert page.evaluate('import("/static/js/patrol/store.js").then((store) => store.all("photos"))') == []


def test_a_new_version_is_announced_and_taken_with_all_that_is_unsent(ready, service, tmp_path):
    page = ready.page
    start_visit(page)
    expect_all_sent(page)
    ready.context.set_offline(True)
    go(page, "scan")
    expect(page.locator('[data-screen="result"]')).to_be_visible()
    go(page, "outbox")  # away from the camera, which would go on scanning
    expect(page.locator("#outbox-count")).to_have_text("待上传 1")
    newer = tmp_path / "newer"
    shutil.copytree(service.static_folder, newer)
    with (newer / "js/patrol/app.js").open("a") as file:
        file.write("document.body.dataset.version = 'newer';\n")
    service.static_folder = str(newer)
    page.route(
        "**/patrol/scans", lambda route: route.abort()
    )  # so that it is unsent when the new version comes
    ready.context.set_offline(False)
    reload_app(page)
    expect(page.get_by_text("有新版本。更新不会丢失手机上的记录。")).to_be_visible()
    expect(page.locator("body")).not_to_have_attribute("data-version", "newer")
    page.get_by_role("button", name="更新", exact=True).click()
    expect(page.locator("body")).to_have_attribute("data-version", "newer")
    expect(page.locator("#new-version")).to_be_hidden()
    expect(page.locator("#outbox-count")).to_have_text("待上传 1")
    page.unroute("**/patrol/scans")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect_all_sent(page)
    assert counts(service)[4] == 1


def test_a_label_is_read_from_a_photo(ready, label, tmp_path):
    label[0].save(tmp_path / "label.jpg")
    page = ready.page
    ready.context.set_offline(True)
    go(page, "scan")
    page.set_input_files("#photo-scan", tmp_path / "label.jpg")
    expect(page.get_by_role("heading", name="现场校验相符")).to_be_visible()
    expect(page.locator("#foreign-host")).to_be_hidden()


def test_the_same_code_on_a_second_pack_is_told_at_once(ready, service):
    page = ready.page
    ready.context.set_offline(True)
    start_visit(page)
    go(page, "scan")
    expect(page.get_by_role("heading", name="现场校验相符")).to_be_visible()
    go(page, "scan")
    expect(page.get_by_text("镜头里还是刚才那个码，不算第二次")).to_be_visible()
    page.locator("#still").get_by_role("button", name="是另一件包装").click()
    expect(page.get_by_role("heading", name="此码第二次扫到")).to_be_visible()
    page.locator("#again").get_by_role("button", name="是另一件包装").click()
    expect(page.locator("#offence-label_copied")).to_be_checked()
    page.get_by_label("单价（元）").fill("38.50")
    page.get_by_role("button", name="保存发现").click()
    page.get_by_role("link", name="待上传").click()
    page.get_by_role("button", name="立即上传").click()  # before the link is back: then it goes by itself
    ready.context.set_offline(False)
    expect_all_sent(page)
    with service.app_context():
        assert [scan["twin"] for scan in db.session.query(FindingVersion).one().scans] == [True]
        assert db.session.query(Alert).one().kind is AlertKind.COPY
        db.session.remove()


def test_five_hundred_items_arrive_once_each_over_a_link_that_fails_at_random(ready, service):
    page = ready.page
    ready.context.set_offline(True)
    start_visit(page)
    page.evaluate("""async () => {
        const { saveFinding } = await import("/static/js/patrol/visits.js");
        const { currentVisit } = await import("/static/js/patrol/state.js");
        const facts = { offence: "mark_without_right", product: null, label: {}, scans: [], quantity: 1,
            unit_price_fen: 100, quantity_unit: "盒", supplier: "", statement: "", measure: "none",
            measure_on: null, measure_number: "", note: "" };
        for (let number = 1; number < 500; number++) {
            await saveFinding(await currentVisit(), { ...facts, note: String(number) });
        }
    }""")
    assert len(items(page)) == 500
    asked = {"number": 0}

    def sometimes(route):
        asked["number"] += 1
        if asked["number"] % 7 in (2, 5):
            route.abort()
        elif asked["number"] % 11 == 3:  # it arrives, but the answer is lost
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/inspector/patrol/findings", sometimes)
    page.route("**/inspector/patrol/visits", sometimes)
    ready.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect_all_sent(page, seconds=300)
    assert counts(service)[:4] == [1, 1, 499, 499]
    with service.app_context():
        notes = {version.note for version in db.session.query(FindingVersion)}
        db.session.remove()
    assert notes == {str(number) for number in range(1, 500)}


def test_two_phones_amend_one_finding_and_both_see_that_they_differ(ready, service, page_of):
    page = ready.page
    start_visit(page)
    save_finding(page, 数量="3")
    expect_all_sent(page)
    hes = page_of("he")
    open_app(hes)
    expect(hes.locator("#visits li")).to_have_count(1)
    hes.locator("#visits button").click()
    for one, quantity in ((page, "5"), (hes, "7")):
        one.locator("#findings button").click()
        expect(one.get_by_label("数量", exact=True)).to_have_value("3")  # the form has filled itself
        one.get_by_label("数量", exact=True).fill(quantity)
    for one in (page, hes):
        one.get_by_role("button", name="保存发现").click()
        expect(one.locator('[data-screen="visit"]')).to_be_visible()
        expect_all_sent(one)
    go(hes, "outbox")
    expect(hes.get_by_text("与同事的版本不一致")).to_be_visible()
    with service.app_context():
        versions = [(v.number, v.quantity, v.conflicts) for v in db.session.query(FindingVersion)]
        db.session.remove()
    assert sorted(versions) == [(1, 3, False), (2, 5, False), (3, 7, True)]
