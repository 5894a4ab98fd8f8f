"""The books, and the reconciliation of a season, as pages and files; for one party or for all.

The enterprise's and the authority's face both have them: `add_pages(bp, whose)`.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from gi_trace.batches.reconciliation import Reconciliation, reconcile
from gi_trace.database import db
from gi_trace.registry.models import Crop, Party
from gi_trace.stock.books import BookRow, books
from gi_trace.stock.rules.weights import kilograms
from gi_trace.web.stock.lots import table_file
from gi_trace.web.stock.seasons import asked_season, seasons_of

COLUMNS = [_("主体"), _("原料"), _("产季"), _("期初"), _("收入"), _("发出"), _("损耗"), _("包装"), _("期末")]


def add_pages(bp: Blueprint, whose: Callable[[], Party | None]) -> None:
    """The pages of a face; `whose` says the party whose books they are, None for all."""
    pages = {
        "/books": ("show_books", books_page),
        "/books.<any(csv, xlsx):form>": ("export_books", books_file),
        "/reconciliation": ("show_reconciliation", reconciliation_page),
        "/reconciliation.<any(csv, xlsx):form>": ("export_reconciliation", reconciliation_file),
    }
    for address, (endpoint, page) in pages.items():
        bp.add_url_rule(address, endpoint, lambda page=page, **asked: page(whose(), **asked))


def books_page(party: Party | None) -> ResponseReturnValue:
    """Opening, in, out, loss, packed, closing for each party, material and season."""
    since, until = asked_day("since"), asked_day("until")
    rows = books(party, since=since, until=until)
    return render_template("components/books.html", rows=rows, since=since, until=until)


def books_file(party: Party | None, form: str) -> ResponseReturnValue:
    header = [*COLUMNS[:3], *(_("{column}（千克）").format(column=column) for column in COLUMNS[3:])]
    rows = books(party, since=asked_day("since"), until=asked_day("until"))
    return table_file("books", form, header, [_cells(row) for row in rows])


def asked_day(name: str) -> date | None:
    """A day of the address; None where there is none or no day."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _cells(row: BookRow) -> list[Any]:
    weights = (row.opening_g, row.in_g, row.out_g, row.loss_g, row.packed_g, row.closing_g)
    return [row.party.name, row.material.name, row.season or "—", *map(kilograms, weights)]


def reconciliation_page(party: Party | None) -> ResponseReturnValue:
    """What the plots could have yielded against what was harvested, packed, coded and activated."""
    crops = list(db.session.scalars(select(Crop).order_by(Crop.id)))
    crop = next((crop for crop in crops if crop.code == request.args.get("crop")), crops[0])
    found = reconcile(asked_season(crop), crop, party=party)
    return render_template(
        "components/reconciliation.html",
        found=found,
        steps=steps_of(found) if party is None else [],
        crops=crops,
        seasons=seasons_of(crop),
    )


def reconciliation_file(party: Party | None, form: str) -> ResponseReturnValue:
    """The steps of the season (for the whole area), and the discrepancies with the acts behind them."""
    crops = list(db.session.scalars(select(Crop).order_by(Crop.id)))
    crop = next((crop for crop in crops if crop.code == request.args.get("crop")), crops[0])
    found = reconcile(asked_season(crop), crop, party=party)
    header = [_("主体"), _("批料或批次"), _("差异"), _("千克"), _("事项号")]
    rows = [
        [
            one.party.name,
            one.subject,
            gettext(one.words),
            kilograms(one.grams),
            " ".join(map(str, one.act_numbers)),
        ]
        for one in found.discrepancies
    ]
    steps = steps_of(found) if party is None else []
    rows = [*([str(step), "", "", kilograms(grams), ""] for step, grams in steps), *rows]
    return table_file(f"reconciliation-{found.season.code}", form, header, rows)


def steps_of(found: Reconciliation) -> list[tuple[Any, int]]:
    """(step, grams) from the plots to the labels."""
    balance = found.balance
    made = [(_("制成 {material}").format(material=name), grams) for name, grams in balance.made_g.items()]
    packed = [(_("包装 {material}").format(material=name), grams) for name, grams in balance.packed_g.items()]
    stock = [
        (_("结存 {material}").format(material=name), grams) for name, grams in balance.in_stock_g.items()
    ]
    return [
        (_("核定产量"), balance.allocated_g),
        (_("采收"), balance.harvested_g),
        (_("投入加工"), balance.processed_g),
        *made,
        (_("作他用"), balance.other_use_g),
        (_("损耗"), balance.loss_g),
        *stock,
        *packed,
        (_("下单标识"), found.coded_g),
        (_("启用标识"), found.activated_g),
        (_("作废标识"), found.void_g),
    ]
