"""Anyone may tell the authority of a label, without a name, and see what became of it."""

import hashlib
import io
import re

from PIL import Image
from werkzeug.datastructures import FileStorage

from gi_trace.casework.sources import gather_leads
from gi_trace.database import db
from gi_trace.evidence.store import evidence_store
from gi_trace.verification.models import Report
from tests.cast import code, make_activated_batch
from tests.multipart import post
from tests.patrols import heic


def photo(place=b"Jiangmen"):
    image, written = Image.new("RGB", (600, 400), "orange"), io.BytesIO()
    exif = image.getexif()
    exif[0x010E] = place.decode()  # ImageDescription
    image.save(written, "JPEG", exif=exif)
    return written.getvalue()


def send(client, *photos, **changes):
    facts = {"kind": "report", "code": "", "what": "净含量不一致", "bought_at": "示范市场", "contact": ""}
    files = [FileStorage(io.BytesIO(content), f"{number}.jpg") for number, content in enumerate(photos)]
    return post(client, "/report", facts | changes | {"photos": files}, follow_redirects=True)


def receipt_of(page):
    return re.search(r'class="code">(\w{4} \w{4} \w{4})<', page)[1]


def test_an_anonymous_report_gets_a_receipt_under_which_its_state_is_seen(client):
    batch = make_activated_batch()
    page = send(client, code=code(batch)).text
    receipt = receipt_of(page)
    [report] = db.session.query(Report)
    assert (report.batch_number, report.unit, report.contact) == (batch.number, 1, "")
    again = client.get(f"/report/{receipt.lower()}").text
    assert "已收到" in again and "我们收到了" not in again


def test_a_photo_is_drawn_anew_without_its_metadata_and_the_originals_hash_is_kept(client):
    original = photo()
    send(client, original)
    [kept] = db.session.query(Report).one().photos
    stored = evidence_store().redrawn(kept.sha256).read_bytes()
    assert b"Jiangmen" in original and b"Jiangmen" not in stored
    assert not Image.open(io.BytesIO(stored)).getexif()
    assert kept.original_sha256 == hashlib.sha256(original).hexdigest()
    assert kept.sha256 == hashlib.sha256(stored).hexdigest()


def test_a_photo_of_an_iphone_is_drawn_anew_as_jpeg(client):
    original = heic(640, 480)
    assert send(client, original).status_code == 200
    [kept] = db.session.query(Report).one().photos
    with Image.open(evidence_store().redrawn(kept.sha256)) as stored:
        assert stored.format == "JPEG" and stored.size == (640, 480)
    assert kept.original_sha256 == hashlib.sha256(original).hexdigest()


def test_what_is_no_photo_is_refused_and_what_was_typed_stays(client):
    page = send(client, b"not a photo", what="净含量不一致")
    assert page.status_code == 422 and "不能识别" in page.text and "净含量不一致" in page.text
    assert db.session.query(Report).count() == 0


def test_four_photos_are_too_many(client):
    page = send(client, *[photo()] * 4)
    assert page.status_code == 422 and "最多 3 张" in page.text


def test_complaint_and_report_are_told_apart_and_12315_is_named(client):
    assert "12315" in client.get("/report").text
    assert "投诉" in send(client, kind="complaint").text
    assert send(client, kind="").status_code == 422


def test_an_officers_answer_is_read_under_the_receipt(client, sign_in):
    receipt = receipt_of(send(client, photo(), contact="示范 100").text)
    [report] = db.session.query(Report)
    officer = sign_in("zhao")
    page = officer.get(f"/authority/reports/{report.id}").text
    assert "示范 100" not in page and "已留下" in page and report.photos[0].original_sha256 in page
    with officer.get(f"/authority/reports/photos/{report.photos[0].id}") as picture:
        assert picture.mimetype == "image/jpeg"
    officer.post(f"/authority/reports/{report.id}", data={"answer": "已立案", "closes": "y", "looked": "y"})
    told = client.get(f"/report/{receipt}").text
    assert "已立案" in told and "已办结" in told and "示范 100" not in told


def test_an_unknown_receipt_is_not_found(client):
    assert client.get("/report/000000000000").status_code == 404


def test_a_picture_of_more_pixels_than_the_public_needs_is_refused_and_not_kept(client):
    written = io.BytesIO()
    Image.new("1", (7000, 6000)).save(written, "PNG")
    page = send(client, written.getvalue())
    assert page.status_code == 422 and "不能识别" in page.text
    assert not [path for path in evidence_store().folder.rglob("*") if path.is_file()]


def test_a_receipt_is_found_however_it_is_typed_and_a_wrong_one_is_told(client):
    receipt = receipt_of(send(client).text).replace(" ", "")
    typed = f" {receipt[:4].lower()}-{receipt[4:]} ".replace("0", "o").replace("1", "l")
    found = client.post("/receipt", data={"receipt": typed}, follow_redirects=True)
    assert receipt_of(found.text).replace(" ", "") == receipt
    unknown = client.post("/receipt", data={"receipt": "0" * 12})
    assert unknown.status_code == 422 and "没有这个回执号" in unknown.text and "0" * 12 in unknown.text


def test_a_receipt_shows_what_was_sent_but_neither_photos_nor_contact(client):
    page = send(client, photo(), what="批号不一致", contact="示范 100").text
    assert "批号不一致" in page and "示范市场" in page and "1 张照片，这里不显示" in page
    assert "示范 100" not in page and "<img" not in page.partition("<main")[2]


def test_a_receipt_names_the_next_step_and_its_last_day(client, at):
    at("2026-11-02T08:00Z")
    told = {kind: send(client, kind=kind).text for kind in ("report", "complaint")}
    assert "决定是否立案，最迟 2026-11-23" in told["report"]
    assert "决定是否受理投诉，最迟 2026-11-11" in told["complaint"]
    receipt = receipt_of(told["complaint"]).replace(" ", "")
    gather_leads(by=None)
    assert "最迟 2026-11-11" in client.get(f"/report/{receipt}").text
    at("2026-12-24T08:00Z")
    assert "（2026-11-11）已过" in client.get(f"/report/{receipt}").text


def test_three_photos_of_a_modern_phone_are_taken(client):
    large = photo() + bytes(12 * 1024**2)  # what a phone writes behind a picture
    assert send(client, large, large, large).status_code == 200
    assert "48 MB" in client.get("/report").text
    page = send(client, *[photo() + bytes(17 * 1024**2)] * 3)
    assert page.status_code == 413 and "48 MB" in page.text
