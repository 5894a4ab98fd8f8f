"""The desk as its users meet it: Zhao files and decides, Chen records the steps, nobody sees what is not his."""

import io
import re
from datetime import date

import pytest

from gi_trace.batches.rules import StopKind
from gi_trace.casework.actions.leads import LeadChange, amend_lead, note_lead
from gi_trace.casework.models import Case, Lead, LeadState
from gi_trace.casework.rules.bundle import bundle_faults
from gi_trace.casework.rules.steps import CaseState, StepKind
from gi_trace.database import db
from gi_trace.keys import keys
from gi_trace.patrol.rules import Measure
from gi_trace.record.models import RecordRow
from tests.casework import (
    add_photo,
    make_case,
    make_decided_case,
    make_finding,
    make_heard_case,
    make_lead,
    make_served_case,
    new_lead,
    offence,
    step,
)
from tests.cast import make_activated_batch, person
from tests.jobs import do_what_waits
from tests.second_officer import agreed

REASON = {"reason": "示范理由"}


@pytest.fixture(autouse=True)
def autumn(at, app):
    at("2026-11-24T08:00+00:00")


@pytest.fixture
def zhao(sign_in):
    return sign_in("zhao")


@pytest.fixture
def chen(sign_in):
    return sign_in("chen")


def send(browser, address, **data):
    """Fills a form in, says that nothing personal leaves, looks at its summary, and confirms."""
    data = {"looked": "y"} | data
    summary = browser.post(address, data=data)
    if summary.status_code == 422 and "将发出的内容" in summary.text:
        summary = browser.post(address, data=(data := data | seen_in(summary)))
    assert summary.status_code == 200 and "提交前请核对" in summary.text, summary.text
    return browser.post(address, data=data | {"answers": "confirmed"})


def seen_in(page):
    """The tick beside the texts of a page that leave."""
    return {"looked": re.search(r'name="looked"[^>]*value="(\w+)"', page.text)[1]}


def test_new_leads_are_gathered_at_the_push_of_a_button(zhao):
    make_finding()
    assert "没有待处理的线索" in zhao.get("/authority/leads").text
    asked = zhao.post("/authority/leads/gather")
    assert asked.status_code == 302 and "等待中" in zhao.get(asked.location).text
    do_what_waits()
    assert "新收 1 条线索" in zhao.get(asked.location).text
    page = zhao.get("/authority/leads").text
    assert "示范干货店" in page and "还有 15 个工作日" in page


def test_a_long_queue_of_leads_comes_in_pages_the_most_urgent_first(zhao):
    for number in range(52):
        make_lead(title=f"线索甲{number:02d}", value_fen=900_000_00 if number == 51 else 0)
    first, second = (zhao.get(f"/authority/leads?page={page}").text for page in (1, 2))
    assert first.count("线索甲") == 50 and second.count("线索甲") == 2
    assert "线索甲51" in first and 'aria-current="page">2' in second
    assert zhao.get("/authority/leads?page=3").status_code == 404


def test_overdue_leads_stand_on_top_in_words(sign_in, at):
    make_lead(title="早的线索")
    at("2026-12-10T08:00+00:00")
    make_lead(title="货值很高的线索", value_fen=900_000_00)
    at("2026-12-16T08:00+00:00")
    page = sign_in("zhao").get("/authority/leads").text
    assert page.index("早的线索") < page.index("货值很高的线索")
    assert "已逾期 1 个工作日" in page


