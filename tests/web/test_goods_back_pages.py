"""A firm asks an officer to see goods whose labels are in use; he tells what he saw, and the rest stays as it is."""

import re

import pytest

from gi_trace import clock
from gi_trace.batches.rules import UnitState
from gi_trace.batches.unpacking import ask_unpacking
from gi_trace.database import act, db
from gi_trace.stock.models import Lot
from gi_trace.verification.goods_back import SeenUnits, take_back
from gi_trace.verification.models import UnitHistory
from gi_trace.verification.models.checks import serial_of
from tests.cast import code, make_activated_batch, make_batch, make_print_run, person, unit_state
from tests.farm import AUTUMN, KG, make_peel


@pytest.fixture(autouse=True)
def autumn(at):
    at(AUTUMN)


@act
def publicly_checked(batch, unit):
    db.session.add(UnitHistory(serial=serial_of(batch.number, unit), checks=1))


def ask(lin, batch, units="1-20", count=20):
    answers = {"ranges": units, "count": count, "reason": "超市退货"}
    address = f"/enterprise/batches/{batch.number}/unpack"
    summary = lin.post(address, data=answers).text
    assert f"{count} 件启用过" in summary and "提交后是一份申请" in summary
    return lin.post(address, data=answers | {"answers": "confirmed"}).location


def send(browser, address, **answers):
    return browser.post(address, data=answers | {"answers": "confirmed"})


@pytest.mark.parametrize(("officer", "face"), [("chen", "inspector"), ("zhao", "authority")])
def test_a_firm_asks_and_an_officer_tells_what_he_saw(sign_in, officer, face):
    batch, lin, browser = make_activated_batch(units=100), sign_in("lin"), sign_in(officer)
    publicly_checked(batch, 3)
    asked = ask(lin, batch)
    assert "待答复" in lin.get(asked).text and unit_state(batch.number, 1) is UnitState.ACTIVATED
    page = browser.get(f"/{face}/stock-requests").text
    assert "GZ00001" in page and f"{batch.number_text} · 1–20" in page
    page = asked.replace("enterprise", face)
    shown = browser.get(page).text
    assert f'href="{page}/seen"' in shown and 'value="grant"' not in shown
    form = browser.get(f"{page}/seen").text
    assert ">1-20</textarea>" in re.sub(r"\r?\n", "", form) and "其中公众查验过" in form
    seen = {"place": "会城示范仓", "on": "2026-11-24", "ranges": "1-10"}
    refused = send(browser, f"{page}/seen", **seen, scanned="3")
    assert refused.status_code == 422 and "只收标识码" in refused.text
    assert send(browser, f"{page}/seen", **seen, scanned=code(batch, 3)).status_code == 302
    lot = db.session.query(Lot).order_by(Lot.id.desc()).first()
    assert lot.balance_g == 10 * 250 and unit_state(batch.number, 11) is UnitState.ACTIVATED
    told = lin.get(asked).text
    assert "已同意" in told and "1–10" in told and "会城示范仓 2026-11-24" in told and lot.number in told
    again = send(browser, f"{page}/seen", **seen, scanned=code(batch, 3))
    assert again.status_code == 422


def test_the_season_tells_what_came_back_from_use(sign_in, at):
    peel = make_peel(50 * KG)
    at("2029-11-24T08:00Z")
    batch = make_activated_batch(lot=peel, units=100)
    asked = ask_unpacking(batch, [(1, 20)], count=20, reason="超市退货", by=person("lin"))
    seen = SeenUnits("会城示范仓", clock.today(), [(1, 4)], sampled=2)
    take_back(asked, seen, by=person("chen"))
    zhao, of = sign_in("zhao"), "crop=citrus&season=2026"
    page = zhao.get(f"/authority/reconciliation?{of}").text
    assert "看货后退回，可再赋码" in page and "抽看 2 件" in page and "1 千克" in page
    rows = zhao.get(f"/authority/reconciliation.csv?{of}").data.decode()
    assert f"林记示范陈皮行,{batch.number_text},看货后退回，可再赋码,1," in rows
    assert "看货后退回" not in sign_in("wu").get(f"/enterprise/reconciliation?{of}").text


def test_labels_in_use_are_declared_void_by_asking(sign_in):
    batch, lin = make_activated_batch(units=100), sign_in("lin")
    answers = {"state": "void", "ranges": "1-2", "count": 2, "reason": "受潮", "answers": "confirmed"}
    asked = lin.post(f"/enterprise/print-runs/{batch.print_runs[0].id}/mark", data=answers).location
    assert "看货后拆包" in lin.get(asked).text and unit_state(batch.number, 1) is UnitState.ACTIVATED


def test_an_officer_may_refuse_but_not_grant_on_paper(sign_in):
    batch, lin, zhao = make_activated_batch(units=100), sign_in("lin"), sign_in("zhao")
    page = ask(lin, batch).replace("enterprise", "authority")
    assert zhao.post(page, data={"decision": "grant"}).status_code == 422
    zhao.post(page, data={"decision": "refuse", "word": "货已售出", "looked": "y"})
    assert "货已售出" in lin.get(page.replace("authority", "enterprise")).text


def test_other_requests_are_not_the_inspectors_business(sign_in):
    batch, lin, chen = make_batch(), sign_in("lin"), sign_in("chen")
    make_print_run(batch)
    [undo] = re.findall(r'"(/enterprise/acts/\d+/undo)"', lin.get(f"/enterprise/batches/{batch.number}").text)
    asked = lin.post(undo, data={"reason": "件数错", "answers": "confirmed"}).location
    page = asked.replace("enterprise", "inspector")
    assert chen.get(page).status_code == 404 and chen.get(f"{page}/seen").status_code == 404
    assert "GZ00001" not in chen.get("/inspector/stock-requests").text
    assert sign_in("wu").get(asked).status_code == 403
