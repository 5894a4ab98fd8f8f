"""Opening, using, resetting and closing accounts."""

import re

import pytest

from gi_trace.accounts.actions import close_account, open_account, reset_password
from gi_trace.accounts.models import Account, Role
from gi_trace.accounts.rules import NotYourAccount, SignInNameUnfit, normal_sign_in_name
from gi_trace.database import db
from tests.cast import LIN_USCC, PASSWORD, person

OWN = "一个自己想的长密码-2026"


def one_time_password(page):
    return re.search(r"[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}", page).group()


def open_officer(zhao, **changes):
    data = {"role": "authority", "name": "周", "sign_in_name": "zhou"} | changes
    return zhao.post("/authority/accounts/new", data=data)


def enter(app, name, password):
    browser = app.test_client()
    return browser, browser.post("/sign-in", data={"sign_in_name": name, "password": password})


def choose(browser, old, new):
    return browser.post("/sign-in/password", data={"old": old, "new": new, "again": new})


def test_a_new_person_must_change_the_one_time_password_first(app, sign_in):
    password = one_time_password(open_officer(sign_in("zhao")).text)
    browser, answer = enter(app, "zhou", password)
    assert answer.location == "/sign-in/password"
    assert browser.get("/authority/").location == "/sign-in/password"
    assert "密码至少要" in choose(browser, password, "short").text
    assert "不能与一次性密码相同" in choose(browser, password, password).text
    assert choose(browser, password, OWN).status_code == 302
    assert enter(app, "zhou", OWN)[1].status_code == 302


def test_a_one_time_password_expires(app, sign_in, at):
    at("2026-11-01T08:00+00:00")
    password = one_time_password(open_officer(sign_in("zhao")).text)
    at("2026-11-09T08:00+00:00")
    assert "一次性密码已过期" in enter(app, "zhou", password)[1].text


def test_wrong_names_wrong_passwords_and_closed_accounts_get_one_answer(app, sign_in):
    zhao = sign_in("zhao")
    zhao.post(f"/authority/accounts/{person('wu').id}/close")
    answers = {enter(app, *pair)[1].status_code for pair in [("nobody", "x"), ("lin", "x"), ("wu", PASSWORD)]}
    texts = [enter(app, *pair)[1].text for pair in [("nobody", "x"), ("lin", "x"), ("wu", PASSWORD)]]
    assert answers == {422} and all("登录名或密码不正确，或账号已停用" in text for text in texts)


def test_closing_an_account_ends_its_sign_ins_and_keeps_the_row(sign_in):
    lin, zhao = sign_in("lin"), sign_in("zhao")
    assert lin.get("/enterprise/").status_code == 200
    zhao.post(f"/authority/accounts/{person('lin').id}/close")
    assert lin.get("/enterprise/").status_code == 302
    assert person("lin").closed_at is not None


def test_resetting_ends_the_old_password(app, sign_in):
    zhao = sign_in("zhao")
    password = one_time_password(zhao.post(f"/authority/accounts/{person('chen').id}/reset").text)
    assert enter(app, "chen", PASSWORD)[1].status_code == 422
    assert enter(app, "chen", password)[1].status_code == 302


def test_a_new_password_ends_the_other_sign_ins_and_a_reset_ends_all(sign_in):
    own, other = sign_in("lin"), sign_in("lin")
    assert choose(own, PASSWORD, OWN).status_code == 302
    assert [browser.get("/enterprise/").status_code for browser in (own, other)] == [200, 302]
    sign_in("zhao").post(f"/authority/accounts/{person('lin').id}/reset")
    assert own.get("/enterprise/").location.startswith("/sign-in?next=")


def test_a_sign_in_ends_with_its_hours_and_when_it_is_signed_out_also_for_a_kept_cookie(app, sign_in, at):
    at("2026-11-24T08:00+00:00")
    lin, wu = sign_in("lin"), sign_in("wu")
    kept = app.test_client()
    kept.set_cookie("gi_trace", wu.get_cookie("gi_trace").value)
    assert kept.get("/enterprise/").status_code == 200
    wu.post("/sign-in/out")
    assert kept.get("/enterprise/").status_code == 302
    at("2026-11-24T19:59+00:00")
    assert lin.get("/enterprise/").status_code == 200
    at("2026-11-24T20:00+00:00")
    assert lin.get("/enterprise/").status_code == 302


@pytest.mark.parametrize("weak", ["short-1", "abababababab", "my-LIN-password"])
def test_a_password_is_long_varied_and_not_ones_name(sign_in, weak):
    assert "密码至少要" in choose(sign_in("lin"), PASSWORD, weak).text