def test_a_lead_noted_by_hand_is_assigned_filed_and_decided_through_the_pages(zhao, chen):
    answer = send(
        zhao,
        "/authority/leads/new",
        title="示范线索",
        what="店内有可疑包装",
        received_on="2026-11-24",
        value="1,200.50",
        respondent_name="示范干货店",
        respondent_address="示范市场 3 号档",
        kind="own",
    )
    lead = db.session.query(Lead).one()
    assert answer.location.endswith(f"/authority/leads/{lead.id}") and lead.value_fen == 1200_50
    send(zhao, f"/authority/leads/{lead.id}/assign", person=person("chen").id)
    officers = {"first": person("chen").id, "second": person("he").id}
    send(zhao, f"/authority/leads/{lead.id}/file", **officers, **REASON)
    case = db.session.query(Case).one()
    for kind, more in [("investigated", {}), ("notified", {"document_number": "示告〔2026〕1号"})]:
        send(chen, f"/inspector/cases/{case.id}/steps/{kind}", on="2026-11-24", text="已办理", **more)
    send(
        chen, f"/inspector/cases/{case.id}/steps/responded", on="2026-11-24", text="无意见", response="waived"
    )
    decision = {
        "decided_on": "2026-11-24",
        "ground": "gi_regulation_26",
        "goods_value": "800",
        "fine": "800.01",
    }
    address = f"/authority/cases/{case.id}/decision"
    form = zhao.get(address).text
    assert "已办理" in form, "the facts begin as they were investigated"
    decision |= {"violated": "擅自使用地理标志名称", "evidence": "现场检查笔录\n照片 3 张"}
    refused = zhao.post(address, data=decision | {"text": "决定如下", "answers": "confirmed"})
    assert refused.status_code == 422 and "罚款 800.01 元 超过所选依据的上限 800.00 元" in refused.text
    assert 'value="800.01"' in refused.text, "what was typed stays"
    lacking = zhao.post(address, data=decision | {"fine": "500", "text": "决定如下", "answers": "confirmed"})
    assert lacking.status_code == 422 and "还缺：违反的条款" in lacking.text
    send(chen, f"/inspector/cases/{case.id}/offence", offence=offence().id)
    summary = zhao.post(address, data=decision | {"fine": "500", "text": "决定如下"}).text
    assert "<dd>500</dd>" in summary and "50000" not in summary, "money is read as it was typed"
    send(zhao, address, **(decision | {"fine": "500", "text": "决定如下"}))
    page = zhao.get(f"/authority/cases/{case.id}").text
    assert "示市监处罚〔2026〕1号" in page and "500.00 元" in page and "放弃陈述、申辩和听证" in page
    assert "补充线索" not in page, "what was decided is not amended"


def test_the_day_on_which_a_lead_came_is_refused_where_it_cannot_be(zhao):
    lead = {"title": "示范线索", "what": "店内有可疑包装", "kind": "own"}
    for day in ("0001-01-01", "2031-01-01"):
        refused = zhao.post("/authority/leads/new", data=lead | {"received_on": day, "answers": "confirmed"})
        assert refused.status_code == 422 and "收到日期须在" in refused.text


def test_a_phoned_complaint_is_noted_with_who_called_and_what_he_wants(zhao, chen):
    call = {"title": "电话投诉", "what": "年份与包装不符", "received_on": "2026-11-24", "kind": "complaint"}
    for lacking, asked in [
        ({"identity": "示范甲 13800138000"}, "须写明诉求"),
        ({"claim": "退款"}, "须有投诉人"),
    ]:
        refused = zhao.post("/authority/leads/new", data=call | lacking)
        assert refused.status_code == 422 and asked in refused.text
    answer = send(zhao, "/authority/leads/new", **call, identity="示范甲 13800138000", claim="退款")
    page = zhao.get(answer.location).text
    assert "退款" in page and "决定是否受理投诉" in page and "13800138000" not in page
    lead = db.session.query(Lead).one()
    assert lead.informant.identity == "示范甲 13800138000" and lead.complaint.claim == "退款"


def test_goods_kept_for_proof_are_settled_on_their_page(zhao, chen):
    finding = make_finding(
        measure=Measure.PRESERVED, measure_on=date(2026, 11, 24), measure_number="示登 1 号"
    )
    lead_id = make_lead(finding_ids=(finding.id,)).id
    assert "先行登记保存的处理决定" in chen.get(f"/inspector/leads/{lead_id}").text
    told = {"finding": finding.id, "outcome": "returned", "on": "2026-11-24", "text": "清点后返还"}
    send(chen, f"/inspector/leads/{lead_id}/goods", **told)
    page = zhao.get(f"/authority/leads/{lead_id}").text
    assert "清点后返还" in page and "先行登记保存的处理决定" not in page


