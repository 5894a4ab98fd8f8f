"""How gunicorn serves gi_trace, read by scripts/serve and by the benches."""

import os

bind = f"127.0.0.1:{os.environ.get('GI_TRACE_PORT', '8000')}"
worker_class = "gthread"
workers = 2
threads = 32
graceful_timeout = 10
loglevel = "warning"
control_socket_disable = True


def when_ready(server):
    """Greet only now: the socket listens, so whoever follows a printed link is answered."""
    print(os.environ.get("GI_TRACE_GREETING", ""), flush=True)
