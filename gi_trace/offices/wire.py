"""Bytes to and from other offices."""

import socket
import time
import uuid
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPConnection, HTTPSConnection
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import current_app

from gi_trace import clock
from gi_trace.errors import Refused
from gi_trace.keys import keys
from gi_trace.offices.models import find_office
from gi_trace.offices.rules import Message, MessageKind, PackageReplayed, open_package, public_key, seal
from gi_trace.sent_json import read_json

MESSAGES = "messages"
SECONDS_TO_CONNECT = 10
SECONDS = 120  # for all of one delivery: a photo of 8 MB on a line of 1 Mbit/s takes 70
LARGEST_RECEIPT = 64 * 1024


def opened(package: bytes) -> Message:
    """A message that a registered office sealed for us. Raises what is wrong with it."""
    return open_package(package, _key_of, receiver=current_app.config["OFFICE_CODE"])


def sealed_message(
    kind: MessageKind, transfer_id: str, receiver: str, body: Mapping[str, Any]
) -> tuple[Message, str]:
    """A message of ours and its package."""
    message = Message(
        id=str(uuid.uuid4()),
        kind=kind,
        transfer=transfer_id,
        sender=current_app.config["OFFICE_CODE"],
        receiver=receiver,
        at=clock.now().isoformat(timespec="seconds"),
        body=body,
    )
    return message, seal(message, keys().office).decode()


class Declined(ValueError):
    """The other side answered, but not with a receipt."""


def post(url: str, path: str, content: bytes, media_type: str) -> bytes:
    """The receipt in the answer; that of an earlier time counts too. Goes nowhere but to that address.

    Raises ValueError for an answer that is none, OSError and HTTPException where there is no answer.
    """
    status, answered = _ask(url, f"/exchange/{path}", content, media_type)
    if status == HTTPStatus.OK:
        return answered
    if status == PackageReplayed.status:
        return _receipt_of_then(answered)
    raise Declined(f"HTTP {status}")


def _receipt_of_then(answered: bytes) -> bytes:
    try:
        return str(read_json(answered)["receipt"]).encode()
    except (Refused, LookupError, TypeError):
        raise Declined("no receipt in the answer") from None


def _ask(url: str, path: str, content: bytes, media_type: str) -> tuple[int, bytes]:
    """Ends in time however slowly the other side takes and gives: a timeout of the socket starts anew with each byte."""
    address = urlsplit(url)
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    connection = kind(address.hostname or "", address.port, timeout=SECONDS_TO_CONNECT)
    try:
        connection.connect()
        assert connection.sock is not None
        connection.sock.settimeout(SECONDS)
        started, end = (
            time.monotonic(),
            Timer(SECONDS, socket.socket.shutdown, [connection.sock, socket.SHUT_RDWR]),
        )
        end.start()
        try:
            connection.request("POST", address.path.rstrip("/") + path, content, {"Content-Type": media_type})
            answer = connection.getresponse()
            answered = answer.read(LARGEST_RECEIPT)
        finally:
            end.cancel()
        if time.monotonic() - started >= SECONDS:
            raise TimeoutError("no whole answer in time")
        return answer.status, answered
    finally:
        connection.close()


def fault_of(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]


def _key_of(office_code: str) -> Ed25519PublicKey | None:
    office = find_office(office_code)
    return public_key(office.public_key) if office and office.retired_at is None else None
