"""What there is to see on a label: for each verdict one that came to it by an act, in this year."""

from collections.abc import Iterator
from datetime import date, timedelta

from gi_trace import clock
from gi_trace.batches.actions import activate_units, cancel_batch
from gi_trace.batches.label_life import mark_units
from gi_trace.batches.models import Batch
from gi_trace.batches.rules import StopKind, UnitState
from gi_trace.batches.stops import place_stop
from gi_trace.batches.unpacking import ask_unpacking
from gi_trace.demo.land import KG, Trades
from gi_trace.demo.packing import copied, label, look, pack
from gi_trace.demo.people import DemoPeople
from gi_trace.demo.playing import Story
from gi_trace.demo.seasons import Rights, grant, opening
from gi_trace.registry.actions import change_authorisation
from gi_trace.registry.mending_actions import correct_authorisation
from gi_trace.registry.mending_rules import Terms
from gi_trace.registry.rules import ChangeKind
from gi_trace.stock.actions.holds import LabReport, report_test
from gi_trace.stock.actions.plots import add_site
from gi_trace.stock.actions.reshaping import blend_lots, split_lot
from gi_trace.stock.actions.transfers import accept_transfer, offer_transfer
from gi_trace.verification.alerts import confirm_alert, dismiss_alert, latest_copy_alert
from gi_trace.verification.goods_back import SeenUnits, take_back

TRACED = "示范-陈皮-01"  # the firm's numbers of the batches that /demo shows
LABELS, BLEND, MIXED = "示范-标识-01", "示范-拼配-02", "示范-拼配-01"
CAME_BACK = "示范-退货-01"
RECALLED, CANCELLED, RIGHT_LOST = "示范-召回-01", "示范-注销-01", "示范-撤权-01"
TOO_EARLY, MARK_ENDED = "示范-早包-01", "示范-商标-01"
PAST_DATE, FRUIT = "示范-米-过期-01", "示范-柑-01"
NEVER_LOOKED_AT, LOOKED_AT, COPIED, CONFIRMED = 1, 2, 3, 4
MARKED = {UnitState.VOID: 5, UnitState.LOST: 6, UnitState.RETURNED: 7, UnitState.DESTROYED: 8}
HELD, SCRATCHED, EXPLAINED, UNUSED = 9, 10, 11, 40


def faces_of(people: DemoPeople, trades: Trades, rights: Rights) -> Iterator[Story]:
    """All of these stories."""
    yield labels(people, trades, rights)
    yield traced(people, trades, rights)
    yield blends(people, trades, rights)
    yield recalled(people, trades, rights)
    yield came_back(people, trades, rights)
    yield right_lost(people, trades, rights)
    yield mark_ended(people, trades, rights)
    yield too_early(people, trades)
    yield old_rice(people, trades, rights)
    yield fresh_fruit(people, trades, rights)


def labels(people: DemoPeople, trades: Trades, rights: Rights) -> Story:
    """A batch of which each unit has a life of its own."""
    today, clerk = clock.today(), people.lin.clerk
    year = today.year
    yield today - timedelta(days=150)
    draws = [(trades.lin.peel[year - 5], 4 * KG)]
    batch = pack(rights.lin, draws, clerk, number=LABELS, net_weight_g=100, used=0)
    run = label(batch, clerk)
    activate_units(run, 1, 30, by=clerk)
    yield from copied(batch, (COPIED, CONFIRMED, EXPLAINED), today - timedelta(days=110))
    yield today - timedelta(days=30)
    _decide_alerts(batch, people)
    yield today - timedelta(days=20)
    for state, unit in MARKED.items():
        mark_units(run, state, [(unit, unit)], count=1, reason="示范登记", by=clerk)
    notice = "消费者反映包装与登记不符，正在核查（演示）。"
    place_stop(batch, StopKind.HOLD, HELD, HELD, reason="核查中（演示）", notice=notice, by=people.officer)
    yield today - timedelta(days=12)
    look(batch, LOOKED_AT, "示范顾客", "江门市")
    yield today - timedelta(days=2)
    look(batch, LOOKED_AT, "示范顾客", "江门市")


