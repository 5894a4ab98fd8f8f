"""Which places lie inside the protected area of a crop, and where stock may lie."""

from sqlalchemy import Select, select

from gi_trace.accounts.models import Account, Role
from gi_trace.database import db
from gi_trace.errors import N_, Refused
from gi_trace.registry.finding import party_is_called
from gi_trace.registry.models import (
    Area,
    Crop,
    Material,
    Party,
    PartyKind,
    Product,
    areas_within,
    product_area,
)
from gi_trace.registry.who_may import lineage
from gi_trace.stock.models import Lot, Site, Transfer


class OutsideArea(Refused):
    code = "outside_area"
    text = N_("{place}不在{crop}的保护产区之内。")


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


def is_inside(area: Area | None, crop: Crop) -> bool:
    return not area_ids_of(crop).isdisjoint(place.id for place in lineage(area))


def check_inside(area: Area | None, crop: Crop, *, place: str) -> None:
    if not is_inside(area, crop):
        raise OutsideArea(place=place, crop=crop.name)


def growers_in(area: Area | None, *, named: str = "") -> Select[Party]:
    """The growers of an area and of all that lie within it, or of all areas; for paging."""
    query = select(Party).filter_by(kind=PartyKind.GROWER).order_by(Party.area_id, Party.name, Party.id)
    if area is not None:
        query = query.where(Party.area_id.in_([place.id for place in areas_within(area)]))
    return query.where(Party.name.contains(named, autoescape=True)) if named else query


def partners(by: Account, asked: str) -> Select[Party]:
    """Who is called so, of those that an account may give stock to, by name: all enterprises; of growers a village account
    those of its area, an enterprise those whose goods it had."""
    if by.role is Role.VILLAGE:
        growers = growers_in(by.area).with_only_columns(Party.id).order_by(None)
    else:
        growers = select(Lot.party_id).join(Transfer, Transfer.lot_id == Lot.id)
        growers = growers.where(Transfer.receiver_id == by.party_id)
    known = (Party.kind == PartyKind.ENTERPRISE) | Party.id.in_(growers)
    return select(Party).where(party_is_called(asked), known).order_by(Party.name, Party.id)


def check_site(site: Site | None, party: Party) -> None:
    """Stock lies at a site of the party that holds it; only a grower may have none."""
    if site is None and party.kind is PartyKind.GROWER:
        return
    if site is None:
        raise SiteMissing(party=party.name)
    if site.party_id != party.id:
        raise SiteOfAnother(site=site.name, party=party.name)
