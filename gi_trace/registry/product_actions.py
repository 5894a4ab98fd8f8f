"""Acts on what the registry knows of products: added and corrected as data, each fact with its source."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from gi_trace.accounts.models import Account
from gi_trace.constraints import check_free
from gi_trace.database import Base, act, db, lock
from gi_trace.evidence.artwork import drawn_anew
from gi_trace.excel.choices import Choice
from gi_trace.names import Names
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.registry.models import (
    Area,
    Crop,
    Material,
    Product,
    ProductBasis,
    Seasons,
    Standard,
    areas_within,
)
from gi_trace.registry.rules import Basis
from gi_trace.registry.taken import CodeTaken, VillageTaken

NAMED = (Area, Crop, Material)
Row = TypeVar("Row", bound=Base)


@act
def add_product(facts: Mapping[str, Any], *, by: Account) -> Product:
    check_free(Product.code, facts["code"])
    check_free(Product.name, facts["name"])
    return _added(Acted.PRODUCT_ADDED, Product(**facts), facts, by)


@act
def change_product(product: Product, facts: Mapping[str, Any], *, by: Account) -> None:
    lock(product)
    if facts["name"] != product.name:
        check_free(Product.name, facts["name"])
    _change(Acted.PRODUCT_CHANGED, product, facts, by)


@act
def put_basis(product: Product, basis: Basis, facts: Mapping[str, Any], *, by: Account) -> None:
    """Add a legal ground of a product, or correct what is known of it."""
    lock(product)
    ground = product.on_basis(basis)
    if ground is None:
        _added(Acted.PRODUCT_BASIS_ADDED, ProductBasis(product=product, basis=basis, **facts), facts, by)
    else:
        _change(Acted.PRODUCT_BASIS_CHANGED, ground, facts, by)


def set_artwork(ground: ProductBasis, artwork: bytes, *, by: Account) -> None:
    """The mark's image for labels, as the authority supplies it; NotAnArtwork otherwise."""
    _set_artwork(ground, drawn_anew(artwork), by=by)


@act
def _set_artwork(ground: ProductBasis, artwork: bytes, *, by: Account) -> None:
    lock(ground)
    ground.artwork = artwork
    record(Acted.PRODUCT_ARTWORK_SET, ground, by=by, facts={"sha256": hashlib.sha256(artwork).hexdigest()})


@act
def put_standard(
    product: Product, standard: Standard | None, facts: Mapping[str, Any], *, by: Account
) -> None:
    """Add a standard of a product, or correct one. A standard that ended stays: old batches are judged by it."""
    lock(product)
    if any(other.code == facts["code"] for other in product.standards if other is not standard):
        raise CodeTaken(code=facts["code"])
    if standard is None:
        _added(Acted.PRODUCT_STANDARD_ADDED, Standard(product=product, **facts), facts, by)
    else:
        _change(Acted.PRODUCT_STANDARD_CHANGED, standard, facts, by)


@act
def choose_areas(product: Product, areas: Iterable[Area], *, by: Account) -> None:
    """Say which towns the protected area of a product consists of."""
    lock(product)
    before, product.areas = [area.code for area in product.areas], list(areas)
    facts = {"before": before, "after": [area.code for area in product.areas]}
    record(Acted.PRODUCT_AREAS_CHOSEN, product, by=by, facts=facts)


@act
def add_area(facts: Mapping[str, Any], *, by: Account) -> Area:
    check_free(Area.code, facts["code"])
    return _added(Acted.AREA_ADDED, Area(**facts), facts, by)


@act
def add_villages(town: Area, names: Iterable[str], *, by: Account) -> list[Area]:
    """Villages of a town, as many as there are names; their codes follow that of the town. Raises VillageTaken."""
    lock(town)
    there = areas_within(town)[1:]
    known = Names(Choice(area.code, area.name, tuple(area.aliases), town.code) for area in there)
    used = [int(end) for end in (area.code.rpartition("-")[2] for area in there) if end.isdecimal()]
    added = []
    for number, name in enumerate(dict.fromkeys(names), max(used, default=0) + 1):
        if known.find(name):
            raise VillageTaken(town=town.name, village=name)
        facts = {"code": f"{town.code}-{number:03}", "name": name, "within": town}
        added.append(_added(Acted.AREA_ADDED, Area(**facts, aliases=[]), facts, by))
    return added


@act
def change_area(area: Area, facts: Mapping[str, Any], *, by: Account) -> None:
    lock(area)
    _change(Acted.AREA_CHANGED, area, facts, by)


@act
def add_crop(code: str, name: str, seasons: Seasons, *, by: Account) -> Crop:
    check_free(Crop.code, code)
    facts = {"code": code, "name": name, "seasons": seasons}
    return _added(Acted.CROP_ADDED, Crop(**facts), facts, by)


@act
def add_material(facts: Mapping[str, Any], *, by: Account) -> Material:
    check_free(Material.code, facts["code"])
    return _added(Acted.MATERIAL_ADDED, Material(**facts), facts, by)


def _added(act: Acted, row: Row, facts: Mapping[str, Any], by: Account) -> Row:
    db.session.add(row)
    record(act, row, by=by, facts=plain(facts))
    return row


def _change(act: Acted, row: Base, facts: Mapping[str, Any], by: Account) -> None:
    """Set what differs, and record what it was and what it became; nothing happens where nothing differs."""
    differing = {name: after for name, after in facts.items() if getattr(row, name) != after}
    if not differing:
        return
    before = {name: getattr(row, name) for name in differing}
    for name, after in differing.items():
        setattr(row, name, after)
    record(act, row, by=by, facts={"before": plain(before), "after": plain(differing)})


def plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts with rows of the registry named by their codes."""
    return {name: value.code if isinstance(value, NAMED) else value for name, value in facts.items()}
