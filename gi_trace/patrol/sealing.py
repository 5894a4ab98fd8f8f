"""Items as their maker sealed and signed them on a phone: whoever carries them on reads nothing, and they arrive in the
maker's name.

    {"phone", "iv", "sealed"}              AES-256-GCM under the maker's key; the phone's id is authenticated with it
    in the seal: {"content", "signature"}  the item as JSON text, and what the phone's own key signed: that text
    a photo's bytes                        AES-256-CTR from 0 on, beginning with the first 8 bytes of the photo's id
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CTR

from gi_trace.database import db
from gi_trace.keys import keys
from gi_trace.patrol.packs.models import PatrolPhone
from gi_trace.patrol.packs.phone_keys import check_signed
from gi_trace.patrol.packs.rules import KeyUnreadable, PhoneUnknown, SealBroken
from gi_trace.sent_json import read_json

BLOCK = 16
BROKEN = (InvalidTag, KeyUnreadable, AttributeError, KeyError, TypeError, ValueError, binascii.Error)


def is_sealed(sent: object) -> bool:
    return isinstance(sent, Mapping) and "sealed" in sent


def opened(sent: Mapping[str, Any]) -> tuple[dict[str, Any], PatrolPhone]:
    """The item, and the phone on which it was made. Raises PhoneUnknown, SealBroken, and what
    `read_json` raises."""
    phone = makers_phone(sent.get("phone"))
    try:
        key = AESGCM(keys().seals_of(phone.officer_id)[0])
        iv, sealed = base64.b64decode(sent["iv"]), base64.b64decode(sent["sealed"])
        inside = read_json(key.decrypt(iv, sealed, phone.id.encode()))
        content = inside["content"].encode()
        check_signed(content, base64.b64decode(inside["signature"]), phone.public_key)
        return read_json(inside["content"]), phone
    except BROKEN:
        raise SealBroken from None


def makers_phone(phone_id: object) -> PatrolPhone:
    """Raises PhoneUnknown."""
    phone = db.session.get(PatrolPhone, phone_id[:32]) if isinstance(phone_id, str) else None
    if phone is None:
        raise PhoneUnknown
    return phone


def opened_piece(photo_id: str, offset: int, piece: bytes, phone: PatrolPhone) -> bytes:
    """Bytes of a photo from `offset` on. A wrong key or id makes other bytes, which the photo's hash then betrays."""
    start = bytes.fromhex(photo_id.replace("-", ""))[:8] + (offset // BLOCK).to_bytes(8, "big")
    stream = Cipher(AES256(keys().seals_of(phone.officer_id)[1]), CTR(start)).decryptor()
    stream.update(bytes(offset % BLOCK))
    return stream.update(piece)
