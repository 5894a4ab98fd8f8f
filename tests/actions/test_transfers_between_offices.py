"""A lead goes to another city and its result comes back: two instances of the service, real HTTP between them."""

import hashlib
import json
import re
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from sqlalchemy import Enum, String, inspect

from gi_trace import clock
from gi_trace.casework.actions.leads import close_lead
from gi_trace.casework.models import Lead, LeadState, find_paper_about
from gi_trace.casework.papers.kinds import CasePaperKind
from gi_trace.casework.rules.leads import LeadNotOpen
from gi_trace.casework.rules.leaving import LookedOver, NotLookedOver
from gi_trace.casework.rules.risk import LeadSource
from gi_trace.database import db, writing
from gi_trace.evidence.store import evidence_store
from gi_trace.keys import keys
from gi_trace.offices import sending, wire
from gi_trace.offices.actions import (
    answer_transfer,
    note_answer_on_paper,
    note_received_on_paper,
    note_result_on_paper,
    note_return_on_paper,
    register_office,
    report_result,
    retire_office,
    send_transfer,
)
from gi_trace.offices.delivery import deliver, deliver_waiting, receive_package
from gi_trace.offices.faults import Fault, fault_parts
from gi_trace.offices.lead_body import body_of, free_texts
from gi_trace.offices.models import (
    Direction,
    LeadTransfer,
    OfficeMessage,
    TransferAnswer,
    TransferOriginal,
    find_office,
    transfers_of,
)
from gi_trace.offices.originals import look_at_original
from gi_trace.offices.rules import OfficeKnown, OfficeUnknown, PackageOutOfPlace, PackageReplayed
from gi_trace.offices.sending import Round
from gi_trace.patrol.rules import LabelField, Measure
from gi_trace.record.actions import first_broken_row
from gi_trace.record.models import RecordRow
from tests.casework import add_photo, add_scan, make_finding, make_lead
from tests.cast import PASSWORD, person
from tests.jobs import do_what_waits
from tests.offices import Instance, knows, strange_office


@pytest.fixture
def offices(tmp_path, prepared_sqlite):
    ours, theirs = (
        Instance(code, tmp_path / code, prepared_sqlite) for code in ("jiangmen-demo", "qinzhou-demo")
    )
    ours.knows(theirs, in_agreement=False)
    theirs.knows(ours)
    yield ours, theirs
    ours.stop()
    theirs.stop()


@pytest.fixture
def database_url():
    """Two services have two databases; SQLite is enough for what goes between them."""
    return ""


def post(instance, package, media_type="application/json"):
    request = Request(f"{instance.url}/exchange/messages", package, {"Content-Type": media_type})
    try:
        with urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()


SEEN = LookedOver((), True)


def send(lead, looked=SEEN):
    office = find_office("qinzhou-demo")
    return send_transfer(lead, office, reason="产地在贵市", looked=looked, by=person("zhao"))


def sent_from(instance):
    """The id of a transfer whose message is not delivered yet."""
    with instance.app.app_context():
        return send(make_lead()).id


def package_of(instance, transfer_id):
    with instance.app.app_context():
        return db.session.get(LeadTransfer, transfer_id).messages[0].package.encode()


def test_a_lead_goes_out_is_accepted_and_its_result_comes_back(offices):
    ours, theirs = offices
    with ours.app.app_context():
        finding = make_finding()
        photo = add_photo(finding)
        lead = make_lead(finding_ids=(finding.id,), identity="示范甲 13800138000", value_fen=800_00)
        lead_id, photo_hash = lead.id, photo.sha256
        transfer_id = send(lead).id
        assert deliver_waiting() == (2, 0)  # the package and the photo
        transfer = db.session.get(LeadTransfer, transfer_id)
        assert transfer.received_on and transfer.answer is None and transfer.lead.state == LeadState.OPEN
        assert "13800138000" not in transfer.messages[0].package
    with theirs.app.app_context():
        transfer = db.session.get(LeadTransfer, transfer_id)
        assert (transfer.lead.source, transfer.lead.value_fen) == (LeadSource.CITY, 800_00)
        assert photo_hash in transfer.lead.what
        answer_transfer(transfer, TransferAnswer.ACCEPTED, reason="", by=person("zhao"))
        report_result(transfer, result="已立案查处", looked=SEEN, by=person("zhao"))
        assert deliver_waiting() == (2, 0)
    with ours.app.app_context():
        transfer = db.session.get(LeadTransfer, transfer_id)
        assert (transfer.answer, transfer.result) == (TransferAnswer.ACCEPTED, "已立案查处")
        assert all((transfer.sent_on, transfer.received_on, transfer.answered_on, transfer.result_on))
        assert db.session.get(Lead, lead_id).state == LeadState.TRANSFERRED
        assert first_broken_row()[0] is None


