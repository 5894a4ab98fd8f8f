"""Which places lie inside the protected area of a crop, and who may act for whom."""

from sqlalchemy import Select, select

from gi_trace.accounts.models import Account, Role
from gi_trace.database import db
from gi_trace.errors import N_, Forbidden, Refused
from gi_trace.registry.models import Area, Crop, Material, Party, PartyKind, Product, product_area
from gi_trace.stock.models import Site


class OutsideArea(Refused):
    code = "outside_area"
    text = N_("{place}不在{crop}的保护产区之内。")


class NotYourParty(Forbidden):
    code = "not_your_party"
    text = N_("您不能替{party}办理。")


class AuthorityOnly(Forbidden):
    code = "authority_only"
    text = N_("这件事只能由主管部门办理。")


class OfficersOnly(Forbidden):
    code = "officers_only"
    text = N_("这件事只能由主管部门或巡查人员办理。")


class SiteOfAnother(Refused):
    code = "site_of_another"
    text = N_("场所“{site}”不属于{party}。")


class SiteMissing(Refused):
    code = "site_missing"
    text = N_("请选择{party}存放这批货的场所。")


def area_ids_of(crop: Crop) -> set[int]:
    """The areas that the products made from a crop are protected in."""
    query = (
        select(product_area.c.area_id)
        .join(Product, Product.id == product_area.c.product_id)
        .join(Material, Material.id == Product.material_id)
        .where(Material.crop_id == crop.id)
    )
    return set(db.session.scalars(query))


def lineage(area: Area | None) -> list[Area]:
    """The area and those that it lies within, from small to large."""
    areas = []
    while area is not None:
        areas.append(area)
        area = area.within
    return areas


def is_inside(area: Area | None, crop: Crop) -> bool:
    return not area_ids_of(crop).isdisjoint(place.id for place in lineage(area))


def check_inside(area: Area | None, crop: Crop, *, place: str) -> None:
    if not is_inside(area, crop):
        raise OutsideArea(place=place, crop=crop.name)


def growers_in(area: Area | None, *, named: str = "") -> Select[Party]:
    """The growers of an area and of all that lie within it, or of all areas; for paging."""
    query = select(Party).filter_by(kind=PartyKind.GROWER).order_by(Party.area_id, Party.name, Party.id)
    if area is not None:
        within = [place.id for place in db.session.scalars(select(Area)) if area in lineage(place)]
        query = query.where(Party.area_id.in_(within))
    return query.where(Party.name.contains(named, autoescape=True)) if named else query


def acts_for(account: Account, party: Party) -> bool:
    """An enterprise acts for itself, a village account for the growers of its area, the authority for all."""
    if account.role is Role.VILLAGE:
        near = account.area_id in [area.id for area in lineage(party.area)]
        return party.kind is PartyKind.GROWER and near
    return account.role is Role.AUTHORITY or account.party_id == party.id


def check_acts_for(account: Account, party: Party) -> None:
    if not acts_for(account, party):
        raise NotYourParty(party=party.name)


def check_authority(account: Account) -> None:
    if account.role is not Role.AUTHORITY:
        raise AuthorityOnly


def check_officer(account: Account) -> None:
    if account.role not in (Role.AUTHORITY, Role.INSPECTOR):
        raise OfficersOnly


def check_site(site: Site | None, party: Party) -> None:
    """Stock lies at a site of the party that holds it; only a grower may have none."""
    if site is None and party.kind is PartyKind.GROWER:
        return
    if site is None:
        raise SiteMissing(party=party.name)
    if site.party_id != party.id:
        raise SiteOfAnother(site=site.name, party=party.name)
