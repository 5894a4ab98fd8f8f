"""Visits and findings arrive as often and in whatever order phones send them, and are never overwritten."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from marshmallow.fields import Nested

from gi_trace import clock
from gi_trace.accounts.actions import close_account
from gi_trace.casework.models import Lead
from gi_trace.casework.rules.risk import LeadSource
from gi_trace.casework.shops_to_visit import all_shops, shops_to_visit
from gi_trace.database import db, writing
from gi_trace.patrol.actions.discards import record_discard
from gi_trace.patrol.actions.photos import announce_photo, receive_evidence
from gi_trace.patrol.actions.scans import record_scan
from gi_trace.patrol.actions.visits import record_finding, record_visit
from gi_trace.patrol.items import DISCARD, FINDING, PHOTO, SCAN, UUID, VISIT
from gi_trace.patrol.models import (
    Evidence,
    Finding,
    FindingVersion,
    Visit,
    open_visits_of,
    registered_goods_since,
)
from gi_trace.patrol.packs.actions import end_phone, revoke_phone
from gi_trace.patrol.packs.models import PatrolPhone
from gi_trace.patrol.rules import (
    Doubt,
    ItemChanged,
    ItemUnreadable,
    MeasureDateAhead,
    NotInOffice,
    NotInVisit,
    OfAnotherVisit,
    PlaceMissing,
    VisitMissing,
)
from gi_trace.record.actions import first_broken_row
from gi_trace.record.models import RecordRow
from gi_trace.registry.who_may import OfficersTheSame
from gi_trace.verification.history import Channel
from gi_trace.verification.models import Alert, AlertKind, AlertState, Check, Report, ReportKind
from gi_trace.verification.models.checks import serial_of
from tests.cast import code, make_activated_batch, person
from tests.patrols import (
    Handset,
    discard_item,
    finding_item,
    new_id,
    photo_item,
    scan_item,
    visit_item,
    visited,
)

DAY = 24 * 3600


@pytest.fixture
def phone(app):
    return Handset("chen").register()


def acts():
    return [row.act for row in db.session.query(RecordRow).order_by(RecordRow.number)]


def test_an_item_sent_again_is_the_same_item(phone):
    item = visit_item()
    first = record_visit(item, phone=phone)
    again = record_visit(item | {"sent_at": (clock.now() + timedelta(hours=1)).isoformat()}, phone=phone)
    assert again is first and again.receipt == first.receipt
    assert db.session.query(Visit).count() == 1 and acts().count("visit.recorded") == 1


def test_the_same_id_with_other_content_overwrites_nothing(phone):
    item = visit_item()
    record_visit(item, phone=phone)
    with pytest.raises(ItemChanged):
        record_visit(item | {"note": "改过"}, phone=phone)
    assert db.session.query(Visit).one().latest.note == ""


def test_until_its_visit_has_arrived_nobody_knows_whose_a_scan_finding_or_photo_is(phone):
    visit = new_id()
    for send, item in (
        (record_scan, scan_item(visit, "ABC")),
        (record_finding, finding_item(visit)),
        (announce_photo, photo_item(visit, b"x")),
    ):
        with pytest.raises(VisitMissing):
            send(item, phone=phone)
    assert db.session.query(Finding).count() == 0


def test_only_the_two_officers_of_a_visit_send_scans_findings_and_photos_of_it(phone):
    visit, stranger = visited(), person("liang")
    with writing():
        stranger.role, stranger.area_id = "inspector", None
    liangs, hes = Handset("liang").register(), Handset("he").register()
    photo = photo_item(visit, b"x")
    for send, item in (
        (record_scan, scan_item(visit, "ABC")),
        (record_finding, finding_item(visit)),
        (announce_photo, photo),
    ):
        with pytest.raises(NotInVisit):
            send(item, phone=liangs)
        assert send(item, phone=hes).id == item["id"]
    with pytest.raises(NotInVisit):
        receive_evidence(photo["id"], 0, b"x", phone=liangs)


def test_why_something_refused_was_given_up_is_kept_also_of_a_visit_that_never_came(phone):
    visit, lost = visited(), new_id()
    kinds = ["visit", "scan", "scan"]
    items = [{"id": new_id(), "kind": kind, "made_at": ""} for kind in kinds]
    item = discard_item(lost, items=items, reason="店名写错，另行登记")
    given_up = record_discard(item, phone=phone)
    assert record_discard(item, phone=phone) is given_up and given_up.receipt
    assert (given_up.visit, dict(given_up.counts)) == (None, {"visit": 1, "scan": 2})
    of_a_scan = record_discard(discard_item(visit), phone=phone)
    assert db.session.get_one(Visit, visit).discards == [of_a_scan]
    for changes in ({"reason": " "}, {"items": []}, {"items": [{"id": new_id(), "kind": "leave"}]}):
        with pytest.raises(ItemUnreadable):
            record_discard(discard_item(visit, **changes), phone=phone)
    liang = person("liang")
    with writing():
        liang.role, liang.area_id = "inspector", None
    with pytest.raises(NotInVisit):
        record_discard(discard_item(visit), phone=Handset("liang").register())
    assert acts().count("items.discarded") == 2 and first_broken_row()[0] is None


def test_every_scan_of_a_visit_is_kept_as_it_was_read_with_the_verdicts_of_phone_and_service(phone):
    batch, visit = make_activated_batch(), visited()
    ours = f"http://127.0.0.1:8000/c/{code(batch)}"
    told = [
        (ours, {"verdict": "valid"}, "valid"),
        (ours, {"verdict": "valid", "again": True}, "valid"),
        (f"https://clone.example/c/{code(batch)}", {"host": "clone.example"}, "other_host"),
        (
            "https://elsewhere.example/pay",
            {"verdict": "other_host", "host": "elsewhere.example"},
            "other_host",
        ),
        (code(batch)[0] + "0" * 19, {"verdict": "not_ours"}, "not_ours"),
    ]
    for text, said, verdict in told:
        item = scan_item(visit, text, **said)
        scan = record_scan(item, phone=phone)
        assert record_scan(item, phone=phone) is scan and scan.receipt
        assert (scan.text, scan.server_verdict, scan.by) == (text, verdict, person("chen"))
    kept = db.session.get_one(Visit, visit)
    assert len(kept.scans) == len(told) and [scan.again for scan in kept.scans].count(True) == 1
    assert kept.findings == []  # and it is evidence all the same
    with pytest.raises(ItemChanged):
        record_scan(item | {"text": "ABC"}, phone=phone)


def ids_of(schema, path=()):
    """Paths to all ids in an item, but its own."""
    for name, field in schema.fields.items():
        inner = getattr(field, "inner", field)
        if isinstance(inner, Nested):
            yield from ids_of(inner.schema, (*path, name))
        elif field.validate is UUID and (path or name != "id"):
            yield (*path, name)


KINDS = {
    VISIT: (record_visit, visit_item),
    SCAN: (record_scan, lambda **named: scan_item(text="ABC", **named)),
    FINDING: (record_finding, finding_item),
    PHOTO: (announce_photo, lambda **named: photo_item(photo=b"x", **named)),
    DISCARD: (record_discard, discard_item),
}


def everything_of(visit):
    """All that stands with a visit, by whom."""
    db.session.expire_all()
    kept = db.session.get_one(Visit, visit)
    loose = [kept.scans, kept.photos, kept.discards, kept.versions]
    found = [part for finding in kept.findings for part in (finding.versions, finding.photos)]
    return [(each.id, each.by_id) for part in (*loose, *found) for each in part]


def test_whatever_ids_an_item_names_it_lands_in_a_visit_of_its_maker_and_in_no_other(phone):
    visit, stranger = visited(), person("liang")
    with writing():
        stranger.role, stranger.area_id = "inspector", None
    liangs = Handset("liang").register()
    own = visited("liang")
    finding, scan, photo = finding_item(visit), scan_item(visit, "ABC"), photo_item(visit, b"x")
    for send, item in ((record_finding, finding), (record_scan, scan), (announce_photo, photo)):
        send(item, phone=phone)
    theirs, ours = everything_of(visit), everything_of(own)
    mine = {"visit": own}
    scanned = [{"id": scan["id"], "kind": "scan"}]
    cases = {
        (VISIT, ("visit",)): {"visit": visit, "based_on": 1},
        (SCAN, ("visit",)): {"visit": visit},
        (FINDING, ("visit",)): {"visit": visit},
        (FINDING, ("finding",)): mine | {"finding": finding["finding"], "based_on": 1},
        (PHOTO, ("visit",)): {"visit": visit},
        (PHOTO, ("finding",)): mine | {"finding": finding["finding"], "kind": "signature"},
        (PHOTO, ("marks_of",)): mine | {"marks_of": photo["id"], "kind": "marked"},
        (DISCARD, ("visit",)): {"visit": visit},
        (DISCARD, ("items", "id")): mine | {"items": scanned},
    }
    shared = {(VISIT, ("shop", "id"))}  # a shop is everybody's
    assert cases.keys() | shared == {(schema, path) for schema in KINDS for path in ids_of(schema)}
    for (schema, _), named in cases.items():
        send, item = KINDS[schema]
        with pytest.raises((NotInVisit, OfAnotherVisit)):
            send(item(**named), phone=liangs)
        db.session.rollback()
    assert (everything_of(visit), everything_of(own)) == (theirs, ours)


def test_what_names_a_thing_before_it_arrives_in_another_visit_does_not_hang_on_it(phone):
    """A photo may come before its finding, a discard before its visit: whose they are is seen when those arrive."""
    visit, stranger = visit_item(), person("liang")
    with writing():
        stranger.role, stranger.area_id = "inspector", None
    liangs, own = Handset("liang").register(), visited("liang")
    finding, photo = finding_item(visit["visit"]), photo_item(visit["visit"], b"y")
    early = photo_item(own, b"x", finding=finding["finding"], kind="signature")
    marked = photo_item(own, b"z", marks_of=photo["id"], kind="marked")
    given_up = record_discard(discard_item(visit["visit"]), phone=liangs)
    for item in (early, marked):
        announce_photo(item, phone=liangs)
    record_visit(visit, phone=phone)
    record_finding(finding, phone=phone)
    announce_photo(photo, phone=phone)
    db.session.expire_all()
    kept = db.session.get_one(Visit, visit["visit"])
    assert (kept.discards, given_up.visit, kept.findings[0].photos) == ([], None, [])
    assert db.session.get_one(Evidence, marked["id"]).marks_of is None
    assert {one.id for one in db.session.get_one(Visit, own).loose_photos} == {early["id"], marked["id"]}


def test_nobody_gets_the_receipt_of_what_another_sent(phone):
    visit = visited()
    hes = Handset("he").register()
    for send, item in (
        (record_visit, visit_item(visit=visit, based_on=1)),
        (record_scan, scan_item(visit, "ABC")),
        (record_finding, finding_item(visit)),
        (announce_photo, photo_item(visit, b"x")),
        (record_discard, discard_item(visit)),
    ):
        send(item, phone=phone)
        with pytest.raises((ItemChanged, OfficersTheSame)):
            send(item, phone=hes)
        db.session.rollback()


@pytest.mark.parametrize(
    "changes", [{"finding": new_id()}, {"kind": "screenshot"}, {"kind": "marked", "marks_of": new_id()}]
)
def test_a_photo_announced_again_says_the_same_of_where_it_belongs(phone, changes):
    item = photo_item(visited(), b"x")
    announce_photo(item, phone=phone)
    with pytest.raises(ItemChanged):
        announce_photo(item | changes, phone=phone)


def test_the_seven_days_of_goods_kept_do_not_begin_tomorrow(phone, at):
    at("2026-11-24T15:59:00Z")
    visit = visited()
    tomorrow = finding_item(visit, measure="preserved", measure_on="2026-11-25")
    with pytest.raises(MeasureDateAhead):
        record_finding(tomorrow, phone=phone)
    at("2026-11-24T16:00:00Z")  # midnight in Shanghai
    assert record_finding(tomorrow, phone=phone).measure_on == date(2026, 11, 25)


def test_an_amendment_is_a_new_version_and_the_old_one_stays(phone):
    item = finding_item(visited())
    record_finding(item, phone=phone)
    record_finding(item | {"id": new_id(), "based_on": 1, "quantity": 20}, phone=phone)
    versions = db.session.query(Finding).one().versions
    assert [(version.number, version.quantity, version.conflicts) for version in versions] == [
        (1, 12, False),
        (2, 20, False),
    ]
    assert acts()[-2:] == ["finding.recorded", "finding.amended"]


def test_two_phones_amend_the_same_finding_and_both_versions_are_kept_and_told_apart(phone):
    visit = visit_item()
    record_visit(visit, phone=phone)
    item = finding_item(visit["visit"])
    record_finding(item, phone=phone)
    hes = Handset("he").register()
    one = record_finding(item | {"id": new_id(), "based_on": 1, "quantity": 20}, phone=phone)
    two = record_finding(item | {"id": new_id(), "based_on": 1, "quantity": 30}, phone=hes)
    assert (one.number, one.conflicts, two.number, two.conflicts) == (2, False, 3, True)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"second_officer_id": "chen"}, OfficersTheSame),
        ({"second_officer_id": "lin"}, ItemUnreadable),
        ({"market_id": None}, PlaceMissing),
        ({"market_id": 999}, ItemUnreadable),
        ({"visit": "x"}, ItemUnreadable),
    ],
)
def test_a_visit_that_does_not_stand_is_refused_and_nothing_is_kept(phone, changes, refusal):
    if "second_officer_id" in changes:
        changes = {"second_officer_id": person(changes["second_officer_id"]).id}
    with pytest.raises(refusal):
        record_visit(visit_item(**changes), phone=phone)
    db.session.rollback()
    assert db.session.query(Visit).count() == 0 and "visit.recorded" not in acts()


def test_an_unknown_offence_is_refused(phone):
    with pytest.raises(ItemUnreadable):
        record_finding(finding_item(visited(), offence="no_such"), phone=phone)


def test_what_arrives_from_a_phone_that_was_revoked_or_left_says_so(phone, at):
    at("2026-11-24T08:00:00Z")
    before, lost = visit_item(), Handset("chen").register()
    at("2026-11-24T09:00:00Z")
    for each in (phone, lost):
        end_phone(each)
    revoke_phone(lost, by=person("zhao"))
    at("2026-11-24T10:00:00Z")
    after = visit_item()
    told = [
        list(record_visit(item | {"id": new_id(), "visit": new_id()}, phone=each).doubts)
        for each in (phone, lost)
        for item in (before, after)
    ]
    revoked = [Doubt.PHONE_REVOKED]
    assert told == [[], [Doubt.PHONE_ENDED], revoked, [Doubt.PHONE_ENDED, *revoked]]


def test_whose_account_was_closed_made_nothing_afterwards_and_was_on_no_visit(phone, at):
    at("2026-11-24T08:00:00Z")
    before, hes = visit_item(), Handset("he").register()
    amended = before | {"id": new_id(), "based_on": 1}
    at("2026-11-24T09:00:00Z")
    close_account(person("he"), by=person("zhao"))
    at("2026-11-24T10:00:00Z")
    tomorrow = (clock.now() + timedelta(days=1)).isoformat()
    for item, by in (
        (visit_item(), phone),
        (visit_item(second_officer_id=person("chen").id, made_at=tomorrow), hes),
        (visit_item(second_officer_id=person("chen").id), hes),
    ):
        with pytest.raises(NotInOffice):
            record_visit(item, phone=by)
        db.session.rollback()
    assert record_visit(before, phone=phone).number == 1
    assert record_visit(amended | {"made_at": clock.now().isoformat()}, phone=phone).number == 2
    scan = scan_item(before["visit"], "ABC", made_at=before["made_at"], heard_at=before["heard_at"])
    assert record_scan(scan, phone=hes).doubts == {}


def test_the_service_judges_each_scanned_code_again(phone):
    batch = make_activated_batch()
    scans = [
        {"code": text, "verdict": "valid", "pack": "", "at": "", "twin": False}
        for text in (code(batch), "ABC")
    ]
    finding = record_finding(finding_item(visited(), scans=scans), phone=phone)
    assert finding.server_verdicts == {code(batch): "valid", "ABC": "malformed"}


@pytest.mark.parametrize(
    ("made", "told", "happened", "doubts"),
    [
        ("2026-11-24T07:50", 0, "2026-11-24T07:50", {}),
        ("2026-11-21T07:50", -3 * DAY, "2026-11-24T07:50", {Doubt.CLOCK_SLOW: 3 * DAY / 60}),
        ("2026-11-21T07:50", 0, "2026-11-24T07:30", {Doubt.CLOCK_SLOW: 3 * DAY / 60 - 20}),
        ("2026-11-27T07:50", 0, "2026-11-24T08:00", {Doubt.CLOCK_FAST: 3 * DAY / 60 - 10}),
    ],
)
def test_how_wrong_a_clock_was_stands_with_what_was_made_by_it(phone, at, made, told, happened, doubts):
    """As sealed by its maker; whatever that says, it was made after the phone's last word from us and before it came."""
    at("2026-11-24T08:00:00Z")
    visit, batch = visited(), make_activated_batch()
    said = {"made_at": f"{made}:00Z", "clock_ahead_s": told, "heard_at": "2026-11-24T07:30:00Z"}
    arrived = [
        record_visit(visit_item(**said), phone=phone),
        record_scan(scan_item(visit, code(batch), **said), phone=phone),
        record_finding(finding_item(visit, **said), phone=phone),
        announce_photo(photo_item(visit, b"x", **said), phone=phone),
        record_discard(discard_item(visit, **said), phone=phone),
    ]
    for item in arrived:
        assert (item.made_at.isoformat()[:16], item.happened_at.isoformat()[:16]) == (made, happened)
        assert item.doubts == doubts


