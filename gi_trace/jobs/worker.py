"""The process that does the jobs, and the watch that keeps one running beside the server."""

import logging
import os
import subprocess
import sys
import time
from threading import Thread

from flask import Flask

from gi_trace.jobs import running
from gi_trace.jobs.actions import LEASE, sign_of_life
from gi_trace.jobs.queue import queue_of

log = logging.getLogger(__name__)

AT_ONCE = 2  # a long import leaves the deliveries their turn
SECONDS_BETWEEN_SIGNS = 2
SECONDS_TO_FINISH = 5  # what takes longer is begun again by the next worker
MOST_SECONDS_UNTIL_WOKEN = 0.5


def work_until_stopped(app: Flask, *, beside: int | None) -> None:
    """Until a signal, or until the process `beside` it, its parent, has ended."""
    queue = queue_of(app)
    queue.gi_trace_sweep()
    queue.gi_trace_sweep.schedule(delay=LEASE.seconds + 1)  # what the last worker was killed over
    Thread(target=_give_signs_of_life, args=(app, beside), daemon=True).start()
    consumer = queue.create_consumer(
        workers=AT_ONCE,
        max_delay=MOST_SECONDS_UNTIL_WOKEN,
        graceful_signal="TERM",
        shutdown_timeout=SECONDS_TO_FINISH,
    )
    consumer.run()


def _give_signs_of_life(app: Flask, beside: int | None) -> None:
    while beside is None or os.getppid() == beside:
        time.sleep(SECONDS_BETWEEN_SIGNS)
        try:
            with app.app_context():
                for job in list(running.at_work):
                    sign_of_life(job)
        except Exception:
            log.exception("no sign of life could be written")
    os._exit(0)


class WorkerKeeper:
    """Keeps a worker running: a killed one is followed by another."""

    def __init__(self) -> None:
        self._ends = False
        self._worker = self._start()
        Thread(target=self._keep, daemon=True).start()

    def end(self) -> None:
        self._ends = True
        self._worker.terminate()
        try:
            self._worker.wait(2 * SECONDS_TO_FINISH)
        except subprocess.TimeoutExpired:
            self._worker.kill()

    def _keep(self) -> None:
        while True:
            self._worker.wait()
            time.sleep(1)  # one that cannot start does not take all the machine's time
            if self._ends:
                return
            self._worker = self._start()

    def _start(self) -> "subprocess.Popen[bytes]":
        beside = ["--beside", str(os.getpid())]
        return subprocess.Popen([sys.executable, "-m", "flask", "--app", "gi_trace", "jobs", "work", *beside])
