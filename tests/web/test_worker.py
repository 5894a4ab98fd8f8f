"""The worker that the server starts beside itself, for real: whatever is killed, what was asked for is done once."""

import os
import signal
import time
from http.client import HTTPConnection

import psutil
import pytest
from sqlalchemy import select

from gi_trace.casework.models import Lead
from gi_trace.casework.rules.leaving import LookedOver
from gi_trace.database import db, writing
from gi_trace.jobs.actions import add_job
from gi_trace.jobs.models import Job, JobState
from gi_trace.keys import keys
from gi_trace.offices.actions import send_transfer
from gi_trace.offices.models import OfficeMessage, find_office
from tests.casework import make_finding, make_lead
from tests.cast import person
from tests.offices import THIS_MACHINE, Instance, knows, strange_office
from tests.service import Sender, gunicorn_on

MOST_SECONDS = 120


def wait_until(what):
    """What it gives, once that is true."""
    end = time.monotonic() + MOST_SECONDS
    while time.monotonic() < end:
        if found := what():
            return found
        time.sleep(0.2)
    raise AssertionError("it never came")


def worker_of(server):
    """The worker that stands beside the server, once there is one."""
    return wait_until(
        lambda: next(
            (child for child in psutil.Process(server.pid).children() if "jobs" in child.cmdline()), None
        )
    )


def job_of(kind):
    db.session.rollback()
    return db.session.scalar(select(Job).filter_by(kind=kind, asked_by_id=person("zhao").id))


def ended(kind):
    job = job_of(kind)
    return job if job and not job.is_open else None


def test_what_a_person_asks_for_on_a_page_is_done_and_said_there(app):
    make_finding()
    with gunicorn_on(app) as (port, _):
        zhao = Sender(port, "zhao")
        assert "没有待处理的线索" in zhao.get("/authority/leads")
        status, _ = zhao.post("/authority/leads/gather", {})
        assert status == 302
        job = wait_until(lambda: ended("leads.gather"))
        assert "新收 1 条线索" in zhao.get(f"/authority/jobs/{job.id}")
    assert len(db.session.scalars(select(Lead)).all()) == 1


def test_what_was_asked_for_just_before_a_kill_is_found_though_nobody_was_woken(app):
    make_finding()
    with writing():
        add_job("leads.gather", {}, by=person("zhao"))
    with gunicorn_on(app):
        assert wait_until(lambda: ended("leads.gather")).state == JobState.DONE


@pytest.fixture
def theirs(tmp_path, prepared_sqlite):
    office = Instance("qinzhou-demo", tmp_path / "theirs", prepared_sqlite)
    yield office
    office.stop()


def test_a_delivery_whose_worker_is_killed_before_the_receipt_arrives_once(app, theirs):
    held = []
    app.config["OFFICES_NETWORKS"] = THIS_MACHINE

    def pass_on(connection):
        """To the other office and back; the first answer gets lost."""
        asked = connection.recv(1 << 20)
        while b"\r\n\r\n" not in asked or len(asked.partition(b"\r\n\r\n")[2]) < length_of(asked):
            asked += connection.recv(1 << 20)
        answer = answer_to(theirs, asked)
        if held:
            connection.sendall(answer)
        else:
            held.append(answer)

    ours = keys().office.public_key().public_bytes_raw().hex()
    knows(theirs.app, "jiangmen", ours, "")
    with strange_office(pass_on) as (url, callers):
        knows(app, theirs.code, theirs.public_key, url)
        with gunicorn_on(app) as (_, server):
            first = worker_of(server)
            told = {"reason": "产地在贵市", "looked": LookedOver((), True), "by": person("zhao")}
            send_transfer(make_lead(), find_office(theirs.code), **told)
            wait_until(lambda: held)
            first.send_signal(signal.SIGKILL)
            job = wait_until(lambda: ended("offices.deliver"))
            assert worker_of(server).pid != first.pid
    assert (job.state, job.attempts) == (JobState.DONE, 2)
    assert db.session.scalars(select(OfficeMessage)).one().receipted_at
    assert len(callers) == 2
    with theirs.app.app_context():
        assert db.session.query(Lead).count() == 1


@pytest.mark.parametrize(
    "how, status", [(signal.SIGTERM, 0), (signal.SIGINT, 0), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_the_worker_ends_with_the_server_however_that_ends(app, how, status):
    with gunicorn_on(app) as (_, server):
        worker = worker_of(server)
        os.kill(server.pid, how)
        assert server.wait(timeout=30) == status
        wait_until(lambda: not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE)


def length_of(asked):
    head = asked.partition(b"\r\n\r\n")[0].lower()
    return int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])


def answer_to(office, asked):
    head, _, body = asked.partition(b"\r\n\r\n")
    connection = HTTPConnection("127.0.0.1", office.server.server_port, timeout=60)
    connection.request("POST", head.split()[1].decode(), body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return f"HTTP/1.1 {answer.status} -\r\nContent-Length: {len(text)}\r\n\r\n".encode() + text
