"""The ninety days of a case: more of them by two officers, days that do not count, and the paper that asks for them."""

from datetime import date

import pytest

from gi_trace.casework.actions.case_term_proposals import propose_extension, propose_pause
from gi_trace.casework.actions.case_terms import extend_case, pause_case, resume_case
from gi_trace.casework.actions.papers import draft_paper
from gi_trace.casework.clocks import timekeeper
from gi_trace.casework.dossier import dossier_of
from gi_trace.casework.papers.kinds import CasePaperKind, PaperFact
from gi_trace.casework.queue import case_queue
from gi_trace.casework.rules.case_term import (
    CaseExtendedAlready,
    CaseExtensionTooLate,
    CaseExtensionTooLong,
    CasePauseKind,
    CasePauseOpen,
    CaseTermOver,
    CollectiveTooEarly,
    ExtensionKind,
    NoCasePause,
    OwnCaseTerm,
)
from gi_trace.casework.rules.leads import PauseDayWrong, WordsMissing
from gi_trace.database import db, writing
from gi_trace.proposals.actions import confirm
from gi_trace.proposals.rules import ProposalOutlived
from gi_trace.record.models import RecordRow
from tests.casework import make_case, make_decided_case
from tests.cast import person, two_officers

FILED = date(2026, 11, 24)
NINETY, ONCE_MORE = date(2027, 2, 22), date(2027, 3, 24)


@pytest.fixture(autouse=True)
def autumn(at, app):
    at("2026-11-24T08:00+00:00")


def extend(case, kind=ExtensionKind.HEAD, days=30, **changes):
    told = {"document": "示市监延〔2027〕1号", "reason": "案情复杂", **two_officers()} | changes
    return extend_case(case, kind, days, **told)


def pause(case, on, kind=CasePauseKind.TEST, **changes):
    return pause_case(case, kind, on, **{"document": "示检委〔2026〕1 号", **two_officers()} | changes)


def ends(case):
    return timekeeper().deadline_of_case(case).day


def test_a_head_extends_once_by_thirty_days_and_the_heads_together_by_what_they_decide():
    case = make_case()
    assert ends(case) == NINETY
    with pytest.raises(CollectiveTooEarly):
        extend(case, ExtensionKind.COLLECTIVE)
    with pytest.raises(CaseExtensionTooLong, match=ONCE_MORE.isoformat()):
        extend(case, days=31)
    db.session.rollback()
    extend(case)
    assert ends(case) == ONCE_MORE
    with pytest.raises(CaseExtendedAlready):
        extend(case, days=1)
    db.session.rollback()
    extend(case, ExtensionKind.COLLECTIVE, 60, document="集体讨论记录第 3 号")
    assert ends(case) == date(2027, 5, 24)  # a Sunday goes on to the Monday
    (queued,) = case_queue()
    assert queued.clock.deadline.day == ends(case)
    assert [one["days"] for one in dossier_of(case)["extensions"]] == [30, 60]
    rows = [row.facts for row in db.session.query(RecordRow) if row.act == "case.extended"]
    assert [(row["before"], row["until"]) for row in rows] == [
        ("2027-02-22", "2027-03-24"),
        ("2027-03-24", "2027-05-24"),
    ]


def test_days_of_a_test_or_hearing_do_not_count_and_the_term_goes_on_after_them(at):
    case = make_case()
    at("2026-12-10T08:00+00:00")
    pause(case, date(2026, 12, 1))
    assert timekeeper().deadline_of_case(case).standing
    with pytest.raises(CasePauseOpen):
        pause(case, date(2026, 12, 5))
    db.session.rollback()
    resume_case(case, date(2026, 12, 10), by=person("sun"))
    assert ends(case) == date(2027, 3, 4)  # ten days later
    extend(case)
    assert ends(case) == date(2027, 4, 5)  # a Saturday goes on to the Monday
    with pytest.raises(NoCasePause):
        resume_case(case, date(2026, 12, 10), by=person("sun"))
    with pytest.raises(PauseDayWrong):
        pause(case, date(2026, 12, 9))  # within the one before


def test_more_time_takes_a_second_officer_who_does_not_work_on_the_case_and_a_paper():
    case = make_case()
    zhao, sun = person("zhao"), person("sun")
    with pytest.raises(WordsMissing):
        extend(case, document=" ")
    db.session.rollback()
    with writing():
        case.first_officer_id = sun.id
    with pytest.raises(OwnCaseTerm):
        extend(case, by=zhao, confirmed_by=sun)
    with pytest.raises(OwnCaseTerm):
        pause(case, FILED, by=zhao, confirmed_by=sun)


def test_no_time_is_given_once_the_term_is_over_or_the_case_decided(at):
    case, decided = make_case(), make_decided_case()
    with pytest.raises(CaseTermOver):
        extend(decided)
    with pytest.raises(CaseTermOver):
        pause(decided, FILED)
    db.session.rollback()
    at("2027-02-23T08:00+00:00")
    with pytest.raises(CaseExtensionTooLate, match="2027-02-22"):
        extend(case)


def test_an_extension_is_proposed_shows_its_new_day_and_is_outlived_by_a_pause(at):
    case = make_case()
    told = {"document": "示市监延〔2027〕1号", "by": person("zhao")}
    proposal = propose_extension(case, ExtensionKind.HEAD, 20, reason="案情复杂", **told)
    assert "2027-03-15" in str(proposal.told) and ends(case) == NINETY  # nothing happened yet
    at("2026-12-02T08:00+00:00")
    standing = propose_pause(case, CasePauseKind.NOTICE, date(2026, 12, 1), **told)
    confirm(standing, by=person("sun"))
    with pytest.raises(ProposalOutlived, match="现办案期限"):
        confirm(proposal, by=person("sun"))
    db.session.rollback()
    resume_case(case, date(2026, 12, 2), by=person("zhao"))
    again = propose_extension(case, ExtensionKind.HEAD, 20, reason="案情复杂", **told)
    confirm(again, by=person("sun"))
    assert [(one.kind, one.days) for one in case.extensions] == [(ExtensionKind.HEAD, 20)]


def test_the_paper_that_asks_for_more_time_names_the_day_on_which_the_term_ends():
    said = {PaperFact.EXTEND_BY: "三十日", PaperFact.EXTEND_WHY: "须向外地取证"}
    draft = draft_paper(CasePaperKind.EXTENSION, make_case().lead, said=said)
    rows = dict(draft.blocks[0].rows)
    assert rows["现办案期限"] == "2027年2月22日" and rows["延长的理由"] == "须向外地取证"
    assert draft.missing == ()
