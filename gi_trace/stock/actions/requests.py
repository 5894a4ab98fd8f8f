"""Firms and villages ask the authority for what they may not do alone; granted, it is done in the same act.

A kind of request is a function: what it does once it is granted. Asking tries that and takes it back, so that what
would be refused then is refused at once. It asks nobody whether they may: that was asked of who asks and who grants.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import act, db, lock
from gi_trace.errors import N_, Refused
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.registry.models import Party
from gi_trace.registry.rules import check_reason
from gi_trace.registry.who_may import SecondOfficerTheSame, check_acts_for, check_authority, check_two_people
from gi_trace.stock.models import RequestKind, RequestState, StockRequest
from gi_trace.stock.models.requests import open_requests_of


class AlreadyAsked(Refused):
    code = "already_asked"
    status = 409
    text = N_("这件事已经申请过（{number}），正等主管部门答复。")


class RequestAnswered(Refused):
    code = "request_answered"
    status = 409
    text = N_("这项申请已经办结：{state}。")


@dataclass(frozen=True)
class RequestWay:
    """`carry_out` does what is asked, by the account given; `rows` say it for people, in (label, value)."""

    carry_out: Callable[[StockRequest, Account], object]
    rows: Callable[[StockRequest], Iterable[tuple[str, Any]]]


WAYS: dict[RequestKind, RequestWay] = {}


@act
def ask(
    kind: RequestKind, party: Party, arguments: dict[str, Any], *, reason: str, by: Account
) -> StockRequest:
    """Raises AlreadyAsked while the same waits, and what carrying it out would refuse now."""
    check_acts_for(by, party)
    check_reason(reason)
    lock(party)
    for waiting in open_requests_of(party):
        if (waiting.kind, waiting.arguments) == (kind, arguments):
            raise AlreadyAsked(number=waiting.number)
    request = StockRequest(kind=kind, party=party, arguments=arguments, reason=reason.strip())
    request.asked_at, request.asked_by = clock.now(), by
    db.session.add(request)
    db.session.flush()
    trial = db.session.begin_nested()
    WAYS[kind].carry_out(request, by)
    db.session.flush()
    trial.rollback()
    _record(Acted.STOCK_REQUEST_MADE, request, by, arguments=arguments, reason=request.reason)
    return request


@act
def grant(request: StockRequest, *, by: Account) -> None:
    """An officer other than who asked agrees. Raises RequestAnswered, and what carrying it out refuses."""
    check_authority(by)
    if request.asked_by_id == by.id:
        raise SecondOfficerTheSame
    check_two_people(request.asked_by, by)
    _answer(request, RequestState.GRANTED, by)
    WAYS[request.kind].carry_out(request, by)
    _record(Acted.STOCK_REQUEST_GRANTED, request, by)


@act
def refuse(request: StockRequest, word: str, *, by: Account) -> None:
    check_authority(by)
    check_reason(word)
    _answer(request, RequestState.REFUSED, by)
    request.word = word.strip()
    _record(Acted.STOCK_REQUEST_REFUSED, request, by, word=request.word)


@act
def withdraw(request: StockRequest, *, by: Account) -> None:
    """Whoever acts for the party takes it back."""
    check_acts_for(by, request.party)
    _answer(request, RequestState.WITHDRAWN, by)
    _record(Acted.STOCK_REQUEST_WITHDRAWN, request, by)


def _answer(request: StockRequest, state: RequestState, by: Account) -> None:
    lock(request)
    if not request.is_open:
        raise RequestAnswered(state=request.state.label)
    request.state, request.answered_at, request.answered_by = state, clock.now(), by


def _record(acted: Acted, request: StockRequest, by: Account, **told: Any) -> None:
    record(acted, request, by=by, facts={"kind": request.kind, "party": request.party_id} | told)
