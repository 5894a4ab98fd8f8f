"""Who else asks while `scripts/bench bulk` imports: consumers who check codes, and staff who sign in."""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count, cycle

import requests
from requests.adapters import HTTPAdapter

from tests.cast import PASSWORD

CHECKS_PER_S, SIGN_INS_PER_S = 20, 0.5
PATIENCE_S = 30
PHONE = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) Phone"}
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Wait:
    """What one person asked for and when (time.monotonic), how long until the answer, and its status; 0: gave up."""

    kind: str
    start: float
    ms: float
    status: int


class Crowd:
    """Comes at its pace as long as it is entered, whatever the service does: each person with a connection and, in
    turn, one of 250 addresses of this machine. Afterwards `waits` has what all of them met."""

    def __init__(self, site: str, codes: list[str], sign_in_names: list[str]):
        self.site, self.codes, self.names = site, cycle(codes), cycle(sign_in_names)
        self.waits: list[Wait] = []
        self._stop, self._people = threading.Event(), list[threading.Thread]()
        self._queues = [
            threading.Thread(target=self._come, args=("check", self._check, CHECKS_PER_S)),
            threading.Thread(target=self._come, args=("sign_in", self._sign_in, SIGN_INS_PER_S)),
        ]

    def __enter__(self) -> "Crowd":
        for queue in self._queues:
            queue.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in (*self._queues, *self._people):
            thread.join()

    def _come(self, kind: str, ask: Callable[[requests.Session], int], per_s: float) -> None:
        start = time.monotonic()
        for turn in count():
            if self._stop.wait(max(0, start + turn / per_s - time.monotonic())):
                return
            person = threading.Thread(target=self._meet, args=(kind, ask, f"127.0.2.{turn % 250 + 1}"))
            person.start()
            self._people.append(person)

    def _meet(self, kind: str, ask: Callable[[requests.Session], int], address: str) -> None:
        start = time.monotonic()
        with requests.Session() as browser:
            browser.mount("http://", _From(address))
            try:
                status = ask(browser)
            except requests.RequestException:
                status = 0
        self.waits.append(Wait(kind, start, 1000 * (time.monotonic() - start), status))

    def _check(self, browser: requests.Session) -> int:
        """By a phone that never asked before."""
        page = f"{self.site}/c/{next(self.codes)}"
        return browser.get(page, headers=PHONE, timeout=PATIENCE_S).status_code

    def _sign_in(self, browser: requests.Session) -> int:
        page = f"{self.site}/sign-in"
        token = CSRF.search(browser.get(page, timeout=PATIENCE_S).text)
        form = {"sign_in_name": next(self.names), "password": PASSWORD, "csrf_token": token and token[1]}
        return browser.post(page, data=form, timeout=PATIENCE_S, allow_redirects=False).status_code


class _From(HTTPAdapter):
    """Connects from one address of this machine."""

    def __init__(self, address: str):
        self.address = address
        super().__init__()

    def init_poolmanager(self, *arguments: object, **named: object) -> None:
        super().init_poolmanager(*arguments, source_address=(self.address, 0), **named)
