"""A picture costs only the process that unpacks it, and few are unpacked at once."""

import fcntl
import io
import os
import struct
import threading
import zlib

import pytest
from PIL import Image

from gi_trace.database import NotWriting, db, writing
from gi_trace.evidence import pictures
from gi_trace.evidence.pictures import TooManyPictures, Undrawable, copy_of, symbols_in
from tests.patrols import heic, jpeg

pytestmark = pytest.mark.usefixtures("app")
LIMITS = {"side": 2000, "most_pixels": 40_000_000}


def segment(marker, content):
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def jpeg_of_scans(count, side=6000):
    """Progressive, with so many scans that refine nothing: each costs the decoder the whole picture, and us 82 bytes."""
    table = bytes([0x10, 1, *bytes(15), 0xE0])  # one code of one bit: 16,384 blocks end here
    data = bytes((-(-(((side + 7) // 8) ** 2) // 16384) * 15 + 7) // 8)
    frame = struct.pack(">BHHB", 8, side, side, 1) + bytes([1, 0x11, 0])
    head = b"\xff\xd8" + segment(0xDB, bytes([0, *[1] * 64])) + segment(0xC2, frame) + segment(0xC4, table)
    first = segment(0xDA, bytes([1, 1, 0, 1, 63, 0x0D])) + data
    return head + first + (segment(0xDA, bytes([1, 1, 0, 1, 63, 0x10])) + data) * (count - 1) + b"\xff\xd9"


def png_of(width, height, mode="RGBA"):
    written = io.BytesIO()
    Image.new(mode, (width, height), "orange").save(written, "PNG")
    return written.getvalue()


def test_a_copy_is_upright_small_and_tells_what_it_is_of():
    for photo, kind in [
        (jpeg(3000, 2000), "image/jpeg"),
        (heic(3000, 2000), "image/heic"),
        (png_of(3000, 2000), "image/png"),
    ]:
        media_type, copy = copy_of(photo, **LIMITS)
        with Image.open(io.BytesIO(copy)) as shown:
            assert (media_type, shown.format, shown.size) == (kind, "JPEG", (2000, 1333))


def test_a_jpeg_with_more_pictures_behind_the_first_is_a_photo():
    written = io.BytesIO()
    first, second = Image.effect_noise((3000, 2000), 60).convert("RGB"), Image.new("RGB", (30, 20))
    first.save(written, "MPO", save_all=True, append_images=[second])
    media_type, copy = copy_of(written.getvalue(), **LIMITS)
    with Image.open(io.BytesIO(copy)) as shown:
        assert (media_type, shown.size) == ("image/jpeg", (2000, 1333))


def test_a_film_named_as_a_photo_is_none():
    with pytest.raises(Undrawable) as refused:
        copy_of(b"\x00\x00\x00\x18ftypmp42" + bytes(3000), **LIMITS)
    assert refused.value.media_type is None


def test_what_is_transparent_is_white_in_the_copy():
    written = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(written, "PNG")
    with Image.open(io.BytesIO(copy_of(written.getvalue(), **LIMITS)[1])) as shown:
        assert shown.getpixel((4, 4)) == (255, 255, 255)


def test_a_photo_on_disk_is_read_there(tmp_path):
    (tmp_path / "photo").write_bytes(jpeg(300, 200))
    assert copy_of(tmp_path / "photo", **LIMITS)[0] == "image/jpeg"


@pytest.mark.parametrize("photo", [b"", b"no photo", b"<svg/>", jpeg()[:200]])
def test_what_is_no_whole_photo_is_not_drawn(photo):
    with pytest.raises(Undrawable):
        symbols_in(photo, **LIMITS)


def test_a_photo_of_too_many_pixels_is_not_unpacked_but_known_as_one():
    with pytest.raises(Undrawable) as refused:
        copy_of(png_of(7000, 7000, "1"), **LIMITS)
    assert refused.value.media_type == "image/png"


def test_a_jpeg_of_thousand_scans_is_refused_before_the_first():
    with pytest.raises(Undrawable) as refused:
        copy_of(jpeg_of_scans(1000), **LIMITS)
    assert refused.value.media_type == "image/jpeg"
    assert copy_of(jpeg_of_scans(10, side=640), **LIMITS)[0] == "image/jpeg"


def test_a_picture_that_wants_more_memory_than_there_is_for_it_ends_alone():
    """A PNG of one row after the other, 2 GB when unpacked."""
    side = 23_000
    rows = zlib.compressobj(9)
    row = bytes(1 + side * 4)
    data = b"".join(rows.compress(row) for _ in range(side)) + rows.flush()
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)), (b"IDAT", data), (b"IEND", b"")]
    photo = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(text)) + name + text + struct.pack(">I", zlib.crc32(name + text))
        for name, text in chunks
    )
    with pytest.raises(Undrawable):
        copy_of(photo, side=2000, most_pixels=side * side)


def test_a_process_that_does_not_end_is_ended(monkeypatch, tmp_path):
    stuck = tmp_path / "stuck.py"
    stuck.write_text(
        f"import time\nopen({str(tmp_path / 'pid')!r}, 'w').write(str(__import__('os').getpid()))\ntime.sleep(600)"
    )
    monkeypatch.setattr(pictures, "DRAWING", stuck)
    monkeypatch.setattr(pictures, "LONGEST_DRAWING", 1)
    with pytest.raises(Undrawable):
        copy_of(jpeg(), **LIMITS)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_where_the_machine_draws_enough_already_the_next_is_asked_to_come_again(
    app, client, monkeypatch, tmp_path
):
    monkeypatch.setattr(pictures, "LONGEST_WAIT", 1)
    copy_of(jpeg(), **LIMITS)
    taken = [(tmp_path / "drawing" / str(number)).open("ab") for number in range(pictures.AT_ONCE)]
    for file in taken:
        fcntl.flock(file, fcntl.LOCK_EX)  # as another process of the machine
    with pytest.raises(TooManyPictures):
        copy_of(jpeg(), **LIMITS)
    answer = client.post(
        "/", data={"photo": (io.BytesIO(jpeg()), "label.jpg")}, content_type="multipart/form-data"
    )
    assert answer.status_code == 503 and answer.headers["Retry-After"] and "照片太多" in answer.text
    taken.pop().close()
    assert copy_of(jpeg(), **LIMITS)[0] == "image/jpeg"
    taken.pop().close()


def test_few_of_a_process_wait_and_the_rest_of_its_threads_are_free_for_others(app, monkeypatch):
    monkeypatch.setattr(pictures, "_places", threading.BoundedSemaphore(1))
    with pictures._place_on_the_machine(), pytest.raises(TooManyPictures):
        copy_of(jpeg(), **LIMITS)


def test_no_transaction_is_open_while_a_picture_is_drawn():
    photo = jpeg()
    with writing(), pytest.raises(NotWriting):
        copy_of(photo, **LIMITS)
    db.session.connection()
    copy_of(photo, **LIMITS)
    assert not db.session().in_transaction()
