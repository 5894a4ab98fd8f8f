"""An officer holds units of a batch and two lift the hold, each shown in summary first."""

from gi_trace.batches.models import open_stops
from tests.cast import code, make_activated_batch, make_opening_stock
from tests.second_officer import agreed


def test_a_hold_is_placed_and_lifted_and_the_public_page_follows(sign_in, client):
    batch, zhao = make_activated_batch(), sign_in("zhao")
    page = f"/c/{code(batch, 3)}"
    hold = {"batch": batch.number_text, "kind": "hold", "ranges": "1-9"}
    hold |= {"reason": "线人甲的举报", "notice": "示范核查", "looked": "y"}
    assert "1–9" in zhao.post("/authority/stops/new", data=hold).text and not open_stops(batch)
    zhao.post("/authority/stops/new", data=hold | {"answers": "confirmed"})
    assert "冻结" in client.get(page).text and "示范核查" in client.get(page).text
    assert "线人甲" not in client.get(page).text
    [stop] = open_stops(batch)
    address, answers = f"/authority/stops/{stop.id}/lift", {"reason": "查清"}
    assert zhao.post(address, data={"reason": " "}).status_code == 422
    summary = zhao.post(address, data=answers).text
    assert "提交前请核对" in summary and "查清" in summary and open_stops(batch)
    agreed(sign_in("sun"), zhao.post(address, data=answers | {"answers": "confirmed"}))
    assert not open_stops(batch) and "标识有效" in client.get(page).text


def test_a_recall_is_looked_over_as_the_public_will_read_it_and_counted_above_a_thousand_units(sign_in):
    batch = make_activated_batch(units=1001, lot=make_opening_stock())
    asked = {
        "batch": batch.number_text,
        "kind": "recall",
        "reason": "检测报告",
        "notice": "重金属超标，请勿食用",
        "looked": "y",
    }
    zhao = sign_in("zhao")
    summary = zhao.post("/authority/stops/new", data=asked).text
    assert "改变的标识：1,001 件" in summary and "请勿食用" in summary and 'name="counted"' in summary
    miscounted = zhao.post("/authority/stops/new", data=asked | {"answers": "confirmed", "counted": "100"})
    assert miscounted.status_code == 422 and "件数不对" in miscounted.text and not open_stops(batch)
    answer = zhao.post("/authority/stops/new", data=asked | {"answers": "confirmed", "counted": "1001"})
    assert "/authority/proposals/" in answer.location
    few = zhao.post("/authority/stops/new", data=asked | {"ranges": "1-9", "kind": "counterfeit"}).text
    assert "改变的标识：9 件" in few
    assert "大于结束件号" in zhao.post("/authority/stops/new", data=asked | {"ranges": "9-8"}).text


def test_scattered_units_are_recalled_in_one_decision(sign_in, client):
    batch, zhao = make_activated_batch(), sign_in("zhao")
    scanned = f"{code(batch, 3)}\r\n7-8、{code(batch, 30)}"
    asked = {"batch": batch.number_text, "kind": "recall", "ranges": scanned}
    asked |= {"reason": "检测报告", "notice": "请勿食用", "looked": "y"}
    summary = zhao.post("/authority/stops/new", data=asked).text
    assert "改变的标识：4 件" in summary and "3、7–8、30（共 4 件）" in summary
    answer = zhao.post("/authority/stops/new", data=asked | {"answers": "confirmed"})
    assert "冻结" in client.get(f"/c/{code(batch, 8)}").text
    assert "3、7–8、30" in zhao.get(answer.location).text
    agreed(sign_in("sun"), answer)
    recalled = [(stop.first_unit, stop.last_unit) for stop in open_stops(batch)]
    assert recalled == [(3, 3), (7, 8), (30, 30)]
    assert (
        "召回" in client.get(f"/c/{code(batch, 30)}").text
        and "标识有效" in client.get(f"/c/{code(batch, 9)}").text
    )


def test_a_code_of_another_batch_is_not_stopped(sign_in):
    batch, other = make_activated_batch(), make_activated_batch(own_number="A-002")
    asked = {
        "batch": batch.number_text,
        "kind": "hold",
        "ranges": code(other, 2),
        "reason": "示范",
        "notice": "示范",
        "looked": "y",
    }
    refused = sign_in("zhao").post("/authority/stops/new", data=asked)
    assert refused.status_code == 422 and f"是批次 {other.number_text} 的标识码" in refused.text
