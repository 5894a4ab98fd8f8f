"""A case as one whole: the same content for machines (JSON) and on paper (PDF). Never who told us."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import current_app

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.casework.models import Case, CaseExtension, CasePaper, CasePause, Lead, papers_of
from gi_trace.casework.papers.kinds import CasePaperKind
from gi_trace.casework.rules.money import Yuan
from gi_trace.casework.rules.steps import told_facts
from gi_trace.database import db
from gi_trace.evidence.store import evidence_store
from gi_trace.patrol.models import (
    Arrived,
    Discard,
    Evidence,
    Finding,
    FindingVersion,
    MadeOnPhone,
    Scan,
    Visit,
    visits_to,
)
from gi_trace.patrol.packs.rules import SAID_OFFLINE
from gi_trace.patrol.rules import LabelField
from gi_trace.record.models import RecordHead
from gi_trace.verification.verdicts import Verdict
from gi_trace.words import Worded

if TYPE_CHECKING:
    from gi_trace.labels.paper import Paper

PHOTOS_A_PAPER = 48
PROVING = (CasePaperKind.INSPECTION, CasePaperKind.INTERVIEW, CasePaperKind.PRESERVATION)


def photos_of(lead: Lead) -> list[Evidence]:
    """Complete photos of the lead's findings and visits, each once."""
    photos = [photo for one in lead.findings for photo in one.photos]
    photos += [photo for visit in visits_of(lead) for photo in visit.loose_photos]
    return list({photo.id: photo for photo in photos if photo.sha256}.values())


def visits_of(lead: Lead) -> list[Visit]:
    """Visits of the lead's findings, and all others to those shops: one without a find is evidence too."""
    shops = {finding.visit.shop_id for finding in lead.findings if finding.visit}
    return visits_to(shops)


def evidence_list(lead: Lead) -> list[str]:
    """What proves the facts, one a line, as the list of a decision begins."""
    proving = [one for one in papers_of(lead) if one.kind in PROVING]
    lines = [f"{one.draft.title}　{one.number}" for one in proving]
    for finding in lead.findings:
        latest, visit = finding.latest, finding.visit
        where = f"（{visit.shop.name}）" if visit else ""
        lines.append(f"{_day(latest.happened_at)} 现场检查{where}：{_goods(latest)}{_doubts(latest)}")
        if latest.measure_number:
            lines.append(f"{latest.measure.label}：{latest.measure_number}")
        if latest.scans:
            lines.append(f"扫码查验记录 {len(latest.scans)} 条")
        if latest.statement:
            lines.append("当事人现场陈述")
    photos = photos_of(lead)
    return [*lines, *([f"现场照片 {len(photos)} 张"] if photos else [])]


def dossier_of(case: Case) -> dict[str, Any]:
    lead, head = case.lead, db.session.get(RecordHead, 1)
    return {
        "number": case.number,
        "state": case.state,
        "filed_on": case.filed_on.isoformat(),
        "officers": [_officer(one) for one in case.officers],
        "offence": case.offence and {"text": case.offence.text, "clause": case.offence.clause},
        "respondent": {
            "name": lead.respondent_name,
            "code": lead.respondent_code,
            "address": lead.respondent_address,
        },
        "lead": {
            "number": lead.number,
            "source": lead.source,
            "title": lead.title,
            "what": lead.what,
            "received_on": lead.received_on.isoformat(),
            "batch": lead.batch.number_text if lead.batch else None,
            "units": [lead.first_unit, lead.last_unit] if lead.first_unit else None,
        },
        "findings": [_finding(one) for one in lead.findings],
        "visits": [_visit(one) for one in visits_of(case.lead)],
        "photos": [_photo(one) for one in photos_of(case.lead)],
        "papers": [_paper_facts(one) for one in papers_of(case.lead)],
        "steps": [_step(one) for one in case.steps],
        "extensions": [_extension(one) for one in case.extensions],
        "pauses": [_pause(one) for one in case.pauses],
        "decision": case.decision
        and {
            "number": case.decision.number,
            "decided_on": case.decision.decided_on.isoformat(),
            "ground": case.decision.ground,
            "ground_text": case.decision.ground_text,
            "violated": case.decision.violated,
            "evidence": case.decision.evidence,
            "order_to_correct": case.decision.order_to_correct,
            "confiscated_goods": case.decision.confiscated_goods,
            **vars(case.decision.amounts),
        },
        "record": {"rows": head.number, "hash": head.hash} if head else None,
    }


