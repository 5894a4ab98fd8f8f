"""Label sheets as they are printed: rendered to pixels, every label read back."""

import contextlib
import dataclasses
import hashlib
import io
import shutil
import subprocess

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from gi_trace.codes.unit_code import batch_text, epoch_keys
from gi_trace.labels.arranging import arranged
from gi_trace.labels.download import Units
from gi_trace.labels.fonts import CharacterNotInFont
from gi_trace.labels.label_face import LabelFace, LabelTextMissing, NotAnArtwork, check_artwork
from gi_trace.labels.label_picture import label_picture
from gi_trace.labels.layouts import (
    LABEL_EDGE,
    OWED,
    LabelPart,
    LabelsOverlap,
    LayoutLargerThanPage,
    NudgedOffPage,
    StartOutsideSheet,
    nudged,
)
from gi_trace.labels.pdf import SheetOptions, pdf_sheet
from gi_trace.labels.sheets import DOTS_PER_MM, QUIET_MODULES, SymbolTooLarge, corners
from gi_trace.labels.standard_layouts import STANDARD_LAYOUTS, standard_layouts
from gi_trace.labels.trial_page import TEXTS, trial_page
from gi_trace.labels.typesetting import LabelTextTooLong, best_level, typeset
from scripts.benches.reading import DECODERS

PREFIX = "https://gi.example/c/"
KEYS = epoch_keys(bytes(32), bytes(32), 3)
BATCH = 1234567
A4_24, A4_40, ROLL = (STANDARD_LAYOUTS[name] for name in ("a4-24", "a4-40", "roll-30x20"))


def units(first, last):
    return Units(KEYS, BATCH, first, last)


def picture(kind="PNG", size=(200, 200)):
    file = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(file, kind)
    return file.getvalue()


FACE = LabelFace(
    product="新会陈皮",
    enterprise="示范陈皮行（演示）有限公司",
    uscc="914407050000000000",
    batch=batch_text(BATCH),
    net_weight="500 克",
    basis="国家地理标志保护产品 公告号 演示 0 号",
    website="gi.example",
    artwork=picture(),
)


def written(download):
    file = b"".join(download.parts)
    assert download.length in (None, len(file))
    return file


def sheet(run, template=A4_24, face=FACE, prefix=PREFIX, **options):
    return written(pdf_sheet(face, run, template, prefix, SheetOptions(**options)))


def rendered(file, tmp_path, dots_per_inch=300):
    (tmp_path / "sheet.pdf").write_bytes(file)
    command = ["pdftoppm", "-r", str(dots_per_inch), "-gray", "sheet.pdf", "page"]
    subprocess.run([shutil.which("pdftoppm"), *command[1:]], cwd=tmp_path, check=True)
    return [Image.open(path) for path in sorted(tmp_path.glob("page*.pgm"))]


def text_of(file, tmp_path):
    (tmp_path / "sheet.pdf").write_bytes(file)
    command = ["pdftotext", "-layout", "sheet.pdf", "-"]
    return subprocess.run(command, cwd=tmp_path, check=True, capture_output=True).stdout.decode()


def read_by_zxing(pages):
    found = [symbol for page in pages for symbol in zxingcpp.read_barcodes(page)]
    return sorted(symbol.text for symbol in found)


def with_blank_edges(page, layout, dots_per_inch=300):
    """As an office printer leaves it: 4.3 mm white on each side. A label printer leaves nothing."""
    if layout.edge == LABEL_EDGE:
        return page
    edge = round(4.3 * dots_per_inch / 25.4)
    inner = page.crop((edge, edge, page.width - edge, page.height - edge))
    return ImageOps.expand(inner, edge, fill=255)


@pytest.mark.parametrize("layout", STANDARD_LAYOUTS.values(), ids=STANDARD_LAYOUTS)
def test_every_label_is_read_back_from_a_sheet_whose_edge_the_printer_leaves_white(layout, tmp_path):
    run = units(4194303 - layout.labels, 4194302)
    [page] = rendered(sheet(run, layout, with_hidden=True), tmp_path)
    edge, printed = round(layout.edge * 30 / 25.4) - 2, ImageOps.invert(page).getbbox()
    assert printed[0] >= edge and printed[1] >= edge
    assert printed[2] <= page.width - edge and printed[3] <= page.height - edge
    left, texts = with_blank_edges(page, layout), sorted(PREFIX + code for code in run.codes())
    assert read_by_zxing([left]) == sorted(DECODERS["zbar"](left)) == texts