def test_who_manages_clerks_manages_those_of_its_own_firm_and_nobody_else(app):
    lin, wu, zhao = person("lin"), person("wu"), person("zhao")
    for role, party_id in [
        (Role.ENTERPRISE, wu.party_id),
        (Role.AUTHORITY, lin.party_id),
        (Role.ENTERPRISE, None),
    ]:
        with pytest.raises(NotYourAccount):
            open_account("new", "示范", role, by=lin, party_id=party_id)
    clerk, _ = open_account("clerk", "示范", Role.ENTERPRISE, by=lin, party_id=lin.party_id)
    with pytest.raises(NotYourAccount):
        reset_password(lin, by=clerk)
    with pytest.raises(NotYourAccount):
        close_account(zhao, by=lin)
    with pytest.raises(NotYourAccount):
        close_account(wu, by=lin)


def test_the_authority_opens_the_first_account_of_a_firm_by_its_social_credit_code(sign_in):
    zhao = sign_in("zhao")
    unknown = open_officer(zhao, role="enterprise", uscc="91440705MA00000000")
    assert unknown.status_code == 422 and "名录里没有" in unknown.text
    open_officer(zhao, role="enterprise", uscc=LIN_USCC, manages_clerks="y")
    assert person("zhou").party_id == person("lin").party_id and person("zhou").manages_clerks


def test_a_firms_first_account_manages_its_clerks_and_a_clerk_manages_nobody(app, sign_in):
    lin = sign_in("lin")
    password = one_time_password(
        lin.post("/enterprise/clerks", data={"name": "梅", "sign_in_name": "mei"}).text
    )
    browser, _ = enter(app, "mei", password)
    choose(browser, password, OWN)
    assert browser.get("/enterprise/batches").status_code == 200
    assert browser.post("/enterprise/clerks", data={"name": "x", "sign_in_name": "xxx"}).status_code == 422
    assert browser.post(f"/enterprise/clerks/{person('lin').id}/close").status_code == 403
    lin.post(f"/enterprise/clerks/{person('mei').id}/close")
    assert person("mei").closed_at is not None


def test_a_script_without_a_sign_in_leaves_the_form_that_a_person_opened_alone(app):
    app.config["WTF_CSRF_ENABLED"] = True
    browser = app.test_client()
    form = browser.get("/sign-in").text
    for headers in ({"Accept": "application/json"}, {"Sec-Fetch-Mode": "same-origin"}):
        answer = app.test_client().get("/inspector/patrol/session", headers=headers)
        assert answer.status_code == 401 and "Set-Cookie" not in answer.headers
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', form)[1]
    answer = browser.post("/sign-in", data={"csrf_token": token, "sign_in_name": "lin", "password": PASSWORD})
    assert answer.location == "/enterprise/"


def test_a_sign_in_form_that_lay_open_too_long_is_shown_again(app):
    app.config["WTF_CSRF_ENABLED"] = True
    answer = app.test_client().post(
        "/sign-in?next=/enterprise/lots",
        data={"sign_in_name": "lin", "password": PASSWORD},
        follow_redirects=True,
    )
    assert answer.request.full_path == "/sign-in?next=/enterprise/lots"
    assert "这一页打开太久了，请再登录一次。" in answer.text and 'name="password"' in answer.text


def test_a_taken_name_is_refused_and_the_form_keeps_what_was_typed(sign_in):
    answer = open_officer(sign_in("zhao"), sign_in_name="LIN", name="周先生")
    assert answer.status_code == 422 and "已被使用" in answer.text and "周先生" in answer.text
    assert db.session.query(Account).filter_by(name="周先生").count() == 0


def test_the_last_officer_cannot_be_closed(sign_in):
    zhao = sign_in("zhao")
    zhao.post(f"/authority/accounts/{person('sun').id}/close")
    answer = zhao.post(f"/authority/accounts/{person('zhao').id}/close")
    assert answer.status_code == 422 and "最后一个" in answer.text


@pytest.mark.parametrize("name", ["ab", "带中文", "-lin", "a b", "x" * 41])
def test_a_sign_in_name_is_plain(name):
    with pytest.raises(SignInNameUnfit):
        normal_sign_in_name(name)


def test_create_admin_opens_an_officer_from_the_console(app):
    runner = app.test_cli_runner()
    made = runner.invoke(args=["create-admin", "--sign-in-name", "first", "--name", "首"])
    assert made.exit_code == 0 and enter(app, "first", one_time_password(made.output))[1].status_code == 302
    refused = runner.invoke(args=["create-admin", "--sign-in-name", "lin", "--name", "首"])
    assert refused.exit_code == 1 and "已被使用" in refused.output
    enter(app, "lin", PASSWORD)
    again = runner.invoke(args=["create-admin", "--sign-in-name", "first", "--name", "首"])
    assert again.exit_code == 0 and enter(app, "first", one_time_password(again.output))[1].status_code == 302
