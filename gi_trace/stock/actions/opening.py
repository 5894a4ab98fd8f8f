"""Stock older than the system comes in only through an on-site check by two officers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from gi_trace import clock
from gi_trace.accounts.models import Account, Role
from gi_trace.database import act, db, lock
from gi_trace.errors import N_, Refused
from gi_trace.evidence.rules import NotAPhoto
from gi_trace.evidence.store import KeptPhoto, evidence_store
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordRow
from gi_trace.registry.models import Product
from gi_trace.registry.rules import check_reason
from gi_trace.registry.who_may import check_officer, check_two_people
from gi_trace.stock.actions.ageing import begin_stay
from gi_trace.stock.actions.ledger import Booking, Outside, business_day, post
from gi_trace.stock.models import ActKind, CheckPhoto, Lot, OnSiteCheck, Site, StayPeriod
from gi_trace.stock.places import check_inside
from gi_trace.stock.rules.age import claimed_stay
from gi_trace.stock.rules.claims import Claim, check_claim
from gi_trace.stock.rules.land import typed_key
from gi_trace.stock.rules.postings import AccountKind
from gi_trace.stock.rules.weights import check_weight

MOST_PHOTOS = 12
MB = 1024 * 1024
LARGEST_PHOTO = 8 * MB


class SecondWitnessNeeded(Refused):
    code = "second_witness_needed"
    text = N_("现场核查须由两名不同的人员完成，请另一名人员确认。")


class AuthorityOfficerNeeded(Refused):
    code = "authority_officer_needed"
    text = N_("{product}的期初库存登记已于 {until} 截止，之后须由主管部门人员确认。")


class ProductDoesNotAge(Refused):
    code = "product_does_not_age"
    text = N_("{product}没有陈化要求，不登记期初库存。")


class OutsideNumberMissing(Refused):
    code = "outside_number_missing"
    text = N_("请填写原有系统的记录编号。")


class OutsideNumberTaken(Refused):
    code = "outside_number_taken"
    text = N_("原系统记录号“{number}”已登记过期初库存（{party}），不能再次登记。")


class PhotoUsedBefore(Refused):
    code = "photo_used_before"
    text = N_("有照片已用于{party}的另一次期初库存核查。请上传这次现场拍的照片。")


class ClosingDateMissing(Refused):
    code = "closing_date_missing"
    text = N_("{product}还没有存量登记截止日。请主管部门先在产品页填写。")


class PhotosMissing(Refused):
    code = "photos_missing"
    text = N_("请上传 1 至 {most} 张现场照片。")


class SitePhotoUnreadable(Refused):
    code = "photo_unreadable"
    text = N_("第 {position} 张照片无法识别：须为 {megabytes} MB 以内的 JPEG、PNG、WebP 或 HEIC。")


class CheckClosed(Refused):
    code = "check_closed"
    text = N_("这次现场核查已经处理完毕。")


@dataclass(frozen=True)
class OnSiteFacts:
    """What the officers saw: `outside_number` is the record number in the existing system, `founded_year` the firm's by
    its licence. Peel of before it names who supplied it and on which paper."""

    product: Product
    site: Site
    weight_g: int
    claimed_year: int
    checked_on: date
    outside_number: str
    founded_year: int
    supplier: str = ""
    paper: str = ""
    notes: str = ""


def record_on_site_check(facts: OnSiteFacts, photos: Sequence[bytes], *, by: Account) -> OnSiteCheck:
    """The first officer writes down what was seen; no stock comes in before the second confirms.

    Photos are kept as received, because they are evidence, but each must be one that can be shown. Raises also
    OutsideNumberTaken and PhotoUsedBefore, where a check that stands has the number or a photo, of whichever firm,
    ClosingDateMissing, and what `check_claim` raises.
    """
    check_officer(by)
    if not 1 <= len(photos) <= MOST_PHOTOS:
        raise PhotosMissing(most=MOST_PHOTOS)
    kept = [_kept(content, position) for position, content in enumerate(photos, start=1)]
    return _record_on_site_check(facts, {photo.sha256: photo for photo in kept}.values(), by=by)


@act
def _record_on_site_check(facts: OnSiteFacts, photos: Iterable[KeptPhoto], *, by: Account) -> OnSiteCheck:
    check_weight(facts.weight_g)
    business_day(facts.checked_on)
    product, site = facts.product, facts.site
    if not product.material.ages:
        raise ProductDoesNotAge(product=product.name)
    check_inside(site.area, product.material.crop, place=site.name)
    lock(product)  # one number and one photo come in once, also when two are written down together
    if product.opening_stock_until is None:
        raise ClosingDateMissing(product=product.name)
    claimed_stay(facts.claimed_year, facts.checked_on)
    check_claim(facts.claimed_year, facts.checked_on, _claim_of(facts), started_on=_first_day())
    if not facts.outside_number.strip():
        raise OutsideNumberMissing
    photos = list(photos)
    _check_seen_once(facts.outside_number, [photo.sha256 for photo in photos])
    check = OnSiteCheck(**vars(facts), recorded_at=clock.now(), recorded_by=by)
    check.photos = [CheckPhoto(sha256=photo.sha256, media_type=photo.media_type) for photo in photos]
    db.session.add(check)
    recorded = vars(facts) | {"product": product.code, "site": site.id, "party": site.party_id}
    recorded["photos"] = [photo.sha256 for photo in check.photos]
    record(Acted.ON_SITE_CHECK_RECORDED, check, by=by, facts=recorded)
    return check


@act
def confirm_on_site_check(check: OnSiteCheck, *, by: Account) -> Lot:
    """The second officer was there too: the stock enters, marked as opening stock for good.

    For what was written down after the product's closing date, whatever day it names, the second officer
    must be of the authority.
    """
    check_officer(by)
    _lock_open(check)
    if by.id == check.recorded_by_id:
        raise SecondWitnessNeeded
    check_two_people(check.recorded_by, by)
    until = check.product.opening_stock_until
    if until is None:
        raise ClosingDateMissing(product=check.product.name)
    if clock.day_of(check.recorded_at) > until and by.role is not Role.AUTHORITY:
        raise AuthorityOfficerNeeded(product=check.product.name, until=until)
    lot = _opening_lot(check)
    check.confirmed_at, check.confirmed_by, check.lot = clock.now(), by, lot
    opening = Outside(AccountKind.OPENING, lot.party.id, lot.material.id)
    booking = Booking(Acted.ON_SITE_CHECK_CONFIRMED, ActKind.OPENING, check, by, check.checked_on)
    post(booking, [(opening, -check.weight_g), (lot, check.weight_g)])
    return lot


@act
def dismiss_on_site_check(check: OnSiteCheck, *, reason: str, by: Account) -> None:
    """A check that was written down wrongly: nothing comes in."""
    check_officer(by)
    check_reason(reason)
    _lock_open(check)
    check.dismissed_at, check.dismissal = clock.now(), reason.strip()
    record(Acted.ON_SITE_CHECK_DISMISSED, check, by=by, facts={"reason": check.dismissal})


def _claim_of(facts: OnSiteFacts) -> Claim:
    return Claim(facts.founded_year, facts.supplier, facts.paper)


def _first_day() -> date:
    """On which the system's record began."""
    at = db.session.scalar(select(RecordRow.at).order_by(RecordRow.number).limit(1))
    return clock.day_of(at) if at else clock.today()