def test_a_paper_is_drafted_issued_and_downloaded(zhao, chen, sign_in):
    finding = make_finding()
    case = make_case(make_lead(finding_ids=(finding.id,)))
    home = f"/inspector/leads/{case.lead_id}/papers"
    page = chen.get(home).text
    assert "责令改正通知书" in page and "改正期限" in page
    address = f"{home}/correction"
    assert "尚缺：" in chen.get(address).text
    told = {"correct_what": "撤下包装", "correct_by": "三日内", "contact": "示范路 1 号"}
    draft = chen.post(f"{address}/draft.docx", data=told)
    assert draft.data.startswith(b"PK") and draft.mimetype.endswith("wordprocessingml.document")
    assert chen.post(f"{address}/draft.pdf", data=told).data.startswith(b"%PDF")
    lacking = chen.post(address, data=told | {"answers": "confirmed"})
    assert lacking.status_code == 422 and "复议机关和起诉的法院" in lacking.text
    send(chen, address, **told, review="示范市人民政府；示范区人民法院")
    page = zhao.get(f"/authority/leads/{case.lead_id}/papers").text
    assert "示市监责改〔2026〕1号" in page
    for form in ("pdf", "docx"):
        assert chen.get(f"{home}/issued/1.{form}").status_code == 200
    assert chen.get(f"{home}/issued/1.exe").status_code == chen.get(f"{home}/issued/9.pdf").status_code == 404
    assert chen.get(f"{home}/nothing").status_code == 404
    assert sign_in("lin").get(f"{home}/issued/1.pdf").status_code in (302, 403)


def test_the_texts_of_a_transfer_are_shown_marked_before_they_leave(zhao):
    send(zhao, "/authority/offices/new", code="pubei-demo", name="示范县局", city="示范县")
    lead = make_lead(what="店主陈大文称货从示范县来")
    address = f"/authority/leads/{lead.id}/send"
    assert "<mark>陈大文</mark>" in zhao.get(address).text
    told = {"office": 1, **REASON, "answers": "confirmed"}
    assert zhao.post(address, data=told).status_code == 422
    answer = zhao.post(address, data=told | seen_in(zhao.get(address)) | {"mask": "陈大文"})
    assert answer.status_code == 302
    assert "陈某某称" in zhao.get(f"{answer.location}/package").text


def test_who_said_that_there_are_none_is_asked_again_about_what_was_typed_since(zhao):
    address = f"/authority/leads/{make_lead().id}/send"
    send(zhao, "/authority/offices/new", code="pubei-demo", name="示范县局", city="示范县")
    told = {"office": 1, "answers": "confirmed"} | seen_in(zhao.get(address))
    asked = zhao.post(address, data=told | {"reason": "店主陈大文在贵县"})
    assert asked.status_code == 422 and "<mark>陈大文</mark>" in asked.text
    mended = {"reason": "店主在贵县", "mask": "陈大文"}  # instead of masking it, it was written otherwise
    assert zhao.post(address, data=told | mended | seen_in(asked)).status_code == 422
    assert zhao.post(address, data=told | mended).status_code == 302  # what he typed himself he has seen


def test_the_look_is_of_the_very_text_that_was_shown(zhao):
    lead = make_lead(what="店主陈大文称货从示范县来")
    send(zhao, "/authority/offices/new", code="pubei-demo", name="示范县局", city="示范县")
    address = f"/authority/leads/{lead.id}/send"
    told = {"office": 1, **REASON, "mask": "陈大文", "answers": "confirmed"} | seen_in(zhao.get(address))
    change = {name: getattr(lead, name) for name in LeadChange.__dataclass_fields__}
    amend_lead(lead, LeadChange(**change | {"what": "店主陈大文称货从示范县来，阿根知道"}), by=person("chen"))
    asked = zhao.post(address, data=told)  # the same finds, and one more word that nobody saw
    assert asked.status_code == 422 and "阿根知道" in asked.text
    told |= {"more_masks": "阿根"} | seen_in(asked)
    summary = zhao.post(address, data={name: one for name, one in told.items() if name != "answers"}).text
    assert "店主<mark>陈某某</mark>称" in summary and "<mark>阿某</mark>知道" in summary
    assert zhao.post(address, data=told).status_code == 302


def test_who_goes_back_finds_what_was_typed_and_not_what_was_masked(zhao):
    send(zhao, "/authority/offices/new", code="pubei-demo", name="示范县局", city="示范县")
    address = f"/authority/leads/{make_lead().id}/send"
    told = {"office": 1, "reason": "老板陈大文的货来自示范县", "mask": "陈大文"}
    told |= seen_in(zhao.post(address, data=told))
    assert "老板<mark>陈某某</mark>的货" in zhao.post(address, data=told).text
    back = zhao.post(address, data=told | {"answers": "change"}).text
    assert "老板陈大文的货来自示范县</textarea>" in back


