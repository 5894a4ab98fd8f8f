"""Other makers of QR symbols: the `qrcode` package and, by ctypes, Debian's libqrencode."""

import ctypes
import io
from functools import cache

import numpy as np
from qrcode.main import QRCode

from gi_trace.labels.symbols import LEVELS

LEVEL_M, BYTE_MODE = 1, 2


class _Symbol(ctypes.Structure):
    _fields_ = [
        ("version", ctypes.c_int),
        ("width", ctypes.c_int),
        ("modules", ctypes.POINTER(ctypes.c_ubyte)),
    ]


@cache
def _library() -> ctypes.CDLL:
    try:
        library = ctypes.CDLL("libqrencode.so.4")
    except OSError:
        raise SystemExit("This bench needs Debian's libqrencode4: apt-get install libqrencode4") from None
    library.QRcode_encodeString.restype = ctypes.POINTER(_Symbol)
    library.QRcode_free.argtypes = [ctypes.POINTER(_Symbol)]
    return library


def libqrencode_matrix(text: str) -> bytes:
    """Modules row by row, dark in the lowest bit, mask and segments chosen by libqrencode."""
    symbol = _library().QRcode_encodeString(text.encode(), 0, LEVEL_M, BYTE_MODE, 1)
    modules = ctypes.string_at(symbol.contents.modules, symbol.contents.width**2)
    _library().QRcode_free(symbol)
    return modules


def libqrencode_square(text: str) -> np.ndarray:
    modules = np.frombuffer(libqrencode_matrix(text), np.uint8) & 1
    return modules.reshape(int(len(modules) ** 0.5), -1)


def qrcode_image(text: str, box_size: int = 10, level: str = "M"):
    code = QRCode(error_correction=LEVELS[level], box_size=box_size)
    code.add_data(text)
    return code.make_image()


def qrcode_png(text: str) -> bytes:
    file = io.BytesIO()
    qrcode_image(text).save(file)
    return file.getvalue()
