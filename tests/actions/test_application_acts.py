"""A firm comes to its right by papers, a check, a decision of another officer, and the announcement."""

from datetime import date

import pytest

from gi_trace.applications.actions import (
    ApplicationOpen,
    NotYourApplication,
    hand_in,
    new_receipt,
    take_office_step,
    take_own_step,
)
from gi_trace.applications.clocks import clocks_of
from gi_trace.applications.late_announcements import propose_announcement
from gi_trace.applications.models import Application, find_application
from gi_trace.applications.papers import LARGEST_PAPER, PaperUnfit, keep_papers
from gi_trace.applications.rules import (
    ApplicationKind,
    DeciderChecked,
    Move,
    MoveNotOpen,
    NewNameMissing,
    NoPapers,
    PaperKind,
    RightStands,
    Stage,
    StillCorrecting,
    TooManyPapers,
)
from gi_trace.database import db
from gi_trace.evidence.store import evidence_store
from gi_trace.proposals.actions import confirm
from gi_trace.proposals.kinds import WAYS
from gi_trace.record.actions import first_broken_row
from gi_trace.record.models import RecordRow
from gi_trace.registry.mending_rules import Announcement, BeforeAnnouncement
from gi_trace.registry.models import Authorisation, find_party, find_product
from gi_trace.registry.party_rules import NameAlike
from gi_trace.registry.rules import (
    Basis,
    BasisNotRegistered,
    PeriodOverlaps,
    ReasonMissing,
    RightState,
    state_on,
)
from gi_trace.registry.who_may import (
    AuthorityOnly,
    DutyMissing,
    NotYourParty,
    SecondOfficerNeeded,
    SecondOfficerTheSame,
)
from gi_trace.terms.actions import set_term
from gi_trace.terms.deadlines import Term, TermUnit
from gi_trace.terms.legal import TermCode
from tests.applications import (
    PDF,
    STRANGERS_USCC,
    application_facts,
    bring_to_announcement,
    lins_application,
    lins_facts,
    move,
    strangers_application,
)
from tests.cast import party_of, person


@pytest.fixture(autouse=True)
def a_monday(app, at):
    at("2026-11-02T02:00Z")


def rights():
    return db.session.query(Authorisation).count()


def acts_on(application):
    subject = f"application:{application.id}"
    return [row.act for row in db.session.query(RecordRow).filter_by(subject=subject).order_by("number")]


def test_a_firm_with_an_account_comes_to_its_right(app):
    application, before = lins_application(), rights()
    bring_to_announcement(application)
    assert rights() == before, "the decision alone begins nothing"
    move(application, Move.ANNOUNCE, "zhao", number="示范第 9 号")
    right = application.right
    assert (right.party.name, right.product.code, right.number) == (
        "林记示范陈皮行",
        "xinhui-gan",
        "示范第 9 号",
    )
    assert state_on(right.right, date(2026, 11, 2)) is RightState.IN_FORCE
    assert acts_on(application) == [
        "application.handed_in",
        "application.checked",
        "application.approved",
        "application.announced",
    ]
    assert first_broken_row()[0] is None


def test_a_firm_that_nobody_knows_is_entered_with_its_announcement(app):
    application, receipt = strangers_application()
    bring_to_announcement(application)
    assert find_party(STRANGERS_USCC) is None
    move(application, Move.ANNOUNCE, "sun")
    party = find_party(STRANGERS_USCC)
    assert (party.name, party.area.name, party.authorisations) == ("示范新柑行", "会城", [application.right])
    assert find_application(receipt).stage is Stage.ANNOUNCED


IN_OCTOBER = date(2026, 10, 20)


def propose_october(application, by, says="", starts_on=IN_OCTOBER):
    announcement = Announcement("示范第 9 号", IN_OCTOBER, says)
    return propose_announcement(application, announcement, starts_on=starts_on, ends_on=None, by=person(by))


def test_a_right_that_began_before_today_is_proposed_by_whoever_enters_it_and_confirmed_by_another(app):
    application, _ = strangers_application()
    bring_to_announcement(application)
    with pytest.raises(SecondOfficerNeeded):
        move(application, Move.ANNOUNCE, "sun", announced_on=IN_OCTOBER, starts_on=IN_OCTOBER)
    db.session.rollback()
    proposal = propose_october(application, "zhao")
    assert application.stage is Stage.APPROVED and find_party(STRANGERS_USCC) is None
    with pytest.raises(SecondOfficerTheSame):
        confirm(proposal, by=person("zhao"))
    db.session.rollback()
    confirm(proposal, by=person("sun"))
    [change] = application.right.changes
    assert change.entered_late and (change.by, change.confirmed_by) == (person("zhao"), person("sun"))
    assert application.stage is Stage.ANNOUNCED and application.steps[-1].by == person("zhao")
    row = db.session.query(RecordRow).filter_by(act="application.announced").one()
    assert (row.by, row.facts["proposed_by"]) == (f"account:{person('sun').id}", person("zhao").id)