def test_whoever_carries_an_item_says_nothing_of_its_clock_and_an_older_app_nothing_either(phone):
    old = {name: value for name, value in visit_item().items() if name not in ("clock_ahead_s", "heard_at")}
    carried = record_visit(old | {"sent_at": "2024-06-01T00:00:00Z"}, phone=phone)
    assert (carried.clock_ahead_s, list(carried.doubts)) == (0, [Doubt.CLOCK_UNTOLD])


def test_the_record_names_no_person_and_stays_whole(phone):
    item = finding_item(visited(), supplier="张示范 13800000000", statement="示范陈述")
    record_finding(item, phone=phone)
    row = db.session.query(RecordRow).filter_by(act="finding.recorded").one()
    assert "示范" not in row.body and row.facts["content_sha256"]
    assert first_broken_row()[0] is None


def test_goods_kept_for_proof_stand_on_the_list_by_their_latest_version(phone):
    item = finding_item(visited(), measure="preserved", measure_on="2026-11-20")
    record_finding(item, phone=phone)
    record_finding(item | {"id": new_id(), "based_on": 1, "measure_number": "示范保〔2026〕1号"}, phone=phone)
    record_finding(finding_item(visited(), measure="preserved", measure_on="2026-01-05"), phone=phone)
    kept = registered_goods_since(date(2026, 11, 17))
    assert [version.measure_number for version in kept] == ["示范保〔2026〕1号"]
    assert isinstance(kept[0], FindingVersion)


