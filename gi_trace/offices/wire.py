"""Bytes to another office and its answer: one connection, to one address, within one deadline."""

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from queue import Empty, Queue
from threading import Thread, Timer
from typing import Any
from urllib.parse import SplitResult, urlsplit

from flask import current_app

from gi_trace.errors import Refused
from gi_trace.offices.faults import DeliveryFailed, Fault
from gi_trace.offices.networks import is_allowed
from gi_trace.offices.rules import PackageReplayed
from gi_trace.sent_json import read_json

MESSAGES = "messages"
SECONDS_TO_CONNECT = 10
SECONDS = 120  # for all of one delivery: a photo of 8 MB on a line of 1 Mbit/s takes 70
LARGEST_RECEIPT = 64 * 1024
REDIRECTS = range(300, 400)


def post(url: str, path: str, content: bytes, media_type: str, *, seconds: float) -> bytes:
    """The receipt in the answer; that of an earlier time counts too. Raises DeliveryFailed.

    Over in `seconds`, and in no more than SECONDS, whatever the other side does.
    """
    status, answered = ask(url, f"/exchange/{path}", content, media_type, min(seconds, SECONDS))
    if status == HTTPStatus.OK:
        return answered
    said = _object(answered)
    if status == PackageReplayed.status and isinstance(said.get("receipt"), str):
        return str(said["receipt"]).encode("utf-8", "replace")
    if status in REDIRECTS:
        raise DeliveryFailed(Fault.ELSEWHERE, f"HTTP {status}")
    raise DeliveryFailed(Fault.DECLINED, f"HTTP {status} {said.get('code', '')!s}".strip())


def _object(answered: bytes) -> dict[str, object]:
    try:
        said = read_json(answered)
    except Refused:
        return {}
    return said if isinstance(said, dict) else {}


def ask(url: str, path: str, content: bytes, media_type: str, seconds: float) -> tuple[int, bytes]:
    """(HTTP status, answer) within `seconds`. Raises DeliveryFailed."""
    ends = time.monotonic() + seconds
    try:
        address = urlsplit(url)
        with _connection(address, ends) as connection:
            headers = {"Content-Type": media_type, "Connection": "close"}
            connection.request("POST", address.path.rstrip("/") + path, content, headers)
            answer = connection.getresponse()
            answered = answer.read(LARGEST_RECEIPT)
    except DeliveryFailed:
        raise
    except (OSError, HTTPException, ValueError) as error:
        late = time.monotonic() >= ends or isinstance(error, TimeoutError)
        fault = Fault.TOO_SLOW if late else _fault_of(error)
        raise DeliveryFailed(fault, f"{type(error).__name__}: {error}", leave_alone=True) from error
    if time.monotonic() >= ends:  # what was cut off can look like an answer
        raise DeliveryFailed(Fault.TOO_SLOW, leave_alone=True)
    return answer.status, answered


def _fault_of(error: Exception) -> Fault:
    return Fault.UNREACHABLE if isinstance(error, OSError) else Fault.NOT_UNDERSTOOD


@contextmanager
def _connection(address: SplitResult, ends: float) -> Iterator[HTTPConnection]:
    """To the one address that was looked at; shut at the deadline, the encryption's beginning included: a timeout
    of a socket starts anew with each byte."""
    is_https, host = address.scheme == "https", address.hostname or ""
    connection = (HTTPSConnection if is_https else HTTPConnection)(host, address.port)
    plain = _reached(host, connection.port, ends)
    held = plain.dup()  # encryption takes the first one over, from its first byte on
    end = Timer(max(0, ends - time.monotonic()), _shut, [held])
    end.start()
    try:
        connection.sock = _encrypted(plain, host) if is_https else plain
        yield connection
    finally:
        end.cancel()
        for one in (connection, plain, held):
            one.close()


def _looked_up(host: str, port: int, ends: float) -> list[Any]:
    """The addresses of a name. A resolver has no deadline of its own that could be set: it is left alone once ours is
    over, and its thread ends when it gives up. Raises OSError, ValueError."""
    answer: Queue[list[Any] | Exception] = Queue()

    def ask() -> None:
        try:
            answer.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, ValueError) as error:
            answer.put(error)

    Thread(target=ask, daemon=True).start()
    try:
        found = answer.get(timeout=min(SECONDS_TO_CONNECT, max(0, ends - time.monotonic())))
    except Empty:
        raise TimeoutError(host) from None
    if isinstance(found, Exception):
        raise found
    return found


def _reached(host: str, port: int, ends: float) -> socket.socket:
    """Looked up once; the first of its allowed addresses that answers."""
    found = _looked_up(host, port, ends)
    listed = current_app.config["OFFICES_NETWORKS"]
    allowed = [one for one in found if is_allowed(str(one[4][0]), listed)]
    if not allowed:
        raise DeliveryFailed(Fault.INNER_NETWORK, host, leave_alone=True)
    fault: OSError | None = None
    for family, kind, protocol, _, place in allowed:
        plain = socket.socket(family, kind, protocol)
        try:
            plain.settimeout(min(SECONDS_TO_CONNECT, max(0.01, ends - time.monotonic())))
            plain.connect(place)
            plain.settimeout(SECONDS)
            return plain
        except OSError as error:
            plain.close()
            fault = error
    assert fault is not None
    raise fault


def _encrypted(plain: socket.socket, host: str) -> ssl.SSLSocket:
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def _shut(held: socket.socket) -> None:
    try:
        held.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
