"""Two packs with one code in one shop: the inspector's find is certain, and raises the alert with the finding."""

import pytest

from gi_trace.database import db
from gi_trace.patrol.actions.visits import record_finding, record_visit
from gi_trace.patrol.models import Finding
from gi_trace.patrol.rules import ItemUnreadable
from gi_trace.verification.alerts import confirm_alert, dismiss_alert
from gi_trace.verification.history import Channel
from gi_trace.verification.looking.look import look_at
from gi_trace.verification.looking.looker import Looker
from gi_trace.verification.models import Alert, AlertKind, UnitHistory
from gi_trace.verification.suspicion.memory import UnitMemory
from gi_trace.verification.verdicts import Verdict
from tests.cast import code, make_activated_batch, person, two_officers
from tests.patrols import Handset, finding_item, new_id, visit_item, visited

CITIES = ["江门市", "成都市", "西安市", "沈阳市", "武汉市", "昆明市", "济南市", "长沙市"]


@pytest.fixture
def phone(app):
    return Handset().register()


@pytest.fixture
def batch(app):
    return make_activated_batch()


@pytest.fixture
def visit(phone):
    item = visit_item()
    record_visit(item, phone=phone)
    return item["visit"]


def twins(*codes):
    return [{"code": text, "verdict": "valid", "pack": "", "at": "", "twin": True} for text in codes]


def alerts():
    return db.session.query(Alert).order_by(Alert.id).all()


def test_two_packs_with_one_code_raise_the_copy_alert_at_once(phone, batch, visit):
    assert look_at(code(batch)).verdict is Verdict.VALID
    record_finding(finding_item(visit, scans=twins(code(batch))), phone=phone)
    [alert] = alerts()
    assert (alert.kind, alert.batch_number, alert.unit) == (AlertKind.COPY, batch.number, 1)
    [[text, facts]] = alert.evidence["reasons"]
    assert text.format(**facts).startswith("两件在手")
    assert look_at(code(batch)).verdict is Verdict.SUSPECTED_COPY
    [history] = db.session.query(UnitHistory)
    assert history.checks == 0  # a find is no check by the public


def test_the_city_of_the_shop_is_a_place_where_the_unit_was_seen(phone, batch, visit):
    record_finding(finding_item(visit, scans=twins(code(batch))), phone=phone)
    nowhere = visited(shop=visit_item()["shop"] | {"city": ""})
    record_finding(finding_item(nowhere, scans=twins(code(batch, 2))), phone=phone)
    seen = [
        UnitMemory.from_bytes(row.suspicion)
        for row in db.session.query(UnitHistory).order_by(UnitHistory.serial)
    ]
    assert [bool(memory.cities) for memory in seen] == [True, False]


def test_a_scan_without_a_twin_raises_nothing(phone, batch, visit):
    scans = [scan | {"twin": False} for scan in twins(code(batch))]
    record_finding(finding_item(visit, scans=scans), phone=phone)
    assert not alerts() and look_at(code(batch)).verdict is Verdict.VALID


def test_one_visit_raises_it_once_however_often_the_phone_sends_it(phone, batch, visit):
    item = finding_item(visit, scans=twins(code(batch)))
    amended = item | {"id": new_id(), "based_on": 1, "quantity": 20}
    for sent in (item, item, amended, finding_item(visit, scans=twins(code(batch)))):
        record_finding(sent, phone=phone)
    assert len(alerts()) == 1


def test_every_unit_that_was_found_twice_has_an_alert(phone, batch, visit):
    record_finding(finding_item(visit, scans=twins(code(batch, 7), code(batch, 2))), phone=phone)
    assert [alert.unit for alert in alerts()] == [2, 7]


def test_a_finding_that_is_refused_raises_nothing(phone, batch, visit):
    with pytest.raises(ItemUnreadable):
        record_finding(finding_item(visit, scans=twins(code(batch)), offence="no_such"), phone=phone)
    db.session.rollback()
    assert not alerts() and look_at(code(batch)).verdict is Verdict.VALID


def test_alert_and_finding_stand_or_fall_together(phone, batch, visit, monkeypatch):
    def fail(*_, **__):
        raise OSError("the disk is full")

    monkeypatch.setattr("gi_trace.patrol.actions.arriving.record", fail)
    with pytest.raises(OSError):
        record_finding(finding_item(visit, scans=twins(code(batch))), phone=phone)
    db.session.rollback()
    assert not alerts() and db.session.query(Finding).count() == 0


def test_a_code_that_is_not_ours_raises_nothing(phone, visit):
    record_finding(finding_item(visit, scans=twins("ABC", "0" * 20)), phone=phone)
    assert not alerts()


def test_a_dismissed_find_comes_back_only_with_another_visit(phone, batch, visit):
    item = finding_item(visit, scans=twins(code(batch)))
    record_finding(item, phone=phone)
    dismiss_alert(alerts()[0], reason="同一件扫了两次", by=person("zhao"))
    record_finding(item | {"id": new_id(), "based_on": 1}, phone=phone)
    assert len(alerts()) == 1 and look_at(code(batch)).verdict is Verdict.VALID
    record_finding(finding_item(visited(), scans=twins(code(batch))), phone=phone)
    assert len(alerts()) == 2 and look_at(code(batch)).verdict is Verdict.SUSPECTED_COPY


def test_a_find_is_news_also_of_a_unit_that_was_under_suspicion(phone, batch, visit, at):
    for number in range(24):
        at(f"2026-12-{number + 1:02}T08:00Z")
        device = f"{number:022d}".encode()
        look_at(code(batch), Looker(device, False, "192.0.2.1", "phone", CITIES[number % 8], Channel.WEB))
    assert len(alerts()) == 1
    record_finding(finding_item(visit, scans=twins(code(batch))), phone=phone)
    suspicion, find = alerts()
    assert find.evidence["score"] > suspicion.evidence["score"]
    confirm_alert(find, reason="两件在手", **two_officers())
    assert look_at(code(batch)).verdict is Verdict.COUNTERFEIT