def _decide_alerts(batch: Batch, people: DemoPeople) -> None:
    """One is true, one has an honest explanation; the third waits for an officer."""
    true, honest = (latest_copy_alert(batch.number, unit) for unit in (CONFIRMED, EXPLAINED))
    assert true is not None and honest is not None
    notice = "已在多地查获印有此标识的仿制包装（演示）。"
    confirm_alert(true, reason="多地实物比对不符（演示）", notice=notice, **people.both)
    dismiss_alert(honest, reason="企业展会展示件，已说明（演示）", by=people.officer)


def traced(people: DemoPeople, trades: Trades, rights: Rights) -> Story:
    """Every gram of it seen from the tree on; 40 units are in use."""
    today = clock.today()
    yield today - timedelta(days=90)
    draws = [(trades.lin.peel[today.year - 5], 12 * KG)]
    batch = pack(rights.lin, draws, people.lin.clerk, number=TRACED, net_weight_g=100, used=60)
    yield today - timedelta(days=40)
    look(batch, 2, "示范顾客", "广州市")
    yield today - timedelta(days=30)
    look(batch, 3, "示范顾客", "佛山市")


def blends(people: DemoPeople, trades: Trades, rights: Rights) -> Story:
    """One of peel of two traced seasons; one of traced and claimed peel, of which no year is said."""
    today, clerk = clock.today(), people.lin.clerk
    yield today - timedelta(days=80)
    lin = trades.lin
    older, younger = lin.peel[today.year - 6], lin.peel[today.year - 5]
    parts = [(older, 3 * KG), (younger, 5 * KG)]
    blend = blend_lots(parts, by=clerk, agreed=[older.id])
    pack(rights.lin, [(blend, 8 * KG)], clerk, number=BLEND, net_weight_g=200, used=20)
    old = opening(lin, people, today.year - 10)
    mixed = blend_lots([(younger, 2 * KG), (old, 8 * KG)], by=clerk, agreed=[old.id])
    pack(rights.lin, [(mixed, 10 * KG)], clerk, number=MIXED, net_weight_g=200, used=25)
    yield today - timedelta(days=9)
    part = split_lot(lin.peel[today.year - 4], [4 * KG], by=clerk)[0]
    failed = LabReport("示范检字第 1 号", "示范检验所", clock.today(), passed=False, notes="水分超标（演示）")
    report_test(part, failed, by=people.officer)


def recalled(people: DemoPeople, trades: Trades, rights: Rights) -> Story:
    """A batch that is called back, and one that was never used."""
    today, firm = clock.today(), people.orchard
    yield today - timedelta(days=140)
    peel = trades.orchard.peel[today.year - 5]
    batch = pack(rights.orchard, [(peel, 5 * KG)], firm.clerk, number=RECALLED, net_weight_g=250, used=16)
    unused = pack(rights.orchard, [(peel, 2 * KG)], firm.clerk, number=CANCELLED, net_weight_g=250, used=0)
    yield today - timedelta(days=130)
    cancel_batch(unused, by=firm.clerk)
    yield today - timedelta(days=25)
    notice = "抽检水分不合格，请停止食用并退回购买处（演示）。"
    place_stop(
        batch, StopKind.RECALL, 1, batch.units, reason="抽检不合格（演示）", notice=notice, **people.both
    )


def came_back(people: DemoPeople, trades: Trades, rights: Rights) -> Story:
    """A shop sent packs back: an inspector saw two, of which a buyer had checked one; a third waits to be seen."""
    today, clerk = clock.today(), people.orchard.clerk
    yield today - timedelta(days=138)
    peel = trades.orchard.peel[today.year - 5]
    batch = pack(rights.orchard, [(peel, 2 * KG)], clerk, number=CAME_BACK, net_weight_g=100, used=20)
    yield today - timedelta(days=90)
    look(batch, 2, "示范顾客", "江门市")
    yield today - timedelta(days=20)
    asked = ask_unpacking(batch, [(1, 2)], count=2, reason="超市退货（演示）", by=clerk)
    yield today - timedelta(days=18)
    seen = SeenUnits("示范果园仓（演示）", clock.today(), [(1, 2)], scanned=[(2, 2)])
    take_back(asked, seen, by=people.inspectors[0])
    yield today - timedelta(days=2)
    ask_unpacking(batch, [(3, 3)], count=1, reason="包装受潮（演示）", by=clerk)


