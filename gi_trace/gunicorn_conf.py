"""How gunicorn serves gi_trace, read by scripts/serve and by the benches."""

import gc
import os
import sys

bind = f"127.0.0.1:{os.environ.get('GI_TRACE_PORT', '8000')}"
worker_class = "gi_trace.serving.PatientWorker"
workers = 2
threads = 32
graceful_timeout = 10
loglevel = "warning"
control_socket_disable = True

greeting: list[str] = []
watches: list = []


def on_starting(server):
    """In the first process, of which the workers are forks: they find all modules loaded and start at once."""
    gc.disable()  # nothing that is imported is garbage
    from gi_trace import create_app
    from gi_trace.commands import make_ready
    from gi_trace.record.signing import RecordKeyUnfit, check_signing
    from gi_trace.schema import TablesUnfit, check_tables

    gc.enable()

    try:
        with create_app().app_context():
            if start := os.environ.get("GI_TRACE_START"):  # from scripts/serve: demo or real
                greeting.extend(make_ready(with_demo=start == "demo"))
                greeting.append(f"服务地址：http://{bind}（按 Ctrl-C 停止）")
            else:
                check_tables()
                check_signing()
    except (TablesUnfit, RecordKeyUnfit) as unfit:
        sys.exit(str(unfit))


def when_ready(server):
    """Greet only now: the socket listens, so whoever follows a printed link is answered."""
    from gi_trace.jobs.worker import WorkerKeeper

    watches.append(WorkerKeeper())
    print(*greeting, sep="\n", flush=True)


def on_exit(server):
    for watch in watches:
        watch.end()
