"""The wire between offices: what comes in becomes a lead or a date, what goes out brings home a receipt."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

from gi_trace import clock
from gi_trace.casework.actions.leads import add_lead
from gi_trace.database import act, db, lock
from gi_trace.errors import N_
from gi_trace.jobs.actions import progress
from gi_trace.jobs.kinds import JobOutcome, RunningJob, job
from gi_trace.jobs.rules import every
from gi_trace.offices.actions import set_answer, set_result
from gi_trace.offices.lead_body import lead_from
from gi_trace.offices.models import (
    Direction,
    LeadTransfer,
    Office,
    OfficeMessage,
    TransferAnswer,
    TransferOriginal,
    find_office,
    unreceipted_messages,
    waiting_originals,
)
from gi_trace.offices.originals import deliver_original, originals_announced
from gi_trace.offices.rules import (
    Message,
    MessageKind,
    PackageOutOfPlace,
    PackageReplayed,
    PackageUnreadable,
    digest,
    text_of,
)
from gi_trace.offices.sending import NoAnswer, send
from gi_trace.offices.wire import MESSAGES, opened, sealed_message
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted


@act
def receive_package(package: bytes) -> str:
    """Takes in what another office sent, once, and returns our sealed receipt. Raises a refusal else."""
    message = opened(package)
    known = db.session.get(OfficeMessage, message.id)
    if known is not None:
        raise PackageReplayed(known.receipt)
    office = find_office(message.sender)
    assert office is not None  # its key opened the package
    transfer = _take_in(message, office)
    body = {"message": message.id, "sha256": digest(package), "received_on": clock.today().isoformat()}
    _, receipt = sealed_message(MessageKind.RECEIPT, transfer.id, office.code, body)
    row = OfficeMessage(
        id=message.id,
        direction=Direction.IN,
        kind=message.kind,
        at=clock.now(),
        package=package.decode(),
        receipt=receipt,
        receipted_at=clock.now(),
    )
    transfer.messages.append(row)
    facts = {"from": office.code, "message": message.id, "sha256": digest(package)}
    record(message.kind.arrival, transfer, by=None, facts=facts)
    return receipt


def is_anything_waiting() -> bool:
    return bool(unreceipted_messages() or waiting_originals())


@job(
    "offices.deliver",
    N_("发送移送消息"),
    schedule=every(timedelta(minutes=10)),
    is_needed=is_anything_waiting,
)
def deliver_in_background(job: RunningJob) -> JobOutcome:
    done, left = deliver_waiting(partial(progress, job))
    return JobOutcome(N_("已签收 {done} 件，未送到 {left} 件。"), done=done, left=left)


def deliver(message: OfficeMessage) -> bool:
    """Sends it to its office; whether a receipt has come. When none does it is sent again later. Raises NoAnswer."""
    package = message.package.encode()
    send(message, MESSAGES, lambda: package, "application/json", partial(_note_receipt, message))
    return message.receipted_at is not None


def deliver_waiting(tell: Callable[[int, int], None] = lambda done, total: None) -> tuple[int, int]:
    """(receipted now, still waiting), of messages and of the originals that follow them; `tell` hears (tried, all).

    An office that gives no answer is left alone until the next time.
    """
    receipted, tried, total = 0, 0, 0
    silent: set[int] = set()
    for waiting in (unreceipted_messages, waiting_originals):  # a photo waits for its lead's receipt
        rows: list[OfficeMessage] | list[TransferOriginal] = waiting()
        total += len(rows)
        for row in rows:
            receipted += _try(row, silent)
            tried += 1
            tell(tried, total)
    return receipted, total - receipted


def _try(row: OfficeMessage | TransferOriginal, silent: set[int]) -> bool:
    office_id = row.transfer.office_id
    if office_id in silent:
        return False
    try:
        return deliver(row) if isinstance(row, OfficeMessage) else deliver_original(row)
    except NoAnswer:
        silent.add(office_id)
        return False


def _take_in(message: Message, office: Office) -> LeadTransfer:
    if message.kind == MessageKind.LEAD:
        return _take_lead(message, office)
    transfer = db.session.get(LeadTransfer, message.transfer)
    if transfer is None or transfer.office_id != office.id:
        raise PackageOutOfPlace
    lock(transfer)
    if message.kind == MessageKind.ANSWER:
        set_answer(transfer, _answer(message), clock.today(), text_of(message.body, "reason"))
    elif message.kind == MessageKind.RESULT:
        set_result(transfer, clock.today(), text_of(message.body, "result"))
    else:
        raise PackageOutOfPlace
    return transfer


def _take_lead(message: Message, office: Office) -> LeadTransfer:
    if db.session.get(LeadTransfer, message.transfer) is not None:
        raise PackageOutOfPlace
    lead = add_lead(lead_from(message.body, office, message.transfer), by=None)
    transfer = LeadTransfer(
        id=message.transfer,
        direction=Direction.IN,
        lead_id=lead.id,
        office_id=office.id,
        reason=text_of(message.body, "reason"),
        sent_on=_day_of(message),
        received_on=clock.today(),
    )
    transfer.originals = originals_announced(message.body)
    db.session.add(transfer)
    db.session.flush()
    return transfer


def _answer(message: Message) -> TransferAnswer:
    try:
        return TransferAnswer(text_of(message.body, "answer", 20))
    except ValueError:
        raise PackageUnreadable from None


def _day_of(message: Message) -> date:
    try:
        return clock.day_of(datetime.fromisoformat(message.at))
    except (ValueError, OverflowError):
        raise PackageUnreadable from None


def _note_receipt(message: OfficeMessage, receipt: bytes) -> None:
    answer = opened(receipt)
    body, transfer = answer.body, message.transfer
    fits = (body.get("message"), body.get("sha256")) == (message.id, digest(message.package.encode()))
    if answer.kind != MessageKind.RECEIPT or answer.sender != transfer.office.code or not fits:
        raise PackageOutOfPlace
    message.receipt, message.receipted_at = receipt.decode(), clock.now()
    if message.kind == MessageKind.LEAD and transfer.received_on is None:
        transfer.received_on = clock.today()
    record(Acted.LEAD_TRANSFER_RECEIPTED, transfer, by=None, facts={"message": message.id})
