"""The books, and the reconciliation of a season, as pages and files: an enterprise's own, or all of them."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from gi_trace.accounts.models import Role
from gi_trace.batches.reconciliation import Reconciliation, reconcile
from gi_trace.registry.models import Party, all_crops
from gi_trace.stock.books import BookRow, books
from gi_trace.stock.rules.weights import in_kilograms
from gi_trace.stock.season_balance import SeasonBalance
from gi_trace.web.guards import me, own_party
from gi_trace.web.lists.files import table_file
from gi_trace.web.shared_pages import SharedPages
from gi_trace.web.stock.seasons import asked_crop, asked_season, seasons_of
from gi_trace.web.words import label

pages = SharedPages("books")
COLUMNS = [
    _("主体"),
    _("原料"),
    _("产季"),
    _("期初"),
    _("收入"),
    _("发出"),
    _("损耗"),
    _("包装合计"),
    _("拆包作废退回"),
    _("包装净额"),
    _("期末"),
]
WEIGHTS = ("opening_g", "in_g", "out_g", "loss_g", "packed_g", "unpacked_g", "net_packed_g", "closing_g")


def whose() -> Party | None:
    """None for the authority, which sees all."""
    return None if me().role is Role.AUTHORITY else own_party()


@pages.get("/books")
def show_books() -> ResponseReturnValue:
    """Opening, in, out, loss, packed, closing for each party, material and season."""
    since, until = asked_day("since"), asked_day("until")
    rows = books(whose(), since=since, until=until)
    columns = [*COLUMNS[:3], *((column, "number") for column in COLUMNS[3:])]
    shown = {"columns": columns, "weights": WEIGHTS, "since": since, "until": until}
    return render_template("components/books.html", rows=rows, **shown)


@pages.get("/books.<any(csv, xlsx):form>")
def export_books(form: str) -> ResponseReturnValue:
    header = [*COLUMNS[:3], *(_("{column}（千克）").format(column=column) for column in COLUMNS[3:])]
    rows = books(whose(), since=asked_day("since"), until=asked_day("until"))
    return table_file("books", form, header, [_cells(row) for row in rows])


def asked_day(name: str) -> date | None:
    """A day of the address; None where there is none or no day."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


def _cells(row: BookRow) -> list[Any]:
    weights = (in_kilograms(getattr(row, name)) for name in WEIGHTS)
    return [row.party.name, row.material.name, row.season or "—", *weights]


def asked_reconciliation() -> tuple[Reconciliation, list[tuple[Any, int]]]:
    """Of the crop and season in the address; the steps are those of the whole area, and an enterprise has none."""
    party, crop = whose(), asked_crop()
    found = reconcile(asked_season(crop), crop, party=party)
    return found, steps_of(found) if party is None else []


@pages.get("/reconciliation")
def show_reconciliation() -> ResponseReturnValue:
    """What the plots could have yielded against what was harvested, packed, coded and activated."""
    found, steps = asked_reconciliation()
    seasons = seasons_of(found.crop)
    return render_template(
        "components/reconciliation.html", found=found, steps=steps, crops=all_crops(), seasons=seasons
    )


@pages.get("/reconciliation.<any(csv, xlsx):form>")
def export_reconciliation(form: str) -> ResponseReturnValue:
    """The steps of the season, and the discrepancies with the acts behind them."""
    found, steps = asked_reconciliation()
    header = [_("主体"), _("批料或批次"), _("差异"), _("千克"), _("事项号")]
    rows = [[str(step), "", "", in_kilograms(grams), ""] for step, grams in steps]
    for again in found.coded_again:
        what = [again.batch.party.name, again.batch.number_text, str(_("看货后退回，可再赋码"))]
        rows.append([*what, in_kilograms(again.grams), str(again.act_number)])
    for one in found.discrepancies:
        acts = " ".join(map(str, one.act_numbers))
        rows.append([one.party.name, one.subject, str(label(one.kind)), in_kilograms(one.grams), acts])
    return table_file(f"reconciliation-{found.season.code}", form, header, rows)


def _packed(balance: SeasonBalance) -> Iterator[tuple[Any, int]]:
    """Of each material gross, what came back, and net."""
    for name in dict.fromkeys([*balance.packed_g, *balance.unpacked_g]):
        gross_g, back_g = balance.packed_g.get(name, 0), balance.unpacked_g.get(name, 0)
        yield _("包装合计 {material}").format(material=name), gross_g
        yield _("拆包作废退回 {material}").format(material=name), back_g
        yield _("包装净额 {material}").format(material=name), gross_g - back_g


def steps_of(found: Reconciliation) -> list[tuple[Any, int]]:
    """(step, grams) from the plots to the labels."""
    balance = found.balance
    made = [(_("制成 {material}").format(material=name), grams) for name, grams in balance.made_g.items()]
    packed = list(_packed(balance))
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
        (_("看货后退回，可再赋码"), sum(one.grams for one in found.coded_again)),
    ]
