"""Firms and villages ask the authority for what they may not do alone; granted, it is done in the same act.

A kind of request is a function: what it does once it is granted. Asking tries that and takes it back, so that what
would be refused then is refused at once. It asks nobody whether they may: that was asked of who asks and who grants.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from gi_trace import clock
from gi_trace.accounts.models import Account, Duty, Role, officers_with
from gi_trace.database import Base, act, db, lock
from gi_trace.errors import N_, Refused
from gi_trace.record.actions import record, subject_of
from gi_trace.record.acts import Acted
from gi_trace.registry.models import Party
from gi_trace.registry.rules import check_reason
from gi_trace.registry.who_may import check_acts_for, check_authority, check_officer, check_two_people
from gi_trace.stock.models import RequestKind, RequestState, StockRequest
from gi_trace.stock.models.requests import open_requests_by_asker, open_requests_of


class AlreadyAsked(Refused):
    code = "already_asked"
    status = 409
    text = N_("这件事已经申请过（{number}），正等主管部门答复。")


class AskedByYou(Refused):
    code = "asked_by_you"
    text = N_("这项申请是您自己提出的，须由另一名有“经办”职责的同事答复。")


class RequestAnswered(Refused):
    code = "request_answered"
    status = 409
    text = N_("这项申请已经办结：{state}。")


class GoodsUnseen(Refused):
    code = "goods_unseen"
    text = N_("这项申请不能凭材料同意：须由主管部门或巡查人员看过货物或标识，登记看到的件。")


@dataclass(frozen=True)
class RequestWay:
    """`carry_out` does what is asked, by the account given, and gives what it made, if anything; `rows` say what it would
    do for people, in (label, value). What `takes_sighting` nobody grants on paper: an officer's act settles it with what he
    saw."""

    carry_out: Callable[[StockRequest, Account], Base | None]
    rows: Callable[[StockRequest], Iterable[tuple[str, Any]]]
    takes_sighting: bool = False


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
    """An officer other than who asked agrees. Raises what `check_may_answer` raises, RequestAnswered, GoodsUnseen, and
    what carrying it out refuses."""
    check_may_answer(request.asked_by, by)
    if WAYS[request.kind].takes_sighting:
        raise GoodsUnseen
    _answer(request, RequestState.GRANTED, by)
    made = WAYS[request.kind].carry_out(request, by)
    _record(Acted.STOCK_REQUEST_GRANTED, request, by, **({"made": subject_of(made)} if made else {}))


def settle(request: StockRequest, *, made: Base, by: Account) -> None:
    """Inside the act of an officer who saw the goods, which made `made`. Raises what `check_may_see` raises,
    RequestAnswered."""
    check_may_see(request.asked_by, by)
    _answer(request, RequestState.GRANTED, by)
    _record(Acted.STOCK_REQUEST_GRANTED, request, by, made=subject_of(made))


def check_may_see(asker: Account, by: Account) -> None:
    """Whether an officer, inspectors too, may see the goods of which that person asks. Raises OfficersOnly, DutyMissing,
    AskedByYou, PasswordHandedOver."""
    check_officer(by)
    if by.role is Role.AUTHORITY:
        check_authority(by)
    _check_other(asker, by)


def check_may_answer(asker: Account, by: Account) -> None:
    """Whether an officer may answer what that person asks. Raises AuthorityOnly, DutyMissing, AskedByYou,
    PasswordHandedOver."""
    check_authority(by)
    _check_other(asker, by)


def _check_other(asker: Account, by: Account) -> None:
    if asker.id == by.id:
        raise AskedByYou
    check_two_people(asker, by)


def may_answer(asker: Account, by: Account) -> bool:
    try:
        check_may_answer(asker, by)
    except Refused:
        return False
    return True


def who_may_answer(asker: Account) -> list[Account]:
    return [officer for officer in officers_with(Duty.HANDLER) if may_answer(asker, officer)]


def count_requests_for(officer: Account) -> int:
    """Open ones that the officer may answer."""
    return sum(waiting for asker, waiting in open_requests_by_asker() if may_answer(asker, officer))


def count_requests_for_nobody() -> int:
    """Open ones that no officer may answer: another password or another officer is needed first."""
    return sum(waiting for asker, waiting in open_requests_by_asker() if not who_may_answer(asker))


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