def case_papers(case: Case) -> Iterator[tuple[str, bytes]]:
    """(name, PDF): the record for signing and filing, with the photos; many photos go on in papers of their own.

    A paper lies in memory while it is drawn, so each is drawn when it is asked for.
    """
    photos = photos_of(case.lead)
    yield "record.pdf", _record_paper(case, photos[:PHOTOS_A_PAPER])
    for part, first in enumerate(range(PHOTOS_A_PAPER, len(photos), PHOTOS_A_PAPER), start=2):
        paper = _paper(case)
        _sign_with_photos(paper, photos[first : first + PHOTOS_A_PAPER])
        yield f"photos-{part}.pdf", paper.finished()


def _record_paper(case: Case, photos: Sequence[Evidence]) -> bytes:
    paper = _paper(case)
    paper.heading(f"案件记录　{case.number}", size=18)
    paper.facts(_head_rows(case))
    paper.heading("线索")
    paper.text_block(f"{case.lead.title}\n{case.lead.what}".strip())
    for number, finding in enumerate(case.lead.findings, start=1):
        paper.heading(f"现场发现 {number}")
        paper.facts(_finding_rows(finding))
    for visit in visits_of(case.lead):
        paper.heading(f"现场检查　{_moment(visit.versions[0].happened_at)}")
        paper.facts(_visit_rows(visit))
    if case.decision:
        paper.heading(f"处罚决定　{case.decision.number}")
        paper.facts(_decision_rows(case))
        paper.text_block(case.decision.text)
    paper.heading("办理经过")
    paper.facts(
        (f"{step.on.isoformat()} {step.kind.label}", "\n".join(_step_lines(step))) for step in case.steps
    )
    if photos:
        paper.add_page()
    _sign_with_photos(paper, photos)
    return paper.finished()


def _paper(case: Case) -> "Paper":
    from gi_trace.labels.paper import Paper  # its fonts take a while to load, and few requests print

    return Paper(f"{current_app.config['OFFICE_NAME']}　{case.number}")


def _sign_with_photos(paper: "Paper", photos: Sequence[Evidence]) -> None:
    if photos:
        paper.heading("照片")
        paper.photos((evidence_store().copy(photo.sha256 or ""), _caption(photo)) for photo in photos)
    paper.signatures(["办案人员一", "办案人员二", "当事人"])


def _head_rows(case: Case) -> list[tuple[str, object]]:
    lead, ground = case.lead, case.offence
    officers = "、".join(f"{one.name}（{one.badge_number}）" for one in case.officers)
    return [
        ("立案日期", case.filed_on.isoformat()),
        ("状态", case.state.label),
        ("办案人员", officers),
        ("当事人", lead.respondent_name),
        ("社会信用代码", lead.respondent_code),
        ("地址", lead.respondent_address),
        ("涉嫌违法", f"{ground.text}（{ground.clause}）" if ground else ""),
        ("货值", Yuan(lead.value_fen) if lead.value_fen else ""),
        ("延期", "\n".join(f"{one.kind.label} {one.days} 天（{one.document}）" for one in case.extensions)),
        ("不计入期限", "\n".join(f"{one.kind.label} {_days(one)}（{one.document}）" for one in case.pauses)),
    ]


def _finding_rows(finding: Finding) -> list[tuple[str, object]]:
    latest, visit = finding.latest, finding.visit
    rows: list[tuple[str, object]] = [
        *_time_rows(latest),
        ("违法情形", f"{latest.offence.text}（{latest.offence.clause}）"),
        ("数量", f"{latest.quantity} {latest.quantity_unit}".strip()),
        ("单价与货值", f"{Yuan(latest.unit_price_fen)}；{Yuan(latest.value_fen)}"),
        ("供货来源", latest.supplier),
        ("当事人陈述", latest.statement),
    ]
    if visit and visit.versions:
        rows[0:0] = [("地点", _place(visit)), ("检查人员", _visit_officers(visit))]
    rows += [(field.label, latest.label[field]) for field in LabelField if field in latest.label]
    return rows + [("扫码", f"{scan['code']}：{said_offline(scan['verdict'])}") for scan in latest.scans]


