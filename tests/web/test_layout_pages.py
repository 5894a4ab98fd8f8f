"""Layouts and previews on the firm's pages, and artwork for whoever designs its boxes."""

import io
import struct
import zlib

import pytest
import zxingcpp
from markupsafe import escape
from PIL import Image

from gi_trace.batches.label_layouts import find_own_layout, layout_of
from gi_trace.keys import keys
from gi_trace.labels.download import sample_of
from gi_trace.labels.layouts import ALWAYS, OWED, LabelPart
from gi_trace.verification.looking.look import look_at
from gi_trace.verification.verdicts import Verdict
from tests.cast import make_batch, make_print_run, party_of

OWN = {
    "title": "茶罐标签",
    "page": "210 × 297",
    "label": "64 × 40",
    "grid": "3 × 7",
    "margin": "5 × 5",
    "gap": "3 × 0.5",
    "parts": [*ALWAYS, LabelPart.UNIT, *OWED, LabelPart.LOGO],
}
BY_HAND = {
    "page": "30 × 20.5",
    "label": "30 × 20.5",
    "grid": "1 × 1",
    "margin": "0 0",
    "gap": "0 0",
    "parts": list(ALWAYS),
    "place_symbol": "2 2 14 14",
    "place_code": "0 18 30 2",
}


def picture(size=(60, 60)):
    file = io.BytesIO()
    Image.new("RGB", size, "navy").save(file, "PNG")
    return file.getvalue()


def huge():
    """A sound PNG of 20,000 × 20,000 pixels in 50 kB."""

    def chunk(kind, content):
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    rows = zlib.compress(bytes(2501 * 20_000))
    header = struct.pack(">IIBBBBB", 20_000, 20_000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def send(browser, address="/enterprise/layouts/new", logo=None, **changes):
    logos = {"logo": (io.BytesIO(logo), "logo.png")} if logo else {}
    return browser.post(address, data=OWN | changes | logos, content_type="multipart/form-data")


def said_in(image):
    """(verdict of the code in a picture of a label, its size in millimetres)."""
    opened = Image.open(io.BytesIO(image))
    dots_per_inch = opened.info["dpi"][0]
    [symbol] = zxingcpp.read_barcodes(opened)
    return look_at(symbol.text).verdict, [round(side / dots_per_inch * 25.4, 1) for side in opened.size]


def test_a_firm_makes_a_layout_sees_a_label_and_prints_with_it(sign_in):
    lin = sign_in("lin")
    answer = send(lin, logo=picture())
    assert answer.headers["Location"].endswith("/enterprise/layouts/own-1")
    page = lin.get("/enterprise/layouts/own-1").text
    assert 'width="242" height="151"' in page and "第 1 版" in page  # 64 × 40 mm in pixels of CSS
    image = lin.get("/enterprise/layouts/own-1/label.png").data
    assert said_in(image) == (Verdict.SAMPLE, [64.0, 40.0])
    run = make_print_run(make_batch(), 3, downloaded=False)
    asked = {"form": "pdf", "template": "own-1", "start": 1}
    file = lin.post(f"/enterprise/print-runs/{run.id}/download", data=asked, follow_redirects=True)
    assert file.data.startswith(b"%PDF") and run.downloads[0].options["version"] == 1
    assert lin.get("/enterprise/print-runs/trial/own-1.pdf").data.startswith(b"%PDF")
    order = lin.get(f"/enterprise/batches/{run.batch_number}/print-runs/new").text
    assert "layout=own-1&" in order  # the usual one from now on
    again = lin.get(f"/enterprise/print-runs/{run.id}/download").text
    assert '<option selected value="own-1">' in again and "再次下载的原因（选填）" not in again


def test_what_is_placed_too_near_the_edge_is_moved_inwards(sign_in):
    assert send(sign_in("lin"), **BY_HAND).status_code == 302
    code = next(one for one in layout_of("own-1", party_of("lin")).places if one.parts == (LabelPart.CODE,))
    assert (code.x, code.width) == (10, 280) and code.y + code.height <= 195


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"grid": "4 × 7"}, "超出纸张"),
        ({"label": "0 × 40"}, "须大于 0"),
        ({"page": "很大"}, "请填写 2 个数"),
        ({"parts": list(ALWAYS)}, "354"),
        ({"label": "12 × 12", "grid": "1 × 1", "parts": list(ALWAYS)}, "放不下"),
        (BY_HAND | {"place_code": "2 5 20 5"}, "互相重叠"),
        (BY_HAND | {"place_code": ""}, "没有给标识码留位置"),
    ],
)
def test_what_cannot_be_printed_is_refused_and_what_was_typed_stays(sign_in, changes, said):
    answer = send(sign_in("lin"), **changes)
    assert answer.status_code == 422 and said in answer.text and "茶罐标签" in answer.text
    assert find_own_layout("own-1", party_of("lin")) is None


