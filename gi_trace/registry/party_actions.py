"""Acts on enterprises of the roll: entered, called otherwise from a day on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import act, db, lock
from gi_trace.errors import N_, Refused
from gi_trace.names import search_key
from gi_trace.record.actions import Happening, record_all
from gi_trace.record.acts import Acted
from gi_trace.registry.actions import check_living, lock_roll
from gi_trace.registry.models import Area, Party, PartyEntry, PartyKind, find_party
from gi_trace.registry.parties import known_since, parties_alike
from gi_trace.registry.party_rules import NameAlike, NothingChanged, check_entry_day
from gi_trace.registry.rules import check_reason
from gi_trace.registry.uscc import is_sole_trader


class PartyAlreadyEntered(Refused):
    code = "party_already_entered"
    text = N_("统一社会信用代码 {uscc} 已登记，企业是“{name}”。")


@dataclass(frozen=True)
class PartyFacts:
    """What is dated of an enterprise; the representative is a person."""

    name: str
    uscc: str
    area: Area | None = None
    address: str = ""
    representative: str = ""


@act
def enter_party(
    name: str,
    uscc: str,
    *,
    area: Area | None,
    address: str,
    by: Account | None,
    representative: str = "",
    why_alike: str = "",
) -> Party:
    """Take an enterprise into the roll; its rights are granted apart. A name nearly that of another asks `why_alike`."""
    lock_roll()
    _check_code(uscc)
    check_name(name, why_alike)
    facts = PartyFacts(name, uscc, area, address, representative)
    party = Party(kind=PartyKind.ENTERPRISE, name=name, uscc=uscc, area=area, address=address)
    first = PartyEntry(party=party, **entry_columns(facts, by, reason=why_alike.strip()))
    db.session.add(party)
    record_all([entered(first)], by=by)
    return party


@act
def change_party(
    party: Party,
    facts: PartyFacts,
    *,
    from_day: date,
    reason: str,
    document: str = "",
    why_alike: str = "",
    by: Account,
) -> None:
    """From a day on the enterprise is called so; what it was called stays with the packs of the days before."""
    lock_roll()
    lock(party)
    check_living(party)
    check_reason(reason)
    _check_day(party, from_day)
    if facts == facts_now(party):
        raise NothingChanged
    if facts.uscc != party.uscc:
        _check_code(facts.uscc, but=party)
    if facts.name != party.name:
        check_name(facts.name, why_alike, but=party)
    reasons = "；".join(one.strip() for one in (reason, why_alike) if one.strip())
    entry = add_entry(party, facts, from_day, by=by, reason=reasons, document=document.strip())
    record_all([changed(entry)], by=by)


def facts_now(party: Party) -> PartyFacts:
    """As they stand today."""
    representative = party.entries[-1].representative
    return PartyFacts(party.name, party.uscc or "", party.area, party.address, representative)


def check_name(name: str, why_alike: str, but: Party | None = None) -> None:
    """Nobody is, or was, called so or nearly so, unless the officer says why. Raises NameAlike."""
    others: Iterable[Party] = () if why_alike.strip() else parties_alike(name)
    for other in others:
        if other is not but:
            raise NameAlike(name=name, other=other.name, uscc=other.uscc)


# Steps of acts, also of an import that changes many: they write, tell what to record, and do not commit.


def add_entry(
    party: Party, facts: PartyFacts, from_day: date, *, by: Account | None, reason: str, document: str = ""
) -> PartyEntry:
    told = {"from_day": from_day, "reason": reason, "document": document}
    entry = PartyEntry(party=party, **entry_columns(facts, by, **told))
    db.session.add(entry)
    party.name, party.uscc, party.area, party.address = facts.name, facts.uscc, facts.area, facts.address
    return entry


def entry_columns(facts: PartyFacts, by: Account | None, **told: Any) -> dict[str, Any]:
    columns: dict[str, Any] = vars(facts) | {"name_key": search_key(facts.name), "at": clock.now()} | told
    area = columns.pop("area")
    return columns | {"area_id": area.id if area else None, "by_id": by.id if by else None}


def entered(first: PartyEntry) -> Happening:
    return Happening(Acted.PARTY_ENTERED, first.party, *_facts_and_personal(first))


def changed(entry: PartyEntry) -> Happening:
    """The entry is the subject, so that its row of the record is found by it."""
    facts, personal = _facts_and_personal(entry)
    facts |= {"party": entry.party.id, "from_day": entry.from_day, "document": entry.document}
    return Happening(Acted.PARTY_CHANGED, entry, facts, personal)


def _facts_and_personal(entry: PartyEntry) -> tuple[dict[str, Any], dict[str, str]]:
    """What the record keeps of an enterprise: a representative, and all of a sole trader, is of a person."""
    words = {name: getattr(entry, name) for name in ("name", "uscc", "address", "reason")}
    if not entry.reason:
        del words["reason"]
    facts: dict[str, Any] = {"area": entry.party.area.code if entry.party.area else None}
    personal = {"representative": entry.representative} if entry.representative else {}
    return (facts, words | personal) if is_sole_trader(entry.uscc) else (facts | words, personal)


def _check_code(uscc: str, but: Party | None = None) -> None:
    """Nobody else has the code, or had it."""
    known = find_party(uscc)
    if known and known is not but:
        raise PartyAlreadyEntered(uscc=uscc, name=known.name)


def _check_day(party: Party, day: date) -> None:
    latest = max((entry.from_day for entry in party.entries if entry.from_day), default=None)
    check_entry_day(day, since=known_since(party), latest=latest, today=clock.today())