def test_supplier_goods_kept_scans_and_photos_of_the_visit_go_along(offices):
    ours, theirs = offices
    scan = {"code": "https://codes.example/c/2ABCD", "verdict": "not_ours", "at": "2026-11-24T16:00:00+08:00"}
    with ours.app.app_context():
        kept = {"measure": Measure.PRESERVED, "measure_on": date(2026, 11, 24), "measure_number": "示登 1 号"}
        finding = make_finding(supplier="示范批发部", statement="不清楚来源", scans=[scan], **kept)
        add_scan(finding, "https://foreign.example/c/1")
        photo = add_photo(finding)
        with writing():
            photo.finding_id = None  # it is one of the visit
        transfer_id, sha256 = send(make_lead(finding_ids=(finding.id,))).id, photo.sha256
        assert deliver_waiting() == (2, 0)
    with theirs.app.app_context():
        transfer = db.session.get(LeadTransfer, transfer_id)
        said = transfer.lead.what
        for piece in ("供货来源：示范批发部", "当事人陈述：不清楚来源", "先行登记保存：2026-11-24 示登 1 号"):
            assert piece in said
        for code in ("https://codes.example/c/2ABCD", "https://foreign.example/c/1"):
            assert f"扫码：{code}　查无此标识" in said
        assert [one.sha256 for one in transfer.originals if one.arrived_at] == [sha256]


def test_what_may_be_personal_is_looked_over_before_a_lead_leaves(offices):
    ours, _ = offices
    with ours.app.app_context():
        finding = make_finding(statement="店主陈大文称电话 13800138000 的人供货")
        lead = make_lead(finding_ids=(finding.id,))
        with pytest.raises(NotLookedOver):
            send(lead, looked=LookedOver())
        db.session.rollback()
        transfer = send(lead, looked=LookedOver(("陈大文", "13800138000"), True))
        package = transfer.messages[0].package
        assert "13800138000" not in package and "陈大文" not in package and "陈某某称" in package


def test_the_words_of_an_informant_are_never_sent_unseen_and_his_name_never(offices):
    ours, _ = offices
    with ours.app.app_context():
        lead = make_lead(identity="龙吉祥示范 13800138000", what="龙吉祥示范在店里见到的")
        with pytest.raises(NotLookedOver):
            send(lead, looked=LookedOver())
        db.session.rollback()
        transfer = send(lead)
        assert "龙吉祥示范" not in transfer.messages[0].package
        letter = find_paper_about(CasePaperKind.TRANSFER, transfer.id)
        assert letter.number.startswith("示市监移〔")
        assert "龙吉祥示范" not in str(letter.content)


# Of what somebody wrote, that which goes as it is: names and codes of the party and its shops, and what was scanned.
AS_IT_IS = {"respondent name", "respondent code", "findings shop", "visits shop"}


def fill(row):
    """Every text of the row says where it stands."""
    for column in inspect(row).mapper.columns:
        is_text = isinstance(column.type, String) and not isinstance(column.type, Enum)
        if is_text and not column.primary_key and not column.foreign_keys:
            setattr(row, column.key, f"words of {column.key}")


def words_in(told, *path):
    parts = (
        told.items()
        if isinstance(told, dict)
        else [("", one) for one in told]
        if isinstance(told, list)
        else []
    )
    if isinstance(told, str) and "words of" in told:
        yield " ".join(filter(None, path))
    for name, part in parts:
        yield from words_in(part, *path, name)


