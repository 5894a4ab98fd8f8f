"""Opening, using, resetting and closing accounts."""

import re

import pytest

from gi_trace import clock
from gi_trace.accounts.actions import close_account, open_account, reset_password
from gi_trace.accounts.models import Account, Duty, Role, find_account
from gi_trace.accounts.passwords import fits
from gi_trace.accounts.rules import NotYourAccount, SignInNameUnfit, normal_sign_in_name
from gi_trace.database import db, writing
from tests.cast import LIN_USCC, PASSWORD, person, two_officers

OWN = "一个自己想的长密码-2026"


def one_time_password(page):
    return re.search(r"[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}", page).group()


def open_inspector(zhao, **changes):
    data = {"role": "inspector", "name": "周", "sign_in_name": "zhou"} | changes
    return zhao.post("/authority/accounts/new", data=data)


def enter(app, name, password):
    browser = app.test_client()
    return browser, browser.post("/sign-in", data={"sign_in_name": name, "password": password})


def choose(browser, old, new):
    return browser.post("/sign-in/password", data={"old": old, "new": new, "again": new})


def test_a_new_person_must_change_the_one_time_password_first(app, sign_in):
    password = one_time_password(open_inspector(sign_in("zhao")).text)
    browser, answer = enter(app, "zhou", password)
    assert answer.location == "/sign-in/password"
    assert browser.get("/inspector/").location == "/sign-in/password"
    assert "密码至少要" in choose(browser, password, "short").text
    assert "不能与一次性密码相同" in choose(browser, password, password).text
    assert choose(browser, password, OWN).status_code == 302
    assert enter(app, "zhou", OWN)[1].status_code == 302


def test_a_one_time_password_expires(app, sign_in, at):
    at("2026-11-01T08:00+00:00")
    password = one_time_password(open_inspector(sign_in("zhao")).text)
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
    unknown = open_inspector(zhao, role="enterprise", uscc="91440705MA00000000")
    assert unknown.status_code == 422 and "名录里没有" in unknown.text
    open_inspector(zhao, role="enterprise", uscc=LIN_USCC, manages_clerks="y")
    assert person("zhou").party_id == person("lin").party_id and person("zhou").manages_clerks


def test_a_firms_first_account_manages_its_clerks_and_a_clerk_manages_nobody(app, sign_in):
    lin = sign_in("lin")
    password = one_time_password(
        lin.post("/enterprise/clerks/new", data={"name": "梅", "sign_in_name": "mei"}).text
    )
    browser, _ = enter(app, "mei", password)
    choose(browser, password, OWN)
    assert browser.get("/enterprise/batches").status_code == 200
    assert (
        browser.post("/enterprise/clerks/new", data={"name": "x", "sign_in_name": "xxx"}).status_code == 422
    )
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
    answer = open_inspector(sign_in("zhao"), sign_in_name="LIN", name="周先生")
    assert answer.status_code == 422 and "已被使用" in answer.text and "周先生" in answer.text
    assert db.session.query(Account).filter_by(name="周先生").count() == 0


def test_the_last_administrator_cannot_be_closed_nor_lose_that_duty(sign_in):
    zhao = sign_in("zhao")
    close, duties = (f"/authority/accounts/{person('zhao').id}/{end}" for end in ("close", "duties"))
    answers = [zhao.post(close), zhao.post(duties, data={"duties": "handler", "answers": "confirmed"})]
    assert all(answer.status_code == 422 and "最后一个管理员" in answer.text for answer in answers)
    assert person("zhao").closed_at is None and Duty.ADMINISTRATOR in person("zhao").duties


def test_an_account_of_the_authority_is_opened_by_two(app, sign_in):
    zhao, sun = sign_in("zhao"), sign_in("sun")
    asked = open_inspector(zhao, role="authority", duties="reviewer", reason="外单位借调")
    assert asked.location.startswith("/authority/proposals/") and find_account("zhou") is None
    page = sun.get(asked.location).text
    assert "外单位借调" in page and "审核" in page
    sun.post(asked.location, data={"decision": "confirm"})
    zhou = person("zhou")
    assert zhou.duties == ["reviewer"] and not fits("", zhou.password_hash)
    password = one_time_password(zhao.post(f"/authority/accounts/{zhou.id}/reset").text)
    assert enter(app, "zhou", password)[1].location == "/sign-in/password"
    history = zhao.get(f"/authority/accounts/{zhou.id}").text
    assert "开通账号" in history and "提请人：zhao" in history


