"""Each role stays in its face, and an enterprise among its own rows."""

import re

import pytest

from gi_trace.batches.models import Download
from gi_trace.database import db
from tests.cast import PASSWORD, make_batch, make_print_run, person

VILLAGE_PAGES = {"/enterprise/growers", "/enterprise/growers/new", "/enterprise/plots"}
FACE_OF = {"zhao": "authority", "lin": "enterprise", "chen": "inspector"}


def own_statuses(address):
    """Of one's own face every page opens; but an enterprise has no growers."""
    return (403,) if address in VILLAGE_PAGES else (200, 302, 404)


def plain_pages(app, face):
    """GET addresses of the face that need nothing loaded."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(f"{face}.") and "GET" in rule.methods and not rule.arguments:
            yield rule.rule


@pytest.mark.parametrize("someone", FACE_OF)
def test_each_role_is_refused_by_the_other_faces_and_enters_its_own(app, sign_in, someone):
    browser = sign_in(someone)
    for face in FACE_OF.values():
        for address in plain_pages(app, face):
            answer = browser.get(address)
            expected = own_statuses(address) if face == FACE_OF[someone] else (403,)
            assert answer.status_code in expected, address


def test_nobody_enters_a_staff_face_without_signing_in(app, client):
    for face in FACE_OF.values():
        for address in plain_pages(app, face):
            answer = client.get(address)
            assert answer.status_code == 302 and answer.location.startswith("/sign-in"), address
    assert client.post("/enterprise/batches/new/1").status_code == 401


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("get", "/enterprise/batches/{batch}"),
        ("get", "/enterprise/batches/{batch}/cancel"),
        ("post", "/enterprise/batches/{batch}/cancel"),
        ("get", "/enterprise/batches/{batch}/print-runs/new"),
        ("post", "/enterprise/batches/{batch}/print-runs/new"),
        ("get", "/enterprise/print-runs/{run}"),
        ("post", "/enterprise/print-runs/{run}/activate"),
        ("post", "/enterprise/print-runs/{run}/download"),
        ("get", "/enterprise/print-runs/{run}/downloads/1"),
        ("get", "/enterprise/print-runs/{run}/downloads/1/1"),
        ("get", "/enterprise/print-runs/{run}/hidden-codes"),
        ("post", "/enterprise/print-runs/{run}/hidden-codes"),
        ("post", "/enterprise/clerks/{clerk}/reset"),
        ("post", "/enterprise/clerks/{clerk}/close"),
    ],
)
def test_rival_cannot_touch_what_is_lins(sign_in, method, address):
    batch = make_batch()
    run = make_print_run(batch, downloaded=False)
    address = address.format(batch=batch.number, run=run.id, clerk=person("lin").id)
    assert getattr(sign_in("wu"), method)(address).status_code == 403
    assert db.session.query(Download).count() == 0


def test_rival_sees_nothing_of_lins_batches_in_lists(sign_in):
    batch = make_batch()
    page = sign_in("wu").get("/enterprise/batches").text
    assert batch.number_text not in page and "A-001" not in page


def test_forms_without_their_token_are_refused(app):
    app.config["WTF_CSRF_ENABLED"] = True
    browser = app.test_client()
    browser.post("/sign-in", data={"sign_in_name": "lin", "password": PASSWORD})
    assert browser.get("/enterprise/").location.startswith("/sign-in")
    assert browser.post("/sign-in/out").status_code == 400


def test_signing_in_never_leads_to_another_site(app, client):
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example"):
        answer = app.test_client().post(
            "/sign-in", query_string={"next": elsewhere}, data={"sign_in_name": "lin", "password": PASSWORD}
        )
        assert answer.location == "/enterprise/"


def test_a_fault_shows_a_number_and_no_trace(app, client, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("gi_trace.verification.looking.look.read_text", broken)
    answer = client.get("/c/ABC")
    assert answer.status_code == 500 and "secret detail" not in answer.text and "Traceback" not in answer.text
    assert "secret detail" in caplog.text


def test_a_number_that_no_row_can_have_is_a_page_that_does_not_exist(sign_in):
    assert sign_in("lin").get(f"/enterprise/print-runs/{2**63}").status_code == 404


@pytest.mark.parametrize(
    ("someone", "address", "entry"),
    [
        ("zhao", "/authority/lots", "批料"),
        ("zhao", "/authority/parties/new", "用标名册"),
        ("zhao", "/authority/reconciliation", "产季核对"),
        ("lin", "/enterprise/tokens", "账号"),
        ("chen", "/inspector/visits", "巡查记录"),
    ],
)
def test_the_menu_says_where_one_is(sign_in, someone, address, entry):
    menu = sign_in(someone).get(address).text.split("<nav aria-label=")[-1].split("</nav>")[0]
    assert re.findall(r'aria-current="page">([^<]+)</a>', menu) == [entry]
