"""Pages of stock that several faces show: a lot with its chain."""

from collections.abc import Callable
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from gi_trace.batches.models import Batch, draws_from
from gi_trace.registry.models import Party
from gi_trace.stock.chain import Chain, ancestor_ids, chain_down, chain_up, lot_tests_of, opening_checks_of
from gi_trace.stock.models import Lot, open_holds_on
from gi_trace.stock.rules.weights import in_kilograms
from gi_trace.web.act_page import Rows
from gi_trace.web.stock.chain_picture import picture_of
from gi_trace.web.stock.undoing import Offer, history_of
from gi_trace.web.words import age_words, kg_text, label, lot_seasons, stops_of

Sees = Callable[[Party], bool]


def everything(party: Party) -> bool:
    """What officers see."""
    return True


def lot_page(
    lot: Lot, template: str, *, offer: Offer, sees: Sees = everything, **more: object
) -> ResponseReturnValue:
    return render_template(
        template,
        lot=lot,
        rows=lot_rows(lot),
        holds=open_holds_on(list(ancestor_ids([lot.id]))),
        tests=lot_tests_of([lot.id]),
        checks=opening_checks_of(lot),
        history=history_of(lot, offer),
        **lot_chain(lot, sees=sees),
        **more,
    )


def at_lot(lot: Lot) -> str:
    return url_for(".show_lot", lot_id=lot.id)


def lot_chain(lot: Lot, *, sees: Sees = everything) -> dict[str, Any]:
    return chain_context(chain_up([lot.id]), chain_down([lot.id]), [lot.id], sees)


def batch_chain(batch: Batch, *, sees: Sees = everything) -> dict[str, Any]:
    """For a page of a batch: the lots that it was packed from, up to their harvests."""
    drawn = [lot.id for lot, _grams in batch.drawn]
    return chain_context(chain_up(drawn), Chain({}, []), drawn, sees) | {"batches": [], "is_packed": True}


def chain_context(up: Chain, down: Chain, centres: list[int], sees: Sees) -> dict[str, Any]:
    """What others made of it is not shown to whom it does not concern; where it came from is, without names."""
    lots = up.lots | {lot_id: lot for lot_id, lot in down.lots.items() if sees(lot.party)}
    steps = {step for step in [*up.steps, *down.steps] if step.child in lots}
    batches = [draw for draw in draws_from([*centres, *down.lots]) if sees(draw.batch.party)]
    return {
        "chain": sorted(
            (step for step in steps if sees(lots[step.child].party)),
            key=lambda step: (step.child, step.parent),
        ),
        "lots": lots,
        "picture": picture_of(Chain(lots, list(steps)), centres),
        "sees": sees,
        "batches": batches,
        "is_packed": bool(batches),
    }


def lot_rows(lot: Lot) -> Rows:
    """What a lot is, in words."""
    rows: list[tuple[Any, Any]] = [
        (_("批料"), f"{lot.number} {lot.material.name}"),
        (_("持有人"), lot.party.name),
        (_("场所"), lot.site.name if lot.site else "—"),
        (_("产季"), "、".join(lot_seasons(lot))),
        (_("结存"), kg_text(lot.balance_g)),
        (_("可用"), kg_text(lot.available_g)),
    ]
    if lot.peel_kind:
        rows.insert(3, (_("皮类"), label(lot.peel_kind)))
    if lot.age:
        rows.append((_("陈化"), age_words(lot.age)))
    if lot.is_stopped:
        rows.append((_("状态"), "、".join(map(str, stops_of(lot)))))
    if lot.claimed_year:
        rows.append(
            (_("来源"), _("期初库存（系统启用前，现场核查），申报年份 {year}").format(year=lot.claimed_year))
        )
    elif lot.is_opening_stock:
        rows.append((_("来源"), _("其中一部分是期初库存（系统启用前，现场核查）")))
    return rows


def chain_table(context: dict[str, Any]) -> tuple[list[str], list[list[Any]]]:
    """Header and rows of a chain, for a file."""
    lots, steps = context["lots"], context["chain"]
    columns = (_("由批料"), _("原料"), _("成为批料"), _("产出"), _("千克"), _("事项号"))
    header = [str(column) for column in columns]
    rows = [
        [
            lots[step.parent].number if step.parent in lots else f"L{step.parent}",
            lots[step.parent].material.name if step.parent in lots else "",
            f"L{step.child}",
            lots[step.child].material.name if step.child in lots else "",
            in_kilograms(step.grams),
            step.act_number,
        ]
        for step in steps
    ]
    return header, rows