def test_who_told_us_is_masked_in_the_summary_too_and_the_party_keeps_its_name(zhao):
    told = {"identity": "姓名：陈大文，电话：13812345678，住址：会城", "respondent_name": "会城陈大文陈皮店"}
    lead = make_lead(**told, what="陈大文在会城陈大文陈皮店买的陈皮 250g，回电１３８—１２３４—５６７８")
    send(zhao, "/authority/offices/new", code="pubei-demo", name="示范县局", city="示范县")
    address = f"/authority/leads/{lead.id}/send"
    summary = zhao.post(address, data={"office": 1, **REASON} | seen_in(zhao.get(address))).text
    assert "<mark>陈某某</mark>在会城陈大文陈皮店买的陈皮 250g，回电<mark>***</mark>" in summary


def test_each_step_of_a_lead_has_its_page(zhao, chen):
    lead_id = make_lead().id
    send(chen, f"/inspector/leads/{lead_id}/pause", kind="test", starts_on="2026-11-24", note="示范检验所")
    assert "检验或鉴定进行中" in zhao.get(f"/authority/leads/{lead_id}").text
    send(chen, f"/inspector/leads/{lead_id}/resume", on="2026-11-24")
    send(chen, f"/inspector/leads/{lead_id}/amend", what="查明经营者", respondent_name="示范档口")
    assert "示范档口" in zhao.get(f"/authority/leads/{lead_id}").text
    send(zhao, f"/authority/leads/{make_lead().id}/merge", into=lead_id)
    send(zhao, f"/authority/leads/{lead_id}/extend", **REASON)
    send(zhao, f"/authority/leads/{lead_id}/close", **REASON)
    assert "示范理由" in zhao.get("/authority/leads?show=settled").text
    assert db.session.get(Lead, lead_id).state == LeadState.CLOSED


def test_a_complaint_is_accepted_and_mediated(zhao, chen):
    lead_id = make_lead(claim="退一赔三", identity="示范甲").id
    assert chen.post(f"/inspector/leads/{lead_id}/accept").status_code == 302
    mediation = {"outcome": "agreed", "agreement": "退款", "confirmed_on": "2026-11-24"}
    send(chen, f"/inspector/leads/{lead_id}/mediation", **mediation)
    assert "达成协议" in zhao.get(f"/authority/leads/{lead_id}").text


def test_the_informant_is_on_no_page_but_the_one_that_is_recorded(zhao, chen, sign_in):
    lead_id = make_lead(identity="示范甲 13800138000").id
    address = f"/leads/{lead_id}/informant"
    assert "13800138000" not in zhao.get(f"/authority/leads/{lead_id}").text
    assert "13800138000" not in chen.get(f"/inspector/leads/{lead_id}").text
    hidden = zhao.post(f"/authority{address}", data=REASON | {"answers": "confirmed"})
    assert "13800138000" not in hidden.text and "只有办理此线索" in hidden.text
    assert sign_in("he").get(f"/inspector{address}").status_code == 403
    assert (
        zhao.post(f"/authority{address}", data=REASON).status_code == 403
    )  # not told by the summary, either
    refused = db.session.query(RecordRow).filter_by(act="informant.refused").order_by(RecordRow.number)
    assert [row.facts["reason"] for row in refused] == ["示范理由", "", "示范理由"]
    assert "13800138000" in send(chen, f"/inspector{address}", **REASON).text
    assert db.session.query(RecordRow).filter_by(act="informant.revealed").count() == 1
    assert "13800138000" not in zhao.get("/authority/record").text


def test_a_closed_lead_is_given_to_somebody_who_tells_the_informant(zhao, chen):
    lead_id = note_lead(new_lead(identity="示范甲"), by=person("zhao")).id
    send(zhao, f"/authority/leads/{lead_id}/close", **REASON)
    assert f"/authority/leads/{lead_id}/assign" in zhao.get(f"/authority/leads/{lead_id}").text
    send(zhao, f"/authority/leads/{lead_id}/assign", person=person("chen").id)
    send(chen, f"/inspector/leads/{lead_id}/told", how="电话")
    assert f"/authority/leads/{lead_id}/assign" not in zhao.get(f"/authority/leads/{lead_id}").text


