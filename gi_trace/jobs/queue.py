"""The queue that wakes the worker: huey, in a file of its own, or in Redis where there is one.

It carries no work, only "look what waits": what it loses, the sweep finds.
"""

import logging
from collections.abc import Callable
from pathlib import Path

from flask import Flask, current_app
from huey import Huey, RedisHuey, SqliteHuey, crontab
from huey.serializer import SignedSerializer

from gi_trace.jobs import running

log = logging.getLogger(__name__)

NAME = "gi_trace"


def queue_of(app: Flask) -> Huey:
    """Made at its first use. What is in it is signed, since it is read by unpickling."""
    if "gi_trace_queue" not in app.extensions:
        app.extensions["gi_trace_queue"] = _make_queue(app)
    return app.extensions["gi_trace_queue"]


def wake() -> None:
    """A worker looks soon; when it cannot be told, at the next sweep."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the queue outlives this request
    try:
        queue_of(app).gi_trace_work()
    except Exception:
        log.exception("nobody could be woken; the sweep will find what waits")


def _make_queue(app: Flask) -> Huey:
    settings = {"results": False, "serializer": SignedSerializer(secret=app.config["SECRET_KEY"])}
    queue: Huey
    if url := app.config["REDIS_URL"]:
        queue = RedisHuey(NAME, url=url, **settings)
    else:
        file = Path(app.config["DATA_DIR"]).resolve() / "queue.db"
        queue = SqliteHuey(NAME, filename=str(file), **settings)
    queue.gi_trace_work = queue.task(name="work")(_inside(app, running.work))
    queue.gi_trace_sweep = queue.periodic_task(crontab(), name="sweep")(_inside(app, running.sweep))
    return queue


def _inside(app: Flask, call: Callable[[], None]) -> Callable[[], None]:
    def inside() -> None:
        with app.app_context():
            call()

    return inside
