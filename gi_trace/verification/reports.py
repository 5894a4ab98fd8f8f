"""Reports from the public: sent without a name if wished, answered by an officer."""

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import select

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.codes.unit_code import ALPHABET
from gi_trace.database import act, db, lock
from gi_trace.errors import N_, Refused
from gi_trace.evidence.pictures import Undrawable
from gi_trace.evidence.store import evidence_store
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.verification.answer import Answer
from gi_trace.verification.looking.look import look_at
from gi_trace.verification.models import Report, ReportKind, ReportPhoto, ReportState

MOST_PHOTOS = 3
RECEIPT_LENGTH = 12  # 60 bits: whoever has it may see the state


class PhotoUnreadable(Refused):
    code = "photo_unreadable"
    text = N_("第 {number} 张照片不能识别。请用 JPEG、PNG、WebP 或 HEIC 照片。")


class TooManyPhotos(Refused):
    code = "too_many_photos"
    text = N_("最多 {most} 张照片，您选了 {asked} 张。")


class ReportClosed(Refused):
    code = "report_closed"
    text = N_("此反映已经办结。")


@dataclass(frozen=True)
class ReportFacts:
    """As the sender typed them; everything but `what` may be empty."""

    kind: ReportKind
    code: str
    what: str
    bought_at: str
    contact: str


def file_report(facts: ReportFacts, photos: list[bytes]) -> Report:
    """Keeps photos as pictures drawn anew, and of the originals only their hashes; the report has its receipt."""
    if len(photos) > MOST_PHOTOS:
        raise TooManyPhotos(most=MOST_PHOTOS, asked=len(photos))
    kept = [_redrawn(photo, number) for number, photo in enumerate(photos, 1)]
    return _file_report(facts, kept, look_at(facts.code) if facts.code.strip() else None)


@act
def _file_report(facts: ReportFacts, photos: list[ReportPhoto], answer: Answer | None) -> Report:
    batch = answer.batch if answer else None
    report = Report(
        receipt="".join(secrets.choice(ALPHABET) for _ in range(RECEIPT_LENGTH)),
        kind=facts.kind,
        code=answer.code if answer else "",
        batch_number=batch.number if batch else None,
        unit=answer.unit if answer and batch else None,
        what=facts.what.strip(),
        bought_at=facts.bought_at.strip(),
        contact=facts.contact.strip(),
        sent_at=clock.now(),
        photos=photos,
    )
    db.session.add(report)
    # Words and contact of the sender stay out of the record, which keeps everything for ever.
    record(Acted.REPORT_FILED, report, by=None, facts={"kind": facts.kind, "batch": report.batch_number})
    return report


@act
def answer_report(report: Report, answer: str, *, closes: bool, by: Account) -> None:
    """What the sender will read under the receipt."""
    lock(report)
    if report.state is ReportState.CLOSED:
        raise ReportClosed
    report.state = ReportState.CLOSED if closes else ReportState.IN_HAND
    report.answer, report.answered_at, report.answered_by_id = answer.strip(), clock.now(), by.id
    record(Acted.REPORT_ANSWERED, report, by=by, facts={"state": report.state})


def find_report(receipt: str) -> Report | None:
    return db.session.scalar(select(Report).filter_by(receipt=receipt))


def _redrawn(photo: bytes, number: int) -> ReportPhoto:
    try:
        sha256 = evidence_store().redraw(photo)
    except Undrawable as error:
        raise PhotoUnreadable(number=number) from error
    return ReportPhoto(
        sha256=sha256, original_sha256=hashlib.sha256(photo).hexdigest(), original_bytes=len(photo)
    )
