"""Who guesses at passwords waits longer and longer; the owner signs in as ever."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest

from gi_trace import clock
from gi_trace.accounts import passwords
from gi_trace.accounts.actions import change_password, open_account, reset_password, sign_in
from gi_trace.accounts.models import Role
from gi_trace.accounts.rules import SignInRefused, TooManySignIns, wait_after
from gi_trace.database import NotWriting, db, writing
from gi_trace.web.callers import household
from gi_trace.web.limits import limiter
from gi_trace.web.sign_in.tries import FREE_OF_HOUSEHOLD, FREE_OF_NAME
from tests.cast import PASSWORD, person
from tests.service import gunicorn_on

HOME, ELSEWHERE = "198.51.100.7", "203.0.113.9"


@pytest.fixture
def now(monkeypatch):
    """A clock that the test moves on, in seconds."""
    instants = [datetime(2026, 11, 24, 8, tzinfo=UTC)]
    monkeypatch.setattr(clock, "now", lambda: instants[-1])
    return lambda seconds: instants.append(instants[-1] + timedelta(seconds=seconds))


@pytest.fixture
def enter(app, now):
    """An answer to a sign-in, from an address; in a browser of its own unless one is given."""

    def entered(name="lin", password="wrong-password", *, address=HOME, browser=None):
        browser = browser or app.test_client()
        data = {"sign_in_name": name, "password": password}
        return browser.post("/sign-in", data=data, environ_base={"REMOTE_ADDR": address})

    return entered


@pytest.fixture
def few_are_free(monkeypatch):
    monkeypatch.setattr("gi_trace.web.sign_in.tries.FREE_OF_NAME", 2)
    monkeypatch.setattr("gi_trace.web.sign_in.tries.FREE_OF_HOUSEHOLD", 4)


def statuses(enter, count, **how):
    return [enter(**how).status_code for _ in range(count)]


def test_twenty_wrong_passwords_from_one_address_do_not_keep_the_owner_out(enter):
    answers = statuses(enter, 20)
    assert answers == [422] * (FREE_OF_NAME + 1) + [429] * (20 - FREE_OF_NAME - 1)
    assert enter(password=PASSWORD, address=ELSEWHERE).status_code == 302


def test_a_guesser_is_told_when_to_come_again_and_waits_longer_each_time(few_are_free, enter, now):
    assert statuses(enter, 3) == [422, 422, 422]
    for seconds in (2, 4, 8, 16):
        refused = enter()
        assert refused.status_code == 429 and refused.headers["Retry-After"] == str(seconds)
        assert f"请过 {seconds} 秒再试" in refused.text and 'value="lin"' in refused.text
        now(seconds - 1)
        assert enter(password=PASSWORD).status_code == 429, "also when it guesses right"
        now(1)
        assert enter().status_code == 422


def test_the_right_password_after_some_wrong_ones_forgets_them(few_are_free, enter):
    for _ in range(2):
        assert statuses(enter, 2) == [422, 422]
        assert enter(password=PASSWORD).status_code == 302


def test_a_name_is_one_however_it_is_typed(few_are_free, enter):
    names = ["lin", "LIN", " Lin ", "ｌｉｎ"]
    assert [enter(name).status_code for name in names] == [422, 422, 422, 429]
    assert enter(" ＬＩＮ ", PASSWORD, address=ELSEWHERE).status_code == 302


def test_many_names_from_one_household_are_slowed_and_other_households_are_not(few_are_free, enter):
    assert [enter(f"guessed-{n}").status_code for n in range(6)] == [422] * 5 + [429]
    assert enter(password=PASSWORD).status_code == 429
    assert enter(password=PASSWORD, address=ELSEWHERE).status_code == 302


def test_addresses_of_one_household_count_as_one(few_are_free, enter):
    addresses = ["2001:db8:1:2::3", "2001:db8:1:2:ffff::4", "[2001:db8:1:2::5]:4711", "2001:db8:1:2::6"]
    assert [enter(address=address).status_code for address in addresses] == [422, 422, 422, 429]
    addresses = [HOME, f"::ffff:{HOME}", f"{HOME}:4711", HOME]
    assert [enter("wu", address=address).status_code for address in addresses] == [422, 422, 422, 429]
    assert enter(address="2001:db8:1:3::3").status_code == 422


def test_colleagues_who_sign_in_do_not_count(enter):
    answers = [enter(password=PASSWORD).status_code for _ in range(FREE_OF_HOUSEHOLD + 5)]
    assert set(answers) == {302}


def test_a_browser_that_signed_in_before_does_not_wait_for_others_of_its_household(few_are_free, app, enter):
    known = app.test_client()
    assert enter(password=PASSWORD, browser=known).status_code == 302
    known.post("/sign-in/out")
    assert 429 in statuses(enter, 5) and 429 in [enter(f"guessed-{n}").status_code for n in range(5)]
    assert enter(password=PASSWORD, browser=known).status_code == 302


def test_a_known_browser_waits_for_its_own_failures_and_knows_no_other_name(few_are_free, app, enter):
    known = app.test_client()
    enter(password=PASSWORD, browser=known)
    known.post("/sign-in/out")
    assert statuses(enter, 4, browser=known) == [422, 422, 422, 429]
    assert [enter("wu", browser=known).status_code for _ in range(4)] == [422, 422, 422, 429]
    assert enter(password=PASSWORD).status_code == 302, "the household has not failed with this name"


def test_a_cookie_that_we_did_not_sign_makes_no_known_browser(few_are_free, app, enter):
    forger = app.test_client()
    forger.set_cookie("known_device", "WyJ4IixbImxpbiJdXQ.c2lnbmF0dXJl", path="/sign-in")
    assert statuses(enter, 4) == [422, 422, 422, 429]
    assert enter(browser=forger).status_code == 429


def test_failures_are_forgotten_after_an_hour(few_are_free, enter, now):
    assert 429 in statuses(enter, 4)
    now(3601)
    assert statuses(enter, 3) == [422, 422, 422]


def test_the_wait_doubles_and_ends_at_a_quarter_of_an_hour():
    assert [wait_after(tries, 5) for tries in (1, 5, 6, 7, 8, 14, 15, 5000)] == [0, 0, 2, 4, 8, 512, 900, 900]


def test_no_transaction_is_open_while_a_password_is_looked_at(app):
    with writing(), pytest.raises(NotWriting):
        passwords.hashed("x")
    db.session.connection()
    assert not passwords.fits("x", None)
    assert not db.session().in_transaction()


def test_few_passwords_wait_to_be_looked_at_and_the_rest_is_asked_to_come_again(app, enter, monkeypatch):
    places = [passwords._places.acquire(blocking=False) for _ in range(passwords.MOST_WAITING)]
    assert all(places)
    with pytest.raises(TooManySignIns):
        open_account("new", "示范", Role.INSPECTOR, by=person("zhao"))
    answer = enter(password=PASSWORD)
    assert answer.status_code == 503 and answer.headers["Retry-After"] and "登录的人太多" in answer.text
    passwords._places.release(passwords.MOST_WAITING)
    assert enter(password=PASSWORD).status_code == 302


def test_a_password_that_was_reset_while_the_old_one_was_looked_at_signs_nobody_in(app, monkeypatch):
    def slowly(password, known_hash):
        fitted = passwords.fits(password, known_hash)
        reset_password(person("lin"), by=person("zhao"))
        return fitted

    monkeypatch.setattr("gi_trace.accounts.actions.fits", slowly)
    with pytest.raises(SignInRefused):
        sign_in("lin", PASSWORD, browser="")
    with pytest.raises(SignInRefused):
        change_password(person("wu"), "wrong", "a-new-long-password")


def test_a_password_that_was_reset_while_a_new_one_was_hashed_stays_the_reset_one(app, monkeypatch):
    def slowly(password):
        new = passwords.hashed(password)
        reset_password(person("lin"), by=person("zhao"))
        return new

    with monkeypatch.context() as patched, pytest.raises(SignInRefused):
        patched.setattr("gi_trace.accounts.actions.hashed", lambda password: _once(patched, slowly, password))
        change_password(person("lin"), PASSWORD, "a-new-long-password")
    assert person("lin").password_is_one_time


def _once(patched, slowly, password):
    patched.setattr("gi_trace.accounts.actions.hashed", passwords.hashed)
    return slowly(password)


def test_all_workers_of_a_machine_count_together(app):
    with gunicorn_on(app, workers=3) as (port, _):

        def ask(path="/sign-in", body=None, cookie=""):
            connection = HTTPConnection("127.0.0.1", port, timeout=60)
            headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
            connection.request("GET" if body is None else "POST", path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            connection.close()
            return answer, text

        answer, page = ask()
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
        cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        form = urlencode({"sign_in_name": "lin", "password": "wrong", "csrf_token": token})
        with ThreadPoolExecutor(20) as people:
            answers = [
                answer.status for answer, _ in people.map(lambda _: ask("/sign-in", form, cookie), range(20))
            ]
    assert set(answers) == {422, 429} and answers.count(422) < 3 * (FREE_OF_NAME + 1), "as each for itself"
    with app.test_request_context(environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        assert limiter.storage.get(f"failed/lin from {household()}") == answers.count(422)
