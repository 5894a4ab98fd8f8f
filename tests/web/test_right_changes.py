"""What an officer sees before deciding on a right, and what the public reads afterwards."""

from html import unescape

from gi_trace.batches.rules import StopKind
from gi_trace.batches.stops import place_stop
from tests.cast import (
    code,
    make_activated_batch,
    make_batch,
    make_opening_stock,
    resume,
    right_of,
    suspend,
    two_officers,
)

SUSPENSION = {"reason": "线人甲的举报", "notice": "使用外地皮，核查中。", "looked": "y", "for_cause": "yes"}
CONFIRMED = {"answers": "confirmed"}


def at_suspension():
    return f"/authority/authorisations/{right_of('lin').id}/changes/suspended"


def preview_in(page):
    return unescape(page.split('srcdoc="')[1].split('"')[0])


def test_the_summary_shows_the_page_that_visitors_will_see_and_how_many_units_change(sign_in, client):
    batch, zhao = make_activated_batch(), sign_in("zhao")
    summary = zhao.post(at_suspension(), data=SUSPENSION).text
    shown = preview_in(summary)
    assert "用标授权已被暂停" in shown and "使用外地皮，核查中。" in shown and "线人甲" not in shown
    assert "查验结论会改变的标识：100 件" in summary and batch.number_text in shown
    assert "标识有效" in client.get(f"/c/{code(batch)}").text  # nothing was written


def test_what_changes_no_verdict_says_so_and_shows_the_line_that_is_added(sign_in):
    make_activated_batch()
    summary = sign_in("zhao").post(at_suspension(), data=SUSPENSION | {"for_cause": "no"}).text
    assert "查验结论会改变的标识：0 件" in summary
    assert "标识有效" in preview_in(summary) and "使用外地皮，核查中。" in preview_in(summary)


def test_units_that_already_have_worse_news_are_not_counted(sign_in):
    make_batch()  # not activated: they change too
    batch = make_activated_batch(own_number="A-002")
    place_stop(batch, StopKind.RECALL, 11, 20, reason="抽检", **two_officers())
    assert "改变的标识：190 件" in sign_in("zhao").post(at_suspension(), data=SUSPENSION).text


def test_above_a_thousand_units_the_number_is_typed_back(sign_in, client):
    batch = make_activated_batch(units=1001, lot=make_opening_stock())
    zhao = sign_in("zhao")
    assert 'name="counted"' in zhao.post(at_suspension(), data=SUSPENSION).text
    for typed in ({}, {"counted": "1000"}, {"counted": "全部"}):
        answer = zhao.post(at_suspension(), data=SUSPENSION | CONFIRMED | typed)
        assert answer.status_code == 422 and "件数不对" in answer.text
    assert "标识有效" in client.get(f"/c/{code(batch)}").text
    assert (
        zhao.post(at_suspension(), data=SUSPENSION | CONFIRMED | {"counted": "１,００１"}).status_code == 302
    )
    assert "用标授权先行暂停" in client.get(f"/c/{code(batch)}").text


def test_up_to_a_thousand_units_nothing_is_typed(sign_in):
    make_activated_batch(units=1000, lot=make_opening_stock())
    assert 'name="counted"' not in sign_in("zhao").post(at_suspension(), data=SUSPENSION).text


def test_a_suspension_that_was_resumed_is_told_with_its_days_wherever_a_code_is_read(sign_in, client, at):
    at("2026-11-24T08:00Z")
    batch = make_activated_batch()
    suspend(right_of("lin"))
    at("2026-11-26T08:00Z")
    resume(right_of("lin"))
    page = client.get(f"/c/{code(batch)}").text
    assert "此后授权曾暂停（2026-11-24 – 2026-11-26）" in page
    answer = client.get(f"/api/v1/codes/{code(batch)}").json
    assert answer["suspensions"] == [{"on": "2026-11-24", "until": "2026-11-26", "for_cause": True}]
    resumed = {"point": "right_since", "name": "right_resumed", "holds": False}
    assert resumed in answer["findings"] and answer["verdict"] == "valid"
    at("2026-11-27T08:00Z")
    assert "曾暂停" not in client.get(f"/c/{code(make_activated_batch(own_number='A-002'))}").text