def test_both_officers_share_the_visit_and_no_one_else(phone):
    record_visit(visit_item(), phone=phone)
    since = clock.now() - timedelta(hours=1)
    assert len(open_visits_of(person("he"), since)) == len(open_visits_of(person("chen"), since)) == 1
    assert open_visits_of(person("liang"), since) == []


def test_shops_with_finds_come_before_those_without_and_say_why(phone, at):
    at("2026-06-01T00:00:00Z")
    for finds in (0, 2):
        visit = visit_item(shop=visit_item()["shop"] | {"name": f"示范 {finds}"})
        record_visit(visit, phone=phone)
        for _ in range(finds):
            record_finding(finding_item(visit["visit"]), phone=phone)
    at("2026-11-24T00:00:00Z")
    best = shops_to_visit(all_shops())[0]
    assert best.reasons[0][1] == {"count": 2} and best.reasons[-1][1] == {"days": 176}


def copy_alert(batch, unit, **facts):
    return Alert(
        kind=AlertKind.COPY, subject=f"{batch.number}-{unit}", batch_number=batch.number, unit=unit,
        raised_at=clock.now(), evidence={}, **facts,
    )  # fmt: skip


def a_check(batch, unit, number, city):
    return Check(
        serial=serial_of(batch.number, unit), number=number, at=clock.now(), device=bytes(16), city=city,
        channel=Channel.WEB,
    )  # fmt: skip


