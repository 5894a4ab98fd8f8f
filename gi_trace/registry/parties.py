"""Which enterprises are called alike, since when one is known, and who stands for whom: named reads."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select

from gi_trace.clock import day_of
from gi_trace.database import db
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordRow
from gi_trace.registry.models import AT_A_TIME, Party, PartyEntry, Succession
from gi_trace.registry.party_rules import ENDING, alike_keys, successors_of

ENDED_PARTIES = select(Succession.from_party_id).where(Succession.kind.in_(ENDING))


def parties_alike(name: str) -> list[Party]:
    """Enterprises that have, or had, the same or nearly the same name, those that are no more among them: their packs
    still bear it."""
    return list(dict.fromkeys(party for party, _name in _called(alike_keys(name))))


def names_alike(names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Name and code of the enterprises that are or were called alike one of these names, by the first of their
    `alike_keys`; of several those that are called so now."""
    keys = sorted({key for name in names for key in alike_keys(name)})
    parts = [keys[start : start + AT_A_TIME] for start in range(0, len(keys), AT_A_TIME)]
    found = [one for part in parts for one in _called(part)]
    found.sort(key=lambda one: one[0].name == one[1])
    return {alike_keys(name)[0]: (name, party.uscc or "") for party, name in found}


def _called(keys: Sequence[str]) -> list[tuple[Party, str]]:
    """Whoever has or had one of the names, and the name."""
    query = select(Party, PartyEntry.name).join(PartyEntry).where(PartyEntry.name_key.in_(keys))
    return [(party, name) for party, name in db.session.execute(query.order_by(Party.id, PartyEntry.id))]


def known_since(party: Party) -> date:
    """The first day on which an enterprise is known to have been there."""
    return min([day_of(party.entries[0].at), *(right.starts_on for right in party.authorisations)])


def successions_of(party: Party) -> list[Succession]:
    """In which it takes part, on either side."""
    either = (Succession.from_party_id == party.id) | (Succession.to_party_id == party.id)
    return list(db.session.scalars(select(Succession).where(either).order_by(Succession.id)))


def predecessors(party: Party) -> list[Party]:
    """Whose place it took, and whose place those had taken."""
    query = select(Party).join(Succession, Succession.from_party_id == Party.id)
    found = list(db.session.scalars(query.where(Succession.to_party_id == party.id)))
    for one in found:
        earlier = db.session.scalars(query.where(Succession.to_party_id == one.id))
        found += [each for each in earlier if each not in (party, *found)]
    return found


def successors(party: Party) -> list[Party]:
    """Who stands for it now, through those that are no more themselves."""
    return successors_of_all([party])[party.id]


def successors_of_all(parties: Iterable[Party]) -> dict[int, list[Party]]:
    """Of each (by id), asked for all of them at once."""
    steps: dict[int, list[int]] = {}
    rows = db.session.scalars(select(Succession).order_by(Succession.id)).all()
    for row in rows:
        steps.setdefault(row.from_party_id, []).append(row.to_party_id)
    ended = {row.from_party_id for row in rows if row.kind.ends}
    found = {party.id: successors_of(party.id, steps, ended) for party in parties}
    ids = {one for heirs in found.values() for one in heirs}
    heir = {one.id: one for one in db.session.scalars(select(Party).where(Party.id.in_(ids)))} if ids else {}
    return {party_id: [heir[one] for one in heirs] for party_id, heirs in found.items()}


def borne_now(codes: Iterable[str]) -> dict[str, Party]:
    """For each code that an enterprise had, and for that of one that is no more: who bears another in its place."""
    wanted = sorted(codes)
    parts = [wanted[start : start + AT_A_TIME] for start in range(0, len(wanted), AT_A_TIME)]
    had = select(PartyEntry.uscc, Party).join(Party).where(Party.uscc != PartyEntry.uscc)
    ended = select(Party).where(Party.id.in_(ENDED_PARTIES))
    now: dict[str, Party] = {}
    for part in parts:
        now |= {code: party for code, party in db.session.execute(had.where(PartyEntry.uscc.in_(part)))}
        for party in db.session.scalars(ended.where(Party.uscc.in_(part))):
            if heirs := successors(party):
                now[party.uscc or ""] = heirs[0]
    return now


def has_ended(party: Party) -> bool:
    """Whether another has taken its place altogether."""
    return db.session.scalar(ENDED_PARTIES.where(Succession.from_party_id == party.id).limit(1)) is not None


def record_numbers(party: Party) -> dict[int, int]:
    """Entries of an enterprise (ids), each with the row of the record that tells of it."""
    told = {f"{PartyEntry.__tablename__}:{entry.id}": entry.id for entry in party.entries[1:]}
    told |= {f"{Party.__tablename__}:{party.id}": entry.id for entry in party.entries[:1]}
    acts = (Acted.PARTY_ENTERED.value, Acted.PARTY_CHANGED.value)
    query = select(RecordRow.subject, RecordRow.number).where(RecordRow.subject.in_(told))
    rows = db.session.execute(query.where(RecordRow.act.in_(acts)).order_by(RecordRow.number.desc()))
    return {told[subject]: number for subject, number in rows}
