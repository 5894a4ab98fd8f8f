"""What goes out to another office brings home a receipt, or is sent again later."""

from collections.abc import Callable
from urllib.error import URLError

from gi_trace.database import act, db, lock
from gi_trace.errors import Refused
from gi_trace.offices.models import ExchangeMessage, TransferOriginal
from gi_trace.offices.wire import fault_of, post


def send(
    row: ExchangeMessage | TransferOriginal,
    path: str,
    content: Callable[[], bytes],
    media_type: str,
    note_receipt: Callable[[bytes], None],
) -> None:
    """Posts the content to the office of the row's transfer; the row keeps what stood in the way of a receipt."""
    url = row.transfer.office.url
    db.session.rollback()  # no lock is held while another machine thinks
    try:
        receipt, fault = post(url, path, content(), media_type), ""
    except (URLError, OSError, ValueError) as error:
        receipt, fault = b"", fault_of(error)
    _note(row, receipt, fault, note_receipt)


@act
def _note(
    row: ExchangeMessage | TransferOriginal,
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
