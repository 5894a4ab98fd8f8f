"""One officer proposes what is decided on a right, another confirms or returns it: two people, two browsers."""

import pytest

from gi_trace import clock
from gi_trace.accounts.actions import change_password, reset_password, set_duties
from gi_trace.accounts.models import Duty
from gi_trace.database import db
from gi_trace.proposals.models import open_proposals
from tests.cast import (
    PASSWORD,
    code,
    make_activated_batch,
    make_alert,
    make_party,
    person,
    right_of,
    suspend,
    withdraw,
)
from tests.excel import uscc

CONFIRMED = {"answers": "confirmed", "looked": "y"}
SUSPENSION = {"reason": "线人甲的举报", "notice": "使用外地皮。", "for_cause": "yes"}
PAPER = {"document": "示复决〔2026〕1 号", "reason": "复议撤销", "notice": "", "looked": "y"}
AGREED, RETURNED = {"decision": "confirm"}, {"decision": "return", "word": "证据不足"}


@pytest.fixture
def zhao(sign_in):
    return sign_in("zhao")


@pytest.fixture
def sun(sign_in):
    return sign_in("sun")


def at_right(right=None):
    return f"/authority/authorisations/{(right or right_of('lin')).id}"


def proposed(browser, address, answers):
    """The address of the proposal that the form leads to."""
    answer = browser.post(address, data=answers | CONFIRMED)
    assert answer.status_code == 302, answer.text
    [proposal] = open_proposals()
    assert answer.location.endswith(f"/authority/proposals/{proposal.id}")
    return answer.location


def decided(browser, address, decision):
    answer = browser.post(address, data=decision)
    assert answer.status_code == 302, answer.text
    db.session.expire_all()


def page_of(client, batch):
    return client.get(f"/c/{code(batch)}").text


def test_proposing_a_suspension_holds_the_labels_at_once_and_says_nothing_of_fault(zhao, client):
    batch = make_activated_batch()
    proposed(zhao, f"{at_right()}/changes/suspended", SUSPENSION)
    page = page_of(client, batch)
    assert "用标授权先行暂停" in page and "还没有结论" in page
    assert "外地皮" not in page and "与过错无关" not in page and "线人甲" not in page


def test_when_it_is_confirmed_the_labels_say_so_from_the_day_on_which_they_were_held(zhao, sun, client, at):
    at("2026-11-24T08:00Z")
    batch = make_activated_batch()
    address = proposed(zhao, f"{at_right()}/changes/suspended", SUSPENSION)
    assert zhao.post(address, data=AGREED).status_code == 422
    at("2026-11-26T08:00Z")
    decided(sun, address, AGREED)
    page = page_of(client, batch)
    assert "用标授权已被暂停" in page and "自 2026-11-24 起。" in page and "使用外地皮。" in page
    address = proposed(zhao, f"{at_right()}/changes/resumed", {"reason": "已整改"})
    assert "用标授权已被暂停" in page_of(client, batch)
    decided(sun, address, AGREED)
    assert "此后授权曾暂停（2026-11-24 – 2026-11-26）" in page_of(client, batch)


def test_when_it_is_returned_the_labels_read_as_if_nobody_had_proposed_it(zhao, sun, client):
    batch = make_activated_batch()
    before = page_of(client, batch)
    address = proposed(zhao, f"{at_right()}/changes/suspended", SUSPENSION)
    decided(sun, address, RETURNED)
    assert checks(before) == checks(page_of(client, batch))
    make_activated_batch(own_number="A-002")  # the firm packs again


def checks(page):
    return page.split('<ul class="checks">')[1].split("</ul>")[0]


def test_a_right_that_is_held_cannot_be_freed_by_its_end(zhao, client):
    batch = make_activated_batch()
    proposed(zhao, f"{at_right()}/changes/suspended", SUSPENSION)
    for change in ("ended", "withdrawn", "resumed"):
        answer = zhao.post(
            f"{at_right()}/changes/{change}", data=SUSPENSION | {"for_cause": "no"} | CONFIRMED
        )
        assert answer.status_code == 422 and "正在等待复核" in answer.text
    assert "用标授权先行暂停" in page_of(client, batch) and len(open_proposals()) == 1
    page = zhao.get(at_right()).text
    assert not any(f"{at_right()}/{way}" in page for way in ("changes", "extend", "correct"))


