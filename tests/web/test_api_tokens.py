"""A token: for what it was made, until its day, and no longer than the password under which it was made."""

import pytest

from gi_trace.accounts.actions import add_account, change_password, close_account, open_again, reset_password
from gi_trace.accounts.models import ApiToken, Role, Scope, tokens_seen_by
from gi_trace.accounts.rules import ScopeNotForClerks, SignInRefused, TokenUnfit
from gi_trace.accounts.tokens import make_token
from gi_trace.database import db, writing
from tests.cast import PASSWORD, PASSWORD_HASH, make_batch, make_print_run, party_of, person, token_of

NEW_PASSWORD = "another-long-password"


@pytest.fixture
def call(app):
    browser = app.test_client()

    def send(token, path="/batches", body=None):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        method = "GET" if body is None else "POST"
        return browser.open(f"/api/v1{path}", method=method, json=body, headers=headers)

    return send


def open_clerk(sign_in_name="ming"):
    """A clerk of Lin's."""
    columns = {"sign_in_name": sign_in_name, "name": sign_in_name, "role": Role.ENTERPRISE, "duties": []}
    columns |= {"party_id": party_of("lin").id, "password_is_one_time": False}
    return add_account(PASSWORD_HASH, by=person("lin"), **columns)


def test_who_brings_no_standing_token_is_told_what_is_wrong_with_it(call, at):
    at("2026-11-24T08:00Z")
    token = token_of("lin", days=30)
    none, wrong = call(""), call("nothing")
    assert none.status_code == wrong.status_code == 401
    assert none.headers["WWW-Authenticate"] == 'Bearer realm="gi_trace"' and "令牌" in none.json["detail"]
    assert 'error="invalid_token"' in wrong.headers["WWW-Authenticate"]
    assert call(token).status_code == 200
    at("2026-12-24T08:00Z")
    late = call(token)
    assert (late.status_code, late.json["code"]) == (401, "token_expired")
    assert 'error="invalid_token"' in late.headers["WWW-Authenticate"] and "2026-12-24" in late.json["detail"]


@pytest.mark.parametrize("scope", list(Scope))
def test_a_token_does_what_it_is_for_and_nothing_else(call, scope):
    run = make_print_run(make_batch())
    again = {"reason": "再印"}
    asked = {
        Scope.READ: (f"/batches/{run.batch_number}", None),
        Scope.BATCHES: ("/batches/1/cancellation", {}),
        Scope.LABELS: (f"/print-runs/{run.id}/files", again),
        Scope.HIDDEN_CODES: (f"/print-runs/{run.id}/hidden-code-files", again),
    }
    token = token_of("lin", scope)
    for needed, (path, body) in asked.items():
        answer = call(token, path, body)
        if needed is scope:
            assert answer.status_code in (200, 404)
        else:
            assert (answer.status_code, answer.json["code"]) == (403, "scope_missing")
            challenge = answer.headers["WWW-Authenticate"]
            assert 'error="insufficient_scope"' in challenge and f'scope="{needed}"' in challenge


def test_a_file_of_hidden_codes_is_not_fetched_again_with_less(call):
    run = make_print_run(make_batch(), downloaded=False)
    first = call(token_of("lin"), f"/print-runs/{run.id}/hidden-code-files", {"reason": "印涂层"})
    again = first.headers["Content-Location"].removeprefix("/api/v1")
    assert call(token_of("lin"), again).data == first.data
    for scopes in ([Scope.READ], [Scope.READ, Scope.BATCHES, Scope.LABELS]):
        assert call(token_of("lin", *scopes), again).json["code"] == "scope_missing"


def test_every_operation_that_writes_asks_for_more_than_reading(app):
    api = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")]
    for rule in api:
        scope = getattr(app.view_functions[rule.endpoint], "scope", Scope.READ)
        assert "POST" not in rule.methods or scope is not Scope.READ, rule