def test_leads_reports_and_suspicion_in_the_city_send_officers_to_a_shop(phone):
    shops = [visit_item()["shop"] | {"name": name, "city": "示范市"} for name in ("示范甲店", "示范乙店")]
    for shop in shops:
        record_visit(visit_item(shop=shop), phone=phone)
    batch, now = make_activated_batch(), clock.now()
    with writing():
        db.session.add_all(
            [
                Lead(
                    source=LeadSource.FINDING, title="演示", respondent_name="示范乙店", received_on=clock.today(),
                    entered_at=now, risk_points=1, risk_reasons=[],
                ),
                Report(receipt="R1", kind=ReportKind.REPORT, what="演示", bought_at="在示范乙店买的", sent_at=now),
                copy_alert(batch, 3),
                copy_alert(batch, 4, state=AlertState.DISMISSED),
                *(a_check(batch, unit, number, city) for unit in (3, 4) for number, city in enumerate(["示范", "他市"])),
            ]
        )  # fmt: skip
    stops = {
        stop.shop_id: [text.format(**facts) for text, facts in stop.reasons]
        for stop in shops_to_visit(all_shops())
    }
    assert stops[shops[0]["id"]] == ["示范市有 1 个标识触发复制警报", "今天已巡查"]
    assert len(stops[shops[1]["id"]]) == 4


