"""What the bytes of a run's file depend on, as one name: while it is the same, a broken download may go on."""

import hashlib
import platform
import zlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parent.parent
ROOMS = ("codes", "excel", "labels", "batches")  # the lines that make files
LIBRARIES = ("fonttools", "numpy", "pillow", "qrcode", "xlsxwriter")  # whose versions show in the bytes


def etag_of(*facts: Any) -> str:
    """Strong, without its quotation marks (RFC 9110, 8.8.3). The facts are texts, numbers, None, and lists and
    dictionaries of these: what is printed, for which units, how."""
    return hashlib.sha256(repr([_program(), *facts]).encode()).hexdigest()[:40]


@cache
def _program() -> str:
    """Nobody has to remember to raise a number: a change of a line, or of a library, is another program."""
    digest = hashlib.sha256()
    for path in sorted(path for room in ROOMS for path in (PACKAGE / room).rglob("*.py")):
        digest.update(path.read_bytes())
    others = [*(version(name) for name in LIBRARIES), zlib.ZLIB_RUNTIME_VERSION, platform.python_version()]
    digest.update(" ".join(others).encode())
    return digest.hexdigest()
