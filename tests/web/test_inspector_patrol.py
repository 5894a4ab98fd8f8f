"""The patrol app's endpoints: JSON, for inspectors, with receipts."""

import base64
import gzip
import hashlib
import io

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR

from gi_trace import create_app
from gi_trace.database import db, writing
from gi_trace.evidence.store import evidence_store
from gi_trace.keys import keys
from gi_trace.patrol.models import Evidence, Visit
from gi_trace.patrol.packs.actions import revoke_phone
from gi_trace.patrol.packs.file import PackReader
from gi_trace.patrol.packs.models import PatrolPhone
from gi_trace.record.models import RecordRow
from gi_trace.verification.models import Alert
from tests.cast import LIN_USCC, PASSWORD, code, make_activated_batch, person
from tests.patrols import (
    Handset,
    discard_item,
    finding_item,
    jpeg,
    new_id,
    photo_item,
    plain,
    scan_item,
    visit_item,
    visited,
)

JSON = {"Accept": "application/json"}
ROOT = "/inspector/patrol"


@pytest.fixture
def chen(sign_in):
    return sign_in("chen")


@pytest.fixture
def handset(chen):
    """Chen's phone, made known."""
    handset = Handset()
    answer = chen.post(f"{ROOT}/phone", json={"public_key": base64.b64encode(handset.public_key).decode()})
    assert answer.json == {"phone": handset.id}
    return handset


@pytest.fixture
def send(chen, handset):
    def post(path, item):
        return chen.post(f"{ROOT}/{path}", json=plain(item), headers=JSON | {"X-Patrol-Phone": handset.id})

    return post


def test_the_session_says_who_when_and_with_which_key_packs_are_signed(chen):
    session = chen.get(f"{ROOT}/session").json
    assert session["officer"] == {"id": person("chen").id, "name": "chen"}
    assert base64.b64decode(session["pack_key"]) == keys().packs.public_key().public_bytes_raw()
    assert session["csrf_token"] and session["now"]


def test_the_lists_of_forms_name_two_officers_and_all_offences(chen):
    lists = chen.get(f"{ROOT}/reference").json
    assert {officer["name"] for officer in lists["officers"]} == {"chen", "he"}
    assert len(lists["offences"]) == 14 and all(offence["clause"] for offence in lists["offences"])


def test_shops_come_with_reasons_in_words(chen, send):
    send("visits", visit_item())
    [shop] = chen.get(f"{ROOT}/reference").json["shops"]
    assert shop["name"] == "示范干货店" and shop["reasons"] == ["今天已巡查"]


