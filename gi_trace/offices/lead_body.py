"""What of a lead goes to another office and comes from one: facts and hashes, never who told us."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from gi_trace import clock
from gi_trace.casework.actions.leads import NewLead
from gi_trace.casework.models import Lead
from gi_trace.casework.rules.risk import LeadSource
from gi_trace.offices.models import Office, TransferOriginal
from gi_trace.offices.rules import SHA256, PackageUnreadable, text_of
from gi_trace.patrol.models import Evidence, Finding
from gi_trace.registry.models import find_product

MOST_EVIDENCE, MOST_FINDINGS = 500, 100
PRODUCT_CODE = re.compile(r"[a-z0-9-]{0,40}")


def evidence_of(lead: Lead) -> list[Evidence]:
    """Complete photos of the lead's findings."""
    return [photo for finding in lead.findings for photo in finding.photos if photo.sha256]


def body_of(lead: Lead, reason: str, originals: Iterable[TransferOriginal]) -> dict[str, Any]:
    """`originals` will follow; of any other evidence the other office gets the hash alone."""
    return {
        "reason": reason,
        "title": lead.title,
        "what": lead.what,
        "received_on": lead.received_on.isoformat(),
        "respondent": {
            "name": lead.respondent_name,
            "code": lead.respondent_code,
            "address": lead.respondent_address,
        },
        "product": lead.product.code if lead.product else "",
        "batch": lead.batch.number_text if lead.batch else "",
        "value_fen": lead.value_fen,
        "findings": [_finding_facts(finding) for finding in lead.findings],
        "evidence": [_photo_facts(photo) for photo in evidence_of(lead)],
        "originals": [_photo_facts(original) for original in originals],
    }


def lead_from(body: Mapping[str, Any], office: Office, transfer_id: str) -> NewLead:
    """Raises PackageUnreadable for anything that is not what body_of writes."""
    respondent, value_fen = body.get("respondent"), body.get("value_fen")
    if not isinstance(respondent, dict) or type(value_fen) is not int or not 0 <= value_fen < 2**53:
        raise PackageUnreadable
    _check_day(text_of(body, "received_on", 10))
    product_code = text_of(body, "product", 40)
    product = find_product(product_code) if PRODUCT_CODE.fullmatch(product_code) else None
    return NewLead(
        source=LeadSource.CITY,
        source_key=f"transfer:{transfer_id}",
        title=text_of(body, "title", 120),
        what="\n".join([text_of(body, "what"), *_evidence_lines(body), *_finding_lines(body)]).strip(),
        received_on=clock.today(),
        respondent_name=text_of(respondent, "name", 120),
        respondent_code=text_of(respondent, "code", 40),
        respondent_address=text_of(respondent, "address", 200),
        product_id=product.id if product else None,
        value_fen=value_fen,
    )


def _photo_facts(photo: Evidence | TransferOriginal) -> dict[str, Any]:
    return {"sha256": photo.sha256, "size": photo.size, "media_type": photo.media_type}


def _finding_facts(finding: Finding) -> dict[str, Any]:
    latest, shop = finding.latest, finding.visit.shop if finding.visit else None
    return {
        "made_at": latest.made_at.isoformat(),
        "shop": shop.name if shop else "",
        "offence": latest.offence.text,
        "label": dict(latest.label),
        "quantity": latest.quantity,
        "unit_price_fen": latest.unit_price_fen,
        "note": latest.note,
    }


def _evidence_lines(body: Mapping[str, Any]) -> list[str]:
    evidence = body.get("evidence")
    if not isinstance(evidence, list) or len(evidence) > MOST_EVIDENCE:
        raise PackageUnreadable
    hashes = [one.get("sha256") if isinstance(one, dict) else None for one in evidence]
    if not all(isinstance(one, str) and SHA256.fullmatch(one) for one in hashes):
        raise PackageUnreadable
    return [f"证据 SHA-256：{one}" for one in hashes]


def _finding_lines(body: Mapping[str, Any]) -> list[str]:
    findings = body.get("findings")
    if not isinstance(findings, list) or len(findings) > MOST_FINDINGS:
        raise PackageUnreadable
    lines = []
    for finding in findings:
        if not isinstance(finding, dict):
            raise PackageUnreadable
        shop, offence = text_of(finding, "shop", 120), text_of(finding, "offence", 200)
        lines.append(f"现场：{shop}，{offence}，数量 {finding.get('quantity')!s:.20}")
    return lines


def _check_day(text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise PackageUnreadable from None
