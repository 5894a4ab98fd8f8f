"""Copies are noticed while checks are stored; an officer decides."""

import random
from datetime import datetime, timedelta

import pytest

from gi_trace.database import db
from gi_trace.registry.rules import ReasonMissing
from gi_trace.verification.alerts import AlertDecided, confirm_alert, dismiss_alert
from gi_trace.verification.history import Channel
from gi_trace.verification.looking.look import look_at
from gi_trace.verification.looking.looker import Looker
from gi_trace.verification.models import Alert, AlertKind, UnitHistory
from gi_trace.verification.verdicts import Verdict
from tests.cast import code, make_activated_batch, person, two_officers

CITIES = ["江门市", "成都市", "西安市", "沈阳市", "武汉市", "昆明市", "济南市", "长沙市"]


@pytest.fixture
def copied(app, at):
    """A unit that strangers in eight cities check, each within a day of the one before."""
    at("2026-11-01T00:00Z")
    batch = make_activated_batch()
    text = code(batch)
    start, draw = datetime.fromisoformat("2026-11-02T00:00Z"), random.Random(1)
    for number in range(24):
        at((start + timedelta(hours=9 * number)).isoformat())
        look_at(text, stranger(number, draw.choice(CITIES)))
    return text


def stranger(number, city):
    return Looker(f"{number:022d}".encode(), False, "192.0.2.1", "phone", city, Channel.WEB)


def alerts():
    return db.session.query(Alert).all()


def test_a_copy_raises_one_alert_with_its_evidence_and_the_page_says_so(copied):
    [alert] = alerts()
    assert alert.kind is AlertKind.COPY and alert.unit == 1
    assert alert.evidence["reasons"] and alert.evidence["score"] > 0
    assert look_at(copied).verdict is Verdict.SUSPECTED_COPY


def test_state_of_a_unit_stays_small(copied):
    [history] = db.session.query(UnitHistory)
    assert history.checks == 24 and len(history.suspicion) <= 256


def test_a_confirmed_alert_makes_a_counterfeit_series(copied):
    [alert] = alerts()
    confirm_alert(alert, reason="两地均见仿印包装", **two_officers())
    assert look_at(copied).verdict is Verdict.COUNTERFEIT
    with pytest.raises(AlertDecided):
        dismiss_alert(alert, reason="再想想", by=person("sun"))


def test_a_dismissed_alert_gives_the_unit_its_good_name_back(copied, at):
    [alert] = alerts()
    dismiss_alert(alert, reason="展会样品", by=person("zhao"))
    assert look_at(copied).verdict is Verdict.VALID
    at("2026-11-20T00:00Z")
    look_at(copied, stranger(99, "江门市"))
    assert look_at(copied).verdict is Verdict.VALID and len(alerts()) == 1


def test_a_decision_needs_a_reason(copied):
    [alert] = alerts()
    with pytest.raises(ReasonMissing):
        confirm_alert(alert, reason=" ", by=person("zhao"))
