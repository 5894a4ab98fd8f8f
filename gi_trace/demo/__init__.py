"""Fictional, clearly marked demo data: a sign-in per role, years of stock, batches with labels in use, checks, casework."""

from collections.abc import Iterator

from gi_trace import clock
from gi_trace.accounts.models import find_account, has_accounts
from gi_trace.batches.models import batches_of
from gi_trace.demo.casework import casework_of
from gi_trace.demo.faces import TRACED, faces_of
from gi_trace.demo.land import enter_land
from gi_trace.demo.packing import demo_code
from gi_trace.demo.people import LIN_USCC, PASSWORD, enter_people, mark
from gi_trace.demo.playing import play
from gi_trace.demo.seasons import grant_rights, years_of
from gi_trace.demo.shops import load_demo_shops
from gi_trace.demo.showcase import SIGN_INS
from gi_trace.record.acts import Acted
from gi_trace.record.models import has_happened, holds_demo_data
from gi_trace.registry.models import find_party

FIRST_YEAR = -6  # of the trade, before the one in which the demo is loaded


def load_demo() -> None:
    """Once, and never beside accounts of others."""
    if has_accounts():
        _mark_older_demo()
        return
    today = clock.today()
    first_day = today.replace(year=today.year + FIRST_YEAR, month=10, day=9)
    with clock.played_at(clock.start_of(first_day)):
        people = enter_people()
        trades = enter_land(people)
        rights = grant_rights(people, today)
        load_demo_shops(people.officer)
    play(
        [
            *years_of(people, trades, rights, today.year),
            *faces_of(people, trades, rights),
            *casework_of(people),
        ]
    )
    mark(people.officer, Acted.DEMO_LOADED)


def _mark_older_demo() -> None:
    """One that was loaded before there was a mark."""
    officer = find_account("demo-authority")
    if officer and not holds_demo_data():
        mark(officer, Acted.DEMO_BEGUN)
        mark(officer, Acted.DEMO_LOADED)


def how_to_sign_in(public_url: str) -> Iterator[str]:
    """Lines for the console: the demo's sign-ins and one link of a valid code."""
    if not holds_demo_data():
        yield "数据里已有账号，没有载入示范数据。"
        return
    if not has_happened(Acted.DEMO_LOADED):
        yield "上次载入示范数据时中断了，数据不全。要完整的示范：停止服务，删除数据文件夹，再启动。"
    yield f"每种查验结论各一个示例，以及各个账号看什么：{public_url}/demo"
    yield f"登录页：{public_url}/sign-in"
    for sign_in_name, role, _ in SIGN_INS:
        if find_account(sign_in_name):
            yield f"{role.label}：{sign_in_name} / {PASSWORD}"
    lin = find_party(LIN_USCC)
    for batch in batches_of(lin) if lin else []:
        if batch.own_number == TRACED:
            yield f"有效标识示例（来历可追溯）：{public_url}/c/{demo_code(batch, 1)}"
