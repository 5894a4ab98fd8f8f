"""A phone's own key (P-256), and what it has signed. Pure."""

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from gi_trace.patrol.packs.rules import KeyUnreadable


def public_key(der: bytes) -> object:
    """Raises KeyUnreadable."""
    try:
        return load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm):
        raise KeyUnreadable from None


def phone_key(der: bytes) -> EllipticCurvePublicKey:
    """Raises KeyUnreadable."""
    key = public_key(der)
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise KeyUnreadable
    return key


def check_signed(content: bytes, signature: bytes, der: bytes) -> None:
    """A browser's signature is r and s side by side. Raises KeyUnreadable."""
    half = len(signature) // 2
    r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
    try:
        phone_key(der).verify(encode_dss_signature(r, s), content, ECDSA(SHA256()))
    except InvalidSignature:
        raise KeyUnreadable from None
