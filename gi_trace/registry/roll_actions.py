"""Importing a roll: it is sent, looked at, and taken in as a whole or not at all."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import update

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import act, db, lock
from gi_trace.errors import N_, Refused
from gi_trace.record.actions import Happening, record_all
from gi_trace.record.acts import Acted
from gi_trace.registry import actions
from gi_trace.registry.models import (
    Area,
    Authorisation,
    Party,
    Product,
    RollFile,
    all_products,
    find_import,
    parties_with,
    towns,
)
from gi_trace.registry.roll_columns import Choice, Registered
from gi_trace.registry.roll_file import Roll, read_roll
from gi_trace.registry.roll_plan import KnownParty, KnownRight, PlannedRow, RollPlan, RowKind, plan_roll

KEPT = timedelta(days=1)


class RollExpired(Refused):
    code = "roll_expired"
    text = N_("预览只保留一天，这个文件的内容已经清除。请重新上传。")


class RollAtFault(Refused):
    code = "roll_at_fault"
    text = N_("文件里有 {faults} 处问题，没有导入任何内容。请改正后重新上传。")


class RollAlreadyImported(Refused):
    code = "roll_already_imported"
    text = N_("同样的文件已于 {day} 导入过，这次没有改动任何内容。")


@act
def keep_roll_file(name: str, content: bytes, *, by: Account) -> RollFile:
    """Keep a sent roll to be looked at; refuses what is no readable file. Old ones lose their content."""
    read_roll(content, registered())
    stale = RollFile.sent_at < clock.now() - KEPT
    db.session.execute(update(RollFile).where(stale).values(content=None))
    roll_file = RollFile(name=name[-200:], sha256=hashlib.sha256(content).hexdigest(), content=content)
    roll_file.sent_at, roll_file.sent_by_id = clock.now(), by.id
    db.session.add(roll_file)
    return roll_file


def look_at_roll(roll_file: RollFile) -> tuple[Roll, RollPlan]:
    """What the file says and what it would change; one of the two has the faults."""
    if roll_file.content is None:
        raise RollExpired
    roll = read_roll(roll_file.content, registered())
    parties = known_parties({row.uscc for row in roll.rows})
    return roll, plan_roll(roll.rows, parties, clock.today())


@act
def import_roll(roll_file: RollFile, *, by: Account) -> RollPlan:
    """Take the whole roll in, or nothing of it; a file that was imported before changes nothing."""
    actions.lock_roll()
    lock(roll_file)
    if imported_at := find_import(roll_file.sha256):
        raise RollAlreadyImported(day=clock.day_of(imported_at))
    roll, plan = look_at_roll(roll_file)
    if faults := roll.faults or plan.faults:
        raise RollAtFault(faults=len(faults))
    happenings = list(_take_in(plan, by))
    roll_file.imported_at, roll_file.content = clock.now(), None
    roll_file.new_rows, roll_file.changed_rows = (
        len(plan.of_kind(kind)) for kind in (RowKind.NEW, RowKind.CHANGED)
    )
    facts = {"sha256": roll_file.sha256, "new": roll_file.new_rows, "changed": roll_file.changed_rows}
    record_all([*happenings, Happening(Acted.ROLL_IMPORTED, roll_file, facts)], by=by)
    return plan


def registered() -> Registered:
    """The products, bases and towns that a roll may name."""
    products = all_products()
    return Registered(
        products=tuple(Choice(product.code, product.name) for product in products),
        areas=tuple(Choice(town.code, town.name, tuple(town.aliases)) for town in towns()),
        bases_of={product.code: frozenset(ground.basis for ground in product.bases) for product in products},
    )


def known_parties(codes: set[str]) -> dict[str, KnownParty]:
    """What is registered of the enterprises with these social credit codes."""
    known = {}
    for party in parties_with(codes):
        area = party.area.code if party.area else None
        known[party.uscc or ""] = known_party = KnownParty(party.name, area, party.address)
        for right in party.authorisations:
            rights = known_party.rights.setdefault((right.product.code, right.basis), [])
            rights.append(KnownRight(right.number, right.right))
    return known


def _take_in(plan: RollPlan, by: Account) -> Iterator[Happening]:
    parties = {party.uscc: party for party in parties_with({planned.row.uscc for planned in plan.rows})}
    rights = {_key(right): right for party in parties.values() for right in party.authorisations}
    areas = {town.code: town for town in towns()}
    for planned in plan.rows:
        row = planned.row
        if planned.enters_party:
            area, address = areas.get(row.area or ""), row.address or ""
            parties[row.uscc] = actions.new_party(row.name, row.uscc, area=area, address=address)
    db.session.flush()  # the record names parties by their ids
    products = {product.code: product for product in all_products()}
    for planned in plan.rows:
        party = parties[planned.row.uscc]
        yield from _take_in_party(planned, party, areas)
        yield from _take_in_right(planned, party, products[planned.row.product], rights, by)


def _take_in_party(planned: PlannedRow, party: Party, areas: dict[str, Area]) -> Iterator[Happening]:
    if planned.enters_party:
        yield actions.entered(party)
    if planned.changes("area") or planned.changes("address"):
        party.area = areas.get(planned.row.area or "", party.area)
        party.address = planned.row.address or party.address
        yield actions.party_changed(party)


def _take_in_right(
    planned: PlannedRow, party: Party, product: Product, rights: dict[tuple, Authorisation], by: Account
) -> Iterator[Happening]:
    row = planned.row
    key = (party.id, product.id, row.basis, row.starts_on)
    if planned.grants_right:
        rights[key] = Authorisation(
            party=party,
            product=product,
            basis=row.basis,
            number=row.number,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )
        yield actions.add_right(rights[key], by=by)
    elif planned.changes("ends_on"):
        yield actions.extended(rights[key], row.ends_on, by=by)


def _key(right: Authorisation) -> tuple:
    return right.party_id, right.product_id, right.basis, right.starts_on