def _visit_rows(visit: Visit) -> list[tuple[str, object]]:
    scans = [
        f"{_moment(scan.happened_at)} {scan.code or scan.text}：{said_offline(scan.verdict)}；"
        f"收到时 {Verdict(scan.server_verdict).label}"
        f"{f'；网址 {scan.host}' if scan.host else ''}{_doubts(scan)}"
        for scan in visit.scans
    ]
    rows: list[tuple[str, object]] = [("地点", _place(visit)), ("检查人员", _visit_officers(visit))]
    rows += _time_rows(visit.versions[0])
    return [*rows, ("发现", len(visit.findings)), ("扫码", "\n".join(scans) or "没有扫码")]


def _time_rows(said: Arrived) -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = [
        ("时间（按服务器时钟）", _moment(said.happened_at)),
        ("时间（手机所示）", _moment(said.made_at)),
        ("时间（收到）", _moment(said.received_at)),
    ]
    return [*rows, ("说明", said.doubts_told)] if said.doubts else rows


def _doubts(said: MadeOnPhone) -> str:
    return f"（{said.doubts_told}）" if said.doubts else ""


def said_offline(verdict: str) -> str:
    """A phone may say what this version does not know."""
    return SAID_OFFLINE[verdict].label if verdict in SAID_OFFLINE else verdict


def _decision_rows(case: Case) -> list[tuple[str, object]]:
    decision = case.decision
    assert decision is not None
    return [
        ("决定日期", decision.decided_on.isoformat()),
        ("违法事实", decision.violated),
        ("证据", "\n".join(decision.evidence)),
        ("依据", decision.ground_text or decision.ground.label),
        ("责令改正", "是" if decision.order_to_correct else "否"),
        ("没收物品", decision.confiscated_goods),
        ("货值", Yuan(decision.goods_value_fen)),
        ("违法所得", Yuan(decision.gains_fen)),
        ("没收违法所得", Yuan(decision.confiscated_gains_fen)),
        ("罚款", Yuan(decision.fine_fen)),
    ]


def _step_lines(step: Any) -> list[str]:
    told = [
        f"{fact.label}：{value.label if isinstance(value, Worded) else value}"
        for fact, value in told_facts(step.facts)
    ]
    return [step.text, *told, f"登记：{step.by.name}，{_moment(step.entered_at)}"]


def _place(visit: Visit) -> str:
    latest = visit.latest
    where = f"{visit.shop.name}，{visit.shop.address}"
    if visit.shop.link:
        return f"{visit.shop.name}，网上店铺（{visit.shop.platform}，标示的卖家：{visit.shop.seller}），{visit.shop.link}"
    if latest.latitude_e6 is not None and latest.longitude_e6 is not None:
        where += (
            f"（{latest.latitude_e6 / 1e6:.6f}, {latest.longitude_e6 / 1e6:.6f}，±{latest.accuracy_m} 米）"
        )
    elif latest.market:
        where += f"（{latest.market.name}，无定位）"
    return where


def _visit_officers(visit: Visit) -> str:
    return f"{visit.officer.name}、{visit.latest.second_officer.name}"


def _caption(photo: Evidence) -> str:
    return f"{photo.kind.label}　{_moment(photo.happened_at)}　{photo.by.name}{_doubts(photo)}\nSHA-256 {photo.sha256}"


def _goods(found: FindingVersion) -> str:
    name = found.label.get(LabelField.PRODUCT_NAME, "")
    return f"{name} {found.quantity} {found.quantity_unit}".strip()


def _day(instant: datetime) -> str:
    return clock.day_of(instant).isoformat()


def _moment(instant: datetime) -> str:
    return clock.in_shanghai(instant).strftime("%Y-%m-%d %H:%M:%S")


