"""Papers of a lead or case: as a draft, issued under a number, and the file of an issued one."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime

from flask import current_app

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.casework.actions.informants import check_may_see, hidden_informant, works_on
from gi_trace.casework.actions.numbers import next_number
from gi_trace.casework.models import Case, CasePaper, Lead, NumberKind, case_of_lead, papers_of
from gi_trace.casework.papers.facts import Known, known_of, tables_of
from gi_trace.casework.papers.kinds import CasePaperKind, PaperFact, PaperWords
from gi_trace.casework.papers.template import Draft, Tables, template_of
from gi_trace.casework.rules.leaving import NOT_LOOKED, Hidden, LookedOver, as_it_leaves
from gi_trace.casework.rules.papers import CaseMissing, PaperIssuedAlready, check_paper_complete
from gi_trace.casework.rules.steps import CaseState, NotOnCase, StepKind, check_step
from gi_trace.database import act, db, end_reading, lock
from gi_trace.patrol.models import Visit
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted

Said = Mapping[PaperFact, str]
OWN_RECORDS = (CasePaperKind.INSPECTION, CasePaperKind.INTERVIEW)
OF_KEPT_GOODS = (CasePaperKind.PRESERVATION, CasePaperKind.GOODS_DECISION)


def draft_paper(
    kind: CasePaperKind, lead: Lead, visit: Visit | None = None, said: Said | None = None
) -> Draft:
    """As far as it is known and `said`; what is missing is marked in it. Who told us does not stand in one that will go
    out."""
    known, tables = _what_it_says(kind, lead, visit, said or {})
    if kind.goes_out:
        known, tables = _as_they_leave(known, tables, [], NOT_LOOKED, hidden_informant(lead))
    return template_of(kind).filled(known, tables)


def texts_of_paper(kind: CasePaperKind, lead: Lead, visit: Visit | None, said: Said) -> list[str]:
    """The free texts of a paper that goes out, for somebody to look at; none of one that stays."""
    if not kind.goes_out:
        return []
    template, (known, tables) = template_of(kind), _what_it_says(kind, lead, visit, said)
    facts = [known.get(fact, "") for fact in template.facts if fact.words is PaperWords.FREE]
    rows = [
        row for table in template.tables if table.words is PaperWords.FREE for row in tables.get(table, ())
    ]
    texts = [*facts, *(cell for row in rows for cell in row[1:])]  # the first is a serial number
    return [text for text in dict.fromkeys(texts) if text.strip()]


@act
def issue_paper(
    kind: CasePaperKind,
    lead: Lead,
    visit: Visit | None = None,
    said: Said | None = None,
    *,
    looked: LookedOver = NOT_LOOKED,
    by: Account,
) -> CasePaper:
    """By the newest template, under the next number of its kind.

    Raises PaperIncomplete, CaseMissing, PaperIssuedAlready, NotLookedOver, NotOnCase, StepOutOfOrder.
    """
    lock(lead)
    check_may_see(lead, by)
    _check_in_place(kind, lead, by)
    known, tables = _what_it_says(kind, lead, visit, said or {})
    if kind.goes_out:
        texts = texts_of_paper(kind, lead, visit, said or {})
        known, tables = _as_they_leave(known, tables, texts, looked, hidden_informant(lead))
    return add_paper(kind, lead, known, tables, about_id=visit.id if visit else None, by=by)


def add_paper(
    kind: CasePaperKind, lead: Lead, known: Known, tables: Tables, *, about_id: str | None, by: Account
) -> CasePaper:
    """The step of issuing a paper, for acts that do more; it does not commit."""
    template = template_of(kind)
    unnumbered = template.filled(known, tables)
    check_paper_complete(unnumbered.missing)
    same = [one for one in papers_of(lead) if one.kind is kind and one.draft.blocks == unnumbered.blocks]
    if same:
        raise PaperIssuedAlready(number=same[0].number)
    number = _number(kind, case_of_lead(lead))
    draft = template.filled(known, tables, number=number)
    paper = CasePaper(
        lead_id=lead.id,
        kind=kind,
        number=number,
        about_id=about_id,
        content=draft.as_data(),
        issued_on=clock.today(),
        issued_at=clock.now(),
        by_id=by.id,
    )
    db.session.add(paper)
    db.session.flush()
    record(Acted.PAPER_ISSUED, paper, by=by, facts={"kind": kind, "number": number, "lead": lead.id})
    return paper


def pdf_of(paper: CasePaper) -> bytes:
    """Drawn once, and the same bytes ever after."""
    if paper.pdf is None:
        draft, office, at = paper.draft, current_app.config["OFFICE_NAME"], paper.issued_at
        end_reading()
        _keep_pdf(paper, paper_file(draft, "pdf", office, at))
    assert paper.pdf is not None
    return paper.pdf


def paper_file(draft: Draft, form: str, office: str, at: datetime) -> bytes:
    """As "pdf" or "docx"."""
    if form == "pdf":
        from gi_trace.casework.papers.pdf import (
            paper_pdf,  # its fonts take a while to load, and few requests print
        )

        return paper_pdf(draft, office, at)
    from gi_trace.casework.papers.docx import paper_docx

    return paper_docx(draft, office, at)


@act
def _keep_pdf(paper: CasePaper, pdf: bytes) -> None:
    lock(paper)
    if paper.pdf is None:  # of two that are drawn at once the first is kept
        paper.pdf, paper.pdf_sha256 = pdf, hashlib.sha256(pdf).hexdigest()
        record(Acted.PAPER_DRAWN, paper, by=None, facts={"sha256": paper.pdf_sha256})


def _as_they_leave(
    known: Known, tables: Tables, texts: list[str], looked: LookedOver, hidden: Hidden
) -> tuple[Known, Tables]:
    """The informant stands nowhere, not even in what the office says of itself."""
    leaving: dict[PaperWords, Callable[[str], str]] = {
        PaperWords.FREE: as_it_leaves(texts, looked, hidden),
        PaperWords.OFFICE: as_it_leaves((), NOT_LOOKED, hidden),
        PaperWords.FIXED: str,
    }
    told = {fact: leaving[fact.words](text) for fact, text in known.items()}
    shown = {
        table: [[leaving[table.words](cell) for cell in row] for row in rows]
        for table, rows in tables.items()
    }
    return told, shown


def _check_in_place(kind: CasePaperKind, lead: Lead, by: Account) -> None:
    """What officers saw and heard is written by those who work on it; a case is not closed before its way allows it."""
    if kind in OWN_RECORDS and not works_on(lead, by):
        raise NotOnCase
    case = case_of_lead(lead)
    if kind is CasePaperKind.CLOSING and case and case.state is not CaseState.CLOSED:
        check_step(StepKind.CLOSED, case.state)


def _what_it_says(kind: CasePaperKind, lead: Lead, visit: Visit | None, said: Said) -> tuple[Known, Tables]:
    case = case_of_lead(lead)
    known = known_of(lead, case, visit) | {fact: text for fact, text in said.items() if fact.is_asked}
    return known, tables_of(lead, case, visit, kept_alone=kind in OF_KEPT_GOODS)


def _number(kind: CasePaperKind, case: Case | None) -> str:
    if kind.number not in (NumberKind.CASE, NumberKind.DECISION):
        return next_number(kind.number)
    if case is None or (kind.number is NumberKind.DECISION and case.decision is None):
        raise CaseMissing
    return case.decision.number if kind.number is NumberKind.DECISION and case.decision else case.number
