"""How long any one transaction holds SQLite's write lock, watched from outside by a process that never takes it.

Under WAL a writer keeps byte 120 of the -shm file locked, the kernel tells which process does, and the number at
byte 8 of that file rises with each commit (sqlite.org/walformat.html). Looking every half millisecond, one holder with
one number is one transaction; two of a process count as one only where the first wrote nothing and the second followed
at once. Whoever *tried* to take the lock would see instead how long all transactions before it took, and its own pauses.
"""

import fcntl
import mmap
import multiprocessing
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path

FLOCK = "hhqqi"  # struct flock: type, whence, start, length, process
WRITE_LOCK = struct.pack(FLOCK, fcntl.F_WRLCK, 0, 120, 1, 0)
COMMITS = slice(8, 12)
PAUSE_S = 0.0005


@dataclass(frozen=True)
class Hold:
    """From when (time.monotonic) and how long, in seconds."""

    start: float
    length: float


@contextmanager
def watched(database: Path) -> Iterator[list[Hold]]:
    """The holds come into the list when the watching ends. The database must be open elsewhere all the time."""
    holds: list[Hold] = []
    stop, told = multiprocessing.Event(), multiprocessing.Queue()
    watcher = multiprocessing.Process(target=_watch, args=(f"{database}-shm", stop, told), daemon=True)
    watcher.start()
    try:
        yield holds
    finally:
        stop.set()
        holds += told.get(timeout=10)
        watcher.join()


def _watch(path: str, stop: Event, told: Queue) -> None:
    holds, held, start, watching = [], None, 0.0, True
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 4096, prot=mmap.PROT_READ) as index:
        while watching:
            watching = not stop.is_set()
            holder = watching and _holder(file.fileno())  # a hold that goes on counts up to the end
            seen, now = (holder, index[COMMITS]) if holder else None, time.monotonic()
            if seen != held:
                if held:
                    holds.append(Hold(start, now - start))
                held, start = seen, now
            time.sleep(PAUSE_S)
    told.put(holds)


def _holder(file: int) -> int:
    """The process that holds the write lock, or 0."""
    kind, _, _, _, process = struct.unpack_from(FLOCK, fcntl.fcntl(file, fcntl.F_GETLK, WRITE_LOCK))
    return 0 if kind == fcntl.F_UNLCK else process
