"""The enterprise registers, orders, downloads and activates."""

import csv
import io

from gi_trace.batches.models import Batch, PrintRun
from gi_trace.database import db
from tests.cast import code, make_batch, make_print_run, peel_of, right_of, suspend, unit_state
from tests.farm import make_peel


def new(owner="lin"):
    return f"/enterprise/batches/new/{right_of(owner).id}"


def answers(**changes):
    facts = {
        "own_number": "2026-11-A",
        "net_weight_g": "250",
        "units": "100",
        "packed_on": "2026-11-20",
        f"draw_{peel_of('lin').id}": "25",
        f"agree_{peel_of('lin').id}": "y",
    }
    return facts | changes


def file(**changes):
    return {"form": "csv", "template": "a4-24", "level": "M", "start": "1"} | changes


def refusal(browser, **changes):
    answer = browser.post(new(), data=answers(answers="confirmed", **changes))
    assert answer.status_code == 422
    assert db.session.query(Batch).count() == 0
    return answer.text


def test_a_batch_is_shown_in_summary_before_it_is_registered(sign_in, at):
    at("2026-11-24T08:00+00:00")
    lin = sign_in("lin")
    summary = lin.post(new(), data=answers())
    assert "提交前请核对" in summary.text and "25 千克" in summary.text
    assert "系统启用前的库存" in summary.text and "入库 2026 · 陈化 0 年 · 申报年份 2015" in summary.text
    assert db.session.query(Batch).count() == 0
    changed = lin.post(new(), data=answers(answers="change"))
    assert 'value="2026-11-A"' in changed.text and changed.status_code == 200
    assert lin.post(new(), data=answers(answers="confirmed")).status_code == 302
    batch = db.session.query(Batch).one()
    assert (batch.weight_g, batch.own_number) == (25_000, "2026-11-A")


def test_a_refused_batch_says_the_arithmetic_and_keeps_what_was_typed(sign_in, at):
    at("2026-11-24T08:00+00:00")
    page = refusal(sign_in("lin"), units="5000", **{f"draw_{peel_of('lin').id}": "1250"})
    assert "结存 1,000 千克" in page and "本次需要 1,250 千克，缺 250 千克" in page
    assert 'value="5000"' in page


def test_bad_batches_are_refused_in_words(sign_in, at):
    at("2026-11-24T08:00+00:00")
    lin = sign_in("lin")
    assert "在今天之后" in refusal(lin, packed_on="2026-11-25")
    assert "不能补登记这么久以前的批次" in refusal(lin, packed_on="2026-01-01")
    assert "请填写大于 0 的整数" in refusal(lin, units="0")
    assert "件" in refusal(lin, units="5000000", net_weight_g="1")
    assert "各份合计 24 千克，应为 25 千克" in refusal(lin, **{f"draw_{peel_of('lin').id}": "24"})
    refusal(lin, net_weight_g="abc")


def test_a_right_of_another_cannot_be_used(sign_in):
    assert sign_in("lin").post(new("wu"), data=answers(answers="confirmed")).status_code == 403


def test_old_peel_is_packed_only_by_a_tick_that_names_its_lot_and_age(sign_in, at):
    at("2026-11-24T08:00+00:00")
    lin, lot = sign_in("lin"), peel_of("lin")
    page = lin.get(new()).text
    tick = f"同意取用 {lot.number}（入库 2026 · 陈化 0 年 · 申报年份 2015）"
    assert (
        tick in page and f"{lot.number} 干柑皮 · 入库 2026 · 陈化 0 年 · 申报年份 2015 · 会城示范仓" in page
    )
    unticked = answers(**{f"draw_{lot.id}": ""})
    del unticked[f"agree_{lot.id}"]
    refused = lin.post(new(), data=unticked)
    assert refused.status_code == 422 and "年份 2015 是申报的" in refused.text
    assert tick in lin.post(new(), data=answers()).text


def test_home_counts_what_may_be_packed_now_and_within_a_year(sign_in, at):
    at("2026-11-24T08:00Z")
    young = make_peel(50_000)
    at("2029-11-23T08:00Z")
    assert young.age.years == 2
    page = sign_in("lin").get("/enterprise/").text
    assert "现在可以包装 1,000 千克" in page and "一年之内再有 50 千克满年份" in page


