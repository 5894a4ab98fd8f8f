"""What is put right of the past: entered after the fact (补录), corrected (更正), taken back (撤回). Pure.

Each names the document that it rests on, and needs a second officer.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from gi_trace.errors import N_, Refused
from gi_trace.registry.rules import (
    Basis,
    ChangeKind,
    Right,
    RightChange,
    check_number,
    check_reason,
    with_change,
)

NO_END = N_("长期")
TERM_NAMES = {
    "basis": N_("保护依据"),
    "number": N_("公告号或注册号"),
    "starts_on": N_("起始日"),
    "ends_on": N_("截止日"),
}
REVOCABLE = (ChangeKind.SUSPENDED, ChangeKind.WITHDRAWN, ChangeKind.ENDED)


class DocumentMissing(Refused):
    code = "document_missing"
    text = N_("请写明所依据的文件及文号。")


class AnnouncementMissing(Refused):
    code = "announcement_missing"
    text = N_("起始日 {starts_on} 早于今天，属补录：请写明所依据的公告和公告日期。")


class AnnouncedLater(Refused):
    code = "announced_later"
    text = N_("公告日期 {on} 晚于今天。")


class BeforeAnnouncement(Refused):
    code = "before_announcement"
    text = N_("起始日 {starts_on} 早于公告日期 {on}。公告确是这样写的，请抄录公告中写明起始日的原文。")


class ProductYounger(Refused):
    code = "product_younger"
    text = N_("{day} 早于该产品取得这一保护的日期 {since}。")


class NotRevocable(Refused):
    code = "not_revocable"
    text = N_("只有暂停、撤销或终止的决定可以撤回，而且只能撤回一次。")


class NothingCorrected(Refused):
    code = "nothing_corrected"
    text = N_("没有要更正的内容。")


@dataclass(frozen=True)
class Announcement:
    """What a start date before today rests on; `says` are its own words where a right begins before its day."""

    title: str
    on: date
    says: str = ""


@dataclass(frozen=True)
class Terms:
    """Of a right, as they were granted: what a clerk may have entered wrongly."""

    basis: Basis
    number: str
    starts_on: date
    ends_on: date | None


def check_terms(
    terms: Terms, since: date | None, today: date, announcement: Announcement | None = None
) -> None:
    """Of a new or corrected right; `since` is the day on which the product was protected on the basis, if known.

    None begins before its announcement unless that says so, which two officers then see: such a day is before today.
    Raises AnnouncedLater, BeforeAnnouncement, ProductYounger, and what `check_number` raises.
    """
    check_number(terms.number)
    days = [terms.starts_on]
    if announcement:
        if announcement.on > today:
            raise AnnouncedLater(on=announcement.on)
        days.append(announcement.on)
    if since and min(days) < since:
        raise ProductYounger(day=min(days), since=since)
    if announcement and terms.starts_on < announcement.on and not announcement.says.strip():
        raise BeforeAnnouncement(starts_on=terms.starts_on, on=announcement.on)


def is_entered_late(starts_on: date, today: date) -> bool:
    """补录: the right began before it was entered."""
    return starts_on < today


def check_announcement(starts_on: date, announcement: Announcement | None) -> None:
    if announcement is None or not announcement.title.strip():
        raise AnnouncementMissing(starts_on=starts_on)


def is_revocable(right: Right, change: RightChange) -> bool:
    return change.kind in REVOCABLE and change in right.standing


def check_revocation(right: Right, change: RightChange, *, document: str, reason: str) -> None:
    if not is_revocable(right, change):
        raise NotRevocable
    check_document(document)
    check_reason(reason)


def check_correction(before: Terms, after: Terms, *, document: str, reason: str) -> None:
    if before == after:
        raise NothingCorrected
    check_document(document)
    check_reason(reason)


def check_document(document: str) -> None:
    if not document.strip():
        raise DocumentMissing


def without(right: Right, change: RightChange, today: date) -> Right:
    """As it will read once the change is revoked."""
    return with_change(right, RightChange(ChangeKind.REVOKED, today, revokes=change.id))


def differences(before: Terms, after: Terms) -> list[list[str | None]]:
    """[name, before, after] of every term that differs; days as ISO dates, None for no end."""
    pairs = [(name, value, getattr(after, name)) for name, value in vars(before).items()]
    return [[name, _plain(old), _plain(new)] for name, old, new in pairs if old != new]


def corrected_terms(corrected: Iterable[Sequence[str | None]]) -> Iterator[tuple[str, str, str]]:
    """(name of the term, before, after) for people, of what `differences` gave."""
    for name, *values in corrected:
        assert name is not None
        words = [Basis(one).label if name == "basis" and one else one or NO_END for one in values]
        yield TERM_NAMES[name], words[0], words[1]


def _plain(value: str | date | None) -> str | None:
    return value.isoformat() if isinstance(value, date) else value