def test_a_right_does_not_begin_before_its_announcement_unless_that_says_so(app):
    application = lins_application()
    bring_to_announcement(application)
    with pytest.raises(BeforeAnnouncement):
        propose_october(application, "zhao", starts_on=date(2026, 9, 1))
    db.session.rollback()
    proposal = propose_october(application, "zhao", "自 2026 年 9 月 1 日起使用", date(2026, 9, 1))
    assert "自 2026 年 9 月 1 日起使用" in dict(WAYS[proposal.kind].rows(proposal)).values()
    confirm(proposal, by=person("sun"))
    [change] = application.right.changes
    assert change.reason == "自 2026 年 9 月 1 日起使用" and application.right.starts_on == date(2026, 9, 1)


def test_two_proposals_of_one_announcement_grant_once(app):
    application = lins_application()
    bring_to_announcement(application)
    first, second = propose_october(application, "zhao"), propose_october(application, "zhao")
    confirm(first, by=person("sun"))
    with pytest.raises(MoveNotOpen):
        confirm(second, by=person("sun"))


def test_what_the_announcement_would_be_refused_for_is_refused_before_it_waits(app):
    application, _ = strangers_application(name="林记示范陈皮行。")
    bring_to_announcement(application)
    with pytest.raises(NameAlike):
        propose_october(application, "zhao")


def test_an_announcement_that_is_entered_twice_grants_once(app):
    application = lins_application()
    bring_to_announcement(application)
    move(application, Move.ANNOUNCE, "zhao")
    before = rights()
    with pytest.raises(MoveNotOpen):
        move(application, Move.ANNOUNCE, "zhao")
    assert rights() == before


def test_a_refused_announcement_leaves_nothing_half_done(app):
    application, _ = strangers_application(name="林记示范陈皮行。")
    bring_to_announcement(application)
    with pytest.raises(NameAlike):
        move(application, Move.ANNOUNCE, "sun")
    db.session.rollback()
    assert application.stage is Stage.APPROVED and find_party(STRANGERS_USCC) is None
    move(application, Move.ANNOUNCE, "sun", why_alike="同区另一家，执照不同")
    assert find_party(STRANGERS_USCC).name == "林记示范陈皮行。"


def test_a_form_that_is_sent_twice_is_one_application(app):
    receipt = new_receipt()
    first = hand_in(application_facts(), [], receipt=receipt, by=None)
    assert hand_in(application_facts(), [], receipt=receipt, by=None).id == first.id
    assert db.session.query(Application).count() == 1


def test_the_receipt_itself_is_kept_nowhere(app):
    application, receipt = strangers_application()
    rows = db.session.query(RecordRow).filter_by(subject=f"application:{application.id}")
    assert receipt not in application.receipt_hash and all(receipt not in row.body for row in rows)
    assert find_application(receipt).id == application.id
    assert find_application("") is None and find_application(new_receipt()) is None


def test_what_is_written_about_people_stays_out_of_the_chain(app):
    application, _ = strangers_application()
    move(application, Move.ASK_CORRECTION, "zhao", "请示范某补一份报告", note="电话联系过示范某")
    bodies = [
        row.body for row in db.session.query(RecordRow).filter_by(subject=f"application:{application.id}")
    ]
    assert not [body for body in bodies if "示范某" in body or "联系" in body]


def test_a_correction_goes_back_to_the_district(app):
    application = lins_application()
    move(application, Move.CHECK, "zhao")
    move(application, Move.ASK_CORRECTION, "sun", "请补产地证明")
    with pytest.raises(MoveNotOpen):
        move(application, Move.APPROVE, "sun")
    move(application, Move.CORRECT, "lin", "已补")
    assert application.stage is Stage.HANDED_IN
    assert [paper.kind for paper in application.papers][-1] is PaperKind.ORIGIN_PROOF


def test_an_application_is_refused_with_reasons_or_withdrawn(app):
    refused, before = lins_application(), rights()
    move(refused, Move.CHECK, "zhao")
    with pytest.raises(ReasonMissing):
        move(refused, Move.REFUSE, "sun", " ")
    move(refused, Move.REFUSE, "sun", "产地不在保护范围")
    withdrawn = lins_application()
    move(withdrawn, Move.WITHDRAW, "lin")
    assert (refused.stage, withdrawn.stage) == (Stage.REFUSED, Stage.WITHDRAWN) and rights() == before