def right_lost(people: DemoPeople, trades: Trades, rights: Rights) -> Story:
    """A firm that sold outside peel under its labels, found out after the batch was packed."""
    today = clock.today()
    yield today - timedelta(days=160)
    peel = trades.store.peel[today.year - 5]
    batch = pack(
        rights.store, [(peel, 5 * KG)], people.store.clerk, number=RIGHT_LOST, net_weight_g=250, used=18
    )
    yield from copied(batch, (2,), today - timedelta(days=120), ("广州市", "佛山市", "江门市"))
    yield today - timedelta(days=35)
    change_authorisation(
        rights.store,
        ChangeKind.WITHDRAWN,
        reason="查实以外地皮冒充（演示）",
        notice="查实以保护范围以外的皮冒充新会陈皮（演示）。",
        for_cause=True,
        **people.both,
    )


def mark_ended(people: DemoPeople, trades: Trades, rights: Rights) -> Story:
    """A right to the mark that its holder gave back: no fault, and packs from before stay valid."""
    today = clock.today()
    yield today - timedelta(days=170)
    peel = trades.lin.peel[today.year - 5]
    pack(rights.lin_mark, [(peel, 3 * KG)], people.lin.clerk, number=MARK_ENDED, net_weight_g=100, used=20)
    yield today - timedelta(days=50)
    change_authorisation(
        rights.lin_mark, ChangeKind.ENDED, reason="企业申请终止（演示）", for_cause=False, **people.both
    )


def too_early(people: DemoPeople, trades: Trades) -> Story:
    """A shop bought peel and packed it; its right was entered with a wrong day, and had not begun yet."""
    today, firm = clock.today(), people.corner
    yield today - timedelta(days=200)
    right = grant(firm, "xinhui-chenpi", "7", people, ends_on=today + timedelta(days=20))
    site = add_site(firm.party, "示范店仓", area=people.many.within, address="示范街 5 号", by=firm.clerk)
    yield today - timedelta(days=180)
    peel = trades.lin.peel[today.year - 5]
    offer = offer_transfer(peel, firm.party, 2 * KG, by=people.lin.clerk)
    bought = accept_transfer(offer, site=site, by=firm.clerk)
    pack(right, [(bought, 2 * KG)], firm.clerk, number=TOO_EARLY, net_weight_g=100, used=20)
    yield today - timedelta(days=100)
    rightly = Terms(right.basis, right.number, today - timedelta(days=170), right.ends_on)
    correct_authorisation(
        right, rightly, document="示范更正公告（演示）", reason="起始日期登记有误（演示）", **people.both
    )


def old_rice(people: DemoPeople, trades: Trades, rights: Rights) -> Story:
    """Of the crop before the last one, packed small."""
    year = clock.today().year
    yield date(year - 2, 12, 20)
    rice = trades.mill.stored[date(year - 2, 11, 12)]
    clerk = people.mill.clerk
    pack(rights.mill, [(rice, 100 * KG)], clerk, number=PAST_DATE, net_weight_g=1000, used=90)


def fresh_fruit(people: DemoPeople, trades: Trades, rights: Rights) -> Story:
    """新会柑 of today."""
    yield clock.today()
    trades.lin.allocate(1200 * KG, people.officer)
    fruit = trades.lin.buy(100 * KG)
    pack(rights.lin_fruit, [(fruit, 100 * KG)], people.lin.clerk, number=FRUIT, net_weight_g=2500, used=20)
