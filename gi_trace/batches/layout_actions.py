"""Acts on a firm's own layouts: each makes a further version and changes none."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.batches.label_layouts import LabelLayout, LabelLogo, own_layouts, shape_of
from gi_trace.database import act, db, lock
from gi_trace.errors import N_, Refused
from gi_trace.labels.layouts import Layout
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.registry.models import Party
from gi_trace.registry.who_may import check_acts_for

MOST_LAYOUTS = 50


class TooManyLayouts(Refused):
    code = "too_many_layouts"
    text = N_("最多保存 {most} 种自有排版。请先停用不用的。")


@act
def add_layout(party: Party, layout: Layout, *, by: Account) -> LabelLayout:
    """`layout` is sound (`sound_layout`), its logo drawn anew; its name is given here."""
    check_acts_for(by, party)
    lock(party)
    if len(own_layouts(party)) >= MOST_LAYOUTS:
        raise TooManyLayouts(most=MOST_LAYOUTS)
    last = db.session.scalar(select(func.max(LabelLayout.ordinal)).filter_by(party_id=party.id)) or 0
    logo = _logo(party, layout.logo, by) if layout.logo else None
    facts = {"ordinal": last + 1, "version": 1, "title": layout.title, "shape": shape_of(layout)}
    return _saved(party, facts, logo, by)


@act
def change_layout(row: LabelLayout, layout: Layout, *, by: Account) -> LabelLayout:
    """The next version; without another logo it has the one that it had."""
    check_acts_for(by, row.party)
    latest = _latest(row)
    logo = _logo(row.party, layout.logo, by) if layout.logo else latest.logo
    facts = {"ordinal": row.ordinal, "version": latest.version + 1}
    return _saved(row.party, facts | {"title": layout.title, "shape": shape_of(layout)}, logo, by)


@act
def end_layout(row: LabelLayout, *, by: Account) -> LabelLayout:
    """No longer offered; what was printed with it can be printed again."""
    check_acts_for(by, row.party)
    latest = _latest(row)
    facts = {"ordinal": row.ordinal, "version": latest.version + 1, "is_offered": False}
    return _saved(row.party, facts | {"title": latest.title, "shape": latest.shape}, latest.logo, by)


def _latest(row: LabelLayout) -> LabelLayout:
    lock(row.party)
    query = select(LabelLayout).filter_by(party_id=row.party_id, ordinal=row.ordinal)
    return db.session.scalars(query.order_by(LabelLayout.version.desc())).first() or row


def _logo(party: Party, image: bytes, by: Account) -> LabelLogo:
    logo = LabelLogo(party_id=party.id, image=image, at=clock.now(), by_id=by.id)
    db.session.add(logo)
    db.session.flush()
    return logo


def _saved(party: Party, facts: Mapping[str, Any], logo: LabelLogo | None, by: Account) -> LabelLayout:
    row = LabelLayout(party=party, logo=logo, at=clock.now(), by_id=by.id, **facts)
    db.session.add(row)
    acted = Acted.LABEL_LAYOUT_SAVED if facts.get("is_offered", True) else Acted.LABEL_LAYOUT_ENDED
    record(acted, row, by=by, facts=dict(facts))
    return row
