"""Checks that come at once share a commit and lose nothing."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from gi_trace import clock
from gi_trace.database import db
from gi_trace.verification.history import Channel
from gi_trace.verification.looking.look import look_at
from gi_trace.verification.looking.looker import Looker
from gi_trace.verification.models import Check, UnitHistory
from gi_trace.verification.storing.journal import the_journal
from gi_trace.verification.storing.store import Look
from tests.cast import code, make_activated_batch

PEOPLE = 60


def stranger(number):
    return Looker(f"{number:022d}".encode(), False, "192.0.2.1", "phone", "江门市", Channel.WEB)


def look_together(app, codes, lookers):
    def look(pair):
        with app.app_context():
            return look_at(*pair)

    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(look, zip(codes, lookers, strict=True)))


def test_sixty_strangers_at_once_are_sixty_checks_on_three_units(app):
    batch = make_activated_batch()
    codes = [code(batch, 1 + number % 3) for number in range(PEOPLE)]
    db.session.commit()
    looks = look_together(app, codes, map(stranger, range(PEOPLE)))
    assert all(look.batch for look in looks)
    histories = db.session.query(UnitHistory).all()
    assert sorted(history.checks for history in histories) == [20, 20, 20]
    for history in histories:
        numbers = [check.number for check in db.session.query(Check).filter_by(serial=history.serial)]
        assert sorted(numbers) == list(range(1, 21))
        seen = [look.history.checks for look in looks if look.unit == history.unit]
        assert sorted(seen) == list(range(20))


def test_one_person_who_taps_many_times_at_once_is_one_check(app):
    text = code(make_activated_batch())
    db.session.commit()
    look_together(app, [text] * 20, [stranger(1)] * 20)
    assert db.session.query(Check).count() == 1


def test_a_fault_reaches_everyone_who_waits_and_the_next_check_is_stored(app, monkeypatch):
    text = code(make_activated_batch())
    db.session.commit()
    store = the_journal().store
    with monkeypatch.context() as patch:
        patch.setattr(store, "write", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            look_together(app, [text] * 8, map(stranger, range(8)))
    assert db.session.query(Check).count() == 0
    db.session.commit()
    look_at(text, stranger(9))
    assert db.session.query(Check).count() == 1


def stored_as_one_group(batch, *lookers, unit=1):
    """What each of them is answered: how often the unit was checked before."""
    journal = the_journal()
    looks = [Look(batch.epoch, batch.number, unit, looker, clock.now()) for looker in lookers]
    db.session.rollback()
    with journal.engine.execution_options(writing=True).begin() as connection:
        journal.store.write(connection, looks, journal.store.read(connection, looks, lock=True))
    return [look.history.checks for look in looks]


def test_of_two_looks_of_one_device_in_a_group_the_second_is_a_reload_of_the_first(app):
    batch = make_activated_batch()
    assert stored_as_one_group(batch, stranger(1), stranger(1)) == [0, 1]
    assert [check.number for check in db.session.query(Check)] == [1]


def test_of_two_strangers_in_a_group_the_second_sees_the_first(app):
    batch = make_activated_batch()
    assert stored_as_one_group(batch, stranger(1), stranger(2)) == [0, 1]
    assert [check.number for check in db.session.query(Check)] == [1, 2]
    [history] = db.session.query(UnitHistory)
    assert history.checks == 2


def test_a_group_holds_reloads_of_checks_that_were_stored_before(app):
    batch = make_activated_batch()
    assert stored_as_one_group(batch, stranger(1)) == [0]
    assert stored_as_one_group(batch, stranger(2), stranger(1)) == [1, 2]
    assert db.session.query(Check).count() == 2


def test_a_browser_without_cookie_keeps_its_device_within_a_group(app):
    batch = make_activated_batch()
    shy = [replace(stranger(number), is_new=True) for number in (1, 2)]  # a new cookie each time
    assert stored_as_one_group(batch, *shy) == [0, 1]
    assert db.session.query(Check).count() == 1
