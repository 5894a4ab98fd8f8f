"""A job is asked for by an act, begun once, done to its end or ended in words, whatever is killed meanwhile."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from gi_trace import clock
from gi_trace.database import NotWriting, db, writing
from gi_trace.errors import Refused
from gi_trace.jobs import actions, kinds, running
from gi_trace.jobs.ask import ask_for
from gi_trace.jobs.kinds import JobOutcome, job
from gi_trace.jobs.models import Job, JobState
from gi_trace.jobs.rules import every, nightly
from tests.cast import person
from tests.jobs import do_what_waits


class TooMany(Refused):
    code = "too_many"
    text = "{count} 行太多。"


@pytest.fixture(autouse=True)
def known_kinds(monkeypatch):
    """What a test registers is forgotten after it, and the service's own schedules rest."""
    monkeypatch.setattr(kinds, "KINDS", own := {})
    for module in (actions, running):
        monkeypatch.setattr(module, "KINDS", own)


@pytest.fixture
def done(app):
    """Numbers that jobs of the kind `note` were told."""
    numbers = []

    @job("note", "记数")
    def note(this):
        numbers.append(this.arguments["number"])
        return JobOutcome("记下 {number}。", number=this.arguments["number"])

    return numbers


def ask(kind="note", by="zhao", **arguments):
    return ask_for(kind, arguments, by=person(by) if by else None).id


def state_of(job_id):
    row = db.session.get(Job, job_id, populate_existing=True)
    return row.state, row.outcome.format(**row.facts)


def test_what_is_asked_for_is_done_in_its_order_and_says_what_came_of_it(done):
    first, second = ask(number=1), ask(number=2)
    assert state_of(first) == (JobState.QUEUED, "")
    do_what_waits()
    assert done == [1, 2] and state_of(second) == (JobState.DONE, "记下 2。")
    do_what_waits()
    assert done == [1, 2]


def test_an_act_that_fails_has_asked_for_nothing(done):
    with pytest.raises(TooMany), writing():
        ask(number=1)
        raise TooMany
    do_what_waits()
    assert done == [] and db.session.scalars(select(Job)).all() == []


def test_a_refusal_ends_the_job_in_its_words(app):
    @job("refuse", "拒绝")
    def refuse(this):
        raise TooMany(count=3)

    refused = ask("refuse")
    do_what_waits()
    assert state_of(refused) == (JobState.FAILED, "3 行太多。")


def test_a_fault_of_ours_is_tried_again_three_times_and_then_said(app, caplog):
    tries = []

    @job("break", "出错")
    def fail(this):
        tries.append(this.attempt)
        raise ZeroDivisionError

    broken = ask("break")
    do_what_waits()
    assert tries == [1, 2, 3]
    assert state_of(broken) == (JobState.FAILED, actions.INTERRUPTED)
    assert "ZeroDivisionError" in caplog.text


def test_a_job_whose_worker_was_killed_is_begun_again_once_it_gives_no_sign_of_life(done, at):
    at("2026-11-24T08:00+00:00")
    job_id = ask(number=7)
    killed = actions.begin_next()
    assert killed.attempt == 1
    at("2026-11-24T08:00:15+00:00")
    running.sweep()
    assert done == [], "its worker may still be alive"
    assert actions.sign_of_life(killed)
    at("2026-11-24T08:00:30+00:00")
    running.sweep()
    assert done == [], "it gave a sign of life"
    at("2026-11-24T08:00:36+00:00")
    running.sweep()
    assert done == [7] and state_of(job_id)[0] == JobState.DONE


def test_a_worker_that_was_overtaken_neither_ends_the_job_nor_writes_its_progress(done, at):
    at("2026-11-24T08:00+00:00")
    job_id = ask(number=7)
    slow = actions.begin_next()
    actions.progress(slow, 1, 2)
    at("2026-11-24T08:01+00:00")
    actions.take_up_abandoned()
    second = actions.begin_next()
    assert db.session.get(Job, job_id, populate_existing=True).done == 0, "it begins from the start"
    assert (slow.id, second.attempt) == (second.id, 2)
    actions.end(slow, JobState.FAILED, JobOutcome("迟了"))
    actions.give_back(slow)
    assert state_of(job_id) == (JobState.RUNNING, "")
    with pytest.raises(actions.Superseded):
        actions.progress(slow, 2, 2)
    actions.progress(second, 1, 2)
    actions.end(second, JobState.DONE, JobOutcome("好了"))
    assert state_of(job_id) == (JobState.DONE, "好了")


def test_a_job_that_kills_every_worker_ends(done, at):
    at("2026-11-24T08:00+00:00")
    job_id = ask(number=7)
    for minute in (1, 2, 3):
        assert actions.begin_next().attempt == minute
        at(f"2026-11-24T08:0{minute}+00:00")
        actions.take_up_abandoned()
    assert state_of(job_id) == (JobState.FAILED, actions.INTERRUPTED)


