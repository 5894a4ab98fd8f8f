"""What is said and signed of the tree: notes, checkpoints, cosignatures and proofs (C2SP signed-note, tlog-checkpoint,
tlog-cosignature, tlog-proof), byte for byte. Pure: the time is given."""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SIGNS, COSIGNS = 0x01, 0x04  # types of a key: of a log, of a witness
MOST_BYTES = 64 * 1024
MOST_SIGNATURES = 100
MOST_SIZE = 2**63 - 1
PROOF = "c2sp.org/tlog-proof@v1"


class NoteWrong(ValueError):
    """Not a note, or not signed by a key that is known here."""


@dataclass(frozen=True)
class NoteKey:
    """A public key with its name; `kind` is SIGNS or COSIGNS."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """As it is handed on: name+id+key."""
        return f"{self.name}+{self.id.hex()}+{_base64(bytes([self.kind]) + self.public)}"

    @classmethod
    def read(cls, text: str) -> "NoteKey":
        """Raises NoteWrong."""
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        material = _unbase64(encoded)
        if not is_name(name) or len(material) != 33 or material[0] not in (SIGNS, COSIGNS):
            raise NoteWrong("not a key for notes")
        key = cls(name, material[0], material[1:])
        if key.id.hex() != key_id:
            raise NoteWrong("the key's number is not that of name and key")
        return key


@dataclass(frozen=True)
class Signer:
    name: str
    kind: int
    private: Ed25519PrivateKey

    @property
    def key(self) -> NoteKey:
        return NoteKey(self.name, self.kind, self.private.public_key().public_bytes_raw())

    def sign(self, text: str, *, seconds: int = 0) -> str:
        """The signature's line; a witness says with it when, in seconds since 1970."""
        signature = self.private.sign(_signed(text, self.kind, seconds))
        stamp = seconds.to_bytes(8) if self.kind == COSIGNS else b""
        return f"— {self.name} {_base64(self.key.id + stamp + signature)}\n"


@dataclass(frozen=True)
class Signature:
    """One line below a note, not yet looked at: whose it claims to be, and what follows the key's number."""

    name: str
    key_id: bytes
    rest: bytes
    line: str

    def is_of(self, key: NoteKey) -> bool:
        return (self.name, self.key_id) == (key.name, key.id)

    def seconds_if_by(self, key: NoteKey, text: str) -> int:
        """When a witness signed (0 of a log). Raises NoteWrong where the key did not sign that text."""
        stamp, signature = (self.rest[:8], self.rest[8:]) if key.kind == COSIGNS else (b"", self.rest)
        seconds = int.from_bytes(stamp)
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, _signed(text, key.kind, seconds))
        except (InvalidSignature, ValueError) as error:
            raise NoteWrong(f"the signature of {key.name} is not of this text") from error
        return seconds


@dataclass(frozen=True)
class Note:
    """A text, ending in a newline, with the signatures below it."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def read(cls, note: str) -> "Note":
        """Raises NoteWrong."""
        if len(note.encode()) > MOST_BYTES or re.search(r"[\x00-\x09\x0b-\x1f]", note):
            raise NoteWrong("too long, or with control characters")
        text, blank, lines = note.rpartition("\n\n")
        if not blank or not lines.endswith("\n"):
            raise NoteWrong("no signature below the text")
        signatures = tuple(map(_signature, lines[:-1].split("\n")))
        if len(signatures) > MOST_SIGNATURES:
            raise NoteWrong("too many signatures")
        return cls(text + "\n", signatures)

    def seconds_signed(self, key: NoteKey) -> int:
        """When (see Signature.seconds_if_by). Raises NoteWrong: not signed by the key, or one of its signatures is false."""
        seconds = [one.seconds_if_by(key, self.text) for one in self.signatures if one.is_of(key)]
        if not seconds:
            raise NoteWrong(f"not signed by {key.name}")
        return max(seconds)


@dataclass(frozen=True)
class Checkpoint:
    """The state of a log: its name, how many entries, their root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"

    @classmethod
    def read(cls, text: str) -> "Checkpoint":
        """Lines that follow the three are signed with them and mean nothing here. Raises NoteWrong."""
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() or not all(lines):
            raise NoteWrong("not a checkpoint")
        origin, size, root = lines[:3]
        hash = _unbase64(root)
        if len(hash) != 32:
            raise NoteWrong("no root in the checkpoint")
        return cls(origin, read_size(size), hash)


@dataclass(frozen=True)
class Proof:
    """That an entry stands at an index of a log, with the signed checkpoint; `extra` is whatever the log adds."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: str
    extra: bytes = b""

    @property
    def text(self) -> str:
        extra = [f"extra {_base64(self.extra)}"] if self.extra else []
        lines = [PROOF, *extra, f"index {self.index}", *map(_base64, self.hashes), "", self.checkpoint]
        return "\n".join(lines)

    @classmethod
    def read(cls, text: str) -> "Proof":
        """Raises NoteWrong."""
        head, blank, checkpoint = text.partition("\n\n")
        begin, *lines = head.split("\n")
        extra = lines.pop(0).removeprefix("extra ") if lines and lines[0].startswith("extra ") else ""
        if begin != PROOF or not blank or not lines or not lines[0].startswith("index "):
            raise NoteWrong("not a proof")
        index = read_size(lines.pop(0).removeprefix("index "))
        return cls(index, read_hashes(lines), checkpoint, _unbase64(extra))


def read_hashes(lines: Sequence[str]) -> tuple[bytes, ...]:
    """Raises NoteWrong."""
    hashes = tuple(map(_unbase64, lines))
    if len(hashes) > 63 or any(len(hash) != 32 for hash in hashes):
        raise NoteWrong("not hashes of a proof")
    return hashes


def read_size(text: str) -> int:
    """Raises NoteWrong."""
    if not re.fullmatch("0|[1-9][0-9]{0,18}", text, re.ASCII) or int(text) > MOST_SIZE:
        raise NoteWrong("not a size")
    return int(text)


def hash_lines(hashes: Iterable[bytes]) -> str:
    return "".join(f"{_base64(hash)}\n" for hash in hashes)


def is_name(name: str) -> bool:
    """Of a key: no blanks of any language, no plus."""
    return bool(name) and not re.search(r"[\s+\x00-\x1f]", name)


def _signature(line: str) -> Signature:
    found = re.fullmatch(r"— (\S+) (\S+)", line)
    if not found or not is_name(found[1]):
        raise NoteWrong("not a signature")
    signed = _unbase64(found[2])
    if len(signed) < 5:
        raise NoteWrong("not a signature")
    return Signature(found[1], signed[:4], signed[4:], line + "\n")


def _signed(text: str, kind: int, seconds: int) -> bytes:
    return (f"cosignature/v1\ntime {seconds}\n{text}" if kind == COSIGNS else text).encode()


def _base64(content: bytes) -> str:
    return b64encode(content).decode()


def _unbase64(text: str) -> bytes:
    """One spelling only. Raises NoteWrong."""
    try:
        content = b64decode(text, validate=True)
    except (NotBase64, ValueError) as error:
        raise NoteWrong("not base64") from error
    if _base64(content) != text:
        raise NoteWrong("not base64")
    return content
