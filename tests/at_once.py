"""Two who act at once, each having looked before the other wrote."""

import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import event
from sqlalchemy.orm import Session

from gi_trace.database import db
from gi_trace.errors import Refused
from gi_trace.record.actions import first_broken_row


class BothLooked:
    """Holds each act at its first write until the other has come as far.

    Where only one may be in at a time (on SQLite, or behind a lock) that one goes on after a while.
    """

    def __init__(self) -> None:
        self.meeting, self.met = threading.Barrier(2), set()

    def __call__(self, *_event: object) -> None:
        if threading.get_ident() not in self.met:
            self.met.add(threading.get_ident())
            try:
                self.meeting.wait(0.5)
            except threading.BrokenBarrierError:
                pass


def at_once(app, *acts):
    """What became of each act: "done", or the code of its refusal."""
    db.session.commit()
    meeting = BothLooked()

    def outcome(act):
        with app.app_context():
            try:
                act()
            except Refused as refusal:
                assert "{" not in str(refusal)
                return refusal.code
            return "done"

    event.listen(Session, "before_flush", meeting)
    try:
        with ThreadPoolExecutor(len(acts)) as threads:
            outcomes = list(threads.map(outcome, acts))
    finally:
        event.remove(Session, "before_flush", meeting)
    assert first_broken_row()[0] is None
    return sorted(outcomes)
