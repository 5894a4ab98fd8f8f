"""The pages of what waits for a second officer."""

from gi_trace.batches.rules import StopKind
from gi_trace.batches.stops import place_stop
from gi_trace.database import db
from gi_trace.proposals.models import Proposal
from gi_trace.registry.models import find_party
from tests.cast import code, make_activated_batch, make_alert, make_batch, person, two_officers
from tests.excel import FIRM, roll_xlsx
from tests.jobs import do_what_waits
from tests.second_officer import agreed
from tests.web.test_authority_roll import last_import, send

RECALL = {
    "kind": "recall",
    "notice": "重金属超标，请勿食用",
    "looked": "y",
    "reason": "检测报告第 1 号",
    "answers": "confirmed",
}


def propose_recall(zhao, batch):
    return zhao.post("/authority/stops/new", data=RECALL | {"batch": batch.number_text})


def test_what_waits_stands_in_the_menu_and_on_the_first_page(sign_in):
    zhao, sun = sign_in("zhao"), sign_in("sun")
    assert "提请待复核" not in sun.get("/authority/").text
    asked = propose_recall(zhao, make_activated_batch())
    assert "已先行冻结" in zhao.get(asked.location).text
    home = sun.get("/authority/").text
    assert "提请待复核" in home and home.count('href="/authority/proposals"') == 2
    assert "检测报告第 1 号" in sun.get("/authority/proposals").text


def test_the_public_reads_the_notice_and_never_the_reason_for_the_file(sign_in, client):
    zhao, sun, batch = sign_in("zhao"), sign_in("sun"), make_activated_batch()
    page = f"/c/{code(batch)}"
    asked = propose_recall(zhao, batch)
    held = client.get(page).text
    assert "冻结" in held and "请勿食用" in held and "检测报告" not in held
    agreed(sun, asked)
    recalled = client.get(page).text
    assert "召回" in recalled and "请勿食用" in recalled and "检测报告" not in recalled


def test_whoever_proposed_sees_no_form_and_is_refused_whatever_the_session(sign_in):
    zhao, again, batch = sign_in("zhao"), sign_in("zhao"), make_activated_batch()
    address = propose_recall(zhao, batch).location
    assert 'name="decision"' not in zhao.get(address).text and "撤回提请" not in zhao.get(address).text
    for browser in (zhao, again):
        answer = browser.post(address, data={"decision": "confirm"})
        assert answer.status_code == 422 and "不能复核自己的提请" in answer.text
    assert db.session.query(Proposal).one().is_open


def test_a_proposal_is_returned_with_a_word_and_confirmed_once(sign_in):
    zhao, sun, batch = sign_in("zhao"), sign_in("sun"), make_activated_batch()
    first = propose_recall(zhao, batch).location
    assert "请写明退回的理由" in sun.post(first, data={"decision": "return", "word": " "}).text
    sun.post(first, data={"decision": "return", "word": "请附检测报告"})
    assert "请附检测报告" in zhao.get(first).text
    second = propose_recall(zhao, batch)
    agreed(sun, second)
    again = sun.post(second.location, data={"decision": "confirm"})
    assert again.status_code == 422 and "已经办结：已同意" in again.text


def test_what_changed_since_is_told_before_and_when_it_is_confirmed(sign_in):
    zhao, sun, batch = sign_in("zhao"), sign_in("sun"), make_activated_batch()
    hold = place_stop(batch, StopKind.HOLD, 1, 100, reason="抽检", by=person("zhao"))
    asked = zhao.post(
        f"/authority/stops/{hold.id}/lift", data={"reason": "合格", "answers": "confirmed"}
    ).location
    assert "情况有变" not in sun.get(asked).text
    place_stop(batch, StopKind.COUNTERFEIT, 3, 5, reason="仿印", **two_officers())
    assert "仿冒系列：— → 3–5" in sun.get(asked).text
    answer = sun.post(asked, data={"decision": "confirm"})
    assert answer.status_code == 422 and "情况有变" in answer.text
    assert db.session.query(Proposal).one().is_open


def test_a_recall_that_somebody_else_decided_meanwhile_says_so(sign_in):
    zhao, sun, batch = sign_in("zhao"), sign_in("sun"), make_activated_batch()
    asked = propose_recall(zhao, batch).location
    place_stop(batch, StopKind.RECALL, 1, 100, reason="超标", **two_officers())
    assert "已经召回" in sun.get(asked).text
    assert sun.post(asked, data={"decision": "confirm"}).status_code == 422


def test_a_reviewer_from_another_office_confirms(sign_in):
    zhao, sun, batch = sign_in("zhao"), sign_in("sun"), make_activated_batch()
    duties = {"duties": "reviewer", "answers": "confirmed"}
    zhao.post(f"/authority/accounts/{person('sun').id}/duties", data=duties)
    agreed(sun, propose_recall(zhao, batch))
    assert propose_recall(sun, make_batch(own_number="A-002")).status_code == 403


def test_a_confirmed_copy_waits_for_a_second_officer(sign_in):
    zhao, sun = sign_in("zhao"), sign_in("sun")
    batch = make_activated_batch()
    address = f"/authority/alerts/{make_alert(batch).id}"
    asked = zhao.post(
        address, data={"decision": "confirm", "reason": "两件在手", "notice": "发现仿印", "looked": "y"}
    )
    assert "已提请复核，先行冻结" in zhao.get(address).text
    agreed(sun, asked)
    assert "属实" in zhao.get(address).text


def test_a_roll_is_proposed_once_something_was_packed(sign_in):
    zhao, sun = sign_in("zhao"), sign_in("sun")
    make_batch()
    assert "提请复核" in send(zhao, roll_xlsx(FIRM)).text
    page = f"/authority/imports/{last_import().id}"
    asked = zhao.post(f"{page}/confirm")
    assert "已提请复核" in zhao.get(page).text
    agreed(sun, asked)
    do_what_waits()
    assert find_party(FIRM["统一社会信用代码"]) is not None


def test_a_proposal_that_is_not_there(sign_in):
    assert sign_in("sun").get("/authority/proposals/9").status_code == 404
    assert sign_in("lin").get("/authority/proposals").status_code == 403
