"""`stock verify` finds what anybody did to the ledger behind its back."""

import pytest
from sqlalchemy import text

from gi_trace.database import db, writing
from gi_trace.stock.actions.corrections import reverse_act
from gi_trace.stock.actions.holds import hold_lot
from gi_trace.stock.actions.processing import OtherUse, book_loss, use_otherwise
from gi_trace.stock.verify import first_misfit
from tests.cast import make_batch, make_opening_stock, person
from tests.farm import AUTUMN, KG, bring_back, make_peel, offer


@pytest.fixture
def peel(app, at):
    """A ledger with every kind of act in it."""
    at(AUTUMN)
    peel = make_peel(50 * KG)
    offer(peel, KG, to="wu", by="lin")
    number = book_loss(peel, KG, reason="受潮", by=person("lin"))
    reverse_act(number, reason="录错", by=person("lin"))
    use_otherwise(peel, 3 * KG, OtherUse.LOOSE_SALE, by=person("lin"))
    bring_back(peel, 2 * KG)
    hold_lot(make_opening_stock(weight_g=KG), reason="抽检", by=person("zhao"))
    make_batch()
    assert first_misfit() is None
    return peel


def tamper(statement: str) -> None:
    """As somebody with the database in hand would: its own guards switched off."""
    if db.engine.dialect.name == "sqlite":
        for pragma in ("foreign_keys=OFF", "ignore_check_constraints=ON"):
            db.session.execute(text(f"PRAGMA {pragma}"))
    else:
        db.session.execute(text("SET session_replication_role = replica"))
    with writing():
        db.session.execute(text(statement))
    db.session.expire_all()


@pytest.mark.parametrize(
    ("crime", "words"),
    [
        ("UPDATE posting SET grams = grams + 1 WHERE lot_id = {lot} AND grams > 0", "各分录合计"),
        ("DELETE FROM posting WHERE lot_id = {lot} AND grams > 0", "各分录合计"),
        (
            "UPDATE posting SET grams = 60000 WHERE lot_id = {lot} AND grams = 50000; "
            "UPDATE posting SET grams = 940000 WHERE grams = 950000",
            "得率上限",
        ),
        (
            "UPDATE posting SET grams = grams * 2 WHERE act_number IN (SELECT reverses FROM stock_act)",
            "不相反",
        ),
        ("UPDATE stock_act SET kind = 'loss' WHERE kind = 'other_use'", "比卖出的多"),
        ("UPDATE lot_parent SET grams = grams - 1 WHERE child_id = {lot}", "来源记录"),
        ("UPDATE lot SET balance_g = balance_g + 1 WHERE id = {lot}", "按分录应为"),
        ("UPDATE lot SET reserved_g = reserved_g + 1 WHERE id = {lot}", "未决的转让"),
        ("UPDATE lot SET holds = 1 WHERE id = {lot}", "冻结记录"),
        ("UPDATE allocation SET harvested_g = harvested_g - 1", "采收记录"),
        ("UPDATE standing_account SET balance_g = balance_g + 1 WHERE kind = 'loss'", "科目"),
    ],
)
def test_what_does_not_fit_is_named(app, peel, crime, words):
    for statement in crime.format(lot=peel.id).split("; "):
        tamper(statement)
    misfit = first_misfit()
    assert misfit is not None and words in str(misfit)


def test_the_first_act_that_does_not_fit_is_named(app, peel):
    tamper("UPDATE posting SET grams = grams + 1 WHERE grams = 1000000 AND act_number > 20")
    number = first_misfit().act_number
    assert number == db.session.scalar(
        text("SELECT min(act_number) FROM posting WHERE grams = 1000001 AND act_number > 20")
    )


def test_the_command_says_whether_everything_fits(app, peel):
    runner = app.test_cli_runner()
    assert runner.invoke(args=["stock", "verify"]).exit_code == 0
    tamper(f"UPDATE lot SET balance_g = balance_g + 1 WHERE id = {peel.id}")
    broken = runner.invoke(args=["stock", "verify"])
    assert broken.exit_code == 1 and "库存账不平" in broken.output
