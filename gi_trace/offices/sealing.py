"""Our messages sealed by our key, and those of other offices opened by theirs."""

import uuid
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import current_app

from gi_trace import clock
from gi_trace.keys import keys
from gi_trace.offices.models import find_office
from gi_trace.offices.rules import Message, MessageKind, open_package, public_key, seal


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


def _key_of(office_code: str) -> Ed25519PublicKey | None:
    office = find_office(office_code)
    return public_key(office.public_key) if office and office.retired_at is None else None
