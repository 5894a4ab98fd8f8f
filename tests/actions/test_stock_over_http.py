"""Fifty forms at once to several processes, which together ask for more than a lot has: never more is given."""

from concurrent.futures import ThreadPoolExecutor

from gi_trace.database import db
from gi_trace.record.actions import first_broken_row
from gi_trace.stock.verify import first_misfit
from tests.cast import WU_USCC, peel_of
from tests.farm import KG
from tests.service import Sender, gunicorn_on

FORMS, WORKERS = 50, 4


def test_fifty_forms_at_once_spend_a_lot_and_no_more(app):
    """Offers and splits of 30 kg each, of Lin's 1,000 kg."""
    lot = f"/enterprise/lots/{peel_of('lin').id}"
    offer = (f"{lot}/offer", {"to": WU_USCC, "weight": "30", "answers": "confirmed"})
    split = (f"{lot}/split", {"parts": "30", "answers": "confirmed"})
    db.session.rollback()
    with gunicorn_on(app, workers=WORKERS) as (port, _process), ThreadPoolExecutor(FORMS) as pool:
        lin = Sender(port, "lin")
        answers = list(pool.map(lambda form: lin.post(*form), [offer, split] * (FORMS // 2)))
    refused = [text for status, text in answers if status == 422]
    assert [status for status, _ in answers if status not in (302, 422)] == []
    assert len(answers) - len(refused) == 33
    assert all("可用 10 千克；本次需要 30 千克，缺 20 千克" in text for text in refused)
    db.session.expire_all()
    assert peel_of("lin").available_g == 10 * KG
    assert first_misfit() is None and first_broken_row()[0] is None
