"""What the service knows of people's looks wears off, and no address is ever stored."""

from datetime import datetime, timedelta
from pathlib import Path

from gi_trace import clock
from gi_trace.database import db
from gi_trace.verification.models import Check, CheckCount, DayKey, count_checks
from gi_trace.verification.storing.upkeep import upkeep
from tests.cast import code, make_activated_batch

DAY_ONE = datetime.fromisoformat("2026-03-01T04:00Z")


def look(client, batch, unit, moment, at, browser="Phone"):
    at(moment.isoformat())
    client.get(f"/c/{code(batch, unit)}", headers={"User-Agent": browser})


def test_old_checks_become_counts_by_day_and_the_page_still_counts_them(app, client, at):
    batch = make_activated_batch()
    for day in (0, 0, 1, 200):
        for unit in (1, 2):
            look(client, batch, unit, DAY_ONE + timedelta(days=day, minutes=15 * unit + day), at)
    at((DAY_ONE + timedelta(days=200)).isoformat())
    thinned = upkeep()
    counts = {(row.day.isoformat(), row.checks) for row in db.session.query(CheckCount)}
    assert thinned == sum(checks for _, checks in counts) == 4
    assert {day for day, _ in counts} == {"2026-03-01", "2026-03-02"}
    assert db.session.query(Check).count() == 2
    assert count_checks(batch.number, 1) == 3
    assert upkeep() == 0


def test_keys_of_past_days_are_deleted_and_overwritten(app, client, at):
    look(app.test_client(use_cookies=False), make_activated_batch(), 1, DAY_ONE, at)
    upkeep()
    [key] = [row.key for row in db.session.query(DayKey)]  # the day is not over
    db.session.commit()
    at((DAY_ONE + timedelta(days=1)).isoformat())
    upkeep()
    assert db.session.query(DayKey).count() == 0
    db.session.commit()
    assert [path.name for path in files_of(app) if key in path.read_bytes()] == []


def test_no_full_address_is_on_disk(app, client):
    batch = make_activated_batch()
    for address in ("203.0.113.77", "2001:db8:5:6:7:8:9:a"):
        told = {"environ_base": {"REMOTE_ADDR": address}}
        client.get(f"/c/{code(batch)}", **told)
        app.test_client(use_cookies=False).get(f"/c/{code(batch, 2)}", **told)
        client.get("/c/00000000000000000000", **told)
        client.get(f"/api/v1/codes/{code(batch, 3)}", **told)
        client.post("/hidden-code", data={"code": code(batch), "digits": "12345678"}, **told)
        client.post("/report", data={"kind": "report", "what": "不一致"}, **told)
    assert count_checks(batch.number, 1) > 0 and clock.now()
    db.session.commit()
    for path in files_of(app):
        content = path.read_bytes()
        assert b"203.0.113.77" not in content and b"2001:db8:5:6" not in content, path


def files_of(app):
    return [path for path in Path(app.config["DATA_DIR"]).rglob("*") if path.is_file()]
