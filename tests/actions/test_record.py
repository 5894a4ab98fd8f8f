"""The record finds what anybody did to it behind its back."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from gi_trace.database import db, writing
from gi_trace.record.actions import Happening, first_broken_row, record, record_all
from gi_trace.record.acts import Acted
from gi_trace.record.models import RecordHead, RecordRow, RecordTile, tile, tree_entries
from gi_trace.record.tree import WIDTH, leaf_hash, nodes_of, root_at, root_of, tiles_of
from tests.cast import make_activated_batch, person


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
            "INSERT INTO record_row SELECT number + 1, at, act, subject, by, body, 'x', 'y', salt "
            "FROM record_row ORDER BY number DESC LIMIT 1",
        ),
        ("salted anew", "UPDATE record_row SET salt = 'x' WHERE act = 'batch.registered'"),
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


def sign_in_often(number: int, times: int) -> None:
    """Acts that somebody's account did, one transaction each."""
    for _ in range(times):
        with writing():
            record(Acted.ACCOUNT_SIGNED_IN, person("wu"), by=person("wu"), facts={"writer": number})


def import_rows(count: int) -> None:
    with writing():
        record_all([Happening(Acted.ACCOUNT_SIGNED_IN, person("wu"))] * count, by=None)


def tree_is_whole() -> bool:
    head = db.session.get(RecordHead, 1)
    assert list(db.session.scalars(select(RecordRow.number).order_by(RecordRow.number))) == list(
        range(1, head.number + 1)
    )
    root = root_of(leaf_hash(entry) for entry in tree_entries(0, head.number))
    full = [place[:2] for place in tiles_of(head.number) if place[2] == WIDTH]
    kept = select(RecordTile.level, RecordTile.index).order_by(RecordTile.level, RecordTile.index)
    assert list(map(tuple, db.session.execute(kept))) == full
    return head.tree.root == root_at(head.number, nodes_of(head.number, tile)) == root


def test_writers_at_once_leave_a_tree_without_gaps(app):
    before = db.session.get(RecordHead, 1).number
    db.session.rollback()

    def act(number: int) -> None:
        with app.app_context():
            sign_in_often(number, 20) if number % 2 else import_rows(150)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(act, range(4)))
    db.session.rollback()
    assert db.session.get(RecordHead, 1).number == before + 340
    assert db.session.scalar(select(func.count()).select_from(RecordTile)) == 1
    assert tree_is_whole() and first_broken_row()[0] is None


def test_an_act_that_fails_leaves_no_leaf(app):
    root = db.session.get(RecordHead, 1).tree.root
    with pytest.raises(ZeroDivisionError), writing():
        record(Acted.ACCOUNT_SIGNED_IN, person("wu"), by=None)
        1 / 0  # noqa: B018
    db.session.rollback()
    assert db.session.get(RecordHead, 1).tree.root == root and tree_is_whole()


@pytest.mark.parametrize(
    "statement, found",
    [
        ("UPDATE record_row SET salt = 'x' WHERE number = 100", 100),
        ("DELETE FROM record_tile", 1),
        ("UPDATE record_tile SET root = hashes", 1),
        ("UPDATE record_tile SET index = 7", 1),
        ("UPDATE record_head SET frontier = (SELECT hashes FROM record_tile)", 257),
    ],
)
def test_the_act_that_the_tree_tells_otherwise_is_named(app, statement, found):
    import_rows(300)
    assert first_broken_row()[0] is None
    tamper(statement.replace("index", '"index"'))
    assert first_broken_row()[0] == found


def test_what_everybody_may_read_of_an_act_tells_nothing_of_it(app, acts):
    entries = b"".join(tree_entries(0, acts)).decode()
    rows = db.session.scalars(select(RecordRow)).all()
    for word in {row.act for row in rows} | {row.subject for row in rows} | {row.by for row in rows}:
        assert word not in entries
    twice = {entry for entry in tree_entries(0, acts)}
    assert len(twice) == acts == len({row.salt for row in rows})