def test_one_item_sent_twice_at_once_is_written_once(app, phone):
    item, other = visit_item(), visit_item()
    phone_id, both = phone.id, threading.Barrier(2)

    def send(sent):
        with app.app_context():
            both.wait()
            return record_visit(sent, phone=db.session.get(PatrolPhone, phone_id)).receipt

    db.session.rollback()
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(send, (item, item))
        assert first == second
        assert len(set(pool.map(send, (other, item)))) == 2
    assert acts().count("visit.recorded") == 2


def test_two_officers_who_amend_at_once_both_get_a_version_of_their_own(app, phone):
    visit = visit_item()
    record_visit(visit, phone=phone)
    item = finding_item(visit["visit"])
    record_finding(item, phone=phone)
    phones, both = (phone.id, Handset("he").register().id), threading.Barrier(2)

    def amend(phone_id):
        with app.app_context():
            same = db.session.get(PatrolPhone, phone_id)
            both.wait()
            return record_finding(item | {"id": new_id(), "based_on": 1}, phone=same).number

    db.session.rollback()
    with ThreadPoolExecutor(2) as pool:
        numbers = [number for _ in range(10) for number in pool.map(amend, phones)]
    assert sorted(numbers) == list(range(2, 22))


def test_a_label_text_is_kept_to_its_bound(phone):
    kept = record_finding(finding_item(visited(), label={"maker": "厂" * 600, "mark": " "}), phone=phone)
    assert kept.label == {"maker": "厂" * 500}