def test_an_officer_has_duties_and_nobody_else(sign_in):
    zhao = sign_in("zhao")
    refused = open_inspector(zhao, role="authority", reason="新同事")
    assert refused.status_code == 422 and "至少要有一项职责" in refused.text
    answer = zhao.post(
        f"/authority/accounts/{person('lin').id}/duties", data={"duties": "handler", "answers": "confirmed"}
    )
    assert answer.status_code == 422 and person("lin").duties == []


def test_an_administrator_gives_and_takes_duties_and_the_account_tells_since_when(sign_in, at):
    at("2026-11-24T08:00+00:00")
    zhao, sun = sign_in("zhao"), sign_in("sun")
    duties = f"/authority/accounts/{person('sun').id}/duties"
    assert sun.post(duties, data={"duties": "administrator", "answers": "confirmed"}).status_code == 403
    zhao.post(duties, data={"duties": "reviewer", "answers": "confirmed"})
    assert person("sun").duties == ["reviewer"]
    history = zhao.get(f"/authority/accounts/{person('sun').id}").text
    assert "更改职责" in history and "2026-11-24 16:00" in history


def test_who_only_reviews_changes_nothing_else(sign_in):
    zhao, sun = sign_in("zhao"), sign_in("sun")
    zhao.post(
        f"/authority/accounts/{person('sun').id}/duties", data={"duties": "reviewer", "answers": "confirmed"}
    )
    assert sun.get("/authority/roll").status_code == 200
    for page in (
        "/authority/stops/new",
        "/authority/accounts/new",
        f"/authority/accounts/{person('wu').id}/close",
    ):
        data = {"role": "inspector", "name": "周", "sign_in_name": "zhou", "answers": "confirmed"}
        assert sun.post(page, data=data).status_code in (403, 422)
    assert person("wu").closed_at is None and find_account("zhou") is None


def test_a_closed_account_is_opened_again_with_a_new_password_and_its_sign_ins_stay_ended(app, sign_in):
    chen, zhao = sign_in("chen"), sign_in("zhao")
    zhao.post(f"/authority/accounts/{person('chen').id}/close")
    again = {"reason": "调回", "answers": "confirmed"}
    password = one_time_password(zhao.post(f"/authority/accounts/{person('chen').id}/open", data=again).text)
    assert person("chen").closed_at is None and chen.get("/inspector/").status_code == 302
    assert enter(app, "chen", PASSWORD)[1].status_code == 422
    assert enter(app, "chen", password)[1].location == "/sign-in/password"
    assert "重新开通" in zhao.get(f"/authority/accounts/{person('chen').id}").text
    refused = zhao.post(f"/authority/accounts/{person('chen').id}/open", data=again)
    assert refused.status_code == 422 and "没有停用" in refused.text


def test_a_closed_officer_comes_back_by_two(app, sign_in):
    open_account("zhou", "周", Role.AUTHORITY, duties=[Duty.HANDLER], **two_officers())
    close_account(person("zhou"), by=person("zhao"))
    zhao, sun = sign_in("zhao"), sign_in("sun")
    address = f"/authority/accounts/{person('zhou').id}/open"
    asked = zhao.post(address, data={"reason": "调回", "answers": "confirmed"})
    assert person("zhou").closed_at is not None
    sun.post(asked.location, data={"decision": "confirm"})
    assert person("zhou").closed_at is None and person("zhou").password_is_one_time


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
    assert person("first").duties == ["handler", "reviewer"]  # an administrator is there
    again = runner.invoke(args=["create-admin", "--sign-in-name", "first", "--name", "首"])
    assert again.exit_code == 0 and enter(app, "first", one_time_password(again.output))[1].status_code == 302


def test_what_was_done_from_the_console_is_shown_to_officers(app, sign_in):
    app.test_cli_runner().invoke(args=["create-admin", "--sign-in-name", "first", "--name", "首任"])
    page = sign_in("sun").get("/authority/accounts").text
    assert "从服务器控制台办理的" in page and page.count("首任") == 2


def test_the_first_officer_of_all_administers_and_a_closed_one_comes_back_from_the_console(app):
    runner = app.test_cli_runner()
    with writing():
        for officer in (person("zhao"), person("sun")):
            officer.closed_at = clock.now()
    runner.invoke(args=["create-admin", "--sign-in-name", "first", "--name", "首"])
    assert person("first").duties == ["handler", "reviewer", "administrator"]
    back = runner.invoke(args=["create-admin", "--sign-in-name", "sun", "--name", "孙"])
    assert back.exit_code == 0 and enter(app, "sun", one_time_password(back.output))[1].status_code == 302
