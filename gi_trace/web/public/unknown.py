"""Codes that are not ours: counted by network, limited, and shown to the authority when they come in numbers.

Guessing is useless (2⁻⁴⁵ a try), so a network that guesses loses only the answer "unknown": a shopper who shares
its address still gets the verdict of a real code.
"""

from flask import Response, current_app, request

from gi_trace import clock
from gi_trace.codes.unit_code import Origin, batch_text, open_code
from gi_trace.errors import N_, Refused
from gi_trace.keys import keys
from gi_trace.verification.alerts import raise_alert
from gi_trace.verification.answer import Answer
from gi_trace.verification.models import AlertKind
from gi_trace.verification.verdicts import Verdict
from gi_trace.web.callers import household, network_of
from gi_trace.web.limits import limiter

HOUR = 3600
PER_ADDRESS, PER_NETWORK = 60, 600  # unknown codes an hour; many phones share a carrier's address
ATTACK = 200  # unknown codes of one network in an hour that an officer should know of


class TooManyUnknown(Refused):
    code = "too_many_unknown"
    status = 429
    text = N_("您所在的网络刚才查验了太多不是我们发出的标识码，请一小时后再试。真的标识码不受影响。")


def count_unknown(answer: Answer) -> None:
    """Of every code that is not ours, whatever is wrong with it. Raises TooManyUnknown."""
    if answer.verdict is not Verdict.NOT_OURS:
        return
    network = network_of(request.remote_addr or "")
    by_address, by_network = (limiter.storage.incr(f"unknown/{who}", HOUR) for who in (household(), network))
    if by_network == ATTACK:
        hour = clock.in_shanghai(clock.now()).strftime("%Y-%m-%d %H")
        after_answer(AlertKind.GUESSING, f"{network} {hour}", {"count": by_network})
    if answer.origin is Origin.FIELD_ONLY:
        opened = open_code(answer.code, keys().by_epoch)
        after_answer(AlertKind.STOLEN_PACK, batch_text(opened.batch_number or 0), {"epoch": opened.epoch})
    if by_address > PER_ADDRESS or by_network > PER_NETWORK:
        raise TooManyUnknown


def after_answer(kind: AlertKind, subject: str, evidence: dict[str, int]) -> None:
    """So that the time of the answer tells nothing."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def write() -> None:
        with app.app_context():
            raise_alert(kind, subject, evidence)

    request.environ.setdefault("gi_trace.after_answer", []).append(write)


def run_after_answer(response: Response) -> Response:
    for write in request.environ.get("gi_trace.after_answer", []):
        response.call_on_close(write)
    return response
