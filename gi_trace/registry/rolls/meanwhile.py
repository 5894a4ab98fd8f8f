"""What was done, since a roll was read, on the firms that it names: who confirms it must know."""

from typing import Any

from gi_trace.database import db
from gi_trace.imports.kinds import Acts
from gi_trace.imports.models import Import
from gi_trace.record.acts import Acted
from gi_trace.registry.models import Authorisation, Party, PartyEntry, Succession


def acts_on_its_firms(sent: Import, acts: Acts) -> dict[str, Any]:
    """By the act's label the names of firms, or on what else a reading rests; what other rolls did to which firm has acts
    of its own. Another firm of the same name is found when the door is closed, and stops it."""
    named = set(sent.firms)
    told: dict[str, set[str]] = {}
    for name, subject in acts:
        if name == Acted.ROLL_IMPORTED:
            continue
        parties = _parties_of(subject)
        on = [party.name for party in parties if not named or _codes(party) & named]
        if on or parties is NOBODY:
            told.setdefault(Acted(name).label, set()).update(on or [subject])
    return {label: sorted(names) for label, names in told.items()}


NOBODY: tuple[Party, ...] = ()


def _parties_of(subject: str) -> tuple[Party, ...]:
    table, _, key = subject.partition(":")
    if table == Party.__tablename__:
        return (db.session.get_one(Party, int(key)),)
    if table == Authorisation.__tablename__:
        return (db.session.get_one(Authorisation, int(key)).party,)
    if table == PartyEntry.__tablename__:
        return (db.session.get_one(Party, db.session.get_one(PartyEntry, int(key)).party_id),)
    if table == Succession.__tablename__:
        succession = db.session.get_one(Succession, int(key))
        return succession.from_party, succession.to_party
    return NOBODY


def _codes(party: Party) -> set[str]:
    return {party.uscc or "", *(entry.uscc for entry in party.entries)}