def test_labels_have_the_strongest_level_that_stays_comfortable_to_scan():
    levels = {name: best_level(arranged(layout), PREFIX) for name, layout in STANDARD_LAYOUTS.items()}
    assert {name for name, level in levels.items() if level != "H"} == {"roll-30x20", "a4-84"}
    assert levels["roll-30x20"] == "M"
    assert best_level(arranged(ROLL), PREFIX.replace("gi", "gi-trace-and-label-check.jiangmen")) == "L"


def test_what_is_printed_beside_the_symbol_is_its_code_and_the_face(tmp_path):
    run = units(7, 7)
    text = text_of(sheet(run, with_hidden=True), tmp_path)
    (code,), (hidden,) = run.codes(), run.hidden()
    assert f"{code[:5]} {code[5:10]} {code[10:15]} {code[15:]}" in text
    words = "".join(text.split())
    for printed in (hidden, "件号 7", "查验 gi.example", *(FACE.text(part) for part in OWED)):
        assert printed.replace(" ", "") in words


def test_without_being_asked_no_hidden_code_is_printed(tmp_path):
    text = text_of(sheet(units(1, 24)), tmp_path)
    assert not any(hidden in text for hidden in units(1, 24).hidden())


def test_a_sheet_is_the_same_bytes_each_time():
    assert sheet(units(1, 1000), start=5) == sheet(units(1, 1000), start=5)


def test_a_sheet_begins_at_the_label_asked_for(tmp_path):
    (page,) = rendered(sheet(units(1, 1), start=24), tmp_path)
    (symbol,) = zxingcpp.read_barcodes(page)
    assert symbol.position.top_left.x > page.width * 2 / 3
    assert symbol.position.top_left.y > page.height * 7 / 8


@pytest.mark.parametrize(
    ("count", "start", "pages"), [(1, 1, 1), (24, 1, 1), (25, 1, 2), (24, 2, 2), (1000, 24, 43)]
)
def test_pages_are_as_many_as_needed(count, start, pages):
    assert sheet(units(1, count), start=start).count(b"/Type/Page/") == pages


def test_a_layout_has_margins_and_gaps_and_can_be_nudged(tmp_path):
    narrow = dataclasses.replace(A4_24, label=(600, 350), gap=(50, 10), margin=(80, 40))
    run = units(1, 24)
    codes = sorted(PREFIX + code for code in run.codes())
    before, after = (
        rendered(sheet(run, layout), tmp_path)[0].copy()
        for layout in (narrow, nudged(narrow, None, (20, 10)))
    )
    assert read_by_zxing([before]) == read_by_zxing([after]) == codes
    moved = [
        b - a for a, b in zip(*(ImageOps.invert(page).getbbox()[:2] for page in (before, after)), strict=True)
    ]
    assert moved == pytest.approx([24, 12], abs=1)


@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("layout", STANDARD_LAYOUTS.values(), ids=STANDARD_LAYOUTS)
def test_a_nudge_is_refused_only_where_what_must_be_read_would_leave_the_page(layout, axis):
    def by(tenths):
        return (tenths, 0) if axis == 0 else (0, tenths)

    for tenths in (-10, -1, 1, 10):
        assert nudged(layout, None, by(tenths)).offset == by(tenths)
        margin = tuple(own + more for own, more in zip(layout.margin, by(tenths), strict=True))
        assert nudged(layout, margin, (0, 0)).offset == by(tenths)
    with pytest.raises(NudgedOffPage):
        nudged(layout, None, by(400))


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"grid": (4, 8)}, LayoutLargerThanPage),
        ({"margin": (0, 200)}, LayoutLargerThanPage),
        ({"margin": (-50, 0)}, LayoutLargerThanPage),
        ({"page": (20_000, 20_000), "grid": (20, 30)}, LayoutLargerThanPage),
        ({"gap": (-100, 0)}, LabelsOverlap),
        ({"grid": (0, 8)}, LabelsOverlap),
        ({"label": (0, 370)}, LabelsOverlap),
    ],
)
def test_labels_that_do_not_fit_their_sheet_are_refused(change, refusal):
    with pytest.raises(refusal):
        sheet(units(1, 1), dataclasses.replace(A4_24, **change))


