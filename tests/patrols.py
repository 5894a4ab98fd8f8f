"""What a phone does, in Python: its keys, its packs, and the items that it sends."""

import base64
import hashlib
import io
import json
import uuid
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from PIL import Image
from pillow_heif import register_heif_opener

from gi_trace import clock
from gi_trace.database import db, writing
from gi_trace.keys import keys
from gi_trace.patrol.actions.visits import record_visit
from gi_trace.patrol.models import Market
from gi_trace.patrol.packs.actions import Opening, pack_for, register_phone
from gi_trace.patrol.packs.file import PackReader
from gi_trace.patrol.packs.models import Pack, PatrolPhone
from gi_trace.registry.models import all_products
from tests.cast import person

WRAP_KEY = rsa.generate_private_key(65537, 2048)


class Handset:
    """A phone with a key of its own; `row` is what the service knows of it."""

    def __init__(self, officer: str = "chen"):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.officer = officer

    @property
    def public_key(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    @property
    def id(self) -> str:
        return hashlib.sha256(self.public_key).hexdigest()[:32]

    def register(self) -> PatrolPhone:
        return register_phone(person(self.officer), self.public_key, browser="test phone")

    @property
    def row(self) -> PatrolPhone:
        return db.session.get(PatrolPhone, self.id) or self.register()

    def sealed(self, item: dict[str, Any]) -> dict[str, Any]:
        """The item as the phone's app seals and signs it."""
        content = json.dumps(item)
        inside = json.dumps(
            {"content": content, "signature": base64.b64encode(self.signed(content.encode())).decode()}
        )
        key, iv = keys().seals_of(person(self.officer).id)[0], bytes(12)
        sealed = AESGCM(key).encrypt(iv, inside.encode(), self.id.encode())
        in_text = {name: base64.b64encode(part).decode() for name, part in (("iv", iv), ("sealed", sealed))}
        return in_text | {"phone": self.id}

    def signed(self, content: bytes) -> bytes:
        """As WebCrypto signs: r and s of 32 bytes each."""
        r, s = decode_dss_signature(self.key.sign(content, ec.ECDSA(SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def opening(self, key: rsa.RSAPublicKey | None = None) -> Opening:
        wrap_key = (key or WRAP_KEY.public_key()).public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )
        return Opening(wrap_key, self.signed(wrap_key))

    def download(self, *, base: Pack | None = None, products: Any = None) -> tuple[Pack, PackReader]:
        pack, written = pack_for(self.row, self.opening(), products or all_products(), base=base)
        return pack, PackReader(written, keys().packs.public_key())


def unwrapped(text: str) -> bytes:
    return WRAP_KEY.decrypt(base64.b64decode(text), OAEP(MGF1(SHA256()), SHA256(), None))


def new_id() -> str:
    return str(uuid.uuid4())


def market() -> Market:
    known = db.session.query(Market).first()
    if known is None:
        known = Market(name="示范农贸市场", city="江门市")
        with writing():
            db.session.add(known)
    return known


def visit_item(**changes: Any) -> dict[str, Any]:
    made = clock.now().isoformat()
    item = {
        "id": new_id(), "visit": new_id(), "based_on": 0, "made_at": made, "clock_ahead_s": 0, "heard_at": made,
        "shop": {"id": new_id(), "name": "示范干货店", "address": "示范路 8 号", "code": "", "city": "江门市"},
        "second_officer_id": person("he").id, "market_id": market().id, "note": "",
    }  # fmt: skip
    return item | changes


def visited(officer: str = "chen", **changes: Any) -> str:
    """The id of a visit that the officer's phone has sent."""
    item = visit_item(**changes)
    record_visit(item, phone=Handset(officer).register())
    return item["visit"]


def scan_item(visit: str, text: str, **changes: Any) -> dict[str, Any]:
    made = clock.now().isoformat()
    item = {
        "id": new_id(), "visit": visit, "based_on": 0, "made_at": made, "clock_ahead_s": 0, "heard_at": made, "text": text,
        "code": text[-20:], "host": "", "verdict": "valid", "pack": "", "again": False,
    }  # fmt: skip
    return item | changes


def finding_item(visit: str, **changes: Any) -> dict[str, Any]:
    made = clock.now().isoformat()
    item = {
        "id": new_id(), "finding": new_id(), "visit": visit, "based_on": 0, "made_at": made,
        "clock_ahead_s": 0, "heard_at": made,
        "offence": "mark_without_right", "product": "xinhui-chenpi", "label": {"product_name": "新会陈皮"},
        "scans": [], "quantity": 12, "quantity_unit": "盒", "unit_price_fen": 3850, "supplier": "示范供货商",
        "statement": "不知情", "measure": "none", "measure_on": None, "measure_number": "", "note": "",
    }  # fmt: skip
    return item | changes


def discard_item(visit: str, **changes: Any) -> dict[str, Any]:
    made = clock.now().isoformat()
    item = {
        "id": new_id(), "visit": visit, "based_on": 0, "made_at": made,
        "clock_ahead_s": 0, "heard_at": made, "reason": "扫错了店铺",
        "refusal": "此记录不能收", "items": [{"id": new_id(), "kind": "scan", "made_at": made}],
    }  # fmt: skip
    return item | changes


def photo_item(visit: str, photo: bytes, **changes: Any) -> dict[str, Any]:
    made = clock.now().isoformat()
    item = {
        "id": new_id(), "visit": visit, "finding": None, "based_on": 0, "made_at": made, "clock_ahead_s": 0, "heard_at": made,
        "sha256": hashlib.sha256(photo).hexdigest(), "size": len(photo),
    }  # fmt: skip
    return item | changes


def jpeg(width: int = 640, height: int = 480, **options: Any) -> bytes:
    """A photo with noise, so that it has some size."""
    image = Image.effect_noise((width, height), 60).convert("RGB")
    file = io.BytesIO()
    image.save(file, "JPEG", quality=90, **options)
    return file.getvalue()


def heic(width: int = 400, height: int = 300, **options: Any) -> bytes:
    """A photo as iPhones take them."""
    register_heif_opener()
    written = io.BytesIO()
    Image.new("RGB", (width, height), "orange").save(written, "HEIF", quality=50, **options)
    return written.getvalue()


def plain(item: dict[str, Any]) -> dict[str, Any]:
    """As it arrives: through JSON."""
    return json.loads(json.dumps(item))
