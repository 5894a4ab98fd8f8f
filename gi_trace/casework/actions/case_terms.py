"""More time for a case, and time that is not counted: two officers, since both loosen its term."""

from datetime import date

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.accounts.officers import as_proposed, check_second_officer
from gi_trace.casework.clocks import timekeeper
from gi_trace.casework.models import Case, CaseExtension, CasePause
from gi_trace.casework.rules.case_term import (
    CasePauseKind,
    CasePauseOpen,
    ExtensionKind,
    NoCasePause,
    OwnCaseTerm,
    check_case_extension,
    check_term_runs,
)
from gi_trace.casework.rules.leads import check_pause_day, required_text
from gi_trace.database import act, db, lock
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.terms.deadlines import Term, TermUnit
from gi_trace.terms.legal import TermCode


@act
def extend_case(
    case: Case,
    kind: ExtensionKind,
    days: int,
    *,
    document: str,
    reason: str,
    by: Account,
    confirmed_by: Account | None,
) -> CaseExtension:
    """By `days` from where the term now ends; `document` is the approval or the minutes. Raises what `check_extension`
    raises, OwnCaseTerm, WordsMissing."""
    lock(case)
    confirmed_by = _second(case, by, confirmed_by)
    check_extension(case, kind, days)
    before, after = timekeeper().deadline_of_case(case).day, extended_until(case, days)
    extension = CaseExtension(
        case_id=case.id,
        kind=kind,
        days=days,
        document=required_text(document),
        reason=required_text(reason),
        decided_on=clock.today(),
        by_id=by.id,
        confirmed_by_id=confirmed_by.id,
    )
    case.extensions.append(extension)
    db.session.flush()
    facts = {"kind": kind, "days": days, "document": extension.document, "reason": extension.reason}
    facts |= {"before": before, "until": after} | as_proposed(by, confirmed_by)
    record(Acted.CASE_EXTENDED, case, by=confirmed_by, facts=facts)
    return extension


def check_extension(case: Case, kind: ExtensionKind, days: int) -> None:
    """Raises CaseTermOver and what `check_case_extension` raises."""
    check_term_runs(case.state)
    keeper = timekeeper()
    last_day, after = keeper.deadline_of_case(case).day, extended_until(case, days)
    taken = [one.kind for one in case.extensions]
    longest = keeper.extended_case(case, keeper.terms[TermCode.EXTEND_CASE]).day
    check_case_extension(
        kind, taken=taken, last_day=last_day, new_last_day=after, longest=longest, today=keeper.today
    )


def extended_until(case: Case, days: int) -> date:
    return timekeeper().extended_case(case, Term(days, TermUnit.DAYS)).day


@act
def pause_case(
    case: Case,
    kind: CasePauseKind,
    starts_on: date,
    *,
    document: str,
    by: Account,
    confirmed_by: Account | None,
) -> CasePause:
    """From that day on the term stands; `document` says why: the order for a test, the notice."""
    lock(case)
    confirmed_by = _second(case, by, confirmed_by)
    check_pause(case, starts_on)
    pause = CasePause(
        case_id=case.id,
        kind=kind,
        starts_on=starts_on,
        document=required_text(document),
        by_id=by.id,
        confirmed_by_id=confirmed_by.id,
    )
    case.pauses.append(pause)
    db.session.flush()
    facts = {"kind": kind, "starts_on": starts_on, "document": pause.document} | as_proposed(by, confirmed_by)
    record(Acted.CASE_PAUSED, case, by=confirmed_by, facts=facts)
    return pause


def check_pause(case: Case, starts_on: date) -> None:
    """Raises CaseTermOver, CasePauseOpen, CaseExtensionTooLate, PauseDayWrong."""
    check_term_runs(case.state)
    if any(pause.ends_on is None for pause in case.pauses):
        raise CasePauseOpen
    free = [case.filed_on, *(pause.ends_on for pause in case.pauses if pause.ends_on)]
    last_day = min(clock.today(), timekeeper().deadline_of_case(case).day)
    check_pause_day(starts_on, earliest=max(free), today=last_day)


@act
def resume_case(case: Case, ends_on: date, *, by: Account) -> None:
    """Alone: from here the term runs again."""
    lock(case)
    pause = next((one for one in case.pauses if one.ends_on is None), None)
    if pause is None:
        raise NoCasePause
    check_pause_day(ends_on, earliest=pause.starts_on, today=clock.today())
    pause.ends_on = ends_on
    record(Acted.CASE_RESUMED, case, by=by, facts={"kind": pause.kind, "ends_on": ends_on})


def _second(case: Case, by: Account, confirmed_by: Account | None) -> Account:
    check_second_officer(by, confirmed_by)
    assert confirmed_by is not None  # just checked
    if case.is_in_hands_of(confirmed_by):
        raise OwnCaseTerm
    return confirmed_by