@pytest.mark.parametrize("start", [0, 25, -1])
def test_a_start_outside_the_sheet_is_refused(start):
    with pytest.raises(StartOutsideSheet):
        sheet(units(1, 1), start=start)


def test_an_address_too_long_for_the_label_is_refused_before_the_first_byte():
    long_prefix = "https://check.geographical-indications.jiangmen.example/labels/c/"
    assert sheet(units(1, 1), A4_24, prefix=long_prefix)
    with pytest.raises(SymbolTooLarge) as refusal:
        pdf_sheet(FACE, units(1, 1), ROLL, long_prefix, SheetOptions(level="H"))
    assert "30 × 20" in str(refusal.value)


@pytest.mark.parametrize("empty", ["product", "enterprise", "uscc", "batch", "net_weight", "basis"])
def test_a_label_that_lacks_a_text_is_refused(empty):
    with pytest.raises(LabelTextMissing):
        sheet(units(1, 1), face=dataclasses.replace(FACE, **{empty: " "}))


def test_a_name_with_a_character_that_the_font_lacks_is_refused():
    with pytest.raises(CharacterNotInFont) as refusal:
        sheet(units(1, 1), face=dataclasses.replace(FACE, enterprise="示范𠮷行"))
    assert "𠮷" in str(refusal.value)


