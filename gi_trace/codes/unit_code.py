"""The 20 characters on a unit: derived from (batch number, unit, keys), so that nothing is stored per unit.

     1  key epoch
     9  serial, masked: batch number (23 bits) and unit (22 bits, from 1; 0 is a sample)
     9  tags: field tag (18 bits) and server tag (27 bits)
     1  check character

PRF(key, epoch, n) = first bits of AES-256(key, epoch as 1 byte ‖ n as 15 bytes). Tags are PRFs of the plain
serial; the serial is hidden by XOR with PRF(mask key, tags), as in SIV (RFC 5297). The check character makes
the code, read as a polynomial over GF(32), zero at the generator: that finds every single change and every
swap of two characters.
"""

import dataclasses
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from threading import local

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
EPOCHS = 32
BATCH_BITS, UNIT_BITS = 23, 22
MAX_BATCH_NUMBER = (1 << BATCH_BITS) - 1
MAX_UNIT = (1 << UNIT_BITS) - 1
SERIAL_BITS = BATCH_BITS + UNIT_BITS
FIELD_TAG_BITS, SERVER_TAG_BITS = 18, 27
CODE_LENGTH = 20
BATCH_TEXT_LENGTH = 5
SAMPLE_UNIT = 0  # of a batch, or of none yet: for artwork and trials, on no pack
HIDDEN_CODES = 10**8
LONGEST_TYPED = 500
MOST_ENCRYPTORS = 400  # four keys of every epoch, and some more

