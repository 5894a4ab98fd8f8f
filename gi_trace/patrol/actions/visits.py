"""Acts on visits and findings. Phones send an item as often as they need to: the same id is the same item."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from gi_trace import clock
from gi_trace.accounts.models import Account, Role
from gi_trace.database import act, db, lock
from gi_trace.patrol.actions.arriving import (
    arrived,
    check_in_office,
    check_in_visit,
    check_of_visit,
    happened_at,
    kept,
    known_as,
    officer_with,
    visit_of,
)
from gi_trace.patrol.items import FINDING, VISIT, Made, read_item
from gi_trace.patrol.models import (
    Finding,
    FindingVersion,
    Market,
    Offence,
    Shop,
    Visit,
    VisitVersion,
)
from gi_trace.patrol.packs.models import PatrolPhone
from gi_trace.patrol.rules import ItemUnreadable, MeasureDateAhead
from gi_trace.record.acts import Acted
from gi_trace.registry.models import find_product
from gi_trace.registry.who_may import check_two_officers
from gi_trace.verification.alerts import raise_twins
from gi_trace.verification.answer import Answer
from gi_trace.verification.looking.look import look_at

Facts = dict[str, Any]


def record_visit(item: object, *, phone: PatrolPhone) -> VisitVersion:
    """A new visit, or a new version of one; nothing is overwritten."""
    made, facts = read_item(VISIT, item)
    return _record_visit(made, facts.pop("visit"), facts.pop("shop"), facts, phone)


@act
def _record_visit(made: Made, visit_id: str, shop: Facts, facts: Facts, phone: PatrolPhone) -> VisitVersion:
    officer = officer_with(phone)
    if known := known_as(VisitVersion, made, officer):
        return known
    _check_market(facts["market_id"])
    visit = _visit(visit_id, officer, shop)
    of_the_visit = visit.versions[0].happened_at if visit.versions else happened_at(made)
    _check_second_officer(officer, facts["second_officer_id"], of_the_visit)
    version = VisitVersion(
        visit_id=visit.id,
        number=len(visit.versions) + 1,
        based_on=made.based_on,
        **arrived(phone, made),
        **facts,
    )
    visit.versions.append(version)
    acted = Acted.VISIT_RECORDED if version.number == 1 else Acted.VISIT_AMENDED
    return kept(acted, visit, version, officer, {"version": version.number, "shop": shop["id"]})


def record_finding(item: object, *, phone: PatrolPhone) -> FindingVersion:
    """A new finding of a visit, or a new version of one."""
    made, facts = read_item(FINDING, item)
    answers = {scan["code"]: look_at(scan["code"]) for scan in facts["scans"]}
    return _record_finding(made, facts.pop("visit"), facts.pop("finding"), facts, answers, phone)


@act
def _record_finding(
    made: Made,
    visit_id: str,
    finding_id: str,
    facts: Facts,
    answers: Mapping[str, Answer],
    phone: PatrolPhone,
) -> FindingVersion:
    officer = officer_with(phone)
    if known := known_as(FindingVersion, made, officer):
        return known
    offence, product = _offence(facts.pop("offence")), find_product(facts.pop("product"))
    visit_of(visit_id, officer)
    _check_measure_on(facts["measure_on"])
    check_of_visit(Finding, finding_id, visit_id)
    finding = _finding(finding_id, visit_id)
    version = FindingVersion(
        finding_id=finding.id,
        number=len(finding.versions) + 1,
        offence_id=offence.id,
        product_id=product.id if product else None,
        server_verdicts={code: answer.verdict.value for code, answer in answers.items()},
        based_on=made.based_on,
        **arrived(phone, made),
        **facts,
    )
    finding.versions.append(version)
    _raise_twins(facts["scans"], answers, visit_id)
    acted = Acted.FINDING_RECORDED if version.number == 1 else Acted.FINDING_AMENDED
    return kept(
        acted,
        finding,
        version,
        officer,
        {"version": version.number, "offence": offence.code, "visit": visit_id},
    )


def _raise_twins(scans: Iterable[Mapping[str, Any]], answers: Mapping[str, Answer], visit_id: str) -> None:
    """Two packs with one code in one shop: the unit is copied, whatever the public's checks look like."""
    twins = (answers[scan["code"]] for scan in scans if scan["twin"])
    units = {(answer.batch.number, answer.unit) for answer in twins if answer.batch}
    if units:
        city = db.session.get_one(Visit, visit_id).shop.city
        raise_twins(units, visit=visit_id, city=city or None)


def _visit(visit_id: str, officer: Account, shop: Facts) -> Visit:
    visit = db.session.get(Visit, visit_id)
    if visit is None:
        visit = Visit(
            id=visit_id, officer_id=officer.id, shop_id=_shop(shop).id, first_received_at=clock.now()
        )
        db.session.add(visit)
        db.session.flush()
        return visit
    lock(visit)
    check_in_visit(visit, officer)
    return visit


def _shop(facts: Facts) -> Shop:
    shop = db.session.get(Shop, facts["id"])
    if shop is None:
        _check_market(facts["market_id"])
        shop = Shop(**facts, first_seen_at=clock.now())
        db.session.add(shop)
        db.session.flush()
    return shop


def _finding(finding_id: str, visit_id: str) -> Finding:
    finding = db.session.get(Finding, finding_id)
    if finding is None:
        finding = Finding(id=finding_id, visit_id=visit_id, first_received_at=clock.now())
        db.session.add(finding)
        db.session.flush()
    else:
        lock(finding)
    return finding


def _check_second_officer(officer: Account, second_id: int, at: datetime) -> None:
    check_two_officers(officer.id, second_id)
    second = db.session.get(Account, second_id)
    if second is None or second.role != Role.INSPECTOR:
        raise ItemUnreadable(field="second_officer_id")
    check_in_office(second, at)


def _check_market(market_id: int | None) -> None:
    if market_id is not None and db.session.get(Market, market_id) is None:
        raise ItemUnreadable(field="market_id")


def _check_measure_on(day: date | None) -> None:
    if day is not None and day > clock.today():
        raise MeasureDateAhead(day=day)


def _offence(code: str) -> Offence:
    offence = db.session.scalar(select(Offence).filter_by(code=code))
    if offence is None:
        raise ItemUnreadable(field="offence")
    return offence
