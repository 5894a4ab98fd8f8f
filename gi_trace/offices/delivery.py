"""The wire between offices: what comes in becomes a lead or a date, what goes out brings home a receipt."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from gi_trace import clock
from gi_trace.casework.actions.leads import add_lead, reopen
from gi_trace.database import act, db, lock
from gi_trace.errors import N_
from gi_trace.jobs.actions import progress
from gi_trace.jobs.kinds import JobOutcome, RunningJob, job
from gi_trace.jobs.rules import every
from gi_trace.offices.actions import set_answer, set_result
from gi_trace.offices.faults import is_unreached
from gi_trace.offices.lead_body import earlier_transfers, lead_from
from gi_trace.offices.models import (
    Direction,
    LeadTransfer,
    Office,
    OfficeMessage,
    TransferAnswer,
    TransferOriginal,
    find_lead_gone_out,
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
    text_of_receipt,
)
from gi_trace.offices.sealing import opened, sealed_message
from gi_trace.offices.sending import Round, send
from gi_trace.offices.wire import MESSAGES
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted

Waiting = OfficeMessage | TransferOriginal


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
    done, left = deliver_waiting(partial(progress, job), job.arguments.get("transfer", ""))
    return JobOutcome(N_("已签收 {done} 件，未送到 {left} 件。"), done=done, left=left)


def deliver(message: OfficeMessage, this_round: Round) -> bool:
    """Sends it to its office; whether a receipt has come. When none does it is sent again later."""
    package = message.package.encode()
    note = partial(_note_receipt, message)
    send(message, MESSAGES, lambda: package, "application/json", note, this_round=this_round)
    return message.receipted_at is not None


def deliver_waiting(
    tell: Callable[[int, int], None] = lambda done, total: None, of_transfer: str = ""
) -> tuple[int, int]:
    """(receipted now, still waiting), of messages and of the originals that follow them; `tell` hears (tried, all).

    A round begins with offices that were reached the last time. One that gives no answer, or has taken up its time, is
    left alone until the next; what one transfer has to say does not ask an office again that was not reached.
    """
    receipted, tried, total, this_round = 0, 0, 0, Round()
    for waiting in (unreceipted_messages, waiting_originals):  # a photo waits for its lead's receipt
        rows = _in_turn(waiting(), of_transfer)
        total += len(rows)
        for row in rows:
            receipted += _try(row, this_round)
            tried += 1
            tell(tried, total)
    return receipted, total - receipted


def _in_turn(rows: Sequence[Waiting], of_transfer: str) -> list[Waiting]:
    unreached = {row.transfer.office_id for row in rows if is_unreached(row.last_fault)}
    if of_transfer:
        mine = (row for row in rows if row.transfer_id == of_transfer)
        return [row for row in mine if row.transfer.office_id not in unreached]
    return sorted(rows, key=lambda row: row.transfer.office_id in unreached)


def _try(row: OfficeMessage | TransferOriginal, this_round: Round) -> bool:
    if isinstance(row, OfficeMessage):
        return deliver(row, this_round)
    return deliver_original(row, this_round)


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
    reason, new = text_of(message.body, "reason"), lead_from(message.body, office, message.transfer)
    lead = find_lead_gone_out(earlier_transfers(message.body))
    if lead is None:
        lead = add_lead(new, by=None)
    else:
        lock(lead)
        reopen(lead, new.what, reason=reason, by=None)
    transfer = LeadTransfer(
        id=message.transfer,
        direction=Direction.IN,
        lead_id=lead.id,
        office_id=office.id,
        reason=reason,
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
    text = text_of_receipt(receipt)
    answer = opened(receipt)
    body, transfer = answer.body, message.transfer
    fits = (body.get("message"), body.get("sha256")) == (message.id, digest(message.package.encode()))
    if answer.kind != MessageKind.RECEIPT or answer.sender != transfer.office.code or not fits:
        raise PackageOutOfPlace
    message.receipt, message.receipted_at = text, clock.now()
    if message.kind == MessageKind.LEAD and transfer.received_on is None:
        transfer.received_on = clock.today()
    record(Acted.LEAD_TRANSFER_RECEIPTED, transfer, by=None, facts={"message": message.id})