def test_every_text_of_a_lead_that_goes_along_is_looked_over(offices):
    with offices[0].app.app_context():
        label = {field.value: "words of a label" for field in LabelField}
        finding = make_finding(label=label, measure=Measure.SAMPLED, measure_on=date(2026, 11, 24))
        lead = make_lead(finding_ids=(finding.id,))
        with writing():
            for row in (lead, finding.latest, finding.visit.shop, finding.visit.latest):
                fill(row)
        body = body_of(lead, "words of a reason", (), lambda text: "")
        assert set(words_in(body)) == AS_IT_IS
        seen = free_texts(lead, "words of a reason")
        assert {"words of a reason", "words of a label", "words of respondent_address"} <= set(seen)


def test_who_told_us_goes_along_in_no_text_however_it_was_reported(offices):
    ours, _ = offices
    with ours.app.app_context():
        where = "天马市场8号，我叫孙小兰，电话138 0013 8001"
        lead = make_lead(
            respondent_address=where, what="买家孙小兰说", identity="孙小兰13800138001天马市场8号"
        )
        transfer = send(lead)
        letter = find_paper_about(CasePaperKind.TRANSFER, transfer.id)
        package = json.loads(json.loads(transfer.messages[0].package)["message"])["body"]
        assert package["respondent"]["address"] == "天马市场8号，我叫孙某某，电话***"
        for text in (json.dumps(package, ensure_ascii=False), str(letter.content)):
            assert "孙小兰" not in text and "8001" not in text


def test_a_lead_that_comes_back_joins_the_one_that_went_out(offices):
    ours, theirs = offices
    transfer_id = sent_from(ours)
    with ours.app.app_context():
        deliver_waiting()
    with theirs.app.app_context():
        transfer = db.session.get(LeadTransfer, transfer_id)
        answer_transfer(transfer, TransferAnswer.ACCEPTED, reason="", by=person("zhao"))
        office = find_office(ours.code)
        send_transfer(transfer.lead, office, reason="查明不属本市", looked=SEEN, by=person("zhao"))
        assert deliver_waiting() == (2, 0)
    with ours.app.app_context():
        lead = db.session.query(Lead).one()
        assert lead.state == LeadState.OPEN and lead.received_on == clock.today()
        assert [one.direction for one in transfers_of(lead)].count(Direction.IN) == 1
        acts = [row.act for row in db.session.query(RecordRow)]
        assert acts.count("lead.came_back") == 1 and first_broken_row()[0] is None


def transfer_with_photos(instance, *colours):
    """(id of the transfer, the photos' bytes by their hash)."""
    with instance.app.app_context():
        finding = make_finding()
        hashes = [add_photo(finding, colour).sha256 for colour in colours]
        transfer = send(make_lead(finding_ids=(finding.id,)))
        return transfer.id, {each: evidence_store().original(each).read_bytes() for each in hashes}


def post_original(instance, transfer_id, sha256, content):
    address = f"{instance.url}/exchange/originals/{transfer_id}/{sha256}"
    request = Request(address, content, {"Content-Type": "application/octet-stream"})
    try:
        with urlopen(request, timeout=10) as answer:
            return answer.status
    except HTTPError as error:
        return error.code


def test_photos_follow_their_lead_and_each_look_at_one_is_recorded(offices):
    ours, theirs = offices
    transfer_id, photos = transfer_with_photos(ours, "brown", "orange")
    with ours.app.app_context():
        assert deliver_waiting() == (3, 0) and deliver_waiting() == (0, 0)
    with theirs.app.app_context():
        originals = db.session.get(LeadTransfer, transfer_id).originals
        assert {one.sha256: one.media_type for one in originals} == dict.fromkeys(photos, "image/jpeg")
        path = look_at_original(originals[0], by=person("zhao"))
        assert path.read_bytes() == photos[originals[0].sha256]
        acts = [row.act for row in db.session.query(RecordRow).order_by(RecordRow.number)]
        assert acts.count("lead_transfer.original_received") == 2
        assert acts[-1] == "lead_transfer.original_viewed" and first_broken_row()[0] is None


def test_only_the_very_bytes_that_the_package_names_are_taken(offices):
    ours, theirs = offices
    transfer_id, photos = transfer_with_photos(ours, "brown")
    [(sha256, content)] = photos.items()
    assert post_original(theirs, transfer_id, sha256, content) == 409, "its lead is not here yet"
    post(theirs, package_of(ours, transfer_id))
    assert post_original(theirs, transfer_id, sha256, content[:-1] + b"x") == 422
    assert post_original(theirs, transfer_id, sha256, content[:-1]) == 422
    assert post_original(theirs, transfer_id, sha256, content + b"x") == 413
    assert post_original(theirs, transfer_id, "0" * 64, content) == 409
    with theirs.app.app_context():
        assert db.session.query(TransferOriginal).one().arrived_at is None
    assert [post_original(theirs, transfer_id, sha256, content) for _ in range(2)] == [200, 200]


