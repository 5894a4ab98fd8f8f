"""Fictional people, firms and villages: whoever acts in the demo."""

import io
from dataclasses import dataclass
from functools import cache

from PIL import Image

from gi_trace.accounts.actions import open_account
from gi_trace.accounts.models import Account, Duty, Role
from gi_trace.accounts.passwords import hasher
from gi_trace.database import act
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.registry.models import Area, Party, Product, find_area, find_product
from gi_trace.registry.party_actions import enter_party
from gi_trace.registry.product_actions import add_area

PASSWORD = "shifan-2026-demo"
LIN_USCC = "91440705MA5DEM01XX"


@dataclass(frozen=True)
class Firm:
    """With its one account, which is the first one of the firm."""

    clerk: Account

    @property
    def party(self) -> Party:
        assert self.clerk.party is not None
        return self.clerk.party


@dataclass(frozen=True)
class DemoPeople:
    """Two officers, two inspectors, two villages and the rice's town with an account each, and five firms."""

    officer: Account
    reviewer: Account
    inspectors: tuple[Account, Account]
    village: Account
    many: Area  # a village of two growers
    single_village: Account
    single: Area  # a village of one, who must not be known by it
    rice_village: Account
    lin: Firm
    orchard: Firm
    store: Firm
    corner: Firm
    mill: Firm

    @property
    def both(self) -> dict[str, Account]:
        """For what takes two officers."""
        return {"by": self.officer, "confirmed_by": self.reviewer}


def enter_people() -> DemoPeople:
    """From the first act on the service says that its data are fictional."""
    officer = _open("demo-authority", "赵示范", Role.AUTHORITY, by=None, duties=list(Duty))
    mark(officer, Acted.DEMO_BEGUN)
    reviewer = _open("demo-reviewer", "孙示范", Role.AUTHORITY, by=None, duties=[Duty.HANDLER, Duty.REVIEWER])
    many = _village("440705-huicheng-shifan", "示范村（演示）", "会城", officer)
    single = _village("440705-shuangshui-shifan", "示范坑村（演示）", "双水", officer)
    first, second = (
        _open(name, person, Role.INSPECTOR, by=officer, badge_number=badge)
        for name, person, badge in (
            ("demo-inspector", "陈示范", "示范-0001"),
            ("demo-inspector-2", "何示范", "示范-0002"),
        )
    )
    town, taishan = find_area("会城"), find_area("台山市")
    assert taishan is not None
    return DemoPeople(
        officer=officer,
        reviewer=reviewer,
        inspectors=(first, second),
        village=_open("demo-village", "梁示范", Role.VILLAGE, by=officer, area_id=many.id),
        many=many,
        single_village=_open("demo-village-2", "甘示范", Role.VILLAGE, by=officer, area_id=single.id),
        single=single,
        rice_village=_open("demo-village-3", "田示范", Role.VILLAGE, by=officer, area_id=taishan.id),
        lin=_firm("demo-enterprise", "林示范", "林记示范陈皮行（演示）", LIN_USCC, town, officer),
        orchard=_firm(
            "demo-orchard", "黄示范", "柑园示范陈皮厂（演示）", "91440705MA5DEM0306", town, officer
        ),
        store=_firm("demo-store", "吴示范", "老仓示范陈皮庄（演示）", "91440705MA5DEM0407", town, officer),
        corner=_firm("demo-corner", "周示范", "街角示范茶果店（演示）", "91440705MA5DEM0508", town, officer),
        mill=_firm("demo-mill", "米示范", "示范米业（演示）", "91440781MA5DEM02X1", taishan, officer),
    )


@act
def mark(officer: Account, step: Acted) -> None:
    """DEMO_BEGUN before anything else is made up, DEMO_LOADED after all of it."""
    record(step, officer, by=None)


def get_product(code: str) -> Product:
    product = find_product(code)
    assert product is not None
    return product


@cache
def photo(colour: str = "peru", *, of: str = "") -> bytes:
    """`of` tells pictures apart that look alike."""
    content = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(content, "JPEG", comment=of.encode())
    return content.getvalue()


def _village(code: str, name: str, town: str, officer: Account) -> Area:
    within = find_area(town)
    assert within is not None
    return add_area({"code": code, "name": name, "aliases": [], "within_id": within.id}, by=officer)


def _firm(sign_in: str, person: str, name: str, uscc: str, area: Area | None, officer: Account) -> Firm:
    party = enter_party(name, uscc, area=area, address="示范路 1 号（演示）", by=officer)
    return Firm(_open(sign_in, person, Role.ENTERPRISE, by=officer, party_id=party.id, manages_clerks=True))


def _open(name: str, person: str, role: Role, *, by: Account | None, **belonging: object) -> Account:
    """As after a first sign-in; the one password is hashed once, since each hash delays the first start."""
    account, _ = open_account(
        name,
        person,
        role,
        by=by,
        chosen_hash=_password_hash(),
        **belonging,  # type: ignore[arg-type]
    )
    return account


@cache
def _password_hash() -> str:
    return hasher.hash(PASSWORD)