def test_an_old_visit_is_shared_no_more(phone, at):
    at("2026-11-20T08:00:00Z")
    record_visit(visit_item(), phone=phone)
    at("2026-11-24T08:00:00Z")
    assert open_visits_of(person("chen"), clock.now() - timedelta(hours=24)) == []


def test_only_the_two_officers_of_a_visit_amend_it(phone):
    visit = visit_item(second_officer_id=person("he").id)
    record_visit(visit, phone=phone)
    amended = visit | {"id": new_id(), "based_on": 1, "second_officer_id": person("chen").id}
    assert record_visit(amended, phone=Handset("he").register()).number == 2
    stranger = person("liang")
    with writing():
        stranger.role, stranger.area_id = "inspector", None
    with pytest.raises(NotInVisit):
        record_visit(amended | {"id": new_id()}, phone=Handset("liang").register())


def test_two_versions_of_a_visit_that_know_not_of_each_other_are_told_apart(phone):
    visit = visit_item()
    amended = [visit | {"id": new_id(), "based_on": 1, "note": note} for note in ("甲", "乙")]
    versions = [record_visit(item, phone=phone) for item in (visit, *amended)]
    assert [(version.number, version.conflicts) for version in versions] == [
        (1, False),
        (2, False),
        (3, True),
    ]


def test_a_shop_in_a_market_that_is_not_ours_is_refused(phone):
    visit = visit_item()
    with pytest.raises(ItemUnreadable):
        record_visit(visit | {"shop": visit["shop"] | {"market_id": 999}}, phone=phone)
    assert db.session.query(Visit).count() == 0
