"""Acts on applications: a firm's own, and the office's."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from gi_trace import clock
from gi_trace.accounts.models import Account, Duty
from gi_trace.applications.clocks import is_correction_overdue
from gi_trace.applications.models import (
    Application,
    ApplicationPaper,
    ApplicationStep,
    find_application,
    firm_of,
    hash_of_receipt,
)
from gi_trace.applications.papers import KeptPaper
from gi_trace.applications.rules import (
    DECISIONS,
    OF_APPLICANT,
    OF_OFFICE,
    OPEN,
    ApplicationKind,
    Move,
    NoPapers,
    NotOnTheRoll,
    Stage,
    check_decider,
    check_kind,
    check_move,
    check_new_name,
    check_paper_count,
    stage_after,
)
from gi_trace.codes.unit_code import ALPHABET
from gi_trace.database import act, db, lock
from gi_trace.errors import N_, Forbidden, Refused
from gi_trace.record.actions import record
from gi_trace.registry.actions import (
    check_may_be_granted,
    check_terms_of,
    grant_authorisation,
    lock_roll,
    rights_beside,
)
from gi_trace.registry.mending_rules import Announcement, Terms
from gi_trace.registry.models import Area, Authorisation, Party, Product, find_party
from gi_trace.registry.party_actions import change_party, check_name, enter_party, facts_now
from gi_trace.registry.rules import Basis, BasisNotRegistered, check_period, check_reason
from gi_trace.registry.who_may import check_acts_for, check_authority, check_duty

RECEIPT_LENGTH = 20  # 100 bits: whoever has it may read the papers


class ApplicationOpen(Refused):
    code = "application_open"
    text = N_("{product}（{basis}）已有一份申请在办，请在那一份上补充。")


class NotYourApplication(Forbidden):
    code = "not_your_application"
    text = N_("这份申请不是您的。")


@dataclass(frozen=True)
class ApplicationFacts:
    """As the firm said; `words` may be empty."""

    kind: ApplicationKind
    product: Product
    basis: Basis
    name: str
    uscc: str
    area: Area | None
    address: str
    contact: str
    representative: str = ""
    words: str = ""
    new_name: str = ""
    new_name_since: date | None = None


def new_receipt() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(RECEIPT_LENGTH))


@act
def hand_in(
    facts: ApplicationFacts,
    papers: Sequence[KeptPaper],
    *,
    party: Party | None = None,
    receipt: str = "",
    by: Account | None,
) -> Application:
    """A firm's application, by its account, or with a new receipt by nobody whom we know.

    A form that is sent twice gives the application that it gave before.
    """
    if by and party:
        check_acts_for(by, party)
        lock(party)
        _check_none_open(party, facts)
    elif not receipt:
        raise NotYourApplication
    elif sent := find_application(receipt):
        return sent
    _check_facts(facts, party or find_party(facts.uscc))
    application = Application(
        kind=facts.kind,
        stage=Stage.HANDED_IN,
        product=facts.product,
        basis=facts.basis,
        party=party,
        name=facts.name,
        uscc=facts.uscc,
        area=facts.area,
        address=facts.address,
        representative=facts.representative,
        contact=facts.contact,
        new_name=facts.new_name,
        new_name_since=facts.new_name_since,
        receipt_hash=hash_of_receipt(receipt) if receipt else None,
    )
    db.session.add(application)
    _add_step(application, Move.HAND_IN, words=facts.words, papers=papers, by=by)
    return application


@act
def take_own_step(
    application: Application, move: Move, *, words: str, papers: Sequence[KeptPaper] = (), by: Account | None
) -> None:
    """The applicant adds papers, mends or withdraws; `by` is None for whoever came with the receipt."""
    lock(application)
    _check_applicant(application, by)
    if move not in OF_APPLICANT:
        raise NotYourApplication
    check_move(application.stage, move)
    if move is not Move.ADD_PAPERS:
        check_reason(words)
    elif not papers:
        raise NoPapers
    _add_step(application, move, words=words, papers=papers, by=by)


@act
def take_office_step(
    application: Application, move: Move, *, words: str, note: str = "", by: Account
) -> None:
    """Ask for a correction, check, approve or refuse; `words` are read by the applicant, `note` is not."""
    lock(application)
    _check_office_move(application, move, by)
    check_reason(words)
    _add_step(application, move, words=words, note=note, by=by)


@act
def enter_announcement(
    application: Application,
    announcement: Announcement,
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
    why_alike: str = "",
    note: str = "",
    by: Account,
    confirmed_by: Account | None = None,
) -> None:
    """The right begins by the announcement; a firm that is not on the roll is entered with it. A new name begins on the
    day that the application said. One that begins before today (补录) has a second officer."""
    lock_roll()
    lock(application)
    _check_office_move(application, Move.ANNOUNCE, by)
    if application.kind is ApplicationKind.NEW_NAME:
        _rename(application, announcement.title, why_alike=why_alike, by=by)
    else:
        assert starts_on is not None
        application.right = _grant(
            application, announcement, starts_on, ends_on, why_alike, by=by, confirmed_by=confirmed_by
        )
    words = f"{announcement.title}（{announcement.on.isoformat()}）"
    _add_step(application, Move.ANNOUNCE, words=words, note=note, by=by, confirmed_by=confirmed_by)


def check_may_be_announced(
    application: Application,
    announcement: Announcement,
    *,
    starts_on: date,
    ends_on: date | None = None,
    why_alike: str = "",
) -> None:
    """Whatever granting by the announcement would refuse."""
    check_move(application.stage, Move.ANNOUNCE)
    terms = Terms(application.basis, announcement.title, starts_on, ends_on)
    if party := firm_of(application):
        check_may_be_granted(party, application.product, terms, announcement)
    else:
        check_name(application.name, why_alike)
        check_terms_of(application.product, terms, announcement)
        check_period([], starts_on, ends_on)


def _rename(application: Application, number: str, *, why_alike: str, by: Account) -> None:
    party = firm_of(application)
    if party is None:
        raise NotOnTheRoll(product=application.product.name, basis=application.basis.label)
    assert application.new_name_since is not None
    facts = replace(facts_now(party), name=application.new_name)
    change_party(
        party,
        facts,
        from_day=application.new_name_since,
        reason=ApplicationKind.NEW_NAME.label,
        document=number,
        why_alike=why_alike,
        by=by,
    )


def _grant(
    application: Application,
    announcement: Announcement,
    starts_on: date,
    ends_on: date | None,
    why_alike: str,
    *,
    by: Account,
    confirmed_by: Account | None,
) -> Authorisation:
    party = firm_of(application) or _entered(application, why_alike, by)
    return grant_authorisation(
        party,
        application.product,
        application.basis,
        number=announcement.title,
        starts_on=starts_on,
        ends_on=ends_on,
        announcement=announcement,
        by=by,
        confirmed_by=confirmed_by,
    )


def _entered(application: Application, why_alike: str, by: Account) -> Party:
    return enter_party(
        application.name,
        application.uscc,
        area=application.area,
        address=application.address,
        representative=application.representative,
        why_alike=why_alike,
        by=by,
    )


def _check_none_open(party: Party, facts: ApplicationFacts) -> None:
    same = select(Application.id).filter_by(party_id=party.id, product_id=facts.product.id, basis=facts.basis)
    if db.session.scalar(same.where(Application.stage.in_(OPEN))):
        raise ApplicationOpen(product=facts.product.name, basis=facts.basis.label)


def _check_facts(facts: ApplicationFacts, party: Party | None) -> None:
    if facts.product.on_basis(facts.basis) is None:
        raise BasisNotRegistered(product=facts.product.name)
    check_new_name(facts.kind, facts.name, facts.new_name, facts.new_name_since)
    beside = rights_beside(party, facts.product, facts.basis) if party else []
    rights, names = [right.right for right in beside], (facts.product.name, facts.basis.label)
    check_kind(facts.kind, rights, clock.today(), product=names[0], basis=names[1])


def _check_applicant(application: Application, by: Account | None) -> None:
    if by is None:
        if application.receipt_hash is None:
            raise NotYourApplication
    elif application.party is None:
        raise NotYourApplication
    else:
        check_acts_for(by, application.party)


def _check_office_move(application: Application, move: Move, by: Account) -> None:
    if move in DECISIONS:
        check_duty(by, Duty.REVIEWER)
    else:
        check_authority(by)
    if move not in OF_OFFICE:
        raise NotYourApplication
    check_move(application.stage, move, correction_overdue=is_correction_overdue(application))
    checked = application.last(Move.CHECK)
    check_decider(move, checked_by=checked.by_id if checked else None, by=by.id)


def _add_step(
    application: Application,
    move: Move,
    *,
    words: str,
    papers: Sequence[KeptPaper] = (),
    note: str = "",
    by: Account | None,
    confirmed_by: Account | None = None,
) -> None:
    check_paper_count(len(application.papers_of_round), len(papers))
    if move is not Move.HAND_IN:
        application.stage = stage_after(application.stage, move)
    rows = [
        ApplicationPaper(
            kind=one.kind, name=one.name, media_type=one.media_type, size=one.size, sha256=one.sha256
        )
        for one in papers
    ]
    step = ApplicationStep(
        move=move, at=clock.now(), by=by, words=words.strip(), note=note.strip(), papers=rows
    )
    application.steps.append(step)
    facts: dict[str, Any] = {
        "product": application.product.code,
        "basis": application.basis,
        "kind": application.kind,
    }
    facts |= {"papers": [one.sha256 for one in papers]} if papers else {}
    facts |= {"right": application.right.id} if application.right else {}
    facts |= {"proposed_by": by.id} if by and confirmed_by else {}
    # What people wrote may name people, and can be erased.
    personal = {"words": step.words} if step.words else {}
    record(move.act, application, by=confirmed_by or by, facts=facts, personal=personal)
