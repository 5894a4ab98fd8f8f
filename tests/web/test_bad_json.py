"""Whoever sends JSON – a firm's system, a phone, another office – is refused in words for what cannot be read or kept."""

import base64
import json
import uuid

import pytest

from gi_trace.offices.rules import FORMAT
from gi_trace.web.limits import limiter
from tests.cast import make_batch, make_print_run, token_of
from tests.patrols import Handset, finding_item, jpeg, photo_item, plain, visit_item

WILD = [r'"x\ud800"', r'"\u0000"', r'"\u202e"', str(10**30), "9" * 5000, "[" * 100_000]
REFUSED = {"json_unfit", "json_unreadable", "package_unreadable"}
MISTAKEN = ["true", "[]", "5", '"0001-01-01T00:00:00+14:00"', '"9999-12-31T23:59:59-14:00"']
BATCH = {
    "product": "xinhui-chenpi",
    "basis": "protected",
    "own_number": "A-009",
    "net_weight_g": 250,
    "units": 4,
    "packed_on": "2026-11-24",
    "draws": [],
    "client_key": "key-0001",
}
RANGES = {"ranges": [{"first": 1, "last": 4}], "count": 4, "reason": "漏装", "client_key": "key-0002"}
FILE = {"form": "pdf", "template": "a4-24", "level": "Q", "start": 7, "margin": [0, 8], "cut_marks": True}


def each_field(item):
    """(fields' names, text of the item with a value in each field's place)."""
    for name in item:
        yield name, lambda value, name=name: json.dumps(item | {name: "@@"}).replace('"@@"', value)


@pytest.fixture
def firm(app):
    """send(path, text) of Lin's system, and what it sends where."""
    run = make_print_run(make_batch())
    browser, headers = app.test_client(), {"Authorization": f"Bearer {token_of('lin')}"}

    def send(path, text):
        return browser.post(f"/api/v1{path}", data=text, headers=headers, content_type="application/json")

    batch = f"/batches/{run.batch_number}"
    return send, {
        "/batches": BATCH,
        f"{batch}/unpackings": RANGES,
        f"{batch}/unpacking-requests": RANGES,
        f"{batch}/print-runs": {"units": 4, "printer": "示范印务"},
        f"/print-runs/{run.id}/files": FILE,
        f"/print-runs/{run.id}/marks": RANGES | {"state": "lost"},
        f"/print-runs/{run.id}/activations": {"first": 1, "last": 4},
    }


@pytest.fixture
def phone(sign_in):
    """send(path, text) of Chen's phone, and what it sends where."""
    chen, handset = sign_in("chen"), Handset()
    handset.register()
    opening, visit = handset.opening(), visit_item()
    key, proof = (base64.b64encode(part).decode() for part in (opening.wrap_key, opening.proof))

    def send(path, text):
        headers = {"Accept": "application/json", "X-Patrol-Phone": handset.id}
        return chen.post(
            f"/inspector/patrol{path}", data=text, headers=headers, content_type="application/json"
        )

    return send, {
        "/phone": {"public_key": base64.b64encode(handset.public_key).decode()},
        "/pack": {
            "phone": handset.id,
            "products": ["xinhui-chenpi"],
            "base": "",
            "wrap_key": key,
            "proof": proof,
        },
        "/visits": plain(visit),
        "/findings": plain(finding_item(visit["visit"])),
        "/photos": plain(photo_item(visit["visit"], jpeg())),
    }


@pytest.fixture
def office(client, monkeypatch):
    """send(path, text) of another city, whose message is text within the package."""

    monkeypatch.setattr(limiter, "enabled", False)

    def send(path, text):
        package = json.dumps({"format": FORMAT, "message": text, "signature": "00"})
        return client.post(f"/exchange{path}", data=package, content_type="application/json")

    ids = {"id": str(uuid.uuid4()), "transfer": str(uuid.uuid4())}
    told = {
        "kind": "lead",
        "sender": "foshan",
        "receiver": "jiangmen",
        "at": "2026-11-24T08:00:00Z",
        "body": {},
    }
    return send, {"/messages": ids | told}


@pytest.mark.parametrize("door", ["firm", "phone", "office"])
def test_what_cannot_be_read_or_kept_is_refused_in_words_wherever_it_stands(request, door):
    send, items = request.getfixturevalue(door)
    for path, item in items.items():
        for value in WILD:
            answers = {name: send(path, text(value)) for name, text in each_field(item)}
            answers["all of it"] = send(path, value)
            for name, answer in answers.items():
                assert answer.status_code == 400 and answer.json["code"] in REFUSED, (path, name, value[:20])
                assert answer.json["detail"]


@pytest.mark.parametrize("door", ["firm", "phone", "office"])
def test_a_value_of_another_type_or_time_never_makes_the_service_fail(request, door):
    send, items = request.getfixturevalue(door)
    for path, item in items.items():
        for value in MISTAKEN:
            for name, text in each_field(item):
                answer = send(path, text(value))
                assert answer.status_code < 500, (path, name, value)


@pytest.mark.parametrize("door", ["firm", "phone"])
def test_a_body_larger_than_anything_that_is_asked_is_not_read(request, door):
    send, items = request.getfixturevalue(door)
    for path in items:
        answer = send(path, "x" * 600_000)
        assert (answer.status_code, answer.json["code"]) == (413, "request_entity_too_large")


@pytest.mark.parametrize(
    "wild",
    [
        {"note": "x\ud800"},
        {"note": "\u202e"},
        {"note": 10**30},
        {"note": [[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]},
    ],
)
def test_what_stands_in_a_seal_is_read_as_strictly(sign_in, wild):
    handset = Handset()
    handset.register()
    sealed = handset.sealed(plain(visit_item(**wild)))
    answer = sign_in("chen").post(
        "/inspector/patrol/visits", json=sealed, headers={"Accept": "application/json"}
    )
    assert (answer.status_code, answer.json["code"]) == (400, "json_unfit")
