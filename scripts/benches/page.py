"""`scripts/bench page`: the page of a verified code under load, beside other ways to do the same work.

    scripts/bench page [--rounds 5] [--seconds 5] [--connections 64] [--requests 1000000] [--checks 20000000]

gunicorn as scripts/serve starts it, wrk as a separate process; every request another code and device, every
check stored before its answer. Servers take turns in rounds, and medians of the rounds' ratios count, because
absolute rates swing on a shared machine. Needs wrk (Debian's package of that name).
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from scripts.benches.page_world import UNITS, make_world, write_codes

ROOT = Path(__file__).resolve().parents[2]
LUA = Path(__file__).with_name("page_load.lua")
PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) Phone"}
GUNICORN = ["-m", "gunicorn", "--config", "gi_trace/gunicorn_conf.py"]
RIVALS = "scripts.benches.page_rivals"
WARM_UP_S = 3


@dataclass
class Load:
    requests: int
    per_s: float
    p99_ms: float


class Server:
    """One way of answering, on a port of its own, over one world."""

    def __init__(self, port: int, command: list[str], world: Path, **environment: str):
        self.port, self.world, self.runs = port, world, 0
        settings = {"GI_TRACE_DATA_DIR": str(world), "GI_TRACE_PORT": str(port)} | environment
        self.process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=os.environ | settings, stdout=subprocess.DEVNULL
        )

    def wait(self) -> bytes:
        """Until it answers; returns the page of the first code."""
        code = (self.world / "codes.txt").read_text().partition("\n")[0]
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}/c/{code}", headers=PHONE)
        for _ in range(600):
            try:
                with urllib.request.urlopen(asked) as answer:
                    return answer.read()
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"the server on port {self.port} does not answer")

    def load(self, seconds: int, connections: int, pause_ms: float = 0) -> Load:
        self.runs += 1
        skip = self.runs * 37_003 % (UNITS - 200_000)
        done = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "--latency", "-s", str(LUA),
             f"http://127.0.0.1:{self.port}", "--", str(self.world / "codes.txt"), str(skip), str(pause_ms)],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        if "Non-2xx" in done:
            raise SystemExit(f"port {self.port} refused requests:\n{done}")
        number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", done).groups()
        requests = int(re.search(r"(\d+) requests in", done)[1])
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", done)[1])
        return Load(requests, rate, float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit])

    def worker_mb(self) -> list[float]:
        """Resident memory of the worker processes."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        status = (Path(f"/proc/{child}/status").read_text() for child in children)
        return [int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024 for text in status]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--requests", type=int, default=1_000_000, help="for the growth of a worker")
    parser.add_argument("--checks", type=int, default=20_000_000, help="stored ones, for growth_checks")
    parser.add_argument("--folder", help="where the worlds are made; default: a temporary folder")
    asked = parser.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("The bench needs wrk: apt-get install wrk")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are stopped too
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        for name, value in measure(Path(folder), asked).items():
            print(name, value)


def measure(folder: Path, asked: argparse.Namespace) -> dict[str, float]:
    world = made(folder / "usual", batches=1000, checks=UNITS)
    ours = Server(8931, [*GUNICORN, "gi_trace:create_app()"], world)
    servers = [ours]
    try:
        page = ours.wait()
        servers += rivals(world, len(page))
        return figures(ours, servers[1:], page, folder, asked)
    finally:
        for server in servers:
            server.stop()


def rivals(world: Path, page_bytes: int) -> list[Server]:
    uvicorn = [
        "-m",
        "uvicorn",
        f"{RIVALS}.fast:app",
        "--port",
        "8934",
        "--workers",
        "2",
        "--log-level",
        "warning",
    ]
    return [
        Server(8932, [*GUNICORN, f"{RIVALS}.constant:app"], world, PAGE_BYTES=str(page_bytes)),
        Server(8933, [*GUNICORN, f"{RIVALS}.plain:app"], world),
        Server(8934, uvicorn, world),
    ]


def figures(
    ours: Server, others: list[Server], page: bytes, folder: Path, asked: argparse.Namespace
) -> dict[str, float]:
    for other in others:
        other.wait()
    constant, plain, fast = (ratios(ours, other, asked) for other in others)
    for other in others:
        other.stop()
    found = {"share_of_constant": constant, "vs_plain_orm": plain, "vs_fastapi": fast}
    found["p99_ms_half_load"] = half_load(ours, asked)
    for name, batches, checks in (("batches", 100_000, UNITS), ("checks", 1000, asked.checks)):
        larger = Server(
            8935, [*GUNICORN, "gi_trace:create_app()"], made(folder / name, batches=batches, checks=checks)
        )
        try:
            larger.wait()
            found[f"growth_{name}"] = ratios(ours, larger, asked)
        finally:
            larger.stop()
    found |= memory(folder / "usual", asked)
    found["page_kb"] = round(len(page) / 1000, 1)
    return found


def ratios(ours: Server, other: Server, asked: argparse.Namespace) -> float:
    """Median of our rate over the other's, in alternating rounds."""
    for server in (ours, other):
        server.load(WARM_UP_S, asked.connections)
    rounds = []
    for _ in range(asked.rounds):
        mine, theirs = (server.load(asked.seconds, asked.connections).per_s for server in (ours, other))
        print(f"  {mine:.0f}/s against {theirs:.0f}/s on port {other.port}", flush=True)
        rounds.append(mine / theirs)
    return round(median(rounds), 2)


def half_load(ours: Server, asked: argparse.Namespace) -> float:
    highest = max(ours.load(asked.seconds, asked.connections).per_s for _ in range(asked.rounds))
    pause_ms = asked.connections / (highest / 2) * 1000
    runs = [ours.load(asked.seconds, asked.connections, pause_ms) for _ in range(asked.rounds)]
    return round(median(run.p99_ms for run in runs), 1)


def memory(world: Path, asked: argparse.Namespace) -> dict[str, float]:
    """Of fresh workers after 10,000 requests, and after all."""
    fresh, answered, early = Server(8936, [*GUNICORN, "gi_trace:create_app()"], world), 0, None
    try:
        fresh.wait()
        while answered < asked.requests:
            answered += fresh.load(min(asked.seconds, 5), asked.connections).requests
            if early is None and answered >= 10_000:
                early = fresh.worker_mb()
        late = fresh.worker_mb()
    finally:
        fresh.stop()
    growth = max(after - before for before, after in zip(early or late, late, strict=True))
    return {"worker_mb": round(max(late)), "worker_growth_mb": round(growth, 1)}


def made(folder: Path, *, batches: int, checks: int) -> Path:
    folder.mkdir()
    make_world(folder, batches=batches, checks=checks)
    write_codes(folder, batches=batches)
    return folder


if __name__ == "__main__":
    main()
