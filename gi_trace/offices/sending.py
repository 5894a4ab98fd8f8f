"""What goes out to another office brings home a receipt, or is sent again later."""

import time
from collections.abc import Callable

from gi_trace.database import act, end_reading, lock
from gi_trace.errors import Refused
from gi_trace.offices.faults import DeliveryFailed, Fault
from gi_trace.offices.models import OfficeMessage, TransferOriginal
from gi_trace.offices.wire import post

SECONDS_AN_OFFICE = 600  # for all that waits for it in one round: 50 MB of photos on a line of 1 Mbit/s


class Round:
    """One round of deliveries: how long each office may still take, and which are left alone until the next."""

    def __init__(self) -> None:
        self._ends: dict[int, float] = {}
        self._silent: set[int] = set()

    def seconds_left(self, office_id: int) -> float:
        if office_id in self._silent:
            return 0
        now = time.monotonic()
        return self._ends.setdefault(office_id, now + SECONDS_AN_OFFICE) - now

    def leave_alone(self, office_id: int) -> None:
        self._silent.add(office_id)


def send(
    row: OfficeMessage | TransferOriginal,
    path: str,
    content: Callable[[], bytes],
    media_type: str,
    note_receipt: Callable[[bytes], None],
    *,
    this_round: Round,
) -> None:
    """Posts the content to the office of the row's transfer; the row keeps what stood in the way of a receipt.

    `content` raises DeliveryFailed, `note_receipt` Refused where the answer is no receipt for it.
    """
    url, office_id = row.transfer.office.url, row.transfer.office_id
    seconds = this_round.seconds_left(office_id)
    if seconds <= 0:
        return
    end_reading()  # no lock is held while another machine thinks
    receipt, fault = b"", ""
    try:
        receipt = post(url, path, content(), media_type, seconds=seconds)
    except DeliveryFailed as failed:
        fault = failed.kept
        if failed.leave_alone:
            this_round.leave_alone(office_id)
    _note(row, receipt, fault, note_receipt)


@act
def _note(
    row: OfficeMessage | TransferOriginal,
    receipt: bytes,
    fault: str,
    note_receipt: Callable[[bytes], None],
) -> None:
    lock(row)
    if receipt or not fault:
        fault = _fault_of_receipt(receipt, note_receipt)
    row.last_fault = fault


def _fault_of_receipt(receipt: bytes, note_receipt: Callable[[bytes], None]) -> str:
    try:
        note_receipt(receipt)
    except Refused as refusal:
        unreadable = refusal.code == "package_unreadable"
        fault = Fault.NOT_UNDERSTOOD if unreadable else Fault.WRONG_RECEIPT
        return DeliveryFailed(fault, refusal.code).kept
    return ""
