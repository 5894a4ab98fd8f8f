"""The letter that goes with a transferred lead, and alone to an office without this service."""

from flask import current_app

from gi_trace.casework.rules.money import Yuan
from gi_trace.offices.lead_body import evidence_of
from gi_trace.offices.models import LeadTransfer
from gi_trace.offices.rules import digest


def transfer_letter(transfer: LeadTransfer) -> bytes:
    """As PDF. The package's hash ties the paper to the file; who told us is in neither."""
    from gi_trace.labels.paper import Paper

    lead, own_name = transfer.lead, current_app.config["OFFICE_NAME"]
    paper = Paper(f"{own_name}　{lead.number}")
    paper.heading("案件线索移送函", size=18)
    paper.text_block(
        f"{transfer.office.name}：\n　　{transfer.reason}\n　　现将下列线索移送贵机关，请依法处理，并函告是否接收及处理结果。"
    )
    paper.facts(
        [
            ("线索", f"{lead.number} {lead.title}"),
            ("被指的单位或个人", lead.respondent_name),
            ("社会信用代码", lead.respondent_code),
            ("地址", lead.respondent_address),
            ("产品", lead.product.name if lead.product else ""),
            ("货值", Yuan(lead.value_fen) if lead.value_fen else ""),
            ("情况", lead.what),
            ("证据", "\n".join(_evidence_lines(transfer)) or "无"),
            ("移送包 SHA-256", digest(transfer.messages[0].package.encode())),
        ]
    )
    paper.heading(f"{own_name}　　{transfer.sent_on.isoformat()}", size=11)
    paper.signatures(["经办人"])
    paper.heading("回执", size=14)
    paper.text_block(
        f"{own_name}：\n　　贵机关 {transfer.sent_on.isoformat()} 移送的线索 {lead.number} 收悉。"
        "（接收／退回，请划去一项）退回理由："
    )
    paper.signatures([transfer.office.name])
    return paper.finished()


def _evidence_lines(transfer: LeadTransfer) -> list[str]:
    return [f"照片 SHA-256 {photo.sha256}" for photo in evidence_of(transfer.lead)]