def test_photos_beyond_the_limit_stay_and_their_hashes_go(offices):
    ours, theirs = offices
    ours.app.config["OFFICES_ORIGINALS_MB"] = 0
    transfer_id, photos = transfer_with_photos(ours, "brown")
    with ours.app.app_context():
        assert deliver_waiting() == (1, 0)
        browser = signed_in(ours.app)
        assert "只移送了校验值" in browser.get(f"/authority/lead-transfers/{transfer_id}").text
    with theirs.app.app_context():
        transfer = db.session.get(LeadTransfer, transfer_id)
        assert transfer.originals == [] and all(each in transfer.lead.what for each in photos)


def test_both_offices_see_what_became_of_a_photo(offices):
    ours, theirs = offices
    transfer_id, _ = transfer_with_photos(ours, "brown")
    assert post(theirs, package_of(ours, transfer_id))[0] == 200
    with ours.app.app_context():
        assert deliver_waiting() == (2, 0), "the package's receipt of then, and the photo"
        page = signed_in(ours.app).get(f"/authority/lead-transfers/{transfer_id}").text
        assert "对方已签收" in page
    with theirs.app.app_context():
        browser = signed_in(theirs.app)
        page = browser.get(f"/authority/lead-transfers/{transfer_id}").text
        assert "收到，校验值相符" in page
        sha256 = db.session.query(TransferOriginal).one().sha256
        with browser.get(f"/authority/lead-transfers/{transfer_id}/originals/{sha256}") as original:
            assert hashlib.sha256(original.data).hexdigest() == sha256


def signed_in(app):
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    browser.post("/sign-in", data={"sign_in_name": "zhao", "password": PASSWORD})
    return browser


def test_a_refused_lead_stays_ours(offices):
    ours, theirs = offices
    transfer_id = sent_from(ours)
    with ours.app.app_context():
        deliver_waiting()
    with theirs.app.app_context():
        transfer = db.session.get(LeadTransfer, transfer_id)
        answer_transfer(
            transfer, TransferAnswer.REFUSED, reason="不属本市管辖", looked=SEEN, by=person("zhao")
        )
        assert transfer.lead.state == LeadState.CLOSED
        deliver_waiting()
    with ours.app.app_context():
        transfer = db.session.get(LeadTransfer, transfer_id)
        assert (transfer.answer_reason, transfer.lead.state) == ("不属本市管辖", LeadState.OPEN)


def test_a_replayed_package_makes_no_second_lead_and_its_sender_gets_the_old_receipt(offices):
    ours, theirs = offices
    package = package_of(ours, sent_from(ours))
    assert post(theirs, package)[0] == 200
    status, answer = post(theirs, package)
    assert (status, json.loads(answer)["code"]) == (409, "package_replayed")
    with theirs.app.app_context():
        assert db.session.query(Lead).count() == 1
    with ours.app.app_context():
        assert deliver_waiting() == (1, 0), "a receipt that was lost on its way is fetched again"


def test_altered_foreign_and_misdirected_packages_are_refused_and_leave_nothing(offices):
    ours, theirs = offices
    package = package_of(ours, sent_from(ours))
    altered = package.replace("示范".encode(), "别的".encode(), 1)
    assert post(theirs, altered)[0] == 403
    assert post(ours, package)[0] == 403, "we are no office that we know"
    assert post(theirs, b"{}")[0] == 400
    assert post(theirs, package, "text/plain")[0] == 415
    assert post(theirs, b"x" * (2 << 20))[0] == 413
    with theirs.app.app_context():
        assert db.session.query(Lead).count() == db.session.query(OfficeMessage).count() == 0


def test_a_retired_office_is_heard_no_more(offices):
    ours, theirs = offices
    package = package_of(ours, sent_from(ours))
    with theirs.app.app_context():
        retire_office(find_office(ours.code), by=person("zhao"))
    assert post(theirs, package)[0] == 403
    with theirs.app.app_context(), pytest.raises(OfficeUnknown):
        send_transfer(make_lead(), find_office(ours.code), reason="产地", looked=SEEN, by=person("zhao"))