@pytest.mark.parametrize("logo", [b"<svg/>", huge()], ids=["no picture", "20,000 × 20,000"])
def test_a_logo_that_is_no_sane_picture_is_refused_in_words(sign_in, logo):
    answer = send(sign_in("lin"), logo=logo)
    assert answer.status_code == 422 and "1600 万像素以内" in answer.text


def test_a_layout_is_changed_as_a_further_version_and_ended(sign_in):
    lin, wu = sign_in("lin"), sign_in("wu")
    send(lin)
    assert send(lin, "/enterprise/layouts/own-1/change", title="新茶罐").status_code == 302
    assert "新茶罐" in lin.get("/enterprise/layouts").text
    assert wu.get("/enterprise/layouts/own-1").status_code == 404
    assert send(wu, "/enterprise/layouts/own-1/change").status_code == 404
    assert lin.post("/enterprise/layouts/own-1/end", data={}).status_code == 302
    assert "新茶罐" not in lin.get("/enterprise/layouts").text
    assert layout_of("own-1", party_of("lin"), 1).title == "茶罐标签"


@pytest.mark.parametrize("dots_per_inch", ["203", "300", "600"])
def test_a_label_of_a_batch_is_seen_at_its_real_size_before_anything_is_ordered(sign_in, dots_per_inch):
    lin, batch = sign_in("lin"), make_batch()
    asked = {"layout": "roll-60x40", "dots_per_inch": dots_per_inch}
    page = lin.get(f"/enterprise/batches/{batch.number}/preview", query_string=asked)
    assert 'width="227" height="151"' in page.text
    image = lin.get(f"/enterprise/batches/{batch.number}/label.png", query_string=asked).data
    assert said_in(image) == (Verdict.SAMPLE, pytest.approx([60, 40], abs=0.2))
    assert sign_in("wu").get(f"/enterprise/batches/{batch.number}/preview").status_code == 403
    order = lin.get(f"/enterprise/batches/{batch.number}/print-runs/new").text
    assert f"/enterprise/batches/{batch.number}/preview" in order


def test_a_layout_may_begin_with_one_that_exists(sign_in):
    page = sign_in("lin").get("/enterprise/layouts/new?like=a4-40").text
    assert 'value="52.5 × 29.7"' in page and 'value="4 × 10"' in page


def test_artwork_for_a_box_carries_a_sample(sign_in):
    lin, asked = sign_in("lin"), {"product": "xinhui-chenpi", "side": "20", "level": "H"}
    svg = lin.get("/enterprise/box-artwork.svg", query_string=asked)
    pdf = lin.get("/enterprise/box-artwork.pdf", query_string=asked)
    assert svg.mimetype == "image/svg+xml" and "样张" in svg.text and pdf.data.startswith(b"%PDF")
    assert lin.get("/enterprise/box-artwork").status_code == 200
    assert lin.get("/static/favicon.svg").status_code == 200
    refused = lin.get("/enterprise/box-artwork.svg", query_string=asked | {"side": "3"})
    assert refused.status_code == 422 and "毫米" in refused.text
    assert lin.get("/enterprise/box-artwork.svg", query_string=asked | {"side": "x"}).status_code == 422
    code = sample_of(keys().by_epoch[make_batch().epoch]).codes()[0]
    assert look_at(code).verdict is Verdict.SAMPLE


@pytest.mark.parametrize("title", ["<button formaction=../../clerks/9/close>", "茶罐 100%", "%(title)s {0}"])
def test_a_title_is_text_wherever_it_is_shown(sign_in, title):
    """Nobody acts with the rights of a colleague who opens a page that shows a layout."""
    lin, run = sign_in("lin"), make_print_run(make_batch())
    send(lin, title=title)
    for address in (
        "layouts",
        "layouts/own-1",
        "layouts/own-1/change",
        "layouts/own-1/end",
        f"batches/{run.batch.number}/preview?layout=own-1",
        f"batches/{run.batch.number}/print-runs/new",
        f"print-runs/{run.id}/download",
        f"print-runs/{run.id}/hidden-codes",
    ):
        page = lin.get(f"/enterprise/{address}")
        assert page.status_code == 200
        assert "<button formaction" not in page.text
    assert str(escape(title)) in lin.get("/enterprise/layouts").text