def test_a_pack_is_downloaded_compressed_and_verifies(chen, handset):
    make_activated_batch()
    opening = handset.opening()
    wrap_key, proof = (base64.b64encode(part).decode() for part in (opening.wrap_key, opening.proof))
    asked = {"phone": handset.id, "products": ["xinhui-chenpi"], "wrap_key": wrap_key, "proof": proof}
    answer = chen.post(f"{ROOT}/pack", json=asked, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    pack = PackReader(gzip.decompress(answer.data), keys().packs.public_key())
    assert (pack.header["phone"], pack.header["officer"]) == (handset.id, person("chen").id)
    for change, code_ in (
        ({"proof": "AAAA"}, "key_unreadable"),
        ({"wrap_key": "*"}, "key_unreadable"),
        ({"products": 5}, "item_unreadable"),
        ({"products": ["no-such"]}, "pack_empty"),
        ({"phone": "0" * 32}, "phone_unknown"),
    ):
        assert chen.post(f"{ROOT}/pack", json=asked | change, headers=JSON).json["code"] == code_
    assert chen.post(f"{ROOT}/pack", data="[", headers=JSON).json["code"] == "json_unreadable"


def test_visit_finding_and_photo_arrive_with_receipts_and_show_on_the_page(chen, send, handset):
    batch, photo = make_activated_batch(), jpeg()
    visit = visit_item()
    scans = [{"code": code(batch), "verdict": "void", "pack": "", "at": "", "twin": True}]
    finding = finding_item(visit["visit"], scans=scans, measure="preserved", measure_on="2026-11-24")
    item = photo_item(visit["visit"], photo, finding=finding["finding"])
    assert send("visits", visit).json["receipt"]
    receipt = send("findings", finding).json
    assert (
        receipt["verdicts"] == {code(batch): "valid"} and receipt["version"] == 1 and not receipt["conflicts"]
    )
    assert send("photos", item).json["received"] == 0
    headers = JSON | {"X-Patrol-Phone": handset.id}
    done = chen.post(f"{ROOT}/photos/{item['id']}/bytes?offset=0", data=photo, headers=headers).json
    assert done["sha256"] == item["sha256"] and done["receipt"]
    assert send("photos", item).json == done and done["received"] == len(photo)
    page = chen.get(f"/inspector/visits/{visit['visit']}").text
    for words in (
        "示范干货店",
        "未经授权使用地理标志专用标志",
        "462.00 元",
        "2026-12-01",
        "同码两件",
        item["sha256"],
    ):
        assert words in page, words
    assert "示范干货店" in chen.get("/inspector/visits").text


def test_a_visit_without_a_find_shows_every_scan_and_what_is_grave_about_it(chen, send):
    batch, visit = make_activated_batch(), visit_item()
    send("visits", visit)
    text = f"https://clone.example/c/{code(batch)}"
    receipt = send("scans", scan_item(visit["visit"], text, host="clone.example", again=True)).json
    assert receipt["receipt"] and receipt["verdicts"] == {code(batch): "other_host"}
    send(
        "scans",
        scan_item(
            visit["visit"], "https://pay.example/x", code="https://pay.example/x", verdict="other_host"
        ),
    )
    page = chen.get(f"/inspector/visits/{visit['visit']}").text
    for words in (
        text,
        "网址不是官方：clone.example",
        "此次巡查扫过不止一次",
        "https://pay.example/x",
        "指向别的网站，不是本服务",
    ):
        assert words in page, words
    assert "此次巡查没有发现问题" in page
    [shared] = chen.get(f"{ROOT}/visits").json["visits"]
    assert [scan["host"] for scan in shared["scans"]] == ["clone.example", ""]


def test_an_online_shop_needs_no_place_but_its_link_and_marks_name_their_photo(chen, send):
    online = {"link": "https://shop.example/1", "platform": "示范平台", "seller": "示范卖家"}
    visit = visit_item(market_id=None)
    visit["shop"] |= online
    assert send("visits", visit).status_code == 200
    screenshot = photo_item(visit["visit"], jpeg(), kind="screenshot")
    marked = photo_item(visit["visit"], jpeg(80, 60), kind="marked", marks_of=screenshot["id"])
    for item in (screenshot, marked):
        assert send("photos", item).status_code == 200
    page = chen.get(f"/inspector/visits/{visit['visit']}").text
    for shown in (*online.values(), "网页截图", f"加注于原照片 {screenshot['sha256']}"):
        assert shown in page
    for refused in ({"kind": "marked"}, {"marks_of": screenshot["id"]}, {"kind": "film"}):
        assert send("photos", photo_item(visit["visit"], jpeg(), **refused)).status_code == 400
    other = visit_item(market_id=None)
    other["shop"] |= {"link": "javascript:alert(1)"}
    assert send("visits", other).json["detail"] == "“shop.link”缺少或无法识别。"


def test_a_transcribed_label_is_compared_with_its_legal_basis_on_the_page(chen, send):
    visit = visit_item()
    label = {"product_name": "新会陈皮", "uscc": LIN_USCC.lower(), "maker": "别家示范行", "note": "x"}
    send("visits", visit)
    send("findings", finding_item(visit["visit"], label=label))
    page = chen.get(f"/inspector/visits/{visit['visit']}").text
    assert "与授权一致" in page and "应为：林记示范陈皮行" in page
    assert page.count("不符") == 1


def test_two_packs_with_one_code_stand_before_the_authority_and_on_the_consumers_page(
    client, send, sign_in, handset
):
    batch, visit = make_activated_batch(), visit_item()
    scans = [{"code": code(batch), "verdict": "valid", "pack": "", "at": "", "twin": True}]
    send("visits", visit)
    assert send("findings", finding_item(visit["visit"], offence="label_copied", scans=scans)).json["receipt"]
    zhao = sign_in("zhao")
    [alert] = db.session.query(Alert).all()
    assert "两件在手" in zhao.get(f"/authority/alerts/{alert.id}").text
    assert "疑似" in client.get(f"/c/{code(batch)}").text


def test_what_an_officer_sealed_and_signed_arrives_in_her_name_whoever_sends_it(sign_in, chen, handset, app):
    """A visit, a photo in odd pieces, and that she has left: all sent by her colleague. What was changed is refused."""
    handset.register()
    he, visit, photo = sign_in("he"), visit_item(), jpeg()
    item = photo_item(visit["visit"], photo)
    sealed = handset.sealed(visit)
    for change in ({"sealed": sealed["sealed"][:-8] + "AAAAAAA="}, {"iv": "A"}, {"sealed": 5}):
        assert he.post(f"{ROOT}/visits", json=sealed | change, headers=JSON).json["code"] == "seal_broken"
    assert (
        he.post(f"{ROOT}/visits", json=sealed | {"phone": "0" * 32}, headers=JSON).json["code"]
        == "phone_unknown"
    )
    assert he.post(f"{ROOT}/visits", json=sealed, headers=JSON).json["receipt"]
    assert he.post(f"{ROOT}/photos", json=handset.sealed(item), headers=JSON).json["received"] == 0
    stream = Cipher(
        AES256(keys().seals_of(person("chen").id)[1]),
        CTR(bytes.fromhex(item["id"].replace("-", ""))[:8] + bytes(8)),
    )
    secret, headers = stream.encryptor().update(photo), JSON | {"X-Patrol-Phone": handset.id}
    for start in range(0, len(photo), 7001):
        path = f"{ROOT}/photos/{item['id']}/bytes?offset={start}"
        done = he.post(path + "&sealed=1", data=secret[start : start + 7001], headers=headers).json
    assert done["receipt"] and done["sha256"] == item["sha256"]
    assert (
        he.post(f"{ROOT}/photos/x/bytes?offset=0&sealed=1", data=b"x", headers=headers).json["code"]
        == "item_unreadable"
    )
    kept = db.session.get_one(Visit, visit["visit"])
    assert (kept.officer, kept.photos[0].by) == (person("chen"), person("chen"))
    left = handset.sealed({name: visit[name] for name in ("id", "based_on", "made_at", "heard_at")})
    assert he.post(f"{ROOT}/leave", json=left, headers=JSON).json["ended_at"]
    assert (
        chen.post(
            f"{ROOT}/phone", json={"public_key": base64.b64encode(handset.public_key).decode()}, headers=JSON
        ).json["code"]
        == "phone_ended"
    )
    late = handset.sealed(visit | {"id": new_id(), "based_on": 1, "note": "晚到"})
    assert he.post(f"{ROOT}/visits", json=late, headers=JSON).json["version"] == 2


def test_bytes_far_beyond_any_photo_are_refused_in_words(chen, send, handset):
    item = photo_item(visited(), b"x")
    send("photos", item)
    headers = JSON | {"X-Patrol-Phone": handset.id}
    for offset in (10**30, 2**69, -1):
        for sealed in ("", "&sealed=1"):
            path = f"{ROOT}/photos/{item['id']}/bytes?offset={offset}{sealed}"
            answer = chen.post(path, data=b"x", headers=headers)
            assert (answer.status_code, answer.json["code"]) == (400, "item_unreadable")


def test_photos_are_looked_at_by_the_officers_of_their_visit(chen, send, sign_in, handset):
    photo, visit = jpeg(), visited()
    item = photo_item(visit, photo, kind="signature")
    send("photos", item)
    headers = {"X-Patrol-Phone": handset.id}
    chen.post(f"{ROOT}/photos/{item['id']}/bytes?offset=0", data=photo, headers=headers)
    stranger = person("liang")
    with writing():
        stranger.role, stranger.area_id = "inspector", None
    paths = f"/inspector/evidence/{item['id']}", f"{ROOT}/photos/{item['id']}"
    for name, status in (("he", 200), ("liang", 403)):
        browser = sign_in(name)
        for path in paths:
            with browser.get(path) as answer:
                assert answer.status_code == status
        page = browser.get(f"/inspector/visits/{visit}").text
        assert ("查看照片</a>" in page) == (status == 200) and item["sha256"] in page
    assert chen.get(f"{ROOT}/photos/{new_id()}").status_code == 404


def test_what_a_carrier_sends_wrongly_of_a_photo_spoils_nobody_else_s_upload(chen, sign_in, handset):
    handset.register()
    he, photo = sign_in("he"), jpeg()
    item = photo_item(visited(), photo)
    assert chen.post(f"{ROOT}/photos", json=handset.sealed(item), headers=JSON).json["received"] == 0
    path, headers = f"{ROOT}/photos/{item['id']}/bytes", JSON | {"X-Patrol-Phone": handset.id}
    stream = Cipher(
        AES256(keys().seals_of(person("chen").id)[1]),
        CTR(bytes.fromhex(item["id"].replace("-", ""))[:8] + bytes(8)),
    )
    secret = stream.encryptor().update(photo)
    he.post(f"{path}?offset=0&sealed=1", data=b"garbage", headers=headers)
    first = chen.post(f"{path}?offset=0&sealed=1", data=secret[:5000], headers=headers).json
    assert first["received"] == 5000
    assert he.post(f"{ROOT}/photos", json=handset.sealed(item), headers=JSON).json["received"] == 7
    rest = chen.post(f"{path}?offset=5000&sealed=1", data=secret[5000:], headers=headers).json
    assert rest["receipt"] and rest["sha256"] == item["sha256"]
    assert not list((evidence_store().folder / "parts").iterdir())


def test_who_signed_out_without_network_is_signed_out_by_the_browsers_next_request(chen, sign_in):
    assert chen.get("/inspector/visits.csv").status_code == 200
    chen.set_cookie("signed_out", "1")
    assert chen.get("/inspector/visits.csv").status_code == 302
    assert chen.get_cookie("signed_out") is None
    assert chen.get("/inspector/visits.csv").status_code == 302
    he = sign_in("he")
    he.set_cookie("signed_out", "1")  # with network the button itself signs out
    assert he.post("/sign-in/out").status_code == 302 and he.get_cookie("signed_out") is None
    assert sign_in("he").get("/inspector/visits.csv").status_code == 200


def test_every_look_at_a_photo_is_recorded_and_the_original_comes_untouched(chen, send, handset):
    photo = jpeg()
    item = photo_item(visited(), photo)
    send("photos", item)
    headers = {"X-Patrol-Phone": handset.id}
    chen.post(f"{ROOT}/photos/{item['id']}/bytes?offset=0", data=photo, headers=headers)
    with chen.get(f"/inspector/evidence/{item['id']}") as copy:
        assert copy.mimetype == "image/jpeg"
    with chen.get(f"/inspector/evidence/{item['id']}?original=1") as original:
        assert hashlib.sha256(original.data).hexdigest() == item["sha256"]
    assert db.session.query(RecordRow).filter_by(act="evidence.viewed").count() == 2


def test_refusals_are_json_with_a_code_and_words(send, chen):
    answer = send("visits", visit_item(second_officer_id=person("chen").id))
    assert (answer.status_code, answer.json["code"]) == (422, "officers_the_same")
    assert answer.json["detail"] == "检查和办案须由两名不同的执法人员进行，请选另一名同事。"
    assert db.session.query(Visit).count() == 0
    assert send("visits", {"id": "x"}).json["code"] == "item_unreadable"
    assert chen.post(f"{ROOT}/visits", json={}, headers=JSON).json["code"] == "phone_unknown"


def test_whoever_holds_a_revoked_phone_is_signed_out_and_only_what_was_sealed_on_it_arrives_and_says_so(
    sign_in, chen, handset
):
    visit, he = visit_item(), sign_in("he")
    revoke_phone(db.session.get_one(PatrolPhone, handset.id), by=person("zhao"))
    for page in ("/inspector/visits", f"{ROOT}/session"):
        assert chen.get(page, headers=JSON).status_code == 401
    answer = he.post(f"{ROOT}/visits", json=plain(visit), headers=JSON | {"X-Patrol-Phone": handset.id})
    assert (answer.status_code, answer.json["code"]) == (409, "phone_of_another")
    assert he.post(f"{ROOT}/visits", json=handset.sealed(visit), headers=JSON).json["receipt"]
    assert "在手机被撤销之后收到" in he.get(f"/inspector/visits/{visit['visit']}").text
    chen, headers = sign_in("chen"), JSON | {"X-Patrol-Phone": handset.id}
    answer = chen.post(f"{ROOT}/visits", json=plain(visit_item()), headers=headers)
    assert (answer.status_code, answer.json["code"]) == (403, "phone_revoked")


def test_the_authority_revokes_a_phone_from_its_page(sign_in, handset):
    zhao = sign_in("zhao")
    assert handset.id[:12] in zhao.get("/authority/patrols").text
    zhao.post(f"/authority/patrols/phones/{handset.id}/revoke")
    assert "已撤销" in zhao.get("/authority/patrols").text


def test_what_officers_gave_up_stands_on_the_visit_and_before_the_authority_with_the_reason(
    sign_in, chen, send
):
    visit = visit_item()
    send("visits", visit)
    assert send("discards", discard_item(visit["visit"])).json["receipt"]
    send("discards", discard_item(new_id(), reason="登记了别的店", items=[{"id": new_id(), "kind": "visit"}]))
    page = chen.get(f"/inspector/visits/{visit['visit']}").text
    assert "扫错了店铺" in page and "此记录不能收" in page and "扫码 1" in page
    page = sign_in("zhao").get("/authority/patrols").text
    assert "扫错了店铺" in page and "登记了别的店" in page and "没有收到的巡查" in page


def test_the_authority_keeps_the_lists_of_offences_and_markets(sign_in, chen):
    zhao = sign_in("zhao")
    zhao.post("/authority/offences", data={"code": "own_rule", "text": "示范情形", "clause": "示范条款"})
    again = zhao.post("/authority/offences", data={"code": "own_rule", "text": "x", "clause": "y"})
    assert again.status_code == 422 and "已经登记过" in again.text
    zhao.post("/authority/offences/1/retire")
    zhao.post("/authority/markets", data={"name": "示范市场", "city": "江门市"})
    lists = chen.get(f"{ROOT}/reference").json
    codes = [offence["code"] for offence in lists["offences"]]
    assert "own_rule" in codes and "mark_without_right" not in codes
    assert [market["name"] for market in lists["markets"]] == ["示范市场"]


def test_the_server_judges_what_a_phone_read(chen):
    batch = make_activated_batch()
    text = code(batch)
    for read in (text, text.lower(), f"http://127.0.0.1:8000/c/{text}"):
        assert chen.get(f"{ROOT}/codes", query_string={"text": read}).json["verdict"] == "valid"
    assert chen.get(f"{ROOT}/codes", query_string={"text": "ABC"}).json["verdict"] == "malformed"


def test_colleagues_share_a_visit_and_strangers_do_not(sign_in, send):
    visit = visit_item()
    send("visits", visit)
    send("findings", finding_item(visit["visit"]))
    [shared] = sign_in("he").get(f"{ROOT}/visits").json["visits"]
    assert shared["visit"] == visit["visit"] and shared["second_officer_id"] == person("chen").id
    assert [finding["quantity"] for finding in shared["findings"]] == [12]


def test_the_shell_holds_nothing_personal_and_its_worker_names_every_file(chen, sign_in):
    assert chen.get(ROOT).text == sign_in("he").get(ROOT).text
    worker = chen.get(f"{ROOT}/worker.js")
    assert worker.headers["Service-Worker-Allowed"] == ROOT and worker.mimetype == "text/javascript"
    for name in ("app.js", "outbox.js", "verdict.js", "vendor/qr/decode.js", "site.css"):
        assert name in worker.text
    manifest = chen.get(f"{ROOT}/manifest.webmanifest").json
    assert manifest["start_url"] == ROOT
    for icon in manifest["icons"]:
        with chen.get(icon["src"]) as file:
            assert (file.status_code, file.mimetype) == (200, icon["type"])
    sizes = {icon["sizes"] for icon in manifest["icons"]}
    assert {"192x192", "512x512"} <= sizes and "maskable" in {
        icon.get("purpose") for icon in manifest["icons"]
    }


def test_a_manifest_asked_for_without_a_session_is_refused_in_words(client):
    answer = client.get(f"{ROOT}/manifest.webmanifest", headers={"Sec-Fetch-Mode": "cors"})
    assert answer.status_code == 401


def test_writes_need_the_token(tmp_path, app, sign_in):
    from tests.databases import prepare

    prepare(tmp_path / "strict")
    strict = create_app(TESTING=True, DATA_DIR=str(tmp_path / "strict"))
    browser = strict.test_client()
    page = browser.get("/sign-in").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    browser.post("/sign-in", data={"sign_in_name": "chen", "password": PASSWORD, "csrf_token": token})
    refused = browser.post(f"{ROOT}/phone", json={}, headers=JSON)
    assert (refused.status_code, refused.json["code"]) == (400, "stale_form")
    fresh = browser.get(f"{ROOT}/session").json["csrf_token"]
    answer = browser.post(f"{ROOT}/phone", json={}, headers=JSON | {"X-CSRFToken": fresh})
    assert answer.json["code"] == "key_unreadable"


def test_a_photo_that_is_none_is_refused_on_arrival(send, chen, handset):
    text = b"not a photo"
    item = photo_item(visited(), text)
    send("photos", item)
    headers = JSON | {"X-Patrol-Phone": handset.id}
    answer = chen.post(f"{ROOT}/photos/{item['id']}/bytes?offset=0", data=text, headers=headers)
    assert answer.json["code"] == "not_a_photo"
    assert db.session.query(Evidence).one().receipt is None


class SlowPhone(io.BytesIO):
    """Bytes that arrive slowly; notes whether the database was held while they did."""

    def __init__(self, content):
        super().__init__(content)
        self.held = []

    def readinto(self, buffer):
        self.held.append(db.session().in_transaction())
        return super().readinto(buffer)


@pytest.mark.parametrize(
    "path", ["phone", "pack", "visits", "scans", "findings", "photos", "photos/x/bytes?offset=0"]
)
def test_no_transaction_is_open_while_a_phone_sends(chen, handset, path):
    slow = SlowPhone(b"{}")
    kind = "application/octet-stream" if "bytes" in path else "application/json"
    headers = JSON | {"X-Patrol-Phone": handset.id}
    chen.post(f"{ROOT}/{path}", input_stream=slow, content_length=2, content_type=kind, headers=headers)
    assert slow.held and not any(slow.held)