def test_a_package_waits_while_the_other_side_is_away(offices):
    ours, theirs = offices
    ours.knows(theirs, url="http://127.0.0.1:9")
    sent_from(ours)
    with ours.app.app_context():
        assert deliver_waiting() == (0, 1)
        assert db.session.query(OfficeMessage).one().last_fault.startswith("unreachable: ConnectionRefused")
    ours.knows(theirs)
    with ours.app.app_context():
        assert deliver_waiting() == (1, 0)


def test_a_receipt_by_somebody_else_is_no_receipt(offices):
    ours, theirs = offices
    with ours.app.app_context():
        stranger = keys().office.public_key().public_bytes_raw().hex()
    knows(ours.app, theirs.code, stranger, theirs.url, in_agreement=False)
    sent_from(ours)
    with ours.app.app_context():
        message = db.session.query(OfficeMessage).one()
        assert not deliver(message, Round()) and message.last_fault == "wrong_receipt: package_altered"


def test_a_known_office_gets_a_new_key_from_two_officers_alone(offices):
    ours, theirs = offices
    with ours.app.app_context():
        told = {"in_agreement": True, "url": theirs.url}
        again = partial(register_office, theirs.code, "示范局", "示范市", **told)
        again(public_key=theirs.public_key, by=person("zhao"))  # its name alone
        office = find_office(theirs.code)
        for is_retired in (False, True):
            if is_retired:
                retire_office(office, by=person("zhao"))
            with pytest.raises(OfficeKnown):
                again(public_key="ab" * 32, by=person("zhao"))
        assert office.public_key == theirs.public_key
        again(public_key="ab" * 32, by=person("sun"))
        assert (office.public_key, office.retired_at) == ("ab" * 32, None)


def test_answers_out_of_place_change_nothing(offices):
    ours, theirs = offices
    transfer_id = sent_from(ours)
    with ours.app.app_context():
        deliver_waiting()
        transfer = db.session.get(LeadTransfer, transfer_id)
        with pytest.raises(PackageOutOfPlace):
            answer_transfer(transfer, TransferAnswer.ACCEPTED, reason="", by=person("zhao"))
    with theirs.app.app_context():
        transfer = db.session.get(LeadTransfer, transfer_id)
        with pytest.raises(PackageOutOfPlace):
            report_result(transfer, result="早了", looked=SEEN, by=person("zhao"))
        answer_transfer(transfer, TransferAnswer.ACCEPTED, reason="", by=person("zhao"))
        answer = transfer.messages[-1].package.encode()
    with ours.app.app_context():
        receive_package(answer)
        with pytest.raises(PackageReplayed):
            receive_package(answer)


def test_a_lead_is_with_one_office_at_a_time(offices):
    ours, _ = offices
    with ours.app.app_context():
        lead = make_lead()
        send(lead)
        with pytest.raises(LeadNotOpen):
            send(lead, looked=LookedOver())
        db.session.rollback()
        closed = make_lead()
        close_lead(closed, reason="查无实据", by=person("zhao"))
        with pytest.raises(LeadNotOpen):
            send(closed)


def test_an_office_without_this_service_answers_on_paper(offices):
    ours, _ = offices
    with ours.app.app_context():
        office = register_office(
            "pubei-demo", "示范县局", "示范县", in_agreement=False, public_key="", url="", by=person("zhao")
        )
        transfer = send_transfer(make_lead(), office, reason="原料来自贵县", looked=SEEN, by=person("zhao"))
        assert deliver_waiting() == (0, 0)
        today = transfer.sent_on
        note_received_on_paper(transfer, today, by=person("zhao"))
        note_answer_on_paper(transfer, TransferAnswer.ACCEPTED, today, reason="", by=person("zhao"))
        note_result_on_paper(transfer, today, result="已查处", by=person("zhao"))
        assert transfer.lead.state == LeadState.TRANSFERRED and transfer.result_on == today
        back = note_return_on_paper(transfer, today, reason="查明不属本县", by=person("zhao"))
        assert back.lead is transfer.lead and transfer.lead.state == LeadState.OPEN
        with pytest.raises(PackageOutOfPlace):
            note_return_on_paper(transfer, today, reason="再退", by=person("zhao"))


