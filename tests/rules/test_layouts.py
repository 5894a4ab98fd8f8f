"""Layouts as data: whatever a firm makes, what must be read stays clear of the page's edge in every cell."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageOps

from gi_trace.errors import Refused
from gi_trace.labels.arranging import arranged
from gi_trace.labels.box_artwork import ArtworkTooSmall, box_artwork
from gi_trace.labels.download import sample_of
from gi_trace.labels.label_picture import face_picture
from gi_trace.labels.layouts import (
    A4,
    ALWAYS,
    OWED,
    LabelPart,
    Layout,
    PartMissing,
    PartsOverlap,
    PartWithoutPlace,
    Place,
    check_layout,
    moves,
    settled,
    sound_layout,
)
from gi_trace.labels.lengths import LengthsUnreadable, lengths_text, parse_lengths
from gi_trace.labels.typesetting import typeset
from tests.rules.test_sheets import (
    FACE,
    KEYS,
    PREFIX,
    picture,
    read_by_zxing,
    rendered,
    sheet,
    units,
    with_blank_edges,
)

FULL = (*ALWAYS, LabelPart.UNIT, *OWED, LabelPart.MARK)
OWN = Layout("own-1", "示范", A4, (640, 400), (3, 7), (50, 50), (30, 5), FULL)
SYMBOL_AND_CODE = (
    Place((LabelPart.SYMBOL,), 20, 20, 140, 140),
    Place((LabelPart.CODE,), 15, 180, 270, 20),
)
pairs = st.tuples(st.integers(50, 3000), st.integers(50, 3000))
labels = st.tuples(st.integers(200, 1000), st.integers(200, 600))
counts = st.tuples(st.integers(1, 6), st.integers(1, 12))
small = st.tuples(st.integers(0, 100), st.integers(0, 100))
places = st.builds(
    lambda part, box: Place((part,), *box),
    st.sampled_from(LabelPart),
    st.tuples(st.integers(-50, 900), st.integers(-50, 900), st.integers(20, 900), st.integers(20, 900)),
)


def ink_of(page):
    return ImageOps.invert(page).getbbox()


def clear_of_every_edge(layout):
    for axis in (0, 1):
        edges = list(zip(layout.clear(axis), moves(layout, axis), strict=True))
        for place in layout.places:
            first, last = place.reach[axis]
            assert all(start <= first + move and last + move <= end for (start, end), move in edges)


@given(labels, counts, small, small, small, st.lists(places, min_size=1, max_size=6))
def test_what_a_firm_places_is_moved_or_cut_until_it_is_clear_of_the_edge_in_every_cell(
    label, grid, margin, gap, left_over, given_places
):
    across, down = (margin[n] + grid[n] * (label[n] + gap[n]) - gap[n] + left_over[n] for n in (0, 1))
    parts = tuple(place.parts[0] for place in given_places)
    layout = Layout("own-1", "示范", (across, down), label, grid, margin, gap, parts, tuple(given_places))
    check_layout(layout)
    moved = settled(layout)
    clear_of_every_edge(moved)
    assert all(place.width > 0 and place.height > 0 for place in moved.places)
    assert settled(moved) == moved


@given(pairs, st.sets(st.sampled_from(LabelPart)), st.booleans())
def test_a_label_of_any_size_is_set_or_refused_and_nothing_else(label, chosen, on_a4):
    parts = tuple(part for part in LabelPart if part in chosen | set(ALWAYS))
    layout = Layout("own-1", "示范", A4 if on_a4 else label, label, (1, 1), (0, 0), (0, 0), parts)
    try:
        set_in_type = typeset(FACE, sound_layout(layout), PREFIX)
    except Refused:
        return
    clear_of_every_edge(set_in_type.layout)
    plan = set_in_type.plan
    for box in plan.boxes.values():
        assert 0 <= box.x and 0 <= box.y
        assert box.x + box.width <= plan.width and box.y + box.height <= plan.height


def test_a_firms_own_sheet_is_read_back_whose_edge_the_printer_leaves_white(tmp_path):
    own, run = sound_layout(OWN), units(1, 21)
    [page] = rendered(sheet(run, own), tmp_path)
    assert read_by_zxing([with_blank_edges(page, own)]) == sorted(PREFIX + code for code in run.codes())


def test_parts_placed_by_hand_stand_there(tmp_path):
    roll = Layout(
        "own-1", "示范", (300, 205), (300, 205), (1, 1), (0, 0), (0, 0), ALWAYS, places=SYMBOL_AND_CODE
    )
    label = typeset(FACE, sound_layout(roll), PREFIX)
    assert label.plan.boxes[LabelPart.CODE].x == pytest.approx(15 / 10 * 300 / 25.4, abs=1)
    [page] = rendered(sheet(units(1, 1), roll), tmp_path)
    assert read_by_zxing([page]) == [PREFIX + units(1, 1).codes()[0]]


@pytest.mark.parametrize("size", [(300, 100), (100, 300), (200, 200)])
def test_a_logo_keeps_its_proportions_inside_its_place(size):
    places = (*SYMBOL_AND_CODE, Place((LabelPart.LOGO,), 200, 20, 90, 60))
    roll = replace(OWN, page=(300, 205), label=(300, 205), grid=(1, 1), margin=(0, 0), places=places)
    label = typeset(FACE, replace(roll, parts=(*ALWAYS, LabelPart.LOGO), logo=picture(size=size)), PREFIX)
    [(drawn, _image)] = label.pictures
    place = label.plan.boxes[LabelPart.LOGO]
    assert drawn.width / drawn.height == pytest.approx(size[0] / size[1], rel=0.1)
    assert place.x <= drawn.x and drawn.x + drawn.width <= place.x + place.width
    assert place.y <= drawn.y and drawn.y + drawn.height <= place.y + place.height
    assert face_picture(label).crop((drawn.x, 0, drawn.x + drawn.width, label.plan.height)).getbbox()


@pytest.mark.parametrize("part", [*ALWAYS, *OWED])
def test_what_announcement_354_asks_for_is_on_every_label_that_has_room(part):
    parts = tuple(other for other in FULL if other is not part)
    with pytest.raises(PartMissing) as refusal:
        sound_layout(replace(OWN, parts=parts))
    assert refusal.value.facts["missing"] == part.label


def test_parts_that_overlap_are_refused_by_name_but_not_for_a_tenth_of_a_millimetre():
    symbol, code = SYMBOL_AND_CODE
    small = replace(OWN, page=(300, 205), label=(300, 205), grid=(1, 1), margin=(0, 0), parts=ALWAYS)
    assert sound_layout(replace(small, places=(symbol, replace(code, y=166))))
    with pytest.raises(PartsOverlap) as refusal:
        sound_layout(replace(small, places=(symbol, replace(code, y=100))))
    assert refusal.value.facts == {"one": LabelPart.SYMBOL.label, "other": LabelPart.CODE.label}
    with pytest.raises(PartWithoutPlace):
        sound_layout(replace(small, places=(symbol,)))


def test_parts_that_nobody_placed_do_not_overlap():
    for hidden in (False, True):
        sound_layout(arranged(OWN, with_hidden=hidden))


@pytest.mark.parametrize(
    ("typed", "count", "tenths"),
    [
        ("52.5 × 29.7", 2, (525, 297)),
        ("210*297mm", 2, (2100, 2970)),
        ("２１０ｘ２９７ 毫米", 2, (2100, 2970)),
        ("2, 2, 20，20", 4, (20, 20, 200, 200)),
        ("-0.5 0", 2, (-5, 0)),
        ("37.125 x 1", 2, (371, 10)),
    ],
)
def test_lengths_are_read_as_people_write_them(typed, count, tenths):
    assert parse_lengths(typed, count) == tenths
    assert parse_lengths(lengths_text(tenths), count) == tenths


@pytest.mark.parametrize("typed", ["", "210", "1 2 3", "a × b", "1e5 2", "99999 1", "١ × ٢", "nan × inf"])
def test_what_is_no_pair_of_lengths_is_refused(typed):
    with pytest.raises(LengthsUnreadable):
        parse_lengths(typed, 2)


@pytest.mark.parametrize("side", [200, 255, 1000])
def test_artwork_for_a_box_has_its_exact_size_and_its_quiet_zone(side, tmp_path):
    sample = sample_of(KEYS)
    file = box_artwork(sample, PREFIX, "Q", side, "pdf")
    [page] = rendered(file, tmp_path)
    left, top, right, bottom = ink_of(page)
    per_tenth = 300 / 254
    assert right - left == pytest.approx(side * per_tenth, abs=2)
    module = (right - left) / 33
    assert min(left, top, page.width - right, page.height - bottom) == pytest.approx(4 * module, abs=3)
    assert read_by_zxing([page]) == [PREFIX + sample.codes()[0]]
    drawing = ElementTree.fromstring(box_artwork(sample, PREFIX, "Q", side, "svg"))
    full = f"{side / 10 * 41 / 33:.3f}mm"
    assert (drawing.get("width"), drawing.get("height")) == (full, full)
    assert [drawn.tag.split("}")[1] for drawn in drawing] == ["title", "path", "path"]


def test_artwork_that_no_phone_could_read_is_refused():
    with pytest.raises(ArtworkTooSmall):
        box_artwork(sample_of(KEYS), PREFIX, "Q", 100, "pdf")
