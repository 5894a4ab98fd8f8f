"""Other cities' offices: whole services of their own, and servers that answer in strange ways."""

import shutil
import socket
from contextlib import contextmanager
from threading import Thread

from werkzeug.serving import make_server

from gi_trace.database import db
from gi_trace.keys import keys
from gi_trace.offices.actions import register_office, retire_office
from gi_trace.offices.models import find_office
from gi_trace.offices.networks import networks_of
from tests.cast import person
from tests.databases import make_service

THIS_MACHINE = networks_of("127.0.0.0/8")  # where a test's other offices are


def knows(app, code, public_key, url, in_agreement=True):
    """The service registers another office, or new facts of it."""
    with app.app_context():
        if known := find_office(code):
            retire_office(known, by=person("sun"))
        register_office(
            code,
            f"示范局 {code}",
            "示范市",
            in_agreement=in_agreement,
            public_key=public_key,
            url=url,
            by=person("zhao"),
        )


class Instance:
    """One office's service on a port and database of its own."""

    def __init__(self, code, folder, prepared, **more):
        self.code = code
        settings = {"OFFICES_NETWORKS": THIS_MACHINE} | more
        folder.mkdir()
        shutil.copy(prepared, folder)
        self.app = make_service(folder, OFFICE_CODE=code, WTF_CSRF_ENABLED=True, **settings)
        with self.app.app_context():
            self.public_key = keys().office.public_key().public_bytes_raw().hex()
        self.server = make_server("127.0.0.1", 0, self.app, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = Thread(target=self.server.serve_forever)
        self.thread.start()

    def knows(self, other, *, url=None, in_agreement=True):
        knows(self.app, other.code, other.public_key, other.url if url is None else url, in_agreement)

    def stop(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        with self.app.app_context():
            db.engine.dispose()


@contextmanager
def strange_office(answer):
    """The address of a server that gives each connection to `answer`; it counts them."""
    listening = socket.create_server(("127.0.0.1", 0))
    callers = []

    def serve():
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            callers.append(connection)
            Thread(target=answer, args=(connection,), daemon=True).start()

    thread = Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}", callers
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join()
    for connection in callers:
        connection.close()
