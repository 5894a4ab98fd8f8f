"""Looking at a code: what it is, what to say of it, and that somebody looked."""

from flask import current_app

from gi_trace import clock
from gi_trace.codes.digital_link import Address
from gi_trace.codes.hosts import own_hosts
from gi_trace.codes.reading import TextKind, read_address, read_text
from gi_trace.codes.unit_code import SAMPLE_UNIT, Malformed, Origin, open_code
from gi_trace.database import db
from gi_trace.keys import Keys, keys
from gi_trace.verification.answer import Answer, answer_of
from gi_trace.verification.looking.looker import Looker
from gi_trace.verification.storing.journal import Journal, the_journal
from gi_trace.verification.storing.store import Look
from gi_trace.verification.verdicts import Verdict

VERDICT_OF_KIND = {
    TextKind.MALFORMED: Verdict.MALFORMED,
    TextKind.OTHER_HOST: Verdict.OTHER_HOST,
    TextKind.NOT_A_CODE: Verdict.NOT_A_CODE,
}
LONGEST_SHOWN = 60  # of what is no code


def look_at(text: str, looker: Looker | None = None) -> Answer:
    """The answer to what was typed or scanned. With a looker it is a check, stored before this returns.

    A code behind another host's address is that host's: its answer is told under OTHER_HOST, and it is nobody's check.
    """
    reading, address = read_text(text, hosts()), None
    if reading.kind is not TextKind.CODE or (address := reading.address) is None:
        code = reading.address.code if reading.address else reading.typed[:LONGEST_SHOWN]
        return Answer(VERDICT_OF_KIND[reading.kind], code, reading=reading)
    if looker and db.session.registry.has():
        db.session.rollback()  # never wait for the journal's turn with a transaction open
    return look_through(the_journal(), keys(), address, looker)


def look_through(journal: Journal, service_keys: Keys, address: Address, looker: Looker | None) -> Answer:
    """As look_at, outside of any application context.

    A GTIN, batch number or variant in the address that the code contradicts makes it not ours.
    """
    opened = open_code(address.code, service_keys.by_epoch)
    if opened.origin is not Origin.OURS or opened.batch_number is None or opened.unit is None:
        return Answer(Verdict.NOT_OURS, address.code, opened.origin)
    if address.variant is None and address.batch_number in (None, opened.batch_number):
        if opened.unit == SAMPLE_UNIT:  # printed on artwork, perhaps a million times: never counted
            return Answer(Verdict.SAMPLE, address.code)
        look = Look(opened.epoch, opened.batch_number, opened.unit, looker, clock.now(), address.gtin)
        batch, history = journal.answer(look)
        if batch:
            own = look.own_checks
            return answer_of(address.code, batch, opened.unit, history, clock.today(), own_checks=own)
    return Answer(Verdict.NOT_OURS, address.code, Origin.NOT_OURS)


def unit_of(text: str) -> tuple[int, int] | None:
    """(batch number, unit) of one of our codes, no sample, as it was typed or scanned; nobody's check."""
    try:
        address = read_address(text)
    except Malformed:
        return None
    opened = open_code(address.code, keys().by_epoch)
    if opened.origin is not Origin.OURS or address.batch_number not in (None, opened.batch_number):
        return None
    if not opened.unit or opened.batch_number is None:
        return None
    return opened.batch_number, opened.unit


def hosts() -> frozenset[str]:
    """Those that labels of ours lead to."""
    return own_hosts(current_app.config["PUBLIC_URL"], current_app.config["FORMER_HOSTS"])
