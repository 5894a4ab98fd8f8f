"""Fictional, clearly marked demo data: one sign-in per role and one printed, activated batch."""

from collections.abc import Iterator
from datetime import date

from gi_trace import clock
from gi_trace.accounts.actions import change_password, open_account
from gi_trace.accounts.models import Account, Role, find_account
from gi_trace.batches.actions import (
    BatchFacts,
    activate_units,
    download_print_run,
    order_print_run,
    register_batch,
)
from gi_trace.batches.models import batches_of
from gi_trace.codes.unit_code import code_of
from gi_trace.keys import keys
from gi_trace.registry.actions import enter_party, grant_authorisation, set_season_quota
from gi_trace.registry.models import Party, find_area, find_party, find_product
from gi_trace.registry.rules import Basis

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
    _open("demo-inspector", "陈示范", Role.INSPECTOR, by=officer, badge_number="示范-0001")
    _load_batch(lin, officer, clerk)


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


def _load_batch(lin: Party, officer: Account, clerk: Account) -> None:
    chenpi = find_product("xinhui-chenpi")
    assert chenpi is not None
    today = clock.today()
    right = grant_authorisation(
        lin,
        chenpi,
        Basis.PROTECTED,
        number="示范公告第 1 号",
        starts_on=date(2024, 1, 1),
        ends_on=None,
        by=officer,
    )
    set_season_quota(right, str(today.year), 500_000, by=officer)
    facts = BatchFacts(
        own_number="示范-001",
        season=str(today.year),
        net_weight_g=250,
        units=48,
        packed_on=today,
        best_before=None,
    )
    batch = register_batch(right, facts, by=clerk)
    run = order_print_run(batch, 48, by=clerk)
    download_print_run(run, "pdf", by=clerk)
    activate_units(run, 1, 24, by=clerk)
