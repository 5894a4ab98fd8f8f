"""What the authority lets a crop bear and a conversion yield: dated, with a source, never edited."""

from datetime import date

from gi_trace.accounts.models import Account
from gi_trace.database import act, db
from gi_trace.errors import N_, Refused
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.registry.models import Conversion, Crop, CropYield, Material
from gi_trace.registry.taken import CeilingExists
from gi_trace.registry.who_may import check_authority
from gi_trace.stock.rules.conversions import Ceiling, check_ceiling
from gi_trace.stock.rules.weights import check_weight


class SourceMissing(Refused):
    code = "source_missing"
    text = N_("请写明上限的依据。")


@act
def set_yield_ceiling(
    crop: Crop, ceiling_g_per_mu: int, *, valid_from: date, source: str, by: Account
) -> CropYield:
    """The most that one mu of a crop may bear in a season, from a day on."""
    check_authority(by)
    check_weight(ceiling_g_per_mu)
    if not source.strip():
        raise SourceMissing
    if db.session.query(CropYield).filter_by(crop_id=crop.id, valid_from=valid_from).first():
        raise CeilingExists(valid_from=valid_from)
    ceiling = CropYield(crop_id=crop.id, valid_from=valid_from, ceiling_g_per_mu=ceiling_g_per_mu)
    ceiling.source = source.strip()
    db.session.add(ceiling)
    facts = {"crop": crop.code, "ceiling_g_per_mu": ceiling_g_per_mu, "valid_from": valid_from}
    record(Acted.YIELD_CEILING_SET, ceiling, by=by, facts=facts | {"source": ceiling.source})
    return ceiling


@act
def set_conversion(material: Material, result: Material, ceiling: Ceiling, *, by: Account) -> Conversion:
    """The most, and the usual most, of one material that may come out of another, from a day on."""
    check_authority(by)
    check_ceiling(ceiling)
    key = {"from_material_id": material.id, "to_material_id": result.id, "valid_from": ceiling.valid_from}
    if db.session.query(Conversion).filter_by(**key).first():
        raise CeilingExists(valid_from=ceiling.valid_from)
    conversion = Conversion(**(key | vars(ceiling)))
    db.session.add(conversion)
    facts = vars(ceiling) | {"from": material.code, "to": result.code}
    record(Acted.CONVERSION_SET, conversion, by=by, facts=facts)
    return conversion
