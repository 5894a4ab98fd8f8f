"""A firm applies with an account or with a receipt alone, and sees where it stands; nobody else sees anything of it."""

import io
import re
from datetime import date

import pytest
from werkzeug.datastructures import FileStorage

from gi_trace.applications.models import Application
from gi_trace.applications.papers import LARGEST_PAPER
from gi_trace.applications.rules import ApplicationKind, Move, Stage
from gi_trace.database import db
from gi_trace.registry.models import find_party, find_product
from tests.applications import (
    PDF,
    STRANGERS_USCC,
    bring_to_announcement,
    lins_application,
    move,
    strangers_application,
)
from tests.cast import party_of, photo
from tests.multipart import post
from tests.second_officer import agreed

ASKED = {
    "kind": "new_right",
    "ground": "xinhui-gan protected",
    "contact": "示范联系人 100",
    "words": "请批准",
}
FIRM = {
    "name": "示范新柑行",
    "uscc": STRANGERS_USCC,
    "representative": "示范某",
    "area": "440705-huicheng",
    "address": "示范路1号",
}
HOSTILE = b"%PDF-1.7\n<html><script>alert(1)</script>\n1 0 obj<</OpenAction<</S/JavaScript>>>>"


@pytest.fixture(autouse=True)
def a_monday(app, at):
    at("2026-11-02T02:00Z")


def file(content=PDF, name="报告.pdf"):
    return FileStorage(io.BytesIO(content), name)


def drawn(browser):
    return re.search(r'name="receipt"[^>]* value="([^"]+)"', browser.get("/apply").text)[1]


def apply(browser, **changes):
    answers = ASKED | FIRM | {"receipt": drawn(browser), "test_report": [file()]} | changes
    return post(browser, "/apply", answers, follow_redirects=True)


def receipt_on(page):
    return re.search(r'class="code">((?:\w{5} ){3}\w{5})<', page.text)[1]


def the_application():
    return db.session.query(Application).one()


def test_a_firm_without_account_applies_and_follows_with_its_receipt(app, client):
    page = apply(client)
    assert "申请已收到" in page.text and "已递交，待区县核查" in page.text
    elsewhere = app.test_client()
    assert elsewhere.get("/apply/mine").location == "/apply/follow"
    receipt = receipt_on(page)
    told = elsewhere.post("/apply/follow", data={"receipt": receipt.lower().replace(" ", "-")})
    assert told.location == "/apply/mine"
    assert "示范联系人 100" in elsewhere.get("/apply/mine").text


def test_the_receipt_stands_in_no_address_and_no_log(app, client, caplog):
    with caplog.at_level("DEBUG"):
        receipt = receipt_on(apply(client)).replace(" ", "")
        page = client.get("/apply/mine").text
        assert client.get("/apply/no-such-page").status_code == 404
    assert receipt not in caplog.text
    assert not [address for address in re.findall(r'(?:href|action)="([^"]*)"', page) if receipt in address]


def test_an_unknown_or_foreign_receipt_shows_nothing(app, client):
    strangers_application()
    for receipt in ("0" * 20, "X", "示范"):
        page = client.post("/apply/follow", data={"receipt": receipt})
        assert page.status_code == 422 and "没有这个回执号" in page.text
    assert client.get("/apply/mine").location == "/apply/follow"


def test_a_receipt_opens_its_own_application_and_papers_alone(app, client):
    lins = lins_application()
    apply(client)
    page = client.get("/apply/mine").text
    assert "林记" not in page
    assert client.get(f"/apply/mine/papers/{lins.papers[0].id}").status_code == 404


def test_whoever_left_sees_nothing_any_more(app, client):
    apply(client)
    client.post("/apply/leave")
    assert client.get("/apply/mine").location == "/apply/follow"


def test_a_form_that_is_sent_twice_is_one_application(app, client):
    receipt = drawn(client)
    first, second = apply(client, receipt=receipt), apply(client, receipt=receipt)
    assert first.status_code == second.status_code == 200 and receipt_on(first) == receipt_on(second)
    the_application()


@pytest.mark.parametrize("receipt", ["", "short", "!" * 20, "A" * 400, "A" * 20, "示范", "A" * 20 + ".x"])
def test_a_receipt_that_is_no_receipt_is_drawn_anew(app, client, receipt):
    given = receipt_on(apply(client, receipt=receipt)).replace(" ", "")
    assert len(given) == 20 and given != receipt


def test_a_firm_sees_on_its_first_page_that_somebody_applied_in_its_name(app, client, sign_in):
    firm = sign_in("lin")
    assert "没有登录的人" not in firm.get("/enterprise/").text
    apply(client, uscc=party_of("lin").uscc)
    page = firm.get("/enterprise/").text
    assert "没有登录的人" in page and the_application().number in page
    assert "没有登录的人" not in sign_in("wu").get("/enterprise/").text