def test_when_no_lot_is_named_those_in_turn_give(sign_in, at):
    at("2026-11-24T08:00+00:00")
    lin, blank = sign_in("lin"), {f"draw_{peel_of('lin').id}": ""}
    assert f"取用 L{peel_of('lin').id}" in lin.post(new(), data=answers(**blank)).text
    assert lin.post(new(), data=answers(answers="confirmed", **blank)).status_code == 302


def test_a_batch_number_of_ones_own_is_used_once(sign_in, at):
    at("2026-11-24T08:00+00:00")
    lin = sign_in("lin")
    lin.post(new(), data=answers(answers="confirmed"))
    again = lin.post(new(), data=answers(answers="confirmed"))
    assert again.status_code == 422 and "已经登记过" in again.text


def test_a_cancelled_batch_gives_its_lot_the_weight_back(sign_in):
    batch = make_batch(units=4000)
    lin, address = sign_in("lin"), f"/enterprise/batches/{batch.number}/cancel"
    page = lin.get(address).text
    assert batch.own_number in page and "1,000 千克" in page and batch.cancelled_at is None
    assert lin.post(address).status_code == 302
    assert make_batch(own_number="A-002", units=4000).weight_g == 1_000_000


def test_an_activated_batch_cannot_be_cancelled(sign_in):
    batch = make_batch()
    run = make_print_run(batch)
    lin = sign_in("lin")
    lin.post(f"/enterprise/print-runs/{run.id}/activate", data={"ranges": "1", "answers": "confirmed"})
    answer = lin.post(f"/enterprise/batches/{batch.number}/cancel")
    assert answer.status_code == 422 and "不能取消" in answer.text


def test_units_are_ordered_once(sign_in):
    batch = make_batch()
    lin = sign_in("lin")

    def order(units):
        answers = {"units": units, "printer": "示范印务", "answers": "confirmed"}
        return lin.post(f"/enterprise/batches/{batch.number}/print-runs/new", data=answers)

    assert order(60).status_code == 302
    refused = order(60)
    assert refused.status_code == 422 and "还可下单 40 件，您要 60 件" in refused.text
    assert order(40).status_code == 302
    assert [(run.first_unit, run.last_unit) for run in db.session.query(PrintRun)] == [(1, 60), (61, 100)]


def test_the_list_of_a_print_run_holds_every_code_and_starts_no_formula(sign_in):
    batch = make_batch()
    run = make_print_run(batch, downloaded=False)
    answer = sign_in("lin").post(
        f"/enterprise/print-runs/{run.id}/download", data=file(), follow_redirects=True
    )
    assert answer.data.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(rows) == 101 and code(batch, 100) in rows[100]
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@"]
    assert [(one.form, len(one.sha256)) for one in run.downloads] == [("csv", 64)]


def test_activation_goes_by_ranges_and_never_twice(sign_in):
    batch = make_batch()
    run = make_print_run(batch)
    lin = sign_in("lin")

    def activate(first, last):
        answers = {"ranges": f"{first}-{last}", "answers": "confirmed"}
        return lin.post(f"/enterprise/print-runs/{run.id}/activate", data=answers)

    assert activate(1, 50).status_code == 302
    assert unit_state(batch.number, 50) and unit_state(batch.number, 51) is None
    assert "41–50 现在的状态是“已启用”" in activate(41, 60).text
    assert "不在本印制批" in activate(90, 101).text
    assert "大于结束件号" in activate(60, 55).text
    assert activate(51, 100).status_code == 302


def test_nothing_is_activated_before_it_was_downloaded(sign_in):
    run = make_print_run(make_batch(), downloaded=False)
    answers = {"ranges": "1-2", "answers": "confirmed"}
    answer = sign_in("lin").post(f"/enterprise/print-runs/{run.id}/activate", data=answers)
    assert answer.status_code == 422 and "还没有下载" in answer.text


def test_without_a_right_in_force_nothing_is_ordered_downloaded_or_activated(sign_in):
    batch = make_batch()
    run = make_print_run(batch, 50)
    suspend(right_of("lin"), for_cause=False)
    lin = sign_in("lin")
    for address, data in [
        (f"/enterprise/batches/{batch.number}/print-runs/new", {"units": 50, "printer": "示范印务"}),
        (f"/enterprise/print-runs/{run.id}/download", file(reason="再印")),
        (f"/enterprise/print-runs/{run.id}/activate", {"ranges": "1-50"}),
    ]:
        answer = lin.post(address, data=data | {"answers": "confirmed"})
        assert answer.status_code == 422 and "暂停" in answer.text
