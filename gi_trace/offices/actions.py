"""Acts on leads that go between offices. What an act sends is sealed and kept in it; the wire comes after."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import current_app

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.casework.actions.informants import hidden_informant
from gi_trace.casework.actions.leads import reopen, settle
from gi_trace.casework.models import Lead, LeadState
from gi_trace.casework.rules.leads import LeadNotOpen, check_pause_day, required_text
from gi_trace.casework.rules.leaving import NOT_LOOKED, LookedOver, as_it_leaves
from gi_trace.database import act, db, lock
from gi_trace.jobs.ask import ask_for
from gi_trace.offices.lead_body import body_of, free_texts
from gi_trace.offices.letter import issue_letter
from gi_trace.offices.models import (
    Direction,
    LeadTransfer,
    Office,
    OfficeMessage,
    TransferAnswer,
    find_office,
    transfers_of,
)
from gi_trace.offices.originals import originals_to_send
from gi_trace.offices.rules import (
    MessageKind,
    OfficeFactsUnfit,
    OfficeKnown,
    OfficeUnknown,
    PackageOutOfPlace,
    check_office,
)
from gi_trace.offices.sealing import sealed_message
from gi_trace.record.actions import record, subject_of
from gi_trace.record.acts import Acted
from gi_trace.record.models import rows_about
from gi_trace.registry.who_may import check_two_people


def register_office(
    code: str, name: str, city: str, *, in_agreement: bool, public_key: str, url: str, by: Account
) -> Office:
    """A new office, or new facts of a known one, whose key and address take two. Raises OfficeFactsUnfit, OfficeKnown."""
    code, public_key, url = code.strip(), public_key.strip().lower(), url.strip()
    check_office(code, public_key, url, current_app.config["OFFICES_NETWORKS"])
    if code == current_app.config["OFFICE_CODE"]:
        raise OfficeFactsUnfit
    return _register(code, name, city, in_agreement, public_key, url, by)


@act
def _register(
    code: str, name: str, city: str, in_agreement: bool, public_key: str, url: str, by: Account
) -> Office:
    office = find_office(code) or Office(code=code)
    if office.id and (office.public_key, office.url) != (public_key, url):
        _check_retired_by_another(office, by)
    office.name, office.city, office.in_agreement = name.strip(), city.strip(), in_agreement
    office.public_key, office.url, office.retired_at = public_key, url, None
    db.session.add(office)
    facts = {"code": code, "name": office.name, "city": office.city, "in_agreement": in_agreement}
    record(Acted.OFFICE_REGISTERED, office, by=by, facts=facts | {"public_key": public_key, "url": url})
    return office


@act
def retire_office(office: Office, *, by: Account) -> None:
    """From here nothing signed by its key is taken."""
    lock(office)
    office.retired_at = clock.now()
    record(Acted.OFFICE_RETIRED, office, by=by)


def _check_retired_by_another(office: Office, by: Account) -> None:
    """Whoever could give a known office a new key alone could speak for it."""
    lock(office)
    retired = [row.by for row in rows_about(subject_of(office)) if row.act == Acted.OFFICE_RETIRED]
    if office.retired_at is None or retired[-1] == f"account:{by.id}":
        raise OfficeKnown(office=office.code)
    check_two_people(db.session.get_one(Account, int(retired[-1].removeprefix("account:"))), by)


@act
def send_transfer(
    lead: Lead, office: Office, *, reason: str, looked: LookedOver = NOT_LOOKED, by: Account
) -> LeadTransfer:
    """The lead goes to another office; it stays ours, with its clock, until that office accepts it.

    Raises NotLookedOver.
    """
    lock(lead)
    if lead.state != LeadState.OPEN or any(one.waits_for_answer for one in transfers_of(lead)):
        raise LeadNotOpen
    if office.retired_at is not None:
        raise OfficeUnknown(office=office.code)
    transfer = LeadTransfer(
        id=str(uuid.uuid4()),
        direction=Direction.OUT,
        lead_id=lead.id,
        office_id=office.id,
        reason=required_text(reason),
        sent_on=clock.today(),
    )
    reason = transfer.reason
    leaving = as_it_leaves(free_texts(lead, reason), looked, hidden_informant(lead))
    transfer.originals = originals_to_send(lead, office)
    db.session.add(transfer)
    db.session.flush()
    _add_message(transfer, MessageKind.LEAD, body_of(lead, reason, transfer.originals, leaving), by)
    issue_letter(transfer, by=by)
    record(
        Acted.LEAD_TRANSFER_SENT,
        transfer,
        by=by,
        facts={"lead": lead.id, "to": office.code, "reason": leaving(reason), "masked": len(looked.masks)},
    )
    return transfer


@act
def answer_transfer(
    transfer: LeadTransfer,
    answer: TransferAnswer,
    *,
    reason: str,
    looked: LookedOver = NOT_LOOKED,
    by: Account,
) -> None:
    """Ours to another office that sent us a lead; a refused lead is closed here."""
    _lock_ours(transfer, Direction.IN)
    if not transfer.waits_for_answer:
        raise PackageOutOfPlace
    reason = required_text(reason) if answer == TransferAnswer.REFUSED else reason.strip()
    reason = as_it_leaves([reason], looked, hidden_informant(transfer.lead))(reason)
    transfer.answer, transfer.answer_reason, transfer.answered_on = answer, reason, clock.today()
    if answer == TransferAnswer.REFUSED and transfer.lead.state == LeadState.OPEN:
        settle(transfer.lead, LeadState.CLOSED, reason)
    _add_message(transfer, MessageKind.ANSWER, {"answer": answer, "reason": reason, "on": _today()}, by)
    record(Acted.LEAD_TRANSFER_ANSWERED, transfer, by=by, facts={"answer": answer, "reason": reason})


@act
def report_result(
    transfer: LeadTransfer, *, result: str, looked: LookedOver = NOT_LOOKED, by: Account
) -> None:
    """What came of a lead that another office sent us (the receiver reports back)."""
    _lock_ours(transfer, Direction.IN)
    if not transfer.waits_for_result:
        raise PackageOutOfPlace
    result = as_it_leaves([result], looked, hidden_informant(transfer.lead))(required_text(result))
    transfer.result, transfer.result_on = result, clock.today()
    _add_message(transfer, MessageKind.RESULT, {"result": transfer.result, "on": _today()}, by)
    record(Acted.LEAD_TRANSFER_RESULT_REPORTED, transfer, by=by, facts={"result": transfer.result})


@act
def note_received_on_paper(transfer: LeadTransfer, on: date, *, by: Account) -> None:
    """An office without this service wrote back: its letter's date is entered by hand."""
    _lock_on_paper(transfer, on)
    if transfer.received_on is not None:
        raise PackageOutOfPlace
    transfer.received_on = on
    record(Acted.LEAD_TRANSFER_RECEIVED_ON_PAPER, transfer, by=by, facts={"on": on})


