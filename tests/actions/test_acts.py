"""What an act promises: the write lock from its first line, one commit, all or nothing; and nobody else writes."""

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import select, update

from gi_trace.database import NotWriting, act, db, lock, writing
from gi_trace.registry.models import Area, Party, find_area
from tests.cast import party_of


@act
def rename(party: Party, name: str) -> str:
    """The name before, as it is under the lock."""
    before, party.name = party.name, name
    return before


@act
def rename_in_vain(party: Party) -> None:
    party.name = "示范错名"
    db.session.flush()
    raise ValueError


def kept_name() -> str:
    db.session.rollback()
    return party_of("lin").name


def test_what_an_act_wrote_is_kept_when_it_returns(app):
    assert rename(party_of("lin"), "示范新名") == "林记示范陈皮行"
    assert kept_name() == "示范新名"


def test_nothing_of_an_act_is_kept_when_it_raises(app):
    with pytest.raises(ValueError):
        rename_in_vain(party_of("lin"))
    assert kept_name() == "林记示范陈皮行"


def test_an_act_sees_what_others_wrote_since_its_rows_were_read(app):
    lin = party_of("lin")
    assert lin.name == "林记示范陈皮行"

    def rename_elsewhere() -> None:
        with app.app_context():
            rename(party_of("lin"), "示范别名")

    elsewhere = threading.Thread(target=rename_elsewhere)
    elsewhere.start()
    elsewhere.join()
    assert rename(lin, "示范新名") == "示范别名"


def test_an_act_inside_another_stands_and_falls_with_it(app):
    with pytest.raises(ValueError), writing():
        rename(party_of("lin"), "示范新名")
        raise ValueError
    assert kept_name() == "林记示范陈皮行"


def test_an_act_cannot_go_on_after_a_part_of_it_failed(app):
    with pytest.raises(NotWriting), writing():
        with pytest.raises(ValueError):
            rename_in_vain(party_of("lin"))
    assert kept_name() == "林记示范陈皮行"


@pytest.mark.parametrize(
    "write",
    [
        lambda: setattr(party_of("lin"), "name", "示范新名"),
        lambda: db.session.add(Area(code="示范", name="示范", aliases=[])),
        lambda: db.session.delete(party_of("lin").authorisations[0]),
        lambda: db.session.execute(update(Party).values(name="示范新名")),
        lambda: lock(party_of("lin")),
    ],
)
def test_nothing_is_written_or_locked_outside_of_an_act(app, write):
    with pytest.raises(NotWriting):
        write()
        db.session.commit()
    assert kept_name() == "林记示范陈皮行"


def test_what_was_changed_before_an_act_began_is_not_lost_in_silence(app):
    party_of("lin").name = "示范新名"
    with pytest.raises(NotWriting):
        rename(party_of("wu"), "示范别名")


def test_whoever_reads_does_not_hold_the_write_lock(app):
    """Of SQLite, which has one lock for all who write."""
    if db.engine.dialect.name != "sqlite":
        return
    file = Path(app.config["DATA_DIR"]) / "gi_trace.db"

    def is_free() -> bool:
        with sqlite3.connect(file, timeout=0, isolation_level=None) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
                other.execute("ROLLBACK")
            except sqlite3.OperationalError:
                return False
            return True

    with app.test_request_context("/", method="POST"):
        assert db.session.scalar(select(Party.id)) and is_free()
        with writing():
            assert not is_free()
        assert is_free() and find_area("会城")
