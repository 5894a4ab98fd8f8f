"""Bytes to and from other offices."""

import json
import uuid
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import current_app

from gi_trace import clock
from gi_trace.keys import keys
from gi_trace.offices.models import find_office
from gi_trace.offices.rules import Message, MessageKind, PackageReplayed, open_package, public_key, seal

MESSAGES = "messages"
TIMEOUT_SECONDS = 20
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


def post(url: str, path: str, content: bytes, media_type: str) -> bytes:
    """The receipt in the answer; that of an earlier time counts too. Raises URLError, OSError, ValueError."""
    request = Request(
        f"{url.rstrip('/')}/exchange/{path}",
        data=content,
        headers={"Content-Type": media_type},
        method="POST",
    )
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310  (registered https addresses)
            return answer.read(LARGEST_RECEIPT)
    except HTTPError as error:
        answered = error.read(LARGEST_RECEIPT)
        if error.code == PackageReplayed.status:
            return str(json.loads(answered).get("receipt", "")).encode()
        raise


def fault_of(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]


def _key_of(office_code: str) -> Ed25519PublicKey | None:
    office = find_office(office_code)
    return public_key(office.public_key) if office and office.retired_at is None else None