@act
def note_answer_on_paper(
    transfer: LeadTransfer, answer: TransferAnswer, on: date, *, reason: str, by: Account
) -> None:
    _lock_on_paper(transfer, on)
    set_answer(transfer, answer, on, reason)
    record(
        Acted.LEAD_TRANSFER_ANSWERED_ON_PAPER,
        transfer,
        by=by,
        facts={"answer": answer, "on": on, "reason": reason},
    )


@act
def note_result_on_paper(transfer: LeadTransfer, on: date, *, result: str, by: Account) -> None:
    _lock_on_paper(transfer, on)
    set_result(transfer, on, required_text(result))
    record(Acted.LEAD_TRANSFER_RESULT_ON_PAPER, transfer, by=by, facts={"on": on, "result": result})


@act
def note_return_on_paper(transfer: LeadTransfer, on: date, *, reason: str, by: Account) -> LeadTransfer:
    """An office without this service had accepted the lead and sends it back: it is ours again, under its old number."""
    _lock_on_paper(transfer, on)
    lead = transfer.lead
    if lead.state != LeadState.TRANSFERRED:
        raise PackageOutOfPlace
    back = LeadTransfer(
        id=str(uuid.uuid4()),
        direction=Direction.IN,
        lead_id=lead.id,
        office_id=transfer.office_id,
        reason=required_text(reason),
        sent_on=on,
        received_on=clock.today(),
        answered_on=clock.today(),
        answer=TransferAnswer.ACCEPTED,
    )
    db.session.add(back)
    reopen(lead, "", reason=back.reason, by=by)
    return back


def set_answer(transfer: LeadTransfer, answer: TransferAnswer, on: date, reason: str) -> None:
    """What the other office says of our lead; accepted, it is no longer ours. Does not commit."""
    if transfer.direction != Direction.OUT or not transfer.waits_for_answer:
        raise PackageOutOfPlace
    transfer.answer, transfer.answered_on, transfer.answer_reason = answer, on, reason.strip()
    transfer.received_on = transfer.received_on or on
    if answer == TransferAnswer.ACCEPTED and transfer.lead.state == LeadState.OPEN:
        settle(transfer.lead, LeadState.TRANSFERRED, transfer.office.name)


def set_result(transfer: LeadTransfer, on: date, result: str) -> None:
    """Does not commit."""
    if transfer.direction != Direction.OUT or not transfer.waits_for_result:
        raise PackageOutOfPlace
    transfer.result, transfer.result_on = result, on


def _add_message(transfer: LeadTransfer, kind: MessageKind, body: Mapping[str, Any], by: Account) -> None:
    """Sealed and kept here; the wire comes after the act, in the background."""
    message, package = sealed_message(kind, transfer.id, transfer.office.code, body)
    transfer.messages.append(
        OfficeMessage(id=message.id, direction=Direction.OUT, kind=kind, at=clock.now(), package=package)
    )
    db.session.flush()
    if transfer.office.url:
        ask_for("offices.deliver", {"transfer": transfer.id}, by=by)


def _lock_ours(transfer: LeadTransfer, direction: Direction) -> None:
    lock(transfer)
    if transfer.direction != direction:
        raise PackageOutOfPlace


def _lock_on_paper(transfer: LeadTransfer, on: date) -> None:
    _lock_ours(transfer, Direction.OUT)
    check_pause_day(on, earliest=transfer.sent_on, today=clock.today())


def _today() -> str:
    return clock.today().isoformat()
