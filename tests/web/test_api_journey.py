"""A firm's programmer has the document and a token: what a firm does in a year is done with these alone."""

import csv
import io
import json
from urllib.parse import urlsplit

import pytest

from tests.api_client import DocumentClient
from tests.cast import token_of


@pytest.fixture
def api(app, at):
    at("2026-11-24T08:00Z")
    browser = app.test_client()

    def fetch(method, address, headers, body):
        place = urlsplit(address)
        answer = browser.open(
            f"{place.path}?{place.query}",
            method=method,
            data=body,
            headers={"Accept-Language": "en"} | headers,
        )
        return answer.status_code, dict(answer.headers), answer.data

    return DocumentClient(fetch, "/api/v1/openapi.json", token_of("lin"))


def new_batch(api, **changes):
    """Of what the firm has a right and stock for."""
    product, ground = next(
        (product, ground)
        for product in api.pages("list_products")
        for ground in product["grounds"]
        if ground["right_state"] == "in_force"
    )
    lots = [lot for lot in api.pages("list_lots") if lot["material"] == product["material"]]
    lot = max(lots, key=lambda lot: (not lot["is_stopped"], lot["available_g"]))
    facts = {"product": product["code"], "basis": ground["basis"], "packed_on": "2026-11-24"}
    draws = [{"lot": lot["id"], "grams": 25_000}]
    asked = api.example("create_batch", net_weight_g=250, units=100, draws=draws, best_before=None)
    asked |= {"agreed_lots": [lot["id"]] if lot["needs_agreement"] else []}
    return api.call("create_batch", asked | facts | changes)


def test_from_stock_to_packs_in_the_market(api):
    assert "labels" in api.call("show_token")["scopes"]
    batch = new_batch(api)
    number = batch["number"]
    fitting = [one for one in api.pages("list_templates_for_batch", number=number) if one["why_not"] is None]
    assert {one["name"] for one in fitting} <= {one["name"] for one in api.pages("list_templates")}
    run = api.call("order_print_run", {"units": 100, "printer": "示范印务"}, number=number)

    files = {}
    for form in api.choices("fetch_codes", "form"):
        asked = {"form": form, "reason": "各种文件", "client_key": f"file-{form}-1"}
        files[form] = api.call("fetch_codes", asked, run_id=run["id"])
        assert files[form] and files[form] == api.call("fetch_codes", asked, run_id=run["id"])
    some = {"form": "csv", "ranges": [{"first": 11, "last": 30}], "per_part": 10, "reason": "补印"}
    _, whole, told = api.ask("fetch_codes", some, run_id=run["id"])
    place = {"run_id": run["id"], "download_id": told["Content-Location"].rpartition("/")[2]}
    piece = api.ask("fetch_file", **place, Range="bytes=100-", If_Range=told["ETag"])
    assert piece[0] == 206 and piece[1] == whole[100:]
    assert api.call("fetch_file", **place, part=2) != whole
    secret = api.call("fetch_hidden_codes", {"reason": "印涂层"}, run_id=run["id"])
    assert len(secret) > len(files["csv"])

    assert api.call("activate_units", {"first": 1, "last": 90}, run_id=run["id"])["state"] == "activated"
    lost = {"ranges": [{"first": 91, "last": 92}], "count": 2, "reason": "卡纸", "state": "lost"}
    api.call("mark_units", lost, run_id=run["id"])
    opened = {"ranges": [{"first": 93, "last": 96}], "count": 4, "reason": "漏装"}
    assert api.call("unpack_units", opened, number=number)["balance_g"] == 1000
    tally = api.call("show_print_run", run_id=run["id"])["tally"]
    assert (tally["in_market"], tally["lost"], tally["void"], tally["unused"]) == (90, 2, 4, 4)

    rows = list(csv.reader(io.StringIO(files["csv"].decode("utf-8-sig"))))
    [code] = {cell.rpartition("/")[2] for cell in rows[1] if "/c/" in cell}
    assert api.call("check_code", code=code)["verdict"] == "valid"


def test_a_mistyped_batch_is_cancelled_and_lists_show_everything(api, at):
    wrong = new_batch(api, own_number="A-O01", client_key="batch-0001")
    assert api.call("cancel_batch", number=wrong["number"])["cancelled_at"]
    at("2026-11-24T09:00Z")
    right = new_batch(api, client_key="batch-0002")
    assert [one["number"] for one in api.pages("list_batches", page_size=1)] == [
        right["number"],
        wrong["number"],
    ]
    runs = [
        api.call(
            "order_print_run",
            {"units": 10, "printer": "示范印务", "client_key": f"run-000{n}"},
            number=right["number"],
        )
        for n in range(3)
    ]
    ids = [run["id"] for run in runs[::-1]]
    assert [run["id"] for run in api.pages("list_print_runs", page_size=2)] == ids
    assert [run["id"] for run in api.pages("list_print_runs_of_batch", number=right["number"])] == ids
    assert api.call("show_batch", number=right["number"])["own_number"] == "A-001"


def test_what_is_refused_is_documented_as_well(api):
    assert api.try_call("show_batch", number=1)[0] == 404
    assert (
        api.try_call(
            "create_batch", api.example("create_batch", draws=[{"lot": 99, "grams": 1}], basis="protected")
        )[0]
        == 404
    )
    batch = new_batch(api, client_key="batch-0001")
    status, problem = api.try_call(
        "order_print_run", {"units": 101, "printer": "示范印务"}, number=batch["number"]
    )
    assert status == 422 and problem["detail"] and problem["status"] == 422
    api.token = "nothing"
    assert api.try_call("list_lots")[0] == 401


def test_examples_in_the_document_fit_their_own_fields(api):
    shapes = api.document["components"]["schemas"]
    fields = [
        (name, key, field)
        for name, shape in shapes.items()
        for key, field in shape.get("properties", {}).items()
    ]
    for name, key, field in fields:
        for example in field.get("examples", []):
            api._check(example, field, f"{name}.{key}")
    asked = {name: shape for name, shape in shapes.items() if shape.get("additionalProperties") is False}
    assert len(asked) > 6 and {"NewBatch", "Mark", "File"} <= set(asked)


def test_the_document_says_where_the_service_is_and_every_weight_has_its_unit(api, app):
    assert api.document["servers"] == [{"url": app.config["PUBLIC_URL"]}]
    told = json.loads(json.dumps(api.document["components"]["schemas"]))
    weights = [(key, field) for shape in told.values() for key, field in shape.get("properties", {}).items()]
    assert {field.get("x-unit") for key, field in weights if key.endswith("_g") or key == "grams"} == {"g"}


def test_every_operation_has_an_id_and_every_error_is_a_problem(api):
    assert len(api.operations) == sum(
        len(item) - ("parameters" in item) for item in api.document["paths"].values()
    )
    for name, (method, _path, operation) in api.operations.items():
        errors = {
            status: api._resolved(told) for status, told in operation["responses"].items() if status >= "4"
        }
        assert all(set(told["content"]) == {"application/problem+json"} for told in errors.values()), name
        assert {"401"} <= set(errors) or not operation["security"], name
        if method == "POST" and "requestBody" in operation:
            shape = api._resolved(operation["requestBody"]["content"]["application/json"]["schema"])
            assert "client_key" in shape["properties"], name
