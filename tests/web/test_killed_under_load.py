"""A response leaves only after its check is on disk, also when the service is killed without warning."""

import os
import secrets
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

from sqlalchemy import create_engine, text

from gi_trace.codes.unit_code import codes_of
from gi_trace.database import db
from gi_trace.keys import keys
from tests.cast import make_activated_batch
from tests.service import gunicorn_on

CLIENTS, SECONDS = 12, 1.5


def look_until_it_dies(port, codes):
    """How many looks of strangers were answered."""
    connection, answered = HTTPConnection("127.0.0.1", port, timeout=10), 0
    for code in codes:
        device = secrets.token_urlsafe(16)
        headers = {"User-Agent": "Phone", "Cookie": f"device={device}"}
        try:
            connection.request("GET", f"/c/{code}", headers=headers)
            response = connection.getresponse()
            response.read()
        except OSError:
            break
        except Exception:  # half an answer
            break
        answered += response.status == 200
    connection.close()
    return answered


def test_every_answered_check_is_stored_though_the_service_is_killed_under_load(app):
    batch = make_activated_batch(units=1200)
    all_codes = codes_of(keys().by_epoch[batch.epoch], batch.number, 1, 1200)
    database = app.config["SQLALCHEMY_DATABASE_URI"]
    db.session.remove()
    first, rest = all_codes[:8], all_codes[8:]
    shares = [rest[start::CLIENTS] for start in range(CLIENTS)]
    with gunicorn_on(app) as (port, process), ThreadPoolExecutor(CLIENTS) as pool:
        before = sum(look_until_it_dies(port, [code]) for code in first)  # each process makes its first page
        looks = [pool.submit(look_until_it_dies, port, share) for share in shares]
        time.sleep(SECONDS)
        os.killpg(process.pid, signal.SIGKILL)
        answered = before + sum(look.result() for look in looks)
    engine = create_engine(database)
    with engine.connect() as connection:
        stored = connection.scalar(text("SELECT count(*) FROM verification"))
    engine.dispose()
    assert answered > before == len(first)
    assert answered <= stored <= answered + CLIENTS
