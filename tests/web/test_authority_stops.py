"""An officer holds units of a batch and two lift the hold, each shown in summary first."""

from gi_trace.batches.models import open_stops
from tests.cast import code, make_activated_batch
from tests.second_officer import agreed


def test_a_hold_is_placed_and_lifted_and_the_public_page_follows(sign_in, client):
    batch, zhao = make_activated_batch(), sign_in("zhao")
    page = f"/c/{code(batch, 3)}"
    hold = {"batch": batch.number_text, "kind": "hold", "first": 1, "last": 9}
    hold |= {"reason": "线人甲的举报", "notice": "示范核查"}
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