def test_texts_that_no_type_makes_fit_are_refused():
    with pytest.raises(LabelTextTooLong):
        sheet(units(1, 1), A4_40, face=dataclasses.replace(FACE, enterprise="示范" * 200))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_mark_is_drawn_where_it_belongs(kind, tmp_path):
    file = sheet(units(1, 1), face=dataclasses.replace(FACE, artwork=picture(kind, (300, 200))))
    (page,) = rendered(file, tmp_path, dots_per_inch=100)
    label = typeset(dataclasses.replace(FACE, artwork=picture()), A4_24, PREFIX)
    mark, (x, y) = label.plan.boxes[LabelPart.MARK], corners(label.layout)[0]
    middle = (x + mark.x + mark.width // 2) // 3, page.height - (y + mark.y + mark.height // 2) // 3
    assert 60 < page.getpixel(middle) < 110
    assert sheet(units(1, 1), ROLL), "a label without room for the mark is printed without it"


@pytest.mark.parametrize(
    "artwork",
    [
        b"",
        b"<svg/>",
        b"%PDF-1.7",
        picture("GIF"),
        picture()[:60],
        picture(size=(5000, 5000)),
        b"\0" * 5_000_000,
    ],
    ids=["empty", "svg", "pdf", "gif", "cut off", "too many pixels", "too many bytes"],
)
def test_artwork_that_is_no_sane_image_is_refused(artwork):
    with pytest.raises(NotAnArtwork):
        check_artwork(artwork)


@given(st.data())
def test_a_spoilt_artwork_is_accepted_or_refused_and_nothing_else(data):
    image = bytearray(picture(data.draw(st.sampled_from(["PNG", "JPEG"])), size=(20, 20)))
    for place in data.draw(st.lists(st.integers(0, len(image) - 1), min_size=1, max_size=5)):
        image[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(NotAnArtwork):
        check_artwork(bytes(image))


def test_an_artwork_that_is_a_bomb_is_refused_before_it_is_unpacked():
    bomb = bytearray(picture())
    bomb[16:24] = (100_000).to_bytes(4, "big") * 2
    with pytest.raises(NotAnArtwork):
        check_artwork(bytes(bomb))


def test_a_sheet_of_many_pages_has_a_sound_table_of_objects(tmp_path):
    (tmp_path / "sheet.pdf").write_bytes(sheet(units(1, 3000), ROLL))
    told = subprocess.run(["pdfinfo", "sheet.pdf"], cwd=tmp_path, check=True, capture_output=True)
    assert b"Pages:           3000" in told.stdout
    assert told.stderr == b""


@pytest.mark.parametrize("layout", STANDARD_LAYOUTS.values(), ids=STANDARD_LAYOUTS)
def test_the_trial_page_is_to_be_scanned_and_measured(layout, tmp_path):
    file = written(trial_page(layout, "https://gi.example/"))
    (page,) = rendered(file, tmp_path)
    assert read_by_zxing([page]) == ["https://gi.example/"]
    assert TEXTS[-1].replace(" ", "") in "".join(text_of(file, tmp_path).split())


# Of where everything stands at all resolutions, with and without hidden codes: what was downloaded in version 2.
VERSION_2 = {
    "a4-24": "bae5f06edca67982",
    "a4-40": "5db1390e57ce6e8c",
    "a4-21": "24c6a2cf1334fd10",
    "a4-20": "8540a29d84e75072",
    "a4-45": "0f51f08bdd353154",
    "a4-84": "ea49c3b8ffa54cf3",
    "roll-30x20": "ea49c3b8ffa54cf3",
    "roll-40x30": "0f51f08bdd353154",
    "roll-50x50": "8540a29d84e75072",
    "roll-52x30": "11bc5a775d0b9d22",
    "roll-60x40": "24c6a2cf1334fd10",
    "roll-70x37": "cc6b1bd32e4de091",
}


@pytest.mark.parametrize("name", VERSION_2)
def test_what_was_ordered_in_version_2_stands_where_it_stood(name):
    def told(dots_per_inch, with_hidden):
        layout = standard_layouts(2)[name]
        try:
            label = typeset(FACE, layout, PREFIX, dots_per_inch=dots_per_inch, with_hidden=with_hidden)
        except LabelTextTooLong:
            return "LabelTextTooLong"
        pictures = [box for box, _image in label.pictures]
        numbers = (label.code, label.unit, label.hidden)
        return (label.plan, label.lines, *numbers, label.symbols.size, pictures)

    drawn = [told(dots, hidden) for dots in DOTS_PER_MM for hidden in (False, True)]
    assert hashlib.sha256(repr(drawn).encode()).hexdigest()[:16] == VERSION_2[name]


def test_versions_before_the_first_that_is_known_are_drawn_as_that_one():
    assert standard_layouts(1) == standard_layouts(2) != standard_layouts(3)


def address_lines(label):
    return [line for line in label.lines if line.text == FACE.text(LabelPart.WEBSITE)]


@pytest.mark.parametrize("dots_per_inch", DOTS_PER_MM)
@pytest.mark.parametrize("layout", STANDARD_LAYOUTS.values(), ids=STANDARD_LAYOUTS)
def test_the_address_is_printed_large_enough_to_type_it_or_left_out_and_told(layout, dots_per_inch):
    """Only printers of 203 dpi have no room for it, on the smallest labels; sheets are not printed by them."""
    label = typeset(FACE, layout, PREFIX, dots_per_inch=dots_per_inch)
    has_room = dots_per_inch > 203 or layout.name not in ("roll-30x20", "a4-84", "a4-40")
    assert label.left_out == (set() if has_room else {LabelPart.WEBSITE})
    assert [line.type_size >= 1.75 * DOTS_PER_MM[dots_per_inch] for line in address_lines(label)] == (
        [True] if has_room else []
    )


@pytest.mark.parametrize("layout", STANDARD_LAYOUTS.values(), ids=STANDARD_LAYOUTS)
def test_the_address_is_never_what_makes_a_label_impossible(layout):
    face = dataclasses.replace(FACE, website=f"{'long-' * 20}name.example")
    assert typeset(face, layout, PREFIX).left_out == {LabelPart.WEBSITE}
    with pytest.raises(LabelTextTooLong):
        typeset(dataclasses.replace(face, enterprise="示范" * 2000), layout, PREFIX)


@pytest.mark.parametrize("dots_per_inch", DOTS_PER_MM)
@pytest.mark.parametrize("layout", STANDARD_LAYOUTS.values(), ids=STANDARD_LAYOUTS)
def test_nothing_stands_in_the_quiet_zone_of_the_symbol(layout, dots_per_inch):
    label = typeset(FACE, layout, PREFIX, dots_per_inch=dots_per_inch)
    plan, ink = label.plan, np.array(label_picture(label, units(7, 7)))
    symbol, quiet = plan.symbol, QUIET_MODULES * plan.module
    top = plan.height - symbol.y - symbol.height
    inside = np.zeros_like(ink)
    inside[top : top + symbol.height, symbol.x : symbol.x + symbol.width] = True
    around = np.zeros_like(ink)
    around[
        max(0, top - quiet + 1) : top + symbol.height + quiet - 1,
        max(0, symbol.x - quiet + 1) : symbol.x + symbol.width + quiet - 1,
    ] = True
    assert not ink[around & ~inside].any() and ink[inside].any()