@pytest.mark.parametrize(
    "end",
    [
        lambda lin: reset_password(lin, by=person("zhao")),
        lambda lin: change_password(lin, PASSWORD, NEW_PASSWORD),
        lambda lin: close_account(lin, by=person("zhao")),
    ],
)
def test_tokens_end_with_the_password_and_the_account(call, end):
    token, rivals = token_of("lin"), token_of("wu")
    end(person("lin"))
    assert call(token).json["code"] == "token_invalid" and call(rivals).status_code == 200
    if person("lin").closed_at:
        open_again(person("lin"), by=person("zhao"))
    with writing():
        person("lin").password_is_one_time = False
    assert call(token).json["code"] == "token_invalid", "nor does it come back"


def test_who_changes_a_password_is_told_which_tokens_end_with_it(app, sign_in):
    lin = sign_in("lin")
    assert "接口令牌" not in lin.get("/sign-in/password").text
    token_of("lin")
    assert "停用您的 1 个接口令牌" in lin.get("/sign-in/password").text


def test_whoever_was_reset_a_moment_ago_makes_no_token(app):
    lin = person("lin")
    reset_password(lin, by=person("zhao"))
    with pytest.raises(SignInRefused):
        token_of("lin")


def test_of_its_use_a_token_keeps_the_day_and_writes_it_once(call, at):
    at("2026-11-24T08:00Z")
    token = token_of("lin")
    call(token)
    assert db.session.query(ApiToken).one().last_used_on.isoformat() == "2026-11-24"
    at("2026-11-25T08:00Z")
    assert call("wrong").status_code == 401
    assert db.session.query(ApiToken).one().last_used_on.isoformat() == "2026-11-24"
    call(token)
    assert db.session.query(ApiToken).one().last_used_on.isoformat() == "2026-11-25"


def test_a_token_tells_what_it_is_for_and_until_when(call, at):
    at("2026-11-24T08:00Z")
    told = call(token_of("lin", Scope.READ, Scope.LABELS, days=30), "/token").json
    assert told["scopes"] == ["read", "labels"] and told["expires_at"].startswith("2026-12-24T08:00")
    assert told["enterprise"] == party_of("lin").name


def test_hidden_codes_are_for_tokens_of_the_first_account_and_no_token_is_for_ever(app):
    clerk = open_clerk()
    with pytest.raises(ScopeNotForClerks):
        make_token("示范", [Scope.HIDDEN_CODES], by=clerk)
    for scopes, days in (([], 30), ([Scope.READ], 366), ([Scope.READ], 0)):
        with pytest.raises(TokenUnfit):
            make_token("示范", scopes, by=clerk, days=days)


def test_the_first_account_sees_and_stops_all_tokens_of_the_firm(app, sign_in, call):
    clerk = open_clerk()
    token = make_token("车间系统", [Scope.READ], by=clerk)
    row, own = db.session.query(ApiToken).one(), token_of("lin")
    assert "车间系统" in sign_in("lin").get("/enterprise/tokens").text
    assert [one.account.name for one in tokens_seen_by(clerk)] == ["ming"]
    of_lin = db.session.query(ApiToken).filter_by(account_id=person("lin").id).one()
    refused = sign_in("ming").post(f"/enterprise/tokens/{of_lin.id}/revoke")
    assert refused.status_code == 403 and call(own).status_code == 200
    assert sign_in("wu").post(f"/enterprise/tokens/{row.id}/revoke").status_code == 403
    sign_in("lin").post(f"/enterprise/tokens/{row.id}/revoke")
    assert call(token).status_code == 401


def test_a_token_is_made_on_the_page_shown_once_and_told_with_its_end(sign_in, call, at):
    at("2026-11-24T08:00Z")
    lin = sign_in("lin")
    asked = {"name": "示范仓库二", "scopes": ["read"], "days": "30"}
    page = lin.post("/enterprise/tokens", data=asked).text
    token = page.split('<p class="lead"><span class="code">')[1].split("<")[0]
    assert call(token).status_code == 200
    assert call(token, "/batches", {}).json["code"] == "scope_missing"
    again = lin.get("/enterprise/tokens").text
    assert token not in again and "2026-12-24 16:00" in again and "2026-11-24" in again
    assert lin.post("/enterprise/tokens", data={"name": "示范", "days": "30"}).status_code == 422
    at("2026-12-20T08:00Z")
    assert "还有 4 天到期" in sign_in("lin").get("/enterprise/tokens").text