def _check_seen_once(number: str, photos: Sequence[str]) -> None:
    stands = select(OnSiteCheck).where(OnSiteCheck.dismissed_at.is_(None)).limit(1)
    if found := db.session.scalar(stands.where(OnSiteCheck.number_key == typed_key(number))):
        raise OutsideNumberTaken(number=found.outside_number, party=found.site.party.name)
    if found := db.session.scalar(stands.join(OnSiteCheck.photos).where(CheckPhoto.sha256.in_(photos))):
        raise PhotoUsedBefore(party=found.site.party.name)


def _lock_open(check: OnSiteCheck) -> None:
    lock(check)
    if check.confirmed_at or check.dismissed_at:
        raise CheckClosed


def _opening_lot(check: OnSiteCheck) -> Lot:
    claimed = claimed_stay(check.claimed_year, check.checked_on)
    lot = Lot(
        party=check.site.party,
        material=check.product.material,
        site=check.site,
        origins=[],
        opening_checks=[check.id],
        claimed_year=check.claimed_year,
        made_on=check.checked_on,
        balance_g=0,
        reserved_g=0,
    )
    lot.stays = [StayPeriod(**vars(claimed))]
    begin_stay(lot, check.site, left_on=check.checked_on)
    db.session.add(lot)
    return lot


def _kept(content: bytes, position: int) -> KeptPhoto:
    unreadable = SitePhotoUnreadable(position=position, megabytes=LARGEST_PHOTO // MB)
    if len(content) > LARGEST_PHOTO:
        raise unreadable
    try:
        kept = evidence_store().keep(content)
    except NotAPhoto as error:
        raise unreadable from error
    if not kept.has_copy:
        raise unreadable  # the officer is at the form and can choose another, unlike one back from patrol
    return kept
