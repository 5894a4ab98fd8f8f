"""Photos of an earlier day move into the store, also when that was cut off."""

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from flask_migrate import upgrade

from gi_trace.config import database_url as address_of
from gi_trace.database import db
from gi_trace.evidence.store import evidence_store, file_sha256

ROOT = Path(__file__).resolve().parents[2]
PHOTOS = {
    hashlib.sha256(content).hexdigest(): content for content in (os.urandom(100_000) for _ in range(40))
}
REDRAWN = b"the picture alone"


@pytest.fixture
def old_photos(app):
    """At 0001: photos of on-site checks in a column, those of reports in a folder of their own."""
    db.session.remove()
    db.engine.dispose()
    address = address_of(app.config)
    rows = [(number, 1, sha256, "image/jpeg", PHOTOS[sha256]) for number, sha256 in enumerate(PHOTOS, 1001)]
    if address.startswith("sqlite"):
        file = Path(address.removeprefix("sqlite:///"))
        for path in file.parent.glob(f"{file.name}*"):
            path.unlink()
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.executescript((ROOT / "tests/upgrades/0001.sql").read_text())
            connection.executemany("INSERT INTO check_photo VALUES (?, ?, ?, ?, ?)", rows)
    else:
        with db.engine.begin() as connection:
            db.metadata.drop_all(connection)
            connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
        upgrade(revision="0001")
        with psycopg.connect(address.replace("+psycopg", "")) as connection:
            connection.execute(
                "SET session_replication_role = replica"
            )  # whose check they belong to is not asked
            connection.cursor().executemany("INSERT INTO check_photo VALUES (%s, %s, %s, %s, %s)", rows)
    folder = Path(app.config["DATA_DIR"]) / "reports"
    folder.mkdir()
    (folder / f"{hashlib.sha256(REDRAWN).hexdigest()}.jpg").write_bytes(REDRAWN)
    return app


def upgrading(app):
    """`prepare` in a process of its own."""
    settings = {f"GI_TRACE_{name}": app.config[name] for name in ("DATA_DIR", "DATABASE_URL")}
    command = [sys.executable, "-m", "flask", "--app", "gi_trace", "db", "upgrade"]
    return subprocess.Popen(
        command, cwd=ROOT, env=os.environ | settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def all_are_in_the_store():
    with db.engine.connect() as connection:
        columns = connection.exec_driver_sql("SELECT * FROM check_photo").keys()
    originals = {
        path.name: path for path in (evidence_store().folder / "originals").rglob("*") if path.is_file()
    }
    redrawn = evidence_store().redrawn(hashlib.sha256(REDRAWN).hexdigest())
    return (
        "content" not in columns
        and originals.keys() >= PHOTOS.keys()
        and all(file_sha256(path) == name for name, path in originals.items())
        and redrawn.read_bytes() == REDRAWN
    )


def test_photos_in_the_database_become_files_of_the_store(old_photos):
    assert upgrading(old_photos).wait() == 0
    assert all_are_in_the_store()
    assert upgrading(old_photos).wait() == 0


def test_an_upgrade_that_was_killed_among_the_photos_is_run_again(old_photos):
    process, originals = upgrading(old_photos), evidence_store().folder / "originals"
    while process.poll() is None and not list(originals.rglob("*")):
        pass
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert upgrading(old_photos).wait() == 0
    assert all_are_in_the_store()