@pytest.mark.parametrize("decision", [Move.APPROVE, Move.REFUSE])
def test_whoever_checked_does_not_decide(app, decision):
    application = lins_application()
    move(application, Move.CHECK, "zhao")
    with pytest.raises(DeciderChecked):
        move(application, decision, "zhao")


def test_only_a_reviewer_decides(app):
    application = lins_application()
    move(application, Move.CHECK, "zhao")
    for somebody in ("lin", "chen"):
        with pytest.raises(DutyMissing):
            move(application, Move.APPROVE, somebody)


@pytest.mark.parametrize("who", ["lin", "wu", "chen", "liang"])
def test_nobody_else_does_what_is_the_offices(app, who):
    application = lins_application()
    for which in (Move.ASK_CORRECTION, Move.CHECK):
        with pytest.raises(AuthorityOnly):
            move(application, which, who)
    bring_to_announcement(application)
    with pytest.raises(AuthorityOnly):
        move(application, Move.ANNOUNCE, who)


def test_a_rival_and_a_receipt_of_another_do_nothing_to_it(app):
    application = lins_application()
    strangers, _ = strangers_application()
    with pytest.raises(NotYourParty):
        move(application, Move.WITHDRAW, "wu")
    with pytest.raises(NotYourApplication):
        take_own_step(application, Move.WITHDRAW, words="撤", by=None)
    with pytest.raises(NotYourApplication):
        move(strangers, Move.WITHDRAW, "wu")
    with pytest.raises(NotYourParty):
        hand_in(lins_facts(), [], party=party_of("lin"), by=person("wu"))


def test_the_offices_moves_are_not_made_as_the_firms_nor_the_firms_as_the_offices(app):
    application = lins_application()
    with pytest.raises(NotYourApplication):
        take_own_step(application, Move.CHECK, words="核查", by=person("lin"))
    with pytest.raises(NotYourApplication):
        take_office_step(application, Move.WITHDRAW, words="撤", by=person("zhao"))


def test_one_application_at_a_time_for_a_product_by_its_own_account(app):
    lins_application()
    with pytest.raises(ApplicationOpen):
        lins_application()
    strangers_application(uscc=party_of("lin").uscc)  # whoever that is hinders nobody
    lins_application(basis=Basis.CERTIFICATION, product=find_product("taishan-rice"))


def test_what_stands_is_renewed_and_not_asked_for_anew(app):
    with pytest.raises(RightStands):
        lins_application(product=find_product("xinhui-chenpi"))
    with pytest.raises(BasisNotRegistered):
        lins_application(basis=Basis.CERTIFICATION)


def test_a_renewal_follows_the_right_that_it_renews(app):
    first = lins_application()
    bring_to_announcement(first)
    move(first, Move.ANNOUNCE, "zhao", ends_on=date(2026, 12, 31))
    renewal = lins_application(kind=ApplicationKind.RENEWAL)
    bring_to_announcement(renewal)
    with pytest.raises(PeriodOverlaps):
        move(renewal, Move.ANNOUNCE, "zhao", starts_on=date(2026, 12, 31))
    move(renewal, Move.ANNOUNCE, "zhao", starts_on=date(2027, 1, 1))
    assert [
        right.ends_on for right in party_of("lin").authorisations if right.product.code == "xinhui-gan"
    ] == [
        date(2026, 12, 31),
        None,
    ]


def test_a_new_name_takes_the_same_road_and_grants_nothing(app):
    told = {"product": find_product("xinhui-chenpi"), "kind": ApplicationKind.NEW_NAME}
    with pytest.raises(NewNameMissing):
        lins_application(**told)
    application = lins_application(**told, new_name="林记示范陈皮庄", new_name_since=date(2026, 10, 20))
    before = rights()
    bring_to_announcement(application)
    assert party_of("lin").name == "林记示范陈皮行"
    move(application, Move.ANNOUNCE, "zhao", number="示范更名 1 号")
    lin = party_of("lin")
    assert lin.name == "林记示范陈皮庄" and rights() == before
    assert (lin.entries[-1].from_day, lin.entries[-1].document) == (date(2026, 10, 20), "示范更名 1 号")
    assert application.stage is Stage.ANNOUNCED and application.right is None


def test_papers_are_kept_as_they_came(app):
    application = lins_application()
    paper = application.papers[0]
    assert (paper.kind, paper.name, paper.media_type, paper.size) == (
        PaperKind.TEST_REPORT,
        "报告.pdf",
        "application/pdf",
        len(PDF),
    )
    assert evidence_store().original(paper.sha256).read_bytes() == PDF


