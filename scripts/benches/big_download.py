"""`scripts/bench big_download`: the public page while a million labels are downloaded from the running service.

One download is cancelled half-way, then it is made again in full; the slowest pages in a hundred of that time
are compared with those of an idle service.
"""

import argparse
import multiprocessing
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

import requests

from gi_trace.batches.actions import order_print_run
from scripts.benches.rounds import show
from tests.cast import PASSWORD, code, make_activated_batch, make_batch, person
from tests.databases import make_service, prepare

MILLION = 1_000_000
WARM_UP = 50
SEAL = re.compile(r'name="(csrf_token|form_key)"[^>]*value="([^"]+)"')


def prepared(folder: Path) -> tuple[str, int]:
    """(an activated code, the id of a print run of a million) in a fresh database."""
    prepare(folder)
    with make_service(folder).app_context():
        batch = make_batch(units=MILLION, net_weight_g=1)
        run = order_print_run(batch, MILLION, by=person("lin"))
        return code(make_activated_batch("wu")), run.id


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of the service, started as scripts/serve does."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {"GI_TRACE_DATA_DIR": str(folder), "GI_TRACE_PORT": str(port)}
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--config",
        "gi_trace/gunicorn_conf.py",
        "gi_trace:create_app()",
    ]
    service = subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.PIPE)
    try:
        assert service.stdout
        service.stdout.readline()
        yield f"http://127.0.0.1:{port}"
    finally:
        service.terminate()
        service.wait()


def download(site: str, run_id: int, cancel_after: int | None, received) -> None:
    """Lin's clerk downloads the sheet; puts the number of bytes that came into a queue."""
    clerk = requests.Session()

    def post(page: str, form_of: str, **fields: object) -> requests.Response:
        fields |= dict(SEAL.findall(clerk.get(site + form_of).text))
        return clerk.post(site + page, data=fields, headers={"Referer": site}, stream=True)

    post("/sign-in", "/sign-in", sign_in_name="lin", password=PASSWORD).close()
    run = f"/enterprise/print-runs/{run_id}"
    count = 0
    asked = {"form": "pdf", "template": "a4-24", "start": 1, "reason": "measured again"}
    with post(f"{run}/download", f"{run}/download", **asked) as answer:
        answer.raise_for_status()
        for part in answer.iter_content(1 << 20):
            count += len(part)
            if cancel_after and count > cancel_after:
                break
        else:
            assert count == int(answer.headers["Content-Length"])
    received.put(count)


def page_times(address: str, more: Callable[[int], bool]) -> list[float]:
    """Milliseconds of each look at a code, one after the other, as long as more are wanted."""
    reader, taken = requests.Session(), []
    while more(len(taken)):
        start = time.perf_counter()
        assert reader.get(address).status_code == 200
        taken.append(1000 * (time.perf_counter() - start))
    return taken


def while_downloading(
    site: str, address: str, run_id: int, cancel_after: int | None
) -> tuple[list[float], int, float]:
    """(page times, bytes received, seconds) of one download, made by a process of its own."""
    received: multiprocessing.Queue = multiprocessing.Queue()
    start = time.perf_counter()
    clerk = multiprocessing.Process(target=download, args=(site, run_id, cancel_after, received))
    clerk.start()
    taken = page_times(address, lambda _: clerk.is_alive())
    return taken, received.get(timeout=1), time.perf_counter() - start


def slowest_in_a_hundred(times: list[float]) -> float:
    return quantiles(times, n=100)[98]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--looks", type=int, default=1000, help="at the page of the idle service")
    chosen = options.parse_args()
    with TemporaryDirectory() as folder:
        looked_at, run_id = prepared(Path(folder))
        with served(Path(folder)) as site:
            address = f"{site}/c/{looked_at}"
            page_times(address, lambda done: done < WARM_UP)
            idle = page_times(address, lambda done: done < chosen.looks)
            busy, _, _ = while_downloading(site, address, run_id, cancel_after=200_000_000)
            again, length, seconds = while_downloading(site, address, run_id, cancel_after=None)
    idle_p99, busy_p99 = slowest_in_a_hundred(idle), slowest_in_a_hundred(busy + again)
    show(
        {
            "download_labels_per_s": MILLION / seconds,
            "download_mb": length / 1e6,
            "page_p99_idle_ms": idle_p99,
            "page_p99_busy_ms": busy_p99,
            "page_p99_busy_vs_idle": busy_p99 / idle_p99,
        }
    )


if __name__ == "__main__":
    main()
