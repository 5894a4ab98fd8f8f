"""The enterprise's own system at work over JSON."""

import json

import pytest

from gi_trace.batches.models import Batch, Download, UnitRange
from gi_trace.database import db, writing
from tests.cast import make_activated_batch, make_batch, make_print_run, peel_of, person, token_of

PROBLEM = "application/problem+json"


@pytest.fixture
def call(app):
    """call("post", "/batches", {...}) with Lin's token."""
    browser, token = app.test_client(), token_of("lin")

    def send(method, path, body=None, token=token):
        headers = {"Authorization": f"Bearer {token}"}
        return browser.open(f"/api/v1{path}", method=method.upper(), json=body, headers=headers)

    return send


def new_batch(**changes):
    facts = {
        "product": "xinhui-chenpi",
        "basis": "protected",
        "own_number": "API-001",
        "net_weight_g": 250,
        "units": 100,
        "packed_on": "2026-11-24",
        "draws": [{"lot": peel_of("lin").id, "grams": 25_000}],
        "agreed_lots": [peel_of("lin").id],
        "client_key": "key-0001",
    }
    return facts | changes


def test_from_a_batch_to_activated_labels(call, at):
    at("2026-11-24T08:00Z")
    batch = call("post", "/batches", new_batch())
    assert batch.status_code == 201, batch.json
    number = batch.json["number"]
    run = call("post", f"/batches/{number}/print-runs", {"units": 100, "printer": "示范印务"})
    assert run.status_code == 201 and run.json["last_unit"] == 100
    codes = call("post", f"/print-runs/{run.json['id']}/files", {"form": "csv"})
    assert codes.data.count(b"\r\n") == 101
    done = call("post", f"/print-runs/{run.json['id']}/activations", {"first": 1, "last": 60})
    assert done.status_code == 201 and done.json["state"] == "activated"
    tally = call("get", f"/print-runs/{run.json['id']}").json["tally"]
    assert (tally["in_market"], tally["unused"], tally["ordered"]) == (60, 40, 100)


def test_with_no_draws_the_lots_in_turn_give_and_the_same_call_again_is_done_once(call, at):
    at("2026-11-24T08:00Z")
    asked = new_batch()
    del asked["draws"]
    first, again = call("post", "/batches", asked), call("post", "/batches", asked)
    assert first.status_code == 201 and first.json == again.json
    assert db.session.query(Batch).one().drawn == [(peel_of("lin"), 25_000)]


def test_old_peel_is_drawn_only_where_the_call_names_it(call, at):
    at("2026-11-24T08:00Z")
    refused = call("post", "/batches", new_batch(agreed_lots=[]))
    assert (refused.status_code, refused.json["code"]) == (422, "claimed_lot_not_agreed")
    [lot] = call("get", "/lots").json
    said = {
        name: lot[name] for name in ("number", "age_years", "stored_on", "claimed_year", "seasons", "site")
    }
    assert said == {
        "number": f"L{peel_of('lin').id}",
        "age_years": 0,
        "stored_on": "2026-01-05",
        "claimed_year": 2015,
        "seasons": [],
        "site": "会城示范仓",
    }
    assert call("post", "/batches", new_batch(agreed_lots=[lot["id"]])).status_code == 201


def test_the_same_call_again_is_done_once(call, at):
    at("2026-11-24T08:00Z")
    first, again = call("post", "/batches", new_batch()), call("post", "/batches", new_batch())
    assert first.json == again.json and db.session.query(Batch).count() == 1
    other = call("post", "/batches", new_batch(own_number="API-002"))
    assert other.status_code == 409 and other.json["code"] == "client_key_reused"
    run = make_print_run(db.session.query(Batch).one())
    for _ in range(2):
        call("post", f"/print-runs/{run.id}/activations", {"first": 1, "last": 9, "client_key": "key-0002"})
    assert db.session.query(UnitRange).count() == 1


def test_a_file_fetched_again_under_its_key_is_no_second_download(call):
    run = make_print_run(make_batch(), downloaded=False)
    address, asked = f"/print-runs/{run.id}/files", {"form": "csv", "client_key": "key-0003"}
    first = call("post", address, asked).data
    assert first == call("post", address, asked).data and db.session.query(Download).count() == 1
    other = call("post", address, asked | {"form": "xlsx"})
    assert other.status_code == 409 and other.json["code"] == "client_key_reused"
    refused = call("post", address, {"form": "csv", "client_key": "key-0004"})
    assert refused.status_code == 422 and refused.json["code"] == "reprint_reason_missing"


