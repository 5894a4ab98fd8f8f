"""What of a lead goes to another office and comes from one: facts and hashes, never who told us."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from gi_trace import clock
from gi_trace.casework.actions.leads import NewLead
from gi_trace.casework.dossier import photos_of, visits_of
from gi_trace.casework.models import Lead
from gi_trace.casework.rules.risk import LeadSource
from gi_trace.offices.models import Office, TransferOriginal, transfers_of
from gi_trace.offices.rules import SHA256, UUID, PackageUnreadable, text_of
from gi_trace.patrol.models import Evidence, Finding, FindingVersion, Scan, Visit
from gi_trace.patrol.packs.rules import SAID_OFFLINE
from gi_trace.patrol.rules import Measure
from gi_trace.registry.models import find_product

MOST_EVIDENCE, MOST_FINDINGS, MOST_EARLIER = 500, 100, 50
LONGEST_CODE, MOST_SCANS_OF_A_VISIT = 300, 5000
MORE_TEXTS = ("supplier", "statement", "measure", "measure_on", "measure_number")
SCAN_FACTS = ("code", "verdict", "at")
PRODUCT_CODE = re.compile(r"[a-z0-9-]{0,40}")


def free_texts(lead: Lead, reason: str = "") -> list[str]:
    """All that somebody wrote in words of his own and that goes along, each once."""
    seen: dict[str, None] = {}

    def see(text: str) -> str:
        seen[text] = None
        return text

    body_of(lead, reason, (), see)
    return [text for text in seen if text.strip()]


def body_of(
    lead: Lead, reason: str, originals: Iterable[TransferOriginal], leaving: Callable[[str], str]
) -> dict[str, Any]:
    """`originals` will follow; of any other evidence the other office gets the hash alone. `leaving`: how each free
    text reads when it goes out."""
    return {
        "reason": leaving(reason),
        "earlier": [one.id for one in transfers_of(lead)],
        "title": leaving(lead.title),
        "what": leaving(lead.what),
        "received_on": lead.received_on.isoformat(),
        "respondent": {
            "name": lead.respondent_name,
            "code": lead.respondent_code,
            "address": leaving(lead.respondent_address),
        },
        "product": lead.product.code if lead.product else "",
        "batch": lead.batch.number_text if lead.batch else "",
        "value_fen": lead.value_fen,
        "findings": [_finding_facts(finding, leaving) for finding in lead.findings],
        "visits": [_visit_facts(visit) for visit in visits_of(lead)[:MOST_FINDINGS]],
        "evidence": [_photo_facts(photo) for photo in photos_of(lead)],
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
        what="\n".join(
            [text_of(body, "what"), *_evidence_lines(body), *_finding_lines(body), *_visit_lines(body)]
        ).strip(),
        received_on=clock.today(),
        respondent_name=text_of(respondent, "name", 120),
        respondent_code=text_of(respondent, "code", 40),
        respondent_address=text_of(respondent, "address", 200),
        product_id=product.id if product else None,
        value_fen=value_fen,
    )


def earlier_transfers(body: Mapping[str, Any]) -> list[str]:
    """Under which ids the lead went from office to office before; those of an earlier version say nothing of it."""
    earlier = body.get("earlier", [])
    if not isinstance(earlier, list) or len(earlier) > MOST_EARLIER:
        raise PackageUnreadable
    if not all(isinstance(one, str) and UUID.fullmatch(one) for one in earlier):
        raise PackageUnreadable
    return earlier


def _visit_facts(visit: Visit) -> dict[str, Any]:
    """Also one without a find: what was scanned there is evidence."""
    return {
        "shop": visit.shop.name,
        "made_at": visit.versions[0].happened_at.isoformat(),
        "scans": [_scan_facts(scan) for scan in visit.scans[:MOST_SCANS_OF_A_VISIT]],
    }


def _scan_facts(scan: Scan) -> dict[str, str]:
    code = (scan.code or scan.text)[:LONGEST_CODE]
    return {"code": code, "verdict": scan.verdict, "at": scan.happened_at.isoformat(), "host": scan.host}


def _photo_facts(photo: Evidence | TransferOriginal) -> dict[str, Any]:
    return {"sha256": photo.sha256, "size": photo.size, "media_type": photo.media_type}


def _texts_of(found: FindingVersion) -> dict[str, str]:
    return {"supplier": found.supplier, "statement": found.statement, "note": found.note}


def _finding_facts(finding: Finding, leaving: Callable[[str], str]) -> dict[str, Any]:
    latest, shop = finding.latest, finding.visit.shop if finding.visit else None
    return {
        "made_at": latest.happened_at.isoformat(),
        "shop": shop.name if shop else "",
        "offence": latest.offence.text,
        "label": {name: leaving(text) for name, text in latest.label.items()},
        "quantity": latest.quantity,
        "quantity_unit": leaving(latest.quantity_unit),
        "unit_price_fen": latest.unit_price_fen,
        "measure": latest.measure,
        "measure_on": latest.measure_on.isoformat() if latest.measure_on else "",
        "measure_number": leaving(latest.measure_number),
        "scans": [{name: scan.get(name, "") for name in SCAN_FACTS} for scan in latest.scans],
        **{name: leaving(text) for name, text in _texts_of(latest).items()},
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
        lines += _more_lines(finding)
    return lines


def _more_lines(finding: Mapping[str, Any]) -> list[str]:
    """What an earlier version of this service did not send."""
    said = {name: text_of(finding, name) if name in finding else "" for name in MORE_TEXTS}
    kept = Measure(said["measure"]).label if said["measure"] in list(Measure) else ""
    lines = [f"供货来源：{said['supplier']}"] if said["supplier"] else []
    lines += [f"当事人陈述：{said['statement']}"] if said["statement"] else []
    if kept and said["measure"] != Measure.NONE:
        lines.append(f"{kept}：{said['measure_on']} {said['measure_number']}".rstrip())
    return lines + _scan_lines(finding)


def _visit_lines(body: Mapping[str, Any]) -> list[str]:
    visits = body.get("visits", [])
    if not isinstance(visits, list) or len(visits) > MOST_FINDINGS:
        raise PackageUnreadable
    lines = []
    for visit in visits:
        if not isinstance(visit, dict):
            raise PackageUnreadable
        lines.append(f"现场检查：{text_of(visit, 'made_at', 40)[:16]} {text_of(visit, 'shop', 120)}")
        lines += _scan_lines(visit)
    return lines


def _scan_lines(part: Mapping[str, Any]) -> list[str]:
    scans = part.get("scans", [])
    if not isinstance(scans, list) or len(scans) > MOST_SCANS_OF_A_VISIT:
        raise PackageUnreadable
    return [_scan_line(scan) for scan in scans]


def _scan_line(scan: object) -> str:
    if not isinstance(scan, dict):
        raise PackageUnreadable
    code, verdict = text_of(scan, "code", LONGEST_CODE), text_of(scan, "verdict", 80)
    said = SAID_OFFLINE[verdict].label if verdict in SAID_OFFLINE else verdict
    return f"扫码：{code}　{said}"


def _check_day(text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise PackageUnreadable from None