def test_what_was_proposed_before_frees_no_held_right_and_outlives_no_suspension(zhao, sun, client):
    batch = make_activated_batch()
    terms = {"basis": "protected", "number": "示范第 7 号", "starts_on": "2020-01-01", "ends_on": ""}
    correction = proposed(zhao, f"{at_right()}/correct", PAPER | terms)
    suspension = zhao.post(f"{at_right()}/changes/suspended", data=SUSPENSION | CONFIRMED).location
    answer = sun.post(correction, data=AGREED)
    assert answer.status_code == 422 and "正在等待复核" in answer.text
    decided(sun, suspension, AGREED)
    decided(sun, correction, AGREED)
    assert "使用外地皮" in page_of(client, batch) and right_of("lin").number == "示范第 7 号"


def test_a_resumption_lifts_no_other_suspension_than_the_one_it_was_proposed_for(zhao, sun):
    suspend(right_of("lin"))
    first = proposed(zhao, f"{at_right()}/changes/resumed", {"reason": "已整改"})
    second = zhao.post(f"{at_right()}/changes/resumed", data={"reason": "已整改"} | CONFIRMED).location
    decided(sun, second, AGREED)
    third = zhao.post(f"{at_right()}/changes/suspended", data=SUSPENSION | CONFIRMED).location
    assert sun.post(first, data=AGREED).status_code == 422
    decided(sun, third, AGREED)
    answer = sun.post(first, data=AGREED)
    assert answer.status_code == 422 and "所依据的变更编号" in answer.text
    assert right_of("lin").changes[-1].kind == "suspended"


@pytest.mark.parametrize("end", ["ended", "withdrawn"])
def test_who_ends_a_right_suspended_for_cause_asks_a_second_officer_and_the_fault_stays(
    end, zhao, sun, client
):
    batch = make_activated_batch()
    suspend(right_of("lin"), notice="使用外地皮。")
    address = proposed(
        zhao, f"{at_right()}/changes/{end}", SUSPENSION | {"for_cause": "no", "reason": "停产"}
    )
    assert right_of("lin").changes[-1].kind == "suspended"
    decided(sun, address, AGREED)
    page = page_of(client, batch)
    assert right_of("lin").changes[-1].kind == end
    assert "用标授权已被暂停" in page and "使用外地皮。" in page


def test_nobody_alone_ends_a_right_whose_withdrawal_for_cause_is_proposed(zhao, client):
    proposed(zhao, f"{at_right()}/changes/withdrawn", SUSPENSION)
    for address, answers in (
        ("changes/ended", {"reason": "停产"}),
        ("changes/withdrawn", {"for_cause": "no"}),
    ):
        answer = zhao.post(f"{at_right()}/{address}", data=SUSPENSION | answers | CONFIRMED)
        assert answer.status_code == 422 and "待复核的提请" in answer.text


def test_who_lost_a_right_for_cause_is_granted_another_by_two(zhao, sun):
    right = right_of("lin")
    withdraw(right)
    form, today = f"/authority/parties/{right.party_id}/authorisations/new", clock.today().isoformat()
    terms = {"ground": "xinhui-chenpi protected", "number": "示范第 9 号", "starts_on": today}
    refused = zhao.post(form, data=terms | CONFIRMED)
    assert refused.status_code == 422 and "示范第 1 号" in refused.text
    announced = {"announcement": "示范公告第 9 号", "announced_on": today, "reason": "已整改"}
    address = proposed(zhao, form, terms | announced)
    assert "示范第 1 号" in sun.get(address).text and len(right.party.authorisations) == 1
    decided(sun, address, AGREED)
    assert [each.number for each in db.session.merge(right).party.authorisations][-1] == "示范第 9 号"


