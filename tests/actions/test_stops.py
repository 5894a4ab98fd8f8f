"""An officer holds, recalls and confirms counterfeit series, by batch and units."""

import pytest

from gi_trace.batches.models import Stop
from gi_trace.batches.rules import (
    AlreadyLifted,
    AlreadyRecalled,
    AlreadyStopped,
    RangeReversed,
    StopKind,
    UnitsOutsideBatch,
)
from gi_trace.batches.stops import lift_stop, place_stop
from gi_trace.database import db
from gi_trace.record.models import RecordRow
from gi_trace.registry.rules import ReasonMissing
from gi_trace.stock.actions.holds import hold_lot, lift_hold
from gi_trace.stock.models import HoldKind
from gi_trace.stock.rules.holds import RecallIsFinal
from gi_trace.verification.looking.look import look_at
from gi_trace.verification.verdicts import Verdict
from tests.cast import code, make_activated_batch, peel_of, person, two_officers


def stop(batch, kind, first=1, last=100, reason="抽检不合格"):
    return place_stop(batch, kind, first, last, reason=reason, **two_officers())


@pytest.mark.parametrize(
    "kind, told",
    [
        (StopKind.HOLD, Verdict.ON_HOLD),
        (StopKind.RECALL, Verdict.RECALLED),
        (StopKind.COUNTERFEIT, Verdict.COUNTERFEIT),
    ],
)
def test_a_stop_reaches_its_units_at_once_and_no_others(app, kind, told):
    batch = make_activated_batch()
    text, other = code(batch, 7), code(batch, 8)
    assert look_at(text).verdict is Verdict.VALID
    stop(batch, kind, 5, 7)
    assert look_at(text).verdict is told
    assert look_at(other).verdict is Verdict.VALID


def test_lifting_restores_at_once(app):
    batch = make_activated_batch()
    hold = stop(batch, StopKind.HOLD)
    assert look_at(code(batch)).verdict is Verdict.ON_HOLD
    lift_stop(hold, reason="复检合格", **two_officers())
    assert look_at(code(batch)).verdict is Verdict.VALID
    assert hold.lifted_by is person("zhao")


def test_a_hold_of_two_reasons_stands_until_both_are_lifted(app):
    batch = make_activated_batch()
    narrow, wide = stop(batch, StopKind.HOLD, 1, 10), stop(batch, StopKind.HOLD, 1, 100)
    lift_stop(wide, reason="复检合格", **two_officers())
    assert look_at(code(batch, 3)).verdict is Verdict.ON_HOLD
    lift_stop(narrow, reason="复检合格", **two_officers())
    assert look_at(code(batch, 3)).verdict is Verdict.VALID


def test_what_makes_no_sense_is_refused_and_nothing_changes(app):
    batch = make_activated_batch()
    stop(batch, StopKind.RECALL, 1, 50)
    with pytest.raises(AlreadyRecalled):
        stop(batch, StopKind.HOLD, 10, 20)
    with pytest.raises(RangeReversed):
        stop(batch, StopKind.HOLD, 9, 8)
    with pytest.raises(UnitsOutsideBatch):
        stop(batch, StopKind.HOLD, 51, 101)
    with pytest.raises(ReasonMissing):
        stop(batch, StopKind.HOLD, 51, 52, reason="  ")
    stop(batch, StopKind.HOLD, 51, 60)
    for first, last in [(55, 56), (51, 60), (51, 55), (55, 60)]:
        with pytest.raises(AlreadyStopped):
            stop(batch, StopKind.HOLD, first, last)
    for first, last in [(1, 50), (1, 1), (50, 50)]:
        with pytest.raises(AlreadyRecalled):
            stop(batch, StopKind.RECALL, first, last)
    db.session.rollback()
    assert db.session.query(Stop).count() == 2


def test_a_recall_is_never_lifted_and_a_hold_only_once(app):
    batch = make_activated_batch()
    with pytest.raises(RecallIsFinal):
        lift_stop(stop(batch, StopKind.RECALL), reason="弄错了", **two_officers())
    hold = stop(make_activated_batch(own_number="A-002"), StopKind.HOLD)
    lift_stop(hold, reason="复检合格", **two_officers())
    with pytest.raises(AlreadyLifted):
        lift_stop(hold, reason="再次", **two_officers())


def test_stops_are_in_the_record(app):
    hold = stop(make_activated_batch(), StopKind.HOLD)
    lift_stop(hold, reason="复检合格", **two_officers())
    acts = [row.act for row in db.session.query(RecordRow).filter_by(subject=f"batch_stop:{hold.id}")]
    assert acts == ["batch.held", "batch.released"]


@pytest.mark.parametrize(
    "kind, told", [(HoldKind.HOLD, Verdict.ON_HOLD), (HoldKind.RECALL, Verdict.RECALLED)]
)
def test_what_flows_down_from_lots_stops_the_batch(app, kind, told):
    batch = make_activated_batch()
    hold_lot(peel_of("lin"), kind=kind, reason="抽检不合格", **two_officers())
    assert look_at(code(batch)).verdict is told


def test_lifting_a_hold_on_a_lot_frees_its_batches(app):
    batch = make_activated_batch()
    hold = hold_lot(peel_of("lin"), reason="抽检不合格", by=person("zhao"))
    lift_hold(hold, reason="复检合格", **two_officers())
    assert look_at(code(batch)).verdict is Verdict.VALID


def test_a_stop_stands_since_its_day_in_shanghai(app, at):
    batch = make_activated_batch()
    at("2026-11-24T16:30Z")
    place_stop(batch, StopKind.HOLD, 1, 1, reason="抽检不合格", by=person("zhao"))
    assert look_at(code(batch)).reason.since.isoformat() == "2026-11-25"


@pytest.mark.parametrize("kind", HoldKind)
def test_a_stop_of_a_lot_says_since_when_and_that_it_is_of_a_lot(app, at, kind):
    batch = make_activated_batch()
    at("2026-11-24T16:30Z")
    hold_lot(peel_of("lin"), kind=kind, reason="抽检不合格", **two_officers())
    at("2026-11-26T08:00Z")
    answer = look_at(code(batch))
    assert answer.because.is_of_a_lot and answer.reason.since.isoformat() == "2026-11-25"
