"""Photos arrive piece by piece, lie untouched under their hash, and every look at one is recorded."""

import hashlib
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from gi_trace.database import db
from gi_trace.evidence import pictures
from gi_trace.evidence.rules import NotAPhoto, PhotoHashDiffers, PhotoOutOfStep
from gi_trace.evidence.store import EvidenceStore, evidence_store
from gi_trace.patrol.actions.photos import announce_photo, look_at_evidence, receive_evidence
from gi_trace.patrol.models import Evidence, EvidenceState
from gi_trace.patrol.packs.actions import revoke_phone
from gi_trace.patrol.packs.models import PatrolPhone
from gi_trace.patrol.rules import Doubt, ItemChanged, PhotoTooLarge, PhotoUnknown
from gi_trace.record.models import RecordRow
from tests.cast import person
from tests.patrols import Handset, heic, jpeg, new_id, photo_item, visited

CHUNK = 10_000


@pytest.fixture
def phone(app):
    return Handset("chen").register()


def send(item, photo, phone, start=0):
    for offset in range(start, len(photo), CHUNK):
        row = receive_evidence(item["id"], offset, photo[offset : offset + CHUNK], phone=phone)
    return row


def acts():
    return [row.act for row in db.session.query(RecordRow).order_by(RecordRow.number)]


def exif():
    facts = Image.Exif()
    facts[0x010F] = "示范相机"
    facts[0x0112] = 6  # turned
    return facts


def test_the_original_is_kept_byte_for_byte_and_the_copy_has_no_metadata(phone):
    photo = jpeg(3000, 2000, exif=exif())
    item = photo_item(visited(), photo)
    announce_photo(item, phone=phone)
    row = send(item, photo, phone)
    assert row.state is EvidenceState.COMPLETE and row.receipt
    assert row.sha256 == hashlib.sha256(photo).hexdigest()
    assert evidence_store().original(row.sha256).read_bytes() == photo
    with Image.open(evidence_store().copy(row.sha256)) as copy:
        assert copy.size == (1365, 2048) and not copy.getexif()


def test_a_broken_upload_goes_on_where_it_stopped(phone):
    photo = jpeg()
    item = photo_item(visited(), photo)
    announce_photo(item, phone=phone)
    receive_evidence(item["id"], 0, photo[:CHUNK], phone=phone)
    announce_photo(item, phone=phone)
    received = evidence_store().received(item["id"])
    assert received == CHUNK
    with pytest.raises(PhotoOutOfStep) as refusal:
        receive_evidence(item["id"], 0, photo[:CHUNK], phone=phone)
    assert refusal.value.facts == {"received": CHUNK}
    db.session.rollback()
    assert send(item, photo, phone, start=received).receipt


def test_a_photo_cut_off_between_its_last_byte_and_its_act_is_finished_by_the_next_request(phone):
    photo = jpeg()
    item = photo_item(visited(), photo)
    announce_photo(item, phone=phone)
    evidence_store().append(item["id"], 0, photo, size=len(photo))
    assert receive_evidence(item["id"], len(photo), b"", phone=phone).receipt
    assert evidence_store().received(item["id"]) == 0


def test_a_photo_whose_file_was_kept_but_not_its_act_comes_again(phone):
    photo = jpeg()
    item = photo_item(visited(), photo)
    announce_photo(item, phone=phone)
    evidence_store().keep(photo)
    assert send(item, photo, phone).receipt


def test_a_photo_sent_twice_at_once_is_received_once(app, phone):
    photo = jpeg()
    item = photo_item(visited(), photo)
    announce_photo(item, phone=phone)
    phone_id, both = phone.id, threading.Barrier(2)

    def send_all(_):
        with app.app_context():
            both.wait()
            same = db.session.get(PatrolPhone, phone_id)
            return receive_evidence(item["id"], 0, photo, phone=same).receipt

    db.session.rollback()
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(send_all, range(2))
    assert first == second and first is not None
    assert evidence_store().original(item["sha256"]).read_bytes() == photo
    assert acts().count("evidence.received") == 1