def test_a_file_of_some_units_comes_in_parts_and_goes_on_where_it_broke(call):
    run = make_print_run(make_batch(), downloaded=False)
    asked = {"form": "csv", "ranges": [{"first": 11, "last": 30}, {"first": 25, "last": 40}], "per_part": 20}
    first = call("post", f"/print-runs/{run.id}/files", asked)
    assert first.data.count(b"\r\n") == 21
    again = first.headers["Content-Location"].removeprefix("/api/v1")
    assert call("get", again).data == first.data
    assert call("get", f"{again}?part=2").data.count(b"\r\n") == 11  # units 31 to 40
    assert call("get", f"{again}?part=3").status_code == 404
    assert call("get", again.replace(f"/{run.id}/", f"/{run.id + 1}/")).status_code == 404
    assert [one.options["ranges"] for one in run.downloads] == [[[11, 40]]]
    outside = {"form": "csv", "ranges": [{"first": 90, "last": 101}], "reason": "补印"}
    refused = call("post", f"/print-runs/{run.id}/files", outside)
    assert refused.status_code == 422 and refused.json["code"] == "range_outside_run"


def test_a_sheet_by_json_is_the_sheet_of_the_page(call, sign_in):
    run = make_print_run(make_batch(), downloaded=False)
    layout = {"form": "pdf", "template": "a4-24", "level": "Q", "start": 7}
    asked = layout | {"margin": [0, 8], "offset": [0, -2], "cut_marks": True}
    by_json = call("post", f"/print-runs/{run.id}/files", asked).data
    answers = {
        "margin_x": 0,
        "margin_y": 8,
        "offset_x": 0,
        "offset_y": -2,
        "cut_marks": "y",
        "reason": "再印",
    }
    address = f"/enterprise/print-runs/{run.id}/download"
    by_page = sign_in("lin").post(address, data=layout | answers, follow_redirects=True)
    assert by_json.startswith(b"%PDF") and by_json == by_page.data
    assert len({str(download.options) for download in run.downloads}) == 1


def test_hidden_codes_are_a_call_of_their_own_for_the_firms_first_account(call):
    run = make_print_run(make_batch(), downloaded=False)
    address, asked = f"/print-runs/{run.id}/hidden-code-files", {"reason": "印涂层"}
    assert call("post", f"/print-runs/{run.id}/files", {"hidden": True}).status_code == 422
    assert call("post", address, {}).status_code == 422
    assert call("post", address, asked | {"form": "png"}).status_code == 422
    assert "涂层密码" in call("post", address, asked).data.decode("utf-8-sig")
    with writing():
        person("lin").manages_clerks = False
    assert call("post", address, asked).json["code"] == "hidden_codes_not_for_clerks"


def test_which_layouts_hold_a_label_is_known_before_ordering(app, call):
    batch = make_batch()
    address = f"/batches/{batch.number}/templates"
    assert {one["why_not"] for one in call("get", address).json} == {None}
    app.config["PUBLIC_URL"] = f"https://{'long-' * 20}name.example"
    why_not = {one["name"]: one["why_not"] for one in call("get", address).json}
    assert why_not["a4-24"] is None and "网址太长" in why_not["roll-30x20"]


def test_refusals_are_problem_details_with_the_arithmetic(call, at):
    at("2026-11-24T08:00Z")
    answer = call(
        "post", "/batches", new_batch(units=99_999, draws=[{"lot": peel_of("lin").id, "grams": 24_999_750}])
    )
    assert answer.status_code == 422 and answer.mimetype == "application/problem+json"
    assert answer.json["code"] == "not_enough" or "缺" in answer.json["detail"]
    malformed = call("post", "/batches", new_batch(units="x"))
    assert malformed.status_code == 422 and "units" in str(malformed.json["errors"])


def test_only_the_owner_opens_what_is_his(call, app):
    rival = token_of("wu")
    batch = make_batch("lin")
    assert call("get", f"/batches/{batch.number}", token=rival).status_code == 403
    officer = token_of("zhao")
    assert call("get", "/batches", token=officer).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("get", "/nothing", None),
        ("get", "/batches/1", None),
        ("get", f"/batches/{10**30}", None),
        ("get", "/print-runs/99", None),
        ("post", "/batches", {"product": "no-such"}),
        ("post", "/batches", {"draws": [{"lot": 99, "grams": 25_000}]}),
    ],
)
def test_what_does_not_exist_is_not_found_in_the_callers_words(call, method, path, body):
    answer = call(method, path, body and new_batch(**body))
    assert (answer.status_code, answer.mimetype, answer.json["code"]) == (404, PROBLEM, "not_found")
    assert "没有" in answer.json["detail"]
    assert call("put", "/batches").status_code == 405