def test_a_form_of_another_site_is_refused(app):
    app.config["WTF_CSRF_ENABLED"] = True
    answer = app.test_client().post("/apply", data=ASKED | FIRM)
    assert answer.status_code == 400 and db.session.query(Application).count() == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"uscc": "91440705MADEM0001X"}, "校验字符"),
        ({"kind": "else"}, "申请种类"),
        ({"ground": "taishan-rice protected"}, "产品和保护依据"),
        ({"contact": " "}, "请填写此项"),
        ({"address": "长" * 201}, "最多 200 个字"),
        ({"kind": "renewal"}, "没有可以续期的"),
        ({"kind": "new_name", "new_name": "示范新名", "new_name_since": "2026-10-01"}, "名册上没有"),
        ({"new_name": "示范新名"}, "不办理更名的，请留空"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(app, client, changes, words):
    page = apply(client, **changes)
    assert page.status_code == 422 and words in page.text and "请批准" in page.text
    assert db.session.query(Application).count() == 0


@pytest.mark.parametrize("content", [b"<html>%PDF-1.7", b"PK\x03\x04", b""])
def test_what_is_no_paper_is_named_and_refused(app, client, content):
    page = apply(client, licence=[file(content, "执照.pdf")])
    assert page.status_code == 422 and "“执照.pdf”不能收" in page.text
    assert db.session.query(Application).count() == 0


def test_a_stranger_sends_no_more_than_everyone(app, client):
    page = apply(client, licence=[file(PDF.ljust(LARGEST_PAPER, b"\0"))])
    assert page.status_code == 413 and "8 MB" in page.text


def test_all_strangers_together_hand_in_no_more_than_a_day_holds(app, client, sign_in, monkeypatch):
    monkeypatch.setattr("gi_trace.web.applications.strangers.MOST_A_DAY", 2)
    apply(client)
    client.post("/apply/mine/add_papers", data={"other": [file()]})
    kept = len(the_application().papers)
    for answer in (
        apply(app.test_client()),
        client.post("/apply/mine/add_papers", data={"other": [file()]}),
    ):
        assert answer.status_code == 503 and "24 小时后" in answer.text
        assert 0 < int(answer.headers["Retry-After"]) <= 24 * 3600
    assert len(the_application().papers) == kept
    mine = sign_in("lin").post("/enterprise/applications/new", data=ASKED)
    assert mine.status_code == 302, "who has an account is not hindered"


def test_a_hostile_pdf_is_given_back_to_be_saved_and_never_shown(app, client, sign_in):
    apply(client, test_report=[file(HOSTILE, "a.html")])
    application = the_application()
    [paper] = application.papers
    addresses = {
        f"/apply/mine/papers/{paper.id}": client,
        f"/authority/applications/{application.id}/papers/{paper.id}": sign_in("zhao"),
    }
    for address, browser in addresses.items():
        answer = browser.get(address)
        assert answer.data == HOSTILE and answer.mimetype == "application/pdf"
        disposition = answer.headers["Content-Disposition"]
        assert disposition.startswith("attachment") and disposition.endswith("test_report.pdf")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        answer.close()


def test_names_of_files_are_words_for_people_and_nothing_else(app, client):
    page = apply(client, test_report=[file(PDF, "<script>alert(1)</script>.pdf")])
    assert "<script>alert(1)" not in page.text and "script&gt;.pdf" in page.text


def test_a_thirteenth_paper_is_refused_in_words(app, client):
    apply(client, test_report=[file() for _ in range(12)])
    page = client.post("/apply/mine/add_papers", data={"other": [file()]}, follow_redirects=True)
    assert page.status_code == 422 and "最多 12 份" in page.text
    assert len(the_application().papers) == 12
    assert apply(app.test_client(), test_report=[file() for _ in range(13)]).status_code == 422


def test_a_firm_is_told_what_to_mend_mends_it_and_reads_each_step(app, client, sign_in):
    apply(client)
    application, zhao = the_application(), sign_in("zhao")
    page = f"/authority/applications/{application.id}"
    answers = {"words": "请补产地证明", "note": "电话里说过两次", "looked": "y", "answers": "confirmed"}
    assert zhao.post(f"{page}/ask_correction", data=answers).location == page
    mine = client.get("/apply/mine").text
    assert "请补产地证明" in mine and "待申请人补正" in mine and "核查期限停止计算" in mine
    assert "受理人员" in mine and "zhao" not in mine and "电话里说过两次" not in mine
    assert "电话里说过两次" in zhao.get(page).text and "zhao" in zhao.get(page).text
    assert "请补产地证明" in client.get("/apply/mine/correct").text
    mended = {"words": "已补", "origin_proof": [file(photo(), "产地.jpg")]}
    assert client.post("/apply/mine/correct", data=mended).location == "/apply/mine"
    assert "产地.jpg" in client.get("/apply/mine").text
    again = client.post("/apply/mine/correct", data={"words": "再补"})
    assert again.status_code == 409 and the_application().stage is Stage.HANDED_IN


def test_two_officers_bring_it_to_the_announcement(app, client, sign_in):
    apply(client)
    page, zhao, sun = f"/authority/applications/{the_application().id}", sign_in("zhao"), sign_in("sun")
    zhao.post(f"{page}/check", data={"words": "材料和现场相符", "looked": "y", "answers": "confirmed"})
    assert "/approve" not in zhao.get(page).text and "/approve" in sun.get(page).text
    alone = zhao.post(f"{page}/approve", data={"words": "同意", "looked": "y", "answers": "confirmed"})
    assert alone.status_code == 422 and "没有核查过" in alone.text
    sun.post(f"{page}/approve", data={"words": "同意", "looked": "y", "answers": "confirmed"})
    announced = {
        "number": "示范第 9 号",
        "announced_on": "2026-11-02",
        "starts_on": "2026-11-02",
        "answers": "confirmed",
    }
    assert zhao.post(f"{page}/announce", data=announced).location == page
    assert zhao.post(f"{page}/announce", data=announced).status_code == 409
    assert len(find_party(STRANGERS_USCC).authorisations) == 1
    mine = client.get("/apply/mine").text
    assert "用标权已授予：示范第 9 号" in mine and "区县核查人员" in mine
    assert "新会柑" in client.get("/roll?q=示范新柑行").text


def test_what_began_before_today_waits_for_a_second_officer(app, sign_in):
    application = lins_application()
    bring_to_announcement(application)
    page, zhao = f"/authority/applications/{application.id}", sign_in("zhao")
    told = {"number": "示范第 9 号", "announced_on": "2026-10-20", "starts_on": "2026-10-01"}
    refused = zhao.post(f"{page}/announce", data=told | {"answers": "confirmed"})
    assert refused.status_code == 422 and "早于公告日期" in refused.text
    told |= {"says": "自十月一日起使用", "answers": "confirmed"}
    asked = zhao.post(f"{page}/announce", data=told)
    assert asked.location in zhao.get(page).text and application.right is None
    sun = sign_in("sun")
    shown = sun.get(asked.location).text
    assert "自十月一日起使用" in shown and f'href="{page}"' in shown
    agreed(sun, asked)
    db.session.expire_all()
    assert application.stage is Stage.ANNOUNCED
    assert "自十月一日起使用" in zhao.get(f"/authority/authorisations/{application.right_id}").text


def test_the_office_sees_what_speaks_against_a_strangers_new_name(app, sign_in):
    lin = party_of("lin")
    told = {"kind": ApplicationKind.NEW_NAME, "new_name": "示范新名", "new_name_since": date(2026, 10, 1)}
    told |= {"product": find_product("xinhui-chenpi"), "name": "林家示范行", "uscc": lin.uscc}
    application, _ = strangers_application(**told)
    page, zhao = f"/authority/applications/{application.id}", sign_in("zhao")
    for address in (page, f"{page}/check"):
        text = zhao.get(address).text
        for words in (
            "无账号递交",
            f"企业是“{lin.name}”",
            f"“{lin.name}”改称“示范新名”",
            "还没有收到：检验报告",
        ):
            assert words in text, words
    bring_to_announcement(application)
    assert 'name="starts_on"' not in zhao.get(f"{page}/announce").text
    entered = {"number": "示范第 9 号", "announced_on": "2026-11-02", "answers": "confirmed"}
    assert zhao.post(f"{page}/announce", data=entered).location == page
    assert party_of("lin").entries[-1].from_day == date(2026, 10, 1)


def test_a_firm_with_an_account_applies_in_its_face(app, sign_in):
    lin = sign_in("lin")
    papers = {"test_report": [file(PDF.ljust(LARGEST_PAPER, b"\0"))], "licence": [file(photo(), "照.jpg")]}
    page = post(lin, "/enterprise/applications/new", ASKED | papers, follow_redirects=True)
    assert page.status_code == 200 and "照.jpg" in page.text and "林记示范陈皮行" in page.text
    assert "待区县核查" in lin.get("/enterprise/applications").text
    again = lin.post("/enterprise/applications/new", data=ASKED)
    assert again.status_code == 422 and "已有一份申请在办" in again.text
    own = f"/enterprise/applications/{the_application().id}"
    gone = lin.post(
        f"{own}/withdraw", data={"words": "不办了", "answers": "confirmed"}, follow_redirects=True
    )
    assert "已撤回" in gone.text and "不办了" in gone.text


def test_a_paper_that_is_too_large_is_named(app, sign_in):
    answers = ASKED | {"licence": [file(PDF.ljust(LARGEST_PAPER + 1, b"\0"), "大.pdf")]}
    page = post(sign_in("lin"), "/enterprise/applications/new", answers)
    assert page.status_code == 422 and "“大.pdf”不能收" in page.text and "8 MB" in page.text


@pytest.mark.parametrize("who", ["wu", "liang"])
def test_a_rival_sees_nothing_of_it(app, sign_in, who):
    application = lins_application()
    own, browser = f"/enterprise/applications/{application.id}", sign_in(who)
    for address in (own, f"{own}/withdraw", f"{own}/papers/{application.papers[0].id}"):
        assert browser.get(address).status_code == 403
    assert browser.post(f"{own}/withdraw", data={"words": "撤"}).status_code == 403
    assert application.stage is Stage.HANDED_IN


def test_a_rivals_list_and_search_are_its_own(app, sign_in):
    lins, (strangers, _) = lins_application(), strangers_application()
    wu = sign_in("wu")
    page = wu.get("/enterprise/applications").text
    assert "/enterprise/applications/new" in page and lins.number not in page
    for number in (lins.number, strangers.number, "示范新柑行"):
        assert "/enterprise/applications/" not in wu.get(f"/enterprise/search?q={number}").text


def test_an_application_is_found_by_its_number(app, sign_in):
    lins, (strangers, _) = lins_application(), strangers_application()
    found = sign_in("lin").get(f"/enterprise/search?q={lins.number.lower()}")
    assert found.location == f"/enterprise/applications/{lins.id}"
    found = sign_in("zhao").get(f"/authority/search?q={strangers.number}")
    assert found.location == f"/authority/applications/{strangers.id}"


def test_what_waits_for_the_firm_stands_on_its_first_page(app, sign_in):
    application, lin = lins_application(), sign_in("lin")
    assert "待补正" not in lin.get("/enterprise/").text
    move(application, Move.ASK_CORRECTION, "zhao")
    assert f"/enterprise/applications/{application.id}" in lin.get("/enterprise/").text


def test_papers_of_another_application_are_not_found(app, sign_in):
    lins = lins_application()
    other, _ = strangers_application()
    move(other, Move.ADD_PAPERS, None)
    paper = other.papers[0].id
    assert sign_in("lin").get(f"/enterprise/applications/{lins.id}/papers/{paper}").status_code == 404
    assert sign_in("zhao").get(f"/authority/applications/{lins.id}/papers/{paper}").status_code == 404


@pytest.mark.parametrize("which", ["hand_in", "withdraw", "nonsense"])
def test_a_move_that_is_not_the_offices_is_no_page_of_it(app, sign_in, which):
    application = lins_application()
    assert sign_in("zhao").get(f"/authority/applications/{application.id}/{which}").status_code == 404


def test_the_offices_list_goes_by_stage_and_marks_what_is_overdue(app, sign_in, at):
    lins, (strangers, _) = lins_application(), strangers_application()
    bring_to_announcement(strangers)
    move(lins, Move.WITHDRAW, "lin")
    at("2026-12-10T02:00Z")
    late = lins_application()
    at("2027-02-10T02:00Z")
    zhao = sign_in("zhao")
    page = zhao.get("/authority/applications").text
    assert f"/applications/{lins.id}" not in page and "已逾期" in page
    assert f"/applications/{late.id}" in page and f"/applications/{strangers.id}" in page
    approved = zhao.get("/authority/applications?stage=approved").text
    assert f"/applications/{strangers.id}" in approved and f"/applications/{late.id}" not in approved
    assert "无账号递交" in approved
    overdue = zhao.get("/authority/applications?overdue=overdue&stage=open").text
    assert f"/applications/{late.id}" in overdue and f"/applications/{strangers.id}" not in overdue
    named = zhao.get("/authority/applications?q=示范新柑行&stage=").text
    assert f"/applications/{strangers.id}" in named and f"/applications/{lins.id}" not in named
    assert "用标申请待办" in zhao.get("/authority/").text


def test_the_terms_say_that_no_source_is_known(app, sign_in):
    page = sign_in("zhao").get("/authority/desk").text
    assert "区县核查用标申请" in page and "尚无法规出处" in page


def test_a_renewal_is_offered_from_the_day_after_the_right_that_it_follows(app, sign_in):
    first = lins_application()
    bring_to_announcement(first)
    move(first, Move.ANNOUNCE, "zhao", ends_on=date(2026, 12, 31))
    renewal = lins_application(kind=ApplicationKind.RENEWAL)
    bring_to_announcement(renewal)
    assert 'value="2027-01-01"' in sign_in("zhao").get(f"/authority/applications/{renewal.id}/announce").text
