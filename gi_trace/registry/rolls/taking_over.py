"""Importing a roll: read against what is registered, and taken over."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import insert, select

from gi_trace import clock
from gi_trace.database import db, insert_all
from gi_trace.errors import N_
from gi_trace.excel.answers import ColumnsMissing
from gi_trace.excel.choices import Choice
from gi_trace.excel.header import Column, HeaderNotFound
from gi_trace.excel.unreadable import UnreadableFile
from gi_trace.imports.kinds import WAYS, Found, Rows, Way
from gi_trace.imports.models import Import, ImportKind, answers_of
from gi_trace.record.actions import Happening
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordRow
from gi_trace.registry import actions, party_actions
from gi_trace.registry.mending_rules import is_entered_late
from gi_trace.registry.models import (
    Area,
    Authorisation,
    AuthorisationChange,
    Party,
    PartyEntry,
    PartyKind,
    Product,
    all_products,
    parties_with,
    towns,
)
from gi_trace.registry.parties import borne_now, names_alike
from gi_trace.registry.party_actions import PartyFacts
from gi_trace.registry.rolls.changes import change_columns
from gi_trace.registry.rolls.columns import Registered, roll_columns
from gi_trace.registry.rolls.file import ListOfChanges, RollRow, read_roll
from gi_trace.registry.rolls.meanwhile import acts_on_its_firms
from gi_trace.registry.rolls.missing import missing_rights
from gi_trace.registry.rolls.plan import (
    PARTY_KEYS,
    KnownParty,
    KnownRight,
    PlannedRow,
    RowKind,
    plan_roll,
    planned_row,
    prepared,
)
from gi_trace.registry.rolls.renaming import read_change_list, rename
from gi_trace.registry.rules import ChangeKind

ROWS_OF_A_PIECE = 100
MOST_MENTIONED = 20
BY_ROLL = N_("按导入的名册")
MOST_MISSING = 500  # listed; all are counted
OWN_FIRMS = {"企业", "用标授权"}  # of the list of firms that this service exports
CHANGED_BY = ("party.", "right.", "product.", "area.", "roll.")


class ListOfFirms(UnreadableFile):
    code = "file.list_of_firms"
    text = N_(
        "这是本系统导出的企业名单，没有各项授权的号码和期限。请在“用标授权”页面导出名单，修改后再导入。"
    )


def registered() -> Registered:
    """The products, bases and towns that a roll may name."""
    products = all_products()
    return Registered(
        products=tuple(Choice(product.code, product.name) for product in products),
        areas=tuple(Choice(town.code, town.name, tuple(town.aliases)) for town in towns()),
        bases_of={product.code: frozenset(ground.basis for ground in product.bases) for product in products},
        since_of={
            (product.code, ground.basis): ground.since
            for product in products
            for ground in product.bases
            if ground.since
        },
    )


def known_parties(codes: set[str]) -> dict[str, KnownParty]:
    """What is registered of the enterprises with these social credit codes."""
    known = {}
    for party in parties_with(codes):
        area = party.area.code if party.area else None
        known[party.uscc or ""] = known_party = KnownParty(
            party.name, area, party.address, party.entries[-1].representative
        )
        for right in party.authorisations:
            rights = known_party.rights.setdefault((right.product.code, right.basis), [])
            rights.append(KnownRight(right.number, right.right))
    for code, now in borne_now(codes).items():
        known[code] = KnownParty("", None, "", instead=(now.name, now.uscc or ""))
    return known


def columns() -> list[Column]:
    """Of the roll's template."""
    return roll_columns(registered())


def _columns_of(sent: Import) -> list[Column]:
    told = sent.counts | (sent.question or {})
    return change_columns() if told.get("list") == "changes" else columns()


def _read(sent: Import) -> Found:
    try:
        roll = read_roll(sent.content or b"", registered(), answers_of(sent))
    except ListOfChanges:
        return read_change_list(sent)
    except (ColumnsMissing, HeaderNotFound) as refusal:
        if set(refusal.labels) >= OWN_FIRMS:
            raise ListOfFirms from None
        raise
    told = roll.table.told()
    known, names = (
        known_parties({row.uscc for row in roll.rows}),
        names_alike({row.name for row in roll.rows}),
    )
    plan = plan_roll(roll.rows, known, clock.today(), names)
    if faults := roll.faults or plan.faults:
        return Found(faults, counts=told)
    rows = [prepared(planned) for planned in plan.rows if planned.kind != RowKind.UNCHANGED]
    counts = told | {kind.value: len(plan.of_kind(kind)) for kind in RowKind}
    counts["parties"] = sum(planned.enters_party for planned in plan.rows)
    counts["merged"] = roll.merged[:MOST_MENTIONED]
    counts["late"] = sum(
        planned.grants_right and is_entered_late(planned.row.starts_on, clock.today())
        for planned in plan.rows
    )
    missing = missing_rights(roll.rows, clock.today())
    counts["missing"], counts["missing_rights"] = len(missing), missing[:MOST_MISSING]
    pieces = [rows[start : start + ROWS_OF_A_PIECE] for start in range(0, len(rows), ROWS_OF_A_PIECE)]
    return Found((), pieces, counts, sorted({row.uscc for row in roll.rows}))


