"""Fictional, clearly marked demo data: one sign-in per role and one printed, activated batch."""

import io
from collections.abc import Iterator
from datetime import date

from PIL import Image

from gi_trace import clock
from gi_trace.accounts.actions import change_password, open_account
from gi_trace.accounts.models import Account, Role, find_account
from gi_trace.batches.actions import (
    BatchFacts,
    activate_units,
    order_print_run,
    register_batch,
)
from gi_trace.batches.label_life import begin_download
from gi_trace.batches.models import batches_of
from gi_trace.codes.unit_code import code_of
from gi_trace.keys import keys
from gi_trace.patrol.cases.demo import load_demo_casework
from gi_trace.patrol.demo import load_demo_shops
from gi_trace.registry.actions import enter_party, grant_authorisation
from gi_trace.registry.models import Authorisation, Party, Product, find_area, find_party, find_product
from gi_trace.registry.rules import Basis
from gi_trace.stock.actions.opening import OnSiteFacts, confirm_on_site_check, record_on_site_check
from gi_trace.stock.actions.plots import add_site
from gi_trace.stock.models import Lot

PASSWORD = "shifan-2026-demo"
LIN_USCC = "91440705MA5DEM01XX"
SIGN_IN_NAMES = {
    "demo-authority": "主管部门",
    "demo-enterprise": "企业",
    "demo-inspector": "巡查员",
}


def load_demo() -> None:
    """Once: a database that has the demo officer is left alone."""
    if find_account("demo-authority"):
        return
    officer = _open("demo-authority", "赵示范", Role.AUTHORITY, by=None)
    town = find_area("会城")
    lin = enter_party(
        "林记示范陈皮行（演示）", LIN_USCC, area=town, address="示范路 1 号（演示）", by=officer
    )
    clerk = _open("demo-enterprise", "林示范", Role.ENTERPRISE, by=officer, party=lin, manages_clerks=True)
    inspector = _open("demo-inspector", "陈示范", Role.INSPECTOR, by=officer, badge_number="示范-0001")
    second = _open("demo-inspector-2", "何示范", Role.INSPECTOR, by=officer, badge_number="示范-0002")
    load_demo_shops(officer)
    load_demo_casework(officer, inspector, second)
    right = grant_authorisation(
        lin,
        _chenpi(),
        Basis.PROTECTED,
        number="示范公告第 1 号",
        starts_on=date(2024, 1, 1),
        ends_on=None,
        by=officer,
    )
    _load_batch(right, _old_peel(lin, officer, inspector), clerk)


def how_to_sign_in(public_url: str) -> Iterator[str]:
    """Lines for the console: the demo's sign-ins and one link of a valid code."""
    for sign_in_name, role in SIGN_IN_NAMES.items():
        yield f"{role}：{sign_in_name} / {PASSWORD}"
    lin = find_party(LIN_USCC)
    batch = batches_of(lin)[-1] if lin else None
    if batch:
        yield f"有效标识示例：{public_url}/c/{code_of(keys().by_epoch[batch.epoch], batch.number, 1)}"


def _open(name: str, person: str, role: Role, *, by: Account | None, **belonging: object) -> Account:
    account, one_time = open_account(name, person, role, by=by, **belonging)  # type: ignore[arg-type]
    change_password(account, one_time, PASSWORD)
    return account


def _chenpi() -> Product:
    chenpi = find_product("xinhui-chenpi")
    assert chenpi is not None
    return chenpi


def _old_peel(lin: Party, officer: Account, inspector: Account) -> Lot:
    """300 kg of peel older than the system, seen by two officers."""
    site = add_site(lin, "会城示范仓", area=lin.area, address="示范路 1 号（演示）", by=officer)
    facts = OnSiteFacts(_chenpi(), site, 300_000, 2018, clock.today(), "示范旧系统-001")
    check = record_on_site_check(facts, [_photo()], by=inspector)
    return confirm_on_site_check(check, by=officer)


def _photo() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (640, 480), "peru").save(content, "JPEG")
    return content.getvalue()


def _load_batch(right: Authorisation, lot: Lot, clerk: Account) -> None:
    facts = BatchFacts(
        own_number="示范-001", net_weight_g=250, units=48, packed_on=clock.today(), best_before=None
    )
    batch = register_batch(right, facts, [(lot, 12_000)], by=clerk)
    run = order_print_run(batch, 48, by=clerk)
    begin_download(run, "pdf", {}, reason="", by=clerk)
    activate_units(run, 1, 24, by=clerk)