_VALUE = {character: value for value, character in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_LETTERS = np.frombuffer(ALPHABET.encode(), np.uint8)


class _OfThread(local):
    def __init__(self) -> None:
        self.encryptors: dict[bytes, CipherContext] = {}


_of_thread = _OfThread()
# Blanks, hyphens, and what people and keyboards put between or around characters: dots, quotes, brackets, full stops.
IGNORED = re.compile(
    r"[\s\-\u2010-\u2015\u2212\u200b-\u200f\u2060\ufeff.,;:\u3001\u3002\u00b7\u2022\u2027\u2219\u22c5\u30fb"
    r"\"'`\u2018-\u201f\u300a-\u3011()\[\]<>]+"
)
_CODE_IN_ADDRESS = re.compile(r"/(?:c|21)/([^/?#]+)", re.IGNORECASE)


class Malformed(ValueError):
    """The text cannot be a code: wrong length, a foreign character, or a wrong check character."""


class Origin(StrEnum):
    OURS = "ours"
    FIELD_ONLY = "field_only"  # right field tag, wrong server tag: made with a stolen offline pack
    NOT_OURS = "not_ours"


@dataclass(frozen=True)
class EpochKeys:
    """The AES-256 keys of one epoch. Mask and field may leave in an offline pack, server and hidden never."""

    epoch: int
    mask: bytes = dataclasses.field(repr=False)
    field: bytes = dataclasses.field(repr=False)
    server: bytes = dataclasses.field(repr=False)
    hidden: bytes = dataclasses.field(repr=False)


@dataclass(frozen=True)
class Opened:
    """What a code says; batch number and unit are None when it is not ours, the unit is SAMPLE_UNIT of a sample."""

    origin: Origin
    epoch: int
    batch_number: int | None = None
    unit: int | None = None


def epoch_keys(field_root: bytes, server_root: bytes, epoch: int) -> EpochKeys:
    """Keys by HKDF-SHA256: mask and field from the field root, server and hidden from the server root."""
    if not 0 <= epoch < EPOCHS:
        raise ValueError(f"epoch {epoch} is not within 0..{EPOCHS - 1}")
    if min(len(field_root), len(server_root)) < 32:
        raise ValueError("a root key has at least 32 bytes")

    def derived(root: bytes, purpose: str) -> bytes:
        info = f"gi_trace unit code, {purpose}, epoch {epoch}".encode()
        return HKDF(SHA256(), length=32, salt=None, info=info).derive(root)

    return EpochKeys(
        epoch,
        mask=derived(field_root, "mask"),
        field=derived(field_root, "field"),
        server=derived(server_root, "server"),
        hidden=derived(server_root, "hidden"),
    )


# --- many codes at once: arrays with one element per unit ---


def code_letters(keys: EpochKeys, batch_number: int, first: int, last: int) -> np.ndarray:
    """Codes of units first..last as ASCII, shape (units, 20), dtype uint8."""
    serials = _serials(batch_number, first, last)
    field_tags = _prf_many(keys.field, keys.epoch, serials, FIELD_TAG_BITS)
    server_tags = _prf_many(keys.server, keys.epoch, serials, SERVER_TAG_BITS)
    tags = field_tags << np.uint64(SERVER_TAG_BITS) | server_tags
    masked = serials ^ _prf_many(keys.mask, keys.epoch, tags, SERIAL_BITS)
    values = np.empty((len(serials), CODE_LENGTH), np.uint8)
    values[:, 0] = keys.epoch
    for place in range(9):
        shift = np.uint64(5 * (8 - place))
        values[:, 1 + place] = masked >> shift & np.uint64(31)
        values[:, 10 + place] = tags >> shift & np.uint64(31)
    values[:, -1] = 0
    for place in range(CODE_LENGTH - 1):
        values[:, -1] = _times_generator(values[:, -1] ^ values[:, place])
    return _LETTERS[values]


def codes_of(keys: EpochKeys, batch_number: int, first: int, last: int) -> list[str]:
    """Codes of units first..last (both included); ValueError outside 1..MAX_UNIT."""
    text = code_letters(keys, batch_number, first, last).tobytes().decode("ascii")
    return [text[start : start + CODE_LENGTH] for start in range(0, len(text), CODE_LENGTH)]


def code_of(keys: EpochKeys, batch_number: int, unit: int) -> str:
    return codes_of(keys, batch_number, unit, unit)[0]


def hidden_codes_of(keys: EpochKeys, batch_number: int, first: int, last: int) -> list[str]:
    """The 8 digits under the scratch layer of units first..last."""
    serials = _serials(batch_number, first, last)
    numbers = _prf_many(keys.hidden, keys.epoch, serials, 64) % np.uint64(HIDDEN_CODES)
    return [f"{number:08d}" for number in numbers.tolist()]


def hidden_code(keys: EpochKeys, batch_number: int, unit: int) -> str:
    return hidden_codes_of(keys, batch_number, unit, unit)[0]


def _serials(batch_number: int, first: int, last: int) -> np.ndarray:
    if not 0 <= batch_number <= MAX_BATCH_NUMBER:
        raise ValueError(f"batch number {batch_number} has more than {BATCH_BITS} bits")
    if not (1 <= first <= last <= MAX_UNIT or first == last == SAMPLE_UNIT):
        raise ValueError(f"units {first}..{last} are not within 1..{MAX_UNIT}")
    return np.arange(first, last + 1, dtype=np.uint64) | np.uint64(batch_number << UNIT_BITS)


def _prf_many(key: bytes, epoch: int, numbers: np.ndarray, bits: int) -> np.ndarray:
    blocks = np.zeros((len(numbers), 2), ">u8")
    blocks[:, 0] = epoch << 56
    blocks[:, 1] = numbers
    encrypted = np.frombuffer(_encrypt(key, blocks.tobytes()), ">u8")[::2]
    return encrypted.astype(np.uint64) >> np.uint64(64 - bits)


def _encrypt(key: bytes, blocks: bytes) -> bytes:
    # Every block is an independent PRF input, so ECB is the PRF itself, not an encryption of a message, and an
    # encryptor has no state between blocks. Each thread keeps its own: making one costs more than a block.
    encryptors = _of_thread.encryptors
    if key not in encryptors:
        if len(encryptors) >= MOST_ENCRYPTORS:
            encryptors.clear()
        encryptors[key] = Cipher(algorithms.AES256(key), modes.ECB()).encryptor()
    return encryptors[key].update(blocks)


# --- one code ---


def parse(text: str) -> str:
    """The canonical 20 characters of what a person typed, or pasted as a whole address; or Malformed.

    Forgives case, blanks, hyphens, dots, quotes, full-width characters, O for 0, I and L for 1.
    """
    if len(text) > LONGEST_TYPED:
        raise Malformed("too long")
    plain = unicodedata.normalize("NFKC", text).strip()
    if in_address := _CODE_IN_ADDRESS.search(plain):
        plain = in_address[1]
    values = _values(plain)
    if len(values) != CODE_LENGTH:
        raise Malformed(f"{len(values)} characters instead of {CODE_LENGTH}")
    if _remainder(values) != 0:
        raise Malformed("wrong check character")
    return _characters(values)


def open_code(code: str, keys_by_epoch: Mapping[int, EpochKeys]) -> Opened:
    """Whose a canonical code is. The work is the same whatever is wrong with it: time tells nothing."""
    epoch, masked, tags = _parts(code)
    keys = keys_by_epoch.get(epoch, _nobodys_keys())
    serial = masked ^ _prf(keys.mask, epoch, tags, SERIAL_BITS)
    field_differs = tags >> SERVER_TAG_BITS ^ _prf(keys.field, epoch, serial, FIELD_TAG_BITS)
    server_differs = tags % (1 << SERVER_TAG_BITS) ^ _prf(keys.server, epoch, serial, SERVER_TAG_BITS)
    batch_number, unit = serial >> UNIT_BITS, serial & MAX_UNIT
    if field_differs or epoch not in keys_by_epoch:
        return Opened(Origin.NOT_OURS, epoch)
    return Opened(Origin.FIELD_ONLY if server_differs else Origin.OURS, epoch, batch_number, unit)


def batch_text(number: int) -> str:
    """A batch number as printed: 5 characters."""
    if not 0 <= number <= MAX_BATCH_NUMBER:
        raise ValueError(f"batch number {number} has more than {BATCH_BITS} bits")
    return _characters([number >> shift & 31 for shift in (20, 15, 10, 5, 0)])


def parse_batch_text(text: str) -> int:
    """The batch number of its 5 characters, as forgiving as parse; or Malformed."""
    values = _values(unicodedata.normalize("NFKC", text[:LONGEST_TYPED]))
    number = _number(values)
    if len(values) != BATCH_TEXT_LENGTH or number > MAX_BATCH_NUMBER:
        raise Malformed("not a batch number")
    return number


def _prf(key: bytes, epoch: int, number: int, bits: int) -> int:
    block = bytes([epoch]) + number.to_bytes(15, "big")
    return int.from_bytes(_encrypt(key, block)[:8], "big") >> (64 - bits)


@cache
def _nobodys_keys() -> EpochKeys:
    return epoch_keys(bytes(32), bytes(32), 0)


def _parts(code: str) -> tuple[int, int, int]:
    """(epoch, masked serial, both tags) of a canonical code."""
    values = [_VALUE[character] for character in code]
    return values[0], _number(values[1:10]), _number(values[10:19])


def _values(text: str) -> list[int]:
    characters = IGNORED.sub("", text).upper()
    try:
        return [_VALUE[character] for character in characters]
    except KeyError as foreign:
        raise Malformed(f"{foreign} is never in a code") from None


def _number(values: list[int]) -> int:
    number = 0
    for value in values:
        number = number << 5 | value
    return number


def _characters(values: list[int]) -> str:
    return "".join(ALPHABET[value] for value in values)


def _times_generator(value):
    """Times x in GF(32) = GF(2)[x] / (x^5 + x^2 + 1)."""
    return value << 1 ^ (value >> 4) * 0b100101


def _remainder(values: list[int]) -> int:
    """The code as a polynomial, evaluated at the generator by Horner's rule; 0 for a sound code."""
    result = 0
    for value in values:
        result = _times_generator(result) ^ value
    return result