def test_lists_come_in_pages_and_say_how_much_there_is(call):
    for number in ("A-001", "A-002", "A-003"):
        make_batch(own_number=number)
    for path in ("/batches", "/lots", "/products", "/print-runs"):
        page = call("get", f"{path}?page_size=2&page=1")
        assert len(page.json) == min(2, json.loads(page.headers["X-Pagination"])["total"]), path
    told = json.loads(call("get", "/batches?page=2&page_size=2").headers["X-Pagination"])
    assert (told["total"], told["previous_page"], told.get("next_page")) == (3, 1, None)
    assert call("get", f"/batches?page={10**30}").json == [], "there is nothing behind the last page"
    for wrong in ("page_size=201", "page_size=0", "page=x", f"page={'9' * 5000}"):
        assert call("get", f"/batches?{wrong}").status_code == 422


def test_a_lot_is_told_with_what_a_list_shows_of_it(call, at):
    at("2026-11-24T08:00Z")
    [lot] = call("get", "/lots").json
    assert (lot["claimed_year"], lot["is_opening_stock"], lot["age_years"]) == (2015, True, 0)
    assert (lot["site"], lot["available_g"], lot["is_stopped"]) == ("会城示范仓", 1_000_000, False)
    assert lot["needs_agreement"], "its year is claimed"


def test_products_tell_on_which_ground_the_firm_may_pack_them(call):
    told = {one["code"]: one["grounds"] for one in call("get", "/products").json}
    states = {code: [ground["right_state"] for ground in grounds] for code, grounds in told.items()}
    assert "in_force" in states["xinhui-chenpi"] and set(states["taishan-rice"]) == {None}


def test_an_unpacking_sent_again_opens_nothing_twice(call, at):
    at("2026-11-24T08:00Z")
    address = f"/batches/{make_batch().number}/unpackings"
    asked = {"ranges": [{"first": 1, "last": 4}], "count": 4, "reason": "漏装", "client_key": "key-0011"}
    first, again = call("post", address, asked), call("post", address, asked)
    assert first.status_code == 201 and first.json == again.json
    other = call("post", address, asked | {"ranges": [{"first": 5, "last": 8}]})
    assert other.status_code == 409 and other.json["code"] == "client_key_reused"


def test_units_are_unpacked_and_a_mistyped_batch_is_cancelled_and_entered_again(call, at):
    at("2026-11-24T08:00Z")
    batch = make_batch()
    answers = {"ranges": [{"first": 1, "last": 4}], "count": 4, "reason": "漏装"}
    lot = call("post", f"/batches/{batch.number}/unpackings", answers)
    assert lot.status_code == 201 and lot.json["balance_g"] == 1000
    other = call("post", "/batches", new_batch()).json["number"]
    assert call("post", f"/batches/{other}/cancellation").json["cancelled_at"]
    assert call("post", f"/batches/{other}/cancellation").status_code == 200, "an answer that got lost"
    assert call("post", "/batches", new_batch(client_key="key-0009")).status_code == 201


def test_of_units_in_use_an_officer_is_asked(call, at):
    at("2026-11-24T08:00Z")
    address = f"/batches/{make_activated_batch().number}"
    answers = {"ranges": [{"first": 1, "last": 4}], "count": 4, "reason": "超市退货"}
    refused = call("post", f"{address}/unpackings", answers)
    assert refused.status_code == 422 and refused.json["code"] == "unpacking_needs_officer"
    assert "4 件启用过" in refused.json["detail"]
    asked = call("post", f"{address}/unpacking-requests", answers)
    assert asked.status_code == 201 and asked.json["state"] == "open"
    assert call("post", f"{address}/unpacking-requests", answers).json["code"] == "already_asked"
    assert call("get", "/requests").json == [asked.json]


def test_ranges_that_overlap_are_refused(call):
    run = make_print_run(make_batch())
    asked = {
        "state": "lost",
        "ranges": [{"first": 1, "last": 5}, {"first": 3, "last": 8}],
        "count": 11,
        "reason": "x",
    }
    assert call("post", f"/print-runs/{run.id}/marks", asked).json["code"] == "ranges_unreadable"
