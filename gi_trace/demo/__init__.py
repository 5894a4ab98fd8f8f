"""Fictional, clearly marked demo data: a sign-in per role, stock of some years, batches with labels in use."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

from gi_trace import clock
from gi_trace.accounts.actions import open_account
from gi_trace.accounts.models import Account, Duty, Role, find_account, has_accounts
from gi_trace.accounts.passwords import hasher
from gi_trace.batches.actions import BatchFacts, register_batch
from gi_trace.batches.models import batches_of
from gi_trace.codes.unit_code import code_of
from gi_trace.database import act
from gi_trace.demo.casework import load_demo_casework
from gi_trace.demo.shops import load_demo_shops
from gi_trace.demo.stock import (
    TRACED,
    DemoPeople,
    label_packs,
    load_demo_peel,
    load_demo_stock,
    load_old_peel,
)
from gi_trace.keys import keys
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.record.models import has_happened, holds_demo_data
from gi_trace.registry.actions import grant_authorisation
from gi_trace.registry.models import Area, Authorisation, Product, find_area, find_party, find_product
from gi_trace.registry.party_actions import enter_party
from gi_trace.registry.product_actions import add_area
from gi_trace.registry.rules import Basis
from gi_trace.stock.models import Lot

PASSWORD = "shifan-2026-demo"
LIN_USCC = "91440705MA5DEM01XX"
MILL_USCC = "91440781MA5DEM02X1"
SIGN_IN_NAMES = {
    "demo-authority": "主管部门",
    "demo-reviewer": "主管部门复核",
    "demo-enterprise": "企业",
    "demo-mill": "米业",
    "demo-village": "村级",
    "demo-inspector": "巡查员",
}


def load_demo() -> None:
    """Once, and never beside accounts of others."""
    if has_accounts():
        _mark_older_demo()
        return
    with clock.played_at(datetime(2021, 11, 1, 2, tzinfo=UTC)):
        people, area = _people()
    farm, peel = load_demo_peel(people, area)
    with clock.played_at(datetime(2024, 1, 1, 2, tzinfo=UTC)):
        right = grant_authorisation(
            farm.site.party,
            _chenpi(),
            Basis.PROTECTED,
            number="示范公告第 1 号",
            starts_on=clock.today(),
            ends_on=None,
            by=people.officer,
        )
    load_demo_shops(people.officer)
    load_demo_casework(people.officer, *people.inspectors)
    old = load_old_peel(farm.site, people, claimed_year=2018, outside_number="示范旧系统-001")
    _load_batch(right, old, people.clerk)
    load_demo_stock(people, farm, peel, right)
    _mark(people.officer, Acted.DEMO_LOADED)


@act
def _mark(officer: Account, step: Acted) -> None:
    """DEMO_BEGUN before anything else is done: from then on the service says that its data are fictional."""
    record(step, officer, by=None)


def _mark_older_demo() -> None:
    """One that was loaded before there was a mark."""
    officer = find_account("demo-authority")
    if officer and not holds_demo_data():
        _mark(officer, Acted.DEMO_BEGUN)
        _mark(officer, Acted.DEMO_LOADED)


def _people() -> tuple[DemoPeople, Area]:
    """Everyone who acts, and the village whose growers the village account acts for."""
    officer = _open("demo-authority", "赵示范", Role.AUTHORITY, by=None, duties=list(Duty))
    _mark(officer, Acted.DEMO_BEGUN)
    reviewer = _open("demo-reviewer", "孙示范", Role.AUTHORITY, by=None, duties=[Duty.HANDLER, Duty.REVIEWER])
    town, taishan = find_area("会城"), find_area("台山市")
    assert town is not None
    village = {
        "code": "440705-huicheng-shifan",
        "name": "示范村（演示）",
        "aliases": [],
        "within_id": town.id,
    }
    area = add_area(village, by=officer)
    lin = enter_party(
        "林记示范陈皮行（演示）", LIN_USCC, area=town, address="示范路 1 号（演示）", by=officer
    )
    mill = enter_party("示范米业（演示）", MILL_USCC, area=taishan, address="示范路 9 号（演示）", by=officer)
    first, second = (
        _open(name, person, Role.INSPECTOR, by=officer, badge_number=badge)
        for name, person, badge in (
            ("demo-inspector", "陈示范", "示范-0001"),
            ("demo-inspector-2", "何示范", "示范-0002"),
        )
    )
    people = DemoPeople(
        officer=officer,
        reviewer=reviewer,
        inspectors=(first, second),
        village=_open("demo-village", "梁示范", Role.VILLAGE, by=officer, area_id=area.id),
        clerk=_open(
            "demo-enterprise", "林示范", Role.ENTERPRISE, by=officer, party_id=lin.id, manages_clerks=True
        ),
        miller=_open(
            "demo-mill", "米示范", Role.ENTERPRISE, by=officer, party_id=mill.id, manages_clerks=True
        ),
    )
    return people, area


def how_to_sign_in(public_url: str) -> Iterator[str]:
    """Lines for the console: the demo's sign-ins and one link of a valid code."""
    if not holds_demo_data():
        yield "数据里已有账号，没有载入示范数据。"
        return
    if not has_happened(Acted.DEMO_LOADED):
        yield "上次载入示范数据时中断了，数据不全。要完整的示范：停止服务，删除数据文件夹，再启动。"
    yield f"登录页：{public_url}/sign-in"
    there = {name: role for name, role in SIGN_IN_NAMES.items() if find_account(name)}
    for sign_in_name, role in there.items():
        yield f"{role}：{sign_in_name} / {PASSWORD}"
    lin = find_party(LIN_USCC)
    traced = [batch for batch in batches_of(lin) if batch.own_number == TRACED] if lin else []
    for batch in traced:
        yield f"有效标识示例（来历可追溯）：{public_url}/c/{code_of(keys().by_epoch[batch.epoch], batch.number, 1)}"


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


def _chenpi() -> Product:
    chenpi = find_product("xinhui-chenpi")
    assert chenpi is not None
    return chenpi


def _load_batch(right: Authorisation, lot: Lot, clerk: Account) -> None:
    facts = BatchFacts(
        own_number="示范-001", net_weight_g=250, units=48, packed_on=clock.today(), best_before=None
    )
    batch = register_batch(right, facts, [(lot, 12_000)], by=clerk, agreed=[lot.id])
    label_packs(batch, 24, clerk)
