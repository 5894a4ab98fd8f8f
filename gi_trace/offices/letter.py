"""The letter that goes with a transferred lead, and alone to an office without this service.

It says what the sealed package says, so nothing stands on paper that was masked there; who told us is in neither.
"""

import json
from typing import Any

from flask import current_app

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.casework.actions.papers import add_paper, paper_file, pdf_of
from gi_trace.casework.models import find_paper_about
from gi_trace.casework.papers.facts import Known, chinese_day
from gi_trace.casework.papers.kinds import CasePaperKind, PaperFact, PaperTable
from gi_trace.casework.papers.template import Tables, template_of
from gi_trace.casework.rules.money import Yuan
from gi_trace.offices.models import LeadTransfer
from gi_trace.offices.rules import digest


def issue_letter(transfer: LeadTransfer, *, by: Account) -> None:
    """A step of sending; it does not commit."""
    known, tables = _what_it_says(transfer)
    add_paper(CasePaperKind.TRANSFER, transfer.lead, known, tables, about_id=transfer.id, by=by)


def transfer_letter(transfer: LeadTransfer) -> bytes:
    """As PDF: the letter that was issued, or its draft for a lead that went out before letters were kept."""
    paper = find_paper_about(CasePaperKind.TRANSFER, transfer.id)
    if paper is not None:
        return pdf_of(paper)
    draft = template_of(CasePaperKind.TRANSFER).filled(*_what_it_says(transfer))
    return paper_file(draft, "pdf", current_app.config["OFFICE_NAME"], clock.now())


def _what_it_says(transfer: LeadTransfer) -> tuple[Known, Tables]:
    package = transfer.messages[0].package
    body = json.loads(json.loads(package)["message"])["body"]
    respondent = body["respondent"]
    known = {
        PaperFact.OFFICE: current_app.config["OFFICE_NAME"],
        PaperFact.TODAY: chinese_day(transfer.sent_on),
        PaperFact.TO_OFFICE: transfer.office.name,
        PaperFact.TITLE: body["title"],
        PaperFact.LEAD_NUMBER: transfer.lead.number,
        PaperFact.TRANSFER_REASON: body["reason"],
        PaperFact.RESPONDENT: respondent["name"],
        PaperFact.RESPONDENT_CODE: respondent["code"],
        PaperFact.RESPONDENT_ADDRESS: respondent["address"],
        PaperFact.VALUE: str(Yuan(body["value_fen"])) if body["value_fen"] else "",
        PaperFact.WHAT: body["what"],
        PaperFact.SUPPLIER: "\n".join(one.get("supplier", "") for one in body["findings"]).strip(),
    }
    lines = [*_lines(body), f"移送包 SHA-256：{digest(package.encode())}"]
    return known, {PaperTable.EVIDENCE: [(str(number), line) for number, line in enumerate(lines, start=1)]}


def _lines(body: dict[str, Any]) -> list[str]:
    lines = []
    for one in body["findings"]:
        lines.append(
            f"现场发现：{one['shop']}，{one['offence']}，{one['quantity']} {one.get('quantity_unit', '')}".strip()
        )
        if one.get("measure_number"):
            lines.append(f"先行登记保存或抽样：{one['measure_on']} {one['measure_number']}")
        if one.get("scans"):
            lines.append(f"扫码查验记录 {len(one['scans'])} 条")
    return lines + [f"照片 SHA-256：{photo['sha256']}" for photo in body["evidence"]]
