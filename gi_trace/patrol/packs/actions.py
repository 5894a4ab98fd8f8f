"""Acts on patrol phones and their packs: register a phone, issue a pack, revoke a phone."""

import base64
import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from flask import current_app

from gi_trace import clock
from gi_trace.accounts.actions import end_sign_ins
from gi_trace.accounts.models import Account, Role
from gi_trace.database import act, db, lock
from gi_trace.keys import keys
from gi_trace.patrol.packs.content import PackContent, Since, pack_content
from gi_trace.patrol.packs.file import write_pack
from gi_trace.patrol.packs.models import Pack, PatrolPhone
from gi_trace.patrol.packs.phone_keys import check_signed, phone_key, public_key
from gi_trace.patrol.packs.rules import (
    KeyUnreadable,
    PackEmpty,
    PhoneEnded,
    PhoneOfAnother,
    PhoneRevoked,
    PhoneUnknown,
)
from gi_trace.record.actions import record
from gi_trace.record.acts import Acted
from gi_trace.registry.models import Product
from gi_trace.verification.looking.look import hosts

LEAST_KEY_BITS = 2048
# An act that was under way while the base was read carries an earlier time than the base.
OVERLAP = timedelta(minutes=10)


@act
def register_phone(officer: Account, public_key: bytes, *, browser: str) -> PatrolPhone:
    """The phone that holds the private key of `public_key` (P-256, DER); the same phone is the same row."""
    phone_key(public_key)
    phone_id = hashlib.sha256(public_key).hexdigest()[:32]
    known = db.session.get(PatrolPhone, phone_id)
    if known is not None:
        check_in_use(known, officer)
        return known
    phone = PatrolPhone(
        id=phone_id,
        officer_id=officer.id,
        public_key=public_key,
        browser=browser[:200],
        registered_at=clock.now(),
    )
    db.session.add(phone)
    record(Acted.PATROL_PHONE_REGISTERED, phone, by=officer)
    return phone


@dataclass(frozen=True)
class Opening:
    """How a phone will open the keys in a pack: an RSA key (DER) made for this download alone, and the
    phone's signature over it, so that no other phone can ask in its name."""

    wrap_key: bytes
    proof: bytes


def pack_for(
    phone: PatrolPhone, opening: Opening, products: list[Product], *, base: Pack | None = None
) -> tuple[Pack, bytes]:
    """A signed pack for this officer and phone; with `base`, what changed since it.

    A season is read and packed before the act, which only notes what left.
    """
    check_in_use(phone, phone.officer)
    wrap_key = _wrap_key(phone, opening)
    if not products:
        raise PackEmpty
    base = base if base is not None and _fits(base, phone, products) else None
    since = Since(base.issued_at - OVERLAP, base.id) if base else None
    issued_at = clock.now()  # before the reading: the next difference asks for what came after it
    content = pack_content(products, today=clock.today(), since=since)
    pack = Pack(
        id=str(uuid.uuid4()),
        phone_id=phone.id,
        base_id=base.id if base else None,
        issued_at=issued_at,
        valid_until=issued_at + timedelta(days=current_app.config["PACK_DAYS"]),
        products=[product.code for product in products],
        epochs=sorted({*content.epochs, *(base.epochs if base else [])}),
        undated=content.undated,
    )
    header = _header(pack, phone, wrap_key, content)
    written = write_pack(header, content.table, content.sets, keys().packs.sign)
    pack.sha256, pack.size = hashlib.sha256(written).hexdigest(), len(written)
    _issue_pack(pack, phone)
    return pack, written


@act
def _issue_pack(pack: Pack, phone: PatrolPhone) -> None:
    lock(phone)
    check_in_use(phone, phone.officer)  # it may have been revoked while its pack was made
    db.session.add(pack)
    facts = {"phone": phone.id, "products": pack.products, "epochs": pack.epochs, "sha256": pack.sha256}
    record(Acted.PACK_ISSUED, pack, by=phone.officer, facts=facts)


@act
def revoke_phone(phone: PatrolPhone, *, by: Account) -> None:
    """Its packs are renewed no more, nothing unsealed is taken from it, and its officer is signed out everywhere: whoever
    holds it is not the officer. The authority does it, or the officer who lost it."""
    lock(phone)
    if by.role != Role.AUTHORITY and by.id != phone.officer_id:
        raise PhoneOfAnother
    if phone.revoked_at is None:
        phone.revoked_at = clock.now()
        end_sign_ins(phone.officer, except_token=by.sign_in_token)
        record(Acted.PATROL_PHONE_REVOKED, phone, by=by)


@act
def end_phone(phone: PatrolPhone) -> None:
    """Its officer has signed out: no more packs. What was made on it before still arrives."""
    lock(phone)
    if phone.ended_at is None:
        phone.ended_at = clock.now()
        record(Acted.PATROL_PHONE_ENDED, phone, by=phone.officer)


def phone_of(officer: Account, phone_id: str) -> PatrolPhone:
    """The officer's phone, while it may upload. Raises PhoneUnknown, PhoneRevoked, PhoneOfAnother."""
    phone = db.session.get(PatrolPhone, phone_id[:32])
    if phone is None:
        raise PhoneUnknown
    check_phone(phone, officer)
    return phone


def check_phone(phone: PatrolPhone, officer: Account) -> None:
    if phone.officer_id != officer.id:
        raise PhoneOfAnother
    if phone.revoked_at is not None:
        raise PhoneRevoked


def check_in_use(phone: PatrolPhone, officer: Account) -> None:
    check_phone(phone, officer)
    if phone.ended_at is not None:
        raise PhoneEnded


def _fits(base: Pack, phone: PatrolPhone, products: list[Product]) -> bool:
    """A difference to it makes a whole: it was whole itself, for this phone and these products."""
    same = sorted(base.products) == sorted(product.code for product in products)
    return base.phone_id == phone.id and base.base_id is None and same


def _header(pack: Pack, phone: PatrolPhone, wrap_key: RSAPublicKey, content: PackContent) -> dict[str, Any]:
    return {
        "pack": pack.id,
        "base": pack.base_id,
        "officer": phone.officer_id,
        "phone": pack.phone_id,
        "issued_at": _instant(pack.issued_at),
        "valid_until": _instant(pack.valid_until),
        "hosts": sorted(hosts()),
        "keys": {str(epoch): _wrapped_keys(epoch, wrap_key) for epoch in pack.epochs},
        **content.header,
    }


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _wrapped_keys(epoch: int, wrap_key: RSAPublicKey) -> dict[str, str]:
    """Mask and field key, readable by the private key of this download alone."""
    padding = OAEP(MGF1(SHA256()), SHA256(), None)
    epoch_keys = keys().by_epoch[epoch]
    return {
        name: base64.b64encode(wrap_key.encrypt(key, padding)).decode()
        for name, key in (("mask", epoch_keys.mask), ("field", epoch_keys.field))
    }


def _wrap_key(phone: PatrolPhone, opening: Opening) -> RSAPublicKey:
    """The key to wrap for, once the phone's signature over it holds. Raises KeyUnreadable."""
    check_signed(opening.wrap_key, opening.proof, phone.public_key)
    key = public_key(opening.wrap_key)
    if not isinstance(key, RSAPublicKey) or key.key_size < LEAST_KEY_BITS:
        raise KeyUnreadable
    return key
