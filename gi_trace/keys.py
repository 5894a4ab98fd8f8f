"""The service's secret keys: made once, mode 0600, under the data folder. Losing them ends every label."""

import os
import re
import secrets
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from flask.cli import NoAppException

from gi_trace.codes.unit_code import EPOCHS, EpochKeys, epoch_keys

FIRST_YEAR = 2026
BYTES = 32
NAMES = ("cookies", "devices", "field_root", "server_root", "packs", "office", "seals", "witness")
RECORD = "record"


class KeyDamaged(RuntimeError):
    """The service does not start."""


class RecordKeyMissing(KeyDamaged):
    """The key that signs the record is not there; whether it ever was, the record knows."""


class DataFolderUnnamed(NoAppException):
    """The service does not start: keys that lie wherever somebody typed a command are lost."""


class Keys:
    """Made under DIR/keys where they are missing, and read once, at the start: no act reads a file for them.

    Raises DataFolderUnnamed.
    """

    def __init__(self, data_dir: str):
        if not data_dir:
            raise DataFolderUnnamed(
                "没有指明数据文件夹。请用 scripts/admin --data DIR …，或设置 GI_TRACE_DATA_DIR。"
            )
        self.folder = folder = Path(data_dir) / "keys"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._by_name = {name: _made_once(folder / name) for name in NAMES}
        self.cookies, self.devices = self._by_name["cookies"], self._by_name["devices"]

    @cached_property
    def by_epoch(self) -> Mapping[int, EpochKeys]:
        field_root, server_root = self._by_name["field_root"], self._by_name["server_root"]
        return {epoch: epoch_keys(field_root, server_root, epoch) for epoch in range(EPOCHS)}

    @cached_property
    def packs(self) -> Ed25519PrivateKey:
        """Signs the offline packs of patrols."""
        return Ed25519PrivateKey.from_private_bytes(self._by_name["packs"])

    def make_record(self) -> None:
        """The key that signs the record: made before its first use and never because it is missing."""
        _made_once(self.folder / RECORD)

    @property
    def record(self) -> Ed25519PrivateKey:
        """Read when asked for: only the background worker signs. Raises RecordKeyMissing, KeyDamaged."""
        file = self.folder / RECORD
        if not file.exists():
            raise RecordKeyMissing(f"{file} is not there")
        return Ed25519PrivateKey.from_private_bytes(_read(file))

    def seals_of(self, officer: int) -> tuple[bytes, bytes]:
        """What an officer's phones seal items with, and photos (AES-256 each)."""
        info = f"gi_trace patrol, seals of officer {officer}".encode()
        both = HKDF(SHA256(), length=64, salt=None, info=info).derive(self._by_name["seals"])
        return both[:32], both[32:]

    @cached_property
    def office(self) -> Ed25519PrivateKey:
        """Signs what leaves the office: bundles of evidence, and leads for other cities."""
        return Ed25519PrivateKey.from_private_bytes(self._by_name["office"])

    @cached_property
    def witness(self) -> Ed25519PrivateKey:
        """Signs that other offices' records go on as they were seen."""
        return Ed25519PrivateKey.from_private_bytes(self._by_name["witness"])


def keys() -> Keys:
    return current_app.extensions["gi_trace_keys"]


def _made_once(file: Path) -> bytes:
    """The key in the file. Raises KeyDamaged: to go on with another one would end every label of this one."""
    if not file.exists():
        _make(file)
    return _read(file)


def _read(file: Path) -> bytes:
    key = file.read_text().strip()
    if not re.fullmatch(r"[0-9a-f]{64}", key):
        raise KeyDamaged(f"{file} does not hold a key; restore it from its backup")
    return bytes.fromhex(key)


def _make(file: Path) -> None:
    """Whole or not at all, also when several processes start at once: the first one linked wins."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as written:
        written.write(secrets.token_hex(BYTES))
        written.flush()
        os.fsync(written.fileno())  # an empty file after a power cut would be a key that nobody can restore
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def epoch_of_year(year: int) -> int:
    """Every year has keys of its own; the name of an epoch comes round after 32 years."""
    return (year - FIRST_YEAR) % EPOCHS
