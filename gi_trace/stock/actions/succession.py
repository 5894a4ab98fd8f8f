"""One enterprise takes the place of another: its rights by announcements of their own, its stock by postings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import act, db, lock
from gi_trace.errors import N_, Refused
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.registry.actions import (
    change_authorisation,
    check_living,
    check_none_proposed,
    grant_authorisation,
    lock_roll,
)
from gi_trace.registry.mending_rules import check_document
from gi_trace.registry.models import Authorisation, Party, Succession
from gi_trace.registry.parties import known_since
from gi_trace.registry.party_rules import SuccessionKind, SuccessorOfItself, check_entry_day
from gi_trace.registry.rules import ChangeKind, check_in_force, check_reason, may_change
from gi_trace.registry.who_may import check_authority, check_second_officer
from gi_trace.stock.actions.ageing import begin_stay
from gi_trace.stock.actions.ledger import Booking, Line, derive_lot, locked_lots, post
from gi_trace.stock.actions.plots import add_site
from gi_trace.stock.models import ActKind, Lot, Site, lots_of, offers_by, offers_to, sites_of


class OffersOpen(Refused):
    code = "offers_open"
    text = N_("还有未决的转让（批料 {lots}），请先答复或撤回。")


class NotTheirs(Refused):
    code = "not_theirs"
    text = N_("所选的授权或批料不属于{party}。")


@dataclass(frozen=True)
class SuccessionFacts:
    """`numbers`: the rights that pass on, each with the announcement that says so; `lots`: those of a split (of a party
    that is no more, all pass on)."""

    kind: SuccessionKind
    from_day: date
    reason: str
    document: str
    numbers: Mapping[Authorisation, str] = field(default_factory=dict)
    lots: Sequence[Lot] = ()


@act
def succeed(
    giver: Party, heir: Party, facts: SuccessionFacts, *, by: Account, confirmed_by: Account | None
) -> Succession:
    """Rights and stock pass on today, whatever the day from which the heir stands for the giver. It takes two officers.

    A right that ends with the giver keeps its fault, and so do the labels under it.
    """
    check_authority(by)
    lock_parties(giver, heir)
    check_may_succeed(giver, heir, facts)
    check_second_officer(by, confirmed_by)
    assert confirmed_by is not None  # it was looked at
    officers = {"by": by, "confirmed_by": confirmed_by}
    succession = Succession(from_party=giver, to_party=heir, at=clock.now(), by_id=by.id, kind=facts.kind)
    succession.from_day, succession.reason = facts.from_day, facts.reason.strip()
    succession.document = facts.document.strip()
    lots = locked_lots(_lots_passed_on(giver, facts))  # before the record, as everywhere
    granted = _pass_rights_on(giver, heir, facts, officers)
    moved = [(lot, _moved(lot, heir, by)) for lot in lots]
    db.session.add(succession)
    _record(succession, granted, moved, officers)
    return succession


def lock_parties(giver: Party, heir: Party) -> None:
    lock_roll()
    for party in sorted({giver, heir}, key=lambda one: one.id):
        lock(party)


def check_may_succeed(giver: Party, heir: Party, facts: SuccessionFacts) -> None:
    """Raises also what stands against it now: offers, and proposals on a right, that wait for an answer."""
    if giver.id == heir.id:
        raise SuccessorOfItself
    for party in (giver, heir):
        check_living(party)
    check_reason(facts.reason)
    check_document(facts.document)
    check_entry_day(facts.from_day, since=known_since(giver), latest=None, today=clock.today())
    _lots_passed_on(giver, facts)
    for right in giver.authorisations:
        check_none_proposed(right)
    for right in facts.numbers:
        if right.party_id != giver.id:
            raise NotTheirs(party=giver.name)
        check_in_force(right.right, clock.today())


def _pass_rights_on(
    giver: Party, heir: Party, facts: SuccessionFacts, officers: Mapping[str, Account]
) -> list[Authorisation]:
    """Those named are granted to the heir and end with the giver; of a giver that is no more, all end."""
    today = clock.today()
    ending = [right for right in giver.authorisations if facts.kind.ends or right in facts.numbers]
    for right in ending:
        if may_change(right.right, ChangeKind.ENDED, today):
            change_authorisation(right, ChangeKind.ENDED, reason=facts.reason, for_cause=False, **officers)
    return [
        grant_authorisation(
            heir,
            right.product,
            right.basis,
            number=number,
            starts_on=today,
            ends_on=right.ends_on,
            **officers,
        )
        for right, number in facts.numbers.items()
    ]


def _lots_passed_on(giver: Party, facts: SuccessionFacts) -> list[Lot]:
    lots = lots_of(giver) if facts.kind.ends else list(facts.lots)
    if any(lot.party_id != giver.id for lot in lots):
        raise NotTheirs(party=giver.name)
    offered = {offer.lot for offer in offers_by(giver) if offer.lot in lots}
    if facts.kind.ends:
        offered |= {offer.lot for offer in offers_to(giver)}
    if offered:
        raise OffersOpen(lots="、".join(sorted(lot.number for lot in offered)))
    return lots


def _moved(lot: Lot, heir: Party, by: Account) -> Lot:
    """The goods stay where they are, as a lot of the heir; what stops them goes on stopping them."""
    today, site = clock.today(), _site_of(heir, lot.site, by) if lot.site else None
    child = derive_lot([(lot, lot.balance_g)], on=today, party=heir, site=site)
    begin_stay(child, site)
    child.holds, child.recalls = lot.holds, lot.recalls
    return child


def _site_of(heir: Party, site: Site, by: Account) -> Site:
    """The same place as a site of the heir; a name that it uses for another place is told apart."""
    names = (site.name, f"{site.name}（{site.party.name}）"[:60])
    own = {each.name: each for each in sites_of(heir)}
    for name in names:
        if name not in own:
            return add_site(heir, name, area=site.area, address=site.address, by=by)
        if (own[name].area_id, own[name].address) == (site.area_id, site.address):
            return own[name]
    return own[names[-1]]


def _record(
    succession: Succession,
    granted: Sequence[Authorisation],
    moved: Sequence[tuple[Lot, Lot]],
    officers: Mapping[str, Account],
) -> None:
    by = officers["confirmed_by"]
    facts = {
        "from": succession.from_party.id,
        "to": succession.to_party.id,
        "kind": succession.kind,
        "from_day": succession.from_day,
        "document": succession.document,
        "proposed_by": officers["by"].id,
        "rights": [right.id for right in granted],
    }
    if not moved:
        record(Acted.PARTY_SUCCEEDED, succession, by=by, facts={"reason": succession.reason, **facts})
        return
    weights = [(old, new, old.balance_g) for old, new in moved]
    lines: list[Line] = [line for old, new, grams in weights for line in ((old, -grams), (new, grams))]
    booking = Booking(
        Acted.PARTY_SUCCEEDED, ActKind.TRANSFER, succession, by, clock.today(), succession.reason
    )
    post(booking, lines, parents=[(new, old, grams) for old, new, grams in weights], facts=facts)