def test_of_a_kind_one_runs_at_a_time(done, app):
    ask(number=1), ask(number=2)
    first = actions.begin_next()
    assert first and actions.begin_next() is None

    @job("other", "别的")
    def other(this):
        pass

    ask("other")
    assert actions.begin_next().kind == "other"


def test_many_workers_at_once_do_each_job_once_and_no_two_of_a_kind_together(app, done):
    together, most = [], []

    @job("other", "别的")
    def other(this):
        together.append(this.id)
        most.append(len(together))
        done.append(this.arguments["number"])
        together.remove(this.id)

    for number in range(20):
        ask("other", number=number)
        ask("note", number=100 + number)
    db.session.rollback()

    def worker(_):
        with app.app_context():
            running.work()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(worker, range(6)))
    assert sorted(done) == [*range(20), *range(100, 120)] and max(most) == 1
    assert {row.attempts for row in db.session.scalars(select(Job))} == {1}


def test_progress_is_seen_while_the_job_goes_on_but_is_not_written_for_every_row(app):
    seen = []

    @job("count", "清点")
    def count(this):
        for row in range(1, 101):
            actions.progress(this, row, 100)
            db.session.rollback()
            seen.append(db.session.get(Job, this.id).done)

    counted = ask("count")
    do_what_waits()
    assert state_of(counted)[0] == JobState.DONE
    assert seen[0] == 1 and seen[-1] == 100, "the first row and the last are always told"
    assert len(set(seen)) < 100


def test_progress_inside_an_act_is_a_mistake(done):
    ask(number=1)
    begun = actions.begin_next()
    with pytest.raises(NotWriting), writing():
        actions.progress(begun, 1, 2)


def test_the_service_asks_by_itself_when_it_is_due_and_once(app, at):
    times = []

    @job("tick", "定时", schedule=every(timedelta(hours=1)))
    def tick(this):
        assert this.asked_by is None
        times.append(clock.now().hour)

    for moment in ("08:05", "08:50", "09:00", "09:01", "11:30"):
        at(f"2026-11-24T{moment}+00:00")
        running.sweep()
    assert times == [8, 9, 11]


def test_nothing_is_asked_for_while_nothing_is_needed_or_one_is_open(app, at):
    needed = False

    @job("tick", "定时", schedule=every(timedelta(hours=1)), is_needed=lambda: needed)
    def tick(this):
        pass

    actions.ask_for_scheduled()
    assert db.session.scalars(select(Job)).all() == []
    needed = True
    actions.ask_for_scheduled()
    at("2036-11-24T08:00+00:00")
    actions.ask_for_scheduled()
    assert len(db.session.scalars(select(Job)).all()) == 1


def test_a_missed_night_is_made_up_for(app, at):
    nights = []

    @job("nightly", "夜间", schedule=nightly(3))
    def by_night(this):
        nights.append(clock.now())

    for moment in ("2026-11-24T18:59", "2026-11-24T19:00", "2026-11-25T05:00", "2026-11-26T05:00"):
        at(f"{moment}+00:00")  # 02:59, 03:00 and 13:00 in Shanghai
        running.sweep()
    assert [night.day for night in nights] == [24, 24, 26]


def test_the_service_forgets_what_it_did_a_month_ago_but_never_what_a_person_asked(app, at):
    @job("tick", "定时", schedule=every(timedelta(days=1)))
    def tick(this):
        pass

    at("2026-11-01T08:00+00:00")
    asked = ask("tick")
    do_what_waits()
    for moment in ("2026-11-02", "2026-11-03", "2026-12-30"):
        at(f"{moment}T08:00+00:00")
        running.sweep()
    assert [row.asked_at.day for row in db.session.scalars(select(Job).order_by(Job.id))] == [1, 30]
    assert state_of(asked)[0] == JobState.DONE


def test_the_asker_and_the_authority_see_a_job_and_nobody_else(done, sign_in):
    job_id = ask(by="liang", number=1)
    for name, face, status in [
        ("liang", "enterprise", 200),
        ("zhao", "authority", 200),
        ("wu", "enterprise", 404),
    ]:
        assert sign_in(name).get(f"/{face}/jobs/{job_id}").status_code == status
    zhao = sign_in("zhao")
    assert 'http-equiv="refresh"' in zhao.get(f"/authority/jobs/{job_id}").text
    do_what_waits()
    page = zhao.get(f"/authority/jobs/{job_id}").text
    assert "记下 1。" in page and "http-equiv" not in page
    assert "记下 1。" in zhao.get("/authority/jobs").text
    told = zhao.get(f"/authority/jobs/{job_id}", headers={"Accept": "application/json"})
    assert json.loads(told.text) | {"id": 0} == {
        "id": 0,
        "state": "done",
        "done": 0,
        "total": 0,
        "outcome": "记下 1。",
    }