def drip(connection):
    """A header without end, a byte at a time: no single wait is long."""
    connection.recv(65536)
    try:
        connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
        while True:
            connection.sendall(b"x")
            time.sleep(0.05)
    except OSError:
        pass


def faults(instance):
    with instance.app.app_context():
        return [one.last_fault for one in db.session.query(OfficeMessage).order_by(OfficeMessage.at)]


def test_a_delivery_ends_in_time_however_slowly_the_other_side_answers(offices, monkeypatch):
    ours, theirs = offices
    monkeypatch.setattr(wire, "SECONDS", 0.5)
    with strange_office(drip) as (url, callers):
        ours.knows(theirs, url=url)
        sent_from(ours), sent_from(ours)
        with ours.app.app_context():
            assert deliver_waiting() == (0, 2)
        assert len(callers) == 1, "an office without an answer is not asked twice in a row"
    first, second = faults(ours)
    assert first.startswith("too_slow") and not second


def test_an_office_that_was_not_reached_keeps_nobody_else_waiting(offices, monkeypatch):
    ours, theirs = offices
    monkeypatch.setattr(wire, "SECONDS", 0.5)
    with strange_office(drip) as (url, callers):
        ours.knows(theirs, url=url)
        for _ in range(3):
            sent_from(ours)
            with ours.app.app_context():
                do_what_waits()  # as each act asks for it
        assert len(callers) == 1, "what is new waits for the next round"
        with ours.app.app_context():
            assert deliver_waiting() == (0, 3)
        assert len(callers) == 2


def test_all_deliveries_to_an_office_share_one_deadline(offices, monkeypatch):
    ours, theirs = offices
    monkeypatch.setattr(sending, "SECONDS_AN_OFFICE", 0)
    with strange_office(drip) as (url, callers):
        ours.knows(theirs, url=url)
        sent_from(ours)
        with ours.app.app_context():
            assert deliver_waiting() == (0, 1)
        assert callers == []


def test_an_office_whose_name_leads_into_our_own_network_is_not_called(offices):
    ours, theirs = offices
    with strange_office(drip) as (url, callers):
        ours.knows(theirs, url=url)
        ours.app.config["OFFICES_NETWORKS"] = ()
        sent_from(ours)
        with ours.app.app_context():
            assert deliver_waiting() == (0, 1)
        assert callers == []
    assert faults(ours) == ["inner_network: 127.0.0.1"]


def test_a_name_is_looked_up_once_and_a_second_answer_leads_nowhere(offices, monkeypatch):
    ours, theirs = offices
    look_up, answers = socket.getaddrinfo, []

    def rebinding(host, port, *args, **kwargs):
        """The other office first, something else from then on."""
        answers.append("127.0.0.1" if not answers else "127.0.0.2")
        return look_up(answers[-1], port, *args, **kwargs)

    sent_from(ours)
    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with ours.app.app_context():
        assert deliver_waiting() == (1, 0)
    assert answers == ["127.0.0.1"]