def test_pieces_that_arrive_at_once_are_put_down_one_after_the_other(app, phone):
    photo = jpeg()
    item = photo_item(visited(), photo)
    announce_photo(item, phone=phone)
    phone_id, all_at_once = phone.id, threading.Barrier(4)

    def send_first_piece(_):
        with app.app_context():
            all_at_once.wait()
            same = db.session.get(PatrolPhone, phone_id)
            try:
                receive_evidence(item["id"], 0, photo[:CHUNK], phone=same)
            except PhotoOutOfStep as late:
                return late.facts["received"]

    db.session.rollback()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send_first_piece, range(4)))
    assert sorted(answers, key=str) == [CHUNK] * 3 + [None]
    assert evidence_store().received(item["id"]) == CHUNK


def test_a_photo_of_a_phone_revoked_while_it_arrives_is_kept_and_says_so(phone):
    photo = jpeg()
    item = photo_item(visited(), photo)
    announce_photo(item, phone=phone)
    receive_evidence(item["id"], 0, photo[:CHUNK], phone=phone)
    revoke_phone(phone, by=person("zhao"))
    row = receive_evidence(item["id"], CHUNK, photo[CHUNK:], phone=phone)
    assert row.receipt and list(row.doubts) == [Doubt.PHONE_REVOKED]


def test_a_complete_photo_sent_again_is_the_same_photo(phone):
    photo = jpeg()
    item = photo_item(visited(), photo)
    announce_photo(item, phone=phone)
    receipt = send(item, photo, phone).receipt
    assert announce_photo(item, phone=phone).receipt == receipt
    assert receive_evidence(item["id"], 0, photo[:5], phone=phone).receipt == receipt
    assert acts().count("evidence.received") == 1


def test_bytes_that_are_not_what_the_phone_hashed_are_refused_and_may_come_again(phone):
    photo = jpeg()
    item = photo_item(visited(), photo)
    announce_photo(item, phone=phone)
    with pytest.raises(PhotoHashDiffers):
        send(item, photo[:-1] + b"x", phone)
    db.session.rollback()
    assert evidence_store().received(item["id"]) == 0
    assert send(item, photo, phone).receipt


@pytest.mark.parametrize("bytes_", [b"%PDF-1.7 not a photo", b"\xff\xd8\xff broken jpeg"])
def test_what_is_no_photo_is_refused(phone, bytes_):
    item = photo_item(visited(), bytes_)
    announce_photo(item, phone=phone)
    with pytest.raises(NotAPhoto):
        send(item, bytes_, phone)
    db.session.rollback()
    assert db.session.query(Evidence).one().sha256 is None


def test_a_damaged_photo_is_evidence_all_the_same(phone):
    photo = jpeg()[:20_000]
    item = photo_item(visited(), photo)
    announce_photo(item, phone=phone)
    row = send(item, photo, phone)
    assert row.receipt and look_at_evidence(row, by=person("he")) is None
    assert evidence_store().copy(row.sha256) is None


def test_a_heic_photo_has_a_copy_for_viewing_and_its_original_stays(phone):
    photo = heic(1200, 800, exif=exif())
    item = photo_item(visited(), photo)
    announce_photo(item, phone=phone)
    row = send(item, photo, phone)
    assert row.media_type == "image/heic" and row.has_copy
    with Image.open(look_at_evidence(row, by=person("he"))) as copy:
        assert copy.format == "JPEG" and copy.size == (1200, 800) and not copy.getexif()
    assert look_at_evidence(row, by=person("he"), original=True).read_bytes() == photo


def test_a_heic_photo_that_nothing_can_draw_is_evidence_all_the_same(phone):
    photo = b"\x00\x00\x00\x18ftypheic" + bytes(500)
    item = photo_item(visited(), photo)
    announce_photo(item, phone=phone)
    row = send(item, photo, phone)
    assert row.media_type == "image/heic" and not row.has_copy
    assert look_at_evidence(row, by=person("he")) is None
    assert look_at_evidence(row, by=person("he"), original=True).read_bytes() == photo


def test_a_photo_too_large_or_unannounced_or_changed_is_refused(phone):
    photo = jpeg()
    with pytest.raises(PhotoTooLarge):
        announce_photo(photo_item(visited(), photo, size=65 * 2**20), phone=phone)
    with pytest.raises(PhotoUnknown):
        receive_evidence(new_id(), 0, b"x", phone=phone)
    item = photo_item(visited(), photo)
    announce_photo(item, phone=phone)
    with pytest.raises(ItemChanged):
        announce_photo(item | {"size": item["size"] + 1}, phone=phone)
    with pytest.raises(PhotoOutOfStep):
        receive_evidence(item["id"], 0, photo + b"more", phone=phone)


