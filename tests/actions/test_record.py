"""The record finds what anybody did to it behind its back."""

import pytest

from gi_trace.database import db
from gi_trace.record.actions import first_broken_row
from gi_trace.record.models import RecordRow
from tests.cast import make_activated_batch


@pytest.fixture
def acts(app):
    make_activated_batch()
    assert first_broken_row()[0] is None
    return db.session.query(RecordRow).count()


def tamper(statement: str) -> None:
    """As somebody with the database in hand would: its own guards switched off."""
    unguarded = {"sqlite": "PRAGMA foreign_keys=OFF", "postgresql": "SET session_replication_role = replica"}
    db.session.rollback()
    connection = db.engine.raw_connection()  # SQLite drops its guard only outside a transaction
    cursor = connection.cursor()
    cursor.execute(unguarded[db.engine.dialect.name])
    cursor.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("crime", "statement"),
    [
        (
            "edited",
            "UPDATE record_row SET body = replace(body, 'A-001', 'A-002') WHERE act = 'batch.registered'",
        ),
        (
            "edited beside the body",
            "UPDATE record_row SET act = 'batch.cancelled' WHERE act = 'batch.registered'",
        ),
        ("edited in time", "UPDATE record_row SET at = '2020-01-01' WHERE act = 'batch.registered'"),
        ("deleted", "DELETE FROM record_row WHERE number = 3"),
        ("cut off at the end", "DELETE FROM record_row WHERE number = (SELECT max(number) FROM record_row)"),
        (
            "reordered",
            "UPDATE record_row SET number = CASE number WHEN 3 THEN -4 ELSE 3 END WHERE number IN (3, 4)",
        ),
        (
            "inserted",
            "INSERT INTO record_row SELECT number + 1, at, act, subject, by, body, 'x', 'y' "
            "FROM record_row ORDER BY number DESC LIMIT 1",
        ),
    ],
)
def test_a_row_that_was_tampered_with_is_found(app, acts, crime, statement):
    tamper(statement)
    assert first_broken_row()[0] is not None


def test_a_personal_value_can_be_erased_without_breaking_the_chain_but_not_changed(app, acts):
    tamper("DELETE FROM record_personal_value")
    assert first_broken_row()[0] is None


def test_the_command_says_where_the_record_breaks(app, acts):
    runner = app.test_cli_runner()
    assert runner.invoke(args=["record", "verify"]).exit_code == 0
    tamper("UPDATE record_row SET hash = 'x' WHERE number = 2")
    broken = runner.invoke(args=["record", "verify"])
    assert broken.exit_code == 1 and "第 2 行" in broken.output
