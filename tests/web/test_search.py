"""One box finds anything by any number on it, and to each face only what is its own."""

from dataclasses import replace

import pytest
from sqlalchemy import inspect

from gi_trace import clock
from gi_trace.accounts.models import Role
from gi_trace.database import Base, db
from gi_trace.record.models import RecordRow
from gi_trace.registry.mending_actions import correct_authorisation
from gi_trace.registry.models import Authorisation
from gi_trace.registry.party_actions import change_party, facts_now
from gi_trace.registry.right_proposals import propose_change
from gi_trace.registry.rules import ChangeKind
from gi_trace.stock.actions.holds import LabReport, report_test
from gi_trace.verification.models import Check, ReportKind
from gi_trace.verification.reports import ReportFacts, file_report
from gi_trace.web.finding.kinds import KINDS
from tests.casework import make_case, make_finding, make_lead
from tests.cast import (
    LIN_USCC,
    code,
    make_activated_batch,
    make_batch,
    make_print_run,
    party_of,
    peel_of,
    person,
    right_of,
)
from tests.excel import FIRM
from tests.farm import make_plot, offer
from tests.imports import send_roll

# Numbers that nobody looks for: which look at a unit, how far the record is, which text receipted a message, what a
# phone gave up (it stands on its visit).
NOT_SOUGHT = {"Check", "Discard", "OfficeMessage", "RecordHead", "UnitHistory"}
NUMBERED = ("number", "number_text", "receipt", "uscc")


@pytest.fixture
def zhao(sign_in):
    return sign_in("zhao")


def search(browser, text, face="authority"):
    return browser.get(f"/{face}/search", query_string={"q": text})


def opens(browser, text, page, face="authority"):
    answer = search(browser, text, face)
    assert answer.status_code == 302, answer.text
    assert answer.location == f"/{face}{page}"


def numbers_of(table):
    """What a row of the table is known by: columns and properties that are numbers of their own."""
    columns = inspect(table).columns
    own = {column.key for column in columns if not column.foreign_keys}
    said = {name for name in vars(table) if isinstance(vars(table)[name], property)}
    return {name for name in own | said if name in NUMBERED or name.endswith("_number")}


def test_every_kind_of_numbered_thing_is_found_by_the_box():
    numbered = {mapper.class_.__name__ for mapper in Base.registry.mappers if numbers_of(mapper.class_)}
    sought = {thing.__name__ for kind in KINDS for thing in kind.things}
    assert numbered - sought - NOT_SOUGHT == set() and NOT_SOUGHT <= numbered
    assert {
        "Batch",
        "Party",
        "Authorisation",
        "PrintRun",
        "Lot",
        "Plot",
        "Transfer",
        "Lead",
        "Case",
    } <= sought


def test_the_box_stands_on_every_page_of_staff(sign_in):
    for who, page in (
        ("zhao", "authority"),
        ("lin", "enterprise"),
        ("liang", "enterprise"),
        ("chen", "inspector"),
    ):
        text = sign_in(who).get(f"/{page}/").text
        assert f'action="/{page}/search"' in text and 'name="q"' in text


def test_a_code_opens_as_consumers_type_it_and_as_a_whole_address_and_no_check_is_stored(zhao, sign_in):
    batch = make_activated_batch()
    one = code(batch)
    shown = "-".join(one[start : start + 5] for start in range(0, 20, 5)).lower().replace("0", "o")
    for typed in (one, shown, f"https://gi.example.org/c/{one}", f" {one[:10]} {one[10:]} "):
        opens(zhao, typed, f"/codes/{one}")
        assert zhao.get(f"/authority/codes/{one}").status_code == 200
    opens(sign_in("chen"), shown, f"/codes/{one}", "inspector")
    opens(sign_in("lin"), shown, f"/batches/{batch.number}", "enterprise")
    assert db.session.query(Check).count() == 0


def test_goods_are_found_by_their_numbers(zhao):
    batch = make_batch(own_number="示范-批-7")
    run, lot, plot = make_print_run(batch), peel_of("lin"), make_plot("示范-地-77")
    report = LabReport("检-2026-001", "示范检验所", clock.today(), True, "")
    report_test(lot, report, by=person("zhao"))
    transfer = offer(lot, 1000, to="wu", by="lin")
    for typed, page in (
        (batch.number_text, f"/batches/{batch.number}"),
        (batch.number_text.lower(), f"/batches/{batch.number}"),
        ("示范-批-7", f"/batches/{batch.number}"),
        (run.number, f"/print-runs/{run.id}"),
        (lot.number, f"/lots/{lot.id}"),
        ("检-2026-001", f"/lots/{lot.id}"),
        ("示范-地-77", f"/growers/{plot.party_id}"),
        (transfer.number, f"/lots/{lot.id}"),
    ):
        opens(zhao, typed, page)
    for position in (1, 2):  # the old peel of Lin and of Wu
        opens(zhao, f"示范旧系统-00{position}", f"/on-site-checks/{position}")


def test_firms_and_rights_are_found_by_name_code_and_announcement(zhao):
    party = party_of("lin")
    for typed in (LIN_USCC, LIN_USCC.lower(), "林记示范陈皮行", "林記示範陳皮行"):
        opens(zhao, typed, f"/parties/{party.id}")
    both = search(zhao, "示范第1号").text
    rights = db.session.query(Authorisation).all()
    assert len(rights) == 2 and all(f"/authority/authorisations/{one.id}" in both for one in rights)
    part = search(zhao, "示范陈皮行")
    assert (
        part.status_code == 200
        and "林记" in part.text
        and "胡记" in part.text
        and "<h2>企业</h2>" in part.text
    )


