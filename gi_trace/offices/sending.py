"""What goes out to another office brings home a receipt, or is sent again later."""

from collections.abc import Callable
from http.client import HTTPException

from gi_trace.database import act, db, lock
from gi_trace.errors import Refused
from gi_trace.offices.models import OfficeMessage, TransferOriginal
from gi_trace.offices.wire import fault_of, post


class NoAnswer(Exception):
    """The office cannot be reached, or does not answer in time."""


def send(
    row: OfficeMessage | TransferOriginal,
    path: str,
    content: Callable[[], bytes],
    media_type: str,
    note_receipt: Callable[[bytes], None],
) -> None:
    """Posts the content to the office of the row's transfer; the row keeps what stood in the way of a receipt.

    Raises NoAnswer, once that is kept.
    """
    url = row.transfer.office.url
    db.session.rollback()  # no lock is held while another machine thinks
    try:
        receipt = post(url, path, content(), media_type)
    except ValueError as error:
        _note(row, b"", fault_of(error), note_receipt)
    except (OSError, HTTPException) as error:
        _note(row, b"", fault_of(error), note_receipt)
        raise NoAnswer from error
    else:
        _note(row, receipt, "", note_receipt)


@act
def _note(
    row: OfficeMessage | TransferOriginal,
    receipt: bytes,
    fault: str,
    note_receipt: Callable[[bytes], None],
) -> None:
    lock(row)
    if receipt:
        try:
            note_receipt(receipt)
        except Refused as refusal:
            fault = refusal.code
    row.last_fault = fault