def test_an_inspector_sees_only_his_own_leads_and_cases(chen, sign_in):
    lead = make_lead()
    case = make_case(make_lead())
    outsider = sign_in("he")
    assert outsider.get(f"/inspector/leads/{lead.id}").status_code == 403
    assert outsider.get(f"/inspector/cases/{case.id}").status_code == 200
    work = chen.get("/inspector/work").text
    assert lead.number in work and "示市监立〔2026〕1号" in work


def test_a_lead_cannot_be_given_to_a_person_who_left(zhao):
    lead_id, he = make_lead().id, person("he").id
    zhao.post(f"/authority/accounts/{he}/close")
    answer = zhao.post(f"/authority/leads/{lead_id}/assign", data={"person": he, "answers": "confirmed"})
    assert answer.status_code == 422
    zhao.post(f"/authority/accounts/{person('chen').id}/close")
    assert "办理人已离岗，须改派" in zhao.get("/authority/leads").text


def test_a_photo_is_shown_to_those_on_the_matter_and_each_look_is_recorded(chen, sign_in):
    finding = make_finding()
    photo = add_photo(finding)
    lead_id, photo_id = make_lead(finding_ids=(finding.id,)).id, photo.id
    address = f"/inspector/leads/{lead_id}/photos/{photo_id}"
    with chen.get(address) as answer:
        assert answer.mimetype == "image/jpeg"
    assert sign_in("he").get(address).status_code == 403
    assert chen.get(f"/inspector/leads/{make_lead().id}/photos/{photo_id}").status_code == 404
    assert db.session.query(RecordRow).filter_by(act="evidence.viewed").count() == 1


def test_the_bundle_is_downloaded_whole(chen):
    finding = make_finding()
    add_photo(finding)
    case = make_case(make_lead(finding_ids=(finding.id,)))
    with chen.post(f"/inspector/cases/{case.id}/bundle") as answer:
        assert answer.mimetype == "application/zip"
        assert bundle_faults(io.BytesIO(answer.data), keys().office.public_key()) == []


def test_a_decided_case_stops_units_from_a_typed_list(zhao, sign_in):
    batch = make_activated_batch()
    case_id = make_decided_case().id
    address = f"/authority/cases/{case_id}/stops"
    wrong = zhao.post(address, data={"orders": "ZZZZZ 召回", "answers": "confirmed"} | REASON)
    assert wrong.status_code == 422 and "没有批次“ZZZZZ”" in wrong.text
    orders = f"{batch.number_text} 3-5 仿冒\n{batch.number_text} 90-100 冻结"
    agreed(sign_in("sun"), send(zhao, address, orders=orders, **REASON))
    stops = db.session.get(Case, case_id).stops
    assert [(one.stop.kind, one.stop.first_unit, one.stop.last_unit) for one in stops] == [
        (StopKind.COUNTERFEIT, 3, 5),
        (StopKind.HOLD, 90, 100),
    ]


def test_a_published_decision_is_masked_and_can_be_withdrawn(zhao, client):
    case_id = make_served_case().id
    address = f"/authority/cases/{case_id}/publication"
    draft = re.search(r"<textarea[^>]*>(.*?)</textarea>", zhao.get(address).text, re.S)[1].strip()
    phone = {"text": draft + "电话 13800138000", "kept": "keep_published_short", "answers": "confirmed"}
    named = zhao.post(address, data=phone | seen_in(zhao.post(address, data=phone)))
    assert named.status_code == 422 and "仍有个人信息" in named.text
    told = {"text": draft + "店主林示范认错。", "kept": "keep_published_short"}
    asked = zhao.post(address, data=told)
    assert asked.status_code == 422 and "<mark>林示范</mark>" in asked.text and "请核对" in asked.text
    send(zhao, address, **told, mask="林示范", **seen_in(asked))
    assert "店主林某某认错" in client.get("/decisions").text
    assert "示市监处罚〔2026〕1号" in client.get("/decisions").text
    send(zhao, f"{address}/withdraw", **REASON)
    assert "示市监处罚〔2026〕1号" not in client.get("/decisions").text


def test_calendar_terms_and_numbers_are_kept_on_pages(zhao):
    assert "还有" not in zhao.get("/authority/calendar?year=2027").text
    wrong = {"year": 2027, "days": "2027-02-30 休", "source": "示范通知", "answers": "confirmed"}
    assert "第 1 行" in zhao.post("/authority/calendar/new", data=wrong).text
    send(zhao, "/authority/calendar/new", year=2027, days="2027-02-06 至 2027-02-12 休", source="示范通知")
    assert "示范通知" in zhao.get("/authority/desk").text
    send(zhao, "/authority/terms/check_lead", amount=10, unit="workdays", source="示范规定")
    send(zhao, "/authority/number-forms/case", number_form="示〔{year}〕{serial}")
    assert make_case().number == "示〔2026〕1"
    assert zhao.get("/authority/terms/nothing").status_code == 404


