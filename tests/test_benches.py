"""What is measured still runs: the modules are there, and rivals do the same work as the service."""

from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from gi_trace import clock
from gi_trace.database import db
from gi_trace.keys import keys
from gi_trace.verification.models import BatchHistory, Check
from gi_trace.verification.suspicion import BatchMemory
from gi_trace.verification.verdicts import Verdict
from scripts.benches.page_rivals.orm import check
from tests.cast import code, make_activated_batch

BENCHES = Path(__file__).parent.parent / "scripts" / "benches"
APPLICATIONS = ("constant", "fast", "plain")  # started as servers, with settings in the environment


@pytest.mark.parametrize("path", sorted(BENCHES.rglob("*.py")), ids=lambda path: path.stem)
def test_a_measurement_finds_all_that_it_names(path):
    if path.stem not in APPLICATIONS:
        import_module(".".join(path.relative_to(BENCHES.parent.parent).with_suffix("").parts))


def test_a_rival_answers_and_stores_as_the_service_does(app):
    """In a session as a tutorial opens it, which knows nothing of acts."""
    batch = make_activated_batch()
    text = code(batch)
    with Session(db.engine) as session:
        session.info["writing"] = True
        session.add(BatchHistory(batch_number=batch.number, suspicion=BatchMemory().to_bytes()))
        session.commit()
    with Session(db.engine) as session:
        assert check(session, keys().by_epoch, text, b"a" * 16)["verdict"] is Verdict.VALID
    with clock.played_at(clock.now() + timedelta(hours=1)), Session(db.engine) as session:
        assert check(session, keys().by_epoch, text, b"b" * 16)["checks"] == 1
    db.session.rollback()
    assert db.session.query(Check).count() == 2