def test_a_broken_or_hostile_pdf_is_kept_as_bytes(app):
    hostile = b"%PDF-1.7\n<script>alert(1)</script>\n/OpenAction /Launch" + bytes(range(256))
    [paper] = keep_papers([(PaperKind.OTHER, "..\\..\\a\x00\u202e.pdf", hostile)])
    assert (paper.name, paper.media_type) == ("a.pdf", "application/pdf")
    assert evidence_store().original(paper.sha256).read_bytes() == hostile


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", PDF + bytes(LARGEST_PAPER)])
def test_what_is_no_paper_or_too_large_is_not_kept(app, content):
    before = len(list(evidence_store().folder.rglob("*")))
    with pytest.raises(PaperUnfit, match="表.xlsx"):
        keep_papers([(PaperKind.OTHER, "表.xlsx", content)])
    assert len(list(evidence_store().folder.rglob("*"))) == before


def test_a_thirteenth_paper_is_refused_and_changes_nothing(app):
    application = lins_application()
    more = keep_papers([(PaperKind.OTHER, f"{number}.pdf", PDF) for number in range(11)])
    with pytest.raises(TooManyPapers):
        take_own_step(application, Move.ADD_PAPERS, words="", papers=more, by=person("lin"))
    db.session.rollback()
    take_own_step(application, Move.ADD_PAPERS, words="", papers=more[:10], by=person("lin"))
    assert len(application.papers) == 12
    with pytest.raises(NoPapers):
        take_own_step(application, Move.ADD_PAPERS, words="", by=person("lin"))


def test_a_correction_that_is_asked_makes_room_for_papers_anew(app):
    application = lins_application()
    ten = keep_papers([(PaperKind.OTHER, f"{number}.pdf", PDF) for number in range(10)])
    take_own_step(application, Move.ADD_PAPERS, words="", papers=ten, by=person("lin"))
    move(application, Move.ASK_CORRECTION, "zhao", "检验报告请换一份")
    take_own_step(application, Move.CORRECT, words="已换", papers=ten, by=person("lin"))
    with pytest.raises(TooManyPapers):
        take_own_step(application, Move.ADD_PAPERS, words="", papers=ten, by=person("lin"))
    db.session.rollback()
    assert len(application.papers) == 22


def test_one_officer_turns_away_at_the_door_with_a_reason(app):
    application, _ = strangers_application()
    with pytest.raises(ReasonMissing):
        move(application, Move.TURN_AWAY, "zhao", " ")
    with pytest.raises(AuthorityOnly):
        move(application, Move.TURN_AWAY, "lin")
    move(application, Move.TURN_AWAY, "zhao", "不是企业递交的")
    assert application.stage is Stage.REFUSED and acts_on(application)[-1] == "application.turned_away"
    checked = lins_application()
    move(checked, Move.CHECK, "zhao")
    with pytest.raises(MoveNotOpen):
        move(checked, Move.TURN_AWAY, "zhao")


def clock_now(application):
    [clock] = clocks_of([application]).values()
    return clock.code, clock.deadline.day, clock.workdays_left


def test_the_clock_of_the_check_stands_while_the_firm_mends(app, at):
    application = lins_application()
    assert clock_now(application) == (TermCode.CHECK_APPLICATION, date(2026, 11, 30), 20)
    at("2026-11-09T02:00Z")
    move(application, Move.ASK_CORRECTION, "zhao")
    assert clock_now(application) == (TermCode.CORRECT_APPLICATION, date(2026, 11, 30), 15)
    at("2026-11-13T02:00Z")
    move(application, Move.CORRECT, "lin")
    assert clock_now(application) == (TermCode.CHECK_APPLICATION, date(2026, 12, 7), 16)


def test_the_office_goes_on_without_a_correction_once_its_term_is_over(app, at):
    set_term(TermCode.CORRECT_APPLICATION, Term(5, TermUnit.WORKDAYS), source="示范规定", by=person("zhao"))
    application = lins_application()
    move(application, Move.ASK_CORRECTION, "zhao")
    at("2026-11-09T02:00Z")
    with pytest.raises(StillCorrecting):
        move(application, Move.CHECK, "zhao")
    at("2026-11-10T02:00Z")
    assert clock_now(application)[2] == -1
    move(application, Move.CHECK, "zhao", "期满未补正，按现有材料核查")
    assert application.stage is Stage.CHECKED


def test_nothing_runs_once_the_office_has_decided(app):
    application = lins_application()
    bring_to_announcement(application)
    assert clocks_of([application]) == {}