def test_a_case_is_given_more_time_and_its_term_stands_once_a_second_officer_agrees(zhao, sign_in, chen):
    case = make_case()
    page, sun = f"/authority/cases/{case.id}", sign_in("sun")
    told = {"kind": "head", "days": 30, "document": "示市监延〔2026〕1号", **REASON}
    assert "最迟到 2027-03-24" in zhao.post(f"{page}/extend", data=told | {"days": 31}).text
    agreed(sun, send(zhao, f"{page}/extend", **told))
    waiting = send(zhao, f"{page}/pause", kind="test", starts_on="2026-11-24", document="示检委〔2026〕1 号")
    assert "待复核：停止计算办案期限" in zhao.get(page).text
    agreed(sun, waiting)
    for face in (zhao.get(page), chen.get(f"/inspector/cases/{case.id}")):
        assert "示市监延〔2026〕1号" in face.text and "进行中" in face.text
    send(zhao, f"{page}/resume", on="2026-11-24")
    assert "作出处罚决定 2027-03-24" in zhao.get("/authority/cases").text


def test_a_case_goes_to_the_police_and_changes_hands(zhao):
    case_id = make_case().id
    send(
        zhao,
        f"/authority/cases/{case_id}/steps/police",
        on="2026-11-24",
        text="涉嫌犯罪",
        police_office="示范公安分局",
    )
    assert "已移送公安机关" in zhao.get(f"/authority/cases/{case_id}").text
    heard = make_heard_case()
    step(heard, StepKind.RESPONDED, facts={"response": "statement"})
    assert heard.state == CaseState.NOTIFIED


def test_a_transfer_is_sent_waits_and_is_answered_on_paper(zhao):
    office = {"code": "pubei-demo", "name": "示范县局", "city": "示范县"}
    send(zhao, "/authority/offices/new", **office)
    lead_id = make_lead().id
    answer = send(zhao, f"/authority/leads/{lead_id}/send", office=1, **REASON)
    page = zhao.get(answer.location).text
    assert "示范县局" in page and "登记书面答复" in page
    package = zhao.get(f"{answer.location}/package")
    assert package.mimetype == "application/json"
    assert zhao.get(f"{answer.location}/letter").data.startswith(b"%PDF")
    for paper, more in [
        ("receipt", {}),
        ("answer", {"answer": "accepted"}),
        ("result", {"result": "已查处"}),
    ]:
        send(zhao, f"{answer.location}/paper/{paper}", on="2026-11-24", **more)
    assert "已查处" in zhao.get(answer.location).text
    page = zhao.get(f"/authority/leads/{lead_id}").text
    assert re.search(r"class=\"tag[^>]*>接收<", page), "what the other office answered stands on the lead"
    assert db.session.get(Lead, lead_id).state == LeadState.TRANSFERRED


def test_a_package_brought_by_hand_is_verified_before_it_is_taken(zhao):
    upload = {"package": (io.BytesIO(b"{}"), "package.json")}
    answer = zhao.post("/authority/lead-transfers/receive", data=upload)
    assert answer.status_code == 422 and "移送包无法识别" in answer.text


def test_a_campaign_runs_from_its_plan_to_its_printed_report(zhao):
    add_photo(make_finding())
    plan = {"name": "示范护航行动", "area": "示范市场", "starts_on": "2026-11-01", "ends_on": "2026-11-30"}
    answer = send(zhao, "/authority/campaigns/new", **plan, target_visits=20)
    team = {"name": "一组", "target_visits": 20, "members": [person("chen").id, person("he").id]}
    send(zhao, f"{answer.location}/teams/new", **team)
    assert "已检查 1 次，目标 20 次" in zhao.get("/authority/campaigns").text
    send(zhao, f"{answer.location}/close", summary="查处一起")
    assert "已于 2026-11-24 结束" in zhao.get(answer.location).text
    assert zhao.post(f"{answer.location}/report.pdf").data.startswith(b"%PDF")