def test_a_firm_is_found_by_what_it_was_called_and_a_right_in_whichever_numerals(zhao, sign_in):
    party = party_of("lin")
    facts = replace(facts_now(party), name="示范新名陈皮行")
    change_party(party, facts, from_day=clock.today(), reason="更名", by=person("zhao"))
    opens(zhao, "林记示范陈皮行", f"/parties/{party.id}")
    opens(zhao, "示範新名陳皮行", f"/parties/{party.id}")
    assert "曾用名 林记示范陈皮行" in zhao.get("/authority/roll?q=林记示范").text
    assert "曾用名 林记示范陈皮行" in search(zhao, "示范").text
    assert "林记示范陈皮行" in sign_in("zhao").get("/roll?q=林記").text
    assert search(zhao, "示范第一号").text.count("/authority/authorisations/") >= 2


def test_a_right_is_found_by_the_number_that_was_put_right_and_by_its_documents(zhao):
    right, sun = right_of("lin"), person("sun")
    terms, told = right.terms, {"document": "示范更正通知 7 号", "reason": "录错"}
    correct_authorisation(
        right, replace(terms, number="示范第 88 号"), **told, by=person("zhao"), confirmed_by=sun
    )
    for asked in (terms.number, "示范第 88 号", "更正通知 7 号"):
        found = search(zhao, asked)
        page = found.location or found.text
        assert f"/authority/authorisations/{right.id}" in page, asked
        assert right.party.name in zhao.get("/authority/authorisations", query_string={"q": asked}).text, (
            asked
        )


def test_matters_are_found_by_their_numbers(zhao, sign_in):
    case, lead, finding = make_case(), make_lead(), make_finding()
    report = file_report(ReportFacts(ReportKind.REPORT, "", "示范", "", ""), [])
    opens(zhao, lead.number, f"/leads/{lead.id}")
    opens(zhao, case.number, f"/cases/{case.id}")
    opens(zhao, report.receipt, f"/reports/{report.id}")
    opens(zhao, "3", "/record?q=3")
    assert '<td class="number">3</td>' in zhao.get("/authority/record?q=3").text
    opens(sign_in("chen"), finding.visit_id, f"/visits/{finding.visit_id}", "inspector")
    opens(sign_in("chen"), case.number, f"/cases/{case.id}", "inspector")


def test_an_inspector_finds_no_case_of_others(sign_in):
    lead = make_lead()
    assert "没有找到" in search(sign_in("he"), lead.number, "inspector").text


def test_a_rival_finds_nothing_of_lins(sign_in):
    batch = make_activated_batch(own_number="林批一")
    run, lot, right = batch.print_runs[0], peel_of("lin"), right_of("lin")
    case, plot = make_case(), make_plot()
    assert db.session.query(RecordRow).filter_by(number=2).count() == 1
    wu, numbers = sign_in("wu"), [code(batch), batch.number_text, "林批一", run.number, lot.number, LIN_USCC]
    numbers += [
        "林记示范陈皮行",
        case.number,
        case.lead.number,
        plot.number,
        "2",
        "示范旧系统-001",
    ]
    for typed in numbers:
        answer = search(wu, typed, "enterprise")
        assert answer.status_code == 200 and "没有找到" in answer.text, typed
    own = search(wu, right.number, "enterprise")
    assert own.location == "/enterprise/" and party_of("wu").authorisations[0].number == right.number


def test_a_village_finds_its_own_growers_land_alone(sign_in):
    plot, liang = make_plot("示范-地-77"), sign_in("liang")
    opens(liang, "示范-地-77", f"/growers/{plot.party_id}", "enterprise")
    assert "没有找到" in search(liang, peel_of("lin").number, "enterprise").text
    assert "没有找到" in search(liang, LIN_USCC, "enterprise").text


def test_every_kind_asks_the_database_for_no_more_than_it_shows(zhao):
    for number in range(12):
        make_batch(own_number=f"同批{number:02d}", units=1)
    page = search(zhao, "同批").text
    assert page.count("/authority/batches/") == 10 and "只列出前 10 个" in page


def test_wild_searches_are_answered(zhao, sign_in):
    for typed in (
        "%",
        "_",
        "L²",
        "\x00",
        "示范\x00",
        "9" * 60,
        "ZR99999999999",
        "()",
        "https://[",
        "#0",
        "“”",
    ):
        for who, face in (("zhao", "authority"), ("lin", "enterprise"), ("chen", "inspector")):
            assert search(sign_in(who), typed, face).status_code in (200, 302), typed
    long = search(zhao, "陈" * 10_000)
    assert long.status_code == 422 and "10000 个字，最多 500 个字" in long.text


def test_each_kind_belongs_to_somebody():
    assert all(kind.roles for kind in KINDS)
    assert {role for kind in KINDS for role in kind.roles} == set(Role)


def test_proposals_imports_and_documents_of_entries_are_found_by_what_lists_and_letters_show(zhao):
    party = party_of("lin")
    facts = replace(facts_now(party), representative="示范新人")
    papers = {"reason": "更换", "document": "示范登记 77 号"}
    change_party(party, facts, from_day=clock.today(), **papers, by=person("zhao"))
    opens(zhao, "示范登记77号", f"/parties/{party.id}")
    sent = send_roll(FIRM)
    opens(zhao, "名册.xlsx", f"/imports/{sent.id}")
    opens(zhao, sent.sha256, f"/imports/{sent.id}")
    told = {"reason": "核查", "notice": "核查", "for_cause": False, "by": person("zhao")}
    proposal = propose_change(right_of("lin"), ChangeKind.SUSPENDED, **told)
    assert f"/authority/proposals/{proposal.id}" in search(zhao, f"#{proposal.id}").text