def _times(said: MadeOnPhone) -> dict[str, Any]:
    """By both clocks, with the error that was sealed in the item, and what is to be told of clock and phone."""
    return {
        "made_at": said.made_at.isoformat(),
        "clock_ahead_s": said.clock_ahead_s,
        "heard_at": said.heard_at and said.heard_at.isoformat(),
        "happened_at": said.happened_at.isoformat(),
        "received_at": said.arrived_at.isoformat(),
        "phone": said.phone_id,
        "doubts": list(said.doubts),
    }


def _officer(account: Account) -> dict[str, Any]:
    return {"name": account.name, "badge_number": account.badge_number}


def _finding(finding: Finding) -> dict[str, Any]:
    visit = finding.visit
    return {
        "id": finding.id,
        "visit": visit and {"id": visit.id, "shop": visit.shop.name, "address": visit.shop.address},
        "versions": [_version(one) for one in finding.versions],
    }


def _visit(visit: Visit) -> dict[str, Any]:
    return {
        "id": visit.id,
        "shop": visit.shop.name,
        "address": visit.shop.address,
        **{name: getattr(visit.shop, name) for name in ("link", "platform", "seller")},
        "officers": [visit.officer.name, visit.latest.second_officer.name],
        **_times(visit.versions[0]),
        "findings": [finding.id for finding in visit.findings],
        "scans": [_scan(one) for one in visit.scans],
        "discarded": [_discard(one) for one in visit.discards],
    }


def _discard(discard: Discard) -> dict[str, Any]:
    names = ("id", "items", "reason", "refusal", "receipt")
    return {
        **{name: getattr(discard, name) for name in names},
        "by": discard.by.name,
        **_times(discard),
    }


def _scan(scan: Scan) -> dict[str, Any]:
    names = ("id", "text", "code", "host", "verdict", "server_verdict", "again", "receipt")
    return {
        **{name: getattr(scan, name) for name in names},
        "by": scan.by.name,
        **_times(scan),
    }


def _version(version: FindingVersion) -> dict[str, Any]:
    plain = ("number", "label", "scans", "server_verdicts", "quantity", "quantity_unit", "unit_price_fen")
    more = ("value_fen", "supplier", "statement", "measure", "measure_number", "note", "receipt")
    return {
        **{name: getattr(version, name) for name in (*plain, *more)},
        "offence": version.offence.text,
        "by": version.by.name,
        **_times(version),
        "measure_on": version.measure_on and version.measure_on.isoformat(),
    }


def _paper_facts(paper: CasePaper) -> dict[str, Any]:
    return {
        "kind": paper.kind,
        "number": paper.number,
        "version": paper.draft.version,
        "issued_on": paper.issued_on.isoformat(),
        "by": paper.by.name,
        "sha256": paper.pdf_sha256,
    }


def _photo(photo: Evidence) -> dict[str, Any]:
    return {
        "id": photo.id,
        "finding": photo.finding_id,
        "kind": photo.kind.value,
        "marks_of": photo.marks_of and photo.marks_of.id,
        "sha256": photo.sha256,
        "size": photo.size,
        "media_type": photo.media_type,
        **_times(photo),
        "completed_at": photo.completed_at and photo.completed_at.isoformat(),
        "by": photo.by.name,
        "receipt": photo.receipt,
    }


def _step(step: Any) -> dict[str, Any]:
    return {
        "kind": step.kind,
        "on": step.on.isoformat(),
        "text": step.text,
        "facts": step.facts,
        "by": step.by.name,
        "entered_at": step.entered_at.isoformat(),
    }


def _extension(one: CaseExtension) -> dict[str, Any]:
    told = {"kind": one.kind, "days": one.days, "document": one.document, "reason": one.reason}
    return told | {"decided_on": one.decided_on.isoformat(), "by": [one.by.name, one.confirmed_by.name]}


def _pause(one: CasePause) -> dict[str, Any]:
    told = {"kind": one.kind, "starts_on": one.starts_on.isoformat(), "document": one.document}
    ends_on = one.ends_on.isoformat() if one.ends_on else None
    return told | {"ends_on": ends_on, "by": [one.by.name, one.confirmed_by.name]}


def _days(pause: CasePause) -> str:
    return f"{pause.starts_on.isoformat()} 至 {pause.ends_on.isoformat() if pause.ends_on else '今'}"
