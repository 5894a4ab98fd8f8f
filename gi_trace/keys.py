"""The service's secret keys: made once, mode 0600, under the data folder. Losing them ends every label."""

import os
import secrets
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import current_app

from gi_trace.codes.unit_code import EPOCHS, EpochKeys, epoch_keys

FIRST_YEAR = 2026
NAMES = ("cookies", "devices", "field_root", "server_root", "packs", "office")


class Keys:
    """Read from DIR/keys when first used."""

    def __init__(self, data_dir: str):
        self.folder = Path(data_dir) / "keys"

    def make(self) -> None:
        """Makes what is missing; an existing key is never replaced."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name in NAMES:
            if not (self.folder / name).exists():
                self._make_one(name)

    def _make_one(self, name: str) -> None:
        """Whole or not at all, also when several processes start at once: the first one linked wins."""
        draft = self.folder / f".{name}.{os.getpid()}"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        try:
            os.link(draft, self.folder / name)
        except FileExistsError:
            pass
        finally:
            draft.unlink()

    def read(self, name: str) -> bytes:
        return bytes.fromhex((self.folder / name).read_text().strip())

    @cached_property
    def by_epoch(self) -> Mapping[int, EpochKeys]:
        field_root, server_root = self.read("field_root"), self.read("server_root")
        return {epoch: epoch_keys(field_root, server_root, epoch) for epoch in range(EPOCHS)}

    @cached_property
    def devices(self) -> bytes:
        return self.read("devices")

    @cached_property
    def packs(self) -> Ed25519PrivateKey:
        """Signs the offline packs of patrols."""
        return Ed25519PrivateKey.from_private_bytes(self.read("packs"))

    @cached_property
    def office(self) -> Ed25519PrivateKey:
        """Signs what leaves the office: bundles of evidence, and leads for other cities."""
        return Ed25519PrivateKey.from_private_bytes(self.read("office"))


def keys() -> Keys:
    return current_app.extensions["gi_trace_keys"]


def epoch_of_year(year: int) -> int:
    """Every year has keys of its own; the name of an epoch comes round after 32 years."""
    return (year - FIRST_YEAR) % EPOCHS