def test_withdrawing_for_cause_waits_for_the_second_officer(zhao, sun, client):
    batch = make_activated_batch()
    address = proposed(zhao, f"{at_right()}/changes/withdrawn", SUSPENSION)
    assert "标识有效" in page_of(client, batch) and "待复核的提请" in zhao.get(at_right()).text
    decided(sun, address, AGREED)
    assert "使用外地皮" in page_of(client, batch)


def test_without_fault_one_officer_withdraws(zhao, client):
    batch = make_activated_batch()
    zhao.post(f"{at_right()}/changes/withdrawn", data=SUSPENSION | CONFIRMED | {"for_cause": "no"})
    page = page_of(client, batch)
    assert "标识有效" in page and "撤销，与过错无关" in page and not open_proposals()


def test_a_mistaken_withdrawal_is_taken_back(zhao, sun, client):
    batch = make_activated_batch()
    withdraw(right_of("lin"))
    change = right_of("lin").changes[-1]
    form = f"/authority/authorisations/changes/{change.id}/revoke"
    assert form in zhao.get(at_right()).text
    summary = zhao.post(form, data=PAPER).text
    assert "改变的标识：100 件" in summary and "标识有效" in summary
    decided(sun, proposed(zhao, form, PAPER), AGREED)
    assert "标识有效" in page_of(client, batch)
    history = zhao.get(at_right()).text
    assert "已撤回" in history and "示复决〔2026〕1 号" in history and "复核：sun" in history
    assert zhao.get(form).status_code == 422


def test_a_wrong_entry_is_corrected(zhao, sun):
    right = right_of("lin")
    form = f"{at_right()}/correct"
    terms = {"basis": "protected", "number": "示范第 7 号", "starts_on": "2019-01-01", "ends_on": ""}
    assert (
        "没有要更正的内容"
        in zhao.post(
            form, data=PAPER | terms | {"number": right.number, "starts_on": "2020-01-01"} | CONFIRMED
        ).text
    )
    address = proposed(zhao, form, PAPER | terms)
    shown = sun.get(address).text
    assert "2020-01-01 → 2019-01-01" in shown and "公告日期" in shown
    decided(sun, address, AGREED)
    kept = sun.get(address).text
    assert "2020-01-01 → 2019-01-01" in kept and "示范第 1 号 → 示范第 7 号" in kept
    assert right_of("lin").number == "示范第 7 号"
    assert "示范第 1 号 → 示范第 7 号" in zhao.get(at_right()).text


def test_a_correction_outlived_by_another_is_refused_with_what_changed(zhao, sun):
    form = f"{at_right()}/correct"
    terms = {"basis": "protected", "number": "示范第 7 号", "starts_on": "2020-01-01", "ends_on": ""}
    first = proposed(zhao, form, PAPER | terms)
    answer = zhao.post(form, data=PAPER | terms | {"number": "示范第 8 号"} | CONFIRMED)
    decided(sun, answer.location, AGREED)
    answer = sun.post(first, data=AGREED)
    assert answer.status_code == 422 and "示范第 1 号 → 示范第 8 号" in answer.text
    assert right_of("lin").number == "示范第 8 号"


def test_a_right_that_began_before_it_is_entered_waits_and_is_marked(zhao, sun):
    party = make_party("示范丁行", uscc(9))
    form = f"/authority/parties/{party.id}/authorisations/new"
    terms = {"ground": "xinhui-gan protected", "number": "示范第 9 号", "starts_on": "2026-01-01"}
    refused = zhao.post(form, data=terms | CONFIRMED)
    assert refused.status_code == 422 and "属补录" in refused.text
    announced = {"announcement": "示范公告第 9 号", "announced_on": "2026-01-01", "reason": "原件晚到"}
    address = proposed(zhao, form, terms | announced)
    assert not db.session.merge(party).authorisations
    decided(sun, address, AGREED)
    [right] = db.session.merge(party).authorisations
    page = zhao.get(at_right(right)).text
    assert "补录" in page and "示范公告第 9 号" in page