def _take(sent: Import, rows: Rows) -> Iterator[Happening]:
    """A piece: of changes of names, or of the roll."""
    if names := [row["name"] for row in rows if "name" in row]:
        parties = {party.uscc or "": party for party in parties_with({name["uscc"] for name in names})}
        return (rename(name, parties[name["uscc"]], sent) for name in names)
    return _take_roll(sent, [planned_row(row) for row in rows])


def _take_roll(sent: Import, planned: list[PlannedRow]) -> Iterator[Happening]:
    """What is new by one statement for each table, and then, row by row, what to record and what changes."""
    areas = {town.code: town for town in towns()}
    products = {product.code: product for product in all_products()}
    parties = {party.uscc or "": party for party in parties_with({each.row.uscc for each in planned})}
    rights = {_key(right): right for party in parties.values() for right in party.authorisations}
    entering = [_party_columns(each.row, areas) for each in planned if each.enters_party]
    entered = {party.uscc or "": party for party in insert_all(Party, entering)}
    told = {each.row.uscc: each.row for each in planned if each.enters_party}
    entries = [_entry_columns(party, told[code], sent) for code, party in entered.items()]
    firsts = {entry.party_id: entry for entry in insert_all(PartyEntry, entries)}
    parties |= entered
    granting = [
        _right_columns(each.row, parties[each.row.uscc], products[each.row.product])
        for each in planned
        if each.grants_right
    ]
    new_rights = insert_all(Authorisation, granting)
    if new_rights:
        changes = [_grant_columns(right, sent) for right in new_rights]
        db.session.execute(insert(AuthorisationChange), changes)
    rights |= {_key(right): right for right in new_rights}
    for each in planned:
        row, party = each.row, parties[each.row.uscc]
        right = rights[party.id, products[row.product].id, row.basis, row.starts_on]
        if each.enters_party:
            yield party_actions.entered(firsts[party.id])
        yield from _happenings(each, party, right, areas, sent)


def _happenings(
    planned: PlannedRow, party: Party, right: Authorisation, areas: dict[str, Area], sent: Import
) -> Iterator[Happening]:
    row = planned.row
    if any(map(planned.changes, PARTY_KEYS)):
        now = party_actions.facts_now(party)
        area, address = areas.get(row.area or "", party.area), row.address or party.address
        representative = row.representative or now.representative
        facts = replace(now, area=area, address=address, representative=representative)
        entry = party_actions.add_entry(party, facts, clock.today(), by=sent.confirmed_by, reason=BY_ROLL)
        yield party_actions.changed(entry)
    if planned.grants_right:
        proposer = sent.proposed_by_id
        yield actions.granted(right, {"proposed_by": proposer} if proposer else {})
    elif planned.changes("ends_on"):
        yield actions.extended(right, row.ends_on, by=sent.confirmed_by)


def _key(right: Authorisation) -> tuple:
    return right.party_id, right.product_id, right.basis, right.starts_on


def _party_columns(row: RollRow, areas: dict[str, Area]) -> dict[str, Any]:
    area_id = areas[row.area].id if row.area else None
    kind = PartyKind.ENTERPRISE
    return {
        "kind": kind, "name": row.name, "uscc": row.uscc, "area_id": area_id, "address": row.address or "",
    }  # fmt: skip


def _entry_columns(party: Party, row: RollRow, sent: Import) -> dict[str, Any]:
    facts = PartyFacts(party.name, party.uscc or "", party.area, party.address, row.representative or "")
    return party_actions.entry_columns(facts, sent.confirmed_by, party_id=party.id)


def _right_columns(row: RollRow, party: Party, product: Product) -> dict[str, Any]:
    kept = ("basis", "number", "starts_on", "ends_on")
    return {"party_id": party.id, "product_id": product.id} | {name: getattr(row, name) for name in kept}


def _grant_columns(right: Authorisation, sent: Import) -> dict[str, Any]:
    """What two officers decided names both, and what it rests on."""
    late = is_entered_late(right.starts_on, clock.today())
    return {
        "authorisation_id": right.id, "kind": ChangeKind.GRANTED, "effective_on": right.starts_on,
        "entered_late": late, "document": right.number if late else "", "reason": BY_ROLL,
        "at": clock.now(), "by_id": sent.proposed_by_id or sent.confirmed_by_id,
        "confirmed_by_id": sent.confirmed_by_id if sent.proposed_by_id else None,
    }  # fmt: skip


def _end(sent: Import) -> list[Happening]:
    facts = {"sha256": sent.sha256, "new": sent.counts["new"], "changed": sent.counts["changed"]}
    return [Happening(Acted.ROLL_IMPORTED, sent, facts)]


def _takes_two(sent: Import) -> bool:
    """A new service takes in its roll before anything was packed under it."""
    packed = select(RecordRow.number).filter_by(act=Acted.BATCH_REGISTERED.value)
    return db.session.scalar(packed.limit(1)) is not None


WAYS[ImportKind.ROLL] = Way(
    _columns_of, _read, actions.lock_roll, _take, _end, CHANGED_BY, _takes_two, acts_on_its_firms
)
