"""What the authority lets a crop bear and a conversion yield: dated, with a source, never edited.

One officer lowers a ceiling; two set the first one and raise it, since nothing else bounds what may be declared
(`ceiling_proposals.py` is how one asks the other).
"""

from datetime import date

from sqlalchemy import select

from gi_trace.accounts.models import Account
from gi_trace.database import act, db, lock
from gi_trace.errors import N_, Refused
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.registry.models import Conversion, Crop, CropYield, Material
from gi_trace.registry.taken import CeilingExists
from gi_trace.registry.who_may import as_proposed, check_authority, check_second_officer
from gi_trace.stock.rules.conversions import Ceiling, check_ceiling, find_ceiling, is_raised
from gi_trace.stock.rules.land import UsualAboveCeiling, usual_yield
from gi_trace.stock.rules.weights import Grams, WeightTooLarge, check_weight

MOST_G_PER_MU = 100_000_000  # 100 t: far above what anything bears


class SourceMissing(Refused):
    code = "source_missing"
    text = N_("请写明上限的依据。")


@act
def set_yield_ceiling(
    crop: Crop,
    ceiling_g_per_mu: int,
    *,
    usual_g_per_mu: int | None = None,
    most_trees_per_mu: int | None = None,
    valid_from: date,
    source: str,
    by: Account,
    confirmed_by: Account | None = None,
) -> CropYield:
    """The most that one mu of a crop may bear in a season, from a day on; the most that is usual (`usual_yield` where nothing
    is said), and the most trees (as before where nothing is said). Raises CeilingExists, SourceMissing, UsualAboveCeiling,
    WeightTooLarge, WeightNotPositive, and where one is raised what `check_second_officer` raises."""
    check_authority(by)
    lock(crop)
    check_yield_ceiling(crop, ceiling_g_per_mu, usual_g_per_mu, valid_from, source)
    asked = CropYield(crop_id=crop.id, valid_from=valid_from, ceiling_g_per_mu=ceiling_g_per_mu)
    asked.usual_g_per_mu, asked.most_trees_per_mu = usual_g_per_mu, most_trees_per_mu
    if confirmed_by or raises_yield(crop, asked):
        check_second_officer(by, confirmed_by)
    before = find_yield_on(crop, valid_from)
    if before and most_trees_per_mu is None:
        asked.most_trees_per_mu = before.most_trees_per_mu
    ceiling = asked
    ceiling.source = source.strip()
    db.session.add(ceiling)
    facts = {"crop": crop.code, "ceiling_g_per_mu": ceiling_g_per_mu, "valid_from": valid_from}
    facts |= {"usual_g_per_mu": usual_g_per_mu, "most_trees_per_mu": ceiling.most_trees_per_mu}
    facts |= {"source": ceiling.source} | as_proposed(by, confirmed_by)
    record(Acted.YIELD_CEILING_SET, ceiling, by=confirmed_by or by, facts=facts)
    return ceiling


@act
def set_conversion(
    material: Material,
    result: Material,
    ceiling: Ceiling,
    *,
    by: Account,
    confirmed_by: Account | None = None,
) -> Conversion:
    """The most, and the usual most, of one material that may come out of another, from a day on. Raises CeilingExists,
    ConversionCeilingInvalid, and where it is raised what `check_second_officer` raises."""
    check_authority(by)
    lock(material)
    check_conversion_ceiling(material, result, ceiling)
    if confirmed_by or raises_conversion(material, result, ceiling):
        check_second_officer(by, confirmed_by)
    key = {"from_material_id": material.id, "to_material_id": result.id}
    conversion = Conversion(**(key | vars(ceiling)))
    db.session.add(conversion)
    facts = vars(ceiling) | {"from": material.code, "to": result.code} | as_proposed(by, confirmed_by)
    record(Acted.CONVERSION_SET, conversion, by=confirmed_by or by, facts=facts)
    return conversion


def check_yield_ceiling(
    crop: Crop, ceiling_g_per_mu: int, usual_g_per_mu: int | None, valid_from: date, source: str
) -> None:
    check_weight(ceiling_g_per_mu)
    if ceiling_g_per_mu > MOST_G_PER_MU:
        raise WeightTooLarge(given=Grams(ceiling_g_per_mu), most=Grams(MOST_G_PER_MU))
    if usual_g_per_mu is not None:
        check_weight(usual_g_per_mu)
        if usual_g_per_mu > ceiling_g_per_mu:
            raise UsualAboveCeiling
    if not source.strip():
        raise SourceMissing
    if db.session.query(CropYield).filter_by(crop_id=crop.id, valid_from=valid_from).first():
        raise CeilingExists(valid_from=valid_from)


def check_conversion_ceiling(material: Material, result: Material, ceiling: Ceiling) -> None:
    check_ceiling(ceiling)
    if any(known.valid_from == ceiling.valid_from for known in ceilings_between(material, result)):
        raise CeilingExists(valid_from=ceiling.valid_from)


def find_yield_on(crop: Crop, day: date) -> CropYield | None:
    """The ceiling in force on a day; one from that day on takes its place."""
    query = select(CropYield).filter_by(crop_id=crop.id).where(CropYield.valid_from <= day)
    return db.session.scalar(query.order_by(CropYield.valid_from.desc()).limit(1))


def raises_yield(crop: Crop, asked: CropYield) -> bool:
    """Whether more than before may be harvested, or fixed by one alone, or more trees may stand, from its day on."""
    before = find_yield_on(crop, asked.valid_from)
    if before is None:
        return True
    more = asked.ceiling_g_per_mu > before.ceiling_g_per_mu or _usual_of(asked) > _usual_of(before)
    trees, known = asked.most_trees_per_mu, before.most_trees_per_mu
    return more or (trees is not None and known is not None and trees > known)


def _usual_of(ceiling: CropYield) -> int:
    return usual_yield(ceiling.ceiling_g_per_mu, ceiling.usual_g_per_mu)


def raises_conversion(material: Material, result: Material, ceiling: Ceiling) -> bool:
    before = find_ceiling(ceilings_between(material, result), ceiling.valid_from)
    return is_raised(before, ceiling)


def ceilings_between(material: Material, result: Material) -> list[Ceiling]:
    query = select(Conversion).filter_by(from_material_id=material.id, to_material_id=result.id)
    return [
        Ceiling(row.valid_from, row.ceiling_per_10000, row.usual_per_10000, row.source)
        for row in db.session.scalars(query)
    ]