def test_two_proposals_on_one_right_are_not_both_carried_out(zhao, sun):
    first = proposed(zhao, f"{at_right()}/changes/withdrawn", SUSPENSION)
    second = zhao.post(f"{at_right()}/changes/withdrawn", data=SUSPENSION | CONFIRMED).location
    decided(sun, first, AGREED)
    answer = sun.post(second, data=AGREED)
    assert answer.status_code == 422 and "撤销" in answer.text
    assert [change.kind for change in right_of("lin").changes] == ["granted", "withdrawn"]


def test_the_second_officer_sees_what_the_public_would_read_and_finds_the_right(zhao, sun):
    make_activated_batch()
    page = sun.get(proposed(zhao, f"{at_right()}/changes/withdrawn", SUSPENSION)).text
    assert "改变的标识：100 件" in page and "使用外地皮。" in page.split("srcdoc=")[1]
    assert f'href="{at_right()}"' in page and f'href="/authority/parties/{right_of("lin").party_id}"' in page


def test_whoever_has_the_password_from_the_proposer_is_told_why_he_does_not_decide(zhao, sign_in):
    address = proposed(zhao, f"{at_right()}/changes/withdrawn", SUSPENSION)
    given = reset_password(person("sun"), by=person("zhao"))
    change_password(person("sun"), given, PASSWORD)
    sun = sign_in("sun")
    page = sun.get(address).text
    assert "不能由您复核" in page and 'name="decision"' not in page and "create-admin" in page


def test_an_administrator_who_is_alone_reads_how_a_second_officer_comes(zhao):
    set_duties(person("sun"), [Duty.HANDLER], by=person("zhao"))
    page = zhao.get(proposed(zhao, f"{at_right()}/changes/withdrawn", SUSPENSION)).text
    assert "现在没有别的同事能复核" in page and "create-admin" in page


def test_what_is_said_to_the_public_when_a_decision_is_taken_back_stands_on_the_roll(zhao, sun, client):
    withdraw(right_of("lin"))
    form = f"/authority/authorisations/changes/{right_of('lin').changes[-1].id}/revoke"
    assert "公开名录" in zhao.get(form).text
    decided(sun, proposed(zhao, form, PAPER | {"notice": "原决定已由复议机关撤销。"}), AGREED)
    assert "撤回决定：原决定已由复议机关撤销。" in client.get("/roll?q=林记示范陈皮行").text


def test_a_firm_reads_on_its_first_page_what_was_decided_from_when_and_what_is_said(zhao, sun, sign_in, at):
    at("2026-11-24T08:00Z")
    decided(sun, proposed(zhao, f"{at_right()}/changes/suspended", SUSPENSION), AGREED)
    home = sign_in("lin").get("/enterprise/").text
    assert "2026-11-24 暂停</a>：使用外地皮。" in home


def test_an_officer_who_only_reviews_is_refused_before_typing_and_reads_everything(zhao, sign_in):
    set_duties(person("sun"), [Duty.REVIEWER], by=person("zhao"))
    sun, alert = sign_in("sun"), make_alert(make_activated_batch())
    for form in ("changes/suspended", "correct", "extend"):
        answer = sun.get(f"{at_right()}/{form}")
        assert answer.status_code == 403 and "没有“经办”职责" in answer.text
    for form in ("parties/new", "accounts/new", "stops/new", "roll/files/new"):
        assert sun.get(f"/authority/{form}").status_code == 403
        assert zhao.get(f"/authority/{form}").status_code == 200
    assert "更正登记" not in sun.get(at_right()).text and "更正登记" in zhao.get(at_right()).text
    assert 'name="decision"' not in sun.get(f"/authority/alerts/{alert.id}").text
    for page in ("offences", "markets"):
        page = sun.get(f"/authority/{page}")
        assert page.status_code == 200 and '<form method="post"' not in page.text.split("<main")[1]
