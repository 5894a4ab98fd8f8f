"""The stock ledger at the size of a district: 10,000 plots, 1,000 parties, 200,000 acts on SQLite.

The ledger is filled with whole families of lots (harvest, transfer, drying, six splits, a loss: ten acts, depth
8), written in bulk but recorded and balanced like any act. Then real acts are timed on it, at a tenth
of its size and at full size.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy import insert, text

from gi_trace import clock, create_app
from gi_trace.accounts.models import Account, Role
from gi_trace.batches.reconciliation import reconcile
from gi_trace.database import act, db
from gi_trace.record.models import RecordHead, RecordRow
from gi_trace.record.rules import canonical, entry_hash
from gi_trace.registry.first_products import load_first_products
from gi_trace.registry.models import Crop, Material, Party, PartyKind, find_area
from gi_trace.stock.actions.processing import book_loss
from gi_trace.stock.actions.reshaping import split_lot
from gi_trace.stock.chain import chain_down, chain_up
from gi_trace.stock.models import (
    Allocation,
    Harvest,
    Lot,
    LotParent,
    Plot,
    Posting,
    Site,
    StandingAccount,
    StayPeriod,
    StockAct,
)
from gi_trace.stock.rules.seasons import Season
from gi_trace.stock.verify import first_misfit

PLOTS, GROWERS, FIRMS, ACTS, FAMILY = 10_000, 900, 100, 200_000, 10
KG, DAY = 1000, date(2026, 11, 24)
PARTS_KG = (45, 40, 35, 30, 25, 20)
CHUNK = 2_000
TURN = 20


class District:
    """Parties and plots, and as many families of lots as are asked for."""

    @act
    def __init__(self) -> None:
        load_first_products()
        self.fruit, self.peel = (
            db.session.query(Material).filter_by(code=c).one() for c in ("citrus-fruit", "dry-peel")
        )
        self.crop, self.area = db.session.query(Crop).filter_by(code="citrus").one(), find_area("会城")
        self.roots: list[int] = []
        people = [Party(kind=PartyKind.GROWER, name=f"示范户{n}", area=self.area) for n in range(GROWERS)]
        firms = [
            Party(kind=PartyKind.ENTERPRISE, name=f"示范行{n}", uscc=f"示范{n:016d}", area=self.area)
            for n in range(FIRMS)
        ]
        db.session.add_all([*people, *firms])
        db.session.flush()
        self.growers, self.firms = [p.id for p in people], [p.id for p in firms]
        self.sites = [Site(party_id=firm, name="示范仓", area=self.area) for firm in self.firms]
        db.session.add_all(self.sites)
        db.session.flush()
        self.officer = Account(
            sign_in_name="bench", name="示范", role=Role.AUTHORITY, password_hash="", password_is_one_time=False,
            password_set_at=clock.now(), opened_at=clock.now(),
        )  # fmt: skip
        db.session.add(self.officer)
        self._land()
        self._accounts()
        self.fruit_id, self.peel_id, self.area_id = self.fruit.id, self.peel.id, self.area.id
        self.site_ids, self.officer_id = [site.id for site in self.sites], self.officer.id

    def _land(self) -> None:
        plots = [
            {"number": f"示范-{n}", "party_id": self.growers[n % GROWERS], "area_id": self.area.id, "crop_id": self.crop.id,
             "measured_m2": 3000, "bearing_m2": 2000, "variety": "", "trees": None}
            for n in range(PLOTS)
        ]  # fmt: skip
        db.session.execute(insert(Plot), plots)
        self.first_plot = db.session.query(Plot.id).order_by(Plot.id).limit(1).scalar()
        share_g = -(-ACTS // FAMILY // PLOTS) * 1000 * KG
        allocations = [
            {
                "plot_id": self.first_plot + n,
                "season": "2026",
                "yield_g_per_mu": 1,
                "allocated_g": share_g,
                "harvested_g": 0,
            }
            for n in range(PLOTS)
        ]
        db.session.execute(insert(Allocation), allocations)
        self.first_allocation = db.session.query(Allocation.id).order_by(Allocation.id).limit(1).scalar()

    def _accounts(self) -> None:
        keys = [(grower, self.fruit.id, "field") for grower in self.growers]
        keys += [(firm, of.id, "loss") for firm in self.firms for of in (self.fruit, self.peel)]
        rows = [StandingAccount(party_id=p, material_id=m, kind=k, balance_g=0) for p, m, k in keys]
        db.session.add_all(rows)
        db.session.flush()
        self.accounts = {key: row.id for key, row in zip(keys, rows, strict=True)}

    @act
    def fill(self, acts: int) -> None:
        """Bring the ledger to so many acts."""
        head = db.session.get(RecordHead, 1)
        self.number, self.hash = head.number, head.hash
        self.next_lot = (db.session.query(Lot.id).order_by(Lot.id.desc()).limit(1).scalar() or 0) + 1
        while len(self.roots) * FAMILY < acts:
            tables = {t: [] for t in (RecordRow, Lot, StockAct, Posting, LotParent, StayPeriod, Harvest)}
            for _ in range(min(CHUNK, acts // FAMILY - len(self.roots))):
                self._family(tables)
            for table, rows in tables.items():
                db.session.execute(insert(table), rows)
        head.number, head.hash = self.number, self.hash
        db.session.execute(text(
            "UPDATE standing_account SET balance_g = "
            "(SELECT coalesce(sum(grams), 0) FROM posting WHERE account_id = standing_account.id)"
        ))  # fmt: skip
        db.session.execute(text(
            "UPDATE allocation SET harvested_g = "
            "(SELECT coalesce(sum(weight_g), 0) FROM harvest WHERE allocation_id = allocation.id)"
        ))  # fmt: skip
        db.session.execute(text("ANALYZE"))

    def _family(self, tables: dict) -> None:
        plot, firm = len(self.roots) % PLOTS, len(self.roots) % FIRMS
        grower, buyer, site = self.growers[plot % GROWERS], self.firms[firm], self.site_ids[firm]
        lots = list(range(self.next_lot, self.next_lot + 9))
        self.next_lot += 9
        field = self.accounts[grower, self.fruit_id, "field"]
        fruit_loss, peel_loss = (self.accounts[buyer, of, "loss"] for of in (self.fruit_id, self.peel_id))
        kg = (0, 0, *(a - b for a, b in zip((50, *PARTS_KG), (*PARTS_KG, 0), strict=True)))
        for position, lot in enumerate(lots):
            row = {"id": lot, "party_id": buyer if position else grower, "site_id": site if position else None,
                   "material_id": self.peel_id if position > 1 else self.fruit_id, "peel_kind": "red",
                   "origins": [[self.area_id, "2026"]], "first_season": "2026", "last_season": "2026", "opening_checks": [],
                   "claimed_year": None, "made_on": DAY, "balance_g": kg[position] * KG - (position == 8),
                   "reserved_g": 0, "holds": 0, "recalls": 0}  # fmt: skip
            tables[Lot].append(row)
            if position > 1:
                tables[StayPeriod].append(
                    {
                        "lot_id": lot,
                        "site_id": site,
                        "starts_on": DAY,
                        "ends_on": None,
                        "inside": True,
                        "claimed": False,
                    }
                )
        tables[Harvest].append(
            {
                "allocation_id": self.first_allocation + plot,
                "lot_id": lots[0],
                "weight_g": 1000 * KG,
                "picked_on": DAY,
                "reversed_at": None,
            }
        )
        self._act(tables, "harvest", [(None, field, -1000 * KG), (lots[0], None, 1000 * KG)])
        self._act(
            tables,
            "transfer",
            [(lots[0], None, -1000 * KG), (lots[1], None, 1000 * KG)],
            (lots[0], lots[1], 1000 * KG),
        )
        dried = [(lots[1], None, -1000 * KG), (lots[2], None, 50 * KG), (None, fruit_loss, 950 * KG)]
        self._act(tables, "processing", dried, (lots[1], lots[2], 1000 * KG))
        for position, part_kg in enumerate(PARTS_KG, 2):
            parent, child, grams = lots[position], lots[position + 1], part_kg * KG
            self._act(tables, "split", [(parent, None, -grams), (child, None, grams)], (parent, child, grams))
        self._act(tables, "loss", [(lots[8], None, -1), (None, peel_loss, 1)])
        self.roots.append(lots[0])

    def _act(self, tables: dict, kind: str, lines: list, edge: tuple[int, int, int] | None = None) -> None:
        self.number += 1
        at = clock.now()
        body = canonical({"act": f"stock.{kind}", "at": at.isoformat(timespec="microseconds"), "by": "service",
                          "facts": {"lines": lines}, "personal": {}, "subject": f"lot:{self.next_lot}"})  # fmt: skip
        digest = entry_hash(self.number, self.hash, body)
        tables[RecordRow].append({"number": self.number, "at": at, "act": f"stock.{kind}", "subject": f"lot:{self.next_lot}",
                                  "by": "service", "body": body, "previous_hash": self.hash, "hash": digest})  # fmt: skip
        self.hash = digest
        tables[StockAct].append(
            {
                "act_number": self.number,
                "kind": kind,
                "on": DAY,
                "reason": "",
                "unusual": False,
                "reverses": None,
            }
        )
        tables[Posting] += [
            {"act_number": self.number, "lot_id": lot, "account_id": account, "grams": grams}
            for lot, account, grams in lines
        ]
        if edge:
            tables[LotParent].append(
                {"parent_id": edge[0], "child_id": edge[1], "grams": edge[2], "act_number": self.number}
            )


def timed(work: Callable[..., object], *arguments: object, **named: object) -> float:
    """Milliseconds."""
    start = time.perf_counter()
    work(*arguments, **named)
    return (time.perf_counter() - start) * 1000


def measure(district: District, rounds: int, seed: int) -> tuple[list[float], list[float]]:
    """Milliseconds of acts (losses and splits in turn) and of traces up and down a family of depth 8."""
    chance, posts, traces = random.Random(seed), [], []
    for turn in range(rounds):
        root = chance.choice(district.roots)
        db.session.remove()
        lot, officer = db.session.get(Lot, root + 2 + turn % 6), db.session.get(Account, district.officer_id)
        if turn % 2:
            posts.append(timed(split_lot, lot, [KG], by=officer))
        else:
            posts.append(timed(book_loss, lot, KG, reason="示范", by=officer))
        db.session.remove()
        traces.append(timed(trace, root))
    return posts, traces


def trace(root: int) -> None:
    chain_up([root + 8])
    chain_down([root])


@contextmanager
def world(folder: Path, acts: int) -> Iterator[tuple[Flask, District]]:
    """A service of its own whose ledger holds so many acts."""
    folder.mkdir()
    app = create_app(TESTING=True, DATA_DIR=str(folder))
    with app.app_context():
        db.create_all()
        district = District()
        district.fill(acts)
    yield app, district
    with app.app_context():
        db.engine.dispose()


def main(rounds: int) -> None:
    today = clock.now().replace(year=DAY.year, month=DAY.month, day=DAY.day)
    with TemporaryDirectory() as folder, clock.played_at(today):
        place = Path(folder)
        with world(place / "small", ACTS // 10) as small, world(place / "full", ACTS) as full:
            with small[0].app_context():
                assert first_misfit() is None
            results = alternately((small, full), rounds)
            with full[0].app_context():
                crop = db.session.query(Crop).filter_by(code="citrus").one()
                reconcile_s = timed(reconcile, Season(2026), crop) / 1000
    report(*results, reconcile_s)


def alternately(
    worlds: Sequence[tuple[Flask, District]], rounds: int
) -> list[tuple[list[float], list[float]]]:
    """Both ledgers measured in turns, since a shared machine's speed swings within seconds."""
    results: list[tuple[list[float], list[float]]] = [([], []) for _ in worlds]
    for turn in range(-1, rounds // TURN):
        for (app, district), (posts, traces) in zip(worlds, results, strict=True):
            with app.app_context():
                posted, traced = measure(district, TURN, seed=turn)
            if turn >= 0:  # the first turn only warms up
                posts += posted
                traces += traced
    return results


def report(
    small: tuple[list[float], list[float]], full: tuple[list[float], list[float]], reconcile_s: float
) -> None:
    (small_posts, small_traces), (posts, traces) = small, full
    print(f"post_p50_ms {statistics.median(posts):.2f}")
    print(f"post_p99_ms {statistics.quantiles(posts, n=100)[98]:.2f}")
    print(f"trace_ms {statistics.median(traces):.2f}")
    print(f"reconcile_s {reconcile_s:.2f}")
    print(f"post_growth {statistics.median(posts) / statistics.median(small_posts):.2f}")
    print(f"trace_growth {statistics.median(traces) / statistics.median(small_traces):.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
