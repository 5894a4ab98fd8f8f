"""A firm's own layouts: versions that are never overwritten, and logos that are drawn anew."""

import io
from dataclasses import replace

import pytest
from PIL import Image
from sqlalchemy import select

from gi_trace.batches.label_layouts import LabelLayout, LayoutUnknown, layout_of, layouts_of
from gi_trace.batches.label_life import begin_download
from gi_trace.batches.labels import FileOptions, label_file
from gi_trace.batches.layout_actions import (
    MOST_LAYOUTS,
    TooManyLayouts,
    add_layout,
    change_layout,
    end_layout,
)
from gi_trace.database import db
from gi_trace.evidence.artwork import drawn_anew
from gi_trace.labels.label_face import NotAnArtwork
from gi_trace.labels.layouts import ADDRESS_BY_THE_CODE, ALWAYS, OWED, LabelPart, Layout
from gi_trace.labels.standard_layouts import VERSION
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordRow
from gi_trace.registry.who_may import NotYourParty
from tests.cast import make_batch, make_print_run, party_of, person

URL = "https://gi.example"
SHAPE = Layout("", "茶罐盖", (600, 400), (600, 400), (1, 1), (0, 0), (0, 0), (*ALWAYS, *OWED, LabelPart.LOGO))


def logo(size=(300, 200), colour="navy", mode="RGB"):
    file = io.BytesIO()
    Image.new(mode, size, colour if mode == "RGB" else 0).save(file, "PNG")
    return file.getvalue()


def saved(layout=SHAPE):
    return add_layout(party_of("lin"), layout, by=person("lin"))


def printed(run, name, version=None):
    options = FileOptions("pdf", template=name, version=version).of_run(run)
    file = label_file(run, options, public_url=URL)
    return options, b"".join(file.file.parts)


def test_a_changed_layout_is_a_new_version_and_a_reprint_is_the_same_bytes(app):
    run, row = make_print_run(make_batch(), 2), saved(replace(SHAPE, logo=drawn_anew(logo())))
    options, before = printed(run, "own-1")
    assert options.noted["version"] == 1
    change_layout(row, replace(SHAPE, title="新盖", logo=drawn_anew(logo(colour="green"))), by=person("lin"))
    latest, after = printed(run, "own-1")
    assert latest.version == 2 and after != before
    assert printed(run, "own-1", version=1)[1] == before
    assert [one.title for one in db.session.scalars(select(LabelLayout))] == ["茶罐盖", "新盖"]


def test_a_change_without_a_logo_keeps_the_one_that_was(app):
    row = saved(replace(SHAPE, logo=drawn_anew(logo())))
    change_layout(row, SHAPE, by=person("lin"))
    before, after = (layout_of("own-1", party_of("lin"), version).logo for version in (1, 2))
    assert before and before == after


def test_an_ended_layout_is_offered_no_more_and_prints_what_it_printed(app):
    run, row = make_print_run(make_batch(), 2), saved()
    before = printed(run, "own-1")[1]
    end_layout(row, by=person("lin"))
    assert "own-1" not in [one.name for one in layouts_of(party_of("lin"))]
    assert printed(run, "own-1", version=1)[1] == before
    acts = db.session.scalars(select(RecordRow.act).order_by(RecordRow.number.desc()).limit(2)).all()
    assert Acted.LABEL_LAYOUT_ENDED in acts


def test_a_layout_is_its_firms_alone(app):
    row = saved()
    with pytest.raises(LayoutUnknown):
        layout_of("own-1", party_of("wu"))
    with pytest.raises(NotYourParty):
        change_layout(row, SHAPE, by=person("wu"))


@pytest.mark.parametrize("name", ["own-9", "own-", "own-x", "a4", "", "own-" + "9" * 50])
def test_a_layout_that_nobody_made_is_unknown(app, name):
    with pytest.raises(LayoutUnknown):
        layout_of(name, party_of("lin"))


def test_a_firm_has_a_bounded_number_of_layouts(app):
    for _ in range(MOST_LAYOUTS):
        saved()
    with pytest.raises(TooManyLayouts):
        saved()


@pytest.mark.parametrize(
    "uploaded", [b"", b"<svg/>", logo()[:80], logo((20_000, 20_000), mode="1"), b"\0" * 5_000_000]
)
def test_a_logo_that_is_no_sane_picture_is_refused_outside_of_the_web_process(app, uploaded):
    with pytest.raises(NotAnArtwork):
        drawn_anew(uploaded)


def test_a_run_is_reprinted_in_the_version_of_the_standard_layout_that_it_was_printed_in(app):
    run = make_print_run(make_batch(), 2, downloaded=False)
    options, before = printed(run, "a4-24", version=2)
    begin_download(run, options, reason="", by=person("lin"))
    assert printed(run, "a4-24") == (options, before)
    other = make_print_run(make_batch(own_number="A-002"), 2, downloaded=False)
    latest, _file = printed(other, "a4-24")
    assert latest.version == VERSION
    assert b"".join(label_file(run, latest, public_url=URL).file.parts) != before


def test_what_nobody_placed_is_arranged_as_when_the_layout_was_saved(app):
    """Rows of before say nothing of the arrangement."""
    row = saved(replace(SHAPE, parts=(*SHAPE.parts, LabelPart.WEBSITE), arrangement=ADDRESS_BY_THE_CODE))
    assert row.layout.arrangement == ADDRESS_BY_THE_CODE
    row.shape = {name: told for name, told in row.shape.items() if name != "arrangement"}
    assert row.layout.arrangement == 1
