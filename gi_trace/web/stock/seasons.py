"""The crops and seasons that a page offers, and those that its address asks for."""

from flask import request

from gi_trace import clock
from gi_trace.registry.models import Crop, Seasons, all_crops
from gi_trace.stock.rules.seasons import Season, SeasonPart, season_of


def asked_crop() -> Crop:
    crops = all_crops()
    return next((crop for crop in crops if crop.code == request.args.get("crop")), crops[0])


def seasons_of(crop: Crop) -> list[Season]:
    """Next year's, for which allocations may be fixed already, this year's and those before."""
    year = clock.today().year
    two = crop.seasons is Seasons.EARLY_LATE
    parts = (SeasonPart.EARLY, SeasonPart.LATE) if two else (SeasonPart.YEAR,)
    return [Season(y, part) for y in range(year + 1, year - 6, -1) for part in parts]


def asked_season(crop: Crop) -> Season:
    offered = {season.code: season for season in seasons_of(crop)}
    now = season_of(clock.today(), two_crops=crop.seasons is Seasons.EARLY_LATE)
    return offered.get(request.args.get("season", ""), now)