def test_each_look_is_recorded_with_who_looked(phone):
    photo = jpeg()
    item = photo_item(visited(), photo)
    announce_photo(item, phone=phone)
    row = send(item, photo, phone)
    look_at_evidence(row, by=person("he"))
    look_at_evidence(row, by=person("chen"), original=True)
    looks = db.session.query(RecordRow).filter_by(act="evidence.viewed").all()
    assert [(look.by, look.facts["original"]) for look in looks] == [
        (f"account:{person('he').id}", False),
        (f"account:{person('chen').id}", True),
    ]


def test_the_same_photo_twice_is_stored_once(phone):
    photo = jpeg()
    for _ in range(2):
        item = photo_item(visited(), photo)
        announce_photo(item, phone=phone)
        send(item, photo, phone)
    stored = [path for path in (evidence_store().folder / "originals").rglob("*") if path.is_file()]
    assert len(stored) == 1 and stored[0].read_bytes() == photo


def test_nothing_in_the_store_is_ever_written_again(phone):
    photo = jpeg()
    kept = evidence_store().keep(photo)
    paths = [evidence_store().original(kept.sha256), evidence_store().copy(kept.sha256)]
    before = [(path.stat().st_ino, path.stat().st_mtime_ns) for path in paths]
    assert evidence_store().keep(photo) == kept
    assert [(path.stat().st_ino, path.stat().st_mtime_ns) for path in paths] == before
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o400}


def test_a_photo_that_could_not_be_drawn_at_once_is_whole_and_waits(phone, monkeypatch):
    """The machine draws for others: the phone hears 503 and finishes later with no byte sent again."""
    photo = jpeg()
    item = photo_item(visited(), photo)
    announce_photo(item, phone=phone)
    monkeypatch.setattr(pictures, "_places", threading.BoundedSemaphore(1))
    with pictures._place_on_the_machine(), pytest.raises(pictures.TooManyPictures):
        receive_evidence(item["id"], 0, photo, phone=phone)
    assert evidence_store().received(item["id"]) == len(photo)
    assert receive_evidence(item["id"], len(photo), b"", phone=phone).receipt


def test_a_photo_and_its_folders_are_on_disk_before_it_is_kept(app, monkeypatch):
    synced, sync = [], os.fsync

    def noted(descriptor):
        synced.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    original = evidence_store().original(evidence_store().keep(jpeg()).sha256)
    drafts = [path for path in synced if path.parent == original.parent]
    assert [path.name[:11] for path in drafts] == [f".{original.name[:10]}"]
    at = synced.index(drafts[0])
    assert synced[at + 1 : at + 3] == [original.parent, original.parent.parent]


def test_a_piece_is_on_disk_before_the_phone_hears_of_it(phone, monkeypatch):
    photo = jpeg()
    item = photo_item(visited(), photo)
    announce_photo(item, phone=phone)
    synced, sync = [], os.fsync

    def noted(descriptor):
        synced.append(os.fstat(descriptor).st_size)
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    receive_evidence(item["id"], 0, photo[:CHUNK], phone=phone)
    assert CHUNK in synced


def test_a_photo_of_a_phone_revoked_while_we_draw_says_so(app, phone, monkeypatch):
    photo = jpeg()
    item = photo_item(visited(), photo)
    announce_photo(item, phone=phone)
    finish = EvidenceStore.finish

    def finish_late(*args):
        kept = finish(*args)
        revoke_phone(phone, by=person("zhao"))
        return kept

    monkeypatch.setattr(EvidenceStore, "finish", finish_late)
    row = receive_evidence(item["id"], 0, photo, phone=phone)
    assert row.receipt and list(row.doubts) == [Doubt.PHONE_REVOKED]


def test_a_photo_that_has_not_arrived_cannot_be_looked_at(phone):
    row = announce_photo(photo_item(visited(), jpeg()), phone=phone)
    with pytest.raises(PhotoUnknown):
        look_at_evidence(row, by=person("he"))
    assert "evidence.viewed" not in acts()