def test_a_name_that_nobody_looks_up_holds_a_round_no_longer_than_its_deadline(offices, monkeypatch):
    ours, _ = offices
    release = threading.Event()

    def silent(*args, **kwargs):
        release.wait(60)
        raise OSError("nobody answered")

    sent_from(ours)
    monkeypatch.setattr(wire, "SECONDS_TO_CONNECT", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", silent)
    with ours.app.app_context():
        assert deliver_waiting() == (0, 1)
    assert faults(ours)[0].startswith("too_slow") and not release.is_set()
    release.set()


STRANGE_ANSWERS = [
    (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Fault.NOT_UNDERSTOOD),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", Fault.NOT_UNDERSTOOD),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\xff\xfe{\x00", Fault.NOT_UNDERSTOOD),
    (b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n<html>", Fault.NOT_UNDERSTOOD),
    (b"HTTP/1.1 409 Conflict\r\nContent-Length: 2\r\n\r\n[]", Fault.DECLINED),
    (b'HTTP/1.1 409 Conflict\r\nContent-Length: 13\r\n\r\n{"receipt":[]}', Fault.DECLINED),
    (b'HTTP/1.1 409 Conflict\r\nContent-Length: 14\r\n\r\n{"receipt":""}', Fault.NOT_UNDERSTOOD),
    (b"HTTP/1.1 500 Oops\r\nContent-Length: 60000\r\n\r\n" + b"[" * 60_000, Fault.DECLINED),
    (b"HTTP/1.1 302 Found\r\nLocation: /sign-in\r\nContent-Length: 0\r\n\r\n", Fault.ELSEWHERE),
    (b"HTTP/1.1 204 No Content\r\n\r\n", Fault.DECLINED),
    (b"\x16\x03\x01 no http", Fault.NOT_UNDERSTOOD),
    (b"HTTP/1.1 abc\r\n\r\n", Fault.NOT_UNDERSTOOD),
    (b"", Fault.UNREACHABLE),
]


def test_every_strange_answer_is_told_in_words_and_keeps_nothing_else_back(offices):
    ours, theirs = offices
    waiting = sent_from(ours)
    for answer, fault in STRANGE_ANSWERS:

        def say(connection, answer=answer):
            connection.settimeout(10)
            asked = connection.recv(1 << 20)
            while len(asked.partition(b"\r\n\r\n")[2]) < length_of(asked):
                asked += connection.recv(1 << 20)
            connection.sendall(answer)
            connection.close()

        with strange_office(say) as (url, _):
            ours.knows(theirs, url=url)
            with ours.app.app_context():
                assert deliver_waiting() == (0, 1)
        (kept,) = faults(ours)
        assert kept.split(":")[0] == fault, (answer, kept)
        assert fault_parts(kept)[0] == fault.label
    ours.knows(theirs)
    with ours.app.app_context():
        assert deliver_waiting() == (1, 0)
        assert db.session.get(LeadTransfer, waiting).received_on


def length_of(asked):
    return int(asked.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)


def test_a_delivery_goes_nowhere_but_to_the_address_that_was_registered(offices):
    ours, theirs = offices

    def send_on(connection):
        connection.recv(65536)
        connection.sendall(
            f"HTTP/1.1 307 Elsewhere\r\nLocation: {theirs.url}/exchange/messages\r\n"
            "Content-Length: 0\r\n\r\n".encode()
        )

    with strange_office(send_on) as (url, _):
        ours.knows(theirs, url=url)
        sent_from(ours)
        with ours.app.app_context():
            assert deliver_waiting() == (0, 1)
    assert faults(ours) == ["elsewhere: HTTP 307"]
    with theirs.app.app_context():
        assert db.session.query(Lead).count() == 0


def test_one_message_that_is_declined_does_not_keep_the_others_back(offices):
    ours, theirs = offices
    transfer_id = sent_from(ours)
    with ours.app.app_context():
        message = db.session.get(LeadTransfer, transfer_id).messages[0]
        with writing():
            message.package = message.package.replace("示范", "别的", 1)
    sent_from(ours)
    with ours.app.app_context():
        assert deliver_waiting() == (1, 1)
    assert faults(ours) == ["declined: HTTP 403 package_altered", ""]


def test_the_act_that_sends_leaves_the_delivery_to_the_background(offices):
    ours, theirs = offices
    with ours.app.app_context():
        lead_id, office_id = make_lead().id, find_office(theirs.code).id
        browser = signed_in(ours.app)
        address = f"/authority/leads/{lead_id}/send"
        seen = re.search(r'name="looked"[^>]*value="(\w+)"', browser.get(address).text)[1]
        form = {"office": office_id, "reason": "产地在贵市", "looked": seen, "answers": "confirmed"}
        sent = browser.post(address, data=form)
        assert "未签收" in browser.get(sent.location).text
        do_what_waits()
        assert "未签收" not in browser.get(sent.location).text
        assert "已签收 1 件，未送到 0 件" in browser.get("/authority/jobs").text


def test_a_photo_that_arrives_twice_at_once_is_noted_once(offices):
    ours, theirs = offices
    transfer_id, photos = transfer_with_photos(ours, "brown")
    post(theirs, package_of(ours, transfer_id))
    [(sha256, content)] = photos.items()
    with ThreadPoolExecutor(4) as pool:
        sent = pool.map(lambda _: post_original(theirs, transfer_id, sha256, content), range(4))
        assert list(sent) == [200] * 4
    with theirs.app.app_context():
        acts = [row.act for row in db.session.query(RecordRow)]
        assert acts.count("lead_transfer.original_received") == 1
