"""`scripts/bench pack`: the inspector's offline pack and the phone that reads it.

    scripts/bench pack [--batches 100000] [--void 1000000]

Built from a database with that many batches of 1,000 units, all activated, and that many void units: once
scattered evenly, once in runs of 50. The phone is Chromium with its processor slowed down four times.
"""

import argparse
import gzip
import logging
import multiprocessing
import resource
import tempfile
import time
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from threading import Thread

from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from gi_trace import create_app
from gi_trace.batches.models import Batch
from gi_trace.codes.unit_code import code_of
from gi_trace.database import db
from gi_trace.keys import keys
from gi_trace.patrol.packs.content import PackContent, Since, pack_content
from gi_trace.patrol.packs.file import write_pack
from gi_trace.registry.first_products import load_first_products
from gi_trace.registry.models import find_product
from gi_trace.web.inspector.patrol import shell_files
from scripts.benches.pack_phone import decode_fps, open_phone, sign_in_on, verdict_ms
from scripts.benches.pack_season import AT, load_season, void_some

TODAY = date(2026, 11, 24)
DAYS_VOIDS, DAYS_NEW = 2_000, 1_000  # units voided and batches touched on an ordinary day
MEGABYTE = 1_000_000


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--batches", type=int, default=100_000)
    asked.add_argument("--void", type=int, default=1_000_000)
    options = asked.parse_args()
    figures: dict[str, float] = {}
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        runs = Path(folder, "runs")
        in_process(load, runs, options, True)
        figures["bits_per_void_runs"] = in_process(measure_runs, runs, options.void)["bits"]
        scattered = Path(folder, "scattered")
        in_process(load, scattered, options, False)
        figures |= in_process(measure_build, scattered, options.void)
        figures |= measure_phone(scattered)
    for name in (
        "pack_mb", "bits_per_void", "bits_per_void_runs", "daily_kb", "build_s", "build_mb", "verdict_ms",
        "decode_fps", "shell_kb",
    ):  # fmt: skip
        print(name, round(figures[name], 3))


def load(folder: Path, options: argparse.Namespace, in_runs: bool) -> None:
    with service(folder):
        db.create_all()
        load_first_products()
        load_season(options.batches, void_units=options.void, in_runs=in_runs)


@contextmanager
def service(folder: Path, **settings: object):
    app = create_app(DATA_DIR=str(folder), **settings)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def in_process(work, *arguments):
    """In a process of its own, so that its peak of memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def content(since: Since | None = None) -> PackContent:
    product = find_product("xinhui-chenpi")
    assert product is not None
    return pack_content([product], today=TODAY, since=since)


def written(made: PackContent) -> bytes:
    return write_pack(made.header, made.table, made.sets, keys().packs.sign)


def measure_runs(folder: Path, void_units: int) -> dict[str, float]:
    with service(folder):
        return {"bits": len(content().sets["void"]) * 8 / void_units}


def measure_build(folder: Path, void_units: int) -> dict[str, float]:
    with service(folder):
        times = []
        for _ in range(3):
            start = time.perf_counter()
            made = content()
            pack = written(made)
            times.append(time.perf_counter() - start)
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE
        return {
            "build_s": median(times),
            "build_mb": peak_mb,
            "pack_mb": len(gzip.compress(pack, 6)) / MEGABYTE,
            "bits_per_void": len(made.sets["void"]) * 8 / void_units,
            "daily_kb": daily_kb(),
        }


def daily_kb() -> float:
    """The difference after a day on which units of 1,000 batches became void."""
    numbers = list(db.session.scalars(select(Batch.number).limit(DAYS_NEW)))
    later = AT + timedelta(days=1)
    void_some(numbers, DAYS_VOIDS // DAYS_NEW, later)
    difference = content(Since(later))
    assert len(difference.table.number) == len(numbers)
    return len(gzip.compress(written(difference), 6)) / 1000


def measure_phone(folder: Path) -> dict[str, float]:
    """Verdicts after decoding and decoded camera frames on the slow phone, and the bytes of the app's shell."""
    with service(folder) as app:
        numbers = list(db.session.scalars(select(Batch.number).order_by(Batch.number).limit(50)))
        texts = [code_of(keys().by_epoch[0], number, unit) for number in numbers for unit in (1, 500)]
        sign_in_on(app)
        db.session.remove()
        server = make_server("127.0.0.1", 0, app, threaded=True)
        app.config["PUBLIC_URL"] = f"http://127.0.0.1:{server.server_port}"
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            with sync_playwright() as playwright:
                page = open_phone(playwright, app.config["PUBLIC_URL"])
                return {
                    "shell_kb": shell_bytes(page, app.static_folder or "") / 1000,
                    "verdict_ms": verdict_ms(page, texts),
                    "decode_fps": decode_fps(page, texts[0], app.config["PUBLIC_URL"]),
                }
        finally:
            server.shutdown()


def shell_bytes(page: Page, static_folder: str) -> int:
    paths = ["/inspector/patrol", *shell_files(static_folder)]
    return sum(len(page.request.get(path).body()) for path in paths)


if __name__ == "__main__":
    main()
