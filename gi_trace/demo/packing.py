"""Batches with labels in use, and the people who look at them."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from gi_trace import clock
from gi_trace.accounts.models import Account
from gi_trace.batches.actions import BatchFacts, activate_units, order_print_run, register_batch
from gi_trace.batches.label_life import begin_download
from gi_trace.batches.labels import FileOptions
from gi_trace.batches.models import Batch, PrintRun
from gi_trace.codes.unit_code import code_of
from gi_trace.demo.playing import Story
from gi_trace.keys import keys
from gi_trace.registry.models import Authorisation
from gi_trace.stock.actions.ledger import Draw
from gi_trace.verification.history import Channel
from gi_trace.verification.looking.look import look_at
from gi_trace.verification.looking.looker import Looker

CITIES = {
    "江门市": 30, "广州市": 22, "佛山市": 12, "深圳市": 10, "中山市": 7, "珠海市": 5,
    "香港": 5, "上海市": 3, "北京市": 3, "武汉市": 2, "成都市": 1,
}  # fmt: skip
FAR_CITIES = (
    *("成都市", "北京市", "南宁市", "上海市", "西安市", "武汉市"),
    *("长沙市", "沈阳市", "杭州市", "昆明市", "郑州市", "济南市"),
)
CHANNELS = (Channel.WECHAT, Channel.WECHAT, Channel.WEB, Channel.ALIPAY)


def pack(
    right: Authorisation,
    draws: Sequence[Draw],
    by: Account,
    *,
    number: str,
    net_weight_g: int,
    used: int,
) -> Batch:
    """All that is drawn, in packs labelled today; so many of the labels are in use."""
    today = clock.today()
    best_before = today + timedelta(days=365) if right.product.has_best_before else None
    units = sum(grams for _, grams in draws) // net_weight_g
    facts = BatchFacts(number, net_weight_g, units, today, best_before)
    batch = register_batch(right, facts, draws, by=by, agreed=[lot.id for lot, _ in draws])
    if used:
        activate_units(label(batch, by), 1, used, by=by)
    return batch


def label(batch: Batch, by: Account) -> PrintRun:
    run = order_print_run(batch, batch.units, by=by)
    begin_download(run, FileOptions("pdf"), reason="", by=by)
    return run


def demo_code(batch: Batch, unit: int) -> str:
    return code_of(keys().by_epoch[batch.epoch], batch.number, unit)


def look(batch: Batch, unit: int, buyer: str, city: str, channel: Channel = Channel.WEB) -> None:
    """Somebody checks a pack now."""
    looker = Looker(buyer.encode(), is_new=False, address="", browser="", city=city, channel=channel)
    look_at(demo_code(batch, unit), looker)


def looked_at(batch: Batch, units: int, looks: int, *, days: int = 240) -> Story:
    """Buyers of packs 1..units check them, in the months after packing; most packs are bought near where they are made,
    and a household that looks again does so at home."""
    chance = Random(batch.own_number)
    bought = clock.now() + timedelta(days=3)
    homes = chance.choices(list(CITIES), list(CITIES.values()), k=units)
    plan = [(chance.uniform(0, days), chance.randrange(units)) for _ in range(looks)]
    for day, unit in sorted(plan):
        yield bought + timedelta(days=day)
        buyer = f"{batch.number}-{unit}-{chance.randrange(2)}"
        look(batch, unit + 1, buyer, homes[unit], chance.choice(CHANNELS))


def copied(batch: Batch, units: Sequence[int], since: date, cities: Sequence[str] = FAR_CITIES) -> Story:
    """Of each of these units a buyer in one city after another: each has a pack of his own."""
    start = clock.start_of(since) + timedelta(hours=12)
    looks = [(5 * number, city) for number, city in enumerate(cities)]
    at_home_again = [(day + 6, city) for day, city in looks[::3]]
    for day, city in sorted(looks + at_home_again):
        yield start + timedelta(days=day)
        for unit in units:
            look(batch, unit, f"{batch.number}-{unit}-{city}", city)
