"""What is known of a lead or case, in the words of its papers. Never who told us."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from flask import current_app

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.casework.clocks import timekeeper
from gi_trace.casework.dossier import evidence_list, photos_of, said_offline
from gi_trace.casework.models import Case, Decision, Lead, case_of_lead
from gi_trace.casework.papers.kinds import CasePaperKind, PaperFact, PaperTable
from gi_trace.casework.papers.template import Tables, template_of
from gi_trace.casework.rules.money import Yuan
from gi_trace.casework.rules.steps import Response, StepFact, StepKind
from gi_trace.patrol.models import Evidence, Finding, FindingVersion, MadeOnPhone, Scan, Visit
from gi_trace.patrol.rules import LabelField, Measure, decide_by
from gi_trace.terms.legal import TermCode
from gi_trace.terms.models import terms_now

Known = dict[PaperFact, str]


def known_of(lead: Lead, case: Case | None, visit: Visit | None) -> Known:
    """Of several visits the papers of one tell of the one that is given."""
    findings = findings_of(lead, visit)
    known = _of_lead(lead) | _of_office() | _of_findings(findings) | _of_goods(lead, findings)
    if visit is not None:
        known |= _of_visit(visit)
    if case is not None:
        known |= _of_case(case)
    return {fact: text for fact, text in known.items() if text}


def tables_of(lead: Lead, case: Case | None, visit: Visit | None, *, kept_alone: bool) -> Tables:
    """`kept_alone`: of the goods only those that are kept for proof."""
    findings = findings_of(lead, visit)
    goods = [one.latest for one in findings if not kept_alone or one.latest.measure is Measure.PRESERVED]
    decided = case.decision.evidence if case and case.decision else None
    evidence = decided or evidence_list(lead)
    photos = [one for one in photos_of(lead) if visit is None or one.visit_id == visit.id]
    return {
        PaperTable.GOODS: _numbered(_goods_row(one) for one in goods),
        PaperTable.EVIDENCE: _numbered((line,) for line in evidence),
        PaperTable.SCANS: _numbered(_scan_row(one) for one in (visit.scans if visit else ())),
        PaperTable.PHOTOS: _numbered(_photo_row(one) for one in photos),
    }


def lacking_of(kind: CasePaperKind, lead: Lead) -> list[str]:
    """Labels of what such a paper still lacks and who issues it could not say: the matter itself has to tell it."""
    case, template = case_of_lead(lead), template_of(kind)
    draft = template.filled(known_of(lead, case, None), tables_of(lead, case, None, kept_alone=False))
    asked = {fact.label for fact in template.asked}
    return [label for label in draft.missing if label not in asked]


def visits_with_finds(lead: Lead) -> list[Visit]:
    """The visits on which something of the lead was found, each once."""
    visits = [one.visit for one in lead.findings if one.visit is not None and one.visit.versions]
    return list({one.id: one for one in visits}.values())


def findings_of(lead: Lead, visit: Visit | None) -> list[Finding]:
    found = [one for one in lead.findings if one.versions]
    return [one for one in found if visit is None or one.visit_id == visit.id]


def chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _of_office() -> Known:
    terms = terms_now()
    statement, hearing = terms[TermCode.STATEMENT], terms[TermCode.HEARING]
    return {
        PaperFact.OFFICE: current_app.config["OFFICE_NAME"],
        PaperFact.TODAY: chinese_day(clock.today()),
        PaperFact.STATEMENT_TERM: f"{statement.amount}{statement.unit.label}",
        PaperFact.HEARING_TERM: f"{hearing.amount}{hearing.unit.label}",
    }


def _of_lead(lead: Lead) -> Known:
    return {
        PaperFact.LEAD_NUMBER: lead.number,
        PaperFact.SOURCE: lead.source.label,
        PaperFact.RECEIVED_ON: chinese_day(lead.received_on),
        PaperFact.TITLE: lead.title,
        PaperFact.WHAT: lead.what,
        PaperFact.RESPONDENT: lead.respondent_name,
        PaperFact.RESPONDENT_CODE: lead.respondent_code,
        PaperFact.RESPONDENT_ADDRESS: lead.respondent_address,
        PaperFact.VALUE: str(Yuan(lead.value_fen)) if lead.value_fen else "",
    }


def _of_findings(findings: Sequence[Finding]) -> Known:
    latest = [one.latest for one in findings]
    offences = list({one.offence.id: one.offence for one in latest}.values())
    return {
        PaperFact.OFFENCE: "；".join(one.text for one in offences),
        PaperFact.CLAUSE: "；".join(one.clause for one in offences),
        PaperFact.SEEN: "\n".join(_seen(one) for one in latest),
        PaperFact.STATEMENT: _joined(one.statement for one in latest),
        PaperFact.SUPPLIER: _joined(one.supplier for one in latest),
    }


def _of_goods(lead: Lead, findings: Sequence[Finding]) -> Known:
    kept = [one.latest for one in findings if one.latest.measure is Measure.PRESERVED]
    days = [one.measure_on for one in kept if one.measure_on]
    last = [day for one in kept if (day := decide_by(one.measure, one.measure_on))]
    settled = lead.goods_settled
    return {
        PaperFact.KEPT_ON: chinese_day(min(days)) if days else "",
        PaperFact.KEPT_UNTIL: chinese_day(min(last)) if last else "",
        PaperFact.OUTCOME: "；".join(dict.fromkeys(one.outcome.label for one in settled)),
        PaperFact.OUTCOME_REASON: _joined(one.text for one in settled),
    }


def _of_visit(visit: Visit) -> Known:
    latest = visit.latest
    return {
        PaperFact.CHECKED_AT: _moment(visit.versions[0].happened_at),
        PaperFact.PLACE: f"{visit.shop.name}，{visit.shop.address}",
        PaperFact.CHECKERS: _officers([visit.officer, latest.second_officer]),
        PaperFact.OFFICERS: _officers([visit.officer, latest.second_officer]),
    }


def _of_case(case: Case) -> Known:
    filed, investigated = case.step(StepKind.FILED), case.step(StepKind.INVESTIGATED)
    known: Known = {
        PaperFact.CASE_NUMBER: case.number,
        PaperFact.FILED_ON: chinese_day(case.filed_on),
        PaperFact.FILING_REASON: filed.text if filed else "",
        PaperFact.OFFICERS: _officers(case.officers),
        PaperFact.FACTS: investigated.text if investigated else "",
        PaperFact.RESPONSE: _response(case),
        PaperFact.SERVED: _served(case),
        PaperFact.TERM_ENDS: chinese_day(timekeeper().deadline_of_case(case).day),
    }
    if case.offence is not None:
        known |= {PaperFact.OFFENCE: case.offence.text, PaperFact.CLAUSE: case.offence.clause}
    return known | (_of_decision(case.decision) if case.decision else {})


def _of_decision(decision: Decision) -> Known:
    return {
        PaperFact.FACTS: decision.violated or decision.text,
        PaperFact.GROUND: decision.ground_text or decision.ground.label,
        PaperFact.DECISION_TEXT: decision.text,
        PaperFact.PENALTIES: _penalties(decision),
        PaperFact.DECIDED_ON: chinese_day(decision.decided_on),
        PaperFact.DECISION_NUMBER: decision.number,
    }


def _penalties(decision: Decision) -> str:
    said = [
        ("责令改正", decision.order_to_correct),
        (f"没收物品：{decision.confiscated_goods}", decision.confiscated_goods),
        (f"没收违法所得 {Yuan(decision.confiscated_gains_fen)}", decision.confiscated_gains_fen),
        (f"罚款 {Yuan(decision.fine_fen)}", decision.fine_fen),
    ]
    lines = [text for text, there in said if there]
    return "\n".join(f"{number}．{text}。" for number, text in enumerate(lines, start=1)) or "不予行政处罚。"


def _response(case: Case) -> str:
    told = [step for step in case.steps if step.kind is StepKind.RESPONDED]
    return "".join(
        f"{chinese_day(step.on)}，{Response(step.facts[StepFact.RESPONSE]).label}：{step.text}"
        for step in told
    )


def _served(case: Case) -> str:
    step = case.step(StepKind.SERVED)
    if step is None:
        return ""
    how = step.facts.get(StepFact.SERVED_HOW, "")
    return f"{chinese_day(step.on)}　{how}".strip()


def _seen(found: FindingVersion) -> str:
    """The label as transcribed, what the scans said, and what the officers noted."""
    label = "；".join(f"{field.label}：{found.label[field]}" for field in LabelField if field in found.label)
    parts = [f"现场发现{found.offence.text}的物品。", f"标签所示：{label}。" if label else "", found.note]
    return "　　" + "".join(parts)


def _goods_row(found: FindingVersion) -> tuple[str, ...]:
    label = found.label
    return (
        label.get(LabelField.PRODUCT_NAME, "") or (found.product.name if found.product else ""),
        label.get(LabelField.NET_CONTENT, "") or label.get(LabelField.FRONT_WORDS, ""),
        f"{found.quantity} {found.quantity_unit}".strip(),
        str(Yuan(found.unit_price_fen)),
        str(Yuan(found.value_fen)),
        f"{found.measure.label} {found.measure_number}".strip() if found.measure is not Measure.NONE else "",
    )


def _scan_row(scan: Scan) -> tuple[str, ...]:
    return scan.code or scan.text, said_offline(scan.verdict), _when(scan)


def _photo_row(photo: Evidence) -> tuple[str, ...]:
    return _when(photo), photo.by.name, photo.sha256 or ""


def _numbered(rows: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [(str(number), *row) for number, row in enumerate(rows, start=1)]


def _officers(officers: Sequence[Account]) -> str:
    return "、".join(f"{one.name}（{one.badge_number or '未登记执法证号'}）" for one in officers)


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _when(said: MadeOnPhone) -> str:
    return _moment(said.happened_at) + (f"（{said.doubts_told}）" if said.doubts else "")


def _moment(instant: datetime) -> str:
    local = clock.in_shanghai(instant)
    return f"{chinese_day(clock.day_of(instant))}{local:%H}时{local:%M}分"
