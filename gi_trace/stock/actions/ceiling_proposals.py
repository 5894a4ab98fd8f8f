"""Raising a ceiling or an allocation, as one officer proposes it to another."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.database import db, lock
from gi_trace.errors import N_
from gi_trace.proposals.actions import propose
from gi_trace.proposals.kinds import WAYS, ProposalWay
from gi_trace.proposals.models import Proposal, ProposalKind
from gi_trace.registry.models import Crop, Material
from gi_trace.stock.actions.ceilings import (
    ceilings_between,
    check_conversion_ceiling,
    check_yield_ceiling,
    find_yield_on,
    set_conversion,
    set_yield_ceiling,
)
from gi_trace.stock.actions.plots import check_allocation, lock_land, set_allocation
from gi_trace.stock.models import Plot, find_allocation
from gi_trace.stock.rules.conversions import Ceiling, find_ceiling
from gi_trace.stock.rules.seasons import Season, parse_season
from gi_trace.stock.rules.weights import kilograms

YIELD_IN_FORCE, BEARING_AREA = N_("现行亩产上限（千克）"), N_("挂果或种植面积（平方米）")


def propose_yield_ceiling(
    crop: Crop,
    ceiling_g_per_mu: int,
    *,
    usual_g_per_mu: int | None = None,
    most_trees_per_mu: int | None = None,
    valid_from: date,
    source: str,
    by: Account,
) -> Proposal:
    """Raises what `set_yield_ceiling` raises; the source is the reason."""
    told = {"crop": crop.id, "ceiling_g_per_mu": ceiling_g_per_mu, "valid_from": valid_from.isoformat()}
    told |= {"usual_g_per_mu": usual_g_per_mu, "most_trees_per_mu": most_trees_per_mu}
    return propose(ProposalKind.YIELD_CEILING, crop, told, reason=source, by=by)


def propose_conversion(material: Material, result: Material, ceiling: Ceiling, *, by: Account) -> Proposal:
    """Raises what `set_conversion` raises; the source is the reason."""
    told: dict[str, Any] = {"material": material.id, "result": result.id}
    told |= {"ceiling": ceiling.ceiling_per_10000, "usual": ceiling.usual_per_10000}
    told["valid_from"] = ceiling.valid_from.isoformat()
    return propose(ProposalKind.CONVERSION, material, told, reason=ceiling.source, by=by)


def propose_allocation(
    plot: Plot, season: Season, *, yield_g_per_mu: int, reason: str, by: Account
) -> Proposal:
    """Raises what `set_allocation` raises."""
    told = {"plot": plot.id, "season": season.code, "yield_g_per_mu": yield_g_per_mu}
    return propose(ProposalKind.ALLOCATION, plot, told, reason=reason, by=by)


def _yield(proposal: Proposal) -> tuple[Crop, int, date]:
    """Of which crop, grams per mu, from which day."""
    told = proposal.arguments
    crop = db.session.get_one(Crop, told["crop"])
    return crop, told["ceiling_g_per_mu"], date.fromisoformat(told["valid_from"])


def _yield_rows(proposal: Proposal) -> Iterator[tuple[str, Any]]:
    crop, ceiling_g_per_mu, valid_from = _yield(proposal)
    yield N_("作物"), crop.name
    yield N_("每亩每季最多（千克）"), kilograms(ceiling_g_per_mu)
    usual_g, trees = _beside(proposal).values()
    if usual_g:
        yield N_("通常亩产最多（千克）"), kilograms(usual_g)
    if trees:
        yield N_("每亩最多株数"), trees
    yield N_("从哪一天起"), valid_from.isoformat()


def _yield_facts(proposal: Proposal) -> dict[str, Any]:
    crop, ceiling_g_per_mu, valid_from = _yield(proposal)
    usual_g = _beside(proposal)["usual_g_per_mu"]
    check_yield_ceiling(crop, ceiling_g_per_mu, usual_g, valid_from, proposal.reason)
    return _yield_in_force(crop, valid_from)


def _beside(proposal: Proposal) -> dict[str, int | None]:
    """Those of before 2026-11-27 say nothing of them."""
    return {name: proposal.arguments.get(name) for name in ("usual_g_per_mu", "most_trees_per_mu")}


def _yield_in_force(crop: Crop, day: date) -> dict[str, Any]:
    before = find_yield_on(crop, day)
    return {YIELD_IN_FORCE: kilograms(before.ceiling_g_per_mu) if before else ""}


def _set_yield(proposal: Proposal) -> None:
    crop, ceiling_g_per_mu, valid_from = _yield(proposal)
    set_yield_ceiling(
        crop,
        ceiling_g_per_mu,
        **_beside(proposal),
        valid_from=valid_from,
        source=proposal.reason,
        by=proposal.proposed_by,
        confirmed_by=proposal.decided_by,
    )


def _materials(proposal: Proposal) -> tuple[Material, Material]:
    told = proposal.arguments
    return db.session.get_one(Material, told["material"]), db.session.get_one(Material, told["result"])


def _conversion(proposal: Proposal) -> Ceiling:
    told = proposal.arguments
    return Ceiling(date.fromisoformat(told["valid_from"]), told["ceiling"], told["usual"], proposal.reason)


def _conversion_rows(proposal: Proposal) -> Iterator[tuple[str, Any]]:
    material, result = _materials(proposal)
    ceiling = _conversion(proposal)
    yield N_("投入"), material.name
    yield N_("得到"), result.name
    yield N_("最多得到（%）"), _percent(ceiling.ceiling_per_10000)
    yield N_("通常最多得到（%）"), _percent(ceiling.usual_per_10000)
    yield N_("从哪一天起"), ceiling.valid_from.isoformat()


def _conversion_facts(proposal: Proposal) -> dict[str, Any]:
    material, result = _materials(proposal)
    asked = _conversion(proposal)
    check_conversion_ceiling(material, result, asked)
    before = find_ceiling(ceilings_between(material, result), asked.valid_from)
    return {
        N_("现行得率上限（%）"): _percent(before.ceiling_per_10000) if before else "",
        N_("现行通常得率（%）"): _percent(before.usual_per_10000) if before else "",
    }


def _percent(per_10000: int | None) -> str:
    return f"{per_10000 / 100:g}" if per_10000 else ""


def _set_conversion(proposal: Proposal) -> None:
    by, confirmed_by = proposal.proposed_by, proposal.decided_by
    set_conversion(*_materials(proposal), _conversion(proposal), by=by, confirmed_by=confirmed_by)


def _allocation(proposal: Proposal) -> tuple[Plot, Season, int]:
    """Of which plot and season, grams per mu."""
    told = proposal.arguments
    return db.session.get_one(Plot, told["plot"]), parse_season(told["season"]), told["yield_g_per_mu"]


def _hold_plot(proposal: Proposal) -> None:
    lock_land()
    lock(_allocation(proposal)[0])


def _allocation_rows(proposal: Proposal) -> Iterator[tuple[str, Any]]:
    plot, season, yield_g_per_mu = _allocation(proposal)
    yield N_("地块"), plot.number
    yield N_("种植户"), plot.grower.name
    yield N_("产季"), season.label
    yield N_("核实的亩产（千克）"), kilograms(yield_g_per_mu)


def _allocation_facts(proposal: Proposal) -> dict[str, Any]:
    """What was harvested meanwhile is no reason against more."""
    plot, season, yield_g_per_mu = _allocation(proposal)
    check_allocation(plot, season, yield_g_per_mu, proposal.reason)
    before = find_allocation(plot, season)
    facts: dict[str, Any] = {N_("现核定亩产（千克）"): kilograms(before.yield_g_per_mu) if before else ""}
    return facts | {BEARING_AREA: plot.bearing_m2} | _yield_in_force(plot.crop, clock.today())


def _set_allocation(proposal: Proposal) -> None:
    plot, season, yield_g_per_mu = _allocation(proposal)
    set_allocation(
        plot,
        season,
        yield_g_per_mu=yield_g_per_mu,
        reason=proposal.reason,
        by=proposal.proposed_by,
        confirmed_by=proposal.decided_by,
    )


WAYS[ProposalKind.YIELD_CEILING] = ProposalWay(
    _yield_rows, lambda proposal: lock(_yield(proposal)[0]), _yield_facts, _set_yield
)
WAYS[ProposalKind.CONVERSION] = ProposalWay(
    _conversion_rows, lambda proposal: lock(_materials(proposal)[0]), _conversion_facts, _set_conversion
)
WAYS[ProposalKind.ALLOCATION] = ProposalWay(_allocation_rows, _hold_plot, _allocation_facts, _set_allocation)
